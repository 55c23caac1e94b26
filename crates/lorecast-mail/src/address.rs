//! Address lists (RFC 5322 section 3.4), one bad address never spoiling its neighbours.

use lorecast_model::Mailbox;

use crate::{charset, encoded_word, harmless};

/// No list that people write is longer; what a hostile one has beyond is dropped.
pub(crate) const MOST: usize = 2000;

/// The mailboxes of a header's raw value; true when a charset was wrong.
pub(crate) fn mailboxes(raw: &[u8]) -> (Vec<Mailbox>, bool) {
    let text = charset::guess(raw).text;
    if !text.contains('@') && text.contains("=?") {
        return whole_list_encoded(raw);
    }
    let mut found = Vec::new();
    let mut flawed = false;
    let mut surname: Option<Piece> = None;
    for mut piece in pieces(&text) {
        // `Example, Ann <ann@…>`: a comma that should have been quoted.
        if let Some(before) = surname.take() {
            piece.phrase = format!("{}, {}", before.phrase.trim(), piece.phrase.trim());
        }
        if piece.is_only_words() {
            surname = Some(piece);
        } else {
            found.extend(piece.mailbox(&mut flawed));
        }
        if found.len() == MOST {
            return (found, flawed);
        }
    }
    found.extend(surname.and_then(|words| words.mailbox(&mut flawed)));
    (found, flawed)
}

/// Some mailers encode the address with the name.
fn whole_list_encoded(raw: &[u8]) -> (Vec<Mailbox>, bool) {
    let (text, flawed) = encoded_word::decode(raw);
    let mut ignored = false;
    let found = pieces(&text).into_iter().filter_map(|piece| piece.mailbox(&mut ignored));
    (found.take(MOST).collect(), flawed)
}

/// One entry of a list, cut where its syntax says, nothing decoded yet.
#[derive(Default)]
struct Piece {
    phrase: String,
    comment: String,
    angle: Option<String>,
}

impl Piece {
    fn is_only_words(&self) -> bool {
        self.angle.is_none() && !self.phrase.contains('@') && !self.phrase.trim().is_empty()
    }

    fn mailbox(self, flawed: &mut bool) -> Option<Mailbox> {
        let (phrase, email) = match self.angle {
            Some(email) => (self.phrase, email),
            None => bare(&self.phrase),
        };
        let name = readable(&phrase, flawed);
        let comment = readable(&self.comment, flawed);
        let name = match (name.is_empty(), comment.is_empty()) {
            (true, _) => comment,
            (false, true) => name,
            (false, false) => format!("{name} ({comment})"),
        };
        let email = address(&email);
        if name.is_empty() && email.is_empty() {
            return None;
        }
        Some(Mailbox { name: if name == email { String::new() } else { name }, email })
    }
}

/// `ann@a.example`, `Ann ann@a.example` or a lone local name such as `root`.
fn bare(phrase: &str) -> (String, String) {
    let mut words: Vec<&str> = phrase.split_whitespace().collect();
    let at = words.iter().rposition(|word| word.contains('@'));
    let at = at.or(if words.len() == 1 { Some(0) } else { None });
    let email = at.map(|at| words.remove(at)).unwrap_or_default().to_owned();
    (words.join(" "), email)
}

fn readable(text: &str, flawed: &mut bool) -> String {
    let (decoded, bad) = encoded_word::decode(text.as_bytes());
    *flawed |= bad;
    let line = harmless::line(&decoded);
    match line.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.trim().to_owned(),
        None => line.trim_matches('"').trim().to_owned(),
    }
}

/// The address without white space, its domain in lower case.
fn address(text: &str) -> String {
    let mut tight = harmless::line(text);
    tight.retain(|c| !c.is_whitespace() && c != '<' && c != '>');
    match tight.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => tight,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Phrase,
    Quoted,
    Comment(u32),
    Angle,
}

/// Cuts a list at its commas, outside of quotes, comments and angle brackets.
fn pieces(text: &str) -> Vec<Piece> {
    // A quote that never closes would swallow the rest of the list.
    let quotes_count = text.matches('"').count() - text.matches("\\\"").count();
    let quotes_close = quotes_count.is_multiple_of(2);
    let mut all = Vec::new();
    let mut piece = Piece::default();
    let mut place = Place::Phrase;
    let mut escaped = false;
    for c in text.chars() {
        if escaped {
            escaped = false;
            piece.put(place, c);
            continue;
        }
        match (place, c) {
            (Place::Quoted | Place::Comment(_), '\\') => escaped = true,
            (Place::Phrase, '"') if quotes_close => place = Place::Quoted,
            (Place::Quoted, '"') => place = Place::Phrase,
            (Place::Phrase, '"') => {}
            (Place::Phrase, '(') => place = Place::Comment(1),
            (Place::Comment(1), ')') => place = Place::Phrase,
            (Place::Comment(depth), ')') => place = Place::Comment(depth - 1),
            (Place::Comment(depth), '(') => place = Place::Comment(depth + 1),
            (Place::Phrase, '<') => {
                piece.angle = Some(String::new());
                place = Place::Angle;
            }
            (Place::Angle, '>') => place = Place::Phrase,
            (Place::Phrase, ':') if !piece.phrase.contains('@') && piece.angle.is_none() => {
                piece = Piece::default(); // the name of a group
            }
            (Place::Phrase, ',' | ';') => all.push(std::mem::take(&mut piece)),
            _ => piece.put(place, c),
        }
        if all.len() > MOST {
            return all;
        }
    }
    all.push(piece);
    all
}

impl Piece {
    fn put(&mut self, place: Place, c: char) {
        match place {
            Place::Phrase | Place::Quoted => self.phrase.push(c),
            Place::Comment(_) => self.comment.push(c),
            Place::Angle => self.angle.get_or_insert_default().push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    fn check(raw: &str, expected: &[&str]) {
        let (found, _) = super::mailboxes(raw.as_bytes());
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(shown, expected, "{raw}");
    }

    #[test]
    fn forms_of_one_address() {
        check("Ann Example <ann@A.Example>", &["Ann Example <ann@a.example>"]);
        check("\"Example, Ann\" <ann@a.example>", &["Example, Ann <ann@a.example>"]);
        check("Example, Ann <ann@a.example>", &["Example, Ann <ann@a.example>"]);
        check("ann@a.example (Ann \\(A.\\) Example)", &["Ann (A.) Example <ann@a.example>"]);
        check("=?utf-8?q?J=C3=BCrgen?= E <j@a.example>", &["Jürgen E <j@a.example>"]);
        check("\"=?utf-8?q?J=C3=BCrgen?=\" <j@a.example>", &["Jürgen <j@a.example>"]);
        check("\"ann@a.example\" <ann@a.example>", &["ann@a.example"]);
        check("'Ann' <ann@a.example>", &["Ann <ann@a.example>"]);
        check(
            "Ann Example (Some Firm) <ann@a.example>",
            &["Ann Example (Some Firm) <ann@a.example>"],
        );
        check("root", &["root"]);
        check("Ann Example", &["Ann Example"]);
    }

    #[test]
    fn one_bad_address_does_not_spoil_the_list() {
        check(
            "x@a.example, \"Ann <ann@a.example>, <<b@a.example>, , c@a.example",
            &["x@a.example", "Ann <ann@a.example>", "b@a.example", "c@a.example"],
        );
        check("undisclosed-recipients:;", &[]);
        check("team: a@a.example, b@a.example;", &["a@a.example", "b@a.example"]);
        check("ann@a.example <", &["ann@a.example"]);
    }
}
