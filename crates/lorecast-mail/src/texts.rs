//! Which text of a mail a search in a field looks at, as lore divides it.

use lorecast_model::{Field, Mailbox, Message, Texts};

use crate::diff::{DiffLine, diff_lines, patch_id};

/// The texts of all fields. Header lines of a diff count as the sender's own words, as in lore.
pub fn texts(message: &Message) -> Texts {
    let mut texts = Texts::default();
    let Message { header, to, cc, .. } = message;
    for (field, length) in [
        (Field::Unquoted, message.text.len()),
        (Field::Quoted, message.text.len()),
        (Field::Context, message.diff.len()),
        (Field::Added, message.diff.len() / 2),
    ] {
        texts.get_mut(field).reserve(length);
    }
    texts.get_mut(Field::Subject).push_str(&header.subject);
    texts.get_mut(Field::Id).push_str(header.id.as_str());
    let people =
        [(Field::From, std::slice::from_ref(&header.from)), (Field::To, to), (Field::Cc, cc)];
    for (field, mailboxes) in people {
        mailboxes.iter().for_each(|mailbox| put_mailbox(texts.get_mut(field), mailbox));
    }
    for name in &message.attachments {
        put(texts.get_mut(Field::Attachment), name);
    }
    for line in message.text.lines().chain(message.attached.lines()) {
        // Lore takes nothing else for a quotation, and `q:` is to find the same here.
        let field = if line.starts_with('>') { Field::Quoted } else { Field::Unquoted };
        put(texts.get_mut(field), line);
    }
    put_diff(&mut texts, &message.diff);
    texts
}

fn put_diff(texts: &mut Texts, diff: &str) {
    if diff.is_empty() {
        return;
    }
    for line in diff_lines(diff) {
        let (field, text) = match line {
            DiffLine::Path(path) => (Field::Path, path),
            DiffLine::Hunk(text) => (Field::Hunk, text),
            DiffLine::Removed(text) => (Field::Removed, text),
            DiffLine::Added(text) => (Field::Added, text),
            DiffLine::Context(text) => (Field::Context, text),
            DiffLine::Other(text) => (Field::Unquoted, text),
            DiffLine::Blobs { pre, post } => {
                put(texts.get_mut(Field::Pre), pre);
                (Field::Post, post)
            }
        };
        put(texts.get_mut(field), text);
    }
    if let Some(id) = patch_id(diff) {
        put(texts.get_mut(Field::PatchId), &id.to_string());
    }
}

fn put_mailbox(out: &mut String, mailbox: &Mailbox) {
    put(out, &mailbox.name);
    put(out, &mailbox.email);
}

fn put(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mail: &str, field: Field, expected: &str) {
        let message = crate::parse(mail.as_bytes(), &crate::Arrival::default());
        let found = texts(&message).get(field).trim_end().replace('\n', " | ");
        assert_eq!(found, expected, "{field:?}");
    }

    #[test]
    fn every_line_in_its_field() {
        let mail = "From: Ann <ann@a.example>\nTo: b@b.example, C <c@c.example>\n\
                    Message-ID: <1@a.example>\nSubject: [PATCH] fold it\n\n\
                    > Please fold.\nHere it is.\n\
                    diff --git a/mm/old.c b/mm/new.c\nindex 1234567..89abcde 100644\n\
                    --- a/mm/old.c\n+++ b/mm/new.c\n@@ -1,2 +1,2 @@ static int fold(void)\n\
                    \x20context\n-removed\n+added\n";
        check(mail, Field::Subject, "[PATCH] fold it");
        check(mail, Field::From, "Ann | ann@a.example");
        check(mail, Field::To, " | b@b.example | C | c@c.example");
        check(mail, Field::Quoted, "> Please fold.");
        check(mail, Field::Path, "mm/old.c | mm/new.c");
        check(mail, Field::Hunk, "static int fold(void)");
        check(mail, Field::Context, "context");
        check(mail, Field::Removed, "removed");
        check(mail, Field::Added, "added");
        check(mail, Field::Pre, "1234567");
        check(mail, Field::Post, "89abcde");
        check(mail, Field::Id, "1@a.example");
    }
}
