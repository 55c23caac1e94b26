//! Releases and versions as one says them.

use std::sync::LazyLock;

use lorecast_model::Numbers;
use regex::Regex;

use super::number::{model, one_by_one, release, whole};
use crate::pattern::constant;

static RELEASE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?i:(v)\.?|)(\d+(?:\.\d+)*)((?:\.[xy])?)((?:[-_.]?(?i:rc|pre|beta|alpha|rt|next|stable|git|final)-?\d*)*)(\+?)$",
    )
});
static SUFFIX: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)(rc|pre|beta|alpha|rt|next|stable|git|final)-?(\d*)"));
static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| constant(r"^-?(?i:rc)(\d+)$"));
/// As git-describe(1) names a commit behind a release.
static DESCRIBED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(v\d[\w.]*(?:-rc\d+)?)-(\d{1,6})-g[0-9a-f]{7,40}$"));
static CVE: LazyLock<Regex> = LazyLock::new(|| constant(r"^(?i:cve)-(\d{4})-(\d+)$"));

/// `v6.4-rc1`, `5.15.107-rt62`, `6.1.y`, `rc8`, `v3`, `CVE-2023-1234`; `None` for anything else, and
/// for a number with at most one point, which may count something.
pub(super) fn version(word: &str, before: &str, numbers: Numbers) -> Option<String> {
    if let Some(found) = CANDIDATE.captures(word) {
        return Some(candidate("rc", &found[1], numbers));
    }
    if let Some(found) = CVE.captures(word) {
        let year = model(&found[1]);
        return Some(match numbers {
            Numbers::Words => format!("CVE {year}, {}", one_by_one(&found[2])),
            Numbers::Digits => format!("CVE {} {}", &found[1], &found[2]),
        });
    }
    if let Some(found) = DESCRIBED.captures(word) {
        let commits = whole(&found[2], numbers);
        let plural = if &found[2] == "1" { "" } else { "s" };
        let release = version(&found[1], before, numbers)?;
        return Some(format!("{release} plus {commits} commit{plural}"));
    }
    let found = RELEASE.captures(word)?;
    let (digits, branch, suffixes) = (&found[2], &found[3], &found[4]);
    let sure = found.get(1).is_some() || !branch.is_empty() || !suffixes.is_empty();
    if !sure && digits.matches('.').count() < 2 {
        return None;
    }
    let mut said = String::new();
    if found.get(1).is_some() && !matches!(before, "version" | "versions" | "Version") {
        said.push_str("version ");
    }
    said.push_str(&release(digits, numbers));
    if let Some(branch) = branch.strip_prefix('.') {
        let joint = if numbers == Numbers::Words { " point " } else { "." };
        said.push_str(joint);
        said.push_str(&branch.to_uppercase());
    }
    for suffix in SUFFIX.captures_iter(suffixes) {
        said.push(' ');
        said.push_str(&candidate(&suffix[1].to_lowercase(), &suffix[2], numbers));
    }
    if !found[5].is_empty() {
        said.push_str(" plus");
    }
    Some(said)
}

/// `rc8` → "R C eight".
fn candidate(name: &str, digits: &str, numbers: Numbers) -> String {
    let name = match (name, numbers) {
        ("rc", Numbers::Words) => "R C",
        ("rc", Numbers::Digits) => "RC",
        ("rt", Numbers::Words) => "R T",
        ("rt", Numbers::Digits) => "RT",
        (other, _) => other,
    };
    match (digits, numbers) {
        ("", _) => name.to_owned(),
        (digits, Numbers::Words) => format!("{name} {}", model(digits)),
        (digits, Numbers::Digits) => format!("{name} {digits}"),
    }
}
