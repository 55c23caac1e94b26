//! Facts and what proves them.

use serde::{Deserialize, Serialize};

use crate::{CommitId, MessageId};

/// A fact and its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What sort of fact.
    pub fact: Fact,
    /// The fact itself, as the notes state it.
    pub value: String,
    /// The message that proves it; of a commit, the posted patch that it became or undid.
    pub message: MessageId,
    /// The tree of `commit`, as `show.yaml` names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<String>,
    /// The commit that proves it, when no message does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitId>,
}

/// What a piece of evidence proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// Who posted it, spelt as in the mail.
    Author,
    /// Who wrote the patch, when another posted it.
    Writer,
    /// Whom the author works for, as the mail or the show's own list says it.
    Employer,
    /// The title without tags.
    Title,
    /// The version of the series.
    Version,
    /// How many patches.
    Patches,
    /// The name of a release, such as `Linux 6.3-rc7`.
    Release,
    /// Words of the message, verbatim after undoing line wrapping.
    Quotation,
    /// A number that the message gives, such as how many errors a build had.
    Count,
    /// Who replied, spelt as in the mail.
    Reply,
    /// Who said that it was applied, or the tree that holds it.
    Applied,
    /// A version that was posted since an earlier episode.
    Later,
    /// Who gave a `Reviewed-by`.
    Reviewed,
    /// Who gave an `Acked-by`.
    Acked,
    /// Who gave a `Tested-by`.
    Tested,
    /// Who asked for another version.
    ChangesRequested,
    /// Who turned it down.
    Rejected,
    /// It is in linux-next.
    Next,
    /// The first tag of mainline that contains it, such as `v6.4-rc1`; the tree without one.
    Landed,
    /// The first final release of mainline that contains it, such as `v6.4`.
    Final,
    /// A stable release that carries it, or the branch that is about to.
    Stable,
    /// The tree that took it out again.
    Dropped,
    /// The tree that undid it.
    Reverted,
    /// The day of the last word about it (`YYYY-MM-DD`), after which it went quiet.
    Quiet,
    /// The day on which it was posted (`YYYY-MM-DD`, UTC).
    Posted,
    /// The day of the earlier episode that told it last (`YYYY-MM-DD`).
    Covered,
}
