//! How many acronyms of a list the glossary spells as people did, and expands exactly once in a text;
//! `tests/parity/drafting/acronyms.sh` runs it.

use lorecast_drafter::expand;
use lorecast_model::Glossary;
use serde::Deserialize;
use std::collections::BTreeMap;

/// An entry of the list: an acronym, and how people spelt it out.
#[derive(Deserialize)]
struct Seen {
    acronym: String,
    spellings_in_posts: BTreeMap<String, u64>,
}

/// Up to this many letters may differ in a long spelling: people mistype.
const TYPOS: usize = 2;

#[allow(clippy::print_stdout, reason = "its output is what it is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [glossary, seen] = args.as_slice() else {
        return Err("usage: acronyms GLOSSARY.yaml ACRONYMS.json".into());
    };
    let glossary: Glossary = serde_yaml::from_str(&std::fs::read_to_string(glossary)?)?;
    let seen: Vec<Seen> = serde_json::from_str(&std::fs::read_to_string(seen)?)?;
    let missed = |fits: &dyn Fn(&Seen) -> bool| -> Vec<&str> {
        seen.iter().filter(|seen| !fits(seen)).map(|seen| seen.acronym.as_str()).collect()
    };
    let known = missed(&|seen| expansions(&glossary, &seen.acronym).next().is_some());
    let first = missed(&|seen| agrees(expansions(&glossary, &seen.acronym).take(1), seen));
    let any = missed(&|seen| agrees(expansions(&glossary, &seen.acronym), seen));
    let once = missed(&|seen| expanded(&glossary, &seen.acronym) == 1);
    for (what, missed) in [
        ("has an expansion", known),
        ("first expansion is a spelling of the list", first),
        ("any expansion is a spelling of the list", any),
        ("expanded exactly once in a text", once),
    ] {
        let n = seen.len();
        let share = 100.0 * (n - missed.len()) as f64 / n.max(1) as f64;
        println!("{share:5.1} % of n={n}: {what}; not: {}", missed.join(" "));
    }
    Ok(())
}

fn expansions<'a>(glossary: &'a Glossary, acronym: &str) -> impl Iterator<Item = String> + 'a {
    let term = glossary.0.get(acronym).or_else(|| glossary.0.get(numbered(acronym).0));
    let number = numbered(acronym).1.to_owned();
    let own = glossary.0.contains_key(acronym);
    term.into_iter()
        .flat_map(|term| {
            let also = term.also.iter().map(|meaning| &meaning.expansion);
            std::iter::once(&term.expansion).chain(also)
        })
        .filter(|expansion| !expansion.is_empty())
        .map(move |words| if own { words.clone() } else { format!("{words} {number}") })
}

fn numbered(acronym: &str) -> (&str, &str) {
    acronym.split_at(acronym.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

fn agrees(ours: impl Iterator<Item = String>, seen: &Seen) -> bool {
    let theirs: Vec<String> = seen.spellings_in_posts.keys().map(|words| plain(words)).collect();
    ours.map(|words| plain(&words)).any(|ours| {
        theirs
            .iter()
            .any(|theirs| distance(&ours, theirs) <= if ours.len() > 11 { TYPOS } else { 0 })
    })
}

/// Letters and digits alone, each word in the singular.
fn plain(words: &str) -> String {
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let singular = |word: &str| {
        let word = word.to_lowercase();
        word.strip_suffix("ies")
            .map(|stem| format!("{stem}y"))
            .unwrap_or_else(|| word.trim_end_matches('s').to_owned())
    };
    words.map(singular).collect()
}

/// How many letters must change to make the one into the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let changed = before + usize::from(from != *to);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()]
}

/// How often a text expands an acronym that it uses in its own words and in a quotation, after a
/// title that holds it.
fn expanded(glossary: &Glossary, acronym: &str) -> usize {
    let text = format!(
        "# News of {acronym}\n\nAda Sample posted [version 2 of a patch series entitled “Rework {acronym} \
         support”](https://lists.example/1), which “changes how {acronym} is set up”. The {acronym} \
         code is old.\n\nMore on {acronym} follows.\n"
    );
    let done = expand(&text, glossary, &[]).markdown;
    done.matches(&format!("{acronym} (")).count() + done.matches(&format!("{acronym} [")).count()
}
