//! Who did what for some changes: the list that a release digest or a company's report needs.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_mail::{trailer_person, trailers};
use lorecast_model::{Commit, Contribution, Part, PersonId, Proof, Vouch};
use serde::Serialize;

/// No more trailers than this are read of one commit; the largest have about a hundred.
const MOST_TRAILERS: usize = 500;

/// What a commit says of the people behind it: its author, those who wrote with them, who reviewed,
/// acknowledged, tested, reported and suggested it, and who committed it. Nobody twice for one thing.
pub fn contributions(tree: &str, commit: &Commit) -> Vec<Contribution> {
    let change = Proof::Commit { tree: tree.to_owned(), id: commit.id.clone() };
    let said = trailers(&commit.message).into_iter().take(MOST_TRAILERS).filter_map(|trailer| {
        let part = Part::of_trailer(&trailer.key)?;
        Some((part, trailer_person(&trailer.value)))
    });
    let by_hand =
        [(Part::Wrote, commit.author.clone()), (Part::Committed, commit.committer.clone())];
    let mut seen = BTreeSet::new();
    let all = by_hand.into_iter().chain(said).filter(|(part, who)| {
        let known = match who.email.is_empty() {
            true => who.name.to_lowercase(),
            false => who.email.to_lowercase(),
        };
        !known.is_empty() && seen.insert((part.name(), known))
    });
    let date = |part| if part == Part::Wrote { commit.authored } else { commit.committed };
    all.map(|(part, who)| Contribution { who, part, change: change.clone(), date: date(part) })
        .collect()
}

/// Whom a contribution is credited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    /// The person.
    pub id: PersonId,
    /// What the person is called.
    pub name: String,
    /// Whom they worked for then, and who says so.
    pub employer: Option<(String, Vouch)>,
}

/// What people and employers did for some changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Credit {
    /// How many changes somebody wrote.
    pub changes: u64,
    /// By person: who wrote most first, then who did most, then by name.
    pub people: Vec<Credits>,
    /// By employer, in the same order; nobody's at the end, without a name.
    pub employers: Vec<Credits>,
}

/// A row: what one of them did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Credits {
    /// The person or employer; empty for people whose employer no source tells.
    pub name: String,
    /// Of a person, the name within the show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<PersonId>,
    /// Of a person, the employers at the time, each with who says so.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub employers: BTreeMap<String, Vouch>,
    /// Of an employer, how many people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
    /// How many changes, by part; what nobody did is left out.
    pub parts: BTreeMap<Part, u64>,
}

impl Credits {
    /// How many changes they had this part in.
    pub fn of(&self, part: Part) -> u64 {
        self.parts.get(&part).copied().unwrap_or(0)
    }
}

/// Counts contributions by person and by employer. `whose` says who somebody is on that day; what it
/// has nobody for, a program say, is not counted.
///
/// Each change counts once for a person's or employer's part in it: two spellings of one reviewer
/// are one, and three people of one employer who wrote a change together wrote one.
pub fn credit(
    contributions: &[Contribution],
    whose: &mut dyn FnMut(&Contribution) -> Option<Credited>,
) -> Credit {
    let mut people: BTreeMap<PersonId, Counted<'_>> = BTreeMap::new();
    let mut employers: BTreeMap<String, Counted<'_>> = BTreeMap::new();
    let mut written = BTreeSet::new();
    for contribution in contributions {
        let Some(Credited { id, name, employer }) = whose(contribution) else { continue };
        if contribution.part == Part::Wrote {
            written.insert(&contribution.change);
        }
        let known = employer.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
        let company = employers.entry(known).or_default();
        company.people.insert(id.clone());
        company.add(contribution);
        let person = people.entry(id).or_insert_with(|| Counted { name, ..Counted::default() });
        person.employers.extend(employer);
        person.add(contribution);
    }
    let people = people.into_iter().map(|(id, counted)| Credits {
        id: Some(id),
        people: None,
        ..counted.credits()
    });
    let employers =
        employers.into_iter().map(|(name, counted)| Credits { name, ..counted.credits() });
    Credit {
        changes: written.len() as u64,
        people: in_order(people.collect()),
        employers: in_order(employers.collect()),
    }
}

/// What was counted so far.
#[derive(Default)]
struct Counted<'a> {
    name: String,
    employers: BTreeMap<String, Vouch>,
    people: BTreeSet<PersonId>,
    parts: BTreeMap<Part, BTreeSet<&'a Proof>>,
}

impl<'a> Counted<'a> {
    fn add(&mut self, contribution: &'a Contribution) {
        self.parts.entry(contribution.part).or_default().insert(&contribution.change);
    }

    fn credits(self) -> Credits {
        Credits {
            name: self.name,
            id: None,
            employers: self.employers,
            people: Some(self.people.len() as u64),
            parts: self.parts.into_iter().map(|(part, of)| (part, of.len() as u64)).collect(),
        }
    }
}

fn in_order(mut rows: Vec<Credits>) -> Vec<Credits> {
    let all = |row: &Credits| row.parts.values().sum::<u64>();
    rows.sort_by(|a, b| {
        let key = |row: &Credits| (row.name.is_empty(), u64::MAX - row.of(Part::Wrote));
        key(a)
            .cmp(&key(b))
            .then_with(|| all(b).cmp(&all(a)))
            .then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id)))
    });
    rows
}
