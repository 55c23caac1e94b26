//! The name that b4 gives a series.

use crate::lines::lines;

/// The longest id, in bytes; b4 makes them of a date, a branch name and twelve digits.
const LONGEST: usize = 200;

/// The `change-id:` of a cover letter or patch that b4 sent: the same in every revision of a series.
/// Never a `prerequisite-change-id:`, which names another series, and never a quoted one.
pub fn change_id(text: &str) -> Option<String> {
    lines(text).find_map(|line| {
        let key = line.get(..10)?;
        let value = line[10..].trim();
        let named =
            key.eq_ignore_ascii_case("change-id:") && !value.is_empty() && value.len() <= LONGEST;
        // Gerrit's `Change-Id: I…` names one change on one server, and is copied into backports.
        let gerrit = value.len() == 41 && value.starts_with('I');
        (named && !gerrit && !value.contains(char::is_whitespace)).then(|| value.to_owned())
    })
}
