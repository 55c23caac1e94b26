//! Whether plain words claim more than the mails bear out.
//!
//! A paragraph may tell in its own words who wrote what and when. Everything else that it says must
//! be said in words of the mails: what a patch does, what somebody thinks of it, and what became of it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use lorecast_model::{Evidence, Fact};
use regex::Regex;
use rust_stemmers::{Algorithm, Stemmer};

use super::judge::Refusal;
use crate::check::negates;
use crate::pattern::constant;
use crate::sentence::sentences;

/// Words that claim nothing by themselves.
const JOINING: &str = "
a about above across after again all along already also although always among an and another any are around as at
away back be became because become been before began begin being below between both but by called came can come comes
could day days did do does doing during each earlier either else entitled even ever every few first for from further
get gets given gives go goes gone got had has have having he her here him his how i if in inside instead into is it
its itself just kind last later least less like-minded little long made make makes many may me meanwhile might month
more most much must my named near next now of off often on once one ones only onto open or other others our out outside
over own part parts past per perhaps quite rather really s said same say saying says second see seen several shall she
should since so some something soon still such t than that the their them themselves then there these they thing things
third this those though through titled to today together too towards under until up upon us very was way we week weeks
well went were what whatever when where whether which while who whom whose why will with within would year years yet
you your
";

/// Words that tell of mails, and claim nothing about what is in them.
const TELLING: &str = "
announce announced announces answer answered answers ask asked asks author authors back comment commented comments
continue continued continues conversation cover describe described describes develop developer developers discuss
discussed discussion edition email entitled explain explained explains follow followed follows idea letter link list
mail mails maintainer maintainers mention mentioned message messages note noted notes patch patches people person point
pointed points post posted posting posts propose proposed proposes question quote quoted read remark remarked replied
replies reply report reported reports request requested response revision revisions round send sends sent series show
shows start started starts story subject summary talk telling tell tells thread title version versions view week word
words work worked working works write writes written wrote
";

/// What became of work, and the facts that prove each.
const OUTCOMES: &[(&[&str], &[Fact])] = &[
    (
        &[
            "accepted",
            "applied",
            "applies",
            "committed",
            "integrated",
            "landed",
            "lands",
            "merged",
            "merges",
            "picked",
            "pulled",
            "queued",
            "upstreamed",
        ],
        &[Fact::Applied, Fact::Next, Fact::Landed, Fact::Final, Fact::Stable],
    ),
    (&["reviewed"], &[Fact::Reviewed]),
    (
        &["acked", "acknowledged", "approved", "approves", "endorsed"],
        &[Fact::Acked, Fact::Reviewed],
    ),
    (&["tested", "verified"], &[Fact::Tested]),
    (
        &["nacked", "naked", "refused", "rejected", "rejects", "vetoed"],
        &[Fact::Rejected, Fact::ChangesRequested],
    ),
    (&["reverted", "reverts"], &[Fact::Reverted]),
    (&["abandoned", "dropped", "withdrawn", "withdrew"], &[Fact::Dropped]),
    (&["released", "releases"], &[Fact::Release]),
];

/// A negation reaches so many words.
const REACH: usize = 6;
/// A number is told of what stands within so many words behind it.
const COUNTED: usize = 3;
/// So many words in a row are a statement.
const STATEMENT: usize = 3;

static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| constant(r"\d+(?:[.,:-]\w+)*|\p{L}[\p{L}\p{N}_]*(?:['’-][\p{L}\p{N}_]+)*"));
static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
static JOINS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| JOINING.split_whitespace().map(stem).collect());
static TELLS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| TELLING.split_whitespace().map(stem).collect());
/// Where a sentence of a mail ends, or a part of it that stands alone. (Not `sentences`, which takes
/// longer than a mail of tables is worth.)
static END: LazyLock<Regex> = LazyLock::new(|| constant(r"[.?!;:]\s"));

/// The words of mails and evidence.
pub(super) struct Ground {
    sentences: Vec<Vec<Token>>,
    stems: BTreeSet<String>,
}

/// A word in small letters, and its stem.
struct Token {
    word: String,
    stem: String,
}

impl Ground {
    /// Of the texts of the mails, and of the numbers of patches that were posted.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>, patches: &BTreeSet<String>) -> Self {
        let counts = patches.iter();
        let counts: Vec<String> =
            counts.flat_map(|of| ["patches", "parts"].map(|what| format!("{of} {what}"))).collect();
        let all = texts.flat_map(|text| END.split(text)).chain(counts.iter().map(String::as_str));
        let sentences: Vec<Vec<Token>> = all.map(tokens).collect();
        let stems = sentences.iter().flatten().map(|token| token.stem.clone()).collect();
        Self { sentences, stems }
    }

    /// Whether a sentence says a negation, and a word of this stem soon after it.
    fn denies(&self, stem: &str) -> bool {
        self.sentences.iter().any(|sentence| {
            let no = |at: &usize| sentence.get(*at).is_some_and(is_negation);
            (0..sentence.len()).filter(no).any(|at| {
                let behind = sentence.iter().skip(at + 1).take(REACH);
                behind.into_iter().any(|token| token.stem == stem)
            })
        })
    }

    /// Whether these words in a row are said somewhere, and if so, only under a negation.
    fn only_denied(&self, words: &[Token]) -> bool {
        let mut said = false;
        for sentence in &self.sentences {
            for (at, window) in sentence.windows(words.len()).enumerate() {
                if !window.iter().zip(words).all(|(a, b)| a.stem == b.stem) {
                    continue;
                }
                said = true;
                let before = &sentence[at.saturating_sub(REACH)..at];
                if !before.iter().chain(window).any(is_negation) {
                    return false;
                }
            }
        }
        said
    }

    /// Whether the number is told of what has this stem.
    fn counts(&self, number: &[String], stem: &str) -> bool {
        self.sentences.iter().any(|sentence| {
            let here = |at: &usize| sentence.get(*at).is_some_and(|t| number.contains(&t.word));
            (0..sentence.len()).filter(here).any(|at| {
                let behind = sentence.iter().skip(at + 1).take(COUNTED + 1);
                behind.into_iter().any(|token| token.stem == stem)
            })
        })
    }

    /// Whether the words around the one at `at` are a mail's own.
    fn holds_around(&self, words: &[Token], at: usize) -> bool {
        let around = &words[at.saturating_sub(1)..words.len().min(at + 2)];
        around.len() == STATEMENT
            && self.sentences.iter().any(|sentence| {
                let same = |window: &[Token]| {
                    window.iter().zip(around).all(|(own, told)| own.word == told.word)
                };
                sentence.windows(around.len()).any(same)
            })
    }
}

/// What is claimed in a paragraph whose quotations are taken out. `named` gives the senders that a
/// sentence names.
pub(super) fn claims(
    own: &str,
    ground: &Ground,
    evidence: &[Evidence],
    named: &dyn Fn(&str) -> BTreeSet<String>,
) -> Result<(), Refusal> {
    for sentence in sentences(own) {
        let words = tokens(sentence);
        outcomes(&words, ground, evidence, &named(sentence))?;
        negations(&words, ground)?;
        counted(&words, ground)?;
        for token in &words {
            let plain = is_word(token) && outcome(token).is_none() && !tells(token);
            if plain && !ground.stems.contains(&token.stem) {
                return Err(Refusal::Word(token.word.clone()));
            }
        }
    }
    Ok(())
}

fn outcomes(
    words: &[Token],
    ground: &Ground,
    evidence: &[Evidence],
    named: &BTreeSet<String>,
) -> Result<(), Refusal> {
    for (at, token) in words.iter().enumerate() {
        let Some(facts) = outcome(token) else { continue };
        let mut proofs = evidence.iter().filter(|evidence| facts.contains(&evidence.fact));
        // A fact with a tree tells what holds it, and not who said so.
        let fits = |proof: &Evidence| {
            named.is_empty() || proof.tree.is_some() || named.contains(&proof.value)
        };
        if !proofs.any(fits) && !ground.holds_around(words, at) {
            return Err(Refusal::Outcome(token.word.clone()));
        }
    }
    Ok(())
}

/// The facts that prove what a word says of the work.
fn outcome(token: &Token) -> Option<&'static [Fact]> {
    let says = |verbs: &[&str]| verbs.contains(&token.word.as_str());
    OUTCOMES.iter().find(|(verbs, _)| says(verbs)).map(|(_, facts)| *facts)
}

fn negations(words: &[Token], ground: &Ground) -> Result<(), Refusal> {
    let mut denied = false;
    for (at, token) in words.iter().enumerate().filter(|(_, token)| is_negation(token)) {
        denied = true;
        let behind = &words[at + 1..];
        let of = behind.iter().find(|t| is_word(t) && !tells(t)).or(behind.first());
        if !of.is_some_and(|of| ground.denies(&of.stem)) {
            return Err(Refusal::Negation(token.word.clone()));
        }
    }
    if denied {
        return Ok(());
    }
    for window in words.windows(STATEMENT) {
        if ground.only_denied(window) {
            let said: Vec<&str> = window.iter().map(|token| token.word.as_str()).collect();
            return Err(Refusal::Affirmed(said.join(" ")));
        }
    }
    Ok(())
}

/// A number goes with what the mails count with it.
fn counted(words: &[Token], ground: &Ground) -> Result<(), Refusal> {
    for (at, token) in words.iter().enumerate().filter(|(_, token)| !numeral(token).is_empty()) {
        let behind = words.iter().skip(at + 1).take(COUNTED);
        let Some(of) = behind.into_iter().find(|t| is_word(t) && !JOINS.contains(&t.stem)) else {
            continue;
        };
        if !ground.counts(&numeral(token), &of.stem) {
            return Err(Refusal::Count(format!("{} … {}", token.word, of.word)));
        }
    }
    Ok(())
}

/// A number in digits and in words, as mails may write it; nothing for other words.
fn numeral(token: &Token) -> Vec<String> {
    let small = crate::spoken::SMALL;
    if let Some(at) = small.iter().skip(2).position(|name| *name == token.word) {
        return vec![token.word.clone(), (at + 2).to_string()];
    }
    if !token.word.starts_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let name = token.word.parse().ok().and_then(|at: usize| small.get(at));
    std::iter::once(token.word.clone()).chain(name.map(|name| (*name).to_owned())).collect()
}

fn tokens(text: &str) -> Vec<Token> {
    let token = |word: &str| {
        let word = word.to_lowercase().replace('’', "'");
        let word = word.strip_suffix("'s").unwrap_or(&word).to_owned();
        Token { stem: stem(&word), word }
    };
    TOKEN.find_iter(text).map(|found| token(found.as_str())).collect()
}

fn stem(word: &str) -> String {
    STEMMER.stem(word).into_owned()
}

fn is_word(token: &Token) -> bool {
    token.word.starts_with(char::is_alphabetic) && !is_negation(token) && numeral(token).is_empty()
}

fn tells(token: &Token) -> bool {
    TELLS.contains(&token.stem) || JOINS.contains(&token.stem)
}

fn is_negation(token: &Token) -> bool {
    negates(&token.word)
}
