//! What is published, and the order in which it is written.

use std::cmp::Reverse;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{
    Alternative, Enclosure, Episode, EpisodeId, Glossary, Master, MessageId, Publication, Section,
    Show, Templates, Transcript,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::address::{Address, is_plain_name, quiet};
use crate::delivery::{Content, Planned, deliver};
use crate::names::Names;
use crate::notes::{self, Notes, Rendering};
use crate::pages::Pages;
use crate::people::{self, People, Portrait};
use crate::series::SeriesStory;
use crate::text::title;
use crate::transcript::{TranscriptForm, published};
use crate::{PublishError, Written, beside, errata, feed, icon, search, voices};

/// An episode that is ready to be published.
#[derive(Clone, Debug)]
pub struct Release {
    /// Which episode.
    pub id: EpisodeId,
    /// `episode.yaml`.
    pub episode: Episode,
    /// `notes.md`: Markdown.
    pub notes: String,
    /// `master.json`.
    pub master: Master,
    /// `alignment.json`: what is said when, where that is known.
    pub transcript: Option<Transcript>,
    /// `published.yaml`.
    pub publication: Publication,
    /// The MP3 that `master.json` describes. Its alternatives lie beside it, under its name with their
    /// endings.
    pub audio: Utf8PathBuf,
    /// Its wave in the JSON of audiowaveform, for the card; need not be there.
    pub peaks: Utf8PathBuf,
}

impl Release {
    /// Where the file of an alternative lies.
    fn alternative(&self, alternative: &Alternative) -> Utf8PathBuf {
        self.audio.with_extension(alternative.encoding.extension())
    }
}

/// Everything that a site and a feed are made of.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// `show.yaml`.
    pub show: &'a Show,
    /// The episodes, in any order.
    pub releases: &'a [Release],
    /// The templates; those below `site/` are used. Files that do not end in `.html` are copied.
    pub templates: &'a Templates,
    /// The artwork, PNG or JPEG.
    pub cover: Option<&'a Utf8Path>,
    /// The people who may have a page.
    pub people: &'a [Portrait],
    /// The sections of `subsystems.yaml`.
    pub sections: &'a [Section],
    /// What acronyms stand for.
    pub glossary: &'a Glossary,
    /// The series that episodes told, as far as an index knows them.
    pub series: &'a [SeriesStory],
    /// Names that are not told, in notes, bios and links; titles come without them.
    pub names: &'a dyn Names,
}

/// What was published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Every file of the site.
    pub files: Vec<Written>,
    /// What was left out of somebody's page and why, in words.
    pub notices: Vec<String>,
}

/// Where the parts of a site are, as pages and feed need it.
pub(crate) struct Place<'a> {
    pub(crate) show: &'a Show,
    pub(crate) names: &'a dyn Names,
    pub(crate) address: Address,
    /// The artwork below the site's root. Its name changes when the picture does, because
    /// directories look again only when the URL is new.
    pub(crate) cover: Option<Utf8PathBuf>,
    /// The artwork as the head of each page shows it, below the site's root: small where it can be.
    pub(crate) icon: Option<Utf8PathBuf>,
}

impl Place<'_> {
    /// How notes and bios are rendered.
    pub(crate) fn rendering(&self) -> Rendering<'_> {
        Rendering { base: self.address.url(), own: self.own(), names: self.names }
    }

    /// The show's own mail address.
    pub(crate) fn own(&self) -> Option<&str> {
        self.show.email.as_deref()
    }

    /// A title as it may be published.
    pub(crate) fn title(&self, text: &str) -> String {
        title(text, self.own())
    }

    /// A link as it may be published; nothing when it names somebody forgotten.
    pub(crate) fn link(&self, href: &str) -> Option<String> {
        crate::private::link(href, self.own(), self.names)
    }

    /// Where to read a mail; nothing when its id ends in the address of somebody forgotten.
    pub(crate) fn mail(&self, id: &MessageId) -> Option<String> {
        (!self.names.ends(&id.to_string())).then(|| quiet(&self.show.link(id)))
    }
}

/// A release with what is computed from it once.
pub(crate) struct Prepared<'a> {
    pub(crate) release: &'a Release,
    pub(crate) notes: Notes,
    /// The MP3 below the site's root.
    pub(crate) audio: Utf8PathBuf,
    /// What is said, without what is private.
    pub(crate) transcript: Option<Transcript>,
}

impl Prepared<'_> {
    /// An alternative of the MP3 below the site's root.
    pub(crate) fn alternative_path(&self, alternative: &Alternative) -> Utf8PathBuf {
        Utf8Path::new("media").join(&alternative.file.file)
    }

    /// The folder of the episode's page, with a `/` at the end.
    pub(crate) fn folder(&self) -> String {
        format!("episodes/{}/", self.release.id)
    }

    /// The chapters file below the site's root.
    pub(crate) fn chapters_path(&self) -> String {
        self.folder() + "chapters.json"
    }

    /// The picture for social networks below the site's root.
    pub(crate) fn card_path(&self) -> String {
        self.folder() + "card.png"
    }

    /// The transcript below the site's root, in one of its forms.
    pub(crate) fn transcript_path(&self, form: TranscriptForm) -> String {
        self.folder() + form.file_name()
    }
}

/// Writes the site and the feed to `out`, and removes what an earlier call wrote there and is no
/// longer part of the site. `progress` hears how many files of how many are done.
///
/// Files are written in the order media, pages, feed, each beside its place and then renamed, and
/// only when their content changes; so listeners never see a feed whose episodes are not there yet.
///
/// # Errors
/// When a release's sound is missing or not the one its master describes, a template is wrong, or
/// a file cannot be written. Sound, notes and templates are checked before anything is written.
pub fn publish(
    site: &Site,
    out: &Utf8Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Published, PublishError> {
    let (plan, notices) = plan(site)?;
    Ok(Published { files: deliver(plan, out, progress)?, notices })
}

/// The files of a site, and what is not on it.
fn plan<'a>(site: &Site<'a>) -> Result<(Vec<Planned<'a>>, Vec<String>), PublishError> {
    let (cover, picture) = cover(site.cover)?;
    let icon = picture
        .as_deref()
        .and_then(icon::of)
        .map(|png| Planned::new(named("icon", &png, "png"), png));
    let place = Place {
        show: site.show,
        names: site.names,
        address: Address::of(site.show)?,
        icon: icon.as_ref().map(|icon| icon.path.clone()).or_else(|| cover.clone()),
        cover,
    };
    let episodes = prepare(site.releases, &place)?;
    let pages = Pages::new(site.templates)?;
    let mut plan = Vec::new();
    for episode in &episodes {
        let Release { audio, master, .. } = episode.release;
        let content = Content::Copy { from: audio.as_path().into(), bytes: master.enclosure.bytes };
        plan.push(Planned { path: episode.audio.clone(), content });
        for other in &master.alternatives {
            let from = episode.release.alternative(other).into();
            let content = Content::Copy { from, bytes: other.file.bytes };
            plan.push(Planned { path: episode.alternative_path(other), content });
        }
    }
    plan.extend(place.cover.clone().zip(picture).map(|(path, bytes)| Planned::new(path, bytes)));
    plan.extend(icon);
    plan.extend(beside::files(&place, &episodes));
    plan.extend(search::files(&place, &episodes));
    let People { views: people, recordings, notices } =
        people::views(site.people, &episodes, &place);
    plan.extend(recordings);
    plan.extend(pages.render(site, &place, &episodes, &people)?);
    plan.push(Planned::new("feed.xml", feed::xml(&place, &episodes)?));
    Ok((plan, notices))
}

/// The releases, newest first, with their sound checked.
fn prepare<'a>(releases: &'a [Release], place: &Place) -> Result<Vec<Prepared<'a>>, PublishError> {
    let mut newest: Vec<&Release> = releases.iter().collect();
    newest.sort_by_key(|r| Reverse((r.publication.date, r.id)));
    newest.into_par_iter().map(|release| prepare_one(release, place)).collect()
}

fn prepare_one<'a>(release: &'a Release, place: &Place) -> Result<Prepared<'a>, PublishError> {
    let (id, bytes) = (release.id, release.notes.len());
    if bytes > notes::LIMIT {
        return Err(PublishError::LongNotes { id, bytes, limit: notes::LIMIT });
    }
    check_audio(id, &release.audio, &release.master.enclosure)?;
    for other in &release.master.alternatives {
        check_audio(id, &release.alternative(other), &other.file)?;
    }
    let render = |markdown: &str| {
        notes::render(markdown, &release.episode.title, place.rendering())
            .ok_or(PublishError::DeepNotes { id, limit: notes::DEEPEST })
    };
    let corrections = errata::markdown(&release.episode.corrections, place.show);
    let voices = voices::markdown(&release.episode, &release.master.synthetic);
    let notes = errata::above(render(&voices)?, render(&release.notes)?);
    let notes = errata::above(render(&corrections)?, notes);
    let file = &release.master.enclosure.file;
    // An enclosure URL is kept for ever; the file must stand where it says when that is our site.
    let audio = place.address.below(&release.publication.enclosure_url);
    let audio = audio.unwrap_or_else(|| Utf8Path::new("media").join(file));
    let transcript = release.transcript.as_ref().and_then(|spoken| published(spoken, place));
    Ok(Prepared { release, notes, audio, transcript })
}

fn check_audio(id: EpisodeId, path: &Utf8Path, enclosure: &Enclosure) -> Result<(), PublishError> {
    if !is_plain_name(&enclosure.file) {
        return Err(PublishError::AudioName { id, file: enclosure.file.clone() });
    }
    let found = match std::fs::metadata(path) {
        Ok(file) if file.is_file() => file.len(),
        Ok(_) => return Err(PublishError::MissingAudio { id, path: path.to_owned() }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(PublishError::MissingAudio { id, path: path.to_owned() });
        }
        Err(e) => return Err(PublishError::file("read", path)(e)),
    };
    let expected = enclosure.bytes;
    if found != expected {
        return Err(PublishError::ChangedAudio { id, path: path.to_owned(), found, expected });
    }
    Ok(())
}

/// The artwork's name on the site, and its bytes.
fn cover(path: Option<&Utf8Path>) -> Result<(Option<Utf8PathBuf>, Option<Vec<u8>>), PublishError> {
    let Some(path) = path else { return Ok((None, None)) };
    let bytes = std::fs::read(path).map_err(PublishError::file("read", path))?;
    let extension = path.extension().unwrap_or("png").to_ascii_lowercase();
    Ok((Some(named("cover", &bytes, &extension)), Some(bytes)))
}

/// A name that changes with the content.
fn named(stem: &str, bytes: &[u8], extension: &str) -> Utf8PathBuf {
    let digest: String =
        Sha256::digest(bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{stem}-{digest}.{extension}").into()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A show at a URL, with nothing special about it.
    pub(crate) fn show(url: &str) -> Show {
        serde_json::from_value(serde_json::json!({
            "title": "Tiny Show",
            "description": "Mail, read aloud.",
            "author": "Ada Example",
            "email": "ada@pod.example",
            "url": url,
            "categories": ["News > Tech News", "Technology"],
        }))
        .unwrap()
    }
}
