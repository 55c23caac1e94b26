//! `mdef`: the names of the phones, and which senones are theirs.

use crate::Result;
use crate::bytes::Bytes;

/// States of a phone that emit sound.
pub(crate) const STATES: usize = 3;
const MOST_PHONES: usize = 256;
const MOST_TRIPHONES: usize = 4_000_000;
const MOST_SENONES: usize = 1_000_000;

/// The phones of the model, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mdef {
    /// `AA`, `AE`, … `SIL`.
    pub names: Vec<String>,
    /// The context-independent senones of each phone.
    pub senones: Vec<[u16; STATES]>,
    /// The transition matrix of each phone.
    pub matrices: Vec<usize>,
    /// All senones, those in context too.
    pub senone_count: usize,
    /// Transition matrices.
    pub matrix_count: usize,
}

impl Mdef {
    /// Reads the binary form (`BMDF`, as sphinxbase's `bin_mdef.h` describes it).
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let mut bytes = Bytes::new("mdef", bytes);
        match bytes.take(4)? {
            b"BMDF" => {}
            b"FDMB" => bytes.swap(),
            _ => return Err(bytes.bad("it does not begin with `BMDF`")),
        }
        if bytes.u32()? > 1 {
            return Err(bytes.bad("its version is newer than 1"));
        }
        let description = bytes.u32()? as usize;
        bytes.take(description)?;
        let phones = bytes.count("phones", MOST_PHONES)?;
        let triphones = bytes.count("phones in context", MOST_TRIPHONES)?;
        let states = bytes.count("states", 16)?;
        let own = bytes.count("senones of phones", MOST_SENONES)?;
        let senone_count = bytes.count("senones", MOST_SENONES)?;
        let matrix_count = bytes.count("transition matrices", MOST_SENONES)?;
        let sequences = bytes.count("senone sequences", MOST_TRIPHONES)?;
        let _contexts = bytes.u32()?;
        let tree = bytes.u32()? as usize;
        let _silence = bytes.u32()?;
        if states != STATES || triphones < phones || own > senone_count {
            return Err(bytes.bad("its counts do not fit each other"));
        }
        let mut names = Vec::new();
        let mut length = 0;
        for _ in 0..phones {
            let name = bytes.text()?;
            length += name.len() + 1;
            names.push(name.to_owned());
        }
        bytes.take(length.next_multiple_of(4) - length)?;
        bytes.take(tree.checked_mul(8).ok_or_else(|| bytes.bad("it is too large"))?)?;
        let mut entries = Vec::new();
        for _ in 0..phones {
            entries.push((bytes.u32()? as usize, bytes.u32()? as usize));
            bytes.take(4)?;
        }
        bytes.take((triphones - phones) * 12)?;
        let total = bytes.u32()? as usize;
        if total != sequences * STATES {
            return Err(bytes.bad("its senone sequences are not of three states"));
        }
        let mut flat = Vec::new();
        for _ in 0..total {
            flat.push(bytes.u16()?);
        }
        let senones = entries.iter().map(|(sequence, _)| {
            let at = sequence.checked_mul(STATES)?;
            let three: [u16; STATES] = flat.get(at..at + STATES)?.try_into().ok()?;
            three.iter().all(|senone| usize::from(*senone) < senone_count).then_some(three)
        });
        let senones: Option<Vec<_>> = senones.collect();
        let matrices: Vec<usize> = entries.iter().map(|(_, matrix)| *matrix).collect();
        if matrices.iter().any(|matrix| *matrix >= matrix_count) {
            return Err(bytes.bad("a phone has a transition matrix that is not there"));
        }
        let senones = senones.ok_or_else(|| bytes.bad("a phone has senones that are not there"))?;
        Ok(Self { names, senones, matrices, senone_count, matrix_count })
    }

    /// The number of a phone.
    pub(crate) fn phone(&self, name: &str) -> Option<u8> {
        let at = self.names.iter().position(|known| known == name)?;
        u8::try_from(at).ok()
    }
}
