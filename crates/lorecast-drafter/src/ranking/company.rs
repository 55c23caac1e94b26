//! Who is who among those who wrote: learned from the threads of the same weeks, not from a list.

use std::collections::BTreeMap;

use lorecast_model::MessageId;

use super::words::Words;
use crate::Facts;
use crate::facts::Writer;

/// As if everybody had also written so many threads about nothing in particular: one thread says
/// little about a person.
const DOUBT: f64 = 3.0;

/// What a person wrote about.
#[derive(Clone, Debug, Default)]
struct Person {
    weight: f64,
    matter: f64,
    answered: u32,
}

/// Everybody who wrote in some weeks.
pub(super) struct Company<'a> {
    people: BTreeMap<String, Person>,
    threads: BTreeMap<&'a MessageId, Vec<&'a Facts>>,
    matters: &'a Words,
    hardware: &'a Words,
}

/// What a thread's company says of it; see the signals of the same names.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Standing {
    pub company: f64,
    pub crowd: f64,
}

impl<'a> Company<'a> {
    /// The order of `facts` makes no difference beyond rounding: give them in one order.
    pub fn new(
        facts: impl Iterator<Item = &'a Facts>,
        matters: &'a Words,
        hardware: &'a Words,
    ) -> Self {
        let mut company =
            Self { people: BTreeMap::new(), threads: BTreeMap::new(), matters, hardware };
        for facts in facts {
            company.threads.entry(&facts.thread).or_default().push(facts);
            let matter = company.matter(&facts.title);
            for writer in &facts.writers {
                let person = company.people.entry(key(writer)).or_default();
                person.weight += weight(writer);
                person.matter += weight(writer) * matter;
                person.answered += u32::from(writer.answers > 0);
            }
        }
        company
    }

    /// 1 for what concerns everybody, -1 for one piece of hardware, 0 for neither or both.
    pub fn matter(&self, title: &str) -> f64 {
        let [everybody, one] = [self.matters, self.hardware].map(|w| !w.of(title).is_empty());
        f64::from(i8::from(everybody) - i8::from(one))
    }

    /// In how many threads a person answered.
    pub fn answered(&self, writer: &Writer) -> u32 {
        self.people.get(&key(writer)).map_or(0, |person| person.answered)
    }

    /// What those who wrote in a thread do elsewhere.
    pub fn standing(&self, facts: &Facts) -> Standing {
        let people: Vec<Person> = facts.writers.iter().map(|w| self.elsewhere(w, facts)).collect();
        if people.is_empty() {
            return Standing::default();
        }
        let matter: f64 = people.iter().map(|p| p.matter / (p.weight + DOUBT)).sum();
        let count = people.len() as f64;
        Standing { company: matter / count, crowd: matter / count.sqrt() }
    }

    /// A person without what this thread itself tells of them.
    fn elsewhere(&self, writer: &Writer, facts: &Facts) -> Person {
        let key = key(writer);
        let mut person = self.people.get(&key).cloned().unwrap_or_default();
        for own in self.threads.get(&facts.thread).into_iter().flatten() {
            let Some(writer) = own.writers.iter().find(|other| self::key(other) == key) else {
                continue;
            };
            person.weight -= weight(writer);
            person.matter -= weight(writer) * self.matter(&own.title);
        }
        person
    }
}

fn key(writer: &Writer) -> String {
    writer.who.email.to_ascii_lowercase()
}

/// Ten mails in one thread say more than one, and not ten times as much.
fn weight(writer: &Writer) -> f64 {
    f64::from(writer.mails).sqrt()
}
