//! A process with a group of its own, which dies as a whole.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use rustix::io::retry_on_intr;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use thiserror::Error;

use super::Limits;

/// What stands for the program's name in a [`Failure`].
pub(super) const NAME: &str = "{program}";
/// And for what it is to us.
pub(super) const ROLE: &str = "{role}";

/// What is still in the pipe when a program ends is read within this time. Only a process that left
/// the group can hold the pipe open for longer.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Why there is no output.
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error("cannot run the {ROLE} `{NAME}`: {0}")]
    Start(io::Error),
    #[error("cannot read from the {ROLE} `{NAME}`: {0}")]
    Read(io::Error),
    #[error("the {ROLE} `{NAME}` took longer than {} seconds", .0.as_secs_f64())]
    Slow(Duration),
    #[error("the {ROLE} `{NAME}` wrote more than {0} bytes")]
    Long(u64),
    #[error("the {ROLE} `{NAME}` ended, but something that it started holds its output open")]
    Open,
    #[error("the {ROLE} `{NAME}` failed: {0}")]
    Status(ExitStatus),
    #[error("interrupted")]
    Stopped,
}

/// Runs a program to its end. Its group is killed on every way out.
pub(super) fn run(command: Command, input: Vec<u8>, limits: Limits) -> Result<Vec<u8>, Failure> {
    let end = Instant::now() + limits.time;
    let (tell, told) = channel();
    let (mut group, stdin, stdout) = Group::start(command, &tell)?;
    // An assistant need not read what it is told: a closed pipe is no error.
    spawn(move || drop({ stdin }.write_all(&input)));
    read(stdout, limits.output, tell);
    let output = match wait(&told, end) {
        Some(News::Ended) => {
            group.kill();
            match wait(&told, Instant::now() + LAST_WORDS) {
                Some(News::Wrote(output)) => output,
                _ => return Err(Failure::Open),
            }
        }
        Some(News::Wrote(output)) => {
            let whole = output.as_ref().is_ok_and(|output| output.len() as u64 <= limits.output);
            if whole && wait(&told, end).is_none() {
                return Err(Failure::Slow(limits.time));
            }
            output
        }
        None => return Err(Failure::Slow(limits.time)),
    };
    let output = output.map_err(Failure::Read)?;
    if output.len() as u64 > limits.output {
        return Err(Failure::Long(limits.output));
    }
    match group.end() {
        Ok(status) if status.success() => Ok(output),
        Ok(status) => Err(Failure::Status(status)),
        Err(error) => Err(Failure::Read(error)),
    }
}

/// Kills every group that runs, and lets none start.
pub(super) fn stop_all() {
    let mut running = running();
    running.stopped = true;
    running.groups.iter().for_each(|group| kill(*group));
}

/// What the threads that wait have to tell.
enum News {
    Ended,
    Wrote(io::Result<Vec<u8>>),
}

fn wait(told: &Receiver<News>, end: Instant) -> Option<News> {
    told.recv_timeout(end.saturating_duration_since(Instant::now())).ok()
}

fn read(stdout: ChildStdout, limit: u64, tell: Sender<News>) {
    spawn(move || {
        let mut output = Vec::new();
        let read = stdout.take(limit + 1).read_to_end(&mut output);
        drop(tell.send(News::Wrote(read.map(|_| output))));
    });
}

/// A process that leads a group, until it is dropped.
struct Group {
    child: Child,
    id: Option<Pid>,
    /// Tells when the process has ended, and leaves it to be reaped: its number is not given to
    /// another one before [`Group::end`].
    watch: Option<JoinHandle<()>>,
}

impl Group {
    fn start(
        mut command: Command,
        tell: &Sender<News>,
    ) -> Result<(Self, ChildStdin, ChildStdout), Failure> {
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Held until the group is known, so that whoever stops all stops it as well.
        let mut running = running();
        if running.stopped {
            return Err(Failure::Stopped);
        }
        let mut child = command.spawn().map_err(Failure::Start)?;
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        running.groups.extend(id);
        drop(running);
        let pipes = child.stdin.take().zip(child.stdout.take());
        let tell = tell.clone();
        let watch = spawn(move || {
            // An error means that there is nothing to wait for.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            let _ = id.map(|id| retry_on_intr(|| waitid(WaitId::Pid(id), options)));
            drop(tell.send(News::Ended));
        });
        let group = Self { child, id, watch: Some(watch) };
        let (stdin, stdout) = pipes.expect("both are piped, and taken once");
        Ok((group, stdin, stdout))
    }

    fn kill(&self) {
        self.id.into_iter().for_each(kill);
    }

    /// Kills what is left of the group and reaps its leader.
    fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(watch) = self.watch.take() {
            self.kill();
            drop(watch.join());
            if let Some(id) = self.id {
                running().groups.remove(&id);
            }
        }
        self.child.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        drop(self.end());
    }
}

/// A group that has ended already is none to kill.
fn kill(group: Pid) {
    let _ = kill_process_group(group, Signal::KILL);
}

#[derive(Default)]
struct Running {
    groups: HashSet<Pid>,
    stopped: bool,
}

static RUNNING: LazyLock<Mutex<Running>> = LazyLock::new(Mutex::default);

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use camino::Utf8Path;

    use super::super::ask;
    use super::*;

    const TIME: Duration = Duration::from_millis(1500);
    const LIMITS: Limits = Limits { time: TIME, output: 64 << 10, talks: true };

    /// What comes of a shell script as the assistant.
    fn check(script: &str, input: &str) -> Result<String, String> {
        let program = ["sh", "-c", script].map(str::to_owned);
        ask(&program, Utf8Path::new("."), input.as_bytes().to_vec(), LIMITS)
    }

    /// The same, once everything is gone that the script started while it held the pipe `$PIPE` open.
    fn check_gone(script: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let script = script.replace("$PIPE", pipe.to_str().unwrap());
        let held = spawn(move || std::fs::read(Path::new(&pipe)).unwrap());
        let found = check(&script, "");
        let start = Instant::now();
        drop(held.join().unwrap());
        assert!(start.elapsed() < Duration::from_secs(20), "something lives on");
        found
    }

    #[test]
    fn what_it_reads_and_writes_is_text() {
        assert_eq!(check("cat", "{}").unwrap(), "{}");
        assert_eq!(check("echo done", &"x".repeat(1 << 20)).unwrap(), "done\n");
    }

    #[test]
    fn one_that_does_not_work_is_named() {
        insta::assert_snapshot!(check("exit 3", "").unwrap_err(), @"the assistant `sh` failed: exit status: 3");
        insta::assert_snapshot!(check("printf '\\377'", "").unwrap_err(), @"the assistant `sh` writes no UTF-8");
        let missing = ask(&["./no-such-program".to_owned()], Utf8Path::new("."), vec![], LIMITS);
        insta::assert_snapshot!(missing.unwrap_err(), @"cannot run the assistant `./no-such-program`: No such file or directory (os error 2)");
    }

    #[test]
    fn one_that_hangs_or_babbles_is_stopped() {
        insta::assert_snapshot!(check("sleep 30 & wait", "").unwrap_err(), @"the assistant `sh` took longer than 1.5 seconds");
        insta::assert_snapshot!(check("exec >&-; sleep 30", "").unwrap_err(), @"the assistant `sh` took longer than 1.5 seconds");
        insta::assert_snapshot!(check("head -c 10000000 /dev/zero; sleep 30", "").unwrap_err(), @"the assistant `sh` wrote more than 65536 bytes");
    }

    #[test]
    fn nothing_that_it_started_lives_on() {
        assert_eq!(check_gone("exec 3>$PIPE; sleep 30 & echo done").unwrap(), "done\n");
        insta::assert_snapshot!(check_gone("exec 3>$PIPE; sleep 30 & sleep 30").unwrap_err(), @"the assistant `sh` took longer than 1.5 seconds");
        insta::assert_snapshot!(check_gone("exec 3>$PIPE; sleep 30 & exit 1").unwrap_err(), @"the assistant `sh` failed: exit status: 1");
        insta::assert_snapshot!(check_gone("exec 3>$PIPE; sleep 30 & head -c 100000 /dev/zero").unwrap_err(), @"the assistant `sh` wrote more than 65536 bytes");
    }
}
