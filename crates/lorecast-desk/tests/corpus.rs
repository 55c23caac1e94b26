//! What fuzzing found stays fixed: every search that is kept is read again.

#[path = "../../../fuzz/checks/query.rs"]
mod check;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;

#[test]
fn every_search_that_is_kept_is_read() {
    kept::each("query", check::check);
}
