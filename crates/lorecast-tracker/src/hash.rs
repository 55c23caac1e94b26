//! The hash behind prints, keys and samples. They are stored, so it never changes: FNV-1a
//! (draft-eastlake-fnv, section 2), then the last mix of MurmurHash3, so that the upper bits are as
//! good as the lower ones.

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

#[derive(Clone, Copy)]
pub(crate) struct Hash(u64);

impl Hash {
    /// Begins a hash; hashes of different kinds of things never meet.
    pub(crate) fn of(kind: u8) -> Self {
        Self(BASIS).byte(kind)
    }

    pub(crate) fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(PRIME))
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |hash, &byte| hash.byte(byte))
    }

    /// Takes a text in without its white space, which mailers and maintainers change.
    pub(crate) fn folded(self, text: &str) -> Self {
        let black = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
        black.fold(self, Self::byte)
    }

    pub(crate) fn end(self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ (hash >> 33)
    }

    /// The upper half, where 32 bits are enough.
    pub(crate) fn short(self) -> u32 {
        (self.end() >> 32) as u32
    }
}
