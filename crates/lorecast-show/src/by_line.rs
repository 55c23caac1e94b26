//! Edits of an `episode.yaml` that is laid out by hand: line by line, so that the rest stays.

use camino::Utf8Path;
use lorecast_model::{ChapterPlan, Episode, MessageId, Story};
use serde::Serialize;

use crate::yaml;

/// The text with what `after` says of states and sections, and with keys that it has and `before` has
/// not. Whoever calls makes sure that it reads back as `after`: what has no clear line is left alone.
pub(crate) fn edited(text: &str, before: &Episode, after: &Episode) -> String {
    let mut text = text.to_owned();
    for story in &after.stories {
        let Some(known) = before.stories.iter().find(|known| known.id == story.id) else {
            continue;
        };
        for (key, old, new) in values(known, story) {
            if old != new {
                text = with_value(&text, &story.id, key, &new);
            }
        }
    }
    if before.corrections.is_empty() && !after.corrections.is_empty() {
        text = with_key(&text, "corrections", &after.corrections);
    }
    if before.chapters != after.chapters {
        text = with_chapters(&text, &before.chapters, &after.chapters);
    }
    text
}

/// Writes chapters that changed anew, each in the way in which it is laid out; their comments stay.
fn with_chapters(text: &str, before: &[ChapterPlan], after: &[ChapterPlan]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let empty = |line: &&str| matches!(line.trim_end(), "chapters: []" | "chapters:");
    let Some(key) = lines.iter().position(|line| line.starts_with("chapters:")) else {
        return with_key(text, "chapters", &after);
    };
    if before.is_empty() && lines.get(key).is_some_and(empty) {
        let rest = lines[..key].iter().chain(&lines[key + 1..]).copied().collect::<String>();
        return with_key(&rest, "chapters", &after);
    }
    let inside = |line: &&&str| line.starts_with([' ', '-', '#']) || line.trim().is_empty();
    let end = key + 1 + lines[key + 1..].iter().take_while(inside).count();
    let depth_of = |line: &str| line.trim_start().starts_with('-').then(|| depth(line));
    let Some(indent) = lines[key + 1..end].iter().find_map(|line| depth_of(line)) else {
        return text.to_owned();
    };
    let entries: Vec<usize> =
        (key + 1..end).filter(|at| depth_of(lines[*at]) == Some(indent)).collect();
    if entries.len() != after.len() || before.len() != after.len() {
        return text.to_owned();
    }
    let mut made: String = lines[..entries.first().copied().unwrap_or(end)].concat();
    for (number, at) in entries.iter().enumerate() {
        let own = &lines[*at..entries.get(number + 1).copied().unwrap_or(end)];
        if before[number] == after[number] {
            made.push_str(&own.concat());
            continue;
        }
        made.push_str(&chapter(&after[number], indent, own[0].contains('{')));
        let kept = own[1..].iter().filter(|line| line.trim_start().starts_with('#'));
        made.extend(kept.copied());
        made.extend(own[1..].iter().rev().take_while(|line| line.trim().is_empty()).copied());
    }
    made + &lines[end..].concat()
}

/// A chapter, on one line or on one for each key.
fn chapter(plan: &ChapterPlan, indent: usize, on_one_line: bool) -> String {
    let margin = " ".repeat(indent);
    if !on_one_line {
        let block = yaml_of(&[plan]);
        return block.lines().map(|line| format!("{margin}{line}\n")).collect();
    }
    let Ok(serde_json::Value::Object(keys)) = serde_json::to_value(plan) else {
        return String::new();
    };
    // JSON's values are YAML's.
    let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{margin}- {{{}}}\n", keys.join(", "))
}

/// What of a story stands in a line of its own.
fn values(before: &Story, after: &Story) -> [(&'static str, String, String); 2] {
    let state = |story: &Story| yaml_of(&story.state).trim_end().to_owned();
    [
        ("state", state(before), state(after)),
        ("section", before.section.clone(), after.section.clone()),
    ]
}

/// Sets a value of the story that begins with `- id: …`, behind the id when it has none yet.
fn with_value(text: &str, id: &MessageId, key: &str, value: &str) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let Some(first) = lines.iter().position(|line| item_id(line) == Some(id.as_str())) else {
        return text.to_owned();
    };
    let indent = lines[first].find("id:").unwrap_or(2);
    let own = |line: &str| line.trim().is_empty() || depth(line) >= indent;
    let end = lines[first + 1..].iter().position(|line| !own(line));
    let end = end.map_or(lines.len(), |at| first + 1 + at);
    let wanted = format!("{}{key}: {value}\n", " ".repeat(indent));
    let is_it =
        |line: &String| depth(line) == indent && line.trim().starts_with(&format!("{key}:"));
    match (first + 1..end).find(|at| is_it(&lines[*at])) {
        Some(at) => lines[at] = wanted,
        None => lines.insert(first + 1, wanted),
    }
    lines.concat()
}

/// Adds a key that the text does not have at its end.
fn with_key<T: Serialize>(text: &str, key: &str, value: &T) -> String {
    let block = std::collections::BTreeMap::from([(key, value)]);
    let block = yaml_of(&block);
    let between = if text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{between}{block}")
}

/// Nothing for what cannot be written: the caller sees that the text does not say it.
fn yaml_of<T: Serialize>(value: &T) -> String {
    yaml::write(Utf8Path::new("episode.yaml"), value).unwrap_or_default()
}

/// The id of a line that begins a story: `- id: a@b`, quoted or not.
fn item_id(line: &str) -> Option<&str> {
    let value = line.trim().strip_prefix('-')?.trim_start().strip_prefix("id:")?;
    Some(value.split(" #").next()?.trim().trim_matches(['"', '\'']))
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
