//! Atom feeds (RFC 4287) of threads, searches and series.

use std::sync::Arc;

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::extract::State;
use jiff::Timestamp;
use lorecast_desk::Reader;
use lorecast_model::{Header, Mailbox, Message, MessageId, Revision};

use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::shown::{self, one_line, shown};
use crate::text::fitting;

/// So many mails are in a feed, the newest.
pub(super) const MOST: usize = 50;

/// So much of a mail is in a feed, in bytes.
const LONGEST: usize = 20 << 10;

/// `/<message-id>/t.atom`: the mails of a thread.
pub(crate) async fn thread_feed(
    State(app): State<Arc<App>>,
    OfMail(id): OfMail,
) -> Result<Answer, Fault> {
    let inner = Arc::clone(&app);
    app.readers
        .ask(move |reader| {
            let view = reader.thread(&id)?;
            let headers = view.tree.iter().filter_map(|(_, header)| header.as_ref());
            let mut newest: Vec<_> =
                headers.map(|header| (header.date, header.id.clone())).collect();
            newest.sort();
            newest.dedup();
            let ids: Vec<MessageId> =
                newest.into_iter().rev().map(|(_, id)| id).take(MOST).collect();
            let page = address::of_thread(&view.thread.id);
            let own = format!("{}t.atom", address::of_mail(&view.thread.id));
            let messages = reader.messages_of(&ids)?;
            let entries = messages.iter().map(|message| inner.of_mail(message)).collect();
            inner.feed(&view.thread.subject, &page, &own, entries)
        })
        .await
}

/// `/series/<message-id>/atom.xml`: the revisions of a series.
pub(crate) async fn series_feed(
    State(app): State<Arc<App>>,
    OfMail(id): OfMail,
) -> Result<Answer, Fault> {
    let inner = Arc::clone(&app);
    app.readers
        .ask(move |reader| {
            let Some((_, all)) = reader.standings(&id)? else {
                reader.thread(&id)?;
                return Err(Fault::Nothing(
                    "This mail belongs to no series of patches.".to_owned(),
                ));
            };
            let title = all.last().map(|one| one.revision.title.clone()).unwrap_or_default();
            let page = address::of_series(&id);
            let entries = all.iter().rev().take(MOST).map(|one| {
                let told = one.events.iter().map(|event| event.date).max();
                inner.of_revision(&one.revision, one.in_words(), told)
            });
            inner.feed(&title, &page, &format!("{page}atom.xml"), entries.collect())
        })
        .await
}

/// The feed of some mails.
pub(super) fn feed_of_mails(
    app: &App,
    reader: &Reader,
    title: &str,
    page: &str,
    own: &str,
    ids: &[MessageId],
) -> Result<Answer, Fault> {
    let messages = reader.messages_of(ids)?;
    let entries = messages.iter().map(|message| app.of_mail(message)).collect();
    app.feed(title, page, own, entries)
}

/// The feed of a search: the newest mails that match.
pub(super) fn search_feed(
    app: &App,
    reader: &Reader,
    query: &str,
    page: &str,
    hits: &[Header],
) -> Result<Answer, Fault> {
    let mut ids: Vec<MessageId> = hits.iter().map(|hit| hit.id.clone()).collect();
    ids.dedup();
    let title = format!("{query} · Search");
    feed_of_mails(app, reader, &title, page, &format!("{page}&x=A"), &ids)
}

impl App {
    pub(crate) fn feed(
        &self,
        title: &str,
        page: &str,
        own: &str,
        entries: Vec<Entry>,
    ) -> Result<Answer, Fault> {
        let link = |rel: &str, path: &str, mime: &str| Link {
            rel: rel.to_owned(),
            href: self.at(path),
            mime_type: Some(mime.to_owned()),
            ..Link::default()
        };
        let feed = Feed {
            title: Text::plain(format!("{} · {}", one_line(title), self.pages.show_title())),
            id: self.at(own),
            updated: entries.iter().map(|entry| entry.updated).max().unwrap_or_default(),
            links: vec![
                link("self", own, "application/atom+xml"),
                link("alternate", page, "text/html"),
            ],
            generator: Some(Generator { value: "Lorecast".to_owned(), ..Generator::default() }),
            entries,
            ..Feed::default()
        };
        let xml = feed.write_to(Vec::new()).map_err(Fault::ours)?;
        Ok(Answer::new("application/atom+xml; charset=utf-8", xml))
    }

    /// A mail is named by its Message-ID (RFC 2392), wherever it is served.
    fn of_mail(&self, message: &Message) -> Entry {
        let header = &message.header;
        Entry {
            content: Some(Content {
                value: Some(shown(fitting(&message.text, LONGEST)).into_owned()),
                content_type: Some("text".to_owned()),
                ..Content::default()
            }),
            ..self.entry(&header.id, &header.subject, &header.from, header.date)
        }
    }

    fn of_revision(&self, revision: &Revision, state: String, told: Option<Timestamp>) -> Entry {
        let title = format!("v{} {}: {state}", revision.version, revision.title);
        let date = told.map_or(revision.date, |told| told.max(revision.date));
        self.entry(&revision.root, &title, &revision.author, date)
    }

    fn entry(&self, id: &MessageId, title: &str, by: &Mailbox, date: Timestamp) -> Entry {
        let date = date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Entry {
            id: format!("mid:{}", id.in_path()),
            title: Text::plain(shown::subject(title)),
            updated: date.parse::<FixedDateTime>().unwrap_or_default(),
            authors: vec![Person { name: shown::sender(by), ..Person::default() }],
            links: vec![Link {
                rel: "alternate".to_owned(),
                href: self.at(&address::of_mail(id)),
                ..Link::default()
            }],
            ..Entry::default()
        }
    }
}
