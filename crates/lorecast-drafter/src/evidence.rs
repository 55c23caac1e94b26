//! Evidence, gathered while something is told.

use lorecast_model::{Evidence, Fact, MessageId, Proof};

/// So many pieces an entry has at most: a longer series lands as a whole.
const MOST: usize = 400;

/// What was proved so far, each piece once.
#[derive(Debug, Default)]
pub(crate) struct Proved(Vec<Evidence>);

impl Proved {
    /// A message proves it.
    pub fn message(&mut self, fact: Fact, value: &str, message: &MessageId) {
        let (value, message) = (value.to_owned(), message.clone());
        self.add(Evidence { fact, value, message, tree: None, commit: None });
    }

    /// A message proves it, or a commit that is about the message `about`.
    pub fn by(&mut self, fact: Fact, value: &str, proof: &Proof, about: &MessageId) {
        match proof {
            Proof::Message(id) => self.message(fact, value, id),
            Proof::Commit { tree, id } => self.add(Evidence {
                fact,
                value: value.to_owned(),
                message: about.clone(),
                tree: Some(tree.clone()),
                commit: Some(id.clone()),
            }),
        }
    }

    /// All of it, in the order of the telling.
    pub fn all(self) -> Vec<Evidence> {
        self.0
    }

    fn add(&mut self, evidence: Evidence) {
        let known = self.0.contains(&evidence) || self.0.len() >= MOST;
        if !evidence.value.is_empty() && !known {
            self.0.push(evidence);
        }
    }
}
