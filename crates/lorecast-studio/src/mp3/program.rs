//! An installed `lame` or `ffmpeg`, for builds without LAME.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use lorecast_model::Mp3Format;

use super::{Failure, bit_rate, scale};
use crate::SAMPLE_RATE;

/// Encodes into a file, behind what is already in it, through a program that is fed 16 bit samples.
/// The program writes to a file of its own, for it has to complete the first frame at the end.
pub(crate) struct Encoder {
    name: &'static str,
    child: Child,
    feed: Option<BufWriter<ChildStdin>>,
    made: tempfile::NamedTempFile,
    file: File,
    /// What undoes LAME's own.
    factor: f32,
}

impl Encoder {
    pub(crate) fn start(
        file: File,
        channels: u16,
        format: Mp3Format,
        _threads: usize,
    ) -> Result<Self, Failure> {
        let made = tempfile::Builder::new().suffix(".mp3").tempfile()?;
        let path = made.path().to_string_lossy().into_owned();
        for (name, arguments) in [
            ("lame", lame_arguments(channels, format)),
            ("ffmpeg", ffmpeg_arguments(channels, format)),
        ] {
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
                    let factor = 32_768.0 / scale(format, channels);
                    return Ok(Self { name, child, feed, made, file, factor });
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
            let step = (sample * self.factor).round();
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

fn lame_arguments(channels: u16, format: Mp3Format) -> Vec<String> {
    let rate = SAMPLE_RATE.to_string();
    let mode = if channels == 1 { "m" } else { "j" };
    let fixed = ["--quiet", "-r", "--signed", "--little-endian", "--bitwidth", "16", "-s"];
    let quality = match format.vbr {
        Some(number) => ["-V".to_owned(), number.to_string(), "--vbr-new".to_owned()].to_vec(),
        None => {
            let bits = bit_rate(format, channels).to_string();
            ["--cbr".to_owned(), "-b".to_owned(), bits].to_vec()
        }
    };
    let rest = [&rate, "--resample", &rate, "-m", mode, "-q", "3"];
    let start = fixed.iter().chain(&rest).map(|text| (*text).to_owned());
    start.chain(quality).chain(["-".to_owned()]).collect()
}

fn ffmpeg_arguments(channels: u16, format: Mp3Format) -> Vec<String> {
    let (rate, count) = (SAMPLE_RATE.to_string(), channels.to_string());
    let quality = match format.vbr {
        Some(number) => ["-q:a".to_owned(), number.to_string()],
        None => ["-b:a".to_owned(), format!("{}k", bit_rate(format, channels))],
    };
    let fixed = ["-loglevel", "error", "-y", "-f", "s16le", "-ar", &rate, "-ac", &count, "-i", "-"];
    let start = fixed.iter().chain(&["-c:a", "libmp3lame"]).map(|text| (*text).to_owned());
    let rest = ["-id3v2_version", "0", "-bitexact", "-f", "mp3"].map(str::to_owned);
    start.chain(quality).chain(rest).collect()
}
