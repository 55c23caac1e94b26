//! The lines of a `MAINTAINERS` file, by what they are for.

/// How many lines are read; the kernel's file has under 30,000.
const LINES: usize = 500_000;

/// A section of the file: what it is called, and who looks after it.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// The line above its first typed line.
    pub title: String,
    /// The addresses of its `M:` and `R:` lines, in small letters.
    pub people: Vec<String>,
}

/// A typed line that says which files or texts belong to a section.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Where its section stands in [`Lines::entries`].
    pub entry: usize,
    /// Counted as the script counts, which passes over empty lines and comments.
    pub number: usize,
    /// What stands behind `F:` and white space; the end is kept as it is.
    pub value: &'a str,
}

/// The lines, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Lines<'a> {
    pub entries: Vec<Entry>,
    pub files: Vec<Line<'a>>,
    pub excluded: Vec<Line<'a>>,
    pub names: Vec<Line<'a>>,
    pub keywords: Vec<Line<'a>>,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut lines = Self::default();
        let mut title = "";
        let mut inside = false;
        let mut number = 0;
        for line in text.lines().take(LINES) {
            if let Some((letter, value)) = typed(line) {
                if !inside {
                    lines
                        .entries
                        .push(Entry { title: title.trim_end().to_owned(), people: Vec::new() });
                    inside = true;
                }
                lines.take(letter, number, value);
            } else if line.trim_start().starts_with('#') || line.trim().is_empty() {
                continue;
            } else {
                title = line;
                inside = false;
            }
            number += 1;
        }
        lines
    }

    fn take(&mut self, letter: u8, number: usize, value: &'a str) {
        let entry = self.entries.len() - 1;
        let line = Line { entry, number, value };
        match letter {
            b'F' => self.files.push(line),
            b'X' => self.excluded.push(line),
            b'N' => self.names.push(line),
            b'K' => self.keywords.push(line),
            b'M' | b'R' => self.entries[entry].people.extend(address(value)),
            _ => {}
        }
    }
}

/// `F:    drivers/net/` as `(b'F', "drivers/net/")`.
fn typed(line: &str) -> Option<(u8, &str)> {
    let letter = line.bytes().next().filter(u8::is_ascii_uppercase)?;
    let value = line.get(1..)?.strip_prefix(':')?;
    Some((letter, value.trim_start()))
}

/// The address of `Name <address>`, or of a bare one.
fn address(value: &str) -> Option<String> {
    let inner = value.rsplit_once('<').map_or(value, |(_, behind)| behind);
    let address = inner.split('>').next().unwrap_or(inner).trim();
    let usable = address.contains('@') && !address.contains(char::is_whitespace);
    usable.then(|| address.to_lowercase())
}
