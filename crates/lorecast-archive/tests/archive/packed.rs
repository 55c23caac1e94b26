//! Compressed files: whole, joined, cut, damaged, hostile.

use std::fs;

use lorecast_archive::{ArchiveError, Hints, discover};
use lorecast_testkit::mailbox::{mail, mboxrd};
use lorecast_testkit::packed::{gzip, xz, zst};

use crate::reading::{Items, complaint, folder, ids, mails, read};

type Pack = fn(&[u8]) -> Vec<u8>;
const PACKINGS: [(&str, Pack); 3] = [("gz", gzip), ("xz", xz), ("zst", zst)];

/// What is read of a file of this content.
fn items(content: &[u8]) -> Items {
    let (_room, path) = folder();
    fs::write(path.join("box"), content).unwrap();
    read(&path.join("box"), None).0
}

/// Three mails, of which the last is long and does not pack well.
fn long() -> Vec<u8> {
    let noise: String =
        (0..40_000_u32).map(|n| format!("{}\n", n.wrapping_mul(2_654_435_761))).collect();
    mboxrd(&[mail("1@x").bytes(), mail("2@x").bytes(), mail("3@x").body(&noise).bytes()])
}

#[test]
fn joined_files_are_read_as_one() {
    for (name, pack) in PACKINGS {
        let parts = [pack(&mboxrd(&mails(&["1@x"]))), pack(&mboxrd(&mails(&["2@x"])))];
        assert_eq!(ids(&items(&parts.concat())), ["1@x", "2@x"], "{name}");
    }
}

#[test]
fn a_cut_file_yields_what_is_whole_and_one_error() {
    for (name, pack) in PACKINGS {
        let whole = pack(&long());
        let items = items(&whole[..whole.len() * 3 / 4]);
        assert_eq!(ids(&items), ["1@x", "2@x", "error"], "{name}");
        assert!(complaint(&items).contains("is cut off or damaged after"), "{}", complaint(&items));
    }
}

#[test]
fn a_file_cut_at_its_very_end_is_an_error() {
    for (name, pack) in PACKINGS {
        let whole = pack(&long());
        assert!(items(&whole[..whole.len() - 1]).last().unwrap().is_err(), "{name}");
    }
}

#[test]
fn a_damaged_file_yields_what_is_whole_and_one_error() {
    for (name, pack) in PACKINGS {
        let mut whole = pack(&long());
        let middle = whole.len() * 3 / 4;
        whole[middle..middle + 40].fill(0xff);
        let ids = ids(&items(&whole));
        assert!(ids.ends_with(&["error".to_owned()]) && ids.len() <= 4, "{name}: {ids:?}");
    }
}

#[test]
fn nonsense_behind_the_magic_is_refused() {
    for magic in [&b"\x1f\x8b"[..], b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"] {
        let (_room, path) = folder();
        fs::write(path.join("box"), [magic, b"nonsense, and more of it"].concat()).unwrap();
        let error = discover(&path.join("box"), &Hints::default()).unwrap_err();
        assert!(matches!(error, ArchiveError::Truncated { .. }), "{error}");
    }
}

#[test]
fn a_bomb_ends_the_reading_and_what_was_whole_is_kept() {
    let bomb = [mboxrd(&mails(&["1@x", "2@x"])), vec![b'x'; 100 << 20]].concat();
    for (name, pack) in PACKINGS {
        let items = items(&pack(&bomb));
        assert_eq!(ids(&items), ["1@x", "error"], "{name}");
        let complaint = complaint(&items);
        assert!(complaint.contains("unpacks to more than 67"), "{complaint}");
        assert!(matches!(items.last(), Some(Err(ArchiveError::Bomb { .. }))));
    }
}

#[test]
fn a_window_that_takes_too_much_memory_is_refused() {
    // The header of a frame (RFC 8878 section 3.1.1) whose window is 3.75 TiB wide.
    let (_room, path) = folder();
    fs::write(path.join("box"), b"\x28\xb5\x2f\xfd\x00\xff\x01\x00\x00").unwrap();
    let error = discover(&path.join("box"), &Hints::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::Truncated { .. }), "{error}");
}

#[test]
fn an_xz_file_that_takes_too_much_memory_is_refused() {
    // The header of its block asks for a dictionary of 4 GiB (The .xz File Format, 3.1 and 5.3.1).
    let mut content = xz(&long());
    content[16] = 40;
    let mut sum = flate2::Crc::new();
    sum.update(&content[12..20]);
    content[20..24].copy_from_slice(&sum.sum().to_le_bytes());
    let (_room, path) = folder();
    fs::write(path.join("box"), content).unwrap();
    let error = discover(&path.join("box"), &Hints::default()).unwrap_err().to_string();
    assert!(error.contains("memory"), "{error}");
}
