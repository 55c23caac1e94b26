//! The lines of a file of gitdm, and what one line says.

use jiff::civil::Date;

use crate::decoded::decoded;

/// The longest line that is read, in bytes.
const LONGEST: usize = 4096;

/// The longest name of an employer, in characters.
const LONGEST_NAME: usize = 100;

/// A line that says something: its number from 1, and its text without comment and spaces around;
/// an error when it is too long or holds what no text does.
pub(super) type Line<'a> = (usize, Result<&'a str, String>);

/// The lines that say something: `#` starts a comment anywhere.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let said = |(at, line): (usize, &'_ str)| (at + 1, line.len());
    text.lines().enumerate().filter_map(move |(at, line)| {
        let (number, length) = said((at, line));
        if length > LONGEST {
            return Some((number, Err(format!("the line has {length} bytes; {LONGEST} are read"))));
        }
        let line = line.split('#').next().unwrap_or(line).trim();
        if line.contains(|c: char| c.is_control() && c != '\t') {
            return Some((number, Err("the line holds control characters".to_owned())));
        }
        (!line.is_empty()).then_some((number, Ok(line)))
    })
}

/// A file as text, each line in its own encoding.
pub(super) fn text(bytes: &[u8]) -> String {
    bytes.split_inclusive(|byte| *byte == b'\n').map(decoded).collect()
}

/// `alias address`, the alias in quotes when it holds spaces.
pub(super) fn alias(line: &str) -> Result<(String, String), String> {
    let (first, rest) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').ok_or("the quotation mark has no end")?,
        None => line.split_once(char::is_whitespace).ok_or("an alias needs two addresses")?,
    };
    let (first, canonical) = (first.trim(), rest.trim());
    if first.is_empty() || !is_address(canonical) {
        return Err(format!("`{canonical}` is no address; write `alias address`"));
    }
    Ok((first.to_owned(), address(canonical)))
}

/// `[user@]domain employer [< yyyy-mm-dd]`: whose, the employer, and the first day on which it no
/// longer holds.
pub(super) fn employer(line: &str) -> Result<(String, String, Option<Date>), String> {
    let (whose, rest) =
        line.split_once(char::is_whitespace).ok_or_else(|| format!("`{line}` has no employer"))?;
    let (name, end) = match rest.split_once('<') {
        Some((name, end)) => (name, Some(date(end.trim())?)),
        None => (rest, None),
    };
    Ok((owner(whose)?, named(name)?, end))
}

/// `GroupMap file employer`, `VirtualEmployer name`: a name that can be shown.
pub(super) fn named(name: &str) -> Result<String, String> {
    let name = lorecast_mail::one_line(name);
    match name.chars().count() {
        0 => Err("no employer is named".to_owned()),
        length if length > LONGEST_NAME => Err(format!("the employer's name has {length} letters")),
        _ => Ok(name),
    }
}

/// `` `employer` `employer` `` of a `CompanyMap`: how some write it, and what it is called.
pub(super) fn company(line: &str) -> Result<(String, String), String> {
    let inner = line.strip_prefix('`').and_then(|line| line.strip_suffix('`'));
    let parts: Vec<&str> = inner.map(|line| line.split('`').collect()).unwrap_or_default();
    match parts[..] {
        [written, between, name] if between.trim().is_empty() && !between.is_empty() => {
            Ok((named(written)?, named(name)?))
        }
        _ => Err("two employers in backticks are needed".to_owned()),
    }
}

/// `nn% employer` of a `VirtualEmployer`: the share in percent, and whose it is.
pub(super) fn share(line: &str) -> Result<(u8, String), String> {
    let (share, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let number = share.strip_suffix('%').unwrap_or(share).parse::<u8>().ok();
    let number = number.filter(|percent| (1..=100).contains(percent));
    let number = number.ok_or_else(|| format!("`{share}` is no share of 1% to 100%"))?;
    Ok((number, named(name)?))
}

/// Whose employer a line gives: an address or a domain. Some maps write `user!domain`, so that the
/// address is not harvested.
pub(super) fn owner(whose: &str) -> Result<String, String> {
    let whose = address(whose);
    let domain = whose.rsplit_once('@').map_or(whose.as_str(), |(_, domain)| domain);
    let labels = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    let local = whose.rsplit_once('@').is_none_or(|(local, _)| !local.is_empty());
    let plain = !domain.contains(|c: char| c.is_whitespace() || "@<>(),;:\"".contains(c));
    if labels && local && plain {
        Ok(whose)
    } else {
        Err(format!("`{whose}` is neither an address nor a domain"))
    }
}

/// An address as we compare it: small letters, `@` for the `!` of some maps.
pub(super) fn address(text: &str) -> String {
    let text = text.to_lowercase();
    if text.contains('@') { text } else { text.replacen('!', "@", 1) }
}

/// Whether a text is one address, in either way of writing it.
pub(super) fn is_address(text: &str) -> bool {
    lorecast_model::is_address(&address(text))
}

/// `2023-4-1` as well as `2023-04-01`.
fn date(text: &str) -> Result<Date, String> {
    let mut parts = text.split('-').map(|part| part.trim().parse::<i16>().ok());
    let mut next = || parts.next().flatten();
    let (year, month, day) = (next(), next(), next());
    let small = |part: Option<i16>| part.and_then(|part| i8::try_from(part).ok());
    let made = match (year, small(month), small(day), parts.next()) {
        (Some(year), Some(month), Some(day), None) => Date::new(year, month, day).ok(),
        _ => None,
    };
    made.ok_or_else(|| format!("`{text}` is no date; write `< yyyy-mm-dd`"))
}
