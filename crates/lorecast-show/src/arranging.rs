//! Stories of the notes in another order.

use std::ops::Range;

use crate::blocks::{Block, Layout, blocks};
use crate::passage::links;

/// The notes with the passages at `places`, which are in order and apart, in the order of `order`: the numbers of all of them. Each
/// keeps its words byte for byte, and what stands between them stays where it is. Where every passage has a heading of its
/// own, each takes it along.
pub fn rearranged(notes: &str, places: &[Range<usize>], order: &[usize]) -> String {
    let blocks = blocks(Layout::Prose, notes);
    let headed: Option<Vec<Range<usize>>> =
        places.iter().map(|place| headed(&blocks, place, places)).collect();
    let places = headed.as_deref().unwrap_or(places);
    let mut out = String::with_capacity(notes.len() + 1);
    let mut done = 0;
    for (place, from) in places.iter().zip(order) {
        let Some(words) = places.get(*from).map(|from| &notes[from.clone()]) else { continue };
        out.push_str(&notes[done..place.start]);
        out.push_str(words);
        // The last line of a text may lack its end.
        if !words.ends_with('\n') && place.end < notes.len() {
            out.push('\n');
        }
        done = place.end;
    }
    out.push_str(&notes[done..]);
    out
}

/// A passage with its heading and all that stands below that; `None` when it has none, or another passage stands there as well.
fn headed(
    blocks: &[Block<'_>],
    place: &Range<usize>,
    places: &[Range<usize>],
) -> Option<Range<usize>> {
    let mut at = 0;
    let starts: Vec<usize> = blocks
        .iter()
        .map(|block| {
            at += block.text.len() + block.gap.len();
            at - block.text.len() - block.gap.len()
        })
        .collect();
    let first = starts.iter().position(|start| *start == place.start)?;
    let heading = first.checked_sub(1).filter(|at| blocks[*at].heading > 0)?;
    let level = blocks[heading].heading;
    let ends = |at: &usize| (1..=level).contains(&blocks[*at].heading);
    let mut last = (first..blocks.len()).find(ends).unwrap_or(blocks.len()) - 1;
    // There the show says goodbye.
    if last + 1 == blocks.len() && last > first && links(blocks[last].text).next().is_none() {
        last -= 1;
    }
    let end = place.end.max(starts[last] + blocks[last].text.len());
    let whole = starts[heading]..end;
    let others = places.iter().filter(|other| whole.contains(&other.start)).count();
    (others == 1).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage;
    use insta::assert_snapshot;
    use proptest::prelude::*;

    /// The places of the stories `https://s/1` and so on, in the order in which they are told.
    fn places(notes: &str, stories: &[u8]) -> Vec<Range<usize>> {
        let place = |story: &u8| {
            let own = format!("https://s/{story}");
            passage(notes, |link| link.starts_with("https://s/").then_some(link == own))
        };
        let mut places: Vec<_> = stories.iter().filter_map(place).collect();
        places.sort_by_key(|place| place.start);
        places
    }

    fn check(notes: &str, stories: &[u8], order: &[usize]) -> String {
        rearranged(notes, &places(notes, stories), order).replace('\n', "|")
    }

    #[test]
    fn a_story_moves_with_all_its_paragraphs() {
        let notes = "# T\n\n## A\n\n[1](https://s/1)\n\nmore\n\n\n[2](https://s/2)\n\n[3](https://s/3)\n\nBye.\n";
        assert_snapshot!(check(notes, &[1, 2, 3], &[1, 2, 0]), @"# T||## A||[2](https://s/2)|||[3](https://s/3)||[1](https://s/1)||more||Bye.|");
        assert_snapshot!(check(notes, &[1, 2, 3], &[0, 1, 2]), @"# T||## A||[1](https://s/1)||more|||[2](https://s/2)||[3](https://s/3)||Bye.|");
    }

    #[test]
    fn a_heading_of_its_own_goes_along() {
        let notes = "# T\n\n## One\n[1](https://s/1)\n\n### x\n\nmore\n\n## Two\n\n[2](https://s/2)\n\nBye.\n";
        assert_snapshot!(check(notes, &[1, 2], &[1, 0]), @"# T||## Two||[2](https://s/2)||## One|[1](https://s/1)||### x||more||Bye.|");
        // Only one of these has its own.
        let notes = "## A\n\n[1](https://s/1)\n\n## B\n\n[2](https://s/2)\n\n[3](https://s/3)\n\n";
        assert_snapshot!(check(notes, &[1, 2, 3], &[2, 1, 0]), @"## A||[3](https://s/3)||## B||[2](https://s/2)||[1](https://s/1)||");
    }

    #[test]
    fn a_last_line_without_its_end_is_ended_when_it_moves_up() {
        let notes = "[1](https://s/1)\n\n[2](https://s/2)";
        assert_snapshot!(check(notes, &[1, 2], &[1, 0]), @"[2](https://s/2)||[1](https://s/1)|");
    }

    fn any_notes() -> impl Strategy<Value = String> {
        let line = proptest::sample::select(vec![
            "[1](https://s/1)\n",
            "[2](https://s/2)\n",
            "[3](https://s/3)\n",
            "ü\n",
            "\n",
            "## h\n",
            "### i\n",
            "```\n",
        ]);
        proptest::collection::vec(line, 0..16).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn no_line_is_lost(notes in any_notes()) {
            let places = places(&notes, &[1, 2, 3]);
            prop_assume!(places.windows(2).all(|two| two[0].end <= two[1].start));
            let order: Vec<usize> = (0..places.len()).rev().collect();
            let moved = rearranged(&notes, &places, &order);
            let sorted = |text: &str| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            prop_assert_eq!(sorted(&moved), sorted(&notes));
        }
    }
}
