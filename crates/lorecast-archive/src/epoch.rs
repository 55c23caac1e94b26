//! Writes public-inbox v2 epochs, for samples and tests.

use camino::Utf8Path;
use git2::{Repository, RepositoryInitOptions, Signature, Time};
use jiff::Timestamp;

use crate::{ArchiveError, git};

/// Appends mails with their time of arrival to an epoch, and returns how many. The repository is
/// created, bare, when absent. As in public-inbox, each commit holds one file `m`; its author is
/// the mail's From, its message the mail's Subject. Equal input makes equal commits.
///
/// # Errors
/// When the repository cannot be created or written.
pub fn append<'a>(
    repository: &Utf8Path,
    mails: impl Iterator<Item = (&'a [u8], Timestamp)>,
) -> Result<u64, ArchiveError> {
    let failed = |source| ArchiveError::Git { path: repository.to_owned(), source };
    let git = if git::is_repository(repository) {
        git::open(repository)?
    } else {
        let mut options = RepositoryInitOptions::new();
        options.bare(true).initial_head("master").external_template(false);
        Repository::init_opts(repository, &options).map_err(failed)?
    };
    let mut count = 0;
    for (mail, received) in mails {
        commit(&git, mail, received).map_err(failed)?;
        count += 1;
    }
    Ok(count)
}

fn commit(git: &Repository, mail: &[u8], received: Timestamp) -> Result<(), git2::Error> {
    let mut tree = git.treebuilder(None)?;
    tree.insert("m", git.blob(mail)?, 0o100_644)?;
    let tree = git.find_tree(tree.write()?)?;
    let time = Time::new(received.as_second(), 0);
    let (name, email) = sender(mail);
    let author = Signature::new(&name, &email, &time)?;
    let committer = Signature::new("archive", "archive@lorecast.invalid", &time)?;
    let subject = field(mail, "subject").unwrap_or_default();
    let parent = git.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<_> = parent.iter().collect();
    git.commit(Some("HEAD"), &author, &committer, &subject, &tree, &parents)?;
    Ok(())
}

/// Name and address of the From field as written; git refuses empty ones and `<`, `>`.
fn sender(mail: &[u8]) -> (String, String) {
    let from = field(mail, "from").unwrap_or_default();
    let (name, email) = from.rsplit_once('<').unwrap_or(("", &from));
    let clean = |text: &str| text.replace(['<', '>', '"', '\0'], "").trim().to_owned();
    let email = clean(email);
    let name = match clean(name) {
        empty if empty.is_empty() => email.split('@').next().unwrap_or_default().to_owned(),
        name => name,
    };
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    (or(name, "unknown"), or(email, "unknown@lorecast.invalid"))
}

/// The first line of a header field; the name in lower case.
fn field(mail: &[u8], name: &str) -> Option<String> {
    let lines = mail.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end);
    let mut header = lines.take_while(|line| !line.is_empty());
    header.find_map(|line| {
        let line = String::from_utf8_lossy(line);
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().replace('\0', ""))
    })
}
