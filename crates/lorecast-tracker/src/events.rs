//! What happened to a revision, as the mails tell it.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use lorecast_mail::prose::own_words;
use lorecast_mail::{is_robot, poster};
use lorecast_model::{Event, Message, MessageId, Proof, Revision, What};
use regex::Regex;

use crate::places::{Place, Places};
use crate::vouch::{Vouch, Vouched, agrees, by_date};
use statement::{Item, Statement, Target};

mod bots;
mod prose;
mod queues;
mod refusals;
mod requests;
mod statement;
mod summary;

pub use bots::is_commit_notice;
pub(crate) use bots::merged_pull;
pub use prose::says_taken;
pub(crate) use prose::taken;

/// What a mail must hold to say more than that somebody answered.
static TELLING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u:applied|queued|merged|committed|picked|pushed|dropped|backed out|reverted|resend|re-send|respin|re-spin|rebase|repost|re-post|rework|re-work|please|kindly|could you|would you|should|needs| v[0-9]|next |new version|changes requested|pw-bot|not going to|reject|turning down|won't|won’t|not taking|not applying|not merging|will not)|NACK|NAK",
    )
});

/// A pattern of ours. Boundaries and digits are those of ASCII: the engine is slow with others.
fn pattern(text: &str) -> Regex {
    let ascii = text.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]");
    Regex::new(&ascii).expect("the pattern is constant, and every test run compiles it")
}

/// How many notices of one mail are read; a summary names each patch of a long series.
const MOST: usize = 2000;

/// What happened to each revision, in their order: events by date, each with the mail that proves
/// it.
///
/// `messages` are a thread, and beside it mails from elsewhere that name what was posted in it
/// ([`named`] tells them): the bots of -mm, of the stable trees and of tip often answer nothing.
///
/// `vouched` is what [`vouched`](crate::vouched()) found in the same messages and revisions.
pub fn events(
    messages: &[Message],
    revisions: &[Revision],
    vouched: &[Vouched],
) -> Vec<Vec<Event>> {
    let places = Places::new(messages, revisions);
    let mut told = Told {
        revisions,
        places: &places,
        titles: titles(revisions),
        found: vec![BTreeSet::new(); revisions.len()],
    };
    for message in by_date(messages) {
        told.read(message);
    }
    let dated: HashMap<&MessageId, &Message> = messages.iter().map(|m| (&m.header.id, m)).collect();
    for (number, vouched) in vouched.iter().enumerate().take(revisions.len()) {
        for vouch in &vouched.vouches {
            if vouch.trailer.key.ends_with("-by")
                && let Some(message) = dated.get(&vouch.message)
            {
                told.vouched(number, vouch, message);
            }
        }
    }
    told.found.into_iter().map(|events| events.into_iter().collect()).collect()
}

/// What a notice names: by this the mails are found that it is about, wherever they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The titles of patches, without tags.
    pub titles: Vec<String>,
    /// Postings that it links to or answers.
    pub messages: Vec<MessageId>,
}

/// What the notice of a bot or of a stable tree names; `None` for any other mail. Such a mail says
/// something about threads that it does not stand in. Where a title was posted in several threads,
/// the notice is about the newest posting before it: show it to that thread alone.
pub fn named(message: &Message) -> Option<Named> {
    let mut named = Named { titles: vec![], messages: vec![] };
    for notice in queues::notices(message).into_iter().chain(bots::notices(message)) {
        if let Target::Item(item) = notice.to {
            named.titles.extend((!item.title.is_empty()).then_some(item.title));
            named.messages.extend(item.ids);
        }
    }
    (!named.titles.is_empty() || !named.messages.is_empty()).then_some(named)
}

/// That something was taken. What b4 calls a subset and does not list may be any of the series.
fn named_claim(message: &Message, place: Place, own: &str) -> Option<Statement> {
    let claim = taken(own)?;
    let some = message.header.subject.contains("(subset)");
    if some && claim.patches.is_empty() && place.patch.is_none() {
        return None;
    }
    Some(Statement::from(prose::Claim { whole: claim.whole && !some, ..claim }))
}

/// A title as it is compared.
fn plain(title: &str) -> String {
    let words: Vec<String> = title.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_end_matches('.').to_owned()
}

/// Where each title stands, oldest revision first.
fn titles(revisions: &[Revision]) -> HashMap<String, Vec<Place>> {
    let mut order: Vec<usize> = (0..revisions.len()).collect();
    order.sort_by_key(|&at| (revisions[at].date, &revisions[at].root));
    let mut titles: HashMap<String, Vec<Place>> = HashMap::new();
    for number in order {
        let revision = &revisions[number];
        for patch in &revision.patches {
            let place = Place { revision: number, patch: Some(patch.number) };
            titles.entry(plain(&patch.title)).or_default().push(place);
        }
        if revision.cover.is_some() {
            let place = Place { revision: number, patch: None };
            titles.entry(plain(&revision.title)).or_default().push(place);
        }
    }
    titles
}

/// What was told so far.
struct Told<'m> {
    revisions: &'m [Revision],
    places: &'m Places<'m>,
    titles: HashMap<String, Vec<Place>>,
    found: Vec<BTreeSet<Event>>,
}

impl<'m> Told<'m> {
    fn read(&mut self, message: &'m Message) {
        let header = &message.header;
        let queued = queues::notices(message);
        let posted = self.places.posting(&header.id);
        if posted.is_some() || !queued.is_empty() {
            return self.note(message, None, queued);
        }
        let answered = self.places.answered(message);
        let notices = bots::notices(message);
        let by_bot = !notices.is_empty();
        if by_bot {
            self.note(message, answered, notices);
        }
        let Some(place) = answered else { return };
        let by_author = agrees(&poster(message), &self.revisions[place.revision].author);
        if by_bot || is_robot(&header.from) {
            return;
        }
        if !by_author {
            self.add(message, place.revision, What::Answered, None, &[place.patch]);
        }
        if !TELLING.is_match(&message.text) {
            return;
        }
        let own = own_words(&message.text);
        let mut notices = summary::notices(&own);
        if notices.is_empty() && !by_author {
            notices.extend(named_claim(message, place, &own));
            notices.extend(self.dropped(message, place, &own));
        }
        let command = refusals::command(&message.text);
        if let Some(what) = command.as_ref().filter(|_| !by_author) {
            // Patchwork's bots set the whole series to it, whichever mail is answered.
            notices.push(Statement::new(what.clone(), Target::Whole));
        }
        if notices.is_empty() && !by_author && refusals::says_rejected(&own) {
            notices.push(Statement::new(What::Rejected, Target::Answered));
        }
        if notices.is_empty() && by_author && command == Some(What::ChangesRequested) {
            notices.push(Statement::new(What::Promised, Target::Whole));
        }
        if notices.is_empty() && requests::asks_for_changes(message, &own, by_author) {
            let what = if by_author { What::Promised } else { What::ChangesRequested };
            notices.push(Statement::new(what, Target::Answered));
        }
        self.note(message, answered, notices);
    }

    /// "I've dropped this series" counts only from somebody who had taken it.
    fn dropped(&self, message: &Message, place: Place, own: &str) -> Option<Statement> {
        // Few mails say so; a revision may have thousands of events.
        if !prose::says_dropped(own) {
            return None;
        }
        let poster = poster(message);
        let who = poster.called();
        let tree = self.found[place.revision].iter().find_map(|event| match &event.what {
            What::Applied { tree, .. } if event.who == who && event.date <= message.header.date => {
                Some(tree)
            }
            _ => None,
        })?;
        Some(Statement::new(What::Dropped { tree: tree.clone() }, Target::Answered))
    }

    fn note(&mut self, message: &'m Message, answered: Option<Place>, notices: Vec<Statement>) {
        let notices: Vec<Statement> = notices.into_iter().take(MOST).collect();
        let mut places: Vec<Vec<Place>> =
            notices.iter().map(|notice| self.resolve(message, answered, &notice.to)).collect();
        // The revision that the others of a list are about has the ones, too, that changed their titles.
        let about = places.iter().flatten().next().map(|place| Place { patch: None, ..*place });
        for (notice, places) in notices.iter().zip(&mut places) {
            if places.is_empty() && matches!(&notice.to, Target::Item(item) if !item.elsewhere) {
                *places = self.resolve(message, about, &notice.to);
            }
        }
        for (notice, places) in notices.into_iter().zip(places) {
            let who = notice.who.as_deref();
            let Some(first) = places.first() else { continue };
            let patches: Vec<Option<u32>> = places.iter().map(|place| place.patch).collect();
            self.add(message, first.revision, notice.what, who, &patches);
        }
    }

    fn add(
        &mut self,
        message: &Message,
        at: usize,
        what: What,
        who: Option<&str>,
        patches: &[Option<u32>],
    ) {
        let revision = &self.revisions[at];
        let whole =
            patches.contains(&None) || revision.patches.len() <= 1 && revision.announced <= 1;
        let mut numbers: Vec<u32> =
            if whole { vec![] } else { patches.iter().copied().flatten().collect() };
        numbers.sort_unstable();
        numbers.dedup();
        let header = &message.header;
        self.found[at].insert(Event {
            date: header.date,
            what,
            who: who.map_or_else(|| poster(message).called().to_owned(), str::to_owned),
            proof: Proof::Message(header.id.clone()),
            patches: numbers,
        });
    }

    fn vouched(&mut self, at: usize, vouch: &Vouch, message: &Message) {
        let key = vouch.trailer.key.clone();
        if key.starts_with("nack") || key.starts_with("nak") {
            self.add(message, at, What::ChangesRequested, None, &[vouch.patch]);
        } else {
            self.add(message, at, What::Vouched { key }, None, &[vouch.patch]);
        }
    }

    /// The places that a notice is about, all in one revision.
    fn resolve(&self, message: &Message, answered: Option<Place>, to: &Target) -> Vec<Place> {
        match to {
            Target::Answered => answered.into_iter().collect(),
            Target::Whole => {
                answered.map(|place| Place { patch: None, ..place }).into_iter().collect()
            }
            Target::Numbers(numbers) => {
                let Some(place) = answered else { return Vec::new() };
                let patches = &self.revisions[place.revision].patches;
                let there =
                    numbers.iter().filter(|n| patches.iter().any(|patch| patch.number == **n));
                let found: Vec<Place> = there.map(|n| Place { patch: Some(*n), ..place }).collect();
                if found.is_empty() { vec![place] } else { found }
            }
            Target::Item(item) => self.find(message, answered, item).into_iter().collect(),
        }
    }

    fn find(&self, message: &Message, answered: Option<Place>, item: &Item) -> Option<Place> {
        let title = plain(&item.title);
        let alike = self.titles.get(&title).map(Vec::as_slice).unwrap_or_default();
        let linked: Vec<Place> = item.ids.iter().filter_map(|id| self.places.posting(id)).collect();
        // The posting that is linked to, the revision that is answered, the newest that was there.
        if let Some(place) = linked.iter().find(|place| alike.contains(place)) {
            return Some(*place);
        }
        if let Some(answered) = answered {
            let mut here = alike.iter().filter(|place| place.revision == answered.revision);
            if let Some(place) = here
                .clone()
                .find(|place| item.number.is_none() || place.patch == item.number)
                .or(here.next())
            {
                return Some(*place);
            }
        }
        let from = poster(message).email;
        let before = |place: &&Place| {
            let revision = &self.revisions[place.revision];
            let other = !revision.author.email.eq_ignore_ascii_case(&from);
            // A backport has the title of what it carries over.
            revision.date <= message.header.date && (other || !item.elsewhere)
        };
        let newest = || alike.iter().rev().find(before).copied();
        // Of the right number, under a title that was changed on the way.
        let numbered = || {
            let place = answered.filter(|_| !item.elsewhere)?;
            let patches = &self.revisions[place.revision].patches;
            let there = item.number.is_none_or(|n| patches.iter().any(|patch| patch.number == n));
            there.then_some(Place { patch: item.number.or(place.patch), ..place })
        };
        let only = || linked.first().copied();
        match item.elsewhere {
            true => only().or_else(newest),
            false => newest().or_else(numbered).or_else(only),
        }
    }
}
