//! Marks that have nowhere to go, made without any reading: the mail that a mark was carried to is taken
//! away, and marks are carried into revisions of other series.

use std::error::Error;

use lorecast_model::{Carried, Message};
use lorecast_tracker::marks::Carrier;

use crate::answers::{Marked, marked};
use crate::pairs::Pair;

/// How many other series each mark is carried into.
const OTHERS: usize = 5;

/// What was tried, and where marks went all the same.
pub(crate) fn of(table: &str, pairs: &[Pair]) -> Result<Vec<String>, Box<dyn Error>> {
    let (mut without, mut strange) = ((0, vec![]), (0, vec![]));
    for marked in marked(table, pairs)?.into_iter().flatten() {
        let Some(right) = marked.carry(&marked.pair.after) else { continue };
        let left: Vec<Message> = marked
            .pair
            .after
            .iter()
            .filter(|mail| mail.header.id != right.message)
            .cloned()
            .collect();
        without.0 += 1;
        without.1.extend(marked.carry(&left).map(|carried| said(&marked, &carried)));
        for pair in strangers(&marked, pairs).take(OTHERS) {
            strange.0 += 1;
            strange.1.extend(marked.carry(&pair.after).map(|carried| said(&marked, &carried)));
        }
    }
    let count = |what: &str, (tried, went): &(usize, Vec<String>)| {
        format!("{what}: {} of {tried} marks went somewhere", went.len())
    };
    let mut lines = vec![count("without the mail that holds the text", &without)];
    lines.extend(without.1);
    lines.push(count("into revisions of other series", &strange));
    lines.extend(strange.1);
    Ok(lines)
}

/// Pairs of other people, so of other series.
fn strangers<'p>(marked: &Marked<'p>, pairs: &'p [Pair]) -> impl Iterator<Item = &'p Pair> {
    let sender = |mails: &[Message]| mails.first().map(|mail| mail.header.from.email.clone());
    let own = sender(&marked.pair.before);
    let at = pairs.iter().position(|pair| std::ptr::eq(pair, marked.pair)).unwrap_or(0);
    let others = pairs.iter().cycle().skip(at + 1).take(pairs.len());
    others.filter(move |pair| sender(&pair.before) != own && sender(&pair.after) != own)
}

fn said(marked: &Marked<'_>, carried: &Carried) -> String {
    let (from, to) = (marked.place.clone(), carried.mark.position());
    let older = &marked.older;
    format!(
        "  {older} {}-{} -> {} {}-{} ({:?})",
        from.start, from.end, carried.message, to.start, to.end, carried.how
    )
}

impl Marked<'_> {
    pub(crate) fn carry(&self, after: &[Message]) -> Option<Carried> {
        Carrier::new(&self.pair.before, after).carry(&self.older, &self.mark)
    }
}
