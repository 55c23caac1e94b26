//! What sort of news a message is, from its subject, sender and text.

use std::sync::LazyLock;

use lorecast_mail::subject_tags;
use lorecast_model::{Kind, Message, SubjectTags};
use regex::Regex;

use crate::pattern::constant;

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
    title
}

/// Reads a message's kind off its subject, and off its text where the subject leaves it open.
pub fn nature(message: &Message) -> Nature {
    let mut tags = subject_tags(&message.header.subject);
    tags.reply |= answers_without_saying_so(message, &tags);
    let release = release(&message.header.subject, &tags);
    let kind = match &release {
        Some((kind, _)) => *kind,
        None => without_release(message, &tags),
    };
    Nature { kind, tags, release: release.map(|(_, name)| name) }
}

/// A reply whose subject lost its `Re:`: it carries no patch and quotes what it answers.
fn answers_without_saying_so(message: &Message, tags: &SubjectTags) -> bool {
    let quoted = message.text.lines().filter(|line| line.starts_with('>')).take(3).count();
    tags.patch && !message.header.references.is_empty() && message.diff.is_empty() && quoted == 3
}

fn without_release(message: &Message, tags: &SubjectTags) -> Kind {
    if is_pull(tags) {
        Kind::Pull
    } else if is_regression(message, tags) {
        Kind::Regression
    } else if tags.rfc {
        Kind::Rfc
    } else if tags.patch && tags.total.unwrap_or(1) > 1 {
        Kind::Series
    } else if tags.patch {
        Kind::Patch
    } else {
        Kind::Discussion
    }
}

/// `Linux 6.3`, `Linux 6.3-rc7`; before 3.0 mainline had three numbers.
static MAINLINE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^Linux (v?(?:2\.6\.\d+|(?:[3-9]|\d\d)\.\d+)(?:-rc\d+)?)\.?$"));
/// `Linux 6.1.24`, `Linux 6.1.24, 5.15.107`, `Linux 2.6.32.5`.
static STABLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^Linux ((?:(?:2\.6|[3-9]|\d\d)(?:\.\d+){2}(?:-rt\d+|-cip\d+(?:-rt\d+)?)?(?:,? and |, )?)+)$",
    )
});
/// `6.1.24-rt8`, `v6.3-rc5-rt8`, `4.19.280-cip95`.
static REAL_TIME: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?:Linux )?(v?\d+\.\d+(?:\.\d+)?(?:-rc\d+)?(?:-cip\d+)?-(?:rt|cip)\d+)\b")
});
/// `Git v2.40.1`, `util-linux v2.39-rc1`, `xfsprogs 6.2.0 released`: a name, then a version.
static RELEASE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:ann(?:ounce(?:ment)?)?:\s*)?((?:the )?[a-z][\w+.]*(?:[- ][a-z][\w+.]*){0,4}?[- ](?:version |release )?v?\d+(?:\.\d+)+(?:[-.~]?(?:rc|pre|alpha|beta)?\.?\d+)?)(\s*(?:is |has been |now )*(?:released|available|out|release)\b.*|\s*[!.]?)$",
    )
});
/// A word that makes an unversioned announcement a release.
static RELEASED: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)\breleas(?:e|ed)\b"));

fn release(subject: &str, tags: &SubjectTags) -> Option<(Kind, String)> {
    if tags.reply || tags.patch || tags.pull {
        return None;
    }
    let title = tags.title.trim();
    let first = |found: regex::Captures<'_>| found.get(1).map_or("", |m| m.as_str()).to_owned();
    if let Some(found) = MAINLINE.captures(title) {
        return Some((Kind::Mainline, format!("Linux {}", first(found))));
    }
    if let Some(found) = STABLE.captures(title) {
        return Some((Kind::Stable, format!("Linux {}", first(found).trim_end())));
    }
    if let Some(found) = REAL_TIME.captures(title) {
        return Some((Kind::Stable, format!("Linux {}", first(found))));
    }
    other_release(subject, title, tags)
}

/// Other projects: an announcement needs a version or the word, anything else needs both, so that
/// "mm 6.3 hotfixes" stays a discussion. Git's own form, `Git v2.40.1`, stands for itself.
fn other_release(subject: &str, title: &str, tags: &SubjectTags) -> Option<(Kind, String)> {
    let announced = tags.announce || subject.to_ascii_lowercase().starts_with("announce");
    if let Some(found) = RELEASE.captures(title) {
        let name = found.get(1).map_or("", |m| m.as_str());
        let says_so = found.get(2).is_some_and(|m| m.as_str().len() > 3);
        let bare = !name.contains(' ') || name.split(' ').count() == 2;
        let marked = name.contains(" v") && bare && !name.contains(':');
        if announced || says_so || marked {
            return Some((Kind::Release, name.to_owned()));
        }
    }
    let versioned = title.chars().any(|c| c.is_ascii_digit());
    let told = announced && versioned && RELEASED.is_match(title);
    told.then(|| (Kind::Release, title.to_owned()))
}

static PULL: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^(?:please pull|pull request|git pull)\b|\bpull[- ]request\b"));

fn is_pull(tags: &SubjectTags) -> bool {
    !tags.reply && (tags.pull || !tags.patch && PULL.is_match(&tags.title))
}

static REGRESSION: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bregress(?:ion|ions|ed)\b|\bbuild (?:failure|error|broken|break)|^bug[: ]|\boops\b|\bkernel panic\b|\bbisected\b",
    )
});
static REGZBOT: LazyLock<Regex> = LazyLock::new(|| constant(r"(?m)^#regzbot introduced\b"));
static BISECTED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bgit[- ]bisect|\bbisected (?:it |this |the )?(?:\w+ )?(?:down )?to\b|\bfirst bad commit\b",
    )
});

fn is_regression(message: &Message, tags: &SubjectTags) -> bool {
    if tags.patch {
        return false;
    }
    REGRESSION.is_match(&message.header.subject)
        || REGZBOT.is_match(&message.text)
        || BISECTED.is_match(&message.text)
}
