//! Every engine keeps every promise of the interface.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use lorecast_store::conformance::{self, CASES};
use lorecast_store::postgres::{Address, PostgresStore};
use lorecast_store::sqlite::SqliteStore;
use lorecast_testkit::postgres::Postgres;

#[test]
fn sqlite_in_memory() {
    conformance::run(&|| Box::new(SqliteStore::in_memory().unwrap()));
}

#[test]
fn sqlite_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut path = camino::Utf8PathBuf::from_path_buf(dir.path().join("x")).unwrap();
    for (number, (name, case)) in CASES.iter().copied().flatten().enumerate() {
        path.set_file_name(format!("{number}.db"));
        println!("{name}");
        case(&mut SqliteStore::open(&path).unwrap());
    }
}

#[test]
fn postgres() {
    let Some(server) = Postgres::start() else { return };
    conformance::run(&|| {
        let address = Address::parse(&server.fresh()).unwrap();
        Box::new(PostgresStore::open(&address).unwrap())
    });
}
