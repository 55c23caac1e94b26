//! An episode's folder: what is edited, what was generated, what is published.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Episode, EpisodeId, Master, MessageId, Publication};

use crate::merge::{self, Layout, Merged};
use crate::taken_in::{Renamed, Texts, taken_in};
use crate::{Result, ShowError, atomic, by_line, place, yaml};

/// `episodes/<date>/`.
///
/// | file | who writes it |
/// |---|---|
/// | `episode.yaml`, `notes.md` | `draft` begins them, people edit them, `draft` merges into them |
/// | `script.md` | the same with `script` in the place of `draft` |
/// | `.generated/` | both: the text generated last, the ancestor of the next merge |
/// | `takes/` | people |
/// | `master.wav`, `master.mp3`, `master.json` | `master` |
/// | `published.yaml` | `publish`, once |
#[derive(Clone, Debug)]
pub struct EpisodeDir {
    id: EpisodeId,
    path: Utf8PathBuf,
}

/// A recording and the chapter that it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// The chapter's title.
    pub chapter: String,
    /// The recording.
    pub file: Utf8PathBuf,
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

/// The endings of files that the studio may be able to read.
const SOUND: [&str; 13] =
    ["wav", "flac", "mp3", "ogg", "oga", "m4a", "mp4", "aac", "aiff", "aif", "caf", "opus", "webm"];

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

    /// The recordings of the planned chapters, in order. Of retakes (`intro.wav`, `intro.2.wav`,
    /// `intro.3.flac`) the last one counts.
    ///
    /// # Errors
    /// [`ShowError::NoTake`] and [`ShowError::TwoTakes`].
    pub fn takes(&self, episode: &Episode) -> Result<Vec<Take>> {
        let folder = self.file("takes");
        let recordings = recordings(&folder)?;
        episode
            .chapters
            .iter()
            .map(|plan| {
                let of_plan = |file: &&Utf8PathBuf| retake(file, &plan.take);
                let last = recordings.iter().filter_map(|file| of_plan(&file)).max();
                let mut named =
                    recordings.iter().filter(|file| last.is_some() && of_plan(file) == last);
                match (named.next(), named.next()) {
                    (Some(file), None) => {
                        Ok(Take { chapter: plan.title.clone(), file: file.clone() })
                    }
                    (Some(first), Some(second)) => Err(ShowError::TwoTakes {
                        take: plan.take.clone(),
                        first: first.clone(),
                        second: second.clone(),
                    }),
                    (None, _) => Err(ShowError::NoTake {
                        chapter: plan.title.clone(),
                        take: plan.take.clone(),
                        dir: folder.clone(),
                    }),
                }
            })
            .collect()
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

/// Which take of that name a file is: 1 for `intro.wav`, 2 for `intro.2.wav`; `None` for another's.
fn retake(file: &Utf8Path, take: &str) -> Option<u32> {
    let rest = file.file_stem()?.strip_prefix(take)?;
    match rest.strip_prefix('.') {
        None => rest.is_empty().then_some(1),
        Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse().ok(),
        Some(_) => None,
    }
}

fn recordings(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let fail = |source| ShowError::Read { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in folder.read_dir_utf8().map_err(fail)? {
        let path = entry.map_err(fail)?.into_path();
        let ending = path.extension().map(str::to_ascii_lowercase);
        if ending.is_some_and(|ending| SOUND.contains(&ending.as_str())) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, take: &str, expected: Option<u32>) {
        assert_eq!(retake(Utf8Path::new(file), take), expected, "{file}");
    }

    #[test]
    fn retakes_are_told_by_their_number() {
        check("takes/intro.wav", "intro", Some(1));
        check("takes/intro.12.flac", "intro", Some(12));
        check("takes/intro.old.wav", "intro", None);
        check("takes/introduction.wav", "intro", None);
        check("takes/intro..wav", "intro", None);
        check("takes/intro.99999999999.wav", "intro", None);
        check("takes/1.2.wav", "1.2", Some(1));
    }
}
