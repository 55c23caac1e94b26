//! The thread of a server that takes jobs, one at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_store::jobs::{End, Held, Job, Jobs, Taken};

use super::EpisodeJob;
use super::perform::perform;
use super::watch::{Stopped, Watch};
use crate::{Desk, DeskError, Result, Silent};

/// A server that says nothing of its job for so long has died.
const LEASE: Duration = Duration::from_secs(12);
/// How often it says how far it is.
const BEAT: Duration = Duration::from_millis(700);
/// How often to look for a job.
const LOOK: Duration = Duration::from_millis(500);

/// A server at work on what people asked for. Dropping it gives back what it was doing and waits until it has stopped.
pub struct Worker {
    ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts to take jobs of the show in a folder. What is scheduled there is asked for anew, should the jobs have been lost.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn start(root: &Utf8Path) -> Result<Self> {
        let ending = Arc::new(AtomicBool::new(false));
        let (root, until) = (root.to_owned(), Arc::clone(&ending));
        let thread = thread::Builder::new().name("jobs".to_owned());
        let thread = thread
            .spawn({
                let root = root.clone();
                move || work(&root, &until)
            })
            .map_err(|source| DeskError::Folder { path: root, source })?;
        Ok(Self { ending, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It told what went wrong itself.
            drop(thread.join());
        }
    }
}

impl Desk<'_> {
    /// Takes one job that is due, does it, and says what became of it; `None` when there was none.
    ///
    /// # Errors
    /// When the jobs cannot be read or written; the job is then taken again once its lease has run out.
    pub fn work_once(&self) -> Result<Option<EpisodeJob>> {
        let mut jobs = self.queue()?;
        let ending = AtomicBool::new(false);
        let Some(job) = next(self.root(), jobs.as_mut(), &ending)? else { return Ok(None) };
        let found = jobs.all()?.into_iter().find(|other| other.id == job.id);
        Ok(found.and_then(EpisodeJob::of))
    }
}

/// Works until the server ends. A database that goes away and comes back needs no hand.
fn work(root: &Utf8Path, ending: &AtomicBool) {
    let mut jobs: Option<Box<dyn Jobs>> = None;
    let mut quiet = false;
    while !ending.load(Ordering::Relaxed) {
        let done = match &mut jobs {
            Some(jobs) => next(root, jobs.as_mut(), ending),
            None => begin(root).map(|begun| {
                jobs = Some(begun);
                None
            }),
        };
        match done {
            Ok(Some(_)) => continue,
            Ok(None) => quiet = false,
            Err(error) => {
                // Once is enough, for as long as it lasts.
                if !quiet {
                    tracing::error!("jobs wait: {error}");
                }
                quiet = true;
            }
        }
        thread::park_timeout(LOOK);
    }
}

fn begin(root: &Utf8Path) -> Result<Box<dyn Jobs>> {
    let desk = Desk::open(root, &Silent)?;
    desk.remember_schedules(jiff::Timestamp::now())?;
    desk.queue()
}

/// Takes a job and does it.
fn next(root: &Utf8Path, jobs: &mut dyn Jobs, ending: &AtomicBool) -> Result<Option<Job>> {
    let Some(job) = jobs.take(LEASE)? else { return Ok(None) };
    let (watch, taken) = (Watch::default(), job.taken());
    let (outcome, held) = thread::scope(|scope| {
        let beat = scope.spawn(|| beat(jobs, taken, &watch, ending));
        let outcome = catch_unwind(AssertUnwindSafe(|| perform(root, &job, &watch)));
        watch.end();
        // It never panics; if it did, the lease says what becomes of the job.
        (outcome, beat.join().unwrap_or(Held::Lost))
    });
    if held != Held::Yes {
        return Ok(Some(job));
    }
    let (end, words) = match outcome {
        Ok(Ok(words)) => (End::Done, words),
        Ok(Err(words)) => (End::Failed, words),
        Err(thrown) if thrown.is::<Stopped>() => (End::GivenBack, String::new()),
        Err(_) => (End::Failed, "something went wrong here; the server's log says what".to_owned()),
    };
    jobs.end(taken, end, &words)?;
    Ok(Some(job))
}

/// Says how far a job is until it ended, and stops it when somebody took it back, it is another's by now, or the server ends.
/// Whether the job is still this server's.
fn beat(jobs: &mut dyn Jobs, taken: Taken, watch: &Watch, ending: &AtomicBool) -> Held {
    let mut last = Instant::now();
    while !watch.wait(BEAT) {
        let (words, share) = watch.now();
        match jobs.hold(taken, &words, share, LEASE) {
            Ok(Held::Yes) => last = Instant::now(),
            Ok(over) => {
                watch.stop();
                return over;
            }
            // Another server may have it by now.
            Err(_) if last.elapsed() > LEASE => {
                watch.stop();
                return Held::Lost;
            }
            Err(error) => tracing::warn!("nobody is told how far a job is: {error}"),
        }
        if ending.load(Ordering::Relaxed) {
            watch.stop();
        }
    }
    Held::Yes
}

/// Where what was made is published: the folder that the server shows as the site.
pub(super) fn site(root: &Utf8Path) -> Utf8PathBuf {
    root.join("public")
}
