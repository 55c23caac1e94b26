//! What every queue of jobs must do. A lease of no time at all has run out at once, so no case waits for a clock.

use std::time::Duration;

use jiff::Timestamp;

use crate::jobs::{
    End, Held, Job, JobId, JobState, Jobs, LONGEST_WORDS, MOST_ENDED, MOST_TRIES, MOST_WAITING,
    Queued, Taken, Task,
};

/// One promise of a queue, and how to check it: each gets an empty one.
pub type JobsCase = (&'static str, fn(&mut dyn Jobs));

/// Every case.
pub const JOBS_CASES: &[JobsCase] = &[
    ("a job goes its way", way),
    ("the same job waits once, for the earlier time", once),
    ("a job does not run beside itself", beside),
    ("no job runs before its time, and the one due first runs first", in_time),
    ("a job whose node died is taken again, and the dead one is too late", again),
    ("a job that takes its nodes down is given up", given_up),
    ("a job is given back undone", given_back),
    ("a job is taken back, waiting or running", cancelled),
    ("what waits and what is remembered is bounded", bounded),
    ("any text is kept, to a length", any_text),
];

/// Runs every case on a queue of its own.
///
/// # Panics
/// When the engine fails a case.
pub fn run_jobs(open: &dyn Fn() -> Box<dyn Jobs>) {
    let mut failed = Vec::new();
    for (name, case) in JOBS_CASES {
        let mut jobs = open();
        let attempt = std::panic::AssertUnwindSafe(|| case(jobs.as_mut()));
        if std::panic::catch_unwind(attempt).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}

const HOUR: Duration = Duration::from_secs(3_600);
const PAST: Timestamp = Timestamp::UNIX_EPOCH;

fn task(kind: &str) -> Task {
    Task { kind: kind.to_owned(), subject: "2023-04-16".to_owned() }
}

fn queue(jobs: &mut dyn Jobs, kind: &str, due: Timestamp) -> JobId {
    match jobs.queue(&task(kind), "Ann", due).unwrap() {
        Queued::New(id) => id,
        other => panic!("{other:?}"),
    }
}

fn take(jobs: &mut dyn Jobs, lease: Duration) -> Job {
    jobs.take(lease).unwrap().expect("a job to take")
}

fn job(jobs: &mut dyn Jobs, id: JobId) -> Job {
    jobs.all().unwrap().into_iter().find(|job| job.id == id).expect("a job that is known")
}

fn state(jobs: &mut dyn Jobs, id: JobId) -> JobState {
    job(jobs, id).state
}

fn way(jobs: &mut dyn Jobs) {
    assert_eq!(jobs.take(HOUR).unwrap(), None);
    let id = queue(jobs, "master", PAST);
    let waiting = job(jobs, id);
    assert_eq!((waiting.task.clone(), waiting.by.as_str()), (task("master"), "Ann"));
    assert_eq!((waiting.state, waiting.due, waiting.begun), (JobState::Waiting, PAST, None));
    let taken = take(jobs, HOUR);
    assert_eq!((taken.id, taken.state, taken.tries), (id, JobState::Running, 1));
    assert_eq!(jobs.take(HOUR).unwrap(), None, "nobody else gets it");
    assert_eq!(jobs.hold(taken.taken(), "mixing", 250, HOUR).unwrap(), Held::Yes);
    let running = job(jobs, id);
    assert_eq!((running.words.as_str(), running.share), ("mixing", 250));
    assert!(jobs.end(taken.taken(), End::Done, "2:34 of sound").unwrap());
    let done = job(jobs, id);
    assert_eq!((done.state, done.words.as_str()), (JobState::Done, "2:34 of sound"));
    assert!(done.queued <= done.begun.unwrap() && done.begun <= done.ended);
    assert!(!jobs.end(taken.taken(), End::Failed, "").unwrap(), "it ended already");
    assert_eq!(jobs.hold(taken.taken(), "", 0, HOUR).unwrap(), Held::Lost);
    let failed = queue(jobs, "publish", PAST);
    let taken = take(jobs, HOUR).taken();
    assert!(jobs.end(taken, End::Failed, "no take").unwrap());
    assert_eq!(state(jobs, failed), JobState::Failed);
    let ids: Vec<JobId> = jobs.all().unwrap().iter().map(|job| job.id).collect();
    assert_eq!(ids, [failed, id], "the latest first");
}

fn once(jobs: &mut dyn Jobs) {
    let id = queue(jobs, "master", Timestamp::MAX);
    assert_eq!(jobs.take(HOUR).unwrap(), None);
    assert_eq!(jobs.queue(&task("master"), "Bob", PAST).unwrap(), Queued::Already(id));
    assert_eq!(jobs.queue(&task("master"), "Bob", Timestamp::MAX).unwrap(), Queued::Already(id));
    assert_eq!(take(jobs, HOUR).id, id, "for the earlier time");
    let other = Task { subject: "2023-04-23".to_owned(), ..task("master") };
    assert!(matches!(jobs.queue(&other, "Bob", PAST).unwrap(), Queued::New(_)));
    queue(jobs, "publish", PAST);
}

fn beside(jobs: &mut dyn Jobs) {
    let first = queue(jobs, "master", PAST);
    let running = take(jobs, HOUR);
    // Takes may have changed since it began.
    let second = queue(jobs, "master", PAST);
    assert_ne!(first, second);
    assert_eq!(jobs.take(HOUR).unwrap(), None);
    queue(jobs, "publish", PAST);
    assert_eq!(take(jobs, HOUR).task.kind, "publish", "what is behind it need not wait");
    assert!(jobs.end(running.taken(), End::Done, "").unwrap());
    assert_eq!(take(jobs, HOUR).id, second);
}

fn in_time(jobs: &mut dyn Jobs) {
    let minute = |second| Timestamp::from_second(second).unwrap();
    let (later, sooner) = (queue(jobs, "a", minute(60)), queue(jobs, "b", minute(30)));
    let never = queue(jobs, "c", Timestamp::MAX);
    assert_eq!([take(jobs, HOUR).id, take(jobs, HOUR).id], [sooner, later]);
    assert_eq!(jobs.take(HOUR).unwrap(), None);
    assert_eq!(state(jobs, never), JobState::Waiting);
}

fn again(jobs: &mut dyn Jobs) {
    let id = queue(jobs, "master", PAST);
    let dead = take(jobs, Duration::ZERO);
    let taken = take(jobs, HOUR);
    assert_eq!((taken.id, taken.tries, dead.tries), (id, 2, 1));
    assert_eq!(jobs.hold(dead.taken(), "mixing", 1, HOUR).unwrap(), Held::Lost);
    assert!(!jobs.end(dead.taken(), End::Done, "").unwrap());
    assert_eq!(state(jobs, id), JobState::Running);
    assert!(jobs.end(taken.taken(), End::Done, "").unwrap());
    // One that says how far it is keeps it, however short its lease was.
    queue(jobs, "publish", PAST);
    let slow = take(jobs, Duration::ZERO);
    assert_eq!(jobs.hold(slow.taken(), "", 0, HOUR).unwrap(), Held::Yes);
    assert_eq!(jobs.take(HOUR).unwrap(), None);
}

fn given_up(jobs: &mut dyn Jobs) {
    let id = queue(jobs, "master", PAST);
    for nth in 1..=MOST_TRIES {
        assert_eq!(take(jobs, Duration::ZERO).tries, nth);
    }
    assert_eq!(jobs.take(HOUR).unwrap(), None);
    let job = job(jobs, id);
    assert!(job.state == JobState::Failed && job.words.contains("again and again"), "{job:?}");
}

fn given_back(jobs: &mut dyn Jobs) {
    let id = queue(jobs, "master", PAST);
    let taken = take(jobs, HOUR).taken();
    assert!(jobs.end(taken, End::GivenBack, "").unwrap());
    assert_eq!(state(jobs, id), JobState::Waiting);
    assert_eq!(jobs.queue(&task("master"), "Ann", PAST).unwrap(), Queued::Already(id));
    assert_eq!(take(jobs, HOUR).tries, 1, "the try does not count");
}

fn cancelled(jobs: &mut dyn Jobs) {
    let waiting = queue(jobs, "master", PAST);
    assert!(jobs.cancel(waiting).unwrap());
    assert!(!jobs.cancel(waiting).unwrap());
    assert_eq!(jobs.take(HOUR).unwrap(), None);
    let running = queue(jobs, "master", PAST);
    let taken = take(jobs, HOUR).taken();
    assert!(jobs.cancel(running).unwrap());
    assert_eq!(jobs.hold(taken, "", 0, HOUR).unwrap(), Held::Cancelled);
    assert!(!jobs.end(taken, End::Done, "").unwrap());
    assert_eq!(state(jobs, running), JobState::Cancelled);
    assert!(!jobs.cancel(JobId(u64::MAX)).unwrap());
    let never = Taken { id: JobId(u64::MAX), tries: 1 };
    assert_eq!(jobs.hold(never, "", 0, HOUR).unwrap(), Held::Lost);
}

fn bounded(jobs: &mut dyn Jobs) {
    for nth in 0..MOST_ENDED + 5 {
        queue(jobs, &nth.to_string(), PAST);
        let taken = take(jobs, HOUR).taken();
        assert!(jobs.end(taken, End::Done, "").unwrap());
    }
    let first = queue(jobs, "waits", Timestamp::MAX);
    for nth in 1..MOST_WAITING {
        queue(jobs, &format!("waits {nth}"), Timestamp::MAX);
    }
    assert_eq!(jobs.queue(&task("more"), "Ann", PAST).unwrap(), Queued::Full);
    assert_eq!(jobs.queue(&task("waits"), "Ann", PAST).unwrap(), Queued::Already(first));
    assert_eq!(jobs.all().unwrap().len(), MOST_ENDED + MOST_WAITING);
}

fn any_text(jobs: &mut dyn Jobs) {
    let odd = "'; DROP TABLE job; --\u{1f980}\u{202e}\n\t";
    let task = Task { kind: odd.to_owned(), subject: odd.to_owned() };
    jobs.queue(&task, odd, PAST).unwrap();
    let taken = take(jobs, HOUR);
    assert_eq!((&taken.task, taken.by.as_str()), (&task, odd));
    let long = "\u{1f980}".repeat(LONGEST_WORDS + 1);
    assert!(jobs.end(taken.taken(), End::Failed, &long).unwrap());
    assert_eq!(job(jobs, taken.id).words.chars().count(), LONGEST_WORDS);
}
