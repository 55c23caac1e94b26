//! What somebody wrote lately.

use std::collections::BTreeSet;

use lorecast_model::{Event, Field, Header, Like, MessageId, Order, Query, Standing, What};
use lorecast_people::Somebody;
use lorecast_store::Page;

use super::Circle;
use crate::{Reader, Result};

/// So many of somebody's addresses are looked for.
const MOST_ADDRESSES: usize = 20;
/// So many of their mails are looked at, the newest.
const MAILS: u32 = 300;
/// So many series, threads, answers and landings are told of, the newest.
const TOLD: usize = 20;

/// What somebody wrote lately, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Lately {
    /// The latest revision of each series that they posted, and where it stands.
    pub series: Vec<Standing>,
    /// Threads that they began without posting patches.
    pub threads: Vec<Header>,
    /// Answers that they gave.
    pub answers: Vec<Header>,
    /// What of their series became of trees: the series, and the landing.
    pub landings: Vec<(Standing, Event)>,
}

impl Reader {
    /// The mails that somebody sent, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn mails_of(&self, circle: &Circle, somebody: &Somebody, take: u32) -> Result<Vec<Header>> {
        let emails = somebody.person.emails.iter().take(MOST_ADDRESSES);
        let sent = |email: &String| Query::Word {
            fields: Field::From.into(),
            word: email.clone(),
            like: Like::Exact,
        };
        let query = Query::Or(emails.map(sent).collect());
        let mut found = self.store.matches(&query, Order::Newest, Page { skip: 0, take })?;
        // The words of an address stand in others, too.
        found.retain(|mail| circle.writer(&mail.from).is_some_and(|by| by.id == somebody.id));
        found.dedup_by(|one, other| one.id == other.id);
        Ok(found)
    }

    /// What somebody wrote lately.
    ///
    /// # Errors
    /// When the store fails.
    pub fn work(&self, circle: &Circle, somebody: &Somebody) -> Result<Lately> {
        let mut work = Lately::default();
        let mut seen = BTreeSet::new();
        for mail in self.mails_of(circle, somebody, MAILS)? {
            match self.store.revision_of(&mail.id)? {
                Some(revision) => {
                    let own =
                        circle.writer(&revision.author).is_some_and(|by| by.id == somebody.id);
                    if own && work.series.len() < TOLD && seen.insert(revision.series) {
                        work.series.extend(self.latest_of(&revision.root)?);
                    }
                }
                None if mail.references.is_empty() => work.threads.push(mail),
                None => work.answers.push(mail),
            }
        }
        work.threads.truncate(TOLD);
        work.answers.truncate(TOLD);
        let landed =
            work.series.iter().filter_map(|one| Some((one.clone(), landing(one)?.clone())));
        work.landings = landed.collect();
        work.landings.sort_by_key(|(_, event)| std::cmp::Reverse(event.date));
        Ok(work)
    }

    /// The latest revision of a series.
    fn latest_of(&self, id: &MessageId) -> Result<Option<Standing>> {
        Ok(self.standings(id)?.and_then(|(_, mut all)| all.pop()))
    }
}

/// The last thing that tells of a commit: in mainline, else in a maintainer's tree.
pub(crate) fn landing(standing: &Standing) -> Option<&Event> {
    let mainline = |event: &&Event| matches!(event.what, What::Landed { .. });
    let applied = |event: &&Event| matches!(event.what, What::Applied { .. });
    let events = || standing.events.iter().rev();
    events().find(mainline).or_else(|| events().find(applied))
}
