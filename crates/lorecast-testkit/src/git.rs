//! The `git` program without the user's configuration.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// What keeps git from reading anybody's configuration.
pub const HERMETIC: [(&str, &str); 3] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
];

/// Runs git in a folder, feeds it, and returns what it printed.
///
/// # Panics
/// When git is missing or fails.
pub fn run(folder: &Utf8Path, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    run_with(folder, arguments, input, &[])
}

/// As [`run`], with more variables in its environment.
///
/// # Panics
/// When git is missing or fails.
pub fn run_with(
    folder: &Utf8Path,
    arguments: &[&str],
    input: &[u8],
    variables: &[(&str, &str)],
) -> Vec<u8> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .envs(HERMETIC)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is installed");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    stdin.write_all(input).expect("git reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("git ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    output.stdout
}

/// A program that is git without the user's configuration, to be given to what is tested.
///
/// # Panics
/// When the folder cannot be written.
pub fn program(folder: &Utf8Path) -> Utf8PathBuf {
    let set: String = HERMETIC.iter().map(|(name, value)| format!("{name}={value} ")).collect();
    script(folder, "git", &format!("HOME={folder} {set}exec git \"$@\""))
}

/// A shell script that can be run.
///
/// # Panics
/// When the folder cannot be written.
pub fn script(folder: &Utf8Path, name: &str, text: &str) -> Utf8PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("the test's folder is writable");
    let runnable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&path, runnable).expect("the test's folder is writable");
    path
}
