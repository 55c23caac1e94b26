//! What fuzzing found stays fixed: every input that is kept is tried again.

#[path = "../../../fuzz/checks/carry.rs"]
mod carry;
#[path = "../../../fuzz/checks/thread.rs"]
mod check;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;

#[test]
fn every_thread_that_is_kept_is_tracked() {
    kept::each("thread", check::check);
}

#[test]
fn every_mark_that_is_kept_is_carried() {
    kept::each("carry", carry::check);
}
