//! What fuzzing found stays fixed: every mailmap and every map of gitdm that is kept is read again.

#[path = "../../../fuzz/checks/gitdm.rs"]
mod gitdm;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;
#[path = "../../../fuzz/checks/mailmap.rs"]
mod mailmap;

#[test]
fn every_mailmap_that_is_kept_is_read() {
    kept::each("mailmap", mailmap::check);
}

#[test]
fn every_map_of_gitdm_that_is_kept_is_read() {
    kept::each("gitdm", gitdm::check);
}
