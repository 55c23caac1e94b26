//! Cases about subjects.

use lorecast_mail::subject_tags;
use lorecast_model::{SubjectTags, Version};
use serde_json::{Value, json};

use crate::compare;

/// A subject: with `version` what its tags say, else its prefixes and title.
///
/// b4 rebuilds a subject with prefixes that the caller adds; of that the end, which is the title, is
/// compared. Patchwork's prefixes are compared without regard to their order, `PATCH` left out.
pub fn subject(input: &Value, expect: &Value) -> Vec<String> {
    let text = input.as_str().or(input["subject"].as_str()).unwrap_or_default();
    let tags = subject_tags(text);
    if expect.get("version").is_some() {
        let rebuilt = expect["rebuilt"].as_str().unwrap_or_default();
        let titled = rebuilt.ends_with(&format!("] {}", tags.title));
        return [
            compare("version", tags.version.major, &expect["version"]),
            compare("n", tags.number.unwrap_or(1), &expect["n"]),
            compare("m", tags.total.unwrap_or(1), &expect["m"]),
            compare("rfc", tags.rfc, &expect["rfc"]),
            compare("resend", tags.resend, &expect["resend"]),
            (!titled).then(|| format!("title: {} and not of {rebuilt}", tags.title)),
        ]
        .into_iter()
        .flatten()
        .collect();
    }
    let theirs = expect["prefixes"].as_array().into_iter().flatten();
    let mut theirs: Vec<String> = theirs.filter_map(Value::as_str).map(str::to_lowercase).collect();
    theirs.sort();
    let title = compare("title", tags.title.as_str(), &expect["title"]);
    let prefixes = compare("prefixes", prefixes(&tags), &json!(theirs));
    title.into_iter().chain(prefixes).collect()
}

/// The version that prefixes and title give.
pub fn version(input: &Value, expect: &Value) -> Vec<String> {
    let title = input["title"].as_str().unwrap_or_default();
    let tags = subject_tags(&format!("{}{title}", group(&input["prefixes"])));
    compare("version", tags.version.major, &expect["version"]).into_iter().collect()
}

/// The `n/m` that prefixes give.
pub fn marker(input: &Value, expect: &Value) -> Vec<String> {
    let tags = subject_tags(&format!("{}meep", group(input)));
    let ours = tags.number.zip(tags.total).map(|(n, m)| vec![n, m]);
    compare("n_of_m", json!(ours), &expect["n_of_m"]).into_iter().collect()
}

/// Whether a subject is that of an answer.
pub fn is_reply(input: &Value, expect: &Value) -> Vec<String> {
    let reply = subject_tags(input.as_str().unwrap_or_default()).reply;
    compare("is_reply", reply, &expect["is_reply"]).into_iter().collect()
}

/// `[one,two] `; nothing without prefixes.
fn group(prefixes: &Value) -> String {
    let words = prefixes.as_array().into_iter().flatten().filter_map(Value::as_str);
    let words = words.collect::<Vec<_>>().join(",");
    if words.is_empty() { words } else { format!("[{words}] ") }
}

/// What the tags say as prefixes, in lower case, sorted.
fn prefixes(tags: &SubjectTags) -> Vec<String> {
    let mut all: Vec<String> = tags.trees.iter().map(|tree| tree.to_lowercase()).collect();
    all.extend(tags.rfc.then(|| "rfc".to_owned()));
    all.extend(tags.resend.then(|| "resend".to_owned()));
    all.extend((tags.version != Version::default()).then(|| format!("v{}", tags.version)));
    all.extend(tags.number.zip(tags.total).map(|(n, m)| format!("{n}/{m}")));
    all.sort();
    all
}
