//! Words of others inside a mail are never told as its sender's.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use lorecast_drafter::{Pick, Ranked, facts, quotable};
use lorecast_model::{Message, Profile};
use proptest::prelude::*;
use week::{OMAR, PIA, RUTH, Talk, mail, post, window};

/// Says what others say in the fixtures: no sentence with it may be quoted.
const OTHERS: &str = "gargoyle";

fn quoted(messages: Vec<Message>) -> Vec<String> {
    let talk = Talk(messages);
    let revisions = talk.revisions();
    let facts = facts(&talk.thread(), &talk.0, &revisions, window(), Profile::Kernel);
    let ranked = Ranked { facts, score: 0.0, reasons: Vec::new() };
    let pick = Pick { ranked, messages: talk.0, revisions };
    let found = quotable(&pick, window(), Profile::Kernel, 9, 9);
    found.into_iter().map(|found| found.quotation.text).collect()
}

/// What is quoted of an answer, of a report and of a cover letter with this text.
fn check(body: &str) -> Vec<String> {
    let question = post("a@x", PIA, "[PATCH 0/3] tide: bound the queue of each pump", "Hello.\n");
    let answer = mail("b@x", 13, OMAR, "Re: [PATCH 0/3] tide: bound the queue", "a@x", body);
    let report = post("c@x", RUTH, "[REGRESSION] tide: the pump hangs", body);
    let cover = post("d@x", RUTH, "[PATCH 0/3] tide: bound the queue of each pump", body);
    let mails = [vec![question, answer], vec![report], vec![cover]];
    mails.into_iter().flat_map(quoted).collect()
}

/// Two sentences that each search for words would take.
const SAID: &str = "This series bounds the gargoyle of each pump, so that no pump can starve the others.\nI don't think we want a gargoyle in the kernel, because it fails and hangs at every boot.";

fn said(mark: &str) -> String {
    SAID.lines().map(|line| format!("{mark}{line}\n")).collect()
}

#[test]
fn words_of_others_are_nobodys() {
    let plain = said("");
    for body in [
        // Mails passed on.
        format!(
            "FYI.\n\n-----Original Message-----\nFrom: Ann <a@x.example>\nSubject: pump\n\n{plain}"
        ),
        format!(
            "FYI.\n\n---------- Forwarded message ---------\nFrom: Ann <a@x.example>\n\n{plain}"
        ),
        format!("-------- Forwarded Message --------\nSubject: pump\n\n{plain}"),
        format!("See below.\n\nBegin forwarded message:\n\n{plain}"),
        format!(
            "See below.\n\n----- Forwarded message from Ann Vogel <a@x.example> -----\n\n{plain}\n----- End forwarded message -----\n"
        ),
        format!(
            "Thanks.\n\nFrom: Ann Vogel <a@x.example>\nSent: Monday, April 10, 2023 9:00 AM\nTo: Omar\nSubject: RE: pump\n\n{plain}"
        ),
        format!("*From:* Ann Vogel <a@x.example>\n*Date:* Monday\n*To:* Omar\n\n{plain}"),
        format!("From: Ann Vogel <a@x.example>\nDate: Mon, 10 Apr 2023\nSubject: pump\n\n{plain}"),
        // Answers whose marks were lost.
        format!(
            "Sure.\n\nOn Mon, Apr 10, 2023 at 9:00 AM Ann Vogel <a@x.example> wrote:\n\n{plain}"
        ),
        format!("On Mon, Apr 10, 2023 at 9:00 AM Ann Vogel\n<a@x.example> wrote:\n\n{plain}"),
        format!("Am 10.04.23 um 09:00 schrieb Ann Vogel:\n\n{plain}"),
        format!("Ann Vogel <a@x.example> writes:\n\n{plain}"),
        format!("Ann Vogel wrote on Monday:\n{plain}"),
        // Quotations with other marks.
        said("> "),
        said("AV> "),
        said("| "),
        said("} "),
        said(": "),
        said("<ann> "),
        said("[09:15] <ann> "),
        said("09:15 ann: "),
        // What a sentence hands over to.
        format!("To quote the cover letter:\n\n{plain}"),
        format!("From the cover letter:\n\n{}", said("  ")),
        format!("The commit message says:\n{}", said("    ")),
        format!("A user reported:\n\n{}", said("  ")),
        format!("As Ann put it:\n\n{plain}"),
        format!("Here is the original report:\n\n{plain}"),
        format!(
            "The bug report in the tracker, https://x.example/1, reads as follows, quoting it in full:\n\n{plain}\n\n{plain}"
        ),
        // Pastes.
        format!("Ann said:\n\n-----\n{plain}-----\n"),
        format!("Her mail:\n```\n{plain}```\n"),
        format!("```\n{plain}```\n"),
        format!("---8<---\n{plain}--->8---\n"),
        format!("<quote>\n{plain}</quote>\n"),
        format!("[quote=\"Ann\"]\n{plain}[/quote]\n"),
        // Quotation marks.
        format!("\"{}\"\n", SAID),
        format!("“{}”\n", SAID),
        format!("Ann said \"Hear me. {} That is all.\" and left.\n", SAID.replace('\n', " ")),
        format!("Ann said “Hear me. {} That is all.” and left.\n", SAID.replace('\n', " ")),
    ] {
        for words in check(&body) {
            assert!(!words.contains(OTHERS), "{words}\n\nof\n\n{body}");
        }
    }
}

#[test]
fn words_of_the_senders_own_stay() {
    let plain = said("");
    for body in [
        format!(
            "From: Ann Vogel <a@x.example>\n\n{plain}\nSigned-off-by: Ann Vogel <a@x.example>\n"
        ),
        format!("On Mon, Ann Vogel <a@x.example> wrote:\n> The pump is fine.\n\n{plain}"),
        format!("> The cover letter says:\n>   It is fine.\n\n{plain}"),
        format!("The cover letter says:\n\n  It is fine.\n\n{plain}"),
        format!("The user said:\n\n\"It is fine.\"\n\n{plain}"),
        format!("```\ncode();\n```\n\n{plain}"),
        format!(
            "----- Forwarded message from Ann -----\n\nIt is fine.\n\n----- End forwarded message -----\n\n{plain}"
        ),
        format!("There are two things:\n\n{plain}"),
    ] {
        let own = check(&body);
        assert!(own.iter().any(|words| words.contains(OTHERS)), "{own:?}\n\nof\n\n{body}");
    }
}

proptest! {
    /// Whatever stands around it, and however long: no panic.
    #[test]
    fn any_mail_is_read(text in "([a-z ]{1,9}|\n|\n\n|On x wrote:|> |From: a\nTo: b\n|```|\"|“|”|---8<---|  |[|]|quote:|é){0,80}") {
        check(&text);
    }
}
