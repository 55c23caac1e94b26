//! Identifiers, paths and other words that are not prose.

use std::sync::LazyLock;

use lorecast_model::Numbers;
use regex::Regex;

use super::date::stamp;
use super::number::model;
use super::quantity::quantity;
use super::version::version;
use super::word::Around;
use crate::pattern::constant;

/// A path, not two words with a stroke between them.
static PATH: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^/\w|^\.{1,2}/\w|\w/$|/[\w.+-]+\.(?:c|h|S|s|rs|py|sh|pl|dts|dtsi|dtso|yaml|yml|json|rst|txt|md|ko|o|so|toml|conf|cfg|ld|lds|config)$",
    )
});
static CONSTANT: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^_*[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)+_*$"));
static PLURAL: LazyLock<Regex> = LazyLock::new(|| constant(r"^(\w+)\((e?s)\)$"));

/// Any word that is neither number, release nor address.
pub(super) fn identifier(word: &str, around: Around<'_>) -> String {
    if is_prose(word) {
        return word.to_owned();
    }
    if let Some(found) = PLURAL.captures(word) {
        return format!("{}{}", &found[1], &found[2]);
    }
    let marks = ["(R)", "(TM)", "(tm)", "(C)", "()"];
    let word = marks.iter().fold(word, |word, mark| word.trim_end_matches(mark));
    if CONSTANT.is_match(word) {
        return name_of_constant(word, around);
    }
    if let Some((name, value)) = word.split_once('=').filter(|(name, _)| CONSTANT.is_match(name)) {
        let name = name_of_constant(name, around);
        return tidy(&format!("{name} equals {}", parts(value, around)));
    }
    let (word, slash) = slashed(word, around);
    let said: Vec<String> = word.split('/').map(|part| parts(part, around)).collect();
    tidy(&said.join(slash))
}

/// Pairs that are said without what is between them.
const PAIRS: [&str; 12] = [
    "and/or",
    "client/server",
    "gnu/linux",
    "i/o",
    "input/output",
    "lsf/mm",
    "on/off",
    "read/write",
    "tcp/ip",
    "udp/ip",
    "yes/no",
    "true/false",
];
/// `/dev/null` is "dev null".
static DEVICE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^/((?:dev|proc|sys|etc|tmp|boot|run)(?:/[\w.-]+)?)/?$"));

static FOLDER: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^/(?:dev|proc|sys|etc|tmp|boot|run|usr|var|lib)/\w"));

/// A word and how its slashes are said. In front of a title (`net/smc: fix`) they are not, nor in a
/// few pairs.
fn slashed<'a>(word: &'a str, around: Around<'_>) -> (&'a str, &'static str) {
    let known = PAIRS.contains(&word.to_lowercase().as_str())
        || around.speech.glossary.0.contains_key(word);
    if let Some(inner) = DEVICE.captures(word).and_then(|found| found.get(1)) {
        return (inner.as_str(), " ");
    }
    let word = if FOLDER.is_match(word) { word.trim_start_matches('/') } else { word };
    let name = |part: &str| part.starts_with(|c: char| c.is_alphabetic());
    let prefix = around.prefix && !PATH.is_match(word) && word.split('/').all(name);
    (word, if known || prefix { " " } else { " slash " })
}

/// Letters, apostrophes and hyphens between them, in any script.
fn is_prose(word: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() || !c.is_ascii() && !"×≤≥≠−§".contains(c);
    !word.starts_with('-')
        && !word.contains("--")
        && word.chars().all(|c| letter(c) || matches!(c, '\'' | '-'))
}

/// Parts of constants that are words, short as they are; others (`IO`, `SO`) are letters.
const SHORT_WORDS: [&str; 14] =
    ["AS", "AT", "BE", "BY", "DO", "IF", "IN", "IS", "NO", "OF", "ON", "OR", "TO", "UP"];

/// `CONFIG_NUMA_BALANCING` → "config NUMA balancing": what can be said as a word is.
fn name_of_constant(word: &str, around: Around<'_>) -> String {
    let said = word.split('_').filter(|part| !part.is_empty()).map(|part| {
        let known = around.speech.glossary.0.contains_key(part);
        let vowel = part.len() > 1 && part.contains(['A', 'E', 'I', 'O', 'U', 'Y']);
        let letters = part.chars().all(char::is_alphabetic);
        let short = part.len() <= 2 && !SHORT_WORDS.contains(&part);
        match known || !vowel || !letters || short {
            true => letters_and_digits(part, around.speech.voice.numbers),
            false => part.to_lowercase(),
        }
    });
    said.collect::<Vec<_>>().join(" ")
}

/// A word without strokes: its signs are said, and so are the numbers in it.
fn parts(word: &str, around: Around<'_>) -> String {
    let numbers = around.speech.voice.numbers;
    let word = &word.replace("->", "→");
    let (word, ending) = file_ending(word);
    let dashes = word.len() - word.trim_start_matches('-').len();
    let mut said = match dashes {
        1 if word.len() > 1 => "dash ".to_owned(),
        2 if word.len() > 2 => "dash dash ".to_owned(),
        _ => String::new(),
    };
    let word = word[dashes..].trim_end_matches('-');
    let pieces: Vec<&str> = word.split('-').collect();
    let mut before = "";
    for (index, piece) in pieces.iter().enumerate() {
        let number = piece.bytes().all(|b| b.is_ascii_digit()) && !piece.is_empty();
        // In a name: `AES-128` is "AES one twenty-eight".
        let named = index > 0 && number && numbers == Numbers::Words && piece.len() < 5;
        let now = if named { Some(model(piece)) } else { stamp(piece, numbers) }
            .or_else(|| version(piece, "", numbers))
            .or_else(|| quantity(piece, "", numbers))
            .unwrap_or_else(|| signs(piece, numbers));
        if index > 0 {
            let words = numbers == Numbers::Words;
            // "sixty-four-bit", but "AES one twenty-eight CBC".
            let apart = digit(piece) || digit(before) && piece.starts_with(char::is_uppercase);
            // "six point four dash one", "… dash thirty-eight generic".
            let release =
                pieces.iter().take(index).any(|piece| piece.contains('.') && digit(piece));
            match (words, release, number) {
                (true, true, true) => said.push_str(" dash "),
                (true, true, false) => said.push(' '),
                _ => said.push(if words && apart { ' ' } else { '-' }),
            }
        }
        said.push_str(&now);
        before = piece;
    }
    said + &ending.replace('.', " dot ")
}

/// Endings of files that are named after releases: `linux-6.3-rc7.tar.xz`.
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"\d((?:\.(?:tar|xz|gz|bz2|zst|patch|diff|git|mbox|config|log|rpm|deb))+)$")
});

fn file_ending(word: &str) -> (&str, &str) {
    let ending = ENDING.captures(word).and_then(|found| found.get(1));
    ending.map_or((word, ""), |ending| word.split_at(ending.start()))
}

fn digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

fn signs(word: &str, numbers: Numbers) -> String {
    let within = !word.contains('_') && (word.contains(')') || !word.contains('('));
    let mut said = String::new();
    let mut rest = word.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        match (c, after) {
            ('→', _) => said.push_str(" arrow "),
            ('+', '+') if before.is_alphanumeric() => {
                rest.next();
                said.push_str(" plus plus");
            }
            ('.', _) if before.is_ascii_digit() && after.is_ascii_digit() => {
                said.push_str(" point ")
            }
            ('.', _) if after.is_lowercase() || after.is_ascii_digit() => said.push_str(" dot "),
            // `X.Y` stands for a release; `U.S.` is said as it is written.
            ('.', 'X' | 'Y' | 'Z') if matches!(before, 'X' | 'Y') => said.push_str(" point "),
            ('.', _) if before.is_lowercase() && after.is_uppercase() => said.push_str(" dot "),
            ('.', _) if before.is_alphabetic() && after.is_uppercase() => said.push('.'),
            ('#', _) if after.is_ascii_digit() => said.push_str(" number "),
            ('!', _) if before == ' ' && (after.is_alphabetic() || after == '_') => {
                said.push_str("not ");
            }
            ('!', '=') => {
                rest.next();
                said.push_str(" is not ");
            }
            ('<' | '>', again) if c == again => {
                rest.next();
                said.push_str(if c == '<' { " shifted left by " } else { " shifted right by " });
            }
            ('<', '=') | ('>', '=') => {
                rest.next();
                said.push_str(if c == '<' { " at most " } else { " at least " });
            }
            ('<', _) if before.is_alphanumeric() && after.is_alphanumeric() => {
                said.push_str(" less than ");
            }
            ('>', _) if before.is_alphanumeric() && after.is_alphanumeric() => {
                said.push_str(" more than ");
            }
            ('#', ' ') if before == 'C' => said.push_str(" sharp"),
            ('+', _) => said.push_str(" plus "),
            ('=', _) if before == '=' => {}
            ('=', _) => said.push_str(" equals "),
            ('&', _) if before == '&' => {}
            ('&', _) => said.push_str(" and "),
            ('%', _) => said.push_str(" percent "),
            ('*', _) if before == '_' => said.push_str(" star "),
            ('×', _) => said.push_str(" by "),
            ('≤', _) => said.push_str(" at most "),
            ('≥', _) => said.push_str(" at least "),
            (',' | ';', _) => said.extend([c, ' ']),
            ('\'' | '’', _) => said.push(c),
            // What an editor put into a word: `boo[s]t`, `exist(ed)`.
            ('[' | ']' | '{' | '}', _) => {}
            ('(' | ')', _) if within => {}
            (c, _) if c.is_alphanumeric() || !c.is_ascii() => said.push(c),
            _ => said.push(' '),
        }
        before = c;
    }
    letters_and_digits(&said, numbers)
}

/// `ma35d1` → "ma thirty-five d one".
fn letters_and_digits(text: &str, numbers: Numbers) -> String {
    if numbers == Numbers::Digits {
        return text.to_owned();
    }
    let mut said = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if !digit {
            said.push_str(run);
        } else {
            let spaced = said.is_empty() || said.ends_with(' ');
            said.push_str(if spaced { "" } else { " " });
            said.push_str(&model(run));
            said.push_str(if after.starts_with(char::is_alphabetic) { " " } else { "" });
        }
        rest = after;
    }
    said
}

/// Single spaces, none before punctuation.
fn tidy(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.replace(" ,", ",").replace(" ;", ";").trim_end_matches([',', ';']).to_owned()
}
