//! `sendump`: the weights of the densities in each senone.

use crate::Result;
use crate::bytes::Bytes;
use crate::model::gaussians::STREAMS;

/// What one step of a weight's byte means: 1,024 steps of the logarithm to the base 1.0001.
const STEP: f64 = 1024.0 * 0.000_099_995;
const MOST_HEADERS: usize = 256;
const LONGEST_HEADER: usize = 10_000;

/// The weights of the senones `wanted`: `[(stream * wanted + senone) * densities + density]`.
pub(crate) fn parse(
    bytes: &[u8],
    wanted: &[u16],
    senones: usize,
    densities: usize,
) -> Result<Vec<f32>> {
    let mut bytes = Bytes::new("sendump", bytes);
    let clusters = headers(&mut bytes)?;
    if clusters != 0 {
        return Err(bytes.bad("its weights are clustered"));
    }
    let rows = bytes.u32()? as usize;
    let columns = bytes.u32()? as usize;
    if rows != densities || columns < senones {
        return Err(bytes.bad(&format!(
            "{rows} rows of {columns}, where {densities} of {senones} were expected"
        )));
    }
    let mut weights = vec![0.0; STREAMS * wanted.len() * densities];
    for stream in 0..STREAMS {
        for density in 0..densities {
            let row = bytes.take(columns)?;
            for (at, senone) in wanted.iter().enumerate() {
                let steps = row.get(usize::from(*senone)).copied().unwrap_or(u8::MAX);
                weights[(stream * wanted.len() + at) * densities + density] =
                    (-STEP * f64::from(steps)).exp() as f32;
            }
        }
    }
    Ok(weights)
}

/// Skips the strings at the head, and says how many clusters they promise.
fn headers(bytes: &mut Bytes<'_>) -> Result<usize> {
    let mut clusters = 0;
    for number in 0..MOST_HEADERS {
        let mut length = bytes.u32()? as usize;
        if number == 0 && length > LONGEST_HEADER {
            bytes.swap();
            length = length.swap_bytes_32();
        }
        if length == 0 {
            return Ok(clusters);
        }
        if length > LONGEST_HEADER {
            return Err(bytes.bad("a line of its header is too long"));
        }
        let line = bytes.take(length)?;
        if let Some(count) = line.strip_prefix(b"cluster_count ") {
            let digits: String = count
                .iter()
                .map(|byte| char::from(*byte))
                .take_while(char::is_ascii_digit)
                .collect();
            clusters = digits.parse().unwrap_or(usize::MAX);
        }
    }
    Err(bytes.bad("its header does not end"))
}

/// A 32 bit length read in the wrong order.
trait Swapped {
    fn swap_bytes_32(self) -> Self;
}

impl Swapped for usize {
    fn swap_bytes_32(self) -> Self {
        (self as u32).swap_bytes() as usize
    }
}
