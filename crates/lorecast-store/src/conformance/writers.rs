//! Who wrote what comes out as it went in, and counted.

use lorecast_model::{Declared, Message, Sighting, Vouch, Writer};

use super::Case;
use super::build::*;
use crate::{Span, Store, StoreError};

pub(super) const CASES: &[Case] = &[
    ("a message keeps its writer", kept),
    ("mails of one writer are one sighting", counted),
    ("what a mail says of its writer tells sightings apart", told_apart),
    ("sightings are those of the span, in order", of_the_span),
    ("a removed message is not counted", removed),
    ("a visit of sightings that fails stops", fails),
];

fn by(name: &str, minutes: i64, who: &str, employer: Option<(&str, Vouch)>) -> Message {
    let declared = employer.map(|(name, by)| Declared { employer: name.to_owned(), by });
    let writer = Writer { who: person(who), declared, robot: who == "Robot" };
    Message { writer, ..mail(name, minutes) }
}

fn check(store: &dyn Store, span: Span, expected: &[&str]) {
    let mut seen = Vec::new();
    let mut visit = |found: Sighting| {
        let declared = found.writer.declared.map(|it| format!("{} {}", it.employer, it.by.name()));
        let minutes = |at: jiff::Timestamp| at.duration_since(minute(0)).as_mins();
        seen.push(format!(
            "{} | {} | {} | {} from {} to {}, {}",
            found.writer.who,
            declared.as_deref().unwrap_or("-"),
            if found.writer.robot { "robot" } else { "human" },
            found.mails,
            minutes(found.first),
            minutes(found.last),
            names([found.proof.as_ref().unwrap()]),
        ));
        Ok(())
    };
    store.each_sighting(span, &mut visit).unwrap();
    assert_eq!(seen, expected);
}

fn kept(store: &mut dyn Store) {
    let mut message = by("a", 1, "Grace", Some(("Widgets – Ulm", Vouch::Signature)));
    message.writer.robot = true;
    keep_apart(store, &[message.clone(), by("b", 2, "Ada", None)]);
    assert_eq!(store.message(&id("a")).unwrap(), Some(message));
    let other = store.message(&id("b")).unwrap().unwrap();
    assert_eq!(other.writer, Writer { who: person("Ada"), ..Writer::default() });
}

fn counted(store: &mut dyn Store) {
    check(store, Span::ALL, &[]);
    let mails = [("c", 7, "Ada"), ("b", 3, "Ada"), ("a", 3, "Ada"), ("d", 5, "Robot")];
    keep_apart(store, &mails.map(|(name, at, who)| by(name, at, who, None)));
    check(
        store,
        Span::ALL,
        &[
            "Ada <ada@kernel.example> | - | human | 3 from 3 to 7, a",
            "Robot <robot@kernel.example> | - | robot | 1 from 5 to 5, d",
        ],
    );
}

fn told_apart(store: &mut dyn Store) {
    let said = [
        ("a", None),
        ("b", Some(("Widgets", Vouch::Name))),
        ("c", Some(("Widgets", Vouch::Header))),
        ("d", Some(("Wheels", Vouch::Header))),
        ("e", Some(("Wheels", Vouch::Header))),
    ];
    keep_apart(store, &said.map(|(name, said)| by(name, 1, "Ada", said)));
    check(
        store,
        Span::ALL,
        &[
            "Ada <ada@kernel.example> | - | human | 1 from 1 to 1, a",
            "Ada <ada@kernel.example> | Wheels header | human | 2 from 1 to 1, d",
            "Ada <ada@kernel.example> | Widgets name | human | 1 from 1 to 1, b",
            "Ada <ada@kernel.example> | Widgets header | human | 1 from 1 to 1, c",
        ],
    );
}

fn of_the_span(store: &mut dyn Store) {
    let mails = [("a", 1, "Zoe"), ("b", 2, "Ada"), ("c", 3, "Zoe"), ("d", 4, "Ada")];
    keep_apart(store, &mails.map(|(name, at, who)| by(name, at, who, None)));
    check(
        store,
        span(2, 4),
        &[
            "Ada <ada@kernel.example> | - | human | 1 from 2 to 2, b",
            "Zoe <zoe@kernel.example> | - | human | 1 from 3 to 3, c",
        ],
    );
}

fn removed(store: &mut dyn Store) {
    let (first, second) = (by("a", 1, "Ada", None), by("b", 2, "Ada", None));
    keep_apart(store, &[first.clone(), second]);
    let mut gone = batch(&[]);
    gone.removals = vec![removal(&first)];
    store.commit(&gone).unwrap();
    check(store, Span::ALL, &["Ada <ada@kernel.example> | - | human | 1 from 2 to 2, b"]);
}

fn fails(store: &mut dyn Store) {
    keep_apart(store, &[by("a", 1, "Ada", None), by("b", 1, "Zoe", None)]);
    let mut calls = 0;
    let mut visit = |_| {
        calls += 1;
        Err(StoreError::Stopped)
    };
    let error = store.each_sighting(Span::ALL, &mut visit).unwrap_err();
    assert!(matches!(error, StoreError::Stopped), "{error}");
    assert_eq!(calls, 1);
}
