//! The week, votes, claims and suggestions.

use insta::assert_snapshot;
use lorecast_community::Role;
use lorecast_testkit::mailbox::mail;

use crate::hall::{Hall, STORY};

#[test]
fn the_week_is_the_first_page() {
    let hall = Hall::new();
    assert_snapshot!(hall.visitor().says("/"), @r"
    200
    The coming episode 2026-02-23 to 2026-03-01
    The <first> week
    0 minutes so far
    Everybody may write it: open a story, say it in your own words, and give a mail address. Editors choose what goes into the episode.
    Order as told most votes highest score
    Show all nobody writes with proposals yours
    Memory Management
    0 for, 0 against
    one
    0.0 min score 12 Write about it: one
    a series
    0 for, 0 against
    two
    pinned 0.0 min score 30 Write about it: two
    Missed so far
    Suggest a story that was missed
    ");
    assert_snapshot!(hall.visitor().says("/week/?sort=score&only=free"), @r"
    200
    The coming episode 2026-02-23 to 2026-03-01
    The <first> week
    0 minutes so far
    Everybody may write it: open a story, say it in your own words, and give a mail address. Editors choose what goes into the episode.
    Order as told most votes highest score
    Show all nobody writes with proposals yours
    Memory Management
    0 for, 0 against
    two
    pinned 0.0 min score 30 Write about it: two
    0 for, 0 against
    one
    0.0 min score 12 Write about it: one
    a series
    Missed so far
    Suggest a story that was missed
    ");
    assert_snapshot!(hall.visitor().says("/week/?sort=colour"), @r"
    400
    This cannot be read
    `sort` is one of order, votes, score.
    The first page
    ");
    std::fs::remove_dir_all(hall.root.join("episodes")).unwrap();
    assert_snapshot!(hall.visitor().says("/week/"), @r"
    404
    Nothing here
    No episode is being made: `lorecast draft` begins one.
    The first page
    ");
}

#[test]
fn stories_say_who_began_them_and_where_they_stand() {
    let hall = Hall::new();
    hall.ingest(&[mail("1@x").from("Ann Example <ann@x>").subject("[PATCH v2] mm: one")]);
    let line = |page: &str, word: &str| {
        let found = page.lines().find(|line| line.contains(word));
        found.unwrap_or_default().to_owned()
    };
    let mut visitor = hall.visitor();
    assert_snapshot!(line(&visitor.says("/"), "Ann"), @"Ann Example v2, posted 0.0 min score 12 Write about it: one");
    assert_snapshot!(line(&visitor.says(STORY), "begun"), @"begun by Ann Example v2, posted");
    let page = visitor.get(STORY).text;
    assert!(page.contains("<a href=\"/1@x/\">one</a>"), "a link of the notes stays here: {page}");
    assert!(page.contains("<a href=\"/series/1@x/\">"), "{page}");
}

#[test]
fn a_vote_counts_once_and_can_be_taken_back() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Reader);
    let mut bob = hall.joins("Bob", Role::Reader);
    let vote = [("ballot", "for"), ("back", "/week/")];
    assert!(ann.sends("/stories/1@x/vote", &vote).starts_with("303 /week/\n"));
    ann.sends("/stories/1@x/vote", &vote);
    bob.sends("/stories/1@x/vote", &[("ballot", "against")]);
    let votes = |text: &str| text.lines().find(|line| line.contains('▲')).unwrap().to_owned();
    assert_eq!(votes(&ann.says(STORY)), "▲ 1 for it▼ 1 against it");
    ann.sends("/stories/1@x/vote", &[("ballot", "none")]);
    assert_eq!(votes(&ann.says(STORY)), "▲ 0 for it▼ 1 against it");
    assert_snapshot!(ann.sends("/stories/1@x/vote", &[("ballot", "twice")]), @r"
    400
    This cannot be read
    A vote is one of for, against, none.
    The first page
    ");
    // Nobody is sent elsewhere by a form.
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ] {
        let vote = [("ballot", "for"), ("back", elsewhere)];
        assert_eq!(ann.post("/stories/1@x/vote", &vote).headers["location"], "/");
    }
}

#[test]
fn who_claims_a_story_has_it_for_two_days() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let mut bob = hall.joins("Bob", Role::Contributor);
    assert!(ann.sends("/stories/1@x/claim", &[]).contains("You write it, until"));
    let refused = bob.sends("/stories/1@x/claim", &[]);
    assert!(
        refused.starts_with("409\nThis cannot be done\nAnn writes this one, until 20"),
        "{refused}"
    );
    assert!(bob.says("/week/?only=yours").contains("No story is like that."));
    assert!(ann.says("/week/?only=yours").contains("Ann writes it"));
    assert!(ann.sends("/stories/1@x/release", &[]).contains("Nobody writes it yet"));
}

#[test]
fn what_was_missed_is_suggested_by_address_or_id() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let suggest = |story: &'static str, why: &'static str| [("story", story), ("why", why)];
    assert_snapshot!(ann.sends("/suggest", &suggest("nothing", "Everybody <b>uses</b> it.")), @r"
    200
    A story that was missed
    Tell us which thread the show should not miss.
    Write a Message-ID, or the address of a mail at an archive.
    The Message-ID of a mail, or its address at an archive such as lore.kernel.org
    Why it is a story
    Suggest it
    ");
    assert_snapshot!(ann.sends("/suggest", &suggest("https://lore.kernel.org/all/9@x/T/#u", " ")), @r"
    200
    A story that was missed
    Tell us which thread the show should not miss.
    A reason is missing; write one.
    The Message-ID of a mail, or its address at an archive such as lore.kernel.org
    Why it is a story
    Suggest it
    ");
    let story = ann.sends(
        "/suggest",
        &suggest("https://lore.kernel.org/all/9@x/T/#u", "Everybody <b>uses</b> it."),
    );
    assert!(story.starts_with("303 /stories/9@x/\n"), "{story}");
    assert!(hall.visitor().says("/").contains("Everybody <b>uses</b> it."));
    assert!(!hall.visitor().get("/").text.contains("<b>uses"));
}

#[test]
fn a_mail_nobody_holds_and_nobody_spoke_of_is_no_story() {
    let hall = Hall::new();
    assert!(hall.visitor().says("/stories/8@x/").starts_with("404\nThis mail is not here\n"));
}
