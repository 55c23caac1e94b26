//! A mail as it was posted, put together again.

use lorecast_model::Message;

/// The mail as one saves it to ask the script: who, what, and the decoded body. The prose up to the
/// end of the diffstat stands above the diff, the rest below it.
pub(super) fn text(message: &Message) -> String {
    let Message { header, text, diff, .. } = message;
    let (above, below) = text.split_at(end_of_diffstat(text));
    format!(
        "From: {} <{}>\nSubject: {}\nMessage-ID: <{}>\n\n{above}{}{diff}\n{below}",
        header.from.name,
        header.from.email,
        header.subject,
        header.id,
        if above.ends_with('\n') { "" } else { "\n" },
    )
}

/// Where the lines end that `git format-patch` writes between prose and diff: the last one that
/// counts changed files, and those that follow it about files that come and go. All of a text
/// without them stands above.
fn end_of_diffstat(text: &str) -> usize {
    let mut end = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begun = at;
        at += line.len();
        let counts = line.starts_with(' ')
            && (line.contains(" file changed") || line.contains(" files changed"));
        let goes_on = end == Some(begun)
            && [" create mode ", " delete mode ", " rename ", " copy ", " mode change "]
                .iter()
                .any(|start| line.starts_with(start));
        if counts || goes_on {
            end = Some(at);
        }
    }
    end.unwrap_or(text.len())
}
