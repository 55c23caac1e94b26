//! Artwork: read from the file, checked, and named by what it holds.

use camino::{Utf8Path, Utf8PathBuf};

use crate::PublishError;
use crate::site::named;

/// The sides that directories take, in pixels (Apple, Artwork requirements).
const SIDES: std::ops::RangeInclusive<usize> = 1400..=3000;

/// The largest picture that is read, in bytes.
const LARGEST: u64 = 50_000_000;

/// A small picture of our own making: its place below the site's root, and its bytes.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn small(file: &Utf8Path, stem: &str) -> Result<(Utf8PathBuf, Vec<u8>), PublishError> {
    let bytes = std::fs::read(file).map_err(PublishError::file("read", file))?;
    Ok((named(stem, &bytes, "png"), bytes))
}

/// A picture that directories take: its place below the site's root, and its bytes.
///
/// The name changes with the picture, because directories look again only when the URL is new.
///
/// # Errors
/// When it cannot be read, is neither JPEG nor PNG, or is not a square of 1400 to 3000 pixels without
/// transparency.
pub(crate) fn read(file: &Utf8Path, folder: &str) -> Result<(Utf8PathBuf, Vec<u8>), PublishError> {
    let fails = |why: String| PublishError::Artwork { path: file.to_owned(), why };
    let size = std::fs::metadata(file).map_err(PublishError::file("read", file))?.len();
    if size > LARGEST {
        return Err(fails(format!("has {size} bytes")));
    }
    let bytes = std::fs::read(file).map_err(PublishError::file("read", file))?;
    let extension = check(&bytes).map_err(fails)?;
    Ok((named(&format!("{folder}cover"), &bytes, extension), bytes))
}

/// The ending of a picture that directories take; what is wrong with it otherwise.
pub(crate) fn check(bytes: &[u8]) -> Result<&'static str, String> {
    let extension = match bytes {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xff, 0xd8, 0xff, ..] => "jpg",
        _ => return Err("is neither a JPEG nor a PNG".into()),
    };
    let pixels = imagesize::blob_size(bytes);
    let pixels = pixels.map_err(|_| "is damaged: its size cannot be read".to_owned())?;
    if pixels.width != pixels.height || !SIDES.contains(&pixels.width) {
        return Err(format!("has {} x {} pixels", pixels.width, pixels.height));
    }
    // Colour types 4 and 6 of the IHDR chunk carry alpha (PNG section 11.2.1).
    if extension == "png" && matches!(bytes.get(25), Some(4 | 6)) {
        return Err("has an alpha channel".into());
    }
    Ok(extension)
}
