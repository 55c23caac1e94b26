//! A store's schema: whose it is, its migrations, and moving it aside.

use postgres::{Client, GenericClient};

use super::address::Address;
use super::fault::Fault;

/// Layout n+1 is what layout n becomes by `MIGRATIONS[n]`. Only ever append.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/postgres/0001_index.sql"),
    include_str!("../../migrations/postgres/0002_generation.sql"),
];

/// The oldest release that is tested, as the server counts.
const OLDEST: i32 = 150_000;

/// A schema as it was found.
struct Found {
    /// PostgreSQL's number of it.
    id: u32,
    /// How many migrations it has seen; none when it is empty.
    layout: Option<u32>,
}

/// Makes the schema when it is not there and may be made, and brings its layout up to date. Two
/// programs may do so at once. Returns PostgreSQL's number of the schema.
pub(super) fn prepare(client: &mut Client, address: &Address, make: bool) -> Result<u32, Fault> {
    fits(client)?;
    match find(client, address.schema())? {
        Some(Found { id, layout: Some(layout) }) if layout as usize == MIGRATIONS.len() => Ok(id),
        Some(Found { layout: Some(_), .. }) => migrate(client, address),
        _ if make => migrate(client, address),
        _ => Err(Fault::Missing(format!("its schema `{}` holds no store", address.schema()))),
    }
}

/// Whether a store is there.
pub(super) fn is_made(client: &mut Client, address: &Address) -> Result<bool, Fault> {
    Ok(find(client, address.schema())?.is_some_and(|found| found.layout.is_some()))
}

/// PostgreSQL's number of a schema; none when there is no such schema.
pub(super) const ID: &str = "SELECT oid FROM pg_namespace WHERE nspname = $1";

/// Gives the schema another name. What had that name is gone.
pub(super) fn set_aside(client: &mut Client, address: &Address) -> Result<(), Fault> {
    let (schema, aside) = (address.schema(), address.aside());
    let aside = aside.schema();
    Ok(client.batch_execute(&format!(
        "BEGIN; DROP SCHEMA IF EXISTS {aside} CASCADE; ALTER SCHEMA {schema} RENAME TO {aside}; COMMIT"
    ))?)
}

/// Deletes a schema and all that is in it.
pub(super) fn delete(client: &mut Client, address: &Address) -> Result<(), Fault> {
    Ok(client.batch_execute(&format!("DROP SCHEMA IF EXISTS {} CASCADE", address.schema()))?)
}

/// Numbers for advisory locks of a schema, which other programs in this database do not use.
pub(super) fn lock_key(schema: &str) -> i64 {
    let digest = super::digest(&[b"lorecast", schema.as_bytes()]);
    i64::from_be_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|at| digest[at]))
}

/// Whether the server can do what is asked of it.
fn fits(client: &mut Client) -> Result<(), Fault> {
    let sql = "SELECT current_setting('server_version_num')::integer,
                      current_setting('server_version'), current_setting('server_encoding')";
    let row = client.query_one(sql, &[])?;
    let (number, version, encoding): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
    if number < OLDEST {
        return Err(Fault::Missing(format!(
            "PostgreSQL is {version}, and 15 is the oldest that fits"
        )));
    }
    if encoding != "UTF8" {
        let why =
            format!("the database is encoded in {encoding}; create one with `--encoding=UTF8`");
        return Err(Fault::Missing(why));
    }
    Ok(())
}

fn find(client: &mut impl GenericClient, schema: &str) -> Result<Option<Found>, Fault> {
    let Some(row) = client.query_opt(ID, &[&schema])? else { return Ok(None) };
    let id: u32 = row.get(0);
    let sql = "SELECT count(*), count(*) FILTER (WHERE relname = 'layout')
               FROM pg_class WHERE relnamespace = $1";
    let row = client.query_one(sql, &[&id])?;
    let layout = match (row.get::<_, i64>(0), row.get::<_, i64>(1)) {
        (0, _) => None,
        (_, 0) => {
            let why = format!("the schema `{schema}` holds tables of another program");
            return Err(Fault::Strange(why));
        }
        _ => {
            let sql = format!("SELECT version FROM {schema}.layout");
            let version: i32 = client.query_one(&sql, &[])?.get(0);
            Some(version.cast_unsigned())
        }
    };
    let known = MIGRATIONS.len() as u32;
    match layout {
        Some(found) if found > known => Err(Fault::Newer(found, known)),
        _ => Ok(Some(Found { id, layout })),
    }
}

fn migrate(client: &mut Client, address: &Address) -> Result<u32, Fault> {
    let schema = address.schema();
    let mut tx = client.transaction()?;
    // Who comes second waits, and finds everything done.
    let key = lock_key(schema).wrapping_add(1);
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&key])?;
    let found = find(&mut tx, schema)?;
    if found.is_none() {
        tx.batch_execute(&format!("CREATE SCHEMA {schema}"))?;
    }
    let layout = found.and_then(|found| found.layout);
    tx.batch_execute(&format!("SET LOCAL search_path TO {schema}"))?;
    if layout.is_none() {
        tx.batch_execute(
            "CREATE TABLE layout (version integer NOT NULL); INSERT INTO layout VALUES (0)",
        )?;
    }
    for migration in MIGRATIONS.iter().skip(layout.unwrap_or(0) as usize) {
        tx.batch_execute(migration)?;
    }
    tx.execute("UPDATE layout SET version = $1", &[&(MIGRATIONS.len() as i32)])?;
    let id = tx.query_one(ID, &[&schema])?.get(0);
    tx.commit()?;
    Ok(id)
}
