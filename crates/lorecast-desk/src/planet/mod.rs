//! The blogs around the show: asked, remembered and shown.

mod ask;
mod face;
mod told;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_model::planet::{Blog, Gathered, GatheredBlog, Planet};
use lorecast_model::{Glossary, Show};
use lorecast_planet::{Memory, Remembered, opml, together};
use lorecast_publisher::{Site, Written};

use self::ask::Asker;
use crate::people::veil;
use crate::{Desk, DeskError, Result, Unit};

/// So many hosts are asked at a time.
const AT_A_TIME: usize = 8;

/// How to gather.
#[derive(Clone, Copy, Debug)]
pub struct Gathering {
    /// What time it is, in whole seconds.
    pub now: Timestamp,
    /// Ask also blogs that were asked a short while ago, and those that are gone.
    pub again: bool,
    /// Ask, and only say what would change.
    pub dry_run: bool,
}

/// What gathering did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanetReport {
    /// The site's folder.
    pub out: Utf8PathBuf,
    /// How many posts are shown.
    pub posts: usize,
    /// What became of each blog, in the order of `planet.yaml`.
    pub blogs: Vec<BlogReport>,
    /// The files of the planet.
    pub files: Vec<Written>,
    /// What was there and is no longer part of it.
    pub removed: Vec<Utf8PathBuf>,
}

/// What became of a blog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlogReport {
    /// Who writes it.
    pub name: String,
    /// Its feed.
    pub feed: String,
    /// What happened.
    pub news: BlogNews,
    /// What to do about it, in words: where it moved, that its face cannot be shown.
    pub notes: Vec<String>,
}

/// What happened to a blog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlogNews {
    /// Its feed was read, and has so many posts that are new.
    Read {
        /// How many.
        new: usize,
    },
    /// Its server says that nothing changed.
    Unchanged,
    /// It was asked a short while ago, or wants to be left alone.
    Rests {
        /// Until when.
        until: Timestamp,
    },
    /// Its server said that it is gone for good.
    Gone,
    /// It could not be read: why, in words that fit behind its address.
    Failed(String),
}

/// What an import of a list did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedBlogs {
    /// Blogs that are new in `planet.yaml`.
    pub added: usize,
    /// Blogs that it named already.
    pub known: usize,
    /// Entries whose feed is no address in the web.
    pub unfit: usize,
}

impl Desk<'_> {
    /// Asks the blogs of `planet.yaml` for what is new, and writes the planet into the published folder
    /// `out`. A blog that cannot be read stops nothing: it is told, and its earlier posts stay.
    ///
    /// # Errors
    /// When there is no `planet.yaml` or it is wrong, or a file cannot be written.
    pub fn gather(&self, out: &Utf8Path, how: Gathering) -> Result<PlanetReport> {
        let show = self.dir.show()?;
        let Some(planet) = self.dir.planet()? else {
            return Err(DeskError::NoPlanet { file: self.dir.resolve("planet.yaml".into()) });
        };
        let mut memory = self.planet_memory();
        let faces = self.dir.planet_faces();
        let asker = Asker::new(&show, &planet, self.dir.root(), out, &faces, how);
        let asked = self.ask_all(&asker, &planet.blogs, &memory);
        let mut blogs = Vec::new();
        for (blog, (known, report)) in planet.blogs.iter().zip(asked) {
            memory.blogs.insert(blog.feed.clone(), known);
            blogs.push(report);
        }
        if !how.dry_run {
            let text = serde_json::to_vec_pretty(&memory).unwrap_or_default();
            lorecast_show::write_atomically(&self.dir.planet_memory(), &text)?;
        }
        let gathered = self.gathered_from(&show, &planet, &memory);
        let written = self.show_planet(&show, &gathered, out, how.dry_run)?;
        Ok(PlanetReport {
            out: out.to_owned(),
            posts: gathered.posts.len(),
            blogs,
            files: written.files,
            removed: written.removed,
        })
    }

    /// Adds the blogs of an OPML file to `planet.yaml`, which is made when needed. What stands there stays.
    ///
    /// # Errors
    /// When the file is no OPML, or `planet.yaml` cannot take them in.
    pub fn import_blogs(&self, file: &Utf8Path) -> Result<ImportedBlogs> {
        let fails = |why: String| DeskError::Opml { file: file.to_owned(), why };
        let bytes = lorecast_show::read_bytes(file).map_err(|error| fails(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| fails("it is no UTF-8 text".to_owned()))?;
        let (blogs, unfit) = opml(&text).map_err(|error| fails(error.to_string()))?;
        let added = self.dir.add_blogs(&blogs)?;
        Ok(ImportedBlogs { added, known: blogs.len() - added, unfit })
    }

    /// The planet as it was gathered last; `None` when the show gathers no blogs, or never did.
    pub(crate) fn gathered(&self, show: &Show) -> Result<Option<Gathered>> {
        let Some(planet) = self.dir.planet()? else { return Ok(None) };
        if !self.dir.planet_memory().is_file() {
            return Ok(None);
        }
        Ok(Some(self.gathered_from(show, &planet, &self.planet_memory())))
    }

    /// What is remembered of the blogs. It can be made again: a file that is damaged is none.
    pub(crate) fn planet_memory(&self) -> Memory {
        let file = self.dir.planet_memory();
        let Ok(bytes) = std::fs::read(&file) else { return Memory::default() };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::warn!("`{file}` is damaged, the blogs are read anew: {error}");
            Memory::default()
        })
    }

    fn gathered_from(&self, show: &Show, planet: &Planet, memory: &Memory) -> Gathered {
        let faces = self.dir.planet_faces();
        let blog = |blog: &Blog| {
            let known = memory.blogs.get(&blog.feed);
            let face = known.and_then(|known| known.face.as_ref()?.file.as_ref());
            GatheredBlog {
                name: blog.name.clone(),
                feed: blog.feed.clone(),
                url: blog.url.clone().or_else(|| known?.site.clone()),
                face: face.map(|file| faces.join(file)).filter(|file| file.is_file()),
            }
        };
        let mut posts = together(&planet.blogs, memory);
        posts.truncate(planet.posts);
        let title = planet.title.clone().unwrap_or_else(|| format!("Planet {}", show.title));
        Gathered { title, blogs: planet.blogs.iter().map(blog).collect(), posts }
    }

    fn show_planet(
        &self,
        show: &Show,
        planet: &Gathered,
        out: &Utf8Path,
        dry_run: bool,
    ) -> Result<lorecast_publisher::Delivery> {
        let (templates, crowd) = (self.dir.templates()?, self.crowd()?);
        let cover = show.cover.as_ref().map(|cover| self.dir.resolve(cover));
        let site = Site {
            show,
            releases: &[],
            templates: &templates,
            cover: cover.as_deref(),
            people: &[],
            sections: &[],
            glossary: &Glossary::default(),
            series: &[],
            planet: Some(planet),
            names: &veil::Hidden(&crowd.veil),
        };
        Ok(lorecast_publisher::publish_planet(&site, out, dry_run)?)
    }

    /// Asks several hosts at a time; what comes back stands in the order of the blogs.
    fn ask_all(
        &self,
        asker: &Asker,
        blogs: &[Blog],
        memory: &Memory,
    ) -> Vec<(Remembered, BlogReport)> {
        let task = self.progress.begin("asking blogs", blogs.len() as u64, Unit::Things);
        let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let (done, all_done) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..AT_A_TIME.min(blogs.len()) {
                let (done, next, answers) = (done.clone(), &next, &answers);
                scope.spawn(move || {
                    while let Some((nth, blog)) = nth_of(blogs, next) {
                        let mut known = memory.blogs.get(&blog.feed).cloned().unwrap_or_default();
                        let report = asker.ask(blog, &mut known);
                        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
                        answers.push((nth, known, report));
                        let _ = done.send(());
                    }
                });
            }
            drop(done);
            for (count, ()) in all_done.iter().enumerate() {
                task.set(count as u64 + 1);
            }
        });
        let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        answers.sort_by_key(|(nth, ..)| *nth);
        answers.into_iter().map(|(_, known, report)| (known, report)).collect()
    }
}

/// The next blog that nobody asks yet.
fn nth_of<'a>(blogs: &'a [Blog], next: &AtomicUsize) -> Option<(usize, &'a Blog)> {
    let nth = next.fetch_add(1, Ordering::Relaxed);
    blogs.get(nth).map(|blog| (nth, blog))
}
