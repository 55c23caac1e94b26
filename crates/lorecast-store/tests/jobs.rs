//! Jobs on both engines, and several nodes that take them at the same time.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::time::Duration;

use camino::Utf8PathBuf;
use jiff::Timestamp;
use lorecast_store::conformance::run_jobs;
use lorecast_store::jobs::{End, Jobs, PostgresJobs, Queued, SqliteJobs, Task};
use lorecast_store::journal::{JournalError, SqliteJournal};
use lorecast_store::postgres::Address;
use lorecast_testkit::postgres::Postgres;

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn sqlite_in_memory() {
    run_jobs(&|| Box::new(SqliteJobs::in_memory().unwrap()));
}

#[test]
fn postgres() {
    let Some(server) = Postgres::shared() else { return };
    let open = || PostgresJobs::open(&Address::parse(&server.fresh()).unwrap()).unwrap();
    run_jobs(&|| Box::new(open()));
}

/// Eight nodes ask for the same jobs and do them: each job once, and nothing beside itself.
fn share(open: &(dyn Fn() -> Box<dyn Jobs> + Sync)) {
    let task = |nth: usize| Task { kind: "master".to_owned(), subject: nth.to_string() };
    let work = || {
        let mut jobs = open();
        for nth in 0..10 {
            jobs.queue(&task(nth), "Ann", Timestamp::MAX).unwrap();
        }
        let mut done = Vec::new();
        for nth in 0..10 {
            let queued = jobs.queue(&task(nth), "Ann", Timestamp::UNIX_EPOCH).unwrap();
            assert!(!matches!(queued, Queued::Full));
            while let Some(job) = jobs.take(HOUR).unwrap() {
                let running = jobs
                    .all()
                    .unwrap()
                    .into_iter()
                    .filter(|other| other.task == job.task && other.state.word() == "running");
                assert_eq!(running.count(), 1, "{:?}", job.task);
                assert!(jobs.end(job.taken(), End::Done, "").unwrap());
                done.push(job.id);
            }
        }
        done
    };
    let mut done = std::thread::scope(|scope| {
        let nodes: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        nodes.into_iter().flat_map(|node| node.join().unwrap()).collect::<Vec<_>>()
    });
    let all = done.len();
    done.sort();
    done.dedup();
    assert!(all >= 10 && done.len() == all, "{all} done, {} of them different", done.len());
}

#[test]
fn nodes_share_a_database() {
    let Some(server) = Postgres::shared() else { return };
    let address = Address::parse(&server.fresh()).unwrap();
    share(&|| Box::new(PostgresJobs::open(&address).unwrap()));
}

#[test]
fn processes_share_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = Utf8PathBuf::from_path_buf(dir.path().join("jobs.db")).unwrap();
    share(&|| Box::new(SqliteJobs::open(&file).unwrap()));
}

#[test]
fn what_holds_something_else_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = Utf8PathBuf::from_path_buf(dir.path().join("community.db")).unwrap();
    drop(SqliteJournal::open(&file).unwrap());
    assert!(matches!(SqliteJobs::open(&file), Err(JournalError::NotAJournal { .. })));
}

#[test]
fn a_server_that_went_away_and_came_back_needs_no_hand() {
    let Some(server) = Postgres::start() else { return };
    let address = Address::parse(&server.fresh()).unwrap();
    let mut jobs = PostgresJobs::open(&address).unwrap();
    let task = Task { kind: "master".to_owned(), subject: "1".to_owned() };
    jobs.queue(&task, "Ann", Timestamp::UNIX_EPOCH).unwrap();
    server.stop();
    assert!(jobs.take(HOUR).is_err());
    server.start_again();
    // The first call after it may still be on the connection that broke.
    let job = jobs.take(HOUR).or_else(|_| jobs.take(HOUR)).unwrap().unwrap();
    assert!(jobs.end(job.taken(), End::Done, "").unwrap());
}
