//! public-inbox v2 epochs: bare git repositories with one message a commit.

use camino::Utf8Path;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use lorecast_archive::epoch;

/// Noon UTC of 10 April 2023: when mails without a date arrive.
const NOON: i64 = 1_681_128_000;

/// Appends mails to an epoch, which is created when absent. Each arrives at the time of its Date,
/// or at noon of 10 April 2023. Equal mails make equal commits.
///
/// # Panics
/// When the repository cannot be written.
pub fn build<M: AsRef<[u8]>>(dir: &Utf8Path, mails: &[M]) {
    let dated = mails.iter().map(|mail| (mail.as_ref(), arrival(mail.as_ref())));
    epoch::append(dir, dated).expect("a folder of the test can be written");
}

fn arrival(mail: &[u8]) -> Timestamp {
    let text = String::from_utf8_lossy(mail);
    let header = text.split("\n\n").next().unwrap_or_default();
    let date = header.lines().find_map(|line| line.strip_prefix("Date:"));
    let time =
        date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date.trim()).ok());
    time.unwrap_or(Timestamp::from_second(NOON).expect("noon is a time"))
}
