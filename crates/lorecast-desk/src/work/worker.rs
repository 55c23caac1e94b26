//! The thread of a server that takes jobs, one at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_store::jobs::{End, Held, Job, Jobs, Taken};

use super::EpisodeJob;
use super::perform::perform;
use super::watch::{Stopped, Watch};
use crate::sharing::Seen;
use crate::{Desk, DeskError, Result, Silent};

/// A server that says nothing of its job for so long has died.
const LEASE: Duration = Duration::from_secs(12);
/// How often it says how far it is.
const BEAT: Duration = Duration::from_millis(700);
/// How often to look for a job.
const LOOK: Duration = Duration::from_millis(500);

/// How often to look what other servers did, where they share no disk.
const FOLLOW: Duration = Duration::from_secs(1);
/// What is changed by hand is given out once it was left alone for so long.
const QUIET: Duration = Duration::from_secs(3);

/// A server at work on what people asked for, which follows the other servers of the show as well. Dropping it gives back
/// what it was doing and waits until it has stopped.
pub struct Worker {
    ending: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts to take jobs of the show in a folder. What is scheduled there is asked for anew, should the jobs have been lost.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn start(root: &Utf8Path) -> Result<Self> {
        let ending = Arc::new(AtomicBool::new(false));
        let mut worker = Self { ending: Arc::clone(&ending), threads: Vec::new() };
        let at_work = Arc::new(Mutex::new(()));
        if Desk::open(root, &Silent)?.shares()? {
            let (ending, at_work) = (Arc::clone(&ending), Arc::clone(&at_work));
            worker.spawn("sharing", root, move |root| follow(root, &ending, &at_work))?;
        }
        worker.spawn("jobs", root, move |root| work(root, &ending, &at_work))?;
        Ok(worker)
    }

    fn spawn(
        &mut self,
        name: &str,
        root: &Utf8Path,
        work: impl FnOnce(&Utf8Path) + Send + 'static,
    ) -> Result<()> {
        let root = root.to_owned();
        let fail = |source| DeskError::Folder { path: root.clone(), source };
        let thread = thread::Builder::new().name(name.to_owned());
        self.threads.push(
            thread
                .spawn({
                    let root = root.clone();
                    move || work(&root)
                })
                .map_err(fail)?,
        );
        Ok(())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
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
        let at_work = Mutex::new(());
        let Some(job) = next(self.root(), jobs.as_mut(), &ending, &at_work)? else {
            return Ok(None);
        };
        let found = jobs.all()?.into_iter().find(|other| other.id == job.id);
        Ok(found.and_then(EpisodeJob::of))
    }
}

/// Works until the server ends. A database that goes away and comes back needs no hand.
fn work(root: &Utf8Path, ending: &AtomicBool, at_work: &Mutex<()>) {
    let mut jobs: Option<Box<dyn Jobs>> = None;
    let mut quiet = false;
    while !ending.load(Ordering::Relaxed) {
        let done = match &mut jobs {
            Some(jobs) => next(root, jobs.as_mut(), ending, at_work),
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

/// Follows the other servers until this one ends. Storage that goes away and comes back needs no hand.
fn follow(root: &Utf8Path, ending: &AtomicBool, at_work: &Mutex<()>) {
    let (mut seen, mut by_hand, mut quiet) = (Seen::default(), None::<Instant>, false);
    while !ending.load(Ordering::Relaxed) {
        // No sooner would it be found to be left alone.
        let is_time = by_hand.is_none_or(|looked| looked.elapsed() >= QUIET);
        if is_time {
            by_hand = Some(Instant::now());
        }
        match follow_once(root, &mut seen, is_time, at_work) {
            Ok(()) => quiet = false,
            Err(error) => {
                if !quiet {
                    tracing::error!(
                        "what other servers do is not seen, or not theirs to see: {error}"
                    );
                }
                quiet = true;
            }
        }
        thread::park_timeout(FOLLOW);
    }
}

fn follow_once(root: &Utf8Path, seen: &mut Seen, by_hand: bool, at_work: &Mutex<()>) -> Result<()> {
    let desk = Desk::open(root, &Silent)?;
    let caught_up = desk.catch_up_since(seen);
    // What a job is in the middle of is not whole yet.
    let Ok(_nobody) = at_work.try_lock() else { return caught_up };
    let given = if by_hand { desk.hand_on_all(QUIET) } else { Ok(()) };
    let built = desk.follow_site(&site(root), seen);
    caught_up.and(given).and(built)
}

fn begin(root: &Utf8Path) -> Result<Box<dyn Jobs>> {
    let desk = Desk::open(root, &Silent)?;
    desk.remember_schedules(jiff::Timestamp::now())?;
    desk.queue()
}

/// Takes a job and does it.
fn next(
    root: &Utf8Path,
    jobs: &mut dyn Jobs,
    ending: &AtomicBool,
    at_work: &Mutex<()>,
) -> Result<Option<Job>> {
    // A server that is busy with what others did leaves the job to them.
    if let Err(TryLockError::WouldBlock) = at_work.try_lock() {
        return Ok(None);
    }
    let Some(job) = jobs.take(LEASE)? else { return Ok(None) };
    let (watch, taken) = (Watch::default(), job.taken());
    let (outcome, held) = thread::scope(|scope| {
        let beat = scope.spawn(|| beat(jobs, taken, &watch, ending));
        let outcome = {
            let _at_work = at_work.lock().unwrap_or_else(PoisonError::into_inner);
            catch_unwind(AssertUnwindSafe(|| perform(root, &job, &watch)))
        };
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
