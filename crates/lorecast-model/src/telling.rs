//! How an episode is told of: `telling:` in `show.yaml`.

use serde::{Deserialize, Serialize};

/// What the mail and the post about an episode say beside the episode itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telling {
    /// To whom the mail goes, as in its header; it has no `To` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Hashtags of the post, without `#`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hashtags: Vec<String>,
}

/// A value of `telling:` that cannot be used: its key, and what to write instead.
type Unfit = (&'static str, &'static str);

impl Telling {
    /// Whether `show.yaml` says nothing of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The first value that cannot be used.
    pub fn unfit(&self) -> Option<Unfit> {
        let plain = |c: char| c.is_ascii_graphic() && !"<>,;()\"\\".contains(c);
        let address = |to: &String| {
            let parts =
                to.split_once('@').filter(|(name, host)| !name.is_empty() && host.contains('.'));
            parts.is_some() && to.chars().all(plain)
        };
        let tag = |tag: &String| {
            let word = tag.chars().all(|c| c.is_alphanumeric() || c == '_');
            word && tag.chars().any(|c| !c.is_ascii_digit()) && tag.chars().count() <= 60
        };
        if !self.to.iter().all(address) {
            return Some(("telling.to", "write one address: `list@lists.example`"));
        }
        let wrong = !self.hashtags.iter().all(tag);
        wrong.then_some(("telling.hashtags", "write words of letters, digits and `_`, without `#`"))
    }
}
