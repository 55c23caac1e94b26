//! Reads a configuration of gitdm and the files that it names.

use jiff::civil::Date;
use regex::{Regex, RegexBuilder};

use super::Map;
use super::lines::{self, Line, lines};
use crate::Complaint;

/// So many files are read, the configuration among them.
const MOST_FILES: usize = 500;

/// So many lines of all files together.
const MOST_LINES: usize = 1_000_000;

/// So many complaints are kept: beyond that the file is something else.
const MOST_COMPLAINTS: usize = 1000;

/// So many patterns, each of which is tried on every address.
const MOST_PATTERNS: usize = 200;

/// So many times of one owner are kept; nobody changes employers more often.
const MOST_SPANS: usize = 64;

/// So many shares of one virtual employer: each is 1% or more.
const MOST_SHARES: usize = 100;

/// How large a pattern may become, in bytes: it runs over text that anybody may write.
const LARGEST_PATTERN: usize = 1 << 18;

/// The words that a configuration's lines begin with.
const WORDS: [&str; 8] = [
    "EmailAliases",
    "RXEmailAliases",
    "EmailMap",
    "DomainMap",
    "GroupMap",
    "CompanyMap",
    "VirtualEmployer",
    "FileTypeMap",
];

/// Reads `root`: a configuration when its first line begins with one of its words, else a map.
pub(super) fn read(
    files: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    root: &str,
) -> (Map, Vec<Complaint>) {
    let mut reader = Reader {
        files,
        folder: root.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned(),
        map: Map::default(),
        complaints: Vec::new(),
        read: 0,
        lines: 0,
    };
    if let Some(text) = reader.text(root, (root, 0)) {
        let first = lines(&text).find_map(|(_, line)| line.ok());
        let word = first.and_then(|line| line.split_whitespace().next()).unwrap_or_default();
        if WORDS.contains(&word) {
            reader.config(root, &text);
        } else {
            reader.each(root, &text, Reader::either);
        }
    }
    reader.settle(root);
    (reader.map, reader.complaints)
}

struct Reader<'a> {
    files: &'a mut dyn FnMut(&str) -> Option<Vec<u8>>,
    folder: String,
    map: Map,
    complaints: Vec<Complaint>,
    read: usize,
    lines: usize,
}

impl Reader<'_> {
    fn complain(&mut self, file: &str, line: usize, why: impl Into<String>) {
        if self.complaints.len() < MOST_COMPLAINTS {
            self.complaints.push(Complaint { file: Some(file.to_owned()), line, why: why.into() });
        }
    }

    /// The text of a file that a line names.
    fn text(&mut self, file: &str, (by, line): (&str, usize)) -> Option<String> {
        self.read += 1;
        if self.read > MOST_FILES {
            self.complain(
                by,
                line,
                format!("more than {MOST_FILES} files are named; `{file}` is not read"),
            );
            return None;
        }
        let bytes = (self.files)(file);
        if bytes.is_none() {
            self.complain(by, line, format!("the file `{file}` cannot be read"));
        }
        Some(lines::text(&bytes?))
    }

    /// The next line within the bound.
    fn within(&mut self, file: &str, line: &Line<'_>) -> bool {
        self.lines += 1;
        if self.lines == MOST_LINES + 1 {
            self.complain(
                file,
                line.0,
                format!("more than {MOST_LINES} lines; the rest is not read"),
            );
        }
        self.lines <= MOST_LINES
    }

    /// Reads each line of a map with `take`.
    fn each(&mut self, file: &str, text: &str, take: fn(&mut Self, &str) -> Result<(), String>) {
        for line in lines(text) {
            if !self.within(file, &line) {
                return;
            }
            if let Err(why) = line.1.and_then(|text| take(self, text)) {
                self.complain(file, line.0, why);
            }
        }
    }

    fn config(&mut self, root: &str, text: &str) {
        let mut open: Option<(usize, String)> = None;
        for line in lines(text) {
            if !self.within(root, &line) {
                return;
            }
            let (number, line) = line;
            let done = line.and_then(|line| match &open {
                Some(_) if line == "end" => {
                    open = None;
                    Ok(())
                }
                Some(_) if !WORDS.iter().any(|word| line.starts_with(word)) => {
                    let (share, name) = lines::share(line)?;
                    let virtual_ = open.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
                    let shares = self.map.virtuals.entry(virtual_).or_default();
                    if shares.len() == MOST_SHARES {
                        return Err(format!(
                            "more than {MOST_SHARES} shares; this one is not used"
                        ));
                    }
                    shares.push((share, name));
                    Ok(())
                }
                _ => {
                    self.unended(root, open.take());
                    open = self.directive(root, number, line)?;
                    Ok(())
                }
            });
            if let Err(why) = done {
                self.complain(root, number, why);
            }
        }
        self.unended(root, open);
    }

    fn unended(&mut self, root: &str, open: Option<(usize, String)>) {
        if let Some((line, name)) = open {
            self.complain(root, line, format!("the virtual employer `{name}` has no `end`"));
        }
    }

    /// One line of the configuration; a virtual employer that it begins, with the line's number.
    fn directive(
        &mut self,
        root: &str,
        number: usize,
        line: &str,
    ) -> Result<Option<(usize, String)>, String> {
        let mut parts = line.splitn(2, char::is_whitespace);
        let (word, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let rest = rest.trim();
        let (file, employer) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        match word {
            "FileTypeMap" => return Ok(None),
            "VirtualEmployer" => {
                let name = lines::named(rest)?;
                let again = self.map.virtuals.insert(name.clone(), Vec::new()).is_some();
                if again {
                    self.complain(
                        root,
                        number,
                        format!(
                            "the virtual employer `{name}` is there twice; the last one counts"
                        ),
                    );
                }
                return Ok(Some((number, name)));
            }
            _ if !WORDS.contains(&word) => {
                return Err(format!("`{word}` is no word of a configuration"));
            }
            _ if file.is_empty() => return Err(format!("`{word}` names no file")),
            _ => {}
        }
        let path = self.path(file)?;
        let group = if word == "GroupMap" { lines::named(employer)? } else { String::new() };
        let Some(text) = self.text(&path, (root, number)) else { return Ok(None) };
        match word {
            "EmailAliases" => self.each(&path, &text, Self::alias),
            "RXEmailAliases" => self.each(&path, &text, Self::pattern),
            "EmailMap" | "DomainMap" => self.each(&path, &text, Self::employer),
            "CompanyMap" => self.each(&path, &text, Self::company),
            _ => self.group(&path, &text, &group),
        }
        Ok(None)
    }

    /// A file beside the configuration: a map that came from elsewhere does not say what else of this
    /// machine is read.
    fn path(&self, file: &str) -> Result<String, String> {
        if file.starts_with('/') || file.contains('\\') || file.split('/').any(|part| part == "..")
        {
            return Err(format!(
                "`{file}` lies outside the configuration's folder; it is not read"
            ));
        }
        Ok(if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) })
    }

    /// A line of a map that no configuration names: an alias when its two words are addresses.
    fn either(&mut self, line: &str) -> Result<(), String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let addresses = words.len() == 2 && words.iter().all(|word| lines::is_address(word));
        if addresses || line.starts_with('"') { self.alias(line) } else { self.employer(line) }
    }

    fn alias(&mut self, line: &str) -> Result<(), String> {
        let (alias, canonical) = lines::alias(line)?;
        let alias = lines::address(&alias);
        match self.map.aliases.insert(alias.clone(), canonical.clone()) {
            Some(before) if before != canonical => {
                Err(format!("`{alias}` stood for `{before}` already; this line counts"))
            }
            _ => Ok(()),
        }
    }

    fn pattern(&mut self, line: &str) -> Result<(), String> {
        let (pattern, canonical) = lines::alias(line)?;
        if self.map.patterns.len() == MOST_PATTERNS {
            return Err(format!("more than {MOST_PATTERNS} patterns; this one is not used"));
        }
        self.map.patterns.push((compiled(&pattern)?, canonical));
        Ok(())
    }

    fn company(&mut self, line: &str) -> Result<(), String> {
        let (written, name) = lines::company(line)?;
        self.map.companies.insert(written, name);
        Ok(())
    }

    fn employer(&mut self, line: &str) -> Result<(), String> {
        let (whose, name, end) = lines::employer(line)?;
        self.add(whose, name, end)
    }

    fn group(&mut self, file: &str, text: &str, employer: &str) {
        for line in lines(text) {
            if !self.within(file, &line) {
                return;
            }
            let added =
                line.1.and_then(|whose| self.add(lines::owner(whose)?, employer.to_owned(), None));
            if let Err(why) = added {
                self.complain(file, line.0, why);
            }
        }
    }

    /// Keeps an employer by its end; of two with one end the first counts, as in gitdm.
    fn add(&mut self, whose: String, name: String, end: Option<Date>) -> Result<(), String> {
        let spans = self.map.employers.entry(whose.clone()).or_default();
        if let Some((_, before)) = spans.iter().find(|(other, _)| *other == end) {
            return if *before == name {
                Ok(())
            } else {
                Err(format!(
                    "`{whose}` has `{before}` for the same time already; this line is not used"
                ))
            };
        }
        if spans.len() == MOST_SPANS {
            return Err(format!(
                "`{whose}` has more than {MOST_SPANS} employers; this one is not used"
            ));
        }
        // `None`, for ever, comes last.
        let at = spans.partition_point(|(other, _)| {
            other.is_some_and(|other| end.is_none_or(|end| other < end))
        });
        spans.insert(at, (end, name));
        Ok(())
    }

    /// Puts shares in order, and says which virtual employers have none or more than all.
    fn settle(&mut self, root: &str) {
        let mut odd = Vec::new();
        for (name, shares) in &mut self.map.virtuals {
            shares.sort_by_key(|(share, _)| std::cmp::Reverse(*share));
            let all: u32 = shares.iter().map(|(share, _)| u32::from(*share)).sum();
            if all != 100 {
                odd.push(format!("the shares of the virtual employer `{name}` make {all}%"));
            }
        }
        for why in odd {
            self.complain(root, 0, why);
        }
    }
}

/// A pattern that must match at the start of an address. Its time is linear in the address.
fn compiled(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&format!("^(?:{pattern})"))
        .size_limit(LARGEST_PATTERN)
        .build()
        .map_err(|_| format!("`{pattern}` is no pattern that can be used"))
}
