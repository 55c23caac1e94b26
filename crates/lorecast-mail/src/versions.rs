//! How people write which version they speak of: `v3`, `V2 -> V3`, `Changes since v2`, `RFC v1`.

use lorecast_model::Version;

/// The largest version that is believed; `v2023` is a year.
const LARGEST: u32 = 200;

/// The longest head of a change log, in bytes and words.
const LONGEST: usize = 80;
const LONGEST_WITH_ADDRESS: usize = 400;
const MOST_WORDS: usize = 12;

/// `v3`, `V3:`, `[v2]`, `v5.1`, `rfcv2`, `patchv3`.
pub(crate) fn token(word: &str) -> Option<Version> {
    let word = word.trim_matches(|c: char| "()[]{}<>:,;.*_\"'`".contains(c));
    if word.len() > 12 {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let rest = lower.strip_prefix("rfc").or_else(|| lower.strip_prefix("patch")).unwrap_or(&lower);
    let digits = rest.trim_start_matches(['-', '_']).strip_prefix('v')?;
    let (major, minor) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (major, minor) = (number(major)?, number(minor)?);
    (major <= LARGEST && minor <= LARGEST).then_some(Version { major, minor })
}

/// The head of a change log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heading<'a> {
    /// Which version has the changes, when the head says so.
    pub(crate) version: Option<Version>,
    /// What stands behind the head in the same line.
    pub(crate) inline: &'a str,
}

/// Reads a line as the head of a change log: `Changes in v3:`, `Changes since v2`, `v2 -> v3:`,
/// `v3:`, `Changelog:`, `(v2: an item)`. The version is the one that has the changes: 3 for
/// "since v2".
pub(crate) fn heading(line: &str) -> Option<Heading<'_>> {
    let bare = line.trim().trim_start_matches(|c: char| "-*#=_+~•([ \t".contains(c));
    let first = *bare.as_bytes().first()?;
    // Nearly every line ends here.
    if !matches!(
        first.to_ascii_lowercase(),
        b'c' | b'v' | b's' | b'f' | b'r' | b'h' | b'd' | b'p' | b'i' | b'u'
    ) {
        return None;
    }
    let colon =
        bare.match_indices(':').map(|(at, _)| at).find(|&at| !bare[at..].starts_with("://"));
    // An address may stand in the head: `Changes since v1 (https://…):`.
    let most = if bare.contains("://") { LONGEST_WITH_ADDRESS } else { LONGEST };
    let (head, inline) = match colon.filter(|&at| at <= most) {
        Some(at) => (&bare[..at], bare[at + 1..].trim()),
        None => (bare, ""),
    };
    let closed = colon.is_some();
    let words = Words::read(head)?;
    if !words.opens(closed) {
        return None;
    }
    if words.strange && inline.is_empty() && words.versions.is_empty() {
        return None;
    }
    let inline = inline.trim_start_matches(['*', ' ', '_', ']', ')']);
    Some(Heading { version: words.version(), inline })
}

/// What the head of a change log is made of.
#[derive(Default)]
struct Words {
    /// Words such as "changes" and "history" were there, the first of them at the start.
    change: bool,
    /// "since", "from": the version is the one before.
    since: bool,
    rfc: bool,
    versions: Vec<Version>,
    /// How many versions, and RFCs without one, stood before the last arrow; and its direction.
    arrow: Option<(usize, bool)>,
    /// How many versions stood before "since".
    before_since: usize,
    /// Words that do not belong into such a head.
    strange: bool,
    starts_with_version: bool,
    /// "Changelog", which may stand without a colon.
    log: bool,
    /// The word before was "version" or "revision".
    counted: bool,
    count: usize,
}

impl Words {
    fn read(head: &str) -> Option<Self> {
        let most = if head.contains("://") { LONGEST_WITH_ADDRESS } else { LONGEST + 40 };
        if head.len() > most {
            return None;
        }
        let mut spaced = head.to_lowercase();
        for arrow in ["--->", "-->", "->", "==>", "=>", "→", "➔", "…", "..", ">>"] {
            spaced = spaced.replace(arrow, " → ");
        }
        spaced = spaced.replace("<--", " ← ").replace("<-", " ← ");
        let mut words = Self::default();
        for word in spaced.split_whitespace() {
            words.count += 1;
            if words.count > MOST_WORDS {
                return None;
            }
            words.take(word);
        }
        Some(words)
    }

    fn take(&mut self, word: &str) {
        if word.contains("://") {
            return;
        }
        let bare = word.trim_matches(|c: char| "()[]{}*_#=,;.\"'`~".contains(c));
        let first = self.count == 1;
        let counted = std::mem::replace(&mut self.counted, matches!(bare, "version" | "revision"));
        // `v1,2` is about both.
        if let Some(version) = token(bare.split(',').next().unwrap_or(bare)) {
            self.starts_with_version |= first || self.rfc && self.count == 2;
            self.rfc |= bare.starts_with("rfc");
            self.versions.push(version);
            return;
        }
        // `v1-v2`
        if let Some((one, other)) = bare.split_once(['-', '/', '>'])
            && let (Some(one), Some(other)) = (token(one), token(other))
        {
            self.starts_with_version |= first;
            self.versions.extend([one, other]);
            self.arrow = Some((self.versions.len() - 1, true));
            return;
        }
        match bare {
            "changes" | "change" | "changelog" | "changelogs" | "change-log" | "history"
            | "differences" | "diff" | "delta" | "updates" | "update" => {
                self.log |= first && bare.starts_with("change") && bare.contains("log");
                // `v3 changes`, `Patch changes since v2`
                self.change |= first || self.count == 2 || !self.versions.is_empty();
            }
            "since" | "from" | "vs" | "versus" | "after" => {
                self.since = true;
                self.before_since = self.versions.len();
            }
            "→" | "to" => self.arrow = Some((self.versions.len(), true)),
            "" if (word == "=" || word == "==") && !self.versions.is_empty() => {
                self.arrow = Some((self.versions.len(), true));
            }
            "-" | "–" | "—" if !self.versions.is_empty() => {
                self.arrow = Some((self.versions.len(), true))
            }
            "←" => self.arrow = Some((self.versions.len(), false)),
            "rfc" => {
                self.rfc = true;
                self.starts_with_version |= first;
            }
            "" | "in" | "of" | "for" | "on" | "the" | "patch" | "patchset" | "series"
            | "version" | "versions" | "log" | "revision" | "revisions" | "last" | "previous"
            | "this" | "prior" | "at" | "and" | "only" | "summary" | "major" | "main"
            | "notable" | "posting" | "submission" | "original" | "initial" | "first" | "post"
            | "cover" | "letter" | "all" | "no" | "with" | "compared" => {}
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
                // `Version 3`, not `Patch 3`, a footnote, or a part of a date.
                if let Some(version) = token(&format!("v{digits}"))
                    && counted
                    && !word.starts_with('[')
                {
                    self.starts_with_version |= self.count == 2;
                    self.versions.push(version);
                }
            }
            _ => self.strange = true,
        }
    }

    /// Whether such words open a change log; `closed` when a colon ends them.
    fn opens(&self, closed: bool) -> bool {
        let versions = self.versions.len();
        // `Changes since v3 by addressing comments:` may say more, `v3 is better` may not.
        if self.change && versions > 0 {
            return !self.strange || closed;
        }
        if self.strange {
            return false;
        }
        if self.change {
            // "Changelog" may stand alone, "Changes" not.
            return closed || self.log || self.rfc && self.since;
        }
        let both = versions >= 2 && self.arrow.is_some();
        let from_rfc = self.rfc && versions >= 1 && self.arrow.is_some();
        both || from_rfc
            || self.starts_with_version && versions > 0 && (closed || self.count == 1)
            || self.since && versions > 0 && closed
    }

    fn version(&self) -> Option<Version> {
        if let Some((at, forward)) = self.arrow {
            let side = if forward { self.versions.get(at..) } else { self.versions.get(..at) };
            return side.and_then(|side| side.iter().max()).copied();
        }
        let newest = *self.versions.iter().max()?;
        if !self.since || self.before_since > 0 {
            return Some(newest);
        }
        // The version behind an RFC may be counted on or begin anew.
        (!self.rfc).then_some(Version { major: newest.major + 1, minor: 0 })
    }
}

/// What words in front of an address say about an earlier revision.
pub(crate) struct Said {
    /// Which version it is, when they say so.
    pub(crate) earlier: Option<Version>,
}

/// Reads `Link to v2:`, `The v1 can be found at`, `Previous version:`, `RFC:`. `None` when a word
/// says that something else is meant.
pub(crate) fn label(text: &str) -> Option<Said> {
    if text.len() > 120 {
        return None;
    }
    let lower = without_asides(text).to_lowercase();
    let (mut earlier, mut older, mut changes, mut within, mut link) =
        (None, false, false, false, false);
    for word in lower.split(|c: char| c.is_whitespace() || ":,;()[]<>*\"|…".contains(c)) {
        let word = word.trim_matches(|c: char| "-.#+=•'`".contains(c));
        if let Some(version) = token(word) {
            earlier = Some(version);
            continue;
        }
        match word {
            "previous" | "prior" | "earlier" | "old" | "older" | "rfc" | "original" | "initial"
            | "previously" | "last" => older = true,
            "changes" | "change" | "changelog" => changes = true,
            "in" => within = true,
            "link" | "links" => link = true,
            "first" => {
                older = true;
                earlier = Some(Version::default());
            }
            "" | "to" | "the" | "a" | "is" | "was" | "were" | "here" | "at" | "can" | "be"
            | "found" | "viewed" | "see" | "seen" | "since" | "from" | "patch" | "patches"
            | "patchset" | "series" | "version" | "versions" | "revision" | "revisions"
            | "iteration" | "posted" | "posting" | "sent" | "submitted" | "submission" | "as"
            | "url" | "lore" | "on" | "list" | "and" | "of" | "this" | "read" | "available"
            | "discussion" | "thread" | "for" | "i" | "have" | "has" | "been" | "no" | "it"
            | "resend" | "cover" | "letter" | "reference" | "ref" | "archive" => {}
            digits if digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() <= 2 => {}
            _ => return None,
        }
    }
    // "Changes in v3: <url>" is about this revision.
    if changes && within && !link {
        return None;
    }
    (earlier.is_some() || older).then_some(Said { earlier })
}

/// The text without closed parentheses that hold more than a word.
fn without_asides(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let Some(close) = rest[open..].find(')').map(|at| open + at) else { break };
        let inner = &rest[open + 1..close];
        plain.push_str(&rest[..open]);
        plain.push_str(if inner.trim().contains(' ') { " " } else { inner });
        rest = &rest[close + 1..];
    }
    plain.push_str(rest);
    plain
}
