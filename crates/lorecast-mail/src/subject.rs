//! What the brackets and prefixes of a subject say.

use lorecast_model::{SubjectTags, Version};

/// Prefixes of answers and of forwards in the languages of mailers, in lower case.
const REPLIES: [&str; 16] = [
    "re", "aw", "antw", "antwort", "sv", "vs", "odp", "ynt", "rv", "fwd", "fw", "wg", "tr", "答复",
    "回复", "转发",
];

/// Reads tags such as `[RFC PATCH net-next v3 02/10]`, and the title that remains.
///
/// - A bracket group counts as tags when it holds a word about the posting: PATCH, RFC, RESEND, PULL,
///   ANNOUNCE, a version or `n/m`. All its other words go to `trees`.
/// - An unknown group before such a group, or glued behind one (`[PATCH][next]`), goes to `trees`,
///   and so does one of nothing but names of trees (`[PATCH] [net-next]`).
/// - An unknown group before `Re:` is a gateway's (`[External] Re: …`) and is dropped.
/// - Any other unknown group stays in the title: `[REGRESSION] …`, `[syzbot] [ext4?] …`,
///   `[tip: x86/mm] …`, `[bug report] …`.
/// - Forwards (`Fwd:`) count as replies: neither starts a posting.
/// - `0.5/3` is a patch without a number.
/// - A version at the end, `foo (v3)` or `foo [v3]`, counts when the brackets give none, and is no
///   part of the title when they give the same.
pub fn subject_tags(subject: &str) -> SubjectTags {
    let mut reader = Reader::default();
    let rest = reader.prefixes(without_slip(subject.trim()));
    let mut title = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut tags = reader.tags;
    if let Some(announced) = strip_word(&title, "announce:") {
        tags.announce = true;
        title = announced.to_owned();
    }
    let lower: String = title.chars().take(16).collect::<String>().to_lowercase();
    tags.pull |= lower.starts_with("pull request") || lower.starts_with("pull-request");
    if let Some((start, version)) = trailing_version(&title)
        && (!reader.versioned || tags.version == version)
    {
        tags.version = version;
        title.truncate(start);
    }
    SubjectTags { title, ..tags }
}

/// Without `Subject:` that got into the subject, and `PATCH` that got out of its bracket.
fn without_slip(subject: &str) -> &str {
    let behind = ["subject:", "patch "].iter().find_map(|slip| strip_word(subject, slip));
    behind.filter(|behind| behind.starts_with('[')).unwrap_or(subject)
}

/// A subject without the tags that lists put in front, before or behind `Re:`, whose forms become
/// one: `[LTP] RE: x`, `Re: [LTP] x`. A tag is a group of one word that says nothing about the
/// posting.
pub(crate) fn without_list_tags(subject: &str) -> String {
    let mut rest = subject;
    let mut reply = "";
    loop {
        if let Some(behind) = reply_prefix(rest) {
            (rest, reply) = (behind, "Re: ");
            continue;
        }
        let tag = group(rest).filter(|(tag, _)| {
            let word = tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+".contains(&b));
            word && !Group::read(tag).is_tags
        });
        let Some((_, behind)) = tag else { return format!("{reply}{rest}") };
        rest = behind.trim_start();
    }
}

#[derive(Default)]
struct Reader {
    tags: SubjectTags,
    versioned: bool,
    tagged: bool,
}

impl Reader {
    /// Reads prefixes and groups, and returns the title.
    fn prefixes<'a>(&mut self, subject: &'a str) -> &'a str {
        // Where the title starts if the unknown groups seen since then belong to it.
        let mut title = subject;
        let mut unknown: Vec<&str> = Vec::new();
        let mut rest = subject;
        let mut glued = false;
        loop {
            let bare = || bare_reply_prefix(rest).filter(|_| !self.tagged);
            if let Some(behind) = reply_prefix(rest).or_else(bare) {
                self.tags.reply = true;
                unknown.clear();
                (rest, title, glued) = (behind, behind, false);
                continue;
            }
            if let Some(behind) = aside(rest) {
                rest = behind;
                title = if unknown.is_empty() { rest } else { title };
                continue;
            }
            let Some((group, behind)) = group(rest) else { return title };
            let mut found = Group::read(group);
            let known = found.is_tags || self.tagged && (glued || found.only_trees());
            rest = behind.trim_start();
            glued = behind.starts_with('[');
            if known {
                let before = unknown.drain(..).flat_map(words).map(str::to_owned);
                self.tags.trees.extend(before);
                self.take(&mut found);
                title = rest;
            } else {
                unknown.push(group);
            }
        }
    }

    fn take(&mut self, group: &mut Group) {
        let (tags, found) = (&mut self.tags, &mut group.tags);
        self.tagged = true;
        tags.patch |= found.patch;
        tags.pull |= found.pull;
        tags.rfc |= found.rfc;
        tags.resend |= found.resend;
        tags.announce |= found.announce;
        tags.trees.append(&mut found.trees);
        if let Some(version) = group.version {
            tags.version = version;
            self.versioned = true;
        }
        if found.number.is_some() {
            (tags.number, tags.total) = (found.number, found.total);
            tags.version.minor = tags.version.minor.max(group.again);
        }
    }
}

/// Strips `Re ` without its colon. Asked only in front of the tags: behind them it begins titles.
fn bare_reply_prefix(text: &str) -> Option<&str> {
    let (word, behind) = text.split_once(' ')?;
    let behind = behind.trim_start();
    (word.eq_ignore_ascii_case("re") && !behind.is_empty()).then_some(behind)
}

/// Strips `Re:`, `RE[2]:`, `Re^2:`, `Aw :` and their kin.
fn reply_prefix(text: &str) -> Option<&str> {
    let end = text.char_indices().take(12).find(|(_, c)| *c == ':' || *c == '：')?;
    let word = text[..end.0].trim_end();
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^".contains(c));
    let known = REPLIES.iter().any(|reply| bare.to_lowercase() == *reply);
    known.then(|| text[end.0 + end.1.len_utf8()..].trim_start())
}

/// `(subset)`, which b4 puts before the tags when it thanks for some patches of a series, and
/// gateways' `(EXT)`; only before a group or another prefix.
fn aside(text: &str) -> Option<&str> {
    let (word, behind) = text.strip_prefix('(')?.split_once(')')?;
    let known = word.eq_ignore_ascii_case("subset") || word.eq_ignore_ascii_case("ext");
    let behind = behind.trim_start();
    (known && (behind.starts_with('[') || reply_prefix(behind).is_some())).then_some(behind)
}

/// A bracket group at the start, brackets in it included, and what stands behind it.
///
/// Of `[[PATCH] foo` the first bracket is a slip.
fn group(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('[')?;
    balanced(inner).or_else(|| balanced(inner.strip_prefix('[')?))
}

/// What stands before the bracket that closes, and behind it.
fn balanced(inner: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    for (at, c) in inner.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inner[..at], &inner[at + 1..]));
        }
    }
    None
}

fn words(group: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| c.is_whitespace() || ",;()[]{}<>\"".contains(c);
    group.split(ends).map(|word| word.trim_matches([':', '-', '#', '='])).filter(|w| !w.is_empty())
}

#[derive(Default)]
struct Group {
    tags: SubjectTags,
    version: Option<Version>,
    /// The digit behind the dot of `43.1/46`.
    again: u32,
    is_tags: bool,
}

impl Group {
    fn read(text: &str) -> Self {
        let mut group = Self::default();
        let words: Vec<&str> = words(text).collect();
        let mut at = 0;
        while at < words.len() {
            at += group.phrase(&words[at..]);
        }
        // `[linux-next:master 3/5] file.c: warning`: a robot's report about a commit of a branch.
        let robot = group.tags.trees.iter().any(|tree| tree.contains(':'));
        if robot && !words.iter().any(|word| word.to_lowercase().contains("patch")) {
            return Self::default();
        }
        group
    }

    fn only_trees(&self) -> bool {
        self.tags.trees.iter().all(|tree| {
            tree.ends_with("next") || matches!(tree.as_str(), "net" | "bpf" | "stable" | "mm")
        })
    }

    /// Reads the next words, and says how many it took.
    fn phrase(&mut self, words: &[&str]) -> usize {
        let lower = |at: usize| words.get(at).map(|word| word.to_lowercase()).unwrap_or_default();
        match (lower(0).as_str(), lower(1).as_str()) {
            ("git", "pull") | ("pull", "request") => {
                self.tags.pull = true;
                self.is_tags = true;
                return if lower(2) == "request" { 3 } else { 2 };
            }
            ("version" | "ver" | "take", number) | ("v", number) => {
                if let Some(version) = version(&format!("v{number}")) {
                    self.set_version(version);
                    return 2;
                }
            }
            // `2 of 5`, as Mercurial writes, and `PATCH2 of 5`.
            (word, "of") => {
                let head = word.trim_end_matches(|c: char| c.is_ascii_digit());
                let n_of_m = count(&format!("{}/{}", &word[head.len()..], lower(2)));
                if let Some((n, m)) = n_of_m
                    && (head.is_empty() || self.word(head))
                {
                    self.set_count(n, m);
                    return 3;
                }
            }
            _ => {}
        }
        if !self.word(words[0]) {
            self.tags.trees.push(words[0].to_owned());
        }
        1
    }

    /// Reads one word; false when it says nothing about the posting.
    fn word(&mut self, word: &str) -> bool {
        let lower = word.to_lowercase();
        let tags = &mut self.tags;
        match lower.as_str() {
            "patch" | "patches" | "patchset" | "patchsets" | "patchseries" => tags.patch = true,
            // Slips that archives hold dozens of.
            "pacth" | "pathc" | "ptach" | "patchs" | "patchi" => tags.patch = true,
            "pull" | "git-pull" | "pull-request" => tags.pull = true,
            "rfc" => tags.rfc = true,
            "resend" | "repost" | "resent" => tags.resend = true,
            "announce" | "announcement" | "ann" => tags.announce = true,
            _ => return self.compound(&lower),
        }
        self.is_tags = true;
        true
    }

    /// `v3`, `2/5`, and words run together: `PATCHv2`, `v2PATCH`, `RFC-PATCH`, `PATCH/RFC`, `RFCv2`.
    fn compound(&mut self, lower: &str) -> bool {
        if let Some(version) = version(lower) {
            self.set_version(version);
            return true;
        }
        if let Some((n, m)) = count(lower) {
            self.set_count(n, m);
            return true;
        }
        if let Some((n, again, m)) = count_again(lower) {
            if n == 0 {
                // Put between the cover letter and the first patch: no patch of the series stands
                // there, and the cover letter was not posted again.
                self.tags.patch = true;
                self.is_tags = true;
                return true;
            }
            self.set_count(n, m);
            self.again = again;
            return true;
        }
        if let Some(at) = lower.find("patch")
            && let Some(version) = version(&lower[..at])
            && self.word(&lower[at..])
        {
            self.set_version(version);
            return true;
        }
        let head = ["patchset", "patch", "rfc", "resend"].iter().find(|h| lower.starts_with(**h));
        let Some(head) = head else { return self.joined(lower) };
        let tail =
            lower[head.len()..].trim_start_matches(['-', '_', '/', '.', '+', ':', '^', '#', '|']);
        let joined = tail.len() < lower.len() - head.len();
        let fits = if joined || version(tail).is_some() || count(tail).is_some() {
            self.word(tail)
        } else {
            false
        };
        let fits = fits || self.numbered(head, tail, joined) || joined && self.tree_of(tail);
        fits && self.word(head)
    }

    /// `PATCH-next`: what stands behind the dash is a tree.
    fn tree_of(&mut self, tail: &str) -> bool {
        self.tags.trees.extend((!tail.is_empty()).then(|| tail.to_owned()));
        true
    }

    /// `RESEND2` says how often, which nobody asks; `PATCH2` is a second version.
    fn numbered(&mut self, head: &str, tail: &str, joined: bool) -> bool {
        match (head, digits(tail)) {
            ("resend", number) => number.is_some() || tail.is_empty(),
            ("patch" | "rfc", Some(number)) if !joined && (2..100).contains(&number) => {
                self.set_version(Version { major: number, minor: 0 });
                true
            }
            _ => false,
        }
    }

    /// `v3/RESEND`, `fixed+RESEND`: a word about the posting, and others that may be trees.
    fn joined(&mut self, lower: &str) -> bool {
        let parts: Vec<&str> = lower.split(['/', '+', '|']).filter(|p| !p.is_empty()).collect();
        if parts.len() < 2 || !parts.iter().any(|part| Self::default().word(part)) {
            return false;
        }
        let pull = self.tags.pull;
        for part in parts {
            if !self.word(part) {
                self.tags.trees.push(part.to_owned());
            }
        }
        // `PULL|PATCH`: patches that somebody offers for pulling as well.
        self.tags.pull = pull || self.tags.pull && !self.tags.patch;
        true
    }

    fn set_version(&mut self, version: Version) {
        self.version = Some(version);
        self.is_tags = true;
    }

    fn set_count(&mut self, n: u32, m: u32) {
        (self.tags.number, self.tags.total) = (Some(n), Some(m));
        self.tags.patch = true;
        self.is_tags = true;
    }
}

/// `v3`, `v5.1`, `ver2`, `v.2`; `v3a` and `v3-fix` come after `v3` and read as 3.1. Releases are none:
/// `v5.15` and `v2019.04` name the tree that a patch is for.
fn version(lower: &str) -> Option<Version> {
    let number = lower.strip_prefix("ver").or_else(|| lower.strip_prefix('v'))?;
    let number = number.strip_prefix('.').unwrap_or(number);
    if let Some(plain) = number.strip_suffix("-fix") {
        return Some(Version { major: digits(plain)?, minor: 1 });
    }
    if let Some((plain, letter @ 'a'..='f')) = split_last(number) {
        return Some(Version { major: digits(plain)?, minor: letter as u32 - 'a' as u32 + 1 });
    }
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    let version = Version { major: digits(major)?, minor: digits(minor)? };
    (version.major < 1000 && minor.len() == 1).then_some(version)
}

fn split_last(text: &str) -> Option<(&str, char)> {
    let last = text.chars().next_back()?;
    Some((&text[..text.len() - last.len_utf8()], last))
}

/// `02/10`.
fn count(word: &str) -> Option<(u32, u32)> {
    let (n, m) = word.split_once('/')?;
    Some((digits(n)?, digits(m)?))
}

/// `43.1/46`: 43/46 of the same version, posted again.
fn count_again(word: &str) -> Option<(u32, u32, u32)> {
    let (place, total) = word.split_once('/')?;
    let (n, again) = place.split_once('.')?;
    Some((digits(n)?, digits(again).filter(|_| again.len() == 1)?, digits(total)?))
}

fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Where the title ends before `(v3)` or `[v3]` at its end. Only whole numbers are versions there:
/// `(v6.5)` is a release that the title is about.
fn trailing_version(title: &str) -> Option<(usize, Version)> {
    let open = title.rfind(['(', '['])?;
    let inner = title[open + 1..].strip_suffix([')', ']'])?;
    let start = title[..open].trim_end().len();
    let whole = inner.bytes().last().is_some_and(|b| b.is_ascii_digit())
        && !inner.trim_start_matches(|c: char| !c.is_ascii_digit()).contains('.');
    (start > 0 && whole).then_some((start, version(&inner.to_lowercase())?))
}

fn strip_word<'a>(title: &'a str, word: &str) -> Option<&'a str> {
    let start = title.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| title[word.len()..].trim_start())
}
