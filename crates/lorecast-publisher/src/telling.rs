//! What a producer sends round about an episode: a mail for a list, and a post for Mastodon. Both are
//! made of what is published already.

mod mail;
mod post;

use lorecast_model::{EpisodeId, Templates};
use serde::Serialize;
use tera::{Context, Tera};

use crate::PublishError;
use crate::chapters::timestamp;
use crate::memory::Memory;
use crate::site::{Place, Prepared, Site, prepare_one};
use crate::text::one_line;

/// Ready texts about an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// A message of RFC 5322 in plain text, its lines ended by `\n`.
    pub mail: String,
    /// At most 500 characters, as Mastodon counts them.
    pub post: String,
}

/// Tells of an episode of a site, from the templates `telling/mail.txt` and `telling/post.txt`; nothing
/// when the site does not have it.
///
/// # Errors
/// When the show has no address to write from, or a template is wrong.
pub fn tell(site: &Site<'_>, id: EpisodeId) -> Result<Option<Told>, PublishError> {
    let Some(release) = site.releases.iter().find(|release| release.id == id) else {
        return Ok(None);
    };
    let place = Place::bare(site)?;
    let nothing = Memory::default();
    let prepared = prepare_one(release, &place, &nothing)?;
    let view = View::of(&place, &prepared)?;
    let mail =
        mail::message(&place, &prepared, &filled(site.templates, "telling/mail.txt", &view)?)?;
    let post = post::fitting(&view, &mut |view| filled(site.templates, "telling/post.txt", view))?;
    Ok(Some(Told { mail, post }))
}

/// What the templates know. Everything is always there, so that a template may ask for it.
#[derive(Clone, Serialize)]
struct View {
    show: ShowView,
    episode: EpisodeView,
    /// `#linux #kernel`; empty when `show.yaml` has none.
    hashtags: String,
}

#[derive(Clone, Serialize)]
struct ShowView {
    title: String,
    author: String,
    url: String,
    feed: String,
}

#[derive(Clone, Serialize)]
struct EpisodeView {
    title: String,
    number: Option<u32>,
    /// Its page.
    url: String,
    /// For people: `17 April 2023`.
    date: String,
    /// For people: `31:12`; empty when nobody told it.
    length: String,
    /// The first paragraph of its notes.
    summary: String,
    chapters: Vec<ChapterView>,
    /// Where its sound is.
    sound: String,
}

#[derive(Clone, Serialize)]
struct ChapterView {
    /// `00:12:34`.
    clock: String,
    title: String,
    link: Option<String>,
}

impl View {
    fn of(place: &Place, prepared: &Prepared) -> Result<Self, PublishError> {
        let release = prepared.release;
        let (show, sound) = (place.show, &release.sound);
        let chapters = sound.chapters.iter().map(|chapter| ChapterView {
            clock: timestamp(chapter.start),
            title: place.title(&chapter.title),
            link: chapter.link.as_deref().and_then(|link| place.link(link)),
        });
        let tags: Vec<String> = show.telling.hashtags.iter().map(|tag| format!("#{tag}")).collect();
        Ok(Self {
            show: ShowView {
                title: one_line(&show.title),
                author: one_line(&show.author),
                url: place.address.url().to_string(),
                feed: place.address.at("feed.xml"),
            },
            episode: EpisodeView {
                title: place.title(&release.episode.title),
                number: release.episode.number,
                url: place.address.at(&prepared.folder()),
                date: crate::pages::day(release.publication.date),
                length: crate::pages::length(sound.length),
                summary: prepared.notes()?.summary.clone(),
                chapters: chapters.collect(),
                sound: release.publication.enclosure_url.clone(),
            },
            hashtags: tags.join(" "),
        })
    }
}

/// A template with what it asks for filled in, as plain text.
fn filled(templates: &Templates, name: &str, view: &View) -> Result<String, PublishError> {
    let fail = |error: tera::Error| {
        let mut why = error.to_string();
        let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
        while let Some(next) = cause {
            why = format!("{why}: {next}");
            cause = next.source();
        }
        PublishError::Template { place: format!("templates/{name}"), why: one_line(&why) }
    };
    let text = templates.0.get(name).map(String::as_str).unwrap_or_default();
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    tera.add_raw_template(name, text).map_err(fail)?;
    let context = Context::from_serialize(view).map_err(fail)?;
    tera.render(name, &context).map_err(fail)
}
