//! What people do for a show, as a journal of deeds, and what follows from it.
//!
//! It never does I/O, reads a clock or knows SQL. Somebody does something: a [`Deed`]. The rules ([`Commons::judge`])
//! say whether it may be done; then it is an [`Entry`] of the journal, which only grows, and [`Commons::apply`] draws
//! the consequences. Whoever reads the same journal knows the same: a server that starts anew, a second one beside it,
//! a copy in another database.
//!
//! Everything that a deed begins (an account, a proposal, a comment) is known by the number of its entry for ever.
//!
//! | module | |
//! |---|---|
//! | [`deed`], [`producing`] | what can be done |
//! | [`entry`] | who did it and when |
//! | [`acting`] | who is about to do something, and how far their role reaches |
//! | [`asked`] | which request a link answers |
//! | [`interest`] | what somebody follows |
//! | [`commons`] | what results: accounts, votes, claims, proposals, annotations, pages of people, what is followed, what was hidden |
//! | `rules` | who may do what |
//! | [`refusal`] | why not |
//! | [`key`] | secrets, of which only digests are kept |
//! | [`seal`] | by which the show knows again what it handed out |
//! | [`name`] | names that nobody can mistake for others |

pub mod acting;
pub mod asked;
pub mod commons;
pub mod deed;
pub mod entry;
pub mod interest;
pub mod key;
pub mod name;
pub mod producing;
pub mod refusal;
mod rules;
pub mod seal;

pub use acting::Acting;
pub use asked::{Asked, ShortNumber};
pub use commons::{
    Account, Annotation, Begun, Claim, Comment, Commons, Description, DescriptionState, Filler,
    FillerState, Following, LogLine, Over, Passkey, Place, Proof, Proposal, ProposalState, Remark,
    Report, Session, StoryTalk, Suggestion, Tie, Token, Way,
};
pub use deed::{Ballot, Deed, Door, Identity, Scope};
pub use entry::{AccountId, By, Entry, EntryId, Role};
pub use interest::{Interest, NewsKey, Notice};
pub use key::{Digest, Key};
pub use name::Name;
pub use producing::{Arrangement, SoundStep};
pub use refusal::Refusal;
pub use rules::{is_mail_address, is_sheet};
pub use seal::Seal;
