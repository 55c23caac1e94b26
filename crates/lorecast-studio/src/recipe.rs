//! What to make, in the words of the caller.

use std::fmt;
use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Chain, Chapter, Effects, Encoding, Formats, Lufs, Music, Seconds};
use serde::Serialize;

use crate::report::ReportFiles;
use crate::{Result, StudioError};

/// What to make: the parts in the order in which they are heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Intro, takes and outro, at least one.
    pub parts: Vec<Part>,
    /// 1 or 2.
    pub channels: u16,
    /// The integrated loudness to reach, from -40 to -10 LUFS; podcasts use -16 for stereo and -19
    /// for mono.
    pub loudness: Lufs,
    /// Silence between two parts, at most a minute.
    pub pause: Seconds,
    /// What is done to the parts that are voices.
    pub chain: Chain,
    /// What is done for fun.
    pub effects: Effects,
    /// How music stands beside the voice.
    pub music: Music,
    /// Music beneath some parts.
    pub beds: Vec<Bed>,
    /// The chapter whose parts alone may be worked on anew, by its title, its number from 1 on or the
    /// name of its take; everything else has to be in the cache.
    pub only: Option<String>,
    /// Whatever else the outputs depend on, such as the script that chapters and transcript are placed
    /// by: while this and everything else is as it was, [`Run::made_before`](crate::Run::made_before) finds
    /// what was made.
    pub placed_by: String,
    /// How the files are written.
    pub formats: Formats,
    /// How many threads work, at most [`Recipe::MOST_THREADS`]; 0 means one for each processor. The
    /// outputs are the same for any number.
    pub threads: usize,
    /// What players show.
    pub tags: Tags,
}

/// One sound file of an episode.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// WAV, FLAC, MP3, OGG Vorbis, Opus in Ogg or WebM, M4A (AAC or Apple Lossless), AIFF or CAF.
    pub file: Utf8PathBuf,
    /// Where in the file it begins; at the start when absent.
    pub from: Option<Seconds>,
    /// Where in the file it ends; with the file when absent.
    pub to: Option<Seconds>,
    /// The chapter that starts here. Parts without one, such as intro and outro, belong to the
    /// chapter before; parts before the first chapter belong to the first.
    pub chapter: Option<String>,
    /// Whether somebody speaks: then it goes through the recipe's chain. Music does not.
    pub voice: bool,
    /// Who speaks, when it is a guest and not the reader of the show.
    pub speaker: Option<String>,
    /// How long music goes on beneath the part behind it.
    pub into_next: Seconds,
    /// How long before the end of the part before it music begins.
    pub into_last: Seconds,
}

/// Music that is heard beneath parts, over and over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bed {
    /// The music.
    pub file: Utf8PathBuf,
    /// The parts, from 0.
    pub parts: Range<usize>,
}

/// What players show. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tags {
    /// The episode's title.
    pub title: String,
    /// Who made it.
    pub artist: String,
    /// The show.
    pub album: String,
    /// `2023-04-16`.
    pub date: String,
    /// The episode's number.
    pub track: Option<u32>,
    /// A JPEG or PNG, at most [`Tags::LARGEST_COVER`] bytes.
    pub cover: Option<Utf8PathBuf>,
    /// RFC 5646 language tag, `en-GB`.
    pub language: String,
    /// The episode's page.
    pub url: Option<String>,
    /// What it is about, in plain text.
    pub description: Option<String>,
    /// What is said, as plain text; at most [`Tags::LONGEST_TRANSCRIPT`] bytes of it are kept.
    pub transcript: Option<String>,
    /// What else is shown of chapters, in any order.
    pub chapters: Vec<ChapterTag>,
}

/// What players show of one chapter beside its title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChapterTag {
    /// The title by which it is known, in any case.
    pub title: String,
    /// Where one can read more of it.
    pub link: Option<String>,
    /// A JPEG or PNG, at most [`Tags::LARGEST_COVER`] bytes.
    pub picture: Option<Utf8PathBuf>,
}

impl Tags {
    /// The largest picture that is put into an MP3, in bytes. Players want far less (300 kB); what
    /// is larger than this is a mistake.
    pub const LARGEST_COVER: u64 = 8 << 20;
    /// The longest transcript that is put into a file, in bytes: six hours of fast speech are a
    /// quarter of it.
    pub const LONGEST_TRANSCRIPT: usize = 2 << 20;
    /// All pictures of chapters together, in bytes.
    pub const LARGEST_PICTURES: usize = 24 << 20;

    /// Gives chapters without a link the one of their title.
    pub(crate) fn link(&self, chapters: &mut [Chapter]) {
        for chapter in chapters.iter_mut().filter(|chapter| chapter.link.is_none()) {
            chapter.link = self.chapter(&chapter.title).and_then(|known| known.link.clone());
        }
    }

    /// What is said of the chapter with this title.
    pub(crate) fn chapter(&self, title: &str) -> Option<&ChapterTag> {
        let title = title.to_lowercase();
        self.chapters.iter().find(|chapter| chapter.title.to_lowercase() == title)
    }
}

/// Where to write. The folders are made when missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// PCM of 16 or 24 bits, as [`Recipe::formats`] says.
    pub wav: Utf8PathBuf,
    /// The file to publish. Other formats lie beside it, under its name with their ending.
    pub mp3: Utf8PathBuf,
    /// What a listener hears in the MP3.
    pub report: Option<ReportFiles>,
    /// A folder that keeps what was worked on for the next run, at most some gigabytes. It may be
    /// deleted at any time.
    pub cache: Option<Utf8PathBuf>,
}

impl Outputs {
    /// Where the file of an encoding goes.
    pub fn file(&self, encoding: Encoding) -> Utf8PathBuf {
        match encoding {
            Encoding::Mp3 => self.mp3.clone(),
            other => self.mp3.with_extension(other.extension()),
        }
    }

    /// Every file that a run makes.
    pub(crate) fn files(&self, formats: Formats) -> impl Iterator<Item = Utf8PathBuf> {
        let coded = formats.encodings().map(|encoding| self.file(encoding));
        let report = self.report.iter().flat_map(ReportFiles::all).map(Utf8Path::to_owned);
        [self.wav.clone()].into_iter().chain(coded).chain(report)
    }
}

/// What the studio is doing. [`Step::Mix`] and [`Step::Encode`] are taken again when the
/// measurement asks for a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Reading and resampling the takes.
    Decode,
    /// Levelling, joining and limiting into the WAV.
    Mix,
    /// Making a file for listeners.
    Encode(Encoding),
    /// Measuring it as a listener hears it.
    Measure(Encoding),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode => f.write_str("decode"),
            Self::Mix => f.write_str("mix"),
            Self::Encode(encoding) => write!(f, "encode {encoding}"),
            Self::Measure(encoding) => write!(f, "measure {encoding}"),
        }
    }
}

impl Default for Recipe {
    /// Stereo at -16 LUFS, with 0.7 seconds between parts, of which there are none yet.
    fn default() -> Self {
        Self {
            parts: Vec::new(),
            channels: 2,
            loudness: Lufs(-16.0),
            pause: Seconds(0.7),
            chain: Chain::default(),
            effects: Effects::default(),
            music: Music::default(),
            beds: Vec::new(),
            only: None,
            placed_by: String::new(),
            formats: Formats::default(),
            threads: 0,
            tags: Tags::default(),
        }
    }
}

impl Recipe {
    /// Each thread holds some 30 MB of sound.
    pub const MOST_THREADS: usize = 6;
    /// The most parts: each is a file that is open to the end.
    pub const MOST_PARTS: usize = 400;

    /// How many threads work.
    pub(crate) fn threads(&self) -> usize {
        let wanted = match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            some => some,
        };
        wanted.clamp(1, Self::MOST_THREADS)
    }

    /// Everything that is decoded: the parts, and behind them the beds.
    pub(crate) fn with_beds(&self) -> Self {
        let beds = self.beds.iter().map(|bed| Part { file: bed.file.clone(), ..Part::default() });
        let parts = self.parts.iter().cloned().chain(beds).collect();
        Self { parts, ..self.clone() }
    }

    /// Whether each part may be worked on anew.
    pub(crate) fn may_work(&self) -> Result<Vec<bool>> {
        let Some(only) = &self.only else { return Ok(vec![true; self.parts.len()]) };
        let starts: Vec<usize> =
            (0..self.parts.len()).filter(|at| self.parts[*at].chapter.is_some()).collect();
        let chapter = self.chapter(&starts, only)?;
        let end = starts.get(chapter + 1).copied().unwrap_or(self.parts.len());
        Ok((0..self.parts.len()).map(|at| (starts[chapter]..end).contains(&at)).collect())
    }

    /// The chapter that is meant: the title as it stands, then in any case, the number, the take.
    fn chapter(&self, starts: &[usize], only: &str) -> Result<usize> {
        let parts = || starts.iter().map(|start| &self.parts[*start]);
        let title = |part: &Part| part.chapter.clone().unwrap_or_default();
        let number = || only.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < starts.len());
        parts()
            .position(|part| title(part) == only)
            .or_else(|| parts().position(|part| title(part).to_lowercase() == only.to_lowercase()))
            .or_else(number)
            .or_else(|| parts().position(|part| part.file.file_stem() == Some(only)))
            .ok_or_else(|| {
                let titles: Vec<String> =
                    parts().map(|part| format!("`{}`", title(part))).collect();
                let message = format!("no section `{only}`; there are {}", titles.join(", "));
                StudioError::Recipe { message }
            })
    }

    fn problem(&self) -> Option<(&'static str, &'static str)> {
        let chain = self.chain.out_of_range();
        chain.or(self.effects.out_of_range()).or(self.formats.out_of_range())
    }

    pub(crate) fn check(&self) -> Result<()> {
        let complain = |message: String| Err(StudioError::Recipe { message });
        if self.parts.is_empty() {
            return complain(
                "the episode has no takes; record one and name it in `chapters`".into(),
            );
        }
        if !matches!(self.channels, 1 | 2) {
            return complain(format!(
                "`channels` is {}; use 1 (mono) or 2 (stereo)",
                self.channels
            ));
        }
        if !(-40.0..=-10.0).contains(&self.loudness.0) {
            return complain(format!("`loudness` is {}; use -40 to -10 LUFS", self.loudness.0));
        }
        if !(0.0..=60.0).contains(&self.pause.0) {
            return complain(format!("`pause` is {} seconds; use 0 to 60", self.pause.0));
        }
        if let Some((key, advice)) = self.problem() {
            return complain(format!("`{key}` is out of its range; {advice}"));
        }
        if self.formats.mp3.kbps.is_some() && self.formats.mp3.vbr.is_some() {
            return complain(
                "`sound.formats.mp3` has both `kbps` and `vbr`; keep one: `kbps` for a constant bit \
                 rate, `vbr` for a variable one"
                    .into(),
            );
        }
        if self.parts.len() > Self::MOST_PARTS {
            let (count, most) = (self.parts.len(), Self::MOST_PARTS);
            return complain(format!("{count} parts; join some, {most} are the most"));
        }
        if let Some((key, advice)) = self.music.out_of_range() {
            return complain(format!("`{key}` is out of its range; {advice}"));
        }
        let there =
            |bed: &Bed| bed.parts.start < bed.parts.end && bed.parts.end <= self.parts.len();
        if let Some(bed) = self.beds.iter().find(|bed| !there(bed)) {
            return complain(format!("the bed `{}` lies beneath no part", bed.file));
        }
        match self.parts.iter().filter(|part| part.chapter.is_some()).count() {
            // ID3v2 chapter addendum 1.0, section 3.2: the entry count is one byte.
            many @ 256.. => complain(format!("{many} chapters; an MP3 holds at most 255")),
            _ => Ok(()),
        }
    }
}
