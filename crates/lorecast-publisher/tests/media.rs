//! Files of episodes in storage that speaks S3.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_publisher::{Digest, Keys, Media, MediaFile, Storage};
use lorecast_testkit::s3::{Act, KEY, S3, SECRET};

const EPISODE: &str = "2025-06-22";

fn media(s3: &S3, root: &Utf8Path) -> Media {
    let keys = Keys { id: KEY.into(), secret: SECRET.into(), token: None };
    let (to, endpoint) = ("s3://casts/media/".into(), Some(s3.url.clone()));
    Media::new(&Storage { to, endpoint, region: None, keys }, root.join("unfinished.json"))
}

fn with(test: impl FnOnce(&S3, &Media, &Utf8Path)) {
    let (s3, room) = (S3::start(), tempfile::tempdir().unwrap());
    let root = Utf8Path::from_path(room.path()).unwrap();
    test(&s3, &media(&s3, root), root);
}

/// A file with this content.
fn file(place: Utf8PathBuf, content: &[u8]) -> MediaFile {
    std::fs::write(&place, content).unwrap();
    MediaFile { place, bytes: content.len() as u64, sha256: Digest::of(content) }
}

#[test]
fn a_file_is_sent_once_and_comes_back_whole() {
    with(|s3, media, root| {
        let large: Vec<u8> = (0..9_u32 << 18).flat_map(u32::to_le_bytes).collect();
        let sent = [file(root.join("small"), b"one"), file(root.join("large"), &large)];
        media.send(EPISODE, &sent).unwrap();
        s3.requests();
        media.send(EPISODE, &sent).unwrap();
        assert!(s3.requests().iter().all(|line| line.starts_with("HEAD ")));
        for sent in &sent {
            let got = MediaFile { place: root.join("new/got"), ..sent.clone() };
            assert!(media.fetch(EPISODE, &got).unwrap());
            assert_eq!(std::fs::read(&got.place).unwrap(), std::fs::read(&sent.place).unwrap());
        }
    });
}

#[test]
fn what_is_not_whole_is_not_there() {
    with(|s3, media, root| {
        let sent = file(root.join("sent"), b"one");
        media.send(EPISODE, std::slice::from_ref(&sent)).unwrap();
        let got = MediaFile { place: root.join("got"), ..sent.clone() };
        s3.plan(|line| if line.starts_with("GET") { Act::Spoil } else { Act::Serve });
        let spoilt = media.fetch(EPISODE, &got).unwrap_err().to_string();
        assert!(spoilt.contains("not what was sent") && !got.place.exists(), "{spoilt}");
        s3.plan(|_| Act::Serve);
        media.remove(EPISODE, sent.sha256).unwrap();
        assert!(!media.fetch(EPISODE, &got).unwrap() && !got.place.exists());
        let changed = MediaFile { sha256: Digest::of(b"two"), ..sent };
        assert!(media.send(EPISODE, &[changed]).is_err());
        assert!(s3.objects().is_empty());
        assert_eq!(std::fs::read_dir(root).unwrap().count(), 1, "nothing is left of it");
    });
}

#[test]
fn a_list_is_written_only_over_the_one_that_was_read() {
    with(|_, media, _| {
        assert_eq!(media.list(EPISODE).unwrap(), None);
        let first = media.write_list(EPISODE, b"1".to_vec(), None).unwrap().unwrap();
        assert_eq!(media.write_list(EPISODE, b"1".to_vec(), None).unwrap(), None);
        assert_eq!(media.list(EPISODE).unwrap(), Some((b"1".to_vec(), first.clone())));
        let second = media.write_list(EPISODE, b"2".to_vec(), Some(&first)).unwrap().unwrap();
        assert_eq!(media.write_list(EPISODE, b"3".to_vec(), Some(&first)).unwrap(), None);
        assert_eq!(media.list(EPISODE).unwrap(), Some((b"2".to_vec(), second.clone())));
        assert_eq!(media.lists().unwrap(), [(EPISODE.to_owned(), second)].into());
    });
}
