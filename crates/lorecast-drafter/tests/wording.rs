//! How stories are worded: a thread in, its paragraph out.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use lorecast_drafter::{Draft, Head, Request, Verb, head, prove};
use lorecast_model::{
    Covered, Employers, EpisodeId, Kind, Message, MessageId, SeriesId, Show, Version,
};
use week::{LINA, OMAR, PIA, RUTH, Talk, drafted_with, mail, post, templates};

/// Drafts with a changed request; everything that it states is proved.
fn draft(talks: &[Talk], change: impl for<'a> Fn(&mut Request<'a>)) -> Draft {
    let draft = drafted_with(talks, &[], None, |_| (), change);
    let all = || talks.iter().flat_map(|talk| &talk.0);
    let lookup = |id: &_| -> Option<&Message> { all().find(|m| m.header.id == *id) };
    for story in &draft.episode.stories {
        assert_eq!(prove(&story.evidence, lookup), [], "{}", story.title);
    }
    draft
}

/// The paragraphs of the stories, without their links and headings.
fn check(talks: &[Talk], change: impl for<'a> Fn(&mut Request<'a>)) -> String {
    let notes = draft(talks, change).notes;
    let told = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let frame = |line: &str| line.starts_with("In this week") || line.starts_with("That’s all");
    let lines = notes.lines().filter(told).filter(|line| !frame(line));
    lines.map(plain).collect::<Vec<_>>().join("\n")
}

fn plain(line: &str) -> String {
    let link = regex::Regex::new(r"\[([^\]]*)\]\(https[^)]*\)").unwrap();
    link.replace_all(line, "$1").into_owned()
}

fn talk(from: &str, subject: &str, body: &str) -> Talk {
    Talk(vec![post("a@x", from, subject, body)])
}

#[test]
fn each_kind_has_its_own_sentence() {
    let told = |from: &str, subject: &str, body: &str| check(&[talk(from, subject, body)], |_| ());
    insta::assert_snapshot!([
        told(PIA, "[PATCH v2] mm: sort by hue", "Sorting by name is slow, so sort the pages by their hue.\n"),
        told(PIA, "[PATCH] MAINTAINERS: hand the sorter to Omar", "Omar has looked after the sorter for two years now.\n"),
        told(RUTH, "[REGRESSION] pages come out unsorted since 6.3-rc5", "Since 6.3-rc5 the pages are no longer sorted by colour.\n"),
        told(OMAR, "[GIT PULL] the colour sorter", "This brings a sorter for pages that never sleeps.\n"),
        told(LINA, "[PATCH] mm: remove the old sorter", "Nobody has used the old sorter of pages for years, so remove it.\n"),
    ].join("\n"), @r"
    Pia Nordquist posted version 2 of a patch entitled “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by their hue”.
    Pia Nordquist posted “MAINTAINERS: hand the sorter to Omar”, a change of maintainers, saying “Omar has looked after the sorter for two years now”.
    Ruth Abbott reported “pages come out unsorted since 6.3-rc5”, saying “Since 6.3-rc5 the pages are no longer sorted by colour”.
    Omar Quill sent a pull request for “the colour sorter”, saying “This brings a sorter for pages that never sleeps”.
    Lina Torvik posted “mm: remove the old sorter”, saying “Nobody has used the old sorter of pages for years, so remove it”.
    ");
}

#[test]
fn employers_of_all_are_told_or_of_nobody() {
    let list = [("vendor.example", "Vendor"), ("other.example", "Other Works")];
    let domains = list.map(|(domain, name)| (domain.to_owned(), name.to_owned()));
    let employers = Employers { domains: domains.into(), ..Employers::default() };
    let with = |reply: &str| {
        let subject = "[PATCH] mm: sort by hue";
        let words = "I don't think that we should sort anything, because users rely on it.\n";
        let talk = Talk(vec![
            post("a@x", PIA, subject, "Sorting by name is slow, so sort the pages by their hue.\n"),
            mail("b@x", 13, reply, &format!("Re: {subject}"), "a@x", words),
        ]);
        let talks = [talk];
        let known: &'static _ = Box::leak(Box::new(week::affiliations(&talks, &employers)));
        let told = check(&talks, |request| request.employers = known);
        told.replace("I don't think that we should sort anything, because users rely on it", "No")
    };
    insta::assert_snapshot!([
        with(RUTH),
        with("\"Ada Vogel (Widgets)\" <ada@free.example>"),
        with("\"Vogel, Ada\" <ada@free.example>"),
    ].join("\n"), @r"
    Pia Nordquist (Vendor) posted “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by their hue”. Ruth Abbott (Other Works) objected, “No”.
    Pia Nordquist (Vendor) posted “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by their hue”. Ada Vogel (Widgets) objected, “No”.
    Pia Nordquist posted “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by their hue”. Ada Vogel objected, “No”.
    ");
}

#[test]
fn who_gives_no_name_is_called_as_in_the_own_trailers() {
    let text = "Sorting by name is slow, so sort the pages by their hue.\n\nSigned-off-by: Ada Vogel <avogel@x.example>\n";
    let told = check(&[talk("avogel@x.example", "[PATCH] mm: sort by hue", text)], |_| ());
    assert!(told.starts_with("Ada Vogel posted “mm: sort by hue”"), "{told}");
}

#[test]
fn who_posted_is_told_and_who_wrote_the_one_patch() {
    let told = |from: &str, subject: &str| {
        let text = "From: Ada Vogel <ada@x.example>\n\nSorting by name is slow, so sort the pages by their hue.\n";
        check(&[talk(from, subject, text)], |_| ())
    };
    insta::assert_snapshot!([
        told("\"Quill, Omar\" <omar@x.example>", "[PATCH] mm: sort by hue"),
        told("Ada Vogel via frobs <linux-test@lists.example>", "[PATCH] mm: sort by hue"),
        told(OMAR, "[PATCH 0/3] mm: sort by hue"),
    ].join("\n"), @r"
    Omar Quill posted “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by their hue”. The patch is by Ada Vogel.
    Ada Vogel posted “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by their hue”.
    Omar Quill posted “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by their hue”.
    ");
}

fn covered(told: &str, version: u32) -> Vec<Covered> {
    vec![Covered {
        series: SeriesId(MessageId::new("a@x").unwrap()),
        episode: EpisodeId::new("2023-04-02").unwrap(),
        told: MessageId::new(told).unwrap(),
        version: Version { major: version, minor: 0 },
    }]
}

#[test]
fn what_was_covered_says_so_and_what_is_new() {
    let log = "Changes in v5:\n - rebased\n\nChanges in v4:\n - Stop sorting pages that user space has locked\n";
    let text = format!("This series sorts pages by hue, so that reclaim finds them.\n\n{log}");
    let mut talks = vec![talk(PIA, "[PATCH v5 0/2] mm: sort by hue", &text)];
    talks.push(Talk(vec![mail("old@x", 1, PIA, "[PATCH v3 0/2] mm: sort by hue", "", "")]));
    let with = |told: Vec<Covered>| {
        let told: &'static [Covered] = Vec::leak(told);
        check(&talks, |request| request.covered = told)
    };
    insta::assert_snapshot!([with(covered("old@x", 3)), with(covered("a@x", 5))].join("\n"), @r"
    Pia Nordquist continued work on “mm: sort by hue”, now in version 5, which “sorts pages by hue, so that reclaim finds them”. We last covered this as version 3 on April 2; since then, the change log says, “Stop sorting pages that user space has locked”.
    Pia Nordquist posted version 5 of a series entitled “mm: sort by hue”, which “sorts pages by hue, so that reclaim finds them”. We covered this on April 2, and the discussion has gone on since.
    ");
}

#[test]
fn a_posting_of_an_earlier_week_gives_its_day_and_this_weeks_answers() {
    let subject = "[PATCH] mm: sort by hue";
    let re = format!("Re: {subject}");
    let told = check(
        &[Talk(vec![
            mail(
                "a@x",
                2,
                PIA,
                subject,
                "",
                "Sorting by name is slow, so sort the pages by hue.\n",
            ),
            mail(
                "b@x",
                3,
                RUTH,
                &re,
                "a@x",
                "I think that we should rather sort the pages by weight.\n",
            ),
            mail(
                "c@x",
                13,
                OMAR,
                &re,
                "a@x",
                "I don't think that we should sort pages by anything.\n",
            ),
        ])],
        |_| (),
    );
    insta::assert_snapshot!(told, @"On April 2, Pia Nordquist posted “mm: sort by hue”, saying “Sorting by name is slow, so sort the pages by hue”. Omar Quill objected, “I don't think that we should sort pages by anything”.");
}

#[test]
fn a_reply_without_words_to_quote_is_left_out() {
    let lost =
        |text: &str| Talk(vec![mail("b@x", 12, OMAR, "Re: [PATCH 0/9] mm: sort", "lost@x", text)]);
    let told = |text: &str| draft(&[lost(text)], |_| ()).episode.stories.len();
    assert_eq!(told("> We sort.\n\nOk.\n"), 0);
    assert_eq!(
        told("> We sort.\n\nI don't think that we should sort anything in the kernel.\n"),
        1
    );
}

fn long_talk() -> Talk {
    let words = ["slow", "fast", "small", "large", "young", "old"];
    let line = |word: &str| {
        format!(
            "This series moves the {word} pages of every zone to the front of its list, so that reclaim finds them sooner.\n\n"
        )
    };
    let body: String = words.iter().map(|word| line(word)).collect();
    let subject = "[PATCH v2 0/3] mm: sort by hue";
    let mut all = vec![post("a@x", PIA, subject, &body)];
    for (at, word) in words.iter().enumerate() {
        let says = format!(
            "I don't think that we should move {word} pages, because nobody asked for a new order.\n"
        );
        let from = format!("Replier {word} <{word}@x.example>");
        all.push(mail(&format!("r{at}@x"), 13, &from, &format!("Re: {subject}"), "a@x", &says));
    }
    Talk(all)
}

#[test]
fn an_episode_is_as_long_as_it_is_to_be() {
    let words = |minutes: f64| {
        let show = Show { minutes: Some(minutes), ..week::show() };
        let show: &'static Show = Box::leak(Box::new(show));
        let notes = draft(&[long_talk()], |request| request.show = show).notes;
        notes.split_whitespace().count()
    };
    let (short, longer, long) = (words(0.4), words(1.2), words(30.0));
    assert!(short < longer && longer < long, "{short} {longer} {long}");
    assert!(longer <= 180, "{longer}");
}

#[test]
fn heads_are_made_of_their_fields() {
    let say = |kind: Kind, change: &dyn Fn(&mut Head)| {
        let mut fields = Head::new(kind, "Pia Nordquist", "mm: [x] sort by *hue*");
        change(&mut fields);
        head(&fields, &templates()).unwrap()
    };
    insta::assert_snapshot!([
        say(Kind::Patch, &|_| ()),
        say(Kind::Patch, &|head| head.version = Some("2".into())),
        say(Kind::Series, &|head| head.employer = Some("Vendor".into())),
        say(Kind::Series, &|head| head.version = Some("8".into())),
        say(Kind::Rfc, &|head| (head.series, head.explain_rfc) = (true, true)),
        say(Kind::Pull, &|head| head.verb = Verb::FollowedUp),
        say(Kind::Series, &|head| head.verb = Verb::Continued),
        say(Kind::Discussion, &|head| head.other = Some("Omar Quill".into())),
    ].join("\n"), @r"
    Pia Nordquist posted “mm: [x] sort by *hue*”
    Pia Nordquist posted version 2 of a patch entitled “mm: [x] sort by *hue*”
    Pia Nordquist (Vendor) posted “mm: [x] sort by *hue*”
    Pia Nordquist posted version 8 of a series entitled “mm: [x] sort by *hue*”
    Pia Nordquist posted an RFC (Request For Comments) patch series entitled “mm: [x] sort by *hue*”
    Pia Nordquist followed up with “mm: [x] sort by *hue*”
    Pia Nordquist continued work on “mm: [x] sort by *hue*”
    Pia Nordquist and Omar Quill had a back and forth on “mm: [x] sort by *hue*”
    ");
}
