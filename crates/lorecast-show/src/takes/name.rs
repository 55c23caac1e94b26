//! What a recording's name says.

use std::sync::LazyLock;

use regex::Regex;

/// One way to read the name of a recording, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The number in front: 1 in `01-intro`.
    pub number: Option<usize>,
    /// The rest without the number of the take; may be empty.
    pub name: String,
    /// Which take it is, from 1.
    pub take: u32,
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d{1,3})(?:[\s._-]+(.*))?$"));
static TAKE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:(.*?)[\s._-]+)??(?:(?:re)?take[\s._-]*(\d{1,4})|(retake)|\((\d{1,4})\))$")
});
static COUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(.+?)[\s._-]+t?(\d{1,4})$"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant")
}

impl Name {
    /// Every way to read a name, the plainest first.
    pub fn readings(stem: &str) -> Vec<Self> {
        let mut found = Vec::new();
        for (name, take) in takes(stem) {
            found.push(Self { number: None, name: slug(&name), take });
        }
        if let Some(parts) = NUMBER.captures(stem) {
            let number = parts[1].parse().ok();
            let rest = parts.get(2).map_or("", |rest| rest.as_str());
            // `03.2`: the second take of the third.
            let count = rest.parse().ok().filter(|take| *take > 0);
            match count {
                Some(take) => found.push(Self { number, name: String::new(), take }),
                None => found.extend(takes(rest).into_iter().map(|(name, take)| Self {
                    number,
                    name: slug(&name),
                    take,
                })),
            }
        }
        found
    }
}

/// A name with and without what may be the number of its take.
fn takes(stem: &str) -> Vec<(String, u32)> {
    if let Some(parts) = TAKE.captures(stem) {
        let name = parts.get(1).map_or("", |name| name.as_str()).to_owned();
        let number = parts.get(2).or(parts.get(4)).and_then(|number| number.as_str().parse().ok());
        return vec![(name, number.unwrap_or(2).max(1))];
    }
    let mut found = vec![(stem.to_owned(), 1)];
    if let Some(parts) = COUNT.captures(stem)
        && let Some(take) = parts[2].parse().ok().filter(|take| *take > 0)
    {
        found.push((parts[1].to_owned(), take));
    }
    found
}

/// A title as a file is called: small letters and digits, with `-` for all between.
pub(crate) fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    let words = words.map(|word| word.replace(['\'', '’'], "").to_lowercase());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
