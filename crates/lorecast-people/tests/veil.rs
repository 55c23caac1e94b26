//! Names that are not told, however a text spells them.

use lorecast_people::{Forgotten, Veil};
use proptest::prelude::*;

const KEY: &[u8] = b"a key of this show";

fn veil(forgotten: &[&str], renamed: &[(&str, &str)]) -> Veil {
    let hashes = Forgotten::new(KEY, []).hashes_of([], forgotten.iter().copied());
    Veil::new(Forgotten::new(KEY, hashes), renamed.iter().copied())
}

/// With these names forgotten, a plain text and what is left of it.
fn check(names: &[&str], text: &str, veiled: &str) {
    assert_eq!(veil(names, &[]).text(text), veiled, "{names:?}");
}

const BJORN: &[&str] = &["Bjørn Ørskov-Lind"];

#[test]
fn names_are_veiled_however_they_are_spelt() {
    let ann = &["Ann Vögel", "Ann"];
    check(ann, "Ann Vögel posted it.", "a developer posted it.");
    check(ann, "Bo asked ann vogel’s opinion", "Bo asked a developer’s opinion");
    check(ann, "(Ann J. Vogel, Bo Berg)", "(a developer, Bo Berg)");
    check(ann, "J. Ann Vogel, J Ann Vogel", "a developer, J a developer");
    check(ann, "Vogel, Ann: no", "a developer: no");
    check(ann, "ANN VOEGEL and Bo Vögel", "a developer and Bo Vögel");
    check(ann, "Ann Berg. Ann is nobody\n\nVogel", "Ann Berg. Ann is nobody\n\nVogel");
    check(ann, "Ann\n\nVogel", "Ann\n\nVogel");
    check(ann, "", "");
}

#[test]
fn spaces_and_hyphens_of_any_kind_are_parts_of_names() {
    for text in [
        "Bjørn\u{a0}Ørskov-Lind",
        "Bjørn\tØrskov\u{2011}Lind",
        "Bjørn\nØrskov\u{ad}-Lind",
        "Bjørn Ørskov Lind",
        "Ørskov Lind, Bjørn",
        "bjorn-orskov-lind",
        "Bjørn_Ørskov-Lind",
        "Bjo\u{308}rn O\u{308}rskov-Lind",
        "Bjørn \"Bear\" Ørskov-Lind",
        "Bjørn “the Bear” Ørskov-Lind",
        "Bjørn (Fjord) Ørskov-Lind",
        "Bjoern Oerskov-Lind",
    ] {
        check(BJORN, &format!("by {text}, now"), "by a developer, now");
    }
    check(BJORN, "Bjørn (and Ann) met Ørskov-Lind", "Bjørn (and Ann) met Ørskov-Lind");
}

#[test]
fn every_key_of_a_name_is_known() {
    check(&["Jörg Müßig"], "Joerg Muessig and JÖRG MÜSSIG", "a developer and a developer");
    check(&["Joerg Muessig"], "Jörg Müßig", "a developer");
    check(&["Vo An (安)"], "Vo An (安), Vo An, 安", "a developer, a developer, 安");
    check(&["Vogel An Li (Annie Vogel)"], "Annie Vogel", "a developer");
    check(&["Vogel An Li (Annie Vogel)"], "Annie Vogel (Vogel An Li)!", "a developer!");
    check(&["安 Ann Vogel"], "von 安 Ann Vogel 提", "von a developer 提");
    check(&["Ann-Kai Vogel"], "Annkai Vogel, Ann Kai Vogel", "a developer, a developer");
    check(&["Annkai Vogel"], "Ann-Kai Vogel", "a developer");
    let long = "Ann Maria da Silva Berg e Costa Vogel";
    check(&[long], &format!("{long} wrote"), "a developer wrote");
}

#[test]
fn names_in_any_script() {
    check(&["안소연"], "안소연이 보냈다", "a developer이 보냈다");
    check(&["山本悠"], "これは山本悠さん、山本 悠", "これはa developerさん、a developer");
    check(&["山本 悠"], "これは山本悠さん", "これはa developerさん");
    check(&["प्रिया शर्मा"], "कल प्रिया शर्मा ने", "कल a developer ने");
    check(&["Анна Фогель"], "Анна Фогель и Анна", "a developer и Анна");
    check(&["علي حسن"], "كتب علي حسن", "كتب a developer");
}

#[test]
fn who_bears_another_name_now_is_called_by_it() {
    let check = |text: &str, veiled: &str| {
        let veil =
            veil(&[], &[("Bjørn Ørskov-Lind", "Birgit Lind"), ("Ann Quill", "Ann Quill Berg")]);
        assert_eq!(veil.text(text), veiled);
    };
    check("Bjørn Ørskov-Lind’s patch", "Birgit Lind’s patch");
    check("Birgit Lind, birgit lind", "Birgit Lind, Birgit Lind");
    check("Ann Quill Berg, Ann Quill", "Ann Quill Berg, Ann Quill Berg");
    let found = veil(&[], &[("Bjørn Ø", "Birgit Lind")]).finds("birgit-lind");
    assert!(found[0].current);
}

#[test]
fn marks_of_markdown_may_part_a_name_and_stay() {
    let check = |text: &str, veiled: &str| {
        assert_eq!(veil(BJORN, &[]).markdown(text), veiled);
    };
    check("**Bjørn** Ørskov-Lind said", "**a developer** said");
    check("[Bjørn](https://u.example/) Ørskov-Lind", "[a developer](https://u.example/)");
    check("[Bjørn Ørskov-Lind](u), x", "[a developer](u), x");
    check("Bjørn <b>Ørskov-Lind</b>", "a developer<b></b>");
    check("Bjørn&nbsp;Ørskov-Lind", "a developer");
    check("> by Bjørn\n> Ørskov-Lind", "> by a developer");
    check("*Bjørn _\"Bear\"_ Ørskov-Lind*", "*a developer__*");
}

proptest! {
    #[test]
    fn nothing_else_changes(text in "(?s).{0,200}") {
        let veil = veil(&["Ann Vögel", "안소연"], &[("Bo Quill", "Bo Berg")]);
        prop_assert_eq!(veil.text(&text), text.as_str());
        prop_assert_eq!(veil.markdown(&text), text.as_str());
    }

    #[test]
    fn a_name_is_found_in_any_company(before in "[^\\p{L}\\p{M}\\p{N}]{0,20}", after in "[^\\p{L}\\p{M}\\p{N}]{0,20}") {
        let text = format!("{before} Ann Vögel {after}");
        let veil = veil(&["Ann Vögel"], &[]);
        prop_assert!(!veil.text(&text).contains("Vögel"));
        prop_assert!(!veil.markdown(&text).contains("Vögel"));
    }
}
