//! One mail through several lists has one content; different mails differ.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod mail;

use mail::message;

const BODY: &str = "Hi,\n\nFrom here on it works.\n\n-- \nAnn\n";

fn content(subject: &str, body: &str) -> String {
    message(format!("From: a@b\nSubject: {subject}\n\n{body}")).content.to_string()
}

/// Whether a copy with another subject and body has the content of the mail.
#[track_caller]
fn check(subject: &str, body: &str, same: bool) {
    let equal = content("[PATCH v2] x: y", BODY) == content(subject, body);
    assert_eq!(equal, same, "{subject}\n{body}");
}

#[test]
fn tags_of_lists_do_not_count_and_tags_of_postings_do() {
    check("[dm-frobs] [PATCH v2] x: y", BODY, true);
    check("[frobs.d_e+v] [PATCH  v2]\n x: y", BODY, true);
    check("[PATCH] x: y", BODY, false);
    check("[PATCH v2] x: z", BODY, false);
    check("Re: [PATCH v2] x: y", BODY, false);
    let answer = content("Re: [PATCH v2] x: y", BODY);
    assert_eq!(content("Re: [dm-frobs] [PATCH v2] x: y", BODY), answer);
    assert_eq!(content("[dm-frobs] Re: [PATCH v2] x: y", BODY), answer);
    assert_ne!(content("[bug report] x", BODY), content("x", BODY));
}

#[test]
fn footers_of_lists_do_not_count() {
    let rule = "_".repeat(47);
    for footer in [
        format!(
            "\n{rule}\nFrobs mailing list\nFrobs@v.example\nhttps://v.example/listinfo/frobs\n"
        ),
        "\n--\ndm-x mailing list\ndm-x@v.example\nhttps://v.example/mailman/listinfo/dm-x\n".into(),
        "\n-- \nMailing list info: https://lists.v.example/listinfo/frobs\n".into(),
        "\n-- \nYou received this message because you are subscribed to the Google Groups \
         \"frobs\" group.\n\
         To unsubscribe from this group, send an email to frobs+unsubscribe@v.example.\n\
         To view this discussion on the web visit https://groups.v.example/d/msgid/1%40x.\n"
            .into(),
    ] {
        check("[PATCH v2] x: y", &format!("{BODY}{footer}"), true);
        check("[PATCH v2] x: y", &format!("{BODY}{footer}{footer}"), true);
        check("[PATCH v2] x: y", &format!("{BODY}{footer}\nmore words\n"), false);
    }
    check("[PATCH v2] x: y", &format!("{BODY}\n-- \nAnn\nof a mailing list\n"), false);
}

#[test]
fn line_ends_and_escapes_do_not_count() {
    check("[PATCH v2] x: y", &BODY.replace('\n', "\r\n"), true);
    check("[PATCH v2] x: y", &BODY.replace("\nFrom ", "\n>From "), true);
    check("[PATCH v2] x: y", &format!("\n\n{}  \n", BODY.replace("works.", "works. \t")), true);
    check("[PATCH v2] x: y", &BODY.replace("works", "does not work"), false);
}

#[test]
fn transfer_encodings_do_not_count_and_diffs_do() {
    let diff = "a diff\n\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n";
    let plain = content("s", diff);
    let encoded = data_encoding::BASE64.encode(diff.as_bytes());
    let coded =
        message(format!("From: a@b\nSubject: s\nContent-Transfer-Encoding: base64\n\n{encoded}\n"));
    assert_eq!(coded.content.to_string(), plain);
    assert_ne!(content("s", &diff.replace("+b", "+c")), plain);
}
