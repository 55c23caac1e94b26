//! Whatever the bytes are, a file is read to its end, and in two steps it says the same as at once.
//!
//! An input starts with three bytes: the dialect, and how much of the file is there at first, in
//! 65536ths. The rest is the file.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_archive::{Archive, ArchiveError, Hints, Item, MboxForm, discover};

pub fn check(input: &[u8]) {
    let Some((&[form, high, low], file)) = input.split_first_chunk() else { return };
    let forms = [None, Some(MboxForm::Rd), Some(MboxForm::O), Some(MboxForm::Cl2)];
    let hints = Hints { form: forms[usize::from(form) % forms.len()], ..Hints::default() };
    let cut = file.len() * usize::from(u16::from_be_bytes([high, low])) / 65536;
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = Utf8PathBuf::from_path_buf(folder.path().join("x")).expect("its path is UTF-8");

    let Some(early) = found(&path, &file[..cut], &hints).map(|archive| read(&archive, None)) else {
        return;
    };
    let Some(archive) = found(&path, file, &hints) else { return };
    let whole = read(&archive, None);
    assert!(whole.from_the_start || whole.items.is_empty());
    stays_small(&whole, file);
    goes_on(&early, &archive, &whole);
    stops_anywhere(&archive, &whole);
}

fn found(path: &Utf8Path, content: &[u8], hints: &Hints) -> Option<Archive> {
    fs::write(path, content).expect("there is room for a file");
    discover(path, hints).ok()?.pop()
}

struct Reading {
    items: Vec<Item>,
    damage: Option<ArchiveError>,
    cursor: String,
    from_the_start: bool,
}

fn read(archive: &Archive, cursor: Option<&str>) -> Reading {
    let (mut items, mut damage) = (Vec::new(), None);
    let mut reader = match archive.read(cursor) {
        Ok(reader) => reader,
        // A single mail that does not unpack is none.
        Err(error) => {
            return Reading {
                items,
                damage: Some(error),
                cursor: String::new(),
                from_the_start: true,
            };
        }
    };
    let from_the_start = reader.from_the_start();
    for item in reader.by_ref() {
        assert!(damage.is_none(), "nothing comes behind an error");
        match item {
            Ok(item) => items.push(item),
            Err(error) => damage = Some(error),
        }
    }
    assert!(reader.done() <= reader.total());
    Reading { items, damage, cursor: reader.cursor(), from_the_start }
}

/// Mails are parts of the file; only what is packed may be larger.
fn stays_small(whole: &Reading, file: &[u8]) {
    let packed = [b"\x1f\x8b".as_slice(), b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];
    if packed.iter().any(|magic| file.starts_with(magic)) {
        return;
    }
    assert!(whole.damage.is_none(), "{:?}", whole.damage);
    let sum: usize = whole.items.iter().map(size).sum();
    assert!(sum <= file.len(), "{sum} bytes from {}", file.len());
}

fn size(item: &Item) -> usize {
    let (Item::Mail(mail) | Item::Removal(mail)) = item;
    mail.bytes.len()
}

/// What was read of a file that was still being written, and what came later, is the whole.
fn goes_on(early: &Reading, archive: &Archive, whole: &Reading) {
    let late = read(archive, Some(&early.cursor));
    if whole.damage.is_some() {
        // What a decoder had at hand when it met the damage is lost, and that may be a mail or two.
        let least = early.items.len().min(whole.items.len());
        assert_eq!(early.items[..least.saturating_sub(1)], whole.items[..least.saturating_sub(1)]);
        return;
    }
    if late.from_the_start {
        assert_eq!(late.items, whole.items);
        return;
    }
    // The last mail may have grown, and so may all since one whose length was not yet reached.
    let least = match early.cursor.ends_with(":open") {
        true => 0,
        false => early.items.len().saturating_sub(1),
    };
    let mut kept = least..=early.items.len();
    let fits = kept.any(|kept| [&early.items[..kept], &late.items].concat() == whole.items);
    assert!(fits, "first {:#?}, then {:#?}, not {:#?}", early.items, late.items, whole.items);
    // What looked like a mail may turn out to be none.
    let none = late.items.is_empty() && !late.cursor.is_empty();
    assert!(late.cursor == whole.cursor || none, "{} is not {}", late.cursor, whole.cursor);
}

/// A reading may stop behind any mail and go on there.
fn stops_anywhere(archive: &Archive, whole: &Reading) {
    let Ok(mut reader) = archive.read(None) else { return };
    for read_so_far in 1..=whole.items.len().min(5) {
        reader.next();
        let rest = read(archive, Some(&reader.cursor()));
        let ends = rest.items.len() >= whole.items.len() - read_so_far
            && whole.items.ends_with(&rest.items);
        assert!(ends, "behind {read_so_far}: {:#?}, not {:#?}", rest.items, whole.items);
    }
}
