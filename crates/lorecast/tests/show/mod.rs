//! Runs the real command in a clean environment, on shows in temporary folders.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

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
