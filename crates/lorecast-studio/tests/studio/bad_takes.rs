//! Recordings as they should not be: each makes a sound or one error, and the master tells what was
//! wrong with it, with the second.

use insta::assert_snapshot;
use lorecast_model::{Chain, Master};
use lorecast_studio::{Part, Recipe, listen};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, mono, recipe};

/// What the master tells of a take in stereo; the same in stereo as in mono.
#[track_caller]
fn told(samples: &[f32]) -> String {
    let desk = Desk::new();
    let take = desk.wav("a.wav", 48_000, 2, samples);
    let [stereo, mono] = [recipe([]), mono([])].map(|recipe| {
        let voice = Part { file: take.clone(), voice: true, ..Part::default() };
        let recipe = Recipe { parts: vec![voice], chain: Chain::off(), ..recipe };
        let master = desk.master(&recipe).unwrap();
        assert!(master.true_peak.0 <= -1.0 && master.length.0 > 0.0, "{master:?}");
        let silent = samples.iter().all(|sample| *sample == 0.0);
        let wanted = if silent { -70.0 } else { recipe.loudness.0 };
        assert!((master.loudness.0 - wanted).abs() < 0.1, "{master:?}");
        lines(&master)
    });
    assert_eq!(stereo, mono);
    stereo
}

fn lines(master: &Master) -> String {
    let lines = master.effects.iter().map(|effect| {
        format!("{}: {} {:.3} {}", effect.stage, effect.what, effect.amount, effect.unit)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Three seconds of a tone, a function of both sides.
fn tone(change: impl Fn(usize, f32) -> [f32; 2]) -> Vec<f32> {
    let samples = Tone::sine(300.0).mono().samples();
    samples.iter().enumerate().flat_map(|(at, sample)| change(at, *sample)).collect()
}

#[test]
fn silence() {
    assert_snapshot!(told(&tone(|_, _| [0.0; 2])), @"take: nothing is heard 0.000");
}

#[test]
fn one_channel_is_dead_or_inverted() {
    assert_snapshot!(told(&tone(|_, sample| [sample, 0.0])), @"sides: silent channel that took the other's sound 2.000");
    assert_snapshot!(told(&tone(|_, sample| [sample, -sample])), @"sides: channel whose phase was turned 2.000");
}

/// Who looks for pauses or for words in it hears one voice.
#[test]
fn an_inverted_channel_is_heard_before_anything_is_made() {
    let desk = Desk::new();
    let opposite = tone(|_, sample| [sample, -0.5 * sample]);
    let take = desk.wav("a.wav", 48_000, 2, &opposite);
    let mut heard = Vec::new();
    listen(&take, &mut |samples| heard.extend_from_slice(samples)).unwrap();
    let expected: Vec<f32> = opposite.iter().step_by(2).map(|sample| sample * 0.75).collect();
    assert!(heard == expected);
}

#[test]
fn clipping_and_direct_current() {
    let clipped = tone(|at, sample| [if at < 96_000 { sample } else { sample * 40.0 }; 2]);
    let clipped: Vec<f32> = clipped.iter().map(|sample| sample.clamp(-1.0, 1.0)).collect();
    assert_snapshot!(told(&clipped), @r"
    take: samples lost at full scale 80400.000 
    take: the first of them at 2.000 s
    ");
    assert_snapshot!(told(&tone(|_, sample| [sample + 0.2; 2])), @"take: direct current 20.000 %");
}

#[test]
fn samples_that_are_no_numbers() {
    let broken = tone(|at, sample| [if at == 72_000 { f32::NAN } else { sample }; 2]);
    assert_snapshot!(told(&broken), @r"
    take: samples that are no numbers, silent now 2.000 
    take: the first of them at 1.488 s
    ");
    let desk = Desk::new();
    let take = desk.wav("a.wav", 48_000, 1, &[f32::NAN; 48_000]);
    assert_snapshot!(desk.error(&recipe([take])), @"`DIR/a.wav` is damaged at 0:00: its samples are no numbers; copy it again from the recorder");
}

#[test]
fn a_second_is_enough_and_any_mixture_of_formats() {
    let desk = Desk::new();
    let short = Tone::sine(300.0).seconds(1.0).mono().rate(8_000).write(desk.path("a.wav"));
    let long = Tone::sine(300.0).seconds(2.0).rate(96_000).write(desk.path("b.wav"));
    let float = desk.wav("c.wav", 48_000, 2, &tone(|_, sample| [sample; 2]));
    let master = desk.master(&recipe([short, long, float])).unwrap();
    assert_eq!(master.length.0, 7.0);
    assert!((master.loudness.0 + 16.0).abs() < 0.1, "{master:?}");
}

#[test]
fn a_24_bit_file_that_was_cut_off_in_the_middle() {
    let desk = Desk::new();
    let samples = Tone::sine(300.0).rate(44_100).seconds(10.0).samples();
    let wide = samples.iter().map(|sample| (sample * 8_000_000.0) as i32);
    let path = desk.wav_24("a.wav", 44_100, 2, wide);
    let bytes = std::fs::read(&path).unwrap();
    // Within a sample.
    std::fs::write(&path, &bytes[..bytes.len() / 2 + 1]).unwrap();
    assert_snapshot!(desk.error(&recipe([path])), @"`DIR/a.wav` is cut short: its header promises 0:10 and the sound ends at 0:05; copy it again from the recorder");
    assert_eq!(desk.names(), ["a.wav"]);
}

#[test]
fn a_take_of_more_than_six_hours_is_refused_before_it_is_heard() {
    let desk = Desk::new();
    let path = Tone::silence().rate(8_000).mono().seconds(0.1).write(desk.path("a.wav"));
    // Seven hours of 16 bit, of which the disk holds a tenth of a second.
    let size = 7 * 3600 * 8_000 * 2u32;
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4..8].copy_from_slice(&(size + 36).to_le_bytes());
    let data = bytes.windows(4).position(|word| word == b"data").unwrap();
    bytes[data + 4..data + 8].copy_from_slice(&size.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(data as u64 + 8 + u64::from(size)).unwrap();
    assert_snapshot!(desk.error(&recipe([path])), @"with `DIR/a.wav` the sound gets longer than 6:00:00, the most that an episode may have; split it into two episodes");
}

/// More channels than bits in a mask: the reader of WAV shifts too far.
#[test]
fn a_take_that_breaks_its_reader() {
    let desk = Desk::new();
    let path = Tone::sine(300.0).mono().seconds(0.1).write(desk.path("a.wav"));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.splice(16..36, WIDE_FORMAT);
    std::fs::write(&path, &bytes).unwrap();
    assert_snapshot!(desk.error(&recipe([path])), @"`DIR/a.wav` is damaged at 0:00: malformed stream: it makes no sense to the decoder; copy it again from the recorder");
    assert_eq!(desk.names(), ["a.wav"]);
}

/// `WAVE_FORMAT_EXTENSIBLE` with 161 channels of 32 bit.
const WIDE_FORMAT: [u8; 44] = [
    40, 0, 0, 0, 0xfe, 0xff, 161, 0, 0x40, 0x1f, 0, 0, 0, 0x7d, 0, 0, 4, 0, 32, 0, 22, 0, 32, 0, 4,
    0, 0, 0, 3, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71,
];
