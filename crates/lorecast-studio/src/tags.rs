//! What players show: an ID3v2.3 tag with the chapters.
//!
//! Version 2.3 and not 2.4: every player, phone, car radio and file manager reads it, and nothing that
//! 2.4 adds is needed here.

use std::fs::File;
use std::io::Read;

use camino::Utf8Path;
use id3::frame::{Chapter as ChapterFrame, Lyrics, Picture, PictureType, TableOfContents};
use id3::{Encoder, Frame, Tag, TagLike, Version};
use lorecast_model::{Chapter, Seconds};

use crate::language::iso_639_2;
use crate::recipe::Tags;
use crate::{Result, StudioError};

/// A cover that was read and recognised.
pub(crate) struct Cover {
    media_type: &'static str,
    data: Vec<u8>,
}

impl Cover {
    /// Reads the picture that the tags name.
    pub(crate) fn read(file: &Utf8Path) -> Result<Self> {
        let complain =
            |reason: &str| StudioError::Cover { file: file.to_owned(), reason: reason.into() };
        let mut data = Vec::new();
        let picture = File::open(file).map_err(|error| {
            complain(&format!("cannot be read: {error}; correct `cover` in `show.yaml`"))
        })?;
        picture
            .take(Tags::LARGEST_COVER + 1)
            .read_to_end(&mut data)
            .map_err(|source| StudioError::Read { file: file.to_owned(), source })?;
        if data.len() as u64 > Tags::LARGEST_COVER {
            return Err(complain("is larger than 8 MB; save it smaller, 300 kB is plenty"));
        }
        let media_type = match data.as_slice() {
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => "image/png",
            _ => return Err(complain("is neither a JPEG nor a PNG; save it as one of these")),
        };
        Ok(Self { media_type, data })
    }
}

/// The bytes of the tag, to stand before the first frame of the MP3.
pub(crate) fn encode(
    tags: &Tags,
    cover: Option<&Cover>,
    chapters: &[Chapter],
    length: Seconds,
) -> Vec<u8> {
    let mut tag = Tag::new();
    add_texts(&mut tag, tags, length);
    if let Some(url) = &tags.url {
        tag.add_frame(Frame::link("WOAS", url.as_str()));
    }
    if let Some(cover) = cover {
        tag.add_frame(Picture {
            mime_type: cover.media_type.to_owned(),
            picture_type: PictureType::CoverFront,
            description: String::new(),
            data: cover.data.clone(),
        });
    }
    add_transcript(&mut tag, tags);
    add_chapters(&mut tag, chapters, length);
    let mut bytes = Vec::new();
    Encoder::new()
        .version(Version::Id3v23)
        .encode(&tag, &mut bytes)
        .expect("every frame here is one of ID3v2.3 and memory takes all bytes");
    bytes
}

fn add_texts(tag: &mut Tag, tags: &Tags, length: Seconds) {
    let (year, day) = year_and_day(&tags.date);
    let track = tags.track.map(|track| track.to_string());
    let milliseconds = milliseconds(length).to_string();
    let texts = [
        ("TIT2", Some(tags.title.as_str())),
        ("TPE1", Some(&tags.artist)),
        ("TALB", Some(&tags.album)),
        ("TYER", year.as_deref()),
        ("TDAT", day.as_deref()),
        ("TRCK", track.as_deref()),
        ("TLAN", iso_639_2(&tags.language)),
        ("TCON", Some("Podcast")),
        ("TLEN", Some(&milliseconds)),
    ];
    for (name, text) in texts {
        // A NUL would end the text early for some players and start a second value for others.
        let text = text.unwrap_or_default().replace('\0', "");
        if !text.trim().is_empty() {
            tag.add_frame(Frame::text(name, text));
        }
    }
}

/// A longer transcript, in bytes, is left out: no episode has one.
const LONGEST_TRANSCRIPT: usize = 2 << 20;

/// Unsynchronised text (`USLT`), which players show as lyrics.
fn add_transcript(tag: &mut Tag, tags: &Tags) {
    let text = tags.transcript.as_deref().unwrap_or_default().replace('\0', "");
    if !text.is_empty() && text.len() <= LONGEST_TRANSCRIPT {
        let lang = iso_639_2(&tags.language).unwrap_or("und").to_owned();
        tag.add_frame(Lyrics { lang, description: String::new(), text });
    }
}

/// `2023-04-16` as ID3v2.3 wants it: the year, and day and month as `1604`.
fn year_and_day(date: &str) -> (Option<String>, Option<String>) {
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let mut fields = date.splitn(3, '-');
    let year = fields.next().filter(|text| digits(text, 4)).map(str::to_owned);
    let day = match (fields.next(), fields.next()) {
        (Some(month), Some(day)) if year.is_some() && digits(month, 2) && digits(day, 2) => {
            Some(format!("{day}{month}"))
        }
        _ => None,
    };
    (year, day)
}

/// ID3v2 chapter frame addendum 1.0. The chapters are written in order of time: some players list
/// them in the order of the file.
fn add_chapters(tag: &mut Tag, chapters: &[Chapter], length: Seconds) {
    if chapters.is_empty() {
        return;
    }
    let names: Vec<String> = (0..chapters.len()).map(|number| format!("chp{number}")).collect();
    tag.add_frame(TableOfContents {
        element_id: "toc".to_owned(),
        top_level: true,
        ordered: true,
        elements: names.clone(),
        frames: Vec::new(),
    });
    let ends = chapters.iter().skip(1).map(|next| next.start).chain([length]);
    for ((chapter, end), name) in chapters.iter().zip(ends).zip(names) {
        let start = milliseconds(chapter.start);
        tag.add_frame(ChapterFrame {
            element_id: name,
            start_time: start,
            end_time: milliseconds(end).max(start.saturating_add(1)),
            start_offset: u32::MAX,
            end_offset: u32::MAX,
            frames: vec![Frame::text("TIT2", chapter.title.replace('\0', ""))],
        });
    }
}

fn milliseconds(time: Seconds) -> u32 {
    (time.0 * 1000.0).round() as u32
}
