//! Who wrote messages, and what they say of themselves.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use lorecast_model::{Declared, Mailbox, Sighting, Writer};
use postgres::Row;

use super::fault::Fault;
use super::nodes::message_id;
use super::read::{bounds, text};
use super::session::Session;
use crate::Span;
use crate::columns::{join, vouch};
use crate::pack::moment;

/// The columns that [`writer`] reads, in its order.
pub(super) const WRITER: &str = "wp.name, wp.email, w.employer, w.vouch, w.robot";

/// Where [`WRITER`] comes from, behind `message m`.
pub(super) const WRITERS: &str =
    "JOIN writer w ON w.id = m.writer JOIN mailbox wp ON wp.id = w.who";

/// The writer in the columns of [`WRITER`], from column `at` on.
pub(super) fn writer(row: &Row, at: usize) -> Result<Writer, Fault> {
    let employer: Option<&[u8]> = row.get(at + 2);
    let employer = employer.map(text).transpose()?;
    let by: Option<i64> = row.get(at + 3);
    let by = by.map(vouch).transpose().map_err(Fault::content)?;
    let declared = employer.zip(by).map(|(employer, by)| Declared { employer, by });
    let who = Mailbox { name: text(row.get(at))?, email: text(row.get(at + 1))? };
    Ok(Writer { who, declared, robot: row.get(at + 4) })
}

/// Every writer of the span with what was seen of them, in the order of writers.
pub(super) fn each_sighting(
    session: &Session,
    span: Span,
    visit: &mut dyn FnMut(Sighting) -> crate::Result<()>,
) -> Result<(), Fault> {
    let sql = format!(
        "SELECT {WRITER}, g.mails, g.first, g.last, (
             SELECT min(n.message_id) FROM message f JOIN node n ON n.id = f.node
             WHERE f.writer = g.key AND f.date = g.first)
         FROM (SELECT m.writer AS key, count(*) AS mails, min(m.date) AS first, max(m.date) AS last
               FROM message m WHERE m.date >= $1 AND m.date < $2 GROUP BY m.writer) AS g
         JOIN writer w ON w.id = g.key JOIN mailbox wp ON wp.id = w.who"
    );
    let [from, to] = bounds(span);
    let mut found: BTreeMap<Writer, Sighting> = BTreeMap::new();
    for row in session.query(&sql, &[&from, &to])? {
        let sighting = Sighting {
            writer: writer(&row, 0)?,
            mails: row.get::<_, i64>(5).cast_unsigned(),
            first: moment(row.get(6))?,
            last: moment(row.get(7))?,
            proof: Some(message_id(row.get(8))?),
        };
        match found.entry(sighting.writer.clone()) {
            Entry::Vacant(entry) => _ = entry.insert(sighting),
            Entry::Occupied(mut entry) => join(entry.get_mut(), sighting),
        }
    }
    Ok(found.into_values().try_for_each(visit)?)
}
