//! Mails that the show sends to who takes part.

use std::time::Duration;

use jiff::Timestamp;
use lorecast_model::{Show, is_address};

use crate::measured;
use crate::program::{self, Limits};
use crate::{Desk, DeskError, Result};

/// What sending a mail may take. It knows a secret and an address, neither of which belongs into a log.
const LIMITS: Limits = Limits { time: Duration::from_secs(30), output: 64 << 10, talks: false };

/// A mail.
pub(super) struct Letter<'a> {
    /// An address that was looked at.
    pub(super) to: &'a str,
    /// What it is about.
    pub(super) subject: String,
    /// Further lines of the header, each with its line feed.
    pub(super) header: String,
    /// The text.
    pub(super) text: String,
}

impl Letter<'_> {
    /// Hands it to the program that `show.yaml` names.
    ///
    /// # Errors
    /// When it names none, or that fails.
    pub(super) fn send(&self, desk: &Desk<'_>, show: &Show, now: Timestamp) -> Result<()> {
        if show.community.mail.is_empty() {
            return Err(DeskError::NoMailer);
        }
        let from = show.community.from.as_deref().or(show.email.as_deref());
        let from = from.filter(|from| is_address(from)).unwrap_or("lorecast@localhost");
        let bytes = self.written(from, now).into_bytes();
        let sent = program::run("mail", &show.community.mail, desk.root(), bytes, LIMITS);
        let outcome = if sent.is_ok() { "sent" } else { "failed" };
        metrics::counter!(measured::MAILS, "outcome" => outcome).increment(1);
        sent.map(drop).map_err(|why| DeskError::NotSent { why })
    }

    /// With its header (RFC 5322); the subject is encoded where it has to be (RFC 2047), and no answering machine is to
    /// answer (RFC 3834).
    fn written(&self, from: &str, now: Timestamp) -> String {
        let date = now.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let subject: String = self.subject.chars().filter(|c| !c.is_control()).collect();
        let encoded = format!("=?UTF-8?B?{}?=", data_encoding::BASE64.encode(subject.as_bytes()));
        let subject = if subject.is_ascii() && subject.len() < 70 { subject } else { encoded };
        let Self { to, header, text, .. } = self;
        format!(
            "From: {from}\nTo: {to}\nSubject: {subject}\nDate: {date}\n{header}Auto-Submitted: auto-generated\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
        )
    }
}

/// The show's title, as a mail may have it.
pub(super) fn title(show: &Show) -> String {
    show.title.chars().filter(|c| !c.is_control()).collect()
}
