//! Masters sound files from the command line, for measuring:
//! `master_files [--chain | --stages a,b] [--loudness LUFS] [--threads N] [--cache FOLDER]
//! [--formats opus,aac] OUT_FOLDER CHANNELS FILE…`. Each file starts a chapter; with `--chain` each goes through every stage, with
//! `--stages` through these. Prints how long each step took, and the master, as lines of `name value`.

use std::error::Error;
use std::time::Instant;

use camino::Utf8PathBuf;
use lorecast_model::{AacFormat, Chain, Formats, Lufs, OpusFormat};
use lorecast_studio::{Outputs, Part, Recipe, Step, Tags, master};

#[expect(clippy::print_stdout, reason = "an example for scripts")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let (mut chain, mut threads, mut cache) = (Chain::off(), 0, None);
    if arguments.next_if(|argument| argument == "--chain").is_some() {
        chain = Chain::default();
    }
    if arguments.next_if(|argument| argument == "--stages").is_some() {
        chain = only(&arguments.next().ok_or("which stages?")?)?;
    }
    let mut loudness = None;
    if arguments.next_if(|argument| argument == "--loudness").is_some() {
        loudness = Some(arguments.next().ok_or("how loud?")?.parse()?);
    }
    if arguments.next_if(|argument| argument == "--threads").is_some() {
        threads = arguments.next().ok_or("how many threads?")?.parse()?;
    }
    if arguments.next_if(|argument| argument == "--cache").is_some() {
        cache = Some(arguments.next().ok_or("which cache?")?.into());
    }
    let mut formats = Formats::default();
    if arguments.next_if(|argument| argument == "--formats").is_some() {
        for name in arguments.next().ok_or("which formats?")?.split(',') {
            match name {
                "opus" => formats.opus = Some(OpusFormat::default()),
                "aac" => formats.aac = Some(AacFormat::default()),
                other => return Err(format!("no format `{other}`").into()),
            }
        }
    }
    let folder = Utf8PathBuf::from(arguments.next().ok_or("which folder?")?);
    let channels: u16 = arguments.next().ok_or("1 or 2 channels?")?.parse()?;
    let chapter = |file: String| {
        let file = Utf8PathBuf::from(file);
        Part { chapter: file.file_stem().map(str::to_owned), file, voice: true, ..Part::default() }
    };
    let recipe = Recipe {
        parts: arguments.map(chapter).collect(),
        channels,
        loudness: Lufs(loudness.unwrap_or(if channels == 1 { -19.0 } else { -16.0 })),
        chain,
        formats,
        threads,
        tags: Tags {
            title: "A measured episode".to_owned(),
            artist: "Lorecast".to_owned(),
            album: "Parity".to_owned(),
            date: "2023-04-16".to_owned(),
            language: "en".to_owned(),
            ..Tags::default()
        },
        ..Recipe::default()
    };
    let outputs = Outputs {
        wav: folder.join("master.wav"),
        mp3: folder.join("master.mp3"),
        report: None,
        cache,
    };
    let mut steps = Steps::default();
    let made = master(&recipe, &outputs, &mut |step, _| steps.see(step))?;
    for (step, seconds) in steps.end() {
        println!("seconds {step} {seconds:.1}");
    }
    println!("length {:.3}", made.length.0);
    println!("loudness {:.2}", made.loudness.0);
    println!("peak {:.2}", made.true_peak.0);
    println!("mp3 loudness {:.2} peak {:.2}", made.loudness.0, made.true_peak.0);
    for other in &made.alternatives {
        let (kind, kbps) = (other.encoding.extension(), other.bit_rate / 1000);
        let (loudness, peak) = (other.loudness.0, other.true_peak.0);
        println!("{kind} loudness {loudness:.2} peak {peak:.2} kbps {kbps}");
    }
    println!("chapters {}", made.chapters.len());
    for effect in &made.effects {
        let (take, stage, what) = (&effect.take, &effect.stage, &effect.what);
        println!("effect {take}: {stage}: {what} {:.2} {}", effect.amount, effect.unit);
    }
    Ok(())
}

/// How long each step took, one after the other.
#[derive(Default)]
struct Steps {
    begun: Vec<(Step, Instant)>,
}

impl Steps {
    fn see(&mut self, step: Step) {
        if self.begun.last().is_none_or(|(last, _)| *last != step) {
            self.begun.push((step, Instant::now()));
        }
    }

    fn end(self) -> Vec<(Step, f64)> {
        let ends = self.begun.iter().skip(1).map(|(_, next)| *next).chain([Instant::now()]);
        let seconds = |(&(step, begun), end): (&(Step, Instant), Instant)| {
            (step, (end - begun).as_secs_f64())
        };
        self.begun.iter().zip(ends).map(seconds).collect()
    }
}

/// A chain with these stages on.
fn only(stages: &str) -> Result<Chain, String> {
    let mut chain = Chain::off();
    for stage in stages.split(',') {
        *match stage {
            "rumble" => &mut chain.rumble.on,
            "hum" => &mut chain.hum.on,
            "leveller" => &mut chain.leveller.on,
            "clicks" => &mut chain.clicks.on,
            "noise" => &mut chain.noise.on,
            "expander" => &mut chain.expander.on,
            "sibilance" => &mut chain.sibilance.on,
            "compressor" => &mut chain.compressor.on,
            "silence" => &mut chain.silence.on,
            other => return Err(format!("no stage `{other}`")),
        } = true;
    }
    Ok(chain)
}
