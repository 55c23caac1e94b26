//! From a newcomer's words to the notes.

use insta::assert_snapshot;
use lorecast_community::Role;

use crate::hall::{Browser, Hall, STORY, unnumbered};

const TOLD: &str = "Ann posted [one](https://lore.kernel.org/r/1@x/).\n\nNobody answered.\n";
const NEW: &str = "Ann posted [one](https://lore.kernel.org/r/1@x/).\r\n\r\nIt is <i>fast</i>.\r\n";

/// Offers text and gives the address of the proposal.
fn offers(browser: &mut Browser<'_>, text: &str) -> String {
    let answer = browser.post("/stories/1@x/propose", &[("base", TOLD), ("text", text)]);
    answer.headers["location"].to_str().unwrap().to_owned()
}

#[test]
fn a_newcomer_writes_first_and_signs_in_then() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    assert_snapshot!(ann.says(STORY), @r"
    200
    Memory Management score 12
    one
    a series
    Write about it
    0 for, 0 against
    Nobody writes it yet
    What the notes say
    Ann posted one.
    Nobody answered.
    Propose other words
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    Nobody answered.
    The text, in Markdown. A link to the mail behind each fact helps: [words](https://lore.kernel.org/r/…)
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    Nobody answered.
    Your mail address. A link goes there; the text is offered when you follow it. No password.
    Propose it
    ");
    let fields = [("base", TOLD), ("text", NEW), ("email", "ann@host.example")];
    assert_snapshot!(unnumbered(&ann.sends("/stories/1@x/propose", &fields)), @r"
    303 /sign-in?sent=text
    Sign in
    A mail is on its way. Your text is offered when you follow the link in it. It works once, for ten minutes.
    In another browser, or on another device, it asks for this number: NNNN
    Should the mail come later, its link sends you another one; your text is kept for an hour more.
    ");
    let mail = hall.read("sent");
    let link = mail.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap();
    assert_snapshot!(ann.says(link), @r"
    200
    Sign in
    Welcome. What should we call you?
    This is offered for you when you sign in. If you did not write it, close the page.
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    It is <i>fast</i>.
    Your name, as the episode credits it; everybody sees it
    Sign in and offer my text
    ");
    let landed = ann.sends(link, &[("name", "Ann")]);
    let (place, page) = landed.split_once('\n').unwrap();
    assert!(place.starts_with("303 /proposals/"), "{landed}");
    assert!(page.contains("<i>fast</i>."), "{page}");
    assert!(hall.visitor().says(STORY).contains("It is <i>fast</i>."));
}

#[test]
fn what_cannot_be_taken_stands_in_the_form_again() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    let unchanged = [
        ("base", TOLD),
        ("text", "Ann posted [one](https://lore.kernel.org/r/1@x/).\r\n\r\nNobody answered.\r\n"),
        ("email", "ann@host.example"),
    ];
    assert!(
        ann.sends("/stories/1@x/propose", &unchanged)
            .contains("The text says what the notes say already")
    );
    let wrong = [("base", TOLD), ("text", NEW), ("email", "no address")];
    let page = ann.sends("/stories/1@x/propose", &wrong);
    assert!(
        page.contains("This is no mail address; write one such as name@host.example."),
        "{page}"
    );
    assert!(page.contains("<i>fast</i>."), "{page}");
}

#[test]
fn an_editor_sees_what_changes_and_takes_it() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let place = offers(&mut ann, NEW);
    hall.write(
        "episodes/2026-03-01/notes.md",
        &hall.read("episodes/2026-03-01/notes.md").replace("Ann posted", "Ann has posted"),
    );
    let page = ed.get(&place).text;
    assert!(page.contains("<ins>"), "{page}");
    let merged = "Ann has posted [one](https://lore.kernel.org/r/1@x/).\n\nIt is <i>fast</i>.\n";
    assert!(page.contains(&merged.replace('<', "&lt;").replace('>', "&gt;")), "{page}");
    let base = TOLD.replace("Ann posted", "Ann has posted");
    assert!(ann.sends(&format!("{place}comment"), &[("text", "Please.")]).contains("Please."));
    let accepted = ed.sends(&format!("{place}accept"), &[("base", &base), ("text", merged)]);
    assert!(
        accepted.contains("accepted by Ed") && !accepted.contains("as soon as they can take it"),
        "{accepted}"
    );
    assert!(
        hall.read("episodes/2026-03-01/notes.md").contains(&format!("## Memory\n\n{merged}\nBob"))
    );
    assert!(hall.read("episodes/2026-03-01/episode.yaml").ends_with("- A\n- Ann\n"));
    let twice = ed.sends(&format!("{place}accept"), &[("base", &base), ("text", merged)]);
    assert!(twice.starts_with("409\n") && twice.contains("This was accepted already."), "{twice}");
    let log = hall.visitor().get("/log").text;
    assert!(log.contains("accepted proposal") && !log.contains("Ann has posted"), "{log}");
}

#[test]
fn two_editors_at_once_both_keep_their_text() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let first = offers(&mut ann, NEW);
    let second =
        offers(&mut ann, "Ann posted [one](https://lore.kernel.org/r/1@x/).\n\nIt is small.\n");
    // Both look before either decides.
    for (place, text) in [
        (first, NEW),
        (second, "Ann posted [one](https://lore.kernel.org/r/1@x/).\n\nIt is small.\n"),
    ] {
        ed.sends(&format!("{place}accept"), &[("base", TOLD), ("text", text)]);
    }
    let notes = hall.read("episodes/2026-03-01/notes.md");
    assert!(notes.contains("It is <i>fast</i>.") && notes.contains("It is small."), "{notes}");
}

#[test]
fn markers_of_a_conflict_are_not_accepted() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let place = offers(&mut ann, "Ann sent [one](https://lore.kernel.org/r/1@x/).\n");
    hall.write(
        "episodes/2026-03-01/notes.md",
        &hall.read("episodes/2026-03-01/notes.md").replace("Ann posted", "Ann has posted"),
    );
    let page = ed.says(&place);
    assert!(
        page.contains("The notes changed where the proposal does")
            && page.contains("<<<<<<< yours"),
        "{page}"
    );
    let text = "<<<<<<< yours\na\n=======\nb\n>>>>>>> new draft\n";
    let refused = ed.sends(&format!("{place}accept"), &[("base", TOLD), ("text", text)]);
    assert!(refused.contains("Both sides are still between markers"), "{refused}");
}

#[test]
fn a_decline_has_a_reason_and_a_proposal_can_be_taken_back() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let place = offers(&mut ann, NEW);
    assert!(
        ed.sends(&format!("{place}decline"), &[("why", "It was told last week.")])
            .contains("declined by Ed: It was told last week.")
    );
    let place = offers(&mut ann, NEW);
    assert!(ann.sends(&format!("{place}withdraw"), &[]).contains("taken back"));
    assert!(!ed.says(&place).contains("Decide"));
}

#[test]
fn accepted_text_waits_until_the_notes_can_take_it() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let place = offers(&mut ann, NEW);
    hall.write("episodes/2026-03-01/notes.md", "# T\n\nNothing yet.\n");
    assert!(ed.says(&place).contains("The notes do not tell of this story yet."));
    let waits = ed.sends(&format!("{place}accept"), &[("base", ""), ("text", "It is fast.\n")]);
    assert!(waits.contains("goes into the notes as soon as they can take it"), "{waits}");
}
