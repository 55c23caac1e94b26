//! HTML mail as plain text: crude, for the few mails that come without a plain part.

/// Drops tags, scripts and styles, breaks lines at blocks, and resolves the usual entities.
pub(crate) fn to_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        words(&rest[..at], &mut out);
        rest = &rest[at..];
        rest = match rest.strip_prefix("<!--") {
            Some(comment) => comment.split_once("-->").map_or("", |(_, behind)| behind),
            None if opens_tag(rest) => tag(rest, &mut out),
            None => {
                out.push('<');
                &rest[1..]
            }
        };
    }
    words(rest, &mut out);
    squeezed(&out)
}

/// Whether a `<` begins a tag, and is not a plain one that nobody escaped (HTML Living Standard,
/// "Tag open state").
fn opens_tag(text: &str) -> bool {
    text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Reads a tag, acts on it and returns what stands behind it.
fn tag<'a>(text: &'a str, out: &mut String) -> &'a str {
    let Some((inner, behind)) = text[1..].split_once('>') else { return "" };
    let name: String = inner.chars().take_while(|c| *c == '/' || c.is_alphanumeric()).collect();
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "br" | "/p" | "/div" | "/tr" | "/li" | "/pre" | "hr" | "/h1" | "/h2" | "/h3" => {
            out.push('\n');
        }
        "p" | "blockquote" | "/blockquote" => out.push_str("\n\n"),
        "script" | "style" | "title" => return skip(behind, &name),
        _ => {}
    }
    behind
}

/// Skips to the tag that closes an element without readable text.
fn skip<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let here = rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if here {
            return rest.split_once('>').map_or("", |(_, behind)| behind);
        }
    }
    ""
}

fn words(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        _ => char::from_u32(number(name.strip_prefix('#')?)?),
    }
}

/// At most one empty line in a row, no white space at the ends of lines.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && (out.is_empty() || out.ends_with("\n\n"))) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn tags_become_lines_and_entities_characters() {
        let html = "<html><style>p {}</STYLE><p>a &lt;b&gt; &amp; c&nbsp;d&#8364;<br>e<!-- x --></p><div>f & g";
        assert_eq!(super::to_text(html), "a <b> & c d€\ne\nf & g\n");
    }

    #[test]
    fn what_never_closes_ends_the_text() {
        assert_eq!(super::to_text("a<script>b</scr"), "a\n");
        assert_eq!(super::to_text("a <b"), "a\n");
        assert_eq!(super::to_text("a < b <= c<br>d"), "a < b <= c\nd\n");
    }
}
