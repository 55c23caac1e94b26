//! Whether a paragraph says only what the mails of a story say.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use lorecast_mail::{prose, subject_tags};
use lorecast_model::{Fact, Message, MessageId, Show, Story};
use regex::Regex;
use thiserror::Error;

use super::claim::{Ground, claims};
use crate::address::mail_at;
use crate::check::negates;
use crate::glossary::quotations;
use crate::names::sender;
use crate::pattern::constant;

/// The most words of a paragraph: about a minute and a half of reading.
const MOST_WORDS: usize = 250;

/// Why a paragraph is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There are no words.
    #[error("it is empty")]
    Empty,
    /// It is too long to be a paragraph of an episode.
    #[error("it has {0} words, more than {MOST_WORDS}")]
    Long(usize),
    /// It is not a plain paragraph.
    #[error("it holds {0}: only paragraphs of text with links to the story's mails are shown")]
    Markup(&'static str),
    /// A link to something else than a mail of the story.
    #[error("it links to `{0}`, which is no mail of this story")]
    Link(String),
    /// A quotation that no mail holds.
    #[error("no mail of this story says “{0}”")]
    Quotation(String),
    /// Words of one person in the mouth of another.
    #[error("“{words}” are words of {owner}, not of {named}")]
    Speaker {
        /// The quotation.
        words: String,
        /// Who wrote them.
        owner: String,
        /// Who is said to have.
        named: String,
    },
    /// A version that was not posted.
    #[error("version {0} is not among this story's evidence")]
    Version(String),
    /// A number that stands nowhere in the mails.
    #[error("the number `{0}` is in none of this story's mails")]
    Number(String),
    /// A name, or another word with a capital, that stands nowhere in the mails.
    #[error("`{0}` is in none of this story's mails")]
    Name(String),
    /// A title that is none of the story's.
    #[error("“{0}” is the title of none of this story's mails")]
    Title(String),
    /// A number of other things than in the mails.
    #[error("no mail of this story counts `{0}`")]
    Count(String),
    /// What became of the work, where no evidence says so.
    #[error("`{0}` is not proved by this story's evidence")]
    Outcome(String),
    /// A negation that is not the mails' own.
    #[error("no mail of this story says what `{0}` denies")]
    Negation(String),
    /// What the mails say with a negation only.
    #[error("the mails of this story say `{0}` only with a negation")]
    Affirmed(String),
    /// A claim in words that are not those of the mails.
    #[error("`{0}` is a word of none of this story's mails")]
    Word(String),
}

/// Holds a paragraph of Markdown against the mails of its story: quotations must be verbatim in them
/// and given to who wrote them, and names, titles, versions and numbers must stand in them. Returns
/// the paragraph as it may be shown.
///
/// # Errors
/// The first thing that the mails do not bear out.
pub fn judge(
    offer: &str,
    show: &Show,
    story: &Story,
    messages: &[Message],
) -> Result<String, Refusal> {
    let offer = offer.trim();
    match offer.split_whitespace().count() {
        0 => return Err(Refusal::Empty),
        words if words > MOST_WORDS => return Err(Refusal::Long(words)),
        _ => {}
    }
    let known = Known::new(show, story, messages);
    for passage in passages(offer, &known)? {
        let quotes = quotations(&passage.text);
        for quote in &quotes {
            quotation(&passage, quote, &known)?;
        }
        let mut own = passage.text.clone();
        for quote in quotes.iter().rev() {
            own.replace_range(quote.clone(), " “” ");
        }
        versions(&own, &known)?;
        numbers(&own, &known)?;
        names(&own, &known)?;
        let own = VERSION.replace_all(&own, " ");
        claims(&own, &known.ground, &story.evidence, &|sentence| known.people(sentence))?;
    }
    Ok(offer.to_owned())
}

/// What the mails of a story say.
struct Known<'a> {
    show: &'a Show,
    mails: Vec<Mail<'a>>,
    versions: BTreeSet<String>,
    /// Every word and number of them, as it stands.
    words: BTreeSet<String>,
    /// The words in small letters.
    small: BTreeSet<String>,
    /// Where a quotation of a title may come from.
    titles: BTreeSet<String>,
    ground: Ground,
}

struct Mail<'a> {
    id: &'a MessageId,
    from: String,
    subject: &'a str,
    /// Its own words, lines joined: hyphens at their ends kept, and taken out.
    own: [String; 2],
}

impl<'a> Known<'a> {
    fn new(show: &'a Show, story: &'a Story, messages: &'a [Message]) -> Self {
        let mails: Vec<Mail<'a>> = messages.iter().map(mail).collect();
        let tagged = messages
            .iter()
            .map(|message| subject_tags(&message.header.subject).version.to_string());
        let told = story.evidence.iter().filter(|evidence| evidence.fact == Fact::Version);
        let versions = tagged.chain(told.map(|evidence| evidence.value.clone())).collect();
        let mut words = BTreeSet::new();
        let values = story.evidence.iter().map(|evidence| evidence.value.as_str());
        let texts = mails.iter().flat_map(|mail| {
            [mail.from.as_str(), mail.subject]
                .into_iter()
                .chain(mail.own.iter().map(String::as_str))
        });
        let texts = values.chain(texts).chain([story.title.as_str()]);
        let ground = Ground::new(texts.clone(), &posted(story, messages));
        for text in texts {
            words.extend(WORD.find_iter(text).map(|word| bare(word.as_str()).to_owned()));
            words.extend(NUMBER.find_iter(text).map(|number| number.as_str().to_owned()));
        }
        let small = words.iter().map(|word| word.to_lowercase()).collect();
        let told = story.evidence.iter().filter(|evidence| evidence.fact == Fact::Title);
        let told = told.map(|evidence| evidence.value.as_str()).chain([story.title.as_str()]);
        let subjects = messages.iter().map(|message| message.header.subject.as_str());
        let tagged = subjects.clone().map(|subject| subject_tags(subject).title);
        let titles = told.chain(subjects).map(spaced).chain(tagged.map(|t| spaced(&t))).collect();
        Self { show, mails, versions, words, small, titles, ground }
    }

    /// The senders that a text names, by a part of their names that is theirs alone, with the places.
    fn named(&self, text: &str) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        for word in WORD.find_iter(text) {
            let part = bare(word.as_str());
            let has = |name: &&str| name.split([' ', '-']).any(|own| own == part);
            let all: BTreeSet<&str> =
                self.mails.iter().map(|mail| mail.from.as_str()).filter(has).collect();
            if all.len() == 1 {
                found.extend(all.into_iter().map(|name| (word.start(), name)));
            }
        }
        found
    }

    fn people(&self, sentence: &str) -> BTreeSet<String> {
        self.named(sentence).into_iter().map(|(_, name)| name.to_owned()).collect()
    }

    fn mail(&self, id: &MessageId) -> Option<&Mail<'a>> {
        self.mails.iter().find(|mail| mail.id == id)
    }
}

/// How many patches the series of a story have.
fn posted(story: &Story, messages: &[Message]) -> BTreeSet<String> {
    let told = story.evidence.iter().filter(|evidence| evidence.fact == Fact::Patches);
    let told = told.map(|evidence| evidence.value.clone());
    let tags = messages.iter().map(|message| subject_tags(&message.header.subject));
    told.chain(tags.filter_map(|tags| tags.total).map(|total| total.to_string())).collect()
}

fn mail(message: &Message) -> Mail<'_> {
    let own = prose::own_words(&message.text);
    Mail {
        id: &message.header.id,
        from: sender(message),
        subject: &message.header.subject,
        own: [spaced(&own), spaced(&prose::unwrapped(&own))],
    }
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A paragraph as plain text, with the parts that link to a mail.
#[derive(Default)]
struct Passage {
    text: String,
    links: Vec<(Range<usize>, MessageId)>,
}

fn passages(offer: &str, known: &Known<'_>) -> Result<Vec<Passage>, Refusal> {
    if offer.chars().any(|c| (c.is_control() && c != '\n') || crate::escape::turns_direction(c)) {
        return Err(Refusal::Markup("a control character"));
    }
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.table = true;
    let root = parse_document(&arena, offer, &options);
    let mut found = Vec::new();
    for block in root.children() {
        if !matches!(block.data.borrow().value, NodeValue::Paragraph) {
            return Err(Refusal::Markup("a heading, a list, code, a table or raw HTML"));
        }
        let mut passage = Passage::default();
        for node in block.children() {
            inline(node, 0, &mut passage, known)?;
        }
        found.push(passage);
    }
    Ok(found)
}

/// Deeper nesting is no plain paragraph.
const DEEPEST: usize = 8;

fn inline<'b>(
    node: &'b AstNode<'b>,
    depth: usize,
    into: &mut Passage,
    known: &Known<'_>,
) -> Result<(), Refusal> {
    if depth > DEEPEST {
        return Err(Refusal::Markup("markup within markup"));
    }
    let within = |into: &mut Passage| {
        node.children().try_for_each(|child| inline(child, depth + 1, into, known))
    };
    match &node.data.borrow().value {
        NodeValue::Text(text) => into.text.push_str(text),
        NodeValue::SoftBreak | NodeValue::LineBreak => into.text.push(' '),
        NodeValue::Emph | NodeValue::Strong => within(into)?,
        NodeValue::Link(link) => {
            let id = mail_at(Some(known.show), &link.url).filter(|id| known.mail(id).is_some());
            let Some(id) = id else { return Err(Refusal::Link(link.url.clone())) };
            let start = into.text.len();
            within(into)?;
            into.links.push((start..into.text.len(), id));
        }
        _ => return Err(Refusal::Markup("code, a picture or raw HTML")),
    }
    Ok(())
}

/// What an editor put in, or left out: `[…]`, `[Expansion]`, `…`.
static CUT: LazyLock<Regex> = LazyLock::new(|| constant(r"\[[^\]]*\]|…|\.\.\."));

/// What stands before a title.
static ENTITLED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\b(?:entitled|titled|called|named)[ ,:]*$"));

fn quotation(passage: &Passage, quote: &Range<usize>, known: &Known<'_>) -> Result<(), Refusal> {
    let words = passage.text[quote.clone()].trim_matches(['“', '”', '"', ' ']);
    if ENTITLED.is_match(&passage.text[..quote.start]) && !known.titles.contains(&spaced(words)) {
        return Err(Refusal::Title(words.to_owned()));
    }
    if known.mails.iter().any(|mail| !words.is_empty() && whole_in(mail.subject, words)) {
        return Ok(());
    }
    let linked = passage.links.iter().find(|(range, _)| range.contains(&quote.start));
    let holds = |mail: &&Mail<'_>| {
        linked.is_none_or(|(_, id)| id == mail.id)
            && mail.own.iter().any(|own| verbatim(own, words))
    };
    let owners: Vec<&Mail<'_>> = known.mails.iter().filter(holds).collect();
    let Some(owner) = owners.first() else { return Err(Refusal::Quotation(words.to_owned())) };
    let Some(named) = speaker(passage, quote, known) else { return Ok(()) };
    if owners.iter().any(|mail| mail.from == named) {
        return Ok(());
    }
    Err(Refusal::Speaker { words: words.to_owned(), owner: owner.from.clone(), named })
}

/// Whether all parts of a quotation stand in a text, in their order, and none is turned around: a
/// `not` is neither left out nor cut off.
fn verbatim(own: &str, words: &str) -> bool {
    let mut end: Option<usize> = None;
    for part in CUT.split(words) {
        let part = spaced(part);
        let part = part.trim_end_matches(['.', ',']);
        if part.is_empty() {
            continue;
        }
        let from = end.unwrap_or(0);
        let found = own[from..].match_indices(part).map(|(at, _)| from + at);
        let fits = |at: &usize| whole(own, *at, part.len()) && straight(own, end, *at);
        let Some(at) = found.take(MOST_TRIES).find(fits) else { return false };
        end = Some(at + part.len());
    }
    end.is_some()
}

/// How many places of a text are looked at for the same words.
const MOST_TRIES: usize = 64;

/// Whether words stand as whole words in a subject.
fn whole_in(subject: &str, words: &str) -> bool {
    subject.match_indices(words).take(MOST_TRIES).any(|(at, _)| whole(subject, at, words.len()))
}

/// Whether a part begins and ends where words do.
fn whole(own: &str, at: usize, length: usize) -> bool {
    !(own[..at].ends_with(char::is_alphanumeric)
        || own[at + length..].starts_with(char::is_alphanumeric))
}

/// Whether nothing that turns the meaning around stands right before a part: in what was left out
/// since the part before it, or in the three words before the first one.
fn straight(own: &str, end: Option<usize>, at: usize) -> bool {
    let left = &own[end.unwrap_or(0)..at];
    let left = left.rsplit(['.', '?', '!', ';']).next().unwrap_or_default();
    let words: Vec<&str> = left.split_whitespace().collect();
    let near = if end.is_some() { 0 } else { words.len().saturating_sub(3) };
    !negates(&words[near..].join(" "))
}

/// How a quotation that stands first is given to somebody: `“…”, said Ada Sample`.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^,? ?(?:[a-z]+ ){0,2}?(?:said|says|wrote|writes|asked|asks|replied|noted|added|answered|argued|according to)\b",
    )
});

/// The sender that a sentence gives a quotation to: named last before it, or right after it.
fn speaker(passage: &Passage, quote: &Range<usize>, known: &Known<'_>) -> Option<String> {
    let (before, after) = (&passage.text[..quote.start], &passage.text[quote.end..]);
    if let Some(said) = SAID.find(after) {
        let near = after[said.end()..].split(['.', '“']).next().unwrap_or_default();
        if let Some((_, name)) = known.named(near).into_iter().min() {
            return Some(name.to_owned());
        }
    }
    known.named(before).into_iter().max().map(|(_, name)| name.to_owned())
}

static VERSION: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\b(?:version|revision|v) ?(\d+)\b"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| constant(r"\d+(?:[.,:-]\w+)*"));
static WORD: LazyLock<Regex> = LazyLock::new(|| constant(r"\p{L}[\p{L}\p{N}’'_-]*"));

fn versions(own: &str, known: &Known<'_>) -> Result<(), Refusal> {
    let stated = VERSION.captures_iter(own).filter_map(|found| found.get(1));
    for version in stated.map(|version| version.as_str()) {
        if !known.versions.contains(version) {
            return Err(Refusal::Version(version.to_owned()));
        }
    }
    Ok(())
}

/// Numbers in words, from two on: `one` is as often no number.
const COUNTS: &[&str] =
    &["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

fn numbers(own: &str, known: &Known<'_>) -> Result<(), Refusal> {
    let unversioned = VERSION.replace_all(own, " ");
    for number in NUMBER.find_iter(&unversioned).map(|number| number.as_str()) {
        if !known.words.contains(number) {
            return Err(Refusal::Number(number.to_owned()));
        }
    }
    for word in WORD.find_iter(&unversioned).map(|word| word.as_str().to_lowercase()) {
        let Some(at) = COUNTS.iter().position(|count| *count == word) else { continue };
        let digits = (at + 2).to_string();
        if !known.small.contains(&word) && !known.words.contains(&digits) {
            return Err(Refusal::Number(word));
        }
    }
    Ok(())
}

/// Words that begin a sentence without being anybody's name.
const OPENING: &[&str] = &[
    "a",
    "after",
    "also",
    "although",
    "an",
    "and",
    "another",
    "as",
    "at",
    "before",
    "both",
    "but",
    "by",
    "earlier",
    "finally",
    "for",
    "from",
    "he",
    "her",
    "his",
    "however",
    "i",
    "if",
    "in",
    "instead",
    "it",
    "its",
    "meanwhile",
    "no",
    "nobody",
    "not",
    "now",
    "on",
    "once",
    "one",
    "others",
    "she",
    "since",
    "so",
    "some",
    "still",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "under",
    "until",
    "we",
    "what",
    "when",
    "where",
    "while",
    "with",
    "without",
    "you",
];

fn names(own: &str, known: &Known<'_>) -> Result<(), Refusal> {
    for found in WORD.find_iter(own).filter(|word| word.as_str().starts_with(char::is_uppercase)) {
        let word = bare(found.as_str());
        if known.words.contains(word) {
            continue;
        }
        let small = word.to_lowercase();
        let opening = OPENING.contains(&small.as_str())
            || COUNTS.contains(&small.as_str())
            || known.small.contains(&small);
        if !(opening && begins(&own[..found.start()])) {
            return Err(Refusal::Name(word.to_owned()));
        }
    }
    Ok(())
}

/// Whether a sentence begins behind this text.
fn begins(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '(', '*']);
    before.is_empty() || before.ends_with(['.', '?', '!', ':', '”'])
}

fn bare(word: &str) -> &str {
    let word = word.strip_suffix("’s").or_else(|| word.strip_suffix("'s")).unwrap_or(word);
    word.trim_end_matches(['’', '\'', '-', '_'])
}
