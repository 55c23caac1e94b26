//! A script read by a program.

mod said;
mod sentence;

use camino::{Utf8Path, Utf8PathBuf};
use data_encoding::HEXLOWER;
use lorecast_drafter::{SaidSentence, Sayings, Script, Speech};
use lorecast_model::{ChapterPlan, EpisodeId, ReadBy, Seconds, Voice};
use lorecast_show::EpisodeDir;
use lorecast_studio::{Piece, join_speech};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::said::aloud;
use self::sentence::Reader;
use crate::{Desk, DeskError, Result, Unit};

/// What a program read aloud.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VoiceReport {
    /// The chapters that it reads.
    pub chapters: Vec<ReadChapter>,
    /// The titles of those that have a real recording.
    pub recorded: Vec<String>,
}

/// A chapter that a program reads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReadChapter {
    /// Its title.
    pub chapter: String,
    /// The sound.
    pub file: Utf8PathBuf,
    /// How long it is.
    pub length: Seconds,
    /// How many sentences it has.
    pub sentences: usize,
    /// Whether it was read in an earlier run already.
    pub reused: bool,
}

/// What lies beside the sound: `voice/mm.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Beside {
    /// A digest of the words, the program, and how it is asked.
    made_of: String,
    /// When each is said.
    sentences: Vec<Timed>,
}

/// A sentence, or a paragraph, in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Timed {
    /// As the script shows it.
    text: String,
    from: Seconds,
    to: Seconds,
}

/// Some sentences that are read in one go.
struct Passage {
    shown: String,
    spoken: String,
    pause: Seconds,
}

/// Raised when the same words come out otherwise than before.
const VERSION: u32 = 1;
/// Silence between two sentences, and between two paragraphs, in seconds.
const BETWEEN_SENTENCES: f64 = 0.3;
const BETWEEN_PARAGRAPHS: f64 = 0.7;

impl Desk<'_> {
    /// Lets the program of `voice.command` read every chapter without a recording of its own into
    /// `voice/`, and says so in `episode.yaml`. What was read before and has not changed is kept. An
    /// episode without a script gets one, and without chapters those of its script.
    ///
    /// # Errors
    /// When no program is named, it fails, or a chapter has no words.
    pub fn read_aloud(&self, id: EpisodeId) -> Result<VoiceReport> {
        let show = self.dir.show()?;
        if show.voice.command.is_empty() {
            return Err(DeskError::NoVoice { file: self.dir.root().join("show.yaml") });
        }
        let dir = self.dir.episode(id)?;
        if dir.script()?.is_none() {
            self.script(id)?;
        }
        let script = Script::read(&dir.script()?.unwrap_or_default());
        plan_chapters(&dir, &script)?;
        let episode = dir.episode()?;
        let (people, glossary) = (self.dir.people()?, self.glossary()?);
        let speech = Speech { voice: &show.voice, glossary: &glossary };
        let said = script.said(&Sayings::new(&people, speech), speech);
        let titles: Vec<&str> = episode.chapters.iter().map(|plan| plan.title.as_str()).collect();
        let places = script.chapters(&titles);
        let found = dir.recordings(&episode)?;
        let real: Vec<bool> = found
            .takes
            .iter()
            .map(|take| take.as_ref().is_some_and(|take| !take.synthetic))
            .collect();
        let mut report = VoiceReport { chapters: Vec::new(), recorded: Vec::new() };
        let all = said.len() as u64;
        let task = self.progress.begin("reading the script", all, Unit::Things);
        let mut done = 0;
        for (at, plan) in episode.chapters.iter().enumerate() {
            let own: Vec<&SaidSentence> =
                said.iter().filter(|s| places.get(s.section) == Some(&at)).collect();
            if real[at] {
                report.recorded.push(plan.title.clone());
            } else {
                let passages = passages(&own, show.voice.by);
                let read = self.read_chapter(&dir, plan, &show.voice, &passages, &mut |more| {
                    task.set(done + more);
                })?;
                report.chapters.push(ReadChapter { sentences: own.len(), ..read });
            }
            done += own.len() as u64;
            task.set(done);
        }
        dir.edit(|episode| {
            for (plan, real) in episode.chapters.iter_mut().zip(&real) {
                plan.synthetic = !real;
            }
        })?;
        Ok(report)
    }

    fn read_chapter(
        &self,
        dir: &EpisodeDir,
        plan: &ChapterPlan,
        voice: &Voice,
        passages: &[Passage],
        progress: &mut dyn FnMut(u64),
    ) -> Result<ReadChapter> {
        if passages.is_empty() {
            return Err(DeskError::NoWords { chapter: plan.title.clone(), id: dir.id() });
        }
        let file = dir.voice_take(plan);
        let beside = file.with_extension("json");
        let made_of = digest(voice, passages);
        let chapter = |length, reused| ReadChapter {
            chapter: plan.title.clone(),
            file: file.clone(),
            length,
            sentences: passages.len(),
            reused,
        };
        if earlier(&beside).is_some_and(|before| before.made_of == made_of)
            && let Ok(info) = lorecast_studio::probe(&file)
        {
            return Ok(chapter(info.length, true));
        }
        let reader = Reader::new(voice, self.root())?;
        let mut pieces = Vec::new();
        for (at, passage) in passages.iter().enumerate() {
            let sound = reader.read(&passage.spoken, at)?;
            pieces.push(Piece { file: sound, pause: passage.pause });
            progress(at as u64 + 1);
        }
        let heard = join_speech(&pieces, &file).map_err(|error| reader.explain(error, passages))?;
        let timed = passages.iter().zip(&heard).map(|(passage, heard)| Timed {
            text: passage.shown.clone(),
            from: heard.from,
            to: heard.to,
        });
        let length = heard.last().map_or(Seconds(0.0), |last| last.to);
        let sentences = timed.collect();
        let json = serde_json::to_string_pretty(&Beside { made_of, sentences }).unwrap_or_default();
        lorecast_show::write_atomically(&beside, format!("{json}\n").as_bytes())?;
        Ok(chapter(length, false))
    }
}

/// An episode that plans no chapters gets those of its script: the headings of the second level, or of
/// the first where there is none.
fn plan_chapters(dir: &EpisodeDir, script: &Script) -> Result<()> {
    if !dir.episode()?.chapters.is_empty() {
        return Ok(());
    }
    let level = if script.sections.iter().any(|section| section.level == 2) { 2 } else { 1 };
    let titles = script.sections.iter().filter(|section| section.level == level);
    let titles: Vec<String> =
        titles.map(|section| section.plain_title()).filter(|title| !title.is_empty()).collect();
    let chapter = |(at, title): (usize, &String)| ChapterPlan {
        title: title.clone(),
        take: lorecast_show::take_name(at, title),
        ..ChapterPlan::default()
    };
    dir.edit(|episode| episode.chapters = titles.iter().enumerate().map(chapter).collect())?;
    match titles.is_empty() {
        true => Err(DeskError::NoChapters { file: dir.file("episode.yaml") }),
        false => Ok(()),
    }
}

/// Sentences as the program is given them. Headings are not read.
fn passages(sentences: &[&SaidSentence], by: ReadBy) -> Vec<Passage> {
    let mut made: Vec<(usize, Passage)> = Vec::new();
    for (at, sentence) in sentences.iter().enumerate() {
        let spoken = aloud(sentence);
        if !spoken.contains(char::is_alphanumeric) {
            continue;
        }
        let last = sentences.get(at + 1).is_none_or(|next| next.paragraph != sentence.paragraph);
        let pause = Seconds(if last { BETWEEN_PARAGRAPHS } else { BETWEEN_SENTENCES });
        match made.last_mut() {
            Some((paragraph, passage))
                if by == ReadBy::Paragraph
                    && *paragraph == sentence.paragraph
                    && passage.spoken.len() + spoken.len() < sentence::LONGEST_TEXT =>
            {
                passage.shown.push_str(&format!(" {}", sentence.text));
                passage.spoken.push_str(&format!(" {spoken}"));
                passage.pause = pause;
            }
            _ => {
                let shown = sentence.text.clone();
                made.push((sentence.paragraph, Passage { shown, spoken, pause }));
            }
        }
    }
    made.into_iter().map(|(_, passage)| passage).collect()
}

fn digest(voice: &Voice, passages: &[Passage]) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    add(&VERSION.to_string());
    voice.command.iter().for_each(|word| add(word));
    for passage in passages {
        add(&passage.shown);
        add(&passage.spoken);
        add(&passage.pause.0.to_string());
    }
    HEXLOWER.encode(&hash.finalize())
}

/// What an earlier run left; nothing when it cannot be read.
fn earlier(beside: &Utf8Path) -> Option<Beside> {
    serde_json::from_slice(&std::fs::read(beside).ok()?).ok()
}
