//! Names as they may be shown, wherever they come from: a mail, a mailmap, a file of the show.

use lorecast_mail::one_line;

/// What of a name is kept, in characters; mails of spammers carry whole books there.
const LONGEST: usize = 200;

/// One line of plain text, cut: without control characters and those that turn the direction of
/// writing. Markup stays; it is text to whoever shows it.
pub(crate) fn shown(name: &str) -> String {
    let start: String = name.chars().take(LONGEST * 2).collect();
    let cut: String = one_line(&start).chars().take(LONGEST).collect();
    cut.trim_end().to_owned()
}
