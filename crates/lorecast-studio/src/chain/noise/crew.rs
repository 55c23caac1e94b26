//! Threads that clean stretches, handed back in the order in which they were given.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::{Cleaner, Job, Stretch};

/// Stretch number `n` is cleaned by the hand number `n` modulo their count.
pub(super) struct Crew {
    hands: Vec<Hand>,
    given: usize,
    taken: usize,
}

struct Hand {
    jobs: Option<SyncSender<Job>>,
    stretches: Receiver<Stretch>,
    thread: Option<JoinHandle<()>>,
}

impl Crew {
    pub(super) fn new(cleaner: &Arc<Cleaner>, threads: usize) -> Self {
        let hands = (0..threads).map(|_| Hand::new(Arc::clone(cleaner))).collect();
        Self { hands, given: 0, taken: 0 }
    }

    /// Takes a stretch, and hands back the oldest when there is enough to do for all.
    pub(super) fn give(&mut self, job: Job) -> Option<Stretch> {
        let hand = &self.hands[self.given % self.hands.len()];
        self.given += 1;
        if let Some(jobs) = &hand.jobs {
            jobs.send(job).expect("a hand works until the crew is dropped");
        }
        if self.given - self.taken > self.hands.len() { self.take() } else { None }
    }

    /// The oldest stretch that is under way.
    pub(super) fn take(&mut self) -> Option<Stretch> {
        if self.given == self.taken {
            return None;
        }
        let hand = &self.hands[self.taken % self.hands.len()];
        self.taken += 1;
        Some(hand.stretches.recv().expect("a hand answers each job"))
    }
}

impl Hand {
    fn new(cleaner: Arc<Cleaner>) -> Self {
        let (jobs, inbox) = sync_channel::<Job>(2);
        let (outbox, stretches) = sync_channel(2);
        let thread = std::thread::spawn(move || {
            for job in inbox {
                if outbox.send(cleaner.clean(&job)).is_err() {
                    return;
                }
            }
        });
        Self { jobs: Some(jobs), stretches, thread: Some(thread) }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.jobs = None;
        // A hand that waits for its stretch to be taken would wait for ever.
        while self.stretches.recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
