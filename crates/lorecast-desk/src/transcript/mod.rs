//! The script of an episode in the voice that reads it.

mod anchors;
mod chapters;
mod place;
mod table;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_align::{AlignError, Alignment, FrontEnd, Model, SAMPLE_RATE, Words};
use lorecast_drafter::{SaidSentence, Sayings, Script, Speech};
use lorecast_model::{Deviation, EpisodeId, Heading, Show, Transcript};
use lorecast_people::Veil;
use lorecast_publisher::{TranscriptForm, TranscriptOf, plain_transcript};
use lorecast_show::EpisodeDir;
use lorecast_studio::{Placed, Span, Voices, listen_at};

use self::anchors::Fixed;
pub(crate) use self::place::Cut;
use self::place::Task;
use self::table::Turn;
use crate::people::veil;
use crate::{Desk, Result};

/// What came of placing a script in the voice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    /// The transcript; `None` when there is none to be had.
    pub transcript: Option<Transcript>,
    /// What the producer should know, in words: why there is no transcript, which anchors fit nowhere.
    pub notices: Vec<String>,
}

impl Placement {
    /// Where the voice left the script.
    pub fn deviations(&self) -> &[Deviation] {
        self.transcript.as_ref().map_or(&[], |transcript| &transcript.deviations)
    }
}

/// A script that is ready to be found in a voice.
pub(crate) struct Reader {
    model: Model,
    said: Vec<SaidSentence>,
    headings: Vec<Heading>,
    fixed: Vec<Fixed>,
    words: Words,
    speaker: String,
    notices: Vec<String>,
}

/// Whether there is a script to be found, and why not.
pub(crate) enum Reading {
    /// There is.
    Ready(Box<Reader>),
    /// There is not, and what to do about it.
    No(String),
}

impl Desk<'_> {
    /// The script of an episode with all that helps to find it in the voice.
    pub(crate) fn reader(
        &self,
        show: &Show,
        dir: &EpisodeDir,
        sayings: &[String],
    ) -> Result<Reading> {
        let id = dir.id();
        let Some(text) = dir.script()? else {
            return Ok(Reading::No(format!(
                "no transcript, and chapters from the takes alone: there is no `script.md`; write it with `lorecast script {id}`, then master again"
            )));
        };
        if !is_english(&show.language) {
            return Ok(Reading::No(format!(
                "no transcript, and chapters from the takes alone: there is an acoustic model for English only, and the show's `language` is `{}`",
                show.language
            )));
        }
        let model = match Model::find() {
            Ok(model) => model,
            Err(error) => return Ok(Reading::No(without(&error))),
        };
        let (people, glossary) = (self.dir.people()?, self.glossary()?);
        let speech = Speech { voice: &show.voice, glossary: &glossary };
        let mut all = Sayings::new(&people, speech);
        let words = learn(sayings, &mut all)?;
        let script = Script::read(&text);
        let said = script.said(&all, speech);
        let (fixed, notices) = anchors::fixed(&dir.episode()?.anchors, &said);
        let headings = script
            .sections
            .iter()
            .map(|section| Heading { title: section.plain_title(), level: section.level });
        Ok(Reading::Ready(Box::new(Reader {
            model,
            headings: headings.collect(),
            said,
            fixed,
            words,
            speaker: show.voice.speaker.clone().unwrap_or_else(|| show.author.clone()),
            notices,
        })))
    }

    /// Writes the transcript of an episode beside its sound, or takes away an earlier one.
    pub(crate) fn write_transcript(
        &self,
        show: &Show,
        dir: &EpisodeDir,
        transcript: Option<&Transcript>,
        hidden: &Veil,
    ) -> Result<()> {
        dir.write_transcript(transcript)?;
        let told = transcript.cloned().map(|transcript| veil::transcript(hidden, transcript));
        let title = hidden.text(&dir.episode()?.title).into_owned();
        for form in TranscriptForm::ALL {
            let file = dir.file(form.file_name());
            match &told {
                Some(transcript) => {
                    let about =
                        TranscriptOf { title: &title, language: &show.language, feed: None };
                    lorecast_show::write_atomically(
                        &file,
                        form.write(transcript, &about).as_bytes(),
                    )?;
                }
                None => remove(file)?,
            }
        }
        Ok(())
    }
}

/// Why there is no transcript, when the model is missing or damaged.
fn without(error: &AlignError) -> String {
    let next = match error {
        AlignError::NotInstalled => "then master again",
        _ => "`apt reinstall pocketsphinx-en-us`, then master again",
    };
    format!("no transcript, and chapters from the takes alone: {error}; {next}")
}

/// Takes what was said about words: `uid_t=U I D T, syzbot=/S IH Z B AA T/`. Words with phones are left
/// to the aligner.
fn learn(sayings: &[String], all: &mut Sayings) -> Result<Words> {
    let mut phones = Words::default();
    for text in sayings {
        // It says what is wrong with the first entry that is.
        Words::parse(text)?;
        for (word, said) in text.split(['\n', ',', ';']).filter_map(|entry| entry.split_once('=')) {
            if said.trim().starts_with('/') {
                phones.add(word, said)?;
                all.insist(word, word);
            } else {
                all.insist(word, said);
            }
        }
    }
    Ok(phones)
}

/// Takes a file away that would tell of an earlier master.
fn remove(file: Utf8PathBuf) -> Result<()> {
    match std::fs::remove_file(&file) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(crate::DeskError::Folder { path: file, source })
        }
        _ => Ok(()),
    }
}

/// Whether a language tag names English.
fn is_english(tag: &str) -> bool {
    tag.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

/// To be raised whenever the same script would be placed otherwise in the same voice.
const VERSION: u32 = 2;

impl Reading {
    /// Everything that a placement depends on beside the sound, as one text.
    pub(crate) fn goes_by(&self, hidden: &Veil) -> String {
        match self {
            Self::No(why) => why.clone(),
            Self::Ready(reader) => {
                let Reader { model: _, said, headings, fixed, words, speaker, notices } = &**reader;
                let text = format!("{:?}", (said, headings, fixed, words, speaker, notices));
                // Who asked to be forgotten since goes from tags and transcript.
                format!("{VERSION} {}{text}", hidden.text(&text))
            }
        }
    }

    /// What was found the last time, when that is still there.
    pub(crate) fn placed_before(&self, dir: &EpisodeDir) -> Result<Option<Placement>> {
        Ok(match self {
            Self::No(why) => Some(Placement { transcript: None, notices: vec![why.clone()] }),
            Self::Ready(reader) => dir.transcript()?.map(|transcript| Placement {
                transcript: Some(transcript),
                notices: reader.notices.clone(),
            }),
        })
    }

    /// Finds the script in the voices of an episode; `id` is the episode's, for what to do next.
    pub(crate) fn place(&self, voices: &Voices<'_>, id: EpisodeId) -> (Placed, Placement) {
        let notice = |notice: String| {
            let placement = Placement { transcript: None, notices: vec![notice] };
            (Placed::default(), placement)
        };
        let reader = match self {
            Self::Ready(reader) => reader,
            Self::No(why) => return notice(why.clone()),
        };
        let transcript = match reader.find(voices) {
            Ok(transcript) => transcript,
            Err(error) => {
                return notice(format!(
                    "no transcript, and chapters from the takes alone: {error}"
                ));
            }
        };
        if transcript.heard < Alignment::BELONGS {
            let percent = (transcript.heard * 100.0).round();
            return notice(format!(
                "no transcript, and chapters from the takes alone: `script.md` does not belong to this voice, which says {percent} % of its words; edit it to what was read, or write it anew with `lorecast script {id}`, then master again"
            ));
        }
        let placed = Placed {
            chapters: chapters::chapters(voices.chapters(), &transcript),
            transcript: Some(plain_transcript(&transcript)),
        };
        let mut notices = reader.notices.clone();
        notices.extend(place::too_late(&reader.fixed, &reader.said, voices.length()));
        (placed, Placement { transcript: Some(transcript), notices })
    }
}

impl Reader {
    /// Where each group of sections lies in one recording; see [`place::cuts`].
    pub(crate) fn cuts(
        &self,
        file: &Utf8Path,
        group: &dyn Fn(usize) -> usize,
        wanted: &dyn Fn(usize) -> bool,
    ) -> Result<Option<Vec<Cut>>> {
        let mut front = FrontEnd::new(&self.model);
        listen_at(file, SAMPLE_RATE, &mut |samples| front.push(samples))?;
        let said = self.said.iter().filter(|said| wanted(group(said.section)));
        let said: Vec<SaidSentence> = said.cloned().collect();
        let task = Task {
            said: &said,
            headings: &self.headings,
            fixed: &[],
            words: &self.words,
            turns: &[],
        };
        place::cuts(&self.model, &front.finish(), &task, group)
    }

    fn find(&self, voices: &Voices<'_>) -> Result<Transcript> {
        let mut front = FrontEnd::new(&self.model);
        voices.listen(SAMPLE_RATE, &mut |samples| front.push(samples))?;
        let voice = front.finish();
        let turns: Vec<Turn> = voices.spans().iter().map(|span| self.turn(span)).collect();
        let task = Task {
            said: &self.said,
            headings: &self.headings,
            fixed: &self.fixed,
            words: &self.words,
            turns: &turns,
        };
        place::place(&self.model, &voice, &task)
    }

    fn turn(&self, span: &Span<'_>) -> Turn {
        let guest = span.part.speaker.as_ref();
        let speaker = guest.unwrap_or(&self.speaker).clone();
        Turn { start: span.start, end: span.end, speaker, guest: guest.is_some() }
    }
}
