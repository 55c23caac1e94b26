//! Marks that follow their text into the next revision.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::fmt::Write;

use lorecast_mail::{Arrival, parse};
use lorecast_model::{Carriage, Mark, Message};
use lorecast_tracker::marks::{Carrier, body, place};
use proptest::prelude::*;

/// Carries the text between `[[` and `]]` into the new revision. Each mail begins with `== subject`. Said is
/// how it came there, into which mail, and the lines with the mark; or `outdated`.
fn check(before: &str, after: &str) -> String {
    let marked = before.split("== ").find(|mail| mail.contains("[[")).unwrap();
    let (subject, shown) = marked.split_once('\n').unwrap();
    let old = mails(&before.replacen("[[", "", 1).replacen("]]", "", 1));
    let new = mails(after);
    let from = old.iter().find(|mail| mail.header.subject == subject).unwrap();
    let mark = Mark::of(&body(from), span(shown)).unwrap();
    let Some(carried) = Carrier::new(&old, &new).carry(&from.header.id, &mark) else {
        return "outdated".to_owned();
    };
    let to = new.iter().find(|mail| mail.header.id == carried.message).unwrap();
    let how = match carried.how {
        Carriage::Kept => "kept",
        Carriage::Edited => "edited",
        Carriage::Moved => "moved",
    };
    format!("{how}: {}\n{}", to.header.subject, lines_of(&body(to), &carried.mark))
}

/// What is between `[[` and `]]`, in a text without them.
fn span(marked: &str) -> std::ops::Range<usize> {
    let (before, rest) = marked.split_once("[[").unwrap();
    let start = before.chars().count();
    start..start + rest.split_once("]]").unwrap().0.chars().count()
}

fn mails(text: &str) -> Vec<Message> {
    let mail = |(number, mail): (usize, &str)| {
        let (subject, body) = mail.split_once('\n').unwrap();
        let head = format!("From: Ada <ada@kernel.example>\nMessage-ID: <{number}@kernel.example>");
        parse(format!("{head}\nSubject: {subject}\n\n{body}").as_bytes(), &Arrival::default())
    };
    text.split("== ").skip(1).enumerate().map(mail).collect()
}

/// The lines that a mark touches, with the mark in brackets.
fn lines_of(text: &str, mark: &Mark) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (start, end) = (mark.position().start, mark.position().end);
    let first = (0..start).rev().find(|&at| chars[at] == '\n').map_or(0, |at| at + 1);
    let last = (end..chars.len()).find(|&at| chars[at] == '\n').unwrap_or(chars.len());
    let part = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
    format!("{}[[{}]]{}", part(first, start), part(start, end), part(end, last))
}

/// A diff of one file.
fn diff(file: &str, lines: &str) -> String {
    let mut diff = format!("---\ndiff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n");
    let (olds, news) = (count(lines, "+"), count(lines, "-"));
    _ = writeln!(diff, "@@ -10,{olds} +10,{news} @@ int batch_add(struct batch *batch)");
    diff + lines
}

/// How many lines do not begin so.
fn count(lines: &str, sign: &str) -> usize {
    lines.lines().filter(|line| !line.replace("[[", "").starts_with(sign)).count()
}

#[test]
fn what_did_not_change_is_kept() {
    let mail =
        "== [PATCH] mm: fold the batch\nThe batch is [[never full]], as its owner drains it.\n";
    insta::assert_snapshot!(check(mail, &mail.replace("[[", "").replace("]]", "")), @r"
    kept: [PATCH] mm: fold the batch
    The batch is [[never full]], as its owner drains it.
    ");
}

#[test]
fn lines_may_break_elsewhere() {
    insta::assert_snapshot!(check(
        "== [PATCH] mm: fold the batch\nNew words come. The batch is [[never full,\nas its owner drains it]] early enough.\n",
        "== [PATCH v2] mm: fold the batch\nNew and longer words come first here. The\nbatch is never\nfull, as its   owner\ndrains it early enough.\n",
    ), @r"
    kept: [PATCH v2] mm: fold the batch
    batch is [[never
    full, as its   owner
    drains it]] early enough.
    ");
}

#[test]
fn a_word_that_was_corrected_is_an_edit() {
    insta::assert_snapshot!(check(
        "== [PATCH] mm: fold the batch\nIt was slow.\n[[The batch is never full, as its owner drains it every seccond.]]\nSo fold it.\n",
        "== [PATCH v2] mm: fold the batch\nIt was slow.\nThe batch is never full, as its owner always drains it every second.\nSo fold it.\n",
    ), @r"
    edited: [PATCH v2] mm: fold the batch
    [[The batch is never full, as its owner always drains it every second.]]
    ");
}

#[test]
fn other_words_in_its_place_are_not_the_text() {
    assert_eq!(
        check(
            "== [PATCH] mm: fold the batch\nIt was slow.\n[[The batch is never full, as its owner drains it.]]\nSo fold it.\n",
            "== [PATCH v2] mm: fold the batch\nIt was slow.\nMeasured on a machine with 64 cores, this takes 3 ms.\nSo fold it.\n",
        ),
        "outdated"
    );
}

#[test]
fn a_number_that_became_another_is_outdated() {
    let old = "== [PATCH] mm: fold the batch\nOn a machine with many cores it takes [[13]] ms to drain all of it.\n";
    let new =
        |number: &str| old.replace("[[13]]", number).replace("[PATCH]", "[PATCH v2]") + "So.\n";
    assert_eq!(check(old, &new("16")), "outdated");
    insta::assert_snapshot!(check(old, &new("13")), @r"
    kept: [PATCH v2] mm: fold the batch
    On a machine with many cores it takes [[13]] ms to drain all of it.
    ");
}

#[test]
fn a_link_to_another_mail_is_another_link() {
    let link = |id: &str| format!("It was slow.\n{id}\nSo fold it, and do it now.\n");
    let old = "[[v1: https://lore.kernel.org/mm/20230401101010.1234-1-ada@kernel.example/]]";
    let new = "v2: https://lore.kernel.org/mm/20230409202020.5678-1-ada@kernel.example/";
    assert_eq!(
        check(
            &format!("== [PATCH v2 0/2] mm: fold\n{}", link(old)),
            &format!("== [PATCH v3 0/2] mm: fold\n{}", link(new)),
        ),
        "outdated"
    );
}

/// Two functions that end alike.
fn two_ends(first: &str, second: &str) -> String {
    diff(
        "mm/batch.c",
        &format!(
            "+int batch_open(struct batch *batch)\n+{{\n+\tbatch->count = 0;\n{first}+}}\n+\n+int batch_close(struct batch *batch)\n+{{\n+\tbatch_drain(batch);\n{second}+}}\n"
        ),
    )
}

#[test]
fn of_equal_lines_the_one_of_the_same_function_is_meant() {
    let old = two_ends("+\treturn 0;\n", "+\t[[return 0;]]\n");
    let new = two_ends("+\tbatch->owner = current;\n+\treturn 0;\n", "+\treturn 0;\n");
    insta::assert_snapshot!(check(
        &format!("== [PATCH 1/2] mm: add batches\nText.\n{old}"),
        &format!("== [PATCH v2 1/2] mm: add batches\nText.\n{new}"),
    ), @r"
    kept: [PATCH v2 1/2] mm: add batches
    +	[[return 0;]]
    ");
}

#[test]
fn an_equal_line_of_another_function_is_not_the_text() {
    let old = two_ends("+\t[[return 0;]]\n", "+\treturn 0;\n");
    let new = two_ends("+\treturn batch_init(batch);\n", "+\treturn 0;\n");
    assert_eq!(
        check(
            &format!("== [PATCH 1/2] mm: add batches\nText.\n{old}"),
            &format!("== [PATCH v2 1/2] mm: add batches\nText.\n{new}"),
        ),
        "outdated"
    );
}

#[test]
fn what_is_removed_is_not_what_is_added() {
    let patch = |lines: &str| diff("mm/batch.c", lines);
    let old =
        patch(" \tlock(batch);\n-\tdrain(batch, 1);\n+\t[[drain(batch, 2);]]\n \tunlock(batch);\n");
    let new = patch(
        " \tlock(batch);\n-\tdrain(batch, 2);\n+\tdrain_all(owner_of(batch));\n \tunlock(batch);\n",
    );
    assert_eq!(
        check(
            &format!("== [PATCH] mm: drain\nText.\n{old}"),
            &format!("== [PATCH v2] mm: drain\nText.\n{new}"),
        ),
        "outdated"
    );
}

#[test]
fn the_head_of_a_hunk_is_there_when_its_hunk_is() {
    let patch = |head: &str| {
        let diff = diff(
            "mm/batch.c",
            " \tlock(batch);\n-\tdrain(batch);\n+\tdrain_all(batch);\n \tunlock(batch);\n",
        );
        diff.replace("@@ -10,3 +10,3 @@ int batch_add(struct batch *batch)", head)
    };
    insta::assert_snapshot!(check(
        &format!("== [PATCH] mm: drain\nText.\n{}", patch("[[@@ -10,3 +10,3 @@ int batch_add(struct batch *batch)]]")),
        &format!("== [PATCH v2] mm: drain\nText.\n{}", patch("@@ -17,3 +17,3 @@ int batch_add(struct batch *batch)")),
    ), @r"
    edited: [PATCH v2] mm: drain
    [[@@ -17,3 +17,3 @@ int batch_add(struct batch *batch)]]
    ");
}

#[test]
fn a_mark_of_whole_lines_keeps_their_signs() {
    let patch = |lines: &str| diff("mm/batch.c", lines);
    let old = patch(
        " \tlock(batch);\n[[ \n+\tdrain_all(batch);\n+\tbatch->count = 0;]]\n \tunlock(batch);\n",
    );
    let new = patch(
        " \tlock(batch);\n \n+\tdrain_all(batch);\n+\tbatch->count = 0;\n \tunlock(batch);\n+\treturn 0;\n",
    );
    insta::assert_snapshot!(check(
        &format!("== [PATCH] mm: drain\nText.\n{old}"),
        &format!("== [PATCH v2] mm: drain\nText.\n{new}"),
    ), @r"
    kept: [PATCH v2] mm: drain
    [[ 
    +	drain_all(batch);
    +	batch->count = 0;]]
    ");
}

#[test]
fn a_patch_is_followed_by_its_title_whatever_its_number() {
    insta::assert_snapshot!(check(
        "== [PATCH 1/2] mm: fold the batch\nBoth say this. [[The owner drains it.]] Fold it.\n\
         == [PATCH 2/2] mm: split the batch\nBoth say this. The owner drains it. Split it.\n",
        "== [PATCH v2 1/3] mm: count batches\nThey are counted now, each by its owner.\n\
         == [PATCH v2 2/3] mm: split the batch\nBoth say this. The owner drains it. Split it.\n\
         == [PATCH v2 3/3] mm: fold the batch\nBoth say this. The owner drains it. Fold it now.\n",
    ), @r"
    kept: [PATCH v2 3/3] mm: fold the batch
    Both say this. [[The owner drains it.]] Fold it now.
    ");
}

#[test]
fn text_that_went_to_another_patch_is_found_there() {
    insta::assert_snapshot!(check(
        "== [PATCH 1/2] mm: fold the batch\nFold it, as nobody needs two.\n\n[[The owner drains its batch whenever a second went by.]]\n\
         == [PATCH 2/2] mm: split the batch\nSplit it, as two are better than one.\n",
        "== [PATCH v2 1/2] mm: fold the batch\nFold it, as nobody needs two.\n\
         == [PATCH v2 2/2] mm: split the batch\nSplit it, as two are better than one.\n\nThe owner drains its batch whenever a second went by.\n",
    ), @r"
    moved: [PATCH v2 2/2] mm: split the batch
    [[The owner drains its batch whenever a second went by.]]
    ");
}

#[test]
fn what_every_patch_says_goes_with_its_own() {
    let trailer = "Signed-off-by: Ada Lovelace <ada.lovelace@kernel.example>";
    assert_eq!(
        check(
            &format!(
                "== [PATCH 1/2] mm: fold the batch\nFold it.\n\n{trailer}\n\
                      == [PATCH 2/2] mm: split the lock\nSplit the lock, for speed.\n\n[[{trailer}]]\n"
            ),
            &format!("== [PATCH v2] mm: fold the batch\nFold it.\n\n{trailer}\n"),
        ),
        "outdated"
    );
}

#[test]
fn a_trailer_does_not_go_over_to_a_patch_that_got_another_title() {
    let trailer = "Signed-off-by: Ada Lovelace <ada.lovelace@kernel.example>";
    let diff = diff("mm/batch.c", "+\treturn 0;\n");
    assert_eq!(
        check(
            &format!(
                "== [PATCH 1/2] mm: fold the batch\nFold it.\n\n{trailer}\n{diff}\
                      == [PATCH 2/2] mm: drop it\nIt is old.\n\n[[{trailer}]]\n{diff}"
            ),
            &format!("== [PATCH v2] batches: put all into one\nFolded.\n\n{trailer}\n{diff}"),
        ),
        "outdated"
    );
}

#[test]
fn a_reviewer_in_the_place_of_another_is_not_the_mark() {
    assert_eq!(
        check(
            "== [PATCH] mm: fold the batch\nFold it.\n\n[[Reviewed-by: Ada <ada@kernel.example>]]\nCc: all@kernel.example\n",
            "== [PATCH v2] mm: fold the batch\nFold it.\n\nReviewed-by: Charles <charles@kernel.example>\nCc: all@kernel.example\n",
        ),
        "outdated"
    );
}

#[test]
fn a_text_that_stands_twice_now_is_not_guessed() {
    let text = "The owner drains its batch whenever a second went by.";
    assert_eq!(
        check(
            &format!(
                "== [PATCH 1/2] mm: fold the batch\nFold it.\n\n[[{text}]]\n\
                      == [PATCH 2/2] mm: split the lock\nSplit it.\n"
            ),
            &format!(
                "== [PATCH v2 1/2] mm: drain early\nEarly.\n\n{text}\n\
                      == [PATCH v2 2/2] mm: drain late\nLate.\n\n{text}\n"
            ),
        ),
        "outdated"
    );
}

#[test]
fn half_a_word_stays_half_a_word() {
    insta::assert_snapshot!(check(
        "== [PATCH] mm: fold\nCall batch_[[drain]]_all() here, under the lock.\n",
        "== [PATCH v2] mm: fold\nPlease call batch_drain_all() here, under the lock.\n",
    ), @r"
    kept: [PATCH v2] mm: fold
    Please call batch_[[drain]]_all() here, under the lock.
    ");
}

/// Finds the mark of one text in another.
fn check_place(marked: &str, text: &str) -> String {
    let own = marked.replace("[[", "").replace("]]", "");
    let mark = Mark::of(&own, span(marked)).unwrap();
    place(&mark, text)
        .map_or("nowhere".to_owned(), |at| lines_of(text, &Mark::of(text, at).unwrap()))
}

#[test]
fn a_mark_is_found_in_its_own_mail() {
    assert_eq!(check_place("a b [[c]] d c", "a b c d c"), "a b [[c]] d c");
    // Moved by what came before; the context tells which.
    assert_eq!(check_place("a b [[c]] d c", "new words. a b c d c"), "new words. a b [[c]] d c");
    // Decoded in another way: other white space, and a letter that was lost before.
    let own = "It is f\u{fffd}r the [[batch of the  owner, f\u{fffd}r all of it]] and more.";
    let now = "It is f\u{fc}r the batch of the owner, f\u{fc}r all of it and more.";
    assert_eq!(
        check_place(own, now),
        "It is f\u{fc}r the [[batch of the owner, f\u{fc}r all of it]] and more."
    );
    assert_eq!(check_place("a b [[c]] d", "quite another text"), "nowhere");
    assert_eq!(check_place("a [[c]] a", "x x x c x c x"), "nowhere");
}

#[test]
fn a_mail_that_is_no_part_of_the_old_revision_has_no_marks() {
    let mails = mails("== [PATCH] mm: fold\nFold it.\n");
    let mark = Mark::of("Fold it.", 0..4).unwrap();
    let stranger = lorecast_model::MessageId::new("other@kernel.example").unwrap();
    assert_eq!(Carrier::new(&mails, &mails).carry(&stranger, &mark), None);
}

/// Mails whose words repeat.
fn any_mails() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[ab]{1,2}( [a-d]{1,2}){0,6}",
        "[-+ ]\t(if \\(a\\)|return [ab];|\\{|\\}|é = 0x1f;)",
        Just("@@ -1,2 +1,3 @@ int f(void)".to_owned()),
        Just("diff --git a/f.c b/f.c\n--- a/f.c\n+++ b/f.c\n@@ -1,1 +1,9 @@".to_owned()),
        Just(String::new()),
    ];
    let mail = (0..4_u8, prop::collection::vec(line, 0..14));
    let mail =
        mail.prop_map(|(title, lines)| format!("== [PATCH] t{title}\n{}\n", lines.join("\n")));
    prop::collection::vec(mail, 1..4).prop_map(|mails| mails.concat())
}

proptest! {
    #[test]
    fn a_mark_stays_where_it_is_when_nothing_changed(text in any_mails(), at in 0..400_usize, length in 1..60_usize) {
        let mails = mails(&text);
        for mail in &mails {
            if let Ok(mark) = Mark::of(&body(mail), at..at + length) {
                let carried = Carrier::new(&mails, &mails).carry(&mail.header.id, &mark);
                // Of mails that say all the same, any will do.
                let carried = carried.map(|carried| carried.mark);
                prop_assert_eq!(carried, Some(mark));
            }
        }
    }

    #[test]
    fn a_carried_mark_is_in_its_new_text(
        before in any_mails(), after in any_mails(), at in 0..200_usize, length in 1..60_usize,
    ) {
        let (before, after) = (mails(&before), mails(&after));
        let carrier = Carrier::new(&before, &after);
        for mail in &before {
            let Ok(mark) = Mark::of(&body(mail), at..at + length) else { continue };
            let Some(carried) = carrier.carry(&mail.header.id, &mark) else { continue };
            let to = after.iter().find(|mail| mail.header.id == carried.message).unwrap();
            let position = carried.mark.position();
            prop_assert_eq!(place(&carried.mark, &body(to)), Some(position.start..position.end));
        }
    }
}
