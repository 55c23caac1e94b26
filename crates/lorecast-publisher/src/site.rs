//! What is published, and the order in which it is written.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::feed::{EpisodeKind, ShowKind};
use lorecast_model::planet::Gathered;
use lorecast_model::{
    Alternative, Enclosure, Episode, EpisodeId, Glossary, MessageId, Publication, Section, Show,
    Templates, Transcript,
};
use rayon::prelude::*;

use crate::address::{Address, is_plain_name, quiet};
use crate::delivery::{Content, Delivery, Planned, Stage, compare, stage};
use crate::memory::{Made, Memory, Part, Recipe, Stamp, taken_apart};
use crate::names::Names;
use crate::notes::{self, Notes, Rendering};
use crate::pages::Pages;
use crate::people::{self, People, Portrait};
use crate::series::SeriesStory;
use crate::text::title;
use crate::transcript::{TranscriptForm, published};
use crate::{
    Digest, Parcel, PublishError, Sound, SoundFile, Spoken, Written, artwork, beside, errata, feed,
    icon, search, voices,
};

/// An episode that is ready to be published.
#[derive(Clone, Debug)]
pub struct Release {
    /// Which episode.
    pub id: EpisodeId,
    /// `episode.yaml`.
    pub episode: Episode,
    /// `notes.md`: Markdown.
    pub notes: String,
    /// What is known of its sound: `master.json`, or what the feed told that it came from.
    pub sound: Sound,
    /// `alignment.json`: what is said when, where that is known.
    pub transcript: Option<Spoken>,
    /// `published.yaml`.
    pub publication: Publication,
    /// The sound itself; `None` when it stays elsewhere, where `enclosure_url` says.
    pub file: Option<SoundFile>,
    /// Its wave in the JSON of audiowaveform, for the card; need not be there.
    pub peaks: Utf8PathBuf,
    /// Artwork of its own.
    pub image: Option<Utf8PathBuf>,
}

impl Release {
    /// The digest of the sound, where that lies beside the show.
    pub fn digest(&self) -> Option<Digest> {
        self.file.as_ref().map(|file| file.digest)
    }

    /// Every file of the sound; none when it stays elsewhere.
    ///
    /// An enclosure URL is kept for ever; the file must stand where it says when that is our site.
    fn sounds(&self, address: &Address) -> Vec<PlacedSound<'_>> {
        let Some(file) = &self.file else { return Vec::new() };
        let below = address.below(&self.publication.enclosure_url);
        let place =
            below.unwrap_or_else(|| Utf8Path::new("media").join(&self.sound.enclosure.file));
        let others = self.sound.alternatives.iter().enumerate().map(|(nth, other)| {
            let ending = other.encoding.extension();
            PlacedSound {
                place: place.with_extension(ending),
                enclosure: &other.file,
                from: file.path.with_extension(ending),
                digest: file.alternatives.get(nth).copied(),
            }
        });
        let others: Vec<PlacedSound<'_>> = others.collect();
        let first = PlacedSound {
            place,
            enclosure: &self.sound.enclosure,
            from: file.path.clone(),
            digest: Some(file.digest),
        };
        std::iter::once(first).chain(others).collect()
    }
}

/// A sound file, and its place on the site.
struct PlacedSound<'a> {
    /// Below the site's root.
    place: Utf8PathBuf,
    enclosure: &'a Enclosure,
    from: Utf8PathBuf,
    digest: Option<Digest>,
}

impl PlacedSound<'_> {
    /// Sound is large: where it stands, neither file is read.
    fn part(self, memory: &Memory) -> Result<Part<'static>, PublishError> {
        let Self { place, enclosure, from, digest } = self;
        memory.part(format!("sound {place}"), Recipe::of(&[&digest]), || {
            let content = Content::Copy { from: from.into(), bytes: enclosure.bytes };
            Ok(vec![Planned { path: place.clone(), content }])
        })
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
    /// The blogs around the show, where it gathers them.
    pub planet: Option<&'a Gathered>,
    /// Names that are not told, in notes, bios and links; titles come without them.
    pub names: &'a dyn Names,
}

/// What was published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Every file of the site.
    pub files: Vec<Written>,
    /// What was there and is no longer part of the site.
    pub removed: Vec<Utf8PathBuf>,
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
    /// All of these.
    pub(crate) recipe: Recipe,
}

impl<'a> Place<'a> {
    /// The place of a site without its artwork.
    pub(crate) fn bare(site: &Site<'a>) -> Result<Self, PublishError> {
        Self::new(site, None, None)
    }

    fn new(
        site: &Site<'a>,
        cover: Option<Utf8PathBuf>,
        icon: Option<Utf8PathBuf>,
    ) -> Result<Self, PublishError> {
        let Site { show, names, .. } = *site;
        let recipe = Recipe::of(&[show, &names, &cover, &icon]);
        Ok(Self { show, names, address: Address::of(show)?, cover, icon, recipe })
    }

    /// The place of a site, and the artwork that its pages show.
    pub(crate) fn with_pictures(
        site: &Site<'a>,
        memory: &Memory,
    ) -> Result<(Self, Part<'static>), PublishError> {
        let Some(file) = site.cover else { return Ok((Self::bare(site)?, Part::default())) };
        let recipe = Recipe::of(&[&file, &Stamp::of(file)]);
        let pictures = memory.part("artwork".to_owned(), recipe, || {
            let (path, bytes) = artwork::read(file, "")?;
            let icon = icon::of(&bytes).map(|png| Planned::new(named("icon", &png, "png"), png));
            Ok(std::iter::once(Planned::new(path, bytes)).chain(icon).collect())
        })?;
        let path = |picture: &Planned| picture.path.clone();
        let (cover, last) = (pictures.files.first().map(path), pictures.files.last().map(path));
        Ok((Self::new(site, cover, last)?, pictures))
    }
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

/// A release with what is computed from it, once and when something is made of it.
pub(crate) struct Prepared<'a> {
    pub(crate) release: &'a Release,
    place: &'a Place<'a>,
    /// The release, and the place that it goes to.
    pub(crate) recipe: Recipe,
    notes: OnceLock<Notes>,
    /// The sound below the site's root; `None` when it stays elsewhere.
    pub(crate) audio: Option<Utf8PathBuf>,
    /// Its own artwork below the site's root.
    pub(crate) image: Option<Utf8PathBuf>,
    artwork: Part<'static>,
    memory: &'a Memory,
    transcript: OnceLock<Option<Transcript>>,
    /// Whether anything is said that may be published.
    pub(crate) has_transcript: bool,
}

impl Prepared<'_> {
    /// Its notes, rendered, below the corrections and who is heard.
    pub(crate) fn notes(&self) -> Result<&Notes, PublishError> {
        if let Some(notes) = self.notes.get() {
            return Ok(notes);
        }
        let Self { release, place, .. } = self;
        let (id, bytes) = (release.id, release.notes.len());
        if bytes > notes::LIMIT {
            return Err(PublishError::LongNotes { id, bytes, limit: notes::LIMIT });
        }
        let render = |markdown: &str| {
            notes::render(markdown, &release.episode.title, place.rendering())
                .ok_or(PublishError::DeepNotes { id, limit: notes::DEEPEST })
        };
        let notes = self.memory.value(&format!("notes-{id}.json"), self.recipe, || {
            let corrections = errata::markdown(&release.episode.corrections, place.show);
            let voices = voices::markdown(&release.episode, &release.sound.synthetic);
            let notes = errata::above(render(&voices)?, render(&release.notes)?);
            Ok(errata::above(render(&corrections)?, notes))
        })?;
        Ok(self.notes.get_or_init(|| notes))
    }

    /// What is said, without what is private.
    pub(crate) fn transcript(&self) -> Result<Option<&Transcript>, PublishError> {
        if let Some(transcript) = self.transcript.get() {
            return Ok(transcript.as_ref());
        }
        let id = self.release.id;
        let read = self.release.transcript.as_ref().map(Spoken::read).transpose();
        let read = read.map_err(|source| PublishError::Spoken { id, source })?;
        let told = read.and_then(|spoken| published(spoken, self.place));
        Ok(self.transcript.get_or_init(|| told).as_ref())
    }

    /// An alternative of the sound below the site's root.
    pub(crate) fn alternative_path(&self, alternative: &Alternative) -> Utf8PathBuf {
        let audio = self.audio.clone().unwrap_or_default();
        audio.with_extension(alternative.encoding.extension())
    }

    /// Where the page `up` levels below the root finds the sound.
    pub(crate) fn audio_from(&self, up: &str) -> String {
        match &self.audio {
            Some(path) => format!("{up}{path}"),
            None => self.release.publication.enclosure_url.clone(),
        }
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

/// A site that is ready to go out: every page and feed of it is made, or stands already.
pub struct Build<'a> {
    plan: Vec<Planned<'a>>,
    memory: Memory,
    made: Vec<Made>,
    notices: Vec<String>,
    /// The sound of the site, by its place.
    sound: BTreeMap<Utf8PathBuf, Digest>,
}

impl<'a> Build<'a> {
    /// Makes the files of a site that `memory` does not know to stand as they are to be; none is written.
    ///
    /// # Errors
    /// When a release's sound is missing or not the one its master describes, artwork is unfit, or a
    /// template is wrong.
    pub fn of(site: &Site<'a>, memory: Memory) -> Result<Self, PublishError> {
        let (parts, notices) = parts(site, &memory)?;
        let (plan, made) = taken_apart(parts);
        Ok(Self { plan, memory, made, notices, sound: sound(site)? })
    }

    /// Every file of the site as it is carried elsewhere once it is published, in the order of their
    /// turns.
    ///
    /// # Errors
    /// When a file that is copied cannot be read.
    pub fn parcels(&self) -> Result<Vec<Parcel>, PublishError> {
        let parcel = |file: &Planned| {
            let (bytes, sound) = (file.bytes(), self.sound.get(&file.path));
            let sha256 = match (&file.content, sound) {
                (_, Some(sound)) => *sound,
                (Content::Bytes(bytes), None) => Digest::of(bytes),
                (Content::Copy { from, .. }, None) => {
                    Digest::of_file(from).map_err(PublishError::file("read", from.as_ref()))?
                }
                (Content::Kept { at, .. }, None) => {
                    Digest::of_file(at).map_err(PublishError::file("read", at))?
                }
            };
            Ok(Parcel::new(file.path.clone(), bytes, sha256, sound.is_some()))
        };
        let mut parcels =
            self.plan.par_iter().map(parcel).collect::<Result<Vec<_>, PublishError>>()?;
        parcels.sort_by_key(|parcel| parcel.turn);
        Ok(parcels)
    }

    /// What publishing it would do. Nothing is written.
    ///
    /// # Errors
    /// When a file of somebody else stands in the way.
    pub fn preview(self, out: &Utf8Path) -> Result<Published, PublishError> {
        let Delivery { files, removed } = compare(&self.plan, out)?;
        Ok(Published { files, removed, notices: self.notices })
    }

    /// Writes the site and the feed into a new tree beside `out`, and reads its sound back. `progress`
    /// hears how many files of how many are done.
    ///
    /// # Errors
    /// When a file cannot be written; `out` is as it was then.
    pub fn stage(
        self,
        out: &Utf8Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Staged, PublishError> {
        let Self { plan, memory, made, notices, sound } = self;
        let stage = stage(plan, out, progress)?;
        if let Some(tree) = stage.tree() {
            read_back(&sound, &stage.delivery().files, tree)?;
        }
        Ok(Staged { stage, memory, made, notices })
    }
}

/// A site that is written and not out yet. When it is dropped, everything is as it was.
pub struct Staged {
    stage: Stage,
    memory: Memory,
    made: Vec<Made>,
    notices: Vec<String>,
}

impl Staged {
    /// The published folder as it will be; `None` when it is so already.
    pub fn tree(&self) -> Option<&Utf8Path> {
        self.stage.tree()
    }

    /// The files that are as they were, and with that as they were when the whole was looked at; `None`
    /// where that says little, because something that they may name is gone.
    pub fn unchanged(&self) -> Option<BTreeSet<Utf8PathBuf>> {
        let Delivery { files, removed } = self.stage.delivery();
        let same = files.iter().filter(|file| !file.changed).map(|file| file.path.clone());
        removed.is_empty().then(|| same.collect())
    }

    /// Takes the place of what was published, at once where the system can do that. What an earlier call
    /// wrote and is no longer part of the site is gone then; what others put there stays.
    ///
    /// # Errors
    /// When the folder cannot be replaced.
    pub fn go_out(self) -> Result<Published, PublishError> {
        let Self { stage, memory, made, notices } = self;
        let Delivery { files, removed } = stage.go_out()?;
        memory.keep(made);
        Ok(Published { files, removed, notices })
    }

    /// Moves the tree to another folder, in the place of what was there, and says whether that was
    /// possible; nothing is published.
    pub fn keep(self, to: &Utf8Path) -> bool {
        self.stage.keep(to)
    }
}

/// Builds a site and publishes it: [`Build::of`], [`Build::stage`], then [`Staged::go_out`].
///
/// # Errors
/// As these.
pub fn publish(
    site: &Site,
    out: &Utf8Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Published, PublishError> {
    Build::of(site, Memory::default())?.stage(out, progress)?.go_out()
}

/// The digest of each sound file of the site.
fn sound(site: &Site) -> Result<BTreeMap<Utf8PathBuf, Digest>, PublishError> {
    let address = Address::of(site.show)?;
    let mut sound = BTreeMap::new();
    for release in site.releases {
        let sounds = release.sounds(&address).into_iter();
        sound.extend(sounds.filter_map(|file| Some((file.place, file.digest?))));
    }
    Ok(sound)
}

/// Whether the sound that was written is the sound that was read.
fn read_back(
    sound: &BTreeMap<Utf8PathBuf, Digest>,
    files: &[Written],
    tree: &Utf8Path,
) -> Result<(), PublishError> {
    for file in files.iter().filter(|file| file.changed) {
        let Some(expected) = sound.get(&file.path) else { continue };
        let path = tree.join(&file.path);
        let found = Digest::of_file(&path).map_err(PublishError::file("read", &path))?;
        if found != *expected {
            return Err(PublishError::ReadBack { path });
        }
    }
    Ok(())
}

/// The files of a site, and what is not on it.
fn parts<'a>(
    site: &Site<'a>,
    memory: &Memory,
) -> Result<(Vec<Part<'a>>, Vec<String>), PublishError> {
    let (place, pictures) = Place::with_pictures(site, memory)?;
    let mut episodes = prepare(site.releases, &place, memory)?;
    let pages = Pages::new(site.templates)?;
    let mut parts = Vec::new();
    for sound in episodes.iter().flat_map(|episode| episode.release.sounds(&place.address)) {
        parts.push(sound.part(memory)?);
    }
    parts.push(pictures);
    parts.extend(episodes.iter_mut().map(|episode| std::mem::take(&mut episode.artwork)));
    let People { views: people, recordings, notices } =
        people::views(site.people, &episodes, &place);
    parts.push(recordings.into());
    let ((beside, search), (pages, feeds)) = rayon::join(
        || (beside::files(&place, &episodes, memory), search::files(&place, &episodes, memory)),
        || {
            let pages = pages.render(site, &place, &episodes, &people, memory);
            (pages, feed::all(&place, &episodes, memory))
        },
    );
    parts.extend(beside?);
    parts.push(search?);
    parts.extend(pages?);
    parts.extend(feeds?);
    Ok((parts, notices))
}

/// The releases, newest first, with their sound checked.
fn prepare<'a>(
    releases: &'a [Release],
    place: &'a Place<'a>,
    memory: &'a Memory,
) -> Result<Vec<Prepared<'a>>, PublishError> {
    let mut newest: Vec<&Release> = releases.iter().collect();
    newest.sort_by_key(|r| Reverse((r.publication.date, r.id)));
    distinct(&newest)?;
    newest.into_par_iter().map(|release| prepare_one(release, place, memory)).collect()
}

/// That every episode has a permanent name of its own.
fn distinct(releases: &[&Release]) -> Result<(), PublishError> {
    let mut seen = BTreeMap::new();
    for release in releases {
        let (id, guid) = (release.id, &release.publication.guid);
        if let Some(other) = seen.insert(guid, id) {
            let (first, second) = (id.min(other), id.max(other));
            return Err(PublishError::SharedGuid { first, second, guid: guid.to_string() });
        }
    }
    Ok(())
}

/// A release with its sound checked.
pub(crate) fn prepare_one<'a>(
    release: &'a Release,
    place: &'a Place<'a>,
    memory: &'a Memory,
) -> Result<Prepared<'a>, PublishError> {
    let sounds = release.sounds(&place.address);
    sounds.iter().try_for_each(|file| check_audio(release, &file.from, file.enclosure))?;
    check_feed(release, place.show)?;
    let audio = sounds.into_iter().next().map(|file| file.place);
    let artwork = release.image.as_ref().map(|file| {
        let (id, recipe) = (release.id, Recipe::of(&[file, &Stamp::of(file)]));
        memory.part(format!("artwork {id}"), recipe, || {
            let (path, bytes) = artwork::read(file, &format!("episodes/{id}/"))?;
            Ok(vec![Planned::new(path, bytes)])
        })
    });
    let artwork = artwork.transpose()?.unwrap_or_default();
    let image = artwork.files.first().map(|picture| picture.path.clone());
    let recipe = place.recipe.and(&[release, &image]);
    let known = beside::has_transcript(release, recipe, memory);
    let mut prepared = Prepared {
        release,
        place,
        recipe,
        notes: OnceLock::new(),
        audio,
        image,
        artwork,
        memory,
        transcript: OnceLock::new(),
        has_transcript: false,
    };
    prepared.has_transcript = match known {
        Some(known) => known,
        None => prepared.transcript()?.is_some(),
    };
    Ok(prepared)
}

/// What the feed needs of an episode beside its sound.
fn check_feed(release: &Release, show: &Show) -> Result<(), PublishError> {
    let (id, feed) = (release.id, &release.episode.feed);
    let length = release.sound.length;
    let known = length.0 > 0.0;
    if let Some(bite) = feed.soundbites.iter().find(|bite| known && bite.to.0 > length.0) {
        return Err(PublishError::Soundbite { id, end: bite.to, length });
    }
    let counted = release.episode.number.is_some_and(|number| number > 0);
    if show.feed.kind == ShowKind::Serial && feed.kind == EpisodeKind::Full && !counted {
        return Err(PublishError::Unnumbered { id });
    }
    Ok(())
}

fn check_audio(
    release: &Release,
    path: &Utf8Path,
    enclosure: &Enclosure,
) -> Result<(), PublishError> {
    let id = release.id;
    let missing = || match release.publication.sound {
        Some(_) => PublishError::MissingImported { id, path: path.to_owned() },
        None => PublishError::MissingAudio { id, path: path.to_owned() },
    };
    if !is_plain_name(&enclosure.file) {
        return Err(PublishError::AudioName { id, file: enclosure.file.clone() });
    }
    let found = match std::fs::metadata(path) {
        Ok(file) if file.is_file() => file.len(),
        Ok(_) => return Err(missing()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(missing()),
        Err(e) => return Err(PublishError::file("read", path)(e)),
    };
    let expected = enclosure.bytes;
    if found != expected {
        return Err(PublishError::ChangedAudio { id, path: path.to_owned(), found, expected });
    }
    Ok(())
}

/// A name that changes with the content.
pub(crate) fn named(stem: &str, bytes: &[u8], extension: &str) -> Utf8PathBuf {
    format!("{stem}-{}.{extension}", &Digest::of(bytes).to_string()[..8]).into()
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
