//! Links: to mails that the archives hold.

use std::collections::BTreeSet;

use lorecast_model::{Fix, MessageId};

use super::case::{Case, Reading, entries};
use super::rules::LINK;

/// Checks every link of a passage.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    for link in &reading.passage.links {
        let Some(id) = link.id.as_ref().filter(|id| case.cited(id).is_none()) else { continue };
        let address = link.address.clone();
        let message = format!("the message `{id}` is not in the store");
        let fix = meant(case, reading, id).map(|right| Fix {
            from: address.start,
            to: address.end,
            text: case.link(&right),
        });
        case.report(&LINK, address, message, fix);
    }
}

/// The id that was meant: the only one of the evidence or of the passage's threads that is a slip
/// away.
fn meant(case: &Case<'_>, reading: &Reading<'_>, id: &MessageId) -> Option<MessageId> {
    let told = entries(case.episode());
    let evidence = told.iter().flat_map(|entry| entry.evidence()).map(|e| &e.message);
    let thread = reading.talks.iter().flat_map(|talk| &talk.messages).map(|m| &m.header.id);
    let known = told.iter().map(|entry| entry.id()).chain(evidence).chain(thread);
    let near: BTreeSet<&MessageId> =
        known.filter(|other| is_slip(id.as_str(), other.as_str())).collect();
    match near.into_iter().collect::<Vec<_>>()[..] {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// Whether two ids differ by one letter that was left out, added or changed, or by two that changed
/// places. A digit tells the mails of a series apart: it is no slip.
fn is_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let behind = a[front..].iter().rev().zip(b[front..].iter().rev());
    let behind = behind.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[front..a.len() - behind], &b[front..b.len() - behind]);
    let slip = matches!((a, b), ([], [_]) | ([_], []) | ([_], [_]))
        || matches!((a, b), ([x, y], [v, w]) if x == w && y == v);
    slip && !a.iter().chain(b).any(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_no_slip() {
        let check = |a, b| is_slip(a, b) && is_slip(b, a);
        assert!(check("abc@x.example", "acb@x.example"));
        assert!(check("abc@x.example", "abc@x.exmple"));
        assert!(check("abc@x.example", "abd@x.example"));
        assert!(!check("20230412-1-ann@x.example", "20230412-2-ann@x.example"));
        assert!(!check("20230412-1-ann@x.example", "20230412-11-ann@x.example"));
        assert!(!check("12-ann@x.example", "21-ann@x.example"));
        assert!(!check("abc@x.example", "abc@x.example"));
        assert!(!check("abc@x.example", "add@x.example"));
    }
}
