//! Quotations: verbatim in the mail that the notes cite for them.

use std::ops::Range;

use lorecast_mail::poster;
use lorecast_model::{Message, MessageId};

use super::case::{Case, Cited, Reading};
use super::compact::Rigour;
use super::nearest::{Near, nearest};
use super::negation::left_out;
use super::quotes::Quote;
use super::rules::{QUOTATION, QUOTATION_MARKS, QUOTATION_SOURCE, QUOTATION_UNPROVED};
use super::sentence::{Act, Deed};
use super::speaker::subject_is;
use super::title::{self, Verdict, relink, shown};
use super::wording::{Match, Voice};
use crate::names::sender;

/// From how many words on a quotation is looked up: fewer are a term, or irony.
const FEWEST: usize = 3;
/// From how many words on a quotation without any link is worth a word.
const LONG: usize = 6;

/// A quotation whose mail is known.
pub(super) struct Proved {
    /// With its marks, in bytes of the passage's text.
    pub quote: Range<usize>,
    pub message: MessageId,
    pub title: bool,
}

/// Checks the quotations of a passage; returns where those stand that are proved.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) -> Vec<Proved> {
    let mut proved = Vec::new();
    for quote in &reading.quotes {
        let found = match title::judge(case, reading, quote) {
            Verdict::Title(message) => Some((message, true)),
            Verdict::Wrong => None,
            Verdict::Words => words(case, reading, quote).map(|message| (message, false)),
        };
        proved.extend(found.map(|(message, title)| Proved {
            quote: quote.outside.clone(),
            message,
            title,
        }));
    }
    proved
}

/// Looks up words that somebody wrote; returns the mail whose own words they are.
fn words(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote) -> Option<MessageId> {
    let text = &reading.passage.text[quote.inside.clone()];
    if text.split_whitespace().count() < FEWEST {
        return short(case, reading, quote);
    }
    match reading.around(&quote.outside) {
        Some((_, id)) => enclosed(case, reading, quote, id),
        None => loose(case, reading, quote),
    }
}

/// A word or two are proved when the linked mail has them, and left alone otherwise.
fn short(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote) -> Option<MessageId> {
    let text = &reading.passage.text[quote.inside.clone()];
    let (_, id) = reading.around(&quote.outside)?;
    let cited = case.cited(id)?;
    let found = case.wording(cited.message()).holds(text)?;
    (found.voice == Voice::Own).then(|| id.clone())
}

/// A quotation in the words of a link: it has to be in that very mail.
fn enclosed(
    case: &Case<'_>,
    reading: &Reading<'_>,
    quote: &Quote,
    id: &MessageId,
) -> Option<MessageId> {
    let text = &reading.passage.text[quote.inside.clone()];
    let cited = case.cited(id)?;
    match case.wording(cited.message()).holds(text) {
        Some(Match { voice: Voice::Own, rigour }) => {
            marks(case, reading, quote, &cited, rigour);
            turned(case, reading, quote, &cited);
            Some(id.clone())
        }
        Some(Match { voice: Voice::Attached, .. }) => None,
        // Words that this mail quotes: whose own are they?
        Some(Match { voice: Voice::Quoted, .. }) => {
            if let Some(own) = elsewhere(case, reading, text) {
                misplaced(case, reading, quote, id, &own);
            }
            None
        }
        None => {
            match elsewhere(case, reading, text) {
                Some(own) => misplaced(case, reading, quote, id, &own),
                None => wrong(case, reading, quote, vec![cited]),
            }
            None
        }
    }
}

/// A quotation beside its link, or with a link somewhere above.
fn loose(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote) -> Option<MessageId> {
    let text = &reading.passage.text[quote.inside.clone()];
    let near = cited_beside(case, reading, quote);
    let holds = |cited: &&Cited| held(case, cited, text).is_some_and(|m| m.voice == Voice::Own);
    let close: Vec<Cited> = near.iter().cloned().chain(parts(case, reading, &near)).collect();
    if let Some(cited) = close.iter().find(holds) {
        let rigour = held(case, cited, text).map_or(Rigour::Verbatim, |m| m.rigour);
        marks(case, reading, quote, cited, rigour);
        turned(case, reading, quote, cited);
        return Some(cited.message().header.id.clone());
    }
    if let Some(own) = in_talks(case, reading, text) {
        let message = own.message();
        let cites =
            near.first().filter(|cited| cites_a_reply(case, reading, quote, cited, message));
        if let Some(cited) = cites {
            let id = cited.message().header.id.clone();
            misplaced(case, reading, quote, &id, &own);
            return None;
        }
        return Some(message.header.id.clone());
    }
    if close.iter().any(|cited| held(case, cited, text).is_some()) {
        return None;
    }
    let known: Vec<Cited> = close.into_iter().chain(all(reading, case)).collect();
    // A few words without a link may be anybody's.
    if known.is_empty() && text.split_whitespace().count() < LONG {
        return None;
    }
    match case.holding(text).into_iter().find(|cited| holds(&cited)) {
        Some(own) if known.is_empty() => return Some(own.message().header.id.clone()),
        Some(own) => match near.first().map(|cited| cited.message().header.id.clone()) {
            Some(id) => misplaced(case, reading, quote, &id, &own),
            None => unproved(case, reading, quote),
        },
        None => wrong(case, reading, quote, known),
    }
    None
}

fn held(case: &Case<'_>, cited: &Cited, text: &str) -> Option<Match> {
    case.wording(cited.message()).holds(text)
}

/// The mails that the sentence links to, the nearest first; else those that the passage is about.
fn cited_beside(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote) -> Vec<Cited> {
    let sentence = reading.sentence(quote.outside.start);
    let at = quote.outside.start;
    let mut links: Vec<_> = reading.links(&sentence).collect();
    // What stands in front explains better than what follows.
    links.sort_by_key(|(link, _)| (link.span.start >= at, link.span.start.abs_diff(at)));
    let ids: Vec<&MessageId> = links.into_iter().map(|(_, id)| id).collect();
    let ids = if ids.is_empty() { reading.about.iter().collect() } else { ids };
    ids.into_iter().filter_map(|id| case.cited(id)).collect()
}

/// The other mails of the postings that are cited, and those of the evidence.
fn parts(case: &Case<'_>, reading: &Reading<'_>, near: &[Cited]) -> Vec<Cited> {
    let revisions = near.iter().filter_map(|cited| case.revision(&cited.message().header.id));
    let mut ids: Vec<MessageId> =
        revisions.flat_map(|revision| revision.messages().cloned().collect::<Vec<_>>()).collect();
    let evidence = reading.entries.iter().flat_map(|entry| entry.evidence());
    ids.extend(evidence.map(|evidence| evidence.message.clone()));
    ids.into_iter().filter_map(|id| case.cited(&id)).collect()
}

/// Every mail of the passage's threads.
fn all(reading: &Reading<'_>, case: &Case<'_>) -> Vec<Cited> {
    let messages = reading.talks.iter().flat_map(|talk| &talk.messages);
    messages.filter_map(|message| case.cited(&message.header.id)).collect()
}

fn in_talks(case: &Case<'_>, reading: &Reading<'_>, text: &str) -> Option<Cited> {
    let own = |cited: &Cited| held(case, cited, text).is_some_and(|m| m.voice == Voice::Own);
    all(reading, case).into_iter().find(own)
}

/// The mail whose own words these are, in the passage's threads or anywhere.
fn elsewhere(case: &Case<'_>, reading: &Reading<'_>, text: &str) -> Option<Cited> {
    let own = |cited: &Cited| held(case, cited, text).is_some_and(|m| m.voice == Voice::Own);
    in_talks(case, reading, text).or_else(|| case.holding(text).into_iter().find(own))
}

/// Whether a sentence cites a reply for words that the same person wrote in another mail. A link to
/// what somebody else posted only says what the words are about.
fn cites_a_reply(
    case: &Case<'_>,
    reading: &Reading<'_>,
    quote: &Quote,
    cited: &Cited,
    own: &Message,
) -> bool {
    let sentence = reading.sentence(quote.outside.start);
    let linked = reading.links(&sentence).next().is_some();
    let from = &poster(cited.message());
    let own = &poster(own);
    let speaks = speaker_act(reading, quote);
    let by_another = speaks
        .and_then(|act| act.subject.as_ref())
        .is_some_and(|s| !subject_is(case, reading, s, from) && subject_is(case, reading, s, own));
    linked && case.is_reply(cited.message()) && !by_another
}

/// The act that a quotation belongs to.
pub(super) fn speaker_act<'a>(reading: &'a Reading<'_>, quote: &Quote) -> Option<&'a Act> {
    let at = quote.outside.start;
    reading.acts.iter().rev().find(|act| act.reach.contains(&at) && act.deed != Deed::Handle)
}

/// A cut may leave out much, and not the "not".
fn turned(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote, cited: &Cited) {
    let text = &reading.passage.text[quote.inside.clone()];
    let Some(words) = left_out(&case.wording(cited.message()).own, text) else { return };
    let message = format!("the cut leaves out “{words}”, which turns the sentence round");
    case.report(&QUOTATION, reading.passage.source(&quote.inside), message, None);
}

fn marks(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote, cited: &Cited, rigour: Rigour) {
    if rigour == Rigour::Verbatim {
        return;
    }
    let text = &reading.passage.text[quote.inside.clone()];
    let wording = case.wording(cited.message());
    let near = nearest(&wording.own, text).filter(|near| near.edits == 0);
    let right = near.map(|near| spaced(&wording.own[near.span]));
    let message = match &right {
        Some(right) => format!("the message writes “{right}”"),
        None => "marks or capitals differ from the message".to_owned(),
    };
    let fix = right.and_then(|right| mended(reading, quote, text, &right));
    case.report(&QUOTATION_MARKS, reading.passage.source(&quote.inside), message, fix);
}

fn misplaced(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote, id: &MessageId, own: &Cited) {
    let header = &own.message().header;
    let words = shown(&reading.passage.text, &quote.inside);
    let message = format!(
        "“{words}” is not in `{id}`: {} wrote it in `{}`",
        sender(own.message()),
        header.id
    );
    let hint = format!("link to {}", case.link(&header.id));
    let fix = relink(case, reading, id, &header.id);
    case.advise(&QUOTATION_SOURCE, reading.passage.source(&quote.inside), message, hint, fix);
}

fn unproved(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote) {
    let words = shown(&reading.passage.text, &quote.inside);
    let message = format!("no message was found that says “{words}”");
    case.report(&QUOTATION_UNPROVED, reading.passage.source(&quote.inside), message, None);
}

/// Words that no mail holds: the nearest ones are shown.
fn wrong(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote, mut known: Vec<Cited>) {
    let text = &reading.passage.text[quote.inside.clone()];
    let linked = !known.is_empty();
    if !linked {
        known = case.resembling(text);
    }
    let words = shown(&reading.passage.text, &quote.inside);
    let place = reading.passage.source(&quote.inside);
    if let Some((cited, near)) = best(case, &known, text) {
        let right = spaced(&case.wording(cited.message()).own[near.span]);
        let header = &cited.message().header;
        let hint = format!("{} wrote “{right}” in `{}`", sender(cited.message()), header.id);
        let message = format!("“{words}” is not what the message says");
        let fix = mended(reading, quote, text, &right);
        return case.advise(&QUOTATION, place, message, hint, fix);
    }
    let count = text.split_whitespace().count();
    let sentence = reading.sentence(quote.outside.start);
    let beside = reading.links(&sentence).next().is_some()
        || speaker_act(reading, quote).is_some()
        || is_introduced(reading, quote);
    let ends = case.ends(&known, text);
    if linked && (beside || ends > 0) && count > FEWEST {
        let why = match ends {
            0 => "is in no message of this thread",
            1 => "is only half of what a message says",
            _ => "joins words of different places",
        };
        case.report(&QUOTATION, place, format!("“{words}” {why}"), None);
    } else if count >= LONG || linked && beside {
        unproved(case, reading, quote);
    }
}

/// Whether a comma or colon leads into the words: "New in this version: “…”", "It goes on, “…”".
fn is_introduced(reading: &Reading<'_>, quote: &Quote) -> bool {
    let sentence = reading.sentence(quote.outside.start);
    let front = reading.masked.get(sentence.start..quote.outside.start).unwrap_or_default();
    front.trim_end().ends_with([',', ':'])
}

/// The mail, of those given, that needs the fewest changes. Marked pieces count one by one.
fn best(case: &Case<'_>, known: &[Cited], text: &str) -> Option<(Cited, Near)> {
    let mut best: Option<(Cited, Near)> = None;
    for cited in known.iter().take(MOST_COMPARED) {
        let wording = case.wording(cited.message());
        let Some(near) = nearest(&wording.own, text).filter(Near::is_slip) else { continue };
        if best.as_ref().is_none_or(|(_, held)| near.edits < held.edits) {
            best = Some((cited.clone(), near));
        }
    }
    best
}

/// With how many mails a wrong quotation is compared word by word.
const MOST_COMPARED: usize = 300;

/// The right words in place of the wrong ones; none where an editor's marks stand between them.
fn mended(
    reading: &Reading<'_>,
    quote: &Quote,
    text: &str,
    right: &str,
) -> Option<lorecast_model::Fix> {
    let marked = text.contains(['[', '…']) || text.contains("...");
    let right = right.trim_end_matches([',', ';', ':', '.']);
    let tail = text.trim_end();
    let tail = &tail[tail.trim_end_matches([',', ';', ':', '.']).len()..];
    let right = format!("{right}{tail}");
    (!marked).then(|| reading.fix(&quote.inside, &right)).flatten()
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
