//! What fuzzing found stays fixed: every mail that is kept is read again.

#[path = "../../../fuzz/checks/mail.rs"]
mod check;
#[path = "../../../fuzz/checks/kept.rs"]
mod kept;

#[test]
fn every_mail_that_is_kept_is_read() {
    kept::each("mail", check::check);
}
