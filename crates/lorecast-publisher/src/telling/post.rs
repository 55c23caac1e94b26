//! A post for Mastodon.

use super::View;
use crate::PublishError;

/// The longest post that every server takes, in characters.
const LONGEST: usize = 500;
/// What a link counts, however long it is (Mastodon, "Links").
const LINK: usize = 23;

/// The post, with as much of the summary as there is place for, and of the title when that alone is too
/// long. No word is cut.
pub(super) fn fitting(
    view: &View,
    fill: &mut dyn FnMut(&View) -> Result<String, PublishError>,
) -> Result<String, PublishError> {
    let whole = tidy(&fill(view)?);
    let over = length(&whole).saturating_sub(LONGEST);
    if over == 0 {
        return Ok(whole);
    }
    let mut shorter = view.clone();
    let summary = view.episode.summary.chars().count();
    // The mark of a cut takes a character of its own.
    shorter.episode.summary = cut(&view.episode.summary, summary.saturating_sub(over + 1));
    let post = tidy(&fill(&shorter)?);
    let over = length(&post).saturating_sub(LONGEST);
    if over == 0 {
        return Ok(post);
    }
    shorter.episode.summary.clear();
    let post = tidy(&fill(&shorter)?);
    let over = length(&post).saturating_sub(LONGEST);
    let title = view.episode.title.chars().count();
    shorter.episode.title = cut(&view.episode.title, title.saturating_sub(over + 1));
    let post = tidy(&fill(&shorter)?);
    match length(&post) {
        fits if fits <= LONGEST => Ok(post),
        long => Err(PublishError::LongPost { characters: long, limit: LONGEST }),
    }
}

/// Whole words in at most `limit` characters, and `…`; nothing when not even one fits.
fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let end = text.char_indices().nth(limit).map_or(text.len(), |(at, _)| at);
    let ends_there = text[end..].starts_with(' ');
    let at = if ends_there { Some(end) } else { text[..end].rfind(' ') };
    at.map_or_else(String::new, |at| {
        format!("{}…", text[..at].trim_end_matches([' ', ',', ';', ':', '.']))
    })
}

/// How Mastodon counts: a link is 23 characters.
fn length(post: &str) -> usize {
    let words = post.split_inclusive(char::is_whitespace);
    words
        .map(|word| {
            let link = word.trim_end();
            let is_link = link.starts_with("https://") || link.starts_with("http://");
            let all = word.chars().count();
            if is_link { all - link.chars().count() + LINK } else { all }
        })
        .sum()
}

/// Without empty lines where there was nothing to say.
fn tidy(post: &str) -> String {
    let mut lines: Vec<&str> = post.trim().lines().map(str::trim_end).collect();
    lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_count_twenty_three() {
        assert_eq!(length("a https://pod.example/a/very/long/address/of/an/episode b"), 2 + 23 + 2);
        assert_eq!(length("ä #tag\n"), 7);
    }

    #[test]
    fn no_word_is_cut() {
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 10), "one two…");
        assert_eq!(cut("one two, three", 8), "one two…");
        assert_eq!(cut("one", 2), "");
    }
}
