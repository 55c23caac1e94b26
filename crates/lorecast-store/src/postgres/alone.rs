//! One at a time, on whichever machine.

use std::time::Duration;

use postgres::Client;

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
    /// Waits, for so long at most, until nobody else on this database does `what` for the same show.
    ///
    /// # Errors
    /// When the database cannot be reached, or others go on for too long.
    pub fn with(address: &Address, what: &str, at_most: Duration) -> Result<Self, JournalError> {
        let place = || address.to_string();
        let mut client = address
            .connect("lorecast alone")
            .map_err(|error| JournalError::Open { place: place(), why: super::said(&error) })?;
        let sql = format!("{NOTICE}; SET lock_timeout = {}", at_most.as_millis());
        let fails = |error| server_fault(error, address);
        client.batch_execute(&sql).map_err(fails)?;
        let lock = "SELECT pg_advisory_lock(hashtext($1), hashtext($2))";
        client.execute(lock, &[&address.schema(), &what]).map_err(fails)?;
        Ok(Self { client })
    }

    /// Whether the connection lasts, and with it the right to go on.
    pub fn lasts(&mut self) -> bool {
        self.client.is_valid(ANSWER).is_ok()
    }
}
