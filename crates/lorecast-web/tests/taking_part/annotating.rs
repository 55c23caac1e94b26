//! Something said of words in a mail, and where it goes.

use insta::assert_snapshot;
use jiff::Timestamp;
use lorecast_community::{By, Deed, Role};
use lorecast_model::mark::{Position, Quote};
use lorecast_model::{Mark, MessageId};
use lorecast_testkit::mailbox::{MailText, mail};

use crate::hall::Hall;

fn cover(id: &str, version: &str, day: u32, text: &str) -> MailText {
    mail(id)
        .from("Ann Example <ann@a.example>")
        .date(&format!("Mon, {day} Apr 2023 12:00:00 +0000"))
        .subject(&format!("[PATCH{version} 0/1] mm: fold the batch"))
        .body(text)
}

fn patch(id: &str, version: &str, day: u32, cover: &str) -> MailText {
    mail(id)
        .from("Ann Example <ann@a.example>")
        .date(&format!("Mon, {day} Apr 2023 12:00:01 +0000"))
        .subject(&format!("[PATCH{version} 1/1] mm: fold it"))
        .reply_to(&[cover])
        .body("Fold it.\n\nSigned-off-by: Ann Example <ann@a.example>\n---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n")
}

const FIRST: &str = "The batch is never full, as its owner flushes it before it sleeps.\n\nIt took us 12 years to notice. The name stays, the name stays.\n";
const SECOND: &str =
    "The batch is never full, as its\nowner flushes it before it sleeps.\n\nNobody had noticed.\n";

fn two_revisions() -> Hall {
    let hall = Hall::new();
    hall.ingest(&[
        cover("1@a.example", "", 3, FIRST),
        patch("1.1@a.example", "", 3, "1@a.example"),
        cover("2@a.example", " v2", 10, SECOND),
        patch("2.1@a.example", " v2", 10, "2@a.example"),
    ]);
    hall
}

#[test]
fn words_are_spoken_of_where_they_stand_once() {
    let hall = two_revisions();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let mut says = |exact: &str| {
        ann.sends("/1@a.example/annotate", &[("exact", exact), ("text", "Is it <b>true</b>?")])
    };
    let said = says("never full, as its owner");
    assert!(said.starts_with("303 /1@a.example/#notes\n"), "{said}");
    assert!(said.contains("Notes\nnever full, as its owner\nIs it <b>true</b>?\nAnn "), "{said}");
    let again = says("name stays");
    assert!(
        again.contains("These words stand nowhere in the mail, or in several places."),
        "{again}"
    );
    assert!(
        again.contains("name stays\nWhat you say of them\nIs it <b>true</b>?"),
        "kept in the form: {again}"
    );
    let nowhere = says("something else altogether, of which there is no word");
    assert!(nowhere.contains("These words stand nowhere"), "{nowhere}");
    // What stands around tells two places apart.
    let fields = [
        ("exact", "name stays"),
        ("prefix", "The name stays, the "),
        ("suffix", ".\n"),
        ("text", "Twice."),
    ];
    assert!(ann.sends("/1@a.example/annotate", &fields).contains("name stays\nTwice."));
    assert!(ann.says("/1@a.example/t/").contains("Is it <b>true</b>?"));
}

/// The page of a thread is kept for everybody; what is said on it, and by whom, is not.
#[test]
fn a_page_that_is_kept_has_what_was_said_since() {
    let hall = two_revisions();
    let (mut ann, mut visitor) = (hall.joins("Ann", Role::Contributor), hall.visitor());
    let page = "/1@a.example/t/";
    assert!(!visitor.says(page).contains("Really?") && !ann.says(page).contains("Really?"));
    let fields = [("exact", "It took us 12 years"), ("text", "Really?")];
    assert_eq!(ann.post("/1@a.example/annotate", &fields).status, 303);
    let (hers, theirs) = (ann.says(page), visitor.says(page));
    assert!(hers.contains("Really?") && hers.contains("Take it back"), "{hers}");
    assert!(theirs.contains("Really?") && !theirs.contains("Take it back"), "{theirs}");
}

#[test]
fn words_are_marked_where_they_were_taken_from() {
    let hall = two_revisions();
    let mut ann = hall.joins("Ann", Role::Contributor);
    // The mail begins with the same word.
    let fields = [
        ("exact", "The"),
        ("prefix", "to notice. "),
        ("suffix", " name stays"),
        ("text", "This one."),
    ];
    assert_eq!(ann.post("/1@a.example/annotate", &fields).status, 303);
    let id = lorecast_model::MessageId::new("1@a.example").unwrap();
    let start =
        hall.community.look(|c| c.annotations_on(&id).next().unwrap().1.mark.position().start);
    assert_eq!(Some(start), FIRST.find("The name"));
    // What stands around it does not tell which one is meant.
    let fields = [("exact", "name"), ("prefix", ""), ("suffix", " stays"), ("text", "Which?")];
    assert_eq!(ann.post("/1@a.example/annotate", &fields).status, 200);
}

#[test]
fn notes_follow_the_text_into_the_next_revision() {
    let hall = two_revisions();
    let mut ann = hall.joins("Ann", Role::Contributor);
    for (mail, exact, text) in [
        ("1@a.example", "never full, as its owner", "Kept."),
        ("1@a.example", "It took us 12 years to notice.", "Outdated."),
        ("1.1@a.example", "+b", "In the diff."),
    ] {
        let said = ann.sends(&format!("/{mail}/annotate"), &[("exact", exact), ("text", text)]);
        assert!(said.starts_with("303 "), "{said}");
    }
    let page = hall.visitor().says("/2@a.example/t/");
    let notes = |page: &str| {
        let lines = page.lines().skip_while(|line| !line.contains("1 note on earlier"));
        lines.filter(|line| !line.starts_with("Ann 20")).take(60).collect::<Vec<_>>().join("\n")
    };
    assert!(page.contains("1 note on earlier"), "{page}");
    assert_snapshot!(notes(&page), @r"
    1 note on earlier revisions, of text that is gone
    It took us 12 years to notice.
    outdated said of v1
    Outdated.
    [PATCH v2 0/1] mm: fold the batch
    Ann Example 2023-04-10 12:00 alone raw
    The batch is never full, as its
    owner flushes it before it sleeps.
    Nobody had noticed.
    Notes
    never full, as its owner
    kept said of v1
    Kept.
    [PATCH v2 1/1] mm: fold it
    Ann Example 2023-04-10 12:00 to Ann Example alone raw
    Fold it.
    Signed-off-by: Ann Example <ann@a.example>
    ---
    a.c | 2 +-
    diff --git a/a.c b/a.c
    --- a/a.c
    +++ b/a.c
    @@ -1 +1 @@
    -a
    +b
    Notes
    +b
    kept said of v1
    In the diff.
    ");
}

#[test]
fn a_page_has_so_many_notes_and_no_more() {
    let hall = Hall::new();
    let ids = ["1@a.example", "2@a.example", "3@a.example"];
    hall.ingest(&[
        mail(ids[0]),
        mail(ids[1]).reply_to(&[ids[0]]),
        mail(ids[2]).reply_to(&[ids[0]]),
    ]);
    let quote = Quote { exact: "words".to_owned(), prefix: String::new(), suffix: String::new() };
    let mark = Mark::new(quote, Position { start: 0, end: 5 }).unwrap();
    for writer in 0..5 {
        hall.joins(&format!("Writer {writer}"), Role::Contributor);
    }
    let writers: Vec<_> =
        hall.community.look(|commons| commons.accounts().map(|(id, _)| id).collect());
    for on in ids.map(|id| MessageId::new(id).unwrap()) {
        for by in &writers {
            for _ in 0..40 {
                let deed = Deed::Annotate {
                    on: on.clone(),
                    mark: mark.clone(),
                    text: "Noted.".to_owned(),
                };
                hall.community.does_now(By::Account(*by), deed, Timestamp::now()).unwrap();
            }
        }
    }
    let words = hall.visitor().get("/1@a.example/t/").words();
    assert_eq!(words.matches("Noted.").count(), 500);
    assert!(words.contains("There are more notes than fit here: 100 are left out."), "{words}");
    // Each has a page of its own, which has them all.
    let words = hall.visitor().get("/3@a.example/").words();
    assert_eq!(words.matches("Noted.").count(), 200);
    assert!(!words.contains("left out"));
}

#[test]
fn a_note_can_be_taken_back_hidden_and_leaves_with_its_writer() {
    let hall = two_revisions();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let mut reader = hall.joins("Rita", Role::Reader);
    let fields = [("exact", "never full"), ("text", "Hm.")];
    assert_eq!(reader.post("/1@a.example/annotate", &fields).status, 403);
    let note = |hall: &Hall| {
        hall.community.look(|c| {
            c.annotations_on(&lorecast_model::MessageId::new("1@a.example").unwrap())
                .next()
                .map(|(id, _)| id)
        })
    };
    ann.post("/1@a.example/annotate", &fields);
    let id = note(&hall).unwrap();
    assert_eq!(ed.post(&format!("/entries/{id}/retract"), &[("back", "/")]).status, 403);
    ed.post(&format!("/entries/{id}/hide"), &[("why", "Hm.")]);
    assert!(!reader.says("/1@a.example/").contains("Hm."));
    assert!(ann.says("/1@a.example/").contains("Hm."));
    ann.post(&format!("/entries/{id}/retract"), &[("back", "/")]);
    assert_eq!(note(&hall), None);
    ann.post("/1@a.example/annotate", &fields);
    ann.post("/me/erase", &[("sure", "yes")]);
    assert_eq!(note(&hall), None);
}
