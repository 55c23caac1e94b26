//! A passage with everything that it may be judged by.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use lorecast_model::{
    Episode, Evidence, Fact, Finding, Fix, FollowUpStory, Message, MessageId, Profile, Revision,
    Severity, Spot, Story, StoryState,
};

use super::page::{Link, Passage, Shape};
use super::people::Crowd;
use super::pieces::pieces;
use super::quotes::{Quote, quotes};
use super::sentence::{Act, acts, masked, sentences};
use super::sources::{Conversation, Sources};
use super::wording::Wording;
use super::{Checked, Rule};
use crate::address::address_of;
use crate::kind::nature;

/// How many threads one passage is judged by.
const MOST_TALKS: usize = 16;
/// How many claims of one kind are judged in a passage.
pub(super) const MOST_CLAIMS: usize = 500;
/// How many verbs of one passage are looked at.
const MOST_ACTS: usize = 2000;
/// How often the archives are searched for words.
const MOST_SEARCHES: usize = 200;
/// By how many words a quotation is looked up.
const MOST_SEARCHED: usize = 10;
/// How many words of each end tell a quotation.
const FEW: usize = 4;
/// How many findings are reported.
const MOST_FINDINGS: usize = 1000;
/// How many warnings of one rule are reported; the rest is counted.
const MOST_ALIKE: usize = 20;

/// A mail that the notes cite, in its thread.
#[derive(Clone, Debug)]
pub(super) struct Cited {
    pub talk: Arc<Conversation>,
    at: usize,
}

impl Cited {
    pub fn message(&self) -> &Message {
        &self.talk.messages[self.at]
    }
}

/// The notes under examination, and what was found.
pub(super) struct Case<'a> {
    pub checked: &'a Checked<'a>,
    pub sources: &'a dyn Sources,
    cited: RefCell<HashMap<MessageId, Option<Cited>>>,
    wordings: RefCell<HashMap<MessageId, Rc<Wording>>>,
    crowds: RefCell<HashMap<*const Conversation, Rc<Crowd>>>,
    series: RefCell<HashMap<MessageId, Rc<Vec<Revision>>>>,
    searches: RefCell<usize>,
    lines: Vec<usize>,
    findings: RefCell<Vec<Finding>>,
    /// Warnings beyond the first of their rule, and how many.
    more: RefCell<BTreeMap<&'static str, (Finding, usize)>>,
}

impl<'a> Case<'a> {
    pub fn new(checked: &'a Checked<'a>, sources: &'a dyn Sources) -> Self {
        let ends = checked.notes.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            checked,
            sources,
            cited: RefCell::default(),
            wordings: RefCell::default(),
            crowds: RefCell::default(),
            series: RefCell::default(),
            searches: RefCell::default(),
            lines: std::iter::once(0).chain(ends).collect(),
            findings: RefCell::default(),
            more: RefCell::default(),
        }
    }

    /// Which rules tell what a mail is.
    pub fn profile(&self) -> Profile {
        self.checked.show.map_or_else(Profile::default, |show| show.profile)
    }

    /// Where the show's readers find a mail.
    pub fn link(&self, id: &MessageId) -> String {
        address_of(self.checked.show, id)
    }

    pub fn episode(&self) -> Option<&'a Episode> {
        self.checked.episode
    }

    /// A mail by its id.
    pub fn cited(&self, id: &MessageId) -> Option<Cited> {
        if let Some(known) = self.cited.borrow().get(id) {
            return known.clone();
        }
        let talk = self.sources.conversation(id);
        let found = talk.and_then(|talk| {
            let at = talk.messages.iter().position(|message| message.header.id == *id)?;
            Some(Cited { talk, at })
        });
        self.cited.borrow_mut().insert(id.clone(), found.clone());
        found
    }

    /// A mail's words.
    pub fn wording(&self, message: &Message) -> Rc<Wording> {
        let mut known = self.wordings.borrow_mut();
        let fresh = || Rc::new(Wording::new(message));
        known.entry(message.header.id.clone()).or_insert_with(fresh).clone()
    }

    /// Everybody in a thread.
    pub fn crowd(&self, talk: &Arc<Conversation>) -> Rc<Crowd> {
        let mut known = self.crowds.borrow_mut();
        known.entry(Arc::as_ptr(talk)).or_insert_with(|| Rc::new(Crowd::of(talk))).clone()
    }

    /// All revisions of the work that a mail is part of.
    pub fn series(&self, id: &MessageId) -> Rc<Vec<Revision>> {
        let mut known = self.series.borrow_mut();
        let fresh = || Rc::new(self.sources.series(id));
        known.entry(id.clone()).or_insert_with(fresh).clone()
    }

    /// The revision that a mail is part of.
    pub fn revision(&self, id: &MessageId) -> Option<Revision> {
        self.series(id).iter().find(|revision| revision.messages().any(|m| m == id)).cloned()
    }

    /// Mails anywhere that may hold a quotation; the same is asked but once.
    pub fn holding(&self, quotation: &str) -> Vec<Cited> {
        let piece = pieces(quotation).into_iter().max_by_key(|piece| piece.span.len());
        let Some(piece) = piece else { return Vec::new() };
        self.found(&quotation[piece.span], MOST_SEARCHED)
    }

    /// Mails anywhere that hold the first or the last words of a quotation.
    pub fn resembling(&self, quotation: &str) -> Vec<Cited> {
        let words: Vec<&str> = quotation.split_whitespace().collect();
        if words.len() < 2 * FEW {
            return Vec::new();
        }
        let (first, last) = (words[..FEW].join(" "), words[words.len() - FEW..].join(" "));
        let mut found = self.found(&first, FEW);
        found.extend(self.found(&last, FEW));
        found
    }

    fn found(&self, words: &str, most: usize) -> Vec<Cited> {
        let words: Vec<&str> = words.split_whitespace().take(most).collect();
        let mut searches = self.searches.borrow_mut();
        if words.len() < 2 || *searches >= MOST_SEARCHES {
            return Vec::new();
        }
        *searches += 1;
        let ids = self.sources.holding(&words.join(" "));
        ids.iter().filter_map(|id| self.cited(id)).collect()
    }

    /// How many of the two ends of a quotation are in these mails, though it is not as a whole.
    pub fn ends(&self, known: &[Cited], quotation: &str) -> usize {
        let words: Vec<&str> = quotation.split_whitespace().collect();
        if words.len() < 2 * FEW {
            return 0;
        }
        let ends = [words[..FEW].join(" "), words[words.len() - FEW..].join(" ")];
        let held = |end: &&String| {
            known.iter().any(|cited| self.wording(cited.message()).holds(end).is_some())
        };
        ends.iter().filter(held).count()
    }

    /// Whether a mail answers another instead of posting something.
    pub fn is_reply(&self, message: &Message) -> bool {
        let nature = nature(message, self.profile());
        nature.tags.reply && self.revision(&message.header.id).is_none()
    }

    /// Reports something at a place of the source.
    pub fn report(&self, rule: &Rule, place: Range<usize>, message: String, fix: Option<Fix>) {
        self.add(rule, Some(self.spot(place.start)), message, None, fix);
    }

    /// The same with a next step of its own.
    pub fn advise(
        &self,
        rule: &Rule,
        place: Range<usize>,
        message: String,
        hint: String,
        fix: Option<Fix>,
    ) {
        self.add(rule, Some(self.spot(place.start)), message, Some(hint), fix);
    }

    /// Reports something at a line and column, counted from 1.
    pub fn report_at(
        &self,
        rule: &Rule,
        line: usize,
        column: usize,
        message: String,
        hint: Option<String>,
    ) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let at = Spot { line: count(line), column: count(column) };
        self.add(rule, Some(at), message, hint, None);
    }

    /// Reports something of the notes as a whole.
    pub fn report_all(&self, rule: &Rule, message: String) {
        self.add(rule, None, message, None, None);
    }

    fn add(
        &self,
        rule: &Rule,
        at: Option<Spot>,
        message: String,
        hint: Option<String>,
        fix: Option<Fix>,
    ) {
        let finding = Finding {
            place: self.checked.place.to_owned(),
            at,
            severity: rule.severity,
            rule: rule.name.to_owned(),
            message,
            hint: hint.unwrap_or_else(|| rule.hint.to_owned()),
            fix,
        };
        let mut findings = self.findings.borrow_mut();
        let alike = || findings.iter().filter(|known| known.rule == rule.name).count();
        if rule.severity == Severity::Warning && alike() >= MOST_ALIKE {
            let mut more = self.more.borrow_mut();
            more.entry(rule.name).or_insert((finding, 0)).1 += 1;
            return;
        }
        if findings.len() < MOST_FINDINGS && !findings.contains(&finding) {
            findings.push(finding);
        }
    }

    /// What was found, by place; errors of the whole come first.
    pub fn findings(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        findings.extend(self.more.into_inner().into_values().map(|(first, more)| Finding {
            message: match more {
                1 => first.message,
                _ => format!("{}; and {} more like this from here on", first.message, more - 1),
            },
            ..first
        }));
        findings.sort_by(|a, b| {
            a.at.cmp(&b.at).then(b.severity.cmp(&a.severity)).then(a.rule.cmp(&b.rule))
        });
        findings
    }

    fn spot(&self, at: usize) -> Spot {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines[line - 1];
        let before = self.checked.notes.get(start..at).unwrap_or("");
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Spot { line: count(line), column: count(before.chars().count() + 1) }
    }
}

/// An entry of `episode.yaml` that a passage tells.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'a> {
    Story(&'a Story),
    FollowUp(&'a FollowUpStory),
}

impl<'a> Entry<'a> {
    pub fn id(&self) -> &'a MessageId {
        match self {
            Self::Story(story) => &story.id,
            Self::FollowUp(story) => &story.id,
        }
    }

    pub fn title(&self) -> &'a str {
        match self {
            Self::Story(story) => &story.title,
            Self::FollowUp(story) => &story.title,
        }
    }

    pub fn evidence(&self) -> &'a [Evidence] {
        match self {
            Self::Story(story) => &story.evidence,
            Self::FollowUp(story) => &story.evidence,
        }
    }

    /// What its evidence says of these facts.
    pub fn values(&self, facts: &'a [Fact]) -> impl Iterator<Item = &'a str> {
        let of = move |evidence: &&Evidence| facts.contains(&evidence.fact);
        self.evidence().iter().filter(of).map(|evidence| evidence.value.as_str())
    }

    fn is_about(&self, id: &MessageId) -> bool {
        self.tells(id) || self.evidence().iter().any(|evidence| evidence.message == *id)
    }

    /// Whether a mail is what it tells, or one whose title its evidence has.
    pub fn is_titled(&self, id: &MessageId) -> bool {
        let titled = |evidence: &Evidence| evidence.fact == Fact::Title && evidence.message == *id;
        self.tells(id) || self.evidence().iter().any(titled)
    }

    fn tells(&self, id: &MessageId) -> bool {
        let with = match self {
            Self::Story(story) => story.with.contains(id),
            Self::FollowUp(_) => false,
        };
        with || self.id() == id
    }
}

/// The entries of an episode that are told.
pub(super) fn entries(episode: Option<&Episode>) -> Vec<Entry<'_>> {
    let Some(episode) = episode else { return Vec::new() };
    let stories = episode.stories.iter().filter(|story| story.state != StoryState::Dropped);
    let follow_ups = episode.follow_ups.iter().filter(|story| story.state != StoryState::Dropped);
    stories.map(Entry::Story).chain(follow_ups.map(Entry::FollowUp)).collect()
}

/// A passage, read.
pub(super) struct Reading<'a> {
    pub passage: &'a Passage,
    pub quotes: Vec<Quote>,
    /// The text with quotations blanked out.
    pub masked: String,
    pub sentences: Vec<Range<usize>>,
    pub acts: Vec<Act>,
    /// The mails that it links to, else those of the passage before it, below the same heading.
    pub about: Vec<MessageId>,
    /// Their threads.
    pub talks: Vec<Arc<Conversation>>,
    /// What `episode.yaml` says about them.
    pub entries: Vec<Entry<'a>>,
    /// The number of headings above.
    pub section: usize,
}

impl<'a> Reading<'a> {
    /// The sentence that holds a place.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let next = self.sentences.partition_point(|span| span.end <= at);
        let held = self.sentences.get(next).filter(|span| span.start <= at);
        held.cloned().unwrap_or(0..self.masked.len())
    }

    /// Links to mails, within a stretch of the text.
    pub fn links(&self, span: &Range<usize>) -> impl Iterator<Item = (&'a Link, &'a MessageId)> {
        let span = span.clone();
        let within = move |link: &&Link| {
            link.span.end > span.start && link.span.start < span.end
                || link.span.is_empty() && (span.start..=span.end).contains(&link.span.start)
        };
        self.passage.links.iter().filter(within).filter_map(|link| Some((link, link.id.as_ref()?)))
    }

    /// The link whose words hold a stretch of the text.
    pub fn around(&self, span: &Range<usize>) -> Option<(&'a Link, &'a MessageId)> {
        let holds = |link: &&Link| link.span.start <= span.start && span.end <= link.span.end;
        let link = self.passage.links.iter().filter(|link| !link.span.is_empty()).find(holds)?;
        Some((link, link.id.as_ref()?))
    }

    /// What to write in the place of a stretch, when that can be done safely.
    pub fn fix(&self, span: &Range<usize>, text: &str) -> Option<Fix> {
        let source = self.passage.source(span);
        let plain = self.passage.is_plain(span) && source.start < source.end;
        plain.then(|| Fix { from: source.start, to: source.end, text: escaped(text) })
    }
}

/// Reads the passages of some notes.
pub(super) fn readings<'a>(case: &Case<'a>, passages: &'a [Passage]) -> Vec<Reading<'a>> {
    let mut section = 0;
    let mut last: (usize, Vec<MessageId>) = (0, case.checked.about.to_vec());
    let mut found = Vec::new();
    for (at, passage) in passages.iter().enumerate() {
        if matches!(passage.shape, Shape::Heading(_)) {
            section += 1;
        }
        let mut about: Vec<MessageId> = Vec::new();
        for id in passage.links.iter().filter_map(|link| link.id.clone()) {
            if !about.contains(&id) {
                about.push(id);
            }
        }
        if !about.is_empty() {
            last = (section, about.clone());
        } else if last.0 == section {
            about.clone_from(&last.1);
        } else if matches!(passage.shape, Shape::Heading(_)) {
            about = below(&passages[at + 1..]);
        } else {
            about = case.checked.about.to_vec();
        }
        found.push(reading(case, passage, about, section));
    }
    found
}

/// What a heading is about: the mails of the passage right below it.
fn below(passages: &[Passage]) -> Vec<MessageId> {
    let next = passages.first().filter(|passage| passage.shape == Shape::Text);
    next.map_or_else(Vec::new, |p| p.links.iter().filter_map(|link| link.id.clone()).collect())
}

fn reading<'a>(
    case: &Case<'a>,
    passage: &'a Passage,
    about: Vec<MessageId>,
    section: usize,
) -> Reading<'a> {
    let quotes = quotes(passage);
    let masked = masked(passage, &quotes);
    let sentences = sentences(&masked, &passage.text);
    let acts = sentences.iter().flat_map(|sentence| acts(&masked, sentence)).take(MOST_ACTS);
    let acts = acts.collect();
    let mut talks: Vec<Arc<Conversation>> = Vec::new();
    for cited in about.iter().filter_map(|id| case.cited(id)) {
        let new = !talks.iter().any(|talk| Arc::ptr_eq(talk, &cited.talk));
        if new && talks.len() < MOST_TALKS {
            talks.push(cited.talk);
        }
    }
    let told = entries(case.episode());
    let entries = told.into_iter().filter(|e| about.iter().any(|id| e.is_about(id))).collect();
    Reading { passage, quotes, masked, sentences, acts, about, talks, entries, section }
}

/// Text as Markdown that shows it as it is.
pub(super) fn escaped(text: &str) -> String {
    let mut out = Vec::new();
    crate::escape::markdown(text, &mut out).expect("a vector takes whatever is written");
    String::from_utf8_lossy(&out).into_owned()
}
