//! Line ends of any kind become `\n`.

/// What was found about carriage returns.
#[derive(Default)]
pub(crate) struct Returns {
    /// One ends no line (RFC 5322 section 2.3).
    pub bare: bool,
    /// How many stand before the line feed at the head of a hunk, at most. Files with CRLF have it
    /// in the lines of their hunks; to the heads, transport or a mailer put it.
    pub at_hunk: usize,
}

/// Text with `\n` line ends, the last one included, free of NUL. Carriage returns within lines stay.
pub(crate) fn undo(text: &str) -> (String, Returns) {
    let mut returns = Returns::default();
    let bytes = text.as_bytes();
    let mut out = match bytes.contains(&b'\r') || bytes.contains(&0) {
        true => without_returns(text, &mut returns),
        false => text.to_owned(),
    };
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    (out, returns)
}

fn without_returns(text: &str, returns: &mut Returns) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let clean = content.trim_end_matches('\r');
        let count = content.len() - clean.len();
        if clean.starts_with("@@ -") {
            returns.at_hunk = returns.at_hunk.max(count);
        }
        let unended = line.len() == content.len() && count > 0;
        returns.bare |= unended || clean.contains('\r');
        out.extend(clean.split('\0'));
        out.push_str(&line[content.len()..]);
    }
    out
}
