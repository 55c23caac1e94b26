//! The use cases as functions with progress, which the command line and the web call alike.
//!
//! It never prints or serves HTTP. A [`Desk`] is one show with somebody to report progress to; each
//! file here adds one use case to it, and is the only place where the stages of that use case meet.

mod assistant;
mod carry;
mod check;
mod community;
mod corrections;
mod days;
mod deliver;
mod demo;
mod digests;
mod downloads;
mod draft;
mod edit;
mod employers;
mod error;
mod export;
mod hand_edited;
mod hubs;
mod ingest;
mod learn;
pub mod lint;
mod maintainers;
mod marks;
mod master;
pub mod measured;
mod moving;
mod parts;
mod people;
mod planet;
mod play;
mod producing;
mod program;
mod progress;
mod publish;
mod query;
mod rank;
mod read;
mod script;
mod sharing;
mod sound;
mod split;
mod telling;
mod timing;
mod track;
mod transcript;
mod upkeep;
mod voice;
mod work;

use camino::Utf8Path;
use lorecast_model::{Show, Templates};
use lorecast_show::ShowDir;
use lorecast_store::Store;

pub use assistant::Assistance;
pub use carry::Carried;
pub use check::{CheckReport, CheckRequest};
pub use community::{
    Asker, Back, Community, Done, Edited, News, NewsOf, Newsroom, NotDone, Passkeys, Preview,
    Providers, Question, Returned, Week, WeekSection, WeekStory, new_key, passkeys_from,
};
pub use corrections::Doubt;
pub use deliver::{Deliver, Delivered};
pub use demo::{Demo, DemoStep};
pub use downloads::Downloads;
pub use draft::{DraftReport, Drafting};
pub use edit::Decisions;
pub use error::DeskError;
pub use export::{Cell, Table};
pub use hubs::HubAnswer;
pub use ingest::{IngestReport, Named, SourceReport};
pub use learn::{Learned, Lesson, Place};
pub use lorecast_community::Key;
pub use lorecast_drafter::{Fate, Origin, Pace, Script, StoryChange, Timing, Unknown, Unspoken};
pub use lorecast_mail::{Passage, PassageKind, linked_message, passages};
pub use lorecast_people::{Conflict, Credit, Credits, Merge, People, Reason, Somebody, effective};
pub use lorecast_publisher::{Employment, Portrait, Told, is_storage};
pub use lorecast_show::{Merged, Outcome, Saved, Scaffold, Setting};
pub use lorecast_store::jobs::{Job, JobId, JobState, Queued};
pub use lorecast_store::journal::Copied;
pub use lorecast_store::{Hit, Original, Page, Span, Stats};
pub use lorecast_tracker::series::{Change, PatchChange};
pub use marks::Followed;
pub use master::{Mastered, Mastering};
pub use moving::{MovedIn, MovingIn};
pub use people::{
    Circle, CircleStamp, ClaimMail, CreditFor, CreditReport, ENTRY_KEYS, EntryChange, Forgot, Hand,
    Imported, ImportedAs, Lately, MadeMerge, OwnWord, PeopleReport, PeopleReview, PersonView,
    said_by,
};
pub use planet::{BlogNews, BlogReport, Gathering, ImportedBlogs, PlanetReport};
pub use play::{Playing, Source};
pub use producing::{Arranged, Length, Words};
pub use program::stop_assistants;
pub use progress::{Progress, Silent, Task, Unit};
pub use publish::{PublishReport, Publishing};
pub use query::{QueryError, parse as parse_query};
pub use rank::RankedStory;
pub use read::{MessageView, Reader, ThreadView};
pub use script::{ScriptForm, ScriptReport};
pub use sound::{Incoming, SoundRefusal, SoundView, TakeOf, TakeView};
pub use split::{SplitReport, SplitSection};
pub use timing::{SectionTiming, TimingReport};
pub use track::{Given, MergeView, PullView, RevisionView, TrackReport, TreeReport};
pub use transcript::Placement;
pub use upkeep::StoreReport;
pub use voice::{ReadChapter, VoiceReport};
pub use work::{EpisodeJob, Work, Worker};

/// What every use case returns.
pub type Result<T> = std::result::Result<T, DeskError>;

/// A show, and somebody to report progress to.
pub struct Desk<'a> {
    dir: ShowDir,
    progress: &'a dyn Progress,
    /// Where the index is, when that is not where `show.yaml` says.
    elsewhere: Option<lorecast_store::Place>,
}

impl<'a> Desk<'a> {
    /// Sits down at the show in a folder.
    ///
    /// # Errors
    /// When there is no show.
    pub fn open(root: &Utf8Path, progress: &'a dyn Progress) -> Result<Self> {
        Ok(Self { dir: ShowDir::open(root)?, progress, elsewhere: None })
    }

    /// Starts a show in a folder.
    ///
    /// # Errors
    /// When there is one already, or it cannot be written.
    pub fn init(root: &Utf8Path, scaffold: &Scaffold<'_>) -> Result<()> {
        lorecast_show::create(root, scaffold)?;
        Ok(())
    }

    /// The show's folder.
    pub fn root(&self) -> &Utf8Path {
        self.dir.root()
    }

    /// What `show.yaml` says.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn show(&self) -> Result<Show> {
        Ok(self.dir.show()?)
    }

    /// The built-in templates, overridden file by file by the show's own.
    ///
    /// # Errors
    /// When an override cannot be read.
    pub fn templates(&self) -> Result<Templates> {
        Ok(self.dir.templates()?)
    }

    /// Every value of `show.yaml` that is in force, and where it came from.
    ///
    /// # Errors
    /// When `show.yaml` cannot be read.
    pub fn settings(&self) -> Result<Vec<Setting>> {
        Ok(self.dir.settings()?)
    }

    /// Where the index is.
    fn place(&self) -> Result<lorecast_store::Place> {
        if let Some(place) = &self.elsewhere {
            return Ok(place.clone());
        }
        Ok(match self.dir.store()? {
            Some(address) => lorecast_store::Place::server(address.secret())?,
            None => lorecast_store::Place::File(self.dir.index()),
        })
    }

    /// The store, made when it is not there yet, for as long as nobody else writes it.
    fn store_to_write(&self, who: &str) -> Result<Box<dyn Store>> {
        Ok(self.place()?.open_to_write(who)?)
    }

    /// The store, unless nothing was ingested yet.
    fn store(&self) -> Result<Option<Box<dyn Store>>> {
        let place = self.place()?;
        Ok(if place.is_made()? { Some(place.open()?) } else { None })
    }

    /// The store, for a use case that has nothing to do without one.
    fn filled_store(&self) -> Result<Box<dyn Store>> {
        self.store()?.ok_or_else(|| DeskError::NothingIngested { dir: self.root().to_owned() })
    }
}
