//! The facts of one follow-up, each with its evidence.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use lorecast_model::{Event, Evidence, Fact, FollowUp, MessageId, Profile, Proof, State, What};

use super::happened::{
    first_tag, is_of, is_robot, is_speakable, numbers, of, place, tag, taker, who,
};
use super::telling::{FollowUpTelling, Outcome, Vouchers};
use crate::evidence::Proved;
use crate::kind::without_tags;
use crate::profile::rules;
use crate::spoken;
use crate::telling::own_name;

/// So many names of a kind are said.
const MOST_NAMES: usize = 3;
/// So many versions are said one by one.
const MOST_VERSIONS: usize = 3;

/// Collects the evidence while a follow-up is told.
pub(super) struct Teller<'a> {
    found: &'a FollowUp,
    today: Date,
    profile: Profile,
    proved: Proved,
}

impl<'a> Teller<'a> {
    pub fn new(found: &'a FollowUp, today: Date, profile: Profile) -> Self {
        Self { found, today, profile, proved: Proved::default() }
    }

    pub fn evidence(self) -> Vec<Evidence> {
        self.proved.all()
    }

    fn proves(&mut self, fact: Fact, value: &str, message: &MessageId) {
        self.proved.message(fact, value, message);
    }

    fn proved_by(&mut self, fact: Fact, value: &str, proof: &Proof) {
        let patch = match proof {
            Proof::Commit { id, .. } => self.found.posted.get(id),
            Proof::Message(_) => None,
        };
        self.proved.by(fact, value, proof, patch.unwrap_or(&self.found.told));
    }

    pub fn title(&mut self) -> String {
        let title = without_tags(&self.found.title).to_owned();
        self.proves(Fact::Title, &title, &self.found.told);
        if title.is_empty() { "(no title)".to_owned() } else { title }
    }

    pub fn author(&mut self) -> String {
        let name = own_name(self.found.author.called());
        self.proves(Fact::Author, &name, &self.found.told);
        if name.is_empty() { "An unnamed sender".to_owned() } else { name }
    }

    pub fn version(&mut self) -> Option<String> {
        let version = self.found.version;
        let version = (version.major > 1 || version.minor > 0).then(|| version.to_string())?;
        self.proves(Fact::Version, &version, &self.found.told);
        Some(version)
    }

    pub fn versions(&mut self) -> Option<String> {
        let mut versions = BTreeSet::new();
        for later in &self.found.later {
            self.proves(Fact::Later, &later.version.to_string(), &later.root);
            versions.extend((later.version > self.found.version).then_some(later.version));
        }
        let last = versions.last()?.to_string();
        let named: Vec<String> = versions.iter().map(ToString::to_string).collect();
        Some(match named.len() {
            1 => format!("version {last}"),
            2..=MOST_VERSIONS => format!("versions {}", spoken::list(&named)),
            many => format!("{} more versions, up to version {last}", spoken::count(many)),
        })
    }

    /// What the outcome's sentence says.
    pub fn outcome(&mut self, told: &mut FollowUpTelling) {
        match told.outcome {
            Some(Outcome::Landed) => self.landed(told),
            Some(Outcome::Applied) => self.applied(told),
            Some(outcome @ Outcome::Next) => {
                let tree = rules(self.profile).next_tree();
                told.tree = self.prove_all(outcome, Fact::Next, |_| tree.to_owned()).pop();
                told.part = self.part(outcome);
            }
            Some(outcome @ Outcome::Reverted) => {
                self.landed(told);
                told.tree = self.prove_all(outcome, Fact::Reverted, place).pop();
                told.part = self.part(outcome);
            }
            Some(outcome @ Outcome::Dropped) => {
                told.applied = !self.prove_all(Outcome::Applied, Fact::Applied, taker).is_empty();
                let trees = self.prove_all(outcome, Fact::Dropped, place);
                told.tree = trees.into_iter().rev().find(|tree| is_speakable(tree));
                told.part = self.part(outcome);
            }
            Some(outcome @ Outcome::Rejected) => {
                told.by = self.prove_all(outcome, Fact::Rejected, who).pop();
            }
            Some(outcome @ Outcome::ChangesRequested) => {
                told.by = self.prove_all(outcome, Fact::ChangesRequested, who).pop();
            }
            _ => {}
        }
    }

    fn events(&self, outcome: Outcome) -> impl Iterator<Item = &Event> {
        self.found.events.iter().filter(move |event| of(&event.what) == Some(outcome))
    }

    /// Proves all events of a sort; the different values, in their order.
    fn prove_all(
        &mut self,
        outcome: Outcome,
        fact: Fact,
        value: impl Fn(&Event) -> String,
    ) -> Vec<String> {
        let events: Vec<Event> = self.events(outcome).cloned().collect();
        let mut values: Vec<String> = Vec::new();
        for event in &events {
            let value = value(event);
            self.proved_by(fact, &value, &event.proof);
            if !value.is_empty() && !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    fn landed(&mut self, told: &mut FollowUpTelling) {
        let tags = self.prove_all(Outcome::Landed, Fact::Landed, tag);
        // A mail that tells of a landing knows no tag; a tree does.
        let tagged: Vec<String> = self.events(Outcome::Landed).filter_map(first_tag).collect();
        let named: Vec<String> = match tagged.is_empty() {
            true => tags,
            false => tags.into_iter().filter(|tag| tagged.contains(tag)).collect(),
        };
        told.landed = (!named.is_empty()).then(|| spoken::list(&named));
        told.part = self.part(Outcome::Landed);
        let released = self.prove_all(Outcome::Landed, Fact::Final, |event| match &event.what {
            What::Landed { release: Some(release), tag, .. } if tag.as_ref() != Some(release) => {
                release.clone()
            }
            _ => String::new(),
        });
        told.released = released.into_iter().next_back();
    }

    fn applied(&mut self, told: &mut FollowUpTelling) {
        self.prove_all(Outcome::Applied, Fact::Applied, taker);
        let trees: Vec<String> = self.events(Outcome::Applied).map(place).collect();
        told.tree = trees.into_iter().find(|tree| is_speakable(tree));
        let people = self.events(Outcome::Applied).map(who);
        // A robot tells of it; who did it, its mail may not say.
        told.by = people.into_iter().find(|name| !name.is_empty() && !is_robot(name));
        if let Some(tree) = &told.tree {
            let tree = tree.clone();
            let proof = self.events(Outcome::Applied).find(|e| place(e) == tree);
            if let Some(proof) = proof.map(|event| event.proof.clone()) {
                self.proved_by(Fact::Applied, &tree, &proof);
            }
        }
        told.part = self.part(Outcome::Applied);
    }

    /// How many patches it is about, unless it is about all of them.
    fn part(&mut self, outcome: Outcome) -> Option<String> {
        let taken = match outcome {
            Outcome::Landed => self.found.taken.landed,
            Outcome::Next => self.found.taken.next,
            Outcome::Applied => self.found.taken.applied,
            _ => 0,
        };
        let whole = self.events(outcome).any(|event| event.patches.is_empty());
        let numbers: BTreeSet<u32> =
            self.events(outcome).flat_map(|event| event.patches.iter().copied()).collect();
        let all = self.found.patches;
        if whole || taken >= all || numbers.len() >= all as usize {
            return None;
        }
        let some = spoken::count(numbers.len());
        // A count that the mails do not announce is not said.
        if self.found.announced != all {
            return Some(format!("{some} of its patches"));
        }
        self.proves(Fact::Patches, &all.to_string(), &self.found.latest().clone());
        Some(format!("{some} of its {} patches", spoken::count(all as usize)))
    }

    pub fn stable(&mut self, told: &mut FollowUpTelling) {
        let events = self.found.events.iter();
        let carried = events.filter_map(|event| match &event.what {
            What::Stable { release } => Some((release.clone(), event.proof.clone())),
            _ => None,
        });
        let (mut released, mut queued): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut about_to = false;
        for (release, proof) in carried.collect::<Vec<_>>() {
            self.proved_by(Fact::Stable, &release, &proof);
            let out = matches!(&proof, Proof::Commit { tree, .. } if *tree != release);
            about_to |= !out;
            let branch = release.starts_with(|c: char| c.is_ascii_digit());
            let named = if out { &mut released } else { &mut queued };
            if (out || branch) && !named.contains(&release) {
                named.push(release);
            }
        }
        let comes = |branch: &String| !released.iter().any(|r| is_of(r, branch));
        queued.retain(comes);
        released.sort_by_key(|release| numbers(release));
        queued.sort_by_key(|release| numbers(release));
        if !released.is_empty() {
            told.stable = Some(spoken::list(&released));
        }
        if !queued.is_empty() || about_to && released.is_empty() {
            told.queued = Some(format!("stable {}", spoken::list(&queued)).trim_end().to_owned());
        }
    }

    /// Those who reviewed it, acked it, tested it.
    pub fn vouchers(&mut self) -> Vec<Vouchers> {
        let verbs = [
            ("reviewed", "reviewed-by", Fact::Reviewed),
            ("acked", "acked-by", Fact::Acked),
            ("tested", "tested-by", Fact::Tested),
        ];
        let mut named = BTreeSet::new();
        let vouched = verbs
            .into_iter()
            .filter_map(|(verb, key, fact)| self.vouched(verb, key, fact, &mut named));
        vouched.collect()
    }

    /// Each person is named once, for the most that they did.
    fn vouched(
        &mut self,
        verb: &'static str,
        key: &str,
        fact: Fact,
        named: &mut BTreeSet<String>,
    ) -> Option<Vouchers> {
        let given = |event: &&Event| matches!(&event.what, What::Vouched { key: k } if k == key);
        let events: Vec<Event> = self.found.events.iter().filter(given).cloned().collect();
        let (mut names, mut patches): (Vec<String>, BTreeSet<u32>) = Default::default();
        let mut whole = false;
        for event in &events {
            let name = who(event);
            if name.is_empty() || is_robot(&name) || named.contains(&name) {
                continue;
            }
            self.proved_by(fact, &name, &event.proof);
            whole |= event.patches.is_empty();
            patches.extend(&event.patches);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return None;
        }
        named.extend(names.iter().cloned());
        let part = !whole && patches.len() < self.found.patches as usize;
        if names.len() > MOST_NAMES {
            names.truncate(MOST_NAMES);
            names.push("others".to_owned());
        }
        Some(Vouchers { verb, names: spoken::list(&names), part })
    }

    pub fn quiet(&mut self) -> Option<String> {
        let last = self.found.quiet?;
        let State::Stale { last: message } = &self.found.state else { return None };
        let day = TimeZone::UTC.to_datetime(last).date();
        self.proves(Fact::Quiet, &day.to_string(), message);
        Some(spoken::day(day, self.today))
    }
}
