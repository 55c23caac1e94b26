//! Episodes into a site and a feed.

use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use lorecast_model::{EpisodeId, Profile, Section, Show};
use lorecast_people::Veil;
use lorecast_publisher::{Release, Site};
use lorecast_show::EpisodeDir;

use crate::people::veil;
use crate::{Desk, DeskError, Result, Unit};

/// What a publish did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishReport {
    /// The site's folder.
    pub out: Utf8PathBuf,
    /// The episodes in it, oldest first.
    pub episodes: Vec<EpisodeId>,
    /// Episodes that are left out because they have not been mastered.
    pub unmastered: Vec<EpisodeId>,
    /// How many files the site has, and how many of them changed.
    pub files: u64,
    /// How many of them changed.
    pub changed: u64,
    /// What was left out of somebody's page and why, in words.
    pub notices: Vec<String>,
}

impl Desk<'_> {
    /// Builds the site and the feed of all mastered episodes. An episode that is published for the
    /// first time is dated `now`, and keeps that date, its guid and its enclosure URL for ever.
    ///
    /// # Errors
    /// When an episode cannot be read, its sound is gone, or a file cannot be written.
    pub fn publish(&self, out: &Utf8Path, now: Timestamp) -> Result<PublishReport> {
        let show = self.dir.show()?;
        let templates = self.dir.templates()?;
        let crowd = self.crowd()?;
        let (mut releases, mut unmastered) = (Vec::new(), Vec::new());
        // Episodes that come out together are a second apart: apps sort by date.
        let mut date = now;
        for dir in self.dir.episodes()? {
            match release(&show, &dir, &crowd.veil, date)? {
                Some(release) => {
                    if release.publication.date == date {
                        date = date.checked_add(SignedDuration::from_secs(1)).unwrap_or(date);
                    }
                    releases.push((dir, release));
                }
                None => unmastered.push(dir.id()),
            }
        }
        // The promise is written down before the feed makes it.
        for (dir, release) in &releases {
            if dir.publication()?.is_none() {
                dir.write_publication(&release.publication)?;
            }
        }
        let told: Vec<EpisodeDir> = releases.iter().map(|(dir, _)| dir.clone()).collect();
        let people = self.portraits(&told, &crowd)?;
        let releases: Vec<Release> = releases.into_iter().map(|(_, release)| release).collect();
        let series = self.series_of(&releases, crowd.veil.forgotten())?;
        let sections = sections(self.dir.sections()?, show.profile);
        let glossary = self.dir.glossary(show.profile)?;
        let cover = show.cover.as_ref().map(|cover| self.dir.resolve(cover));
        let site = Site {
            show: &show,
            releases: &releases,
            templates: &templates,
            cover: cover.as_deref(),
            people: &people,
            sections: &sections,
            glossary: &glossary,
            series: &series,
            names: &veil::Hidden(&crowd.veil),
        };
        let task = self.progress.begin("publishing", 1000, Unit::Thousandths);
        let site = lorecast_publisher::publish(&site, out, &mut |done, total| {
            task.set(done * 1000 / total.max(1));
        })?;
        Ok(PublishReport {
            out: out.to_owned(),
            episodes: releases.iter().map(|release| release.id).collect(),
            unmastered,
            files: site.files.len() as u64,
            changed: site.files.iter().filter(|file| file.changed).count() as u64,
            notices: site.notices,
        })
    }
}

/// The show's own sections, and those that every draft has.
fn sections(mut own: Vec<Section>, profile: Profile) -> Vec<Section> {
    let common = lorecast_drafter::common_sections(profile).into_iter();
    let common = common.filter(|(key, _)| own.iter().all(|section| section.key != *key));
    let common: Vec<Section> = common.map(|(key, title)| Section::named(key, title)).collect();
    own.extend(common);
    own
}

/// What is published of an episode; `None` when it has not been mastered yet.
fn release(
    show: &Show,
    dir: &EpisodeDir,
    hidden: &Veil,
    now: Timestamp,
) -> Result<Option<Release>> {
    let (id, published) = (dir.id(), dir.publication()?);
    let Some(master) = dir.master()? else {
        // Leaving out what listeners have already would take it away from them.
        return if published.is_some() { Err(DeskError::NoSound { id }) } else { Ok(None) };
    };
    let publication =
        published.unwrap_or_else(|| lorecast_publisher::new_publication(show, id, now));
    Ok(Some(Release {
        id,
        episode: veil::episode(hidden, dir.episode()?),
        notes: dir.notes()?,
        master: veil::master(hidden, master),
        transcript: dir.transcript()?.map(|spoken| veil::transcript(hidden, spoken)),
        publication,
        audio: dir.file("master.mp3"),
        peaks: dir.file("master.peaks.json"),
    }))
}
