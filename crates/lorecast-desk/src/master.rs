//! Takes into a master.

use std::cell::RefCell;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Episode, EpisodeId, Lufs, Master, Show, Story};
use lorecast_people::Veil;
use lorecast_publisher::quiet;
use lorecast_studio::{ChapterTag, Outputs, Placed, Recipe, ReportFiles, Step, Tags, Voices};

use crate::parts::Parts;
use crate::transcript::Placement;
use crate::{Desk, Progress, Result, Task, Unit};

/// What podcast directories ask for: -16 LUFS in stereo, 3 LU less in mono, which sounds as loud.
const STEREO: Lufs = Lufs(-16.0);
const MONO: Lufs = Lufs(-19.0);

/// What a producer may say of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mastering {
    /// Words and how they are said, before what `people.yaml` and `glossary.yaml` tell:
    /// `uid_t=U I D T`, `syzbot=/S IH Z B AA T/`.
    pub sayings: Vec<String>,
    /// The chapter whose takes alone may be worked on anew, by its title, its number or its take.
    pub only: Option<String>,
}

/// What was made of an episode's takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Mastered {
    /// The sound.
    pub master: Master,
    /// What is said in it.
    pub placement: Placement,
    /// Whether it was there already: nothing was changed since it was made.
    pub unchanged: bool,
}

impl Desk<'_> {
    /// Makes `master.wav`, `master.mp3` and `master.json` of an episode from its takes, finds its
    /// script in the voice, and writes `transcript.vtt`, `.srt`, `.json` and `.html`. What stands in
    /// the way of a transcript is told, and no error. What was not changed since the last time is
    /// taken from the cache. What is heard in the MP3 is reported in `master.report.html`,
    /// `master.report.json`, `master.waveform.svg`, `master.waveform.png` and `master.peaks.json`.
    ///
    /// # Errors
    /// When a take is missing or is not audio, or a file cannot be written; an earlier master stays.
    pub fn master(&self, id: EpisodeId, how: &Mastering) -> Result<Mastered> {
        let show = self.dir.show()?;
        let dir = self.dir.episode(id)?;
        // The tags of a sound are published with it.
        let hidden = self.crowd()?.veil;
        let Parts { parts, beds, synthetic } = self.parts(&show, &dir, &hidden)?;
        let reading = self.reader(&show, &dir, &how.sayings)?;
        let recipe = Recipe {
            parts,
            beds,
            only: how.only.clone(),
            placed_by: reading.goes_by(&hidden),
            ..self.recipe(&show, id, &hidden)?
        };
        let outputs = Outputs {
            wav: dir.file("master.wav"),
            mp3: dir.file("master.mp3"),
            report: Some(ReportFiles::beside(&dir.file("master"))),
            cache: Some(self.dir.sound_cache()),
        };
        let run = lorecast_studio::Run::new(&recipe, &outputs)?;
        if let Some(mut master) = run.made_before()?
            && let Some(placement) = reading.placed_before(&dir)?
        {
            name_by_date(&mut master, id);
            master.synthetic = synthetic;
            dir.write_master(&master)?;
            self.write_transcript(&show, &dir, placement.transcript.as_ref(), &hidden)?;
            return Ok(Mastered { master, placement, unchanged: true });
        }
        let steps = RefCell::new(Steps { progress: self.progress, now: None });
        let mut placement = Placement::default();
        let mut place = |voices: &Voices<'_>| {
            steps.borrow_mut().end();
            let (placed, found) = reading.place(voices, id, self.progress);
            placement = found;
            without_hidden(&hidden, placed)
        };
        let mut progress = |step, share| steps.borrow_mut().set(step, share);
        let mut master = run.master(&mut place, &mut progress)?;
        name_by_date(&mut master, id);
        master.synthetic = synthetic;
        dir.write_master(&master)?;
        self.write_transcript(&show, &dir, placement.transcript.as_ref(), &hidden)?;
        Ok(Mastered { master, placement, unchanged: false })
    }

    /// How the sound is made, still without parts.
    fn recipe(&self, show: &Show, id: EpisodeId, hidden: &Veil) -> Result<Recipe> {
        let dir = self.dir.episode(id)?;
        let episode = dir.episode()?;
        Ok(Recipe {
            parts: Vec::new(),
            beds: Vec::new(),
            music: show.sound.music,
            channels: show.sound.channels,
            loudness: show.sound.loudness.unwrap_or(match show.sound.channels {
                1 => MONO,
                _ => STEREO,
            }),
            pause: show.sound.pause,
            chain: show.sound.chain.clone(),
            effects: show.sound.effects.clone(),
            only: None,
            placed_by: String::new(),
            formats: show.sound.formats,
            threads: 0,
            tags: Tags {
                title: hidden.text(show.below(&episode.title)).into_owned(),
                artist: show.author.clone(),
                album: show.title.clone(),
                date: id.to_string(),
                track: episode.number,
                cover: show.cover.as_ref().map(|cover| self.dir.resolve(cover)),
                language: show.language.clone(),
                url: Some(show.url.clone()),
                description: Some(show.description.clone()),
                transcript: None,
                chapters: chapters(show, &episode, hidden, |file| self.dir.resolve(file)),
            },
        })
    }
}

/// On the site the sound of all episodes lies in one folder, so files are named by their date.
fn name_by_date(master: &mut Master, id: EpisodeId) {
    master.enclosure.file = format!("{id}.mp3");
    for other in &mut master.alternatives {
        other.file.file = format!("{id}.{}", other.encoding.extension());
    }
}

/// What players show of each chapter: where to read more, in the mail of the first story of its section,
/// or of the story that it is about, and nobody's who asked to be forgotten; and its picture.
fn chapters(
    show: &Show,
    episode: &Episode,
    hidden: &Veil,
    resolve: impl Fn(&Utf8Path) -> Utf8PathBuf,
) -> Vec<ChapterTag> {
    let told = || episode.stories.iter().filter(|story| story.is_told());
    let link = |story: &Story| {
        let id = story.id.to_string();
        let known = hidden.forgotten().is_in_id(&id) || !hidden.finds(&id).is_empty();
        (!known).then(|| quiet(&show.link(&story.id)))
    };
    let title = |title: &str| hidden.text(title).into_owned();
    let planned = episode.chapters.iter().map(|plan| ChapterTag {
        title: title(&plan.title),
        link: told().find(|story| story.section == plan.take).and_then(link),
        picture: plan.picture.as_deref().map(&resolve),
    });
    let stories = told().map(|story| ChapterTag {
        title: title(&story.title),
        link: link(story),
        picture: None,
    });
    planned.chain(stories).filter(|tag| tag.link.is_some() || tag.picture.is_some()).collect()
}

/// What goes into the tags and the report, without the names of those who asked to be forgotten.
fn without_hidden(hidden: &Veil, mut placed: Placed) -> Placed {
    for chapter in &mut placed.chapters {
        chapter.title = hidden.text(&chapter.title).into_owned();
    }
    for passage in placed.deviations.iter_mut().flatten() {
        passage.text = hidden.text(&passage.text).into_owned();
    }
    placed.transcript = placed.transcript.map(|text| hidden.text(&text).into_owned());
    placed
}

/// A task for each step, so that each has its own name and its own end.
struct Steps<'a> {
    progress: &'a dyn Progress,
    now: Option<(Step, Box<dyn Task>)>,
}

impl Steps<'_> {
    /// The old bar goes before a new one comes: two at once would overwrite each other.
    fn end(&mut self) {
        self.now = None;
    }

    fn set(&mut self, step: Step, share: f64) {
        if self.now.as_ref().is_none_or(|(now, _)| *now != step) {
            self.end();
            let task = self.progress.begin(&name(step), 1000, Unit::Thousandths);
            self.now = Some((step, task));
        }
        if let Some((_, task)) = &self.now {
            task.set((share.clamp(0.0, 1.0) * 1000.0) as u64);
        }
    }
}

fn name(step: Step) -> String {
    match step {
        Step::Decode => "cleaning the takes".to_owned(),
        Step::Mix => "mixing".to_owned(),
        Step::Encode(encoding) => format!("encoding the {encoding}"),
        Step::Measure(encoding) => format!("listening to the {encoding}"),
        _ => "mastering".to_owned(),
    }
}
