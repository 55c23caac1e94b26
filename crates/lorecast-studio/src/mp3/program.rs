//! An installed `lame` or `ffmpeg`, for builds without LAME.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::{Failure, UNDO_LAME_SCALE, bit_rate};
use crate::SAMPLE_RATE;

/// Encodes into a file, behind what is already in it, through a program that is fed 16 bit samples.
/// The program writes to a file of its own, for it has to complete the first frame at the end.
pub(crate) struct Encoder {
    name: &'static str,
    child: Child,
    feed: Option<BufWriter<ChildStdin>>,
    made: tempfile::NamedTempFile,
    file: File,
}

impl Encoder {
    pub(crate) fn start(file: File, channels: u16, _threads: usize) -> Result<Self, Failure> {
        let made = tempfile::Builder::new().suffix(".mp3").tempfile()?;
        let path = made.path().to_string_lossy().into_owned();
        for (name, arguments) in
            [("lame", lame_arguments(channels)), ("ffmpeg", ffmpeg_arguments(channels))]
        {
            let command = Command::new(name)
                .args(arguments)
                .arg(&path)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn();
            match command {
                Ok(mut child) => {
                    let feed =
                        child.stdin.take().map(|pipe| BufWriter::with_capacity(1 << 16, pipe));
                    return Ok(Self { name, child, feed, made, file });
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Failure::Encoder(format!("`{name}`: {error}"))),
            }
        }
        Err(Failure::NoEncoder)
    }

    /// Takes interleaved samples.
    pub(crate) fn write(&mut self, samples: &[f32]) -> Result<(), Failure> {
        let Some(feed) = &mut self.feed else { return Ok(()) };
        let written = samples.iter().try_for_each(|sample| {
            let step = (sample * UNDO_LAME_SCALE * 32_768.0).round();
            feed.write_all(&(step.clamp(-32_768.0, 32_767.0) as i16).to_le_bytes())
        });
        // A program that gave up says why better than the broken pipe does.
        written.or_else(|_| self.wait())
    }

    /// Waits for the program and copies what it made.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.wait()?;
        io::copy(&mut self.made.reopen()?, &mut self.file)?;
        Ok(self.file.flush()?)
    }

    fn wait(&mut self) -> Result<(), Failure> {
        drop(self.feed.take());
        let mut said = String::new();
        if let Some(stderr) = self.child.stderr.take() {
            stderr.take(4096).read_to_string(&mut said).unwrap_or_default();
        }
        match self.child.wait()? {
            status if status.success() && self.made.as_file().metadata()?.len() > 0 => Ok(()),
            status => Err(Failure::Encoder(format!("`{}` ({status}): {}", self.name, said.trim()))),
        }
    }
}

impl Drop for Encoder {
    /// A run that failed elsewhere leaves no program behind.
    fn drop(&mut self) {
        drop(self.feed.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lame_arguments(channels: u16) -> Vec<String> {
    let (rate, bits) = (SAMPLE_RATE.to_string(), bit_rate(channels).to_string());
    let mode = if channels == 1 { "m" } else { "j" };
    let fixed = ["--quiet", "-r", "--signed", "--little-endian", "--bitwidth", "16", "-s"];
    let rest = [&rate, "--resample", &rate, "-m", mode, "--cbr", "-b", &bits, "-q", "3", "-"];
    fixed.iter().chain(&rest).map(|text| (*text).to_owned()).collect()
}

fn ffmpeg_arguments(channels: u16) -> Vec<String> {
    let (rate, bits) = (SAMPLE_RATE.to_string(), format!("{}k", bit_rate(channels)));
    let count = channels.to_string();
    let fixed = ["-loglevel", "error", "-y", "-f", "s16le", "-ar", &rate, "-ac", &count, "-i", "-"];
    let rest =
        ["-c:a", "libmp3lame", "-b:a", &bits, "-id3v2_version", "0", "-bitexact", "-f", "mp3"];
    fixed.iter().chain(&rest).map(|text| (*text).to_owned()).collect()
}
