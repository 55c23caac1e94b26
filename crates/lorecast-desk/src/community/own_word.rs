//! People prove an address, and what they say of themselves goes into `people.yaml`.

use std::sync::PoisonError;

use jiff::Timestamp;
use lorecast_community::{AccountId, By, Deed, Description, DescriptionState, EntryId};
use lorecast_model::{Own, PersonId};

use super::Community;
use super::letter::{self, Letter};
use crate::people::EntryChange;
use crate::{Desk, DeskError, OwnWord, Result, Silent};

/// How long a link works that proves an address, in hours.
const GOOD: i64 = 2;

impl Community {
    /// Mails to an address of the archives what proves that it is its reader's. `at` is where the server is found:
    /// `https://mail.example`.
    ///
    /// # Errors
    /// When nobody wrote from there, it is not beyond doubt whose it is, too many mails are under way, or it cannot be sent.
    pub fn send_proof(&self, email: &str, at: &str, now: Timestamp) -> Result<()> {
        let desk = Desk::open(&self.root, &Silent)?;
        let show = desk.show()?;
        if show.community.mail.is_empty() {
            return Err(DeskError::NoMailer);
        }
        let (email, token) = desk.new_claim(email, now, GOOD)?;
        let title = letter::title(&show);
        let letter = Letter {
            to: &email,
            subject: format!("Your page in {title}"),
            header: String::new(),
            text: format!(
                "Somebody, probably you, wants to write what {title} says about the owner of this address. This link proves \
                 that the address is yours, once, within {GOOD} hours:\n\n{at}/me/prove/{token}\n\n\
                 If it was not you, there is nothing to do: without the link nothing changes.\n"
            ),
        };
        letter.send(&desk, &show, now)
    }

    /// Uses up what was mailed: the address is the account's from now on, whoever had it before. Returns it.
    ///
    /// # Errors
    /// When the token is not good, or the account may not take part.
    pub fn prove(&self, who: AccountId, token: &str, now: Timestamp) -> Result<String> {
        let desk = Desk::open(&self.root, &Silent)?;
        let email = desk.claimed(token, now)?;
        let deed = Deed::Prove { who, email: email.clone() };
        self.look(|commons| commons.judge(By::Show, &deed, now)).map_err(super::NotDone::from)?;
        // Of two who use it at once, one comes first.
        desk.take_claim(token, now)?;
        self.does_now(By::Show, deed, now)?;
        Ok(email)
    }

    /// Writes into `people.yaml` what people said of themselves and what an editor undid. What cannot be written now, because
    /// the file is broken or the disk is full, is written the next time.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn write_people(&self, now: Timestamp) -> Result<()> {
        let _one_at_a_time = self.weaving.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting: Vec<Task> = self.look(|commons| {
            let of = |(id, said): (EntryId, &Description)| Task {
                id,
                emails: commons.proved(said.by).map(str::to_owned).collect(),
                said: said.clone(),
            };
            commons.to_write().map(of).collect()
        });
        if waiting.is_empty() {
            return Ok(());
        }
        let desk = Desk::open(&self.root, &Silent)?;
        for task in waiting {
            let before = task.does(&desk)?;
            let deed = Deed::Written { who: task.said.by, what: task.id, before };
            self.does_now(By::Show, deed, now)?;
        }
        Ok(())
    }
}

/// A description on its way.
struct Task {
    id: EntryId,
    emails: Vec<String>,
    said: Description,
}

impl Task {
    /// What the person said before; nothing when it was undone, or can never be written.
    fn does(&self, desk: &Desk<'_>) -> Result<Option<Box<(String, Own)>>> {
        let person: &PersonId = &self.said.person;
        if let DescriptionState::Undoing { before } = &self.said.state {
            let keys: Vec<String> = self.said.keys().map(str::to_owned).collect();
            return desk.unsay(&before.0, &keys, &before.1).map(|()| None);
        }
        let changes = self.said.changes.iter().map(|change| change.parse());
        let Ok(changes) = changes.collect::<std::result::Result<Vec<EntryChange>, _>>() else {
            return Ok(None);
        };
        let recording = self.said.recording.as_deref();
        match desk.say(&OwnWord { person, emails: &self.emails, changes: &changes, recording }) {
            Ok(before) => Ok(Some(Box::new(before))),
            // A crash between writing and noting it, too, ends here: it is written once more, with what it wrote as what was before.
            Err(error) if error.is_about_the_person() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
