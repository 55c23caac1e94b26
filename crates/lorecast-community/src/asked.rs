//! Which request a link answers: the browser that asked for it, and the number that this browser shows.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// A request for a link by mail. The link lets in from the browser that asked; from another one when its user gives the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Of the key that the browser keeps.
    pub browser: Digest,
    /// What the browser shows.
    pub number: ShortNumber,
}

/// Four digits that one reads from one screen and types at another. They let nobody in by themselves: that takes the link as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShortNumber(u16);

impl ShortNumber {
    /// Of bytes that have to be random.
    pub fn new(random: [u8; 8]) -> Self {
        // Of 2^64 numbers, each remainder has as many but for one part in 10^15.
        Self((u64::from_le_bytes(random) % 10_000) as u16)
    }

    /// Reads what somebody typed; `None` for anything but four digits, with spaces between them or not.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = text.chars().filter(|c| !c.is_whitespace());
        let mut number = 0;
        for _ in 0..4 {
            number = number * 10 + u16::try_from(digits.next()?.to_digit(10)?).ok()?;
        }
        digits.next().is_none().then_some(Self(number))
    }
}

impl fmt::Display for ShortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_four_digits() {
        let read = |text: &str| ShortNumber::parse(text).map(|number| number.to_string());
        assert_eq!(read("0427").as_deref(), Some("0427"));
        assert_eq!(read(" 04 27 ").as_deref(), Some("0427"));
        for wrong in ["", "427", "00427", "-427", "+427", "4e27", "04.7", "٠٤٢٧", &"9".repeat(99)]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(ShortNumber::new([0; 8]).to_string(), "0000");
        assert_eq!(ShortNumber::new([0xff; 8]).to_string(), "1615");
    }
}
