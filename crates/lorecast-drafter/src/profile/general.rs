//! Any project with mailing lists.

use std::sync::LazyLock;

use lorecast_mail::is_robot;
use lorecast_model::{Kind, Message, SubjectTags};
use regex::Regex;

use super::{Rules, Touched};
use crate::Routine;
use crate::pattern::constant;
use crate::plan::MAINLINE;
use crate::routine::tidies_up;

/// See [`Rules`].
pub(super) struct General;

static INTERFACE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:public |stable |wire )?(?:API|ABI|protocol|file format|on-disk format|command[- ]line option)s?\b|\b(?:incompatib|breaking change)\w*",
    )
});
static REPAIRS: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?mi)^(?:Fixes|Closes|Resolves):? (?:#\d+|[0-9a-f]{7,}\b|https?://)")
});
static COMMITTED: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)^(?:svn|git) commit: |^\[[\w./-]+\] branch |^\[git:|^(?:pgsql|cvs|commit): ")
});

impl Rules for General {
    fn release(&self, _: &str) -> Option<(Kind, String)> {
        None
    }

    fn routine(&self, message: &Message, tags: &SubjectTags) -> Option<Routine> {
        if self.commit(&message.header.subject) {
            Some(Routine::Committed)
        } else if is_robot(&message.header.from) {
            Some(Routine::Bot)
        } else if tidies_up(tags) {
            Some(Routine::Trivial)
        } else {
            None
        }
    }

    fn report(&self, _: &Message) -> Option<Kind> {
        None
    }

    fn patch(&self, _: &str, _: &Touched<'_>) -> Option<Kind> {
        None
    }

    fn commit(&self, subject: &str) -> bool {
        COMMITTED.is_match(subject.trim_start())
    }

    fn meeting(&self, _: &str) -> bool {
        false
    }

    fn concerns(&self, _: &Message) -> bool {
        true
    }

    fn visible(&self, _: &[String], title: &str) -> Option<String> {
        INTERFACE.find(title).map(|found| found.as_str().trim().to_owned())
    }

    fn documents(&self, path: &str) -> bool {
        let folder = |name: &str| path.starts_with(name) || path.contains(&format!("/{name}"));
        ["doc/", "docs/", "documentation/", "man/"].iter().any(|name| folder(name))
    }

    fn repairs(&self, text: &str) -> bool {
        REPAIRS.is_match(text)
    }

    fn next_tree(&self) -> &'static str {
        "the tree of the next release"
    }

    fn part(&self, key: &str) -> Option<&'static str> {
        (key == MAINLINE).then_some("Builds and tests")
    }

    fn absent(&self, _: &dyn Fn(Kind) -> bool) -> Vec<String> {
        Vec::new()
    }
}
