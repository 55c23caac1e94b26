//! What players show: an ID3v2.4 tag with chapters, pictures, the transcript and the gain.

use std::fs::File;
use std::io::Read;

use camino::Utf8Path;
use id3::frame::{
    Chapter as ChapterFrame, ExtendedLink, ExtendedText, Lyrics, Picture, PictureType,
    TableOfContents,
};
use id3::{Encoder, Frame, Tag, TagLike, Version};
use lorecast_model::{Chapter, Seconds};

use crate::language::iso_639_2;
use crate::meter::Reading;
use crate::recipe::Tags;
use crate::{Result, StudioError, decibels};

/// A cover that was read and recognised.
pub(crate) struct Cover {
    pub(crate) media_type: &'static str,
    pub(crate) data: Vec<u8>,
}

impl Cover {
    /// Reads the picture of a show or a chapter, which `key` names.
    fn read(file: &Utf8Path, what: &'static str, key: &str) -> Result<Self> {
        let complain = |reason: &str| StudioError::Cover {
            what,
            file: file.to_owned(),
            reason: reason.into(),
        };
        let mut data = Vec::new();
        let picture = File::open(file)
            .map_err(|error| complain(&format!("cannot be read: {error}; correct {key}")))?;
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

/// Everything that players show of one episode.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) tags: &'a Tags,
    pub(crate) pictures: &'a Pictures,
    pub(crate) chapters: &'a [Chapter],
    pub(crate) length: Seconds,
    /// What was measured.
    pub(crate) reading: Reading,
}

/// The pictures that tags name, read and recognised.
#[derive(Default)]
pub(crate) struct Pictures {
    pub(crate) cover: Option<Cover>,
    /// By the title of the chapter.
    chapters: Vec<(String, Cover)>,
}

impl Pictures {
    /// Reads them all.
    pub(crate) fn read(tags: &Tags) -> Result<Self> {
        let cover = |file| Cover::read(file, "cover", "`cover` in `show.yaml`");
        let cover = tags.cover.as_deref().map(cover).transpose()?;
        let mut chapters = Vec::new();
        let mut bytes = 0;
        for chapter in &tags.chapters {
            let Some(file) = &chapter.picture else { continue };
            let what = "picture of a chapter";
            let picture = Cover::read(file, what, "`picture` in `episode.yaml`")?;
            bytes += picture.data.len();
            if bytes > Tags::LARGEST_PICTURES {
                let reason = "and those before it are more than 24 MB; save them smaller".into();
                return Err(StudioError::Cover { what, file: file.clone(), reason });
            }
            chapters.push((chapter.title.to_lowercase(), picture));
        }
        Ok(Self { cover, chapters })
    }

    fn of(&self, chapter: &Chapter) -> Option<&Cover> {
        let title = chapter.title.to_lowercase();
        self.chapters.iter().find(|(known, _)| *known == title).map(|(_, picture)| picture)
    }
}

/// Bytes for the gain, and for whoever adds to the tag later.
const ROOM: usize = 192;
/// What ReplayGain 2.0 calls loud enough, in LUFS.
const REPLAY_GAIN: f64 = -18.0;

/// The bytes of the tag, to stand before the first frame of the MP3. Their number does not depend on
/// what was measured.
pub(crate) fn encode(shown: &Shown) -> Vec<u8> {
    let bare = |reading| written(&tag(&Shown { reading, ..*shown }), 0).len();
    let room = bare(Reading { loudness: None, peak: 0.0 }) + ROOM;
    written(&tag(shown), room.saturating_sub(bare(shown.reading)))
}

fn written(tag: &Tag, padding: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::new()
        .version(Version::Id3v24)
        .padding(padding)
        .encode(tag, &mut bytes)
        .expect("every frame here is one of ID3v2.4 and memory takes all bytes");
    bytes
}

fn tag(shown: &Shown) -> Tag {
    let Shown { tags, pictures, chapters, length, reading } = shown;
    let mut tag = Tag::new();
    add_texts(&mut tag, tags, *length);
    add_replay_gain(&mut tag, *reading);
    if let Some(url) = &tags.url {
        tag.add_frame(Frame::link("WOAS", clean(url)));
    }
    if let Some(cover) = &pictures.cover {
        tag.add_frame(picture(cover, PictureType::CoverFront));
    }
    add_transcript(&mut tag, tags);
    add_chapters(&mut tag, chapters, pictures, *length);
    tag
}

/// A NUL would end a text early for some players and start a second value for others.
pub(crate) fn clean(text: &str) -> String {
    text.replace('\0', "")
}

fn picture(cover: &Cover, picture_type: PictureType) -> Picture {
    Picture {
        mime_type: cover.media_type.to_owned(),
        picture_type,
        description: String::new(),
        data: cover.data.clone(),
    }
}

fn add_texts(tag: &mut Tag, tags: &Tags, length: Seconds) {
    let track = tags.track.map(|track| track.to_string());
    let milliseconds = milliseconds(length).to_string();
    let texts = [
        ("TIT2", Some(tags.title.as_str())),
        ("TPE1", Some(&tags.artist)),
        ("TALB", Some(&tags.album)),
        ("TDRC", date(&tags.date)),
        ("TRCK", track.as_deref()),
        ("TLAN", iso_639_2(&tags.language)),
        ("TCON", Some("Podcast")),
        ("TLEN", Some(&milliseconds)),
    ];
    for (name, text) in texts {
        let text = clean(text.unwrap_or_default());
        if !text.trim().is_empty() {
            tag.add_frame(Frame::text(name, text));
        }
    }
}

/// A date as ID3v2.4 wants it, `2023-04-16`.
pub(crate) fn date(date: &str) -> Option<&str> {
    let form = b"dddd-dd-dd";
    let fits = |(byte, form): (u8, &u8)| match form {
        b'd' => byte.is_ascii_digit(),
        other => byte == *other,
    };
    (date.len() == form.len() && date.bytes().zip(form).all(fits)).then_some(date)
}

/// How players that level their whole library bring the file to it (ReplayGain 2.0: to -18 LUFS).
fn add_replay_gain(tag: &mut Tag, reading: Reading) {
    let Some(loudness) = reading.loudness else { return };
    let fields = [
        ("REPLAYGAIN_TRACK_GAIN", format!("{:+.2} dB", REPLAY_GAIN - loudness)),
        ("REPLAYGAIN_TRACK_PEAK", format!("{:.6}", decibels::amplitude(reading.peak))),
    ];
    for (name, value) in fields {
        tag.add_frame(ExtendedText { description: name.to_owned(), value });
    }
}

/// Unsynchronised text (`USLT`), which players show as lyrics.
fn add_transcript(tag: &mut Tag, tags: &Tags) {
    let text = clean(transcript(tags));
    if !text.trim().is_empty() {
        let lang = iso_639_2(&tags.language).unwrap_or("und").to_owned();
        tag.add_frame(Lyrics { lang, description: String::new(), text });
    }
}

/// The transcript, as far as it is kept.
pub(crate) fn transcript(tags: &Tags) -> &str {
    let text = tags.transcript.as_deref().unwrap_or_default();
    let mut end = text.len().min(Tags::LONGEST_TRANSCRIPT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// ID3v2 chapter frame addendum 1.0. The chapters are written in order of time: some players list
/// them in the order of the file.
fn add_chapters(tag: &mut Tag, chapters: &[Chapter], pictures: &Pictures, length: Seconds) {
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
        let mut frames = vec![Frame::text("TIT2", clean(&chapter.title))];
        if let Some(link) = &chapter.link {
            // The description is the one that Apple's tools and Forecast write.
            let description = "chapter url".to_owned();
            frames.push(ExtendedLink { description, link: clean(link) }.into());
        }
        frames.extend(pictures.of(chapter).map(|cover| picture(cover, PictureType::Other).into()));
        tag.add_frame(ChapterFrame {
            element_id: name,
            start_time: start,
            end_time: milliseconds(end).max(start.saturating_add(1)),
            start_offset: u32::MAX,
            end_offset: u32::MAX,
            frames,
        });
    }
}

fn milliseconds(time: Seconds) -> u32 {
    (time.0 * 1000.0).round() as u32
}
