//! Where a thread belongs: its subsystems, and its section of the show.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Takes `subsystems.yaml`, and the text of a `MAINTAINERS` file when there is one.
    ///
    /// # Errors
    /// When two sections share a key, a key is one that the notes need (`topics`), or the text is
    /// not a `MAINTAINERS` file.
    pub fn new(sections: Vec<Section>, maintainers: Option<&str>) -> Result<Self, DraftError> {
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
        let maintainers = maintainers.map(Maintainers::read).transpose()?;
        Ok(Self { sections, maintainers })
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

    /// Places files, a title and lists: by the files' subsystems, else by their paths, else by the
    /// first words of the title, else by the lists, else `other`.
    pub fn of(&self, paths: &[String], title: &str, lists: &[ListId]) -> Placed {
        let mut subsystems: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut votes: BTreeMap<usize, f64> = BTreeMap::new();
        for path in paths {
            let named = self.maintainers.as_ref().map(|m| m.of(path)).unwrap_or_default();
            if let Some(section) = self.by_subsystem(&named).or_else(|| self.by_path(path)) {
                *votes.entry(section).or_default() += voice(path);
            }
            let fresh = named.into_iter().filter(|name| seen.insert((*name).to_owned()));
            subsystems.extend(fresh.map(str::to_owned));
        }
        let section = most(&votes)
            .or_else(|| self.by_title(title))
            .or_else(|| self.by_list(lists))
            .map_or_else(|| OTHER.to_owned(), |at| self.sections[at].key.clone());
        Placed { subsystems, section }
    }

    /// Places one patch; unlike [`Subsystems::of`] it also asks the `K:` lines, which read text.
    pub fn of_patch(&self, message: &Message) -> Placed {
        let paths = lorecast_mail::diff_paths(&message.diff);
        let title = lorecast_mail::subject_tags(&message.header.subject).title;
        let mut placed = self.of(&paths, &title, &message.header.lists);
        if let Some(maintainers) = &self.maintainers {
            let prose = format!("{}\n{}", message.header.subject, message.text);
            for name in maintainers.by_keyword(&prose, &message.diff) {
                if !placed.subsystems.iter().any(|known| known == name) {
                    placed.subsystems.push(name.to_owned());
                }
            }
        }
        placed
    }

    /// The section of the first subsystem that has one; the longest pattern wins.
    fn by_subsystem(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            self.longest(|section| {
                section
                    .subsystems
                    .iter()
                    .filter(|glob| matches(glob.as_bytes(), name.as_bytes()))
                    .map(String::len)
                    .max()
            })
        })
    }

    fn by_path(&self, path: &str) -> Option<usize> {
        self.longest(|section| {
            section.paths.iter().filter(|prefix| below(prefix, path)).map(String::len).max()
        })
    }

    fn by_title(&self, title: &str) -> Option<usize> {
        let title = title.to_ascii_lowercase();
        self.longest(|section| {
            section.prefixes.iter().filter(|prefix| opens(prefix, &title)).map(String::len).max()
        })
    }

    /// The section that claims most of the lists; the earlier one among equals.
    fn by_list(&self, lists: &[ListId]) -> Option<usize> {
        let claims = |section: &Section| {
            lists
                .iter()
                .filter(|list| section.lists.iter().any(|name| name == list.short()))
                .count()
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

/// Whether a path lies below a prefix, in which `*` stands for one name or part of one.
fn below(prefix: &str, path: &str) -> bool {
    if !prefix.contains('*') {
        return path.starts_with(prefix);
    }
    let depth = prefix.matches('/').count();
    let end = path.match_indices('/').nth(depth.saturating_sub(1)).map(|(at, _)| at + 1);
    match end {
        Some(end) if prefix.ends_with('/') => matches(prefix.as_bytes(), &path.as_bytes()[..end]),
        Some(end) => {
            let name = path[end..].split('/').next().unwrap_or("");
            matches(format!("{prefix}*").as_bytes(), &path.as_bytes()[..end + name.len()])
        }
        None => false,
    }
}

/// Whether a title opens with a prefix as a whole: `mm` opens `mm: x` and `mm/slub: x`, not `mmc: x`.
fn opens(prefix: &str, title: &str) -> bool {
    let Some(rest) = title.strip_prefix(&prefix.to_ascii_lowercase()) else { return false };
    let boundary = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
    boundary && rest.contains(':') || rest.is_empty()
}

/// How much a file says about where a patch belongs: documentation and device trees come along.
fn voice(path: &str) -> f64 {
    let along = [
        "Documentation/",
        "MAINTAINERS",
        "include/",
        "tools/testing/",
        "arch/arm/boot/",
        "arch/arm64/boot/",
    ];
    if along.iter().any(|prefix| path.starts_with(prefix)) { 0.4 } else { 1.0 }
}

fn most(votes: &BTreeMap<usize, f64>) -> Option<usize> {
    votes.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(at, _)| *at)
}
