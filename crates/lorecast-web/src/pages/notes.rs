//! What people said of spans of mails.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use lorecast_community::{Annotation, Commons, Deed, EntryId, Role};
use lorecast_desk::{Community, Reader};
use lorecast_model::mark::Quote;
use lorecast_model::{Carriage, Mark, MessageId};
use serde::{Deserialize, Serialize};

use super::mail;
use crate::address::{self, OfMail};
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{one_line, shown};
use crate::taking_part::Number;
use crate::who::{Posted, You};

/// So many notes are on a page, and so many of earlier revisions are looked for in its mails.
const MOST: (usize, usize) = (500, 500);

/// Something said of a span of a mail.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NoteView {
    id: EntryId,
    by: String,
    at: Moment,
    quote: String,
    text: String,
    yours: bool,
    hidden: bool,
    /// When it was made on an earlier revision: which, where, and what became of its text.
    from: Option<From>,
}

#[derive(Clone, Debug, Serialize)]
struct From {
    version: String,
    link: String,
    /// `outdated`, or how it came here.
    how: &'static str,
    /// The words that it speaks of now, when they are others.
    now: Option<String>,
}

/// The notes of a page of mails.
#[derive(Default)]
pub(super) struct Notes {
    of_mails: HashMap<MessageId, Vec<NoteView>>,
    /// Made on earlier revisions, of text that is gone.
    pub(super) outdated: Vec<NoteView>,
    /// How many are left out, as there are too many.
    pub(super) left_out: usize,
}

impl Notes {
    /// Those of these mails, and those of earlier revisions of the series that the first one belongs to.
    pub(super) fn of(
        reader: &Reader,
        community: &Community,
        you: &You,
        mails: &[MessageId],
    ) -> Result<Self, Fault> {
        let mut notes = Self::default();
        let Some(first) = mails.first().filter(|_| community.look(Commons::has_annotations)) else {
            return Ok(notes);
        };
        community.look(|commons| {
            let mut room = MOST.0;
            for mail in mails {
                let all = visible(commons, you, mail).count();
                let own: Vec<NoteView> = visible(commons, you, mail)
                    .take(room)
                    .map(|(id, one)| view(commons, you, id, one))
                    .collect();
                room -= own.len();
                notes.left_out += all - own.len();
                if !own.is_empty() {
                    notes.of_mails.insert(mail.clone(), own);
                }
            }
        });
        let (room, left_out) = (Cell::new(MOST.1), Cell::new(0));
        let marks = |mail: &MessageId| -> Vec<(EntryId, Mark)> {
            community.look(|commons| {
                let all = visible(commons, you, mail).count();
                let some = visible(commons, you, mail).take(room.get());
                let some: Vec<_> = some.map(|(id, one)| (id, one.mark.clone())).collect();
                room.set(room.get() - some.len());
                left_out.set(left_out.get() + all - some.len());
                some
            })
        };
        for followed in reader.followed(first, marks)? {
            let note = community.look(|commons| {
                Some(view(commons, you, followed.key, commons.annotation(followed.key)?))
            });
            let Some(note) = note else { continue };
            let (how, now) = match &followed.carried {
                Some(carried) => (word(carried.how), Some(one_line(&carried.mark.quote().exact))),
                None => ("outdated", None),
            };
            let now = now.filter(|now| *now != note.quote);
            let version = format!("v{}", followed.version);
            let from = Some(From { version, link: address::of_mail(&followed.on), how, now });
            let note = NoteView { from, ..note };
            match followed.carried {
                Some(carried) => notes.of_mails.entry(carried.message).or_default().push(note),
                None => notes.outdated.push(note),
            }
        }
        notes.left_out += left_out.get();
        Ok(notes)
    }

    /// Takes those of a mail.
    pub(super) fn take(&mut self, mail: &MessageId) -> Vec<NoteView> {
        self.of_mails.remove(mail).unwrap_or_default()
    }
}

fn word(how: Carriage) -> &'static str {
    match how {
        Carriage::Kept => "kept",
        Carriage::Edited => "some words are others now",
        Carriage::Moved => "moved",
    }
}

/// The annotations of a mail that somebody may see.
fn visible<'a>(
    commons: &'a Commons,
    you: &'a You,
    mail: &MessageId,
) -> impl Iterator<Item = (EntryId, &'a Annotation)> {
    let all = commons.annotations_on(mail);
    all.filter(|(id, one)| {
        !commons.is_hidden(*id) || you.is(Role::Editor) || Some(one.by) == you.account()
    })
}

fn view(commons: &Commons, you: &You, id: EntryId, annotation: &Annotation) -> NoteView {
    NoteView {
        id,
        by: one_line(commons.name(annotation.by)),
        at: annotation.at.into(),
        quote: one_line(&annotation.mark.quote().exact),
        text: shown(&annotation.text).into_owned(),
        yours: Some(annotation.by) == you.account(),
        hidden: commons.is_hidden(id),
        from: None,
    }
}

/// Words of a mail and what to say of them.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct NoteForm {
    #[serde(default)]
    pub(super) exact: String,
    #[serde(default)]
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) suffix: String,
    #[serde(default)]
    pub(super) text: String,
    #[serde(skip_deserializing)]
    pub(super) wrong: Option<String>,
}

/// `POST /<message-id>/annotate`
pub(crate) async fn annotate(
    State(app): State<Arc<App>>,
    OfMail(id): OfMail,
    Posted(you, form): Posted<NoteForm>,
) -> Result<Response, Fault> {
    let plain = |text: &str| text.replace("\r\n", "\n");
    let exact = plain(&form.exact);
    let quote = Quote {
        exact: exact.trim_matches('\n').to_owned(),
        prefix: plain(&form.prefix),
        suffix: plain(&form.suffix),
    };
    you.needs(Role::Contributor)?;
    let done = match marked(&app, &id, quote).await {
        Ok(mark) => {
            let (on, text) = (id.clone(), plain(&form.text));
            app.does(you.acting, Deed::Annotate { on, mark, text }).await.map(drop)
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{}#notes", address::of_mail(&id))).into_response()),
        Err(fault) if fault.is_about_the_form() => {
            let again = NoteForm { wrong: Some(fault.words()), ..form };
            Ok(mail::page(&app, you, id, again).await?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// Words of a mail, marked where they stand.
pub(crate) async fn marked(app: &App, mail: &MessageId, quote: Quote) -> Result<Mark, Fault> {
    let mail = mail.clone();
    let found = app.readers.ask(move |reader| Ok(reader.mark(&mail, quote)?)).await?;
    found.ok_or(Fault::NoSuchWords)
}

/// Where to go on.
#[derive(Deserialize)]
pub(crate) struct Back {
    back: String,
}

/// `POST /entries/<number>/retract`: takes one's own annotation back.
pub(crate) async fn retract(
    State(app): State<Arc<App>>,
    Number(annotation): Number,
    Posted(you, form): Posted<Back>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Retract { annotation }).await?;
    Ok(crate::taking_part::to(&form.back))
}
