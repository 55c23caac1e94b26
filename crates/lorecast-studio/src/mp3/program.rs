//! An installed `lame` or `ffmpeg`, for builds without LAME.

use std::fs::File;

use lorecast_model::Mp3Format;

use super::{Coding, bit_rate, scale};
use crate::SAMPLE_RATE;
use crate::coded::{Encode, Failure};
use crate::program::{Program, installed};

/// The programs that can do it, the better one first.
const PROGRAMS: [&str; 2] = ["lame", "ffmpeg"];

/// The program that will do it.
pub(super) fn find() -> Option<&'static str> {
    installed(&PROGRAMS)
}

pub(super) fn start(coding: &Coding, file: File) -> Result<Box<dyn Encode>, Failure> {
    const MADE: &str = "made.mp3";
    let Coding { encoder, channels, format, .. } = *coding;
    let folder = tempfile::tempdir()?;
    let mut arguments = match encoder {
        "lame" => lame_arguments(channels, format),
        _ => ffmpeg_arguments(channels, format),
    };
    arguments.push(folder.path().join(MADE).to_string_lossy().into_owned());
    let undo = 1.0 / scale(format, channels);
    Ok(Box::new(Program::start(encoder, &arguments, (folder, MADE), file, undo)?))
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
