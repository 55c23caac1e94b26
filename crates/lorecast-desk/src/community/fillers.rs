//! Fillers: offered with the recording beside the journal, and placed among the takes of the coming episode.

use std::io::Write;
use std::sync::PoisonError;

use jiff::Timestamp;
use lorecast_community::{Acting, By, Commons, Deed, EntryId, Filler};
use lorecast_model::{EpisodeId, MessageId, Seconds};
use lorecast_show::EpisodeDir;
use lorecast_studio::Examined;
use tempfile::NamedTempFile;

use super::{Community, Done};
use crate::{Desk, DeskError, Incoming, Result, Silent, SoundRefusal};

/// Nobody has to decode more to know that a filler is too long.
const LONGEST: Seconds = Seconds(90.0);

impl Community {
    /// Offers a recording to go between two chapters. It is decoded, kept beside the journal, and offered when it is there.
    ///
    /// # Errors
    /// When it is no recording, the rules say no, or it cannot be kept; nothing of it is left then.
    pub fn offer_filler(
        &self,
        acting: Acting,
        story: MessageId,
        incoming: &Incoming,
        at: Timestamp,
    ) -> Result<Done> {
        let Examined { info, ending } = incoming.examine(LONGEST)?;
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| SoundRefusal::Unusable(format!("no random numbers: {error}")))?;
        let random = data_encoding::HEXLOWER.encode(&random);
        // The time in front tells how old one is that nothing came of.
        let recording = format!("{}-{random}.{ending}", at.as_second());
        let millis = (info.length.0 * 1000.0).round() as u32;
        let deed = Deed::OfferFiller { story, recording: recording.clone(), millis };
        // What is refused need not be kept first.
        self.look(|commons| commons.judge(acting, &deed, at)).map_err(super::NotDone::from)?;
        let mut journal = Desk::open(&self.root, &Silent)?.journal()?;
        journal.attach(&recording, &mut incoming.reopen()?)?;
        self.does_now(acting, deed, at).map_err(|error| {
            // What is left is found by its age.
            drop(journal.detach(&recording));
            error.into()
        })
    }

    /// Puts accepted fillers among the takes of the coming episode, with credit to who speaks. What cannot be done now is
    /// done the next time.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn place_fillers(&self, now: Timestamp) -> Result<Vec<(EntryId, EpisodeId)>> {
        let _one_at_a_time = self.weaving.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting: Vec<Accepted> =
            self.look(|commons| commons.to_place().map(|one| Accepted::of(commons, one)).collect());
        let desk = Desk::open(&self.root, &Silent)?;
        let mut placed = Vec::new();
        for accepted in waiting {
            let Some((dir, _)) = desk.coming()? else { break };
            let held = desk.hold_for_others(dir.id())?;
            accepted.place(&desk, &dir)?;
            held.keep()?;
            let (filler, episode) = (accepted.id, dir.id());
            self.does_now(By::Show, Deed::FillerPlaced { filler, episode }, now)?;
            placed.push((filler, episode));
        }
        Ok(placed)
    }
}

impl Desk<'_> {
    /// The recording of a filler that is not among the takes yet; the file is gone when it is dropped.
    ///
    /// # Errors
    /// When it is not kept, or no file can be made.
    pub fn filler_recording(&self, name: &str) -> Result<NamedTempFile> {
        let path = self.root().join(".lorecast/cache");
        let fail = |source| DeskError::Folder { path: path.clone(), source };
        std::fs::create_dir_all(&path).map_err(fail)?;
        let mut file =
            tempfile::Builder::new().prefix(".filler-").tempfile_in(&path).map_err(fail)?;
        if !self.journal()?.attachment(name, &mut file)? {
            return Err(SoundRefusal::NoTake(name.to_owned()).into());
        }
        file.flush().map_err(fail)?;
        Ok(file)
    }
}

/// An accepted filler on its way.
struct Accepted {
    id: EntryId,
    recording: String,
    story: MessageId,
    speaker: String,
}

impl Accepted {
    fn of(commons: &Commons, (id, filler): (EntryId, &Filler)) -> Self {
        Self {
            id,
            recording: filler.recording.clone(),
            story: filler.story.clone(),
            speaker: commons.name(filler.by).to_owned(),
        }
    }

    /// The recording first, then the lines that name it: who is interrupted does the same again.
    fn place(&self, desk: &Desk<'_>, dir: &EpisodeDir) -> Result<()> {
        let episode = dir.episode()?;
        let take = format!("filler-{}", self.id);
        let ending = self.recording.rsplit('.').next().unwrap_or_default();
        let file = dir.file("takes").join(format!("{take}.{ending}"));
        if !file.is_file() {
            let mut bytes = Vec::new();
            if !desk.journal()?.attachment(&self.recording, &mut bytes)? {
                return Err(SoundRefusal::NoTake(self.recording.clone()).into());
            }
            lorecast_show::write_atomically(&file, &bytes)?;
        }
        if episode.fillers.iter().all(|filler| filler.take != take) {
            let section = episode.stories.iter().find(|story| story.id == self.story);
            let chapter = section.and_then(|story| {
                episode.chapters.iter().find(|chapter| chapter.take == story.section)
            });
            let filler = lorecast_model::Filler {
                take,
                speaker: self.speaker.clone(),
                after: chapter.map(|chapter| chapter.take.clone()),
                title: None,
            };
            dir.edit(|episode| episode.fillers.push(filler.clone()))?;
        }
        if !episode.credits.contains(&self.speaker) {
            dir.edit(|episode| episode.credits.push(self.speaker.clone()))?;
        }
        Ok(())
    }
}
