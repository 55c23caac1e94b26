//! Picks the stories of a week, groups them by subsystem and writes the notes and the script.
//!
//! It never touches the network, a file or the clock: messages come in, an [`Episode`] and the
//! text of its notes come out, and equal input gives equal output.
//!
//! [`Episode`]: lorecast_model::Episode
//!
//! | step | function |
//! |---|---|
//! | what a thread is, as numbers and words | [`facts`] |
//! | which threads the producer's decisions are about | [`settle`](fn@settle) |
//! | which threads are news, and why | [`rank`], [`choose`] |
//! | where they belong | [`Subsystems`] |
//! | what is new about earlier episodes | [`unsaid`] |
//! | the episode and its notes | [`draft`] |
//! | what acronyms stand for, at their first use | [`expand`], [`acronym_issues`] |
//! | who posted what: the head of a sentence | [`head`] |
//! | that nothing was invented | [`prove`] |
//! | that notes say what the mails say | [`check()`] |
//! | what is read aloud | [`script`](fn@script), [`Script`] |

mod address;
mod assistant;
mod changes;
pub mod check;
mod choose;
mod counts;
mod detail;
mod difference;
mod draft;
mod edit;
mod employers;
mod erratum;
mod error;
mod escape;
mod evidence;
mod facts;
mod follow;
mod glossary;
mod head;
mod kind;
mod maintainers;
mod mended;
mod names;
mod notes;
mod parts;
mod pattern;
mod plan;
mod posts;
mod profile;
mod prove;
mod quotable;
mod quote;
mod ranking;
mod reply;
mod routine;
mod script;
mod sentence;
mod settle;
mod spoken;
mod subsystems;
mod taken;
mod telling;
mod topic;

pub use assistant::{Brief, Mail, Proof, Refusal, Subject, brief, judge};
pub use check::{
    Checked, Conversation, KnownPost, NoSources, Senders, Sources, check, check_paragraph, mended,
};
pub use choose::{choose, stories_for, stories_lacking, words_a_minute, words_for};
pub use difference::{Fate, StoryChange, differences};
pub use draft::{Draft, Pick, Request, draft};
pub use edit::{Edit, Wish, edit};
pub use error::DraftError;
pub use facts::{Facts, Writer, facts};
pub use follow::{Said, unsaid};
pub use glossary::{
    AcronymFault, AcronymIssue, Expanded, Unknown, acronym_issues, exact_words, expand,
};
pub use head::{Head, Verb, head};
pub use kind::{Nature, nature};
pub use maintainers::{Maintainers, Surroundings};
pub use plan::common_sections;
pub use prove::{Unproved, prove};
pub use quotable::{Quotable, Role, quotable};
pub use quote::{Quotation, Stance};
pub use ranking::{Choice, Fit, Pool, Ranked, fit, likelihood, rank};
pub use routine::Routine;
pub use script::{
    Origin, Pace, Paragraph, Reading, Run, SaidSentence, SaidWord, Sayings, Script, Section,
    Speech, Timing, Unspoken, heard_readings, heard_timings, pace, page, plain_text, readings,
    script, speak, timings, written,
};
pub use settle::{Settled, Whereabouts, settle};
pub use subsystems::{Placed, Subsystems};
