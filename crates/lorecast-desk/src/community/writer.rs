//! The one thread that judges deeds and keeps them. Those that wait are kept together, with one wait for the disk.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{AccountId, Acting, By, Commons, Deed, Entry, EntryId, Refusal};
use lorecast_store::journal::{Appended, Journal, JournalError, Line};
use tokio::sync::{broadcast, oneshot};

use super::{Answer, Done, NotDone};
use crate::measured;

/// So many deeds are kept together at most.
const TOGETHER: usize = 1_024;
/// How often a batch is judged anew because others were quicker.
const TRIES: usize = 20;
/// How often what ran out is forgotten.
const TIDY: SignedDuration = SignedDuration::from_hours(1);
/// Lines that are read at a time.
const STEP: usize = 1_000;

/// What the writer is asked to do.
pub(super) enum Order {
    /// A deed.
    Does(Job),
    /// Others may have added entries.
    Look,
    /// The same, for somebody who waits until they are known.
    Tell(oneshot::Sender<()>),
}

/// A deed that waits.
pub(super) struct Job {
    pub acting: Acting,
    pub deed: Deed,
    pub at: Timestamp,
    pub answer: oneshot::Sender<Answer>,
}

pub(super) struct Writer {
    journal: Box<dyn Journal>,
    /// What everybody sees: it follows from what is kept and nothing else.
    shared: Arc<RwLock<Commons>>,
    /// What follows if that can be kept which is being kept.
    ahead: Commons,
    news: broadcast::Sender<Arc<Entry>>,
    /// When what ran out was forgotten last.
    tidied: Timestamp,
}

impl Writer {
    pub fn new(
        journal: Box<dyn Journal>,
        shared: Arc<RwLock<Commons>>,
        news: broadcast::Sender<Arc<Entry>>,
    ) -> Self {
        let ahead = shared.read().unwrap_or_else(PoisonError::into_inner).clone();
        Self { journal, shared, ahead, news, tidied: Timestamp::UNIX_EPOCH }
    }

    /// Has `inbox` told when others add entries, and returns how often to look all the same.
    pub fn listen(&mut self, inbox: Sender<Order>) -> Result<Duration, JournalError> {
        // Who tells may outlive who listens.
        self.journal.listen(Box::new(move || drop(inbox.send(Order::Look))))
    }

    /// Reads what was added since, by this process or another.
    pub fn catch_up(&mut self) -> Result<(), JournalError> {
        let (shared, ahead, news) = (&self.shared, &mut self.ahead, &self.news);
        let read = each(self.journal.as_mut(), ahead.last().0, |entry| {
            ahead.apply(&entry);
            publish(shared, news, entry);
        });
        metrics::gauge!(measured::ENTRIES).set(ahead.last().0 as f64);
        read
    }

    /// Works until nobody can send any more; `look` is how often others' entries are looked for while nothing is to do.
    pub fn work(mut self, inbox: &Receiver<Order>, look: Duration) {
        loop {
            let first = match inbox.recv_timeout(look) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let orders = first.into_iter().chain(inbox.try_iter().take(TOGETHER - 1));
            let (mut jobs, mut waiting) = (Vec::new(), Vec::new());
            for order in orders {
                match order {
                    Order::Does(job) => jobs.push(job),
                    Order::Look => {}
                    Order::Tell(who) => waiting.push(who),
                }
            }
            if !jobs.is_empty() {
                self.settle(jobs);
            } else if let Err(error) = self.catch_up() {
                tracing::error!("the community's journal cannot be read: {error}");
            }
            for who in waiting {
                // Whoever asked may have gone.
                let _ = who.send(());
            }
        }
    }

    /// Judges, keeps and answers.
    fn settle(&mut self, jobs: Vec<Job>) {
        self.tidy(&jobs);
        for _ in 0..TRIES {
            // What others did is judged as well: an account that was opened a moment ago at another server.
            if let Err(error) = self.catch_up() {
                return self.fail(jobs, error);
            }
            let before = self.ahead.last();
            let mut batch = Batch::default();
            let verdicts: Vec<_> =
                jobs.iter().map(|job| batch.judge(&mut self.ahead, job)).collect();
            let kept = match batch.texts() {
                Ok(texts) if texts.is_empty() => Ok(Appended::Kept),
                Ok(texts) => {
                    let began = Instant::now();
                    let kept = self.journal.append(before.0, &texts);
                    metrics::histogram!(measured::COMMIT).record(began.elapsed());
                    kept
                }
                Err(error) => Err(error),
            };
            match kept {
                Ok(Appended::Kept) => {
                    let spent: Vec<String> = batch
                        .entries
                        .iter()
                        .filter_map(|entry| self.ahead.spent(&entry.deed).map(str::to_owned))
                        .collect();
                    metrics::gauge!(measured::ENTRIES).set(self.ahead.last().0 as f64);
                    for entry in batch.entries {
                        publish(&self.shared, &self.news, entry);
                    }
                    self.forget(&spent);
                    for (job, verdict) in jobs.into_iter().zip(verdicts) {
                        // Whoever asked may have gone.
                        let _ = job.answer.send(verdict.map_err(NotDone::Refused));
                    }
                    self.take_out(batch.closed);
                    return;
                }
                Ok(Appended::Behind) => self.step_back(),
                Err(error) => {
                    self.step_back();
                    return self.fail(jobs, error);
                }
            }
        }
        jobs.into_iter().for_each(|job| drop(job.answer.send(Err(NotDone::Busy))));
    }

    /// Once an hour, what ran out is forgotten; links that nobody used leave the journal as well, and so does when sessions were
    /// used but for the last time.
    fn tidy(&mut self, jobs: &[Job]) {
        let Some(now) = jobs.iter().map(|job| job.at).max() else { return };
        if now.duration_since(self.tidied) <= TIDY {
            return;
        }
        self.tidied = now;
        // An hour of grace: the clock of another server, where such a link was used in time, may be behind. Its entry
        // is known here by then.
        let past = now - TIDY;
        let over = self
            .catch_up()
            .map(|()| [self.ahead.unused_links(past), self.ahead.past_stays(past)].concat());
        let lines = over.and_then(|over| self.without(&over));
        if let Err(error) = lines.and_then(|lines| self.journal.replace(&lines)) {
            tracing::error!("what ran out stays in the journal: {error}");
            return;
        }
        self.forget_unused(past);
        self.ahead.tidy(past);
        self.shared.write().unwrap_or_else(PoisonError::into_inner).tidy(past);
    }

    /// Forgets recordings that nothing needs and that came before a time: of those that came later, somebody may just be
    /// about to say what they are.
    fn forget_unused(&mut self, past: Timestamp) {
        let names = match self.journal.attachments() {
            Ok(names) => names,
            Err(error) => return tracing::error!("recordings cannot be looked through: {error}"),
        };
        let needed = self.ahead.fillers().filter(|(_, filler)| filler.is_needed());
        let needed: std::collections::HashSet<&str> =
            needed.map(|(_, filler)| filler.recording.as_str()).collect();
        let came = |name: &str| name.split('-').next().and_then(|second| second.parse().ok());
        let unused = names.into_iter().filter(|name| {
            !needed.contains(name.as_str())
                && came(name).is_none_or(|came: i64| came < past.as_second())
        });
        let unused: Vec<String> = unused.collect();
        self.forget(&unused);
    }

    /// Forgets recordings; one that stays goes some other time.
    fn forget(&mut self, recordings: &[String]) {
        for name in recordings {
            if let Err(error) = self.journal.detach(name) {
                tracing::error!("a recording that nothing needs is still kept: {error}");
            }
        }
    }

    /// The lines of entries with nothing left in them.
    fn without(&mut self, entries: &[EntryId]) -> Result<Vec<Line>, JournalError> {
        let mut lines = Vec::new();
        for id in entries {
            for line in self.journal.lines(id.0 - 1, 1)? {
                let entry = read(&line)?;
                lines.push(Line::new(id.0, written(&Entry { deed: Deed::Gone, ..entry })?));
            }
        }
        Ok(lines)
    }

    fn fail(&self, jobs: Vec<Job>, error: JournalError) {
        tracing::error!("{error}");
        metrics::counter!(measured::FAILURES).increment(1);
        let error = Arc::new(error);
        for job in jobs {
            // Whoever asked may have gone.
            let _ = job.answer.send(Err(NotDone::Journal(Arc::clone(&error))));
        }
    }

    /// What could not be kept did not happen.
    fn step_back(&mut self) {
        self.ahead = self.shared.read().unwrap_or_else(PoisonError::into_inner).clone();
    }

    /// Takes the words of those who left out of the journal, and notes that: a process that ends before has it done by
    /// the next one.
    fn take_out(&mut self, closed: Vec<Closed>) {
        for Closed { account, at, before } in closed {
            let recordings: Vec<String> =
                before.recordings_of(account).map(str::to_owned).collect();
            self.forget(&recordings);
            let mut lines = Ok(Vec::new());
            let read = each(self.journal.as_mut(), 0, |entry| {
                if let (Some(deed), Ok(lines)) = (before.left_behind(account, &entry), &mut lines) {
                    let entry = Entry { deed, ..entry };
                    lines.extend(written(&entry).map(|text| Line::new(entry.id.0, text)));
                }
            });
            let done = read.and(lines).and_then(|lines| self.journal.replace(&lines));
            if let Err(error) = done {
                tracing::error!("what an account wrote could not be taken out yet: {error}");
                return;
            }
            let (answer, _) = oneshot::channel();
            let deed = Deed::TakenOut { who: account };
            self.settle(vec![Job { acting: By::Show.into(), deed, at, answer }]);
        }
    }

    /// Goes on with closing accounts where an earlier process ended too early.
    pub fn go_on(&mut self) -> Result<(), JournalError> {
        let leaving: Vec<AccountId> = self.ahead.leaving().collect();
        if leaving.is_empty() {
            return Ok(());
        }
        let (mut commons, mut closed) = (Commons::default(), Vec::new());
        each(self.journal.as_mut(), 0, |entry| {
            if let (Deed::Erase, Some(account)) = (&entry.deed, entry.by.account())
                && leaving.contains(&account)
            {
                closed.push(Closed { account, at: entry.at, before: commons.clone() });
            }
            commons.apply(&entry);
        })?;
        self.take_out(closed);
        Ok(())
    }
}

/// An account that is closed, when, and what was known before.
struct Closed {
    account: AccountId,
    at: Timestamp,
    before: Commons,
}

/// Deeds that are kept together.
#[derive(Default)]
struct Batch {
    entries: Vec<Entry>,
    closed: Vec<Closed>,
}

impl Batch {
    fn judge(&mut self, commons: &mut Commons, job: &Job) -> Result<Done, Refusal> {
        commons.judge(job.acting, &job.deed, job.at)?;
        if let (Deed::Erase, By::Account(account)) = (&job.deed, job.acting.by) {
            self.closed.push(Closed { account, at: job.at, before: commons.clone() });
        }
        let (wish, known) = match &job.deed {
            Deed::Enter { link, .. } => {
                (commons.wish(link).cloned(), Some(commons.door(link, job.at)))
            }
            _ => (None, None),
        };
        let opened = known.map(|door| door.and_then(|(_, account)| account));
        let entry = self.add(commons, job.acting.by, job.deed.clone(), job.at);
        let account = opened.map(|account| account.unwrap_or(AccountId(entry)));
        let wish = wish.zip(account).and_then(|(wish, account)| {
            let by = By::Account(account);
            commons.judge(by, &wish, job.at).ok()?;
            Some(self.add(commons, by, wish, job.at))
        });
        Ok(Done { entry, account, wish })
    }

    fn add(&mut self, commons: &mut Commons, by: By, deed: Deed, at: Timestamp) -> EntryId {
        let id = EntryId(commons.last().0 + 1);
        let entry = Entry { id, at, by, deed };
        commons.apply(&entry);
        self.entries.push(entry);
        id
    }

    fn texts(&self) -> Result<Vec<String>, JournalError> {
        self.entries.iter().map(written).collect()
    }
}

/// An entry as the journal has it.
fn written(entry: &Entry) -> Result<String, JournalError> {
    serde_json::to_string(entry).map_err(|source| JournalError::Engine {
        place: format!("entry {}", entry.id),
        source: Box::new(source),
    })
}

/// The entry of a line.
fn read(line: &Line) -> Result<Entry, JournalError> {
    let damaged = |why| JournalError::Damaged { place: "the community's journal".to_owned(), why };
    let entry: Entry = serde_json::from_str(&line.text).map_err(|error| {
        damaged(format!(
            "entry {} cannot be read, or a newer Lorecast wrote it ({error})",
            line.number
        ))
    })?;
    if entry.id.0 != line.number {
        return Err(damaged(format!("entry {} says that it is entry {}", line.number, entry.id)));
    }
    Ok(entry)
}

fn publish(shared: &RwLock<Commons>, news: &broadcast::Sender<Arc<Entry>>, entry: Entry) {
    shared.write().unwrap_or_else(PoisonError::into_inner).apply(&entry);
    // Nobody may be listening.
    let _ = news.send(Arc::new(entry));
}

/// Every entry of a journal behind a number.
pub(super) fn each(
    journal: &mut dyn Journal,
    after: u64,
    mut visit: impl FnMut(Entry),
) -> Result<(), JournalError> {
    let mut last = after;
    loop {
        let lines = journal.lines(last, STEP)?;
        for line in &lines {
            visit(read(line)?);
        }
        match lines.last() {
            Some(line) => last = line.number,
            None => return Ok(()),
        }
    }
}
