//! The picture that social networks show for a link to an episode: its title, its date and its wave.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use camino::Utf8Path;
use serde::Deserialize;

use crate::text::one_line;

/// The size that social networks ask for, in pixels.
const WIDTH: usize = 1200;
const HEIGHT: usize = 630;
/// The room at the edges.
const MARGIN: usize = 80;
/// The colours: the ground, and what is drawn on it, each in shades for smooth edges.
const GROUND: [u8; 3] = [0x15, 0x16, 0x1a];
const INKS: [[u8; 3]; 3] = [[0xf2, 0xef, 0xe8], [0xa9, 0xac, 0xb8], [0xff, 0xa8, 0x77]];
const SHADES: usize = 32;
/// The sizes of the title that are tried, with the most lines of each, in pixels.
const TITLES: [(f32, usize); 4] = [(88.0, 2), (74.0, 3), (62.0, 3), (52.0, 4)];
/// The bars of the wave: their distance, their width and the height of the tallest half.
const BAR: (usize, usize, f32) = (10, 6, 66.0);
/// The middle of the wave.
const MIDDLE: usize = 484;
/// The longest file of a wave that is read, in bytes; six hours have 400,000.
const PEAKS_LIMIT: u64 = 16 << 20;

/// What a card shows.
pub(crate) struct Card<'a> {
    pub(crate) show: &'a str,
    pub(crate) title: &'a str,
    /// The date and the length.
    pub(crate) line: &'a str,
    /// The height of each stretch of the sound from 0 to 1, see [`wave`].
    pub(crate) wave: &'a [f32],
}

/// A colour to draw with.
#[derive(Clone, Copy)]
enum Ink {
    Bright,
    Quiet,
    Accent,
}

/// Version 2 of the JSON of audiowaveform, as far as it is read here.
#[derive(Deserialize)]
struct Peaks {
    data: Vec<i8>,
}

/// How many bars a wave has.
pub(crate) const BARS: usize = (WIDTH - 2 * MARGIN) / BAR.0;

/// The wave of a sound in [`BARS`] bars of which the highest is 1, from the JSON of audiowaveform; empty when there is none
/// that can be read: a card is no reason not to publish.
pub(crate) fn wave(peaks: &Utf8Path) -> Vec<f32> {
    let short = std::fs::metadata(peaks).is_ok_and(|file| file.len() <= PEAKS_LIMIT);
    let json = if short { std::fs::read(peaks).unwrap_or_default() } else { Vec::new() };
    let Ok(Peaks { data }) = serde_json::from_slice::<Peaks>(&json) else { return Vec::new() };
    let (pairs, _) = data.as_chunks::<2>();
    let height = |pair: &[i8; 2]| f32::from(pair[0].unsigned_abs().max(pair[1].unsigned_abs()));
    let at = |bar: usize| bar * pairs.len() / BARS;
    let highest = pairs.iter().map(height).fold(1.0, f32::max);
    let bar = |n: usize| {
        let pairs = &pairs[at(n)..at(n + 1).max(at(n) + 1)];
        pairs.iter().map(height).fold(0.0, f32::max) / highest
    };
    if pairs.is_empty() { Vec::new() } else { (0..BARS).map(bar).collect() }
}

/// The card as PNG, 1200 by 630.
pub(crate) fn png(card: &Card) -> Vec<u8> {
    let mut canvas = Canvas { pixels: vec![0; WIDTH * HEIGHT] };
    let type_face = Face::new();
    canvas.write(&type_face, &one_line(card.show), (34.0, 110.0), Ink::Accent);
    let title = one_line(card.title);
    let (size, lines) = type_face.set(&title);
    let mut base = 140.0 + size;
    for line in &lines {
        canvas.write(&type_face, line, (size, base), Ink::Bright);
        base += size * 1.12;
    }
    for (number, height) in card.wave.iter().enumerate() {
        canvas.bar(MARGIN + number * BAR.0, (height * BAR.2).max(3.0));
    }
    canvas.write(&type_face, &one_line(card.line), (30.0, HEIGHT as f32 - 30.0), Ink::Quiet);
    let mut file = Vec::new();
    canvas.encode(&mut file).expect("a palette, as many pixels as it says, and memory");
    file
}

/// Ubuntu Light, and Hack for signs that it does not have.
struct Face {
    fonts: [FontRef<'static>; 2],
}

impl Face {
    fn new() -> Self {
        let font = |bytes| FontRef::try_from_slice(bytes).expect("a font that is compiled in");
        let fonts = [epaint_default_fonts::UBUNTU_LIGHT, epaint_default_fonts::HACK_REGULAR];
        Self { fonts: fonts.map(font) }
    }

    /// The font that has a sign; signs that none has are left out.
    fn of(&self, sign: char) -> Option<(&FontRef<'static>, GlyphId)> {
        let found = self.fonts.iter().map(|font| (font, font.glyph_id(sign)));
        found.into_iter().find(|(_, glyph)| glyph.0 != 0)
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let known = text.chars().filter_map(|sign| self.of(sign));
        known.map(|(font, glyph)| font.as_scaled(PxScale::from(size)).h_advance(glyph)).sum()
    }

    /// A title in the largest size in which it fits, cut when it fits in none.
    fn set(&self, title: &str) -> (f32, Vec<String>) {
        let wrapped = |&(size, most): &(f32, usize)| (size, most, self.wrap(title, size));
        let mut tried = TITLES.iter().map(wrapped);
        let fits = tried.find(|(_, most, lines)| lines.len() <= *most);
        if let Some((size, _, lines)) = fits {
            return (size, lines);
        }
        let (size, most) = TITLES[TITLES.len() - 1];
        let mut lines = self.wrap(title, size);
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while self.width(&format!("{last}…"), size) > ROOM && last.pop().is_some() {}
            last.push('…');
        }
        (size, lines)
    }

    /// The text in lines that fit; a word that does not fit into one is broken.
    fn wrap(&self, text: &str, size: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split(' ') {
            let line = lines.last_mut().expect("there is always one");
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size) <= ROOM {
                *line = longer;
                continue;
            }
            let mut next = String::new();
            for sign in word.chars() {
                next.push(sign);
                if self.width(&next, size) > ROOM {
                    next.pop();
                    lines.push(std::mem::replace(&mut next, sign.to_string()));
                }
            }
            lines.push(next);
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// The width for text.
const ROOM: f32 = (WIDTH - 2 * MARGIN) as f32;

/// Indices into the palette.
struct Canvas {
    pixels: Vec<u8>,
}

impl Canvas {
    /// Writes a line at the left margin; `at` is its size and its base line. What does not fit is
    /// left out.
    fn write(&mut self, face: &Face, text: &str, at: (f32, f32), ink: Ink) {
        let (size, base) = at;
        let mut x = MARGIN as f32;
        for (font, glyph) in text.chars().filter_map(|sign| face.of(sign)) {
            let advance = font.as_scaled(PxScale::from(size)).h_advance(glyph);
            if x + advance > MARGIN as f32 + ROOM + 1.0 {
                break;
            }
            let placed = glyph.with_scale_and_position(PxScale::from(size), point(x, base));
            if let Some(outline) = font.outline_glyph(placed) {
                let corner = outline.px_bounds().min;
                outline.draw(|dx, dy, share| {
                    let (x, y) = (corner.x + dx as f32, corner.y + dy as f32);
                    self.dot(x as usize, y as usize, share, ink);
                });
            }
            x += advance;
        }
    }

    /// A bar of the wave, as high above its middle as below.
    fn bar(&mut self, x: usize, half: f32) {
        for y in 0..HEIGHT {
            let far = (y as f32 + 0.5 - MIDDLE as f32).abs();
            let share = (half + 0.5 - far).clamp(0.0, 1.0);
            if share > 0.0 {
                (x..x + BAR.1).for_each(|x| self.dot(x, y, share, Ink::Accent));
            }
        }
    }

    fn dot(&mut self, x: usize, y: usize, share: f32, ink: Ink) {
        let shade = (share.clamp(0.0, 1.0) * (SHADES - 1) as f32).round() as usize;
        if x < WIDTH && y < HEIGHT && shade > 0 {
            let pixel = &mut self.pixels[y * WIDTH + x];
            *pixel = (*pixel).max((ink as usize * SHADES + shade) as u8);
        }
    }

    fn encode(&self, file: &mut Vec<u8>) -> Result<(), png::EncodingError> {
        let mut encoder = png::Encoder::new(file, WIDTH as u32, HEIGHT as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.set_palette(palette());
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()
    }
}

/// Each ink in its shades, from the ground to itself.
fn palette() -> Vec<u8> {
    let mix = |ground: u8, ink: u8, shade: usize| {
        let (ground, ink) = (usize::from(ground), usize::from(ink));
        ((ground * (SHADES - 1 - shade) + ink * shade) / (SHADES - 1)) as u8
    };
    let shade = |ink: [u8; 3], shade| [0, 1, 2].map(|c| mix(GROUND[c], ink[c], shade));
    INKS.iter().flat_map(|ink| (0..SHADES).flat_map(move |n| shade(*ink, n))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
mod tests {
    use super::*;

    /// The pixels of a card that are drawn in an ink, as a picture with a sign for 20 by 30 of them.
    fn seen(card: &Card) -> String {
        let file = png(card);
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (1200, 630));
        let inked = |x: usize, y: usize| {
            let rows = (y * 30..y * 30 + 30).map(|y| &pixels[y * WIDTH + x * 20..][..20]);
            rows.flatten().filter(|p| usize::from(**p) % SHADES > SHADES / 2).count()
        };
        let row =
            |y| -> String { (0..60).map(|x| if inked(x, y) > 30 { '#' } else { ' ' }).collect() };
        (0..21).map(|y| row(y).trim_end().to_owned() + "\n").collect()
    }

    #[test]
    fn a_title_a_date_and_a_wave() {
        let wave: Vec<f32> = (0..BARS).map(|n| n as f32 / BARS as f32).collect();
        let card = Card {
            show: "Tiny Show",
            title: "Rings & queues",
            line: "17 April 2023 · 1:30",
            wave: &wave,
        };
        insta::assert_snapshot!(seen(&card), @r"
        #######

        ###        #
        ######### ### #############
        #### ######## #############
              #





                                     #######################
              ##############################################
        ####################################################
                               #############################
                                                       #####
        ######## ###
        ");
    }

    #[test]
    fn long_titles_are_cut_and_unknown_signs_left_out() {
        let face = Face::new();
        let set = |title: &str| face.set(title).1;
        assert_eq!(set("one two"), ["one two"]);
        let (size, lines) = face.set(&"word ".repeat(200));
        assert!(size == 52.0 && lines.len() == 4 && lines[3].ends_with('…'), "{lines:?}");
        let long = set(&"w".repeat(3000));
        assert!(long.iter().all(|line| face.width(line, 52.0) <= ROOM), "{long:?}");
        assert!(face.of('字').is_none());
    }

    #[test]
    fn a_wave_that_cannot_be_read_is_none() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = Utf8Path::from_path(folder.path()).unwrap().join("x.peaks.json");
        let check = |json: &str, bars: usize| {
            std::fs::write(&file, json).unwrap();
            assert_eq!(wave(&file).len(), bars, "{json}");
        };
        check("{\"version\":2,\"data\":[-128,127,0,0]}", BARS);
        check("{\"data\":[]}", 0);
        check("{\"data\":[300]}", 0);
        check("no JSON", 0);
        assert!(wave(Utf8Path::new("/nowhere")).is_empty());
    }
}
