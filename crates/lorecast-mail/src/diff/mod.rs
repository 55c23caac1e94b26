//! Unified diffs: kept apart from prose, and what they say.
//!
//! A diff begins with `diff --git` or with a `---`, `+++`, `@@` triple at the start of lines, and
//! lasts as long as its hunks count (GNU diffutils manual, "Detailed Description of Unified
//! Format"). What follows it is prose again, so that an answer below a suggested change is kept.

mod hunk;
mod lines;
mod patch_id;
mod paths;
mod split;

pub(crate) use hunk::counts;
pub(crate) use lines::whole_lines;
pub use lines::{DiffLine, diff_lines};
pub use patch_id::patch_id;
pub use paths::diff_paths;
pub(crate) use split::split;
