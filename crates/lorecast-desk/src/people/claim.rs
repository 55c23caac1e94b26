//! A person proves an address: a token goes there by mail, and comes back.

use std::fmt;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use jiff::{Timestamp, ToSpan};
use lorecast_people::People;
use lorecast_show::Claim;
use sha2::{Digest, Sha256};

use super::whom;
use crate::sharing::Room;
use crate::{Desk, DeskError, Result};

/// How many random bytes a token has: 120 bits, which are 24 letters.
const TOKEN: usize = 15;

/// How long a token is good, in hours: a week.
const GOOD: i64 = 7 * 24;

/// So many tokens at a time are good for one address, so that nobody can be flooded.
const AT_ONCE: usize = 3;

/// So many wait at all. Nobody's token is taken back to make room for another's.
const AT_ALL: usize = 10_000;

/// A mail with a token, ready for `sendmail -t`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMail {
    /// Who gets it.
    pub to: String,
    /// Who sends it, when the show has an address.
    pub from: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl fmt::Display for ClaimMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "To: {}", self.to)?;
        if let Some(from) = &self.from {
            writeln!(f, "From: {from}")?;
        }
        writeln!(f, "Subject: {}", self.subject)?;
        // RFC 3834: no answering machine is to answer it.
        writeln!(f, "Auto-Submitted: auto-generated")?;
        writeln!(f, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n")?;
        write!(f, "{}", self.text)
    }
}

impl Desk<'_> {
    /// Begins a claim: the mail to send to the address. Whoever comes back with its token within a week
    /// may write what the show says about the owner of the address.
    ///
    /// # Errors
    /// When nobody wrote from that address and `people.yaml` does not know it, or too many mails are
    /// under way there.
    pub fn claim(&self, email: &str, now: Timestamp) -> Result<ClaimMail> {
        let (email, token) = self.new_claim(email, now, GOOD)?;
        let show = self.dir.show()?;
        let title: String = show.title.chars().filter(|c| !c.is_control()).collect();
        let text = format!(
            "Somebody, you we hope, wants to write what \"{title}\" says about the owner of this \
             address.\n\nThis token proves that the address is yours. It is good for a week:\n\n    \
             {token}\n\nWith it, the show's producer or you run\n\n    lorecast people set {email} \
             --token {token} bio=\"…\"\n\nIf it was not you, do nothing, and nothing will change.\n"
        );
        let subject = format!("Your entry in {title}");
        let subject =
            if subject.is_ascii() { subject } else { "Your entry in the show".to_owned() };
        Ok(ClaimMail { to: email, from: show.email, subject, text })
    }

    /// A token to mail to an address, good for so many hours; the address in small letters, and the token.
    ///
    /// # Errors
    /// When nobody wrote from that address and `people.yaml` does not know it, or too many mails are under way there.
    pub(crate) fn new_claim(
        &self,
        email: &str,
        now: Timestamp,
        hours: i64,
    ) -> Result<(String, String)> {
        let email = self.known_address(&self.people()?.people, email)?;
        let held = self.hold_for_others(Room::People)?;
        let waiting = self.dir.claims(now)?;
        if waiting.len() >= AT_ALL {
            return Err(DeskError::BusyClaims);
        }
        if waiting.iter().filter(|claim| claim.email == email).count() >= AT_ONCE {
            return Err(DeskError::ManyClaims { email });
        }
        let mut random = [0; TOKEN];
        getrandom::fill(&mut random).map_err(|source| DeskError::Random { source })?;
        let token = BASE32_NOPAD.encode(&random).to_lowercase();
        let until = now.saturating_add(hours.hours()).map_err(|_| DeskError::NoSuchToken)?;
        let claim = Claim { email: email.clone(), token: hashed(&token), until };
        self.dir.add_claim(claim, now)?;
        held.keep()?;
        Ok((email, token))
    }

    /// The address that a token was mailed to, as long as it is good.
    ///
    /// # Errors
    /// When it is not.
    pub fn claimed(&self, token: &str, now: Timestamp) -> Result<String> {
        let token = hashed(token.trim());
        let found = self.dir.claims(now)?.into_iter().find(|claim| claim.token == token);
        found.map(|claim| claim.email).ok_or(DeskError::NoSuchToken)
    }

    /// Uses a token up; the address that it was mailed to.
    ///
    /// # Errors
    /// When it is not good, or no longer: somebody may have been quicker.
    pub(crate) fn take_claim(&self, token: &str, now: Timestamp) -> Result<String> {
        let held = self.hold_for_others(Room::People)?;
        let claim = self.dir.take_claim(&hashed(token.trim()), now)?;
        held.keep()?;
        claim.map(|claim| claim.email).ok_or(DeskError::NoSuchToken)
    }

    /// Whether the token was mailed to the address, and is still good.
    ///
    /// # Errors
    /// When it was not, or is not.
    pub fn prove(&self, email: &str, token: &str, now: Timestamp) -> Result<()> {
        self.prove_among(&self.people()?.people, email, token, now)
    }

    /// The same, of people who are known already.
    ///
    /// # Errors
    /// When it was not, or is not.
    pub(super) fn prove_among(
        &self,
        people: &People,
        email: &str,
        token: &str,
        now: Timestamp,
    ) -> Result<()> {
        // Whose the address is may have changed since the mail went out.
        let (email, token) = (self.known_address(people, email)?, hashed(token.trim()));
        let claims = self.dir.claims(now)?;
        match claims.iter().any(|claim| claim.email == email && claim.token == token) {
            true => Ok(()),
            false => Err(DeskError::NoSuchToken),
        }
    }

    /// The address in small letters, when it is somebody's beyond doubt: whoever holds an address that
    /// is only tied to a person by an equal name may be somebody else of that name.
    pub(super) fn known_address(&self, people: &People, email: &str) -> Result<String> {
        let email = email.trim().to_lowercase();
        let nobody = || DeskError::Nobody { whom: email.clone() };
        let plain = email.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;:\"()".contains(&b));
        whom::uncontested(people, &email)?;
        let somebody = people.at(&email).filter(|_| plain).ok_or_else(nobody)?;
        if somebody.robot {
            return Err(DeskError::Program { whom: email });
        }
        if self.forgotten()?.is_person(&somebody.person) {
            return Err(DeskError::Forgotten { whom: email });
        }
        if !somebody.sure.iter().any(|sure| sure.eq_ignore_ascii_case(&email)) {
            return Err(DeskError::NotSure { email, name: somebody.person.name.clone() });
        }
        Ok(email)
    }
}

fn hashed(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.to_lowercase().as_bytes()))
}
