//! What is new of what somebody follows.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Following, Interest, NewsKey};
use lorecast_model::{EpisodeId, Header, MessageId, Order, PersonId, Standing};
use lorecast_store::Page;

use crate::people::lately::landing;
use crate::track::Told;
use crate::{Circle, DeskError, Reader, Result};

/// So many mails of one interest are looked at, the newest.
const MAILS: u32 = 100;

/// So much that was so already is remembered of an interest.
const KNOWN: usize = 50;

/// And so many mails and revisions that are not old: those of a story are its mails and the revisions of its series.
const LATELY: usize = 150;

/// Mails may reach the archives so much later than they are dated.
pub(super) const LATE: SignedDuration = SignedDuration::from_hours(48);

/// A piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What it is for ever.
    pub key: NewsKey,
    /// When it happened.
    pub at: Timestamp,
    /// What.
    pub what: NewsOf,
    /// What it is about: the subject of a mail, the title of a series or story.
    pub title: String,
    /// Who did it; empty when that is not known.
    pub by: String,
}

/// What is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewsOf {
    /// A mail.
    Mail(MessageId),
    /// A revision of a series.
    Revision {
        /// Its first mail.
        root: MessageId,
        /// `v2`.
        version: String,
    },
    /// Patches became commits.
    Landed {
        /// The revision.
        root: MessageId,
        /// `landed in v6.4-rc1`.
        how: String,
    },
    /// An episode told of it.
    Told {
        /// The episode.
        episode: EpisodeId,
    },
}

impl News {
    /// Whether it may be new though it happened before: trees are read late, and commits are older than their way into them.
    fn is_lasting(&self) -> bool {
        matches!(self.what, NewsOf::Landed { .. } | NewsOf::Told { .. })
    }

    /// What happened, in a word or a few.
    pub fn in_words(&self) -> String {
        match &self.what {
            NewsOf::Mail(_) => "new mail".to_owned(),
            NewsOf::Revision { version, .. } => format!("{version} posted"),
            NewsOf::Landed { how, .. } => how.clone(),
            NewsOf::Told { episode } => format!("told in the episode of {episode}"),
        }
    }
}

/// Looks for news in one state of the archives.
pub struct Newsroom<'a> {
    reader: &'a Reader,
    circle: &'a Circle,
    told: Told,
    /// When each episode came out that did.
    out: BTreeMap<EpisodeId, Timestamp>,
}

impl Reader {
    /// Looks for what is new.
    ///
    /// # Errors
    /// When a file of the show cannot be read.
    pub fn newsroom<'a>(&'a self, circle: &'a Circle) -> Result<Newsroom<'a>> {
        let mut out = BTreeMap::new();
        for dir in self.dir.episodes()? {
            out.extend(dir.publication()?.map(|publication| (dir.id(), publication.date)));
        }
        Ok(Newsroom { reader: self, circle, told: self.told_in.of(&self.dir)?, out })
    }
}

impl Newsroom<'_> {
    /// What is so already when somebody begins to follow something, and is no news for them: what lasts, and mails that are
    /// not older than one that may still come.
    ///
    /// # Errors
    /// When the store fails.
    pub fn known(&self, interest: &Interest, now: Timestamp) -> Result<Vec<NewsKey>> {
        let (lasting, lately): (Vec<_>, Vec<_>) =
            self.of(interest, now - LATE)?.into_iter().partition(News::is_lasting);
        let known = lasting.into_iter().take(KNOWN).chain(lately.into_iter().take(LATELY));
        Ok(known.map(|news| news.key).collect())
    }

    /// What somebody does not know yet of what they follow, the newest first, each once. What happened before `since`, or long
    /// before they began to follow it, is left out.
    ///
    /// # Errors
    /// When the store fails.
    pub fn unknown(&self, following: &Following, since: Timestamp) -> Result<Vec<News>> {
        let mut all: BTreeMap<NewsKey, News> = BTreeMap::new();
        for (interest, begun) in &following.interests {
            for news in self.of(interest, since.max(begun.at - LATE))? {
                if !begun.known.contains(&news.key) && !following.was_told(&news.key) {
                    all.entry(news.key.clone()).or_insert(news);
                }
            }
        }
        let mut all: Vec<News> = all.into_values().collect();
        all.sort_by(|one, other| (other.at, &other.key).cmp(&(one.at, &one.key)));
        Ok(all)
    }

    fn of(&self, interest: &Interest, since: Timestamp) -> Result<Vec<News>> {
        match interest {
            Interest::Thread(id) => self.of_thread(id, since),
            Interest::Series(id) => self.of_series(id, since),
            Interest::Story(id) => {
                let mut all = self.of_series(id, since)?;
                all.extend(self.of_thread(id, since)?);
                Ok(all)
            }
            Interest::Person(id) => self.of_person(id, since),
            Interest::Search(text) => self.of_search(text, since),
        }
    }

    fn of_thread(&self, id: &MessageId, since: Timestamp) -> Result<Vec<News>> {
        let view = match self.reader.thread(id) {
            Err(DeskError::NoMessage { .. }) => return Ok(vec![]),
            view => view?,
        };
        let headers = || view.tree.iter().filter_map(|(_, header)| header.as_ref());
        let mut all: Vec<News> = headers().filter(|mail| mail.date > since).map(mail).collect();
        all.sort_by_key(|news| std::cmp::Reverse(news.at));
        all.truncate(MAILS as usize);
        let ids = view.tree.iter().map(|(node, _)| &node.id);
        all.extend(self.of_episodes(ids, &view.thread.subject));
        Ok(all)
    }

    fn of_series(&self, id: &MessageId, since: Timestamp) -> Result<Vec<News>> {
        let Some((_, standings)) = self.reader.standings(id)? else { return Ok(vec![]) };
        let mut all = Vec::new();
        for standing in &standings {
            let revision = &standing.revision;
            if revision.date > since {
                all.push(posted(standing));
            }
            if let Some(event) = landing(standing) {
                let how = event.what.in_words();
                all.push(News {
                    key: NewsKey::new("landed", &format!("{} {how}", revision.root)),
                    at: event.date,
                    what: NewsOf::Landed { root: revision.root.clone(), how },
                    title: revision.title.clone(),
                    by: event.who.clone(),
                });
            }
            all.extend(self.of_episodes(revision.messages(), &revision.title));
        }
        Ok(all)
    }

    fn of_person(&self, id: &PersonId, since: Timestamp) -> Result<Vec<News>> {
        let Some(somebody) = self.circle.get(id) else { return Ok(vec![]) };
        let mut all = Vec::new();
        for header in self.reader.mails_of(self.circle, somebody, MAILS)? {
            if header.date <= since {
                break;
            }
            match self.reader.standings(&header.id)? {
                // Of a series its first mail tells.
                Some((root, standings)) if root == header.id => {
                    let ours = standings.iter().find(|one| one.revision.root == root);
                    all.extend(ours.map(posted));
                }
                None if header.references.is_empty() => all.push(mail(&header)),
                _ => {}
            }
        }
        Ok(all)
    }

    fn of_search(&self, text: &str, since: Timestamp) -> Result<Vec<News>> {
        let page = Page { skip: 0, take: MAILS };
        match self.reader.matches(text, since, Order::Newest, page) {
            Ok(hits) => Ok(hits.iter().filter(|hit| hit.date > since).map(mail).collect()),
            // A search that cannot be read finds nothing.
            Err(DeskError::Query(_)) => Ok(vec![]),
            Err(error) => Err(error),
        }
    }

    fn of_episodes<'a>(
        &'a self,
        ids: impl Iterator<Item = &'a MessageId>,
        title: &'a str,
    ) -> impl Iterator<Item = News> {
        let told = ids.filter_map(|id| Some((id, self.told.get(id)?)));
        let each =
            told.flat_map(|(id, episodes)| episodes.iter().map(move |episode| (id, episode)));
        each.filter_map(move |(id, episode)| {
            Some(News {
                key: NewsKey::new("told", &format!("{id} {episode}")),
                at: *self.out.get(episode)?,
                what: NewsOf::Told { episode: *episode },
                title: title.to_owned(),
                by: String::new(),
            })
        })
    }
}

fn mail(header: &Header) -> News {
    News {
        key: NewsKey::new("mail", header.id.as_str()),
        at: header.date,
        what: NewsOf::Mail(header.id.clone()),
        title: header.subject.clone(),
        by: header.from.called().to_owned(),
    }
}

/// A revision is told of by its first mail, which is then no other news.
fn posted(standing: &Standing) -> News {
    let revision = &standing.revision;
    News {
        key: NewsKey::new("mail", revision.root.as_str()),
        at: revision.date,
        what: NewsOf::Revision {
            root: revision.root.clone(),
            version: format!("v{}", revision.version),
        },
        title: revision.title.clone(),
        by: revision.author.called().to_owned(),
    }
}
