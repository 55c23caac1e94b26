//! What an assistant offers is shown only when the mails bear it out.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod week;

use insta::assert_snapshot;
use lorecast_drafter::{brief, judge};
use lorecast_model::{Evidence, Fact, Message, Story};
use week::*;

fn thread() -> Vec<Message> {
    let cover = "This series adds a cache for wide pages. It makes lookups 40 percent\nfaster on 3 of the machines that we have.\n";
    let root = post("a@x", PIA, "[PATCH v3 0/4] mm: Cache wide pages", cover);
    let answer = "On Wed, Pia wrote:\n> This series adds a cache for wide pages.\n\nI do not think that this should go in without a test.\n";
    let reply = mail("b@x", 13, OMAR, "Re: [PATCH v3 0/4] mm: Cache wide pages", "a@x", answer);
    vec![root, reply]
}

fn story() -> Story {
    let drafted = drafted(&[Talk(thread())], None);
    drafted.episode.stories.into_iter().next().unwrap()
}

/// `shown`, or why a paragraph is refused.
fn check(offer: &str) -> String {
    judge(offer, &show(), &story(), &thread())
        .map_or_else(|why| why.to_string(), |_| "shown".to_owned())
}

const POSTED: &str = "Pia Nordquist posted version 3 of “mm: Cache wide pages”";

#[test]
fn what_the_mails_say_is_shown() {
    for offer in [
        "Pia Nordquist posted version 3 of [“mm: Cache wide pages”](https://lore.kernel.org/r/a@x/), which “adds a cache for wide pages”.",
        "Four patches by Pia make lookups 40 percent faster. Omar Quill replied, [“I do not think that this should go in”](https://lore.kernel.org/r/b@x/).",
        "“It makes lookups […] faster”, said Pia Nordquist. Omar’s view: “should go in without a test”.",
        "Omar says: “I do not think that this should go in”.",
        "“I do not think [he says] that this should go in without a test”, wrote Omar.",
    ] {
        assert_eq!(check(offer), "shown", "{offer}");
    }
}

#[test]
fn a_quotation_must_be_verbatim_and_its_authors() {
    assert_snapshot!(check(&format!("{POSTED}. Omar said, “I think that this should go in”.")), @"no mail of this story says “I think that this should go in”");
    assert_snapshot!(check(&format!("{POSTED}. Omar said, “adds a cache for wide pages”.")), @"“adds a cache for wide pages” are words of Pia Nordquist, not of Omar Quill");
    assert_snapshot!(check("Omar thinks “that this should go in”, and “I do […] think that this should go in”."), @"no mail of this story says “that this should go in”");
    assert_snapshot!(check("Omar: “think that this should go in”."), @"no mail of this story says “think that this should go in”");
    assert_snapshot!(check("“I do not think that this should go in”, said Pia Nordquist."), @"“I do not think that this should go in” are words of Omar Quill, not of Pia Nordquist");
    assert_snapshot!(check("Omar said, [“I do not think that this should go in”](https://lore.kernel.org/r/a@x/)."), @"no mail of this story says “I do not think that this should go in”");
    assert_snapshot!(check("Pia wrote: “a cache … that this should go in”."), @"no mail of this story says “a cache … that this should go in”");
    assert_snapshot!(check("Pia wrote: \"this “series” adds a “cache”\"."), @"no mail of this story says “this “series” adds a “cache”");
}

#[test]
fn names_versions_and_numbers_must_stand_in_the_mails() {
    assert_snapshot!(check("Pia Nordqvist posted it."), @"`Nordqvist` is in none of this story's mails");
    assert_snapshot!(check("Mallory posted it."), @"`Mallory` is in none of this story's mails");
    assert_snapshot!(check("Pia posted version 4 of it."), @"version 4 is not among this story's evidence");
    assert_snapshot!(check("Pia makes it 45 percent faster."), @"the number `45` is in none of this story's mails");
    assert_snapshot!(check("Pia makes it faster on five machines."), @"the number `five` is in none of this story's mails");
    assert_snapshot!(check("Pia posted it for Linux 6.4."), @"the number `6.4` is in none of this story's mails");
}

#[test]
fn plain_words_claim_no_more_than_the_mails() {
    for offer in [
        "Pia Nordquist posted a series entitled “mm: Cache wide pages”, which adds a cache for wide pages. Omar wants a test: it should not go in.",
        "Four patches by Pia add a cache. Omar does not think that it should go in.",
    ] {
        assert_eq!(check(&offer.replace("wants", "asks for")), "shown", "{offer}");
    }
    assert_snapshot!(check("Pia’s dangerous cache is for wide pages."), @"`dangerous` is a word of none of this story's mails");
    assert_snapshot!(check("Pia’s cache was merged."), @"`merged` is not proved by this story's evidence");
    assert_snapshot!(check("Omar reviewed it."), @"`reviewed` is not proved by this story's evidence");
    assert_snapshot!(check("Pia’s cache does not make lookups faster."), @"no mail of this story says what `not` denies");
    assert_snapshot!(check("Nobody replied."), @"no mail of this story says what `nobody` denies");
    assert_snapshot!(check("Omar says that this should go in."), @"the mails of this story say `that this should` only with a negation");
    assert_snapshot!(check("Lookups are 3 percent faster."), @"no mail of this story counts `3 … percent`");
    assert_snapshot!(check("Pia has 40 machines."), @"no mail of this story counts `40 … machines`");
    assert_snapshot!(check("Pia posted a series entitled “Cache wide”."), @"“Cache wide” is the title of none of this story's mails");
    assert_snapshot!(check("Pia posted “ache wide”."), @"no mail of this story says “ache wide”");
}

#[test]
fn evidence_proves_what_became_of_work() {
    let mut story = story();
    let say = |offer: &str, story: &Story| {
        judge(offer, &show(), story, &thread())
            .map_or_else(|why| why.to_string(), |_| "shown".to_owned())
    };
    let proof = story.evidence[0].clone();
    let of =
        |value: &str| Evidence { fact: Fact::Applied, value: value.to_owned(), ..proof.clone() };
    story.evidence.push(of("Omar Quill"));
    assert_eq!(say("Omar applied it.", &story), "shown");
    assert_eq!(say("It has since been merged.", &story), "shown");
    assert_snapshot!(say("Pia applied it.", &story), @"`applied` is not proved by this story's evidence");
}

#[test]
fn only_plain_paragraphs_are_shown() {
    let deep = "*".repeat(20_000);
    assert_snapshot!(check(&format!("{deep}Pia{deep}")), @"it holds markup within markup: only paragraphs of text with links to the story's mails are shown");
    assert_eq!(check("***Pia* posted** it."), "shown");
    assert_snapshot!(check(" \n"), @"it is empty");
    assert_snapshot!(check("# Pia"), @"it holds a heading, a list, code, a table or raw HTML: only paragraphs of text with links to the story's mails are shown");
    assert_snapshot!(check("Pia <script>alert(1)</script>"), @"it holds code, a picture or raw HTML: only paragraphs of text with links to the story's mails are shown");
    assert_snapshot!(check("[Pia](https://elsewhere.example/)"), @"it links to `https://elsewhere.example/`, which is no mail of this story");
    assert_snapshot!(check("![Pia](https://lore.kernel.org/r/a@x/)"), @"it holds code, a picture or raw HTML: only paragraphs of text with links to the story's mails are shown");
    assert_snapshot!(check("Pia\u{202e}"), @"it holds a control character: only paragraphs of text with links to the story's mails are shown");
    assert_snapshot!(check(&"pages ".repeat(300)), @"it has 300 words, more than 250");
}

#[test]
fn a_brief_holds_the_evidence_and_the_mails_that_prove_it() {
    let (show, story, thread) = (show(), story(), thread());
    let brief = brief(&show, &story, &thread);
    assert_snapshot!(serde_json::to_string_pretty(&brief).unwrap(), @r#"
    {
      "schema": "lorecast-assistant-1",
      "show": "The Test Podcast",
      "language": "en",
      "story": {
        "id": "a@x",
        "url": "https://lore.kernel.org/r/a@x/",
        "kind": "series",
        "section": "mm",
        "title": "mm: Cache wide pages"
      },
      "evidence": [
        {
          "fact": "author",
          "value": "Pia Nordquist",
          "message": "a@x",
          "url": "https://lore.kernel.org/r/a@x/"
        },
        {
          "fact": "title",
          "value": "mm: Cache wide pages",
          "message": "a@x",
          "url": "https://lore.kernel.org/r/a@x/"
        },
        {
          "fact": "version",
          "value": "3",
          "message": "a@x",
          "url": "https://lore.kernel.org/r/a@x/"
        },
        {
          "fact": "quotation",
          "value": "adds a cache for wide pages. It makes lookups 40 percent faster on 3 of the machines that we have",
          "message": "a@x",
          "url": "https://lore.kernel.org/r/a@x/"
        },
        {
          "fact": "reply",
          "value": "Omar Quill",
          "message": "b@x",
          "url": "https://lore.kernel.org/r/b@x/"
        },
        {
          "fact": "quotation",
          "value": "I do not think that this should go in without a test",
          "message": "b@x",
          "url": "https://lore.kernel.org/r/b@x/"
        }
      ],
      "messages": [
        {
          "id": "a@x",
          "url": "https://lore.kernel.org/r/a@x/",
          "from": "Pia Nordquist",
          "date": "2023-04-12T12:00:00Z",
          "subject": "[PATCH v3 0/4] mm: Cache wide pages",
          "text": "This series adds a cache for wide pages. It makes lookups 40 percent\nfaster on 3 of the machines that we have."
        },
        {
          "id": "b@x",
          "url": "https://lore.kernel.org/r/b@x/",
          "from": "Omar Quill",
          "date": "2023-04-13T12:00:00Z",
          "subject": "Re: [PATCH v3 0/4] mm: Cache wide pages",
          "text": "I do not think that this should go in without a test."
        }
      ]
    }
    "#);
}

proptest::proptest! {
    #[test]
    fn any_offer_is_judged(offer in "(Pia |“|”|\"|\\[|\\]|\\(https://lore.kernel.org/r/a@x/\\)|version 3 |adds a cache|\n|\\PC{0,8}){0,20}") {
        let (story, thread) = (story(), thread());
        if let Ok(shown) = judge(&offer, &show(), &story, &thread) {
            proptest::prop_assert_eq!(shown, offer.trim());
        }
    }
}
