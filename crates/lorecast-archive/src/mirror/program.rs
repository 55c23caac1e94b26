//! The user's own `git` program: it knows their proxies, keys and credentials.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use camino::Utf8Path;

use super::location::{Location, SCHEMES};
use super::talk;
use crate::ArchiveError;

/// A list of branches above this is no inbox, in bytes.
const REFS_LIMIT: u64 = 1 << 20;

/// Branches by name, as hex digits.
pub(super) type Branches = BTreeMap<String, String>;

/// What is told while git works: the step, and how much of it is done in per cent.
pub(super) type Steps<'a> = &'a mut dyn FnMut(&str, u8);

pub(super) struct Git {
    pub program: OsString,
}

impl Git {
    /// The branches of a repository (git-ls-remote(1)); none when there is no repository.
    pub fn branches(&self, of: &Location) -> Result<Option<Branches>, ArchiveError> {
        let arguments = ["ls-remote", "--heads", "--", of.as_str()];
        match self.run("ls-remote", of, &arguments, &mut |_, _| {}) {
            Ok(text) => Ok(Some(read_branches(&text))),
            Err(ArchiveError::GitProgram { said, .. }) if is_absence(&said) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Clones into a folder that is not there yet.
    pub fn clone(
        &self,
        from: &Location,
        into: &Utf8Path,
        steps: Steps<'_>,
    ) -> Result<(), ArchiveError> {
        // Without a template: hooks of the user's are for their own repositories.
        let arguments =
            ["clone", "--bare", "--template=", "--progress", "--", from.as_str(), into.as_str()];
        self.run("clone", from, &arguments, steps).map(drop)
    }

    /// Makes the branches the same as there, also where history was rewritten.
    pub fn fetch(
        &self,
        from: &Location,
        into: &Utf8Path,
        steps: Steps<'_>,
    ) -> Result<(), ArchiveError> {
        let mut arguments = vec!["-C", into.as_str()];
        // Tidying up in the background would go on after us.
        arguments.extend(["-c", "gc.autoDetach=false", "-c", "maintenance.autoDetach=false"]);
        arguments.extend(["fetch", "--progress", "--prune", "--force", "--no-tags"]);
        arguments.extend(["--", from.as_str(), "+refs/heads/*:refs/heads/*"]);
        self.run("fetch", from, &arguments, steps).map(drop)
    }

    /// Runs git to its end and returns what it printed.
    fn run(
        &self,
        action: &'static str,
        url: &Location,
        arguments: &[&str],
        steps: Steps<'_>,
    ) -> Result<String, ArchiveError> {
        let io = |source| ArchiveError::NoGit {
            program: self.program.to_string_lossy().into_owned(),
            source,
        };
        let mut child = self.command(arguments).spawn().map_err(io)?;
        let (printed, said) = attend(&mut child, steps).map_err(io)?;
        match child.wait().map_err(io)?.success() {
            true => Ok(printed),
            false => {
                // Without the password that git may repeat.
                let (url, said) = (url.to_string(), said.replace(url.as_str(), &url.to_string()));
                if is_elsewhere(&said) {
                    return Err(ArchiveError::Elsewhere { url });
                }
                Err(ArchiveError::GitProgram { action, url, said })
            }
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // Nobody is asked but the server that was named.
        command.args(["-c", "http.followRedirects=false"]);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", SCHEMES.join(":"));
        // Its talk is read by us, in English.
        command.env("LC_ALL", "C");
        // A server that says nothing for two minutes says nothing at all.
        command.env("GIT_HTTP_LOW_SPEED_LIMIT", "1").env("GIT_HTTP_LOW_SPEED_TIME", "120");
        // Set when we run inside of a hook: they would lead git to another repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
            command.env_remove(name);
        }
        command
    }
}

/// Reads both streams at once, as git waits for whoever does not listen.
fn attend(child: &mut Child, steps: Steps<'_>) -> io::Result<(String, String)> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let printed = scope.spawn(|| read_all(stdout));
        let said = stderr.map(|stderr| talk::listen(stderr, steps)).transpose()?;
        let printed = printed.join().unwrap_or_else(|_| Ok(String::new()))?;
        Ok((printed, said.unwrap_or_default()))
    })
}

fn read_all(stdout: Option<impl Read>) -> io::Result<String> {
    let mut text = Vec::new();
    stdout.map(|stdout| stdout.take(REFS_LIMIT).read_to_end(&mut text)).transpose()?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn read_branches(text: &str) -> Branches {
    let line =
        |line: &str| line.split_once('\t').map(|(id, name)| (name.to_owned(), id.to_owned()));
    text.lines().filter_map(line).collect()
}

/// Whether git says that it was led elsewhere (RFC 9110 section 15.4).
fn is_elsewhere(said: &str) -> bool {
    ["301", "302", "303", "307", "308"]
        .iter()
        .any(|status| said.contains(&format!("returned error: {status}")))
}

/// Whether git says that there is no repository, rather than that it could not ask.
fn is_absence(said: &str) -> bool {
    const WORDS: [&str; 7] = [
        "not found",
        "does not exist",
        "does not appear to be a git repository",
        "No such file or directory",
        "no such repository",
        "not exported",
        "error: 404",
    ];
    WORDS.iter().any(|words| said.contains(words))
}
