//! What people do for a show.
//!
//! | file | |
//! |---|---|
//! | `writer` | the one thread that judges deeds and keeps them, many at a time |
//! | `ways_in` | links and mails that let somebody in, sessions |
//! | `asking` | which browser asked for a link |
//! | `produce` | editors at work on an episode |
//! | `passkeys` | keys on people's devices |
//! | `providers` | others who say who somebody is |
//! | `sealed` | what a browser keeps for the show between two steps |
//! | `weave` | accepted text goes into the notes |
//! | `fillers` | recordings that are offered, and go among the takes |
//! | `own_word` | people prove an address, and what they say of themselves goes into `people.yaml` |
//! | `news` | what is new of what somebody follows |
//! | `digest` | one mail that tells somebody what is new |
//! | `letter` | a mail, and how it is sent |
//! | `backup` | the journal in another file, and back |
//! | `week` | the episode that is being made |

mod asking;
mod backup;
mod digest;
mod fillers;
mod letter;
mod news;
mod own_word;
mod passkeys;
mod produce;
mod providers;
mod sealed;
mod ways_in;
mod weave;
mod week;
mod writer;

use std::sync::{Arc, Mutex, PoisonError, RwLock, mpsc};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_community::{AccountId, Acting, Commons, Deed, Entry, EntryId, Refusal};
use lorecast_store::Place;
use lorecast_store::journal::{Journal, JournalError, PostgresJournal, SqliteJournal};
use thiserror::Error;
use tokio::sync::{broadcast, oneshot};

use crate::{Desk, DeskError, Result};
use writer::{Job, Order, Writer};

pub use asking::Asker;
pub use news::{News, NewsOf, Newsroom};
pub use passkeys::{Passkeys, Question, passkeys_from};
pub use produce::Edited;
pub use providers::{Back, Providers, Returned};
pub use ways_in::new_key;
pub use weave::Preview;
pub(crate) use weave::about;
pub(crate) use week::words;
pub use week::{Week, WeekSection, WeekStory};

/// Entries that a listener may lag behind before some are left out for it.
const NEWS: usize = 1_024;

/// The people of a show at work: what follows from all that they did, and the way to do more. Cheap to clone; all clones are
/// one.
#[derive(Clone)]
pub struct Community {
    root: Utf8PathBuf,
    commons: Arc<RwLock<Commons>>,
    jobs: mpsc::Sender<Order>,
    news: broadcast::Sender<Arc<Entry>>,
    /// Held while accepted text goes into the notes.
    weaving: Arc<Mutex<()>>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The entry.
    pub entry: EntryId,
    /// The account that was opened or entered, if that is what was done.
    pub account: Option<AccountId>,
    /// What a visitor had wanted to do, which was done as well.
    pub wish: Option<EntryId>,
}

/// Why something was not done.
#[derive(Clone, Debug, Error)]
pub enum NotDone {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be kept.
    #[error(transparent)]
    Journal(Arc<JournalError>),
    /// Others were quicker, again and again.
    #[error("too many are writing at the moment; try again")]
    Busy,
    /// The server ends.
    #[error("the server is ending; try again in a moment")]
    Ending,
}

/// What the writer answers.
type Answer = std::result::Result<Done, NotDone>;

impl Desk<'_> {
    /// Opens what people did for the show. Call [`Community::weave`] next: a process that ended too early may have left
    /// accepted text that is not in the notes yet.
    ///
    /// # Errors
    /// When the journal cannot be read, or a file of the show.
    pub fn community(&self) -> Result<Community> {
        let (place, file) = (self.place()?, self.dir.community());
        Community::new(self.root().to_owned(), move || open(&place, &file))
    }

    /// What people did for the show: beside its index, in a file or in the same database.
    pub(crate) fn journal(&self) -> Result<Box<dyn Journal>> {
        open(&self.place()?, &self.dir.community())
    }
}

fn open(place: &Place, file: &Utf8Path) -> Result<Box<dyn Journal>> {
    if let Place::Server(address) = place {
        return Ok(Box::new(PostgresJournal::open(address)?));
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|source| DeskError::Folder { path: folder.to_owned(), source })?;
    }
    Ok(Box::new(SqliteJournal::open(file)?))
}

impl Community {
    /// On a journal, which is opened and used by one thread alone: a server's own threads may not wait for a database.
    fn new(
        root: Utf8PathBuf,
        open: impl FnOnce() -> Result<Box<dyn Journal>> + Send + 'static,
    ) -> Result<Self> {
        let commons = Arc::<RwLock<Commons>>::default();
        let (news, _) = broadcast::channel(NEWS);
        let (jobs, inbox) = mpsc::channel();
        let (ready, begun) = mpsc::channel();
        let begin = {
            let (commons, news, jobs) = (Arc::clone(&commons), news.clone(), jobs.clone());
            move || -> Result<(Writer, Duration)> {
                let mut writer = Writer::new(open()?, commons, news);
                let look = writer.listen(jobs)?;
                writer.catch_up()?;
                writer.go_on()?;
                Ok((writer, look))
            }
        };
        let thread = std::thread::Builder::new().name("community".to_owned());
        let started = thread.spawn(move || match begin() {
            Ok((writer, look)) => {
                if ready.send(Ok(())).is_ok() {
                    writer.work(&inbox, look);
                }
            }
            // Who opens it is told.
            Err(error) => drop(ready.send(Err(error))),
        });
        started.map_err(|source| DeskError::Folder { path: root.clone(), source })?;
        begun.recv().unwrap_or_else(|_| Err(NotDone::Ending.into()))?;
        Ok(Self { root, commons, jobs, news, weaving: Arc::default() })
    }

    /// Looks at what follows from all that was done. Others wait while `look` runs: let it be short.
    pub fn look<T>(&self, look: impl FnOnce(&Commons) -> T) -> T {
        look(&self.commons.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does something. When this returns, it is kept, whatever happens to the machine.
    ///
    /// # Errors
    /// When the rules say no, or it could not be kept.
    pub async fn does(
        &self,
        acting: impl Into<Acting>,
        deed: Deed,
        at: Timestamp,
    ) -> std::result::Result<Done, NotDone> {
        self.ask(acting.into(), deed, at)?.await.map_err(|_| NotDone::Ending)?
    }

    /// The same for who may wait for the disk.
    ///
    /// # Errors
    /// When the rules say no, or it could not be kept.
    pub fn does_now(
        &self,
        acting: impl Into<Acting>,
        deed: Deed,
        at: Timestamp,
    ) -> std::result::Result<Done, NotDone> {
        self.ask(acting.into(), deed, at)?.blocking_recv().map_err(|_| NotDone::Ending)?
    }

    /// Has something done that nobody waits for. Whether it was is not told.
    pub fn notes(&self, acting: impl Into<Acting>, deed: Deed, at: Timestamp) {
        drop(self.ask(acting.into(), deed, at));
    }

    fn ask(
        &self,
        acting: Acting,
        deed: Deed,
        at: Timestamp,
    ) -> std::result::Result<oneshot::Receiver<Answer>, NotDone> {
        let (answer, done) = oneshot::channel();
        self.jobs
            .send(Order::Does(Job { acting, deed, at, answer }))
            .map_err(|_| NotDone::Ending)?;
        Ok(done)
    }

    /// Waits until everything is known that another process did before. Without the journal, nothing more is.
    pub async fn catches_up(&self) {
        let (told, known) = oneshot::channel();
        if self.jobs.send(Order::Tell(told)).is_ok() {
            // A thread that has ended tells nothing.
            let _ = known.await;
        }
    }

    /// Every entry from now on, as it is kept, by whichever process.
    pub fn news(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.news.subscribe()
    }

    /// All that an account did, the oldest first, as the journal has it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn deeds_of(&self, account: AccountId) -> Result<Vec<Entry>> {
        let own = |entry: &Entry| {
            let entered =
                matches!(&entry.deed, Deed::EnterWith { account: by, .. } if *by == account);
            let by = entry.by.account().or(entry.deed.about());
            by == Some(account) || entry.id == account.0 || entered
        };
        let mut journal = Desk::open(&self.root, &crate::Silent)?.journal()?;
        let mut all = Vec::new();
        writer::each(journal.as_mut(), 0, |entry| {
            if own(&entry) {
                all.push(entry);
            }
        })?;
        Ok(all)
    }
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::NotDone(refusal.into())
    }
}

impl From<NotDone> for DeskError {
    fn from(error: NotDone) -> Self {
        Self::NotDone(error)
    }
}
