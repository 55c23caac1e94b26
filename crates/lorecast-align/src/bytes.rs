//! Reads numbers of either byte order from a file in memory, and never past its end.

use crate::Result;
use crate::error::AlignError;

/// A place in the bytes of a model file.
pub(crate) struct Bytes<'a> {
    file: &'static str,
    rest: &'a [u8],
    big_endian: bool,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(file: &'static str, rest: &'a [u8]) -> Self {
        Self { file, rest, big_endian: false }
    }

    /// Reads what follows with the other byte order.
    pub(crate) fn swap(&mut self) {
        self.big_endian = !self.big_endian;
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or_else(|| self.bad("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        let bytes = self.take(4)?;
        let four = [bytes[0], bytes[1], bytes[2], bytes[3]];
        Ok(if self.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        let bytes = self.take(2)?;
        let two = [bytes[0], bytes[1]];
        Ok(if self.big_endian { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    }

    /// A count that must lie between one and `most`.
    pub(crate) fn count(&mut self, what: &str, most: usize) -> Result<usize> {
        let value = self.u32()? as usize;
        if value == 0 || value > most {
            return Err(self.bad(&format!("{value} {what}, where 1 to {most} are possible")));
        }
        Ok(value)
    }

    /// `count` numbers, checked against the length of the file before anything is allocated.
    pub(crate) fn floats(&mut self, count: usize) -> Result<Vec<f32>> {
        let big_endian = self.big_endian;
        let bytes = self.take(count.checked_mul(4).ok_or_else(|| self.bad("it is too large"))?)?;
        let number = |four: &[u8]| {
            let four = [four[0], four[1], four[2], four[3]];
            if big_endian { f32::from_be_bytes(four) } else { f32::from_le_bytes(four) }
        };
        let numbers: Vec<f32> = bytes.chunks_exact(4).map(number).collect();
        if numbers.iter().any(|value| !value.is_finite()) {
            return Err(self.bad("it holds numbers that are none"));
        }
        Ok(numbers)
    }

    /// Text up to a NUL.
    pub(crate) fn text(&mut self) -> Result<&'a str> {
        let length = self
            .rest
            .iter()
            .position(|byte| *byte == 0)
            .ok_or_else(|| self.bad("a name does not end"))?;
        let text = self.take(length)?;
        self.take(1)?;
        std::str::from_utf8(text).map_err(|_| self.bad("a name is no text"))
    }

    /// Skips the text header and the byte-order mark of Sphinx-III parameter files.
    pub(crate) fn parameter_header(&mut self) -> Result<()> {
        const END: &[u8] = b"endhdr\n";
        let window = &self.rest[..self.rest.len().min(4096)];
        let at = window.windows(END.len()).position(|found| found == END);
        if !window.starts_with(b"s3") {
            return Err(self.bad("it does not begin with `s3`"));
        }
        self.take(at.ok_or_else(|| self.bad("its header does not end"))? + END.len())?;
        match self.u32()? {
            0x1122_3344 => Ok(()),
            0x4433_2211 => {
                self.swap();
                Ok(())
            }
            other => Err(self.bad(&format!("{other:#x} is no byte-order mark"))),
        }
    }

    pub(crate) fn bad(&self, reason: &str) -> AlignError {
        AlignError::model(self.file, reason)
    }
}
