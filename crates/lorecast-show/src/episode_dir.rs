//! An episode's folder: what is edited, what was generated, what is published.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{ChapterPlan, Episode, EpisodeId, Master, MessageId, Publication, Transcript};

use crate::merge::{self, Layout, Merged};
use crate::moving::IMPORTED_TRANSCRIPT;
use crate::taken_in::{Renamed, Texts, taken_in};
use crate::takes::{self, Owner, Recordings, Take, TakeFile, source, voice_name};
use crate::{Result, ShowError, atomic, by_line, place, yaml};

/// What is said when in the master.
const TRANSCRIPT: &str = "alignment.json";

/// `episodes/<date>/`.
///
/// | file | who writes it |
/// |---|---|
/// | `episode.yaml`, `notes.md` | `draft` begins them, people edit them, `draft` merges into them |
/// | `script.md` | the same with `script` in the place of `draft` |
/// | `.generated/` | both: the text generated last, the ancestor of the next merge |
/// | `takes/` | people |
/// | `voice/` | `master --voice` |
/// | `master.wav`, `master.mp3`, `master.json` | `master` |
/// | `alignment.json`, `transcript.vtt`, `.srt`, `.json`, `.html` | `master` |
/// | `master.report.html`, `.report.json`, `.waveform.svg`, `.waveform.png`, `.peaks.json` | `master` |
/// | `published.yaml` | `publish`, once; `init --import` of what came out elsewhere |
/// | `imported.mp3` (or another ending), `spoken.json` | `init --import --download` |
#[derive(Clone, Debug)]
pub struct EpisodeDir {
    id: EpisodeId,
    path: Utf8PathBuf,
}

/// What became of a file that people edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not there before.
    New,
    /// It did not change.
    Same,
    /// The new draft went in, beside the edits if there were any.
    Merged,
    /// Both sides changed the same lines; the first marker stands in this line, from 1.
    Conflict(usize),
}

/// What became of an episode's two edited files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// `episode.yaml`.
    pub episode: Outcome,
    /// `notes.md`.
    pub notes: Outcome,
}

impl EpisodeDir {
    pub(crate) fn new(id: EpisodeId, path: Utf8PathBuf) -> Self {
        Self { id, path }
    }

    /// The episode's date.
    pub fn id(&self) -> EpisodeId {
        self.id
    }

    /// The folder.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Whether it has been drafted.
    pub fn exists(&self) -> bool {
        self.file("episode.yaml").is_file()
    }

    /// A file of the episode.
    pub fn file(&self, name: &str) -> Utf8PathBuf {
        self.path.join(name)
    }

    /// Reads `episode.yaml`.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn episode(&self) -> Result<Episode> {
        let file = self.file("episode.yaml");
        let text = yaml::read_text(&file)?;
        merge::settled(&file, &text)?;
        let episode = yaml::parse(&file, &text)?;
        check_values(&file, &text, &episode)?;
        Ok(episode)
    }

    /// What is wrong with a story of `episode.yaml`, at the line of its `key: value`, or at its own.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn wrong_story(
        &self,
        id: &MessageId,
        key: &str,
        value: &str,
        message: String,
    ) -> Result<ShowError> {
        let file = self.file("episode.yaml");
        let text = yaml::read_text(&file)?;
        let story = place::of_entries(&text, "id", id.as_str()).first().copied().unwrap_or(1);
        let line = place::within(&text, story, key, value);
        Ok(ShowError::Entry { file, line, message })
    }

    /// The episode as the last draft wrote it, decisions of the command line included: what
    /// `episode.yaml` has beyond it is a person's. `None` before the first draft.
    ///
    /// # Errors
    /// When the copy of the last draft cannot be read.
    pub fn generated(&self) -> Result<Option<Episode>> {
        let file = self.file(".generated").join("episode.yaml");
        if file.is_file() { yaml::read(&file).map(Some) } else { Ok(None) }
    }

    /// Reads `notes.md`.
    ///
    /// # Errors
    /// When it cannot be read, or still holds markers of a conflict.
    pub fn notes(&self) -> Result<String> {
        read_notes(&self.file("notes.md"))
    }

    /// Merges other words for a [`passage`](crate::passage) of `notes.md` into what stands there now: `base` is what stood there
    /// when they were written. `None` when the notes do not have the passage.
    ///
    /// # Errors
    /// When the notes cannot be read or written, or an earlier conflict is not settled.
    pub fn weave(
        &self,
        about: impl Fn(&str) -> Option<bool>,
        base: &str,
        text: &str,
    ) -> Result<Option<Outcome>> {
        let notes = self.notes()?;
        let Some(place) = crate::passage(&notes, about) else { return Ok(None) };
        let ended = |text: &str| format!("{}\n", text.trim_end());
        let merged = merge::three_way(&ended(base), &ended(&notes[place.clone()]), &ended(text));
        let whole = [&notes[..place.start], &merged.text, &notes[place.end..]].concat();
        if whole == notes {
            return Ok(Some(Outcome::Same));
        }
        let before = notes[..place.start].lines().count();
        atomic::write(&self.file("notes.md"), whole.as_bytes())?;
        Ok(Some(
            merged
                .conflicts
                .first()
                .map_or(Outcome::Merged, |line| Outcome::Conflict(before + line)),
        ))
    }

    /// Merges a new draft, which keeps to the decisions in `episode.yaml`, into what is there; it
    /// calls some stories of that file by other names. An unsettled conflict is reported before
    /// anything is written.
    ///
    /// # Errors
    /// When a file cannot be read or written, or an earlier conflict is not settled.
    pub fn draft(&self, episode: &Episode, notes: &str, renamed: &Renamed) -> Result<Drafted> {
        let plans = [self.plan_episode(episode, renamed)?, self.plan("notes.md", notes)?];
        for plan in &plans {
            plan.carry_out()?;
        }
        Ok(Drafted { episode: plans[0].outcome, notes: plans[1].outcome })
    }

    /// Changes `episode.yaml` as its producer would by hand: only the lines that say something else
    /// change; comments, order and layout stay.
    ///
    /// # Errors
    /// When it cannot be read or written, or is laid out so that the change has no clear place.
    pub fn edit(&self, change: impl Fn(&mut Episode)) -> Result<Outcome> {
        let file = self.file("episode.yaml");
        let yours = yaml::read_text(&file)?;
        merge::settled(&file, &yours)?;
        let episode: Episode = yaml::parse(&file, &yours)?;
        let mut changed = episode.clone();
        change(&mut changed);
        let (before, after) = (yaml::write(&file, &episode)?, yaml::write(&file, &changed)?);
        let merged = merge::by_block(Layout::Yaml, &before, &yours, &after);
        // Where two edits meet, the text can be whole and still say something else.
        let says_so = |text: &String| yaml::parse(&file, text).ok().as_ref() == Some(&changed);
        let by_line = || by_line::edited(&yours, &episode, &changed);
        let merged_text = Some(merged.text).filter(|_| merged.conflicts.is_empty());
        let edited = merged_text.filter(says_so).or_else(|| Some(by_line()).filter(says_so));
        let Some(edited) = edited else {
            let line = merged.conflicts.first().copied().unwrap_or(1);
            return Err(ShowError::EditByHand { file, line });
        };
        if edited == yours {
            return Ok(Outcome::Same);
        }
        atomic::write(&file, edited.as_bytes())?;
        // The next draft takes the change from the file: to its merge it is no edit by hand.
        let base = self.file(".generated").join("episode.yaml");
        if base.is_file() {
            let mut generated: Episode = yaml::read(&base)?;
            change(&mut generated);
            atomic::write(&base, yaml::write(&base, &generated)?.as_bytes())?;
        }
        Ok(Outcome::Merged)
    }

    /// Reads `script.md`; `None` before there is one.
    ///
    /// # Errors
    /// When it cannot be read, or still holds markers of a conflict.
    pub fn script(&self) -> Result<Option<String>> {
        let file = self.file("script.md");
        if !file.is_file() {
            return Ok(None);
        }
        let text = yaml::read_text(&file)?;
        merge::settled(&file, &text)?;
        Ok(Some(text))
    }

    /// Merges a new script into what people made of the last one.
    ///
    /// # Errors
    /// When a file cannot be read or written, or an earlier conflict is not settled.
    pub fn write_script(&self, text: &str) -> Result<Outcome> {
        let plan = self.plan("script.md", text)?;
        plan.carry_out()?;
        Ok(plan.outcome)
    }

    /// The recordings in `takes/`, told apart; a machine's reading stands in for a missing one where
    /// the chapter says `synthetic: true`.
    ///
    /// # Errors
    /// [`ShowError::TwoTakes`], and when chapters share a recording and do not say where they begin.
    pub fn recordings(&self, episode: &Episode) -> Result<Recordings> {
        let found = Recordings::of(episode, &self.file("takes"), &self.file("voice"))?;
        for (at, plan) in episode.chapters.iter().enumerate() {
            let before = episode.chapters[..at].iter().rev().find(|p| source(p) == source(plan));
            let Some(before) = before else { continue };
            let later = match (before.from, plan.from) {
                (None, Some(from)) => from.0 > 0.0,
                (Some(start), Some(from)) => from.0 > start.0,
                (_, None) => false,
            };
            if !later {
                return Err(self.wrong_chapter(at, format!(
                    "the chapters `{}` and `{}` share the recording `{}`: say where each begins with `from: 12:34`, in their order, or let `lorecast master {} --split` find out",
                    before.title, plan.title, source(plan), self.id
                ))?);
            }
        }
        Ok(found)
    }

    /// Every recording in `takes/`, and whom it is for.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn take_files(&self, episode: &Episode) -> Result<Vec<TakeFile>> {
        takes::take_files(episode, &self.file("takes"))
    }

    /// A name, with this ending, for another take of somebody's, which will be the one that counts; without an owner, a name
    /// that belongs to nothing. `None` when `episode.yaml` leaves no name that would be understood.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn free_take(
        &self,
        episode: &Episode,
        owner: Option<Owner>,
        ending: &str,
    ) -> Result<Option<String>> {
        takes::free_name(episode, &self.file("takes"), owner, ending)
    }

    /// Takes back what was recorded of a publication that is not out yet.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn drop_publication(&self) -> Result<()> {
        let path = self.file("published.yaml");
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(ShowError::Write { path, source })
            }
            _ => Ok(()),
        }
    }

    /// The recordings of the planned chapters, in order.
    ///
    /// # Errors
    /// [`ShowError::NoTake`] when one is missing, and as [`EpisodeDir::recordings`].
    pub fn takes(&self, episode: &Episode) -> Result<Vec<Take>> {
        let found = self.recordings(episode)?.takes.into_iter().zip(&episode.chapters);
        found
            .map(|(take, plan)| take.ok_or_else(|| self.no_take(&plan.title, &plan.take)))
            .collect()
    }

    /// That a recording is missing.
    pub fn no_take(&self, chapter: &str, take: &str) -> ShowError {
        ShowError::NoTake {
            chapter: chapter.to_owned(),
            take: take.to_owned(),
            dir: self.file("takes"),
        }
    }

    /// Where what a machine reads of a chapter is kept; never among the takes.
    pub fn voice_take(&self, plan: &ChapterPlan) -> Utf8PathBuf {
        self.file("voice").join(format!("{}.wav", voice_name(plan)))
    }

    /// What is wrong with a filler of `episode.yaml`, at its line.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn wrong_filler(&self, take: &str, message: String) -> Result<ShowError> {
        let file = self.file("episode.yaml");
        let text = yaml::read_text(&file)?;
        let lines = place::of_entries(&text, "take", take);
        let line = lines.last().copied().unwrap_or_else(|| place::of_key(&text, "fillers"));
        Ok(ShowError::Entry { file, line, message })
    }

    /// What is wrong with a chapter of `episode.yaml`, from 0, at its line.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn wrong_chapter(&self, at: usize, message: String) -> Result<ShowError> {
        let file = self.file("episode.yaml");
        let text = yaml::read_text(&file)?;
        let title = self.episode()?.chapters.get(at).map(|plan| plan.title.clone());
        let lines = place::of_entries(&text, "title", &title.unwrap_or_default());
        let line = lines.first().copied().unwrap_or_else(|| place::of_key(&text, "chapters"));
        Ok(ShowError::Entry { file, line, message })
    }

    /// What the studio made; `None` when it has not been mastered here.
    ///
    /// # Errors
    /// When `master.json` is not what the studio wrote.
    pub fn master(&self) -> Result<Option<Master>> {
        let file = self.file("master.json");
        // JSON is YAML, and errors come with their line.
        if file.is_file() { yaml::read(&file).map(Some) } else { Ok(None) }
    }

    /// Keeps what the studio made.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_master(&self, master: &Master) -> Result<()> {
        let file = self.file("master.json");
        let json = serde_json::to_string_pretty(master).map_err(|error| ShowError::Write {
            path: file.clone(),
            source: std::io::Error::other(error),
        })?;
        atomic::write(&file, format!("{json}\n").as_bytes())
    }

    /// What is said when in the master; `None` when that is not known.
    ///
    /// # Errors
    /// When `alignment.json` is not what `master` wrote.
    pub fn transcript(&self) -> Result<Option<Transcript>> {
        let file = self.transcript_file();
        if file.exists() { read_transcript(&file).map(Some) } else { Ok(None) }
    }

    /// Where it is kept what is said when in the master: [`read_transcript`] reads it.
    pub fn transcript_file(&self) -> Utf8PathBuf {
        self.file(TRANSCRIPT)
    }

    /// The same for sound that was not mastered here; not there when its feed did not tell.
    pub fn imported_transcript_file(&self) -> Utf8PathBuf {
        self.file(IMPORTED_TRANSCRIPT)
    }

    /// Keeps what is said when in the master, or takes away what was known of an earlier one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_transcript(&self, transcript: Option<&Transcript>) -> Result<()> {
        let file = self.transcript_file();
        let fail = |source| ShowError::Write { path: file.clone(), source };
        let Some(transcript) = transcript else {
            return match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(fail(error)),
                _ => Ok(()),
            };
        };
        self.keep_transcript(TRANSCRIPT, transcript)
    }

    pub(crate) fn keep_transcript(&self, name: &str, transcript: &Transcript) -> Result<()> {
        let file = self.file(name);
        let json = serde_json::to_string(transcript).map_err(|error| ShowError::Write {
            path: file.clone(),
            source: std::io::Error::other(error),
        })?;
        atomic::write(&file, format!("{json}\n").as_bytes())
    }

    /// What a published episode keeps for ever; `None` before it is published.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn publication(&self) -> Result<Option<Publication>> {
        let file = self.file("published.yaml");
        if file.is_file() { yaml::read(&file).map(Some) } else { Ok(None) }
    }

    /// Records the publication, once.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_publication(&self, publication: &Publication) -> Result<()> {
        let file = self.file("published.yaml");
        atomic::write(&file, yaml::write(&file, publication)?.as_bytes())
    }

    fn plan(&self, name: &str, new: &str) -> Result<Plan> {
        let Read { file, base, yours, ancestor } = self.read(name)?;
        let merged = match &yours {
            None => Merged { text: new.to_owned(), conflicts: Vec::new() },
            // Without an ancestor every line counts as yours, so nothing of it can be lost.
            Some(yours) => merge::by_block(Layout::Prose, &ancestor, yours, new),
        };
        Ok(Plan::new(file, base, yours.as_deref(), merged, new))
    }

    fn plan_episode(&self, episode: &Episode, renamed: &Renamed) -> Result<Plan> {
        let Read { file, base, yours, ancestor } = self.read("episode.yaml")?;
        let new = yaml::write(&file, episode)?;
        let Some(yours) = yours else {
            let merged = Merged { text: new.clone(), conflicts: Vec::new() };
            return Ok(Plan::new(file, base, None, merged, &new));
        };
        let texts = Texts { base: ancestor, yours: yours.clone(), new: new.clone() };
        let Texts { base: before, yours: own, new: after } =
            taken_in(&file, texts, episode, renamed)?;
        let merged = merge::by_block(Layout::Yaml, &before, &own, &after);
        // A file that is laid out as no list of blocks is merged as lines.
        let broken =
            merged.conflicts.is_empty() && yaml::parse::<Episode>(&file, &merged.text).is_err();
        let merged = if broken { merge::three_way(&before, &own, &after) } else { merged };
        Ok(Plan::new(file, base, Some(&yours), merged, &new))
    }

    /// A file that people edit, and the ancestor of its merge: empty when there is none.
    fn read(&self, name: &str) -> Result<Read> {
        let (file, base) = (self.file(name), self.file(".generated").join(name));
        let yours = file.is_file().then(|| yaml::read_text(&file)).transpose()?;
        if let Some(yours) = &yours {
            merge::settled(&file, yours)?;
        }
        let ancestor = base.is_file().then(|| yaml::read_text(&base)).transpose()?;
        Ok(Read { file, base, yours, ancestor: ancestor.unwrap_or_default() })
    }
}

/// What a merge begins with.
struct Read {
    file: Utf8PathBuf,
    base: Utf8PathBuf,
    yours: Option<String>,
    ancestor: String,
}

/// Reads what is said when.
///
/// # Errors
/// When there is no such file, or it is not what [`EpisodeDir::write_transcript`] wrote.
pub fn read_transcript(file: &Utf8Path) -> Result<Transcript> {
    // It is as large as an episode is long: YAML would take seconds for it.
    std::fs::read(file)
        .and_then(|bytes| serde_json::from_slice(&bytes).map_err(std::io::Error::other))
        .map_err(|source| ShowError::Read { path: file.to_owned(), source })
}

/// Reads notes from a file, which need not be an episode's.
///
/// # Errors
/// When it cannot be read, is too large, or still holds markers of a conflict.
pub fn read_notes(file: &Utf8Path) -> Result<String> {
    let text = yaml::read_text(file)?;
    merge::settled(file, &text)?;
    Ok(text)
}

/// A merge that is ready to be written.
struct Plan {
    file: Utf8PathBuf,
    base: Utf8PathBuf,
    text: String,
    generated: String,
    outcome: Outcome,
}

impl Plan {
    fn new(
        file: Utf8PathBuf,
        base: Utf8PathBuf,
        yours: Option<&str>,
        merged: Merged,
        generated: &str,
    ) -> Self {
        let outcome = match (yours, merged.conflicts.first()) {
            (_, Some(line)) => Outcome::Conflict(*line),
            (None, None) => Outcome::New,
            (Some(yours), None) if *yours == merged.text => Outcome::Same,
            (Some(_), None) => Outcome::Merged,
        };
        Self { file, base, text: merged.text, generated: generated.to_owned(), outcome }
    }

    /// The edited file first: after a crash in between, the next merge finds the same change on
    /// both sides and takes it once.
    fn carry_out(&self) -> Result<()> {
        if self.outcome != Outcome::Same {
            atomic::write(&self.file, self.text.as_bytes())?;
        }
        atomic::write(&self.base, self.generated.as_bytes())
    }
}

/// What the types cannot say.
fn check_values(file: &Utf8Path, text: &str, episode: &Episode) -> Result<()> {
    if episode.window.from > episode.window.to {
        return Err(ShowError::Value {
            file: file.to_owned(),
            line: place::of_key(text, "window.from"),
            key: "window",
            message: format!(
                "it begins on {} and ends before, on {}: write the first day under `from:`",
                episode.window.from, episode.window.to
            ),
        });
    }
    if let Some((key, message)) = episode.feed.unfit() {
        let line = place::of_key(text, key);
        return Err(ShowError::Value { file: file.to_owned(), line, key, message });
    }
    let stories: Vec<&MessageId> = episode.stories.iter().map(|story| &story.id).collect();
    let follow_ups: Vec<&MessageId> = episode.follow_ups.iter().map(|told| &told.id).collect();
    for (ids, what) in [(stories, "story"), (follow_ups, "follow-up")] {
        let mut seen = BTreeSet::new();
        let Some(id) = ids.into_iter().find(|id| !seen.insert(*id)) else { continue };
        let lines = place::of_entries(text, "id", id.as_str());
        let (first, second) = (lines.first().unwrap_or(&1), lines.get(1).unwrap_or(&1));
        return Err(ShowError::Entry {
            file: file.to_owned(),
            line: *second,
            message: format!(
                "the {what} `{id}` stands here a second time, after line {first}: keep one of them"
            ),
        });
    }
    Ok(())
}
