//! A week of mail in, notes and evidence out.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use lorecast_drafter::prove;
use lorecast_model::{Message, StoryState};
use week::{DAY, LINA, OMAR, PIA, RUTH, Talk, drafted, mail, post, templates};

fn check(talks: &[Talk]) -> String {
    let draft = drafted(talks, None);
    for story in &draft.episode.stories {
        let lookup = |id: &_| -> Option<&Message> {
            talks.iter().flat_map(|talk| &talk.0).find(|message| message.header.id == *id)
        };
        assert_eq!(prove(&story.evidence, lookup), [], "{}", story.title);
    }
    draft.notes
}

fn body(talks: &[Talk]) -> String {
    let notes = check(talks);
    let lead = notes.find("In this week’s edition").expect("the lead sentence");
    let start = lead + notes[lead..].find('\n').expect("more than the lead sentence");
    let end = notes.find("That’s all").expect("the sign-off");
    notes[start..end].trim().to_owned()
}

#[test]
fn a_series_is_told_with_version_title_and_purpose() {
    let cover = "Hi all,\n\nThis series adds a widget that sorts pages by\ncolour, so that reclaim finds them sooner.\n\nChanges since v2:\n - renamed\n\nPia Nordquist (12):\n  mm: one\n";
    insta::assert_snapshot!(body(&[Talk(vec![post("a@x", PIA, "[PATCH v3 00/12] mm: sort pages by colour", cover)])]), @r"
    ## Ongoing Development

    ### Memory Management

    Pia Nordquist posted [version 3 of a 12-part series entitled “mm: sort pages by colour”](https://lore.kernel.org/r/a@x/), which “adds a widget that sorts pages by colour, so that reclaim finds them sooner”.
    ");
}

#[test]
fn an_rfc_is_explained_once_and_an_applied_patch_says_so() {
    let talks = [
        Talk(vec![post(
            "a@x",
            PIA,
            "[RFC PATCH 0/3] xfs: undo",
            "We propose a way to undo a rename after a crash.\n",
        )]),
        Talk(vec![post(
            "b@x",
            PIA,
            "[RFC PATCH 0/2] xfs: redo",
            "We propose a way to redo a rename after a crash.\n",
        )]),
        Talk(vec![
            post(
                "c@x",
                RUTH,
                "[PATCH] nvme: wake up once",
                "Waking the queue twice costs a context switch for nothing.\n",
            ),
            mail("d@x", 13, OMAR, "Re: [PATCH] nvme: wake up once", "c@x", "Applied, thanks.\n"),
        ]),
    ];
    insta::assert_snapshot!(body(&talks), @"
    ## Ongoing Development

    ### Filesystems

    Pia Nordquist posted [an RFC (Request For Comments) patch series entitled “xfs: undo”](https://lore.kernel.org/r/a@x/), saying “We propose a way to undo a rename after a crash”.

    Pia Nordquist posted [an RFC patch series entitled “xfs: redo”](https://lore.kernel.org/r/b@x/), noting “We propose a way to redo a rename after a crash”.

    ### Block Layer, io_uring and Storage

    Ruth Abbott posted [“nvme: wake up once”](https://lore.kernel.org/r/c@x/). As the patch says, “Waking the queue twice costs a context switch for nothing”. Omar Quill has since applied it.
    ");
}

#[test]
fn announcements_come_first_and_stable_kernels_share_a_sentence() {
    let rc = "So it's Sunday, and the week was quiet enough that I could have slept.\n\nGo test it,\n\n     Lina\n\n---\n\nPia Nordquist (1):\n      mm: fix\n";
    let talks = [
        Talk(vec![post("a@x", LINA, "Linux 6.3-rc7", rc)]),
        Talk(vec![post(
            "b@x",
            OMAR,
            "Linux 6.2.11",
            "I'm announcing the release of the 6.2.11 kernel.\n",
        )]),
        Talk(vec![post(
            "c@x",
            OMAR,
            "Linux 6.1.24",
            "I'm announcing the release of the 6.1.24 kernel.\n",
        )]),
        Talk(vec![post(
            "d@x",
            RUTH,
            "[ANNOUNCE] 5.15.107-rt62",
            "Only an update to the new stable version.\n",
        )]),
        Talk(vec![post(
            "e@x",
            RUTH,
            "[ANNOUNCE] sorter v1.4",
            "The new version of sorter can sort by colour.\n",
        )]),
        Talk(vec![post(
            "f@x",
            OMAR,
            "[PATCH 6.1 000/100] 6.1.25-rc1 review",
            "This is the start of the stable review cycle.\n",
        )]),
    ];
    insta::assert_snapshot!(body(&talks), @"
    ## Linux 6.3-rc7

    Lina Torvik announced [Linux 6.3-rc7](https://lore.kernel.org/r/a@x/), saying “So it's Sunday, and the week was quiet enough that I could have slept”.

    ## Stable Kernels and Other Releases

    Omar Quill announced [Linux 6.1.24](https://lore.kernel.org/r/c@x/) and [6.2.11](https://lore.kernel.org/r/b@x/).

    Ruth Abbott announced [Linux 5.15.107-rt62](https://lore.kernel.org/r/d@x/).

    Ruth Abbott announced [sorter v1.4](https://lore.kernel.org/r/e@x/), saying “The new version of sorter can sort by colour”.
    ");
}

#[test]
fn a_pull_request_quotes_its_tag() {
    let text = "Hi Lina,\n\nThe following changes since commit 0123:\n\n  Linux 6.3-rc6\n\nare available in the Git repository at:\n\n  git://git.example/x.git tags/x\n\nfor you to fetch changes up to 4567:\n\n  mm: y\n\n----------------------------------------------------------------\nTwo fixes for a crash that people saw when they sorted an empty list.\n\n----------------------------------------------------------------\nPia Nordquist (2):\n";
    insta::assert_snapshot!(body(&[Talk(vec![post("a@x", PIA, "[GIT PULL] mm fixes for 6.3-rc7", text)])]), @r"
    ## Pull Requests

    Pia Nordquist posted [“mm fixes for 6.3-rc7”](https://lore.kernel.org/r/a@x/), saying “Two fixes for a crash that people saw when they sorted an empty list”.
    ");
}

fn argument() -> Talk {
    let root = post(
        "a@x",
        PIA,
        "[RFC PATCH 0/2] mm: sort pages by colour",
        "This series adds a sorter for pages that never sleeps.\n",
    );
    let say = |n: u8, who: &str, text: &str| {
        let mut reply = mail(
            &format!("r{n}@x"),
            13,
            who,
            "Re: [RFC PATCH 0/2] mm: sort pages by colour",
            "a@x",
            &format!("> a quotation\n\n{text}\n"),
        );
        reply.header.date += jiff::SignedDuration::from_mins(n.into());
        reply
    };
    let mut all = vec![root];
    all.push(say(
        1,
        OMAR,
        "I don't think that sorting by colour is an interface that we can maintain.",
    ));
    all.push(say(2, RUTH, "Why not let user space sort the pages instead of the kernel?"));
    all.push(say(3, PIA, "We should keep it in the kernel because only the kernel sees colours."));
    all.push(say(4, LINA, "Thanks."));
    all.extend((5..=9).map(|n| say(n, OMAR, "Fixed, thanks.")));
    Talk(all)
}

#[test]
fn a_topic_says_who_said_what_in_order() {
    insta::assert_snapshot!(body(&[argument()]), @r"
    ## Sort pages by colour

    Pia Nordquist posted [an RFC (Request For Comments) patch series entitled “mm: sort pages by colour”](https://lore.kernel.org/r/a@x/), which “adds a sorter for pages that never sleeps”.

    This led to a longer discussion: 10 messages from 4 people this week. Omar Quill objected, [“I don't think that sorting by colour is an interface that we can maintain”](https://lore.kernel.org/r/r1@x/). Ruth Abbott asked, [“Why not let user space sort the pages instead of the kernel?”](https://lore.kernel.org/r/r2@x/) Pia Nordquist answered, [“We should keep it in the kernel because only the kernel sees colours”](https://lore.kernel.org/r/r3@x/).
    ");
}

#[test]
fn a_story_in_passing_quotes_one_who_takes_a_stand() {
    let subject = "[PATCH 00/11] xfs: undo";
    let talk = Talk(vec![
        post("a@x", PIA, subject, "This series adds a way to undo a rename.\n"),
        mail(
            "b@x",
            13,
            OMAR,
            &format!("Re: {subject}"),
            "a@x",
            "I don't think that we should undo this, because users rely on it.\n",
        ),
        mail("c@x", 13, RUTH, &format!("Re: {subject}"), "a@x", "Looks good to me.\n"),
    ]);
    insta::assert_snapshot!(body(&[talk]), @r"
    ## Ongoing Development

    ### Filesystems

    Pia Nordquist posted [“xfs: undo”](https://lore.kernel.org/r/a@x/), a series of 11 patches, which “adds a way to undo a rename”. Omar Quill objected, [“I don't think that we should undo this, because users rely on it”](https://lore.kernel.org/r/b@x/).
    ");
}

#[test]
fn an_answer_under_the_same_subject_is_no_new_posting() {
    let subject = "[PATCH v6 00/18] xfs: undo";
    let talk = Talk(vec![
        mail("a@x", 11, PIA, subject, "", "This series adds a way to undo a rename.\n"),
        mail(
            "b@x",
            12,
            OMAR,
            subject,
            "a@x",
            "> We undo.\n> And redo.\n> And so on.\n\nIt panics.\n",
        ),
    ]);
    assert!(
        body(&[talk]).contains("Pia Nordquist posted [version 6 of an 18-part series entitled")
    );
}

#[test]
fn nothing_of_a_stranger_becomes_markup() {
    let from = "\"<img src=x> *Eve*\" <eve@evil.example>";
    let subject = "[PATCH] mm: ](http://evil.example) <script>alert(1)</script> `x` \u{202e}txet";
    let notes = body(&[Talk(vec![post(
        "a@x",
        from,
        subject,
        "<p>Click <a href=x>here</a> to see the wonderful thing.</p>\n",
    )])]);
    insta::assert_snapshot!(notes, @r"
    ## Ongoing Development

    ### Memory Management

    \<img src=x\> \*Eve\* posted [“mm: \](http://evil.example) \<script\>alert(1)\</script\> \`x\` txet”](https://lore.kernel.org/r/a@x/).
    ");
}

#[test]
fn a_message_that_says_nothing_is_told_without_a_quotation() {
    for text in
        ["", "Этот патч добавляет сортировку страниц по цвету для ядра.", "| a | b |\n| 1 | 2 |\n"]
    {
        let told = body(&[Talk(vec![post("a@x", PIA, "[PATCH 0/2] mm: sort", text)])]);
        assert!(told.ends_with("posted [“mm: sort”](https://lore.kernel.org/r/a@x/)."), "{told}");
    }
}

#[test]
fn a_reply_whose_beginning_is_unknown_is_no_posting() {
    let reply = mail(
        "b@x",
        12,
        OMAR,
        "Re: [PATCH 0/9] mm: sort",
        "lost@x",
        "> We sort.\n\nI don't think that we should sort anything in the kernel.\n",
    );
    let other = mail("c@x", 12, RUTH, "Re: [PATCH 0/9] mm: sort", "b@x", "Agreed.\n");
    insta::assert_snapshot!(body(&[Talk(vec![reply, other])]), @"
    ## Ongoing Development

    ### Memory Management

    Omar Quill replied to [“mm: sort”](https://lore.kernel.org/r/b@x/), saying “I don't think that we should sort anything in the kernel”.
    ");
}

#[test]
fn a_week_without_mail_is_a_draft_that_says_so() {
    let draft = drafted(&[], None);
    insta::assert_snapshot!(draft.notes, @r"
    # The Test Podcast for 2023-04-16

    There is nothing to tell from 2023-04-10 to 2023-04-16: no message of these days is in the archives.

    That’s all for this week’s edition of The Test Podcast. The links to all of these mails are in the show notes. Thanks for listening, and until next time.
    ");
    insta::assert_snapshot!(draft.absent.join("\n"), @"no mail from 2023-04-10 to 2023-04-16 is in these archives: add sources that cover those days");
}

fn small_week() -> Vec<Talk> {
    let one = |id: &str, subject: &str| {
        Talk(vec![post(id, PIA, subject, "This series adds a thing that everybody waited for.\n")])
    };
    vec![
        one("a@x", "[PATCH 0/4] mm: alpha"),
        one("b@x", "[PATCH 0/3] xfs: beta"),
        one("c@x", "[PATCH 0/2] mm: gamma"),
    ]
}

#[test]
fn what_the_producer_decided_stays() {
    let mut episode = drafted(&small_week(), None).episode;
    episode.title = "A title of our own".to_owned();
    let place =
        |id: &str| episode.stories.iter().position(|story| story.id.as_str() == id).unwrap();
    let (a, b, c) = (place("a@x"), place("b@x"), place("c@x"));
    episode.stories[a].state = StoryState::Dropped;
    episode.stories[b].section = "mm".to_owned();
    episode.stories[c].state = StoryState::Pinned;
    let again = drafted(&small_week(), Some(&episode));
    let told: Vec<_> = again
        .episode
        .stories
        .iter()
        .map(|s| (s.id.as_str(), s.section.as_str(), s.state))
        .collect();
    assert_eq!(
        told,
        [
            ("c@x", "mm", StoryState::Pinned),
            ("a@x", "mm", StoryState::Dropped),
            ("b@x", "mm", StoryState::Proposed),
        ]
    );
    assert!(again.notes.starts_with("# A title of our own\n") && !again.notes.contains("alpha"));
}

#[test]
fn equal_input_gives_equal_output_and_drafting_again_changes_nothing() {
    let first = drafted(&small_week(), None);
    assert_eq!(first, drafted(&small_week(), None));
    assert_eq!(first, drafted(&small_week(), Some(&first.episode)));
    assert!(first.notes.contains(DAY));
}

#[test]
fn chapters_are_the_parts_that_exist() {
    let mut talks = small_week();
    talks.push(argument());
    talks.push(Talk(vec![post(
        "l@x",
        LINA,
        "Linux 6.3",
        "It is done, and nobody is more surprised than I am.\n",
    )]));
    let chapters = drafted(&talks[..], None).episode.chapters;
    let takes: Vec<_> = chapters.iter().map(|chapter| chapter.take.as_str()).collect();
    assert_eq!(takes, ["headlines", "mainline", "topics", "ongoing", "signoff"]);
}

#[test]
fn a_missing_template_is_named() {
    let mut without = templates();
    without.0.remove("notes/notes.md");
    let subsystems = lorecast_drafter::Subsystems::new(week::sections(), None).unwrap();
    let request = lorecast_drafter::Request {
        show: &week::show(),
        id: lorecast_model::EpisodeId::new(DAY).unwrap(),
        window: week::window(),
        number: None,
        picks: &[],
        follow_ups: &[],
        covered: &[],
        posts: &[],
        corrections: &[],
        employers: &lorecast_people::Affiliations::default(),
        decided: None,
        subsystems: &subsystems,
        templates: &without,
        glossary: &lorecast_model::Glossary::default(),
        offers: &std::collections::BTreeMap::new(),
    };
    let error = lorecast_drafter::draft(&request).unwrap_err();
    insta::assert_snapshot!(error, @"the template `notes/notes.md` is missing: restore it, or delete `templates/notes` to use the built-in ones");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_a_mail_says_its_story_is_proved(
        subject in "(\\[PATCH[ v0-9/]{0,8}\\] |\\[GIT PULL\\] |Re: |Linux )?[\\PC&&[^\\r\\n]]{0,60}",
        text in "(This series adds |I think that we should |> |\\n|\\n\\n|[a-z ]{1,40}|\\. |\\PC{0,20}|, ){0,30}",
    ) {
        let root = post("a@x", PIA, &subject, &text);
        let answer = mail("b@x", 13, OMAR, &format!("Re: {subject}"), "a@x", &text);
        check(&[Talk(vec![root, answer])]);
    }
}
