//! Takes that were tampered with: an error or a sound, never a panic, never without end.

#![allow(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use camino::Utf8Path;
use lorecast_model::Chain;
use lorecast_studio::{Outputs, Part, Recipe, master, probe};
use proptest::prelude::*;

const FIXTURES: [&str; 5] = ["tone.flac", "tone.mp3", "tone.ogg", "tone.m4a", "tone.opus"];

/// Each case is a whole episode, so there are few unless `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(32)
}

/// A fixture with some bytes changed, perhaps cut short.
fn tampered() -> impl Strategy<Value = (usize, Vec<(usize, u8)>, usize)> {
    let changes =
        prop::collection::vec((prop_oneof![0..300usize, 0..12_000usize], any::<u8>()), 0..8);
    (0..FIXTURES.len(), changes, prop_oneof![Just(usize::MAX), 0..12_000usize])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn a_tampered_take_does_no_harm((fixture, changes, keep) in tampered()) {
        let fixtures = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let mut bytes = std::fs::read(fixtures.join(FIXTURES[fixture])).unwrap();
        for (at, byte) in changes {
            let last = bytes.len() - 1;
            bytes[at.min(last)] = byte;
        }
        bytes.truncate(keep);
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(dir.path()).unwrap();
        let take = folder.join(FIXTURES[fixture]);
        std::fs::write(&take, bytes).unwrap();
        let _ = probe(&take);
        let recipe = Recipe {
            parts: vec![Part { file: take, ..Part::default() }],
            chain: Chain::off(),
            ..Recipe::default()
        };
        let outputs = Outputs { wav: folder.join("m.wav"), mp3: folder.join("m.mp3"), report: None, cache: None };
        match master(&recipe, &outputs, &mut |_, _| {}) {
            Ok(made) => prop_assert!(made.length.0 > 0.0 && made.true_peak.0 <= -1.0),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
