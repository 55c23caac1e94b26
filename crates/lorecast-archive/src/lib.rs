//! Reads mail archives and upstream git trees incrementally, and mirrors public inboxes with the
//! user's own git.
//!
//! It never knows SQL, and never looks into a mail further than to find where it ends: what the
//! mail says is for `lorecast-mail`.
//!
//! An [`Archive`] is found by [`discover`] and read by [`Archive::read`], which takes the cursor of
//! the last reading and yields only what came since. A damaged archive yields everything before
//! (and, in git, around) the damage and says where it is.
//!
//! A [`Mirror`] keeps a copy of an inbox that is somewhere else, and [`Blobs`] gives the raw bytes
//! of a mail again that git still holds. A [`Tree`] is where patches land.
//!
//! ```no_run
//! use lorecast_archive::{Hints, Item, Mirror, discover};
//!
//! let folder = "mirrors/linux-pci.vger.kernel.org".into();
//! let mirror = Mirror::new("https://lore.kernel.org/linux-pci/", folder)?;
//! mirror.bring_up_to_date(&mut |step| eprintln!("{} {} %", step.repository, step.percent))?;
//! for archive in discover(folder, &Hints::default())? {
//!     for item in archive.read(None)? {
//!         match item? {
//!             Item::Mail(mail) => println!("{} bytes: {}", mail.bytes.len(), mail.place),
//!             Item::Removal(mail) => println!("gone: {}", mail.place),
//!         }
//!     }
//! }
//! # Ok::<(), lorecast_archive::ArchiveError>(())
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | `discover`, `file` | what is behind a path, told by content |
//! | `archive`, `reader` | the one way to read all of them |
//! | `mbox` | mails behind `From ` lines, in three dialects |
//! | `eml`, `maildir` | one mail a file |
//! | `git` | public-inbox v1 and v2, and the blobs in them |
//! | `source`, `bomb` | the bytes of a file, unpacked within limits |
//! | `mirror` | an inbox somewhere else, brought here by git |
//! | `tree` | upstream git trees: commits, what is gone, releases |
//! | [`epoch`] | writes an epoch, for samples and tests |

mod archive;
mod bomb;
mod discover;
mod eml;
pub mod epoch;
mod error;
mod file;
mod git;
mod maildir;
mod mbox;
mod mirror;
mod reader;
mod source;
mod tree;

pub use archive::{Archive, Hints};
pub use discover::discover;
pub use error::ArchiveError;
pub use git::{Blobs, read_blob};
pub use mbox::MboxForm;
pub use mirror::{Mirror, MirrorReport, Progress};
pub use reader::{Item, MAIL_LIMIT, Place, RawMail, Reader};
pub use tree::{
    BROUGHT_LIMIT, Brought, COMMIT_LIMIT, DIFF_LIMIT, FILE_LIMIT, Gone, History, MESSAGE_LIMIT,
    Span, Tips, Tree, TreeError, TreeNotice,
};
