//! What can be wrong with an archive.

use camino::Utf8PathBuf;
use thiserror::Error;

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
        "`{path}` holds no archive: name an mbox file, a public-inbox repository, or a folder of \
         `*.mbox`, `*.mbox.gz` or `*.git`"
    )]
    NothingIn {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// A file that does not look like mail.
    #[error(
        "`{path}` is not mail: it starts with neither a `From ` line nor a header field; name an \
         mbox file, plain or gzip"
    )]
    NotMail {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A git repository that is no public-inbox epoch.
    #[error(
        "`{path}` is a git repository without mail: no commit holds a file `m`, as public-inbox v2 \
         writes them; name an epoch such as `0.git`, cloned from the archive"
    )]
    NoMessages {
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
        /// The size of its file `m`.
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
        source: std::io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read `{path}`: check that it is a readable file ({source})")]
    Io {
        /// The file or folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}
