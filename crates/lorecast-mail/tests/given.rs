//! Trailers that answers give, whom they name, and what they are about.

use lorecast_mail::{About, fixes, given_trailers, trailer_person};
use proptest::prelude::*;

/// Each trailer as `key: value`, and what it is about when it says so.
fn check(text: &str) -> String {
    let shown = given_trailers(text).into_iter().map(|given| {
        let about = match given.about {
            About::Answered => String::new(),
            About::Series => " (series)".to_owned(),
            About::Patches(numbers) => format!(" {numbers:?}"),
        };
        format!("{}: {}{about}", given.trailer.key, given.trailer.value)
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn below_a_quotation() {
    insta::assert_snapshot!(check("On Monday, Ada wrote:
> Fold the batch.
>
> Reviewed-by: Cy <cy@c.example>

Looks good.

Reviewed-by: Bob Example <bob@b.example>
 Tested-by: Bob Example <bob@b.example> # on a toaster
Acked-by: Bob Example
<bob@b.example>
Tested by: Bob Example <bob@b.example<mailto:bob@b.example>>
--\x20
Acked-by: Dot <dot@d.example>
"), @"
reviewed-by: Bob Example <bob@b.example>
tested-by: Bob Example <bob@b.example>
acked-by: Bob Example <bob@b.example>
tested-by: Bob Example <bob@b.example>
");
}

#[test]
fn what_counts_beside_people() {
    let fix = "Fixes: 0123456789ab (\"mm: fold\")";
    assert_eq!(check(fix), "fixes: 0123456789ab (\"mm: fold\")");
    assert_eq!(check("Closes: https://b.example/1"), "closes: https://b.example/1");
    assert_eq!(check("Cc: stable@vger.example"), "cc: stable@vger.example");
    for not in [
        "Fixes: the bug",
        "Cc: Ada <ada@a.example>",
        "Link: here",
        "Reviewed-by: https://b.example/1",
        "Reviewed-by:",
        "    Reviewed-by: Bob <bob@b.example>",
        "-- >8 --\nAcked-by: Bob <bob@b.example>",
    ] {
        assert_eq!(check(not), "", "{not}");
    }
}

#[test]
fn headers_that_introduce_a_quotation_hide_nothing() {
    let head = "From: Ada <ada@a.example>\nSubject: [PATCH] fold\nDate: Monday\n\n";
    let tag = "Tested-by: Bob <bob@b.example>";
    assert_eq!(check(&format!("{head}> Fold.\n\n{tag}\n")), "tested-by: Bob <bob@b.example>");
    assert_eq!(check(&format!("Thanks.\n\n{head}Fold.\n\n{tag}\n")), "");
}

#[test]
fn what_is_pasted_between_scissors_is_not_given() {
    let (tag, given) = ("Acked-by: Bob <b@b.example>", "acked-by: Bob <b@b.example>");
    assert_eq!(check(&format!("-- >8 --\nOne\n-- 8< --\n{tag}\n")), given);
    assert_eq!(check(&format!("---8<---\n{tag}\n---8<---\n")), "");
    assert_eq!(check(&format!("---8<---\n{tag}\n\n> One\n\n{tag}\n")), given);
    assert_eq!(check(&format!("> ---8<---\n> One\n\n{tag}\n")), given);
}

#[test]
fn what_a_trailer_is_about() {
    let tag = "Acked-by: Bob <b@b.example>";
    for (text, about) in [
        (format!("For the whole series:\n\n{tag}"), " (series)"),
        (format!("{tag}\n\nfor the series."), " (series)"),
        (format!("{tag} # for the series"), " (series)"),
        (format!("For patches 2-4:\n{tag}"), " [2, 3, 4]"),
        (format!("For patches 1, 3 and 5,\n{tag}"), " [1, 3, 5]"),
        (format!("for patch 2/5:\n{tag}"), " [2]"),
        (format!("I will look at the rest of the series.\n{tag}"), ""),
        (format!("The series is not for the faint.\n{tag}"), ""),
        (format!("> for the series\n\n{tag}"), ""),
    ] {
        assert_eq!(check(&text), format!("acked-by: Bob <b@b.example>{about}"), "{text}");
    }
}

#[test]
fn people() {
    for (value, name, email) in [
        ("Ann Example <ann@A.Example>", "Ann Example", "ann@a.example"),
        ("Ann \"AE\" Example <ann@a.example>", "Ann \"AE\" Example", "ann@a.example"),
        ("\"Example, Ann\" <ann@a.example>", "Example, Ann", "ann@a.example"),
        ("Ann (Firm) <ann@a.example> # one", "Ann (Firm)", "ann@a.example"),
        ("Ann ann@a.example", "Ann", "ann@a.example"),
        ("(ann@a.example)", "", "ann@a.example"),
        ("<ann@a.example>", "", "ann@a.example"),
        ("Ann < ann@a.example", "Ann", "ann@a.example"),
        ("Ann", "Ann", ""),
    ] {
        let person = trailer_person(value);
        assert_eq!((person.name.as_str(), person.email.as_str()), (name, email), "{value}");
    }
}

#[test]
fn fixed_commits() {
    let read =
        |value: &str| fixes(value).map(|f| format!("{} {}", f.commit, f.title.unwrap_or_default()));
    assert_eq!(
        read("0123456789AB (\"mm: fold (it)\")").as_deref(),
        Some("0123456789ab mm: fold (it)")
    );
    assert_eq!(read("0123456789ab").as_deref(), Some("0123456789ab "));
    assert_eq!(read("abcde"), None);
    assert_eq!(read("fadedfloor"), None);
    assert_eq!(read("commit 0123456789ab"), None);
}

proptest! {
    #[test]
    fn nothing_panics(text in "(?s)(Reviewed-by:|Acked by:|Fixes:|From:|for patches |for the series|[ -~éß<>@\\n]){0,40}") {
        for given in given_trailers(&text) {
            prop_assert!(!given.trailer.value.is_empty());
        }
        let _ = (trailer_person(&text), fixes(&text));
    }
}
