//! Whatever stands in the files, the lint ends soon and does not fall over.

use std::fs::{self, File};

use camino::Utf8Path;
use lorecast_publisher::{Context, Subject, lint};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::{findings, world};

/// The rules that a feed alone breaks.
fn rules_of(feed: &[u8]) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap().join("feed.xml");
    fs::write(&path, feed).unwrap();
    let found = lint(&Subject::File(&path), &Context::default()).unwrap();
    found.into_iter().map(|finding| finding.rule).collect()
}

fn channel(inside: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel>{inside}</channel></rss>\n")
}

#[test]
fn deep_and_wide_feeds_are_read_to_their_end() {
    let deep = channel(&("<a>".repeat(100_000) + &"</a>".repeat(100_000)));
    assert!(!rules_of(deep.as_bytes()).is_empty());
    let wide = channel(&"<item><title>x</title></item>".repeat(20_000));
    assert_eq!(rules_of(wide.as_bytes()).len(), 1000);
}

#[test]
fn entities_are_not_unfolded() {
    let bomb = (1..30).fold("<!ENTITY a0 \"ha\">".to_owned(), |bomb, nth| {
        format!("{bomb}<!ENTITY a{nth} \"&a{0};&a{0};\">", nth - 1)
    });
    let feed = format!("<?xml version=\"1.0\"?>\n<!DOCTYPE rss [{bomb}]>\n<rss>&a29;</rss>\n");
    assert_eq!(rules_of(feed.as_bytes()), ["XML-12"]);
}

#[test]
fn a_feed_of_100_mb_is_refused_at_once() {
    let folder = TempDir::new().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap().join("feed.xml");
    File::create(&path).unwrap().set_len(100_000_000).unwrap();
    let found = lint(&Subject::File(&path), &Context::default()).unwrap();
    assert_eq!(found[0].message, "it has more than 64 MB, and is not read");
}

#[test]
fn what_is_no_text_is_said() {
    assert_eq!(rules_of(b"<?xml version=\"1.0\"?>\n<rss>\xff</rss>"), ["XML-01"]);
    assert!(rules_of(b"").contains(&"XML-01".to_owned()));
}

/// Files whose readers are ours.
const FILES: &[&str] = &[
    "feed.xml",
    "cover.png",
    "media/two.mp3",
    "style.css",
    "episodes/two/index.html",
    "episodes/two/chapters.json",
    "episodes/two/transcript.vtt",
    "episodes/two/transcript.srt",
    "episodes/two/transcript.html",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_files_break_nothing(
        nth in 0..FILES.len(),
        at in 0.0..1.0f64,
        cut in 0..40usize,
        junk in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut files = world::clean();
        let bytes = files.get_mut(FILES[nth]).unwrap();
        // Most of an MP3 is sound: its head is what is read.
        let start = (bytes.len().min(2000) as f64 * at) as usize;
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, junk);
        findings(&files, false, false);
    }

    #[test]
    fn damaged_text_breaks_nothing(nth in 0..FILES.len(), at in 0.0..1.0f64, junk in "[<>&:;,.\\-0-9\u{e9}\u{1f600}\\[\\]=\"/ ]{0,12}") {
        let mut files = world::clean();
        let bytes = files.get_mut(FILES[nth]).unwrap();
        let start = (bytes.len() as f64 * at) as usize;
        bytes.splice(start..start, junk.into_bytes());
        findings(&files, false, false);
    }
}
