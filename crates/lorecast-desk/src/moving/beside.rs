//! What lies beside an episode's entry in the feed: artwork, and with `--download` sound, chapters and
//! transcript.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_fetch::{Answer, Client};
use lorecast_model::{Chapter, EpisodeId, Seconds, Transcript};
use lorecast_publisher::moving::{self, Downloaded, MovedEpisode};
use url::Url;

use super::shelf::Shelf;
use super::{MovingIn, artwork};
use crate::{Progress, Result, Task, Unit};

/// The largest sound that is fetched, in bytes: a day of MP3.
const LARGEST_SOUND: u64 = 2 << 30;
/// The largest list of chapters and transcript.
const LARGEST_TEXT: u64 = 16 << 20;

/// Who fetches it, and where to.
pub(super) struct Beside<'a> {
    pub(super) how: &'a MovingIn<'a>,
    pub(super) shelf: &'a Shelf,
    pub(super) client: &'a Client,
    pub(super) progress: &'a dyn Progress,
}

/// What was fetched of an episode.
#[derive(Default)]
pub(super) struct Files {
    pub(super) image: Option<Utf8PathBuf>,
    pub(super) sound: Option<Downloaded>,
    /// As measured, where the feed does not tell it.
    pub(super) length: Option<Seconds>,
    pub(super) chapters: Option<Vec<Chapter>>,
    pub(super) transcript: Option<Transcript>,
}

impl Beside<'_> {
    /// Fetches what is wanted of all episodes.
    pub(super) fn fetch(
        &self,
        episodes: &[MovedEpisode],
        days: &[EpisodeId],
        defects: &mut Vec<String>,
    ) -> Result<Vec<Files>> {
        let mut all = Vec::new();
        let task = self.progress.begin("fetching artwork", episodes.len() as u64, Unit::Things);
        for (episode, id) in episodes.iter().zip(days) {
            let image = episode.artwork.as_ref();
            let image =
                image.map(|url| artwork::of_episode(self, url, *id, defects)).transpose()?;
            all.push(Files { image: image.flatten(), ..Files::default() });
            task.set(all.len() as u64);
        }
        drop(task);
        if !self.how.download {
            tell_what_stays(episodes, defects);
            return Ok(all);
        }
        let total = episodes.iter().map(|episode| episode.bytes).fold(0, u64::saturating_add);
        let task = self.progress.begin("fetching sound", total, Unit::Bytes);
        let mut done = 0_u64;
        for ((episode, id), files) in episodes.iter().zip(days).zip(&mut all) {
            self.sound(episode, *id, files, (&*task, done), defects)?;
            done = done.saturating_add(episode.bytes);
            self.chapters(episode, *id, files, defects)?;
            self.transcript(episode, *id, files, defects)?;
        }
        Ok(all)
    }

    fn sound(
        &self,
        episode: &MovedEpisode,
        id: EpisodeId,
        files: &mut Files,
        task: (&dyn Task, u64),
        defects: &mut Vec<String>,
    ) -> Result<()> {
        let url = &episode.enclosure_url;
        let fetched = match Url::parse(url) {
            Ok(url) => {
                let accept = &mut is_sound;
                self.shelf.fetch(self.client, &url, LARGEST_SOUND, accept, Some(task))?
            }
            Err(error) => Err(format!("is no address: {error}")),
        };
        let file = match fetched {
            Ok(file) => file,
            Err(why) => {
                defects.push(format!("{id}: its sound `{url}` {why}; it stays there"));
                return Ok(());
            }
        };
        let bytes = file.metadata().map_err(super::keep(&file))?.len();
        if bytes != episode.bytes {
            let said = episode.bytes;
            defects.push(format!("{id}: the feed gave its sound {said} bytes, and it has {bytes}"));
        }
        if episode.length.is_none() {
            files.length = lorecast_studio::measure(&file).ok().map(|heard| heard.info.length);
        }
        let name = format!("imported.{}", ending(url, &episode.media_type));
        self.shelf.place(&file, id, &name);
        files.sound = Some(Downloaded { file: name, bytes });
        Ok(())
    }

    fn chapters(
        &self,
        episode: &MovedEpisode,
        id: EpisodeId,
        files: &mut Files,
        defects: &mut Vec<String>,
    ) -> Result<()> {
        let Some(url) = episode.chapters_at.as_ref().filter(|_| episode.chapters.is_empty()) else {
            return Ok(());
        };
        let read = self.text(url)?.and_then(|bytes| {
            moving::chapters(&bytes).map_err(|why| format!("cannot be read: {why}"))
        });
        match read {
            Ok(chapters) => files.chapters = Some(chapters),
            Err(why) => defects.push(format!("{id}: its chapters are left out: `{url}` {why}")),
        }
        Ok(())
    }

    fn transcript(
        &self,
        episode: &MovedEpisode,
        id: EpisodeId,
        files: &mut Files,
        defects: &mut Vec<String>,
    ) -> Result<()> {
        let mut faults = Vec::new();
        for (url, kind) in &episode.transcripts {
            let read = self.text(url)?.and_then(|bytes| {
                moving::transcript(&bytes, kind).map_err(|why| format!("cannot be read: {why}"))
            });
            match read {
                Ok(transcript) => {
                    files.transcript = Some(transcript);
                    return Ok(());
                }
                Err(why) => faults.push(format!("`{url}` {why}")),
            }
        }
        if let Some(fault) = faults.first() {
            defects.push(format!("{id}: its transcript is left out: {fault}"));
        }
        Ok(())
    }

    fn text(&self, url: &Url) -> Result<std::result::Result<Vec<u8>, String>> {
        let any = &mut |_: &Answer| Ok(());
        let file = match self.shelf.fetch(self.client, url, LARGEST_TEXT, any, None)? {
            Ok(file) => file,
            Err(why) => return Ok(Err(why)),
        };
        read(&file).map(Ok)
    }
}

fn read(file: &Utf8Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(super::keep(file))
}

/// A page that says "not found" with a friendly face is no sound.
fn is_sound(answer: &Answer) -> std::result::Result<(), String> {
    match answer.media_type().as_str() {
        kind if kind.starts_with("text/") || kind == "application/xhtml+xml" => {
            Err(format!("is `{kind}`, no sound"))
        }
        _ => Ok(()),
    }
}

/// The ending of a sound's own file.
fn ending(url: &str, media_type: &str) -> &'static str {
    const KNOWN: &[(&str, &str)] = &[
        ("mp3", "audio/mpeg"),
        ("m4a", "audio/x-m4a"),
        ("m4a", "audio/mp4"),
        ("mp4", "video/mp4"),
        ("m4v", "video/x-m4v"),
        ("ogg", "audio/ogg"),
        ("opus", "audio/opus"),
        ("aac", "audio/aac"),
        ("flac", "audio/flac"),
        ("wav", "audio/wav"),
    ];
    let path = Url::parse(url).map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
    let by_name = KNOWN.iter().find(|(ending, _)| path.ends_with(&format!(".{ending}")));
    let by_type = || KNOWN.iter().find(|(_, kind)| *kind == media_type);
    by_name.or_else(by_type).map_or("mp3", |(ending, _)| ending)
}

/// What only `--download` would have brought.
fn tell_what_stays(episodes: &[MovedEpisode], defects: &mut Vec<String>) {
    let named = |what: &dyn Fn(&MovedEpisode) -> bool| episodes.iter().filter(|e| what(e)).count();
    let chapters = named(&|e| e.chapters.is_empty() && e.chapters_at.is_some());
    let transcripts = named(&|e| !e.transcripts.is_empty());
    for (count, what) in [(chapters, "chapters"), (transcripts, "transcripts")] {
        let whose = match count {
            0 => continue,
            1 => "an episode".to_owned(),
            _ => format!("{count} episodes"),
        };
        defects.push(format!("the {what} of {whose} stay behind: `--download` brings them"));
    }
}
