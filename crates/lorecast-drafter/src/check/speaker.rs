//! Who said what: the person named is the sender of the mail.

use std::ops::Range;

use lorecast_mail::{poster, subject_tags};
use lorecast_model::{Fact, Mailbox, MessageId};

use super::case::{Case, Cited, Reading};
use super::compact::{Rigour, same};
use super::people::{Likeness, likeness, straight};
use super::quotation::Proved;
use super::rules::{LINK, NAME, SPEAKER, SPEAKER_UNKNOWN};
use super::sentence::{Act, Deed, is_letter};
use super::spelling::folded;
use super::title::relink;
use crate::names::sender_among;

/// Checks every act of a passage whose mail is known.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>, proved: &[Proved]) {
    for act in &reading.acts {
        let Some(subject) = &act.subject else { continue };
        let subject = &whole(case, reading, subject);
        let mut targets: Vec<(Cited, bool)> =
            said(case, reading, act, proved).into_iter().collect();
        // Whoever posts something is its sender, whatever is quoted of it.
        if targets.is_empty() || act.deed == Deed::Post {
            targets.extend(linked(case, reading, act));
        }
        for (cited, strict) in targets {
            replied_instead(case, reading, act, &cited, proved);
            judge(case, reading, subject, &senders(case, reading, &cited, strict), act.joint);
        }
    }
    for (subject, id) in owners(reading) {
        if let Some(cited) = case.cited(&id) {
            let mut from = senders(case, reading, &cited, true);
            from.extend(case.series(&id).iter().map(|revision| revision.author.clone()));
            judge(case, reading, &subject, &from, false);
        }
    }
}

/// Whether a name stands for a sender.
pub(super) fn subject_is(
    case: &Case<'_>,
    reading: &Reading<'_>,
    subject: &Range<usize>,
    from: &Mailbox,
) -> bool {
    let name = &reading.passage.text[subject.clone()];
    anothers(case, reading, name, std::slice::from_ref(from)).is_none()
        && tails(name).any(|(_, tail)| likeness(tail, from) == Likeness::Same)
}

/// A name with the family name in front: `Example, Ann replied`.
fn whole(case: &Case<'_>, reading: &Reading<'_>, subject: &Range<usize>) -> Range<usize> {
    let front = reading.masked[..subject.start].strip_suffix(", ");
    let start = front.map(|front| front.rfind(' ').map_or(0, |at| at + 1));
    let whole = start.map(|start| start..subject.end);
    whole
        .filter(|span| case.sources.is_sender(&reading.masked[span.clone()]))
        .unwrap_or(subject.clone())
}

/// The mail whose words an act introduces.
fn said(
    case: &Case<'_>,
    reading: &Reading<'_>,
    act: &Act,
    proved: &[Proved],
) -> Option<(Cited, bool)> {
    let within = |quote: &Range<usize>| act.reach.contains(&quote.start);
    let mut said = proved.iter().filter(|p| !p.title && act.deed != Deed::Handle);
    let behind = said.clone().find(|p| within(&p.quote));
    let touches = |p: &&Proved| {
        let from = act.subject.as_ref().map_or(act.verb.start, |s| s.start.min(act.verb.start));
        let between = reading.masked.get(p.quote.end..from);
        between.is_some_and(|text| text.trim_matches([',', ' ']).is_empty())
    };
    let found = behind.or_else(|| said.rfind(touches))?;
    Some((case.cited(&found.message)?, true))
}

/// The mail that an act links to, and whether its sender has to be the one who acts.
fn linked(case: &Case<'_>, reading: &Reading<'_>, act: &Act) -> Option<(Cited, bool)> {
    let (_, id) = reading.links(&act.reach).next()?;
    let cited = case.cited(id)?;
    let strict = match act.deed {
        Deed::Post => true,
        Deed::Speak => case.is_reply(cited.message()),
        Deed::Handle => false,
    };
    Some((cited, strict))
}

/// Who may be named: the sender alone, or everybody in the thread.
fn senders(case: &Case<'_>, reading: &Reading<'_>, cited: &Cited, strict: bool) -> Vec<Mailbox> {
    let header = &cited.message().header;
    let mut from = vec![poster(cited.message()), header.from.clone()];
    let named = |name: &str| Mailbox { name: name.to_owned(), email: String::new() };
    // People who write from a bare address sign their patches.
    from.push(named(&sender_among(cited.message(), &cited.talk.messages).0));
    if strict {
        const OWN: [Fact; 2] = [Fact::Author, Fact::Reply];
        let own = reading.entries.iter().flat_map(|entry| entry.evidence());
        let own = own.filter(|e| e.message == header.id && OWN.contains(&e.fact));
        from.extend(own.map(|evidence| named(&evidence.value)));
    } else {
        from.extend(cited.talk.messages.iter().map(poster));
        from.extend(case.crowd(&cited.talk).mentioned.iter().map(|name| named(name)));
        let evidence = reading.entries.iter().flat_map(|entry| entry.evidence());
        from.extend(evidence.map(|evidence| named(&evidence.value)));
    }
    from
}

fn judge(
    case: &Case<'_>,
    reading: &Reading<'_>,
    subject: &Range<usize>,
    from: &[Mailbox],
    joint: bool,
) {
    let name = &reading.passage.text[subject.clone()];
    let anothers = anothers(case, reading, name, from);
    let known = anothers.is_some();
    let mut slip = None;
    for (at, tail) in tails(name) {
        for mailbox in from {
            match likeness(tail, mailbox) {
                Likeness::Same if !known => return,
                Likeness::Slip(right) if !known => slip = slip.or(Some((at, right))),
                _ => {}
            }
        }
    }
    if let Some((at, right)) = slip {
        let span = subject.start + at..subject.end;
        let message = format!("“{}” is spelt “{right}”", &name[at..]);
        let fix = reading.fix(&span, &right);
        return case.report(&NAME, reading.passage.source(&span), message, fix);
    }
    if joint {
        return;
    }
    let Some(sender) = from.first() else { return };
    // Without the words in front of it: `As Ann Example wrote`.
    let at = anothers.unwrap_or(0);
    let (name, place) = (&name[at..], reading.passage.source(&(subject.start + at..subject.end)));
    let message = format!("not {name} but {} sent this message", sender.called());
    if known || is_part_of_a_name(case, reading, name) {
        case.report(&SPEAKER, place, message, None);
    } else if name.split_whitespace().count() > 1 && !name.starts_with("The ") {
        case.report(&SPEAKER_UNKNOWN, place, message, None);
    }
}

/// The name, and what remains of it when words are taken from its front: `Meanwhile Ann Example`.
fn tails(name: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = name.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).map(|at| (at, &name[at..])).take(4)
}

/// Where in a name exactly that of somebody else begins.
fn anothers(case: &Case<'_>, reading: &Reading<'_>, name: &str, from: &[Mailbox]) -> Option<usize> {
    let own = |spelling: &str| {
        from.iter()
            .any(|m| super::people::spellings(m).iter().any(|s| straight(s) == straight(spelling)))
    };
    let known = |name: &str| {
        let crowds = reading.talks.iter().map(|talk| case.crowd(talk));
        name.contains(' ') && crowds.into_iter().any(|crowd| crowd.senders.contains(name))
            || case.sources.is_sender(name)
    };
    let mut tails = tails(name).filter(|(at, tail)| *at == 0 || tail.contains(' '));
    tails.find(|(_, tail)| !own(tail) && known(tail)).map(|(at, _)| at)
}

/// Whether a name is a part of that of somebody in the passage's threads; more than one word may be
/// of anybody who ever wrote.
fn is_part_of_a_name(case: &Case<'_>, reading: &Reading<'_>, name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let held = |full: &String| {
        let theirs: Vec<&str> = full.split([' ', ',']).collect();
        words.iter().all(|word| theirs.contains(word))
    };
    let crowds = reading.talks.iter().map(|talk| case.crowd(talk));
    let here = crowds.into_iter().any(|crowd| crowd.senders.iter().any(held));
    let long = words.iter().max_by_key(|word| word.len()).filter(|_| words.len() > 1);
    here || long.is_some_and(|word| case.sources.senders_with(&folded(word)).iter().any(held))
}

/// "Ann posted “title”" with a link to an answer of Ann's of the same subject: the posting was meant.
fn replied_instead(
    case: &Case<'_>,
    reading: &Reading<'_>,
    act: &Act,
    cited: &Cited,
    proved: &[Proved],
) {
    let message = cited.message();
    let titled = proved.iter().any(|p| p.title && p.message == message.header.id);
    if act.deed != Deed::Post || !titled || !case.is_reply(message) {
        return;
    }
    let title = |subject: &str| subject_tags(subject).title;
    let wanted = title(&message.header.subject);
    let posting = cited.talk.messages.iter().find(|other| {
        other.header.from.email == message.header.from.email
            && !case.is_reply(other)
            && same(&title(&other.header.subject), &wanted, Rigour::Words)
    });
    if let Some(posting) = posting {
        let right = &posting.header.id;
        let text = format!("the link leads to an answer; the posting is `{right}`");
        let place = reading.passage.source(&act.verb);
        case.report(&LINK, place, text, relink(case, reading, &message.header.id, right));
    }
}

/// Names in front of a link (`Ann’s [“title”](…)`) and behind it (`[…](…) by Ann`).
fn owners(reading: &Reading<'_>) -> Vec<(Range<usize>, MessageId)> {
    let mut found = Vec::new();
    for link in reading.passage.links.iter().filter(|link| !link.span.is_empty()) {
        let Some(id) = link.id.clone() else { continue };
        let front = reading.masked[..link.span.start].trim_end();
        let owner = front.strip_suffix("’s").or_else(|| front.strip_suffix("'s"));
        if let Some(span) = owner.and_then(name_at_end) {
            found.push((span, id.clone()));
        }
        let behind = &reading.masked[link.span.end..];
        if let Some(rest) = behind.strip_prefix(" by ").or_else(|| behind.strip_prefix(" from ")) {
            let at = link.span.end + (behind.len() - rest.len());
            found.extend(name_at_start(rest).map(|n| (at..at + n, id)));
        }
    }
    found
}

/// The run of capitalised words that ends a text.
fn name_at_end(text: &str) -> Option<Range<usize>> {
    // An employer in brackets.
    let text = match text.strip_suffix(')').and_then(|inside| inside.rsplit_once(" (")) {
        Some((name, _)) => name.trim_end(),
        None => text,
    };
    let mut start = None;
    for (at, word) in words(text).into_iter().rev() {
        let inner = word.trim_start_matches(['(', '“', '"']);
        let initial = word.chars().count() == 2;
        let stops = word.ends_with([',', ':', ';']) || word.ends_with('.') && !initial;
        let ends = start.is_some() && stops;
        if ends || !inner.starts_with(char::is_uppercase) {
            break;
        }
        start = Some(at + (word.len() - inner.len()));
        if inner.len() < word.len() {
            break;
        }
    }
    // One who writes in small letters begins the sentence.
    let lone = || words(text).first().filter(|_| words(text).len() == 1).map(|(at, _)| *at);
    Some(start.or_else(lone)?..text.len())
}

/// The length of the run of capitalised words that begins a text.
fn name_at_start(text: &str) -> Option<usize> {
    let mut end = None;
    for (at, word) in words(text) {
        let inner = word.trim_end_matches(|c: char| !is_letter(c));
        if !inner.starts_with(char::is_uppercase) {
            break;
        }
        end = Some(at + inner.len());
        if inner.len() < word.len() && !(word.ends_with('.') && inner.len() == 1) {
            break;
        }
    }
    end
}

fn words(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let words = text.split(' ').map(|word| {
        let here = (at, word);
        at += word.len() + 1;
        here
    });
    words.filter(|(_, word)| !word.is_empty()).collect()
}
