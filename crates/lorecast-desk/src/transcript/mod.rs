//! The script of an episode in the voice that reads it.

mod anchors;
mod chapters;
mod hear;
mod place;
mod table;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_align::{AlignError, Alignment, Model, SAMPLE_RATE, Words};
use lorecast_drafter::{SaidSentence, Sayings, Script, Speech, written};
use lorecast_model::{Deviation, EpisodeId, Heading, Sentence, Show, Transcript};
use lorecast_people::Veil;
use lorecast_publisher::{TranscriptForm, TranscriptOf, plain_transcript};
use lorecast_show::EpisodeDir;
use lorecast_studio::{Placed, Said, Span, Voices, listen_at, probe};

use self::anchors::Fixed;
use self::hear::{hear, seek};
pub(crate) use self::place::Cut;
use self::place::Task;
use self::table::Turn;
use crate::people::veil;
use crate::{Desk, Progress, Result};

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

/// A variable of the environment: a folder with an acoustic model, for whoever cannot install one.
const FOLDER: &str = "LORECAST_ACOUSTIC_MODEL";

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
    /// There is not.
    No(Obstacle),
}

/// Why no script can be found in any voice, and what to do about it.
pub(crate) struct Obstacle {
    why: String,
    /// It goes when the producer does what it says.
    passes: bool,
}

impl Obstacle {
    /// The model is missing or damaged.
    fn of(error: &AlignError) -> Self {
        let why = match error {
            AlignError::NotInstalled { .. } => error.to_string(),
            _ => format!("{error}; `apt reinstall pocketsphinx-en-us`"),
        };
        Self { why, passes: true }
    }

    /// In words; `again` is what to do once more then.
    pub(crate) fn then(&self, again: &str) -> String {
        match self.passes {
            true => format!("{}, then {again} again", self.why),
            false => self.why.clone(),
        }
    }

    fn notice(&self) -> String {
        format!("no transcript, and chapters from the takes alone: {}", self.then("master"))
    }
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
            let why = format!("there is no `script.md`; write it with `lorecast script {id}`");
            return Ok(Reading::No(Obstacle { why, passes: true }));
        };
        if !is_english(&show.language) {
            let why = format!(
                "there is an acoustic model for English only, and the show's `language` is `{}`",
                show.language
            );
            return Ok(Reading::No(Obstacle { why, passes: false }));
        }
        let model = match model() {
            Ok(model) => model,
            Err(error) => return Ok(Reading::No(Obstacle::of(&error))),
        };
        let (people, glossary) = (self.dir.people()?, self.glossary()?);
        let speech = Speech { voice: &show.voice, glossary: &glossary };
        let mut all = Sayings::new(&people, speech);
        let words = learn(sayings, &mut all)?;
        let script = Script::read(&text);
        let said = script.said(&all, speech);
        // Without notes, or with a conflict in them, the script is shown as it is said.
        let shown = written(&said, &dir.notes().unwrap_or_default(), speech);
        let (fixed, notices) = anchors::fixed(&dir.episode()?.anchors, &said, &shown);
        let headings = script
            .sections
            .iter()
            .map(|section| Heading { title: section.plain_title(), level: section.level });
        Ok(Reading::Ready(Box::new(Reader {
            model,
            headings: headings.collect(),
            said: shown,
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

/// The acoustic model of this machine, or the one in the folder that [`FOLDER`] names.
fn model() -> std::result::Result<Model, AlignError> {
    match std::env::var(FOLDER) {
        Ok(folder) if !folder.is_empty() => Model::find_in(&[&folder]),
        _ => Model::find(),
    }
}

/// A sentence as the rate of speech is made of it.
fn said(sentence: &Sentence) -> Said {
    let words = u32::try_from(sentence.spoken_words()).unwrap_or(u32::MAX);
    Said { start: sentence.start, end: sentence.end, words }
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
const VERSION: u32 = 3;

impl Reading {
    /// Everything that a placement depends on beside the sound, as one text.
    pub(crate) fn goes_by(&self, hidden: &Veil) -> String {
        match self {
            Self::No(why) => why.notice(),
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
            Self::No(why) => Some(Placement { transcript: None, notices: vec![why.notice()] }),
            Self::Ready(reader) => dir.transcript()?.map(|transcript| Placement {
                transcript: Some(transcript),
                notices: reader.notices.clone(),
            }),
        })
    }

    /// Finds the script in the voices of an episode; `id` is the episode's, for what to do next.
    pub(crate) fn place(
        &self,
        voices: &Voices<'_>,
        id: EpisodeId,
        progress: &dyn Progress,
    ) -> (Placed, Placement) {
        let notice = |notice: String| {
            let placement = Placement { transcript: None, notices: vec![notice] };
            (Placed::default(), placement)
        };
        let reader = match self {
            Self::Ready(reader) => reader,
            Self::No(why) => return notice(why.notice()),
        };
        if reader.said.is_empty() {
            return notice(format!(
                "no transcript, and chapters from the takes alone: `script.md` has no sentence; write what was read, or write it anew with `lorecast script {id}`, then master again"
            ));
        }
        let transcript = match reader.find(voices, progress) {
            Ok(Some(transcript)) => transcript,
            Ok(None) => {
                return notice(
                    "no transcript, and chapters from the takes alone: nobody is heard in the takes; listen to them, then master again".to_owned(),
                );
            }
            Err(error) => {
                return notice(format!(
                    "no transcript, and chapters from the takes alone: {error}"
                ));
            }
        };
        if transcript.heard < Alignment::BELONGS {
            let percent = (transcript.heard * 100.0).round();
            return notice(format!(
                "no transcript, and chapters from the takes alone: `script.md` does not belong to this voice, which says {percent} % of its words in {}; edit it to what was read, or write it anew with `lorecast script {id}`, then master again",
                voices.length()
            ));
        }
        let placed = Placed {
            chapters: chapters::chapters(voices.chapters(), &transcript),
            transcript: Some(plain_transcript(&transcript)),
            said: transcript.sentences.iter().map(said).collect(),
            deviations: Some(transcript.deviations.clone()),
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
        progress: &dyn Progress,
    ) -> Result<Option<Vec<Cut>>> {
        let length = probe(file)?.length;
        let voice = hear(&self.model, length, progress, |each| {
            listen_at(file, SAMPLE_RATE, each).map(|_| ())
        })?;
        let said = self.said.iter().filter(|said| wanted(group(said.section)));
        let said: Vec<SaidSentence> = said.cloned().collect();
        let task = Task {
            said: &said,
            headings: &self.headings,
            fixed: &[],
            words: &self.words,
            turns: &[],
        };
        seek(progress, |share| place::cuts(&self.model, &voice.cepstra, &task, group, share))
    }

    fn find(&self, voices: &Voices<'_>, progress: &dyn Progress) -> Result<Option<Transcript>> {
        let voice =
            hear(&self.model, voices.length(), progress, |each| voices.listen(SAMPLE_RATE, each))?;
        if voice.silent {
            return Ok(None);
        }
        let turns: Vec<Turn> = voices.spans().iter().map(|span| self.turn(span)).collect();
        let task = Task {
            said: &self.said,
            headings: &self.headings,
            fixed: &self.fixed,
            words: &self.words,
            turns: &turns,
        };
        let found = seek(progress, |share| place::place(&self.model, &voice.cepstra, &task, share));
        found.map(Some)
    }

    fn turn(&self, span: &Span<'_>) -> Turn {
        let guest = span.part.speaker.as_ref();
        let speaker = guest.unwrap_or(&self.speaker).clone();
        Turn { start: span.start, end: span.end, speaker, guest: guest.is_some() }
    }
}
