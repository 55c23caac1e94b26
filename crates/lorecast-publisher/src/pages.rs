//! The pages, rendered from the templates below `site/`.
//!
//! | file | pages |
//! |---|---|
//! | `show` | what every page knows, and how to subscribe |
//! | `episode` | an episode |
//! | `archive` | all episodes by year, and by section |
//! | `known` | which pages of the site stories lead to |
//! | `glossary` | acronyms |

mod archive;
mod episode;
mod glossary;
mod known;
mod show;

use lorecast_model::Templates;
use rayon::prelude::*;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, TeraResult};

use self::archive::{SectionPage, YearView};
use self::episode::EpisodeView;
use self::glossary::TermView;
use self::known::Known;
use self::show::{ShowView, SubscribeView};
use crate::PublishError;
use crate::address::is_plain_path;
use crate::delivery::Planned;
use crate::feed::follow;
use crate::memory::{Memory, Part, Recipe};
use crate::people::PersonView;
use crate::planet::PlanetView;
use crate::series::SeriesView;
use crate::site::{Place, Prepared, Site};
use crate::text::shortened;
use crate::{planet, series};

pub(crate) use self::episode::{day, length};

/// Longer titles are cut by search engines, in characters.
const TAB: usize = 70;
/// So many episodes are on the first page; the archive has all.
const LATEST: usize = 10;

/// The templates of a site, parsed.
pub(crate) struct Pages<'a> {
    tera: Tera,
    templates: &'a Templates,
    recipe: Recipe,
}

/// What every template knows. Everything is always there, so that a template may ask for it.
#[derive(Serialize)]
struct View<'a> {
    show: &'a ShowView,
    /// From this page to the site's root: `../../`, empty on the root's own pages.
    root: &'a str,
    /// The page's own URL.
    url: String,
    /// Which pages there are beside those that always are.
    has: Has,
    /// The latest ones, newest first, on the first page; nothing elsewhere, so that the work grows
    /// with the number of episodes and not with its square.
    episodes: &'a [EpisodeView],
    /// The one that the page is about.
    episode: Option<&'a EpisodeView>,
    newer: Option<Neighbour>,
    older: Option<Neighbour>,
    /// In the archive, all episodes.
    years: &'a [YearView],
    /// On the list of people all that have a page; on an episode's page those whom it names, without their
    /// episodes.
    people: &'a [&'a PersonView],
    /// The one that the page is about.
    person: Option<&'a PersonView>,
    /// In the archive, the sections that have a page.
    sections: &'a [SectionPage],
    /// The one that the page is about.
    section: Option<&'a SectionPage>,
    /// The one that the page is about.
    series: Option<&'a SeriesView>,
    /// On the page of acronyms, all of them.
    terms: &'a [TermView],
    /// On the subscribe page.
    subscribe: Option<&'a SubscribeView>,
    /// On the page of the planet.
    planet: Option<&'a PlanetView>,
    /// On the about page, what `about:` of `show.yaml` says: HTML, already harmless.
    about: Option<&'a str>,
}

/// Which pages there are.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Has {
    pub(crate) people: bool,
    pub(crate) glossary: bool,
    pub(crate) planet: bool,
}

/// The episode before or after.
#[derive(Debug, Serialize)]
struct Neighbour {
    title: String,
    path: String,
}

impl<'a> Pages<'a> {
    /// Parses every template, so that a fault is found before anything is written.
    pub(crate) fn new(templates: &'a Templates) -> Result<Self, PublishError> {
        let mut tera = Tera::default();
        tera.register_filter("tab", tab);
        let html = templates.under("site/").filter(|(name, _)| name.ends_with(".html"));
        tera.add_raw_templates(html).map_err(|e| template_error("site/", &e))?;
        Ok(Self { tera, templates, recipe: Recipe::of(&[templates]) })
    }

    /// The static files, then every page: of people, sections and series with their feeds, of episodes, the
    /// lists of them, and last the first page and the one for what is not there.
    pub(crate) fn render(
        &self,
        site: &Site,
        place: &Place,
        episodes: &[Prepared],
        people: &[PersonView],
        memory: &Memory,
    ) -> Result<Vec<Part<'static>>, PublishError> {
        let (mut plan, mut feeds) = (self.static_files()?, Vec::new());
        let show = ShowView::of(place);
        let known = Known::new(site.sections, site.series, episodes);
        let terms = glossary::terms(site.glossary);
        let has = Has {
            people: !people.is_empty(),
            glossary: !terms.is_empty(),
            planet: site.planet.is_some(),
        };
        plan.extend(planet::files(site, place, self, has)?);
        let view = |root, path: &str| View::new(&show, has, root, place.address.at(path));
        let mut add = |path: &str, template: &str, view: &View| {
            self.planned(path, template, view).map(|page| plan.push(page))
        };

        let everybody: Vec<&PersonView> = people.iter().collect();
        for person in people {
            let view = View { person: Some(person), ..view("../../", &person.path) };
            add(&person.path, "site/person.html", &view)?;
            feeds.push(follow::feed(place, person.followed(place))?);
        }
        if has.people {
            let view = View { people: &everybody, ..view("../", "people/") };
            add("people/", "site/people.html", &view)?;
        }
        let sections = archive::sections(place, episodes, &known);
        for section in &sections {
            let view = View { section: Some(section), ..view("../../", &section.path) };
            add(&section.path, "site/section.html", &view)?;
            feeds.push(follow::feed(place, section.followed(place))?);
        }
        for series in &series::views(site.series, episodes, place) {
            let view = View { series: Some(series), ..view("../../", &series.path) };
            add(&series.path, "site/series.html", &view)?;
            feeds.push(follow::feed(place, series.followed(place))?);
        }
        plan.extend(feeds);
        let first = std::mem::take(&mut plan);
        let linked: Vec<PersonView> = people.iter().map(PersonView::link).collect();
        let page = |(nth, episode): (usize, &Prepared)| {
            let path = episode.folder();
            let named: Vec<&PersonView> = people
                .iter()
                .zip(&linked)
                .filter_map(|(person, link)| person.is_in(&path).then_some(link))
                .collect();
            let newer = nth.checked_sub(1).and_then(|nth| neighbour(place, episodes, nth));
            let older = neighbour(place, episodes, nth + 1);
            let links = known.links(episode.release);
            let recipe = episode.recipe.and(&[&self.recipe, &has, &newer, &older, &named, &links]);
            memory.part(format!("page {}", episode.release.id), recipe, || {
                let episode = episode::page(place, episode, &known)?;
                let view = View {
                    episode: Some(&episode),
                    newer,
                    older,
                    people: &named,
                    ..view("../../", &path)
                };
                Ok(vec![self.planned(&path, "site/episode.html", &view)?])
            })
        };
        let pages: Vec<Part> =
            episodes.par_iter().enumerate().map(page).collect::<Result<_, PublishError>>()?;
        let mut add = |path: &str, template: &str, view: &View| {
            self.planned(path, template, view).map(|page| plan.push(page))
        };
        let links: Vec<SectionPage> = sections.iter().map(SectionPage::link).collect();
        let years = archive::years(place, episodes);
        let archive = View { years: &years, sections: &links, ..view("../", "archive/") };
        add("archive/", "site/archive.html", &archive)?;
        if has.glossary {
            let view = View { terms: &terms, ..view("../", "glossary/") };
            add("glossary/", "site/glossary.html", &view)?;
        }
        let subscribe = show::subscribe(place);
        let view_of = View { subscribe: Some(&subscribe), ..view("../", "subscribe/") };
        add("subscribe/", "site/subscribe.html", &view_of)?;
        let about = show::about(place)?;
        let view_of = View { about: about.as_deref(), ..view("../", "about/") };
        add("about/", "site/about.html", &view_of)?;
        let latest = episodes.iter().take(LATEST).map(|one| episode::view(place, one, &known));
        let latest = latest.collect::<Result<Vec<_>, _>>()?;
        let index = View { episodes: &latest, ..view("", "") };
        add("index.html", "site/index.html", &index)?;
        // It is shown at any depth, so its links start at the host.
        add("404.html", "site/404.html", &view(place.address.url().path(), "404.html"))?;
        Ok([first.into()].into_iter().chain(pages).chain([plan.into()]).collect())
    }

    /// The page of the planet.
    pub(crate) fn planet(
        &self,
        place: &Place,
        has: Has,
        planet: &PlanetView,
    ) -> Result<Planned<'static>, PublishError> {
        let show = ShowView::of(place);
        let view = View::new(&show, has, "../", place.address.at("planet/"));
        self.planned("planet/", "site/planet.html", &View { planet: Some(planet), ..view })
    }

    pub(crate) fn static_files(&self) -> Result<Vec<Planned<'static>>, PublishError> {
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

    /// A page, in the folder `path` when that is no file.
    fn planned(
        &self,
        path: &str,
        template: &str,
        view: &View,
    ) -> Result<Planned<'static>, PublishError> {
        let file = if path.ends_with(".html") { "" } else { "index.html" };
        Ok(Planned::new(format!("{path}{file}"), self.page(template, view)?))
    }

    fn page(&self, template: &str, view: &View) -> Result<String, PublishError> {
        let context = Context::from_serialize(view).map_err(|e| template_error(template, &e))?;
        self.tera.render(template, &context).map_err(|e| template_error(template, &e))
    }
}

/// A page's title as a browser's tab and search engines show it: with that of the show behind it
/// where both fit.
fn tab(title: &str, given: Kwargs, _: &State) -> TeraResult<String> {
    let both = format!("{title} · {}", given.must_get::<&str>("show")?);
    Ok(if both.chars().count() <= TAB { both } else { shortened(title, TAB - 1) })
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

impl<'a> View<'a> {
    /// What a page knows that is about nothing but the show.
    fn new(show: &'a ShowView, has: Has, root: &'a str, url: String) -> Self {
        Self {
            show,
            root,
            url,
            has,
            episodes: &[],
            episode: None,
            newer: None,
            older: None,
            years: &[],
            people: &[],
            person: None,
            sections: &[],
            section: None,
            series: None,
            terms: &[],
            subscribe: None,
            planet: None,
            about: None,
        }
    }
}

fn neighbour(place: &Place, episodes: &[Prepared], nth: usize) -> Option<Neighbour> {
    let episode = episodes.get(nth)?;
    Some(Neighbour { title: place.title(&episode.release.episode.title), path: episode.folder() })
}
