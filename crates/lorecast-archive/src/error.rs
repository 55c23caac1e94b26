//! What can be wrong with an archive.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::BlobId;
use thiserror::Error;

use crate::bomb::TooDense;

/// Why an archive, or a part of it, cannot be read. Each message ends in the next step.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// There is nothing at the path.
    #[error("`{path}` does not exist: check the path, or clone the archive there first")]
    NotFound {
        /// What was asked for.
        path: Utf8PathBuf,
    },
    /// A folder without any archive in it.
    #[error(
        "`{path}` holds no archive: name an mbox file, a Maildir, a public-inbox repository, or a \
         folder of `*.mbox`, `*.mbox.gz`, `*.eml` or `*.git`"
    )]
    NothingIn {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// A file that does not look like mail.
    #[error(
        "`{path}` is not mail: it starts with neither a `From ` line nor a header field; name an \
         mbox file or a mail, plain or packed with gzip, xz or zstd"
    )]
    NotMail {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A git repository that is no public inbox.
    #[error(
        "`{path}` is a git repository without mail: no commit holds a file `m`, as public-inbox v2 \
         writes them, or mails as v1 does; name an epoch such as `0.git`, cloned from the archive"
    )]
    NoMessages {
        /// The repository.
        path: Utf8PathBuf,
    },
    /// A git repository without any commit.
    #[error(
        "`{path}` is a git repository without a commit: run `git -C {path} fetch`, or clone it again"
    )]
    NoCommits {
        /// The repository.
        path: Utf8PathBuf,
    },
    /// A clone that was made without the older mails.
    #[error(
        "`{path}` is a shallow clone, the mails before commit {commit} are missing: run `git -C \
         {path} fetch --unshallow`"
    )]
    Shallow {
        /// The repository.
        path: Utf8PathBuf,
        /// The oldest commit that is there, as hex digits.
        commit: String,
    },
    /// Git does not read repositories of other users unless it is told that they are safe.
    #[error(
        "`{path}` belongs to another user: if you trust it, run `git config --global --add \
         safe.directory {path}`"
    )]
    NotOurs {
        /// The repository.
        path: Utf8PathBuf,
    },
    /// Git cannot read the repository.
    #[error("cannot read the git repository `{path}`: run `git -C {path} fsck`, or clone it again")]
    Git {
        /// The repository.
        path: Utf8PathBuf,
        /// What git says.
        source: git2::Error,
    },
    /// One commit cannot be read; the others still are.
    #[error(
        "cannot read commit {commit} of `{path}`, the mails around it are kept: run `git -C {path} \
         fsck`, or clone it again"
    )]
    Commit {
        /// The repository.
        path: Utf8PathBuf,
        /// The commit, as hex digits.
        commit: String,
        /// What git says.
        source: git2::Error,
    },
    /// One mail is larger than the limit and stays unread.
    #[error("commit {commit} of `{path}` holds {bytes} bytes, more than any mail: it was left out")]
    TooLarge {
        /// The repository.
        path: Utf8PathBuf,
        /// The commit, as hex digits.
        commit: String,
        /// The size of the mail.
        bytes: usize,
    },
    /// The raw bytes of one mail cannot be read again.
    #[error(
        "cannot read the mail {blob} in `{path}`: bring the archive up to date and ingest it again, \
         or run `git -C {path} fsck`"
    )]
    Blob {
        /// The repository.
        path: Utf8PathBuf,
        /// The blob that holds the mail.
        blob: BlobId,
        /// What git says.
        source: git2::Error,
    },
    /// A blob that is no mail.
    #[error(
        "blob {blob} of `{path}` holds {bytes} bytes, more than any mail: ingest `{path}` again"
    )]
    BlobTooLarge {
        /// The repository.
        path: Utf8PathBuf,
        /// The blob.
        blob: BlobId,
        /// Its size.
        bytes: usize,
    },
    /// A compressed file that ends too early or is damaged.
    #[error(
        "`{path}` is cut off or damaged after {after} bytes of decompressed mail, everything whole \
         before that was read: fetch the file again ({source})"
    )]
    Truncated {
        /// The file.
        path: Utf8PathBuf,
        /// How many decompressed bytes could be read.
        after: u64,
        /// What the decompressor says.
        source: io::Error,
    },
    /// A compressed file that would fill the disk or the memory.
    #[error(
        "`{path}` unpacks to more than {unpacked} bytes from {packed}, as no mail does, everything \
         whole before that was read: unpack it yourself if you trust it"
    )]
    Bomb {
        /// The file.
        path: Utf8PathBuf,
        /// How many bytes of the file were taken.
        packed: u64,
        /// How many bytes they unpacked to.
        unpacked: u64,
    },
    /// A URL that git would take for something else.
    #[error("`{url}` is not mirrored, {why}: give the URL or the path of a public inbox")]
    RefusedUrl {
        /// The URL, escaped.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The `git` program cannot be run.
    #[error(
        "cannot run `{program}`: install git (Debian: `apt install git`) and try again ({source})"
    )]
    NoGit {
        /// The program.
        program: String,
        /// What the system says.
        source: io::Error,
    },
    /// The `git` program failed.
    #[error(
        "`git {action}` of `{url}` failed: check the URL and the network, then try again ({said})"
    )]
    GitProgram {
        /// The subcommand.
        action: &'static str,
        /// The repository asked for.
        url: String,
        /// The last of what git said.
        said: String,
    },
    /// A server says that a repository is elsewhere, and only those that were named are asked.
    #[error(
        "the server of `{url}` leads elsewhere: look where, and name that address if you trust it"
    )]
    Elsewhere {
        /// The repository asked for.
        url: String,
    },
    /// There is no repository at a URL that holds anything, neither epochs below it.
    #[error(
        "there is no public inbox with mail at `{url}`: name one such as `https://lore.kernel.org/linux-pci/`"
    )]
    NoInbox {
        /// The URL.
        url: String,
    },
    /// The folder of a mirror cannot be written.
    #[error("cannot write the mirror `{path}`: check its permissions and the room left ({source})")]
    MirrorFolder {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process brings the same mirror up to date.
    #[error("`{path}` is being brought up to date by another process: wait for it, then try again")]
    MirrorBusy {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read `{path}`: check that it is a readable file ({source})")]
    Io {
        /// The file or folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl ArchiveError {
    /// What a decompressor says after so many bytes that it gave.
    pub(crate) fn damaged(path: &Utf8Path, after: u64, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.get_ref().and_then(|inner| inner.downcast_ref::<TooDense>()) {
            Some(&TooDense { packed, unpacked }) => Self::Bomb { path, packed, unpacked },
            None => Self::Truncated { path, after, source },
        }
    }
}

impl ArchiveError {
    /// Whether mending the archive may bring more mails to light: all but mails that are too large.
    pub fn is_damage(&self) -> bool {
        !matches!(self, Self::TooLarge { .. } | Self::BlobTooLarge { .. })
    }
}
