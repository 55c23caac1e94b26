//! Somebody who likes to know how far a long use case is.

/// Shows progress: a bar on a terminal, nothing in a pipe, events in a browser.
pub trait Progress: Sync {
    /// Something of a known size begins; it ends when the task is dropped.
    fn begin(&self, what: &str, total: u64, unit: Unit) -> Box<dyn Task>;
}

/// Something that is under way.
pub trait Task: Send {
    /// So many of the total are done.
    fn set(&self, done: u64);
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Whole things: mails, threads, files.
    Things,
    /// Parts in a thousand of something that is not countable.
    Thousandths,
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64, _: Unit) -> Box<dyn Task> {
        Box::new(Self)
    }
}

impl Task for Silent {
    fn set(&self, _: u64) {}
}
