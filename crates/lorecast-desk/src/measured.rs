//! The names of what is measured here, for whoever reads the numbers (`metrics`).

/// Entries of the journal, as far as this process knows.
pub const ENTRIES: &str = "lorecast_journal_entries";
/// How long it took until entries were on the disk, in seconds.
pub const COMMIT: &str = "lorecast_journal_commit_seconds";
/// Times that the journal could not be read or written.
pub const FAILURES: &str = "lorecast_journal_failures_total";
/// Mails with links; `outcome` is `sent` or `failed`.
pub const MAILS: &str = "lorecast_mails_total";
