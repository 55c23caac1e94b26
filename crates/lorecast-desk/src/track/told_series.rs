//! The series that episodes told, as their pages show them.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{Event, MessageId, Proof, Revision, SeriesId, What};
use lorecast_people::Forgotten;
use lorecast_publisher::{Happening, Release, RevisionStory, SeriesStory};

use super::follow::told;
use super::series::{Told, views};
use super::standing::Moment;
use crate::people::veil;
use crate::{Desk, Result, RevisionView};

impl Desk<'_> {
    /// Every series of which a release told, with all its revisions; none without an index.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn series_of(
        &self,
        releases: &[Release],
        forgotten: &Forgotten,
    ) -> Result<Vec<SeriesStory>> {
        let Some(store) = self.store()? else { return Ok(Vec::new()) };
        let moment = Moment::latest(&*store)?;
        let mut by_message: Told = BTreeMap::new();
        let mut first_told: Vec<(SeriesId, MessageId)> = Vec::new();
        let mut known = BTreeSet::new();
        let mut oldest: Vec<&Release> = releases.iter().collect();
        oldest.sort_by_key(|release| release.id);
        for release in oldest {
            for message in told(&release.episode) {
                by_message.entry(message.clone()).or_default().push(release.id);
                let Some(revision) = store.revision_of(message)? else { continue };
                if known.insert(revision.series.clone()) {
                    first_told.push((revision.series, message.clone()));
                }
            }
        }
        let of = |(series, named): &(SeriesId, MessageId)| {
            let all = store.of_series(std::slice::from_ref(series))?;
            let all = all.into_iter().map(|posted| posted.revision).collect();
            Ok(story(named, &views(&*store, all, moment, &by_message)?, forgotten))
        };
        first_told.iter().map(of).collect()
    }
}

/// A series as its page needs it. The mail `named` was told first.
fn story(named: &MessageId, views: &[RevisionView], forgotten: &Forgotten) -> SeriesStory {
    let posted = views.iter().flat_map(|view| view.standing.revision.messages());
    let mut messages: Vec<MessageId> = vec![named.clone()];
    messages.extend(posted.filter(|id| *id != named).cloned());
    let latest = views.last().map(|view| &view.standing.revision);
    SeriesStory {
        messages,
        title: latest.map(|revision| revision.title.clone()).unwrap_or_default(),
        author: latest.map(|revision| author(revision, forgotten)).unwrap_or_default(),
        revisions: views.iter().map(revision).collect(),
    }
}

fn revision(view: &RevisionView) -> RevisionStory {
    let revision = &view.standing.revision;
    // Who vouches is a list of its own, and that somebody answered is no news.
    let is_news = |event: &&Event| !matches!(event.what, What::Answered | What::Vouched { .. });
    let mut trailers: Vec<String> = view
        .trailers
        .iter()
        .map(|given| format!("{}: {}", capital(&given.key), name(&given.value)))
        .collect();
    let mut seen = BTreeSet::new();
    trailers.retain(|trailer| seen.insert(trailer.clone()));
    RevisionStory {
        version: revision.version,
        rfc: revision.rfc,
        resend: revision.resend,
        date: revision.date,
        root: revision.root.clone(),
        patches: revision.announced.max(1),
        state: view.state(),
        happenings: happenings(view.standing.events.iter().filter(is_news)),
        changes: view.changes.clone(),
        trailers,
        covered: view.covered.clone(),
    }
}

/// Nothing in the place of a name that the mail does not give: an address is not shown.
fn author(revision: &Revision, forgotten: &Forgotten) -> String {
    let mut author = revision.author.clone();
    veil::sender(forgotten, &mut author);
    author.name
}

/// Events by date; what one person said or did on one day to several patches is one of them.
fn happenings<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<Happening> {
    let mut sorted: Vec<&Event> = events.collect();
    sorted.sort_by(|a, b| (a.date, &a.what, &a.who).cmp(&(b.date, &b.what, &b.who)));
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for event in sorted {
        let by = if event.who.is_empty() { String::new() } else { format!(" by {}", event.who) };
        let text = format!("{}{by}", event.what.in_words());
        let day = event.date.strftime("%F").to_string();
        if seen.insert((day, text.clone())) {
            let message = match &event.proof {
                Proof::Message(id) => Some(id.clone()),
                Proof::Commit { .. } => None,
            };
            found.push(Happening { date: event.date, text: capital(&text), message });
        }
    }
    found
}

/// A person in a trailer without the address.
fn name(value: &str) -> &str {
    value.split_once('<').map_or(value, |(name, _)| name).trim()
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
