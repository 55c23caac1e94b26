//! What fuzzing found stays fixed: every mailmap that is kept is read again.

#[path = "../../../fuzz/checks/mailmap.rs"]
mod check;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;

#[test]
fn every_mailmap_that_is_kept_is_read() {
    kept::each("mailmap", check::check);
}
