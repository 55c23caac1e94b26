//! Objects as git stores them, read within limits.

use std::fmt::Write as _;

use git2::{Error, ErrorClass, ErrorCode, ObjectType, Odb, OdbObject, Oid};
use lorecast_model::CommitId;

/// A commit or a tree above this is damaged or hostile, in bytes.
const OBJECT_LIMIT: usize = 64 * 1024 * 1024;

/// The name of an object. A kernel tree has a million commits, whose names stay in memory.
pub(super) type Sha = [u8; 20];

/// The tree without entries, which git knows everywhere.
pub(super) const EMPTY_TREE: Sha = [
    0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88,
    0xfb, 0xee, 0x49, 0x04,
];

/// An object that could not be read.
#[derive(Debug)]
pub(super) struct Unread {
    pub object: Sha,
    pub source: Error,
}

impl Unread {
    pub fn malformed(object: Sha, what: &str) -> Self {
        let text = format!("the {what} is malformed");
        Self { object, source: Error::new(ErrorCode::Invalid, ErrorClass::Object, text) }
    }
}

/// Reads a commit or a tree.
pub(super) fn read<'a>(
    odb: &'a Odb<'_>,
    sha: Sha,
    kind: ObjectType,
) -> Result<OdbObject<'a>, Unread> {
    let failed = |source| Unread { object: sha, source };
    let object = odb.read(Oid::from_bytes(&sha).map_err(failed)?).map_err(failed)?;
    if object.kind() != kind || object.len() > OBJECT_LIMIT {
        return Err(Unread::malformed(sha, kind.str()));
    }
    Ok(object)
}

/// The content of a file; none when it is larger than `limit` bytes.
pub(super) fn blob(odb: &Odb<'_>, sha: Sha, limit: usize) -> Result<Option<Vec<u8>>, Unread> {
    let failed = |source| Unread { object: sha, source };
    let id = Oid::from_bytes(&sha).map_err(failed)?;
    let (size, kind) = odb.read_header(id).map_err(failed)?;
    if kind != ObjectType::Blob {
        return Err(Unread::malformed(sha, "blob"));
    }
    if size > limit {
        return Ok(None);
    }
    Ok(Some(odb.read(id).map_err(failed)?.data().to_vec()))
}

pub(super) fn sha(id: Oid) -> Sha {
    id.as_bytes().try_into().unwrap_or_default()
}

pub(super) fn hex(sha: &Sha) -> String {
    sha.iter().fold(String::with_capacity(40), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

pub(super) fn read_hex(hex: &[u8]) -> Option<Sha> {
    let text = std::str::from_utf8(hex).ok().filter(|text| text.len() == 40)?;
    Oid::from_str(text).ok().map(sha)
}

/// What the rest of the project calls it.
pub(super) fn commit_id(sha: &Sha) -> CommitId {
    CommitId::new(&hex(sha)).expect("40 hex digits are a commit id")
}
