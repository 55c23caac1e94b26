//! Whatever the bytes are, a mail is read: the same each time, harmless to show, and no matter
//! which line ends it came with.

use lorecast_mail::{
    Arrival, diff_lines, diff_paths, parse, patch_id, prose, subject_tags, texts, trailers,
};
use lorecast_model::Message;

pub fn check(raw: &[u8]) {
    let message = read(raw);
    assert_eq!(message, read(raw), "a second reading says the same");
    comes_out_harmless(&message);
    stays_small(&message, raw.len());
    derives(&message);
    if !raw.contains(&b'\r') && !is_wide(raw) {
        means_the_same_with_crlf(raw, &message);
    }
}

fn read(raw: &[u8]) -> Message {
    parse(raw, &Arrival::default())
}

/// Nothing that is shown on one line or as prose can move a cursor.
fn comes_out_harmless(message: &Message) {
    let header = &message.header;
    let people = std::iter::once(&header.from).chain(&message.to).chain(&message.cc);
    let names = people.flat_map(|person| [person.name.as_str(), person.email.as_str()]);
    let ids = std::iter::once(&header.id).chain(&header.references).map(|id| id.as_str());
    let files = message.attachments.iter().map(String::as_str);
    for line in names.chain(ids).chain(files).chain([header.subject.as_str()]) {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
    assert!(!header.id.as_str().is_empty());
    assert!(header.defects.is_sorted());
    assert!(message.attachments.iter().all(|name| !name.contains('/')));
    assert!(!message.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
}

/// A byte of a foreign charset may take three, and no more comes out than went in.
fn stays_small(message: &Message, raw: usize) {
    let mut sum = 0;
    texts(message, |_, text| sum += text.len());
    for size in [message.text.len() + message.diff.len(), sum] {
        assert!(size <= 8 * raw + 1000, "{size} bytes from {raw}");
    }
}

/// What the other stages take from a message.
fn derives(message: &Message) {
    let Message { header, text, diff, .. } = message;
    subject_tags(&header.subject);
    trailers(text);
    patch_id(diff);
    diff_paths(diff);
    assert!(diff_lines(diff).count() <= diff.split('\n').count());
    let unwrapped = prose::unwrapped(text);
    for paragraph in prose::paragraphs(text) {
        assert!(unwrapped.contains(&paragraph), "{paragraph:?} is quoted, but nobody said it");
    }
}

/// A mail is the same through a list that ends its lines in CRLF.
fn means_the_same_with_crlf(raw: &[u8], message: &Message) {
    let lines: Vec<&[u8]> = raw.split(|&b| b == b'\n').collect();
    let other = read(&lines.join(b"\r\n".as_slice()));
    assert_eq!(other.header.id, message.header.id);
    assert_eq!(other.header.subject, message.header.subject);
    assert_eq!(other.header.references, message.header.references);
    assert_eq!(other.header.from, message.header.from);
    assert_eq!(other.text, message.text);
    assert_eq!(other.content, message.content, "{:?} {:?}", message.diff, other.diff);
}

/// In charsets of two bytes a letter, a line end cannot be replaced byte by byte.
fn is_wide(raw: &[u8]) -> bool {
    let text = String::from_utf8_lossy(raw).to_ascii_lowercase();
    ["utf-16", "ucs-2", "unicode"].iter().any(|name| text.contains(name))
}
