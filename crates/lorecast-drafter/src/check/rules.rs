//! The rules by their names.

use lorecast_model::Severity;

/// A rule of the check.
pub(super) struct Rule {
    /// Its stable name.
    pub name: &'static str,
    pub severity: Severity,
    /// The next step.
    pub hint: &'static str,
}

const fn error(name: &'static str, hint: &'static str) -> Rule {
    Rule { name, severity: Severity::Error, hint }
}

const fn warning(name: &'static str, hint: &'static str) -> Rule {
    Rule { name, severity: Severity::Warning, hint }
}

pub(super) const QUOTATION: Rule = error(
    "quotation",
    "quote the message word for word; `[…]` and `…` mark what you changed or left out",
);
pub(super) const QUOTATION_MARKS: Rule = warning(
    "quotation-marks",
    "write the marks and capitals as the message has them, or put yours in square brackets",
);
pub(super) const QUOTATION_UNPROVED: Rule = warning(
    "quotation-unproved",
    "link to the message that says so; if its list is missing, add it to `sources` and sync",
);
pub(super) const QUOTATION_SOURCE: Rule =
    error("quotation-source", "link to the message that holds these words");
pub(super) const TITLE: Rule =
    error("title", "write the title as the subject of the message has it, without its tags");
pub(super) const SPEAKER: Rule =
    error("speaker", "name the sender of the message, or link to the message that was meant");
pub(super) const SPEAKER_UNKNOWN: Rule =
    warning("speaker-unknown", "name the sender of the message as it does");
pub(super) const NAME: Rule = error("name", "spell the name as its owner does");
pub(super) const VERSION: Rule =
    error("version", "write the version that the subject of the message has");
pub(super) const RFC: Rule = error(
    "rfc",
    "leave it out: the subject asks for no comments, or link to the posting that does",
);
pub(super) const RELEASE: Rule =
    error("release", "write the release that the message or the tree names");
pub(super) const COUNT: Rule = error("count", "write the number that the messages give");
pub(super) const DATE: Rule = error("date", "write the day on which it was sent, UTC");
pub(super) const OUTCOME: Rule =
    warning("outcome", "link to the mail that says so, or `lorecast track` the tree that took it");
pub(super) const LINK: Rule =
    error("link", "correct the address; if its list is missing, add it to `sources` and sync");
pub(super) const EVIDENCE: Rule =
    error("evidence", "correct the entry in episode.yaml, or take it out and draft again");
pub(super) const NO_EVIDENCE: Rule = warning(
    "no-evidence",
    "draft again, or give the entry in episode.yaml the messages that prove it",
);
pub(super) const NO_LINK: Rule = warning("no-link", "link to the mail that the paragraph is about");
pub(super) const TWICE: Rule =
    warning("twice", "tell both in one place, or say in the second what is new");
pub(super) const LENGTH: Rule = warning(
    "length",
    "drop or add stories (`state: dropped`, `pinned`), or change `minutes` in show.yaml",
);
pub(super) const UNREAD: Rule =
    warning("unread", "split the file: notes of one episode have 20 to 60 kB");
pub(super) const ACRONYM: Rule = warning("acronym", "say at its first use what it stands for");
pub(super) const ACRONYM_TWICE: Rule = warning("acronym-twice", "take the second explanation out");
pub(super) const ACRONYM_MEANING: Rule = warning(
    "acronym-meaning",
    "write what the glossary has, or add this meaning to it (`also:` in glossary.yaml)",
);
pub(super) const ACRONYM_UNKNOWN: Rule = warning(
    "acronym-unknown",
    "add them to glossary.yaml; those that everybody knows with an empty `expansion:`",
);
pub(super) const SAY: Rule =
    warning("say", "give the person a `say:` in people.yaml, so that the reader need not guess");
