//! Runs somebody's program within limits, and leaves nothing of it behind.

#[cfg(unix)]
mod group;

use std::time::Duration;

use camino::Utf8Path;

/// What one run of a program may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// From its start to its end.
    pub time: Duration,
    /// Bytes of output.
    pub output: u64,
}

/// Runs a program without a shell: `input` on its standard input, its standard output back. When it
/// ends, or at a limit, it is killed with everything that it started and that stayed in its process
/// group.
///
/// # Errors
/// What went wrong, in words.
#[cfg(unix)]
pub(super) fn ask(
    program: &[String],
    folder: &Utf8Path,
    input: Vec<u8>,
    limits: Limits,
) -> Result<String, String> {
    let Some((name, arguments)) = program.split_first() else {
        return Err("`assistant:` in `show.yaml` names no program".to_owned());
    };
    let mut command = std::process::Command::new(name);
    command.args(arguments).current_dir(folder);
    let output = group::run(command, input, limits)
        .map_err(|failure| failure.to_string().replace(group::NAME, name))?;
    String::from_utf8(output).map_err(|_| format!("the assistant `{name}` writes no UTF-8"))
}

/// Process groups are what keeps an assistant in bounds; there are none here.
#[cfg(not(unix))]
pub(super) fn ask(_: &[String], _: &Utf8Path, _: Vec<u8>, _: Limits) -> Result<String, String> {
    Err("an assistant can be run on Unix systems only".to_owned())
}

/// Kills the assistants that are running, with everything that they started, and lets none start
/// any more: for a handler of signals that ends the process next. An assistant has a process group of
/// its own, so that what interrupts ours does not reach it.
pub fn stop_assistants() {
    #[cfg(unix)]
    group::stop_all();
}
