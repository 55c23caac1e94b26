//! Pages of people, and what they say of themselves there.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use insta::assert_snapshot;
use jiff::Timestamp;
use lorecast_community::{By, Deed, Role};
use lorecast_desk::{Desk, Silent};
use lorecast_model::PersonId;
use lorecast_testkit::mailbox::mail;
use lorecast_testkit::tone::Tone;

use crate::hall::{Answer, Browser, Hall, undated};

/// Ann began a thread and posted a patch; Bob answered; a program did, too.
fn hall() -> Hall {
    let hall = Hall::new();
    let diff = "A change.\n\nSigned-off-by: Ann Vogel <ann@a.example>\n---\n a.c | 1 +\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1,2 @@\n a\n+b\n";
    hall.ingest(&[
        mail("1@x").from("Ann Vogel <ann@a.example>").subject("A <question>"),
        mail("2@x")
            .from("Ann Vogel <ann@a.example>")
            .date("Tue, 11 Apr 2023 12:00:00 +0000")
            .subject("[PATCH] batch: fold it")
            .body(diff),
        mail("3@x")
            .from("Bob Berg <bob@b.example>")
            .date("Wed, 12 Apr 2023 12:00:00 +0000")
            .subject("Re: [PATCH] batch: fold it")
            .reply_to(&["2@x"]),
        mail("4@x")
            .from("widget bot <bot@c.example>")
            .date("Thu, 13 Apr 2023 12:00:00 +0000")
            .reply_to(&["2@x"]),
    ]);
    hall
}

/// The link of the last mail.
fn link(hall: &Hall) -> String {
    let mail = hall.read("sent");
    mail.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap().to_owned()
}

/// Somebody whose address is proved.
fn ann(hall: &Hall) -> Browser<'_> {
    let mut ann = hall.joins("Ann", Role::Reader);
    ann.sends("/me/prove", &[("email", "ann@a.example")]);
    let link = link(hall);
    assert!(ann.sends(&link, &[]).starts_with("303 /me/page\n"));
    ann
}

/// Sends a recording of a name.
fn record(hall: &Hall, browser: &Browser<'_>, file: &[u8]) -> Answer {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../x.html\"\r\nContent-Type: text/html\r\n\r\n",
        browser.token
    )
    .into_bytes();
    body.extend(file);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::builder().method(Method::POST).uri("/me/page/ann-vogel/spoken");
    let request = request.header("sec-fetch-site", "same-origin").header("cookie", &browser.cookie);
    let request = request.header("content-type", "multipart/form-data; boundary=b");
    hall.send(request.body(Body::from(body)).unwrap())
}

fn wav(seconds: f64) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let file = camino::Utf8Path::from_path(dir.path()).unwrap().join("a.wav");
    Tone::sine(440.0).seconds(seconds).mono().write(&file);
    std::fs::read(file).unwrap()
}

#[test]
fn a_page_tells_what_somebody_wrote() {
    let hall = hall();
    assert_snapshot!(hall.visitor().says("/people/ann-vogel/"), @r"
    200
    Ann Vogel
    2 mails 2023-04-10 12:00 to 2023-04-11 12:00
    Feed (Atom) Is this you? Everybody
    Series
    batch: fold it
    v1 under review 2023-04-11 12:00
    Threads
    A <question>
    2023-04-10 12:00
    ");
    assert_snapshot!(hall.visitor().says("/people/bob-berg/"), @r"
    200
    Bob Berg
    1 mail 2023-04-12 12:00 to 2023-04-12 12:00
    Feed (Atom) Is this you? Everybody
    Answers
    Re: [PATCH] batch: fold it
    2023-04-12 12:00
    ");
    let feed = hall.visitor().get("/people/ann-vogel/mails.atom");
    assert!(feed.text.contains("<title>Ann Vogel · Kernel &amp; Co</title>"), "{}", feed.text);
    assert_eq!(feed.text.matches("<entry>").count(), 2);
}

#[test]
fn all_of_them_are_listed_but_programs_and_who_asked_to_be_forgotten() {
    let hall = hall();
    let mut visitor = hall.visitor();
    assert_snapshot!(visitor.says("/people/"), @r"
    200
    People
    2 people wrote the mail that this show reads; who wrote most comes first. Are you one of them?
    Ann Vogel
    2 mails the last one 2023-04-11 12:00
    Bob Berg
    1 mail the last one 2023-04-12 12:00
    ");
    assert_snapshot!(visitor.get("/api/v1/people").text, @r#"{"count":2,"people":[{"id":"ann-vogel","name":"Ann Vogel","mails":2,"first":"2023-04-10T12:00:00Z","last":"2023-04-11T12:00:00Z"},{"id":"bob-berg","name":"Bob Berg","mails":1,"first":"2023-04-12T12:00:00Z","last":"2023-04-12T12:00:00Z"}]}"#);
    Desk::open(&hall.root, &Silent).unwrap().forget("ann@a.example").unwrap();
    let rest = visitor.get("/people/").text;
    assert!(!rest.contains("Vogel") && rest.contains("1 person wrote"), "{rest}");
}

#[test]
fn a_hundred_people_are_on_a_page() {
    let hall = Hall::new();
    let from = |n| mail(&format!("{n}@x")).from(&format!("Person {n} <p{n}@n{n}.example>"));
    hall.ingest(&(0..101).map(from).collect::<Vec<_>>());
    let mut visitor = hall.visitor();
    let listed = |page: &str| page.matches("<li><a href=\"/people/").count();
    let first = visitor.get("/people/").text;
    assert_eq!(listed(&first), 100);
    assert!(first.contains("<a rel=\"next\" href=\"/people/?page=2\">"), "{first}");
    assert_eq!(listed(&visitor.get("/people/?page=2").text), 1);
    assert_eq!(listed(&visitor.get("/people/?page=3").text), 0);
    assert!(visitor.get("/api/v1/people?page=2").text.starts_with(r#"{"count":101,"people":[{"#));
    for wrong in ["0", "1001", "x", "-1", "99999999999999999999"] {
        for list in ["/people/", "/api/v1/people"] {
            let answer = visitor.get(&format!("{list}?page={wrong}"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{list} {wrong}");
        }
    }
}

#[test]
fn a_name_leads_to_its_page_and_a_program_has_none() {
    let hall = hall();
    let mut visitor = hall.visitor();
    let page = visitor.get("/2@x/t/").text;
    assert!(page.contains("<a class=\"name\" href=\"/3@x/writer\"><bdi>Bob Berg</bdi></a>"));
    assert!(page.contains("<strong><bdi>widget bot</bdi></strong>"));
    assert_eq!(visitor.get("/3@x/writer").headers["location"], "/people/bob-berg/");
    assert_eq!(visitor.get("/4@x/writer").status, StatusCode::NOT_FOUND);
    for nobody in ["/people/widget-bot/", "/people/nobody/", "/people/A%20b/", "/people/..%2f/"] {
        assert_eq!(visitor.get(nobody).status, StatusCode::NOT_FOUND, "{nobody}");
    }
}

#[test]
fn who_asked_to_be_forgotten_has_no_page() {
    let hall = hall();
    let mut visitor = hall.visitor();
    assert_eq!(visitor.get("/people/ann-vogel/").status, StatusCode::OK);
    let desk = Desk::open(&hall.root, &Silent).unwrap();
    desk.forget("ann@a.example").unwrap();
    for gone in ["/people/ann-vogel/", "/people/ann-vogel/mails.atom", "/2@x/writer"] {
        assert_eq!(visitor.get(gone).status, StatusCode::NOT_FOUND, "{gone}");
    }
    assert_snapshot!(hall.joins("Ann", Role::Reader).sends("/me/prove", &[("email", "ann@a.example")]).lines().nth(3).unwrap(), @"Whose address this is asked to be forgotten; ask the producer of the show.");
}

#[test]
fn an_address_is_proved_by_a_mail_to_it() {
    let hall = hall();
    let mut ann = hall.joins("Ann", Role::Reader);
    let wrong = |text: String| text.lines().nth(3).unwrap().to_owned();
    assert_snapshot!(wrong(ann.sends("/me/prove", &[("email", "no address")])), @"This is no mail address; write one such as name@host.example.");
    assert_snapshot!(wrong(ann.sends("/me/prove", &[("email", "nobody@z.example")])), @"Nobody wrote from this address what the show reads; give one that stands in your mails.");
    assert_snapshot!(wrong(ann.sends("/me/prove", &[("email", "bot@c.example")])), @"A program writes from this address.");
    assert_snapshot!(wrong(ann.sends("/me/prove", &[("email", "Ann@A.example")])), @"A mail is on its way. The link in it works once, for two hours, where you are signed in.");
    let mail = hall.read("sent");
    assert!(
        mail.starts_with(
            "From: show@host.example\nTo: ann@a.example\nSubject: Your page in Kernel & Co\n"
        ),
        "{mail}"
    );
    let link = link(&hall);
    // What looks at links in mails does not use them up, and who is not signed in learns nothing.
    assert_eq!(hall.visitor().get(&link).status, StatusCode::UNAUTHORIZED);
    assert_snapshot!(ann.says(&link), @r"
    200
    Is this you?
    Say that ann@a.example is yours, Ann. Then you write what the show says about whoever wrote from there.
    It is mine
    ");
    assert!(ann.sends(&link, &[]).starts_with("303 /me/page\n"));
    // It works once.
    let mut bob = hall.joins("Bob", Role::Owner);
    assert_eq!(bob.get(&link).status, StatusCode::NOT_FOUND);
    assert_eq!(bob.post(&link, &[]).status, StatusCode::NOT_FOUND);
    let page = ann.says("/me/page");
    assert!(page.contains("ann@a.example: Ann Vogel"), "{page}");
    assert!(ann.sends("/me/disown", &[("email", "ann@a.example")]).starts_with("303 /me/page\n"));
    assert!(!ann.says("/me/page").contains("ann@a.example: Ann Vogel"));
}

#[test]
fn what_somebody_says_of_themselves_is_kept_in_the_show() {
    let hall = hall();
    hall.write("people.yaml", "# by hand\n- name: Ann Vogel   # with remarks\n  emails: [ann@a.example]\n  bio: The show's words.\n# the end\n");
    let mut ann = ann(&hall);
    let fields = [
        ("name", "Ann Vogel"),
        ("say", "ann FOH-gel"),
        ("pronouns", ""),
        ("bio", "I fold <b>batches</b>.\r\n\r\nAnd unfold them."),
        ("employer0", "Example; Inc"),
        ("from0", "2021-07-01"),
        ("title0", "Blog"),
        ("url0", "https://ann.example/"),
    ];
    assert!(ann.sends("/me/page/ann-vogel", &fields).starts_with("303 /me/page\n"));
    assert_snapshot!(hall.read("people.yaml"), @r"
    # by hand
    - name: Ann Vogel
      emails:
      - ann@a.example
      bio: The show's words.
      own:
        say: ann FOH-gel
        bio: |-
          I fold <b>batches</b>.

          And unfold them.
        links:
          Blog: https://ann.example/
        employers:
        - employer: Example Inc
          from: 2021-07-01
          source: own
    # the end
    ");
    assert_snapshot!(undated(&hall.visitor().says("/people/ann-vogel/")), @r"
    200
    Ann Vogel
    say “ann FOH-gel”
    2 mails 2023-04-10 12:00 to 2023-04-11 12:00
    Feed (Atom) Is this you? Everybody
    I fold <b>batches</b>.
    And unfold them.
    Works for
    Example, since 2021 (as they say)
    Elsewhere
    Blog
    Series
    batch: fold it
    v1 under review 2023-04-11 12:00
    Threads
    A <question>
    2023-04-10 12:00
    Last change of this page
    say, bio, employers, link:Blog
    Ann NOW
    ");
    assert_snapshot!(undated(&hall.visitor().says("/log")), @r"
    200
    What editors decided, and whose page changed
    Ann changed the page of ann-vogel: say, bio, employers, link:Blog
    NOW
    ");
    // The same once more changes nothing.
    let entries = hall.community.look(|commons| commons.last());
    ann.sends("/me/page/ann-vogel", &fields);
    assert_eq!(hall.community.look(|commons| commons.last()), entries);
}

#[test]
fn what_cannot_be_said_is_told_and_changes_nothing() {
    let hall = hall();
    let mut ann = ann(&hall);
    let mut says = |field: &str, value: &str| {
        let page = ann.sends("/me/page/ann-vogel", &[(field, value), ("title0", "Blog")]);
        let lines: Vec<&str> = page.lines().collect();
        format!("{} {}", lines[0], lines[3])
    };
    assert_snapshot!(says("url0", "http://ann.example/"), @"200 The link leads to `http://ann.example/`; write `https://…`.");
    assert_snapshot!(says("url0", "javascript:alert(1)"), @"200 The link leads to `javascript:alert(1)`; write `https://…`.");
    assert_snapshot!(says("name", "a\u{202e}b"), @"200 This is no name: U+202E does not belong here; leave it out.");
    assert_snapshot!(says("say", &"x".repeat(600)), @"200 `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` is longer than 500 bytes.");
    assert!(!hall.root.join("people.yaml").exists());
    // Of others nothing.
    let page = ann.sends("/me/page/bob-berg", &[("bio", "x")]);
    assert!(
        page.contains("No address that you proved is beyond doubt that of `bob-berg`"),
        "{page}"
    );
    let mut bob = hall.joins("Bob", Role::Owner);
    assert_eq!(bob.post("/me/page/ann-vogel", &[("bio", "x")]).status, StatusCode::FORBIDDEN);
}

#[test]
fn a_recording_is_made_anew_and_nothing_else_is_served() {
    let hall = hall();
    let mut ann = ann(&hall);
    let refused = |answer: Answer| {
        let words = answer.words();
        format!("{} {}", answer.status.as_u16(), words.lines().nth(2).unwrap_or(&words))
    };
    assert_snapshot!(refused(record(&hall, &ann, b"<script>alert(1)</script>")), @"200 This recording cannot be taken: `it` is not audio that the studio can read; send a WAV, FLAC, MP3 or Opus of at most ten seconds.");
    assert_snapshot!(refused(record(&hall, &ann, &wav(11.0))), @"200 This recording cannot be taken: it is longer than 10 seconds; send a WAV, FLAC, MP3 or Opus of at most ten seconds.");
    assert_eq!(record(&hall, &ann, &vec![0; 5 << 20]).status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        std::fs::read_dir(hall.root.join("sounds/people")).unwrap().count(),
        0,
        "nothing is left behind"
    );
    let own = wav(1.0);
    assert_eq!(record(&hall, &ann, &own).status, StatusCode::SEE_OTHER);
    let spoken = |hall: &Hall| {
        let request =
            Request::builder().uri("/people/ann-vogel/spoken").body(Body::empty()).unwrap();
        hall.bytes(request)
    };
    let (headers, bytes) = spoken(&hall);
    assert_eq!(
        (&headers["content-type"], &bytes[..4]),
        (&"audio/wav".parse().unwrap(), &b"RIFF"[..])
    );
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(
        hall.visitor()
            .get("/people/ann-vogel/")
            .text
            .contains("<audio controls preload=\"none\" src=\"/people/ann-vogel/spoken\"")
    );
    // A second one takes the place of the first.
    assert_eq!(record(&hall, &ann, &wav(2.0)).status, StatusCode::SEE_OTHER);
    assert_eq!(std::fs::read_dir(hall.root.join("sounds/people")).unwrap().count(), 1);
    ann.get("/me/page");
    ann.sends("/me/page/ann-vogel", &[("audio", "none")]);
    assert_eq!(std::fs::read_dir(hall.root.join("sounds/people")).unwrap().count(), 0);
    // Who proved nothing leaves nothing on the disk.
    let bob = hall.joins("Bob", Role::Owner);
    assert_eq!(record(&hall, &bob, &wav(1.0)).status, StatusCode::FORBIDDEN);
}

#[test]
fn what_was_kept_and_not_written_is_written_by_the_next_server() {
    let hall = hall();
    let ann = ann(&hall);
    drop(ann);
    let who = hall.community.look(|commons| commons.accounts().next().unwrap().0);
    let person = PersonId("ann-vogel".to_owned());
    let (changes, by) = (vec!["bio=I fold.".to_owned()], By::Account(who));
    let deed = Deed::Describe { person, changes, recording: None };
    hall.community.does_now(by, deed, Timestamp::now()).unwrap();
    assert!(!hall.root.join("people.yaml").exists(), "this server ended too early");
    let next = Desk::open(&hall.root, &Silent).unwrap().community().unwrap();
    next.write_people(Timestamp::now()).unwrap();
    assert!(hall.read("people.yaml").contains("I fold."));
    assert_eq!(next.look(|commons| commons.to_write().count()), 0);
}

#[test]
fn an_editor_takes_it_back() {
    let hall = hall();
    let mut ann = ann(&hall);
    ann.sends("/me/page/ann-vogel", &[("bio", "I fold.")]);
    ann.sends("/me/page/ann-vogel", &[("bio", "Buy my pills."), ("say", "pills")]);
    let mut ed = hall.joins("Ed", Role::Editor);
    let page = ed.get("/people/ann-vogel/").text;
    let entry =
        page.split_once("formaction=\"/entries/").unwrap().1.split('/').next().unwrap().to_owned();
    let mut bob = hall.joins("Bob", Role::Reader);
    bob.sends(&format!("/entries/{entry}/report"), &[("why", "Pills.")]);
    assert!(
        ed.says("/reports/").contains("Bob about a page of Ann: Pills."),
        "{}",
        ed.says("/reports/")
    );
    assert_eq!(
        bob.post(&format!("/entries/{entry}/undo"), &[("why", "x")]).status,
        StatusCode::FORBIDDEN
    );
    assert!(
        ed.sends(&format!("/entries/{entry}/undo"), &[("why", "An advertisement.")])
            .starts_with("303 /log\n")
    );
    let page = hall.visitor().says("/people/ann-vogel/");
    assert!(page.contains("I fold.") && !page.contains("pills"), "{page}");
    assert!(
        hall.visitor()
            .says("/log")
            .contains(&format!("Ed took back entry {entry} on a page: An advertisement."))
    );
    assert!(ed.says("/reports/").contains("Nothing was reported."));
}

#[test]
fn it_goes_with_the_account_and_is_in_the_export() {
    let hall = hall();
    let mut ann = ann(&hall);
    ann.sends("/me/page/ann-vogel", &[("bio", "Unusual words.")]);
    record(&hall, &ann, &wav(1.0));
    let export = ann.get("/me/export.json").text;
    assert!(export.contains("Unusual words.") && export.contains("ann@a.example"), "{export}");
    assert!(ann.sends("/me/erase", &[("sure", "yes")]).starts_with("303 /\n"));
    assert!(!hall.read("people.yaml").contains("Unusual"));
    assert_eq!(std::fs::read_dir(hall.root.join("sounds/people")).unwrap().count(), 0);
    let page = hall.visitor().says("/people/ann-vogel/");
    assert!(page.starts_with("200") && !page.contains("Unusual"), "{page}");
}
