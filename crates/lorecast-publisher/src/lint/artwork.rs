//! Pictures: their form, size and weight, read from the files.

use url::Url;

use super::reach::Opened;
use super::rule::{Rule, rules};
use super::{Lint, Place, enclosure, http, values};

rules! {
    SIZE "CH-18" Must Psp1 Media
        "The artwork is square, 1400 to 3000 pixels a side."
        => "make the cover square, 3000 pixels a side";
    LARGEST "CH-19" Should AppleArt Media
        "The artwork has 3000 x 3000 pixels."
        => "make the cover 3000 pixels a side";
    FORM "CH-20" Must Psp1 Media
        "The artwork is a JPEG or PNG in RGB, and its name says which."
        => "save the cover as a JPEG or PNG in RGB, named accordingly";
    ALPHA "CH-21" Must AppleArt Media
        "The artwork has no transparency."
        => "save the cover without an alpha channel";
    WEIGHT "CH-22" Should Spotify Media
        "The artwork has at most 512 kB."
        => "compress the cover; some apps skip larger ones";
}

/// The largest picture that is looked at.
const LIMIT: u64 = 100_000_000;
const HEAVY: usize = 512_000;

/// Which rule each fault of a picture breaks.
pub(super) struct Rules {
    size: Rule,
    largest: Option<Rule>,
    form: Rule,
    alpha: Rule,
    weight: Rule,
}

/// The artwork of the show.
pub(super) const SHOW: Rules =
    Rules { size: SIZE, largest: Some(LARGEST), form: FORM, alpha: ALPHA, weight: WEIGHT };

impl Rules {
    /// One rule for all of them.
    pub(super) fn all(rule: Rule) -> Self {
        Self { size: rule, largest: None, form: rule, alpha: rule, weight: rule }
    }
}

pub(super) fn check(lint: &mut Lint, place: &Place, url: &Url, rules: &Rules) {
    enclosure::ascii(lint, place, url.as_str());
    http::encrypted(lint, place, url);
    match lint.reach.open(url, LIMIT) {
        Opened::Elsewhere => {}
        Opened::Missing(why) => {
            lint.find(&http::ANSWERS, place, format!("the picture `{url}` {why}"));
        }
        Opened::File(name, bytes) => picture(lint, &name, &values::ending(url), &bytes, rules),
    }
}

/// Width and height of a picture, when it can be read.
pub(super) fn size(bytes: &[u8]) -> Option<(usize, usize)> {
    imagesize::blob_size(bytes).ok().map(|size| (size.width, size.height))
}

fn picture(lint: &mut Lint, name: &str, ending: &str, bytes: &[u8], rules: &Rules) {
    let png = bytes.starts_with(b"\x89PNG\r\n\x1a\n");
    let jpeg = bytes.starts_with(b"\xff\xd8\xff");
    let fits = (png && ending == "png") || (jpeg && matches!(ending, "jpg" | "jpeg"));
    if !fits {
        lint.find(&rules.form, name, "its content is not what its name says");
    } else if !is_rgb(bytes, png) {
        lint.find(&rules.form, name, "its colours are not RGB");
    }
    // Colour types 4 and 6 carry alpha, and so does a chunk of transparent colours (PNG 11.2.1, 11.3.1).
    if png && (matches!(bytes.get(25), Some(4 | 6)) || png_chunks(bytes).any(|c| c == b"tRNS")) {
        lint.find(&rules.alpha, name, "it has an alpha channel");
    }
    match size(bytes) {
        Some((width, height)) if width == height && (1400..=3000).contains(&width) => {
            if let Some(rule) = rules.largest.filter(|_| width != 3000) {
                lint.find(&rule, name, format!("it is {width} x {height} pixels"));
            }
        }
        Some((width, height)) => {
            lint.find(&rules.size, name, format!("it is {width} x {height} pixels"));
        }
        None if fits => lint.find(&rules.form, name, "its size cannot be read"),
        None => {}
    }
    if bytes.len() > HEAVY {
        lint.find(&rules.weight, name, format!("it has {} kB", bytes.len() / 1000));
    }
}

/// Grey and palettes are RGB to a reader of PNG; CMYK in JPEG (four components) is not.
fn is_rgb(bytes: &[u8], png: bool) -> bool {
    if png { matches!(bytes.get(25), Some(2 | 3 | 6)) } else { jpeg_components(bytes) == Some(3) }
}

/// The types of a PNG's chunks, as far as they are whole.
fn png_chunks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 8usize;
    std::iter::from_fn(move || {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        at = at.checked_add(length)?.checked_add(12)?;
        Some(&head[4..])
    })
}

/// How many components the frame of a JPEG has (ITU T.81 section B.2.2).
fn jpeg_components(bytes: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let head = bytes.get(at..at + 4)?;
        let (marker, length) = (head[1], u16::from_be_bytes([head[2], head[3]]) as usize);
        match (head[0], marker) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xc0..=0xcf) if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return bytes.get(at + 9).copied();
            }
            (0xff, _) => at += 2 + length.max(2),
            _ => return None,
        }
    }
}
