//! What is left of people who asked to be forgotten.

use lorecast_model::Mailbox;
use lorecast_people::Forgotten;
use proptest::prelude::*;

fn forgotten() -> Forgotten {
    let key = b"a key of this show";
    let hashes = Forgotten::new(key, []).hashes_of(["ann@kernel.example"], ["Ann Vögel", "Ann"]);
    Forgotten::new(key, hashes)
}

fn check(text: &str, veiled: &str) {
    assert_eq!(forgotten().veil(text), veiled);
}

#[test]
fn names_are_veiled_however_they_are_spelt() {
    check("Ann Vögel posted it.", "a developer posted it.");
    check("Bo asked ann vogel’s opinion", "Bo asked a developer’s opinion");
    check("([Ann J. Vogel](x), Bo Berg)", "([a developer](x), Bo Berg)");
    check("Vogel, Ann: no", "a developer: no");
    check("Ann Berg and Bo Vögel", "Ann Berg and Bo Vögel");
    check("Ann is nobody alone. Ann\n\nVogel neither", "Ann is nobody alone. Ann\n\nVogel neither");
    check("", "");
}

#[test]
fn an_import_does_not_bring_them_back() {
    let is = |name: &str, email: &str| {
        forgotten().is(&Mailbox { name: name.to_owned(), email: email.to_owned() })
    };
    assert!(is("", "Ann@Kernel.example"));
    assert!(is("Vogel, Ann", "other@kernel.example"));
    assert!(!is("Ann", "ann@other.example"));
    assert!(!is("", ""));
}

#[test]
fn another_key_knows_nobody() {
    let key = b"a key of this show";
    let hashes = Forgotten::new(key, []).hashes_of(["ann@kernel.example"], ["Ann Vögel"]);
    assert!(hashes.iter().all(|hash| hash.len() == 32));
    let other = Forgotten::new(b"another", hashes);
    assert_eq!(other.veil("Ann Vögel"), "Ann Vögel");
}

proptest! {
    #[test]
    fn nothing_else_changes(text in "(?s).{0,200}") {
        prop_assert_eq!(forgotten().veil(&text), text.as_str());
    }
}
