//! A show in a temporary folder, and the archives beside it.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_testkit::mailbox::{MailText, mail, mboxrd};
use serde_json::Value;

use crate::show::{self, Run};

pub(crate) struct World {
    _folder: tempfile::TempDir,
    at: Utf8PathBuf,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        let world = Self { _folder: folder, at };
        world.done(&["init", "show"]);
        world
    }

    /// A world in which an mbox with these mails was read.
    pub(crate) fn with<M: AsRef<[u8]>>(mails: &[M]) -> Self {
        let world = Self::new();
        world.write("a.mbox", &mboxrd(mails));
        world.done(&["ingest", "a.mbox"]);
        world
    }

    pub(crate) fn path(&self, name: &str) -> Utf8PathBuf {
        self.at.join(name)
    }

    pub(crate) fn index(&self) -> Utf8PathBuf {
        self.path("show/.lorecast/index.db")
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Utf8PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Gives `show.yaml` these sources, one a line as YAML flow: `url: …`.
    pub(crate) fn sources(&self, sources: &[String]) {
        let file = self.path("show/show.yaml");
        let text = fs::read_to_string(&file).unwrap();
        let kept = text.lines().filter(|line| !line.starts_with("sources:"));
        let list: Vec<String> = sources.iter().map(|source| format!("{{{source}}}")).collect();
        let sources = format!("sources: [{}]", list.join(", "));
        let text: Vec<&str> = kept.chain([sources.as_str(), ""]).collect();
        fs::write(file, text.join("\n")).unwrap();
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = show::command(self.at.as_std_path());
        if args != ["init", "show"] {
            command.args(["--show", "show"]);
        }
        command.args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        show::finish(&mut self.command(args))
    }

    /// What the command printed, which was done.
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let run = self.run(args);
        assert_eq!(run.code, 0, "lorecast {args:?}: {}{}", run.stdout, run.stderr);
        run.stdout
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[args, &["--format", "json"]].concat())).unwrap()
    }

    /// What the user is told by a command that must fail, without the folder's name.
    pub(crate) fn fails(&self, args: &[&str]) -> String {
        self.told(&self.run(args))
    }

    pub(crate) fn told(&self, run: &Run) -> String {
        assert_eq!(run.code, 2, "{run:?}");
        run.stderr.trim().replace(self.at.as_str(), "HERE")
    }

    /// How many messages an `ingest` or `sync` found new, known and gone.
    pub(crate) fn counts(&self, args: &[&str]) -> [u64; 3] {
        counts(&self.json(args))
    }

    /// The table of messages, by date and id.
    pub(crate) fn table(&self) -> String {
        self.done(&["export", "messages"])
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        let ids = self.table();
        let ids = ids.lines().skip(1).filter_map(|line| line.split('\t').next());
        let mut ids: Vec<String> = ids.map(str::to_owned).collect();
        ids.sort();
        ids
    }
}

/// The sums of a report in JSON.
pub(crate) fn counts(report: &Value) -> [u64; 3] {
    let sources = report["sources"].as_array().unwrap();
    let sum = |key| sources.iter().map(|source| source[key].as_u64().unwrap()).sum();
    [sum("new"), sum("known"), sum("removed")]
}

/// Mails of these ids, a minute apart.
pub(crate) fn mails(ids: &[&str]) -> Vec<Vec<u8>> {
    let one = |(minute, id): (usize, &&str)| dated(id, minute).bytes();
    ids.iter().enumerate().map(one).collect()
}

/// A mail of 10 April 2023, so many minutes after noon.
pub(crate) fn dated(id: &str, minute: usize) -> MailText {
    let (hour, minute) = (12 + minute / 60, minute % 60);
    mail(id)
        .date(&format!("Mon, 10 Apr 2023 {hour}:{minute:02}:00 +0000"))
        .subject(&format!("the matter of {}", id.split('@').next().unwrap()))
}

/// Many mails with a hundred words each.
pub(crate) fn many(numbers: std::ops::Range<usize>) -> Vec<Vec<u8>> {
    let one = |n: usize| {
        let text = format!("Mail {n} speaks of {}.\n", format!("word{n} ").repeat(30));
        dated(&format!("{n:05}@x"), n % 600).body(&text).bytes()
    };
    numbers.map(one).collect()
}

pub(crate) fn rename(from: &Utf8Path, to: &Utf8Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(from, to).unwrap();
}
