//! A few people of a show, who do things one after another.

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{
    AccountId, Acting, Asked, Ballot, By, Commons, Deed, Door, Entry, EntryId, Identity, Key, Name,
    Refusal, Role, ShortNumber,
};
use lorecast_model::MessageId;

/// A journal in memory.
pub(crate) struct Hall {
    pub(crate) commons: Commons,
    pub(crate) entries: Vec<Entry>,
    pub(crate) now: Timestamp,
}

impl Hall {
    pub(crate) fn new() -> Self {
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        Self { commons: Commons::default(), entries: Vec::new(), now }
    }

    pub(crate) fn does(
        &mut self,
        acting: impl Into<Acting>,
        deed: Deed,
    ) -> Result<EntryId, Refusal> {
        let acting = acting.into();
        self.commons.judge(acting, &deed, self.now)?;
        let by = acting.by;
        let id = EntryId(self.commons.last().0 + 1);
        let entry = Entry { id, at: self.now, by, deed };
        // As it comes back from a journal.
        let entry: Entry = serde_json::from_str(&serde_json::to_string(&entry).unwrap()).unwrap();
        self.commons.apply(&entry);
        self.entries.push(entry);
        Ok(id)
    }

    /// Opens an account with a role; its session has the key that its name makes.
    pub(crate) fn joins(&mut self, name: &str, role: Role) -> By {
        let (door, until) = (Door::Invitation { role }, self.hours(1));
        let key = key(name).digest_for("link");
        self.does(By::Show, Deed::Link { key: key.clone(), door, until, then: None }).unwrap();
        let name = Some(Name::parse(name).unwrap());
        let session = self::key(name.as_ref().unwrap().as_str()).digest();
        let id = self
            .does(By::Visitor, Deed::Enter { link: key, session, until, name, browser: None })
            .unwrap();
        By::Account(AccountId(id))
    }

    pub(crate) fn hours(&self, hours: i64) -> Timestamp {
        self.now + SignedDuration::from_hours(hours)
    }

    pub(crate) fn passes(&mut self, hours: i64) {
        self.now = self.hours(hours);
    }

    /// `done`, or why not.
    pub(crate) fn tries(&mut self, acting: impl Into<Acting>, deed: Deed) -> String {
        self.does(acting, deed).map_or_else(|why| why.to_string(), |_| "done".to_owned())
    }
}

pub(crate) fn key(text: &str) -> Key {
    let mut bytes = [0; 32];
    for (byte, letter) in bytes.iter_mut().zip(text.bytes()) {
        *byte = letter;
    }
    Key::new(bytes)
}

/// A request of a browser, which shows a number.
pub(crate) fn asked(browser: &str, number: &str) -> Asked {
    Asked { browser: key(browser).digest(), number: ShortNumber::parse(number).unwrap() }
}

pub(crate) fn id(text: &str) -> MessageId {
    MessageId::new(text).unwrap()
}

pub(crate) fn vote(story: &str, ballot: Ballot) -> Deed {
    Deed::Vote { story: id(story), ballot }
}

pub(crate) fn propose(story: &str, text: &str) -> Deed {
    Deed::Propose { story: id(story), base: String::new(), text: text.to_owned() }
}

pub(crate) fn add_passkey(key: &str) -> Deed {
    let (key, credential, title) = (key.to_owned(), "{}".to_owned(), "a stick".to_owned());
    Deed::AddPasskey { key, credential, title }
}

pub(crate) fn identity(subject: &str) -> Identity {
    Identity { issuer: "https://login.example".to_owned(), subject: subject.to_owned() }
}

/// Enters with a passkey or a tie, for an hour from the first moment.
pub(crate) fn enter_with(account: AccountId, with: EntryId, proof: &str) -> Deed {
    let until = Hall::new().hours(24);
    let (proof, session) = (key(proof).digest(), key(proof).digest_for("session"));
    Deed::EnterWith { account, with, proof, credential: None, session, until }
}
