//! Runs the real command in a clean environment, on shows in temporary folders.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::UNIX_EPOCH;

/// What a run of the command left behind.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

/// Runs `lorecast` in a temporary home, with nothing of this machine's settings.
pub fn lorecast(args: &[&str]) -> Run {
    let home = tempfile::tempdir().unwrap();
    lorecast_in(home.path(), args)
}

/// Runs `lorecast` in a folder, which is its home as well.
pub fn lorecast_in(folder: &Path, args: &[&str]) -> Run {
    finish(command(folder).args(args))
}

/// Runs `lorecast` in a folder and expects it to be done.
pub fn done(folder: &Path, args: &[&str]) -> String {
    let run = lorecast_in(folder, args);
    assert_eq!(run.code, 0, "lorecast {args:?}: {}{}", run.stdout, run.stderr);
    run.stdout
}

/// The demo's show at `folder/name`. It is made once for each build of the command, and copied with
/// its times, because some sixty tests begin with it.
pub fn demo(folder: &Path, name: &str) -> PathBuf {
    let built = std::fs::metadata(env!("CARGO_BIN_EXE_lorecast")).unwrap();
    let since = built.modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    std::fs::create_dir_all(&kept).unwrap();
    let lock = File::create(kept.join("lock")).unwrap();
    lock.lock().unwrap();
    let (made, of) = (kept.join("show"), kept.join("of"));
    let stamp = format!("{} {}", built.len(), since.as_nanos());
    if std::fs::read_to_string(&of).ok().as_ref() != Some(&stamp) {
        let _ = std::fs::remove_dir_all(&made);
        done(&kept, &["demo", "--out", "show"]);
        std::fs::write(&of, stamp).unwrap();
    }
    let copy = folder.join(name);
    let copied = Command::new("cp").arg("-a").args([&made, &copy]).status().unwrap();
    assert!(copied.success());
    copy
}

/// The command, not started yet.
pub fn command(folder: &Path) -> Command {
    clean(env!("CARGO_BIN_EXE_lorecast"), folder)
}

/// A line as a shell runs it.
pub fn shell(folder: &Path, line: &str) -> Command {
    let mut command = clean("sh", folder);
    command.args(["-c", line]);
    command
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Run {
    Run::from(&command.output().unwrap())
}

/// Runs a command to its end with this on its standard input.
pub fn feed(command: &mut Command, input: &[u8]) -> Run {
    let mut child = piped(command).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    Run::from(&output)
}

/// The command with all its streams in our hands.
pub fn piped(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped())
}

impl From<&Output> for Run {
    fn from(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn clean(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear();
    command.env("HOME", folder).env("NO_COLOR", "1").env("GIT_CONFIG_NOSYSTEM", "1");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}
