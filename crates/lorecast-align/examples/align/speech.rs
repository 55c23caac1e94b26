//! Speech of our own, said by flite one sentence after the other, so that its times are known.

use std::path::Path;
use std::process::Command;

use crate::dice::Dice;
use crate::{sentences, unseen};

pub const RATE: usize = 16_000;

/// Voices that costs and bounds were found on.
pub const TUNED: &[Voice] = &[
    Voice { name: "v1-slt-clean", ..PLAIN },
    Voice {
        name: "v2-rms-tempo-noise",
        voice: "rms",
        tempo: Some("1.13"),
        noise: 0.004,
        pauses: (0.3, 2.5),
        seed: 2,
        ..PLAIN
    },
    Voice {
        name: "v3-awb-noise",
        voice: "awb",
        tempo: Some("0.9"),
        noise: 0.002,
        seed: 3,
        ..PLAIN
    },
    Voice { name: "v5-awb-skips", voice: "awb", skips: true, seed: 4, ..PLAIN },
    Voice { name: "v6-slt-skips-noise", skips: true, noise: 0.003, seed: 5, ..PLAIN },
    Voice { name: "v7-rms-written", voice: "rms", written: true, seed: 6, ..PLAIN },
];

/// Voices, rooms and texts that nothing was tuned on.
pub const UNSEEN: &[Voice] = &[
    Voice { name: "u1-kal16-clean", voice: "kal16", seed: 11, ..OTHER },
    Voice {
        name: "u2-slt-room-hum-fast",
        tempo: Some("1.2"),
        noise: 0.002,
        hum: 0.01,
        room: 0.35,
        seed: 12,
        ..OTHER
    },
    Voice {
        name: "u3-rms-skips-noise",
        voice: "rms",
        tempo: Some("0.93"),
        noise: 0.003,
        skips: true,
        seed: 13,
        ..OTHER
    },
    Voice {
        name: "u4-awb-skips-room",
        voice: "awb",
        room: 0.25,
        skips: true,
        pauses: (0.15, 1.2),
        seed: 14,
        ..OTHER
    },
    Voice { name: "u5-slt-skips-clean", skips: true, seed: 15, ..OTHER },
];

const PLAIN: Voice = Voice {
    name: "",
    voice: "slt",
    tempo: None,
    noise: 0.0,
    hum: 0.0,
    room: 0.0,
    pauses: (0.2, 0.6),
    skips: false,
    written: false,
    seed: 1,
    text: sentences::sentence,
    asides: sentences::ASIDES,
};
const OTHER: Voice = Voice { text: unseen::sentence, asides: unseen::ASIDES, ..PLAIN };

pub struct Voice {
    pub name: &'static str,
    voice: &'static str,
    tempo: Option<&'static str>,
    /// Standard deviation of white noise, of full scale; of 50 Hz and 150 Hz the height.
    noise: f64,
    hum: f64,
    /// How much of the sound comes back from the walls.
    room: f64,
    pauses: (f64, f64),
    skips: bool,
    written: bool,
    seed: u64,
    text: fn(&mut Dice) -> [String; 2],
    asides: &'static [&'static str],
}

pub fn make(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    TUNED.iter().chain(UNSEEN).for_each(|voice| say(dir, voice));
}

fn say(dir: &Path, voice: &Voice) {
    let mut dice = Dice(voice.seed);
    let sentences: Vec<[String; 2]> = (0..110).map(|_| (voice.text)(&mut dice)).collect();
    let skipped: Vec<usize> =
        if voice.skips { vec![7, 19, 33, 34, 52, 71, 88, 103] } else { vec![] };
    let mut sound: Vec<f64> = vec![0.0; RATE / 2];
    let (mut script, mut truth, mut asides) = (String::new(), String::new(), String::new());
    for (number, [written, spoken]) in sentences.iter().enumerate() {
        script += &format!("{spoken}\n");
        if skipped.contains(&number) {
            truth += "-\t-\n";
            continue;
        }
        if voice.skips && number % 17 == 5 {
            let aside = dice.one(voice.asides);
            let start = sound.len();
            let (said, first, last) = flite(dir, voice.voice, voice.tempo, aside);
            sound.extend(said);
            let seconds = |at: usize| (start + at) as f64 / RATE as f64;
            asides += &format!("{:.4}\t{:.4}\t{aside}\n", seconds(first), seconds(last));
            pause(&mut sound, &mut dice, voice.pauses);
        }
        if voice.skips && number % 23 == 11 {
            let first: Vec<&str> = spoken.split(' ').take(4).collect();
            sound.extend(flite(dir, voice.voice, voice.tempo, &first.join(" ")).0);
            pause(&mut sound, &mut dice, (0.3, 0.8));
        }
        if voice.skips && number % 41 == 20 {
            sound.extend(flite(dir, voice.voice, voice.tempo, spoken).0);
            pause(&mut sound, &mut dice, (0.5, 1.0));
        }
        let before = sound.len();
        let (said, first, last) =
            flite(dir, voice.voice, voice.tempo, if voice.written { written } else { spoken });
        sound.extend(said);
        let seconds = |at: usize| (before + at) as f64 / RATE as f64;
        truth += &format!("{:.4}\t{:.4}\n", seconds(first), seconds(last));
        pause(&mut sound, &mut dice, voice.pauses);
    }
    spoil(&mut sound, voice, &mut dice);
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE as u32,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(dir.join(format!("{}.wav", voice.name)), spec).unwrap();
    sound
        .iter()
        .for_each(|sample| wav.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16).unwrap());
    wav.finalize().unwrap();
    std::fs::write(dir.join(format!("{}.txt", voice.name)), script).unwrap();
    std::fs::write(dir.join(format!("{}.tsv", voice.name)), truth).unwrap();
    std::fs::write(dir.join(format!("{}.asides", voice.name)), asides).unwrap();
}

/// The room, the mains and the hiss.
fn spoil(sound: &mut [f64], voice: &Voice, dice: &mut Dice) {
    // Four walls: Schroeder's parallel combs, with delays of 17 to 41 ms.
    let dry = sound.to_vec();
    for (delay, share) in [(277, 0.3), (433, 0.25), (563, 0.25), (661, 0.2)] {
        let mut wet = vec![0.0; if voice.room > 0.0 { dry.len() } else { 0 }];
        for at in delay..wet.len() {
            wet[at] = dry[at - delay] + 0.6 * wet[at - delay];
        }
        sound.iter_mut().zip(wet).for_each(|(to, wet)| *to += voice.room * share * wet);
    }
    for (at, sample) in sound.iter_mut().enumerate() {
        let turn = at as f64 / RATE as f64 * 50.0 * std::f64::consts::TAU;
        *sample += voice.hum * (turn.sin() + 0.4 * (3.0 * turn).sin());
        *sample += voice.noise * dice.gauss();
    }
}

fn pause(sound: &mut Vec<f64>, dice: &mut Dice, (least, most): (f64, f64)) {
    let seconds = least + (most - least) * dice.unit();
    sound.resize(sound.len() + (seconds * RATE as f64) as usize, 0.0);
}

/// What flite makes of a text, and where in it the speech begins and ends: flite's own segment
/// times, in samples.
pub fn flite(dir: &Path, voice: &str, tempo: Option<&str>, text: &str) -> (Vec<f64>, usize, usize) {
    let (raw, wav) = (dir.join("raw.wav"), dir.join("one.wav"));
    let said = Command::new("flite")
        .args(["-psdur", "-voice", voice, "-t", text, "-o"])
        .arg(&raw)
        .output()
        .unwrap();
    let segments = String::from_utf8(said.stdout).unwrap();
    let ends: Vec<f64> = segments
        .split_whitespace()
        .filter_map(|part| part.rsplit_once(':')?.1.parse().ok())
        .collect();
    let mut sox = Command::new("sox");
    sox.arg(&raw).args(["-r", "16000", "-b", "16", "-c", "1", "-D"]).arg(&wav);
    if let Some(tempo) = tempo {
        sox.args(["tempo", "-s", tempo]);
    }
    assert!(sox.status().unwrap().success(), "sox failed");
    let samples = hound::WavReader::open(&wav).unwrap().into_samples::<i16>();
    let samples: Vec<f64> = samples.map(|sample| f64::from(sample.unwrap()) / 32_768.0).collect();
    let faster: f64 = tempo.map_or(1.0, |tempo| tempo.parse().unwrap());
    let at = |seconds: f64| ((seconds / faster * RATE as f64) as usize).min(samples.len());
    let (first, last) = (at(ends[0]), at(ends[ends.len() - 2]));
    (samples, first, last)
}
