//! How far a job is, for whoever looks, and the way to stop it.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::{Progress, Task, Unit};

/// What is thrown through a use case that is to stop: none has a way out in its middle, and all write beside the place of
/// what they make until it is whole.
pub(super) struct Stopped;

/// A job that is being done.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<State>);

#[derive(Default)]
struct State {
    words: Mutex<String>,
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicBool,
    over: Mutex<bool>,
    ended: Condvar,
}

impl Watch {
    /// What is being done, and how much of it, in thousandths.
    pub fn now(&self) -> (String, u16) {
        let words = self.0.words.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (done, total) =
            (self.0.done.load(Ordering::Relaxed), self.0.total.load(Ordering::Relaxed));
        let share = done.min(total).saturating_mul(1000) / total.max(1);
        (words, u16::try_from(share).unwrap_or(1000))
    }

    /// Has it stop the next time that it tells how far it is.
    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }

    /// It ended.
    pub fn end(&self) {
        *self.0.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.ended.notify_all();
    }

    /// Waits until it ended, or for so long; whether it ended.
    pub fn wait(&self, at_most: Duration) -> bool {
        let over = self.0.over.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.ended.wait_timeout_while(over, at_most, |over| !*over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn go_on(&self) {
        if self.0.stop.load(Ordering::Relaxed) {
            resume_unwind(Box::new(Stopped));
        }
    }
}

impl Progress for Watch {
    fn begin(&self, what: &str, total: u64, _: Unit) -> Box<dyn Task> {
        self.go_on();
        what.clone_into(&mut self.0.words.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.done.store(0, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
        Box::new(self.clone())
    }
}

impl Task for Watch {
    fn set(&self, done: u64) {
        self.go_on();
        self.0.done.store(done, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_seen_and_a_stop_ends_it() {
        let watch = Watch::default();
        let task = watch.begin("mixing", 40, Unit::Things);
        task.set(10);
        assert_eq!(watch.now(), ("mixing".to_owned(), 250));
        task.set(400);
        assert_eq!(watch.now().1, 1000);
        watch.stop();
        let thrown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| task.set(11)));
        assert!(thrown.unwrap_err().is::<Stopped>());
        assert!(!watch.wait(Duration::ZERO));
        watch.end();
        assert!(watch.wait(Duration::ZERO));
    }
}
