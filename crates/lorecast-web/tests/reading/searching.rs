//! Searching.

use insta::assert_snapshot;
use lorecast_testkit::mailbox::mail;

use crate::show::Show;

fn two() -> Show {
    Show::of(&[
        mail("1@a.example").subject("Fold the page").body("The folio is long.\n"),
        mail("2@a.example").subject("A \"quote\" & <tag>").date("Tue, 11 Apr 2023 12:00:00 +0000"),
    ])
}

#[test]
fn what_matches_is_listed() {
    assert_snapshot!(two().says("/search?q=s%3Afold+folio"), @r"
    200
    Search
    Newest first [/search?q=s%3Afold%20folio&sort=relevance]best match first [/search?q=s%3Afold%20folio&x=A]Feed (Atom)
    [/1@a.example/]Fold the page
    Ann Example 2023-04-10 12:00
    ");
    assert_snapshot!(two().says("/search?q=f:ann&sort=relevance"), @r#"
    200
    Search
    Best match first [/search?q=f%3Aann]newest first [/search?q=f%3Aann&x=A]Feed (Atom)
    [/2@a.example/]A "quote" & <tag>
    Ann Example 2023-04-11 12:00
    [/1@a.example/]Fold the page
    Ann Example 2023-04-10 12:00
    "#);
    assert_snapshot!(two().says("/search?q=nobody").lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    200
    Search
    Newest first [/search?q=nobody&sort=relevance]best match first [/search?q=nobody&x=A]Feed (Atom)
    ");
}

#[test]
fn a_wrong_search_is_explained() {
    let first = |path: &str| two().says(path).lines().take(3).collect::<Vec<_>>().join("\n");
    assert_snapshot!(first("/search?q=(a+OR+b"), @r"
    400
    Search
    cannot read the search `(a OR b` at column 1: this `(` is not closed
    ");
    assert_snapshot!(first("/search?q=d:someday"), @r"
    400
    Search
    cannot read the search `d:someday` at column 1: `someday` is no date; write `20230401..20230415`, `2023-04-01..`, `last.week..` or `..2.days.ago`
    ");
    assert_snapshot!(first("/search?q=a&sort=size"), @r"
    400
    This cannot be read
    `sort` is `newest` or `relevance`.
    ");
    assert_snapshot!(first("/search?q=a&x=Z"), @r"
    400
    This cannot be read
    A search is a page, or a feed with `x=A`.
    ");
    assert_snapshot!(first(&format!("/search?q={}", "x".repeat(2001))), @r"
    400
    This cannot be read
    This search is longer than 2000 bytes.
    ");
    assert_snapshot!(first(&format!("/search?q={}", "x".repeat(9001))), @r"
    400
    This cannot be read
    This address is too long.
    ");
    assert_snapshot!(first("/search?q=%FF%FE"), @r"
    200
    Search
    Newest first [/search?q=%EF%BF%BD%EF%BF%BD&sort=relevance]best match first [/search?q=%EF%BF%BD%EF%BF%BD&x=A]Feed (Atom)
    ");
}

#[test]
fn without_a_search_it_is_told_how() {
    let page = two().get("/search").text();
    assert!(page.contains("<code>s:resource f:ann</code>"));
    assert_eq!(two().get("/search?q=+").status, 200);
}

#[test]
fn a_long_list_has_pages() {
    let mails: Vec<_> = (0..201).map(|n| mail(&format!("{n}@a.example")).subject("many")).collect();
    let show = Show::of(&mails);
    let count = |path: &str| show.get(path).text().matches("<li>").count();
    assert_eq!([count("/search?q=many"), count("/search?q=many&page=2")], [200, 1]);
    let next = "<link rel=\"next\" href=\"/search?q=many&amp;page=2\">";
    assert!(show.get("/search?q=many").text().contains(next));
}
