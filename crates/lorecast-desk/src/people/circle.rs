//! Everybody, put together once for many questions.

use std::time::SystemTime;

use camino::Utf8Path;
use lorecast_model::{Mailbox, PersonId, Vouch};
use lorecast_people::{Affiliations, Forgotten, Somebody, effective};
use lorecast_publisher::Portrait;

use super::portraits::{employments, portrait};
use crate::{Desk, Page, Reader, Result, Silent};

/// Files of a show that say who people are.
const FILES: [&str; 6] = [
    "people.yaml",
    "merges.yaml",
    "employers.yaml",
    "forgotten.yaml",
    "forgotten.key",
    "show.yaml",
];

/// Everybody whom the archives know, for whoever asks again and again. It is a few seconds' work for an archive of millions
/// of mails, and holds for as long as [`Circle::is_current`].
pub struct Circle {
    everybody: Affiliations,
    forgotten: Forgotten,
    allowed: Vec<Vouch>,
    root: camino::Utf8PathBuf,
    stamp: CircleStamp,
    /// Who has a page, the busiest first.
    listed: Vec<PersonId>,
}

/// What a circle was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircleStamp {
    /// The generation of the store.
    pub generation: i64,
    /// When each file of the show was written, and how long it is.
    files: Vec<Option<(SystemTime, u64)>>,
}

impl CircleStamp {
    /// Whether no file of the show has changed.
    pub fn same_files(&self, other: &Self) -> bool {
        self.files == other.files
    }
}

impl Reader {
    /// What a circle that was made now would be made of.
    ///
    /// # Errors
    /// When the store fails.
    pub fn circle_stamp(&self) -> Result<CircleStamp> {
        let stamp = |name: &&str| {
            let about = std::fs::metadata(self.dir.root().join(name)).ok()?;
            Some((about.modified().ok()?, about.len()))
        };
        let files = FILES.iter().map(stamp).collect();
        Ok(CircleStamp { generation: self.store.generation()?, files })
    }

    /// Everybody, by the mails and what the show says of them.
    ///
    /// # Errors
    /// When the store or a file of the show cannot be read.
    pub fn circle(&self) -> Result<Circle> {
        // Before all else: what changes meanwhile makes it another one.
        let stamp = self.circle_stamp()?;
        let desk = Desk { dir: self.dir.clone(), progress: &Silent, elsewhere: None };
        let (everybody, _) = desk.affiliations(&*self.store)?;
        let (forgotten, allowed) = (desk.forgotten()?, desk.show()?.employers);
        let root = self.dir.root().to_owned();
        let listed = Vec::new();
        let mut circle = Circle { everybody, forgotten, allowed, root, stamp, listed };
        circle.listed = circle.in_order();
        Ok(circle)
    }
}

impl Circle {
    /// What it was made of.
    pub fn stamp(&self) -> &CircleStamp {
        &self.stamp
    }

    /// Who wrote something; nobody for programs and those who asked to be forgotten.
    pub fn writer(&self, who: &Mailbox) -> Option<&Somebody> {
        self.everybody.people().of(who).filter(|somebody| self.is_shown(somebody))
    }

    /// The person of an id, likewise.
    pub fn get(&self, id: &PersonId) -> Option<&Somebody> {
        self.everybody.people().get(id).filter(|somebody| self.is_shown(somebody))
    }

    /// Who holds an address beyond doubt, likewise.
    pub fn holder(&self, email: &str) -> Option<&Somebody> {
        let somebody = self.everybody.people().at(email)?;
        let sure = somebody.sure.iter().any(|sure| sure.eq_ignore_ascii_case(email));
        (sure && self.is_shown(somebody)).then_some(somebody)
    }

    /// A part of all of them: who wrote most mails first, and of as many in the order of their ids.
    pub fn listed(&self, part: Page) -> impl Iterator<Item = &Somebody> {
        let ids = self.listed.iter().skip(part.skip as usize).take(part.take as usize);
        ids.filter_map(|id| self.everybody.people().get(id))
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    /// Whether nobody wrote yet.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// What pages tell of somebody, which stories apart. Employers are told from the sources that the show allows.
    pub fn portrait(&self, somebody: &Somebody) -> Portrait {
        let last = somebody.active.map(|(_, last)| last);
        let jobs = employments(self.everybody.of_person(&somebody.id), &self.allowed, last);
        let person = effective(&somebody.person);
        portrait(somebody.id.clone(), person, Utf8Path::new(&self.root), jobs, Vec::new())
    }

    fn in_order(&self) -> Vec<PersonId> {
        let all = self.everybody.people().all().iter();
        let mut shown: Vec<&Somebody> = all.filter(|somebody| self.is_shown(somebody)).collect();
        shown.sort_by(|a, b| b.mails.cmp(&a.mails).then_with(|| a.id.cmp(&b.id)));
        shown.into_iter().map(|somebody| somebody.id.clone()).collect()
    }

    fn is_shown(&self, somebody: &Somebody) -> bool {
        !somebody.robot && !self.forgotten.is_person(&somebody.person)
    }
}
