//! Upstream git trees, made with the `git` program: fixed people, and a clock that goes on by an
//! hour with every commit, so that equal steps make equal commits.
//!
//! ```no_run
//! use lorecast_testkit::tree::Repo;
//!
//! let repo = Repo::new("room/linux".into());
//! let fix = repo.commit("mm: fix it").file("mm/a.c", "int a;\n").make();
//! repo.tag("v6.3");
//! repo.revert(&fix);
//! ```

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::CommitId;

use crate::git;

/// Midnight UTC of 1 April 2023: before the first commit.
pub const START: i64 = 1_680_307_200;

/// Who commits, and writes when nobody else is named.
const MAINTAINER: &str = "Mary Maintainer <mary@kernel.example>";

/// A repository with a work tree.
pub struct Repo {
    /// Where it is.
    pub path: Utf8PathBuf,
    clock: Cell<i64>,
}

impl Repo {
    /// An empty repository with the branch `master`.
    ///
    /// # Panics
    /// When git fails, as all of these do.
    pub fn new(path: &Utf8Path) -> Self {
        fs::create_dir_all(path).expect("a folder of the test can be written");
        git::run(path, &["init", "-q", "-b", "master"], b"");
        Self { path: path.to_owned(), clock: Cell::new(START) }
    }

    /// A clone with all of this one's commits.
    ///
    /// # Panics
    /// When git fails.
    pub fn cloned(&self, path: &Utf8Path, options: &[&str]) -> Self {
        // A URL: of a plain path, git would ignore `--depth` and share objects.
        let url = format!("file://{}", self.path);
        let arguments = [&["clone", "-q"], options, &[&url, path.as_str()]].concat();
        git::run(&self.path, &arguments, b"");
        Self { path: path.to_owned(), clock: self.clock.clone() }
    }

    /// Begins a commit on top of the current branch.
    pub fn commit<'a>(&'a self, title: &str) -> Draft<'a> {
        let author = MAINTAINER.to_owned();
        Draft { repo: self, message: title.to_owned(), author, at: None, encoding: None }
    }

    /// Goes to a branch, which begins here when it is new.
    ///
    /// # Panics
    /// When git fails.
    pub fn switch(&self, branch: &str) {
        let known = self.git(&["branch", "--list", branch]);
        let create = if known.is_empty() { "-c" } else { "-q" };
        self.git(&["switch", "-q", create, branch]);
    }

    /// Tags HEAD, with a message as signed tags have one.
    ///
    /// # Panics
    /// When git fails.
    pub fn tag(&self, name: &str) {
        self.git(&["tag", "-f", "-a", "-m", name, name]);
    }

    /// Merges a commit or branch, never by forwarding.
    ///
    /// # Panics
    /// When there is nothing to merge, or a conflict.
    pub fn merge(&self, what: &str, title: &str) -> CommitId {
        self.git(&["merge", "-q", "--no-ff", "-m", title, what]);
        self.head()
    }

    /// Merges a branch of another repository: what a pull request asks for.
    ///
    /// # Panics
    /// As [`Repo::merge`].
    pub fn pull(&self, other: &Self, branch: &str, title: &str) -> CommitId {
        self.fetch(other, branch);
        self.merge("FETCH_HEAD", title)
    }

    /// Takes a commit back.
    ///
    /// # Panics
    /// When it does not revert cleanly.
    pub fn revert(&self, commit: &CommitId) -> CommitId {
        self.git(&["revert", "--no-edit", commit.as_str()]);
        self.head()
    }

    /// Carries a commit of another repository over, and names it as stable trees do.
    ///
    /// # Panics
    /// When it does not apply.
    pub fn backport(&self, other: &Self, branch: &str, commit: &CommitId) -> CommitId {
        self.fetch(other, branch);
        self.git(&["cherry-pick", commit.as_str()]);
        let message = self.git(&["log", "-1", "--format=%B"]);
        let (title, body) = message.split_once("\n\n").unwrap_or((&message, ""));
        let message = format!("{title}\n\ncommit {commit} upstream.\n\n{body}");
        self.git(&["commit", "-q", "--amend", "-m", &message]);
        self.head()
    }

    /// Makes the current branch stand elsewhere, as a forced push does.
    ///
    /// # Panics
    /// When git fails.
    pub fn reset(&self, to: &str) {
        self.git(&["reset", "-q", "--hard", to]);
    }

    /// Makes the commits of the current branch anew on top of another.
    ///
    /// # Panics
    /// When they do not apply.
    pub fn rebase(&self, onto: &str) {
        self.git(&["rebase", "-q", onto]);
    }

    /// Where the current branch stands.
    ///
    /// # Panics
    /// When there is no commit.
    pub fn head(&self) -> CommitId {
        self.id("HEAD")
    }

    /// What a name stands for: `HEAD~2`, `v6.3^{commit}`, `HEAD:Makefile`.
    ///
    /// # Panics
    /// When it stands for nothing.
    pub fn id(&self, name: &str) -> CommitId {
        CommitId::new(&self.git(&["rev-parse", "--verify", name])).expect("git prints an id")
    }

    /// Throws away what no ref leads to.
    ///
    /// # Panics
    /// When git fails.
    pub fn forget(&self) {
        let _ = fs::remove_file(self.path.join(".git/FETCH_HEAD"));
        let _ = fs::remove_file(self.path.join(".git/ORIG_HEAD"));
        self.git(&["reflog", "expire", "--expire=now", "--all"]);
        self.git(&["gc", "-q", "--prune=now"]);
    }

    /// Writes nonsense over an object that is not packed.
    ///
    /// # Panics
    /// When it is packed or missing.
    pub fn corrupt(&self, object: &CommitId) {
        let (folder, file) = object.as_str().split_at(2);
        let file = self.path.join(".git/objects").join(folder).join(file);
        fs::remove_file(&file).expect("the object is there");
        fs::write(&file, b"not an object").expect("a folder of the test can be written");
    }

    /// Packs all objects and deletes the pack.
    ///
    /// # Panics
    /// When git fails.
    pub fn lose_packs(&self) {
        self.git(&["repack", "-q", "-a", "-d"]);
        fs::remove_dir_all(self.path.join(".git/objects/pack")).expect("there are packs");
    }

    /// Runs git and returns what it printed, trimmed.
    ///
    /// # Panics
    /// When git fails.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_with(arguments, b"", None, MAINTAINER)
    }

    fn fetch(&self, other: &Self, branch: &str) {
        self.clock.set(self.clock.get().max(other.clock.get()));
        self.git(&["fetch", "-q", other.path.as_str(), branch]);
    }

    fn git_with(&self, arguments: &[&str], input: &[u8], at: Option<i64>, author: &str) -> String {
        self.clock.set(self.clock.get() + 3_600);
        let date = format!("@{} +0000", at.unwrap_or(self.clock.get()));
        let (name, email) = person(author);
        let (mary, mail) = person(MAINTAINER);
        let variables = [
            ("GIT_AUTHOR_NAME", name),
            ("GIT_AUTHOR_EMAIL", email),
            ("GIT_COMMITTER_NAME", mary),
            ("GIT_COMMITTER_EMAIL", mail),
            ("GIT_AUTHOR_DATE", &date),
            ("GIT_COMMITTER_DATE", &date),
        ];
        let output = git::run_with(&self.path, arguments, input, &variables);
        String::from_utf8_lossy(&output).trim().to_owned()
    }
}

/// A commit that is being made: each edit changes the work tree at once.
pub struct Draft<'a> {
    repo: &'a Repo,
    message: String,
    author: String,
    at: Option<i64>,
    encoding: Option<&'a str>,
}

impl<'a> Draft<'a> {
    /// Writes a file.
    ///
    /// # Panics
    /// When it cannot be written, as all of these do.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.room(path), content).expect("a folder of the test can be written");
        self
    }

    /// Writes a symbolic link, in place of what was there.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn link(self, path: &str, to: &str) -> Self {
        let place = self.room(path);
        let _ = fs::remove_file(&place);
        symlink(to, place).expect("a folder of the test can be written");
        self
    }

    /// Deletes a file.
    ///
    /// # Panics
    /// When it is missing.
    #[must_use]
    pub fn remove(self, path: &str) -> Self {
        fs::remove_file(self.repo.path.join(path)).expect("the file is there");
        self
    }

    /// Renames a file.
    ///
    /// # Panics
    /// When it is missing.
    #[must_use]
    pub fn rename(self, from: &str, to: &str) -> Self {
        let to = self.room(to);
        fs::rename(self.repo.path.join(from), to).expect("the file is there");
        self
    }

    /// Says whether a file may be run.
    ///
    /// # Panics
    /// When it is missing.
    #[must_use]
    pub fn executable(self, path: &str, yes: bool) -> Self {
        let mode = fs::Permissions::from_mode(if yes { 0o755 } else { 0o644 });
        fs::set_permissions(self.repo.path.join(path), mode).expect("the file is there");
        self
    }

    /// Names a commit of another repository as a submodule.
    ///
    /// # Panics
    /// When git fails.
    #[must_use]
    pub fn submodule(self, path: &str, commit: &CommitId) -> Self {
        // A folder, so that `git add` leaves the entry alone.
        fs::create_dir_all(self.repo.path.join(path)).expect("a folder can be written");
        let entry = format!("160000,{commit},{path}");
        self.repo.git(&["update-index", "--add", "--cacheinfo", &entry]);
        self
    }

    /// Applies a diff.
    ///
    /// # Panics
    /// When it does not apply.
    #[must_use]
    pub fn apply(self, diff: &str) -> Self {
        git::run(&self.repo.path, &["apply", "--whitespace=nowarn"], diff.as_bytes());
        self
    }

    /// Adds a paragraph to the message.
    #[must_use]
    pub fn body(mut self, text: &str) -> Self {
        self.message = format!("{}\n\n{text}", self.message);
        self
    }

    /// Who wrote it: `Name <address>`.
    #[must_use]
    pub fn author(mut self, author: &str) -> Self {
        author.clone_into(&mut self.author);
        self
    }

    /// When it was written and committed, in seconds of Unix.
    #[must_use]
    pub fn at(mut self, seconds: i64) -> Self {
        self.at = Some(seconds);
        self
    }

    /// Says that the message is in an encoding, which it is only as far as it is ASCII.
    #[must_use]
    pub fn encoding(mut self, label: &'a str) -> Self {
        self.encoding = Some(label);
        self
    }

    /// Commits, even when nothing changed.
    ///
    /// # Panics
    /// When git fails.
    pub fn make(self) -> CommitId {
        self.repo.git(&["add", "-A"]);
        let encoding = format!("i18n.commitEncoding={}", self.encoding.unwrap_or("utf-8"));
        let arguments =
            ["-c", &encoding, "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-"];
        self.repo.git_with(&arguments, self.message.as_bytes(), self.at, &self.author);
        self.repo.head()
    }

    fn room(&self, path: &str) -> Utf8PathBuf {
        let place = self.repo.path.join(path);
        let folder = place.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("a folder of the test can be written");
        place
    }
}

fn person(text: &str) -> (&str, &str) {
    let (name, email) = text.split_once('<').expect("a person is `Name <address>`");
    (name.trim(), email.trim_end_matches('>'))
}
