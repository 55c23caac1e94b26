//! Where a thread belongs: its subsystems, and its section of the show.

mod claims;
mod posted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use claims::{LISTS, TITLE, WORD, below, openings, opens, voice, words};
use lorecast_model::{ListId, Message, Section};
use serde::Serialize;

use crate::pattern::matches;
use crate::plan::{PARTS, STORY_PARTS};
use crate::{DraftError, Maintainers};

/// A show's sections, and the kernel's own when its `MAINTAINERS` file is at hand.
#[derive(Debug)]
pub struct Subsystems {
    sections: Vec<Section>,
    maintainers: Option<Maintainers>,
    /// The show's section of each section of `MAINTAINERS`, found when first asked for.
    homes: Vec<OnceLock<Option<usize>>>,
}

/// Where something belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// The `MAINTAINERS` sections, best first; empty without that file or without paths.
    pub subsystems: Vec<String>,
    /// The key of the show's section.
    pub section: String,
}

/// The section of what fits nowhere.
pub(crate) const OTHER: &str = "other";

impl Subsystems {
    /// Takes `subsystems.yaml`, and a `MAINTAINERS` file when there is one.
    ///
    /// # Errors
    /// When two sections share a key, or a key is one that the notes need (`topics`).
    pub fn new(
        sections: Vec<Section>,
        maintainers: Option<Maintainers>,
    ) -> Result<Self, DraftError> {
        let mut keys = BTreeSet::new();
        for section in &sections {
            let wrong = |why| DraftError::SectionKey { key: section.key.clone(), why };
            if PARTS.iter().any(|part| part.key == section.key) {
                return Err(wrong("the name of a part of the notes"));
            }
            if !keys.insert(&section.key) {
                return Err(wrong("used twice"));
            }
        }
        let known = maintainers.as_ref().map_or(0, Maintainers::len);
        let homes = (0..known).map(|_| OnceLock::new()).collect();
        Ok(Self { sections, maintainers, homes })
    }

    /// The sections, in the order of the notes.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The keys of all sections that a story can stand in: the parts of the notes, then the show's.
    pub fn keys(&self) -> Vec<&str> {
        let own = self.sections.iter().map(|section| section.key.as_str());
        STORY_PARTS.into_iter().chain(own).chain([OTHER]).collect()
    }

    /// The addresses, in small letters, of the maintainers and reviewers of files; empty without a
    /// `MAINTAINERS` file.
    pub fn maintainers_of(&self, paths: &[String]) -> BTreeSet<String> {
        let paths = paths.iter().map(String::as_str);
        self.maintainers.as_ref().map(|m| m.maintainers_of(paths)).unwrap_or_default()
    }

    /// Places files, a title and lists: by the files' subsystems, else by their paths, together with
    /// the first words of the title; without files by the title, else by the lists, else `other`.
    pub fn of(&self, paths: &[String], title: &str, lists: &[ListId]) -> Placed {
        let names = paths.iter().map(String::as_str);
        let subsystems = self.maintainers.as_ref().map(|m| owned(m.of(names))).unwrap_or_default();
        Placed { subsystems, section: self.section(paths, title, lists) }
    }

    /// Places one patch; unlike [`Subsystems::of`] it asks for all that the script would name, also
    /// by the words of the mail. A mail that is no patch has no subsystems.
    pub fn of_patch(&self, message: &Message) -> Placed {
        let paths = lorecast_mail::diff_paths(&message.diff);
        let title = lorecast_mail::subject_tags(&message.header.subject).title;
        let section = self.section(&paths, &title, &message.header.lists);
        let asked = self.maintainers.as_ref();
        let subsystems = asked.map(|m| owned(m.of_patch(&posted::text(message))));
        Placed { subsystems: subsystems.unwrap_or_default(), section }
    }

    /// The section that most of the files speak for. The title, and a little the lists, speak as
    /// well: files alone send a change of one subsystem that touches its users to those users. What
    /// has no files goes by its title, and what has no title that belongs somewhere by its lists.
    fn section(&self, paths: &[String], title: &str, lists: &[ListId]) -> String {
        let mut votes: BTreeMap<usize, f64> = BTreeMap::new();
        let mut all = 0.0;
        for path in paths {
            let voice = voice(path);
            all += voice;
            if let Some(section) = self.by_file(path) {
                *votes.entry(section).or_default() += voice;
            }
        }
        votes.values_mut().for_each(|vote| *vote /= all.max(1.0));
        let title = title.to_ascii_lowercase();
        let opening = self.by_title(&title);
        let listed = self.by_list(lists, |section| &section.lists);
        if let Some(section) = opening {
            *votes.entry(section).or_default() += TITLE;
        } else if let Some(section) = self.by_word(&title) {
            *votes.entry(section).or_default() += WORD;
        }
        if let Some(section) = listed {
            *votes.entry(section).or_default() += LISTS;
        }
        most(&votes)
            .or_else(|| self.by_list(lists, |section| &section.vague))
            .map_or_else(|| OTHER.to_owned(), |at| self.sections[at].key.clone())
    }

    /// The section of a file: by its path, or by its subsystems where the path says little.
    fn by_file(&self, path: &str) -> Option<usize> {
        let by_path = |paths| self.by_path(path, paths);
        by_path(|section| &section.paths)
            .or_else(|| self.by_subsystem(path))
            .or_else(|| by_path(|section| &section.vague_paths))
    }

    /// The section of the first subsystem of a file that has one.
    fn by_subsystem(&self, path: &str) -> Option<usize> {
        let maintainers = self.maintainers.as_ref()?;
        maintainers.entries_of([path]).into_iter().find_map(|entry| {
            *self.homes[entry].get_or_init(|| self.by_name(maintainers.title(entry)))
        })
    }

    /// The section that claims the name of a subsystem; the longest pattern wins.
    fn by_name(&self, name: &str) -> Option<usize> {
        self.longest(|section| {
            let globs = section.subsystems.iter();
            let claiming = globs.filter(|glob| matches(glob.as_bytes(), name.as_bytes()));
            claiming.map(String::len).max()
        })
    }

    fn by_path(&self, path: &str, prefixes: fn(&Section) -> &[String]) -> Option<usize> {
        self.longest(|section| {
            prefixes(section).iter().filter(|prefix| below(prefix, path)).map(String::len).max()
        })
    }

    /// The section that the first words of a title speak for, or the first that are not vague.
    fn by_title(&self, title: &str) -> Option<usize> {
        let of = |words: fn(&Section) -> &[String], title: &str| {
            self.longest(|section| {
                let opening = words(section).iter().filter(|prefix| opens(prefix, title));
                opening.map(String::len).max()
            })
        };
        let vague = of(|section| &section.vague, title);
        let clear = |title: &str| of(|section| &section.prefixes, title);
        match vague {
            Some(_) => openings(title).find_map(clear).or(vague),
            None => clear(title),
        }
    }

    /// The section of the first word of a title that is the name of one.
    fn by_word(&self, title: &str) -> Option<usize> {
        words(title).find_map(|word| {
            let named = |section: &Section| section.prefixes.iter().any(|prefix| prefix == word);
            self.sections.iter().position(named)
        })
    }

    /// The section that claims most of the lists; the earlier one among equals.
    fn by_list(&self, lists: &[ListId], names: fn(&Section) -> &[String]) -> Option<usize> {
        let claims = |section: &Section| {
            let claimed = |list: &&ListId| names(section).iter().any(|name| name == list.short());
            lists.iter().filter(claimed).count()
        };
        self.longest(|section| Some(claims(section)).filter(|claimed| *claimed > 0))
    }

    /// The section with the greatest measure; the earlier one among equals.
    fn longest(&self, measure: impl Fn(&Section) -> Option<usize>) -> Option<usize> {
        let measured = self.sections.iter().enumerate();
        let found = measured.filter_map(|(at, section)| Some((measure(section)?, at)));
        found.max_by_key(|(length, at)| (*length, usize::MAX - at)).map(|(_, at)| at)
    }
}

fn most(votes: &BTreeMap<usize, f64>) -> Option<usize> {
    votes.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(at, _)| *at)
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
