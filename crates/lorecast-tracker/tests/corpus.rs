//! What fuzzing found stays fixed: every thread that is kept is tracked again.

#[path = "../../../fuzz/checks/thread.rs"]
mod check;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;

#[test]
fn every_thread_that_is_kept_is_tracked() {
    kept::each("thread", check::check);
}
