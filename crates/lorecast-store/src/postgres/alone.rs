//! One at a time, on whichever machine.

use std::time::Duration;

use postgres::Client;
use postgres::error::SqlState;

use super::Address;
use crate::journal::{JournalError, server_fault};

/// Has the server notice within seconds that a machine is gone which did not say so.
const NOTICE: &str =
    "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3";
/// How long the server may take to say that the connection lasts.
const ANSWER: Duration = Duration::from_secs(5);

/// The only one of all programs on a database that does something, until this is dropped or the connection ends.
pub struct Alone {
    client: Client,
}

impl Alone {
    /// Waits, for so long at most, until nobody else on this database does `what` for the same show; `None` when others go on
    /// for longer.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn with(
        address: &Address,
        what: &str,
        at_most: Duration,
    ) -> Result<Option<Self>, JournalError> {
        let place = || address.to_string();
        let mut client = address
            .connect("lorecast alone")
            .map_err(|error| JournalError::Open { place: place(), why: super::said(&error) })?;
        let sql = format!("{NOTICE}; SET lock_timeout = {}", at_most.as_millis());
        let fails = |error| server_fault(error, address);
        client.batch_execute(&sql).map_err(fails)?;
        let lock = "SELECT pg_advisory_lock(hashtext($1), hashtext($2))";
        match client.execute(lock, &[&address.schema(), &what]) {
            Ok(_) => Ok(Some(Self { client })),
            Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(None),
            Err(error) => Err(fails(error)),
        }
    }

    /// Whether the connection lasts, and with it the right to go on.
    pub fn lasts(&mut self) -> bool {
        self.client.is_valid(ANSWER).is_ok()
    }
}
