//! What errors say: the file or URL, why, and the next step.

use std::io;

use lorecast_archive::ArchiveError;
use lorecast_model::BlobId;

fn io() -> io::Error {
    io::Error::other("the disk is full")
}

#[test]
fn of_files() {
    let path = || "a/list.mbox".into();
    insta::assert_snapshot!(ArchiveError::NothingIn { path: path() }, @"`a/list.mbox` holds no archive: name an mbox file, a Maildir, a public-inbox repository, or a folder of `*.mbox`, `*.mbox.gz`, `*.eml` or `*.git`");
    insta::assert_snapshot!(ArchiveError::Truncated { path: path(), after: 9, source: io() }, @"`a/list.mbox` is cut off or damaged after 9 bytes of decompressed mail, everything whole before that was read: fetch the file again (the disk is full)");
    insta::assert_snapshot!(ArchiveError::Bomb { path: path(), packed: 7, unpacked: 9_000 }, @"`a/list.mbox` unpacks to more than 9000 bytes from 7, as no mail does, everything whole before that was read: unpack it yourself if you trust it");
}

#[test]
fn of_repositories() {
    let path = || "x/0.git".into();
    let commit = || "4b825dc".to_owned();
    insta::assert_snapshot!(ArchiveError::NoMessages { path: path() }, @"`x/0.git` is a git repository without mail: no commit holds a file `m`, as public-inbox v2 writes them, or mails as v1 does; name an epoch such as `0.git`, cloned from the archive");
    insta::assert_snapshot!(ArchiveError::NoCommits { path: path() }, @"`x/0.git` is a git repository without a commit: run `git -C x/0.git fetch`, or clone it again");
    insta::assert_snapshot!(ArchiveError::NotOurs { path: path() }, @"`x/0.git` belongs to another user: if you trust it, run `git config --global --add safe.directory x/0.git`");
    insta::assert_snapshot!(ArchiveError::Shallow { path: path(), commit: commit() }, @"`x/0.git` is a shallow clone, the mails before commit 4b825dc are missing: run `git -C x/0.git fetch --unshallow`");
    insta::assert_snapshot!(ArchiveError::TooLarge { path: path(), commit: commit(), bytes: 9 }, @"commit 4b825dc of `x/0.git` holds 9 bytes, more than any mail: it was left out");
    insta::assert_snapshot!(ArchiveError::BlobTooLarge { path: path(), blob: BlobId([1; 20]), bytes: 9 }, @"blob 0101010101010101010101010101010101010101 of `x/0.git` holds 9 bytes, more than any mail: ingest `x/0.git` again");
}

#[test]
fn of_mirrors() {
    let url = || "https://lore.example/list".to_owned();
    let said = "fatal: no".to_owned();
    insta::assert_snapshot!(ArchiveError::RefusedUrl { url: url(), why: "it is no address" }, @"`https://lore.example/list` is not mirrored, it is no address: give the URL or the path of a public inbox");
    insta::assert_snapshot!(ArchiveError::NoGit { program: "git".to_owned(), source: io() }, @"cannot run `git`: install git (Debian: `apt install git`) and try again (the disk is full)");
    insta::assert_snapshot!(ArchiveError::GitProgram { action: "fetch", url: url(), said }, @"`git fetch` of `https://lore.example/list` failed: check the URL and the network, then try again (fatal: no)");
    insta::assert_snapshot!(ArchiveError::NoInbox { url: url() }, @"there is no public inbox with mail at `https://lore.example/list`: name one such as `https://lore.kernel.org/linux-pci/`");
    insta::assert_snapshot!(ArchiveError::MirrorFolder { path: "m".into(), source: io() }, @"cannot write the mirror `m`: check its permissions and the room left (the disk is full)");
    insta::assert_snapshot!(ArchiveError::MirrorBusy { path: "m".into() }, @"`m` is being brought up to date by another process: wait for it, then try again");
}
