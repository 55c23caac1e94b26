//! Notes into what is read aloud.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_drafter::{
    Origin, Pace, Reading, Script, Speech, Timing, Unspoken, heard_readings, pace, page,
    plain_text, readings, timings,
};
use lorecast_model::{Episode, EpisodeId, Evidence, Fact, Glossary, Person, Show, Writer};
use lorecast_show::{EpisodeDir, Outcome};
use lorecast_store::Span;

use crate::{Desk, DeskError, Result};

/// What became of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptReport {
    /// The episode.
    pub id: EpisodeId,
    /// What became of `script.md`.
    pub outcome: Outcome,
    /// `script.md`, with people's edits; with markers after a conflict.
    pub text: String,
    /// What it says.
    pub script: Script,
    /// How fast it is read.
    pub pace: Pace,
    /// How long each section takes.
    pub timings: Vec<Timing>,
    /// Names without a spoken form, the most frequent first.
    pub unspoken: Vec<Unspoken>,
}

/// A form in which a script is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptForm {
    /// Plain text with the minutes of each section.
    Text,
    /// `script.md` itself.
    Markdown,
    /// A page to print.
    Html,
}

impl Desk<'_> {
    /// Writes `script.md` from an episode's notes, or merges a new one into people's edits.
    ///
    /// # Errors
    /// When a file of the show cannot be read or written, or a conflict is not settled yet.
    pub fn script(&self, id: EpisodeId) -> Result<ScriptReport> {
        let show = self.dir.show()?;
        let (people, glossary) = (self.spoken_people()?, self.glossary()?);
        let dir = self.dir.episode(id)?;
        let speech = Speech { voice: &show.voice, glossary: &glossary };
        let held = self.hold(id)?;
        let outcome =
            dir.write_script(&lorecast_drafter::script(&dir.notes()?, &people, speech))?;
        held.keep()?;
        let text = match outcome {
            Outcome::Conflict(_) => String::new(),
            _ => dir.script()?.unwrap_or_default(),
        };
        let script = Script::read(&text);
        let pace = pace(&show.voice, &self.readings(&show, id, &people, &glossary)?);
        let names = self.names(&dir.episode()?, &people)?;
        let mut unspoken = script.unspoken(&names, &people);
        // `Linux Security Module` looks like a name to whoever knows a few people called Linux.
        let expands = |name: &str| glossary.0.values().any(|term| term.expansion.contains(name));
        unspoken.retain(|found| names.contains(&found.name) || !expands(&found.name));
        Ok(ScriptReport {
            id,
            outcome,
            timings: timings(&script, &pace),
            unspoken,
            text,
            script,
            pace,
        })
    }

    /// A script in one of its forms.
    ///
    /// # Errors
    /// When the show's template cannot be used.
    pub fn printed(&self, report: &ScriptReport, form: ScriptForm) -> Result<String> {
        Ok(match form {
            ScriptForm::Text => plain_text(&report.script, &report.pace),
            ScriptForm::Markdown => report.text.clone(),
            ScriptForm::Html => {
                let language = self.dir.show()?.language;
                page(&report.script, &report.pace, &language, &self.dir.templates()?)?
            }
        })
    }

    /// Saves a printed script; what was in the file before is replaced.
    ///
    /// # Errors
    /// When the file belongs to people or to the show, or cannot be written.
    pub fn save_print(&self, report: &ScriptReport, text: &str, file: &Utf8Path) -> Result<()> {
        // `script.md` as it stands may be written where it stands.
        let own = self.dir.episode_dir(report.id).file("script.md");
        if text == report.text && real(&own).is_some_and(|own| real(file) == Some(own)) {
            return Ok(());
        }
        if real(file).zip(real(self.root())).is_some_and(|(file, root)| is_kept(&file, &root)) {
            return Err(DeskError::Edited { file: file.to_owned() });
        }
        Ok(lorecast_show::write_atomically(file, text.as_bytes())?)
    }

    /// Everybody whose name may be read aloud: whom the episode's evidence names, the people of
    /// `people.yaml`, and who wrote a mail that is held.
    fn names(&self, episode: &Episode, people: &[Person]) -> Result<Vec<String>> {
        let mut names = named(episode);
        names.extend(people.iter().map(|person| person.name.clone()));
        // Without an index, or with one that is being made anew, the script is no worse to read.
        if let Ok(store) = self.filled_store() {
            store.each_sighting(Span::ALL, &mut |sighting| {
                let Writer { who, robot, .. } = sighting.writer;
                // A single word is as often no name.
                if !robot && who.name.contains(' ') {
                    names.push(who.name);
                }
                Ok(())
            })?;
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// What acronyms stand for, and how they are said: ours and the show's.
    pub(crate) fn glossary(&self) -> Result<Glossary> {
        Ok(self.dir.glossary(self.dir.show()?.profile)?)
    }

    /// Words a minute, as `show.yaml` says or as the takes of earlier episodes tell; `None` when nobody
    /// knows.
    pub(crate) fn learned_pace(&self, show: &Show, id: EpisodeId) -> Result<Option<f64>> {
        let (people, glossary) = (self.dir.people()?, self.glossary()?);
        let pace = pace(&show.voice, &self.readings(show, id, &people, &glossary)?);
        Ok((pace.origin != Origin::Usual).then_some(pace.words_per_minute))
    }

    /// What the masters of earlier episodes tell about the reader's pace. An episode without a
    /// script is taken as if it had been read from its notes.
    pub(crate) fn readings(
        &self,
        show: &Show,
        before: EpisodeId,
        people: &[Person],
        glossary: &Glossary,
    ) -> Result<Vec<Reading>> {
        if show.voice.words_per_minute.is_some() {
            return Ok(Vec::new());
        }
        let earlier = self.dir.episodes()?.into_iter().filter(|dir| dir.id() < before);
        Ok(earlier.flat_map(|dir| self.readings_of(&dir, show, people, glossary)).collect())
    }

    /// What the master of one episode tells about the reader's pace: from what was heard, else from its
    /// chapters. What cannot be read of an episode is no reason to stop another one.
    pub(crate) fn readings_of(
        &self,
        dir: &EpisodeDir,
        show: &Show,
        people: &[Person],
        glossary: &Glossary,
    ) -> Vec<Reading> {
        if let Ok(Some(transcript)) = dir.transcript() {
            return heard_readings(&transcript);
        }
        let Ok(Some(master)) = dir.master() else { return Vec::new() };
        let speech = Speech { voice: &show.voice, glossary };
        let text = earlier(dir, people, speech);
        text.map_or_else(Vec::new, |text| readings(&Script::read(&text), &master, show.sound.pause))
    }
}

/// Where a file really lies, or will lie once it is written.
fn real(file: &Utf8Path) -> Option<Utf8PathBuf> {
    if let Ok(real) = file.canonicalize_utf8() {
        return Some(real);
    }
    let folder = file.parent().filter(|folder| !folder.as_str().is_empty());
    let folder = folder.unwrap_or(Utf8Path::new(".")).canonicalize_utf8().ok()?;
    Some(folder.join(file.file_name()?))
}

/// Whether a file of the show is none to print to: YAML and Markdown are people's, templates too;
/// what stands in hidden folders, and what a master tells of itself, is the tools'.
fn is_kept(file: &Utf8Path, root: &Utf8Path) -> bool {
    let Ok(inside) = file.strip_prefix(root) else { return false };
    let ending = inside.extension().unwrap_or_default().to_ascii_lowercase();
    let hidden = inside.components().any(|part| part.as_str().starts_with('.'));
    hidden
        || ["yaml", "yml", "md", "markdown"].contains(&ending.as_str())
        || inside.starts_with("templates")
        || inside.file_name() == Some("master.json")
}

fn earlier(dir: &EpisodeDir, people: &[Person], speech: Speech<'_>) -> Option<String> {
    match dir.script() {
        Ok(Some(text)) => Some(text),
        Ok(None) => Some(lorecast_drafter::script(&dir.notes().ok()?, people, speech)),
        Err(_) => None,
    }
}

/// Everybody whom an episode names, as its evidence has it.
fn named(episode: &Episode) -> Vec<String> {
    let stories = episode.stories.iter().flat_map(|story| &story.evidence);
    let evidence = stories.chain(episode.follow_ups.iter().flat_map(|story| &story.evidence));
    evidence.filter(|evidence| is_name(evidence)).map(|e| e.value.clone()).collect()
}

fn is_name(evidence: &Evidence) -> bool {
    match evidence.fact {
        Fact::Author
        | Fact::Writer
        | Fact::Reply
        | Fact::Reviewed
        | Fact::Acked
        | Fact::Tested
        | Fact::ChangesRequested
        | Fact::Rejected => true,
        // Who said so, or the tree that holds it.
        Fact::Applied => evidence.tree.is_none(),
        _ => false,
    }
}
