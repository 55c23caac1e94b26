//! The announcer's own voice.

use super::Quotation;
use super::plain::plain;
use super::shape::{MOST_WORDS, quotation};
use crate::sentence::{paragraphs, sentences};

/// The opening words of up to `most` paragraphs of an announcement: the announcer's own voice.
pub(crate) fn announced(text: &str, most: usize) -> Vec<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let all = paragraphs(&own);
    let telling = all.iter().filter(|p| !p.item).filter_map(|p| opening(&p.text));
    telling.take(most).map(|words| quotation(&words, false)).collect()
}

/// The first sentences of a paragraph, up to the word limit.
fn opening(paragraph: &str) -> Option<String> {
    let mut taken: Option<(usize, usize)> = None;
    let mut from = 0;
    for sentence in sentences(paragraph) {
        let at = from + paragraph[from..].find(sentence)?;
        from = at + sentence.len();
        let usable = plain(sentence).is_some();
        let start = taken.map_or(at, |(start, _)| start);
        let fits = paragraph[start..from].split_whitespace().count() <= MOST_WORDS;
        match taken {
            None if usable => taken = Some((at, from)),
            Some(_) if usable && fits => taken = Some((start, from)),
            Some(_) => break,
            None => {}
        }
    }
    taken.map(|(start, end)| paragraph[start..end].to_owned())
}
