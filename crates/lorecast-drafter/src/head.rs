//! The head of a story's sentence: who posted what, up to the title's closing quote.

use lorecast_model::{Kind, Templates};
use serde::Serialize;

use crate::DraftError;
use crate::notes::Writer;
use crate::telling::Telling;

/// What the author did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Posted, reported or announced it, as its kind has it.
    #[default]
    Posted,
    /// Went on with work that an earlier episode told.
    Continued,
    /// Followed up on something of the own that was told just before.
    FollowedUp,
    /// Sent a pull request whose title does not say that it is one.
    Requested,
}

/// The fields that the head of a sentence is made of. A template sees them as fields of `story`.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// What sort of news it is: each kind has its own template.
    pub kind: Kind,
    /// What the author did.
    pub verb: Verb,
    /// Who posted it, as the mail spells the name.
    pub author: String,
    /// Who wrote the one patch, when another posted it.
    pub writer: Option<String>,
    /// The only other person in a conversation, when it went back and forth between the two.
    pub other: Option<String>,
    /// Whom the author works for, when that is told in this story.
    pub employer: Option<String>,
    /// Its title without tags.
    pub title: String,
    /// The release that it announces: `Linux 6.3-rc7`.
    pub release: Option<String>,
    /// Its version, when it is not the first.
    pub version: Option<String>,
    /// How many patches, when that tells something.
    pub patches: Option<u32>,
    /// `an` before a number that is spoken so (8, 11, 18, 80 …), else `a`.
    pub article: &'static str,
    /// It is marked RFC.
    pub rfc: bool,
    /// It is a series of patches.
    pub series: bool,
    /// It is one patch or a series of them, whatever else it is.
    pub patch: bool,
    /// The first RFC of the episode: the place to say what that means.
    pub explain_rfc: bool,
    /// It answers a message that is not held: nobody can say who posted that.
    pub reply: bool,
    /// It is one patch of a series, and not the first.
    pub part: bool,
    /// The day on which it was posted, when that was before the days of the episode: `April 2`.
    pub posted: Option<String>,
}

impl Head {
    /// The head of something that `author` posted under `title`.
    pub fn new(kind: Kind, author: &str, title: &str) -> Self {
        Self {
            kind,
            verb: Verb::Posted,
            author: author.to_owned(),
            writer: None,
            other: None,
            employer: None,
            title: title.to_owned(),
            release: None,
            version: None,
            patches: None,
            article: "a",
            rfc: kind == Kind::Rfc,
            series: matches!(kind, Kind::Series | Kind::Driver),
            patch: matches!(kind, Kind::Series | Kind::Driver | Kind::Patch | Kind::Rfc),
            explain_rfc: false,
            reply: false,
            part: false,
            posted: None,
        }
    }
}

/// The head of a sentence as plain text, up to the closing quote of its title, by the template that
/// drafts use for its kind.
///
/// # Errors
/// When the template is missing or broken.
pub fn head(head: &Head, templates: &Templates) -> Result<String, DraftError> {
    let telling = Telling::of(head.clone());
    let told = Writer::new(templates, None)?.story(&telling, false)?;
    let told = plain(&told);
    let closed = format!("{}”", head.title);
    let end = told.find(&closed).map(|at| at + closed.len());
    let end = end.unwrap_or_else(|| told.trim_end_matches('.').len());
    Ok(told.get(..end).unwrap_or_default().to_owned())
}

/// Markdown as our templates write it, without its links and escapes.
pub(crate) fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            '[' => {}
            ']' if chars.peek() == Some(&'(') => {
                for inside in chars.by_ref() {
                    if inside == ')' {
                        break;
                    }
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// `an` before 8, 11, 18 and 80 to 89, which begin with a vowel when spoken.
pub(crate) fn article(patches: Option<u32>) -> &'static str {
    let spoken_with_vowel = |n: u32| matches!(n, 8 | 11 | 18 | 80..=89 | 800..=899);
    if patches.is_some_and(spoken_with_vowel) { "an" } else { "a" }
}
