//! Bytes of a feed that may be cut off, broken, or meant to break us.

use rss::Channel;

/// Feeds nest a dozen deep. The `rss` crate recurses, so that the stack bounds what it can read.
const DEEPEST: usize = 64;

/// The channel, as far as the document can be read.
///
/// # Errors
/// In words, when it is no RSS.
pub(super) fn channel(bytes: &[u8], defects: &mut Vec<String>) -> Result<Channel, String> {
    if bytes.len() as u64 > super::LARGEST {
        return Err(format!("has more than {} MB", super::LARGEST >> 20));
    }
    if depth(bytes) > DEEPEST {
        return Err(format!("nests elements more than {DEEPEST} deep"));
    }
    let why = match Channel::read_from(bytes) {
        Ok(channel) => return Ok(channel),
        Err(error) => error.to_string(),
    };
    let Some(before) = before_the_fault(bytes) else {
        return Err(format!("is no RSS feed: {why}"));
    };
    let text = [before, b"</channel></rss>"].concat();
    let channel =
        Channel::read_from(text.as_slice()).map_err(|_| format!("is no RSS feed: {why}"))?;
    defects.push(format!(
        "the feed is broken after its item {}, and what follows is left out: {why}",
        channel.items().len()
    ));
    Ok(channel)
}

/// All up to the last item before the place where the text or the XML breaks.
fn before_the_fault(bytes: &[u8]) -> Option<&[u8]> {
    let fault = match std::str::from_utf8(bytes) {
        Ok(text) => fault(text)?,
        Err(error) => error.valid_up_to(),
    };
    let last = b"</item>";
    let good = bytes.get(..fault)?;
    let at = good.windows(last.len()).rposition(|window| window == last)?;
    Some(&bytes[..at + last.len()])
}

/// Where XML breaks, in bytes.
fn fault(text: &str) -> Option<usize> {
    let place = roxmltree::Document::parse(text).err()?.pos();
    // What ends too early has no place of its own.
    if (place.row, place.col) == (1, 1) {
        return Some(text.len());
    }
    let rows = text.split_inclusive('\n').take(place.row.saturating_sub(1) as usize);
    let start: usize = rows.map(str::len).sum();
    let row = text[start..].chars().take(place.col.saturating_sub(1) as usize);
    Some(start + row.map(char::len_utf8).sum::<usize>())
}

/// How deep elements nest; those that are never closed count.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut deepest, mut rest) = (0_usize, 0, bytes);
    let after = |rest: &[u8], end: &[u8]| {
        rest.windows(end.len()).position(|window| window == end).map(|at| at + end.len())
    };
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = &rest[at..];
        let skipped = if rest.starts_with(b"<!--") {
            after(rest, b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            after(rest, b"]]>")
        } else {
            let end = after(rest, b">");
            let tag = &rest[..end.unwrap_or(rest.len())];
            match tag.get(1) {
                Some(b'/') => now = now.saturating_sub(1),
                Some(b'!' | b'?') | None => {}
                _ if tag.ends_with(b"/>") => deepest = deepest.max(now + 1),
                _ => {
                    now += 1;
                    deepest = deepest.max(now);
                }
            }
            end
        };
        let Some(skipped) = skipped else { break };
        rest = &rest[skipped..];
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_what_a_parser_would_open() {
        let check = |xml: &str, expected| assert_eq!(depth(xml.as_bytes()), expected, "{xml}");
        check("<?xml version='1.0'?><!-- <a><b> --><a><b/><c></c></a>", 2);
        check("<a><![CDATA[<b><c><d>]]></a>", 1);
        check("<a><b><c", 3);
        check(&"<a>".repeat(1000), 1000);
    }
}
