//! What sort of news a message is, from its subject, sender and text.

mod notice;
mod release;
mod removal;
mod report;

use lorecast_mail::{diff_paths, subject_tags};
use lorecast_model::{Kind, Message, Profile, SubjectTags};

use crate::profile::{Rules, Touched, rules};

/// A message's kind, with what its subject says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nature {
    /// What sort of news it is.
    pub kind: Kind,
    /// What its subject says.
    pub tags: SubjectTags,
    /// The name of the release it announces, such as `Linux 6.3-rc7`.
    pub release: Option<String>,
}

/// Reads a message's kind off its subject, and off its text and diff where the subject leaves it
/// open, by the rules of a profile.
pub fn nature(message: &Message, profile: Profile) -> Nature {
    let tags = tags(message);
    let rules = rules(profile);
    let release = release::release(&message.header.subject, &tags, rules);
    let kind = match &release {
        Some((kind, _)) => *kind,
        None => without_release(message, &tags, rules),
    };
    Nature { kind, tags, release: release.map(|(_, name)| name) }
}

/// What a message's subject says; a reply is one even when its subject lost its `Re:`.
pub(crate) fn tags(message: &Message) -> SubjectTags {
    let mut tags = subject_tags(&message.header.subject);
    tags.reply |= answers_without_saying_so(message, &tags);
    tags
}

/// The kind of a thread whose first posting alone leaves it open: a cover letter touches no file.
pub(crate) fn of_thread(nature: &Nature, messages: &[&Message], profile: Profile) -> Kind {
    if !matches!(nature.kind, Kind::Series) || nature.tags.reply {
        return nature.kind;
    }
    let patches = messages.iter().filter(|m| !m.diff.is_empty()).take(MOST_PATCHES);
    let files = Files::of(patches.map(|m| m.diff.as_str()));
    rules(profile).patch(spoken_title(&nature.tags), &files.touched()).unwrap_or(nature.kind)
}

/// So many patches of a thread say what kind it is.
const MOST_PATCHES: usize = 300;

/// A title as one reads it aloud: without tags such as `[REGRESSION]` that the subject's reader left.
pub(crate) fn spoken_title(tags: &SubjectTags) -> &str {
    without_tags(&tags.title)
}

/// The same of a title whose subject was read already.
pub(crate) fn without_tags(title: &str) -> &str {
    let mut title = title.trim();
    while let Some((_, rest)) = title.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        if rest.trim().is_empty() {
            break;
        }
        title = rest.trim_start();
    }
    // A full stop ends a sentence of the notes, not a title inside one.
    match title.strip_suffix('.') {
        Some(rest) if !rest.ends_with('.') => rest.trim_end(),
        _ => title,
    }
}

/// What a title says behind its prefixes: `fold it` of `x86/mm: tlb: fold it`.
pub(crate) fn clause(title: &str) -> &str {
    title.rsplit_once(": ").map_or(title, |(_, clause)| clause).trim()
}

/// A reply whose subject lost its `Re:`: it carries no patch and quotes what it answers.
fn answers_without_saying_so(message: &Message, tags: &SubjectTags) -> bool {
    let quoted = message.text.lines().filter(|line| line.starts_with('>')).take(3).count();
    tags.patch && !message.header.references.is_empty() && message.diff.is_empty() && quoted == 3
}

fn without_release(message: &Message, tags: &SubjectTags, rules: &dyn Rules) -> Kind {
    let title = spoken_title(tags);
    if release::is_pull(tags) {
        Kind::Pull
    } else if tags.patch {
        patch(message, tags, rules)
    } else if rules.commit(&message.header.subject) {
        Kind::Patch
    } else if notice::is_call(&message.header.subject, tags, rules) {
        if rules.concerns(message) { Kind::Call } else { Kind::Discussion }
    } else if let Some(kind) = report::report(message, tags, rules) {
        kind
    } else if tags.rfc {
        Kind::Rfc
    } else if notice::is_of_maintainers(title) {
        Kind::Maintainers
    } else if removal::ends(title) {
        Kind::Removal
    } else {
        Kind::Discussion
    }
}

/// What a patch is beside a patch. An RFC stays one, whatever it brings.
fn patch(message: &Message, tags: &SubjectTags, rules: &dyn Rules) -> Kind {
    if tags.rfc {
        return Kind::Rfc;
    }
    let title = spoken_title(tags);
    let files = Files::of(std::iter::once(message.diff.as_str()));
    if let Some(kind) = rules.patch(title, &files.touched()) {
        kind
    } else if removal::removes(title) {
        Kind::Removal
    } else if tags.total.unwrap_or(1) > 1 {
        Kind::Series
    } else if notice::is_of_maintainers(title) {
        Kind::Maintainers
    } else {
        Kind::Patch
    }
}

/// The files of some diffs.
#[derive(Default)]
struct Files {
    paths: Vec<String>,
    created: Vec<String>,
}

impl Files {
    fn of<'a>(diffs: impl Iterator<Item = &'a str>) -> Self {
        let mut files = Self::default();
        for diff in diffs.filter(|diff| !diff.is_empty()) {
            files.paths.extend(diff_paths(diff));
            files.created.extend(created(diff).map(str::to_owned));
        }
        files.paths.sort();
        files.paths.dedup();
        files
    }

    fn touched(&self) -> Touched<'_> {
        Touched { paths: &self.paths, created: &self.created }
    }
}

/// The files that a diff creates: `--- /dev/null` stands above their names.
fn created(diff: &str) -> impl Iterator<Item = &str> {
    diff.lines().zip(diff.lines().skip(1)).filter_map(|(old, new)| {
        let name = new.strip_prefix("+++ ").filter(|_| old.trim_end() == "--- /dev/null")?;
        let name = name.split('\t').next().unwrap_or(name).trim_end();
        Some(name.strip_prefix("b/").unwrap_or(name))
    })
}
