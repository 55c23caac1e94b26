//! Two sides that are the same, encoded once.
//!
//! Most episodes are voices in the middle, and an encoder for stereo works on each side of them in full. In
//! mid/side stereo (ISO 11172-3, 2.4.3.4.9.2) left is (M + S) / √2 and right (M - S) / √2: a mono frame
//! becomes both sides when its sound is M, its gain √2 higher, and S is empty.

use super::frames::{FULLEST, Frame, HEADER, Layer, bits};

/// Of a header's last byte: joint stereo, mid/side alone.
const MID_SIDE: u8 = 0b0110_0000;
/// Where things lie in the side information (2.4.1.7): which scale factors a channel shares between its
/// granules, four bits each, then the granules, those of all channels together.
const SHARES: [usize; 2] = [HEADER * 8 + 14, HEADER * 8 + 12];
const GRANULES: [usize; 2] = [HEADER * 8 + 18, HEADER * 8 + 20];
const GRANULE: usize = 59;
/// Within a granule, from its lowest bit on: how it is windowed (`window_switching_flag`, `block_type`,
/// `mixed_block_flag`), and the gain, a quarter of a power of two a step.
const WINDOW: u64 = 0xF << 22;
const SWITCHES: u64 = 1 << 25;
const GAIN: usize = 30;
const LARGEST_GAIN: u64 = 0xFF;
/// √2 in steps of the gain, and the gain that is 1.
const LOUDER: u64 = 2;
const UNITY: u64 = 210;

/// Makes each frame of a mono stream one of joint stereo, of the bit rate with this index in the header at
/// least, and as much more as its sound needs. `None` where a sound is too large or too loud for that.
pub(super) fn widen(mono: &[Frame], least: u8) -> Option<Vec<Frame>> {
    let mut reservoir = 0;
    let widened = mono.iter().map(|mono| {
        let mut frame = Frame { back: reservoir, ..both_sides(mono)? };
        reservoir = (least..=FULLEST).find_map(|rate| {
            frame.set_rate(rate);
            Layer::after(reservoir, &frame)
        })?;
        Some(frame)
    });
    widened.collect()
}

/// One frame, at the bit rate that it had.
fn both_sides(mono: &Frame) -> Option<Frame> {
    let mut head = mono.head[..HEADER].to_vec();
    head[3] = MID_SIDE | head[3] & 0x0F;
    head.resize(HEADER + 32, 0);
    put(&mut head, SHARES[1], 4, bits(&mono.head, SHARES[0], 4));
    for granule in 0..2 {
        let middle = bits(&mono.head, GRANULES[0] + granule * GRANULE, GRANULE);
        let gain = (middle >> GAIN & LARGEST_GAIN) + LOUDER;
        if gain > LARGEST_GAIN {
            return None;
        }
        let side = if middle & SWITCHES == 0 { 0 } else { middle & WINDOW };
        let at = GRANULES[1] + 2 * granule * GRANULE;
        put(&mut head, at, GRANULE, middle + (LOUDER << GAIN));
        put(&mut head, at + GRANULE, GRANULE, side | UNITY << GAIN);
    }
    Some(Frame { head, back: 0, sound: mono.sound.clone() })
}

/// Writes bits where there are zeros.
fn put(bytes: &mut [u8], at: usize, count: usize, value: u64) {
    for bit in 0..count {
        let is_set = (value >> (count - 1 - bit) & 1) as u8;
        bytes[(at + bit) / 8] |= is_set << (7 - (at + bit) % 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mono frame of 112 kbit/s with so many bytes of sound, whose granules are these.
    fn frame(length: usize, granules: [u64; 2]) -> Frame {
        let mut head = vec![0; HEADER + 17];
        head[..HEADER].copy_from_slice(&[0xFF, 0xFB, 0x84, 0xC4]);
        put(&mut head, SHARES[0], 4, 0b1010);
        for (number, granule) in granules.into_iter().enumerate() {
            put(&mut head, GRANULES[0] + number * GRANULE, GRANULE, granule);
        }
        Frame { head, back: 0, sound: vec![7; length] }
    }

    /// `part2_3_length`, gain, and window of a granule.
    fn granule(length: u64, gain: u64, window: u64) -> u64 {
        length << 47 | 100 << 38 | gain << GAIN | window << 22 | 0x1234
    }

    #[test]
    fn the_middle_is_the_sound_and_the_side_is_empty() {
        let [long, short] = [granule(1_600, 170, 0), granule(800, 160, 0b1100)];
        let frame = both_sides(&frame(300, [long, short])).unwrap();
        assert_eq!(frame.head[..HEADER], [0xFF, 0xFB, 0x84, 0x64]);
        let part = |at: usize| bits(&frame.head, GRANULES[1] + at * GRANULE, GRANULE);
        assert_eq!(bits(&frame.head, HEADER * 8, 20), 0b1010_0000);
        assert_eq!(part(0), granule(1_600, 172, 0));
        assert_eq!(part(1), UNITY << GAIN);
        assert_eq!(part(2), granule(800, 162, 0b1100));
        assert_eq!(part(3), UNITY << GAIN | 0b1100 << 22);
    }

    #[test]
    fn a_gain_without_room_is_none() {
        assert!(both_sides(&frame(1, [granule(8, 253, 0); 2])).is_some());
        assert_eq!(both_sides(&frame(1, [granule(8, 254, 0); 2])), None);
    }

    /// Kilobits a second by the index of the rate and the reservoir before each frame.
    #[track_caller]
    fn check(lengths: &[usize], least: u8, rates: &[(u8, usize)]) {
        let frames: Vec<Frame> =
            lengths.iter().map(|n| frame(*n, [granule(8, 170, 0); 2])).collect();
        let wide = widen(&frames, least).unwrap();
        let found: Vec<_> = wide.iter().map(|wide| (wide.head[2] >> 4, wide.back)).collect();
        assert_eq!(found, rates);
    }

    #[test]
    fn a_frame_takes_the_lowest_rate_that_holds_it() {
        // 32 kbit/s hold 60 bytes of sound, 128 hold 348, 320 hold 924.
        check(&[60, 40, 100, 61], 1, &[(1, 0), (1, 0), (2, 20), (1, 4)]);
        check(&[100, 500, 400], 9, &[(9, 0), (9, 248), (9, 96)]);
        check(&[0, 0, 0, 1_435, 924], 14, &[(14, 0), (14, 511), (14, 511), (14, 511), (14, 0)]);
        assert_eq!(widen(&[frame(925, [granule(8, 170, 0); 2])], 1), None);
    }
}
