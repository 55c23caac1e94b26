//! Mails for tests: the usual headers, and what is read from them.

#![allow(dead_code)] // each test file needs some of it

use lorecast_mail::{Arrival, parse};
use lorecast_model::{Defect, Message};

/// The headers of a mail that has nothing wrong with it.
pub const HEAD: &str = "From: Ann Example <ann@a.example>\nDate: Mon, 10 Apr 2023 12:00:00 +0000\n\
                        To: l@v.example\nSubject: hello\nMessage-ID: <1@a.example>\n";

/// What is read from bytes alone.
pub fn message(mail: impl AsRef<[u8]>) -> Message {
    parse(mail.as_ref(), &Arrival::default())
}

/// A mail with the usual headers, further ones, and a body.
pub fn with(headers: &str, body: &str) -> Message {
    message(format!("{HEAD}{headers}\n{body}"))
}

/// A multipart body with these parts, each with its own headers.
pub fn multipart(kind: &str, parts: &[&str]) -> Message {
    let parts: String = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
    let headers = format!("Content-Type: multipart/{kind}; boundary=\"b\"\n");
    with(&headers, &format!("preamble\n{parts}--b--\nepilogue\n"))
}

/// The defects that are not harmless.
pub fn defects(message: &Message) -> String {
    let all = message.header.defects.iter().filter(|defect| !defect.is_harmless());
    all.map(Defect::name).collect::<Vec<_>>().join(" ")
}

/// Whether a defect was found.
pub fn has(message: &Message, defect: Defect) -> bool {
    message.header.defects.contains(&defect)
}
