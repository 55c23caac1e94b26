//! What follows from all that was done.

mod accounts;
mod annotations;
mod fillers;
mod following;
mod leaving;
mod links;
mod moderation;
mod people;
mod proposals;
mod stories;
mod tally;
mod ways_in;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use lorecast_model::MessageId;

use crate::{AccountId, By, Deed, Digest, Entry, EntryId, Identity, Seal};

pub use accounts::{Account, Token};
pub use annotations::Annotation;
pub use fillers::{Filler, FillerState};
pub use following::{Begun, Following};
pub(crate) use links::Link;
pub use links::Over;
pub use moderation::{LogLine, Place, Remark, Report};
pub use people::{Description, DescriptionState, Proof};
pub use proposals::{Comment, Proposal, ProposalState};
pub use stories::{Claim, StoryTalk, Suggestion};
pub(crate) use tally::{Counted, Tally};
pub use ways_in::{Passkey, Session, Tie, Way};

/// What follows from the entries of a journal, in memory. Equal entries make equal commons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commons {
    last: EntryId,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) by_email: HashMap<String, AccountId>,
    pub(crate) by_looks: HashMap<String, AccountId>,
    pub(crate) links: HashMap<Digest, Link>,
    pub(crate) sessions: HashMap<Digest, Session>,
    /// Entries that noted that a session is in use.
    stays: BTreeSet<EntryId>,
    pub(crate) tokens: BTreeMap<EntryId, Token>,
    pub(crate) token_keys: HashMap<Digest, EntryId>,
    pub(crate) passkeys: BTreeMap<EntryId, Passkey>,
    pub(crate) passkey_ids: HashMap<String, EntryId>,
    pub(crate) ties: BTreeMap<EntryId, Tie>,
    pub(crate) by_identity: HashMap<Identity, EntryId>,
    /// What was proven already, and when.
    pub(crate) proven: HashMap<Digest, Timestamp>,
    seal: Option<Seal>,
    pub(crate) stories: HashMap<MessageId, StoryTalk>,
    pub(crate) proposals: BTreeMap<EntryId, Proposal>,
    /// Comments, and to which proposal each belongs.
    pub(crate) comments: HashMap<EntryId, EntryId>,
    pub(crate) annotations: BTreeMap<EntryId, Annotation>,
    /// The annotations of each mail.
    pub(crate) annotated: HashMap<MessageId, Vec<EntryId>>,
    pub(crate) suggestions: HashMap<EntryId, MessageId>,
    pub(crate) fillers: BTreeMap<EntryId, Filler>,
    pub(crate) reports: BTreeMap<EntryId, Report>,
    pub(crate) hidden: HashSet<EntryId>,
    /// Addresses of the archives, and whose they were proved to be.
    proofs: BTreeMap<String, Proof>,
    descriptions: BTreeMap<EntryId, Description>,
    following: BTreeMap<AccountId, Following>,
    tallies: HashMap<AccountId, Tally>,
    /// Accounts that were closed and whose words may still stand in the journal.
    leaving: BTreeSet<AccountId>,
    log: Vec<LogLine>,
}

impl Default for EntryId {
    /// Before the first entry.
    fn default() -> Self {
        Self(0)
    }
}

impl Commons {
    /// The last entry that this follows from; 0 before the first one.
    pub fn last(&self) -> EntryId {
        self.last
    }

    /// Draws the consequences of the next entry. It was judged when it was done: what does not fit any more, because
    /// something that it speaks of was taken out meanwhile, has none.
    pub fn apply(&mut self, entry: &Entry) {
        self.last = entry.id;
        self.log.extend(LogLine::of(entry));
        match entry.by {
            By::Account(id) => self.done_by(id, entry),
            By::Visitor | By::Show => self.done_by_nobody(entry),
        }
    }

    fn done_by_nobody(&mut self, entry: &Entry) {
        match &entry.deed {
            Deed::Link { key, door, until, then } => {
                self.link(entry, key, door, *until, then.as_deref())
            }
            Deed::Enter { link, session, until, name, .. } => {
                self.enter(entry, link, session, *until, name.as_ref());
            }
            Deed::GiveNumber { link, number, browser } => self.give_number(link, *number, browser),
            Deed::SignOut { session } => self.end_session(session),
            Deed::Merged { proposal } => self.merged(*proposal),
            Deed::FillerPlaced { filler, episode } => self.filler_placed(*filler, *episode),
            Deed::TakenOut { who } => drop(self.leaving.remove(who)),
            Deed::Grant { who, role } => self.grant(*who, *role),
            Deed::Seal { seal } => self.seal = Some(seal.clone()),
            Deed::EnterWith { with, proof, credential, session, until, .. } => {
                self.spend(proof, entry.at);
                self.enter_with(entry, *with, credential.as_ref(), session, *until);
            }
            Deed::Prove { who, email } => self.prove(*who, entry, email),
            Deed::Written { what, before, .. } => self.written(*what, before.as_deref()),
            Deed::Tell { who, news, way_out, .. } => self.tell(*who, entry.at, news, way_out),
            Deed::Untell { who } => self.untell(*who),
            Deed::Unsubscribe { key } => self.unsubscribe(key),
            // Nothing else is done by anybody but an account; the rules see to that.
            _ => {}
        }
    }

    fn done_by(&mut self, by: AccountId, entry: &Entry) {
        self.count(by, entry);
        match &entry.deed {
            Deed::Link { key, door, until, then } => {
                self.link(entry, key, door, *until, then.as_deref())
            }
            Deed::Enter { link, session, until, name, .. } => {
                self.enter(entry, link, session, *until, name.as_ref());
            }
            Deed::SignOut { session } => self.end_session(session),
            Deed::Rename { name } => self.rename(by, name),
            Deed::MakeToken { key, title, scopes, until, passkey } => {
                let (title, scopes) = (title.clone(), scopes.clone());
                let token = Token { by, title, scopes, until: *until, passkey: *passkey };
                self.tokens.insert(entry.id, token);
                self.token_keys.insert(key.clone(), entry.id);
            }
            Deed::DropToken { token } => self.drop_token(*token),
            Deed::Erase => {
                self.leaving.insert(by);
                self.erase(by);
            }
            Deed::Vote { story, ballot } => self.on_story(story, |talk| talk.vote(by, *ballot)),
            Deed::Claim { story, until } => {
                self.on_story(story, |talk| talk.claim = Some(Claim { by, until: *until }));
            }
            Deed::Release { story } => self.on_story(story, |talk| talk.claim = None),
            Deed::Suggest { story, why } => self.suggest(by, entry, story, why),
            Deed::Propose { story, base, text } => self.propose(by, entry, story, base, text),
            Deed::Withdraw { proposal } => self.settle(*proposal, ProposalState::Withdrawn),
            Deed::Accept { proposal, base, text } => {
                let (at, base, text) = (entry.at, base.clone(), text.clone());
                self.settle(
                    *proposal,
                    ProposalState::Accepted { by, at, base, text, merged: false },
                );
            }
            Deed::Decline { proposal, why } => {
                let (at, why) = (entry.at, why.clone());
                self.settle(*proposal, ProposalState::Declined { by, at, why });
            }
            Deed::Comment { on, text } => self.comment(by, entry, *on, text),
            Deed::Annotate { on, mark, text } => self.annotate(by, entry, on, mark, text),
            Deed::Retract { annotation } => self.retract(*annotation),
            Deed::Report { what, why } => {
                let report = Report { by, at: entry.at, what: *what, why: why.clone() };
                self.reports.insert(entry.id, report);
            }
            Deed::Dismiss { report, .. } => drop(self.reports.remove(report)),
            Deed::Hide { what, .. } => self.hide(*what),
            Deed::Unhide { what, .. } => drop(self.hidden.remove(what)),
            Deed::Ban { who, why } => self.ban(*who, Some(why)),
            Deed::Unban { who, .. } => self.ban(*who, None),
            Deed::Grant { who, role } => self.grant(*who, *role),
            // What became of the episode stands in its files.
            Deed::Arrange { .. } | Deed::Edit { .. } => {}
            Deed::OfferFiller { story, recording, millis } => {
                self.offer_filler(by, entry, story, recording, *millis);
            }
            Deed::WithdrawFiller { filler } => self.settle_filler(*filler, FillerState::Withdrawn),
            Deed::AcceptFiller { filler } => {
                let state = FillerState::Accepted { by, at: entry.at, placed: None };
                self.settle_filler(*filler, state);
            }
            Deed::DeclineFiller { filler, why } => {
                let (at, why) = (entry.at, why.clone());
                self.settle_filler(*filler, FillerState::Declined { by, at, why });
            }
            Deed::AddPasskey { key, credential, title } => {
                self.add_passkey(by, entry, key, credential, title);
            }
            Deed::DropPasskey { passkey } => self.drop_passkey(*passkey),
            Deed::AddIdentity { identity } => self.add_tie(by, entry, identity),
            Deed::DropIdentity { identity } => self.drop_tie(*identity),
            Deed::Stay { session } => self.stay(entry, *session),
            Deed::EndSession { session } => {
                self.sessions.retain(|_, known| known.entry != *session);
            }
            Deed::EndSessions { who, but } => self.end_sessions_of(*who, but.as_ref()),
            Deed::Disown { email } => self.disown(by, email),
            Deed::Describe { person, changes, recording } => {
                self.describe(by, entry, person, changes, recording.as_ref());
            }
            Deed::Undo { what, .. } => self.undo(*what),
            Deed::Follow { what, known } => self.follow(by, entry, what, known),
            Deed::Unfollow { what } => self.unfollow(by, what),
            Deed::Notify { notice } => self.notify(by, *notice),
            Deed::MakeFeed { key } => self.make_feed(by, key),
            Deed::Unsubscribe { key } => self.unsubscribe(key),
            // What is done for an episode's sound shows in its folder.
            Deed::Sound { .. }
            | Deed::Merged { .. }
            | Deed::FillerPlaced { .. }
            | Deed::TakenOut { .. }
            | Deed::Gone
            | Deed::GiveNumber { .. }
            | Deed::Seal { .. }
            | Deed::EnterWith { .. }
            | Deed::Prove { .. }
            | Deed::Written { .. }
            | Deed::Tell { .. }
            | Deed::Untell { .. } => {}
        }
    }

    /// What editors and owners decided about others and about the episode, and whose page was changed, the oldest first.
    pub fn log(&self) -> &[LogLine] {
        &self.log
    }

    /// Accounts that were closed and whose words may still stand in the journal.
    pub fn leaving(&self) -> impl Iterator<Item = AccountId> {
        self.leaving.iter().copied()
    }

    /// Whether an editor hid it: then only editors and who wrote it see it.
    pub fn is_hidden(&self, what: EntryId) -> bool {
        self.hidden.contains(&what)
    }

    /// Forgets what ran out: links and sessions let nobody in any more, claims keep nobody away.
    pub fn tidy(&mut self, now: Timestamp) {
        for talk in self.stories.values_mut() {
            talk.claim.take_if(|claim| claim.until <= now);
        }
        self.stories.retain(|_, talk| !talk.is_silent());
        self.links.retain(|_, link| link.until > now);
        self.sessions.retain(|_, session| !session.is_over(now));
        self.forget_past_stays(now);
        self.forget_proofs(now);
        self.forget_tallies(now);
    }
}
