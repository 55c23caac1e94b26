//! One story: what the templates tell, and the evidence for every word of it.

use lorecast_mail::is_robot;
use lorecast_model::{
    Fact, Kind, Mailbox, Message, MessageId, Profile, Proof, Revision, State, Story, StoryState,
    Window,
};
use serde::Serialize;

use crate::evidence::Proved;
use crate::facts::{about, newest};
use crate::kind::{Nature, nature, spoken_title};
use crate::quote::{Quotation, announced, answer, pulled, purpose, symptom};
use crate::reply::{Reply, Voices, replies};
use crate::{Pick, Ranked};

/// What a template sees as `story`. Everything in it is also in the story's evidence.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Telling {
    /// Where the message can be read.
    pub url: String,
    /// The stable name of the kind.
    pub kind: Kind,
    /// Who wrote it.
    pub author: String,
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
    /// It has a heading of its own.
    pub topic: bool,
    /// It is marked RFC.
    pub rfc: bool,
    /// It is a series of patches.
    pub series: bool,
    /// It posts one or more patches.
    pub patch: bool,
    /// The first RFC of the episode: the place to say what that means.
    pub explain_rfc: bool,
    /// It answers a message that is not held: nobody can say who posted that.
    pub reply: bool,
    /// It is one patch of a series, and not the first.
    pub part: bool,
    /// Words of the author.
    pub quotations: Vec<Quotation>,
    /// What others said, in order of time; at most one of them unless it is a topic.
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
}

/// A reply as the templates see it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Said {
    /// Who.
    pub name: String,
    /// Where it can be read.
    pub url: String,
    /// Whether this is the author of the work.
    pub author: bool,
    /// Whether it ends with a question mark.
    pub asks: bool,
    /// The words.
    pub quotation: Quotation,
}

/// From how many patches on their number is news.
const MANY_PATCHES: u32 = 10;

/// Tells one pick. `topic` adds the replies. `None` when no message of it is held.
pub(crate) fn tell(
    pick: &Pick,
    window: Window,
    profile: Profile,
    topic: bool,
) -> Option<(Story, Telling)> {
    let (_, end) = window.bounds();
    let seen: Vec<&Message> = pick.messages.iter().filter(|m| m.header.date < end).collect();
    let revision = newest(&pick.revisions, window);
    let about = about(&seen, revision)?;
    let voices = if topic { Voices::TOPIC } else { Voices::ASIDE };
    let spoken = replies(&pick.messages, about, window, voices);
    let nature = Nature { kind: pick.ranked.facts.kind, ..nature(about, profile) };
    let mut teller = Teller { about, nature, proved: Proved::default() };
    let telling = Telling {
        url: about.header.id.lore_url(),
        kind: teller.nature.kind,
        author: teller.author(),
        title: teller.title(),
        release: teller.release(),
        version: teller.version(),
        patches: teller.patches(),
        article: article(teller.nature.tags.total),
        topic,
        rfc: teller.nature.tags.rfc,
        series: teller.nature.tags.total.is_some_and(|total| total > 1),
        patch: teller.nature.tags.patch,
        explain_rfc: false,
        reply: teller.nature.tags.reply,
        part: teller.nature.tags.number.is_some_and(|number| number > 1),
        quotations: teller.quotations(revision, &pick.messages),
        replies: teller.replies(&spoken),
        applied: revision.and_then(|revision| teller.applied(revision, &seen)),
        applied_to: revision.and_then(|revision| teller.applied_to(revision)),
        next: revision.is_some_and(|revision| teller.next(revision, &seen)),
        landed: revision.and_then(|revision| teller.landed(revision, &seen)),
        joined: Vec::new(),
        people: pick.ranked.facts.people,
        messages: pick.ranked.facts.messages,
    };
    Some((teller.story(&pick.ranked, &telling), telling))
}

/// Collects the evidence while a story is told.
struct Teller<'a> {
    about: &'a Message,
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

    fn author(&mut self) -> String {
        let name = name(&self.about.header.from);
        self.proves(Fact::Author, &name, &self.about.header.id);
        if name.is_empty() { "An unnamed sender".to_owned() } else { name }
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

    /// Words of the message itself, or of the first patch when its cover letter says nothing.
    fn quotations(&mut self, revision: Option<&Revision>, messages: &[Message]) -> Vec<Quotation> {
        let title = self.nature.tags.title.clone();
        let found = match self.nature.kind {
            Kind::Mainline => announced(&self.about.text, 2),
            Kind::Stable => Vec::new(),
            Kind::Release => announced(&self.about.text, 1),
            _ if self.nature.tags.reply => {
                answer(&self.about.text, &title).map(|(_, words)| words).into_iter().collect()
            }
            Kind::Regression | Kind::Bug | Kind::Security | Kind::Build => {
                symptom(&self.about.text, &title).into_iter().collect()
            }
            Kind::Pull => pulled(&self.about.text, &title).into_iter().collect(),
            _ => purpose(&self.about.text, &title).into_iter().collect(),
        };
        let id = self.about.header.id.clone();
        if !found.is_empty() {
            found.iter().for_each(|words| self.proves(Fact::Quotation, &words.text, &id));
            return found;
        }
        self.of_first_patch(revision, messages, &title).into_iter().collect()
    }

    fn of_first_patch(
        &mut self,
        revision: Option<&Revision>,
        messages: &[Message],
        title: &str,
    ) -> Option<Quotation> {
        let revision = revision.filter(|revision| revision.patches.len() == 1)?;
        let id = &revision.patches.first()?.id;
        let patch = messages.iter().find(|m| m.header.id == *id)?;
        let words = purpose(&patch.text, title)?;
        self.proves(Fact::Quotation, &words.text, id);
        Some(words)
    }

    fn replies(&mut self, replies: &[Reply<'_>]) -> Vec<Said> {
        let mut told = Vec::new();
        for reply in replies {
            let header = &reply.message.header;
            let name = name(&header.from);
            if name.is_empty() {
                continue;
            }
            self.proves(Fact::Reply, &name, &header.id);
            self.proves(Fact::Quotation, &reply.quotation.text, &header.id);
            let asks = reply.quotation.text.ends_with('?');
            told.push(Said {
                name,
                url: header.id.lore_url(),
                author: reply.author,
                asks,
                quotation: reply.quotation.clone(),
            });
        }
        told
    }

    fn applied(&mut self, revision: &Revision, seen: &[&Message]) -> Option<String> {
        let State::Applied { by: Proof::Message(by) } = &revision.state else { return None };
        let message = seen.iter().find(|m| m.header.id == *by)?;
        let name = Some(name(&message.header.from)).filter(|name| !name.is_empty())?;
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
            kind: telling.kind,
            title: telling.title.clone(),
            score: ranked.score,
            reasons: ranked.reasons.clone(),
            evidence: self.proved.all(),
        }
    }
}

/// 8, 11, 18 and 80 to 89 begin with a vowel when spoken.
fn article(patches: Option<u32>) -> &'static str {
    let spoken_with_vowel = |n: u32| matches!(n, 8 | 11 | 18 | 80..=89 | 800..=899);
    if patches.is_some_and(spoken_with_vowel) { "an" } else { "a" }
}

/// Whether a commit proves it, or a mail that was sent before the window ended.
fn is_known(proof: &Proof, seen: &[&Message]) -> bool {
    match proof {
        Proof::Message(id) => seen.iter().any(|message| message.header.id == *id),
        Proof::Commit { .. } => true,
    }
}

/// A person's name as the mail spells it, without the `via …` that lists and relays add.
pub(crate) fn name(from: &Mailbox) -> String {
    own_name(from.called())
}

/// The same of what somebody is called.
pub(crate) fn own_name(called: &str) -> String {
    let called = called.trim();
    let own = called.split(" via ").next().unwrap_or(called);
    own.split_whitespace().collect::<Vec<_>>().join(" ")
}
