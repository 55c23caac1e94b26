//! Which recording in `takes/` belongs to which chapter.
//!
//! A file belongs to the chapter whose take or title its name tells (`mm.wav`, `01-mm.wav`,
//! `memory-management.flac`), else to the chapter of its number (`03.wav`, `03 second half.wav`). Of
//! several takes of one chapter (`mm.wav`, `mm-2.wav`, `mm-take3.wav`) the last one counts.

mod name;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{ChapterPlan, Episode, Seconds};

use self::name::Name;
use crate::{Result, ShowError};

use self::name::slug;

/// A recording and the chapter that it opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// The chapter's title.
    pub chapter: String,
    /// The recording.
    pub file: Utf8PathBuf,
    /// Where the chapter begins in the recording; at its start when absent.
    pub from: Option<Seconds>,
    /// Where it ends; with the recording when absent.
    pub to: Option<Seconds>,
    /// Whether a machine reads it.
    pub synthetic: bool,
}

/// Everything in `takes/`, told apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recordings {
    /// The take of each chapter, in the order of `episode.yaml`; `None` where there is none.
    pub takes: Vec<Option<Take>>,
    /// The recording of each filler, in that order.
    pub fillers: Vec<Option<Utf8PathBuf>>,
    /// Recordings that belong to nothing.
    pub others: Vec<Utf8PathBuf>,
}

/// The endings of files that the studio may be able to read.
const SOUND: [&str; 15] = [
    "wav", "wave", "flac", "mp3", "ogg", "oga", "m4a", "mp4", "aac", "aiff", "aif", "caf", "opus",
    "webm", "mka",
];
/// More files than an episode has; a hostile folder can hold millions.
const MOST_FILES: usize = 10_000;

/// Whom a recording is for, by its place in `episode.yaml`, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A chapter.
    Chapter(usize),
    /// A filler.
    Filler(usize),
}

/// A recording in `takes/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeFile {
    /// Its name in that folder.
    pub name: String,
    /// Whom it is for: several chapters may share one; none when it belongs to nothing.
    pub owners: Vec<Owner>,
    /// Which take of them it is; the last one counts.
    pub number: u32,
}

impl Recordings {
    /// Tells the recordings of a folder apart. `voice` holds what a machine read.
    ///
    /// # Errors
    /// [`ShowError::TwoTakes`], or when a folder cannot be listed.
    pub(crate) fn of(episode: &Episode, takes: &Utf8Path, voice: &Utf8Path) -> Result<Self> {
        let files = recordings(takes)?;
        let names = Names::of(episode);
        let mut found: BTreeMap<Owner, Vec<(u32, &Utf8PathBuf)>> = BTreeMap::new();
        let mut others = Vec::new();
        let shared = |name: &str| {
            let called = |file: &&Utf8PathBuf| {
                file.file_name() == Some(name) || file.file_stem() == Some(name)
            };
            files.iter().find(called)
        };
        let long: Vec<&Utf8PathBuf> =
            episode.chapters.iter().filter_map(|plan| shared(plan.recording.as_deref()?)).collect();
        for file in &files {
            if long.contains(&file) {
                continue;
            }
            let owners = names.owners(file);
            if owners.is_empty() {
                others.push(file.clone());
            }
            for (owner, number) in owners {
                found.entry(owner).or_default().push((number, file));
            }
        }
        let last = |owner: Owner, take: &str| match found.get(&owner) {
            Some(files) => last_take(files, take).map(Some),
            None => Ok(None),
        };
        let read = recordings(voice)?;
        let mut made = Vec::new();
        for (at, plan) in episode.chapters.iter().enumerate() {
            let own = last(Owner::Chapter(at), &plan.take)?;
            // What was recorded anew for a chapter alone comes before a long recording.
            let within = plan
                .recording
                .as_deref()
                .and_then(shared)
                .map(|file| take(episode, at, file.clone()));
            let own = own.map(|file| match plan.recording {
                Some(_) => Take { from: None, to: None, ..take(episode, at, file) },
                None => take(episode, at, file),
            });
            let machine = || {
                let own = |file: &&Utf8PathBuf| file.file_stem() == Some(voice_name(plan));
                read.iter().find(own).filter(|_| plan.synthetic).cloned()
            };
            made.push(own.or(within).or_else(|| {
                let read = |file| Take { from: None, to: None, ..take(episode, at, file) };
                machine().map(|file| Take { synthetic: true, ..read(file) })
            }));
        }
        let fillers = episode.fillers.iter().enumerate();
        let fillers = fillers.map(|(at, filler)| last(Owner::Filler(at), &filler.take));
        Ok(Self { takes: made, fillers: fillers.collect::<Result<_>>()?, others })
    }
}

/// Every recording of a folder, and whom it is for.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn take_files(episode: &Episode, takes: &Utf8Path) -> Result<Vec<TakeFile>> {
    let names = Names::of(episode);
    let of = |file: &Utf8PathBuf| {
        let owners = names.owners(file);
        let number = owners.first().map_or(1, |(_, number)| *number);
        let mut owners: Vec<Owner> = owners.into_iter().map(|(owner, _)| owner).collect();
        let shares = |plan: &ChapterPlan| {
            let name = plan.recording.as_deref();
            name.is_some() && [file.file_name(), file.file_stem()].contains(&name)
        };
        let shared = episode.chapters.iter().enumerate().filter(|(_, plan)| shares(plan));
        owners.extend(shared.map(|(at, _)| Owner::Chapter(at)));
        owners.sort_unstable();
        owners.dedup();
        TakeFile { name: file.file_name().unwrap_or_default().to_owned(), owners, number }
    };
    Ok(recordings(takes)?.iter().map(of).collect())
}

/// A name, with this ending, for another take of somebody's: later than all there are, so that it is the one that counts.
/// Of nobody's, a name that belongs to nothing. `None` when `episode.yaml` is laid out so that no name would be understood.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn free_name(
    episode: &Episode,
    takes: &Utf8Path,
    owner: Option<Owner>,
    ending: &str,
) -> Result<Option<String>> {
    let files = take_files(episode, takes)?;
    let names = Names::of(episode);
    let own = |file: &&TakeFile| owner.is_some_and(|owner| file.owners.contains(&owner));
    let last = files.iter().filter(own).map(|file| file.number).max().unwrap_or(0);
    let is_taken = |stem: &str| {
        let stem_of =
            |file: &TakeFile| Utf8Path::new(&file.name).file_stem().map(str::to_lowercase);
        files.iter().any(|file| stem_of(file).as_deref() == Some(stem))
    };
    let bases = match owner {
        Some(Owner::Chapter(at)) => {
            let plan = episode.chapters.get(at);
            let take = plan.map_or(String::new(), |plan| slug(voice_name(plan)));
            vec![take, format!("{:02}", at + 1)]
        }
        Some(Owner::Filler(at)) => {
            vec![episode.fillers.get(at).map_or(String::new(), |filler| slug(&filler.take))]
        }
        None => vec!["recording".to_owned()],
    };
    let understood = |stem: &str, number: u32| {
        let found = names.owners(Utf8Path::new(&format!("{stem}.{ending}")));
        match owner {
            Some(owner) => found.contains(&(owner, number)),
            None => found.is_empty(),
        }
    };
    // A name that is another one's is passed over.
    let numbers = (last.saturating_add(1)..).take(MOST_FILES);
    let mut stems = numbers.flat_map(|number| {
        let stem = move |base: &String| match number {
            1 => base.clone(),
            number => format!("{base}-take{number}"),
        };
        bases.iter().filter(|base| !base.is_empty()).map(move |base| (stem(base), number))
    });
    let free = stems.find(|(stem, number)| !is_taken(stem) && understood(stem, *number));
    Ok(free.map(|(stem, _)| format!("{stem}.{ending}")))
}

/// What the take of a chapter is called, from 0: `memory-management`, or its number.
pub fn take_name(at: usize, title: &str) -> String {
    let slug = slug(title);
    if slug.is_empty() { format!("{:02}", at + 1) } else { slug }
}

/// The name, without its ending, under which what a machine read of a chapter is kept.
pub(crate) fn voice_name(plan: &ChapterPlan) -> &str {
    let take = plan.take.as_str();
    let ending = Utf8Path::new(take).extension().map(str::to_ascii_lowercase);
    match ending.filter(|ending| SOUND.contains(&ending.as_str())) {
        Some(ending) => &take[..take.len() - ending.len() - 1],
        None => take,
    }
}

/// The name of what a chapter is read from.
pub(crate) fn source(plan: &ChapterPlan) -> &str {
    plan.recording.as_ref().unwrap_or(&plan.take)
}

fn take(episode: &Episode, at: usize, file: Utf8PathBuf) -> Take {
    let plan = &episode.chapters[at];
    let next = episode.chapters[at + 1..].iter().find(|next| source(next) == source(plan));
    let to = plan.to.or_else(|| next.and_then(|next| next.from));
    Take { chapter: plan.title.clone(), file, from: plan.from, to, synthetic: false }
}

/// The recording of the highest number.
fn last_take(files: &[(u32, &Utf8PathBuf)], take: &str) -> Result<Utf8PathBuf> {
    let last = files.iter().map(|(number, _)| *number).max();
    let mut named = files.iter().filter(|(number, _)| Some(*number) == last);
    let (_, first) = named.next().expect("every owner has a file");
    match named.next() {
        None => Ok((*first).clone()),
        Some((_, second)) => Err(ShowError::TwoTakes {
            take: take.to_owned(),
            first: (*first).clone(),
            second: (*second).clone(),
        }),
    }
}

/// What chapters and fillers are called.
struct Names<'a> {
    episode: &'a Episode,
    /// Each name, in small letters, and who bears it; chapters that share a recording share its name.
    owners: Vec<(String, Owner)>,
}

impl<'a> Names<'a> {
    fn of(episode: &'a Episode) -> Self {
        let mut owners = Vec::new();
        for (at, plan) in episode.chapters.iter().enumerate() {
            owners.push((plan.take.to_lowercase(), Owner::Chapter(at)));
        }
        for (at, filler) in episode.fillers.iter().enumerate() {
            owners.push((filler.take.to_lowercase(), Owner::Filler(at)));
        }
        // A title is a name where it is nobody's yet.
        for (at, plan) in episode.chapters.iter().enumerate() {
            let slug = slug(&plan.title);
            if !slug.is_empty() && owners.iter().all(|(name, _)| *name != slug) {
                owners.push((slug, Owner::Chapter(at)));
            }
        }
        Self { episode, owners }
    }

    /// Whom a file is for, and which take of it it is: nobody, one, or the chapters that share it.
    fn owners(&self, file: &Utf8Path) -> Vec<(Owner, u32)> {
        let whole = file.file_name().unwrap_or_default().to_lowercase();
        let stem = file.file_stem().unwrap_or_default().to_lowercase();
        // The name as it stands comes before any meaning of its parts.
        for name in [&whole, &stem] {
            let found = self.bearing(name);
            if !found.is_empty() {
                return found.into_iter().map(|owner| (owner, 1)).collect();
            }
        }
        let readings = Name::readings(&stem);
        for reading in &readings {
            let found = self.bearing(&reading.name);
            if !found.is_empty() {
                return found.into_iter().map(|owner| (owner, reading.take)).collect();
            }
        }
        let numbered = readings.iter().find_map(|reading| Some((reading.number?, reading.take)));
        match numbered {
            Some((number @ 1.., take)) if number <= self.episode.chapters.len() => {
                vec![(Owner::Chapter(number - 1), take)]
            }
            _ => Vec::new(),
        }
    }

    fn bearing(&self, name: &str) -> Vec<Owner> {
        let same = |owner: &&(String, Owner)| owner.0 == name;
        self.owners.iter().filter(same).map(|(_, owner)| *owner).collect()
    }
}

fn recordings(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let fail = |source| ShowError::Read { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in folder.read_dir_utf8().map_err(fail)?.take(MOST_FILES) {
        let path = entry.map_err(fail)?.into_path();
        let ending = path.extension().map(str::to_ascii_lowercase);
        // Names that begin with a dot are of the system: `._intro.wav`.
        let hidden = path.file_name().is_some_and(|name| name.starts_with('.'));
        if !hidden && ending.is_some_and(|ending| SOUND.contains(&ending.as_str())) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
