//! Takes that cannot be used: one clear error, and nothing of an earlier run is lost.

use insta::assert_snapshot;
use lorecast_model::{Lufs, Seconds};
use lorecast_studio::{Recipe, Tags};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, fixture, recipe};

/// The error for a take with this content.
fn error_for(name: &str, content: &[u8]) -> String {
    let desk = Desk::new();
    std::fs::write(desk.path(name), content).unwrap();
    let error = desk.error(&recipe([desk.path(name)]));
    assert_eq!(desk.names(), [name], "nothing half-made is left");
    error
}

fn cut(name: &str, keep: usize) -> String {
    let whole = std::fs::read(fixture(name)).unwrap();
    error_for(name, &whole[..keep])
}

#[test]
fn a_missing_take() {
    let desk = Desk::new();
    assert_snapshot!(desk.error(&recipe([desk.path("a.wav")])), @"no recording at `DIR/a.wav`; put it there, or take it out of the episode");
}

#[test]
fn a_folder() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("a.wav")).unwrap();
    assert_snapshot!(desk.error(&recipe([desk.path("a.wav")])), @"`DIR/a.wav` is not audio that the studio can read; takes may be WAV, FLAC, MP3, OGG, Opus, WebM, M4A, AIFF or CAF, so record or export it as one of these");
}

#[test]
fn an_empty_file() {
    assert_snapshot!(error_for("a.wav", b""), @"`DIR/a.wav` is empty: it holds no sound; record or copy it again");
}

#[test]
fn text_that_is_named_wav() {
    assert_snapshot!(error_for("a.wav", b"Dear listeners, this week in the kernel\n"), @"`DIR/a.wav` is not audio that the studio can read; takes may be WAV, FLAC, MP3, OGG, Opus, WebM, M4A, AIFF or CAF, so record or export it as one of these");
}

#[test]
fn a_wav_without_samples() {
    let desk = Desk::new();
    let take = Tone::sine(440.0).seconds(0.0).write(desk.path("a.wav"));
    assert_snapshot!(desk.error(&recipe([take])), @"`DIR/a.wav` is empty: it holds no sound; record or copy it again");
}

#[test]
fn a_wav_that_was_cut_short() {
    let desk = Desk::new();
    let take = Tone::sine(440.0).write(desk.path("a.wav"));
    let whole = std::fs::read(take).unwrap();
    assert_snapshot!(error_for("b.wav", &whole[..whole.len() / 3]), @"`DIR/b.wav` is cut short: its header promises 0:03 and the sound ends at 0:01; copy it again from the recorder");
}

#[test]
fn a_flac_that_was_cut_short() {
    assert_snapshot!(cut("tone.flac", 6000), @"`DIR/tone.flac` is damaged at 0:00: unexpected end of file; copy it again from the recorder");
}

#[test]
fn an_mp3_that_was_cut_short() {
    assert_snapshot!(cut("tone.mp3", 3000), @"`DIR/tone.mp3` is cut short: its header promises 0:01 and the sound ends at 0:01; copy it again from the recorder");
}

#[test]
fn an_ogg_that_was_cut_short() {
    assert_snapshot!(cut("tone.ogg", 4900), @"`DIR/tone.ogg` is damaged at 0:00: unexpected end of file; copy it again from the recorder");
}

#[test]
fn an_m4a_that_was_cut_short() {
    assert_snapshot!(cut("tone.m4a", 3000), @"`DIR/tone.m4a` is damaged at 0:00: unsupported feature: isomp4: missing moov atom; copy it again from the recorder");
}

#[test]
fn files_that_end_in_their_headers() {
    for (name, keep) in [("tone.flac", 30), ("tone.ogg", 2000), ("tone.m4a", 30)] {
        let error = cut(name, keep);
        assert!(error.contains("is damaged at 0:00"), "{error}");
    }
}

#[test]
fn a_cover_that_is_not_a_picture() {
    let desk = Desk::new();
    let take = Tone::sine(440.0).write(desk.path("a.wav"));
    let tags = Tags { cover: Some(take.clone()), ..Tags::default() };
    assert_snapshot!(desk.error(&Recipe { tags, ..recipe([take]) }), @"the cover `DIR/a.wav` is neither a JPEG nor a PNG; save it as one of these");
}

#[test]
fn a_recipe_that_makes_no_sense() {
    let desk = Desk::new();
    assert_snapshot!(desk.error(&recipe([])), @"cannot master: the episode has no takes; record one and name it in `chapters`");
    let take = Tone::sine(440.0).write(desk.path("a.wav"));
    assert_snapshot!(desk.error(&Recipe { channels: 3, ..recipe([take.clone()]) }), @"cannot master: `channels` is 3; use 1 (mono) or 2 (stereo)");
    assert_snapshot!(desk.error(&Recipe { loudness: Lufs(f64::NAN), ..recipe([take.clone()]) }), @"cannot master: `loudness` is NaN; use -40 to -10 LUFS");
    assert_snapshot!(desk.error(&Recipe { pause: Seconds(-1.0), ..recipe([take]) }), @"cannot master: `pause` is -1 seconds; use 0 to 60");
}

#[test]
fn an_episode_longer_than_six_hours() {
    let desk = Desk::new();
    let tick = Tone::silence().seconds(0.001).mono().write(desk.path("a.wav"));
    let parts = recipe(std::iter::repeat_n(tick, 362));
    assert_snapshot!(desk.error(&Recipe { pause: Seconds(60.0), ..parts }), @"with `DIR/a.wav` the sound gets longer than 6:00:00, the most that an episode may have; split it into two episodes");
}
