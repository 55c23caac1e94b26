//! Following what was posted: threads, upstream trees, and what landed in them.
//!
//! | file | step |
//! |---|---|
//! | `threads` | stale threads: revisions, their links, events, patches, pull requests |
//! | `trees` | the trees of `show.yaml`: new commits, releases, what was dropped |
//! | `landings` | stale commits: which patch each of them is |

mod landings;
mod threads;
mod trees;

pub use trees::{TrackReport, TreeReport};
