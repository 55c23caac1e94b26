//! Takes as they come from recorders, phones and editors.

use lorecast_studio::probe;
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, fixture, mono};

/// What `probe` says, and what the take plays for in an episode of its own.
#[track_caller]
fn check(name: &str, expected: &str, plays: usize) {
    let desk = Desk::new();
    let info = probe(&fixture(name)).unwrap();
    let seen = format!(
        "{} {} Hz {} ch {:.3} s",
        info.codec, info.sample_rate, info.channels, info.length.0
    );
    assert_eq!(seen, expected);
    let master = desk.master(&mono([fixture(name)])).unwrap();
    let sound = Sound::read(&desk.outputs().wav);
    assert_eq!(sound.frames(), plays, "{name}");
    assert_eq!((master.length.0 * 48_000.0).round() as usize, plays);
    assert!((master.loudness.0 + 19.0).abs() < 0.3, "{master:?}");
}

#[test]
fn flac() {
    check("tone.flac", "flac 16000 Hz 1 ch 0.200 s", 9_600);
}

#[test]
fn mp3_without_the_encoder_delay() {
    check("tone.mp3", "mp3 44100 Hz 1 ch 1.000 s", 48_000);
}

#[test]
fn ogg_vorbis() {
    check("tone.ogg", "vorbis 44100 Hz 1 ch 1.000 s", 48_000);
}

#[test]
fn m4a_without_the_encoder_delay() {
    check("tone.m4a", "aac 44100 Hz 1 ch 1.000 s", 48_000);
}

#[test]
#[cfg(feature = "opus")]
fn opus_without_the_encoder_delay() {
    check("tone.opus", "opus 48000 Hz 1 ch 1.000 s", 48_000);
}

#[test]
fn wav() {
    let desk = Desk::new();
    let info = probe(&Tone::sine(440.0).rate(44_100).mono().write(desk.path("a.wav"))).unwrap();
    assert_eq!((info.sample_rate, info.channels, info.length.0), (44_100, 1, 3.0));
    assert_eq!(info.codec, "pcm_s16le");
}

#[test]
fn a_wav_from_a_pipe_knows_no_length() {
    let desk = Desk::new();
    let take = Tone::sine(440.0).write(desk.path("a.wav"));
    let mut bytes = std::fs::read(&take).unwrap();
    bytes[4..8].fill(255);
    let data = bytes.windows(4).position(|word| word == b"data").unwrap();
    bytes[data + 4..data + 8].fill(255);
    std::fs::write(&take, bytes).unwrap();
    assert_eq!(desk.master(&mono([take])).unwrap().length.0, 3.0);
}
