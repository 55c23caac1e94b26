//! Tells an mbox from a single mail, and both from anything else.

use std::io::Read;

use camino::Utf8Path;

use crate::ArchiveError;
use crate::archive::Kind;
use crate::source::Source;

/// How much of a file tells what it is, in bytes.
const LOOK_AT: u64 = 1 << 16;

/// What a file is: an mbox when it starts with a `From ` line, one mail when it starts with a
/// header. An empty one is an mbox that nobody wrote to yet.
///
/// # Errors
/// When the file cannot be read or does not look like mail.
pub(crate) fn kind(path: &Utf8Path) -> Result<Kind, ArchiveError> {
    let source = Source::open(path);
    let source = source.map_err(|source| ArchiveError::Io { path: path.to_owned(), source })?;
    let mut start = Vec::new();
    let damage = source.take(LOOK_AT).read_to_end(&mut start).err();
    if let (true, Some(source)) = (start.is_empty(), damage) {
        return Err(ArchiveError::damaged(path, 0, source));
    }
    match start.trim_ascii_start() {
        b"" => Ok(Kind::Mbox),
        mail if mail.starts_with(b"From ") => Ok(Kind::Mbox),
        mail if is_header(mail) => Ok(Kind::Eml),
        _ => Err(ArchiveError::NotMail { path: path.to_owned() }),
    }
}

/// A header: it begins with a field, and one of its fields is a mail's (RFC 5322 section 3.6).
/// YAML and the like begin with fields as well.
fn is_header(start: &[u8]) -> bool {
    const OF_MAIL: [&str; 8] =
        ["from", "to", "date", "subject", "message-id", "received", "return-path", "delivered-to"];
    let lines = start.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end);
    let mut fields = lines.take_while(|line| !line.is_empty()).map(field_name);
    let first = fields.next().flatten();
    let known = |name: Option<&[u8]>| {
        name.is_some_and(|name| OF_MAIL.iter().any(|of| name.eq_ignore_ascii_case(of.as_bytes())))
    };
    first.is_some() && (known(first) || fields.any(known))
}

/// The name before a colon: printable ASCII without spaces.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let name = &line[..line.iter().position(|&b| b == b':')?];
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}
