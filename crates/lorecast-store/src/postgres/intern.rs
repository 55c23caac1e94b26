//! Strings that come again and again, as row ids, many at a time.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use lorecast_model::{ListId, Mailbox, Writer};
use rustc_hash::FxBuildHasher;

use super::digest;
use super::fault::Fault;
use super::session::Session;
use crate::Entry;

/// How many mailboxes are remembered before all are forgotten: a bound on memory, not a tuning.
const REMEMBERED: usize = 50_000;

/// How many words are remembered: they are only numbers.
const WORDS: usize = 1_000_000;

/// Row ids of mailboxes, writers and lists met lately, and words. None of these rows is ever deleted.
#[derive(Default)]
pub(super) struct Interned {
    mailboxes: HashMap<Mailbox, i64>,
    writers: HashMap<Writer, i64>,
    lists: HashMap<ListId, i64>,
    /// Hashes of words whose stem is known to be kept.
    words: HashSet<u64, FxBuildHasher>,
    /// Which connection they were met in: a server may come back without the last of what it kept.
    connection: u64,
}

impl Interned {
    /// Forgets everything; needed when a transaction was undone.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Makes sure that everything in these entries has its row.
    pub(super) fn load(&mut self, session: &Session, entries: &[Entry]) -> Result<(), Fault> {
        if self.connection != session.connected() {
            *self = Self { connection: session.connected(), ..Self::default() };
        }
        let messages = || entries.iter().map(|entry| &entry.message);
        let mailboxes = messages().flat_map(|message| {
            let one = [&message.header.from, &message.writer.who];
            one.into_iter().chain(&message.to).chain(&message.cc)
        });
        let mailboxes = unknown(&mut self.mailboxes, mailboxes);
        load_mailboxes(session, &mailboxes, &mut self.mailboxes)?;
        let writers = unknown(&mut self.writers, messages().map(|message| &message.writer));
        load_writers(session, &writers, &self.mailboxes, &mut self.writers)?;
        let lists = messages().flat_map(|message| &message.header.lists);
        let lists = unknown(&mut self.lists, lists);
        load_lists(session, &lists, &mut self.lists)
    }

    /// The row of a mailbox that was loaded.
    pub(super) fn mailbox(&self, mailbox: &Mailbox) -> Result<i64, Fault> {
        known(&self.mailboxes, mailbox)
    }

    /// The row of a writer that was loaded.
    pub(super) fn writer(&self, writer: &Writer) -> Result<i64, Fault> {
        known(&self.writers, writer)
    }

    /// The row of a list that was loaded.
    pub(super) fn list(&self, list: &ListId) -> Result<i64, Fault> {
        known(&self.lists, list)
    }

    /// Keeps the words of these entries under their stems.
    pub(super) fn stems<'e>(
        &mut self,
        session: &Session,
        entries: impl Iterator<Item = &'e Entry>,
    ) -> Result<(), Fault> {
        if self.words.len() >= WORDS {
            self.words.clear();
        }
        let (mut stems, mut words) = (Vec::new(), Vec::new());
        for found in entries.flat_map(|entry| &entry.inflected) {
            if self.words.insert(FxBuildHasher.hash_one(&found.word)) {
                stems.push(found.stem.as_str());
                words.push(found.word.as_str());
            }
        }
        if !words.is_empty() {
            let sql = "INSERT INTO stem (stem, word) SELECT * FROM unnest($1::text[], $2::text[])
                       ON CONFLICT DO NOTHING";
            session.execute(sql, &[&stems, &words])?;
        }
        Ok(())
    }
}

/// What is not known yet of these, each once, in their order.
fn unknown<'v, V: Eq + Hash>(
    known: &mut HashMap<V, i64>,
    values: impl Iterator<Item = &'v V> + Clone,
) -> Vec<&'v V> {
    // All of a batch have to be there together: what is known is forgotten before, if ever.
    if known.len() >= REMEMBERED {
        known.clear();
    }
    let mut seen = HashSet::new();
    values.filter(|value| !known.contains_key(value) && seen.insert(*value)).collect()
}

fn known<V: Eq + Hash>(known: &HashMap<V, i64>, value: &V) -> Result<i64, Fault> {
    known.get(value).copied().ok_or_else(|| Fault::content("a value was not loaded"))
}

fn load_mailboxes(
    session: &Session,
    new: &[&Mailbox],
    known: &mut HashMap<Mailbox, i64>,
) -> Result<(), Fault> {
    let keys = new.iter().map(|one| digest(&[one.email.as_bytes(), one.name.as_bytes()]));
    let keys: Vec<[u8; 16]> = keys.collect();
    let (rows, made) = rows(session, "mailbox", &keys)?;
    if !made.is_empty() {
        let ids: Vec<i64> = made.iter().map(|at| rows[*at]).collect();
        let digests: Vec<&[u8]> = made.iter().map(|at| keys[*at].as_slice()).collect();
        let emails: Vec<&[u8]> = made.iter().map(|at| new[*at].email.as_bytes()).collect();
        let names: Vec<&[u8]> = made.iter().map(|at| new[*at].name.as_bytes()).collect();
        let sql = "INSERT INTO mailbox (id, key, email, name)
                   SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[])";
        session.execute(sql, &[&ids, &digests, &emails, &names])?;
    }
    known.extend(new.iter().copied().cloned().zip(rows));
    Ok(())
}

fn load_writers(
    session: &Session,
    new: &[&Writer],
    mailboxes: &HashMap<Mailbox, i64>,
    known: &mut HashMap<Writer, i64>,
) -> Result<(), Fault> {
    let mut who = Vec::with_capacity(new.len());
    for writer in new {
        who.push(self::known(mailboxes, &writer.who)?);
    }
    let employer =
        |writer: &Writer| writer.declared.as_ref().map(|d| d.employer.clone().into_bytes());
    let vouch = |writer: &Writer| writer.declared.as_ref().map(|d| d.by as i64);
    let keys = new.iter().zip(&who).map(|(writer, who)| {
        let by = vouch(writer).unwrap_or(-1).to_be_bytes();
        let said = employer(writer).unwrap_or_default();
        digest(&[&who.to_be_bytes(), &by, &said, &[u8::from(writer.robot)]])
    });
    let keys: Vec<[u8; 16]> = keys.collect();
    let (rows, made) = rows(session, "writer", &keys)?;
    if !made.is_empty() {
        let ids: Vec<i64> = made.iter().map(|at| rows[*at]).collect();
        let digests: Vec<&[u8]> = made.iter().map(|at| keys[*at].as_slice()).collect();
        let who: Vec<i64> = made.iter().map(|at| who[*at]).collect();
        let employers: Vec<Option<Vec<u8>>> = made.iter().map(|at| employer(new[*at])).collect();
        let vouches: Vec<Option<i64>> = made.iter().map(|at| vouch(new[*at])).collect();
        let robots: Vec<bool> = made.iter().map(|at| new[*at].robot).collect();
        let sql = "INSERT INTO writer (id, key, who, employer, vouch, robot)
                   SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bytea[],
                       $5::bigint[], $6::boolean[])";
        session.execute(sql, &[&ids, &digests, &who, &employers, &vouches, &robots])?;
    }
    known.extend(new.iter().copied().cloned().zip(rows));
    Ok(())
}

fn load_lists(
    session: &Session,
    new: &[&ListId],
    known: &mut HashMap<ListId, i64>,
) -> Result<(), Fault> {
    if new.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = new.iter().map(|list| list.as_str()).collect();
    let sql = "INSERT INTO list (id, name)
               SELECT (SELECT coalesce(max(id), 0) FROM list) + row_number() OVER (ORDER BY u.o), u.name
               FROM unnest($1::text[]) WITH ORDINALITY AS u (name, o)
               WHERE NOT EXISTS (SELECT 1 FROM list l WHERE l.name = u.name)";
    session.execute(sql, &[&names])?;
    for row in session.query("SELECT name, id FROM list WHERE name = ANY($1)", &[&names])? {
        known.insert(ListId::new(row.get(0)).map_err(Fault::content)?, row.get(1));
    }
    Ok(())
}

/// The rows of these keys, new ones included, and which of them are new.
fn rows(
    session: &Session,
    table: &str,
    keys: &[[u8; 16]],
) -> Result<(Vec<i64>, Vec<usize>), Fault> {
    if keys.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let wanted: Vec<&[u8]> = keys.iter().map(<[u8; 16]>::as_slice).collect();
    let sql = format!("SELECT key, id FROM {table} WHERE key = ANY($1)");
    let mut known: HashMap<Vec<u8>, i64> = HashMap::new();
    for row in session.query(&sql, &[&wanted])? {
        known.insert(row.get(0), row.get(1));
    }
    let mut last = session.number(&format!("SELECT coalesce(max(id), 0) FROM {table}"), &[])?;
    let (mut rows, mut made) = (Vec::with_capacity(keys.len()), Vec::new());
    for (at, key) in keys.iter().enumerate() {
        rows.push(known.get(key.as_slice()).copied().unwrap_or_else(|| {
            made.push(at);
            last += 1;
            last
        }));
    }
    Ok((rows, made))
}
