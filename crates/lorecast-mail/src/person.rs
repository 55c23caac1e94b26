//! Whom and what a trailer names.

use lorecast_model::Mailbox;

/// The person of a trailer such as `Reviewed-by: Jane "JD" Doe <jd@x.example>`. Trailers are plain
/// text and no header fields, so quotes, commas and parentheses belong to the name. What mailers
/// make of an address (`<a@x.example<mailto:a@x.example>>`) is undone, and what stands behind it
/// (`# for the first one`) left out. Without an address there is only a name.
pub fn trailer_person(value: &str) -> Mailbox {
    let value = value.trim();
    let bracket = value.match_indices('<').map(|(at, _)| at).find(|&at| {
        let inner = &value[at + 1..];
        inner[..inner.find('>').unwrap_or(inner.len())].contains('@')
    });
    if let Some(at) = bracket {
        let inner = &value[at + 1..];
        let end = inner.find(['>', '<']).unwrap_or(inner.len());
        return Mailbox { name: name(&value[..at]), email: email(&inner[..end]) };
    }
    let bare = value.split_whitespace().find(|word| word.contains('@'));
    match bare {
        Some(word) => {
            let at = value.find(word).unwrap_or_default();
            let email = email(word.trim_matches(|c| "()[],;:\"'".contains(c)));
            Mailbox { name: name(&value[..at]), email }
        }
        None => Mailbox { name: name(value), email: String::new() },
    }
}

/// The name without the quotes around it, white space folded.
fn name(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.trim_end_matches([',', '(', '[']).trim();
    let inner = words.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(words).trim().to_owned()
}

/// The address without white space, its domain in lower case.
fn email(text: &str) -> String {
    let text = text.trim().strip_prefix("mailto:").unwrap_or(text);
    let tight: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    match tight.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => tight,
    }
}

/// What a `Fixes:` trailer names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixes {
    /// The commit, at least six hex digits in lower case.
    pub commit: String,
    /// Its title, when given.
    pub title: Option<String>,
}

/// Reads the value of a `Fixes:` trailer, `abcdef012345 ("A title")`; `None` when it does not begin
/// with a commit (the kernel's submitting-patches.rst; b4 refuses the same).
pub fn fixes(value: &str) -> Option<Fixes> {
    let value = value.trim();
    let end = value.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(value.len());
    let (commit, rest) = value.split_at(end);
    if !(6..=64).contains(&commit.len()) || rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let title = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let title = title.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    let title = (!title.is_empty()).then(|| title.to_owned());
    Some(Fixes { commit: commit.to_ascii_lowercase(), title })
}
