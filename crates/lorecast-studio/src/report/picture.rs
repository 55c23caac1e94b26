//! Pictures of a wave.

use std::fmt::Write;

use super::Peaks;

/// Of the PNG, in pixels: twice what a player shows, for screens with fine pixels.
const WIDTH: usize = 1600;
const HEIGHT: usize = 240;
/// The blue that is legible on white and on black, for what no style sheet reaches.
const BLUE: [u8; 3] = [0x2f, 0x7f, 0xb8];
/// Steps of opacity in the PNG's palette: edges are smooth.
const SHADES: usize = 16;
/// How opaque the outline is; the level within it is wholly so.
const OUTLINE: f32 = 0.45;

impl Peaks {
    /// The wave as SVG, 1600 by 240, in the colour of the text around it where it is put inline.
    pub fn to_svg(&self) -> String {
        let (width, height) = (WIDTH, HEIGHT);
        let columns = self.columns(WIDTH / 2);
        let blue = format!("#{:02x}{:02x}{:02x}", BLUE[0], BLUE[1], BLUE[2]);
        let outline = area(columns.iter().map(|(low, high, _)| (*low, *high)));
        let level = area(columns.iter().map(|(_, _, level)| (-level, *level)));
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img"><title>Waveform</title><path fill="{blue}" fill-opacity="{OUTLINE}" d="{outline}"/><path fill="{blue}" d="{level}"/></svg>
"#
        )
    }

    /// The wave as PNG, 1600 by 240, on a transparent ground.
    pub fn to_png(&self) -> Vec<u8> {
        let columns = self.columns(WIDTH);
        let mut pixels = vec![0u8; WIDTH * HEIGHT];
        for (x, (low, high, level)) in columns.into_iter().enumerate() {
            for y in 0..HEIGHT {
                let outline = covered(y, low, high) * OUTLINE;
                let opacity = outline.max(covered(y, -level, level));
                pixels[y * WIDTH + x] = (opacity * (SHADES - 1) as f32).round() as u8;
            }
        }
        let mut file = Vec::new();
        encode(&mut file, &pixels).expect("a palette, as many pixels as it says, and memory");
        file
    }
}

fn encode(file: &mut Vec<u8>, pixels: &[u8]) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(file, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(BLUE.repeat(SHADES));
    encoder.set_trns((0..SHADES).map(|n| (n * 255 / (SHADES - 1)) as u8).collect::<Vec<u8>>());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()
}

/// Row of a sample, from 0 at the top; the middle line is drawn for silence, too.
fn row(sample: f32) -> f32 {
    (1.0 - sample) / 2.0 * HEIGHT as f32
}

/// The share of a pixel's height between two samples.
fn covered(y: usize, low: f32, high: f32) -> f32 {
    let (top, bottom) = (row(high) - 0.5, row(low) + 0.5);
    (bottom.min(y as f32 + 1.0) - top.max(y as f32)).clamp(0.0, 1.0)
}

/// A closed path along the upper edge and back along the lower.
fn area(
    columns: impl DoubleEndedIterator<Item = (f32, f32)> + ExactSizeIterator + Clone,
) -> String {
    let mut path = String::from("M");
    let step = WIDTH as f32 / columns.len() as f32;
    let upper = columns.clone().enumerate().map(|(n, (_, high))| (n, row(high) - 0.5));
    let lower = columns.enumerate().map(|(n, (low, _))| (n, row(low) + 0.5)).rev();
    for (n, y) in upper.chain(lower) {
        write!(path, "{} {y:.1} ", n as f32 * step).expect("a string takes everything");
    }
    path.push('Z');
    path
}
