//! What an assistant is told about a story, and whether what it offers may be shown.
//!
//! An assistant is a program of the producer's that turns evidence into prose. It is trusted with
//! nothing: [`judge`] holds its paragraph against the mails of the story, and a paragraph that says
//! what they do not say is refused. `docs/assistant.md` describes both sides.

mod claim;
mod judge;

use lorecast_mail::prose;
use lorecast_model::{Evidence, Fact, Kind, Message, MessageId, Show, Story};
use serde::Serialize;

use crate::names::sender;

pub use judge::{Refusal, judge};

/// The name of the form of a [`Brief`]; another form gets another name.
const SCHEMA: &str = "lorecast-assistant-1";
/// The most mails of a brief.
const MOST_MAILS: usize = 24;
/// The most bytes of one mail's own words.
const MOST_TEXT: usize = 8 << 10;

/// What an assistant reads: one story as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Brief<'a> {
    /// `lorecast-assistant-1`.
    pub schema: &'static str,
    /// The title of the show.
    pub show: &'a str,
    /// The language to write in (RFC 5646).
    pub language: &'a str,
    /// The story.
    pub story: Subject<'a>,
    /// Every fact that the draft states, each with the mail that proves it.
    pub evidence: Vec<Proof<'a>>,
    /// The mails that the evidence names, by date: what may be quoted.
    pub messages: Vec<Mail<'a>>,
}

/// What a story is about.
#[derive(Clone, Debug, Serialize)]
pub struct Subject<'a> {
    /// The message that it is about.
    pub id: &'a MessageId,
    /// Where that can be read: what a link to it holds.
    pub url: String,
    /// What sort of news it is.
    pub kind: Kind,
    /// The key of its section.
    pub section: &'a str,
    /// Its title without tags.
    pub title: &'a str,
}

/// A fact with its proof.
#[derive(Clone, Debug, Serialize)]
pub struct Proof<'a> {
    /// What sort of fact.
    pub fact: Fact,
    /// The fact.
    pub value: &'a str,
    /// The message that proves it.
    pub message: &'a MessageId,
    /// Where that can be read.
    pub url: String,
}

/// A mail of the story.
#[derive(Clone, Debug, Serialize)]
pub struct Mail<'a> {
    /// Its Message-ID.
    pub id: &'a MessageId,
    /// Where it can be read.
    pub url: String,
    /// Who sent it.
    pub from: String,
    /// When.
    pub date: String,
    /// Its subject, tags included.
    pub subject: &'a str,
    /// Its own words, without what it quotes; cut when it is long.
    pub text: String,
}

/// What an assistant is told of a story, whose thread is `messages`.
pub fn brief<'a>(show: &'a Show, story: &'a Story, messages: &'a [Message]) -> Brief<'a> {
    let named = |message: &&Message| {
        let id = &message.header.id;
        *id == story.id || story.evidence.iter().any(|evidence| evidence.message == *id)
    };
    Brief {
        schema: SCHEMA,
        show: &show.title,
        language: &show.language,
        story: Subject {
            id: &story.id,
            url: show.link(&story.id),
            kind: story.kind,
            section: &story.section,
            title: &story.title,
        },
        evidence: story.evidence.iter().map(|evidence| proof(show, evidence)).collect(),
        messages: messages.iter().filter(named).take(MOST_MAILS).map(|m| mail(show, m)).collect(),
    }
}

fn proof<'a>(show: &Show, evidence: &'a Evidence) -> Proof<'a> {
    let Evidence { fact, value, message, .. } = evidence;
    Proof { fact: *fact, value, message, url: show.link(message) }
}

fn mail<'a>(show: &Show, message: &'a Message) -> Mail<'a> {
    let header = &message.header;
    let mut text = prose::own_words(&message.text).trim().to_owned();
    if text.len() > MOST_TEXT {
        let end = (0..=MOST_TEXT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    Mail {
        id: &header.id,
        url: show.link(&header.id),
        from: sender(message),
        date: header.date.to_string(),
        subject: &header.subject,
        text,
    }
}
