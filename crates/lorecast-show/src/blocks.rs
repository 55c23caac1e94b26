//! Cuts a text that people edit into the blocks that a merge leaves whole: paragraphs and headings of
//! Markdown, entries and keys of YAML.

/// How a text is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Markdown: a heading, or what stands between empty lines.
    Prose,
    /// YAML in block style: an entry of a list at the top, or a key of its own.
    Yaml,
}

/// A part of a text that is merged as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// Its lines.
    pub text: &'a str,
    /// The empty lines behind it.
    pub gap: &'a str,
    /// What it is known by however its words change: the message it links to first, its heading, the
    /// entry's id.
    pub key: Option<String>,
    /// The level of a heading; 0 for anything else.
    pub heading: usize,
}

/// The blocks of a text, in order; together with their gaps they are the text.
pub(crate) fn blocks(layout: Layout, text: &str) -> Vec<Block<'_>> {
    match layout {
        Layout::Prose => prose(text),
        Layout::Yaml => yaml(text),
    }
}

/// Lines of a text with the places where they begin.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

fn prose(text: &str) -> Vec<Block<'_>> {
    let mut starts: Vec<usize> = Vec::new();
    let (mut fenced, mut apart) = (false, true);
    for (at, line) in lines(text) {
        let bare = line.trim();
        let heading = !fenced && level(line) > 0;
        if !bare.is_empty() && (apart || heading) {
            starts.push(at);
        }
        if bare.starts_with("```") || bare.starts_with("~~~") {
            fenced = !fenced;
        }
        // Empty lines inside code part nothing; what follows a heading is no part of it.
        apart = !fenced && bare.is_empty() || heading;
    }
    cut(text, &starts, |text| {
        let heading = level(text);
        let key = if heading > 0 { Some(text.trim().to_owned()) } else { first_link(text) };
        (key, heading)
    })
}

/// The level of a heading, from 1; 0 for another line.
fn level(line: &str) -> usize {
    let marks = line.len() - line.trim_start_matches('#').len();
    if line[marks..].starts_with([' ', '\n']) { marks } else { 0 }
}

/// The address that a paragraph links to first.
fn first_link(text: &str) -> Option<String> {
    let at = text.find("](http")? + 2;
    let end = text[at..].find([')', ' ', '\n']).map_or(text.len(), |end| at + end);
    Some(text[at..end].to_owned())
}

fn yaml(text: &str) -> Vec<Block<'_>> {
    let mut starts: Vec<usize> = Vec::new();
    // The key at the top that holds the entries, and how far these are indented.
    let (mut indent, mut remark) = (None, None);
    for (at, line) in lines(text) {
        let bare = line.trim();
        let depth = line.len() - line.trim_start_matches(' ').len();
        // A comment belongs to what stands below it.
        if bare.is_empty() || bare.starts_with('#') {
            remark = remark.or(Some(at));
            continue;
        }
        let entry = bare.starts_with("- ");
        if entry && indent.is_none() {
            indent = Some(depth);
        }
        let key = depth == 0 && !entry;
        if key || entry && indent == Some(depth) {
            starts.push(remark.unwrap_or(at));
        }
        if key {
            indent = None;
        }
        remark = None;
    }
    let mut holder = String::new();
    cut(text, &starts, |text| {
        let first =
            text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let first = first.unwrap_or_default();
        let Some(entry) = first.strip_prefix("- ") else {
            first.split(':').next().unwrap_or_default().clone_into(&mut holder);
            return (Some(holder.clone()), 0);
        };
        let name = id(text).unwrap_or(entry.trim());
        (Some(format!("{holder}/{name}")), 0)
    })
}

/// The id of an entry, without quotes, brackets and remarks.
fn id(entry: &str) -> Option<&str> {
    let value = entry.lines().find_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("- ").unwrap_or(line).trim_start().strip_prefix("id:")
    })?;
    let value = value.split(" #").next()?.trim().trim_matches(['"', '\'']);
    Some(value.trim_start_matches('<').trim_end_matches('>'))
}

/// Cuts at these places; what stands before the first one is a block too, if it is more than a gap.
fn cut<'a>(
    text: &'a str,
    starts: &[usize],
    mut known: impl FnMut(&'a str) -> (Option<String>, usize),
) -> Vec<Block<'a>> {
    let mut places: Vec<usize> = Vec::new();
    if starts.first() != Some(&0) && !text.is_empty() {
        places.push(0);
    }
    places.extend(starts);
    let ends = places.iter().skip(1).copied().chain([text.len()]);
    let pieces = places.iter().zip(ends).map(|(start, end)| &text[*start..end]);
    pieces
        .map(|piece| {
            let filled = piece.trim_end().len();
            let end = piece[filled..].find('\n').map_or(piece.len(), |at| filled + at + 1);
            let (text, gap) = piece.split_at(end);
            let (key, heading) = known(text);
            Block { text, gap, key, heading }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use proptest::prelude::*;

    fn check(layout: Layout, text: &str) -> String {
        let found = blocks(layout, text).into_iter();
        let shown = found.map(|b| {
            let key = b.key.unwrap_or_default();
            format!("[{key}] {:?}{}", b.text, if b.gap.is_empty() { "" } else { " +" })
        });
        shown.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn paragraphs_go_by_their_first_link() {
        assert_snapshot!(check(Layout::Prose, "# T\nat once\n\n[a](https://x/1) and [b](https://x/2)\nmore\n\n\n```\n# code\n\nx\n```\nend"), @r##"
        [# T] "# T\n"
        [] "at once\n" +
        [https://x/1] "[a](https://x/1) and [b](https://x/2)\nmore\n" +
        [] "```\n# code\n\nx\n```\nend"
        "##);
    }

    #[test]
    fn entries_go_by_their_id() {
        assert_snapshot!(check(Layout::Yaml, "title: x\nstories:\n# mine\n- id: a@b # x\n  evidence:\n  - fact: title\n- state: pinned\n  id: '<c@d>'\nchapters:\n  - take: x\n"), @r##"
        [title] "title: x\n"
        [stories] "stories:\n"
        [stories/a@b] "# mine\n- id: a@b # x\n  evidence:\n  - fact: title\n"
        [stories/c@d] "- state: pinned\n  id: '<c@d>'\n"
        [chapters] "chapters:\n"
        [chapters/take: x] "  - take: x\n"
        "##);
    }

    proptest! {
        #[test]
        fn blocks_are_the_text(text in "(#|```|- |id: |a|ü| |:|\n|\\]\\(https:){0,40}") {
            for layout in [Layout::Prose, Layout::Yaml] {
                let whole: String =
                    blocks(layout, &text).iter().flat_map(|b| [b.text, b.gap]).collect();
                prop_assert_eq!(&whole, &text);
            }
        }
    }
}
