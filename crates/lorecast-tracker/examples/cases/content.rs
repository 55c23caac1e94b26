//! Cases about what one mail holds.

use lorecast_mail::{pull_request, subject_tags};
use lorecast_model::Message;
use lorecast_tracker::series;
use serde_json::Value;

use crate::compare;

/// Compares each field that the case names.
pub fn content(messages: &[Message], expect: &Value) -> Vec<String> {
    let Some(message) = messages.first() else { return vec!["no mail".to_owned()] };
    let fields = expect.as_object().into_iter().flatten();
    fields.filter_map(|(field, theirs)| differs(messages, message, field, theirs)).collect()
}

fn differs(all: &[Message], message: &Message, field: &str, theirs: &Value) -> Option<String> {
    let diff = message.diff.as_str();
    let ours: Value = match field {
        "has_diff" => (!diff.is_empty()).into(),
        "diff_starts" => {
            let start = theirs.as_str().unwrap_or_default();
            if diff.starts_with(start) { start.into() } else { first_line(diff).into() }
        }
        "renames" => diff.lines().filter(|line| line.starts_with("rename from ")).count().into(),
        "git_binary_patch" => diff.lines().any(|line| line == "GIT binary patch").into(),
        "html_excluded" => {
            let tags = ["<html", "<br", "<div", "<body", "<p>"];
            let text = message.text.to_lowercase();
            tags.iter().all(|tag| !text.contains(tag) && !diff.contains(tag)).into()
        }
        "pull_request" => {
            let tagged = subject_tags(&message.header.subject).pull;
            (tagged || pull_request(&message.text).is_some()).into()
        }
        "pull_url" => pull_request(&message.text)
            .map(|pull| [pull.url, pull.reference.unwrap_or_default()].join(" ").trim().to_owned())
            .into(),
        "patches" => series::revisions(all)
            .iter()
            .map(|one| one.revision.patches.len())
            .sum::<usize>()
            .into(),
        _ => return Some(format!("{field}: nothing is compared")),
    };
    compare(field, ours, theirs)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// That the mail is read at all, and grouped.
pub fn no_crash(messages: &[Message]) -> Vec<String> {
    let read = lorecast_tracker::track(messages, &[]).is_some();
    if read { Vec::new() } else { vec!["no mail".to_owned()] }
}
