//! Names that are not told: of people who asked to be forgotten, and those that people no longer bear.

use std::fmt::Debug;
use std::ops::Range;

use crate::text::edited;

/// Finds the names that are not told.
pub trait Names: Debug + Sync {
    /// Where they are in a text, in bytes and in order, and what is to stand there.
    fn replaced(&self, text: &str) -> Vec<(Range<usize>, String)>;

    /// Whether the address of a link holds one; `%40` and the like are read already.
    fn holds(&self, link: &str) -> bool;

    /// Whether a Message-ID ends in the mail address of somebody forgotten.
    fn ends(&self, message: &str) -> bool;
}

/// No such names.
impl Names for () {
    fn replaced(&self, _: &str) -> Vec<(Range<usize>, String)> {
        Vec::new()
    }

    fn holds(&self, _: &str) -> bool {
        false
    }

    fn ends(&self, _: &str) -> bool {
        false
    }
}

/// A plain text without them.
pub(crate) fn veiled(text: &str, names: &dyn Names) -> String {
    edited(text, &names.replaced(text))
}
