//! Mails that show a diff and post none: bots' notices, reviews of stable releases, pull requests.

use std::sync::LazyLock;

use lorecast_mail::is_robot;
use lorecast_mail::prose::own_words;
use lorecast_model::{Message, SubjectTags};
use regex::{Regex, RegexSet};

/// How far into a mail a backport names its original, in lines.
const LINES: usize = 24;

/// Subjects of notices.
static SUBJECTS: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        // The -mm tree: `+ name.patch added to mm-unstable branch`, `[merged] name.patch removed …`.
        r"^(\[[^\]]*\] )?\+? ?\S+\.patch (has been )?(added to|removed from) ",
        // Stable and driver-core trees: `Patch "title" has been added to the 6.1-stable tree`.
        r#"^(FAILED: )?[Pp]atch ".*" (has been )?(added to|failed to apply)"#,
        r"^FAILED: patch ",
        // Trees that mail each commit: `[tip:x86/mm]`, `[tip: x86/mm]`, `[git:media_tree/master]`.
        r"^\[(tip|git) ?: ?[^\]]+\]",
        r"^\[syzbot\]|^\[[^\]]*\bAUTOSEL\b",
        // A report about a commit of a branch: `[linux-next:master 3/5] file.c:7: warning: …`.
        r"^\[[^\]\s]+:[^\]\s]+ [0-9]+/[0-9]+\]|^\[linux-next:",
        r"^(Applied|applied|Merged) [\x22']",
    ])
    .expect("the patterns are well formed")
});

/// What reports of build robots say, whoever passes them on.
static REPORTS: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"(?m)^0-DAY (?:CI )?[Kk]ernel [Tt]est ",
        r"(?m)^tree(?:/branch)?: +(?:https?|git)://.*\n(?:head|branch|commit|config): ",
        r"(?m)^FYI, we noticed ",
    ])
    .expect("the patterns are well formed")
});

/// How a backport names its original.
static UPSTREAM: LazyLock<Regex> = LazyLock::new(|| {
    let sha = "([0-9a-f]{7,64})";
    let forms = [
        format!(r"^commit {sha} +(?:in )?(?:upstream|mainline)\b"),
        format!(r"^\[? *upstream commit:? {sha}"),
        format!(r"^\[? *commit {sha} upstream"),
        format!(r"^\((?:cherry[- ]picked|backported) from commit {sha}"),
    ];
    Regex::new(&format!("(?i){}", forms.join("|"))).expect("the pattern is well formed")
});

/// The commit that a line says it was carried over from, as the line spells it.
pub(super) fn upstream_of(line: &str) -> Option<&str> {
    let found = UPSTREAM.captures(line.trim())?;
    found.iter().skip(1).flatten().next().map(|sha| sha.as_str())
}

/// Whether a mail only shows a diff.
pub(super) fn only_shows(message: &Message, tags: &SubjectTags) -> bool {
    let subject = message.header.subject.trim();
    tags.pull
        || is_robot(&message.header.from)
        || SUBJECTS.is_match(subject)
        || tags.trees.iter().any(|tree| tree.eq_ignore_ascii_case("autosel"))
        || own_words_only_show(message)
}

fn own_words_only_show(message: &Message) -> bool {
    let own = own_words(&message.text);
    REPORTS.is_match(&own) || is_backport(&own)
}

fn is_backport(own: &str) -> bool {
    own.lines()
        .take(LINES)
        .take_while(|line| line.trim() != "---")
        .any(|l| upstream_of(l).is_some())
        || own.contains("-stable review patch.  If anyone has any objections")
}
