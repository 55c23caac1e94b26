//! The hunks between two texts, by the diff that git is built on (libxdiff, through libgit2).

use git2::{DiffLineType, DiffOptions, Error, Patch};

/// How lines are paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// Git's default.
    Myers,
    /// `--patience`.
    Patience,
    /// `--minimal`.
    Minimal,
}

/// Three lines of context around each change, as posted patches have them.
pub(super) fn hunks(old: &[u8], new: &[u8], algorithm: Algorithm) -> Result<Vec<u8>, Error> {
    let mut options = DiffOptions::new();
    options.context_lines(3).interhunk_lines(0).indent_heuristic(true).force_text(true);
    options.patience(algorithm == Algorithm::Patience).minimal(algorithm == Algorithm::Minimal);
    let mut patch = Patch::from_buffers(old, None, new, None, Some(&mut options))?;
    let mut text = Vec::new();
    patch.print(&mut |_, _, line| {
        match line.origin_value() {
            DiffLineType::FileHeader | DiffLineType::Binary => return true,
            DiffLineType::Context => text.push(b' '),
            DiffLineType::Addition => text.push(b'+'),
            DiffLineType::Deletion => text.push(b'-'),
            // Hunk headers, and notes on the missing end of a last line.
            _ => {}
        }
        text.extend_from_slice(line.content());
        true
    })?;
    Ok(text)
}
