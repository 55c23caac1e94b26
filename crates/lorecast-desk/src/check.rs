//! Notes against the archives.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::ToSpan;
use lorecast_drafter::{Checked, Conversation, KnownPost, Senders, Sources};
use lorecast_model::planet::Post;
use lorecast_model::{
    Episode, EpisodeId, Field, Fields, Finding, Glossary, Message, MessageId, Order, Person,
    PostStory, Query, Revision, Show, Window,
};
use lorecast_store::{Page, Span, Store};

use crate::{Desk, DeskError, Result};

/// What to check.
#[derive(Clone, Debug, Default)]
pub struct CheckRequest {
    /// The episode; the latest one when neither this nor `notes` is given.
    pub episode: Option<EpisodeId>,
    /// Other notes than those of the episode: any Markdown file.
    pub notes: Option<Utf8PathBuf>,
    /// Carry out the fixes that findings offer.
    pub fix: bool,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// The file.
    pub notes: Utf8PathBuf,
    /// What is wrong with it, by place; after fixes, what remains.
    pub findings: Vec<Finding>,
    /// How many fixes were carried out.
    pub fixed: usize,
}

/// How often fixes are carried out and looked at again: one may uncover another.
const MOST_ROUNDS: usize = 5;

impl Desk<'_> {
    /// Checks notes against the mails that they cite, and repairs them when asked to.
    ///
    /// # Errors
    /// When nothing was ingested, there is no such episode, or a file cannot be read or written.
    pub fn check(&self, request: &CheckRequest) -> Result<CheckReport> {
        let store = self.filled_store()?;
        let id = match (request.episode, &request.notes) {
            (None, None) => Some(self.latest()?),
            (id, _) => id,
        };
        let dir = id.map(|id| self.dir.episode(id)).transpose()?;
        let episode = dir.as_ref().map(|dir| dir.episode()).transpose()?;
        let file = match (&request.notes, &dir) {
            (Some(file), _) => file.clone(),
            (None, Some(dir)) => dir.file("notes.md"),
            (None, None) => return Err(DeskError::NoEpisodes { dir: self.root().to_owned() }),
        };
        let held = match (&dir, &request.notes) {
            (Some(dir), None) if request.fix => Some(self.hold(dir.id())?),
            _ => None,
        };
        let mut notes = lorecast_show::read_notes(&file)?;
        let bench = self.bench(&*store, episode.as_ref().map(|episode| episode.window))?;
        let place = self.shown(&file);
        let (mut findings, mut fixed) = (Vec::new(), 0);
        for _ in 0..MOST_ROUNDS {
            findings = bench.findings(&place, &notes, id, episode.as_ref())?;
            let (mended, done) = lorecast_drafter::mended(&notes, &findings);
            if !request.fix || done == 0 {
                break;
            }
            lorecast_show::write_atomically(&file, mended.as_bytes())?;
            (notes, fixed) = (mended, fixed + done);
        }
        if let Some(held) = held {
            held.keep()?;
        }
        Ok(CheckReport { notes: file, findings, fixed })
    }

    /// What the checks of one or more episodes share; `window` holds the days of all of them.
    pub(crate) fn bench<'a>(
        &self,
        store: &'a dyn Store,
        window: Option<Window>,
    ) -> Result<Bench<'a>> {
        Ok(Bench {
            show: self.dir.show()?,
            people: self.dir.people()?,
            employers: self.employer_sources()?.0,
            glossary: self.glossary()?,
            episodes: self.dir.episodes()?.into_iter().map(|dir| dir.id()).collect(),
            archives: Archives::new(store, window).with_posts(self.all_posts()?),
        })
    }

    fn latest(&self) -> Result<EpisodeId> {
        let last = self.dir.episodes()?.pop();
        last.map(|dir| dir.id()).ok_or(DeskError::NoEpisodes { dir: self.root().to_owned() })
    }

    /// A file as findings name it: from the show's folder on, when it lies there.
    pub(crate) fn shown(&self, file: &Utf8Path) -> String {
        file.strip_prefix(self.root()).unwrap_or(file).to_string()
    }
}

/// What a check looks things up in: read once, however many episodes are checked.
pub(crate) struct Bench<'a> {
    show: Show,
    people: Vec<Person>,
    employers: lorecast_people::Sources,
    glossary: Glossary,
    episodes: Vec<EpisodeId>,
    archives: Archives<'a>,
}

impl Bench<'_> {
    /// What is wrong with notes, which `place` names.
    pub(crate) fn findings(
        &self,
        place: &str,
        notes: &str,
        id: Option<EpisodeId>,
        episode: Option<&Episode>,
    ) -> Result<Vec<Finding>> {
        let before = |other: &&EpisodeId| id.is_none_or(|id| **other < id);
        let earlier: Vec<EpisodeId> = self.episodes.iter().filter(before).copied().collect();
        let checked = Checked {
            show: Some(&self.show),
            episode,
            earlier: &earlier,
            glossary: Some(&self.glossary),
            people: &self.people,
            employers: Some(&self.employers),
            ..Checked::notes(place, notes)
        };
        let findings = lorecast_drafter::check(&checked, &self.archives);
        self.archives.failure()?;
        Ok(findings)
    }
}

/// How many mails are found again without asking the store.
const MOST_HELD: usize = 50_000;
/// How far before and after an episode people are looked for, in days.
const REACH: i32 = 400;
/// How many mails with some words are looked at.
const MOST_HITS: u32 = 8;

/// The store, as a check asks for it. What fails is kept until the check is over.
pub(crate) struct Archives<'a> {
    store: &'a dyn Store,
    window: Option<Window>,
    held: RefCell<HashMap<MessageId, Arc<Conversation>>>,
    senders: OnceCell<Senders>,
    posts: HashMap<String, (PostStory, Post)>,
    failure: RefCell<Option<DeskError>>,
}

impl<'a> Archives<'a> {
    pub(crate) fn new(store: &'a dyn Store, window: Option<Window>) -> Self {
        Self {
            store,
            window,
            held: RefCell::default(),
            senders: OnceCell::new(),
            posts: HashMap::new(),
            failure: RefCell::default(),
        }
    }

    /// The same with what the blogs wrote, by link.
    pub(crate) fn with_posts(self, posts: HashMap<String, (PostStory, Post)>) -> Self {
        Self { posts, ..self }
    }

    /// What failed on the way, if anything did.
    pub(crate) fn failure(&self) -> Result<()> {
        self.failure.borrow_mut().take().map_or(Ok(()), Err)
    }

    fn kept<T: Default>(&self, result: Result<T>) -> T {
        result.unwrap_or_else(|error| {
            self.failure.borrow_mut().get_or_insert(error);
            T::default()
        })
    }

    fn thread(&self, id: &MessageId) -> Result<Vec<Message>> {
        let keys = self.store.thread_keys(std::slice::from_ref(id))?;
        match keys.get(id) {
            Some(key) => Ok(self.store.thread_messages(*key)?),
            None => Ok(Vec::new()),
        }
    }

    fn senders(&self) -> &Senders {
        self.senders.get_or_init(|| self.kept(self.read_senders()))
    }

    fn read_senders(&self) -> Result<Senders> {
        let mut senders = Senders::default();
        self.store.each_header(self.span(), &mut |header, _| {
            senders.add(&header.from);
            Ok(())
        })?;
        Ok(senders)
    }

    fn span(&self) -> Span {
        let Some(window) = self.window else { return Span::ALL };
        let day = |date: jiff::civil::Date, days: i32| date.saturating_add(days.days());
        let wide = Window { from: day(window.from, -REACH), to: day(window.to, REACH) };
        let (from, to) = wide.bounds();
        Span { from, to }
    }

    fn revisions(&self, id: &MessageId) -> Result<Vec<Revision>> {
        let Some(revision) = self.store.revision_of(id)? else { return Ok(Vec::new()) };
        let all = self.store.of_series(std::slice::from_ref(&revision.series))?;
        let mut all: Vec<Revision> = all.into_iter().map(|posted| posted.revision).collect();
        if !all.iter().any(|known| known.root == revision.root) {
            all.push(revision);
        }
        Ok(all)
    }
}

impl Sources for Archives<'_> {
    fn post(&self, link: &str) -> Option<KnownPost> {
        let (story, post) = self.posts.get(link)?;
        let words = format!("{} {}", post.summary, lorecast_planet::words(&post.html));
        Some(KnownPost { story: story.clone(), words })
    }

    fn conversation(&self, id: &MessageId) -> Option<Arc<Conversation>> {
        if let Some(known) = self.held.borrow().get(id) {
            return Some(known.clone());
        }
        let messages = self.kept(self.thread(id));
        if !messages.iter().any(|message| message.header.id == *id) {
            return None;
        }
        let talk = Arc::new(Conversation { messages });
        let mut held = self.held.borrow_mut();
        if held.len() < MOST_HELD {
            for message in &talk.messages {
                held.insert(message.header.id.clone(), talk.clone());
            }
        }
        Some(talk)
    }

    fn series(&self, id: &MessageId) -> Vec<Revision> {
        self.kept(self.revisions(id))
    }

    fn is_sender(&self, name: &str) -> bool {
        self.senders().contains(name)
    }

    fn senders_with(&self, word: &str) -> Vec<String> {
        self.senders().with(word).to_vec()
    }

    fn holding(&self, words: &str) -> Vec<MessageId> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        let fields = Fields::of(&[Field::Unquoted, Field::Subject]);
        let query = Query::Phrase { fields, words };
        let page = Page { skip: 0, take: MOST_HITS };
        let hits =
            self.kept(self.store.search(&query, Order::Newest, page).map_err(DeskError::from));
        hits.into_iter().map(|hit| hit.header.id).collect()
    }
}
