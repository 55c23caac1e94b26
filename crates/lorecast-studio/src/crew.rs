//! Threads that do jobs, handed back in the order in which they were given.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Does jobs on threads of its own, or at once where there is to be one thread only. Job number `n` is
/// done by hand number `n` modulo their count.
pub(crate) struct Crew<Job, Done> {
    work: Arc<dyn Fn(Job) -> Done + Send + Sync>,
    hands: Vec<Hand<Job, Done>>,
    given: usize,
    taken: usize,
}

/// A thread of a crew ended before its time.
#[derive(Debug)]
pub(crate) struct Gone;

struct Hand<Job, Done> {
    jobs: Option<SyncSender<Job>>,
    done: Receiver<Done>,
    thread: Option<JoinHandle<()>>,
}

impl<Job: Send + 'static, Done: Send + 'static> Crew<Job, Done> {
    pub(crate) fn new(threads: usize, work: impl Fn(Job) -> Done + Send + Sync + 'static) -> Self {
        let work: Arc<dyn Fn(Job) -> Done + Send + Sync> = Arc::new(work);
        let count = if threads > 1 { threads } else { 0 };
        let hands = (0..count).map(|_| Hand::new(Arc::clone(&work))).collect();
        Self { work, hands, given: 0, taken: 0 }
    }

    /// Takes a job, and hands back the oldest one that was done when every hand has one to do and one
    /// to begin with.
    pub(crate) fn give(&mut self, job: Job) -> Result<Option<Done>, Gone> {
        if self.hands.is_empty() {
            return Ok(Some((self.work)(job)));
        }
        let done =
            if self.given - self.taken >= 2 * self.hands.len() { self.take()? } else { None };
        let hand = &self.hands[self.given % self.hands.len()];
        hand.jobs.as_ref().ok_or(Gone)?.send(job).map_err(|_| Gone)?;
        self.given += 1;
        Ok(done)
    }

    /// The oldest that is under way; `None` when nothing is.
    pub(crate) fn take(&mut self) -> Result<Option<Done>, Gone> {
        if self.given == self.taken {
            return Ok(None);
        }
        let hand = &self.hands[self.taken % self.hands.len()];
        self.taken += 1;
        hand.done.recv().map(Some).map_err(|_| Gone)
    }
}

impl<Job: Send + 'static, Done: Send + 'static> Hand<Job, Done> {
    fn new(work: Arc<dyn Fn(Job) -> Done + Send + Sync>) -> Self {
        let (jobs, inbox) = sync_channel(2);
        let (outbox, done) = sync_channel(2);
        let thread = std::thread::spawn(move || {
            for job in inbox {
                if outbox.send(work(job)).is_err() {
                    return;
                }
            }
        });
        Self { jobs: Some(jobs), done, thread: Some(thread) }
    }
}

impl<Job, Done> Drop for Hand<Job, Done> {
    fn drop(&mut self) {
        self.jobs = None;
        // A hand that waits for what it did to be taken would wait for ever.
        while self.done.recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a thread of it ended")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes back of ten jobs, the last of which were still under way.
    fn done(threads: usize) -> Vec<u32> {
        let mut crew = Crew::new(threads, |job: u32| job * job);
        let mut done: Vec<u32> = (0..10).filter_map(|job| crew.give(job).unwrap()).collect();
        while let Some(next) = crew.take().unwrap() {
            done.push(next);
        }
        done
    }

    #[test]
    fn order_is_kept_by_any_number_of_threads() {
        for threads in [0, 1, 2, 3, 16] {
            assert_eq!(done(threads), [0, 1, 4, 9, 16, 25, 36, 49, 64, 81], "{threads}");
        }
    }

    #[test]
    fn a_thread_that_ends_is_told() {
        let mut crew = Crew::new(2, |job: u32| assert!(job > 0, "zero"));
        crew.give(0).unwrap();
        assert!(crew.take().is_err());
    }

    #[test]
    fn nothing_waits_for_what_nobody_takes() {
        let mut crew = Crew::new(2, |job: u32| job);
        for job in 0..4 {
            crew.give(job).unwrap();
        }
    }
}
