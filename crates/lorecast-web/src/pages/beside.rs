//! What stands beside a thread: the revisions of its series, who vouches, what happened.

use lorecast_desk::Reader;
use lorecast_model::{Event, MessageId, Proof, Standing, What};
use serde::Serialize;

use crate::address;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::one_line;

/// So many revisions, trailers and happenings are told, the latest.
const MOST: usize = 40;

/// A series, as far as it concerns one of its revisions.
#[derive(Debug, Serialize)]
pub(super) struct Beside {
    /// The page of the series.
    link: String,
    revisions: Vec<RevisionLine>,
    trailers: Vec<Happening>,
    happenings: Vec<Happening>,
}

/// A revision on a line.
#[derive(Debug, Serialize)]
struct RevisionLine {
    version: String,
    date: Moment,
    state: String,
    link: String,
    here: bool,
}

/// Something that happened, and the mail that tells it.
#[derive(Debug, Serialize)]
pub(super) struct Happening {
    date: Moment,
    text: String,
    by: String,
    link: Option<String>,
    /// The commit that proves it, and its tree.
    commit: Option<String>,
}

/// The series that a mail belongs to; nothing when it belongs to none.
pub(super) fn beside(reader: &Reader, id: &MessageId) -> Result<Option<Beside>, Fault> {
    let Some((root, all)) = reader.standings(id)? else { return Ok(None) };
    let (trailers, happenings) = match all.iter().find(|one| one.revision.root == root) {
        Some(ours) => (trailers(&ours.events), happenings(&ours.events)),
        None => (vec![], vec![]),
    };
    let latest = all.len().saturating_sub(MOST);
    let revisions = all[latest..].iter().map(|one| line(one, &root)).collect();
    Ok(Some(Beside { link: address::of_series(&root), revisions, trailers, happenings }))
}

/// Who vouched, with which trailer.
pub(super) fn trailers(events: &[Event]) -> Vec<Happening> {
    let vouched = |event: &&Event| matches!(event.what, What::Vouched { .. });
    told(events.iter().filter(vouched))
}

/// What happened beside that. That somebody answered is no news in a thread.
pub(super) fn happenings(events: &[Event]) -> Vec<Happening> {
    let news = |event: &&Event| !matches!(event.what, What::Answered | What::Vouched { .. });
    told(events.iter().filter(news))
}

/// `v2`, `RFC v1`.
pub(super) fn version(standing: &Standing) -> String {
    let rfc = if standing.revision.rfc { "RFC " } else { "" };
    let resend = if standing.revision.resend { " (resent)" } else { "" };
    format!("{rfc}v{}{resend}", standing.revision.version)
}

fn line(standing: &Standing, here: &MessageId) -> RevisionLine {
    let revision = &standing.revision;
    RevisionLine {
        version: version(standing),
        date: revision.date.into(),
        state: one_line(&standing.in_words()),
        link: address::of_thread(&revision.root),
        here: revision.root == *here,
    }
}

fn told<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<Happening> {
    let mut all: Vec<&Event> = events.collect();
    all.sort_by_key(|event| event.date);
    let latest = all.len().saturating_sub(MOST);
    all[latest..].iter().map(|event| happening(event)).collect()
}

fn happening(event: &Event) -> Happening {
    let (link, commit) = match &event.proof {
        Proof::Message(id) => (Some(address::of_mail(id)), None),
        Proof::Commit { tree, id } => {
            let short = id.as_str().get(..12).unwrap_or(id.as_str());
            (None, Some(format!("{} {short}", one_line(tree))))
        }
    };
    let text = match &event.what {
        What::Vouched { key } => capital(key),
        what => capital(&one_line(&what.in_words())),
    };
    let patches: Vec<String> = event.patches.iter().take(MOST).map(u32::to_string).collect();
    let text = match patches.as_slice() {
        [] => text,
        [one] => format!("{text} (patch {one})"),
        some => format!("{text} (patches {})", some.join(", ")),
    };
    Happening { date: event.date.into(), text, by: one_line(&event.who), link, commit }
}

/// With a capital letter: keys of trailers are kept in small ones.
pub(super) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
