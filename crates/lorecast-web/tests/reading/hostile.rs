//! Mail that means harm.

use insta::assert_snapshot;
use lorecast_testkit::mailbox::{MailText, mail};

use crate::show::Show;

/// All pages that show a mail.
fn pages(show: &Show, path: &str) -> String {
    let pages = ["", "t/", "t.atom"].map(|page| show.get(&format!("/{path}/{page}")));
    let found = show.get("/search?q=f:mallory");
    pages.iter().chain([&found]).for_each(|page| assert_eq!(page.status, 200));
    pages.iter().chain([&found]).map(|page| page.text()).collect()
}

/// The text of a mail stands on no page as markup.
fn check_escaped(mail: MailText, path: &str, harmful: &str) {
    let text = pages(&Show::of(&[mail.from("Mallory <m@m.example>")]), path);
    assert!(!text.contains(harmful), "{harmful} is there");
}

#[test]
fn markup_in_any_place_is_text() {
    let script = "<script>alert(1)</script>";
    check_escaped(
        mail("1@m.example").body(&format!("{script}\n> {script}\n-- \n{script}\n")),
        "1@m.example",
        "<script",
    );
    check_escaped(
        mail("1@m.example").subject(&format!("</title>{script}")),
        "1@m.example",
        "<script",
    );
    check_escaped(
        mail("1@m.example").to(&format!("\"{script}\" <a@a.example>")),
        "1@m.example",
        "<script",
    );
    check_escaped(
        mail("1@m.example").subject("\" onload=\"alert(1)"),
        "1@m.example",
        "\" onload=\"",
    );
    check_escaped(
        mail("1@m.example").body("https://x.example/\"onclick=\"alert(1)\n"),
        "1@m.example",
        "\"onclick",
    );
    check_escaped(
        mail("1@m.example").body("javascript://x.example/%0aalert(1)\n"),
        "1@m.example",
        "href=\"javascript",
    );
    let diff = format!(
        "diff --git a/{script} b/{script}\n--- a/x\n+++ b/x\n@@ -1 +1 @@ {script}\n-{script}\n+{script}\n"
    );
    check_escaped(mail("1@m.example").body(&diff), "1@m.example", "<script");
}

#[test]
fn mail_in_html_is_shown_as_text() {
    let html = "<p>Hi</p><img src=\"https://spy.example/x.png\"><script>alert(1)</script><svg onload=alert(1)>";
    let letter = mail("1@m.example").header("Content-Type", "text/html").body(html);
    check_escaped(letter.clone(), "1@m.example", "<img");
    check_escaped(letter.clone(), "1@m.example", "<script");
    check_escaped(letter, "1@m.example", "<svg");
}

#[test]
fn ids_with_anything_in_them_have_pages() {
    let odd = "a/b\"onload=\"alert(1)\"&'%2f?#;@m.example";
    let path = "a%2Fb%22onload=%22alert%281%29%22%26%27%252f%3F%23%3B@m.example";
    check_escaped(mail(odd), path, "\"onload");
    let show = Show::of(&[mail(odd)]);
    assert_snapshot!(show.get(&format!("/{path}/raw")).header("content-disposition"), @r#"inline; filename="a_b_onload__alert_1_____2f___@m.example.eml""#);
    assert_eq!(show.get(&format!("/{path}/t.mbox.gz")).status, 200);
    let escaped = Show::of(&[mail("../../../etc/passwd"), mail("search"), mail("site")]);
    let status = ["/..%2F..%2F..%2Fetc%2Fpasswd/", "/%73earch/", "/%73ite/"]
        .map(|path| escaped.get(path).status.as_u16());
    assert_eq!(status, [200, 200, 200]);
}

#[test]
fn a_subject_adds_no_header() {
    let show = Show::of(&[mail("1@m.example").subject("=?utf-8?q?x=0D=0ASet-Cookie:_a=3Db?=")]);
    for page in ["", "t/", "raw", "t.mbox.gz", "t.atom"] {
        let answer = show.get(&format!("/1@m.example/{page}"));
        assert_eq!((answer.status.as_u16(), answer.header("set-cookie")), (200, ""), "{page}");
    }
    assert_eq!(show.get("/%0D%0ASet-Cookie:%20a=b").status, 404);
}

#[test]
fn what_turns_text_around_is_seen() {
    let body = "a\u{202e}b\u{200b}c\r.d\n";
    let letter = mail("1@m.example").header("Content-Type", "text/plain; charset=utf-8").body(body);
    let show = Show::of(&[letter.subject("=?utf-8?b?4oCubW9jLmxsYW1z?=")]);
    let words = show.says("/1@m.example/t/");
    assert!(words.contains("a‹U+202E›b‹U+200B›c"), "{words}");
    assert!(!words.contains(['\u{202e}', '\u{200b}', '\r']), "{words}");
    let feed = show.get("/1@m.example/t.atom").text();
    assert!(!feed.contains(['\u{202e}', '\u{200b}']));
}

#[test]
fn a_deep_thread_is_a_thread() {
    let id = |n: usize| format!("{n}@m.example");
    let mails: Vec<MailText> = (0..5000)
        .map(|n| match n {
            0 => mail(&id(0)),
            n => mail(&id(n)).reply_to(&[&id(n - 1)]).body(".\n"),
        })
        .collect();
    let show = Show::of(&mails);
    let last = show.get("/4999@m.example/t/?page=50");
    assert_eq!((last.status.as_u16(), last.text().matches("<article").count()), (200, 100));
    assert!(last.body.len() < 200_000);
    assert!(show.get("/2500@m.example/").body.len() < 20_000);
}

#[test]
fn many_recipients_are_counted() {
    let all: Vec<String> = (0..500).map(|n| format!("P{n} <p{n}@p.example>")).collect();
    let show = Show::of(&[mail("1@m.example").cc(&all.join(", "))]);
    assert!(show.says("/1@m.example/").contains("P48 <p48@p.example> and 451 more"));
}

#[test]
fn there_is_always_something_to_click_on() {
    let show = Show::of(&[mail("1@m.example").subject("").from("")]);
    assert!(show.says("/").contains("[/1@m.example/t/](no subject)"));
    assert!(show.says("/1@m.example/t/").contains("[#m1@m.example](no sender)"));
}
