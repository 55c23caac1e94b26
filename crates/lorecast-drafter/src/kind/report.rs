//! Reports: regressions, builds and tests, bugs, security.

use std::sync::LazyLock;

use lorecast_model::{Kind, Message, SubjectTags};
use regex::Regex;

use crate::pattern::constant;
use crate::profile::Rules;

/// What sort of report a message without a patch is; `None` when it is none.
pub(super) fn report(message: &Message, tags: &SubjectTags, rules: &dyn Rules) -> Option<Kind> {
    let subject = message.header.subject.as_str();
    let title = tags.title.as_str();
    if SECURITY.is_match(subject) && !ASKS.is_match(title) {
        return Some(Kind::Security);
    }
    if COUNTS.is_match(title) || BUILD.is_match(title) {
        return Some(Kind::Build);
    }
    if let Some(kind) = rules.report(message) {
        // A regression says so, whatever it looks like.
        let regressed = kind == Kind::Bug && regressed(message);
        return Some(if regressed { Kind::Regression } else { kind });
    }
    if regressed(message) {
        return Some(Kind::Regression);
    }
    let bug = BUG.is_match(subject) || FAILS.is_match(title) || STEPS.is_match(&message.text);
    (bug && !tags.rfc && !ASKS.is_match(title)).then_some(Kind::Bug)
}

/// Ids of vulnerabilities and advisories, and the words of oss-security.
static SECURITY: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bCVE-\d{4}-\d{4,}\b|\b(?:XSA|GHSA|DSA|USN)-\d[\w-]*|\bsecurity (?:advisory|advisories|bulletin|notice|vulnerabilit)|\bvulnerabilit(?:y|ies)\b|\b(?:privilege escalation|remote code execution|arbitrary code execution)\b",
    )
});
/// `583 runs, 88 regressions`, `182 builds: 14 failed`, `43 of 120 tests failed`.
static COUNTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b\d+ (?:builds?|boots?|runs?|tests?|configs?)\b.*\b\d+ (?:fail|pass|regress|warning|error|conflict)|\b\d+ (?:of|/) \d+ (?:builds?|boots?|tests?)\b",
    )
});
static BUILD: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bbuild (?:regressions?|improvements?|report|results?|status|success)\b|^(?:\S+: )?(?:build|boot|test|nightly|CI|buildfarm|buildbot) (?:failed|failures?|errors?|broken|success|successful|results?|report|summary|passed|is back)\b|\bbuild (?:failed|broken|breakage|break) (?:in|on|at|with|after)\b|\b(?:buildfarm|buildbot) (?:member|animal|failures?|reds?)\b",
    )
});
static REGRESSION: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\bregress(?:ion|ions|ed|es)\b|\bbisected\b"));
/// Tests of that name are no report.
static REGRESSION_TESTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)\bregression[- ](?:tests?|testing|suites?|checks?|tracking)\b")
});
static BISECTED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bgit[- ]bisect|\bbisected (?:it |this |the )?(?:\w+ )?(?:down )?to\b|\bfirst bad commit\b",
    )
});

fn regressed(message: &Message) -> bool {
    let subject = message.header.subject.as_str();
    let titled = REGRESSION.is_match(subject) && !REGRESSION_TESTS.is_match(subject);
    titled || BISECTED.is_match(&message.text)
}

static BUG: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:\[[^\]]*\]\s*|re: )*bug\b|^\[bug\b|\bbug ?#\d+|\bbug report\b|\b(?:possible|potential|libmount|a) bugs?\b|\bbugs? in\b",
    )
});
/// What breaks, in the words of people who report it.
static FAILS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bpanic(?:s|ked|king)?\b|\bcrash(?:es|ed|ing)?\b|\b(?:hangs?|hung|freezes?|frozen|stalls?|stalled)\b|\bdeadlock(?:s|ed)?\b|\bsegfaults?\b|\bsegmentation fault\b|\b(?:data|filesystem|file system|memory|index|page|heap|disk|metadata) (?:loss|corruption)\b|\bcorrupt(?:s|ed)\b|\bmemory leaks?\b|\bleaks? memory\b|\buse[- ]after[- ]free\b|\b(?:null|nil) (?:pointer|deref)|\bout[- ]of[- ]bounds\b|\b(?:build|boot|compile|compilation|test|mount|resume|suspend|install|upgrade|assembly|assertion|probe|link) (?:failures?|errors?)\b|\bfail(?:s|ed|ing)? (?:to|on|with|in|when|after|at|for|during)\b|\bbroken (?:on|in|since|with|after|by|for)\b|\b(?:does|do|did)(?: not|n't|n’t) (?:work|boot|build|compile|start|mount|resume)\b|\b(?:not|stops?|stopped) working\b|\bunable to\b|\bwrong (?:result|answer|output)s?\b|\bincorrect (?:result|answer|output)s?\b",
    )
});
/// The headings of bug forms.
static STEPS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?mi)^[*#= ]*(?:steps to reproduce|how to reproduce|expected (?:results?|behaviou?r)|actual (?:results?|behaviou?r))\b",
    )
});
/// Who asks or proposes reports nothing.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:\[[^\]]*\]\s*)*(?:how|why|what|which|question|proposal|proposed|ideas?|thoughts|discussion|notes|minutes)\b",
    )
});
