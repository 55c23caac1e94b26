//! Whom people work for, by what is known of them.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use jiff::civil::{Date, date};
use lorecast_model::{
    Affiliation, Declared, Employers, Mailbox, MessageId, Own, Person, Sighting, Vouch, Writer,
};
use lorecast_people::{Sources, affiliations, employer_on, for_story, gitdm};

/// `ann@home.example 2023-01-05..2023-02-01 name=Widgets`: mails, and what they say.
fn sighting(text: &str) -> Sighting {
    let mut words = text.split(' ');
    let email = words.next().unwrap().to_owned();
    let (first, last) = words.next().unwrap().split_once("..").unwrap();
    let at = |day: &str| format!("{day}T12:00:00Z").parse().unwrap();
    let declared = text.split_once('=').map(|(before, employer)| {
        let by = Vouch::ALL.into_iter().find(|v| before.ends_with(v.name())).unwrap();
        Declared { employer: employer.to_owned(), by }
    });
    let robot = text.contains(" robot");
    let name = if robot { "Build Robot" } else { "Ann Vogel" };
    let who = Mailbox { name: name.to_owned(), email };
    Sighting {
        writer: Writer { who, declared, robot },
        mails: 1,
        first: at(first),
        last: at(last),
        proof: MessageId::new(&format!("{first}@x.example")).ok(),
    }
}

fn sightings(texts: &[&str]) -> Vec<Sighting> {
    texts.iter().map(|text| sighting(text)).collect()
}

/// `Widgets 2023-01-05.. name 2023-01-05@x.example`, a line each.
fn shown(found: &[Affiliation]) -> String {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let line = |a: &Affiliation| {
        let proof = a.proof.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
        format!("{} {}..{} {}{proof}\n", a.employer, day(a.from), day(a.until), a.source.name())
    };
    found.iter().map(line).collect()
}

fn check(person: &Person, sources: &Sources, texts: &[&str]) -> String {
    shown(&affiliations(person, &sightings(texts), sources))
}

/// What mails alone show.
fn check_mails(texts: &[&str]) -> String {
    check(&Person::default(), &Sources::default(), texts)
}

fn said(employer: &str, from: Option<Date>, until: Option<Date>) -> Affiliation {
    Affiliation { employer: employer.to_owned(), from, until, source: Vouch::Producer, proof: None }
}

#[test]
fn what_a_person_says_comes_before_the_domain() {
    insta::assert_snapshot!(check_mails(&[
        "ann@kernel.org 2023-01-05..2023-02-01 name=Widgets, Inc.",
        "ann@kernel.org 2023-01-01..2023-03-01",
        "ann@intel.com 2023-04-01..2023-04-02",
    ]), @r"
    Widgets 2023-01-05..2023-03-31 name 2023-01-05@x.example
    Intel 2023-04-01.. domain 2023-04-01@x.example
    ");
}

#[test]
fn a_domain_is_silent_where_the_person_says_otherwise() {
    insta::assert_snapshot!(check_mails(&[
        "ann@intel.com 2023-01-01..2023-06-01",
        "ann@intel.com 2023-03-01..2023-03-02 header=Widgets Ltd",
    ]), @"Widgets 2023-03-01..2023-03-02 header 2023-03-01@x.example");
}

#[test]
fn one_employer_by_two_sources_is_one() {
    insta::assert_snapshot!(check_mails(&[
        "ann@intel.com 2023-01-01..2023-06-01",
        "ann@intel.com 2023-03-01..2023-03-02 header=Intel Finland Oy",
        "ann@x.example 2023-04-01..2023-04-02 name=INTEL",
    ]), @r"
    Intel 2023-01-01.. domain 2023-01-01@x.example
    Intel 2023-03-01.. header 2023-03-01@x.example
    Intel 2023-04-01.. name 2023-04-01@x.example
    ");
}

#[test]
fn communities_and_outsiders_have_no_employer() {
    assert_eq!(
        check_mails(&[
            "ann@kernel.org 2023-01-01..2023-06-01",
            "ann@gmail.com 2023-01-01..2023-06-01",
            "ann@linuxfoundation.org 2023-01-01..2023-06-01",
            "ann@unknown.example 2023-01-01..2023-06-01 header=private",
            "ann.vogel.ext@nokia.com 2023-01-01..2023-06-01",
            "lkp@intel.com 2023-01-01..2023-06-01 robot",
        ]),
        ""
    );
}

#[test]
fn outsiders_at_a_domain_of_the_show_have_no_employer() {
    let employers = Employers {
        domains: [("vendor.example".to_owned(), "Vendor".to_owned())].into(),
        communities: vec!["hackers.vendor.example".to_owned()],
        ..Employers::default()
    };
    let sources = Sources::new(&employers, Vec::new());
    for (email, employer) in [
        ("ann@vendor.example", "Vendor 2023-01-01.. producer 2023-01-01@x.example\n"),
        ("ext.ann.vogel@vendor.example", ""),
        ("ann@partner.vendor.example", ""),
        ("ann@hackers.vendor.example", ""),
    ] {
        let mail = format!("{email} 2023-01-01..2023-06-01");
        assert_eq!(check(&Person::default(), &sources, &[&mail]), employer, "{email}");
    }
}

#[test]
fn departments_and_nicknames_behind_a_name_are_no_employers() {
    insta::assert_snapshot!(check_mails(&[
        "ann@intel.com 2023-01-01..2023-06-01 name=Networking Lab",
        "ann@intel.com 2023-01-01..2023-06-01 name=Ann77",
    ]), @"Intel 2023-01-01.. domain 2023-01-01@x.example");
    insta::assert_snapshot!(check_mails(&["ann@x.example 2023-01-01..2023-06-01 name=Ann77"]), @"");
    insta::assert_snapshot!(check_mails(&["ann@intel.com 2023-01-01..2023-06-01 name=SUSE"]), @"SUSE 2023-01-01.. name 2023-01-01@x.example");
}

#[test]
fn an_employer_that_is_not_shown_any_more_lapses() {
    insta::assert_snapshot!(check_mails(&[
        "ann@x.example 2020-01-01..2020-06-01 name=Widgets",
        "ann@x.example 2020-01-01..2023-06-01",
    ]), @"Widgets 2020-01-01..2021-06-01 name 2020-01-01@x.example");
}

#[test]
fn the_own_entry_replaces_everything() {
    let employers = Some(vec![said("Gadgets", None, None)]);
    let own = |employers| Some(Box::new(Own { employers, ..Own::default() }));
    let mails = ["ann@intel.com 2023-01-01..2023-06-01 name=Widgets"];
    let person = Person { own: own(employers), ..Person::default() };
    assert_eq!(check(&person, &Sources::default(), &mails), "Gadgets .. own\n");
    let nobody = Person { own: own(Some(Vec::new())), ..Person::default() };
    assert_eq!(check(&nobody, &Sources::default(), &mails), "");
}

#[test]
fn the_producer_says_when_and_who() {
    let ann = [
        said("Widgets", Some(date(2020, 1, 1)), None),
        said("Gadgets", Some(date(2022, 1, 1)), None),
    ];
    let employers = Employers {
        domains: [("vendor.example".to_owned(), "Vendor".to_owned())].into(),
        people: [("Ann@x.example".to_owned(), ann.to_vec())].into(),
        ..Employers::default()
    };
    let sources = Sources::new(&employers, Vec::new());
    insta::assert_snapshot!(check(&Person::default(), &sources, &[
        "ann@x.example 2023-01-01..2023-06-01",
    ]), @r"
    Widgets 2020-01-01..2021-12-31 producer
    Gadgets 2022-01-01.. producer
    ");
    insta::assert_snapshot!(check(&Person::default(), &sources, &[
        "tom@dev.vendor.example 2023-01-01..2023-06-01",
    ]), @"Vendor 2023-01-01.. producer 2023-01-01@x.example");
    // What somebody says of themselves is known better than what holds for a whole domain.
    insta::assert_snapshot!(check(&Person::default(), &sources, &[
        "eva@vendor.example 2023-01-01..2023-06-01",
        "eva@vendor.example 2023-01-01..2023-06-01 header=Gadgets",
    ]), @"Gadgets 2023-01-01.. header 2023-01-01@x.example");
}

#[test]
fn a_map_counts_while_the_address_is_used() {
    let text = "ann@x.example Widgets < 2022-01-01\nann@x.example Gadgets\nx.example Else\nkernel.org Kernel\nintel.com Intel Corp\n";
    let (map, complaints) = gitdm::read(&mut |_| Some(text.as_bytes().to_vec()), "map");
    assert_eq!(complaints, []);
    let sources = Sources::new(&Employers::default(), vec![map]);
    insta::assert_snapshot!(check(&Person::default(), &sources, &[
        "ann@x.example 2021-03-01..2023-06-01",
        "ann@kernel.org 2021-03-01..2023-06-01",
    ]), @r"
    Widgets 2021-03-01..2021-12-31 map 2021-03-01@x.example
    Gadgets 2022-01-01.. map 2021-03-01@x.example
    ");
}

#[test]
fn the_most_reliable_allowed_source_answers() {
    let found = affiliations(
        &Person::default(),
        &sightings(&[
            "ann@intel.com 2023-01-01..2023-02-01",
            "ann@x.example 2023-03-01..2023-04-01 name=Widgets",
            "ann@y.example 2023-05-01..2023-06-01 signature=Gadgets",
            "ann@y.example 2023-05-01..2023-06-01 signature=Sprockets",
        ]),
        &Sources::default(),
    );
    let on = |month, allowed: &[Vouch]| {
        employer_on(&found, date(2023, month, 15), allowed).map(|a| a.employer.as_str())
    };
    assert_eq!(on(1, &Vouch::REVIEWED), None);
    assert_eq!(on(1, &Vouch::ALL), Some("Intel"));
    assert_eq!(on(3, &Vouch::REVIEWED), Some("Widgets"));
    assert_eq!(on(3, &[Vouch::Domain]), None);
    // Two at once by one source: neither.
    assert_eq!(on(5, &Vouch::ALL), None);
}

#[test]
fn employers_are_for_all_or_none() {
    let who =
        |texts: &[&str]| affiliations(&Person::default(), &sightings(texts), &Sources::default());
    let ann = who(&["ann@x.example 2023-03-01..2023-04-01 name=Widgets"]);
    let tom = who(&["tom@intel.com 2023-03-01..2023-04-01"]);
    let told = |on, allowed: &[Vouch]| {
        let told = for_story(&[(&ann, on), (&tom, on)], allowed)?;
        Some(told.iter().map(|a| a.employer.clone()).collect::<Vec<_>>())
    };
    let march = date(2023, 3, 15);
    assert_eq!(told(march, &Vouch::REVIEWED), None);
    assert_eq!(told(march, &Vouch::ALL), Some(vec!["Widgets".to_owned(), "Intel".to_owned()]));
    assert_eq!(told(date(2023, 2, 1), &Vouch::ALL), None);
    assert_eq!(for_story(&[(&ann, march)], &[]), None);
}

#[test]
fn spellings_are_one_employer() {
    let aliases = [("The Widget Works, Inc.".to_owned(), "Widgets".to_owned())].into();
    let sources = Sources::new(&Employers { aliases, ..Employers::default() }, Vec::new());
    insta::assert_snapshot!(check(&Person::default(), &sources, &[
        "ann@x.example 2023-01-01..2023-02-01 name=The Widget Works",
        "ann@x.example 2023-03-01..2023-04-01 name=WIDGETS",
        "ann@x.example 2023-03-01..2023-04-01 signature=Widgets GmbH",
    ]), @r"
    Widgets 2023-01-01.. name 2023-01-01@x.example
    Widgets 2023-03-01.. signature 2023-03-01@x.example
    ");
}

proptest::proptest! {
    /// Whatever is shown has a name, a source and, from mails, a mail; and ends after it begins.
    #[test]
    fn nothing_is_shown_without_a_source(
        mails in proptest::collection::vec((0_usize..4, 1_i8..28, 0_i8..28, 0_usize..4, 0_usize..4), 0..8),
    ) {
        let domains = ["intel.com", "x.example", "kernel.org", "redhat.com"];
        let words = ["", " name=Widgets", " header=Intel Corporation", " signature=private"];
        let texts: Vec<String> = mails.iter().map(|(domain, first, length, word, year)| {
            let last = (first + length).min(28);
            let year = 2020 + year;
            format!("a@{} {year}-03-{first:02}..{year}-03-{last:02}{}", domains[*domain], words[*word])
        }).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let sightings = sightings(&texts);
        for found in affiliations(&Person::default(), &sightings, &Sources::default()) {
            proptest::prop_assert!(!found.employer.is_empty());
            proptest::prop_assert!(found.until.is_none_or(|until| found.from.unwrap() <= until));
            let proof = found.proof.unwrap();
            let shows = |s: &Sighting| {
                let said = s.writer.declared.as_ref().is_some_and(|d| d.by == found.source);
                s.proof.as_ref() == Some(&proof) && (said || found.source == Vouch::Domain)
            };
            proptest::prop_assert!(sightings.iter().any(shows));
        }
    }
}

#[test]
fn everybody_is_found_by_any_of_their_addresses() {
    use lorecast_people::{Affiliations, Known, Mailmap, identify};
    let seen = sightings(&[
        "ann.vogel@home.example 2023-01-01..2023-02-01 name=Widgets",
        "ann.vogel@kernel.org 2023-01-01..2023-02-01",
        "robot@intel.com 2023-01-01..2023-02-01 robot",
    ]);
    let (mailmap, employers) = (Mailmap::default(), Employers::default());
    let known = Known { people: &[], mailmap: &mailmap, decisions: &[], employers: &employers };
    let all = Affiliations::new(identify(&seen, &known), &seen, &Sources::default());
    let of = |email: &str| shown(all.of(&Mailbox { name: String::new(), email: email.to_owned() }));
    let widgets = "Widgets 2023-01-01.. name 2023-01-01@x.example\n";
    assert_eq!(of("ann.vogel@home.example"), widgets);
    assert_eq!(of("Ann.Vogel@kernel.org"), widgets);
    assert_eq!(of("robot@intel.com"), "");
    assert_eq!(of("nobody@x.example"), "");
}
