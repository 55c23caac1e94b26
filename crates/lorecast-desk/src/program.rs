//! Runs somebody's program within limits, and leaves nothing of it behind.

#[cfg(unix)]
mod group;

use std::time::Duration;

use camino::Utf8Path;

/// What one run of a program may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From its start to its end.
    pub time: Duration,
    /// Bytes of output.
    pub output: u64,
    /// Whether it is heard on standard error: what it says there may name people, and goes where we talk.
    pub talks: bool,
}

/// Runs a program without a shell: `input` on its standard input, its standard output back. When it
/// ends, or at a limit, it is killed with everything that it started and that stayed in its process
/// group.
///
/// # Errors
/// What went wrong, in words.
#[cfg(unix)]
pub(crate) fn ask(
    program: &[String],
    folder: &Utf8Path,
    input: Vec<u8>,
    limits: Limits,
) -> Result<String, String> {
    let output = run("assistant", program, folder, input, limits)?;
    let name = program.first().map_or("", String::as_str);
    String::from_utf8(output).map_err(|_| format!("the assistant `{name}` writes no UTF-8"))
}

/// The same for a program that may write anything; errors call it by its `role`.
///
/// # Errors
/// What went wrong, in words.
#[cfg(unix)]
pub(crate) fn run(
    role: &str,
    program: &[String],
    folder: &Utf8Path,
    input: Vec<u8>,
    limits: Limits,
) -> Result<Vec<u8>, String> {
    let Some((name, arguments)) = program.split_first() else {
        return Err(format!("`show.yaml` names no program for the {role}"));
    };
    let mut command = std::process::Command::new(name);
    command.args(arguments).current_dir(folder);
    if !limits.talks {
        command.stderr(std::process::Stdio::null());
    }
    let told = |failure: group::Failure| {
        failure.to_string().replace(group::ROLE, role).replace(group::NAME, name)
    };
    group::run(command, input, limits).map_err(told)
}

/// Process groups are what keeps an assistant in bounds; there are none here.
#[cfg(not(unix))]
pub(crate) fn ask(_: &[String], _: &Utf8Path, _: Vec<u8>, _: Limits) -> Result<String, String> {
    Err("an assistant can be run on Unix systems only".to_owned())
}

/// Nor a voice.
#[cfg(not(unix))]
pub(crate) fn run(
    role: &str,
    _: &[String],
    _: &Utf8Path,
    _: Vec<u8>,
    _: Limits,
) -> Result<Vec<u8>, String> {
    Err(format!("a program for the {role} can be run on Unix systems only"))
}

/// Kills the assistants and voices that are running, with everything that they started, and lets none start
/// any more: for a handler of signals that ends the process next. An assistant has a process group of
/// its own, so that what interrupts ours does not reach it.
pub fn stop_assistants() {
    #[cfg(unix)]
    group::stop_all();
}
