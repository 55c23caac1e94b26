//! Loops in the widest vector instructions that the processor has.
//!
//! Builds for everybody's processor use what each has, which is half or a quarter of what most have. Results
//! stay the same to the bit: nothing is summed in another order, and no multiplication is fused with an addition.

use std::sync::LazyLock;

use fearless_simd::{Level, dispatch};

static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Does work that is compiled for each kind of processor. The closure, and what it calls, has to be
/// `#[inline(always)]`: only what is inlined here is compiled so. Hence loops, and no `for_each` or `sum`, whose
/// own loops lie elsewhere.
#[inline(always)]
pub(crate) fn widest<T>(work: impl FnOnce() -> T) -> T {
    dispatch!(*LEVEL, _simd => work())
}
