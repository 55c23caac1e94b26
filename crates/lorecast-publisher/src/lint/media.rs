//! The files that the feed points to: covers and sound.

use camino::Utf8Path;
use url::Url;

use super::{Folder, rules};

/// The largest cover that is looked at.
const COVER_LIMIT: u64 = 50_000_000;
const COVER_LARGE: usize = 512_000;

pub(super) fn check_cover(folder: &mut Folder, place: &str, url: &Url) {
    let extension = url.path().rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    let extension = extension.unwrap_or_default();
    if !matches!(extension.as_str(), "jpg" | "jpeg" | "png") {
        folder.find(&rules::IMAGE_FORMAT, place, "its name does not end in `.jpg` or `.png`");
    }
    let Some(path) = folder.file_of(url) else { return };
    match folder.read(&path, COVER_LIMIT) {
        Ok((bytes, _)) => picture(folder, &path, &extension, &bytes),
        Err(error) => {
            let message = format!("the cover `{path}` cannot be read: {error}");
            folder.find(&rules::IMAGE_FILE, place, message);
        }
    }
}

fn picture(folder: &mut Folder, path: &Utf8Path, extension: &str, bytes: &[u8]) {
    let is_png = bytes.starts_with(b"\x89PNG\r\n\x1a\n");
    let is_jpeg = bytes.starts_with(b"\xff\xd8\xff");
    let fits = (is_png && extension == "png") || (is_jpeg && extension.starts_with('j'));
    if !fits {
        let message = "its content is not what its name says";
        folder.find(&rules::IMAGE_FORMAT, path.as_str(), message);
    }
    // Colour types 4 and 6 of the IHDR chunk carry alpha (PNG section 11.2.1).
    if is_png && matches!(bytes.get(25), Some(4 | 6)) {
        folder.find(&rules::IMAGE_ALPHA, path.as_str(), "it has an alpha channel");
    }
    match imagesize::blob_size(bytes) {
        Ok(size) if size.width == size.height && (1400..=3000).contains(&size.width) => {}
        Ok(size) => {
            let message = format!("it is {} x {} pixels", size.width, size.height);
            folder.find(&rules::IMAGE_SIZE, path.as_str(), message);
        }
        Err(_) => {
            folder.find(&rules::IMAGE_FORMAT, path.as_str(), "its size cannot be read");
        }
    }
    if bytes.len() > COVER_LARGE {
        let message = format!("it has {} kB", bytes.len() / 1000);
        folder.find(&rules::IMAGE_BYTES, path.as_str(), message);
    }
}

/// What a feed says of an enclosure.
pub(super) struct Sound<'a> {
    pub(super) place: &'a str,
    pub(super) url: &'a Url,
    pub(super) length: Option<u64>,
    pub(super) media_type: &'a str,
}

/// Compares an enclosure with its file, when that is part of the site.
pub(super) fn check_sound(folder: &mut Folder, sound: &Sound) {
    let Some(path) = folder.file_of(sound.url) else { return };
    let real = match std::fs::metadata(folder.root.join(&path)) {
        Ok(file) if file.is_file() => file.len(),
        _ => {
            let message = format!("there is no file `{path}`");
            return folder.find(&rules::ENCLOSURE_FILE, sound.place, message);
        }
    };
    if let Some(said) = sound.length.filter(|said| *said != real) {
        let message = format!("the feed says {said} bytes and `{path}` has {real}");
        folder.find(&rules::ENCLOSURE_LENGTH, sound.place, message);
    }
    let Ok((head, _)) = folder.read(&path, 16) else { return };
    if sound.media_type == "audio/mpeg" && !begins_like_mp3(&head) {
        let message = "it does not begin like an MP3, with an ID3 tag or a frame";
        folder.find(&rules::ENCLOSURE_CONTENT, path.as_str(), message);
    }
    if sound.media_type == "audio/x-m4a" && head.get(4..8) != Some(b"ftyp") {
        folder.find(&rules::ENCLOSURE_CONTENT, path.as_str(), "it does not begin like an M4A");
    }
}

/// An ID3v2 tag, or an MPEG audio frame: eleven set bits, a known version, layer III.
fn begins_like_mp3(head: &[u8]) -> bool {
    match head {
        [b'I', b'D', b'3', ..] => true,
        [0xff, second, ..] => {
            second & 0xe0 == 0xe0 && second & 0x18 != 0x08 && second & 0x06 == 0x02
        }
        _ => false,
    }
}
