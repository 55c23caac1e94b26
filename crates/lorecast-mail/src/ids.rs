//! Message-ids and list ids in headers.

use std::collections::HashSet;

use lorecast_model::{ListId, Mailbox, MessageId};

use crate::harmless;

/// How many ancestors are kept, the newest.
const MOST: usize = 500;

/// The first usable id of a Message-ID header.
pub(crate) fn message_id(value: &str) -> Option<MessageId> {
    tokens(value).iter().find_map(|token| usable(token))
}

/// Ancestors, oldest first, the direct parent last: References, then In-Reply-To. Of an id that
/// stands twice the last place counts, so that In-Reply-To decides about the parent.
///
/// Addresses of the mail's own people are no ids: `In-Reply-To: message from <ann@a.example>`.
pub(crate) fn references(values: &[String], own: &MessageId, people: &[Mailbox]) -> Vec<MessageId> {
    let people: HashSet<&str> = people.iter().map(|mailbox| mailbox.email.as_str()).collect();
    let mut seen = HashSet::new();
    let mut newest_first = Vec::new();
    for value in values.iter().rev() {
        for token in tokens(value).iter().rev() {
            let Some(id) = usable(token) else { continue };
            if id == *own || people.contains(id.as_str()) || !seen.insert(id.clone()) {
                continue;
            }
            newest_first.push(id);
            if newest_first.len() == MOST {
                break;
            }
        }
        if newest_first.len() == MOST {
            break;
        }
    }
    newest_first.reverse();
    newest_first
}

/// Whether a References value holds anything like an id.
pub(crate) fn has_id(value: &str) -> bool {
    tokens(value).iter().any(|token| usable(token).is_some())
}

/// Whether In-Reply-To is anything but one `<id>`, a comment beside it allowed (RFC 5322 section
/// 3.6.4; RFC 822 allowed free text). An empty one is as good as none.
pub(crate) fn is_odd_reply(values: &[String]) -> bool {
    let mut ids = 0;
    let mut text = false;
    for value in values {
        let plain = without_comments(value);
        let mut rest = plain.as_str();
        while let Some((before, behind)) = rest.split_once('<') {
            text |= !before.trim().is_empty();
            let (id, behind) = behind.split_once('>').unwrap_or((behind, ""));
            ids += 1;
            text |= !id.contains('@');
            rest = behind;
        }
        text |= !rest.trim().is_empty();
    }
    text || ids > 1
}

/// The text without `(comments)`, nested ones too.
fn without_comments(text: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// The list of a `List-Id: A list <name.domain>` (RFC 2919).
pub(crate) fn list_id(value: &str) -> Option<ListId> {
    let inner = match value.rsplit_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or(rest),
        None => value.split_whitespace().last()?,
    };
    ListId::new(inner).ok().filter(|id| id.as_str().contains('.'))
}

/// The list of a `List-Post: <mailto:name@domain>` (RFC 2369) or `X-Mailing-List: name@domain`.
pub(crate) fn list_of_address(value: &str) -> Option<ListId> {
    let inner = value.split('<').next_back().unwrap_or(value).split('>').next().unwrap_or(value);
    let address = inner.trim().trim_start_matches("mailto:").split('?').next()?;
    let (name, domain) = address.split_once('@')?;
    ListId::new(&format!("{name}.{domain}")).ok()
}

/// The id, if it can be kept and shown: what turns the direction of writing is no part of an id.
fn usable(token: &str) -> Option<MessageId> {
    let turns = !token.is_ascii() && token.chars().any(harmless::turns_direction);
    if turns { None } else { MessageId::new(token).ok() }
}

/// What stands between `<` and `>`, white space from folding removed; without any bracket, the
/// words that hold an `@`.
fn tokens(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(open) = rest.find('<') {
        let inner = &rest[open + 1..];
        let close = inner.find(['>', ',']).unwrap_or(inner.len());
        // `<a@x <b@x>`: the first bracket never closed.
        let start = inner[..close].rfind('<').map_or(0, |at| at + 1);
        found.push(inner[start..close].chars().filter(|c| !c.is_whitespace()).collect());
        rest = &inner[close..];
    }
    if found.is_empty() {
        let words = value.split(|c: char| c.is_whitespace() || ",;\"()".contains(c));
        found.extend(words.filter(|word| word.contains('@')).map(str::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(references: &str, in_reply_to: &str, expected: &str) {
        let values = [references.to_owned(), in_reply_to.to_owned()];
        let own = MessageId::new("self@x").unwrap();
        let ann = Mailbox { name: "Ann".into(), email: "ann@a.example".into() };
        let ids = super::references(&values, &own, &[ann]);
        let shown: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn ancestors_in_order() {
        check("<a@x> <b@x>", "<b@x>", "a@x b@x");
        check("<a@x>\n <b@x><self@x>", "<a@x>", "b@x a@x");
        check("", "Your message of \"Mon, 10 Apr\" <a@x>", "a@x");
        check("", "message from Ann <ann@a.example> of today, <a@x>", "a@x");
        check("a@x b@x", "", "a@x b@x");
        check("<a@\n x> <open@x", "", "a@x open@x");
        check("<a@x>,<b@x>", "y", "a@x b@x");
    }

    #[test]
    fn only_the_newest_ancestors_are_kept() {
        let many: String = (0..600).map(|n| format!("<{n}@x> ")).collect();
        let own = MessageId::new("self@x").unwrap();
        let ids = references(&[many], &own, &[]);
        assert_eq!((ids.len(), ids[499].as_str()), (500, "599@x"));
    }

    #[test]
    fn lists() {
        let name = |id: Option<ListId>| id.map(|id| id.to_string()).unwrap_or_default();
        assert_eq!(name(list_id("Example <Linux-X.vger.example>")), "linux-x.vger.example");
        assert_eq!(name(list_id("<linux-x.vger.example>")), "linux-x.vger.example");
        assert_eq!(name(list_id("none")), "");
        assert_eq!(name(list_of_address("<mailto:a@b.example?x=1>")), "a.b.example");
        assert_eq!(name(list_of_address("a@b.example")), "a.b.example");
    }
}
