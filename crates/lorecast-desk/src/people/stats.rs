//! Who did what for a release, or in a span of time.

use std::ops::ControlFlow;

use jiff::tz::TimeZone;
use lorecast_archive::{History, Tree};
use lorecast_model::{
    Contribution, Declared, Mailbox, PersonId, ShowTree, Sighting, TreeRole, Vouch, Window, Writer,
};
use lorecast_people::{Credit, Credited, SOMEBODY, contributions, credit, employer_on};
use serde::Serialize;

use crate::{Desk, DeskError, Result, Unit};

/// Which changes to credit people for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreditFor {
    /// What a release holds that no earlier one does, by its tag: `v6.3`.
    Release(String),
    /// What was committed in these days.
    Days(Window),
}

/// Who did what.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CreditReport {
    /// The tree that was read.
    pub tree: String,
    /// By person and by employer.
    #[serde(flatten)]
    pub credit: Credit,
    /// What is wrong with files that say who people are, in words.
    #[serde(skip)]
    pub complaints: Vec<String>,
}

impl Desk<'_> {
    /// Who wrote, reviewed, acknowledged, tested, reported, suggested and committed the changes that a
    /// release brought or that were committed in some days: of the tree that is named, else of the one
    /// that releases are made of. Programs do not count, merges neither. Employers are those of the
    /// day, from the sources that the show allows.
    ///
    /// # Errors
    /// When there is no such tree or release, or the tree cannot be read.
    pub fn credit(&self, what: &CreditFor, tree: Option<&str>) -> Result<CreditReport> {
        let tree = self.tree_to_credit(tree)?;
        let all = self.contributions(&tree, what)?;
        let mut sightings = match self.place()?.is_made()? {
            true => self.sightings(crate::Span::ALL)?,
            false => Vec::new(),
        };
        sightings.extend(all.iter().map(sighting));
        let (everybody, complaints) = self.affiliations_of(self.people_among(sightings)?)?;
        let (allowed, forgotten) = (self.dir.show()?.employers, self.forgotten()?);
        let credit = credit(&all, &mut |contribution| {
            let somebody = everybody.people().of(&contribution.who)?;
            if somebody.robot || lorecast_mail::is_robot(&contribution.who) {
                return None;
            }
            let day = contribution.date.to_zoned_datetime(TimeZone::UTC).date();
            let employer = employer_on(everybody.of(&contribution.who), day, &allowed);
            let person = lorecast_people::effective(&somebody.person);
            if forgotten.is(&contribution.who) || forgotten.is_person(&somebody.person) {
                let id = PersonId(SOMEBODY.replace(' ', "-"));
                return Some(Credited { id, name: SOMEBODY.to_owned(), employer: None });
            }
            Some(Credited {
                id: somebody.id.clone(),
                name: person.name,
                employer: employer.map(|a| (a.employer.clone(), a.source)),
            })
        });
        Ok(CreditReport { tree: tree.name, credit, complaints })
    }

    fn contributions(&self, tree: &ShowTree, what: &CreditFor) -> Result<Vec<Contribution>> {
        let history = match what {
            CreditFor::Release(tag) => History::Release(tag.clone()),
            CreditFor::Days(days) => {
                let (from, to) = days.bounds();
                History::Days { from, to }
            }
        };
        let repository = Tree::open(&self.dir.resolve(&tree.path), &tree.branches)?;
        let task = std::cell::OnceCell::new();
        let mut found = Vec::new();
        repository.each_of(
            &history,
            &mut |done, total| {
                let begin = || self.progress.begin(&tree.name, total, Unit::Things);
                task.get_or_init(begin).set(done);
            },
            &mut |commit| {
                found.extend(contributions(&tree.name, &commit));
                ControlFlow::Continue(())
            },
        )?;
        Ok(found)
    }

    /// The tree of that name, else the one that releases are made of, else the only one.
    fn tree_to_credit(&self, name: Option<&str>) -> Result<ShowTree> {
        let mut trees = self.dir.show()?.trees;
        let file = self.dir.root().join("show.yaml");
        let known: Vec<&str> = trees.iter().map(|tree| tree.name.as_str()).collect();
        let known = known.join(", ");
        let at = match name {
            Some(name) => trees.iter().position(|tree| tree.name == name),
            None if trees.len() == 1 => Some(0),
            None => trees.iter().position(|tree| tree.role == TreeRole::Mainline),
        };
        match (at, name) {
            (Some(at), _) => Ok(trees.swap_remove(at)),
            (None, _) if trees.is_empty() => Err(DeskError::NoTrees { file }),
            (None, Some(name)) => Err(DeskError::NoTree { name: name.to_owned(), known, file }),
            (None, None) => Err(DeskError::WhichTree { known }),
        }
    }
}

/// A contribution as mails would show it: the own name, and the employer that stands behind it.
fn sighting(contribution: &Contribution) -> Sighting {
    let spelt = &contribution.who;
    let robot = lorecast_mail::is_robot(spelt);
    let declared = lorecast_mail::employer_in_name(spelt)
        .map(|employer| Declared { employer, by: Vouch::Name });
    let who = Mailbox { name: lorecast_mail::own_name(&spelt.name), email: spelt.email.clone() };
    Sighting {
        writer: Writer { who, declared, robot },
        mails: 1,
        first: contribution.date,
        last: contribution.date,
        proof: None,
    }
}
