//! Every way to write a master holds loudness and true peak in the decoded file.

use lorecast_model::{Formats, Mp3Format, WavFormat};
use lorecast_studio::Recipe;
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, mono, recipe};

/// From what is nearly silent to what is clipped, one after the other.
fn voices(desk: &Desk) -> Vec<camino::Utf8PathBuf> {
    [
        Tone::noise(11).level(-45.0).seconds(4.0),
        Tone::spikes(3_000.0).level(-6.0).seconds(4.0).mono(),
        Tone::noise(12).level(9.0).rate(44_100).seconds(4.0),
    ]
    .iter()
    .zip(["quiet.wav", "peaks.wav", "loud.wav"])
    .map(|(tone, name)| tone.write(desk.path(name)))
    .collect()
}

/// Masters each voice in stereo and in mono, at -16 LUFS.
#[track_caller]
fn check(mp3: Mp3Format) {
    let desk = Desk::new();
    for file in voices(&desk) {
        for whole in [recipe([file.clone()]), Recipe { channels: 1, ..mono([file.clone()]) }] {
            let formats = Formats { mp3, ..Formats::default() };
            let recipe = Recipe { formats, loudness: lorecast_model::Lufs(-16.0), ..whole };
            let made = desk.master(&recipe).unwrap();
            let sound = Sound::read(&desk.outputs().mp3);
            let (loudness, peak) = sound.measure();
            let what = format!("{mp3:?} {file} {} channels", recipe.channels);
            assert!((loudness + 16.0).abs() <= 0.1, "{what}: {loudness:.2} LUFS");
            assert!(peak <= -1.0, "{what}: {peak:.2} dBTP");
            assert_eq!(sound.frames() as f64 / 48_000.0, made.length.0, "{what}");
        }
    }
}

#[test]
fn mp3_of_64_kbit() {
    check(Mp3Format { kbps: Some(64), vbr: None });
}

#[test]
fn mp3_of_128_kbit() {
    check(Mp3Format { kbps: Some(128), vbr: None });
}

#[test]
fn mp3_of_192_kbit() {
    check(Mp3Format { kbps: Some(192), vbr: None });
}

#[test]
fn mp3_of_the_lowest_and_the_highest_variable_rate() {
    check(Mp3Format { kbps: None, vbr: Some(6) });
    check(Mp3Format { kbps: None, vbr: Some(0) });
}

/// The table for seeking points to where each hundredth of the time really is.
#[test]
fn a_variable_rate_is_sought_by_its_table() {
    let desk = Desk::new();
    let parts = [
        Tone::silence().seconds(10.0).write(desk.path("a.wav")),
        Tone::noise(3).seconds(10.0).write(desk.path("b.wav")),
    ];
    let mp3 = Mp3Format { kbps: None, vbr: Some(4) };
    let formats = Formats { mp3, ..Formats::default() };
    desk.master(&Recipe { formats, ..recipe(parts) }).unwrap();
    let bytes = std::fs::read(desk.outputs().mp3).unwrap();
    let at = bytes.windows(4).position(|four| four == b"Xing").expect("the tag of a variable rate");
    let table = &bytes[at + 16..at + 116];
    assert!(table.is_sorted() && table[0] < 3, "{table:?}");
    // Half of the time is silence, which takes far less than half of the bytes.
    assert!(table[45] < 60 && table[99] > 240, "{table:?}");
}

#[test]
fn a_wav_of_24_bit_is_finer_than_one_of_16() {
    let desk = Desk::new();
    let noise = |bits| {
        let take = Tone::silence().write(desk.path("a.wav"));
        let formats = Formats { wav: WavFormat { bits }, ..Formats::default() };
        desk.master(&Recipe { formats, ..recipe([take]) }).unwrap();
        Sound::read(&desk.outputs().wav).peak_within(0.0, 3.0)
    };
    assert_eq!(hound_bits(&desk, 24, noise), 24);
    let (coarse, fine) = (noise(16), noise(24));
    assert!(coarse > 0.0 && fine > 0.0 && fine < coarse / 200.0, "{coarse} {fine}");
}

fn hound_bits(desk: &Desk, bits: u16, make: impl Fn(u16) -> f32) -> u16 {
    make(bits);
    hound::WavReader::open(desk.outputs().wav).unwrap().spec().bits_per_sample
}

#[test]
fn formats_that_do_not_exist() {
    let desk = Desk::new();
    let error = |formats| {
        let take = Tone::sine(440.0).write(desk.path("a.wav"));
        desk.error(&Recipe { formats, ..recipe([take]) })
    };
    let mp3 = Mp3Format { kbps: Some(100), vbr: None };
    assert_eq!(
        error(Formats { mp3, ..Formats::default() }),
        "cannot master: `sound.formats.mp3.kbps` is out of its range; use 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320"
    );
    let mp3 = Mp3Format { kbps: Some(96), vbr: Some(4) };
    assert_eq!(
        error(Formats { mp3, ..Formats::default() }),
        "cannot master: `sound.formats.mp3` has both `kbps` and `vbr`; keep one: `kbps` for a constant bit rate, `vbr` for a variable one"
    );
    assert!(
        error(Formats { wav: WavFormat { bits: 32 }, ..Formats::default() })
            .contains("`sound.formats.wav.bits` is out of its range")
    );
}
