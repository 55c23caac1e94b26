//! Weeks of mails that make no good story are drafted and read aloud all the same, and nothing of
//! them ends as raw markup.

use lorecast_testkit::mailbox::MailText;

use crate::world::{World, dated};

const DRAFT: [&str; 5] = ["draft", "--week", "2023-04-16", "--add", "0@x"];

/// What becomes of a week with this posting and an answer to it: notes and script.
#[track_caller]
fn check(posting: MailText) -> (String, String) {
    let answer = dated("1@x", 1)
        .from("Bo Ek <bo@x.example>")
        .subject("Re: folio")
        .reply_to(&["0@x"])
        .body("I think that this should go in, once it is tested on more machines.\n");
    told(&World::with(&[posting.bytes(), answer.bytes()]), &DRAFT)
}

#[track_caller]
fn told(world: &World, draft: &[&str]) -> (String, String) {
    let run = world.run(draft);
    assert_eq!(run.code, 0, "{run:?}");
    let read =
        |name| std::fs::read_to_string(world.path("show/episodes/2023-04-16").join(name)).unwrap();
    let run = world.run(&["script", "2023-04-16", "--format", "html"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(world.run(&["check", "2023-04-16"]).code < 2);
    let (notes, script) = (read("notes.md"), read("script.md"));
    let page = run.stdout;
    for text in [&notes, &script, &page] {
        let bad = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(bad), "{text}");
    }
    // Comments are the tools' own.
    let tags = notes.replace("<!--", "").replace("\\<", "");
    assert!(!tags.contains('<'), "{notes}");
    let spoken: Vec<&str> = script.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(!spoken.join("\n").contains(['<', '*', '`', '|', '_', '/']), "{script}");
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"), "{page}");
    (notes, script)
}

fn posting() -> MailText {
    dated("0@x", 0).from("Ann Example <ann@x.example>").subject("[PATCH v2 0/2] mm: sort the folio")
}

const COVER: &str =
    "This series sorts the folio by the colour of its pages. It makes lookups faster.\n";

#[test]
fn titles_with_markup_quotes_and_other_directions() {
    for title in [
        "<script>alert(1)</script> folio",
        "mm: **fold** [it](http://evil.example) `now` | <b>x</b> <img src=x onerror=y>",
        "mm: \u{201c}a \u{2018}quoted\u{2019} folio\u{201d} \"here\" \\\" and \\*",
        "mm: \u{202e}oilof\u{2069} \u{5d0}\u{5d1}\u{5d2} \u{200f}folio",
        "# heading - 1. list > quote",
        "--- folio",
        "<!-- folio --> ![x](y)",
        "]( folio )[",
        "{{ folio }} {% raw %}",
        "&lt;script&gt; &amp; folio",
    ] {
        check(posting().subject(&format!("[PATCH v2 0/2] {title}")).body(COVER));
    }
}

#[test]
fn cover_letters_without_prose() {
    let table = "| case | before | after |\n|------|-------:|------:|\n".to_owned()
        + &"| fold_pages/16 | 123.4 | 56.7 |\n".repeat(9_000);
    for body in
        ["", "\n\n", &table, &format!("{COVER}\n{table}"), &"0123456789abcdef ".repeat(18_000)]
    {
        check(posting().body(body));
    }
}

#[test]
fn cover_letters_in_html_only() {
    let html = "<html><body><p>This series <b>sorts</b> the folio &amp; its pages.</p><script>alert(1)</script><table><tr><td>1</td></tr></table></body></html>\n";
    check(posting().header("Content-Type", "text/html; charset=utf-8").body(html));
}

#[test]
fn cover_letters_that_answer_on_top() {
    let body = format!(
        "Yes, please take it.\n\n-----Original Message-----\nFrom: Cy <cy@x.example>\nSubject: folio\n\n{COVER}\n> > <b>deep</b>\n"
    );
    check(posting().body(&body));
}

#[test]
fn cover_letters_in_other_languages() {
    for body in [
        "Cette s\u{e9}rie trie les pages par couleur. Elle est plus rapide.\n",
        "\u{42d}\u{442}\u{430} \u{441}\u{435}\u{440}\u{438}\u{44f} \u{441}\u{43e}\u{440}\u{442}\u{438}\u{440}\u{443}\u{435}\u{442} \u{441}\u{442}\u{440}\u{430}\u{43d}\u{438}\u{446}\u{44b}.\n",
        "\u{3053}\u{306e}\u{30b7}\u{30ea}\u{30fc}\u{30ba}\u{306f}\u{30da}\u{30fc}\u{30b8}\u{3092}\u{4e26}\u{3079}\u{66ff}\u{3048}\u{308b}\u{3002}\n",
        "\u{5d4}\u{5e1}\u{5d3}\u{5e8}\u{5d4} \u{5de}\u{5de}\u{5d9}\u{5d9}\u{5e0}\u{5ea} \u{5d3}\u{5e4}\u{5d9}\u{5dd}.\n",
    ] {
        let (_, script) = check(posting().body(body));
        assert!(script.contains("Ann Example"), "{script}");
    }
}

#[test]
fn names_with_markup() {
    for name in ["\"<b>Ann</b> *Ex* [y](z)\"", "\"Ann | `Ex`\"", "\"\u{202e}nnA\""] {
        check(posting().from(&format!("{name} <ann@x.example>")).body(COVER));
    }
}

#[test]
fn a_week_without_mail() {
    let world = World::with(&[posting().body(COVER).bytes()]);
    let run = world.run(&["draft", "--week", "2022-01-16"]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = world.run(&["script", "2022-01-16"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_week_with_one_list() {
    let mails: Vec<Vec<u8>> = (0..9)
        .map(|n| {
            let mail = dated(&format!("{n}@x"), n).list("mm.x.example").body(COVER);
            mail.subject(&format!("[PATCH] mm: sort folio {n}")).bytes()
        })
        .collect();
    let (notes, _) = told(&World::with(&mails), &DRAFT[..3]);
    assert!(notes.contains("folio"), "{notes}");
}
