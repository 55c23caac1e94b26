//! Releases and pull requests.

use std::sync::LazyLock;

use lorecast_model::{Kind, SubjectTags};
use regex::Regex;

use super::notice;
use crate::pattern::constant;
use crate::profile::Rules;

/// The release that a subject announces: its kind and its name.
pub(super) fn release(
    subject: &str,
    tags: &SubjectTags,
    rules: &dyn Rules,
) -> Option<(Kind, String)> {
    if tags.reply || tags.patch || tags.pull || VOTE.is_match(subject) {
        return None;
    }
    let title = tags.title.trim();
    let own = rules.release(title);
    own.or_else(|| Some((Kind::Release, other(subject, title, tags, rules)?)))
}

/// A vote on a release is none yet.
static VOTE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^(?:\[[^\]]*\]\s*)*\[(?:vote|result|cfc|discuss|cancel\w*)\]"));
/// `Git v2.40.1`, `util-linux v2.39-rc1`, `xfsprogs 6.2.0 released`: a name, then a version.
static RELEASE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:ann(?:ounc(?:e|ing|ement))?:?\s*)?((?:the )?(?:release of )?[a-z][\w+.]*(?:[- ][a-z][\w+.]*){0,4}?[- ](?:version |release )?v?\d+(?:(?:\.\d+)+[a-z]?(?:[-.~ ]?(?:rc|pre|alpha|beta)[-. ]?\d*)?| ?(?:rc|alpha|beta|release candidate) ?\d+)?)(\s*(?:is |has been |now |are )*(?:released|available|out|release)\b.*|\s*[!.]?)$",
    )
});
/// A word that makes an unversioned announcement a release.
static RELEASED: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)\breleas(?:e|ed|es)\b"));
/// A version in a title, and no year, hex number or time.
static VERSION: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)(?:^|[\s\[(v-])\d+\.\d[\w.+-]*|\bv\d+\b|[a-z] \d{1,3}[!.]?$"));

/// Other projects: an announcement needs a version or the word, anything else needs both, so that
/// "mm 6.3 hotfixes" stays a discussion. Git's own form, `Git v2.40.1`, stands for itself.
fn other(subject: &str, title: &str, tags: &SubjectTags, rules: &dyn Rules) -> Option<String> {
    let announced = tags.announce || subject.to_ascii_lowercase().starts_with("announc");
    if notice::is_call(subject, tags, rules) {
        return None;
    }
    if let Some(found) = RELEASE.captures(title) {
        let name = found.get(1).map_or("", |m| m.as_str());
        let says_so = found.get(2).is_some_and(|m| m.as_str().len() > 3);
        let bare = !name.contains(' ') || name.split(' ').count() == 2;
        let marked = name.contains(" v") && name.contains('.') && bare && !name.contains(':');
        if announced || says_so || marked {
            return Some(name.to_owned());
        }
    }
    let versioned = title.chars().any(|c| c.is_ascii_digit());
    let told = announced && (versioned && RELEASED.is_match(title) || VERSION.is_match(title));
    told.then(|| super::without_tags(title).to_owned())
}

static PULL: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^(?:please pull|pull request|git pull)\b|\bpull[- ]request\b"));

/// Whether a subject asks to pull.
pub(super) fn is_pull(tags: &SubjectTags) -> bool {
    !tags.reply && (tags.pull || !tags.patch && PULL.is_match(&tags.title))
}
