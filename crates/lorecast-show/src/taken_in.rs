//! What a new draft took in of a hand-edited `episode.yaml` before the two are merged: the decisions
//! of its producer, and under which names its stories go by now. To a merge that is no edit, so that
//! it meets nothing that the draft changed.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use lorecast_model::{Episode, MessageId, Story, StoryState};

use crate::blocks::{Layout, blocks};
use crate::{Result, yaml};

/// What stories and follow-ups of an `episode.yaml` are called now: old name, new name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// Stories, and the threads that were merged into them.
    pub stories: BTreeMap<MessageId, MessageId>,
    /// Follow-ups.
    pub follow_ups: BTreeMap<MessageId, MessageId>,
}

/// The three texts of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Texts {
    pub base: String,
    pub yours: String,
    pub new: String,
}

/// Makes a merge of `episode.yaml` one of what the draft did not take in.
pub(crate) fn taken_in(
    file: &Utf8Path,
    texts: Texts,
    new: &Episode,
    renamed: &Renamed,
) -> Result<Texts> {
    let yours_text = with_names(&texts.yours, renamed);
    let yours: Episode = yaml::parse(file, &yours_text)?;
    // An ancestor that somebody broke is still one of lines.
    let parsed = |text: &str| yaml::parse::<Episode>(file, text);
    let both = parsed(&texts.base)
        .and_then(|known| Ok((known, parsed(&with_names(&texts.base, renamed))?)));
    let Ok((known, mut base)) = both else {
        return Ok(Texts { yours: yours_text, ..texts });
    };
    // What somebody wrote anew, under a name of their own, is no change of what the draft had written.
    let written = |id: &MessageId| {
        let old = renamed.stories.iter().find(|(_, new)| *new == id).map(|(old, _)| old);
        old.is_some_and(|old| !known.stories.iter().any(|story| story.id == *old))
    };
    base.stories.retain(|story| !written(&story.id));
    for story in &mut base.stories {
        if let Some(decided) = yours.stories.iter().find(|decided| decided.id == story.id) {
            story.state = decided.state;
            story.section.clone_from(&decided.section);
            story.with.clone_from(&decided.with);
        }
    }
    for told in &mut base.follow_ups {
        if let Some(decided) = yours.follow_ups.iter().find(|decided| decided.id == told.id) {
            told.state = decided.state;
        }
    }
    // What somebody deleted comes back as dropped, so that the file says what became of it.
    let held = |story: &Story| yours.stories.iter().any(|held| held.id == story.id);
    let dropped = |story: &Story| {
        new.stories.iter().any(|s| s.id == story.id && s.state == StoryState::Dropped)
    };
    base.stories.retain(|story| held(story) || !dropped(story));
    arrange(&mut base.stories, &yours.stories);
    let own = |story: &&Story| base.stories.iter().all(|known| known.id != story.id);
    let told = |story: &&Story| new.stories.iter().any(|told| told.id == story.id);
    let own: Vec<&Story> = yours.stories.iter().filter(own).filter(told).collect();
    let new = with_remarks(&texts.new, &yours_text, &own);
    let base = with_stories(&yaml::write(file, &base)?, &yours_text, &own);
    Ok(Texts { base, yours: yours_text, new })
}

/// Puts the stories that both have into the order of `like`.
fn arrange(stories: &mut [Story], like: &[Story]) {
    let place = |story: &Story| like.iter().position(|other| other.id == story.id);
    let places: Vec<usize> =
        (0..stories.len()).filter(|at| place(&stories[*at]).is_some()).collect();
    let mut shared: Vec<Story> = places.iter().map(|at| stories[*at].clone()).collect();
    shared.sort_by_key(|story| place(story));
    for (at, story) in places.into_iter().zip(shared) {
        stories[at] = story;
    }
}

const STORIES: &str = "stories";
const FOLLOW_UPS: &str = "follow_ups";

/// The text with the new names in the place of the old ones, whatever else stands in these lines.
fn with_names(text: &str, renamed: &Renamed) -> String {
    let mut out = String::with_capacity(text.len());
    for block in blocks(Layout::Yaml, text) {
        let holder = block.key.as_deref().and_then(|key| key.split_once('/'));
        let names = match holder.map(|(holder, _)| holder) {
            Some(STORIES) => &renamed.stories,
            Some(FOLLOW_UPS) => &renamed.follow_ups,
            _ => &BTreeMap::new(),
        };
        let mut with = false;
        for line in block.text.split_inclusive('\n') {
            let bare = line.trim_start().trim_start_matches("- ").trim_start();
            let item = line.trim_start().starts_with("- ");
            let is_id = bare.starts_with("id:");
            with = bare.starts_with("with:") || with && item;
            out.push_str(&if is_id || with { renamed_line(line, names) } else { line.to_owned() });
        }
        out.push_str(block.gap);
    }
    out
}

fn renamed_line(line: &str, names: &BTreeMap<MessageId, MessageId>) -> String {
    let ends = |c: char| c.is_whitespace() || "\"'<>,[]{}".contains(c);
    let mut line = line.to_owned();
    for (old, new) in names {
        let found = line.match_indices(old.as_str()).map(|(at, _)| at).find(|at| {
            let (before, behind) = (&line[..*at], &line[at + old.as_str().len()..]);
            before.chars().next_back().is_none_or(ends) && behind.chars().next().is_none_or(ends)
        });
        if let Some(at) = found {
            line.replace_range(at..at + old.as_str().len(), new.as_str());
            return line;
        }
    }
    line
}

/// Adds the entries of `own` as they stand in `yours` to the stories of `base`, behind those that they
/// follow there: the draft has filled in what these leave open.
fn with_stories(base: &str, yours: &str, own: &[&Story]) -> String {
    let key = |story: &Story| format!("{STORIES}/{}", story.id);
    let own: BTreeSet<String> = own.iter().map(|story| key(story)).collect();
    let mut known: Vec<Option<String>> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for block in blocks(Layout::Yaml, base) {
        let empty = block.key.as_deref() == Some(STORIES) && !own.is_empty();
        let text = if empty { "stories:\n" } else { block.text };
        texts.push(format!("{text}{}", block.gap));
        known.push(block.key);
    }
    let mut before = Some(STORIES.to_owned());
    for block in blocks(Layout::Yaml, yours) {
        if block.key.as_ref().is_some_and(|key| own.contains(key)) {
            let place =
                known.iter().position(|key| *key == before).map_or(known.len(), |at| at + 1);
            let end = if block.text.ends_with('\n') { "" } else { "\n" };
            texts.insert(place, format!("{}{end}", block.text));
            known.insert(place, block.key.clone());
        }
        if known.contains(&block.key) {
            before = block.key;
        }
    }
    texts.concat()
}

/// Puts the remarks that stand in the entries of `own` in `yours` above the same entries of `new`.
fn with_remarks(new: &str, yours: &str, own: &[&Story]) -> String {
    let mut out = String::new();
    for block in blocks(Layout::Yaml, new) {
        let named = |story: &&&Story| block.key == Some(format!("{STORIES}/{}", story.id));
        let entry = own.iter().find(named).and_then(|story| entry(yours, &story.id));
        for remark in entry.iter().flat_map(|entry| entry.lines()).filter_map(remark) {
            out.push_str(remark);
            out.push('\n');
        }
        out.push_str(block.text);
        out.push_str(block.gap);
    }
    out
}

fn entry(text: &str, id: &MessageId) -> Option<String> {
    let key = Some(format!("{STORIES}/{id}"));
    let block = blocks(Layout::Yaml, text).into_iter().find(|block| block.key == key)?;
    let end = if block.text.ends_with('\n') { "" } else { "\n" };
    Some(format!("{}{end}", block.text))
}

/// The comment of a line.
fn remark(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with('#') {
        return Some(line);
    }
    line.find(" #").map(|at| line[at..].trim_start())
}
