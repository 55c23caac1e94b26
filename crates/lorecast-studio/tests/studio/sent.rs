//! Recordings that somebody sends, of which nothing is known but what is in them.

use camino::Utf8PathBuf;
use lorecast_model::Seconds;
use lorecast_studio::examine;
use lorecast_testkit::tone::Tone;

/// What a recording is, under a name that says nothing: its ending, and how long it plays; or why not.
#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    let dir = tempfile::tempdir().unwrap();
    let file = Utf8PathBuf::from_path_buf(dir.path().join("sent")).unwrap();
    std::fs::write(&file, bytes).unwrap();
    let found = match examine(&file, Seconds(2.0)) {
        Ok(found) => format!("{} {:.1}", found.ending, found.info.length.0),
        Err(error) => error.to_string().replace(file.as_str(), "FILE"),
    };
    assert!(found.starts_with(expected), "{found}");
}

fn wav(seconds: f64) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let file = Utf8PathBuf::from_path_buf(dir.path().join("a.wav")).unwrap();
    std::fs::read(Tone::sine(440.0).seconds(seconds).mono().rate(8_000).write(&file)).unwrap()
}

/// An element of EBML (RFC 8794): its id, its size in one byte, and what it holds.
fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    [id, &[0x80 | u8::try_from(content.len()).unwrap()], content].concat()
}

/// WebM as a browser writes it while it records: neither the segment nor the cluster knows its size, nothing tells how long it
/// is (RFC 9559). The sound is PCM, so that it is written by hand.
fn live(blocks: u16) -> Vec<u8> {
    let head = [
        element(&[0x42, 0x86], &[1]),
        element(&[0x42, 0xF7], &[1]),
        element(&[0x42, 0xF2], &[4]),
        element(&[0x42, 0xF3], &[8]),
        element(&[0x42, 0x82], b"webm"),
        element(&[0x42, 0x87], &[4]),
        element(&[0x42, 0x85], &[2]),
    ];
    let info = [
        element(&[0x2A, 0xD7, 0xB1], &[0x0F, 0x42, 0x40]),
        element(&[0x4D, 0x80], b"us"),
        element(&[0x57, 0x41], b"us"),
    ];
    let audio = [
        element(&[0xB5], &8_000_f32.to_be_bytes()),
        element(&[0x9F], &[1]),
        element(&[0x62, 0x64], &[16]),
    ];
    let track = [
        element(&[0xD7], &[1]),
        element(&[0x73, 0xC5], &[1]),
        element(&[0x83], &[2]),
        element(&[0x86], b"A_PCM/INT/LIT"),
        element(&[0xE1], &audio.concat()),
    ];
    let unknown = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    let mut file = element(&[0x1A, 0x45, 0xDF, 0xA3], &head.concat());
    file.extend([&[0x18, 0x53, 0x80, 0x67], unknown.as_slice()].concat());
    file.extend(element(&[0x15, 0x49, 0xA9, 0x66], &info.concat()));
    file.extend(element(&[0x16, 0x54, 0xAE, 0x6B], &element(&[0xAE], &track.concat())));
    file.extend([&[0x1F, 0x43, 0xB6, 0x75], unknown.as_slice()].concat());
    file.extend(element(&[0xE7], &[0]));
    for block in 0..blocks {
        // Five milliseconds: forty samples of a square wave.
        let time = (block * 5).to_be_bytes();
        let samples = [0, 16, 0, 240].repeat(20);
        file.extend(element(&[0xA3], &[&[0x81], time.as_slice(), &[0x80], &samples].concat()));
    }
    file
}

#[test]
fn what_it_is_is_found_in_it() {
    check(&wav(0.5), "wav 0.5");
    check(b"no sound", "`FILE` is not audio");
}

#[test]
fn what_plays_too_long_is_known_before_its_end() {
    check(&wav(2.5), "with `FILE` the sound gets longer than 0:02");
}

#[test]
fn a_recording_of_a_browser_knows_no_length() {
    check(&live(100), "webm 0.5");
}
