//! What can be done.

use jiff::Timestamp;
use lorecast_model::{EpisodeId, Mark, MessageId, Own, PersonId, Sheet};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Arrangement, Asked, Digest, EntryId, Interest, Name, NewsKey, Notice, Role, Seal,
    ShortNumber, SoundStep,
};

/// Something done for a show. In the journal it is one JSON object with the name of the deed as `deed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum Deed {
    /// Offers a way in: whoever has the key of the link may [`Deed::Enter`] once.
    Link {
        /// Of the link's key.
        key: Digest,
        /// Where it leads.
        door: Door,
        /// When it stops working.
        until: Timestamp,
        /// What the visitor wanted to do, which is done when the link is used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        then: Option<Box<Deed>>,
    },
    /// Uses a link: opens the account if there is none, and a session.
    Enter {
        /// Of the link's key.
        link: Digest,
        /// Of the session's key.
        session: Digest,
        /// When the session ends.
        until: Timestamp,
        /// What the account is called, when it is a new one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
        /// Of the key that the browser keeps, when the link was asked for in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        browser: Option<Digest>,
    },
    /// Gives the number that the browser shows which asked for a link, in another one. A wrong one counts as well, so that
    /// nobody tries them all.
    GiveNumber {
        /// Of the link's key.
        link: Digest,
        /// The number, right or wrong.
        number: ShortNumber,
        /// Of the key that the other browser keeps: the link is for it too when the number is right.
        browser: Digest,
    },
    /// Ends a session.
    SignOut {
        /// Of the session's key.
        session: Digest,
    },
    /// Takes another name.
    Rename {
        /// The new one.
        name: Name,
    },
    /// Makes a key for programs.
    MakeToken {
        /// Of the key.
        key: Digest,
        /// What it is for, in its owner's words.
        title: String,
        /// What it may do.
        scopes: Vec<Scope>,
        /// When it stops working.
        until: Timestamp,
        /// Whether the session in which it is made began with a passkey, as the server knows; older entries do not tell.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        passkey: bool,
    },
    /// Takes a key of a program back.
    DropToken {
        /// The entry that made it.
        token: EntryId,
    },
    /// Closes the account: what it wrote is taken out of the journal.
    Erase,
    /// Says how much a story matters.
    Vote {
        /// The story's message.
        story: MessageId,
        /// How much.
        ballot: Ballot,
    },
    /// "I write this one."
    Claim {
        /// The story's message.
        story: MessageId,
        /// When the claim runs out.
        until: Timestamp,
    },
    /// Gives a claim back; an editor may give back anybody's.
    Release {
        /// The story's message.
        story: MessageId,
    },
    /// Names a story that was missed.
    Suggest {
        /// A message of its thread.
        story: MessageId,
        /// Why it is one.
        why: String,
    },
    /// Offers text for a story.
    Propose {
        /// The story's message.
        story: MessageId,
        /// What the notes said when the text was written: the ancestor of the merge.
        base: String,
        /// The text offered, in Markdown.
        text: String,
    },
    /// Takes one's own proposal back.
    Withdraw {
        /// The proposal.
        proposal: EntryId,
    },
    /// Accepts a proposal.
    Accept {
        /// The proposal.
        proposal: EntryId,
        /// What the notes said when the editor looked: the ancestor of the merge.
        base: String,
        /// The text that goes into the notes, which an editor may have touched up.
        text: String,
    },
    /// Declines a proposal.
    Decline {
        /// The proposal.
        proposal: EntryId,
        /// Why.
        why: String,
    },
    /// The text of an accepted proposal stands in the notes.
    Merged {
        /// The proposal.
        proposal: EntryId,
    },
    /// Says something about a proposal.
    Comment {
        /// The proposal.
        on: EntryId,
        /// What.
        text: String,
    },
    /// Says something of a span of a mail.
    Annotate {
        /// The mail.
        on: MessageId,
        /// The span.
        mark: Mark,
        /// What.
        text: String,
    },
    /// Takes one's own annotation back.
    Retract {
        /// The annotation.
        annotation: EntryId,
    },
    /// Asks editors to look at something.
    Report {
        /// The entry.
        what: EntryId,
        /// What is wrong with it.
        why: String,
    },
    /// Leaves a report at that.
    Dismiss {
        /// The report.
        report: EntryId,
        /// Why.
        why: String,
    },
    /// Hides what somebody wrote.
    Hide {
        /// The entry.
        what: EntryId,
        /// Why; everybody can read it.
        why: String,
    },
    /// Shows it again.
    Unhide {
        /// The entry.
        what: EntryId,
        /// Why; everybody can read it.
        why: String,
    },
    /// Lets an account do nothing any more.
    Ban {
        /// The account.
        who: AccountId,
        /// Why; everybody can read it.
        why: String,
    },
    /// Lets it take part again.
    Unban {
        /// The account.
        who: AccountId,
        /// Why; everybody can read it.
        why: String,
    },
    /// Gives an account another role.
    Grant {
        /// The account.
        who: AccountId,
        /// The role.
        role: Role,
    },
    /// What an account wrote is out of the journal.
    TakenOut {
        /// The account that was closed.
        who: AccountId,
    },
    /// What stood here was taken out: its account was closed, or a link ran out.
    Gone,
    /// Decides about a story of an episode. The files of the episode say it already: the journal keeps who did.
    Arrange {
        /// The episode.
        episode: EpisodeId,
        /// A message of the story's thread.
        story: MessageId,
        /// What becomes of the story.
        to: Arrangement,
    },
    /// Edits a text of an episode. The file has it already: the journal keeps who did.
    Edit {
        /// The episode.
        episode: EpisodeId,
        /// Which text.
        sheet: Sheet,
        /// The story that was edited; `None` when all of the text was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        story: Option<MessageId>,
    },
    /// Does something for the sound of an episode.
    Sound {
        /// Which.
        episode: EpisodeId,
        /// What.
        #[serde(flatten)]
        step: SoundStep,
    },
    /// Offers a recording that goes between two chapters.
    OfferFiller {
        /// The story's message.
        story: MessageId,
        /// The name of the recording beside the journal.
        recording: String,
        /// How long it plays, in milliseconds.
        millis: u32,
    },
    /// Takes one's own filler back.
    WithdrawFiller {
        /// The filler.
        filler: EntryId,
    },
    /// Takes a filler into the coming episode.
    AcceptFiller {
        /// The filler.
        filler: EntryId,
    },
    /// Declines a filler.
    DeclineFiller {
        /// The filler.
        filler: EntryId,
        /// Why.
        why: String,
    },
    /// An accepted filler is among the takes of an episode.
    FillerPlaced {
        /// The filler.
        filler: EntryId,
        /// The episode.
        episode: EpisodeId,
    },
    /// Makes the secret by which the show knows again what it handed out, once.
    Seal {
        /// The secret.
        seal: Seal,
    },
    /// Adds a passkey to the account (W3C Web Authentication).
    AddPasskey {
        /// By which browsers name it, in base64url.
        key: String,
        /// Its public key, its counter and what else is known of it, as the server that checks it writes it.
        credential: String,
        /// What its owner calls it.
        title: String,
    },
    /// Takes a passkey off the account.
    DropPasskey {
        /// The entry that added it.
        passkey: EntryId,
    },
    /// Ties the account to somebody whom a provider knows, which was proven to the server.
    AddIdentity {
        /// Who that is.
        identity: Identity,
    },
    /// Unties it.
    DropIdentity {
        /// The entry that tied it.
        identity: EntryId,
    },
    /// Begins a session with a passkey or an identity, which was proven to the server.
    EnterWith {
        /// Whose it is.
        account: AccountId,
        /// The entry that added the passkey or tied the identity.
        with: EntryId,
        /// Of what was asked to be proven: it counts once.
        proof: Digest,
        /// What is known of the passkey from now on, when that changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credential: Option<String>,
        /// Of the session's key.
        session: Digest,
        /// When the session ends.
        until: Timestamp,
    },
    /// One's own session is in use, which is noted once a day.
    Stay {
        /// The entry that began it.
        session: EntryId,
    },
    /// Ends one of one's own sessions.
    EndSession {
        /// The entry that began it.
        session: EntryId,
    },
    /// Ends the sessions of an account.
    EndSessions {
        /// The account.
        who: AccountId,
        /// One that goes on, by the digest of its key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        but: Option<Digest>,
    },
    /// An address of the archives is an account's own: a mail to it came back.
    Prove {
        /// The account.
        who: AccountId,
        /// The address, in small letters.
        email: String,
    },
    /// Gives such an address back.
    Disown {
        /// The address.
        email: String,
    },
    /// Says something of oneself.
    Describe {
        /// Of whom, as the archives know them.
        person: PersonId,
        /// What, each as `KEY=VALUE`; nothing behind the `=` says that there is to be none.
        changes: Vec<String>,
        /// The recording of the name, by the SHA-256 of what was made of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recording: Option<String>,
    },
    /// A description stands in `people.yaml`, or what was before stands there again.
    Written {
        /// Who said it.
        who: AccountId,
        /// The description.
        what: EntryId,
        /// By which address they are known, and what they said of themselves before; nothing when it cannot stand there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Box<(String, Own)>>,
    },
    /// Takes back what somebody said of themselves.
    Undo {
        /// The description.
        what: EntryId,
        /// Why; everybody can read it.
        why: String,
    },
    /// Wants to hear of what is new.
    Follow {
        /// Of what.
        what: Interest,
        /// What was so already, which is no news.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        known: Vec<NewsKey>,
    },
    /// Wants to hear of it no longer.
    Unfollow {
        /// Of what.
        what: Interest,
    },
    /// Chooses how to hear of what is new.
    Notify {
        /// How.
        notice: Notice,
    },
    /// Makes a feed of what is new; an earlier one ends.
    MakeFeed {
        /// Of the key in its address.
        key: Digest,
    },
    /// A mail tells somebody what is new. It is kept before the mail goes out: nothing is told twice.
    Tell {
        /// The account.
        who: AccountId,
        /// When the mail before went out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
        /// What it tells.
        news: Vec<NewsKey>,
        /// Of the key that ends such mails.
        way_out: Digest,
    },
    /// That mail could not be sent.
    Untell {
        /// The account.
        who: AccountId,
    },
    /// Ends such mails, with the key that stands in one.
    Unsubscribe {
        /// Of the key.
        key: Digest,
    },
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// To the account of a mail address, which the link was sent to.
    Mail {
        /// The address, in small letters.
        email: String,
        /// What a new account may do; a journal read again gives it the same, whatever the show says by then.
        role: Role,
        /// The request that it answers. Links from before that was kept work in any browser.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
    /// To a new account with a role.
    Invitation {
        /// The role.
        role: Role,
    },
    /// To an account that there is already.
    Account(AccountId),
    /// To the account of somebody whom a provider knows, which was proven to the server.
    Identity {
        /// Who that is.
        identity: Identity,
        /// Of what was asked to be proven: it counts once.
        proof: Digest,
        /// The mail address that the provider has verified, in small letters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        /// What a new account may do.
        role: Role,
    },
}

/// Somebody as a provider knows them (OpenID Connect Core 1.0, section 5.7): nothing else of what it says is theirs for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The provider's address.
    pub issuer: String,
    /// Who it is there; another provider may mean somebody else by it.
    pub subject: String,
}

/// How much a story matters to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ballot {
    /// It belongs into the show.
    For,
    /// It does not.
    Against,
    /// An earlier vote is taken back.
    None,
}

/// What a program may do for the account whose key it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Read what only who is signed in can read.
    Read,
    /// Vote, claim, annotate, comment, suggest and propose.
    TakePart,
    /// Accept, decline, hide and ban; arrange and edit the episode; takes, jobs and schedule.
    Edit,
}

impl Scope {
    /// As pages write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::TakePart => "take part",
            Self::Edit => "edit",
        }
    }
}

impl Deed {
    /// Whether everybody may read of it: what editors and owners decide about others and about the episode.
    pub fn is_public(&self) -> bool {
        matches!(
            self,
            Self::Hide { .. }
                | Self::Unhide { .. }
                | Self::Ban { .. }
                | Self::Unban { .. }
                | Self::Grant { .. }
                | Self::Dismiss { .. }
                | Self::Arrange { .. }
                | Self::Edit { .. }
                | Self::Undo { .. }
        )
    }

    /// As the public log has it: all of a decision, and of what somebody says of themselves only what it is about. Nothing
    /// when it does not belong there.
    pub fn logged(&self) -> Option<Self> {
        match self {
            Self::Describe { person, changes, recording } => {
                let key = |change: &String| change.split('=').next().unwrap_or_default().to_owned();
                let keys = changes.iter().map(key);
                let changes = keys.chain(recording.iter().map(|_| "audio".to_owned())).collect();
                Some(Self::Describe { person: person.clone(), changes, recording: None })
            }
            // The words stand in the notes, and go with whoever wrote them.
            Self::Accept { proposal, .. } => {
                let (base, text) = (String::new(), String::new());
                Some(Self::Accept { proposal: *proposal, base, text })
            }
            Self::Decline { .. } => Some(self.clone()),
            Self::Sound { step, .. } => step.says_when_it_is_out().then(|| self.clone()),
            deed => deed.is_public().then(|| deed.clone()),
        }
    }

    /// The account that something is about which the show did.
    pub fn about(&self) -> Option<AccountId> {
        match self {
            Self::Prove { who, .. }
            | Self::Written { who, .. }
            | Self::Tell { who, .. }
            | Self::Untell { who } => Some(*who),
            _ => None,
        }
    }

    /// What a program has to be allowed to do it; `None` for what programs never do.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Self::Vote { .. }
            | Self::Claim { .. }
            | Self::Release { .. }
            | Self::Suggest { .. }
            | Self::Propose { .. }
            | Self::Withdraw { .. }
            | Self::Comment { .. }
            | Self::Annotate { .. }
            | Self::Retract { .. }
            | Self::Report { .. }
            | Self::OfferFiller { .. }
            | Self::WithdrawFiller { .. }
            | Self::Describe { .. }
            | Self::Follow { .. }
            | Self::Unfollow { .. } => Some(Scope::TakePart),
            Self::Accept { .. }
            | Self::Decline { .. }
            | Self::Dismiss { .. }
            | Self::Hide { .. }
            | Self::Unhide { .. }
            | Self::Ban { .. }
            | Self::Unban { .. }
            | Self::Arrange { .. }
            | Self::Edit { .. }
            | Self::Sound { .. }
            | Self::AcceptFiller { .. }
            | Self::DeclineFiller { .. }
            | Self::Undo { .. } => Some(Scope::Edit),
            Self::Link { .. }
            | Self::Enter { .. }
            | Self::GiveNumber { .. }
            | Self::SignOut { .. }
            | Self::Rename { .. }
            | Self::MakeToken { .. }
            | Self::DropToken { .. }
            | Self::Erase
            | Self::Merged { .. }
            | Self::Grant { .. }
            | Self::TakenOut { .. }
            | Self::FillerPlaced { .. }
            | Self::Gone
            | Self::Seal { .. }
            | Self::AddPasskey { .. }
            | Self::DropPasskey { .. }
            | Self::AddIdentity { .. }
            | Self::DropIdentity { .. }
            | Self::EnterWith { .. }
            | Self::Stay { .. }
            | Self::EndSession { .. }
            | Self::EndSessions { .. }
            | Self::Prove { .. }
            | Self::Disown { .. }
            | Self::Written { .. }
            | Self::Notify { .. }
            | Self::MakeFeed { .. }
            | Self::Tell { .. }
            | Self::Untell { .. }
            | Self::Unsubscribe { .. } => None,
        }
    }
}
