//! An installed encoder that is fed with samples.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use tempfile::TempDir;

use crate::coded::{Encode, Failure};

/// The most of what a program says that is told, in bytes.
const HEARD: u64 = 4096;

/// A program that reads 16 bit samples (signed, the low byte first) from its standard input, and
/// writes a file in a folder of its own: many complete its first bytes at the end.
pub(crate) struct Program {
    name: &'static str,
    child: Child,
    feed: Option<BufWriter<ChildStdin>>,
    /// What it says.
    said: File,
    made: PathBuf,
    file: File,
    /// From a sample to a step.
    factor: f32,
    /// Vanishes with the program.
    _folder: TempDir,
}

impl Program {
    /// Starts it. What it makes in `folder` under the name `made` goes behind what is in `file`; samples
    /// are multiplied by `scale`.
    pub(crate) fn start(
        name: &'static str,
        arguments: &[String],
        (folder, made): (TempDir, &str),
        file: File,
        scale: f32,
    ) -> Result<Self, Failure> {
        let mut said = tempfile::tempfile()?;
        let mut child = Command::new(name)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(said.try_clone()?)
            .spawn()
            .map_err(|error| Failure::Encoder(format!("`{name}`: {error}")))?;
        said.rewind()?;
        let feed = child.stdin.take().map(|pipe| BufWriter::with_capacity(1 << 16, pipe));
        let made = folder.path().join(made);
        Ok(Self { name, child, feed, said, made, file, factor: 32_768.0 * scale, _folder: folder })
    }

    fn wait(&mut self) -> Result<(), Failure> {
        drop(self.feed.take());
        let status = self.child.wait()?;
        if status.success() && self.made.metadata().is_ok_and(|made| made.len() > 0) {
            return Ok(());
        }
        self.said.rewind()?;
        let mut said = Vec::new();
        (&mut self.said).take(HEARD).read_to_end(&mut said)?;
        let said = String::from_utf8_lossy(&said);
        Err(Failure::Encoder(format!("`{}` ({status}): {}", self.name, said.trim())))
    }
}

impl Encode for Program {
    fn write(&mut self, samples: &[f32], copies: usize) -> Result<(), Failure> {
        let Some(feed) = &mut self.feed else { return Ok(()) };
        let written = samples.iter().try_for_each(|sample| {
            let step = (sample * self.factor).round().clamp(-32_768.0, 32_767.0) as i16;
            (0..copies).try_for_each(|_| feed.write_all(&step.to_le_bytes()))
        });
        // A program that gave up says why better than the broken pipe does.
        written.or_else(|_| self.wait())
    }

    /// Waits for the program and copies what it made.
    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        self.wait()?;
        io::copy(&mut File::open(&self.made)?, &mut self.file)?;
        Ok(self.file.flush()?)
    }
}

impl Drop for Program {
    /// A run that failed elsewhere leaves no program behind.
    fn drop(&mut self) {
        drop(self.feed.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first of some programs that is installed.
pub(crate) fn installed(names: &[&'static str]) -> Option<&'static str> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &&&str| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(&folders).any(|folder| is_program(&folder.join(&file)))
    };
    names.iter().find(is_there).copied()
}

#[cfg(unix)]
fn is_program(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &std::path::Path) -> bool {
    file.is_file()
}

/// Arguments from borrowed texts.
pub(crate) fn arguments<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
