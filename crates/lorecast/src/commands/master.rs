use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, Mastered, Mastering, SplitReport, VoiceReport};
use lorecast_model::{Deviation, DeviationKind, EpisodeId};

use crate::Exit;
use crate::interrupt;
use crate::out::harmless;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Makes the sound of an episode from its takes.
///
/// Joins the show's intro, the takes of the chapters in `episode.yaml` and the outro, brings them
/// to the loudness that podcast apps expect, and writes `master.wav` and `master.mp3` with tags,
/// cover and chapters. `master.report.html` shows what is heard in it: loudness over time, true peak,
/// noise and clipped samples, section by section.
///
/// Takes are found by name in `episodes/DATE/takes/`: `mm.wav` or `02.wav` for the second chapter whose
/// take is `mm`; of `mm.wav`, `mm-2.wav` and `mm-take3.wav` the last one counts. One recording for
/// several chapters is split with `--split`. `docs/takes.md` tells more.
///
/// When there is a `script.md` and Debian's `pocketsphinx-en-us` is installed, the script is found in
/// the voice: `transcript.vtt`, `.srt`, `.json` and `.html` tell when each sentence is said, chapters
/// begin where sections of the script do, and what was skipped, repeated or said beside the script is
/// listed with its time. A sentence in the wrong place is put right with `anchors:` in
/// `episode.yaml`, a word that was not recognised with `--words`, or for good in `glossary.yaml`.
///
/// What is done to each take is told on stderr; `docs/sound.md` says what may be. Takes and settings that
/// have not changed since the last time are not worked on again.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast master 2023-04-16\n  lorecast master 2023-04-16 --split     where the chapters begin in one long recording\n  lorecast master 2023-04-16 --words 'uid_t=U I D T'   a word that is said otherwise than written\n  lorecast master 2023-04-16 --only Networking   after another recording of it\n  lorecast master 2023-04-16 --voice     a synthetic voice where there is no recording"
)]
pub(crate) struct Master {
    /// The episode.
    #[arg(value_name = "DATE")]
    episode: EpisodeId,
    /// Find where the chapters begin in the one recording that has them all, by the script that it
    /// reads or else by its long pauses, and write it into `episode.yaml`. Nothing is mastered: look at the times first.
    #[arg(long)]
    split: bool,
    /// How words are said, like others or in phones of the CMU dictionary:
    /// `uid_t=U I D T, syzbot=/S IH Z B AA T/`.
    #[arg(long = "words", value_name = "WORD=SAID")]
    sayings: Vec<String>,
    /// Works on this section alone, and fails when anything else was changed: its title, its number,
    /// or its take.
    #[arg(long, value_name = "SECTION", conflicts_with = "split")]
    only: Option<String>,
    /// Let the program of `voice.command` in `show.yaml` read every chapter that has no recording: a
    /// rough cut, or a show of its own. Listeners are told.
    #[arg(long, conflicts_with = "split")]
    voice: bool,
    /// How to print what was made.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Master {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        if self.split {
            return self.split(show);
        }
        if self.voice {
            interrupt::stops_assistants()?;
            read(&Desk::open(show, &Bars)?.read_aloud(self.episode)?);
        }
        let how = Mastering { sayings: self.sayings.clone(), only: self.only.clone() };
        let Mastered { master, placement, unchanged } =
            Desk::open(show, &Bars)?.master(self.episode, &how)?;
        if unchanged {
            terminal::note("nothing was changed since it was made; the files are as they were");
        } else {
            tell(&master);
        }
        placement.notices.iter().for_each(|notice| terminal::note(notice));
        tell_deviations(placement.deviations());
        match self.format {
            Format::Text => text(&master)?,
            Format::Json => out::json(&master)?,
        }
        Ok(Exit::Done)
    }

    fn split(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let report = Desk::open(show, &Bars)?.split(self.episode)?;
        match self.format {
            Format::Text => starts(&report)?,
            Format::Json => out::json(&report)?,
        }
        report.notice.iter().for_each(|notice| terminal::note(notice));
        let id = self.episode;
        terminal::note(&format!(
            "written into episodes/{id}/episode.yaml, found by {}: hear them with `lorecast play {id} SECTION`, correct `from:` and `to:`, then run `lorecast master {id}`",
            report.how
        ));
        Ok(Exit::Done)
    }
}

fn read(report: &VoiceReport) {
    for chapter in &report.chapters {
        let how = if chapter.reused { "as before" } else { "read" };
        let sentences = count(chapter.sentences as u64, "sentence", "sentences");
        terminal::say(&format!("{}: {how}, {sentences}, {}", chapter.chapter, chapter.length));
    }
    for title in &report.recorded {
        terminal::say(&format!("{title}: your recording"));
    }
}

fn starts(report: &SplitReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    writeln!(out, "{}", report.file)?;
    writeln!(out, "{:>11} {:>11} {:>8} {:>8} {:>8}", "from", "to", "plays", "planned", "pause")?;
    for section in &report.sections {
        let plays = lorecast_model::Seconds(section.to.0 - section.from.0);
        let planned = section.planned.map_or("-".to_owned(), |planned| planned.to_string());
        writeln!(
            out,
            "{:>11} {:>11} {:>8} {planned:>8} {:>6.1} s  {}",
            section.from.clock(),
            section.to.clock(),
            plays.to_string(),
            section.pause.0,
            section.chapter
        )?;
    }
    Ok(out.flush()?)
}

fn text(master: &lorecast_model::Master) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let kilobytes = master.enclosure.bytes / 1000;
    writeln!(
        out,
        "{} at {:.1} LUFS, true peak {:.1} dBTP, {} Hz, {kilobytes} kB",
        master.length, master.loudness.0, master.true_peak.0, master.sample_rate
    )?;
    for chapter in &master.chapters {
        writeln!(out, "  {:>7}  {}", chapter.start.to_string(), chapter.title)?;
    }
    Ok(out.flush()?)
}

/// What was done to each take, a line each.
fn tell(master: &lorecast_model::Master) {
    for take in master.effects.chunk_by(|one, next| one.take == next.take) {
        let felt: Vec<String> = take.iter().filter(|effect| effect.is_felt()).map(told).collect();
        if let Some(first) = take.first()
            && !felt.is_empty()
        {
            terminal::say(&harmless(&format!("{}: {}", first.take, felt.join(", "))));
        }
    }
}

/// `noise: pauses quieter by 18.3 dB`; what is wrong with the take itself needs no stage.
fn told(effect: &lorecast_model::Effect) -> String {
    match effect.stage.as_str() {
        "take" => effect.to_string(),
        stage => format!("{stage}: {effect}"),
    }
}

/// Where the voice left the script, for whoever wants to hear it again.
fn tell_deviations(deviations: &[Deviation]) {
    if deviations.is_empty() {
        return;
    }
    let number = out::count(deviations.len() as u64, "passage differs", "passages differ");
    terminal::note(&format!("{number} from the script:"));
    for Deviation { kind, start, end, text } in deviations {
        let behind = match kind {
            DeviationKind::Inserted if text.is_empty() => String::new(),
            DeviationKind::Inserted => format!(", after “{text}”"),
            _ => format!(": “{text}”"),
        };
        let length = match kind {
            DeviationKind::Skipped => String::new(),
            _ => format!(" for {:.1} s", end.0 - start.0),
        };
        let line = format!("{:>8}  {kind}{length}{behind}", start.to_string());
        terminal::say(&harmless(&line));
    }
}
