//! What players show of an Opus file: the comments of its second packet (RFC 7845 section 5.2), as
//! names and values.

use data_encoding::BASE64;
use lorecast_model::Seconds;

use crate::tags::{Cover, Shown, clean, date, transcript};

/// The loudness that the gain in the comments leads to, in LUFS (RFC 7845 section 5.2.1, EBU R 128).
const REFERENCE: f64 = -23.0;

/// Names and values, those of the gain last. However loud the file is, they take the same bytes.
pub(super) fn of(shown: &Shown<'_>) -> Vec<(String, String)> {
    let mut comments = texts(shown);
    comments.extend(chapters(shown));
    comments.extend(shown.pictures.cover.as_ref().map(picture));
    comments.extend(gain(shown));
    comments
}

fn texts(shown: &Shown<'_>) -> Vec<(String, String)> {
    let tags = shown.tags;
    let track = tags.track.map(|track| track.to_string());
    // Names that the recommendation of Vorbis comments and common players know.
    let texts = [
        ("TITLE", Some(tags.title.as_str())),
        ("ARTIST", Some(&tags.artist)),
        ("ALBUM", Some(&tags.album)),
        ("DATE", date(&tags.date)),
        ("TRACKNUMBER", track.as_deref()),
        ("GENRE", Some("Podcast")),
        ("LANGUAGE", Some(&tags.language)),
        ("DESCRIPTION", tags.description.as_deref()),
        ("WEBSITE", tags.url.as_deref()),
        ("LYRICS", Some(transcript(tags))),
    ];
    let texts = texts.map(|(name, text)| (name.to_owned(), clean(text.unwrap_or_default())));
    texts.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect()
}

/// `CHAPTER000=00:00:00.000` and so on, the convention that players of Vorbis comments read
/// (<https://wiki.xiph.org/Chapter_Extension>).
fn chapters(shown: &Shown<'_>) -> impl Iterator<Item = (String, String)> {
    shown.chapters.iter().enumerate().flat_map(|(at, chapter)| {
        let link = chapter.link.as_deref().map(clean);
        let name = |what: &str| format!("CHAPTER{at:03}{what}");
        [
            Some((name(""), clock(chapter.start))),
            Some((name("NAME"), clean(&chapter.title))),
            link.map(|link| (name("URL"), link)),
        ]
        .into_iter()
        .flatten()
    })
}

/// `01:02:03.450`.
fn clock(time: Seconds) -> String {
    let all = (time.0.max(0.0) * 1000.0).round() as u64;
    let (hours, minutes, seconds) = (all / 3_600_000, all / 60_000 % 60, all / 1000 % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", all % 1000)
}

/// The picture block of FLAC (RFC 9639 section 8.8) in Base64.
fn picture(cover: &Cover) -> (String, String) {
    const FRONT: u32 = 3;
    const BITS_A_PIXEL: u32 = 24;
    let size = imagesize::blob_size(&cover.data);
    let (width, height) = size.map_or((0, 0), |size| (size.width as u32, size.height as u32));
    let mut block = Vec::with_capacity(cover.data.len() + 64);
    let number = |block: &mut Vec<u8>, value: u32| block.extend(value.to_be_bytes());
    number(&mut block, FRONT);
    number(&mut block, cover.media_type.len() as u32);
    block.extend_from_slice(cover.media_type.as_bytes());
    // No description; no palette.
    for value in [0, width, height, BITS_A_PIXEL, 0, cover.data.len() as u32] {
        number(&mut block, value);
    }
    block.extend_from_slice(&cover.data);
    ("METADATA_BLOCK_PICTURE".to_owned(), BASE64.encode(&block))
}

/// How players that level their library bring the file to -23 LUFS: 1/256 of a decibel, at most six
/// characters. An episode is an album of its own.
fn gain(shown: &Shown<'_>) -> impl Iterator<Item = (String, String)> {
    let decibels = shown.reading.loudness.map_or(0.0, |loudness| REFERENCE - loudness);
    let steps = (decibels * 256.0).round().clamp(-32_768.0, 32_767.0) as i32;
    ["R128_TRACK_GAIN", "R128_ALBUM_GAIN"]
        .into_iter()
        .map(move |name| (name.to_owned(), format!("{steps:+06}")))
}
