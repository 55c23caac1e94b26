//! `check`, the editor that never tires: proves what notes say against the mails that they cite.
//!
//! Notes may be drafted or written by hand. What can be proved wrong is an error; what cannot be
//! proved either way is left alone, or a warning where somebody is quoted.
//!
//! | step | file |
//! |---|---|
//! | Markdown into passages of plain text | `page`, `inline` |
//! | quotations, sentences, who does what | `quotes`, `sentence` |
//! | the mails, threads and entries of `episode.yaml` that a passage is about | `case` |
//! | words found in a mail, or the nearest | `wording`, `compact`, `pieces`, `nearest` |
//! | one kind of claim each | `quotation`, `title`, `speaker`, `vouch`, `name`, `version`, `release`, `count`, `date`, `outcome`, `link`, `post`, `whole` |

mod case;
mod compact;
mod count;
mod date;
mod inline;
mod link;
mod mend;
mod name;
mod nearest;
mod negation;
mod numbers;
mod outcome;
mod page;
mod people;
mod pieces;
mod post;
mod quotation;
mod quotes;
mod release;
mod rules;
mod sentence;
mod sources;
mod speaker;
mod spelling;
mod title;
mod version;
mod vouch;
mod whole;
mod wording;

use lorecast_model::{Episode, EpisodeId, Finding, Glossary, MessageId, Person, Show};

use case::{Case, Reading, readings};
pub use mend::mended;
pub(crate) use negation::negates;
pub use people::Senders;
use rules::Rule;
pub use sources::{Conversation, KnownPost, NoSources, Sources};

/// What is checked.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The notes, as Markdown.
    pub notes: &'a str,
    /// What to call them in findings: a file's name.
    pub place: &'a str,
    /// The show; `minutes` and `voice` give the length to reach.
    pub show: Option<&'a Show>,
    /// The episode that the notes tell, when there is one.
    pub episode: Option<&'a Episode>,
    /// The days of earlier episodes.
    pub earlier: &'a [EpisodeId],
    /// What acronyms stand for; without it none is looked at.
    pub glossary: Option<&'a Glossary>,
    /// What the producer knows about people.
    pub people: &'a [Person],
    /// How the show spells employers, and what its `employers.yaml` says.
    pub employers: Option<&'a lorecast_people::Sources>,
    /// What words without a link are about.
    pub about: &'a [MessageId],
}

impl<'a> Checked<'a> {
    /// Notes alone, with nothing known about them.
    pub fn notes(place: &'a str, notes: &'a str) -> Self {
        Self {
            notes,
            place,
            show: None,
            episode: None,
            earlier: &[],
            glossary: None,
            people: &[],
            employers: None,
            about: &[],
        }
    }
}

/// Checks notes. Equal notes and sources give equal findings, in the order of their places.
pub fn check(checked: &Checked<'_>, sources: &dyn Sources) -> Vec<Finding> {
    let passages = page::read(checked.notes, checked.show);
    let case = Case::new(checked, sources);
    let readings = readings(&case, &passages);
    for reading in &readings {
        claims(&case, reading);
    }
    whole::check(&case, &readings);
    case.findings()
}

/// Checks some words about these messages, which need no link of their own: what an assistant
/// offers. Rules about the notes as a whole are left out.
pub fn check_paragraph(
    text: &str,
    about: &[MessageId],
    show: &Show,
    sources: &dyn Sources,
) -> Vec<Finding> {
    let checked = Checked { about, show: Some(show), ..Checked::notes("paragraph", text) };
    let passages = page::read(text, checked.show);
    let case = Case::new(&checked, sources);
    for reading in &readings(&case, &passages) {
        claims(&case, reading);
    }
    case.findings()
}

/// How a draft begins what it corrects of an earlier episode: it repeats what was wrong.
const CORRECTION: &str = "A correction to the episode of ";

fn claims(case: &Case<'_>, reading: &Reading<'_>) {
    if reading.passage.text.starts_with(CORRECTION) {
        return;
    }
    if post::check(case, reading) {
        return;
    }
    link::check(case, reading);
    let proved = quotation::check(case, reading);
    speaker::check(case, reading, &proved);
    vouch::check(case, reading);
    name::check(case, reading);
    version::check(case, reading);
    version::check_rfc(case, reading);
    release::check(case, reading);
    count::check(case, reading);
    date::check(case, reading);
    outcome::check(case, reading);
}
