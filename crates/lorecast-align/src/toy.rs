//! A model of five phones, for tests: each phone is a vector of its own, and nothing needs installing.

use crate::cepstra::Cepstra;
use crate::model::{DIMENSIONS, Files, STATES, STREAMS};

const PHONES: &[&str] = &["+NSN+", "A", "B", "C", "D", "SIL", "X"];
/// A codebook whose densities fill one block of lanes and a bit.
const DENSITIES: usize = 20;
const DICTIONARY: &str =
    "one A B A\ntwo B C\nthree C D A\nfour D B\nfour(2) D C\nfive A D\nsix C A B\n";

/// The files of the model, all numbers in one byte order.
pub(crate) fn files(big_endian: bool) -> Files {
    let write = Writer { big_endian };
    Files {
        params: b"-transform dct\n-lowerf 130\n-upperf 6800\n-nfilt 25\n-lifter 22\n-feat 1s_c_d_dd\n-model ptm\n".to_vec(),
        mdef: write.mdef(),
        means: write.gaussians(|phone, stream, dimension| if stream == 0 { sound(phone)[dimension] } else { 0.0 }),
        variances: write.gaussians(|_, stream, _| if stream == 0 { 4.0 } else { 900.0 }),
        sendump: write.sendump(),
        transitions: write.transitions(),
        noises: b"<sil> SIL\n[NOISE] +NSN+\n".to_vec(),
        dictionary: DICTIONARY.as_bytes().to_vec(),
    }
}

/// A voice: names of phones, each said for 90 ms, `.` a pause of a second. The mean over all is taken
/// back, so that the phones are where the model has them.
pub(crate) fn voice(phones: &str) -> Cepstra {
    let mut frames = Vec::new();
    for name in phones.split_whitespace() {
        let (name, length) = if name == "." { ("SIL", 100) } else { (name, 9) };
        let phone = PHONES.iter().position(|known| *known == name).unwrap();
        frames.extend(std::iter::repeat_n(sound(phone), length));
    }
    Cepstra::without_mean(frames)
}

/// Each phone stands out in one number.
fn sound(phone: usize) -> [f32; DIMENSIONS] {
    std::array::from_fn(|dimension| if dimension == phone { 12.0 } else { -2.0 })
}

struct Writer {
    big_endian: bool,
}

impl Writer {
    fn int(&self, out: &mut Vec<u8>, value: usize) {
        let value = value as u32;
        out.extend(if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() });
    }

    fn float(&self, out: &mut Vec<u8>, value: f32) {
        self.int(out, value.to_bits() as usize);
    }

    fn mdef(&self) -> Vec<u8> {
        let mut out = if self.big_endian { b"FDMB".to_vec() } else { b"BMDF".to_vec() };
        let count = PHONES.len();
        for value in [1, 4] {
            self.int(&mut out, value);
        }
        out.extend(b"toy\0");
        for value in [count, count, STATES, count * STATES, count * STATES, count, count, 1, 1, 5] {
            self.int(&mut out, value);
        }
        let names: String = PHONES.iter().map(|name| format!("{name}\0")).collect();
        out.extend(names.as_bytes());
        out.resize(out.len() + names.len().next_multiple_of(4) - names.len() + 8, 0);
        for phone in 0..count {
            for value in [phone, phone, 0] {
                self.int(&mut out, value);
            }
        }
        self.int(&mut out, count * STATES);
        for senone in 0..(count * STATES) as u16 {
            out.extend(if self.big_endian { senone.to_be_bytes() } else { senone.to_le_bytes() });
        }
        out
    }

    fn parameters(&self) -> Vec<u8> {
        let mut out = b"s3\nversion 1.0\nchksum0 yes\n      endhdr\n".to_vec();
        self.int(&mut out, 0x1122_3344);
        out
    }

    fn gaussians(&self, value: impl Fn(usize, usize, usize) -> f32) -> Vec<u8> {
        let mut out = self.parameters();
        let total = PHONES.len() * STREAMS * DENSITIES * DIMENSIONS;
        for value in [PHONES.len(), STREAMS, DENSITIES, DIMENSIONS, DIMENSIONS, DIMENSIONS, total] {
            self.int(&mut out, value);
        }
        for at in 0..total {
            let (dimension, book) = (at % DIMENSIONS, at / DIMENSIONS / DENSITIES);
            self.float(&mut out, value(book / STREAMS, book % STREAMS, dimension));
        }
        out
    }

    fn sendump(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for line in ["a toy\0", "cluster_count 0\0"] {
            self.int(&mut out, line.len());
            out.extend(line.as_bytes());
        }
        let senones = PHONES.len() * STATES;
        for value in [0, DENSITIES, senones] {
            self.int(&mut out, value);
        }
        out.resize(out.len() + STREAMS * DENSITIES * senones, 30);
        out
    }

    fn transitions(&self) -> Vec<u8> {
        let mut out = self.parameters();
        let total = PHONES.len() * STATES * (STATES + 1);
        for value in [PHONES.len(), STATES, STATES + 1, total] {
            self.int(&mut out, value);
        }
        for at in 0..total {
            let (row, column) = (at / (STATES + 1) % STATES, at % (STATES + 1));
            self.float(
                &mut out,
                if column == row {
                    2.0
                } else if column == row + 1 {
                    1.0
                } else {
                    0.0
                },
            );
        }
        out
    }
}
