//! What the producer knows about people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An entry of `people.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name as the person spells it.
    pub name: String,
    /// Other spellings that mails carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The addresses that the person writes from. Never published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// How the name is said, in plain letters: `YAIR-oh GLEESS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// The same in the International Phonetic Alphabet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipa: Option<String>,
}

/// `employers.yaml`: whom people work for, as the producer knows it from them. Only what people say
/// of themselves belongs there: an address at a company is a fair source, a guess is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Employers {
    /// The domain of an address, in lower case, and what to call the employer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub domains: BTreeMap<String, String>,
}

impl Employers {
    /// The employer of an address: that of its domain, else of the domains above it.
    pub fn of(&self, email: &str) -> Option<&str> {
        let mut domain = email.rsplit_once('@')?.1;
        loop {
            if let Some(employer) = self.domains.get(&domain.to_lowercase()) {
                return Some(employer);
            }
            domain = domain.split_once('.')?.1;
        }
    }
}
