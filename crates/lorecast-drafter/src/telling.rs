//! One story: what the templates tell, and the evidence for every word of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lorecast_mail::{is_robot, prose};
use lorecast_model::{
    Covered, Fact, FollowUp, Kind, Message, MessageId, Proof, Revision, SeriesId, Show, State,
    Story, StoryState, Window,
};
use lorecast_people::Affiliations;
use serde::Serialize;

use crate::changes::changes_since;
use crate::counts::counts;
use crate::detail::Detail;
use crate::employers;
use crate::evidence::Proved;
use crate::facts::{about, newest};
use crate::head::{Head, Verb, article};
use crate::kind::{Nature, nature, spoken_title};
pub(crate) use crate::names::own_name;
use crate::names::{sender, sender_among};
use crate::quotable::of_first_patch;
use crate::quote::{Quotation, Stance, blamed, said};
use crate::reply::{Reply, replies};
use crate::spoken;
use crate::{Pick, Ranked};

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
    /// How many topics come before it.
    pub turn: usize,
    /// Words of the author.
    pub quotations: Vec<Quotation>,
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
    /// It is in linux-next.
    pub next: bool,
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
            head,
            sent: Timestamp::UNIX_EPOCH,
            url: String::new(),
            medium: "mail",
            topic: false,
            turn: 0,
            quotations: Vec::new(),
            counts: None,
            blamed: None,
            changes: Vec::new(),
            covered: None,
            replies: Vec::new(),
            applied: None,
            applied_to: None,
            next: false,
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
    /// The version that it told, when it was not the first.
    pub version: Option<String>,
    /// What was posted between: `version 4`, `versions 4 and 5`.
    pub between: Option<String>,
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
    /// The how-manieth to speak, from 1, and whether nobody speaks after.
    pub turn: usize,
    pub last: bool,
    /// The words.
    pub quotation: Quotation,
}

/// From how many patches on their number is news.
const MANY_PATCHES: u32 = 10;

/// From so many answers on two people have a back and forth.
const BACK_AND_FORTH: u32 = 5;

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
    let again = covered.as_ref().is_some_and(|covered| covered.same);
    let quoted = if again { 1 } else { detail.quotations };
    let mut telling = Telling {
        sent: about.header.date,
        url: known.show.link(&about.header.id),
        medium: teller.medium(),
        topic,
        quotations: teller.quotations(revision, quoted),
        counts: teller.counts(),
        blamed: teller.blamed(),
        covered,
        replies: teller.replies(&spoken),
        applied: revision.and_then(|revision| teller.applied(revision, &seen)),
        applied_to: revision.and_then(|revision| teller.applied_to(revision)),
        next: revision.is_some_and(|revision| teller.next(revision, &seen)),
        landed: revision.and_then(|revision| teller.landed(revision, &seen)),
        people: pick.ranked.facts.people,
        messages: pick.ranked.facts.messages,
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

/// Collects the evidence while a story is told.
struct Teller<'a> {
    about: &'a Message,
    pick: &'a Pick,
    known: Known<'a>,
    nature: Nature,
    proved: Proved,
}

impl Teller<'_> {
    fn proves(&mut self, fact: Fact, value: &str, message: &MessageId) {
        self.proved.message(fact, value, message);
    }

    /// What a commit proves of the story's message, or a mail.
    fn proved_by(&mut self, fact: Fact, value: &str, proof: &Proof) {
        self.proved.by(fact, value, proof, &self.about.header.id);
    }

    fn head(&mut self) -> Head {
        let tags = &self.nature.tags;
        let (kind, total, number) = (self.nature.kind, tags.total, tags.number);
        let (rfc, reply, patch) = (tags.rfc, tags.reply, tags.patch);
        Head {
            kind,
            verb: Verb::Posted,
            author: self.author(),
            other: self.other(),
            employer: None,
            title: self.title(),
            release: self.release(),
            version: self.version(),
            patches: self.patches(),
            article: article(total),
            rfc,
            series: total.is_some_and(|total| total > 1),
            patch,
            explain_rfc: false,
            reply,
            part: number.is_some_and(|number| number > 0) && total.is_some_and(|total| total > 1),
            posted: self.posted(),
        }
    }

    fn author(&mut self) -> String {
        let (name, by) = sender_among(self.about, &self.pick.messages);
        self.proves(Fact::Author, &name, &by);
        if name.is_empty() { "An unnamed sender".to_owned() } else { name }
    }

    /// The second person of a conversation that only two had.
    fn other(&mut self) -> Option<String> {
        let facts = &self.pick.ranked.facts;
        let two = facts.people == 2 && facts.replies >= BACK_AND_FORTH;
        if self.nature.kind != Kind::Discussion || self.nature.tags.reply || !two {
            return None;
        }
        let from = |message: &Message| message.header.from.email.to_ascii_lowercase();
        let (own, window) = (from(self.about), self.known.window);
        let others = self.pick.messages.iter().filter(|m| window.contains(m.header.date));
        let mut others = others.filter(|m| !is_robot(&m.header.from) && from(m) != own);
        let other = others.next()?;
        let (name, id) = (sender(other), other.header.id.clone());
        self.proves(Fact::Reply, &name, &id);
        Some(name).filter(|name| !name.is_empty())
    }

    fn title(&mut self) -> String {
        let title = spoken_title(&self.nature.tags).to_owned();
        self.proves(Fact::Title, &title, &self.about.header.id);
        if title.is_empty() { "(no title)".to_owned() } else { title }
    }

    fn release(&mut self) -> Option<String> {
        let release = self.nature.release.clone()?;
        self.proves(Fact::Release, &release, &self.about.header.id);
        Some(release)
    }

    fn version(&mut self) -> Option<String> {
        let version = self.nature.tags.version;
        let told = self.nature.tags.patch && (version.major > 1 || version.minor > 0);
        let version = Some(version.to_string()).filter(|_| told)?;
        self.proves(Fact::Version, &version, &self.about.header.id);
        Some(version)
    }

    fn patches(&mut self) -> Option<u32> {
        let tags = &self.nature.tags;
        let patches = tags.total.filter(|total| tags.patch && *total >= MANY_PATCHES)?;
        self.proves(Fact::Patches, &patches.to_string(), &self.about.header.id);
        Some(patches)
    }

    /// The day of the posting, when this week only went on talking about it.
    fn posted(&mut self) -> Option<String> {
        let date = self.about.header.date;
        let day = TimeZone::UTC.to_datetime(date).date();
        if date >= self.known.window.bounds().0 {
            return None;
        }
        self.proves(Fact::Posted, &day.to_string(), &self.about.header.id);
        Some(spoken::day(day, self.known.window.to))
    }

    /// Words of the message itself, or of the first patch when its cover letter says nothing.
    fn quotations(&mut self, revision: Option<&Revision>, most: usize) -> Vec<Quotation> {
        let title = self.nature.tags.title.clone();
        let (kind, reply) = (self.nature.kind, self.nature.tags.reply);
        let found = said(&self.about.text, &title, kind, reply, most);
        let id = self.about.header.id.clone();
        if !found.is_empty() {
            found.iter().for_each(|words| self.proves(Fact::Quotation, &words.text, &id));
            return found;
        }
        let patch = revision.and_then(|r| of_first_patch(r, &self.pick.messages, &title));
        let Some((patch, words)) = patch else { return Vec::new() };
        self.proves(Fact::Quotation, &words.text, &patch.header.id);
        vec![words]
    }

    fn medium(&self) -> &'static str {
        let tags = &self.nature.tags;
        match self.nature.kind {
            Kind::Mainline | Kind::Stable | Kind::Release => "announcement",
            Kind::Pull => "request",
            Kind::Regression | Kind::Build | Kind::Bug if !tags.patch => "report",
            _ if tags.reply || !tags.patch => "mail",
            _ if tags.number == Some(0) => "cover letter",
            _ => "patch",
        }
    }

    fn counts(&mut self) -> Option<String> {
        if self.nature.kind != Kind::Build {
            return None;
        }
        let own = prose::own_words(&self.about.text);
        let found = counts(&self.about.header.subject, &own);
        let id = self.about.header.id.clone();
        found.iter().for_each(|count| self.proves(Fact::Count, &count.verbatim, &id));
        let said: Vec<String> = found.into_iter().map(|count| count.said).collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    fn blamed(&mut self) -> Option<String> {
        let title = blamed(&self.about.text).filter(|_| !self.nature.tags.patch)?;
        self.proves(Fact::Quotation, &title, &self.about.header.id.clone());
        Some(title)
    }

    /// That an earlier episode told of this work, and what was posted between.
    fn covered(&mut self, revision: &Revision) -> Option<Earlier> {
        let told = self.known.covered.iter().find(|told| told.series == revision.series)?.clone();
        self.proves(Fact::Covered, &told.episode.to_string(), &told.told);
        let first = told.version.major <= 1 && told.version.minor == 0;
        let same = told.told == revision.root;
        let version = (!first && !same).then(|| told.version.to_string());
        if let Some(version) = &version {
            self.proves(Fact::Version, version, &told.told);
        }
        let news = self.known.follow_ups.iter().find(|news| news.series == revision.series);
        let later = news.map_or(&[][..], |news| &news.later);
        let mut between = Vec::new();
        for one in later.iter().filter(|l| l.version > told.version && l.version < revision.version)
        {
            self.proves(Fact::Later, &one.version.to_string(), &one.root);
            between.push(one.version.to_string());
        }
        between.dedup();
        let between = match between.len() {
            0 => None,
            1 => Some(format!("version {}", between[0])),
            _ => Some(format!("versions {}", spoken::list(&between))),
        };
        let day = spoken::day(told.episode.0, self.known.window.to);
        Some(Earlier { day, same, version, between })
    }

    /// What the author says is new: since the version that was told last, else in this one.
    fn changes(&mut self, revision: Option<&Revision>, wanted: bool) -> Vec<String> {
        let tags = &self.nature.tags;
        if !wanted || !tags.patch || tags.reply || tags.version.major < 2 {
            return Vec::new();
        }
        let told =
            |series: &SeriesId| self.known.covered.iter().find(|told| told.series == *series);
        let since = revision.and_then(|revision| told(&revision.series)).map(|told| told.version);
        // Who remembers the work wants to hear more of what is new than who does not.
        let most = if since.is_some() { 2 } else { 1 };
        let words = changes_since(&self.about.text, tags.version, since, most);
        let id = self.about.header.id.clone();
        words.iter().for_each(|words| self.proves(Fact::Quotation, words, &id));
        words
    }

    fn replies(&mut self, replies: &[Reply<'_>]) -> Vec<Said> {
        let mut told = Vec::new();
        for reply in replies {
            let header = &reply.message.header;
            let name = sender(reply.message);
            if name.is_empty() {
                continue;
            }
            self.proves(Fact::Reply, &name, &header.id);
            self.proves(Fact::Quotation, &reply.quotation.text, &header.id);
            told.push(Said {
                name,
                employer: None,
                url: self.known.show.link(&header.id),
                author: reply.author,
                stance: Stance::of(&reply.quotation.text),
                turn: told.len() + 1,
                last: false,
                quotation: reply.quotation.clone(),
            });
        }
        if let Some(last) = told.last_mut() {
            last.last = true;
        }
        told
    }

    /// Within a story the employers of all who are named are told, or nobody's: to name some would
    /// be unfair to the others.
    fn employers(&mut self, telling: &mut Telling, spoken: &[Reply<'_>]) {
        // The author first, then who answered.
        let mut named = vec![(String::new(), self.about)];
        for said in telling.replies.iter().filter(|said| !said.author) {
            let link =
                |reply: &&Reply<'_>| self.known.show.link(&reply.message.header.id) == said.url;
            let Some(reply) = spoken.iter().find(link) else { return };
            named.push((said.url.clone(), reply.message));
        }
        let taker = telling.applied.as_ref().filter(|taker| **taker != telling.head.author);
        if taker.is_some_and(|taker| telling.replies.iter().all(|said| said.name != *taker)) {
            return;
        }
        // Programs work for nobody.
        named.retain(|(_, message)| !message.writer.robot);
        let messages = named.iter().map(|(_, message)| *message);
        let Some(told) = employers::of(messages, self.known) else { return };
        for ((url, _), (employer, proof)) in named.iter().zip(told) {
            self.proves(Fact::Employer, &employer, &proof);
            match telling.replies.iter_mut().find(|said| said.url == *url) {
                Some(said) => said.employer = Some(employer),
                None => telling.head.employer = Some(employer),
            }
        }
    }

    fn applied(&mut self, revision: &Revision, seen: &[&Message]) -> Option<String> {
        let State::Applied { by: Proof::Message(by) } = &revision.state else { return None };
        let message = seen.iter().find(|m| m.header.id == *by)?;
        let name = Some(sender(message)).filter(|name| !name.is_empty())?;
        self.proves(Fact::Applied, &name, by);
        // A robot tells of it; who did it, its mail may not say.
        let robot = is_robot(&message.header.from);
        Some(if robot { self.author() } else { name })
    }

    fn applied_to(&mut self, revision: &Revision) -> Option<String> {
        let State::Applied { by: by @ Proof::Commit { tree, .. } } = &revision.state else {
            return None;
        };
        self.proved_by(Fact::Applied, tree, by);
        Some(tree.clone())
    }

    fn next(&mut self, revision: &Revision, seen: &[&Message]) -> bool {
        let State::Next { by } = &revision.state else { return false };
        let known = is_known(by, seen);
        if known {
            self.proved_by(Fact::Next, "linux-next", by);
        }
        known
    }

    fn landed(&mut self, revision: &Revision, seen: &[&Message]) -> Option<String> {
        let State::Landed { by, tag, .. } = &revision.state else { return None };
        let tree = match by {
            Proof::Commit { tree, .. } => tree.as_str(),
            Proof::Message(_) => "mainline",
        };
        let place = tag.as_deref().unwrap_or(tree);
        if !is_known(by, seen) {
            return None;
        }
        self.proved_by(Fact::Landed, place, by);
        Some(place.to_owned())
    }

    fn story(self, ranked: &Ranked, telling: &Telling) -> Story {
        Story {
            id: self.about.header.id.clone(),
            state: StoryState::Proposed,
            with: Vec::new(),
            assisted: false,
            section: String::new(),
            kind: telling.head.kind,
            title: telling.head.title.clone(),
            score: ranked.score,
            reasons: ranked.reasons.clone(),
            evidence: self.proved.all(),
        }
    }
}

/// Whether a commit proves it, or a mail that was sent before the window ended.
fn is_known(proof: &Proof, seen: &[&Message]) -> bool {
    match proof {
        Proof::Message(id) => seen.iter().any(|message| message.header.id == *id),
        Proof::Commit { .. } => true,
    }
}
