//! Following what was posted: threads, upstream trees, and what landed in them.
//!
//! | file | step |
//! |---|---|
//! | `threads` | stale threads: revisions, their links, events, patches, pull requests |
//! | `trees` | the trees of `show.yaml`: new commits, releases, what was dropped |
//! | `landings` | stale commits: which patch each of them is |
//! | `standing` | where a revision stands, from mails and trees together |
//! | `series` | a series as a whole, and how two revisions differ |
//! | `told_in` | which episodes told of which mails |
//! | `told_series` | the series that episodes told, for their pages |
//! | `pull` | a pull request and what came with it |
//! | `follow` | what became of the stories of an episode |
//! | `history` | what earlier episodes told, and what is new about it |

pub(crate) mod follow;
mod history;
mod landings;
mod pull;
mod series;
pub(crate) mod standing;
mod threads;
mod told_in;
mod told_series;
mod trees;

pub(crate) use series::Told;
pub(crate) use standing::Moment;
pub(crate) use told_in::ToldIn;

pub use pull::{MergeView, PullView};
pub use series::{Given, RevisionView};
pub use trees::{TrackReport, TreeReport};
