//! Bodies: parts, encodings, charsets, names of files, signatures.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod mail;

use lorecast_model::{Defect, Signature};
use mail::{defects, has, message, multipart, with};

const DIFF: &str = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n x\n-a\n+b\n";

/// The name that a part with these headers gets.
#[track_caller]
fn check_name(headers: &str, name: &str) {
    let part = format!("Content-Type: application/x-thing{headers}\n\nx");
    assert_eq!(multipart("mixed", &["\nhi", &part]).attachments.join("|"), name, "{headers}");
}

#[test]
fn names_of_attachments() {
    check_name("; name=a.bin", "a.bin");
    check_name(
        "; name=old\nContent-Disposition: attachment; filename=\"new one.bin\"",
        "new one.bin",
    );
    check_name(
        "\nContent-Disposition: attachment;\n filename*0*=utf-8''%C3%BCb;\n filename*1=er.txt",
        "über.txt",
    );
    check_name("; name=\"=?utf-8?q?=C3=BCber?=\"", "über");
    check_name("; name=../../etc/passwd", "passwd");
    check_name("; name=\"C:\\dir\\f\u{1b}[31m.txt\u{202e}\"", "f[31m.txt");
    check_name("; name=\"..\"", "");
    check_name("", "");
    let long = format!("; name={}", "n".repeat(5000));
    check_name(&long, &"n".repeat(255));
}

#[test]
fn attachments_are_not_without_bound() {
    let part = "Content-Type: image/png; name=x.png\n\nx";
    let read = multipart("mixed", &vec![part; 3000]);
    assert_eq!((read.attachments.len(), has(&read, Defect::Structure)), (999, true));
}

#[test]
fn charsets_known_and_unknown() {
    let read = |charset: &str, body: &[u8]| {
        let head = format!("{}Content-Type: text/plain; charset={charset}\n\n", mail::HEAD);
        let read = message([head.as_bytes(), body].concat());
        format!("{} {}", read.text.trim_end(), defects(&read))
    };
    assert_eq!(read("windows-874", b"\xa1"), "ก ");
    assert_eq!(read("utf8", "é".as_bytes()), "é ");
    assert_eq!(read("KOI8-R", b"\xc4\xc1"), "да ");
    assert_eq!(read("y", "é".as_bytes()), "é charset");
    assert_eq!(read("--subject='re: x'", b"plain"), "plain charset");
    assert_eq!(read("us-ascii", "é".as_bytes()), "é no-charset");
    assert_eq!(read("utf-8", b"caf\xe9"), "caf\u{fffd} charset");
}

#[test]
fn eight_bit_text_without_a_charset() {
    let bare = with("", "é\n");
    assert!(has(&bare, Defect::NoContentType) && has(&bare, Defect::NoCharset));
    let typed = with("Content-Type: text/plain\n", "é\n");
    assert!(!has(&typed, Defect::NoContentType) && has(&typed, Defect::NoCharset));
    assert!(!has(&with("Content-Type: text/plain\n", "e\n"), Defect::NoCharset));
}

#[test]
fn alternatives_digests_and_nested_mails() {
    let nested = "Content-Type: message/rfc822\n\nSubject: inner\n\ninner words\n";
    let read = multipart("mixed", &["\nouter", nested]);
    assert_eq!((read.text.as_str(), has(&read, Defect::NestedMail)), ("outer\n", true));
    assert_eq!(multipart("mixed", &[nested]).text, "inner words\n");
    assert_eq!(multipart("digest", &["\nSubject: inner\n\ninner words"]).text, "inner words\n");
    let patch = format!("Content-Type: message/rfc822\n\nSubject: inner\n\n{DIFF}");
    assert_eq!(multipart("mixed", &[&patch]).diff, DIFF);
    assert_eq!(multipart("mixed", &["\nouter", &patch]).diff, "");
}

#[test]
fn html_alone_becomes_text() {
    let read = with("Content-Type: text/html\n", "<p>a &lt; b<br>c</p><style>x</style>");
    assert_eq!((read.text.as_str(), defects(&read).as_str()), ("a < b\nc\n", "html-only"));
    let both = multipart("alternative", &["\nplain", "Content-Type: text/html\n\n<p>x"]);
    assert_eq!((both.text.as_str(), defects(&both).as_str()), ("plain\n", ""));
}

#[test]
fn unterminated_parts_in_parts() {
    let inner = "Content-Type: multipart/alternative; boundary=c\n\n--c\n\ninner";
    let read = multipart("mixed", &[inner, "\nbehind"]);
    assert_eq!((read.text.as_str(), defects(&read).as_str()), ("inner\nbehind\n", "structure"));
    let similar = "Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\ninner\n--bb--";
    assert_eq!(multipart("mixed", &[similar, "\nbehind"]).text, "inner\nbehind\n");
}

#[test]
fn damaged_encodings_keep_what_they_can() {
    let base64 = |body: &str| with("Content-Transfer-Encoding: base64\n", body);
    let read = base64("SGVs*bG8=\n");
    assert_eq!((read.text.as_str(), defects(&read).as_str()), ("Hello\n", "encoding"));
    let quoted = with("Content-Transfer-Encoding: Quoted-Printable\n", "a=3Db =ZZ=\n c=\n");
    assert_eq!((quoted.text.as_str(), defects(&quoted).as_str()), ("a=b =ZZ c\n", "encoding"));
}

#[test]
fn signatures_are_kept_apart() {
    let signed = |kind: &str| {
        let part =
            format!("Content-Type: {kind}; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----\n");
        let read = multipart("signed", &["\nwords", &part]);
        assert_eq!((read.text.as_str(), read.attachments.len()), ("words\n", 0));
        read.signature
    };
    assert_eq!(signed("application/pgp-signature"), Some(Signature::Pgp));
    assert_eq!(signed("application/pkcs7-signature"), Some(Signature::Smime));
    assert_eq!(signed("application/x-pkcs7-signature"), Some(Signature::Smime));
    let opaque = with(
        "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n",
        "MIIx\n",
    );
    assert_eq!(
        (opaque.signature, opaque.attachments.join("")),
        (Some(Signature::Smime), "smime.p7m".into())
    );
    assert_eq!(with("", "words\n").signature, None);
}

#[test]
fn text_that_was_signed_in_place() {
    let dashed = DIFF.replace("\n-", "\n- -");
    let body = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nwords\n- -- \nAnn\n\n{dashed}\
         -----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n\nfooter\n"
    );
    let read = with("", &body);
    assert_eq!(read.text, "words\n-- \nAnn\n\n\nfooter\n");
    assert_eq!((read.diff.as_str(), read.signature), (DIFF, Some(Signature::Pgp)));
    let quoted = with("", "> -----BEGIN PGP SIGNED MESSAGE-----\n> - x\n");
    assert_eq!((quoted.text.contains("> - x"), quoted.signature), (true, None));
}

/// A flowed text and what becomes of it.
#[track_caller]
fn check_flowed(parameters: &str, body: &str, expected: &str) {
    let headers = format!("Content-Type: text/plain; charset=utf-8; format=flowed{parameters}\n");
    let read = with(&headers, body);
    assert_eq!(format!("{}{}", read.text, read.diff), expected);
}

#[test]
fn paragraphs_that_flow() {
    check_flowed("", "a \nb \nc\nd\n", "a b c\nd\n");
    check_flowed("; DelSp=yes", "lo \nng  \n word\n", "long word\n");
    check_flowed("", "> a \n> b\n>> c \n>> d\n> e \nf\n", "> a b\n>> c d\n> e \nf\n");
    check_flowed("", "> > a \n> > b\n>tight\n", "> > a b\n> tight\n");
    check_flowed("", "> a\n>\n>b\n", "> a\n>\n> b\n");
    check_flowed("", " >From here \n to there\n", ">From here to there\n");
    check_flowed(
        "",
        "a\n \nb \n-- \nAnn\n",
        "a\n\nb -- \nAnn\n".replace("b -- ", "b \n-- ").as_str(),
    );
}

#[test]
fn a_patch_in_flowed_text_stays_a_patch() {
    let stuffed = DIFF.replace("\n x", "\n  x");
    check_flowed("", &stuffed, DIFF);
    check_flowed("", DIFF, DIFF);
    let broken = "diff --git a/f \nb/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@ void \nf(int a)\n  x y \n\
                  -a \nlong line\n+b \n";
    let whole = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@ void f(int a)\n x y \n\
                 -a long line\n+b \n";
    check_flowed("", broken, whole);
    let read = with("Content-Type: text/plain; format=flowed\n", &stuffed);
    assert!(has(&read, Defect::FlowedDiff));
}

/// The defect that a way to send a diff makes; the diff itself comes out whole.
#[track_caller]
fn check_diff(headers: &str, body: &str, expected: &str) {
    let read = with(headers, body);
    let all = read.header.defects.iter().filter(|d| d.name().ends_with("-diff"));
    let all: Vec<&str> = all.map(Defect::name).collect();
    assert_eq!((read.diff.as_str(), all.join(" ").as_str()), (DIFF, expected), "{body}");
}

#[test]
fn diffs_that_mailers_damaged() {
    let crlf = DIFF.replace('\n', "\r\n");
    let quoted = DIFF.replace("=", "=3D");
    check_diff("", DIFF, "");
    check_diff("Content-Transfer-Encoding: quoted-printable\n", &quoted, "encoded-diff");
    let encoded = data_encoding::BASE64.encode(DIFF.as_bytes());
    check_diff("Content-Transfer-Encoding: base64\n", &encoded, "encoded-diff");
    let encoded = data_encoding::BASE64.encode(crlf.as_bytes());
    check_diff("Content-Transfer-Encoding: base64\n", &encoded, "encoded-diff whitespace-diff");
    check_diff(
        "Content-Transfer-Encoding: quoted-printable\n",
        &DIFF.replace('\n', "=0D\n"),
        "encoded-diff whitespace-diff",
    );
    check_diff("", &crlf, "whitespace-diff");
    check_diff("", &DIFF.replace("\n x", "\n\u{a0}x"), "whitespace-diff");
    let wrapped = with("", &DIFF.replace(" x\n", " x is long\nand broken\n"));
    assert!(has(&wrapped, Defect::FlowedDiff));
}

#[test]
fn line_ends_of_transport_are_no_damage() {
    let whole = |body: &str| message(format!("{}\n{body}", mail::HEAD).replace('\n', "\r\n"));
    assert_eq!(
        (whole(DIFF).diff.as_str(), has(&whole(DIFF), Defect::WhitespaceDiff)),
        (DIFF, false)
    );
    let doubled = whole(&DIFF.replace('\n', "\r\n"));
    assert_eq!((doubled.diff.as_str(), has(&doubled, Defect::WhitespaceDiff)), (DIFF, true));
    // A file with CRLF line ends: only its own lines have them.
    let own = with("", &DIFF.replace(" x\n", " x\r\n").replace("-a\n", "-a\r\n"));
    assert!(!has(&own, Defect::WhitespaceDiff));
    let own = with("", &DIFF.replace("-a\n", "-a\u{a0}b\n"));
    assert!(!has(&own, Defect::WhitespaceDiff));
}

#[test]
fn attached_diffs_of_every_type() {
    for head in [
        "Content-Type: text/x-patch",
        "Content-Type: text/x-diff; name=f",
        "Content-Type: application/x-patch",
        "Content-Type: application/octet-stream; name=f.PATCH",
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=f.diff.txt",
        "Content-Type: text/plain\nContent-Disposition: inline; filename*=utf-8''f%2Ediff",
    ] {
        let read =
            multipart("mixed", &["\nhi", &format!("{head}\n\nFrom: x\n\n{DIFF}-- \n2.40\n")]);
        assert_eq!((read.text.as_str(), read.diff.as_str()), ("hi\n", DIFF), "{head}");
    }
    let other = format!("Content-Type: application/octet-stream; name=f.bin\n\n{DIFF}");
    assert_eq!(multipart("mixed", &["\nhi", &other]).diff, "");
}

#[test]
fn escapes_of_mbox_files() {
    let has = |body: &str| has(&with("", body), Defect::MboxEscape);
    assert!(has("a\n\n>From here on\n"));
    assert!(!has(">From: Ann\n") && !has("> From here\n") && !has(">> From here\n"));
    assert!(!has("> a\n>From here on\n> b\n") && !has("From here\n"));
}
