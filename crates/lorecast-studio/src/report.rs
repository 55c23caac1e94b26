//! What a recording sounds like: numbers, pictures and a page.

mod chart;
mod deviations;
mod listener;
mod page;
mod peaks;
mod picture;
mod rate;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Chapter, Seconds, SoundReport};

use crate::decode::Take;
use crate::draft::Draft;
use crate::voices::Said;
use crate::{Result, StudioError};
pub(crate) use listener::Listener;
pub use peaks::Peaks;
pub use rate::Spoken;

/// A stretch of a recording that is measured by itself, up to the next one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Where it starts.
    pub start: Seconds,
    /// What is said in it, where that is known.
    pub spoken: Option<Spoken>,
}

/// What was heard in a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The numbers.
    pub report: SoundReport,
    /// The outline of the wave.
    pub peaks: Peaks,
}

/// Where the files of an [`Analysis`] go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFiles {
    /// [`SoundReport`] as JSON.
    pub json: Utf8PathBuf,
    /// A page that needs nothing else.
    pub page: Utf8PathBuf,
    /// The wave as SVG.
    pub svg: Utf8PathBuf,
    /// The wave as PNG.
    pub png: Utf8PathBuf,
    /// [`Peaks::to_json`].
    pub peaks: Utf8PathBuf,
}

impl Section {
    /// One for each chapter, with what is said in it.
    pub(crate) fn of(chapters: &[Chapter], said: &[Said]) -> Vec<Self> {
        let ends = chapters.iter().skip(1).map(|chapter| chapter.start);
        let ends = ends.chain([Seconds(f64::INFINITY)]);
        let sections = chapters.iter().zip(ends).map(|(chapter, end)| Self {
            title: chapter.title.clone(),
            start: chapter.start,
            spoken: Spoken::between(said, chapter.start, end),
        });
        sections.collect()
    }
}

impl ReportFiles {
    /// `STEM.report.json`, `STEM.report.html`, `STEM.waveform.svg`, `STEM.waveform.png` and
    /// `STEM.peaks.json`, where `stem` is a path such as `episodes/2023-04-16/master`.
    pub fn beside(stem: &Utf8Path) -> Self {
        let file = |ending: &str| Utf8PathBuf::from(format!("{stem}.{ending}"));
        Self {
            json: file("report.json"),
            page: file("report.html"),
            svg: file("waveform.svg"),
            png: file("waveform.png"),
            peaks: file("peaks.json"),
        }
    }

    /// Each of them.
    pub(crate) fn all(&self) -> [&Utf8Path; 5] {
        [&self.json, &self.page, &self.svg, &self.png, &self.peaks].map(|file| file.as_path())
    }
}

impl Analysis {
    /// Writes all files, each whole or not at all; `title` heads the page.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn write(&self, title: &str, files: &ReportFiles) -> Result<()> {
        let json = serde_json::to_string_pretty(&self.report).expect("numbers, texts and lists");
        let contents = [
            (&files.json, format!("{json}\n").into_bytes()),
            (&files.page, self.page(title).into_bytes()),
            (&files.svg, self.peaks.to_svg().into_bytes()),
            (&files.png, self.peaks.to_png()),
            (&files.peaks, self.peaks.to_json().into_bytes()),
        ];
        let mut drafts = Vec::new();
        for (file, bytes) in contents {
            let draft = Draft::create(file)?;
            let written = std::io::Write::write_all(&mut draft.restart()?, &bytes);
            written.map_err(|source| draft.error(source))?;
            draft.sync()?;
            drafts.push(draft);
        }
        drafts.into_iter().try_for_each(Draft::publish)
    }

    /// The report as a page of its own: no script, nothing to load, light or dark as the reader
    /// has it.
    pub fn page(&self, title: &str) -> String {
        page::page(title, self)
    }
}

/// Measures a sound file as it is, at its own rate, with up to six channels. Sections are in order
/// of time; what is before the first belongs to none.
///
/// # Errors
/// When the file cannot be decoded to its end, or has more channels or another rate than a meter
/// knows.
pub fn analyse(file: &Utf8Path, sections: &[Section]) -> Result<Analysis> {
    let mut take = Take::open(file)?;
    let channels = take.channels.count();
    let mut listener = u16::try_from(channels)
        .ok()
        .and_then(|channels| Listener::new(take.rate, channels, sections))
        .ok_or_else(|| StudioError::Unsupported {
            file: file.to_owned(),
            what: format!("{channels} channels at {} samples a second", take.rate),
        })?;
    while let Some(block) = take.next_block()? {
        listener.push(block);
    }
    Ok(listener.finish())
}
