//! The sentences of a report that say what went wrong, and since when.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::lean::unnamed;
use super::plain::{alike, plain, shared_words};
use super::shape::quotation;
use super::source::{Placed, own_paragraphs, own_words, placed};
use crate::pattern::constant;

/// Up to `most` sentences of a report: what went wrong, then the commit that is blamed, then what
/// else there is to it.
pub(crate) fn symptoms(text: &str, title: &str, most: usize) -> Vec<Quotation> {
    let all = own_paragraphs(text);
    let sentences = placed(&all);
    let mut found: Vec<Quotation> = Vec::new();
    let add = |measure: &dyn Fn(&Placed<'_>) -> Option<f64>, found: &mut Vec<Quotation>| {
        let mut best: Option<(f64, Quotation)> = None;
        for s in &sentences {
            let s = &without_preface(s);
            let Some(score) = measure(s) else { continue };
            if best.as_ref().is_some_and(|(held, _)| *held >= score) {
                continue;
            }
            let words = quotation(s.text, false);
            let news = |words: &Quotation| found.iter().all(|k| !alike(&k.text, &words.text));
            best = words.filter(news).map(|words| (score, words)).or(best);
        }
        found.extend(best.map(|(_, words)| words));
    };
    if most > 0 {
        add(&|s| symptom(s, title), &mut found);
    }
    if !found.is_empty() && most > 1 {
        add(&|s| blame(s), &mut found);
    }
    while !found.is_empty() && found.len() < most {
        let held = found.len();
        add(&|s| symptom(s, title).filter(|score| *score > 2.0), &mut found);
        if found.len() == held {
            break;
        }
    }
    found
}

/// Without a first clause that holds the number of a commit or a link: "Since commit …, I see that".
fn without_preface<'a>(s: &Placed<'a>) -> Placed<'a> {
    static PREFACE: LazyLock<Regex> = LazyLock::new(|| {
        constant(r"^[^,]{0,80}(?:\b[0-9a-f]{12,40}\b|://)[^,]{0,80}, ?((?:I|I'm|we|the|my|our)\b)")
    });
    let rest = PREFACE.captures(s.text).and_then(|found| found.get(1));
    Placed { text: rest.map_or(s.text, |rest| &s.text[rest.start()..]), ..*s }
}

/// What reports are about.
static SYMPTOM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:since|revert\w*|with v?\d+\.\d+|regress\w*|fail\w*|crash\w*|hang\w*|freez\w*|panic\w*|broke\w*|breaks?|slow\w*|halved|drop\w*|stop\w*|no longer|doesn't|does not|don't|cannot|can't|unable|after (?:up|the)\w*|error\w*|warning\w*|corrupt\w*|lost|loses?|stuck|boot\w*|resume|suspend|vulnerab\w+|attacker\w*|overflow\w*|use-after-free|leak\w*|escalat\w+|denial|out-of-bounds|exploit\w*|null pointer|deadlock\w*)\b",
    )
});
/// That anything is wrong at all.
static WRONG: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:regress\w*|fail\w*|crash\w*|hang|hangs|hung|freez\w*|frozen?|panic\w*|broke\w*|breaks?|slow\w*|dim\w*|halved|drop(?:s|ped)?|stop(?:s|ped)?|no longer|doesn't|does not|don't|didn't|won't|cannot|can't|unable|not work\w*|error\w*|warning\w*|corrupt\w*|lost|loses?|stuck|state|issues?|problem\w*|bugs?|wrong\w*|vulnerab\w+|attacker\w*|overflow\w*|use-after-free|leak\w*|escalat\w+|denial|out-of-bounds|exploit\w*|null|deadlock\w*|missing|stall\w*|oops\w*|bisect\w*|reverted|never)\b|\b(?:with|since|in|on) v?\d+\.\d+\S* ",
    )
});
/// What a report says of the reporting.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:error\b|caused by|below (?:is|are)|i (?:assume|guess|think|hope|will|would|can|could|wonder)|if (?:you|the answer|it)|see |attached|full |i've attached|let me|can you|could you|maybe|perhaps)|\b(?:regzbot|bugzilla|forwarded|tracking|answer|afaics|dmesg|config|logs?|attached|please|would be good|(?:in|by) (?:the|this) (?:report|mail|thread)|weeks? away|recently discovered|pretty sure|you)\b|\?$",
    )
});
static BLAME: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r#"(?i)\b(?:bisect\w*|first bad commit|introduced (?:by|in|with)|caused by|culprit|revert(?:ing|ed)?|started (?:with|in|after)|since (?:commit|v?\d+\.\d+))\b"#,
    )
});

fn symptom(s: &Placed<'_>, title: &str) -> Option<f64> {
    let score = plain(s.text).filter(|_| !ASIDE.is_match(s.text))?;
    if !WRONG.is_match(s.text) {
        return None;
    }
    let wrong = 1.0 * SYMPTOM.find_iter(s.text).count().min(3) as f64;
    let shared = 0.4 * f64::from(shared_words(s.text, title).min(4));
    let late = (0.3 * s.behind as f64).min(2.0) + if s.paragraph.item { 1.5 } else { 0.0 };
    let score =
        score + wrong + shared - late - 0.12 * s.place as f64 - 0.5 * unnamed(s.text) as f64;
    Some(score).filter(|score| *score > 1.2)
}

/// The title of the commit that `git bisect` named, as git-bisect(1) prints it: below "… is the first
/// bad commit", indented by four spaces.
pub(crate) fn blamed(text: &str) -> Option<String> {
    const REACH: usize = 15;
    static FIRST_BAD: LazyLock<Regex> =
        LazyLock::new(|| constant(r"^\s*[0-9a-f]{7,40} is the first bad commit\s*$"));
    let own = own_words(text);
    let mut lines = own.lines().skip_while(|line| !FIRST_BAD.is_match(line)).skip(1).take(REACH);
    let title = lines.find(|line| line.starts_with("    ") && !line.trim().is_empty())?.trim();
    let fits = title.contains(' ') && title.len() <= LONGEST_TITLE;
    fits.then(|| title.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// No title of a commit is longer, in bytes.
const LONGEST_TITLE: usize = 120;

/// How plainly a sentence says which change is to blame.
fn blame(s: &Placed<'_>) -> Option<f64> {
    let score = plain(s.text).filter(|_| BLAME.is_match(s.text) && !s.text.ends_with('?'))?;
    let named = if s.text.contains("commit") || s.text.contains("(\"") { 1.0 } else { 0.0 };
    Some(score + named - 0.5 * unnamed(s.text) as f64).filter(|score| *score > 0.6)
}
