//! The sentence of a report that says what went wrong.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::plain::{plain, shared_words};
use super::search::best;
use super::shape::quotation;
use crate::pattern::constant;
use crate::sentence::{Paragraph, paragraphs};

/// The sentence of a report that says what went wrong.
pub(crate) fn symptom(text: &str, title: &str) -> Option<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let measure = |at: usize, p: &Paragraph, sentence: &str| {
        let wrong = 1.0 * SYMPTOM.find_iter(sentence).count().min(3) as f64;
        let shared = 0.4 * f64::from(shared_words(sentence, title).min(4));
        let late = (0.3 * at as f64).min(2.0) + if p.item { 1.5 } else { 0.0 };
        plain(sentence).map(|score| score + wrong + shared - late).filter(|score| *score > 0.9)
    };
    best(&paragraphs(&own), measure).map(|s| quotation(&s, false))
}

/// What reports are about.
static SYMPTOM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:since|revert\w*|first bad commit|with v?\d+\.\d+|regress\w*|fail\w*|crash\w*|hang\w*|freez\w*|panic\w*|broke\w*|breaks?|slow\w*|halved|drop\w*|stop\w*|no longer|doesn't|does not|don't|cannot|can't|bisect\w*|caused|after (?:up|the)\w*|error\w*|warning\w*|corrupt\w*|lost|loses?|stuck|boot\w*|resume|suspend)\b",
    )
});
