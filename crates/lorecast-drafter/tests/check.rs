//! What `check` says of notes about an invented thread: notes in, findings out.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod week;

use std::sync::Arc;

use lorecast_drafter::{Checked, Conversation, Senders, Sources, check, check_paragraph, mended};
use lorecast_model::{
    Episode, EpisodeId, Evidence, Fact, FollowUpStory, Message, MessageId, Patch, Profile,
    Revision, Show, StoryState, Version,
};
use proptest::prelude::*;
use week::{Talk, mail, window};

/// A thread about version 3 of a series, a report, and the announcement of a release.
struct Archives {
    talks: Vec<Arc<Conversation>>,
    series: Vec<Revision>,
    senders: Senders,
}

fn id(text: &str) -> MessageId {
    MessageId::new(text).unwrap()
}

impl Archives {
    fn new() -> Self {
        let ann = "Ann Example (Foo) <ann@a.example>";
        let bob = "Bob Sample <bob@b.example>";
        let series = vec![
            mail(
                "a0@x.example",
                11,
                ann,
                "[PATCH v3 0/2] mm: fold the batch",
                "",
                "This series folds the batch of pages into a single run. It does not change what\nuser space sees, and saves a lookup for each page.",
            ),
            mail(
                "a1@x.example",
                11,
                ann,
                "[PATCH v3 1/2] mm: count the runs",
                "a0@x.example",
                "Count how many runs there are in a batch.",
            ),
            mail(
                "b1@x.example",
                12,
                bob,
                "Re: [PATCH v3 0/2] mm: fold the batch",
                "a0@x.example",
                "> This series folds the batch of pages into a single run.\n\nI do not think that this is safe, since the lock is\ngone by then. Please look at the low-\nlevel code once more.",
            ),
            mail(
                "c1@x.example",
                13,
                "Zoë Other <zoe@z.example>",
                "Re: [PATCH v3 0/2] mm: fold the batch",
                "b1@x.example",
                "The lock is held by the caller, so there is no problem at all in this place.",
            ),
        ];
        let report = vec![mail(
            "r0@x.example",
            12,
            "Build Robot <robot@r.example>",
            "Build report for v6.3-rc6",
            "",
            "There were 3 errors and 12 warnings in this build of v6.3-rc6, against 4.",
        )];
        let release = vec![mail(
            "l0@x.example",
            16,
            "Lea Chief <lea@l.example>",
            "Linux 6.3-rc7",
            "",
            "So rc6 was calm, and 6.3-rc7 is even calmer than 6.3-rc6 was a week ago.",
        )];
        let mut senders = Senders::default();
        for message in series.iter().chain(&report).chain(&release) {
            senders.add(&message.header.from);
        }
        let mut revision = Talk(series.clone()).revisions().remove(0);
        revision.patches =
            vec![Patch { id: id("a1@x.example"), number: 1, title: "mm: count the runs".into() }];
        let earlier = Revision {
            root: id("a0-v2@x.example"),
            version: Version { major: 2, minor: 0 },
            patches: vec![],
            cover: None,
            ..revision.clone()
        };
        let talk = |messages: Vec<Message>| Arc::new(Conversation { messages });
        let talks = vec![talk(series), talk(report), talk(release)];
        Self { talks, series: vec![earlier, revision], senders }
    }
}

impl Sources for Archives {
    fn conversation(&self, id: &MessageId) -> Option<Arc<Conversation>> {
        self.talks.iter().find(|talk| talk.message(id).is_some()).cloned()
    }

    fn series(&self, id: &MessageId) -> Vec<Revision> {
        let held = self.series.iter().any(|revision| revision.messages().any(|m| m == id));
        if held { self.series.clone() } else { Vec::new() }
    }

    fn is_sender(&self, name: &str) -> bool {
        self.senders.contains(name)
    }

    fn senders_with(&self, word: &str) -> Vec<String> {
        self.senders.with(word).to_vec()
    }

    fn holding(&self, words: &str) -> Vec<MessageId> {
        let spaced =
            |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let held = |m: &&Message| spaced(&m.text).contains(&spaced(words));
        let all = self.talks.iter().flat_map(|talk| &talk.messages);
        all.filter(held).map(|m| m.header.id.clone()).collect()
    }
}

/// `(A)` stands for a link to the mail `a0`, `(B)` for one to `b1`, and so on.
fn links(notes: &str) -> String {
    let mut notes = notes.to_owned();
    for (short, id) in
        [("(A)", "a0"), ("(A1)", "a1"), ("(B)", "b1"), ("(C)", "c1"), ("(R)", "r0"), ("(L)", "l0")]
    {
        notes = notes.replace(short, &format!("(https://lore.kernel.org/r/{id}@x.example/)"));
    }
    notes
}

/// The findings of some notes, one a line: column, rule, what is wrong.
fn found(notes: &str) -> String {
    of(&Checked::notes("notes.md", &links(notes)))
}

fn of(checked: &Checked<'_>) -> String {
    let findings = check(checked, &Archives::new());
    let show = |finding: &lorecast_model::Finding| {
        let at = finding.at.map_or(String::new(), |at| format!("{}:{} ", at.line, at.column));
        format!("{at}{}: {}\n", finding.rule, finding.message)
    };
    findings.iter().map(show).collect()
}

/// The notes after all fixes.
fn fixed(notes: &str) -> String {
    let notes = links(notes);
    let findings = check(&Checked::notes("notes.md", &notes), &Archives::new());
    mended(&notes, &findings).0
}

const CLEAN: &[&str] = &[
    "Ann Example posted [version 3 of a 2-part patch series entitled “mm: fold the batch”](A), which “folds the batch of pages into a single run”.",
    "Ann Example (Foo) posted version 3 of a patch series entitled [“mm: fold the batch”](A). Bob Sample replied, saying “I do not think that this is safe”.",
    "In reply to [“mm: fold the batch”](A), Bob said that “this is safe […] the low-level code [of mm]”… no.",
    "Bob Sample replied, [“I do not think that this is safe, since the lock is gone by then”](B). Zoë Other noted, [“[t]he lock is held by the caller … in this place”](C).",
    "“The lock is held by the caller,” said Zoë Other in [a reply](C).",
    "Ann’s [“mm: fold the batch”](A) comes with “Count how many runs there are in a batch”, as Ann wrote.",
    "Lea Chief announced [Linux 6.3-rc7](L), calmer than 6.3-rc6.",
    "The Build Robot reported [“Build report for v6.3-rc6”](R) with 3 errors and 12 warnings on 12 April.",
    "Ann Example posted [\"mm: fold the batch\"](A) on April 11, 2023.",
    "> I do not think that this is safe\n\nwrote [Bob](B).",
    "My own opinion, which is worth \"nothing at all to anybody\": version 7 of my coffee machine has 12 patches. Mr. Nobody Inparticular said so on 3 May.",
];

#[test]
fn right_notes_give_no_errors() {
    for notes in CLEAN {
        let errors: Vec<String> =
            found(notes).lines().filter(|l| !l.contains("-unproved")).map(str::to_owned).collect();
        assert!(errors.is_empty(), "{notes}\n{errors:?}");
    }
}

#[test]
fn quotations_are_verbatim() {
    insta::assert_snapshot!(found("Bob Sample replied, [“I do think that this is safe”](B)."), @"1:23 quotation: “I do think that this is safe” is not what the message says");
    insta::assert_snapshot!(found("Bob Sample said “I do not believe that this is safe” about [“mm: fold the batch”](A)."), @"1:18 quotation: “I do not believe that this is safe” is not what the message says");
    insta::assert_snapshot!(found("Bob said, [“I do not think that this is safe … no problem at all in this place”](B)."), @"1:13 quotation: “I do not think that this is safe …” is only half of what a message says");
    insta::assert_snapshot!(found("Ann Example said, [“folds the batch of pages into a single run”](B)."), @r"
    1:1 speaker: not Ann Example but Bob Sample sent this message
    1:21 quotation-source: “folds the batch of pages into a single …” is not in `b1@x.example`: Ann Example wrote it in `a0@x.example`
    ");
    insta::assert_snapshot!(found("Bob Sample said, [“I do not think that this is safe”](C)."), @r"
    1:1 speaker: not Bob Sample but Zoë Other sent this message
    1:20 quotation-source: “I do not think that this is safe” is not in `c1@x.example`: Bob Sample wrote it in `b1@x.example`
    ");
    insta::assert_snapshot!(found("Bob Sample said, [“i do not think, that this is safe”](B)."), @"1:20 quotation-marks: the message writes “I do not think that this is safe,”");
}

#[test]
fn whoever_speaks_is_the_sender() {
    insta::assert_snapshot!(found("Zoë Other replied, [“I do not think that this is safe”](B)."), @"1:1 speaker: not Zoë Other but Bob Sample sent this message");
    insta::assert_snapshot!(found("Ann Example posted [“mm: fold the batch”](A). To quote it, it “I do not think that this is safe on every Tuesday of May”."), @"1:102 quotation: “I do not think that this is safe …” is only half of what a message says");
    insta::assert_snapshot!(found("As Zoë Other replied, [“I do not think that this is safe”](B)."), @"1:4 speaker: not Zoë Other but Bob Sample sent this message");
    insta::assert_snapshot!(found("About [“mm: fold the batch”](A), Zoë Other wrote “I do not think that this is safe”."), @"1:72 speaker: not Zoë Other but Bob Sample sent this message");
    insta::assert_snapshot!(found("Bob Sample posted [“mm: fold the batch”](A)."), @"1:1 speaker: not Bob Sample but Ann Example sent this message");
    insta::assert_snapshot!(found("“The lock is held by the caller”, said Bob Sample in [a reply](C)."), @"1:40 speaker: not Bob Sample but Zoë Other sent this message");
    insta::assert_snapshot!(found("Bob Sample’s [“mm: fold the batch”](A) is out."), @"1:1 speaker: not Bob Sample but Ann Example sent this message");
}

#[test]
fn names_are_spelt_as_their_owners_do() {
    insta::assert_snapshot!(found("Anm Example posted [“mm: fold the batch”](A), and Bob Smaple answered."), @r"
    1:1 name: “Anm Example” is spelt “Ann Example”
    1:89 name: “Bob Smaple” is spelt “Bob Sample”
    ");
    insta::assert_snapshot!(found("Thanks to Zoe Other and nn Example for [“mm: fold the batch”](A)."), @r"
    1:11 name: “Zoe Other” is spelt “Zoë Other”
    1:25 name: “nn Example” is spelt “Ann Example”
    ");
    insta::assert_snapshot!(found("Thanks to Lea Cheif, who is in no thread here."), @"1:11 name: “Lea Cheif” is spelt “Lea Chief”");
}

#[test]
fn numbers_are_those_of_the_mails() {
    insta::assert_snapshot!(found("Ann Example posted [version 4 of a 3-part patch series entitled “mm: fold the batch”](A)."), @r"
    1:29 version: not version 4 but 3
    1:36 count: not 3 part but 2
    ");
    insta::assert_snapshot!(found("Lea Chief announced [Linux 6.3-rc6](L)."), @"1:28 release: not `6.3-rc6`: the evidence says 6.3-rc7");
    insta::assert_snapshot!(found("## Linux 6.3-rc8\n\nLea Chief announced [Linux 6.3-rc7](L)."), @"1:10 release: not `6.3-rc8`: the evidence says 6.3-rc7");
    insta::assert_snapshot!(found("The Build Robot reported [“Build report for v6.3-rc6”](R) with 4 errors on 14 April."), @r"
    1:102 count: not 4 errors but 3
    1:114 date: not 14 April but 12 April
    ");
    insta::assert_snapshot!(found("[“mm: fold the batch”](A) drew 5 messages from 4 people."), @r"
    1:70 count: not 5 messages but 4
    1:86 count: not 4 people but 3
    ");
    insta::assert_snapshot!(found("The thread of [“mm: fold the batch”](A) ran to 5 messages."), @"1:86 count: not 5 messages but 4");
    insta::assert_snapshot!(found("[“mm: fold the batch”](A) drew up to 5 messages."), @"");
}

/// "now in version …" is the version of the mail before it; what a colon leads in is a quotation.
#[test]
fn what_drafts_say_of_continued_work_is_checked() {
    insta::assert_snapshot!(found("Ann Example continued work on [“mm: fold the batch”](A), now in version 4."), @"1:111 version: not version 4 but 3");
    insta::assert_snapshot!(found("Bob Sample continued work on [“mm: fold the batch”](A), a series of 3 patches."), @r"
    1:1 speaker: not Bob Sample but Ann Example sent this message
    1:107 count: not 3 patches but 1 or 2
    ");
    insta::assert_snapshot!(found("Ann Example posted [“mm: fold the batch”](A). New in this version: “Count the pages of every zone as well”."), @"1:107 quotation: “Count the pages of every zone as well” is in no message of this thread");
}

#[test]
fn what_is_called_an_rfc_asks_for_comments() {
    insta::assert_snapshot!(found("Ann Example posted [version 3 of an RFC (Request For Comments) patch series entitled “mm: fold the batch”](A)."), @"1:37 rfc: “mm: fold the batch” is no RFC");
    insta::assert_snapshot!(found("Ann Example posted an RFC patch series, [“mm: fold the batch”](A), with RFC 2392 in mind."), @"1:23 rfc: “mm: fold the batch” is no RFC");
}

/// One of two names that are alike in a list was another's; initials are the person's own.
#[test]
fn what_stands_twice_was_meant_otherwise() {
    insta::assert_snapshot!(found("[“mm: fold the batch”](A), versions 2 and 2 of it."), @r"
    1:75 version: version 2 is named twice
    1:81 version: version 2 is named twice
    ");
}

#[test]
fn a_link_of_html_over_two_lines_is_mended_where_it_stands() {
    let notes = "[“mm: fold the batch”](A), and <a\n   class=\"mail\"\n   href=\"https://lore.kernel.org/r/a0@x.exmaple/\">this</a>.";
    assert!(
        fixed(notes).ends_with("href=\"https://lore.kernel.org/r/a0@x.example/\">this</a>."),
        "{}",
        fixed(notes)
    );
}

#[test]
fn a_verb_that_ends_the_notes_has_no_name_behind_it() {
    insta::assert_snapshot!(found("“The lock is held by the caller”, said"), @"");
}

#[test]
fn what_became_of_patches_shows_somewhere() {
    insta::assert_snapshot!(found("Ann Example posted [“mm: fold the batch”](A). It has since been applied."), @"1:88 outcome: nothing shows that “mm: fold the batch” was applied");
    insta::assert_snapshot!(found("[“mm: fold the batch”](A) was rejected."), @"1:65 outcome: nothing shows that “mm: fold the batch” was rejected");
    insta::assert_snapshot!(found("Once [“mm: fold the batch”](A) has been merged, all will be well."), @"");
}

/// What a producer says beside the mails is no claim about them.
#[test]
fn plans_and_remarks_are_left_alone() {
    for notes in [
        "Tune in next week for Linux 6.3-rc8 or 6.3.",
        "The [series](A) looks set for 6.4, or perhaps for 6.5.",
        "Ann E-S and I had “a lot of fun” in Prague.",
    ] {
        insta::allow_duplicates! { insta::assert_snapshot!(found(notes), @"") }
    }
}

#[test]
fn links_and_titles_fit() {
    insta::assert_snapshot!(found("Ann posted [“mm: fold the bitch”](A)."), @"1:14 title: the message is entitled “mm: fold the batch”");
    insta::assert_snapshot!(found("Ann posted [“mm: fold the batch”](A1)."), @"1:14 link: the link leads to the patch “mm: count the runs”; this title is that of `a0@x.example`");
    insta::assert_snapshot!(found("Ann posted [“Build report for v6.3-rc6”](A)."), @"1:14 title: the linked message is entitled “mm: fold the batch”");
    insta::assert_snapshot!(found("See [this](https://lore.kernel.org/r/gone@x.example/)."), @"1:12 link: the message `gone@x.example` is not in the store");
}

/// A show of another project links to its own archive, or names mails by their id alone.
#[test]
fn the_shows_own_links_are_read_and_written() {
    let of = |links: Option<&str>, to: &str| {
        let show =
            Show { profile: Profile::General, links: links.map(str::to_owned), ..week::show() };
        let text = format!("Ann Example posted [“mm: fold the batch”]({to}).");
        let checked = Checked { show: Some(&show), ..Checked::notes("notes.md", &text) };
        let findings = check(&checked, &Archives::new());
        let said: Vec<&str> = findings.iter().map(|f| f.rule.as_str()).collect();
        (said.join(" "), mended(&text, &findings).0)
    };
    let clean = |links, to| assert_eq!(of(links, to).0, "", "{to}");
    clean(None, "mid:a0@x.example");
    clean(Some("https://h.example/?m={id}"), "https://h.example/?m=a0@x.example");
    clean(Some("https://h.example/{id}.html"), "https://h.example/a0%40x.example.html#top");
    clean(Some("https://h.example/{id}.html"), "https://lore.kernel.org/r/a0@x.example/");
    insta::assert_snapshot!(of(None, "mid:b1@x.example").0, @"speaker");
    insta::assert_snapshot!(of(None, "mid:a1@x.example").1, @"Ann Example posted [“mm: fold the batch”](mid:a0@x.example).");
    insta::assert_snapshot!(of(Some("https://h.example/?m={id}"), "https://h.example/?m=a1@x.example").1, @"Ann Example posted [“mm: fold the batch”](https://h.example/?m=a0@x.example).");
}

/// An address is mended only where nothing else can have been meant.
#[test]
fn a_link_is_not_turned_into_one_to_another_mail() {
    let of = |id: &str| {
        fixed(&format!("[“mm: fold the batch”](A) and [this](https://lore.kernel.org/r/{id}/)."))
    };
    assert!(of("a9@x.example").contains("a9@x.example"), "a digit tells mails apart");
    assert!(!of("a0@x.exmaple").contains("exmaple"));
}

#[test]
fn fixes_touch_nothing_else() {
    insta::assert_snapshot!(fixed("# *Notes*\n\nAnm Example posted [version 2 of “mm: fold the bitch”](A).\n\nBob Sample replied, [“I do think that this\nis safe”](B).\n"), @r"
    # *Notes*

    Ann Example posted [version 3 of “mm: fold the batch”](https://lore.kernel.org/r/a0@x.example/).

    Bob Sample replied, [“I do not think that this is safe”](https://lore.kernel.org/r/b1@x.example/).
    ");
}

fn episode() -> Episode {
    let evidence = |fact, value: &str, message: &str| Evidence {
        fact,
        value: value.to_owned(),
        message: id(message),
        tree: None,
        commit: None,
    };
    let told = FollowUpStory {
        id: id("a0@x.example"),
        state: StoryState::Proposed,
        episode: EpisodeId::new("2023-04-02").unwrap(),
        title: "mm: fold the batch".into(),
        evidence: vec![
            evidence(Fact::Author, "Ann Example", "a0@x.example"),
            evidence(Fact::Version, "3", "a0@x.example"),
            evidence(Fact::Landed, "v6.4-rc1", "a1@x.example"),
            evidence(Fact::Author, "Ann Exemple", "a0@x.example"),
        ],
    };
    Episode { follow_ups: vec![told], ..Episode::new("Test for 2023-04-16", window()) }
}

#[test]
fn follow_ups_and_evidence_are_checked() {
    let episode = episode();
    let check = |notes: &str| {
        of(&Checked { episode: Some(&episode), ..Checked::notes("notes.md", &links(notes)) })
    };
    insta::assert_snapshot!(check("# Test for 2023-04-16\n\nAnn Example (Foo)’s [“mm: fold the batch”](A), last covered on 2 April as version 3, has landed in v6.4-rc1."), @"evidence: episode.yaml, “mm: fold the batch”: author `Ann Exemple` of `a0@x.example`: the message says `Ann Example`");
    insta::assert_snapshot!(check("# Test for 2023-04-15\n\nAnn Example (Foo)’s [“mm: fold the batch”](A), last covered on 9 April as version 2, has landed in v6.4-rc2."), @r"
    evidence: episode.yaml, “mm: fold the batch”: author `Ann Exemple` of `a0@x.example`: the message says `Ann Example`
    1:12 date: not 2023-04-15 but 2023-04-10 or 2023-04-16
    3:102 date: not 9 April but 2 April
    3:121 version: not version 2 but 3
    3:139 release: not `6.4-rc2`: the evidence says 6.4-rc1
    ");
}

#[test]
fn what_was_covered_is_the_version_of_then() {
    let mut episode = episode();
    episode.follow_ups[0].evidence.truncate(3);
    // The link leads to version 3, which was posted since.
    episode.follow_ups[0].id = id("a0-v2@x.example");
    let check = |words: &str| {
        let notes = links(&format!("# Test for 2023-04-16\n\n{words}\n"));
        let found = of(&Checked { episode: Some(&episode), ..Checked::notes("notes.md", &notes) });
        found
            .lines()
            .filter(|line| line.contains("version:"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let linked = "On April 2 we covered Ann Example’s [“mm: fold the batch”](A), then version";
    let before = "On April 2 we covered version";
    let link = "of [“mm: fold the batch”](A)";
    for right in [format!("{linked} 2."), format!("{before} 2 {link}.")] {
        assert_eq!(check(&right), Vec::<String>::new(), "{right}");
    }
    assert_eq!(check(&format!("{linked} 3.")), ["3:115 version: not version 3 but 2"]);
    assert_eq!(check(&format!("{before} 3 {link}.")), ["3:31 version: not version 3 but 2"]);
}

#[test]
fn a_title_is_linked_where_the_evidence_has_it() {
    let mut episode = episode();
    episode.follow_ups[0].evidence.truncate(3);
    episode.follow_ups[0].evidence[0].fact = Fact::Title;
    episode.follow_ups[0].evidence[0].value = "mm: fold the batch".into();
    let check = |words: &str| {
        let notes = links(&format!("# Test for 2023-04-16\n\nSee [this](A1). {words}\n"));
        of(&Checked { episode: Some(&episode), ..Checked::notes("notes.md", &notes) })
    };
    assert_eq!(check("The discussion of [“mm: fold the batch”](A) went on."), "");
    assert_eq!(
        check("The discussion of [“mm: fold the batch”](C) went on."),
        "3:74 link: the evidence has this title in `a0@x.example`, not in `c1@x.example`\n"
    );
    assert_eq!(check("Zoë Other replied to [“mm: fold the batch”](C)."), "");
}

#[test]
fn a_paragraph_needs_no_link() {
    let words =
        "Ann Example folds the batch of pages. Bob Sample said “I do think that this is safe”.";
    let findings = check_paragraph(words, &[id("a0@x.example")], &week::show(), &Archives::new());
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].fix.as_ref().unwrap().text, "I do not think that this is safe");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,300}") {
        check(&Checked::notes("notes.md", &text), &Archives::new());
    }

    #[test]
    fn nor_does_anything_like_notes(parts in proptest::collection::vec(0..PARTS.len(), 0..40)) {
        let notes = links(&parts.into_iter().map(|part| PARTS[part]).collect::<String>());
        let findings = check(&Checked::notes("notes.md", &notes), &Archives::new());
        let (text, _) = mended(&notes, &findings);
        check(&Checked::notes("notes.md", &text), &Archives::new());
    }
}

const PARTS: &[&str] = &[
    "Ann Example",
    "Bob Smaple",
    " posted ",
    " said ",
    "“",
    "”",
    "\"",
    "[",
    "](A)",
    "](B)",
    "](",
    "(",
    ")",
    "version 3 of ",
    "v2",
    "Linux 6.3-rc7",
    "2 patches",
    " on 31 April",
    "\n\n",
    "\n",
    "## ",
    "> ",
    "- ",
    "…",
    "[…]",
    "[t]",
    "`",
    "```\n",
    "*",
    "_",
    "\\",
    "&quot;",
    "<a href=\"x\">",
    "</a>",
    "<!--",
    "-->",
    "I do think that this is safe",
    "folds the batch of pages",
    "’s ",
    "é",
    "\u{200b}",
    "[1]: https://lore.kernel.org/r/a0@x.example/\n",
    ", ",
    ". ",
    "! ",
    "https://lore.kernel.org/r/b1@x.example/",
];

/// Notes of one sort of letter alone, of a length that nobody writes.
#[test]
fn no_notes_take_for_ever() {
    const HOSTILE: [&str; 27] = [
        "“",
        "”",
        "\"",
        " \"",
        "„",
        "'",
        "[",
        "]",
        "[](",
        "](",
        "<",
        "<a href=x ",
        "`",
        "` ``",
        "*",
        "_",
        "&",
        "(",
        ". ",
        "said ",
        ") said ",
        "Ann ",
        "Ann Example posted ",
        "v2 ",
        "5 patches ",
        "https://x/",
        "XQZ ",
    ];
    let glossary: lorecast_model::Glossary =
        serde_yaml::from_str("RCU:\n  expansion: Read Copy Update\n").unwrap();
    for piece in HOSTILE {
        let notes = links(&format!("[x](A) {}", piece.repeat((300 << 10) / piece.len())));
        let checked = Checked { glossary: Some(&glossary), ..Checked::notes("notes.md", &notes) };
        let start = std::time::Instant::now();
        let findings = check(&checked, &Archives::new());
        if std::env::var_os("TIMES").is_some() {
            eprintln!("{piece:?} {:?} {}", start.elapsed(), findings.len());
        }
        assert!(findings.iter().any(|f| f.rule == "unread"), "{piece}");
    }
}
