//! Values as every engine keeps them in its columns.

use std::collections::BTreeSet;

use lorecast_model::{Defect, Header, Match, Sighting, Thread, TreeRole, Vouch};

use crate::Stats;

/// The bit of a defect.
pub(crate) fn bit(defect: Defect) -> i64 {
    1 << defect as i64
}

/// The bits of defects.
pub(crate) fn bits(defects: &[Defect]) -> i64 {
    defects.iter().fold(0, |bits, defect| bits | bit(*defect))
}

/// The defects that these bits stand for.
pub(crate) fn defects(bits: i64) -> Vec<Defect> {
    Defect::ALL.into_iter().filter(|defect| bits & bit(*defect) != 0).collect()
}

/// Counts messages by their defects.
#[derive(Default)]
pub(crate) struct Tally {
    defective: u64,
    counts: [u64; Defect::ALL.len()],
}

impl Tally {
    /// So many messages have the defects of these bits.
    pub(crate) fn add(&mut self, bits: i64, messages: u64) {
        let found = defects(bits);
        self.defective += if found.iter().all(Defect::is_harmless) { 0 } else { messages };
        found.into_iter().for_each(|defect| self.counts[defect as usize] += messages);
    }

    /// Says what was counted.
    pub(crate) fn fill(self, stats: &mut Stats) {
        stats.defective = self.defective;
        let counted = Defect::ALL.into_iter().zip(self.counts);
        stats.defects = counted.filter(|(_, count)| *count > 0).collect();
    }
}

/// The source of an employer, by its number.
pub(crate) fn vouch(number: i64) -> Result<Vouch, &'static str> {
    let found = Vouch::ALL.into_iter().find(|vouch| *vouch as i64 == number);
    found.ok_or("an unknown source of an employer")
}

/// What a tree is for, by its name.
pub(crate) fn role(name: &str) -> Result<TreeRole, &'static str> {
    let all = [TreeRole::Maintainer, TreeRole::Next, TreeRole::Mainline, TreeRole::Stable];
    all.into_iter().find(|role| role.name() == name).ok_or("an unknown role of a tree")
}

/// How a patch was recognised, by its name.
pub(crate) fn how(name: &str) -> Result<Match, &'static str> {
    let all = [Match::Link, Match::PatchId, Match::Similar];
    all.into_iter().find(|how| how.name() == name).ok_or("an unknown kind of landing")
}

/// What can be said about a thread before the tracker saw it.
pub(crate) fn untracked(headers: &[Header]) -> Option<Thread> {
    let first = headers.first()?;
    let people: BTreeSet<String> =
        headers.iter().map(|header| header.from.email.to_lowercase()).collect();
    Some(Thread {
        id: first.id.clone(),
        subject: first.subject.clone(),
        messages: headers.len() as u32,
        participants: people.len() as u32,
        first: first.date,
        last: headers.last()?.date,
    })
}

/// Two sightings of one writer as one.
pub(crate) fn join(one: &mut Sighting, other: Sighting) {
    one.mails += other.mails;
    one.last = one.last.max(other.last);
    if (other.first, &other.proof) < (one.first, &one.proof) {
        one.first = other.first;
        one.proof = other.proof;
    }
}
