//! What fuzzing found stays fixed: every mbox and every repository that is kept is read again.

#[path = "../../../fuzz/checks/epoch.rs"]
mod epoch;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;
#[path = "../../../fuzz/checks/mbox.rs"]
mod mbox;

#[test]
fn every_mbox_that_is_kept_is_read() {
    kept::each("mbox", mbox::check);
}

#[test]
fn every_repository_that_is_kept_is_read() {
    kept::each("epoch", epoch::check);
}
