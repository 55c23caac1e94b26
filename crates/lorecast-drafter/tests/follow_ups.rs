//! What became of earlier work in, the section *Follow-ups* and its evidence out.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use std::collections::BTreeMap;

use lorecast_drafter::{Said, prove, unsaid};
use lorecast_model::{
    CommitId, Episode, EpisodeId, Event, Fact, FollowUp, Later, Mailbox, Message, MessageId, Proof,
    Revision, SeriesId, State, StoryState, Taken, Version, What, Window,
};
use week::{LINA, OMAR, PIA, RUTH, Talk, drafted_as, followed, mail, post};

const TITLE: &str = "mm: sort pages by colour";

fn id(text: &str) -> MessageId {
    MessageId::new(text).unwrap()
}

fn commit(digit: u8) -> CommitId {
    CommitId::new(&digit.to_string().repeat(40)).unwrap()
}

fn at(day: u8) -> jiff::Timestamp {
    format!("2023-04-{day:02}T12:00:00Z").parse().unwrap()
}

fn version(major: u32) -> Version {
    Version { major, minor: 0 }
}

/// Pia's series of three patches, told on 2 April as version 3.
fn told() -> FollowUp {
    FollowUp {
        episode: EpisodeId::new("2023-04-02").unwrap(),
        told: id("v3@x"),
        title: TITLE.to_owned(),
        author: Mailbox { name: "Pia Nordquist".into(), email: "pia@vendor.example".into() },
        version: version(3),
        series: SeriesId(id("v1@x")),
        later: vec![],
        state: State::Posted,
        events: vec![],
        taken: Taken::default(),
        patches: 3,
        announced: 3,
        posted: BTreeMap::new(),
        quiet: None,
    }
}

/// Something happened, told by a mail.
fn said(day: u8, what: What, who: &str, mail: &str) -> Event {
    let (who, proof) = (who.to_owned(), Proof::Message(id(mail)));
    Event { date: at(day), what, who, proof, patches: vec![] }
}

/// Something happened to one patch, as a tree tells.
fn held(day: u8, what: What, tree: &str, number: u8) -> Event {
    let proof = Proof::Commit { tree: tree.to_owned(), id: commit(number) };
    Event { date: at(day), what, who: String::new(), proof, patches: vec![number.into()] }
}

fn later(major: u32, day: u8) -> Later {
    Later { root: id(&format!("v{major}@x")), version: version(major), date: at(day) }
}

fn vouched(key: &str) -> What {
    What::Vouched { key: key.to_owned() }
}

fn landed(tag: Option<&str>, release: Option<&str>) -> What {
    What::Landed { tag: tag.map(str::to_owned), release: release.map(str::to_owned), commit: None }
}

fn applied(tree: &str) -> What {
    What::Applied { tree: tree.to_owned(), commit: None }
}

fn in_mainline() -> State {
    State::Landed { by: Proof::Message(id("l@x")), tag: None, release: None }
}

/// The section, without links.
fn check(found: FollowUp) -> String {
    let notes = followed(&[], &[found], None).notes;
    let Some((_, section)) = notes.split_once("## Follow-ups\n\n") else { return String::new() };
    let (section, _) = section.split_once("\n\nThat’s all").unwrap();
    let link = regex::Regex::new(r"\[(.*?)\]\(https://lore.kernel.org/r/v\d@x/\)").unwrap();
    link.replace_all(section, "$1").into_owned()
}

#[test]
fn versions_reviews_and_the_landing_are_told_in_one_breath() {
    let found = FollowUp {
        later: vec![later(4, 5), later(5, 9)],
        events: vec![
            said(6, vouched("reviewed-by"), "Ruth Abbott", "r@x"),
            said(7, vouched("tested-by"), "Lina Torvik", "t@x"),
            held(12, landed(Some("v6.4-rc1"), Some("v6.4")), "mainline", 1),
            held(12, landed(Some("v6.4-rc1"), Some("v6.4")), "mainline", 2),
            held(12, landed(Some("v6.4-rc1"), Some("v6.4")), "mainline", 3),
        ],
        state: in_mainline(),
        taken: Taken { applied: 3, next: 3, landed: 3 },
        ..told()
    };
    let draft = followed(&[], &[found], None);
    insta::assert_snapshot!(draft.notes, @r"
    # The Test Podcast for 2023-04-16

    In this week’s edition: ongoing development.

    ## Follow-ups

    Pia Nordquist’s [“mm: sort pages by colour”](https://lore.kernel.org/r/v5@x/), last covered on April 2 as version 3, has since seen versions 4 and 5, has landed in v6.4-rc1 and came out in v6.4. Ruth Abbott reviewed it, and Lina Torvik tested it.

    That’s all for this week’s edition of The Test Podcast. The links to all of these mails are in the show notes. Thanks for listening, and until next time.
    ");
    let takes: Vec<_> = draft.episode.chapters.iter().map(|c| c.take.as_str()).collect();
    assert_eq!(takes, ["headlines", "follow-ups", "signoff"]);
    let yaml = serde_yaml::to_string(&draft.episode.follow_ups).unwrap();
    insta::assert_snapshot!(yaml, @r"
    - id: v3@x
      state: proposed
      episode: 2023-04-02
      title: 'mm: sort pages by colour'
      evidence:
      - fact: title
        value: 'mm: sort pages by colour'
        message: v3@x
      - fact: author
        value: Pia Nordquist
        message: v3@x
      - fact: version
        value: '3'
        message: v3@x
      - fact: later
        value: '4'
        message: v4@x
      - fact: later
        value: '5'
        message: v5@x
      - fact: landed
        value: v6.4-rc1
        message: v3@x
        tree: mainline
        commit: '1111111111111111111111111111111111111111'
      - fact: landed
        value: v6.4-rc1
        message: v3@x
        tree: mainline
        commit: '2222222222222222222222222222222222222222'
      - fact: landed
        value: v6.4-rc1
        message: v3@x
        tree: mainline
        commit: '3333333333333333333333333333333333333333'
      - fact: final
        value: v6.4
        message: v3@x
        tree: mainline
        commit: '1111111111111111111111111111111111111111'
      - fact: final
        value: v6.4
        message: v3@x
        tree: mainline
        commit: '2222222222222222222222222222222222222222'
      - fact: final
        value: v6.4
        message: v3@x
        tree: mainline
        commit: '3333333333333333333333333333333333333333'
      - fact: reviewed
        value: Ruth Abbott
        message: r@x
      - fact: tested
        value: Lina Torvik
        message: t@x
    ");
}

#[test]
fn each_outcome_has_its_sentence() {
    let omar = "Omar Quill";
    let by = || Proof::Message(id("s@x"));
    let cases = [
        (vec![said(12, applied("net-next"), omar, "s@x")], State::Applied { by: by() }),
        (vec![said(12, applied(""), "patchwork-bot+x", "s@x")], State::Applied { by: by() }),
        (vec![said(12, applied("https://git.example/a/b.git"), omar, "s@x")], State::Posted),
        (vec![held(12, applied("tip"), "tip", 1)], State::Applied { by: by() }),
        (vec![held(12, What::Next, "next", 1)], State::Next { by: by() }),
        (vec![said(12, landed(None, None), omar, "s@x")], in_mainline()),
        (vec![held(12, landed(Some("v6.3"), Some("v6.3")), "mainline", 2)], in_mainline()),
        (
            vec![
                said(11, landed(Some("v6.4-rc1"), None), omar, "s@x"),
                said(12, What::Reverted, omar, "u@x"),
            ],
            State::Reverted { by: by() },
        ),
        (vec![held(12, What::Reverted, "mainline", 1)], State::Reverted { by: by() }),
        (
            vec![
                said(11, applied("mm"), omar, "s@x"),
                said(12, What::Dropped { tree: "mm".into() }, omar, "u@x"),
            ],
            State::Dropped { by: by() },
        ),
        (vec![said(12, What::Rejected, omar, "s@x")], State::Rejected { by: id("s@x") }),
        (
            vec![said(12, What::ChangesRequested, omar, "s@x")],
            State::ChangesRequested { by: id("s@x") },
        ),
        (
            vec![said(12, What::ChangesRequested, "Pia Nordquist", "s@x")],
            State::ChangesRequested { by: id("s@x") },
        ),
        (vec![held(12, What::Stable { release: "v6.3.1".into() }, "stable", 1)], in_mainline()),
        (vec![said(12, What::Stable { release: "6.1".into() }, "Gero", "s@x")], in_mainline()),
        (
            vec![
                said(12, vouched("reviewed-by"), "Ruth Abbott", "s@x"),
                said(12, vouched("acked-by"), omar, "u@x"),
            ],
            State::UnderReview { last: id("s@x") },
        ),
    ];
    let lines: Vec<String> =
        cases.map(|(events, state)| check(FollowUp { events, state, ..told() })).into();
    insta::assert_snapshot!(lines.join("\n"), @r"
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has been applied to net-next by Omar Quill.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has been applied.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has been applied by Omar Quill.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has had one of its three patches applied to tip.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has one of its three patches in linux-next.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has landed in mainline.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has had one of its three patches land in v6.3.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, landed in v6.4-rc1 and was then reverted.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has had one of its three patches reverted in mainline.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, was applied and then dropped from mm.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, was turned down by Omar Quill.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has been sent back for changes by Omar Quill.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, is due for another version.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has been backported to v6.3.1.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, is queued for stable 6.1.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has been reviewed by Ruth Abbott and acked by Omar Quill.
    ");
}

#[test]
fn versions_are_named_or_counted() {
    let after = |later: Vec<Later>| check(FollowUp { later, ..told() });
    let lines = [
        after(vec![later(4, 5)]),
        after(vec![later(4, 5), later(5, 6), later(6, 7)]),
        after((4..=9).map(|major| later(major, 12)).collect()),
        after(vec![Later { root: id("v9@x"), ..later(3, 5) }]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has since seen version 4.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has since seen versions 4, 5 and 6.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has since seen six more versions, up to version 9.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has since been posted again.
    ");
}

#[test]
fn at_most_three_people_are_named_and_part_is_not_all() {
    let names = ["Ada One", "Bo Two", "Cy Three", "Di Four"];
    let review = |name: &&str| said(12, vouched("reviewed-by"), name, "s@x");
    let mut ruth = review(&"Ruth Abbott");
    ruth.patches = vec![2];
    let lines = [
        check(FollowUp { events: names.iter().map(review).collect(), ..told() }),
        check(FollowUp { events: vec![ruth.clone()], ..told() }),
        check(FollowUp { events: vec![ruth], later: vec![later(4, 9)], ..told() }),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has been reviewed by Ada One, Bo Two, Cy Three and others.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has had patches reviewed by Ruth Abbott.
    Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has since seen version 4. Ruth Abbott reviewed parts of it.
    ");
}

#[test]
fn a_silence_is_told_and_answers_alone_are_nothing() {
    let quiet = jiff::Timestamp::from_second(1_672_660_800).ok();
    let state = State::Stale { last: id("q@x") };
    insta::assert_snapshot!(check(FollowUp { quiet, state, ..told() }), @"Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has gone quiet: the last word on it was said on January 2.");
    let events = vec![said(12, What::Promised, "", "s@x"), said(12, vouched("cc"), "", "s@x")];
    let draft = followed(&[], &[FollowUp { events, ..told() }], None);
    assert!(draft.episode.follow_ups.is_empty() && !draft.notes.contains("Follow-ups"));
}

#[test]
fn nothing_of_a_stranger_becomes_markup() {
    let author = Mailbox { name: "<b>Eve</b>".into(), email: String::new() };
    let title = "mm: ](http://evil.example) `x`".to_owned();
    let events = vec![said(12, applied("[t](u)"), "*Mallory*\n# x", "s@x")];
    insta::assert_snapshot!(check(FollowUp { author, title, events, ..told() }), @r"\<b\>Eve\</b\>’s “mm: \](http://evil.example) \`x\`”, last covered on April 2 as version 3, has been applied by \*Mallory\* \# x.");
}

#[test]
fn a_story_of_this_week_is_not_told_twice_unless_pinned() {
    let talks = [Talk(vec![post("v4@x", PIA, &format!("[PATCH v4 0/3] {TITLE}"), "It sorts.\n")])];
    let found = FollowUp { series: SeriesId(id("v4@x")), later: vec![later(4, 12)], ..told() };
    let draft = followed(&talks, std::slice::from_ref(&found), None);
    assert_eq!(draft.episode.follow_ups, []);
    let alone = followed(&[], std::slice::from_ref(&found), None).episode;
    let pinned = decided(alone, StoryState::Pinned);
    assert_eq!(followed(&talks, &[found], Some(&pinned)).episode.follow_ups.len(), 1);
}

fn decided(mut episode: Episode, state: StoryState) -> Episode {
    episode.follow_ups[0].state = state;
    episode
}

#[test]
fn what_the_producer_decided_stays() {
    let found = FollowUp { later: vec![later(4, 12)], ..told() };
    let first = followed(&[], std::slice::from_ref(&found), None);
    assert_eq!(first, followed(&[], std::slice::from_ref(&found), Some(&first.episode)));
    let dropped = decided(first.episode.clone(), StoryState::Dropped);
    let again = followed(&[], std::slice::from_ref(&found), Some(&dropped));
    assert!(!again.notes.contains("Follow-ups"));
    assert_eq!(again.episode.follow_ups, dropped.follow_ups);
    // Pinned, and gone.
    let pinned = decided(first.episode, StoryState::Pinned);
    let gone = followed(&[], &[], Some(&pinned));
    assert_eq!(gone.episode.follow_ups, pinned.follow_ups);
    let absent = gone.absent.iter().find(|line| line.contains("v3@x")).unwrap();
    insta::assert_snapshot!(absent, @"`v3@x` is pinned in follow_ups, but there is no news of it");
}

#[test]
fn the_best_dozen_is_told_and_what_landed_comes_first() {
    let one = |number: u8| {
        let told_as = id(&format!("n{number:02}@x"));
        let series = SeriesId(told_as.clone());
        let event = match number {
            19 => said(3, landed(None, None), "", "s@x"),
            18 => said(3, applied("mm"), "", "s@x"),
            _ => said(number, vouched("reviewed-by"), "Ruth Abbott", "s@x"),
        };
        let title = format!("mm: part {number}");
        FollowUp { told: told_as, series, title, events: vec![event], ..told() }
    };
    let found: Vec<FollowUp> = (1..20).map(one).collect();
    let told = followed(&[], &found, None).episode.follow_ups;
    let order: Vec<&str> = told.iter().map(|story| story.id.as_str()).collect();
    assert_eq!((order.len(), &order[..3]), (12, &["n19@x", "n18@x", "n17@x"][..]));
}

#[test]
fn what_sounds_the_same_is_told_once_and_two_silences_are_enough() {
    let one = |number: u8| {
        let told_as = id(&format!("n{number:02}@x"));
        let (series, title) = (SeriesId(told_as.clone()), format!("mm: part {}", number / 2));
        let quiet = Some(at(number + 1));
        FollowUp {
            told: told_as,
            series,
            title,
            quiet,
            state: State::Stale { last: id("q@x") },
            ..told()
        }
    };
    let found: Vec<FollowUp> = (0..8).map(one).collect();
    let told = followed(&[], &found, None).episode.follow_ups;
    let order: Vec<&str> = told.iter().map(|story| story.id.as_str()).collect();
    assert_eq!(order, ["n00@x", "n02@x"]);
}

/// What is left of a follow-up after another episode told part of it.
fn left(found: &FollowUp, said_before: &FollowUp, state: StoryState) -> FollowUp {
    let draft = followed(&[], std::slice::from_ref(said_before), None);
    let story = decided(draft.episode, state).follow_ups.remove(0);
    let episode = EpisodeId::new("2023-04-16").unwrap();
    let (_, end) = Window::week_ending(episode).bounds();
    unsaid(found.clone(), &[Said { episode, end, story: &story }])
}

#[test]
fn news_is_told_once() {
    let review = said(6, vouched("reviewed-by"), "Ruth Abbott", "r@x");
    let before = FollowUp { later: vec![later(4, 5)], events: vec![review.clone()], ..told() };
    assert!(!left(&before, &before, StoryState::Proposed).is_news());
    assert!(!left(&before, &before, StoryState::Dropped).is_news());

    let landing = held(20, landed(Some("v6.4-rc1"), None), "mainline", 1);
    let now = FollowUp {
        later: vec![later(4, 5), later(5, 19)],
        events: vec![review, landing.clone()],
        state: in_mainline(),
        ..told()
    };
    let rest = left(&now, &before, StoryState::Proposed);
    assert_eq!((rest.later.len(), &rest.events), (1, &vec![landing]));
    insta::assert_snapshot!(check(rest), @"Pia Nordquist’s “mm: sort pages by colour”, last covered on April 16 as version 4, has since seen version 5 and has had one of its three patches land in v6.4-rc1.");
    // Left out by the producer: the listeners know version 3 only, and the old news is no offer.
    insta::assert_snapshot!(check(left(&now, &before, StoryState::Dropped)), @"Pia Nordquist’s “mm: sort pages by colour”, last covered on April 2 as version 3, has since seen version 5 and has had one of its three patches land in v6.4-rc1.");
}

#[test]
fn steps_on_the_way_to_what_was_told_are_no_news() {
    let landing = held(12, landed(Some("v6.4-rc1"), None), "mainline", 1);
    let before = FollowUp { events: vec![landing.clone()], state: in_mainline(), ..told() };
    let stable = held(21, What::Stable { release: "v6.3.1".into() }, "stable", 4);
    let second = held(21, landed(Some("v6.4-rc2"), None), "mainline", 2);
    let events = vec![held(3, applied("mm"), "mm", 5), landing, second.clone(), stable.clone()];
    let now = FollowUp { events, ..before.clone() };
    assert_eq!(left(&now, &before, StoryState::Proposed).events, [second, stable]);

    let drop = held(12, What::Dropped { tree: "mm".into() }, "mm", 1);
    let state = State::Dropped { by: drop.proof.clone() };
    let before = FollowUp { events: vec![drop.clone()], state, ..told() };
    let again = held(20, applied("mm"), "mm", 2);
    let events = vec![held(11, What::Next, "next", 1), drop, again.clone()];
    let now = FollowUp { events, ..before.clone() };
    assert_eq!(left(&now, &before, StoryState::Proposed).events, [again]);
}

#[test]
fn every_name_and_version_is_proved_by_its_mail() {
    let subject = |version: u8| format!("[PATCH v{version} 0/3] {TITLE}");
    let answer =
        |id: &str, who, text: &str| mail(id, 13, who, &format!("Re: {}", subject(4)), "v4@x", text);
    let mails = [
        mail("v3@x", 1, PIA, &subject(3), "", "It sorts.\n"),
        mail("v4@x", 11, PIA, &subject(4), "", "It sorts.\n"),
        answer("r@x", RUTH, "Reviewed-by: Ruth Abbott <ruth@other.example>\n"),
        answer("t@x", LINA, "Tested-by: Lina Torvik <lina@kernel.example>\n"),
        answer("a@x", OMAR, "Applied to net-next, thanks.\n"),
    ];
    let found = FollowUp {
        later: vec![later(4, 11)],
        events: vec![
            said(13, vouched("reviewed-by"), "Ruth Abbott", "r@x"),
            said(13, vouched("tested-by"), "Lina Torvik", "t@x"),
            said(13, applied("net-next"), "Omar Quill", "a@x"),
        ],
        ..told()
    };
    let draft = followed(&[], &[found], None);
    let evidence = &draft.episode.follow_ups[0].evidence;
    let lookup = |id: &_| -> Option<&Message> { mails.iter().find(|m| m.header.id == *id) };
    assert_eq!(prove(evidence, lookup), []);
    assert_eq!(evidence.len(), 8);
    // And each of them is doubted when it says something else.
    for piece in evidence {
        let mut forged = piece.clone();
        forged.value = "77".to_owned();
        assert_eq!(prove(&[forged], lookup).len(), 1, "{piece:?}");
    }
}

#[test]
fn a_story_says_how_far_it_came() {
    let talk = || Talk(vec![post("a@x", PIA, &format!("[PATCH] {TITLE}"), "")]);
    let by = || Proof::Commit { tree: "net".to_owned(), id: commit(1) };
    let states = [
        State::Applied { by: by() },
        State::Next { by: by() },
        State::Landed { by: by(), tag: Some("v6.4-rc1".into()), release: None },
        State::Landed { by: by(), tag: None, release: None },
    ];
    let lines = states.map(|state| {
        let stand = |revision: &mut Revision| revision.state = state.clone();
        let draft = drafted_as(&[talk()], &[], None, stand);
        let proof = draft.episode.stories[0].evidence.last().unwrap();
        let told = matches!(proof.fact, Fact::Applied | Fact::Next | Fact::Landed);
        assert!(told && proof.commit == Some(commit(1)), "{proof:?}");
        let line = draft.notes.lines().find(|line| line.contains("posted")).unwrap();
        line.split_once("/a@x/).").unwrap().1.trim().to_owned()
    });
    insta::assert_snapshot!(lines.join("\n"), @r"
    It has since been applied to net.
    It is now in linux-next.
    It has since landed in v6.4-rc1.
    It has since landed in net.
    ");
}
