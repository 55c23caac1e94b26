//! One story: what the templates tell, and the evidence for every word of it.

mod head;
mod matter;
mod outcome;
mod since;
mod teller;
mod voices;

use jiff::Timestamp;
use lorecast_model::{Covered, FollowUp, Message, Show, Story, Window};
use lorecast_people::Affiliations;
use serde::Serialize;

use crate::Pick;
use crate::detail::Detail;
use crate::evidence::Proved;
use crate::facts::{about, newest};
use crate::head::{Head, Verb};
use crate::kind::{Nature, nature};
use crate::mended::mended;
pub(crate) use crate::names::own_name;
use crate::quote::{ITEM, Quotation, Stance};
use crate::reply::replies;
use crate::topic::{heading, named};
use teller::Teller;

/// What a template sees as `story`. Everything in it is also in the story's evidence.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Telling {
    /// Who posted what.
    #[serde(flatten)]
    pub head: Head,
    /// When it was sent, UTC.
    #[serde(skip)]
    pub sent: Timestamp,
    /// Where the message can be read.
    pub url: String,
    /// What holds the author's words: `cover letter`, `patch`, `report` …
    pub medium: &'static str,
    /// It has a heading of its own.
    pub topic: bool,
    /// What it is called as a heading, and in the lead sentence.
    pub heading: String,
    pub named: String,
    /// How many topics come before it.
    pub turn: usize,
    /// The how-manieth story of the episode it is, from 0: sentences take turns by it.
    pub place: usize,
    /// Words of the author.
    pub quotations: Vec<Quotation>,
    /// How many of them, the first ones, are no entries of a list.
    pub said: usize,
    /// The patch that says them, when the cover letter says nothing: `first patch`, and its address.
    pub source: Option<Source>,
    /// Some of its patches, when nothing else tells what it does.
    pub parts: Vec<Source>,
    /// What a report counts: `12 errors, 3 warnings`.
    pub counts: Option<String>,
    /// The title of the commit that a bisection blames.
    pub blamed: Option<String>,
    /// What is new in this version, in the author's words.
    pub changes: Vec<String>,
    /// That an earlier episode told of it.
    pub covered: Option<Earlier>,
    /// What others said, in order of time.
    pub replies: Vec<Said>,
    /// Who applied it.
    pub applied: Option<String>,
    /// The maintainer's tree that holds it, when no mail says who applied it.
    pub applied_to: Option<String>,
    /// It was not all of it that was applied: `two of its three patches`, `parts of it`.
    pub part: Option<String>,
    /// The tree that it waits in for the next release.
    pub next: Option<String>,
    /// Where it landed: the first tag, such as `v6.4-rc1`, or the tree.
    pub landed: Option<String>,
    /// What the producer merged into it, told behind it.
    pub joined: Vec<Telling>,
    /// How many people wrote about it this week.
    pub people: u32,
    /// How many messages were written about it this week.
    pub messages: u32,
    /// A paragraph of the show's assistant, which is shown instead.
    #[serde(skip)]
    pub offered: Option<String>,
}

impl Telling {
    /// A story of which only the head is known.
    pub fn of(head: Head) -> Self {
        Self {
            heading: heading(&head.title),
            named: named(&head.title),
            head,
            sent: Timestamp::UNIX_EPOCH,
            url: String::new(),
            medium: "mail",
            topic: false,
            turn: 0,
            place: 0,
            quotations: Vec::new(),
            said: 0,
            source: None,
            parts: Vec::new(),
            counts: None,
            blamed: None,
            changes: Vec::new(),
            covered: None,
            replies: Vec::new(),
            applied: None,
            applied_to: None,
            part: None,
            next: None,
            landed: None,
            joined: Vec::new(),
            people: 0,
            messages: 0,
            offered: None,
        }
    }

    /// It answers something that is not held, and nobody's words can be quoted: there is nothing
    /// to tell.
    pub fn is_lame(&self) -> bool {
        self.head.reply && self.quotations.is_empty() && self.replies.is_empty()
    }
}

/// What an earlier episode told of a work.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Earlier {
    /// The day of that episode: `April 2`.
    pub day: String,
    /// It told of the same revision.
    pub same: bool,
    /// It told of a later revision.
    pub later: bool,
    /// The version that it told, when it was not the first.
    pub version: Option<String>,
    /// The title that it had then, when that was another.
    pub title: Option<String>,
    /// What was posted between: `version 4`, `versions 4 and 5`.
    pub between: Option<String>,
}

/// A patch of the story's series.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Source {
    /// Its title, or the how-manieth it is.
    pub name: String,
    /// Where it can be read.
    pub url: String,
}

/// A reply as the templates see it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Said {
    /// Who.
    pub name: String,
    /// Whom they work for, when that is told in this story.
    pub employer: Option<String>,
    /// Where it can be read.
    pub url: String,
    /// Whether this is the author of the work.
    pub author: bool,
    /// Where they stand: the verb of the sentence.
    pub stance: Stance,
    /// The how-manieth voice of the episode it is, from 0: verbs take turns by it.
    pub voice: usize,
    /// The how-manieth to speak, from 1, and whether nobody speaks after.
    pub turn: usize,
    pub last: bool,
    /// The words.
    pub quotation: Quotation,
}

/// So many mails of a thread tell how its words are spelt.
const MOST_READ: usize = 20;

/// What is known beside the thread itself.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub window: Window,
    pub show: &'a Show,
    /// Whom people worked for.
    pub employers: &'a Affiliations,
    /// What earlier episodes told.
    pub covered: &'a [Covered],
    /// What happened since.
    pub follow_ups: &'a [FollowUp],
}

/// Tells one pick. `topic` gives it a heading of its own. `None` when no message of it is held.
pub(crate) fn tell(
    pick: &Pick,
    known: Known<'_>,
    topic: bool,
    detail: Detail,
) -> Option<(Story, Telling)> {
    let (_, end) = known.window.bounds();
    let seen: Vec<&Message> = pick.messages.iter().filter(|m| m.header.date < end).collect();
    let revision = newest(&pick.revisions, known.window);
    let about = about(&seen, revision, known.window)?;
    let spoken = replies(&pick.messages, about, known.window, detail.heard(topic));
    let nature = Nature { kind: pick.ranked.facts.kind, ..nature(about, known.show.profile) };
    let mut teller = Teller { about, pick, known, nature, proved: Proved::default() };
    let head = teller.head();
    let covered = revision.and_then(|revision| teller.covered(revision));
    // What was told is not told again: the author's other words, what was new.
    let again = covered.as_ref().is_some_and(|covered| covered.same || covered.later);
    let quoted = if again { 1 } else { detail.quotations };
    let title = mended(&head.title, seen.iter().take(MOST_READ).map(|m| m.text.as_str()));
    let (quotations, source) = teller.quotations(revision, quoted);
    // What a patch said is old by then as well.
    let (quotations, source) = match source {
        Some(_) if again => (Vec::new(), None),
        source => (quotations, source),
    };
    let parts = match revision.filter(|_| quotations.is_empty() && !again) {
        Some(revision) => teller.parts(revision),
        None => Vec::new(),
    };
    let mut telling = Telling {
        sent: about.header.date,
        url: known.show.link(&about.header.id),
        medium: teller.medium(),
        topic,
        said: quotations.iter().filter(|words| words.lead != ITEM).count(),
        quotations,
        source,
        parts,
        counts: teller.counts(),
        blamed: teller.blamed(),
        covered,
        replies: teller.replies(&spoken),
        applied: revision.and_then(|revision| teller.applied(revision, &seen)),
        applied_to: revision.and_then(|revision| teller.applied_to(revision)),
        part: revision.and_then(|revision| teller.part(revision, &seen)),
        next: revision.and_then(|revision| teller.next(revision, &seen)),
        landed: revision.and_then(|revision| teller.landed(revision, &seen)),
        people: pick.ranked.facts.people,
        messages: pick.ranked.facts.messages,
        heading: heading(&title),
        named: named(&title),
        ..Telling::of(head)
    };
    let continued = telling.covered.is_some() && !again;
    telling.changes = teller.changes(revision, continued || detail.changes && !again);
    if continued && telling.head.patch && !telling.head.part {
        telling.head.verb = Verb::Continued;
    }
    teller.employers(&mut telling, &spoken);
    Some((teller.story(&pick.ranked, &telling), telling))
}
