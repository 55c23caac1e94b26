//! Who may do what.

mod following;
mod people;

use jiff::{SignedDuration, Timestamp};
use lorecast_model::is_address;

use crate::commons::{Commons, Counted};
use crate::{
    Account, AccountId, Acting, Arrangement, By, Deed, Digest, Door, EntryId, Filler, Identity,
    Name, Proposal, Refusal, Role, SoundStep,
};

/// Characters of text offered for the notes: a story is told in a few paragraphs.
const LONGEST_TEXT: usize = 20_000;
/// Characters of the notes or the script of an episode: four hours read aloud.
const LONGEST_SHEET: usize = 200_000;
/// Characters of a comment.
const LONGEST_COMMENT: usize = 5_000;
/// Characters of a reason or a title.
const LONGEST_REASON: usize = 500;
/// Stories that one account writes at a time.
const MOST_CLAIMS: usize = 5;
/// Proposals of one account that nobody has decided about.
const MOST_OPEN: usize = 50;
/// Text of visitors that waits for the link in a mail to be used, of all of them.
const MOST_WISHES: usize = 200;
/// Stories that one account finds missing.
const MOST_SUGGESTIONS: usize = 100;
/// Annotations of one account.
const MOST_ANNOTATIONS: usize = 10_000;
/// What may be said of one mail by one account, and by all as far as it is seen; and of one proposal.
const MOST_ON_ONE: ((usize, usize), (usize, usize)) = ((40, 200), (100, 500));
/// Votes of one account on a day (UTC), and texts and recordings that others are to read and hear: more than anybody means.
const MOST_A_DAY: (usize, usize) = (2_000, 500);
/// Tokens of one account.
const MOST_TOKENS: usize = 20;
/// Passkeys of one account, and providers that know whose it is.
const MOST_WAYS: usize = 20;
/// Characters of a passkey's id (1,023 bytes in base64url) and of what is known of it; of a provider's address and of whom it
/// knows (OpenID Connect Core 1.0, section 2).
const LONGEST_WAY: (usize, usize, usize, usize) = (1_364, 8_192, 2_000, 255);
/// Reports of one account that nobody has looked at.
const MOST_REPORTS: usize = 20;
/// Fillers of one account that nobody has decided about, and of all.
const MOST_FILLERS: (usize, usize) = (3, 60);
/// How long a filler plays, in seconds, and the patience with those who miss that, in milliseconds.
const FILLER: (u32, u32, u32) = (30, 60, 500);
/// Bytes of the name of a file.
const LONGEST_FILE: usize = 255;
/// Days that a claim, a link, a session and a token last at most.
const LONGEST: (i64, i64, i64, i64) = (7, 7, 90, 366);

/// Result of a judgement.
type Judged<T = ()> = Result<T, Refusal>;

impl Commons {
    /// Whether somebody may do something now.
    ///
    /// # Errors
    /// Why not, in words for who wanted to.
    pub fn judge(&self, acting: impl Into<Acting>, deed: &Deed, now: Timestamp) -> Judged {
        let acting = acting.into();
        let by = acting.by;
        match deed {
            Deed::Link { door, until, then, .. } => {
                self.may_link(acting, door, *until, then.as_deref(), now)
            }
            Deed::Enter { link, until, name, browser, .. } => {
                within(*until, now, LONGEST.2)?;
                let (_, account) = self.door(link, now).ok_or(Refusal::Link)?;
                if !self.is_for(link, browser.as_ref()) {
                    return Err(Refusal::OtherBrowser);
                }
                match (account.and_then(|id| self.account(id)), name) {
                    (Some(account), _) => not_banned(account),
                    (None, Some(name)) => self.is_free(name, None),
                    (None, None) => Err(Refusal::Empty("a name")),
                }
            }
            // A wrong one is done as well: it counts.
            Deed::GiveNumber { link, .. } => {
                let door = self.door(link, now).map(|(door, _)| door);
                let asked = matches!(door, Some(Door::Mail { asked: Some(_), .. }));
                let may = by == By::Visitor && asked && self.numbers_left(link) > 0;
                may.then_some(()).ok_or(Refusal::Link)
            }
            // Whoever has the session's key may end it.
            Deed::SignOut { .. } => Ok(()),
            Deed::Merged { proposal } => match by {
                By::Show => self.the_proposal(*proposal).map(drop),
                By::Visitor | By::Account(_) => Err(Refusal::ShowOnly),
            },
            Deed::FillerPlaced { filler, .. } => match by {
                By::Show => self.the_filler(*filler).map(drop),
                By::Visitor | By::Account(_) => Err(Refusal::ShowOnly),
            },
            Deed::TakenOut { .. } if by == By::Show => Ok(()),
            Deed::TakenOut { .. } | Deed::Gone => Err(Refusal::ShowOnly),
            Deed::Seal { .. } | Deed::EnterWith { .. } if by != By::Show => Err(Refusal::ShowOnly),
            Deed::Seal { .. } => match self.seal() {
                Some(_) => Err(Refusal::Settled("made")),
                None => Ok(()),
            },
            Deed::EnterWith { account, with, proof, until, .. } => {
                within(*until, now, LONGEST.2)?;
                let known = self.opened_with(*with).filter(|owner| owner == account);
                let account = known.and_then(|id| self.account(id)).ok_or(Refusal::Unproven)?;
                self.is_new(proof)?;
                not_banned(account)
            }
            Deed::Grant { who, role } => self.may_grant(acting, *who, *role),
            Deed::Prove { who, email } => self.may_prove(by, *who, email),
            Deed::Tell { .. } => self.may_tell(by, deed),
            Deed::Written { .. } | Deed::Untell { .. } if by == By::Show => Ok(()),
            Deed::Written { .. } | Deed::Untell { .. } => Err(Refusal::ShowOnly),
            // Whoever has the mail may.
            Deed::Unsubscribe { key } => self.may_unsubscribe(key),
            _ => match by {
                By::Account(id) => self.may(acting, (id, self.member(id)?), deed, now),
                By::Visitor | By::Show => Err(Refusal::NotSignedIn),
            },
        }
    }

    /// Whether somebody may add a passkey to their account, or take one off: where the role needs one, it is not said by who came
    /// without the one that there is. Else a mailbox would be enough to get a new one.
    ///
    /// # Errors
    /// Why not, in words for who wanted to.
    pub fn may_change_passkeys(&self, acting: Acting) -> Judged {
        let id = acting.account().ok_or(Refusal::NotSignedIn)?;
        let lacks = acting.lacks_passkey(self.member(id)?.role);
        let has = self.passkeys_of(id).next().is_some();
        if lacks && has { Err(Refusal::OwnPasskey) } else { Ok(()) }
    }

    fn may(
        &self,
        acting: Acting,
        (id, account): (AccountId, &Account),
        deed: &Deed,
        now: Timestamp,
    ) -> Judged {
        let needs = |role| acting.needs(account.role, role);
        needs(least_role(deed))?;
        self.is_not_too_much(id, deed, now)?;
        match deed {
            Deed::Rename { name } => self.is_free(name, Some(id)),
            Deed::MakeToken { title, until, .. } => {
                text("a title", title, LONGEST_REASON)?;
                within(*until, now, LONGEST.3)?;
                at_most("tokens", self.tokens_of(id).count(), MOST_TOKENS)
            }
            Deed::DropToken { token } => match self.tokens.get(token) {
                Some(known) if known.by == id => Ok(()),
                _ => Err(Refusal::Nothing { what: "token", id: *token }),
            },
            Deed::Erase => self.stays_owned(id),
            Deed::AddPasskey { key, credential, title } => {
                self.may_change_passkeys(acting)?;
                text("a title", title, LONGEST_REASON)?;
                text("the id of a passkey", key, LONGEST_WAY.0)?;
                text("a passkey", credential, LONGEST_WAY.1)?;
                at_most("passkeys", self.passkeys_of(id).count(), MOST_WAYS)?;
                match self.passkey(key) {
                    Some(_) => Err(Refusal::Settled("added")),
                    None => Ok(()),
                }
            }
            Deed::DropPasskey { passkey } => match self.passkeys.get(passkey) {
                Some(known) if known.by == id => {
                    self.may_change_passkeys(acting)?;
                    self.keeps_a_way(id, *passkey)
                }
                _ => Err(Refusal::Nothing { what: "passkey", id: *passkey }),
            },
            Deed::AddIdentity { identity } => {
                is_identity(identity)?;
                at_most("providers", self.ties_of(id).count(), MOST_WAYS)?;
                match self.tie(identity) {
                    Some(_) => Err(Refusal::Settled("added")),
                    None => Ok(()),
                }
            }
            Deed::DropIdentity { identity } => match self.ties.get(identity) {
                Some(known) if known.by == id => self.keeps_a_way(id, *identity),
                _ => Err(Refusal::Nothing { what: "provider", id: *identity }),
            },
            Deed::Stay { session } => {
                let mut own = self.sessions.values().filter(|known| known.account == id);
                match own.find(|known| known.entry == *session) {
                    Some(known) if known.is_to_be_noted(now) => Ok(()),
                    Some(_) => Err(Refusal::Settled("noted")),
                    None => Err(Refusal::Nothing { what: "session", id: *session }),
                }
            }
            Deed::EndSession { session } => {
                let mut own = self.sessions.values().filter(|known| known.account == id);
                let known = own.any(|known| known.entry == *session);
                known.then_some(()).ok_or(Refusal::Nothing { what: "session", id: *session })
            }
            Deed::EndSessions { who, .. } if *who == id => Ok(()),
            Deed::EndSessions { who, .. } => {
                self.known(*who)?;
                needs(Role::Owner)
            }
            Deed::Vote { .. } => Ok(()),
            Deed::Claim { story, until } => {
                within(*until, now, LONGEST.0)?;
                let claim = self.talk(story).and_then(|talk| talk.claim(now));
                if let Some(other) = claim.filter(|claim| claim.by != id) {
                    let by = self.name(other.by).to_owned();
                    return Err(Refusal::Claimed { by, until: other.until });
                }
                let own = |claim: &&crate::Claim| claim.by == id;
                let held = self.talks().filter_map(|(_, talk)| talk.claim(now)).filter(own).count();
                at_most("claims", held - usize::from(claim.is_some()), MOST_CLAIMS)
            }
            Deed::Release { story } => match self.talk(story).and_then(|talk| talk.claim(now)) {
                Some(claim) if claim.by != id => needs(Role::Editor),
                Some(_) | None => Ok(()),
            },
            Deed::Suggest { story, why } => {
                text("a reason", why, LONGEST_REASON)?;
                let by_you =
                    |talk: &crate::StoryTalk| talk.suggestions.iter().any(|one| one.by == id);
                if self.talk(story).is_some_and(by_you) {
                    return Err(Refusal::Settled("suggested by you"));
                }
                let own = self
                    .suggestions
                    .values()
                    .filter_map(|story| self.talk(story))
                    .filter(|talk| by_you(talk));
                at_most("suggestions", own.count(), MOST_SUGGESTIONS)
            }
            Deed::Propose { base, text: offered, .. } => {
                text("the text", offered, LONGEST_TEXT)?;
                text_at_most("the text before", base, LONGEST_TEXT)?;
                let own = self.proposals().filter(|(_, p)| p.by == id && p.is_open()).count();
                at_most("open proposals", own, MOST_OPEN)
            }
            Deed::Withdraw { proposal } => {
                let proposal = self.open_proposal(*proposal)?;
                if proposal.by == id { Ok(()) } else { Err(Refusal::NotYours) }
            }
            Deed::Accept { proposal, base, text: accepted } => {
                text("the text", accepted, LONGEST_TEXT)?;
                text_at_most("the text before", base, LONGEST_TEXT)?;
                has_no_markers(accepted)?;
                self.open_proposal(*proposal).map(drop)
            }
            Deed::Decline { proposal, why } => {
                text("a reason", why, LONGEST_REASON)?;
                self.open_proposal(*proposal).map(drop)
            }
            Deed::Comment { on, text: said } => {
                text("the comment", said, LONGEST_COMMENT)?;
                let ((own, all), said) = (MOST_ON_ONE.1, &self.the_proposal(*on)?.comments);
                let by_you = said.iter().filter(|comment| comment.by == id).count();
                at_most("comments of yours on one proposal", by_you, own)?;
                let seen = said.iter().filter(|comment| !self.is_hidden(comment.id)).count();
                at_most("comments on one proposal", seen, all)
            }
            Deed::Annotate { on, text: said, .. } => {
                text("the text", said, LONGEST_COMMENT)?;
                let (own, all) = MOST_ON_ONE.0;
                let by_you = self.annotations_on(on).filter(|(_, one)| one.by == id).count();
                at_most("annotations of yours on one mail", by_you, own)?;
                let seen =
                    self.annotations_on(on).filter(|(note, _)| !self.is_hidden(*note)).count();
                at_most("annotations on one mail", seen, all)?;
                let own =
                    self.annotations.values().filter(|annotation| annotation.by == id).count();
                at_most("annotations", own, MOST_ANNOTATIONS)
            }
            Deed::Retract { annotation } => match self.annotation(*annotation) {
                Some(known) if known.by == id => Ok(()),
                Some(_) => Err(Refusal::NotYours),
                None => Err(Refusal::Nothing { what: "annotation", id: *annotation }),
            },
            Deed::Report { what, why } => {
                text("a reason", why, LONGEST_REASON)?;
                self.is_remark(*what)?;
                let own = self.reports().filter(|(_, report)| report.by == id).count();
                at_most("reports", own, MOST_REPORTS)
            }
            Deed::Dismiss { report, why } => {
                text("a reason", why, LONGEST_REASON)?;
                let known = self.reports.contains_key(report);
                known.then_some(()).ok_or(Refusal::Nothing { what: "report", id: *report })
            }
            Deed::Hide { what, why } | Deed::Unhide { what, why } => {
                text("a reason", why, LONGEST_REASON)?;
                match self.description(*what) {
                    None => self.is_remark(*what),
                    Some(_) => {
                        Err(Refusal::Nothing { what: "text that is hidden; undo entry", id: *what })
                    }
                }
            }
            Deed::Disown { email } => self.may_disown(id, email),
            Deed::Describe { changes, recording, .. } => {
                self.may_describe(id, changes, recording.as_deref())
            }
            Deed::Undo { what, why } => self.may_undo(*what, why),
            Deed::Follow { what, known } => self.may_follow(id, what, known),
            Deed::Unfollow { what } => match self.follows(id, what) {
                true => Ok(()),
                false => Err(Refusal::Settled("given up")),
            },
            Deed::Notify { notice } => self.may_notify(id, *notice),
            Deed::MakeFeed { .. } => Ok(()),
            Deed::Ban { who, why } | Deed::Unban { who, why } => {
                text("a reason", why, LONGEST_REASON)?;
                // Nobody may shut out somebody of the same rank.
                let theirs = self.known(*who)?.role;
                let above =
                    Role::ALL.into_iter().find(|role| *role > theirs).unwrap_or(Role::Owner);
                if theirs == Role::Owner { Err(Refusal::LastOwner) } else { needs(above) }
            }
            Deed::Arrange { to: Arrangement::Section(key), .. } => {
                text("a section", key, LONGEST_REASON)
            }
            Deed::Arrange { .. } | Deed::Edit { .. } => Ok(()),
            Deed::Sound { step, .. } => match step {
                SoundStep::AddTake { file }
                | SoundStep::PreferTake { file }
                | SoundStep::RemoveTake { file } => is_file_name(file),
                SoundStep::Split
                | SoundStep::Master
                | SoundStep::Publish
                | SoundStep::Stop { .. }
                | SoundStep::Schedule { .. }
                | SoundStep::Unschedule => Ok(()),
            },
            Deed::OfferFiller { recording, millis, .. } => {
                is_file_name(recording)?;
                let (least, most, patience) = FILLER;
                if !(least * 1000 - patience..=most * 1000 + patience).contains(millis) {
                    return Err(Refusal::Length { least, most, millis: *millis });
                }
                let open = || self.fillers().filter(|(_, filler)| filler.is_open());
                let own = open().filter(|(_, filler)| filler.by == id).count();
                at_most("fillers that wait", own, MOST_FILLERS.0)?;
                at_most("fillers of all that wait", open().count(), MOST_FILLERS.1)
            }
            Deed::WithdrawFiller { filler } => match self.open_filler(*filler)? {
                filler if filler.by == id => Ok(()),
                _ => Err(Refusal::NotYours),
            },
            Deed::AcceptFiller { filler } => self.open_filler(*filler).map(drop),
            Deed::DeclineFiller { filler, why } => {
                text("a reason", why, LONGEST_REASON)?;
                self.open_filler(*filler).map(drop)
            }
            Deed::Link { .. }
            | Deed::Enter { .. }
            | Deed::GiveNumber { .. }
            | Deed::SignOut { .. }
            | Deed::Merged { .. }
            | Deed::FillerPlaced { .. }
            | Deed::Grant { .. }
            | Deed::TakenOut { .. }
            | Deed::Gone
            | Deed::Seal { .. }
            | Deed::EnterWith { .. }
            | Deed::Prove { .. }
            | Deed::Written { .. }
            | Deed::Tell { .. }
            | Deed::Untell { .. }
            | Deed::Unsubscribe { .. } => Err(Refusal::ShowOnly),
        }
    }

    fn is_not_too_much(&self, id: AccountId, deed: &Deed, now: Timestamp) -> Judged {
        let Some(counted) = Counted::of(deed) else { return Ok(()) };
        let (what, most) = match counted {
            Counted::Votes => ("votes", MOST_A_DAY.0),
            Counted::Words => ("texts and recordings", MOST_A_DAY.1),
        };
        let done = self.done_today(id, counted, now);
        if done >= most { Err(Refusal::TooManyToday { what, most }) } else { Ok(()) }
    }

    fn may_link(
        &self,
        acting: Acting,
        door: &Door,
        until: Timestamp,
        then: Option<&Deed>,
        now: Timestamp,
    ) -> Judged {
        within(until, now, LONGEST.1)?;
        match (acting.by, door) {
            (By::Show, Door::Identity { identity, proof, .. }) => {
                is_identity(identity)?;
                self.is_new(proof)?;
            }
            (By::Show, _) => {}
            (_, Door::Mail { role, .. }) if *role > Role::Contributor => {
                return Err(Refusal::ShowOnly);
            }
            // It is known which browser asked.
            (_, Door::Mail { asked: None, .. }) => return Err(Refusal::ShowOnly),
            (_, Door::Mail { email, .. }) if is_mail_address(email) => {}
            (_, Door::Mail { .. }) => return Err(Refusal::Address),
            (By::Account(id), Door::Invitation { role }) => {
                acting.needs(self.member(id)?.role, Role::Editor.max(*role))?;
            }
            (By::Account(_), Door::Account(_)) | (_, Door::Identity { .. }) => {
                return Err(Refusal::ShowOnly);
            }
            (By::Visitor, _) => return Err(Refusal::NotSignedIn),
        }
        if then.is_some() {
            let waiting = self.waiting_wishes(now);
            at_most("texts that wait for an answer to a mail", waiting, MOST_WISHES)?;
        }
        // It is judged again when it is done; here it is bounded.
        match then {
            None => Ok(()),
            Some(Deed::Propose { text: offered, base, .. }) => {
                text("the text", offered, LONGEST_TEXT)?;
                text_at_most("the text before", base, LONGEST_TEXT)
            }
            Some(Deed::Suggest { why, .. }) => text("a reason", why, LONGEST_REASON),
            Some(Deed::Vote { .. } | Deed::Claim { .. }) => Ok(()),
            Some(_) => Err(Refusal::NotSignedIn),
        }
    }

    fn may_grant(&self, acting: Acting, who: AccountId, role: Role) -> Judged {
        let theirs = self.known(who)?.role;
        if let By::Account(id) = acting.by {
            acting.needs(self.member(id)?.role, Role::Owner)?;
        } else if acting.by == By::Visitor {
            return Err(Refusal::NotSignedIn);
        }
        if theirs == Role::Owner && role != Role::Owner { self.stays_owned(who) } else { Ok(()) }
    }

    /// Somebody else is an owner too, or this account is none.
    fn stays_owned(&self, id: AccountId) -> Judged {
        let owner = |account: &Account| account.role == Role::Owner && account.banned.is_none();
        let others = self.accounts().any(|(other, account)| other != id && owner(account));
        let is_one = self.account(id).is_some_and(owner);
        if is_one && !others { Err(Refusal::LastOwner) } else { Ok(()) }
    }

    /// A proof that was not given before.
    fn is_new(&self, proof: &Digest) -> Judged {
        if self.proven.contains_key(proof) { Err(Refusal::Unproven) } else { Ok(()) }
    }

    /// There is another way into the account.
    fn keeps_a_way(&self, id: AccountId, without: EntryId) -> Judged {
        if self.has_other_way(id, without) { Ok(()) } else { Err(Refusal::LastWay) }
    }

    /// An account that may take part.
    fn member(&self, id: AccountId) -> Judged<&Account> {
        let account = self.account(id).ok_or(Refusal::NotSignedIn)?;
        not_banned(account)?;
        Ok(account)
    }

    fn known(&self, id: AccountId) -> Judged<&Account> {
        self.account(id).ok_or(Refusal::Nothing { what: "account", id: id.0 })
    }

    fn is_free(&self, name: &Name, own: Option<AccountId>) -> Judged {
        let looks = name.looks();
        let mut known = looks.iter().filter_map(|look| self.by_looks.get(look));
        if known.any(|other| Some(*other) != own) { Err(Refusal::NameTaken) } else { Ok(()) }
    }

    fn the_proposal(&self, id: EntryId) -> Judged<&Proposal> {
        self.proposal(id).ok_or(Refusal::Nothing { what: "proposal", id })
    }

    fn open_proposal(&self, id: EntryId) -> Judged<&Proposal> {
        let proposal = self.the_proposal(id)?;
        if proposal.is_open() { Ok(proposal) } else { Err(Refusal::Settled(proposal.state.word())) }
    }

    fn the_filler(&self, id: EntryId) -> Judged<&Filler> {
        self.filler(id).ok_or(Refusal::Nothing { what: "filler", id })
    }

    fn open_filler(&self, id: EntryId) -> Judged<&Filler> {
        let filler = self.the_filler(id)?;
        if filler.is_open() { Ok(filler) } else { Err(Refusal::Settled(filler.state.word())) }
    }

    fn is_remark(&self, id: EntryId) -> Judged {
        self.remark(id).map(drop).ok_or(Refusal::Nothing { what: "text of anybody's", id })
    }
}

/// The role that a deed of somebody who is signed in takes.
fn least_role(deed: &Deed) -> Role {
    match deed {
        Deed::Claim { .. }
        | Deed::Suggest { .. }
        | Deed::Propose { .. }
        | Deed::Comment { .. }
        | Deed::Annotate { .. }
        | Deed::OfferFiller { .. } => Role::Contributor,
        Deed::Accept { .. }
        | Deed::Decline { .. }
        | Deed::Dismiss { .. }
        | Deed::Hide { .. }
        | Deed::Unhide { .. }
        | Deed::Ban { .. }
        | Deed::Unban { .. }
        | Deed::Arrange { .. }
        | Deed::Edit { .. }
        | Deed::Sound { .. }
        | Deed::AcceptFiller { .. }
        | Deed::DeclineFiller { .. }
        | Deed::Undo { .. } => Role::Editor,
        Deed::Grant { .. } => Role::Owner,
        _ => Role::Reader,
    }
}

fn not_banned(account: &Account) -> Judged {
    match &account.banned {
        Some(why) => Err(Refusal::Banned { why: why.clone() }),
        None => Ok(()),
    }
}

fn text(what: &'static str, text: &str, most: usize) -> Judged {
    if text.trim().is_empty() {
        return Err(Refusal::Empty(what));
    }
    text_at_most(what, text, most)
}

/// Whether text may stand in an episode as a whole.
///
/// # Errors
/// When there is none, more than anybody reads aloud, or both sides of a conflict.
pub fn is_sheet(words: &str) -> Judged {
    text("the text", words, LONGEST_SHEET)?;
    has_no_markers(words)
}

fn has_no_markers(text: &str) -> Judged {
    let marker = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
    if text.lines().any(marker) { Err(Refusal::Markers) } else { Ok(()) }
}

fn text_at_most(what: &'static str, text: &str, most: usize) -> Judged {
    if text.chars().count() > most { Err(Refusal::TooLong { what, most }) } else { Ok(()) }
}

/// A name in a folder that leads nowhere else, and is no hidden file.
fn is_file_name(name: &str) -> Judged {
    let plain = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    match name {
        "" => Err(Refusal::Empty("the name of a file")),
        _ if name.len() > LONGEST_FILE => {
            Err(Refusal::TooLong { what: "the name of a file", most: LONGEST_FILE })
        }
        _ if plain => Ok(()),
        _ => Err(Refusal::Character(name.chars().find(|c| "./\\\0".contains(*c)).unwrap_or('/'))),
    }
}

fn is_identity(identity: &Identity) -> Judged {
    text("the address of a provider", &identity.issuer, LONGEST_WAY.2)?;
    text("whom a provider knows", &identity.subject, LONGEST_WAY.3)
}

fn at_most(what: &'static str, held: usize, most: usize) -> Judged {
    if held >= most { Err(Refusal::TooMany { what, most }) } else { Ok(()) }
}

/// The same, of what is all there.
fn no_more(what: &'static str, held: usize, most: usize) -> Judged {
    if held > most { Err(Refusal::TooMany { what, most }) } else { Ok(()) }
}

fn within(until: Timestamp, now: Timestamp, most_days: i64) -> Judged {
    let lasts = until.duration_since(now);
    let fits = lasts > SignedDuration::ZERO && lasts <= SignedDuration::from_hours(24 * most_days);
    if fits { Ok(()) } else { Err(Refusal::Until { most_days }) }
}

/// Whether it is an address that mail can be sent to, as accounts are known by it: in small letters, of at most 254 bytes
/// (RFC 5321 section 4.5.3.1).
pub fn is_mail_address(email: &str) -> bool {
    email.len() <= 254 && email == email.to_lowercase() && is_address(email)
}
