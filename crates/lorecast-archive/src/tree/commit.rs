//! Commits as git stores them (git-commit(1), gitformat-signature(5)).

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use jiff::Timestamp;
use lorecast_model::{Commit, Mailbox};

use super::object::{Sha, commit_id, read_hex};

/// What of a message is kept, in bytes: more is a log that was pasted.
pub const MESSAGE_LIMIT: usize = 256 * 1024;

/// What of a name and an address is kept, in bytes.
const NAME_LIMIT: usize = 1_000;

/// What a walk needs of a commit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Links {
    pub tree: Sha,
    pub parents: Vec<Sha>,
    /// The committer's time, in seconds of Unix; 0 when unreadable.
    pub time: i64,
}

/// Reads the head of a commit.
pub(super) fn links(data: &[u8]) -> Option<Links> {
    let mut lines = head(data);
    let tree = read_hex(lines.next()?.strip_prefix(b"tree ")?)?;
    let (mut parents, mut time) = (Vec::new(), 0);
    for line in lines {
        if let Some(hex) = line.strip_prefix(b"parent ") {
            parents.push(read_hex(hex)?);
        } else if let Some(who) = line.strip_prefix(b"committer ") {
            time = seconds(who);
            break;
        }
    }
    Some(Links { tree, parents, time })
}

/// Reads a whole commit; its diffs are still to come.
pub(super) fn commit(sha: &Sha, data: &[u8]) -> Option<Commit> {
    let links = links(data)?;
    let field = |name: &[u8]| head(data).find_map(|line| line.strip_prefix(name)).unwrap_or(b"");
    let label = field(b"encoding ");
    let (author, committer) = (field(b"author "), field(b"committer "));
    let end = memchr::memmem::find(data, b"\n\n").map_or(data.len(), |at| at + 2);
    let message = cut(&data[end..], MESSAGE_LIMIT);
    Some(Commit {
        id: commit_id(sha),
        parents: links.parents.iter().map(commit_id).collect(),
        author: mailbox(author, label),
        authored: timestamp(seconds(author)),
        committer: mailbox(committer, label),
        committed: timestamp(links.time),
        message: decode(message, label),
        diffs: Vec::new(),
    })
}

/// The lines before the message. Those of a signature or of a tag that was merged begin with a
/// space, so that none of them is taken for a field.
fn head(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|&b| b == b'\n').take_while(|line| !line.is_empty())
}

/// `Name <address> 1681128000 +0200`.
fn mailbox(line: &[u8], label: &[u8]) -> Mailbox {
    let (name, rest) = line.split_at(memchr::memchr(b'<', line).unwrap_or(line.len()));
    let email = rest.strip_prefix(b"<").unwrap_or(rest);
    let email = &email[..memchr::memchr(b'>', email).unwrap_or(email.len())];
    let text =
        |bytes: &[u8]| decode(cut(bytes, NAME_LIMIT), label).trim().replace(char::is_control, "");
    let email = text(email);
    let email = match email.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => email,
    };
    Mailbox { name: text(name), email }
}

fn seconds(line: &[u8]) -> i64 {
    let behind = line.rsplit(|&b| b == b'>').next().unwrap_or_default();
    let word =
        std::str::from_utf8(behind).ok().and_then(|text| text.split_ascii_whitespace().next());
    word.and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// Times that no calendar has become its ends.
pub(super) fn timestamp(seconds: i64) -> Timestamp {
    let end = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(end)
}

/// By the commit's own encoding; without one UTF-8 where it reads as such, else windows-1252, which
/// is what people forget to declare.
fn decode(bytes: &[u8], label: &[u8]) -> String {
    let encoding = Encoding::for_label_no_replacement(label)
        .unwrap_or_else(|| if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 });
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// No more than so many bytes, and no part of a character of UTF-8 at the end.
fn cut(bytes: &[u8], limit: usize) -> &[u8] {
    let inside = |&end: &usize| bytes.get(end).is_some_and(|byte| byte & 0xc0 == 0x80);
    let end = (limit.saturating_sub(3)..=limit).rev().find(|end| !inside(end)).unwrap_or(limit);
    &bytes[..bytes.len().min(end)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn raw(fields: &str, message: &[u8]) -> Vec<u8> {
        let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        [format!("tree {tree}\n{fields}\n").as_bytes(), message].concat()
    }

    #[test]
    fn fields_messages_and_signatures() {
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        let fields = format!(
            "parent {one}\nparent {two}\nauthor Zoe Doe <Zoe@A.Example> 5 +0000\n\
             committer > 9 <c@a> 1681128000 +0200\nmergetag object {one}\n type commit\n tag x\n \n \
             parent {one}\ngpgsig -----BEGIN\n author x <> 7 +0000\n -----END\n"
        );
        let commit = commit(&[1; 20], &raw(&fields, b"title\n\ncommitter x <> 7 +0000\n")).unwrap();
        assert_eq!(commit.parents.len(), 2);
        assert_eq!(commit.author.to_string(), "Zoe Doe <Zoe@a.example>");
        assert_eq!(commit.authored.as_second(), 5);
        assert_eq!(commit.committed.as_second(), 1_681_128_000);
        assert_eq!(commit.message, "title\n\ncommitter x <> 7 +0000\n");
    }

    #[test]
    fn encodings() {
        let name = |fields: &[u8]| {
            let data =
                [raw("", b"").strip_suffix(b"\n").unwrap(), fields, b"\nGr\xfc\xdfe"].concat();
            let commit = commit(&[1; 20], &data).unwrap();
            (commit.author.name, commit.message)
        };
        let latin1 = ("J\u{f6}rg".to_owned(), "Gr\u{fc}\u{df}e".to_owned());
        assert_eq!(name(b"author J\xf6rg <j@a> 5 +0000\nencoding ISO-8859-1\n"), latin1);
        assert_eq!(name(b"author J\xf6rg <j@a> 5 +0000\n"), latin1);
        assert_eq!(name(b"author J\xc3\xb6rg <j@a> 5 +0000\nencoding nonsense\n"), latin1);
    }

    #[test]
    fn dates_beyond_the_calendar() {
        for (text, end) in
            [("9223372036854775807", Timestamp::MAX), ("-9223372036854775808", Timestamp::MIN)]
        {
            let line = format!("author a <a@a> {text} +0000\n");
            let time = commit(&[1; 20], &raw(&line, b"")).unwrap().authored;
            assert_eq!(time, end);
        }
        let line = "author a <a@a> soon\n";
        assert_eq!(commit(&[1; 20], &raw(line, b"")).unwrap().authored.as_second(), 0);
    }

    #[test]
    fn messages_are_bounded_at_a_character() {
        let message = commit(&[1; 20], &raw("", "ab\u{fc}".repeat(MESSAGE_LIMIT).as_bytes()))
            .unwrap()
            .message;
        assert!((MESSAGE_LIMIT - 4..=MESSAGE_LIMIT).contains(&message.len()));
        assert!(!message.contains('\u{fffd}'));
    }

    proptest! {
        #[test]
        fn nothing_malformed_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            commit(&[0; 20], &bytes);
            commit(&[0; 20], &raw("", &bytes));
            let author = [raw("", b"").as_slice(), b"author ", &bytes].concat();
            commit(&[0; 20], &author);
        }
    }
}
