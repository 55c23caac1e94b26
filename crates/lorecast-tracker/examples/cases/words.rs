//! Cases about what one line or text says.

use std::collections::HashSet;

use lorecast_mail::{fixes, linked_message, pull_request, trailer_person, trailers};
use serde_json::{Value, json};

use crate::compare;

/// Name and address of a trailer's person.
pub fn address(input: &Value, expect: &Value) -> Vec<String> {
    let person = trailer_person(input.as_str().unwrap_or_default());
    let name = compare("name", person.name, &expect["name"]);
    name.into_iter().chain(compare("email", person.email, &expect["email"])).collect()
}

/// The `Fixes:` trailers of a text that name a commit.
pub fn fixing(input: &Value, expect: &Value) -> Vec<String> {
    let all = trailers(input.as_str().unwrap_or_default());
    let good = all.into_iter().filter(|one| one.key == "fixes" && fixes(&one.value).is_some());
    let values: Vec<String> = good.map(|one| one.value).collect();
    compare("fixes", values, &expect["fixes"]).into_iter().collect()
}

/// How many mails the addresses show.
pub fn links(input: &Value, expect: &Value) -> Vec<String> {
    let urls = input.as_array().into_iter().flatten().filter_map(Value::as_str);
    let mails: HashSet<_> = urls.map(|url| linked_message(url).ok_or(url)).collect();
    compare("distinct", mails.len(), &expect["distinct"]).into_iter().collect()
}

/// What a request to pull names. The case describes its text; with commits put in, it is this one.
pub fn pull(input: &Value, expect: &Value) -> Vec<String> {
    let (base, tip) = ("0123456789abcdef0123456789abcdef01234567", "89abcdef".repeat(5));
    let repository = expect["repo"].as_str();
    let text = match (repository, expect["ref"].as_str()) {
        (Some(url), Some(reference)) => format!(
            "The following changes since commit {base}:\n\n  A title\n\n\
             are available in the git repository at:\n\n  {url} {reference}\n\n\
             for you to fetch changes up to {tip}:\n\n  Another title\n"
        ),
        _ => input.as_str().unwrap_or_default().to_owned(),
    };
    let found = pull_request(&text);
    let url = found.as_ref().map(|pull| pull.url.as_str());
    let mut differences: Vec<String> = compare("repo", url, &expect["repo"]).into_iter().collect();
    if let Some(pull) = found.filter(|_| repository.is_some()) {
        let commit = |id: Option<lorecast_model::CommitId>| id.map(|id| id.to_string());
        differences.extend(compare("ref", pull.reference, &expect["ref"]));
        differences.extend(compare("base", commit(pull.base), &json!(base)));
        differences.extend(compare("tip", commit(pull.tip), &json!(tip)));
    }
    differences
}
