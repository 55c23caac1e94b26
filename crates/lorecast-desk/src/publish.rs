//! Episodes into a site and a feed.

use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use lorecast_model::{Episode, EpisodeId, Finding, Profile, Section, Severity, Show, Superseded};
use lorecast_people::Veil;
use lorecast_publisher::lint::{Context, Subject};
use lorecast_publisher::{
    Broken, Build, Digest, Memory, Release, Site, Sound, SoundFile, Spoken, Staged, Written,
};
use lorecast_show::EpisodeDir;
use rayon::prelude::*;

use crate::deliver::{Deliver, Delivered, storage};
use crate::digests::Digests;
use crate::lint::OwnSite;
use crate::people::veil;
use crate::{Desk, DeskError, Result, Unit};

/// How to publish.
#[derive(Clone, Debug)]
pub struct Publishing {
    /// What time it is.
    pub now: Timestamp,
    /// The date of episodes that are published for the first time; now when absent. One in the future is
    /// kept in `published.yaml`, and the episode comes out with the first publish after it.
    pub at: Option<Timestamp>,
    /// Why something that listeners were promised may change.
    pub supersede: Option<String>,
    /// Publish what breaks a MUST of the linter all the same.
    pub despite_lint: bool,
    /// Only say what would change.
    pub dry_run: bool,
    /// Where the site goes from its folder.
    pub deliver: Deliver,
}

impl Publishing {
    /// Everything that is ready, now.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            at: None,
            supersede: None,
            despite_lint: false,
            dry_run: false,
            deliver: Deliver::No,
        }
    }
}

/// What a publish did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishReport {
    /// The site's folder.
    pub out: Utf8PathBuf,
    /// The episodes in it, oldest first.
    pub episodes: Vec<EpisodeId>,
    /// Episodes that are left out because they have not been mastered.
    pub unmastered: Vec<EpisodeId>,
    /// Episodes that come out later, and when.
    pub scheduled: Vec<(EpisodeId, Timestamp)>,
    /// Every file of the site.
    pub files: Vec<Written>,
    /// What was there and is no longer part of the site.
    pub removed: Vec<Utf8PathBuf>,
    /// What was left out of somebody's page and why, in words.
    pub notices: Vec<String>,
    /// What the linter says of the site as it went out; nothing when nothing changed.
    pub findings: Vec<Finding>,
    /// What was carried to storage, or would be.
    pub delivered: Option<Delivered>,
}

impl PublishReport {
    /// How many files of the site changed.
    pub fn changed(&self) -> usize {
        self.files.iter().filter(|file| file.changed).count()
    }
}

/// The episodes, sorted by what becomes of them.
#[derive(Default)]
struct Ready {
    releases: Vec<Mastered>,
    scheduled: Vec<Mastered>,
    unmastered: Vec<EpisodeId>,
}

/// An episode that can be published.
struct Mastered {
    dir: EpisodeDir,
    /// With the names that its release leaves out.
    episode: Episode,
    release: Release,
}

impl Desk<'_> {
    /// Builds the site and the feed of all mastered episodes. An episode that is published for the
    /// first time keeps its date, its guid and its enclosure URL for ever.
    ///
    /// # Errors
    /// When an episode cannot be read, its sound is gone, a promise would be broken without a reason, the
    /// site breaks a MUST of the linter ([`DeskError::Unfit`]), or a file cannot be written; what was
    /// published stays as it was. Then, when the site is to be carried on: when the storage refuses; the
    /// feed there stays as it was.
    pub fn publish(&self, out: &Utf8Path, how: &Publishing) -> Result<PublishReport> {
        let show = self.dir.show()?;
        let storage = storage(&show, &how.deliver)?;
        let templates = self.dir.templates()?;
        let crowd = self.crowd()?;
        let Ready { releases, scheduled, unmastered } = self.ready(&show, &crowd.veil, how)?;
        let people = releases.iter().map(|one| (one.dir.id(), &one.episode)).collect::<Vec<_>>();
        let people = self.portraits(&people, &crowd)?;
        let (dirs, mut releases): (Vec<EpisodeDir>, Vec<Release>) =
            releases.into_iter().map(|one| (one.dir, one.release)).unzip();
        let series = self.series_of(&releases, crowd.veil.forgotten())?;
        let sections = sections(self.dir.sections()?, show.profile);
        let glossary = self.dir.glossary(show.profile)?;
        let cover = show.cover.as_ref().map(|cover| self.dir.resolve(cover));
        let planet = self.gathered(&show)?;
        let hidden = veil::Hidden(&crowd.veil);
        let site = Site {
            show: &show,
            releases: &[],
            templates: &templates,
            cover: cover.as_deref(),
            people: &people,
            sections: &sections,
            glossary: &glossary,
            series: &series,
            planet: planet.as_ref(),
            names: &hidden,
        };
        let broken = lorecast_publisher::broken(&Site { releases: &releases, ..site }, out);
        supersede(&show, &mut releases, &broken, how)?;
        for release in &mut releases {
            let digest = release.digest().map(|digest| digest.to_string());
            release.publication.sha256 = digest.or(release.publication.sha256.take());
        }
        let memory = Memory::open(&self.dir.memory(), out, &program());
        let build = Build::of(&Site { releases: &releases, ..site }, memory)?;
        let mut findings = Vec::new();
        let parcels = storage.as_ref().map(|_| build.parcels()).transpose()?.unwrap_or_default();
        let published = if how.dry_run {
            build.preview(out)?
        } else {
            let task = self.progress.begin("publishing", 1000, Unit::Thousandths);
            let staged =
                build.stage(out, &mut |done, total| task.set(done * 1000 / total.max(1)))?;
            drop(task);
            findings = self.reviewed(&staged, &show, &releases, how)?;
            if !how.despite_lint && findings.iter().any(|f| f.severity == Severity::Error) {
                let refused = self.dir.refused();
                let kept = staged.keep(&refused).then_some(refused);
                return Err(DeskError::Unfit { findings, kept });
            }
            // What is wrong was found before the promises are written down, and they are before the feed
            // makes them.
            let scheduled = scheduled.iter().map(|one| (&one.dir, &one.release));
            promise(dirs.iter().zip(&releases).chain(scheduled))?;
            staged.go_out()?
        };
        let deliver = |to| self.deliver(out, &parcels, to, how.dry_run);
        let delivered = storage.as_ref().map(deliver).transpose()?;
        Ok(PublishReport {
            out: out.to_owned(),
            episodes: releases.iter().map(|release| release.id).collect(),
            unmastered,
            scheduled: scheduled
                .iter()
                .map(|one| (one.dir.id(), one.release.publication.date))
                .collect(),
            files: published.files,
            removed: published.removed,
            notices: published.notices,
            findings,
            delivered,
        })
    }

    /// What the linter says of a site that is not out yet. Sound is not decoded: the studio has measured it.
    fn reviewed(
        &self,
        staged: &Staged,
        show: &Show,
        releases: &[Release],
        how: &Publishing,
    ) -> Result<Vec<Finding>> {
        let Some(tree) = staged.tree() else { return Ok(Vec::new()) };
        let settled = staged.unchanged();
        let published = releases.iter().map(|release| &release.publication);
        let OwnSite { guid, elsewhere } = OwnSite::of(show, published);
        let context = Context {
            now: Some(how.now),
            show: Some(self.dir.root()),
            guid: guid.as_deref(),
            elsewhere: &elsewhere,
            settled: settled.as_ref(),
            ..Context::default()
        };
        Desk::lint(&Subject::Folder(tree), &context, self.progress)
    }

    fn ready(&self, show: &Show, hidden: &Veil, how: &Publishing) -> Result<Ready> {
        let mut ready = Ready::default();
        let mut digests = Digests::open(self.dir.digests());
        let date = how.at.unwrap_or(how.now);
        let dirs = self.dir.episodes()?;
        // One that is not ready may still hold what nobody can read.
        let read: Vec<_> = dirs.par_iter().map(EpisodeDir::episode).collect();
        for (dir, episode) in dirs.into_iter().zip(read) {
            match self.release(show, &dir, || Ok(episode?), hidden, date, &mut digests)? {
                None => ready.unmastered.push(dir.id()),
                Some((episode, release)) => ready.releases.push(Mastered { dir, episode, release }),
            }
        }
        // Episodes that come out together are a second apart, the last one at the time itself: apps sort by date.
        let mut next = date;
        let new = ready.releases.iter_mut().rev().map(|one| &mut one.release.publication.date);
        for own in new.filter(|own| **own == date) {
            *own = next;
            next = next.checked_sub(SignedDuration::from_secs(1)).unwrap_or(next);
        }
        let to_come = ready.releases.extract_if(.., |one| one.release.publication.date > how.now);
        ready.scheduled = to_come.collect();
        if !how.dry_run {
            digests.keep();
        }
        Ok(ready)
    }

    /// What is published of an episode, and `episode` as it was read; `None` when it has not been mastered yet.
    pub(crate) fn release(
        &self,
        show: &Show,
        dir: &EpisodeDir,
        episode: impl FnOnce() -> Result<Episode>,
        hidden: &Veil,
        now: Timestamp,
        digests: &mut Digests,
    ) -> Result<Option<(Episode, Release)>> {
        let (id, published) = (dir.id(), dir.publication()?);
        let imported = published.as_ref().and_then(|publication| publication.sound.clone());
        let spoken = match imported {
            Some(_) => dir.imported_transcript_file(),
            None => dir.transcript_file(),
        };
        // One that cannot be read is reported when it is needed.
        let digest = digests.of(&spoken).or_else(|| spoken.exists().then(Digest::default));
        let spoken = digest.map(|digest| {
            Spoken::new(digest, move || Ok(lorecast_show::read_transcript(&spoken)?))
        });
        let (sound, file) = match (imported, dir.master()?) {
            (Some(imported), _) => {
                let file = imported.file.as_ref().map(|name| dir.file(name));
                (Sound::from(imported), file)
            }
            (None, Some(master)) => (Sound::from(master), Some(dir.file("master.mp3"))),
            // Leaving out what listeners have already would take it away from them.
            (None, None) if published.is_some() => return Err(DeskError::NoSound { id }),
            (None, None) => return Ok(None),
        };
        let publication =
            published.unwrap_or_else(|| lorecast_publisher::new_publication(show, id, now));
        let file = file.map(|path| {
            let alternatives = sound.alternatives.iter().map(|other| {
                let file = path.with_extension(other.encoding.extension());
                digests.of(&file).unwrap_or_default()
            });
            let alternatives = alternatives.collect();
            let digest = digests.of(&path).unwrap_or_default();
            SoundFile { path, digest, alternatives }
        });
        let episode = episode()?;
        let release = Release {
            id,
            image: episode.feed.image.as_ref().map(|image| self.dir.resolve(image)),
            episode: veil::episode(hidden, episode.clone()),
            notes: dir.notes()?,
            sound: veil::sound(hidden, sound),
            transcript: spoken,
            publication,
            peaks: dir.file("master.peaks.json"),
            file,
        };
        Ok(Some((episode, release)))
    }
}

/// This program, for one that was built anew makes other files of the same: its version, size and time.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata).ok();
    let built = file.map(|file| (file.len(), file.modified().ok()));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}

/// The show's own sections, and those that every draft has.
pub(crate) fn sections(mut own: Vec<Section>, profile: Profile) -> Vec<Section> {
    let common = lorecast_drafter::common_sections(profile).into_iter();
    let common = common.filter(|(key, _)| own.iter().all(|section| section.key != *key));
    let common: Vec<Section> = common.map(|(key, title)| Section::named(key, title)).collect();
    own.extend(common);
    own
}

/// Takes back, for the reason given, what the releases do not keep.
fn supersede(
    show: &Show,
    releases: &mut [Release],
    broken: &[Broken],
    how: &Publishing,
) -> Result<()> {
    let Some(first) = broken.first() else { return Ok(()) };
    let Some(reason) = how.supersede.as_ref().map(|r| r.trim()).filter(|r| !r.is_empty()) else {
        return Err(match first.episode {
            Some(id) => DeskError::Promised { id, was: first.was.join(", ") },
            None => DeskError::PromisedShow { was: first.was.join(", ") },
        });
    };
    for Broken { episode, was } in broken {
        let Some(release) = releases.iter_mut().find(|r| Some(r.id) == *episode) else { continue };
        let publication = &mut release.publication;
        let mut was = was.clone();
        if was.iter().any(|was| was.starts_with("sha256")) {
            was.push(format!("enclosure_url was {}", publication.enclosure_url));
            let nth = publication.superseded.len() + 2;
            publication.enclosure_url =
                lorecast_publisher::next_enclosure_url(show, release.id, nth);
        }
        was.dedup();
        publication.superseded.push(Superseded { on: how.now, reason: reason.to_owned(), was });
    }
    Ok(())
}

/// Writes down what is promised, where that is new.
fn promise<'a>(releases: impl Iterator<Item = (&'a EpisodeDir, &'a Release)>) -> Result<()> {
    for (dir, release) in releases {
        if dir.publication()?.as_ref() != Some(&release.publication) {
            dir.write_publication(&release.publication)?;
        }
    }
    Ok(())
}
