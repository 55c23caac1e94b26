//! Work of others on hostile bytes.
//!
//! Readers and decoders of sound are large, and some stumble: a shift by too many bits, an index out
//! of its range. What they hold is thrown away then, so nothing of a broken state is seen again.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does the work; `None` when it panics. Whoever calls drops what the work has touched.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    static SILENT: Once = Once::new();
    // The user is told in words; every other panic is reported as before.
    SILENT.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                others(panic);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_the_next_work_is_done() {
        let bits = std::hint::black_box(200);
        assert_eq!(guarded(|| [1, 2][bits]), None);
        assert_eq!(guarded(|| 3), Some(3));
        assert!(!GUARDED.get());
    }
}
