//! The players that we know how to ask.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use camino::Utf8Path;
use lorecast_model::Seconds;

use crate::{DeskError, Result};

/// A player on this machine.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Player {
    kind: &'static Kind,
    program: PathBuf,
}

/// A kind of player.
#[derive(Debug, PartialEq)]
struct Kind {
    name: &'static str,
    /// Whether it opens any format and begins anywhere.
    seeks: bool,
}

/// The best first.
static KINDS: [Kind; 4] = [
    Kind { name: "ffplay", seeks: true },
    Kind { name: "mpv", seeks: true },
    Kind { name: "paplay", seeks: false },
    Kind { name: "aplay", seeks: false },
];

impl Player {
    /// The best one that is installed.
    pub(super) fn installed() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        KINDS.iter().find_map(|kind| {
            let program = folders.iter().map(|folder| folder.join(kind.name));
            let program = program.into_iter().find(|program| program.is_file())?;
            Some(Self { kind, program })
        })
    }

    pub(super) fn name(&self) -> &'static str {
        self.kind.name
    }

    /// Whether it can be told where to begin and to end, in any format.
    pub(super) fn seeks(&self) -> bool {
        self.kind.seeks
    }

    /// The command as one types it.
    pub(super) fn shown(&self, file: &Utf8Path, from: Seconds, to: Option<Seconds>) -> Vec<String> {
        let mut command = vec![self.name().to_owned()];
        match self.seeks() {
            true => command.extend(self.arguments(file, from, to)),
            false => command.push("{wav}".to_owned()),
        }
        command
    }

    /// Plays a file from one place to another.
    pub(super) fn play(&self, file: &Utf8Path, from: Seconds, to: Option<Seconds>) -> Result<()> {
        let fail = |reason: String| DeskError::Player { player: self.name().to_owned(), reason };
        let status = Command::new(&self.program)
            .args(self.arguments(file, from, to))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .map_err(|source| fail(source.to_string()))?;
        match status.success() {
            true => Ok(()),
            false => Err(fail(status.to_string())),
        }
    }

    fn arguments(&self, file: &Utf8Path, from: Seconds, to: Option<Seconds>) -> Vec<String> {
        let length = to.map(|to| format!("{:.3}", (to.0 - from.0).max(0.0)));
        let from = format!("{:.3}", from.0);
        let mut all: Vec<String> = Vec::new();
        match self.name() {
            "ffplay" => {
                all.extend(
                    ["-autoexit", "-nodisp", "-loglevel", "error", "-ss"].map(str::to_owned),
                );
                all.push(from);
                all.extend(length.into_iter().flat_map(|length| ["-t".to_owned(), length]));
                all.push("-i".to_owned());
            }
            "mpv" => {
                all.extend(["--no-video", "--really-quiet"].map(str::to_owned));
                all.push(format!("--start={from}"));
                all.extend(length.map(|length| format!("--length={length}")));
                all.push("--".to_owned());
            }
            _ => {}
        }
        all.push(file.to_string());
        all
    }
}
