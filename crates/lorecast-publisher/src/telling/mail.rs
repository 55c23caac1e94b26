//! A mail in plain text (RFC 5322), which `git send-email` and mail programs take as it is.

use data_encoding::BASE64;

use crate::PublishError;
use crate::digest::Digest;
use crate::feed::rfc2822;
use crate::site::{Place, Prepared};
use crate::text::{one_line, without_addresses};

/// The longest line of a mail to a list, in characters.
const WIDTH: usize = 72;
/// The longest encoded word (RFC 2047 section 2), less its frame, in bytes before the encoding.
const ENCODED: usize = 39;

/// The mail whose template was filled in: `Subject: …`, an empty line, and the body.
pub(super) fn message(
    place: &Place,
    prepared: &Prepared,
    filled: &str,
) -> Result<String, PublishError> {
    let own = place.own().ok_or(PublishError::NoSender)?;
    let wrong = || PublishError::Template {
        place: "templates/telling/mail.txt:1".to_owned(),
        why: "the first line does not begin with `Subject: `".to_owned(),
    };
    let (subject, body) = filled.trim_start().split_once('\n').ok_or_else(wrong)?;
    let subject = one_line(subject.strip_prefix("Subject: ").ok_or_else(wrong)?);
    let publication = &prepared.release.publication;
    let name = format!("{}@{}", prepared.release.id, publication.guid);
    let digest = Digest::of(name.as_bytes()).to_string();
    let host = place.address.url().host_str().unwrap_or("localhost");
    let mut mail = String::new();
    header(&mut mail, "From", &format!("{} <{}>", phrase(&place.show.title), one_line(own)));
    if let Some(to) = &place.show.telling.to {
        header(&mut mail, "To", &one_line(to));
    }
    header(&mut mail, "Subject", &unstructured(&subject));
    header(&mut mail, "Date", &rfc2822(publication.date));
    header(&mut mail, "Message-ID", &format!("<{}.{}@{host}>", prepared.release.id, &digest[..16]));
    header(&mut mail, "MIME-Version", "1.0");
    header(&mut mail, "Content-Type", "text/plain; charset=UTF-8");
    header(&mut mail, "Content-Transfer-Encoding", "8bit");
    mail.push('\n');
    mail.push_str(&wrapped(&without_addresses(body, Some(own))));
    Ok(mail)
}

/// A field, folded where it has spaces (RFC 5322 section 2.2.3).
fn header(mail: &mut String, name: &str, value: &str) {
    let mut line = format!("{name}:");
    for word in value.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && !line.ends_with(':') {
            mail.push_str(&line);
            mail.push('\n');
            line = format!(" {word}");
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    mail.push_str(&line);
    mail.push('\n');
}

/// A name in front of an address.
fn phrase(name: &str) -> String {
    let name = one_line(name);
    if !name.is_ascii() {
        return encoded(&name);
    }
    let atom = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c);
    match name.chars().all(atom) && !name.contains("=?") {
        true => name,
        false => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The text of a subject.
fn unstructured(text: &str) -> String {
    if text.is_ascii() && !text.contains("=?") { text.to_owned() } else { encoded(text) }
}

/// Encoded words (RFC 2047), each of whole characters.
fn encoded(text: &str) -> String {
    let (mut words, mut word) = (Vec::new(), String::new());
    for c in text.chars() {
        if word.len() + c.len_utf8() > ENCODED {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encode = |word: String| format!("=?UTF-8?B?{}?=", BASE64.encode(word.as_bytes()));
    words.into_iter().map(encode).collect::<Vec<_>>().join(" ")
}

/// Lines of at most 72 characters, broken at spaces; addresses stay whole. A line that goes on keeps the
/// indent of the one before. Several empty lines are one.
fn wrapped(body: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in body.trim_end().trim_start_matches('\n').lines() {
        let line = if line == "-- " { line } else { line.trim_end() };
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        if line.chars().count() <= WIDTH {
            lines.push(line.to_owned());
            continue;
        }
        let mut now = indent.clone();
        for word in line.split_whitespace() {
            let long = now.chars().count() + 1 + word.chars().count() > WIDTH;
            if long && now.trim() != "" {
                lines.push(std::mem::replace(&mut now, indent.clone()));
            }
            if now.trim() != "" {
                now.push(' ');
            }
            now.push_str(word);
        }
        lines.push(now);
    }
    lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
    // A line like the one that parts mails in an mbox begins with a space (RFC 4155).
    let kept = lines.iter().map(|line| {
        let parts = line.starts_with("From ");
        format!("{}{line}\n", if parts { " " } else { "" })
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_at_spaces() {
        let long =
            format!("  {} https://pod.example/{}", "word ".repeat(20).trim(), "x".repeat(80));
        let text = wrapped(&long);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(
            lines[..2].iter().all(|l| l.chars().count() <= WIDTH && l.starts_with("  w")),
            "{text}"
        );
        assert_eq!(wrapped("a\n\n\n\nFrom here\n-- \nb"), "a\n\n From here\n-- \nb\n");
    }

    #[test]
    fn headers_say_what_ascii_cannot() {
        assert_eq!(phrase("Disks, Inc."), "\"Disks, Inc.\"");
        assert_eq!(unstructured("Gr\u{fc}n"), "=?UTF-8?B?R3LDvG4=?=");
        let mut mail = String::new();
        header(&mut mail, "Subject", &encoded(&"\u{fc}".repeat(60)));
        assert!(mail.lines().all(|line| line.len() <= 76), "{mail}");
    }
}
