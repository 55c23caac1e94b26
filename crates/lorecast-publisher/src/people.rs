//! Pages about people: what they allow to be told, and where the show named them.
//!
//! A [`Portrait`] holds what may be published and nothing else: no address, no hash of one, no other
//! spelling and no former name can reach a page, because there is no place for it here.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{EpisodeId, MessageId, PersonId, Vouch};
use serde::Serialize;
use url::Url;

use crate::address::is_plain_name;
use crate::delivery::{Content, Planned};
use crate::feed::follow::{Followed, News};
use crate::names::veiled;
use crate::notes::{self, Rendering};
use crate::site::{Place, Prepared};
use crate::text::{one_line, shortened, without_addresses};

/// The longest name on a page, in characters.
const NAME: usize = 120;
/// The longest employer, pronouns, spoken form or title of a link, in characters.
const WORDS: usize = 120;
/// The longest recording of a name, in bytes: a minute of anything.
const RECORDING: u64 = 8 << 20;
/// What recordings of names end in.
const SOUNDS: [&str; 6] = ["mp3", "m4a", "ogg", "opus", "wav", "flac"];
/// So many links and employers are shown.
const MOST: usize = 20;

/// What is published about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portrait {
    /// Names the page: `people/ann-vogel/`.
    pub id: PersonId,
    /// The name as the person spells it.
    pub name: String,
    /// How to speak of the person.
    pub pronouns: Option<String>,
    /// How the name is said, in plain letters.
    pub say: Option<String>,
    /// The same in the International Phonetic Alphabet.
    pub ipa: Option<String>,
    /// The language of the name (RFC 5646).
    pub lang: Option<String>,
    /// A recording of the name: a file.
    pub audio: Option<Utf8PathBuf>,
    /// A paragraph, in Markdown.
    pub bio: Option<String>,
    /// Links: what each is called, and where it leads.
    pub links: BTreeMap<String, String>,
    /// Employers that the show may tell, the latest first.
    pub employers: Vec<Employment>,
    /// The stories that named the person, in the order of the show.
    pub appearances: Vec<Appearance>,
}

/// An employer, with its years and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employment {
    /// What the employer is called.
    pub employer: String,
    /// For people: `since 2021`, `2019 to 2021`; may be empty.
    pub years: String,
    /// Who says so.
    pub source: Vouch,
}

/// A story that named somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The episode.
    pub episode: EpisodeId,
    /// The title of the story.
    pub title: String,
    /// The mail that it is about.
    pub message: MessageId,
}

/// A page about a person, as templates see it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PersonView {
    name: String,
    /// The folder of the page below the site's root.
    pub(crate) path: String,
    pronouns: Option<String>,
    say: Option<String>,
    ipa: Option<String>,
    lang: Option<String>,
    /// The recording below the site's root.
    audio: Option<String>,
    /// HTML, already harmless.
    bio: Option<String>,
    links: Vec<LinkView>,
    employers: Vec<EmploymentView>,
    /// The episodes that named the person, the latest first.
    episodes: Vec<AppearancesView>,
}

impl PersonView {
    /// Whether the episode with this page names the person.
    pub(crate) fn is_in(&self, episode: &str) -> bool {
        self.episodes.iter().any(|appearances| appearances.path == episode)
    }

    /// The same as a link, without the episodes.
    pub(crate) fn link(&self) -> Self {
        Self { episodes: Vec::new(), ..self.clone() }
    }

    /// What the person's feed tells: the stories of each episode that named the person.
    pub(crate) fn followed(&self, place: &Place) -> Followed<'_> {
        let news = self.episodes.iter().map(|told| {
            let AppearancesView { title, path, datetime, stories, .. } = told;
            let stories = stories.iter().map(|story| (story.title.as_str(), story.url.as_deref()));
            News::of_episode(place, (title, path, datetime), stories)
        });
        Followed { folder: &self.path, title: &self.name, news: news.collect() }
    }
}

#[derive(Clone, Debug, Serialize)]
struct LinkView {
    title: String,
    /// Nothing where a link would tell who asked to be forgotten.
    url: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct EmploymentView {
    name: String,
    years: String,
    /// In words: `says the person`.
    source: &'static str,
}

/// The stories of one episode that named a person.
#[derive(Clone, Debug, Serialize)]
struct AppearancesView {
    /// The episode, by its folder below the site's root.
    path: String,
    title: String,
    date: String,
    #[serde(skip)]
    datetime: String,
    stories: Vec<LinkView>,
}

/// Everybody's pages.
pub(crate) struct People<'a> {
    /// In the order of their names.
    pub(crate) views: Vec<PersonView>,
    /// The recordings to copy.
    pub(crate) recordings: Vec<Planned<'a>>,
    /// What is not on somebody's page and why, in words.
    pub(crate) notices: Vec<String>,
}

/// The pages of all portraits. Episodes that are not published do not count: somebody whom only they
/// name has no page, unless there is something on it that the person wrote. What cannot be shown is
/// left out, and nobody else's page suffers.
pub(crate) fn views<'a>(
    portraits: &'a [Portrait],
    episodes: &[Prepared],
    place: &Place,
) -> People<'a> {
    let mut people = People { views: Vec::new(), recordings: Vec::new(), notices: Vec::new() };
    for portrait in portraits.iter().filter(|portrait| is_plain_name(&portrait.id.0)) {
        let folder = format!("people/{}/", portrait.id);
        let mut left_out = |what: &str, why: String| {
            let (name, id) = (line(&portrait.name, NAME), &portrait.id);
            people.notices.push(format!("{name} ({id}): `{what}` is left out: {why}"));
        };
        let bio = portrait.bio.as_deref().map(|bio| bio_html(bio, place)).transpose();
        let bio = bio.unwrap_or_else(|why| {
            left_out("bio", why);
            None
        });
        let view = view(portrait, bio, folder.clone(), episodes, place);
        if view.episodes.is_empty() && view.bio.is_none() && view.links.is_empty() {
            continue;
        }
        let recording = portrait.audio.as_deref().map(|file| recording(file, &folder)).transpose();
        let recording = recording.unwrap_or_else(|why| {
            left_out("audio", why);
            None
        });
        let audio = recording.as_ref().map(|planned| planned.path.to_string());
        people.views.push(PersonView { audio, ..view });
        people.recordings.extend(recording);
    }
    people.views.sort_by_cached_key(|view| (view.name.to_lowercase(), view.path.clone()));
    people
}

fn view(
    portrait: &Portrait,
    bio: Option<String>,
    path: String,
    episodes: &[Prepared],
    place: &Place,
) -> PersonView {
    let short = |text: &String| Some(line(text, WORDS)).filter(|text| !text.is_empty());
    let links = portrait.links.iter().filter_map(|(title, url)| link(title, url, place)).take(MOST);
    let employers = portrait.employers.iter().take(MOST).map(|employment| EmploymentView {
        name: line(&employment.employer, WORDS),
        years: employment.years.clone(),
        source: in_words(employment.source),
    });
    PersonView {
        name: line(&portrait.name, NAME),
        path,
        pronouns: portrait.pronouns.as_ref().and_then(short),
        say: portrait.say.as_ref().and_then(short),
        ipa: portrait.ipa.as_ref().and_then(short),
        lang: portrait.lang.clone().filter(|lang| is_language(lang)),
        audio: None,
        bio: bio.filter(|bio| !bio.is_empty()),
        links: links.collect(),
        employers: employers.collect(),
        episodes: appearances(&portrait.appearances, episodes, place),
    }
}

/// The stories of published episodes, the latest episode first.
fn appearances(all: &[Appearance], episodes: &[Prepared], place: &Place) -> Vec<AppearancesView> {
    let of = |prepared: &Prepared| {
        let here = all.iter().filter(|appearance| appearance.episode == prepared.release.id);
        let stories: Vec<LinkView> = here
            .map(|appearance| LinkView {
                title: place.title(&appearance.title),
                url: place.mail(&appearance.message),
            })
            .collect();
        (!stories.is_empty()).then(|| AppearancesView {
            path: prepared.folder(),
            title: place.title(&prepared.release.episode.title),
            date: crate::pages::day(prepared.release.publication.date),
            datetime: prepared.release.publication.date.to_string(),
            stories,
        })
    };
    episodes.iter().filter_map(of).collect()
}

fn bio_html(bio: &str, place: &Place) -> Result<String, String> {
    if bio.len() > notes::LIMIT {
        return Err(format!("it has {} bytes, more than {}", bio.len(), notes::LIMIT));
    }
    let notes = notes::render(bio, "", Rendering { own: None, ..place.rendering() });
    Ok(notes.ok_or("it is nested too deeply")?.html)
}

/// A link on a page: `https:` or `http:`, without a name or password in it.
fn link(title: &str, url: &str, place: &Place) -> Option<LinkView> {
    let url = Url::parse(url.trim()).ok()?;
    let web = matches!(url.scheme(), "https" | "http") && url.has_host();
    let secret = !url.username().is_empty() || url.password().is_some();
    let title = line(&veiled(title, place.names), WORDS);
    let title = if title.is_empty() { url.host_str()?.to_owned() } else { title };
    (web && !secret && !url.as_str().contains('@') && !url.as_str().contains("%40"))
        .then(|| LinkView { title, url: Some(url.to_string()) })
}

fn recording<'a>(file: &'a Utf8Path, folder: &str) -> Result<Planned<'a>, String> {
    let file_name = file.file_name().unwrap_or_default();
    let fails = |why: &str| format!("`{file_name}` {why}");
    let extension = file.extension().map(str::to_ascii_lowercase).unwrap_or_default();
    if !SOUNDS.contains(&extension.as_str()) {
        return Err(fails("is no recording: give an MP3, M4A, Ogg, Opus, WAV or FLAC file"));
    }
    match std::fs::metadata(file) {
        Ok(found) if found.is_file() && found.len() <= RECORDING => {
            let path = format!("{folder}name.{extension}").into();
            Ok(Planned { path, content: Content::Copy { from: file.into(), bytes: found.len() } })
        }
        Ok(found) if found.is_file() => Err(fails("is longer than 8 MB: a name takes seconds")),
        _ => Err(fails("is not there: correct the path, or leave `audio` out")),
    }
}

/// Who vouches for an employer, on a page.
fn in_words(source: Vouch) -> &'static str {
    match source {
        Vouch::Own => "in their own words",
        Vouch::Producer => "as the show knows it from them",
        Vouch::Name => "written behind their name",
        Vouch::Header => "from the header of their mail",
        Vouch::Signature => "from the signature of their mail",
        Vouch::Map => "from an imported list",
        Vouch::Domain => "from the domain of their address",
    }
}

/// RFC 5646, as far as letters go.
fn is_language(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= 35
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// Plain text on one line, cut, without what turns the direction of writing (Unicode UAX #9).
fn line(text: &str, limit: usize) -> String {
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = text.chars().take(4 * limit).filter(|c| !turns(c)).collect();
    shortened(&without_addresses(&one_line(&plain), None), limit)
}
