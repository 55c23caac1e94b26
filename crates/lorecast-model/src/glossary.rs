//! What acronyms stand for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `glossary.yaml`: acronyms, each with what it stands for. A show's own entries come before ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Glossary(pub BTreeMap<String, Term>);

/// One acronym.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What it stands for, in the singular; empty for what everybody knows and nobody spells out.
    #[serde(default)]
    pub expansion: String,
    /// How it is said, when not letter by letter: "sequel", "numa".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoken: Option<String>,
}
