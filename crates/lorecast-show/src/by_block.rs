//! Three-way merges that keep blocks whole: a story that an editor did not touch follows the new
//! draft, one that was touched stays, and only one that both changed is a conflict.

use crate::blocks::{Block, Layout, blocks};
use crate::merge::{Merged, by_line, conflict, found, three_way};
use crate::pairs::{pairs, same};

/// Texts of more blocks are merged by line.
const MOST_BLOCKS: usize = 5_000;

/// Merges what `new` changed against `base` into `yours`, block by block. What an editor deleted
/// stays deleted, and what an editor moved stays where it was put.
pub fn by_block(layout: Layout, base: &str, yours: &str, new: &str) -> Merged {
    if base == new || yours == new {
        return Merged { text: yours.to_owned(), conflicts: Vec::new() };
    }
    if base == yours {
        return Merged { text: new.to_owned(), conflicts: Vec::new() };
    }
    let of = |text| blocks(layout, text);
    let (base_blocks, your_blocks, new_blocks) = (of(base), of(yours), of(new));
    if base_blocks.len().max(your_blocks.len()).max(new_blocks.len()) > MOST_BLOCKS {
        return three_way(base, yours, new);
    }
    let merge = Merge::new(layout, &base_blocks, &your_blocks, &new_blocks);
    found(merge.text(layout, &merge.order()))
}

/// A block in the three texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Trio {
    base: Option<usize>,
    yours: Option<usize>,
    new: Option<usize>,
}

struct Merge<'a> {
    base: &'a [Block<'a>],
    yours: &'a [Block<'a>],
    new: &'a [Block<'a>],
    trios: Vec<Trio>,
}

impl<'a> Merge<'a> {
    fn new(
        layout: Layout,
        base: &'a [Block<'a>],
        yours: &'a [Block<'a>],
        new: &'a [Block<'a>],
    ) -> Self {
        let (to_yours, to_new) = (pairs(layout, base, yours), pairs(layout, base, new));
        let mut trios: Vec<Trio> = (0..base.len())
            .map(|at| Trio { base: Some(at), yours: to_yours[at], new: to_new[at] })
            .collect();
        let rest = |count: usize, taken: &[Option<usize>]| -> Vec<usize> {
            let mut open = vec![true; count];
            taken.iter().flatten().for_each(|at| open[*at] = false);
            (0..count).filter(|at| open[*at]).collect()
        };
        let (own, fresh) = (rest(yours.len(), &to_yours), rest(new.len(), &to_new));
        let of = |blocks: &'a [Block<'a>], places: &[usize]| -> Vec<Block<'a>> {
            places.iter().map(|at| blocks[*at].clone()).collect()
        };
        let both = same(&of(yours, &own), &of(new, &fresh));
        for (at, place) in own.iter().zip(&both) {
            let new = place.map(|place| fresh[place]);
            trios.push(Trio { base: None, yours: Some(*at), new });
        }
        for (place, at) in fresh.iter().enumerate() {
            if !both.contains(&Some(place)) {
                trios.push(Trio { base: None, yours: None, new: Some(*at) });
            }
        }
        Self { base, yours, new, trios }
    }

    fn touched(&self, trio: &Trio) -> bool {
        let base = trio.base.map(|at| self.base[at].text.trim_end());
        base != trio.yours.map(|at| self.yours[at].text.trim_end())
    }

    /// Whether a block stands in the result: what an editor deleted does not, nor what the draft left
    /// out and nobody had touched.
    fn stays(&self, trio: &Trio) -> bool {
        match (trio.base, trio.yours, trio.new) {
            (Some(_), None, _) => false,
            (_, Some(_), None) => self.touched(trio),
            _ => true,
        }
    }

    /// The blocks of the result in the order of the new text, in which those that the editor moved or
    /// added follow what they follow in the editor's text.
    fn order(&self) -> Vec<usize> {
        let kept = self.kept();
        let mut order: Vec<usize> =
            (0..self.trios.len()).filter(|at| kept[*at] && self.trios[*at].new.is_some()).collect();
        order.sort_by_key(|at| self.trios[*at].new);
        let mut yours: Vec<usize> =
            (0..self.trios.len()).filter(|at| self.trios[*at].yours.is_some()).collect();
        yours.sort_by_key(|at| self.trios[*at].yours);
        let moved = self.moved(&yours);
        order.retain(|at| !moved[*at]);
        let mut before: Option<usize> = None;
        for at in yours.into_iter().filter(|at| kept[*at]) {
            let placed = order.contains(&at);
            if !placed {
                let place = before.and_then(|before| order.iter().position(|one| *one == before));
                order.insert(place.map_or(0, |place| place + 1), at);
            }
            before = Some(at);
        }
        order
    }

    /// What stays, and the headings above what an editor keeps in a section that the draft gave up.
    fn kept(&self) -> Vec<bool> {
        let mut kept: Vec<bool> = self.trios.iter().map(|trio| self.stays(trio)).collect();
        let mut owner = vec![0; self.yours.len()];
        for (at, trio) in self.trios.iter().enumerate() {
            if let Some(place) = trio.yours {
                owner[place] = at;
            }
        }
        for place in 0..self.yours.len() {
            let trio = &self.trios[owner[place]];
            if !kept[owner[place]] || trio.new.is_some() || self.yours[place].heading > 0 {
                continue;
            }
            let mut level = usize::MAX;
            for above in (0..place).rev() {
                let heading = self.yours[above].heading;
                if heading > 0 && heading < level {
                    level = heading;
                    kept[owner[above]] = true;
                }
            }
        }
        kept
    }

    /// Which blocks the editor moved: those that the longest run of others in their old order leaves
    /// out.
    fn moved(&self, yours: &[usize]) -> Vec<bool> {
        let shared: Vec<usize> =
            yours.iter().copied().filter(|at| self.trios[*at].base.is_some()).collect();
        let places: Vec<usize> = shared.iter().filter_map(|at| self.trios[*at].base).collect();
        let mut moved = vec![false; self.trios.len()];
        shared.iter().for_each(|at| moved[*at] = true);
        longest_rise(&places).into_iter().for_each(|place| moved[shared[place]] = false);
        moved
    }

    fn text(&self, layout: Layout, order: &[usize]) -> String {
        let mut out = String::new();
        for (place, at) in order.iter().enumerate() {
            let (text, gap) = self.block(&self.trios[*at]);
            out.push_str(&text);
            let last = place + 1 == order.len();
            // Where a text ends, paragraphs are not parted by an empty line.
            let ended = layout == Layout::Prose && self.ended(&self.trios[*at]);
            out.push_str(match gap {
                "" if ended && !last => "\n",
                _ if layout == Layout::Prose && last && !ended => "",
                gap => gap,
            });
        }
        out
    }

    /// Whether a block is the last one of the text that it is taken from.
    fn ended(&self, trio: &Trio) -> bool {
        match (trio.yours, trio.new) {
            (Some(at), _) => at + 1 == self.yours.len(),
            (None, Some(at)) => at + 1 == self.new.len(),
            (None, None) => false,
        }
    }

    /// The text of one block and the empty lines behind it, which are the editor's.
    fn block(&self, trio: &Trio) -> (String, &'a str) {
        let base = trio.base.map(|at| ended(self.base[at].text));
        let yours = trio.yours.map(|at| &self.yours[at]);
        let new = trio.new.map(|at| &self.new[at]);
        match (yours, new) {
            (None, None) => (String::new(), ""),
            (None, Some(new)) => (ended(new.text), new.gap),
            (Some(yours), None) => {
                let text = ended(yours.text);
                // A heading that an editor's own words keep in place is as it was.
                let gone = base.is_some_and(|base| base != text);
                (if gone { conflict(&text, "") } else { text }, yours.gap)
            }
            (Some(yours), Some(new)) => {
                let base = base.unwrap_or_default();
                (by_line(&base, &ended(yours.text), &ended(new.text)), yours.gap)
            }
        }
    }
}

/// The last line of a text may lack its end.
fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// The places of a longest rising run of numbers, none of which comes twice.
fn longest_rise(numbers: &[usize]) -> Vec<usize> {
    // The place of the smallest end of a run of each length.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (place, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before[place] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut run: Vec<usize> = Vec::new();
    let mut at = ends.last().copied();
    while let Some(place) = at {
        run.push(place);
        at = before[place];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use proptest::prelude::*;

    /// Paragraphs stand between `|`; a word in capitals is one that links to a mail of that name.
    fn text(paragraphs: &str) -> String {
        let linked = |word: &str| match word.chars().all(|c| c.is_ascii_uppercase()) {
            true => format!("[{word}](https://x/{word})"),
            false => word.to_owned(),
        };
        let of = |p: &str| p.split_whitespace().map(linked).collect::<Vec<_>>().join(" ");
        let all: Vec<String> = paragraphs.split('|').map(of).filter(|p| !p.is_empty()).collect();
        all.join("\n\n") + "\n"
    }

    fn check(base: &str, yours: &str, new: &str) -> String {
        let merged = by_block(Layout::Prose, &text(base), &text(yours), &text(new));
        let shown = merged.text.trim_end().replace("\n\n", " | ").replace('\n', " ");
        let mut out = String::new();
        for word in shown.split(' ') {
            let plain = word.strip_prefix('[').and_then(|word| word.split_once("](https"));
            out.push_str(plain.map_or(word, |(name, _)| name));
            out.push(' ');
        }
        out.trim_end().to_owned()
    }

    #[test]
    fn a_drop_beside_an_edit_is_no_conflict() {
        assert_snapshot!(check("A a | B b | C c", "A a | B b, I think | C c", "B b | C c"), @"B b, I think | C c");
        assert_snapshot!(check("A a | B b | C c", "A a | B b, I think | C c", "A a | B b"), @"A a | B b, I think");
        assert_snapshot!(check("A a | B b | C c", "A aa | B b", "A a | B bb | C c"), @"A aa | B bb");
    }

    #[test]
    fn what_is_new_stands_where_the_draft_puts_it() {
        assert_snapshot!(check("A a | B b", "A a, I think | own words | B b", "A a | N n | B b, more"), @"A a, I think | own words | N n | B b, more");
    }

    #[test]
    fn an_edited_story_that_the_draft_left_out_is_shown() {
        assert_snapshot!(check("A a | B b", "A a | B b, I think", "A a"), @"A a | <<<<<<< yours B b, I think ======= >>>>>>> new draft");
    }

    #[test]
    fn a_story_that_both_changed_is_shown_twice() {
        assert_snapshot!(check("A a | B b | C c", "A a | B mine | C c", "A a | B theirs | C cc"), @"A a | <<<<<<< yours B mine ======= B theirs >>>>>>> new draft | C cc");
    }

    #[test]
    fn what_an_editor_deleted_stays_deleted() {
        assert_snapshot!(check("A a | B b | C c", "A a | C c", "A a | B b, and more | C cc"), @"A a | C cc");
    }

    #[test]
    fn what_an_editor_moved_stays_there() {
        assert_snapshot!(check("A a | B b | C c", "C c | A a | B b", "A a | B bb | C cc | D d"), @"C cc | A a | B bb | D d");
        assert_snapshot!(check("# a | A a | # b | B b", "# b | B b | # a | A a", "# a | A aa | # b | B b | # c | C"), @"# b | B b | # a | A aa | # c | C");
    }

    #[test]
    fn a_section_stays_for_what_an_editor_wrote_in_it() {
        assert_snapshot!(check("# o | # a | A a | # b | B b", "# o | # a | A a | own | # b | B b", "# o | # b | B b"), @"# o | # a | own | # b | B b");
        assert_snapshot!(check("# o | # a | A a | # b | B b", "# o | # a | A a | # b | B b, own", "# o | # b | B b"), @"# o | # b | B b, own");
    }

    #[test]
    fn a_newer_version_takes_the_place_of_an_older_one() {
        assert_snapshot!(check("A sort pages by age | B b", "A sort pages by age | B bb", "V sort pages by age again | B b"), @"V sort pages by age again | B bb");
        assert_snapshot!(check("A sort pages by age | B b", "A sort the pages by age | B b", "V sort pages by age again | B b"), @"<<<<<<< yours A sort the pages by age ======= V sort pages by age again >>>>>>> new draft | B b");
    }

    #[test]
    fn lines_of_a_paragraph_are_merged() {
        let merged =
            by_block(Layout::Prose, "a\nb\nc\n\nd\n", "a\nb\nC\n\nd", "A\nb\nc\n\nd\n\ne\n");
        assert_snapshot!(merged.text, @r"
        A
        b
        C

        d

        e
        ");
    }

    #[test]
    fn entries_are_merged_one_by_one() {
        let check = |base: &str, yours: &str, new: &str| {
            let yaml = |ids: &str| {
                let of = |id: &str| format!("- id: {}\n  n: {}\n", &id[..1], &id[1..]);
                format!("stories:\n{}end: x\n", ids.split(' ').map(of).collect::<String>())
            };
            let merged = by_block(Layout::Yaml, &yaml(base), &yaml(yours), &yaml(new));
            merged.text.replace("- id: ", "").replace("\n  n: ", "").replace('\n', " ")
        };
        assert_snapshot!(check("a1 b1 c1", "b1 a1 c2", "a2 c1 d1"), @"stories: a2 c2 d1 end: x");
        assert_snapshot!(check("a1 b1", "a2 b1", "a3 b1"), @"stories: a <<<<<<< yours2 =======3 >>>>>>> new draft b1 end: x");
    }

    /// Few different paragraphs of few different lines, so that edits meet often.
    fn any_text() -> impl Strategy<Value = String> {
        let line =
            proptest::sample::select(vec!["a\n", "b\n", "c\n", "\n", "# h\n", "[l](https://x)\n"]);
        proptest::collection::vec(line, 0..14).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn no_edited_line_is_lost(base in any_text(), yours in any_text(), new in any_text()) {
            let merged = by_block(Layout::Prose, &base, &yours, &new);
            for line in ["a", "b", "c", "# h", "[l](https://x)"] {
                let count = |text: &str| text.lines().filter(|l| *l == line).count();
                let added = count(&yours).saturating_sub(count(&base));
                prop_assert!(count(&merged.text) >= added, "{line} was lost: {merged:?}");
            }
        }

        #[test]
        fn an_unedited_text_becomes_the_new_one(base in any_text(), new in any_text()) {
            prop_assert_eq!(by_block(Layout::Prose, &base, &base, &new).text, new);
        }

        #[test]
        fn a_merge_of_the_merged_changes_nothing(base in any_text(), yours in any_text(), new in any_text()) {
            let merged = by_block(Layout::Prose, &base, &yours, &new);
            prop_assert_eq!(by_block(Layout::Prose, &new, &merged.text, &new).text, merged.text);
        }

        #[test]
        fn any_yaml_is_merged(base in "(- |id: a|k:|\n|  ){0,20}", yours in "(- |id: a|k:|\n|  ){0,20}", new in "(- |id: b|k:|\n|  ){0,20}") {
            by_block(Layout::Yaml, &base, &yours, &new);
        }
    }
}
