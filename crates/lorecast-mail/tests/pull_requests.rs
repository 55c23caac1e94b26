//! Pull requests.

use lorecast_mail::pull_request;
use proptest::prelude::*;

const BASE: &str = "1111111111111111111111111111111111111111";
const TIP: &str = "2222222222222222222222222222222222222222";

/// `base url reference tip`, `-` for what is missing.
fn check(text: &str) -> String {
    let Some(pull) = pull_request(text) else { return String::new() };
    let id = |id: Option<lorecast_model::CommitId>| {
        id.map_or("-".to_owned(), |id| id.as_str()[..4].to_owned())
    };
    let reference = pull.reference.unwrap_or_else(|| "-".to_owned());
    format!("{} {} {reference} {}", id(pull.base), pull.url, id(pull.tip))
}

fn request(place: &str) -> String {
    format!(
        "Hi,\n\nThe following changes since commit {BASE}:\n\n  Title (date)\n\nare available in the Git repository at:\n\n\
         {place}\n\nfor you to fetch changes up to {TIP}:\n\n  Other (date)\n\n---\n"
    )
}

#[test]
fn as_git_writes_them() {
    let place = "git://g.example/ada/linux.git tags/fold";
    let expected = "1111 git://g.example/ada/linux.git tags/fold 2222";
    assert_eq!(check(&request(&format!("  {place}"))), expected);
    assert_eq!(
        check(&request("  git://g.example/ada/linux.git \\\n    tags/fold")),
        expected,
        "wrapped"
    );
    assert_eq!(
        check(&request("  git://g.example/ada/linux.git\ntags/fold")),
        expected,
        "wrapped by a mailer"
    );
    let spaced: String = request(place).lines().map(|line| format!("{line:<80}\n")).collect();
    assert_eq!(check(&spaced), expected, "spaces at the ends");
    assert_eq!(
        check(&request("  git@g.example:ada/linux.git fold")),
        "1111 git@g.example:ada/linux.git fold 2222"
    );
    assert_eq!(check(&request("  https://g.example/linux")), "1111 https://g.example/linux - 2222");
    let words = request(place).replace("the Git repository at:", "the git\nrepository at:");
    assert_eq!(check(&words), expected, "the words wrapped");
}

#[test]
fn in_words() {
    let asked = "please pull the latest fold changes from\n\n  git://g.example/fold.git tags/fold-6.4\n\n====\n";
    assert_eq!(check(asked), "- git://g.example/fold.git tags/fold-6.4 -");
}

#[test]
fn what_is_none() {
    let quoted: String =
        request("git://g.example/fold.git x").lines().map(|line| format!("> {line}\n")).collect();
    for text in [
        "Nothing to pull here.",
        "Please pull the plug.\n",
        "See git://g.example/fold.git for more.",
        &quoted,
    ] {
        assert_eq!(check(text), "", "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "(?s)(please pull from|are available in the git repository at:|git://|The following changes since commit |[ -~é\\n]){0,30}") {
        if let Some(pull) = pull_request(&text) {
            prop_assert!(text.contains(&pull.url));
        }
    }
}
