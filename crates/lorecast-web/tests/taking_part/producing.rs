//! Editors at the workbench: rundown, notes, script.

use axum::http::StatusCode;
use insta::assert_snapshot;
use lorecast_community::Role;
use lorecast_desk::{Decisions, Desk, Drafting, Silent};
use lorecast_model::{EpisodeId, MessageId, Window};
use lorecast_testkit::mailbox::mail;

use crate::hall::{Browser, Hall};

const BENCH: &str = "/produce/2026-03-01/";
const NOTES: &str = "episodes/2026-03-01/notes.md";
const EPISODE: &str = "episodes/2026-03-01/episode.yaml";
const SCRIPT: &str = "episodes/2026-03-01/script.md";

/// Decides about a story, and gives the status.
fn arranges(browser: &mut Browser<'_>, story: &str, to: &str) -> u16 {
    let fields = [("story", story), ("to", to)];
    browser.post("/produce/2026-03-01/arrange", &fields).status.as_u16()
}

/// Saves a text as it stands with some words changed, and gives the answer.
fn saves(browser: &mut Browser<'_>, base: &str, change: [&str; 2]) -> String {
    let text = base.replace(change[0], change[1]).replace('\n', "\r\n");
    browser.sends("/produce/2026-03-01/notes", &[("base", base), ("text", &text)])
}

/// A show with a draft of four stories, and a desk's way to decide about them.
fn drafted() -> Hall {
    let hall = Hall::new();
    let post = |id: &str, title: &str, day: u8| {
        let body =
            format!("This makes {title} twice as fast, as nobody had thought of it before.\n");
        let date = format!("Tue, {day} Feb 2026 12:00:00 +0000");
        mail(id).subject(&format!("[PATCH] mm: {title}")).date(&date).body(&body)
    };
    let answer = |id: &str, to: &str| {
        let mail = mail(id).subject("Re: it").from("Bob Sample <bob@b.example>").reply_to(&[to]);
        mail.date("Wed, 25 Feb 2026 12:00:00 +0000").body("I like it a lot.\n")
    };
    hall.ingest(&[
        post("1@x", "sort pages", 24),
        answer("1a@x", "1@x"),
        post("2@x", "free them", 24),
        answer("2a@x", "2@x"),
        post("3@x", "count the rest", 24),
        answer("3a@x", "3@x"),
        post("4@x", "zero memory", 24),
    ]);
    std::fs::remove_dir_all(hall.root.join("episodes")).unwrap();
    draft(&hall, &Decisions::default());
    hall
}

/// What the command line does.
fn draft(hall: &Hall, decisions: &Decisions) {
    let (id, desk) =
        (EpisodeId::new("2026-03-01").unwrap(), Desk::open(&hall.root, &Silent).unwrap());
    let how = Drafting { assist: false, today: id.0 };
    desk.draft(id, Window::week_ending(id), decisions, how).unwrap();
}

fn id(text: &str) -> MessageId {
    MessageId::new(text).unwrap()
}

/// The stories that the notes link to, and those of `episode.yaml` with their states.
fn order(hall: &Hall) -> String {
    let notes = hall.read(NOTES);
    let told = notes.match_indices("https://lore.kernel.org/r/").filter_map(|(at, link)| {
        let id = notes[at + link.len()..].split('/').next()?;
        (!id.contains("a@")).then_some(id)
    });
    let mut told: Vec<&str> = told.collect();
    told.dedup();
    let yaml = hall.read(EPISODE);
    let lines = yaml.lines().map(str::trim).filter_map(|line| {
        let id = line.strip_prefix("- id: ");
        id.or_else(|| line.strip_prefix("state: ").filter(|state| *state != "proposed"))
    });
    format!("{} | {}", told.join(" "), lines.collect::<Vec<_>>().join(" "))
}

#[test]
fn the_rundown_is_there_for_editors() {
    let hall = Hall::new();
    let mut ed = hall.joins("Ed", Role::Editor);
    assert_snapshot!(ed.says(BENCH), @r"
    200
    Producing 2026-02-23 to 2026-03-01
    The <first> week
    Rundown Notes Script Sound
    0 minutes so far
    Drag a story by its ⠿, or press Alt+↑ and Alt+↓ on it; j and k go to the next and the one before.
    Memory Management
    ↑Move up: one
    ↓Move down: one
    one
    0.0 min score 12 0 for, 0 against
    Edit the words: one
    Move or merge: one
    Pin: one
    Leave out: one
    ↑Move up: two
    ↓Move down: two
    two
    pinned 0.0 min score 30 0 for, 0 against
    Edit the words: two
    Move or merge: two
    Unpin: two
    Leave out: two
    Move elsewhere, merge, add
    As lorecast draft does it: the text comes and goes with the story, what came in by mail since is taken in, and words of yours stay.
    Tell this story
    onetwo
    in this section
    Memory Management
    Move it
    Tell this story
    onetwo
    as part of this one
    onetwo
    Merge it
    Tell another one: the Message-ID of a mail, or its address at an archive
    Add it
    ");
    assert!(ed.sends("/produce/", &[]).starts_with("405"));
    assert_eq!(ed.get("/produce/").headers["location"], BENCH);
    assert_eq!(ed.get("/produce/2026-03-01").headers["location"], BENCH);
    assert!(ed.says("/week/").contains("Produce it"));
    assert!(!hall.visitor().says("/week/").contains("Produce it"));
    for (path, status) in [
        ("/produce/2026-03-02/", "404\nNothing here\nThere is no episode of this day."),
        ("/produce/2026-03-02/notes", "404\nNothing here\nThere is no episode of this day."),
        ("/produce/..%2f..%2fx/", "404\nNothing here\nThere is no page at this address."),
        ("/produce/2026-03-01T10:00/", "404\nNothing here\nThere is no page at this address."),
        ("/produce/2026-03-01/other", "404\nNothing here\nThere is no page at this address."),
        (
            "/produce/2026-03-01/notes?story=9@x",
            "404\nNothing here\nThe episode tells no story about",
        ),
    ] {
        let said = ed.says(path);
        assert!(said.starts_with(status), "{path}: {said}");
    }
}

#[test]
fn a_story_moves_with_its_text_byte_for_byte() {
    let hall = Hall::new();
    let notes =
        hall.read(NOTES).replace("Nobody answered.", "  Nobody **answered**,\nno\u{a0}body. ");
    hall.write(NOTES, &notes);
    let yaml = hall.read(EPISODE).replace("- id: 2@x", "# keep me with two\n- id: 2@x");
    hall.write(EPISODE, &yaml);
    let mut ed = hall.joins("Ed", Role::Editor);
    let one = "Ann posted [one](https://lore.kernel.org/r/1@x/).\n\n  Nobody **answered**,\nno\u{a0}body. \n";
    let two = "Bob posted [two](https://lore.kernel.org/r/2@x/).\n";
    assert_eq!(arranges(&mut ed, "1@x", "last"), 303);
    assert_eq!(hall.read(NOTES), format!("# T\n\n## Memory\n\n{two}\n{one}\nBye.\n"));
    assert_snapshot!(hall.read(EPISODE), @r"
    title: The <first> week
    window: {from: 2026-02-23, to: 2026-03-01}
    stories:
    # keep me with two
    - id: 2@x
      section: mm
      title: two
      state: pinned
      score: 30
    - id: 1@x
      section: mm
      title: one
      score: 12
      reasons: [a series]
    credits:
    - A
    ");
    // The page offers the way back.
    let page = ed.get(BENCH).text;
    assert!(page.contains("value=\"before:2@x\" data-step=\"up\""), "{page}");
    assert_eq!(arranges(&mut ed, "1@x", "before:2@x"), 303);
    assert_eq!((hall.read(NOTES), hall.read(EPISODE)), (notes, yaml));
}

#[test]
fn a_later_draft_keeps_to_the_order() {
    let hall = drafted();
    let mut ed = hall.joins("Ed", Role::Editor);
    assert_snapshot!(order(&hall), @"1@x 2@x 3@x 4@x | 1@x 2@x 3@x 4@x");
    for (story, to) in [("4@x", "before:1@x"), ("2@x", "last")] {
        assert_eq!(arranges(&mut ed, story, to), 303, "{story} {to}");
    }
    let moved = order(&hall);
    assert_snapshot!(moved, @"4@x 1@x 3@x 2@x | 4@x 1@x 3@x 2@x");
    let files = (hall.read(NOTES), hall.read(EPISODE));
    draft(&hall, &Decisions::default());
    assert_eq!((hall.read(NOTES), hall.read(EPISODE)), files);
    // And takes in what is decided on the command line.
    draft(&hall, &Decisions { drop: vec![id("3@x")], ..Decisions::default() });
    assert_snapshot!(order(&hall), @"4@x 1@x 2@x | 4@x 1@x 3@x dropped 2@x");
}

#[test]
fn what_is_told_is_what_the_command_line_says() {
    let with = |pin: &[&str], drop: &[&str], release: &[&str]| Decisions {
        pin: pin.iter().map(|pin| id(pin)).collect(),
        drop: drop.iter().map(|drop| id(drop)).collect(),
        release: release.iter().map(|release| id(release)).collect(),
        ..Decisions::default()
    };
    let cases = [
        ("1@x", "pin", with(&["1@x"], &[], &[])),
        ("2@x", "drop", with(&[], &["2@x"], &[])),
        ("1@x", "release", with(&[], &[], &["1@x"])),
        ("2@x", "release", with(&[], &[], &["2@x"])),
        (
            "3@x",
            "into:1@x",
            Decisions { merges: vec![(id("3@x"), id("1@x"))], ..with(&[], &[], &[]) },
        ),
        (
            "4@x",
            "section:pulls",
            Decisions { moves: vec![(id("4@x"), "pulls".to_owned())], ..with(&[], &[], &[]) },
        ),
    ];
    let (web, line) = (drafted(), drafted());
    let mut ed = web.joins("Ed", Role::Editor);
    let mut seen = String::new();
    for (story, to, decisions) in cases {
        assert_eq!(arranges(&mut ed, story, to), 303, "{story} {to}");
        draft(&line, &decisions);
        assert_eq!(web.read(NOTES), line.read(NOTES), "{story} {to}");
        assert_eq!(web.read(EPISODE), line.read(EPISODE), "{story} {to}");
        seen.push_str(&format!("{to:14} {}\n", order(&web)));
    }
    assert_snapshot!(seen, @r"
    pin            1@x 2@x 3@x 4@x | 1@x pinned 2@x 3@x 4@x
    drop           1@x 3@x 4@x | 1@x pinned 2@x dropped 3@x 4@x
    release        1@x 3@x 4@x | 1@x 2@x dropped 3@x 4@x
    release        1@x 2@x 3@x 4@x | 1@x 2@x 3@x 4@x
    into:1@x       1@x 3@x 2@x 4@x | 1@x 2@x 4@x
    section:pulls  4@x 1@x 3@x 2@x | 4@x 1@x 2@x
    ");
    let log = web.visitor().says("/log");
    let said: Vec<&str> = log.lines().filter(|line| !line.starts_with("20")).collect();
    assert_snapshot!(said.join("\n"), @r"
    What editors decided, and whose page changed
    Ed moved story 4@x to section pulls in 2026-03-01
    Ed merged story 3@x into 1@x in 2026-03-01
    Ed left story 2@x to the ranking in 2026-03-01
    Ed left story 1@x to the ranking in 2026-03-01
    Ed left out story 2@x in 2026-03-01
    Ed pinned story 1@x in 2026-03-01
    ");
    // What cannot be is said.
    assert!(
        ed.sends("/produce/2026-03-01/arrange", &[("story", "8@x"), ("to", "drop")])
            .starts_with("404\n")
    );
    assert_snapshot!(ed.sends("/produce/2026-03-01/arrange", &[("story", "1@x"), ("to", "section:none")]), @r"
    400
    This cannot be read
    No section `none`; a story can stand in mainline, releases, pulls, topics, core, mm, fs, block, net, bpf, virt, security, rust, tracing, power, pci, graphics, media, usb, x86, arm, arch, drivers, tools, other.
    The first page
    ");
    assert_snapshot!(ed.sends("/produce/2026-03-01/arrange", &[("story", "1@x"), ("to", "into:8@x")]), @r"
    404
    This mail is not here
    None of the archives that this show reads holds a mail <8@x>.
    Perhaps it is at lore.kernel.org.
    The first page
    ");
    assert_snapshot!(ed.sends("/produce/2026-03-01/arrange", &[("story", "1@x"), ("to", "away")]), @r"
    400
    This cannot be read
    What becomes of a story is one of pin, drop, release, last, before:ID, into:ID, section:KEY.
    The first page
    ");
}

#[test]
fn two_editors_saving_at_once_both_keep_their_text() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Editor), hall.joins("Ed", Role::Editor));
    let base = hall.read(NOTES);
    // Both have read the same.
    assert!(
        saves(&mut ann, &base, ["Nobody answered.", "Nobody answered yet."])
            .starts_with("303 /produce/2026-03-01/notes?saved=yes\n")
    );
    assert!(saves(&mut ed, &base, ["Bob posted", "Bob has posted"]).contains("Saved."));
    let both = base.replace("answered.", "answered yet.").replace("Bob posted", "Bob has posted");
    assert_eq!(hall.read(NOTES), both);
    // The same line: nothing is written, and both stand in the form.
    let conflict = saves(&mut ed, &base, ["Nobody answered.", "Nobody has <b>answered</b>."]);
    assert_eq!(hall.read(NOTES), both);
    assert_snapshot!(conflict, @r"
    409
    Producing 2026-03-01
    The notes
    Rundown Notes Script Sound
    0.2 minutes in all
    Somebody else changed the same lines meanwhile. Nothing was saved, and nothing is lost: both stand between markers below. Choose, delete the marker lines, and save again.
    # T
    ## Memory
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    Nobody answered yet.
    Bob has posted [two](https://lore.kernel.org/r/2@x/).
    Bye.
    The notes, in Markdown. What others save meanwhile is merged in.
    # T
    ## Memory
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    <<<<<<< saved meanwhile
    Nobody answered yet.
    =======
    Nobody has <b>answered</b>.
    >>>>>>> yours
    Bob has posted [two](https://lore.kernel.org/r/2@x/).
    Bye.
    Save Preview and check
    What check finds
    No mail was read into this show, so nothing can be checked.
    One story alone
    one
    two
    Line by line
    # T
    ## Memory
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    <<<<<<< saved meanwhile
    Nobody answered yet.
    =======
    Nobody has <b>answered</b>.
    >>>>>>> yours
    Bob has posted [two](https://lore.kernel.org/r/2@x/).
    Bye.
    ");
    // Ed chooses, on the page that was shown.
    let chosen = both.replace("answered yet.", "has answered yet.");
    let fields = [("base", both.as_str()), ("text", chosen.as_str())];
    assert!(ed.sends("/produce/2026-03-01/notes", &fields).starts_with("303"));
    assert_eq!(hall.read(NOTES), chosen);
}

#[test]
fn many_save_at_the_same_moment_and_nothing_is_lost() {
    let hall = Hall::new();
    let lines = |mark: &str| (0..8).map(|at| format!("Line {at}{mark}.\n\n")).collect::<String>();
    hall.write(NOTES, &lines(""));
    let base = lines("");
    std::thread::scope(|scope| {
        for at in 0..8 {
            let mut editor = hall.joins(&format!("Editor {at}"), Role::Editor);
            let base = &base;
            scope.spawn(move || {
                let (line, new) = (format!("Line {at}."), format!("Line {at}, edited."));
                assert!(saves(&mut editor, base, [&line, &new]).starts_with("303"));
            });
        }
    });
    assert_eq!(hall.read(NOTES).trim_end(), lines(", edited").trim_end());
}

#[test]
fn one_story_is_edited_alone() {
    let hall = Hall::new();
    let mut ed = hall.joins("Ed", Role::Editor);
    assert_snapshot!(ed.says("/produce/2026-03-01/notes?story=1@x"), @r"
    200
    Producing 2026-03-01 one story of the notes
    one
    Rundown Notes Script Sound
    0.1 minutes in all
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    Nobody answered.
    What the notes say of it, in Markdown. What others save meanwhile is merged in.
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    Nobody answered.
    Save Preview and check
    What check finds
    No mail was read into this show, so nothing can be checked.
    All of the notes
    Another story
    one
    two
    Line by line
    Ann posted [one](https://lore.kernel.org/r/1@x/).
    Nobody answered.
    ");
    let before = hall.read(NOTES);
    let base = "Ann posted [one](https://lore.kernel.org/r/1@x/).\n\nNobody answered.\n";
    let fields = [
        ("story", "1@x"),
        ("base", base),
        ("text", "Ann sent [one](https://lore.kernel.org/r/1@x/).\r\n"),
    ];
    assert!(
        ed.sends("/produce/2026-03-01/notes", &fields)
            .starts_with("303 /produce/2026-03-01/notes?story=1%40x&saved=yes\n")
    );
    assert_eq!(
        hall.read(NOTES),
        before.replace(base, "Ann sent [one](https://lore.kernel.org/r/1@x/).\n")
    );
    // Somebody takes it out meanwhile.
    hall.write(NOTES, "# T\n\nBye.\n");
    let gone = ed.sends("/produce/2026-03-01/notes", &fields);
    assert!(
        gone.starts_with("409\n")
            && gone.contains("Your words stand here: copy them.")
            && gone.contains("Ann sent [one]"),
        "{gone}"
    );
    assert_eq!(hall.read(NOTES), "# T\n\nBye.\n");
}

#[test]
fn what_cannot_stand_in_the_notes_is_refused_and_kept_in_the_form() {
    let hall = Hall::new();
    let mut ed = hall.joins("Ed", Role::Editor);
    let base = hall.read(NOTES);
    let mut tries =
        |text: &str| ed.sends("/produce/2026-03-01/notes", &[("base", &base), ("text", text)]);
    assert!(
        tries("<<<<<<< yours\na\n=======\nb\n>>>>>>> new draft\n")
            .contains("Both sides are still between markers")
    );
    assert!(tries(" \r\n").contains("The text is missing; write one."));
    assert!(
        tries(&"x".repeat(200_001)).contains("The text may have 200000 characters; shorten it.")
    );
    assert_eq!(hall.read(NOTES), base);
}

#[test]
fn a_conflict_that_a_draft_left_is_settled_at_the_workbench() {
    let hall = drafted();
    let mut ed = hall.joins("Ed", Role::Editor);
    let base = hall.read(NOTES);
    let fields = [
        ("base", base.clone()),
        ("text", base.replace("posted [“mm: sort", "has posted [“mm: sort")),
    ];
    let fields = [("base", fields[0].1.as_str()), ("text", fields[1].1.as_str())];
    assert!(ed.sends("/produce/2026-03-01/notes", &fields).starts_with("303"));
    assert_eq!(arranges(&mut ed, "1@x", "drop"), 303);
    let both = hall.read(NOTES);
    assert!(both.contains("<<<<<<< yours\n"), "{both}");
    assert!(ed.says(BENCH).contains("the notes hold both, from line"), "{}", ed.says(BENCH));
    // Everybody goes on to see the week; nothing else is decided meanwhile.
    assert!(hall.visitor().says("/week/").starts_with("200"));
    assert_eq!(arranges(&mut ed, "2@x", "last"), 409);
    let page = ed.says("/produce/2026-03-01/notes");
    assert!(page.contains("both stand between markers, from line"), "{page}");
    let (start, end) = (both.find("<<<<<<< ").unwrap(), both.find(">>>>>>> new draft\n").unwrap());
    let settled = [&both[..start], &both[end + ">>>>>>> new draft\n".len()..]].concat();
    assert!(
        ed.sends("/produce/2026-03-01/notes", &[("base", &both), ("text", &settled)])
            .starts_with("303")
    );
    assert_eq!(arranges(&mut ed, "2@x", "last"), 303);
}

#[test]
fn what_check_finds_stands_beside_its_line() {
    let hall = drafted();
    let mut ed = hall.joins("Ed", Role::Editor);
    let base = hall.read(NOTES);
    assert!(ed.says("/produce/2026-03-01/notes").contains("Line by line"));
    let text = "# T\n\nAnn Example posted 7 patches: [“mm: sort pages”](https://lore.kernel.org/r/99@x/).\n\n<script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>[x](javascript:alert(1))\n";
    let page = ed.post("/produce/2026-03-01/notes/preview", &[("base", &base), ("text", text)]);
    assert_snapshot!(page.words(), @r"
    Producing 2026-03-01
    The notes
    Rundown Notes Script Sound
    0.1 minutes in all
    As the page of the episode has it
    Nothing was saved yet.
    T
    Ann Example posted 7 patches: “mm: sort pages”.
    [x](javascript:alert(1))
    # Kernel \& Co for 2026-03-01
    In this week’s edition: mm sort pages, mm free them, mm count the rest, mm zero memory, and ongoing development in memory management.
    ## Ongoing Development
    ### Memory Management
    Ann Example posted [“mm: sort pages”](https://lore.kernel.org/r/1@x/).
    Ann Example posted [“mm: free them”](https://lore.kernel.org/r/2@x/).
    Ann Example posted [“mm: count the rest”](https://lore.kernel.org/r/3@x/).
    Ann Example posted [“mm: zero memory”](https://lore.kernel.org/r/4@x/).
    That’s all for this week’s edition of Kernel \& Co. The links to all of these mails are in the show notes. Thanks for listening, and until next time.
    The notes, in Markdown. What others save meanwhile is merged in.
    # T
    Ann Example posted 7 patches: [“mm: sort pages”](https://lore.kernel.org/r/99@x/).
    <script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>[x](javascript:alert(1))
    Save Preview and check
    What check finds
    Line 3 the message `99@x` is not in the store
    One story alone
    mm: sort pages
    mm: free them
    mm: count the rest
    mm: zero memory
    Line by line
    # T
    Ann Example posted 7 patches: [“mm: sort pages”](https://lore.kernel.org/r/99@x/).
    the message `99@x` is not in the store correct the address; if its list is missing, add it to `sources` and sync
    <script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>[x](javascript:alert(1))
    ");
    let shown = page
        .text
        .split_once("aria-label=\"Rendered\">")
        .unwrap()
        .1
        .split_once("</section>")
        .unwrap()
        .0;
    assert_snapshot!(shown, @r#"
    <h2>T</h2>
    <p>Ann Example posted 7 patches: <a href="https://lore.kernel.org/r/99%40x/">“mm: sort pages”</a>.</p>
    [x](javascript:alert(1))
    </div>
    "#);
    assert!(page.text.contains("<a href=\"#L3\" data-line=\"3\">"), "{}", page.text);
    assert_eq!(hall.read(NOTES), base, "a preview saves nothing");
}

#[test]
fn the_script_is_made_of_the_notes_and_edited() {
    let hall = Hall::new();
    let mut ed = hall.joins("Ed", Role::Editor);
    assert!(ed.says("/produce/2026-03-01/script").contains("There is no script yet."));
    let made = ed.sends("/produce/2026-03-01/script/make", &[]);
    assert!(made.starts_with("303 /produce/2026-03-01/script\n"), "{made}");
    let base = hall.read(SCRIPT);
    let text = base.replace("Nobody answered", "Nobody answered at all");
    assert!(
        ed.sends("/produce/2026-03-01/script", &[("base", &base), ("text", &text)])
            .contains("Saved.")
    );
    assert_eq!(hall.read(SCRIPT), text);
    // Making it again keeps that.
    hall.write(NOTES, &hall.read(NOTES).replace("Bob posted", "Bob has posted"));
    ed.sends("/produce/2026-03-01/script/make", &[]);
    let script = hall.read(SCRIPT);
    assert!(script.contains("answered at all") && script.contains("Bob has posted"), "{script}");
}

#[test]
fn everybody_can_read_who_did_what() {
    let hall = Hall::new();
    let mut ed = hall.joins("Ed", Role::Editor);
    let base = hall.read(NOTES);
    arranges(&mut ed, "1@x", "last");
    let base_now = hall.read(NOTES);
    saves(&mut ed, &base_now, ["Bob posted", "Bob has posted"]);
    // Who saves what stands there already has done nothing.
    let same = hall.read(NOTES);
    saves(&mut ed, &same, ["", ""]);
    assert_ne!(base, same);
    let log = hall.visitor().says("/log");
    assert!(
        log.contains("edited the notes of 2026-03-01")
            && log.contains("moved story 1@x to the end of its section in 2026-03-01"),
        "{log}"
    );
    assert_eq!(log.matches("edited the notes").count(), 1, "{log}");
    assert_eq!(hall.read(EPISODE).matches("- Ed").count(), 0, "who edits is not credited");
    assert_eq!(ed.get("/produce.js").status, StatusCode::OK);
}
