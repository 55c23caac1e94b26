//! Mails in, the sentences worth quoting out.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use lorecast_drafter::{Pick, Ranked, Role, facts, quotable};
use lorecast_mail::prose;
use lorecast_model::{Message, Profile};
use proptest::prelude::*;
use week::{OMAR, PIA, RUTH, Talk, drafted, mail, post, window};

fn pick(messages: Vec<Message>) -> Pick {
    let talk = Talk(messages);
    let revisions = talk.revisions();
    let facts = facts(&talk.thread(), &talk.0, &revisions, window(), Profile::Kernel);
    let ranked = Ranked { facts, score: 0.0, reasons: Vec::new() };
    Pick { ranked, messages: talk.0, revisions }
}

fn quoted(messages: Vec<Message>, words: usize) -> String {
    let mut out = String::new();
    for found in quotable(&pick(messages), window(), Profile::Kernel, words, 5) {
        let lead = match found.role {
            Role::Matter => found.quotation.lead.to_owned(),
            Role::Answer(stance) => format!("{} {stance:?}", found.by),
        };
        let cut = if found.quotation.cut { " …" } else { "" };
        writeln!(out, "{lead}: {}{cut}", found.quotation.text).unwrap();
    }
    out
}

/// What is quoted first of a posting.
fn first(subject: &str, body: &str) -> String {
    quoted(vec![post("a@x", PIA, subject, body)], 1).trim_end().to_owned()
}

const SERIES: &str = "[PATCH 0/3] tide: bound the queue of each pump";

#[test]
fn what_a_series_does_is_told_in_many_ways() {
    for (body, told) in [
        (
            "Please find the series that gives each pump a queue of its own, with a bound.\n",
            "saying: Please find the series",
        ),
        (
            "Here is a patch set which moves the pumps to one shared queue per house.\n",
            "which: moves the pumps to one shared queue per house",
        ),
        (
            "These patches limit how much water a pump may keep and drop the rest [1].\n\n[1] https://x.example/\n",
            "saying: These patches limit how much water a pump may keep and drop the rest",
        ),
        (
            "The pump has no idea of the tide so far, and this series adds one to it.\n",
            "saying: The pump has no idea of the tide so far, and this series adds one to it",
        ),
        (
            "In order to keep the cellar dry, introduce a valve that closes before high water.\n",
            "saying: In order to keep the cellar dry, introduce a valve that closes before high water",
        ),
        (
            "A full queue stalls every pump of the house. Fix this by giving each its own queue.\n",
            "saying: A full queue stalls every pump of the house. Fix this by giving each its own queue",
        ),
        (
            "This series adds three things for the owner of a pump, a valve and a well:\n - x\n",
            "which: adds three things for the owner of a pump, a valve and a well",
        ),
    ] {
        let found = first(SERIES, body);
        // The first case is a request to no one: it may be quoted whole or from its verb.
        if told.ends_with("the series") {
            assert!(found.contains("gives each pump a queue of its own"), "{found}");
        } else {
            assert_eq!(found, told, "{body}");
        }
    }
}

#[test]
fn what_is_no_purpose_is_not_quoted() {
    for body in [
        "",
        "Next revision of the series for pumps.\n\nChanges from v4:\n - Add a test for the bound of the queue of a pump\n",
        "This series bounds the queue of each pump.\n",
        "The series is split in two, and the reviewed patches come first.\n",
        "I tested the queue of each pump for a week on four boards.\n",
        "Fix this by calling the new helper instead.\n",
        "(Apologies for the resend, the list of the pumps was missing.)\n",
        "The driver has been converted to the new queue.\n",
        "A theoretical future work could be a queue for each well of the house.\n",
        "Diese Serie begrenzt die Schlange jeder Pumpe, und das ist gut so.\n",
        "Cette série ajoute une limite pour la file de chaque pompe de la maison.\n",
        "  pump   before   after\n  one      1.20    0.90\n  two      1.30    0.80\n",
        "=?utf-8?q?pump?= adds=20a=20bound=20to the queue of each pump=3D\n",
        "Signed-off-by: Pia Nordquist <pia@vendor.example>\nLink: https://x.example/pump\n",
    ] {
        assert_eq!(first(SERIES, body), "", "{body}");
    }
}

#[test]
fn an_echo_of_the_title_is_told_with_what_follows() {
    let told = first(
        SERIES,
        "This series bounds the queue of each pump. Without it one pump can fill all memory.\n",
    );
    assert_eq!(
        told,
        "which: bounds the queue of each pump. Without it one pump can fill all memory"
    );
}

#[test]
fn a_long_sentence_is_cut_at_a_clause_or_left_out() {
    let many = "word ".repeat(40);
    let cut = format!(
        "This series bounds the queue, which helps every pump of the house that has more than one well, and {many}end.\n"
    );
    assert_eq!(
        first(SERIES, &cut),
        "which: bounds the queue, which helps every pump of the house that has more than one well …"
    );
    let endless = format!("This series bounds the queue of {many}{many}end.\n");
    assert_eq!(first(SERIES, &endless), "");
}

#[test]
fn each_kind_of_news_has_its_own_words() {
    let long = |subject: &str, body: &str| quoted(vec![post("a@x", PIA, subject, body)], 3);
    let request = "Hi Lina,\n\nnothing special, please pull.\n\n-- \nPia\n\nThe following changes since commit 0123:\n\n  Linux 6.3-rc6\n\nare available in the Git repository at:\n\n  git://git.example/x.git tags/x\n\nfor you to fetch changes up to 4567:\n\n  tide: y\n\n----------------------------------------------------------------\ntide updates for 6.4\n\nHighlights:\n - Support for pumps that share one well (Ruth Abbott)\n - Fix a leak in tide_pump_queue_init()\n - Remove the driver of the steam pump, which nobody has used for years;\n\n----------------------------------------------------------------\nPia Nordquist (3):\n      tide: one\n";
    insta::assert_snapshot!(long("[GIT PULL] tide updates for 6.4", request), @r"
    item: Support for pumps that share one well
    item: Remove the driver of the steam pump, which nobody has used for years
    item: Fix a leak in tide_pump_queue_init()
    ");
    let release = "Hi,\n\nwe are happy to announce tidetool 2.1.\n\nNew features:\n=============\n\n* reads the tide tables of all harbours from one file\n* fixed typos\n* a new command that shows the pumps of a house as a tree\n\nDownload: https://x.example/\n";
    insta::assert_snapshot!(long("[ANNOUNCE] tidetool 2.1 released", release), @r"
    saying: reads the tide tables of all harbours from one file
    saying: a new command that shows the pumps of a house as a tree
    ");
    let regression = "Hi all,\n\nSince commit 0123456789abcdef0123456789abcdef01234567, my pump does not start after a resume.\nI bisected it to commit 0123456789ab (\"tide: sleep longer\").\nLet me know if you need the dmesg.\n";
    insta::assert_snapshot!(long("[REGRESSION] tide: pump is dead after resume", regression), @r#"
    saying: my pump does not start after a resume
    saying: I bisected it to commit 0123456789ab ("tide: sleep longer")
    "#);
    let rc = "So it is Sunday again, and rc7 is a bit bigger than I would like this late.\n\nMost of it is drivers and a revert in the networking core, nothing that looks scary.\n\nPlease keep testing it.\n\n    Lina\n\n---\n\nPia Nordquist (1):\n      tide: fix\n";
    insta::assert_snapshot!(long("Linux 6.3-rc7", rc), @r"
    saying: So it is Sunday again, and rc7 is a bit bigger than I would like this late
    saying: Most of it is drivers and a revert in the networking core, nothing that looks scary
    ");
    let call = "Hello all,\n\nWe look for talks about pumps, valves and wells.\nPlease submit your proposal until June 3, 2023.\nThe workshop takes place in the old harbour on September 12.\n";
    insta::assert_snapshot!(long("Linux Plumbers: Tide Workshop, Call for Papers", call), @r"
    saying: We look for talks about pumps, valves and wells
    saying: Please submit your proposal until June 3, 2023
    saying: The workshop takes place in the old harbour on September 12
    ");
    let hand = "I have no time left for the pump driver.\nRuth Abbott has agreed to take over as the maintainer of all pumps.\n";
    insta::assert_snapshot!(long("[PATCH] MAINTAINERS: hand the pumps to Ruth", hand), @"saying: Ruth Abbott has agreed to take over as the maintainer of all pumps");
    let question = "Hi,\n\nI would like to propose that a pump stops by itself when its well is dry.\nHas anybody seen a well that runs dry at high water?\n";
    insta::assert_snapshot!(long("How should a pump stop?", question), @r"
    saying: I would like to propose that a pump stops by itself when its well is dry
    saying: Has anybody seen a well that runs dry at high water?
    ");
}

#[test]
fn a_bisection_is_told_by_the_title_it_ended_at() {
    let body = "The pump fails to start since 6.3-rc5.\n\n0123456789abcdef is the first bad commit\ncommit 0123456789abcdef\nAuthor: Pia Nordquist <pia@vendor.example>\n\n    tide: sleep longer\n\n    Saves power.\n";
    let notes =
        drafted(&[Talk(vec![post("a@x", RUTH, "[REGRESSION] tide: no start", body)])], None).notes;
    let told = "saying “The pump fails to start since 6.3-rc5”. A bisection ended at the commit “tide: sleep longer”.";
    assert!(notes.contains(told), "{notes}");
}

#[test]
fn answers_stand_by_themselves() {
    let subject = format!("Re: {SERIES}");
    let mut minute = 0;
    let mut say = |who: &str, text: &str| {
        minute += 1;
        let mut reply = mail(&format!("r{minute}@x"), 13, who, &subject, "a@x", text);
        reply.header.date += jiff::SignedDuration::from_mins(minute);
        reply
    };
    let messages = vec![
        post("a@x", PIA, SERIES, "This series gives each pump a bound that the owner can set.\n"),
        say(
            OMAR,
            "> a bound\n\nPlease rename this variable.\n\nI don't think that an interface for owners belongs into the kernel at all.\n",
        ),
        say(RUTH, "I measured this series on four boards, and the pumps use 12% less power.\n"),
        say("Ada Vogel <ada@free.example>", "I think it should just be \"tide/pump:\".\n"),
        say(
            "Lina Torvik <lina@kernel.example>",
            "Which is likely to break, and I agree with that.\n",
        ),
        say(PIA, "We need the interface because only the owner knows how deep a well is.\n"),
    ];
    insta::assert_snapshot!(quoted(messages, 1), @r"
    which: gives each pump a bound that the owner can set
    Omar Quill Objects: I don't think that an interface for owners belongs into the kernel at all
    Ruth Abbott Reports: I measured this series on four boards, and the pumps use 12% less power
    Pia Nordquist Says: We need the interface because only the owner knows how deep a well is
    ");
}

/// So long may the quotations of one mail take in a debug build on a busy machine: it is 5 ms and
/// less in a release.
const LONGEST: Duration = Duration::from_millis(1500);

#[test]
fn tables_without_end_take_no_time() {
    let row = "  pump-bench     1024.17 (   0.00%)     998.23 (   2.53%)     1001.99 *   2.17%*\n";
    let prose = "The pump of the house is slow, and this series makes it fast for each owner. ";
    for body in [row.repeat(4000), prose.repeat(4000), "a".repeat(300_000), "- a\n".repeat(75_000)]
    {
        let pick = pick(vec![post("a@x", PIA, SERIES, &body)]);
        let begun = Instant::now();
        quotable(&pick, window(), Profile::Kernel, 3, 5);
        assert!(begun.elapsed() < LONGEST, "{:?} for {:.40}", begun.elapsed(), body);
    }
}

proptest! {
    /// Whatever a mail says: quotations stand in it, are not too long, and close their brackets.
    #[test]
    fn quotations_are_parts_of_the_mail(
        subject in "(Linux 6\\.3-rc7|\\[GIT PULL\\] pumps|\\[PATCH 0/2\\] pumps|\\[ANNOUNCE\\] pumps 1\\.2|BUG: pumps|Re: pumps|Call for Papers: pumps|MAINTAINERS: pumps)",
        text in "(This series adds|We propose|fails to boot|New features:\n|the pump and the well|The following changes since commit|\n-{20}\n|deadline is June 3|maintainer|\\. |, |\n|\n\n|\n- |\\(|\\)|\"|\\[1\\]|\\[|\\]|: |> |é|[A-Za-z ]{1,12}){0,60}",
    ) {
        let message = post("a@x", PIA, &subject, &text);
        let whole = prose::unwrapped(&message.text);
        for found in quotable(&pick(vec![message]), window(), Profile::Kernel, 4, 5) {
            let words = &found.quotation.text;
            prop_assert!(whole.contains(words.as_str()), "{words:?} is not in {whole:?}");
            prop_assert!(words.split_whitespace().count() <= 45, "{words}");
            prop_assert_eq!(words.matches('(').count(), words.matches(')').count());
            prop_assert_eq!(words.matches('"').count() % 2, 0);
        }
    }
}
