//! What fuzzing found stays fixed: every recording that is kept is heard again.

#[path = "../../../fuzz/checks/take.rs"]
mod check;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;

#[test]
#[cfg(feature = "opus")]
fn every_recording_that_is_kept_is_heard() {
    kept::each("take", check::check);
}
