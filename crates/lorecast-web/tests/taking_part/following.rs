//! What people follow, and how they hear of what is new.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use lorecast_community::Role;
use lorecast_desk::{Desk, Silent};
use lorecast_testkit::kernel::{Fate, KernelTrees, Posted};
use lorecast_testkit::mailbox::{MailText, mail};

use crate::hall::{Browser, Hall, undated};

/// A mail that is written so many hours from now.
fn later(id: &str, hours: i64) -> MailText {
    let date = Timestamp::now() + SignedDuration::from_hours(hours);
    mail(id).date(&date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
}

fn hall() -> Hall {
    let hall = Hall::new();
    hall.ingest(&[mail("1@x").from("Ann Vogel <ann@a.example>").subject("A <question>")]);
    hall
}

/// Somebody with a mail address.
fn ann(hall: &Hall) -> Browser<'_> {
    let mut ann = hall.visitor();
    ann.sends("/sign-in", &[("email", "ann@host.example")]);
    let mail = hall.read("sent");
    let link = mail.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap();
    ann.sends(link, &[("name", "Ann")]);
    std::fs::remove_file(hall.root.join("sent")).unwrap();
    ann.get("/me/");
    ann
}

/// An answer to the thread, a new thread of its writer, and one that matches.
fn news(hall: &Hall) {
    hall.ingest(&[
        mail("1@x").from("Ann Vogel <ann@a.example>").subject("A <question>"),
        later("2@x", 1)
            .from("Bob Berg <bob@b.example>")
            .subject("Re: A <question>")
            .reply_to(&["1@x"]),
        later("3@x", 2).from("Ann Vogel <ann@a.example>").subject("Another \u{202e}one"),
        later("4@x", 3).from("Cy <cy@c.example>").subject("slab of marble"),
    ]);
}

/// What the mails tell that go out so many hours from now; `-` when none does.
fn told(hall: &Hall, hours: i64) -> String {
    let now = Timestamp::now() + SignedDuration::from_hours(hours);
    let link = |news: &lorecast_desk::News| format!("/{:?}", news.what).replace(' ', "");
    let sent = hall.community.tell("https://mail.example", &link, now).unwrap();
    let file = hall.root.join("sent");
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let _ = std::fs::remove_file(file);
    assert_eq!(sent, usize::from(!text.is_empty()));
    if text.is_empty() { "-".to_owned() } else { text }
}

/// The same without dates and keys.
fn plain(mail: &str) -> String {
    let lines = mail.lines().filter(|line| !line.starts_with("Date: "));
    let lines = lines.map(|line| match line.split_once("/unsubscribe/") {
        Some((before, rest)) => format!("{before}/unsubscribe/KEY{}", &rest[43..]),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_button_follows_and_gives_up() {
    let hall = hall();
    let mut ann = hall.joins("Ann", Role::Reader);
    assert!(!hall.visitor().get("/1@x/t/").text.contains("action=\"/follow\""));
    for (page, kind, of) in [
        ("/1@x/t/", "thread", "1@x"),
        ("/stories/1@x/", "story", "1@x"),
        ("/people/ann-vogel/", "person", "ann-vogel"),
        ("/search?q=s%3Aslab", "search", "s:slab"),
    ] {
        let fields = [("kind", kind), ("of", of), ("back", page)];
        assert!(
            ann.get(page)
                .text
                .contains("<form class=\"follow\" method=\"post\" action=\"/follow\">"),
            "{page}"
        );
        assert!(ann.sends("/follow", &fields).starts_with(&format!("303 {page}\n")));
        // Twice is once.
        assert!(ann.sends("/follow", &fields).contains("You follow it"), "{page}");
    }
    assert_snapshot!(undated(ann.says("/me/following").split("Threads, series").nth(1).unwrap()), @r"
    , people, stories and searches
    A <question>
    thread since NOW
    Stop following
    Ann Vogel
    person since NOW
    Stop following
    A <question>
    story since NOW
    Stop following
    s:slab
    search since NOW
    Stop following
    ");
    ann.sends("/unfollow", &[("kind", "story"), ("of", "1@x")]);
    ann.sends("/unfollow", &[("kind", "story"), ("of", "1@x")]);
    assert!(!ann.says("/me/following").contains("story"));
    assert_eq!(
        ann.post("/follow", &[("kind", "list"), ("of", "x")]).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        ann.post("/follow", &[("kind", "search"), ("of", " ")]).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[test]
fn a_mail_tells_once_what_is_new() {
    let hall = hall();
    // Not long ago, but before she follows it.
    hall.ingest(&[later("0@x", -2).subject("Re: A <question>").reply_to(&["1@x"])]);
    let mut ann = ann(&hall);
    for (kind, of) in [("thread", "1@x"), ("person", "ann-vogel"), ("search", "s:slab")] {
        ann.post("/follow", &[("kind", kind), ("of", of)]);
    }
    ann.post("/me/following/notify", &[("notice", "daily")]);
    assert_eq!(told(&hall, 0), "-", "nothing is new");
    news(&hall);
    let mail = told(&hall, 4);
    assert_snapshot!(plain(&mail), @r#"
    From: show@host.example
    To: ann@host.example
    Subject: 3 new in Kernel & Co
    List-Unsubscribe: <https://mail.example/unsubscribe/KEY>
    List-Unsubscribe-Post: List-Unsubscribe=One-Click
    Auto-Submitted: auto-generated
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 8bit

    New of what you follow in Kernel & Co:

    Re: A <question>
      new mail, Bob Berg
      https://mail.example/Mail(MessageId("2@x"))

    Another one
      new mail, Ann Vogel
      https://mail.example/Mail(MessageId("3@x"))

    slab of marble
      new mail, Cy
      https://mail.example/Mail(MessageId("4@x"))

    What you follow: https://mail.example/me/following
    No more of these mails: https://mail.example/unsubscribe/KEY
    "#);
    assert_eq!(told(&hall, 5), "-", "once a day");
    assert_eq!(told(&hall, 30), "-", "nothing twice");
    // Another server, which reads the same journal.
    let desk = lorecast_desk::Desk::open(&hall.root, &lorecast_desk::Silent).unwrap();
    let other = desk.community().unwrap();
    let at = Timestamp::now() + SignedDuration::from_hours(30);
    assert_eq!(other.tell("https://mail.example", &|_| String::new(), at).unwrap(), 0);
    // What reaches the archives late is told all the same.
    let answer = |id, hours| later(id, hours).subject("Re: A <question>").reply_to(&["1@x"]);
    hall.ingest(&[answer("5@x", 3), answer("6@x", -1)]);
    let mail = told(&hall, 31);
    let tells = |id: &str| mail.contains(&format!("{id}\""));
    assert!(mail.contains("2 new in") && tells("5@x") && tells("6@x") && !tells("2@x"), "{mail}");
}

#[test]
fn who_follows_a_series_hears_that_it_was_applied_and_that_it_landed() {
    const DIFF: &str = "diff --git a/drivers/spin.c b/drivers/spin.c\n--- a/drivers/spin.c\n+++ b/drivers/spin.c\n@@ -9,4 +9,5 @@ int spin(void)\n \ta(spin);\n-\tturn(spin, 1);\n+\tturn(spin, 2);\n+\tturn_again(spin);\n \tb(spin);\n \tc(spin);\n";
    const ADA: &str = "Ada Example <ada@rings.example>";
    let hall = Hall::new();
    let show = hall.read("show.yaml");
    let trees = "trees:\n- {name: rings, path: trees/maintainer, branches: [for-next]}\n- {name: mainline, path: trees/linux, role: mainline}\n";
    hall.write("show.yaml", &format!("{show}\n{trees}"));
    hall.ingest(&[mail("p@x")
        .from(ADA)
        .subject("[PATCH] rings: spin faster")
        .date("Fri, 31 Mar 2023 20:00:00 +0000")
        .body(&format!("It is better.\n---\n{DIFF}"))]);
    let mut ann = ann(&hall);
    ann.post("/follow", &[("kind", "series"), ("of", "p@x")]);
    ann.post("/me/following/notify", &[("notice", "daily")]);
    let message = "rings: spin faster\n\nIt is better.\n";
    let posted = [Posted { author: ADA, message, diff: DIFF, fate: Fate::Lands }];
    let mut trees = KernelTrees::new(&hall.root.join("trees"), &posted);
    // What a mail tells, but for how to end it.
    let news = |day: i64| {
        Desk::open(&hall.root, &Silent).unwrap().track(&[]).unwrap();
        let mail = told(&hall, day * 25);
        let news = mail.split_once("Kernel & Co:\n\n").map_or(mail.as_str(), |(_, news)| news);
        news.split("\n\nWhat you follow").next().unwrap().to_owned()
    };
    assert_snapshot!(news(0), @"-");
    trees.apply();
    assert_snapshot!(news(1), @r#"
    rings: spin faster
      applied to rings
      https://mail.example/Landed{root:MessageId("p@x"),how:"appliedtorings"}
    "#);
    assert_snapshot!(news(2), @"-");
    trees.merge_window();
    assert_snapshot!(news(3), @r#"
    rings: spin faster
      landed in v6.4-rc1
      https://mail.example/Landed{root:MessageId("p@x"),how:"landedinv6.4-rc1"}
    "#);
    assert_snapshot!(news(4), @"-");
    // Whoever begins to follow it now knows.
    let mut eve = hall.joins("Eve", Role::Reader);
    eve.post("/follow", &[("kind", "series"), ("of", "p@x")]);
    assert!(!eve.says("/me/following").contains("landed"));
}

#[test]
fn a_mail_that_could_not_be_sent_is_told_again() {
    let hall = hall();
    let mut ann = ann(&hall);
    ann.post("/follow", &[("kind", "thread"), ("of", "1@x")]);
    ann.post("/me/following/notify", &[("notice", "weekly")]);
    news(&hall);
    let yaml = hall.read("show.yaml");
    hall.write("show.yaml", &yaml.replace("cat > sent", "exit 1"));
    assert_eq!(told(&hall, 4), "-");
    hall.write("show.yaml", &yaml);
    assert!(told(&hall, 5).contains("1 new in"));
    assert_eq!(told(&hall, 30), "-", "once a week");
}

#[test]
fn one_click_in_a_mail_program_ends_it() {
    let hall = hall();
    let mut ann = ann(&hall);
    ann.post("/follow", &[("kind", "thread"), ("of", "1@x")]);
    ann.post("/me/following/notify", &[("notice", "daily")]);
    news(&hall);
    let mail = told(&hall, 4);
    assert!(mail.contains("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"), "{mail}");
    let link = mail
        .split_once("List-Unsubscribe: <https://mail.example")
        .unwrap()
        .1
        .split('>')
        .next()
        .unwrap();
    // A look does nothing.
    assert_snapshot!(hall.visitor().says(link), @r"
    200
    No more mails
    Shall the mails about what you follow end?
    No more of these mails
    ");
    assert!(ann.says("/me/following").contains("at most once a day"));
    // A mail program has no cookie, and says nothing of where it comes from.
    let request = Request::builder().method(Method::POST).uri(link);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = hall.send(request.body(Body::from("List-Unsubscribe=One-Click")).unwrap());
    assert_snapshot!(answer.words(), @r"
    No more mails
    You get no more mails about what you follow. The page and the feed stay.
    ");
    assert!(ann.get("/me/following").text.contains("<option value=\"never\" selected>"));
    let nonsense = format!("/unsubscribe/{}", "A".repeat(43));
    assert_eq!(hall.visitor().get(&nonsense).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_feed_is_for_who_has_its_address() {
    let hall = hall();
    let mut ann = hall.joins("Ann", Role::Reader);
    ann.post("/follow", &[("kind", "thread"), ("of", "1@x")]);
    let mut make = || {
        let page = ann.post("/me/following/feed", &[]).text;
        page.split_once("https://mail.example/following/")
            .unwrap()
            .1
            .split('<')
            .next()
            .unwrap()
            .to_owned()
    };
    let first = format!("/following/{}", make());
    news(&hall);
    let feed = hall.visitor().get(&first);
    assert_eq!(feed.headers["cache-control"], "no-store");
    assert!(feed.text.contains("<title>Re: A &lt;question&gt;: new mail</title>"), "{}", feed.text);
    assert_eq!(feed.text.matches("<entry>").count(), 1);
    let second = format!("/following/{}", make());
    let status = |path: &str| hall.visitor().get(path).status;
    assert_eq!((status(&first), status(&second)), (StatusCode::NOT_FOUND, StatusCode::OK));
}

#[test]
fn mails_need_somewhere_to_go() {
    let hall = hall();
    let mut ann = hall.joins("Ann", Role::Reader);
    let page = ann.sends("/me/following/notify", &[("notice", "daily")]);
    assert_snapshot!(page.lines().nth(2).unwrap(), @"There is no mail address to send it to; prove one of yours first, on /me/page.");
}

#[test]
fn the_week_marks_what_is_new_since_the_last_look() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Reader);
    let mut news = || {
        let page = ann.says("/week/");
        let marked = page.lines().filter(|line| {
            line.contains("since you last looked")
                || line.starts_with("new ")
                || line.starts_with("changed ")
        });
        marked.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(news(), "", "the first look");
    assert_snapshot!(news(), @"Nothing new since you last looked");
    let episode = hall.read("episodes/2026-03-01/episode.yaml");
    hall.write(
        "episodes/2026-03-01/episode.yaml",
        &episode
            .replace("- id: 2@x\n", "- id: 9@x\n  section: mm\n  title: nine\n- id: 2@x\n")
            .replace("title: one", "title: first"),
    );
    assert_snapshot!(news(), @r"
    1 new and 1 changed since you last looked
    changed 0.0 min score 12 Write about it: first
    new score 0 Write about it: nine
    ");
    assert_snapshot!(news(), @r"
    1 new and 1 changed since you last looked
    changed 0.0 min score 12 Write about it: first
    new score 0 Write about it: nine
    ");
    // Nobody else is marked, or followed.
    let answer = hall.visitor().get("/week/");
    assert!(!answer.headers.contains_key("set-cookie") && !answer.text.contains("since you last"));
}
