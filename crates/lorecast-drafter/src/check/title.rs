//! Titles: what stands behind "entitled", or in a link, against the subject of the mail.

use std::ops::Range;

use lorecast_mail::subject_tags;
use lorecast_model::{Evidence, Fact, Fix, Message, MessageId};

use super::case::{Case, Cited, Entry, Reading, entries};
use super::compact::{Rigour, same};
use super::quotes::Quote;
use super::rules::{LINK, TITLE};
use super::sentence::{Act, Deed};
use super::speaker::subject_is;
use super::spelling::distance;
use super::wording::contains;
use crate::kind::spoken_title;

/// What a quotation turned out to be.
pub(super) enum Verdict {
    /// The title of this mail.
    Title(MessageId),
    /// A wrong one, which was reported.
    Wrong,
    /// Words that somebody wrote.
    Words,
}

/// Judges whether a quotation is a title, and the right one.
pub(super) fn judge(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote) -> Verdict {
    let words = &reading.passage.text[quote.inside.clone()];
    let (introduced, opens_link) = (is_introduced(reading, quote), opens_link(reading, quote));
    let Some(id) = target(reading, quote) else {
        return if introduced { unlinked(case, reading, quote) } else { Verdict::Words };
    };
    let Some(cited) = case.cited(&id) else { return Verdict::Words };
    let titles = titles(case, reading, cited.message());
    if titles.iter().any(|title| is_title(words, title)) {
        part_instead(case, reading, quote, cited.message());
        neighbour_instead(case, reading, quote, &cited);
        return Verdict::Title(id);
    }
    if !introduced && !opens_link {
        return Verdict::Words;
    }
    if let Some(title) = titles.iter().find(|title| is_slip(words, title)) {
        let fix = reading.fix(&quote.inside, title);
        let message = format!("the message is entitled “{title}”");
        case.report(&TITLE, reading.passage.source(&quote.inside), message, fix);
        return Verdict::Wrong;
    }
    if !introduced || case.wording(cited.message()).holds(words).is_some() {
        return Verdict::Words;
    }
    misled(case, reading, quote, &id, &titles);
    Verdict::Wrong
}

/// The title of a series with a link to one of its patches: the cover letter was meant.
fn part_instead(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote, message: &Message) {
    let id = &message.header.id;
    let words = &reading.passage.text[quote.inside.clone()];
    let Some(revision) = case.revision(id).filter(|revision| revision.root != *id) else { return };
    let own = subject_tags(&message.header.subject).title;
    let held = case.cited(&revision.root).is_some();
    if held && is_title(words, &revision.title) && !is_title(words, &own) {
        let root = &revision.root;
        let text = format!("the link leads to the patch “{own}”; this title is that of `{root}`");
        case.report(
            &LINK,
            reading.passage.source(&quote.inside),
            text,
            relink(case, reading, id, root),
        );
    }
}

/// A title with a link to a mail of its thread, while evidence has this title in another one. Whoever is said to act may have sent the linked mail: "Ann replied to “title”".
fn neighbour_instead(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote, cited: &Cited) {
    let header = &cited.message().header;
    let linked = reading.around(&quote.outside).is_some_and(|(_, id)| *id == header.id);
    let acts = |act: &Act| {
        let sent = |subject| subject_is(case, reading, subject, &header.from);
        act.reach.contains(&quote.outside.start) && act.subject.as_ref().is_some_and(sent)
    };
    let named = reading.entries.iter().any(|entry| entry.is_titled(&header.id));
    if !linked || named || reading.acts.iter().any(acts) {
        return;
    }
    let words = &reading.passage.text[quote.inside.clone()];
    let right = |evidence: &&Evidence| {
        evidence.fact == Fact::Title
            && is_title(words, &evidence.value)
            && cited.talk.message(&evidence.message).is_some()
    };
    let mut evidence = reading.entries.iter().flat_map(|entry| entry.evidence());
    if let Some(Evidence { message: right, .. }) = evidence.find(right) {
        let message = format!("the evidence has this title in `{right}`, not in `{}`", header.id);
        let fix = relink(case, reading, &header.id, right);
        case.report(&LINK, reading.passage.source(&quote.inside), message, fix);
    }
}

/// The title belongs to another mail than the linked one.
fn misled(
    case: &Case<'_>,
    reading: &Reading<'_>,
    quote: &Quote,
    id: &MessageId,
    titles: &[String],
) {
    let words = &reading.passage.text[quote.inside.clone()];
    let leads = titles.first().map_or("another message", String::as_str);
    let place = reading.passage.source(&quote.inside);
    match entitled(case, reading, words) {
        Some(right) => {
            let message = format!("the link leads to “{leads}”; this title is that of `{right}`");
            case.report(&LINK, place, message, relink(case, reading, id, &right));
        }
        None => {
            case.report(&TITLE, place, format!("the linked message is entitled “{leads}”"), None);
        }
    }
}

/// A link to another mail, when there is but one link to this one.
pub(super) fn relink(
    case: &Case<'_>,
    reading: &Reading<'_>,
    from: &MessageId,
    to: &MessageId,
) -> Option<Fix> {
    let mut links = reading.passage.links.iter().filter(|link| link.id.as_ref() == Some(from));
    let (link, None) = (links.next()?, links.next()) else { return None };
    Some(Fix { from: link.address.start, to: link.address.end, text: case.link(to) })
}

/// A title without a link: only a slip of a known one is wrong.
fn unlinked(case: &Case<'_>, reading: &Reading<'_>, quote: &Quote) -> Verdict {
    let words = &reading.passage.text[quote.inside.clone()];
    let all = entries(case.episode());
    if let Some(entry) = all.iter().find(|entry| is_title(words, entry.title())) {
        return Verdict::Title(entry.id().clone());
    }
    let Some(entry) = all.iter().find(|entry| is_slip(words, entry.title())) else {
        return Verdict::Words;
    };
    let message = format!("the message is entitled “{}”", entry.title());
    let fix = reading.fix(&quote.inside, entry.title());
    case.report(&TITLE, reading.passage.source(&quote.inside), message, fix);
    Verdict::Wrong
}

/// The mail that a quotation would be the title of: the link around it, else the next one.
fn target(reading: &Reading<'_>, quote: &Quote) -> Option<MessageId> {
    if let Some((_, id)) = reading.around(&quote.outside) {
        return Some(id.clone());
    }
    let sentence = reading.sentence(quote.outside.start);
    let behind = quote.outside.end..sentence.end.max(quote.outside.end);
    let next = reading.links(&behind).next();
    let before = reading.links(&(sentence.start..quote.outside.start)).last();
    let found = next.or(before).map(|(_, id)| id.clone());
    found.or_else(|| reading.about.first().cloned().filter(|_| reading.about.len() == 1))
}

/// Whether the words in front say that a title follows.
fn is_introduced(reading: &Reading<'_>, quote: &Quote) -> bool {
    let front = reading.masked[..quote.outside.start].trim_end();
    let last = front.rsplit(|c: char| !c.is_alphanumeric() && c != '’').next().unwrap_or("");
    let named = ["entitled", "titled", "called", "named"].contains(&last);
    let posts = |act: &Act| act.deed == Deed::Post && act.verb.end == front.len();
    let linked = reading.around(&quote.outside).is_some();
    let versioned = linked && last == "of";
    named || versioned || reading.acts.iter().any(posts)
}

/// Whether a quotation opens a link and nobody is about to speak: it may be a title.
fn opens_link(reading: &Reading<'_>, quote: &Quote) -> bool {
    let around = reading.around(&quote.outside);
    let front = reading.masked[..quote.outside.start].trim_end();
    let said = front.ends_with([',', ':']) || is_spoken(reading, front.len());
    around.is_some_and(|(link, _)| link.span.start == quote.outside.start) && !said
}

fn is_spoken(reading: &Reading<'_>, end: usize) -> bool {
    let speaks = |act: &Act| act.deed == Deed::Speak && act.verb.end == end;
    reading.acts.iter().any(speaks)
}

/// What a mail may be called: its subject, the series it is part of, what `episode.yaml` says.
fn titles(case: &Case<'_>, reading: &Reading<'_>, message: &Message) -> Vec<String> {
    let id = &message.header.id;
    let tags = subject_tags(&message.header.subject);
    let mut titles = vec![spoken_title(&tags).to_owned(), tags.title.clone()];
    titles.push(message.header.subject.clone());
    titles.extend(case.revision(id).map(|revision| revision.title));
    let told = reading.entries.iter().filter(|entry| entry.id() == id);
    titles.extend(told.map(|entry| entry.title().to_owned()));
    // Later revisions are told under the title that was told first.
    let series = case.series(id);
    let follows = |entry: &&Entry<'_>| series.iter().any(|r| r.root == *entry.id());
    titles.extend(reading.entries.iter().filter(follows).map(|entry| entry.title().to_owned()));
    titles.retain(|title| !title.trim().is_empty());
    titles.dedup();
    titles
}

/// Whether words are a title, or the greater part of one.
fn is_title(words: &str, title: &str) -> bool {
    same(words, title, Rigour::Words)
        || words.split_whitespace().count() > 3 && contains(title, words)
}

fn is_slip(words: &str, title: &str) -> bool {
    let most = (title.chars().count() / 4).clamp(1, 12);
    let short = words.chars().count() <= 400 && title.chars().count() <= 400;
    short && distance(words, title, most).is_some()
}

/// The mail of the passage's threads, or the entry of the episode, that has this title.
fn entitled(case: &Case<'_>, reading: &Reading<'_>, words: &str) -> Option<MessageId> {
    let told = entries(case.episode());
    let told = told.iter().find(|entry| same(entry.title(), words, Rigour::Words));
    if let Some(entry) = told {
        return Some(entry.id().clone());
    }
    let has = |message: &&Message| {
        same(&subject_tags(&message.header.subject).title, words, Rigour::Words)
    };
    let mut messages = reading.talks.iter().flat_map(|talk| &talk.messages);
    if let Some(found) = messages.find(has) {
        return Some(found.header.id.clone());
    }
    let held = case.holding(words);
    held.iter().find(|cited| has(&cited.message())).map(|cited| cited.message().header.id.clone())
}

/// A stretch of the text, for messages.
pub(super) fn shown(text: &str, span: &Range<usize>) -> String {
    let words: Vec<&str> = text[span.clone()].split_whitespace().collect();
    if words.len() <= MOST_SHOWN {
        return words.join(" ");
    }
    format!("{} …", words[..MOST_SHOWN].join(" "))
}

/// How many words of a quotation a message repeats.
const MOST_SHOWN: usize = 8;
