//! Threads and their facts from a table of headers.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use lorecast_drafter::{Facts, facts};
use lorecast_model::{
    ContentHash, Header, ListId, Mailbox, Message, MessageId, Profile, Thread, Window,
};

type Error = Box<dyn std::error::Error>;

/// Every mail of a table, grouped into threads.
pub struct Headers {
    threads: Vec<Vec<Message>>,
    order: Vec<usize>,
    thread_of: HashMap<String, usize>,
    count: usize,
}

impl Headers {
    /// Reads the table; rows without a usable id are left out, and of several lists one mail is made.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let reader = BufReader::new(GzDecoder::new(File::open(file)?));
        let mut mails: BTreeMap<String, Message> = BTreeMap::new();
        for line in reader.split(b'\n').skip(1) {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            let cells: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
            let [list, id, time, parent, last, from, subject] = cells[..] else { continue };
            let list = ListId::new(list).ok();
            if let Some(known) = mails.get_mut(id) {
                known.header.lists.extend(list);
                known.header.lists.sort();
                known.header.lists.dedup();
                continue;
            }
            let Some(mail) = mail(list, [id, time, parent, last, from, subject]) else { continue };
            mails.insert(id.to_owned(), mail);
        }
        Ok(Self::group(mails))
    }

    fn group(mails: BTreeMap<String, Message>) -> Self {
        let count = mails.len();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut union: Vec<usize> = Vec::new();
        let mut number = |id: &str, union: &mut Vec<usize>| {
            *numbers.entry(id.to_owned()).or_insert_with(|| {
                union.push(union.len());
                union.len() - 1
            })
        };
        for (id, mail) in &mails {
            let own = number(id, &mut union);
            for reference in &mail.header.references {
                let other = number(reference.as_str(), &mut union);
                let (a, b) = (root(&mut union, own), root(&mut union, other));
                union[a] = b;
            }
        }
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let mut threads: Vec<Vec<Message>> = Vec::new();
        let mut thread_of = HashMap::new();
        for (id, number) in &numbers {
            let group = root(&mut union, *number);
            let place = *places.entry(group).or_insert_with(|| {
                threads.push(Vec::new());
                threads.len() - 1
            });
            thread_of.insert(id.clone(), place);
        }
        for (id, mail) in mails {
            threads[thread_of[&id]].push(mail);
        }
        for thread in &mut threads {
            thread
                .sort_by(|a, b| (a.header.date, &a.header.id).cmp(&(b.header.date, &b.header.id)));
        }
        // Everything below goes through the threads in one order, whatever order hashing gave them.
        let mut order: Vec<usize> = (0..threads.len()).collect();
        order.retain(|at| !threads[*at].is_empty());
        order.sort_by(|a, b| threads[*a][0].header.id.cmp(&threads[*b][0].header.id));
        Self { threads, order, thread_of, count }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// The facts of the seven days from a day, counted from 1970.
    pub fn facts(&self, first: i64) -> Vec<Facts> {
        let (from, to) = (first * 86_400, (first + 7) * 86_400);
        let day = |second: i64| {
            TimeZone::UTC.to_datetime(Timestamp::from_second(second).unwrap_or_default()).date()
        };
        let window = Window { from: day(from), to: day(from).saturating_add(6.days()) };
        let active = self.order.iter().map(|at| &self.threads[*at]).filter(|thread| {
            thread.iter().any(|m| (from..to).contains(&m.header.date.as_second()))
        });
        active.map(|mails| facts(&thread(mails), mails, &[], window, Profile::Kernel)).collect()
    }

    /// The thread that the first known of these ids is in.
    pub fn thread_of(&self, ids: &[String]) -> Option<MessageId> {
        let place = ids.iter().find_map(|id| self.thread_of.get(id))?;
        Some(self.threads[*place].first()?.header.id.clone())
    }
}

fn root(union: &mut [usize], mut at: usize) -> usize {
    while union[at] != at {
        union[at] = union[union[at]];
        at = union[at];
    }
    at
}

fn thread(mails: &[Message]) -> Thread {
    let (first, last) = (&mails[0].header, &mails[mails.len() - 1].header);
    Thread {
        id: first.id.clone(),
        subject: first.subject.clone(),
        messages: mails.len() as u32,
        participants: 0,
        first: first.date,
        last: last.date,
    }
}

fn mail(list: Option<ListId>, cells: [&str; 6]) -> Option<Message> {
    let [id, time, parent, last, from, subject] = cells;
    let mut references: Vec<MessageId> =
        [last, parent].iter().filter_map(|id| MessageId::new(id).ok()).collect();
    references.dedup();
    let header = Header {
        id: MessageId::new(id).ok()?,
        date: Timestamp::from_second(time.parse().ok()?).ok()?,
        from: mailbox(from),
        subject: subject.to_owned(),
        references,
        lists: list.into_iter().collect(),
        defects: Vec::new(),
    };
    Some(Message {
        header,
        to: Vec::new(),
        cc: Vec::new(),
        text: String::new(),
        diff: String::new(),
        attached: String::new(),
        attachments: Vec::new(),
        signature: None,
        writer: lorecast_model::Writer::default(),
        content: ContentHash::default(),
    })
}

/// `Name <address>`.
fn mailbox(from: &str) -> Mailbox {
    let Some((name, rest)) = from.rsplit_once('<') else {
        return Mailbox { name: String::new(), email: from.trim().to_owned() };
    };
    let email = rest.trim_end().trim_end_matches('>').to_owned();
    Mailbox { name: name.trim().trim_matches('"').to_owned(), email }
}
