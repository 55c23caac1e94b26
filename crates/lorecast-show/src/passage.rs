//! Where the notes tell of one story.

use std::ops::Range;

use crate::blocks::{Layout, blocks};

/// The paragraphs of the notes that tell of a story: from the one that links to it (first of all, or at all) to the next
/// heading or the next paragraph that begins another story. The notes' last paragraph is no part of it when it links
/// to nothing: there the show says goodbye. `None` when the notes do not tell of it.
///
/// `about` says for an address whether it leads to the story (`Some(true)`), to another one, or to neither.
pub fn passage(notes: &str, about: impl Fn(&str) -> Option<bool>) -> Option<Range<usize>> {
    let blocks = blocks(Layout::Prose, notes);
    let all: Vec<Vec<bool>> = blocks
        .iter()
        .map(|block| {
            if block.heading > 0 { vec![] } else { links(block.text).filter_map(&about).collect() }
        })
        .collect();
    let first = all.iter().position(|links| links.first() == Some(&true));
    let first = first.or_else(|| all.iter().position(|links| links.contains(&true)))?;
    let last = blocks.len() - 1;
    let goes_on = |at: &usize| {
        let goodbye = *at == last && links(blocks[*at].text).next().is_none();
        blocks[*at].heading == 0 && all[*at].first() != Some(&false) && !goodbye
    };
    let end = (first + 1..blocks.len()).take_while(goes_on).last().unwrap_or(first);
    let before = |at: usize| {
        blocks[..at].iter().map(|block| block.text.len() + block.gap.len()).sum::<usize>()
    };
    Some(before(first)..before(end) + blocks[end].text.len())
}

/// The addresses that a text links to.
pub(crate) fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("](http").map(|(at, _)| {
        let address = &text[at + 2..];
        &address[..address.find([')', ' ', '\n']).unwrap_or(address.len())]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    /// Stories are `https://s/1` and so on; other addresses are none.
    fn check(story: u8, notes: &str) -> String {
        let own = format!("https://s/{story}");
        let about = |address: &str| address.starts_with("https://s/").then_some(address == own);
        passage(notes, about).map_or("nothing".to_owned(), |range| format!("{:?}", &notes[range]))
    }

    const NOTES: &str = "# T\n\nIn this edition: much.\n\n## A\n\n[One](https://s/1).\n\nMore of one, [seen](https://x/).\n\n[Two](https://s/2) and [three](https://s/3).\n\n## B\n\nLong ago: [four](https://s/4), as [one](https://s/1) said.\n\nBye.\n";

    #[test]
    fn a_story_goes_on_until_another_begins() {
        assert_snapshot!(check(1, NOTES), @r#""[One](https://s/1).\n\nMore of one, [seen](https://x/).\n""#);
        assert_snapshot!(check(2, NOTES), @r#""[Two](https://s/2) and [three](https://s/3).\n""#);
        assert_snapshot!(check(3, NOTES), @r#""[Two](https://s/2) and [three](https://s/3).\n""#);
        assert_snapshot!(check(4, NOTES), @r#""Long ago: [four](https://s/4), as [one](https://s/1) said.\n""#);
        assert_snapshot!(check(5, NOTES), @"nothing");
        assert_snapshot!(check(1, ""), @"nothing");
    }
}
