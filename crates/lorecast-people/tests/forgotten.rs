//! What is left of people who asked to be forgotten.

use lorecast_model::Mailbox;
use lorecast_people::Forgotten;

const KEY: &[u8] = b"a key of this show";

fn forgotten(names: &[&str]) -> Forgotten {
    let hashes = Forgotten::new(KEY, []).hashes_of(["ann@kernel.example"], names.iter().copied());
    Forgotten::new(KEY, hashes)
}

#[test]
fn an_import_does_not_bring_them_back() {
    let is = |name: &str, email: &str| {
        let who = Mailbox { name: name.to_owned(), email: email.to_owned() };
        forgotten(&["Ann Vögel", "Ann"]).is(&who)
    };
    assert!(is("", "Ann@Kernel.example"));
    assert!(is("Vogel, Ann", "other@kernel.example"));
    assert!(is("Ann Voegel", ""));
    assert!(!is("Ann", "ann@other.example"));
    assert!(!is("", ""));
}

#[test]
fn what_is_kept_says_nothing_without_the_key() {
    let hashes = Forgotten::new(KEY, []).hashes_of([], ["Ann Vogel"]);
    assert!(hashes.iter().all(|hash| matches!(hash.len(), 5 | 32)), "{hashes:?}");
    let other = Forgotten::new(b"another", hashes);
    assert!(!other.is(&Mailbox { name: "Ann Vogel".to_owned(), email: String::new() }));
}

#[test]
fn somebody_with_neither_address_nor_whole_name_cannot_be_remembered() {
    let count = |emails: &[&str], names: &[&str]| {
        let empty = Forgotten::new(KEY, []);
        empty.hashes_of(emails.iter().copied(), names.iter().copied()).len()
    };
    assert_eq!(count(&["", " "], &["Ann", "", "ann@kernel.example", "安"]), 0);
    assert_eq!(count(&["ann@kernel.example"], &["Ann"]), 1);
    assert!(count(&[], &["안소연"]) > 0);
    assert!(count(&[], &["山本悠"]) > 0);
}

#[test]
fn message_ids_end_in_addresses() {
    let check = |id: &str, is: bool| assert_eq!(forgotten(&[]).is_in_id(id), is, "{id}");
    check("20230417100000.123-1-ann@kernel.example", true);
    check("1681725600-123-git-send-email-Ann@kernel.example", true);
    check("ann@kernel.example", true);
    check("20230417-fold-v1-0-0123@kernel.example", false);
    check("joann@kernel.example", false);
    check("ann", false);
}
