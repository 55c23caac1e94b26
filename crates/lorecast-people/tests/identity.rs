//! Who is one person, who is not, and what waits for the producer.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::fmt::Write;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use lorecast_model::{Decision, Employers, Mailbox, Own, Person, Sighting, Writer};
use lorecast_people::{Known, Mailmap, People, effective, identify};

/// What is known beside the mails, in the words of the files it comes from.
#[derive(Default)]
struct Beside {
    people: Vec<Person>,
    mailmap: &'static str,
    decisions: Vec<Decision>,
    employers: Employers,
}

fn day(text: &str) -> jiff::Timestamp {
    TimeZone::UTC.to_timestamp(text.parse::<Date>().unwrap().at(0, 0, 0, 0)).unwrap()
}

fn mailbox(text: &str) -> Mailbox {
    match text.split_once(" <") {
        Some((name, email)) => {
            Mailbox { name: name.to_owned(), email: email.trim_end_matches('>').to_owned() }
        }
        None => Mailbox { name: String::new(), email: text.trim_matches(['<', '>']).to_owned() },
    }
}

/// A line is `Name <address>`, optionally ` | first day | last day | mails`, and `| robot`.
fn sighting(line: &str) -> Sighting {
    let mut parts = line.split(" | ");
    let who = mailbox(parts.next().unwrap());
    let first = parts.next().unwrap_or("2023-01-01");
    let last = parts.next().unwrap_or("2023-12-31");
    let mails = parts.next().unwrap_or("5").parse().unwrap();
    let robot = parts.next() == Some("robot");
    Sighting {
        writer: Writer { who, declared: None, robot },
        mails,
        first: day(first),
        last: day(last),
        proof: Some("a@x.example".parse().unwrap()),
    }
}

fn people(mails: &str, beside: &Beside) -> People {
    let lines = mails.lines().map(str::trim).filter(|line| !line.is_empty());
    let sightings: Vec<Sighting> = lines.map(sighting).collect();
    let (mailmap, _) = Mailmap::read(beside.mailmap.as_bytes());
    let known = Known {
        people: &beside.people,
        mailmap: &mailmap,
        decisions: &beside.decisions,
        employers: &beside.employers,
    };
    identify(&sightings, &known)
}

/// One line for each person (id, name, addresses), then what waits and what contradicts itself.
fn told(people: &People) -> String {
    let mut text = String::new();
    for somebody in &people.persons {
        let robot = if somebody.robot { " (a program)" } else { "" };
        let (id, person) = (&somebody.id, &somebody.person);
        let emails = if person.emails.is_empty() { "none" } else { &person.emails.join(" ") };
        writeln!(text, "{id}: {}{robot}: {emails}", person.name).unwrap();
    }
    for pending in &people.pending {
        writeln!(text, "? {} = {}: {}", pending.one, pending.other, pending.why).unwrap();
    }
    for conflict in &people.conflicts {
        writeln!(text, "! {conflict}").unwrap();
    }
    text
}

#[track_caller]
fn check_with(mails: &str, beside: &Beside, expected: &str) {
    let lines = expected.lines().map(str::trim).filter(|line| !line.is_empty());
    let expected: String = lines.flat_map(|line| [line, "\n"]).collect();
    assert_eq!(told(&people(mails, beside)), expected);
}

#[track_caller]
fn check(mails: &str, expected: &str) {
    check_with(mails, &Beside::default(), expected);
}

fn split(one: &str, other: &str) -> Decision {
    Decision { one: one.to_owned(), other: other.to_owned(), same: false, date: None }
}

fn join(one: &str, other: &str) -> Decision {
    Decision { same: true, ..split(one, other) }
}

fn person(name: &str, emails: &[&str]) -> Person {
    let emails = emails.iter().map(|email| (*email).to_owned()).collect();
    Person { name: name.to_owned(), emails, ..Person::default() }
}

#[test]
fn one_address_is_one_person_whatever_the_spelling() {
    check(
        "Vogel, Ann <ann@a.example>
         Ann Vogel <Ann@A.example>
         Ann K. Vogel <ann+lists@a.example> | 2023-01-01 | 2023-12-31 | 6
         ann@a.example
         Anne Vogel-Weiß <ann@a.example>",
        "ann-k-vogel: Ann K. Vogel: ann@a.example ann+lists@a.example Ann@A.example",
    );
}

#[test]
fn a_private_address_goes_with_an_equal_name() {
    check(
        "Zoltán Quill <zquill@a.example>
         Zoltan Quill <whoever@gmail.com>
         zoltan j quill <zoltan@kernel.org>",
        "zoltan-quill: Zoltán Quill: whoever@gmail.com zoltan@kernel.org zquill@a.example",
    );
}

#[test]
fn a_frequent_name_that_was_borrowed_for_a_mail_or_two_ties_nothing() {
    check(
        "John Smith <jsmith@intel.com>
         John Smith <cheap.loans@gmail.com> | 2023-02-01 | 2023-02-02 | 2
         John Smith <smith@gmail.com> | 2023-03-01 | 2023-03-02 | 2",
        "john-smith: John Smith: jsmith@intel.com smith@gmail.com
         john-smith-2: John Smith: cheap.loans@gmail.com",
    );
}

#[test]
fn a_name_that_two_addresses_borrowed_asks_nothing() {
    let asked = |mails: &str| {
        let mails = format!(
            "Zoltan Quill <sales@a.test> | 2023-01-01 | 2023-01-01 | {mails}
             Zoltan Quill <m.quopp@b.test> | 2023-02-01 | 2023-02-01 | 1"
        );
        people(&mails, &Beside::default()).pending.len()
    };
    assert_eq!(asked("2"), 0);
    assert_eq!(asked("9"), 1);
}

#[test]
fn a_frequent_name_is_meant_where_the_address_is_made_of_it_or_a_communitys_or_mails_are_many() {
    check(
        "John Smith <xk7@intel.com> | 2023-01-01 | 2023-12-31 | 9
         John Smith <smith@gmail.com> | 2023-03-01 | 2023-03-02 | 1
         John Smith <xyz@kernel.org> | 2023-03-01 | 2023-03-02 | 1
         John Smith <qwk9@gmail.com> | 2023-03-01 | 2023-03-02 | 1",
        "john-smith: John Smith: xk7@intel.com smith@gmail.com xyz@kernel.org
         john-smith-2: John Smith: qwk9@gmail.com",
    );
}

/// The addresses that are beyond doubt, of each person that has some.
#[track_caller]
fn check_sure(mails: &str, beside: &Beside, expected: &[&str]) {
    let people = people(mails, beside);
    let sure: Vec<&String> = people.persons.iter().flat_map(|one| &one.sure).collect();
    assert_eq!(sure, expected, "{}", told(&people));
}

#[test]
fn a_name_alone_makes_no_address_sure() {
    let forged = "Zoltan Quill <zquill@intel.com>
                  Zoltan Quill <whoever@gmail.com> | 2023-01-01 | 2023-12-31 | 500";
    assert_eq!(people(forged, &Beside::default()).persons.len(), 1);
    check_sure(forged, &Beside::default(), &[]);
    let mapped = "Zoltan Quill <zoltan@kernel.org> <zquill@intel.com>\n";
    check_sure(forged, &Beside { mailmap: mapped, ..Beside::default() }, &[]);
    let people = vec![person("Zoltan Quill", &["ZQuill@intel.com"])];
    check_sure(forged, &Beside { people, ..Beside::default() }, &["zquill@intel.com"]);
    let people = vec![person("Zoltan Quill", &[])];
    check_sure(forged, &Beside { people, ..Beside::default() }, &[]);
}

#[test]
fn what_the_producer_and_the_mailmap_tie_is_sure() {
    let mails = "Zoltan Quill <zquill@intel.com>
                 Zoltan Quill <zoltan@kernel.org>";
    let both = ["zoltan@kernel.org", "zquill@intel.com"];
    let mailmap = "Zoltan Quill <zoltan@kernel.org> <zquill@intel.com>\n";
    check_sure(mails, &Beside { mailmap, ..Beside::default() }, &both);
    let decisions = vec![join("zoltan@kernel.org", "zquill@intel.com")];
    check_sure(mails, &Beside { decisions, ..Beside::default() }, &both);
    let people = vec![person("Zoltan Quill", &["zoltan@kernel.org"])];
    check_sure(mails, &Beside { people, mailmap, ..Beside::default() }, &both);
}

#[test]
fn a_mailbox_that_several_write_from_is_never_sure() {
    let mails = "Ann Quill <family@a.example> | 2023-01-01 | 2023-02-01 | 9
                 Bo Vogel <family@a.example>
                 Cy Quill <patches@a.example>
                 Kay Quill <kay@a.example>
                 coverity-bot <kay@a.example> | 2023-01-01 | 2023-02-01 | 50 | robot";
    check_sure(mails, &Beside::default(), &["kay@a.example"]);
    let people = vec![person("Ann Quill", &["family@a.example"])];
    check_sure(mails, &Beside { people, ..Beside::default() }, &["kay@a.example"]);
}

#[test]
fn an_address_is_sure_as_its_mails_have_it() {
    check_sure("Ann Quill <ann+kernel@a.example>", &Beside::default(), &["ann+kernel@a.example"]);
    let two = "Ann Quill <ann+kernel@a.example>
               Ann Quill <Ann@a.example>";
    check_sure(two, &Beside::default(), &["ann@a.example"]);
    let people = vec![person("Ann Quill", &["ann+kernel@a.example"])];
    check_sure(two, &Beside { people, ..Beside::default() }, &["ann+kernel@a.example"]);
}

#[test]
fn a_name_of_one_word_ties_nothing() {
    check(
        "zoltan <zoltan@gmail.com>
         zoltan <zq@kernel.org>",
        "zoltan: zoltan: zoltan@gmail.com
         zoltan-2: zoltan: zq@kernel.org",
    );
}

#[test]
fn umlauts_are_also_spelled_out() {
    check(
        "Jörg Quüll <joerg@a.example>
         Joerg Quuell <jq@gmail.com>",
        "jorg-quull: Jörg Quüll: joerg@a.example jq@gmail.com",
    );
}

#[test]
fn two_organisations_at_once_wait() {
    check(
        "Ann Quill <ann.quill@intel.com>
         Ann Quill <ann.quill@nxp.com>",
        "ann-quill: Ann Quill: ann.quill@intel.com
         ann-quill-2: Ann Quill: ann.quill@nxp.com
         ? Ann Quill <ann.quill@intel.com> = Ann Quill <ann.quill@nxp.com>: equal names at two organisations at the same time",
    );
}

#[test]
fn who_moves_takes_the_name_along_unless_many_bear_it() {
    check(
        "Zoltan Quill <zquill@intel.com> | 2021-01-01 | 2022-03-01
         Zoltan Quill <zoltan.quill@nxp.com> | 2022-02-20 | 2023-01-01
         Wei Wang <wei.wang@intel.com> | 2021-01-01 | 2022-03-01
         Wei Wang <wei.wang@nxp.com> | 2022-04-01 | 2023-01-01",
        "wei-wang: Wei Wang: wei.wang@intel.com
         wei-wang-2: Wei Wang: wei.wang@nxp.com
         zoltan-quill: Zoltan Quill: zoltan.quill@nxp.com zquill@intel.com
         ? Wei Wang <wei.wang@intel.com> = Wei Wang <wei.wang@nxp.com>: equal names at two organisations, one after the other",
    );
}

#[test]
fn a_private_address_between_two_homonyms_needs_more_than_the_name() {
    check(
        "Ann Quill <ann.quill@intel.com>
         Ann Quill <quilly@nxp.com>
         Ann Quill <quilly@gmail.com>
         Ann Quill <hacker@kernel.org>",
        "ann-quill: Ann Quill: ann.quill@intel.com
         ann-quill-2: Ann Quill: hacker@kernel.org
         ann-quill-3: Ann Quill: quilly@gmail.com quilly@nxp.com
         ? Ann Quill <ann.quill@intel.com> = Ann Quill <hacker@kernel.org>: equal names, but others at work bear it too
         ? Ann Quill <ann.quill@intel.com> = Ann Quill <quilly@gmail.com>: equal names, but others at work bear it too
         ? Ann Quill <hacker@kernel.org> = Ann Quill <quilly@nxp.com>: equal names, but others at work bear it too",
    );
}

#[test]
fn one_organisation_has_several_domains() {
    let employers = Employers {
        domains: [("a.example", "Ours"), ("b.example", "Ours")]
            .map(|(domain, name)| (domain.to_owned(), name.to_owned()))
            .into(),
        ..Employers::default()
    };
    check_with(
        "Ann Quill <quill@a.example>
         Ann Quill <aq@b.example>
         Bo Quill <bo@linux.intel.com>
         Bo Quill <bquill@intel.com>
         Cy Quill <cy@firm.com>
         Cy Quill <cyq@firm.de>",
        &Beside { employers, ..Beside::default() },
        "ann-quill: Ann Quill: aq@b.example quill@a.example
         bo-quill: Bo Quill: bo@linux.intel.com bquill@intel.com
         cy-quill: Cy Quill: cy@firm.com cyq@firm.de",
    );
}

#[test]
fn domains_between_which_everybody_moves_are_one_organisation() {
    let names = ["Aa Quill", "Bb Quopp", "Cc Quarr", "Dd Quess"];
    let mails: String = names
        .iter()
        .flat_map(|name| {
            let local = name.to_lowercase().replace(' ', ".");
            [format!("{name} <{local}@old.example>\n"), format!("{name} <{local}@new.test>\n")]
        })
        .collect();
    let people = people(&mails, &Beside::default());
    assert_eq!(people.persons.len(), names.len(), "{}", told(&people));
    assert_eq!(people.pending, []);
}

#[test]
fn domains_that_are_called_alike_prove_nothing_for_a_frequent_name() {
    let colleagues = |domain: &str| {
        let each = |name: &str| {
            let local = name.to_lowercase().replace(' ', ".");
            format!("{name} <{local}{domain}@delta.{domain}>\n")
        };
        ["Aa Quill", "Bb Quopp", "Cc Quarr"].map(|name| each(&format!("{name}{domain}"))).concat()
    };
    for (one, other, persons) in [
        ("Wei Wang <wei.wang@delta.com>", "Wei Wang <wei.wang@delta.nl>", 2),
        ("John Smith <jsmith@delta.com>", "John Smith <jsmith@delta.nl>", 2),
        ("Wei Wang <wei.wang@us.delta.com>", "Wei Wang <wei.wang@cn.delta.com>", 2),
        ("Zoltan Quagga <zquagga@delta.com>", "Zoltan Quagga <zoltan@delta.nl>", 1),
        ("Wei Wang <wei.wang@linux.intel.com>", "Wei Wang <wei.wang@intel.com>", 1),
    ] {
        let time = "| 2023-01-01 | 2023-06-01 | 5";
        let mails =
            format!("{}{}{one} {time}\n{other} {time}", colleagues("com"), colleagues("nl"));
        let people = people(&mails, &Beside::default());
        let found = people.persons.len() - 6;
        assert_eq!((found, people.pending.len()), (persons, persons - 1), "{}", told(&people));
    }
}

#[test]
fn a_shared_address_joins_nobody() {
    check(
        "Ann Quill <webmaster@a.example>
         Bo Vogel <webmaster@a.example>
         Ann Quill <ann@gmail.com>",
        "ann-quill: Ann Quill: ann@gmail.com
         ann-quill-2: Ann Quill: webmaster@a.example
         bo-vogel: Bo Vogel: webmaster@a.example",
    );
}

#[test]
fn an_address_is_its_persons_where_a_program_sends_too() {
    let mails = "<ann@kernel.org> | 2023-01-01 | 2023-12-31 | 90 | robot
                 Ann Quill <ann@kernel.org>";
    let people = people(mails, &Beside::default());
    assert_eq!(people.at("ann@kernel.org").unwrap().id.0, "ann-quill");
    assert!(people.of(&mailbox("<ann@kernel.org>")).unwrap().robot);
    assert!(people.at("bo@kernel.org").is_none());
}

#[test]
fn one_address_under_two_names_waits() {
    let mails = "Ann Quill <family@a.example> | 2023-01-01 | 2023-02-01 | 9
                 Bo Vogel <family@a.example>
                 <family@a.example>";
    check(
        mails,
        "ann-quill: Ann Quill: family@a.example
         bo-vogel: Bo Vogel: family@a.example
         ? Ann Quill <family@a.example> = Bo Vogel <family@a.example>: one address under two names",
    );
    let decisions = vec![join("Ann Quill <family@a.example>", "Bo Vogel <family@a.example>")];
    check_with(
        mails,
        &Beside { decisions, ..Beside::default() },
        "ann-quill: Ann Quill: family@a.example",
    );
}

#[test]
fn a_name_in_another_script_or_with_a_typing_error_is_the_same_at_one_address() {
    check(
        "Zoltan Quill <zq@a.example> | 2023-01-01 | 2023-02-01 | 9
         奎爾 <zq@a.example>
         Zolatn Qiull <zq@a.example>
         zq@a.example <zq@a.example>",
        "zoltan-quill: Zoltan Quill: zq@a.example",
    );
}

#[test]
fn the_producer_has_the_last_word() {
    let mails = "Ann Quill <ann.quill@intel.com>
                 Ann Quill <ann.quill@nxp.com>
                 Bo Vogel <bo@gmail.com>
                 Bo Vogel <bo@kernel.org>";
    let decisions = vec![
        split("ann.quill@intel.com", "ann.quill@nxp.com"),
        join("ann.quill@nxp.com", "ann.quill@intel.com"),
        split("bo@gmail.com", "bo@kernel.org"),
    ];
    check_with(
        mails,
        &Beside { decisions, ..Beside::default() },
        "ann-quill: Ann Quill: ann.quill@intel.com ann.quill@nxp.com
         bo-vogel: Bo Vogel: bo@gmail.com
         bo-vogel-2: Bo Vogel: bo@kernel.org",
    );
}

#[test]
fn the_mailmap_ties_addresses_and_names_them() {
    check_with(
        "ann <ann@old.example>
         Ann Q <aq@new.test>
         Bo Vogel <bo@a.example>",
        &Beside {
            mailmap: "Ann Quill <aq@new.test> <ann@old.example>\nBø Vogel <bo@a.example>\n",
            ..Beside::default()
        },
        "ann-quill: Ann Quill: ann@old.example aq@new.test
         bo-vogel: Bø Vogel: bo@a.example",
    );
}

#[test]
fn entries_of_the_producer_name_people() {
    check_with(
        "aq <ann@gmail.com>
         Ann Vogel <ann@a.example>
         Bo Quill <bo@a.example>
         Cy Quill <cy@intel.com>
         Cy Quill <cy.quill@nxp.com>",
        &Beside {
            people: vec![
                person("Ann Quill", &["ann@gmail.com", "ann@a.example", "unseen@b.example"]),
                person("Bo Quill", &[]),
                person("Cy Quill", &[]),
                person("Dee Vogel", &["d@a.example"]),
                person("Ed Vogel", &["d@a.example"]),
            ],
            ..Beside::default()
        },
        "ann-quill: Ann Quill: ann@gmail.com ann@a.example unseen@b.example
         bo-quill: Bo Quill: bo@a.example
         cy-quill: Cy Quill: none
         cy-quill-2: Cy Quill: cy.quill@nxp.com
         cy-quill-3: Cy Quill: cy@intel.com
         dee-vogel: Dee Vogel: d@a.example
         ed-vogel: Ed Vogel: d@a.example
         ? Cy Quill <cy.quill@nxp.com> = Cy Quill <cy@intel.com>: equal names at two organisations at the same time
         ! `d@a.example` is claimed by `Dee Vogel` and by `Ed Vogel` in people.yaml
         ! `Cy Quill` of people.yaml may be cy.quill@nxp.com or cy@intel.com: give an address",
    );
}

#[test]
fn programs_are_told_from_people() {
    check_with(
        "coverity-bot <kees@a.example> | 2023-01-01 | 2023-02-01 | 50 | robot
         Kay Quill <kay@a.example>
         Kay Bott <bott@a.example> | 2023-01-01 | 2023-02-01 | 50 | robot
         Notices of Bo <bo-bot@a.example>
         Notices of Cy <cy-bot@a.example>
         queue <queue@a.example> | 2023-01-01 | 2023-02-01 | 50 | robot
         test robot <lkp@a.example> | 2023-01-01 | 2023-02-01 | 50 | robot",
        &Beside {
            people: vec![
                Person { robot: Some(true), ..person("Mo Quill", &["mo@a.example"]) },
                Person { robot: Some(false), ..person("Notices of Cy", &["cy-bot@a.example"]) },
            ],
            ..Beside::default()
        },
        "coverity-bot: coverity-bot (a program): kees@a.example
         kay-bott: Kay Bott: bott@a.example
         kay-quill: Kay Quill: kay@a.example
         mo-quill: Mo Quill (a program): mo@a.example
         notices-of-bo: Notices of Bo (a program): bo-bot@a.example
         notices-of-cy: Notices of Cy: cy-bot@a.example
         queue: queue (a program): queue@a.example
         test-robot: test robot (a program): lkp@a.example",
    );
}

#[test]
fn the_name_is_the_most_used_of_the_latest_year() {
    check(
        "Annie Quill <ann@a.example> | 2021-01-01 | 2021-06-01 | 900
         ann <ann@a.example> | 2023-01-01 | 2023-06-01 | 100
         Ann Quill <ann@a.example> | 2023-01-01 | 2023-06-01 | 9
         Ann Q. Quill <ann@a.example> | 2023-01-01 | 2023-06-01 | 3",
        "ann-quill: Ann Quill: ann@a.example",
    );
}

#[test]
fn who_wrote_a_mail_is_found_by_address_and_name() {
    let people = people(
        "Ann Quill <family@a.example>
         Bo Vogel <family@a.example>
         coverity bot <cy@a.example> | 2023-01-01 | 2023-02-01 | 50 | robot
         Cy Vogel <cy@a.example>",
        &Beside::default(),
    );
    let check = |who: &str, expected: &str| {
        let found = people.of(&mailbox(who)).map_or("-", |somebody| somebody.id.0.as_str());
        assert_eq!(found, expected, "{who}");
    };
    check("Bo Vogel <FAMILY@a.example>", "bo-vogel");
    check("ann quill <family+x@a.example>", "ann-quill");
    check("cy@a.example", "cy-vogel");
    check("coverity bot <cy@a.example>", "coverity-bot");
    check("x@a.example", "-");
    check("nobody", "-");
}

#[test]
fn names_are_shown_as_plain_text_and_cut() {
    let long = "Ann\u{7}\tQuill".to_owned() + &" <b>x</b>".repeat(2000);
    let sightings = [Sighting {
        writer: Writer {
            who: Mailbox { name: long, email: "ann@a.example".to_owned() },
            ..Writer::default()
        },
        ..sighting("ann@a.example")
    }];
    let none = Mailmap::default();
    let employers = Employers::default();
    let known = Known { people: &[], mailmap: &none, decisions: &[], employers: &employers };
    let people = identify(&sightings, &known);
    let name = &people.persons[0].person.name;
    assert!(name.starts_with("Ann Quill <b>x</b>"), "{name}");
    assert!(name.chars().count() <= 200, "{}", name.len());
}

#[test]
fn a_persons_own_word_wins() {
    let own = Own {
        name: Some("Anna Quill".to_owned()),
        pronouns: Some("she/her".to_owned()),
        employers: Some(vec![]),
        ..Own::default()
    };
    let entry = Person {
        say: Some("kwill".to_owned()),
        pronouns: Some("they/them".to_owned()),
        own: Some(Box::new(own)),
        ..person("Ann Quill", &["ann@a.example"])
    };
    let shown = effective(&entry);
    assert_eq!(shown.name, "Anna Quill");
    assert_eq!(shown.also, ["Ann Quill"]);
    assert_eq!((shown.say.as_deref(), shown.pronouns.as_deref()), (Some("kwill"), Some("she/her")));
}

#[test]
fn a_person_takes_away_what_others_say() {
    let nothing = Some(String::new());
    let own = Own {
        name: nothing.clone(),
        bio: nothing.clone(),
        say: nothing.clone(),
        ipa: nothing.clone(),
        audio: nothing.clone(),
        lang: nothing.clone(),
        pronouns: nothing,
        ..Own::default()
    };
    let said = || Some("x".to_owned());
    let entry = Person {
        bio: said(),
        say: said(),
        ipa: said(),
        audio: said(),
        lang: said(),
        pronouns: said(),
        own: Some(Box::new(own.clone())),
        ..person("Ann Quill", &[])
    };
    let bare = Person { own: Some(Box::new(own)), ..person("Ann Quill", &[]) };
    assert_eq!(effective(&entry), bare);
}

#[test]
fn ids_are_of_letters_and_numbered_by_the_first_mail() {
    check(
        "Ånn Øvogel <a@intel.com> | 2023-02-01 | 2023-03-01
         Ann Ovogel <b@nxp.com> | 2023-01-01 | 2023-04-01
         程 <c@a.example>
         山本 悠 <h@a.example>
         鄭 Wei-Li <w@a.example>
         はるか <k@a.example>
         <d@a.example>",
        "ann-ovogel: Ann Ovogel: b@nxp.com
         ann-ovogel-2: Ånn Øvogel: a@intel.com
         d: d: d@a.example
         haruka: はるか: k@a.example
         person-5c71-672c-60a0: 山本 悠: h@a.example
         person-7a0b: 程: c@a.example
         wei-li: 鄭 Wei-Li: w@a.example
         ? Ånn Øvogel <a@intel.com> = Ann Ovogel <b@nxp.com>: equal names at two organisations at the same time",
    );
}

#[test]
fn the_ids_of_the_shows_own_people_stay_when_older_mails_come() {
    check_with(
        "Ann Quill <ann.quill@intel.com> | 2019-02-01 | 2023-12-01
         Ann Quill <quilly@nxp.com> | 2023-02-01 | 2023-03-01",
        &Beside {
            people: vec![
                person("Ann Quill", &["quilly@nxp.com"]),
                Person { lang: Some("zh-Hant".to_owned()), ..person("程", &["c@a.example"]) },
            ],
            ..Beside::default()
        },
        "ann-quill: Ann Quill: quilly@nxp.com
         ann-quill-2: Ann Quill: ann.quill@intel.com
         cheng: 程: c@a.example
         ? Ann Quill <ann.quill@intel.com> = Ann Quill <quilly@nxp.com>: equal names at two organisations at the same time",
    );
}

#[test]
fn names_of_files_are_plain_and_cut_too() {
    let own = Own { name: Some("An\u{1b}\u{202e}na\tQuill".to_owned()), ..Own::default() };
    let long = "x".repeat(10_000);
    let people = people(
        "x <ann@a.example>
         y <bo@a.example>",
        &Beside {
            people: vec![
                Person { own: Some(Box::new(own)), ..person(&long, &["ann@a.example"]) },
                person("Cy\u{9b}\u{2066} Vogel", &["cy@a.example"]),
            ],
            mailmap: "B\u{1b}[31mo\u{202e} Vogel <bo@a.example>\n",
            ..Beside::default()
        },
    );
    let names: Vec<String> = people.persons.iter().map(|one| effective(&one.person).name).collect();
    assert_eq!(names, ["Anna Quill", "B[31mo Vogel", "Cy Vogel"]);
    assert_eq!(people.persons[0].person.name.len(), 200);
}

#[test]
fn a_name_before_the_addresses_of_others_is_no_ones_and_asks_nothing() {
    let masks = "Bo Vogel <sales@a.test> | 2023-01-01 | 2023-01-01 | 1
                 Bo Vogel <xy1@b.test> | 2023-02-01 | 2023-02-01 | 1
                 Bo Vogel <m.quopp@c.test> | 2023-03-01 | 2023-03-01 | 2
                 Bo Vogel <kq@d.test> | 2023-04-01 | 2023-04-01 | 1";
    assert_eq!(people(masks, &Beside::default()).pending, []);
    // Whoever has addresses of the own name moves, and is asked about.
    let moves = "Wei Wang <wei@a.test> | 2023-01-01 | 2023-01-01 | 1
                 Wei Wang <wei.wang@b.test> | 2023-02-01 | 2023-02-01 | 1
                 Wei Wang <wwang@c.test> | 2023-03-01 | 2023-03-01 | 1";
    assert_eq!(people(moves, &Beside::default()).pending.len(), 3);
    let crowd = "Ann Quill <family@a.example>
                 Bo Vogel <family@a.example>
                 Cy Quopp <family@a.example>";
    assert_eq!(people(crowd, &Beside::default()).pending, []);
}
