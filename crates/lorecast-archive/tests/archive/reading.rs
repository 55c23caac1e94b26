//! A folder of its own for each test, and what is read from archives in it.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_archive::{Archive, ArchiveError, Hints, Item, RawMail, discover};
use lorecast_testkit::mailbox::mail;

pub type Items = Vec<Result<Item, ArchiveError>>;

pub fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    (folder, path)
}

/// Mails with these ids.
pub fn mails(ids: &[&str]) -> Vec<Vec<u8>> {
    ids.iter().map(|id| mail(id).bytes()).collect()
}

pub fn archive(path: &Utf8Path) -> Archive {
    discover(path, &Hints::default()).unwrap().remove(0)
}

/// What is read since a cursor, and the cursor after it.
pub fn read(path: &Utf8Path, cursor: Option<&str>) -> (Items, String) {
    let mut reader = archive(path).read(cursor).unwrap();
    let items = reader.by_ref().collect();
    assert!(reader.done() <= reader.total());
    (items, reader.cursor())
}

/// The ids of what all archives behind a path hold.
pub fn held(path: &Utf8Path) -> Vec<String> {
    let found = discover(path, &Hints::default()).unwrap();
    ids(&found.iter().flat_map(|archive| archive.read(None).unwrap()).collect::<Items>())
}

/// The ids of mails read, `-` before those that are gone, `error` for those that could not be.
pub fn ids(items: &Items) -> Vec<String> {
    let id = |item: &Item| {
        let text = String::from_utf8_lossy(&raw(item).bytes).into_owned();
        let id = text.split("Message-ID: <").nth(1).and_then(|rest| rest.split('>').next());
        let sign = if matches!(item, Item::Removal(_)) { "-" } else { "" };
        format!("{sign}{}", id.unwrap_or_default())
    };
    items.iter().map(|item| item.as_ref().map_or("error".to_owned(), id)).collect()
}

/// The first of what was read.
pub fn first(items: &Items) -> &RawMail {
    raw(items[0].as_ref().unwrap())
}

pub fn raw(item: &Item) -> &RawMail {
    let (Item::Mail(mail) | Item::Removal(mail)) = item;
    mail
}

/// What the last item says is wrong.
pub fn complaint(items: &Items) -> String {
    items.last().unwrap().as_ref().unwrap_err().to_string()
}
