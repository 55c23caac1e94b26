//! Which text of a mail a search in a field looks at, as lore divides it.

use lorecast_model::{Field, Message};

use crate::diff::{DiffLine, diff_lines, patch_id};
use crate::lines::lines;

/// Hands out the texts of a mail, piece by piece, each with the field that it belongs to. Header
/// lines of a diff count as the sender's own words, as in lore.
pub fn texts(message: &Message, mut each: impl FnMut(Field, &str)) {
    let Message { header, to, cc, .. } = message;
    each(Field::Subject, &header.subject);
    each(Field::Id, header.id.as_str());
    let from = std::slice::from_ref(&header.from);
    for (field, mailboxes) in [(Field::From, from), (Field::To, to), (Field::Cc, cc)] {
        for mailbox in mailboxes {
            each(field, &mailbox.name);
            each(field, &mailbox.email);
        }
    }
    message.attachments.iter().for_each(|name| each(Field::Attachment, name));
    for line in lines(&message.text).chain(lines(&message.attached)) {
        // Lore takes nothing else for a quotation, and `q:` is to find the same here.
        each(if line.starts_with('>') { Field::Quoted } else { Field::Unquoted }, line);
    }
    if !message.diff.is_empty() {
        texts_of_diff(&message.diff, &mut each);
    }
}

fn texts_of_diff(diff: &str, each: &mut impl FnMut(Field, &str)) {
    for line in diff_lines(diff) {
        match line {
            DiffLine::Path(path) => each(Field::Path, path),
            DiffLine::Hunk(text) => each(Field::Hunk, text),
            DiffLine::Removed(text) => each(Field::Removed, text),
            DiffLine::Added(text) => each(Field::Added, text),
            DiffLine::Context(text) => each(Field::Context, text),
            DiffLine::Other(text) => each(Field::Unquoted, text),
            DiffLine::Blobs { pre, post } => {
                each(Field::Pre, pre);
                each(Field::Post, post);
            }
        }
    }
    if let Some(id) = patch_id(diff) {
        each(Field::PatchId, &id.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mail: &str, field: Field, expected: &str) {
        let message = crate::parse(mail.as_bytes(), &crate::Arrival::default());
        let mut found = Vec::new();
        texts(&message, |of, text| found.extend((of == field).then(|| text.trim_end().to_owned())));
        assert_eq!(found.join(" | "), expected, "{field:?}");
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
