//! The artwork as small as the head of each page shows it: directories want up to 3000 pixels, and a
//! page is not to wait for these.

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The side of the icon, in pixels: twice what a page shows, for screens with fine pixels.
const SIDE: usize = 96;
/// No artwork has more pixels on a side; directories take 3000.
const LARGEST: usize = 6000;

/// The icon of a picture, as PNG; `None` when the picture is neither a PNG nor a JPEG that can be
/// decoded.
pub(crate) fn of(picture: &[u8]) -> Option<Vec<u8>> {
    let pixels = if picture.starts_with(b"\x89PNG") { png(picture)? } else { jpeg(picture)? };
    let small = pixels.shrunk();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIDE as u32, SIDE as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&small).ok()?;
    writer.finish().ok()?;
    Some(file)
}

/// A picture in memory: grey, grey with alpha, RGB or RGBA with a byte each.
struct Pixels {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn new(width: usize, height: usize, bytes: Vec<u8>) -> Option<Self> {
        let fits = (1..=LARGEST).contains(&width) && (1..=LARGEST).contains(&height);
        let area = width * height;
        let whole =
            fits && bytes.len().is_multiple_of(area) && (1..=4).contains(&(bytes.len() / area));
        whole.then_some(Self { width, height, bytes })
    }

    /// The mean of the pixels that lie behind each pixel of the icon, as RGBA; of a picture that is no
    /// square, its middle.
    fn shrunk(&self) -> Vec<u8> {
        let channels = self.bytes.len() / (self.width * self.height);
        let side = self.width.min(self.height);
        let (left, top) = ((self.width - side) / 2, (self.height - side) / 2);
        let mut small = Vec::with_capacity(SIDE * SIDE * 4);
        for y in 0..SIDE {
            for x in 0..SIDE {
                let (rows, columns) = (behind(y, side), behind(x, side));
                let count = (rows.len() * columns.len()) as u32;
                let mut sums = [0u32; 4];
                for row in rows {
                    let start = ((top + row) * self.width + left + columns.start) * channels;
                    let run = &self.bytes[start..start + columns.len() * channels];
                    for pixel in run.chunks_exact(channels) {
                        sums.iter_mut().zip(pixel).for_each(|(sum, byte)| *sum += u32::from(*byte));
                    }
                }
                let [a, b, c, d] = sums.map(|sum| (sum / count) as u8);
                small.extend(match channels {
                    1 => [a, a, a, 255],
                    2 => [a, a, a, b],
                    3 => [a, b, c, 255],
                    _ => [a, b, c, d],
                });
            }
        }
        small
    }
}

/// Which of `all` rows or columns lie behind one of the icon; at least one.
fn behind(nth: usize, all: usize) -> std::ops::Range<usize> {
    let start = nth * all / SIDE;
    start..((nth + 1) * all / SIDE).max(start + 1)
}

fn png(picture: &[u8]) -> Option<Pixels> {
    let mut decoder = png::Decoder::new(Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width.max(height) > LARGEST {
        return None;
    }
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
    bytes.truncate(frame.buffer_size());
    Pixels::new(width, height, bytes)
}

fn jpeg(picture: &[u8]) -> Option<Pixels> {
    let options = DecoderOptions::default()
        .set_max_width(LARGEST)
        .set_max_height(LARGEST)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(picture), options);
    let bytes = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    Pixels::new(width, height, bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
mod tests {
    use super::*;

    /// A picture that is black on its left half and white on its right one.
    fn halves(color: png::ColorType, width: u32) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, 10);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        let row =
            (0..width).flat_map(|x| vec![if x < width / 2 { 0 } else { 255 }; color.samples()]);
        let row: Vec<u8> = row.collect();
        encoder.write_header().unwrap().write_image_data(&row.repeat(10)).unwrap();
        file
    }

    #[test]
    fn a_picture_is_shrunk_or_blown_up() {
        for color in [png::ColorType::Grayscale, png::ColorType::Rgb] {
            for width in [2, 96, 1001] {
                let icon = super::png(&of(&halves(color, width)).unwrap()).unwrap();
                assert_eq!((icon.width, icon.height), (SIDE, SIDE));
                let (left, right) = (&icon.bytes[..4], &icon.bytes[(SIDE - 1) * 4..SIDE * 4]);
                assert_eq!(
                    (left, right),
                    (&[0, 0, 0, 255][..], &[255; 4][..]),
                    "{color:?} {width}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_picture_has_no_icon() {
        let picture = halves(png::ColorType::Rgb, 100);
        for broken in [&b""[..], b"text", &picture[..60], b"\xff\xd8\xff\xe0\0\x10JFIF"] {
            assert_eq!(of(broken), None);
        }
    }
}
