//! The versions that tags name, and their order.

use std::cmp::Ordering;

/// A tag that names a version: `v6.4-rc1`, `liburing-2.4`, `1.0.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// What stands before the numbers: `v`, `liburing-`.
    pub project: String,
    numbers: Vec<u64>,
    suffix: Vec<Part>,
}

/// A piece of what follows the numbers. The order of the variants is the order of versions: a
/// pre-release comes before the release, which has no suffix, and that before anything added to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Pre(String),
    End,
    Number(u64),
    Word(String),
}

/// Words that mark a version as not final. Single letters do so before a number (`1.0b2`, PEP 440).
const PRE: &[&str] =
    &["rc", "pre", "preview", "alpha", "beta", "dev", "next", "test", "snapshot", "wip"];

/// A number this large in a suffix is a date: `1.2-20230403`.
const DATE: u64 = 19_000_101;

impl Version {
    /// Reads the name of a tag, without `refs/tags/`; nothing when it has no number, or is a state
    /// of linux-next, which is no release.
    pub fn read(tag: &str) -> Option<Self> {
        let start = tag.find(|c: char| c.is_ascii_digit())?;
        let (project, rest) = tag.split_at(start);
        if project.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == "next") {
            return None;
        }
        let mut tokens = tokens(rest);
        let mut numbers = Vec::new();
        while let Some(&(joint, Token::Number(number))) = tokens.first()
            && (numbers.is_empty() || joint != '-')
        {
            numbers.push(number);
            tokens.remove(0);
        }
        let mut suffix: Vec<Part> = Vec::new();
        for (at, (joint, token)) in tokens.iter().enumerate() {
            let before_number = matches!(tokens.get(at + 1), Some((_, Token::Number(_))));
            suffix.push(match token {
                Token::Number(number) if *number >= DATE && *joint != '.' => {
                    Part::Pre(String::new())
                }
                Token::Number(number) if is_date(*number, &tokens[at..]) => {
                    Part::Pre(String::new())
                }
                Token::Number(number) => Part::Number(*number),
                Token::Word(word) if PRE.contains(&word.as_str()) => Part::Pre(word.clone()),
                Token::Word(word)
                    if before_number && *joint != '-' && ["a", "b"].contains(&word.as_str()) =>
                {
                    Part::Pre(word.clone())
                }
                Token::Word(word) => Part::Word(word.clone()),
            });
        }
        suffix.push(Part::End);
        Some(Self { project: project.to_owned(), numbers, suffix })
    }

    /// Whether it is no candidate, preview or snapshot of a release.
    pub fn is_final(&self) -> bool {
        !self.suffix.iter().any(|part| matches!(part, Part::Pre(_)))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |version: &Self| (version.numbers.clone(), version.suffix.clone());
        key(self).cmp(&key(other)).then_with(|| self.project.cmp(&other.project))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Number(u64),
    Word(String),
}

/// Numbers and words in small letters, each with what joins it to the one before.
fn tokens(text: &str) -> Vec<(char, Token)> {
    let (mut tokens, mut joint, mut rest) = (Vec::new(), '\0', text);
    while let Some(first) = rest.chars().next() {
        let kind = |c: char| (c.is_ascii_digit(), c.is_alphabetic());
        let end = rest.find(|c| kind(c) != kind(first)).unwrap_or(rest.len());
        let (token, more) = rest.split_at(end);
        match kind(first) {
            (true, _) => tokens.push((joint, Token::Number(token.parse().unwrap_or(u64::MAX)))),
            (_, true) => tokens.push((joint, Token::Word(token.to_lowercase()))),
            _ => {}
        }
        joint = if first.is_alphanumeric() { '\0' } else { first };
        rest = more;
    }
    tokens
}

/// Whether `2023-04-03` begins here.
fn is_date(year: u64, tokens: &[(char, Token)]) -> bool {
    let number = |at: usize, most: u64| matches!(tokens.get(at), Some((_, Token::Number(n))) if (1..=most).contains(n));
    (1970..2200).contains(&year) && number(1, 12) && number(2, 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(tags: &str) {
        let all: Vec<(&str, Version)> =
            tags.split(' ').map(|tag| (tag, Version::read(tag).unwrap())).collect();
        let mut sorted = all.clone();
        sorted.reverse();
        sorted.sort_by(|a, b| a.1.cmp(&b.1));
        let names: Vec<&str> = sorted.iter().map(|(tag, _)| *tag).collect();
        assert_eq!(names.join(" "), tags);
    }

    #[test]
    fn order() {
        check("v6.1 v6.1.2 v6.1.25 v6.3-rc1 v6.3-rc7 v6.3 v6.3.1 v6.4-rc1 v6.4 v6.10-rc1");
        check(
            "liburing-0.7 liburing-2.2 liburing-2.9-rc1 liburing-2.9 liburing-2.10-rc1 liburing-2.10",
        );
        check("v1.2.3-rc2 v1.2.3 v1.2.3-rt1 v1.2.3-rt12 v1.2.4");
        check("1.0a1 1.0b2 1.0rc1 1.0 1.0.1");
        check("v2.39-rc1 v2.39-rc2 v2.39");
        check("PG_9_6 PG_14_BETA1 PG_14_RC1 PG_14_0 PG_15_2");
        check("foo-1.0.0-alpha.1 foo-1.0.0-alpha.2 foo-1.0.0-beta foo-1.0.0-rc.1 foo-1.0.0");
        check("1.0.2 1.0.2a 1.0.2b");
    }

    #[test]
    fn finals() {
        let finals = [
            "v6.4",
            "v6.1.25",
            "2.4",
            "liburing-2.4",
            "v6.1.26-rt8",
            "1.0.2a",
            "20230404",
            "R_2_4_9",
        ];
        for tag in finals {
            assert!(Version::read(tag).unwrap().is_final(), "{tag}");
        }
        let others = [
            "v6.4-rc1",
            "v1.2.3-rc2",
            "1.0-pre3",
            "2.0beta",
            "v3-alpha.1",
            "v6.1-next",
            "1.2-20230403",
            "v1.2-2023-04-03",
            "1.0.0-rc.1",
            "1.0b2",
            "v6.4-rc1-rt1",
        ];
        for tag in others {
            assert!(!Version::read(tag).unwrap().is_final(), "{tag}");
        }
        for tag in ["next-20230403", "for-linus", "latest", "linux-next-1", ""] {
            assert_eq!(Version::read(tag), None, "{tag}");
        }
    }

    proptest! {
        #[test]
        fn any_names_have_an_order(a in "[-._a-z0-9]{0,12}|.*", b in "[-._a-z0-9]{0,12}", c in "[-._a-z0-9]{0,12}") {
            let all: Vec<Version> = [a, b, c].iter().filter_map(|tag| Version::read(tag)).collect();
            if let [a, b, c] = all.as_slice() {
                prop_assert_eq!(a.cmp(b), b.cmp(a).reverse());
                prop_assert!(!(a <= b && b <= c) || a <= c);
            }
        }
    }
}
