//! The pages, rendered from the templates below `site/`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lorecast_model::{Seconds, Story, StoryState, Templates};
use serde::Serialize;
use tera::{Context, Tera};

use crate::PublishError;
use crate::address::is_plain_path;
use crate::chapters::{milliseconds, whole_seconds};
use crate::delivery::Planned;
use crate::people::PersonView;
use crate::site::{Place, Prepared};
use crate::text::{one_line, printable};
use crate::transcript::TranscriptForm;

/// The templates of a site, parsed.
pub(crate) struct Pages<'a> {
    tera: Tera,
    templates: &'a Templates,
}

/// What every template knows.
#[derive(Serialize)]
struct View<'a> {
    show: ShowView,
    /// From this page to the site's root: `../../`, empty on the root's own pages.
    root: &'a str,
    /// The page's own URL.
    url: String,
    /// All of them, newest first, on the list of episodes; nothing elsewhere, so that the work
    /// grows with the number of episodes and not with its square.
    episodes: &'a [EpisodeView],
    /// The one that the page is about.
    episode: Option<&'a EpisodeView>,
    newer: Option<Neighbour<'a>>,
    older: Option<Neighbour<'a>>,
    /// Whether there is a list of people.
    has_people: bool,
    /// On the list of people all that have a page; on an episode's page those whom it names.
    people: &'a [&'a PersonView],
    /// The one that the page is about.
    person: Option<&'a PersonView>,
}

/// The episode before or after.
#[derive(Serialize)]
struct Neighbour<'a> {
    title: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct ShowView {
    title: String,
    description: String,
    author: String,
    email: Option<String>,
    language: String,
    url: String,
    feed_url: String,
    /// Below the site's root.
    cover: Option<String>,
}

#[derive(Serialize)]
struct EpisodeView {
    id: String,
    title: String,
    number: Option<u32>,
    /// The folder of its page below the site's root.
    path: String,
    /// For people: `17 April 2023`.
    date: String,
    /// For machines: `2023-04-17T18:00:00Z`.
    datetime: String,
    /// The days that it covers, for machines and for people.
    from: String,
    to: String,
    from_day: String,
    to_day: String,
    /// For people: `31:12`.
    length: String,
    /// For machines: ISO 8601, `PT1872S`.
    duration: String,
    summary: String,
    /// HTML, already harmless.
    notes: String,
    audio: AudioView,
    chapters: Vec<ChapterView>,
    /// The page that shows what is said, below the site's root.
    transcript: Option<String>,
    sections: Vec<SectionView>,
    credits: Vec<String>,
}

#[derive(Serialize)]
struct AudioView {
    /// Below the site's root.
    path: String,
    url: String,
    media_type: String,
    bytes: u64,
    /// For people: `28.4 MB`.
    size: String,
}

#[derive(Serialize)]
struct ChapterView {
    title: String,
    /// In seconds.
    start: serde_json::Number,
    /// For people: `12:34`.
    clock: String,
}

/// Stories that follow each other in one section.
#[derive(Serialize)]
struct SectionView {
    key: String,
    stories: Vec<StoryView>,
}

#[derive(Serialize)]
struct StoryView {
    title: String,
    /// Where its first mail is; nothing when that would tell who asked to be forgotten.
    url: Option<String>,
}

impl<'a> Pages<'a> {
    /// Parses every template, so that a fault is found before anything is written.
    pub(crate) fn new(templates: &'a Templates) -> Result<Self, PublishError> {
        let mut tera = Tera::default();
        let html = templates.under("site/").filter(|(name, _)| name.ends_with(".html"));
        tera.add_raw_templates(html).map_err(|e| template_error("site/", &e))?;
        Ok(Self { tera, templates })
    }

    /// The static files, the pages of people and of episodes, the list of episodes and the page for
    /// what is not there, in this order.
    pub(crate) fn render(
        &self,
        place: &Place,
        episodes: &[Prepared],
        people: &[PersonView],
    ) -> Result<Vec<Planned<'static>>, PublishError> {
        let mut plan = self.static_files()?;
        let view = |root, path| View { has_people: !people.is_empty(), ..view(place, root, path) };
        let everybody: Vec<&PersonView> = people.iter().collect();
        for person in people {
            let path = format!("{}index.html", person.path);
            let view = View { person: Some(person), ..view("../../", &person.path) };
            plan.push(Planned::new(path, self.page("site/person.html", &view)?));
        }
        if !people.is_empty() {
            let view = View { people: &everybody, ..view("../", "people/") };
            plan.push(Planned::new("people/index.html", self.page("site/people.html", &view)?));
        }
        let views: Vec<EpisodeView> = episodes.iter().map(|e| episode_view(place, e)).collect();
        for (nth, episode) in views.iter().enumerate() {
            let path = format!("{}index.html", episode.path);
            let named: Vec<&PersonView> =
                people.iter().filter(|person| person.is_in(&episode.path)).collect();
            let view = View {
                episode: Some(episode),
                newer: nth.checked_sub(1).and_then(|nth| neighbour(&views, nth)),
                older: neighbour(&views, nth + 1),
                people: &named,
                ..view("../../", &episode.path)
            };
            plan.push(Planned::new(path, self.page("site/episode.html", &view)?));
        }
        let index = View { episodes: &views, ..view("", "") };
        plan.push(Planned::new("index.html", self.page("site/index.html", &index)?));
        // It is shown at any depth, so its links start at the host.
        let missing = view(place.address.url().path(), "404.html");
        plan.push(Planned::new("404.html", self.page("site/404.html", &missing)?));
        Ok(plan)
    }

    fn static_files(&self) -> Result<Vec<Planned<'static>>, PublishError> {
        let files = self.templates.under("site/").filter(|(name, _)| !name.ends_with(".html"));
        files
            .map(|(name, text)| {
                let path = name.trim_start_matches("site/");
                match is_plain_path(path) {
                    true => Ok(Planned::new(path, text)),
                    false => Err(PublishError::Template {
                        place: format!("templates/{name}"),
                        why: "its name has more than letters, digits, `.`, `-` and `_`".into(),
                    }),
                }
            })
            .collect()
    }

    fn page(&self, template: &str, view: &View) -> Result<String, PublishError> {
        let context = Context::from_serialize(view).map_err(|e| template_error(template, &e))?;
        self.tera.render(template, &context).map_err(|e| template_error(template, &e))
    }
}

/// Says which template is wrong, and in which line.
fn template_error(template: &str, error: &tera::Error) -> PublishError {
    let (place, why) = match error.kind() {
        tera::ErrorKind::SyntaxError(at) | tera::ErrorKind::RenderingError(at) => {
            let name = if at.filename().is_empty() { template } else { at.filename() };
            (format!("templates/{name}:{}", at.span().start_line), at.message().to_owned())
        }
        tera::ErrorKind::MissingParent { current: tpl, .. }
        | tera::ErrorKind::CircularExtend { tpl, .. }
        | tera::ErrorKind::CircularInclude { tpl, .. } => {
            (format!("templates/{tpl}"), error.to_string())
        }
        other => (format!("templates/{template}"), other.to_string()),
    };
    PublishError::Template { place, why: why.trim_end_matches('.').to_owned() }
}

/// What a page knows that is about no episode.
fn view<'a>(place: &Place, root: &'a str, path: &str) -> View<'a> {
    View {
        show: show_view(place),
        root,
        url: place.address.at(path),
        episodes: &[],
        episode: None,
        newer: None,
        older: None,
        has_people: false,
        people: &[],
        person: None,
    }
}

fn neighbour(episodes: &[EpisodeView], nth: usize) -> Option<Neighbour<'_>> {
    episodes.get(nth).map(|e| Neighbour { title: &e.title, path: &e.path })
}

fn show_view(place: &Place) -> ShowView {
    let show = place.show;
    ShowView {
        title: one_line(&show.title),
        description: printable(&show.description).trim().to_owned(),
        author: one_line(&show.author),
        email: show.email.as_deref().map(one_line),
        language: one_line(&show.language),
        url: place.address.url().to_string(),
        feed_url: place.address.at("feed.xml"),
        cover: place.cover.as_ref().map(ToString::to_string),
    }
}

fn episode_view(place: &Place, prepared: &Prepared) -> EpisodeView {
    let release = prepared.release;
    let (about, master) = (&release.episode, &release.master);
    let date = release.publication.date;
    EpisodeView {
        id: release.id.to_string(),
        title: place.title(&about.title),
        number: about.number,
        path: prepared.folder(),
        date: day(date),
        datetime: date.to_string(),
        from: about.window.from.to_string(),
        to: about.window.to.to_string(),
        from_day: about.window.from.strftime("%-d %B").to_string(),
        to_day: about.window.to.strftime("%-d %B %Y").to_string(),
        length: master.length.to_string(),
        duration: format!("PT{}S", master.length.0.max(0.0).round() as u64),
        summary: prepared.notes.summary.clone(),
        notes: prepared.notes.html.clone(),
        audio: AudioView {
            path: prepared.audio.to_string(),
            url: place.address.at(prepared.audio.as_str()),
            media_type: master.enclosure.media_type.clone(),
            bytes: master.enclosure.bytes,
            size: size(master.enclosure.bytes),
        },
        chapters: master.chapters.iter().map(|chapter| chapter_view(chapter, place)).collect(),
        transcript: prepared
            .transcript
            .as_ref()
            .map(|_| prepared.transcript_path(TranscriptForm::Html)),
        sections: sections(&about.stories, place),
        credits: about.credits.iter().map(|c| place.title(c)).collect(),
    }
}

fn chapter_view(chapter: &lorecast_model::Chapter, place: &Place) -> ChapterView {
    ChapterView {
        title: place.title(&chapter.title),
        start: milliseconds(chapter.start),
        clock: Seconds(whole_seconds(chapter.start) as f64).to_string(),
    }
}

fn sections(stories: &[Story], place: &Place) -> Vec<SectionView> {
    let told: Vec<&Story> = stories.iter().filter(|s| s.state != StoryState::Dropped).collect();
    told.chunk_by(|a, b| a.section == b.section)
        .map(|group| SectionView {
            key: one_line(&group[0].section),
            stories: group.iter().map(|story| story_view(story, place)).collect(),
        })
        .collect()
}

fn story_view(story: &Story, place: &Place) -> StoryView {
    StoryView { title: place.title(&story.title), url: place.mail(&story.id) }
}

/// `17 April 2023`.
pub(crate) fn day(date: Timestamp) -> String {
    date.to_zoned_datetime(TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

/// Megabytes of 1000 × 1000 bytes, as download pages count them.
fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
