//! Takes into a master.

use lorecast_model::{EpisodeId, Lufs, Master, Show};
use lorecast_studio::{Outputs, Part, Recipe, Tags};

use crate::{Desk, DeskError, Result, Unit};

/// What podcast directories ask for: -16 LUFS in stereo, 3 LU less in mono, which sounds as loud.
const STEREO: Lufs = Lufs(-16.0);
const MONO: Lufs = Lufs(-19.0);

impl Desk<'_> {
    /// Makes `master.wav`, `master.mp3` and `master.json` of an episode from its takes.
    ///
    /// # Errors
    /// When a take is missing or is not audio, or a file cannot be written; an earlier master stays.
    pub fn master(&self, id: EpisodeId) -> Result<Master> {
        let show = self.dir.show()?;
        let dir = self.dir.episode(id)?;
        let recipe = self.recipe(&show, id)?;
        let outputs = Outputs { wav: dir.file("master.wav"), mp3: dir.file("master.mp3") };
        let task = self.progress.begin(&format!("mastering {id}"), 1000, Unit::Thousandths);
        let mut master = lorecast_studio::master(&recipe, &outputs, &mut |_, share| {
            task.set((share.clamp(0.0, 1.0) * 1000.0) as u64);
        })?;
        // On the site all episodes lie in one folder, so the file is named by its date.
        master.enclosure.file = format!("{id}.mp3");
        dir.write_master(&master)?;
        Ok(master)
    }

    fn recipe(&self, show: &Show, id: EpisodeId) -> Result<Recipe> {
        let dir = self.dir.episode(id)?;
        let episode = dir.episode()?;
        if episode.chapters.is_empty() {
            return Err(DeskError::NoChapters { file: dir.file("episode.yaml") });
        }
        let jingle = |path: &Option<camino::Utf8PathBuf>| {
            path.as_ref().map(|path| Part {
                file: self.dir.resolve(path),
                chapter: None,
                voice: false,
            })
        };
        let takes = dir.takes(&episode)?;
        // The tags of a sound are published with it.
        let hidden = self.crowd()?.veil;
        let chapter = |chapter: &str| Some(hidden.text(chapter).into_owned());
        let takes = takes.into_iter().map(|t| Part {
            file: t.file,
            chapter: chapter(&t.chapter),
            voice: true,
        });
        let parts =
            jingle(&show.sound.intro).into_iter().chain(takes).chain(jingle(&show.sound.outro));
        Ok(Recipe {
            parts: parts.collect(),
            channels: show.sound.channels,
            loudness: show.sound.loudness.unwrap_or(match show.sound.channels {
                1 => MONO,
                _ => STEREO,
            }),
            pause: show.sound.pause,
            chain: show.sound.chain.clone(),
            effects: show.sound.effects.clone(),
            threads: 0,
            tags: Tags {
                title: hidden.text(&episode.title).into_owned(),
                artist: show.author.clone(),
                album: show.title.clone(),
                date: id.to_string(),
                track: episode.number,
                cover: show.cover.as_ref().map(|cover| self.dir.resolve(cover)),
                language: show.language.clone(),
                url: Some(show.url.clone()),
            },
        })
    }
}
