//! AAC in MP4, which an installed program makes: AAC is covered by patents in some countries, so no
//! encoder is bundled.

use std::fs::File;

use camino::Utf8Path;
use lorecast_model::{AacFormat, Encoding};
use tempfile::TempDir;

use crate::coded::{Encode, Failure};
use crate::program::{Program, arguments, installed};
use crate::tags::{Shown, clean, date, transcript};
use crate::{Result, SAMPLE_RATE, StudioError};

/// The programs that can do it. `ffmpeg` alone writes chapters; the others know title and cover.
const PROGRAMS: [&str; 3] = ["ffmpeg", "fdkaac", "faac"];

/// What is missing.
const NONE: &str = "none of `ffmpeg`, `fdkaac` and `faac` is installed; install one of them, `ffmpeg` writes chapters too, or take `aac` out of `sound.formats` in `show.yaml`";

/// Names in the folder that a program works in.
const MADE: &str = "made.m4a";
const ABOUT: &str = "about.txt";
const COVER: &str = "cover";

/// How the AAC file is made.
pub(crate) struct Coding {
    kbps: u16,
    channels: u16,
    program: &'static str,
}

impl Coding {
    /// Errors when no program that could make this file is installed.
    pub(crate) fn new(format: AacFormat, channels: u16, file: &Utf8Path) -> Result<Self> {
        let none = || StudioError::NoEncoder { file: file.to_owned(), reason: NONE.to_owned() };
        let program = installed(&PROGRAMS).ok_or_else(none)?;
        let kbps = format.kbps.unwrap_or(if channels == 1 { 80 } else { 112 });
        Ok(Self { kbps, channels, program })
    }

    /// What the program is called with; its files lie in `folder`.
    fn arguments(&self, shown: &Shown<'_>, folder: &str) -> Vec<String> {
        let within = |name: &str| format!("{folder}/{name}");
        match self.program {
            "ffmpeg" => self.ffmpeg(shown, within),
            "fdkaac" => self.fdkaac(shown, within),
            _ => self.faac(shown, within),
        }
    }

    fn ffmpeg(&self, shown: &Shown<'_>, within: impl Fn(&str) -> String) -> Vec<String> {
        let (rate, channels) = (SAMPLE_RATE.to_string(), self.channels.to_string());
        let (about, cover, made) = (within(ABOUT), within(COVER), within(MADE));
        let mut all = arguments(["-nostdin", "-loglevel", "error", "-y"]);
        all.extend(arguments(["-f", "s16le", "-ar", &rate, "-ac", &channels, "-i", "pipe:0"]));
        all.extend(arguments(["-f", "ffmetadata", "-i", &about]));
        if let Some(picture) = &shown.pictures.cover {
            let form = if picture.media_type == "image/png" { "png_pipe" } else { "jpeg_pipe" };
            all.extend(arguments(["-f", form, "-i", &cover, "-map", "2:v", "-c:v", "copy"]));
            all.extend(arguments(["-disposition:v:0", "attached_pic"]));
        }
        all.extend(arguments(["-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"]));
        all.extend(arguments(["-c:a", "aac", "-b:a", &format!("{}k", self.kbps)]));
        // No version or time in the file; the length to the sample, and not to the millisecond.
        all.extend(arguments(["-fflags", "+bitexact", "-flags:a", "+bitexact"]));
        all.extend(arguments(["-movie_timescale", &rate, "-movflags", "+faststart"]));
        all.extend(arguments(["-f", "ipod", &made]));
        all
    }

    fn fdkaac(&self, shown: &Shown<'_>, within: impl Fn(&str) -> String) -> Vec<String> {
        let (rate, channels) = (SAMPLE_RATE.to_string(), self.channels.to_string());
        let bits = (u32::from(self.kbps) * 1000).to_string();
        let mut all = arguments(["-S", "-R", "--raw-channels", &channels, "--raw-rate", &rate]);
        all.extend(arguments(["--raw-format", "S16L", "-b", &bits, "--no-timestamp"]));
        for (name, text) in texts(shown) {
            if let "title" | "artist" | "album" | "date" | "track" | "genre" = name {
                all.extend([format!("--{name}"), text]);
            }
        }
        if shown.pictures.cover.is_some() {
            all.extend(arguments(["--tag-from-file", &format!("covr:{}", within(COVER))]));
        }
        all.extend(arguments(["-o", &within(MADE), "-"]));
        all
    }

    fn faac(&self, shown: &Shown<'_>, within: impl Fn(&str) -> String) -> Vec<String> {
        let (rate, channels) = (SAMPLE_RATE.to_string(), self.channels.to_string());
        let kbps = self.kbps.to_string();
        let mut all = arguments(["-w", "-P", "-R", &rate, "-B", "16", "-C", &channels]);
        all.extend(arguments(["-b", &kbps]));
        for (name, text) in texts(shown) {
            let name = if name == "date" { "year" } else { name };
            if let "title" | "artist" | "album" | "year" | "track" = name {
                all.extend([format!("--{name}"), text]);
            }
        }
        if shown.pictures.cover.is_some() {
            all.extend(arguments(["--cover-art", &within(COVER)]));
        }
        all.extend(arguments(["-o", &within(MADE), "-"]));
        all
    }
}

impl crate::coded::Coding for Coding {
    fn encoding(&self) -> Encoding {
        Encoding::Aac
    }

    fn start(&self, file: File, shown: &Shown<'_>) -> Result<Box<dyn Encode>, Failure> {
        let folder = tempfile::tempdir()?;
        prepare(&folder, shown)?;
        let arguments = self.arguments(shown, &folder.path().to_string_lossy());
        Ok(Box::new(Program::start(self.program, &arguments, (folder, MADE), file, 1.0)?))
    }

    /// The program writes it, and nothing in it was measured.
    fn head(&self, _: &Shown<'_>) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }
}

fn prepare(folder: &TempDir, shown: &Shown<'_>) -> std::io::Result<()> {
    std::fs::write(folder.path().join(ABOUT), metadata(shown))?;
    match &shown.pictures.cover {
        Some(cover) => std::fs::write(folder.path().join(COVER), &cover.data),
        None => Ok(()),
    }
}

/// Names as `ffmpeg` has them.
fn texts(shown: &Shown<'_>) -> Vec<(&'static str, String)> {
    let tags = shown.tags;
    let track = tags.track.map(|track| track.to_string());
    let texts = [
        ("title", Some(tags.title.as_str())),
        ("artist", Some(&tags.artist)),
        ("album", Some(&tags.album)),
        ("date", date(&tags.date)),
        ("track", track.as_deref()),
        ("genre", Some("Podcast")),
        ("description", tags.description.as_deref()),
        ("lyrics", Some(transcript(tags))),
    ];
    let texts = texts.map(|(name, text)| (name, clean(text.unwrap_or_default())));
    texts.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect()
}

/// Texts and chapters in the form that `ffmpeg` calls FFMETADATA.
fn metadata(shown: &Shown<'_>) -> String {
    let mut out = ";FFMETADATA1\n".to_owned();
    for (name, text) in texts(shown) {
        out.push_str(&format!("{name}={}\n", escaped(&text)));
    }
    let milliseconds = |time: lorecast_model::Seconds| (time.0.max(0.0) * 1000.0).round() as u64;
    let ends = shown.chapters.iter().skip(1).map(|next| next.start).chain([shown.length]);
    for (chapter, end) in shown.chapters.iter().zip(ends) {
        out.push_str(&format!(
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n",
            milliseconds(chapter.start),
            milliseconds(end),
            escaped(&clean(&chapter.title))
        ));
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if let '=' | ';' | '#' | '\\' | '\n' = letter {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
