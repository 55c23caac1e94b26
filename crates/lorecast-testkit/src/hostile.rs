//! Mail, archives and words that mean harm: all of it our own, and the same each time.
//!
//! A script among them that runs calls `trap`, and what would be fetched is at `outside.example`. A browser in which
//! neither happens has shown that nothing of it took effect.

use std::fs;
use std::io;
use std::path::Path;

use data_encoding::BASE64_MIME;

use crate::mailbox::{MailText, mail, mboxrd};
use crate::packed::{gzip, xz, zst};

/// What a browser, a template, a spreadsheet, a shell, SQL or a reader might obey, each on one line.
pub const WORDS: &[&str] = &[
    // Markup that brings a script.
    "<script>trap(1)</script>",
    "<img src=x onerror=trap(2)>",
    "\"><svg onload=trap(3)>",
    "'><iframe srcdoc=\"<script>parent.trap(4)</script>\"></iframe>",
    "<svg><script href=\"data:text/javascript,trap(5)\"/></svg>",
    "</title></textarea></style></pre></bdi><script>trap(6)</script>",
    "\" onfocus=\"trap(7)\" autofocus=\"",
    "' onmouseover='trap(8)' x='",
    "<details open ontoggle=trap(9)><summary>x</summary></details>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--><img src=x onerror=trap(10)>\">",
    "<a href=\"data:text/html,<script>trap(11)</script>\">x</a>",
    "]]><script>trap(12)</script><!--",
    "\\\"};trap(13);//",
    "&lt;script&gt;trap(14)&lt;/script&gt;&#60;script&#62;trap(14)",
    // Addresses that are scripts.
    "javascript:trap(15)//https://x.example/",
    "[x](javascript:trap(16)) <javascript:trap(16)>",
    "[x](data:text/html;base64,PHNjcmlwdD50cmFwKDE3KTwvc2NyaXB0Pg==)",
    "https://x.example/\"onclick=\"trap(18)",
    // Markup that asks others.
    "<link rel=stylesheet href=//outside.example/a.css><style>@import url(http://outside.example/b.css);</style>",
    "<meta http-equiv=refresh content=\"0;url=http://outside.example/c\"><base href=//outside.example/>",
    "![x](http://outside.example/d.png) <img src=//outside.example/e.png>",
    "<video poster=http://outside.example/f><object data=//outside.example/g></object><embed src=//outside.example/h>",
    "<form action=//outside.example/i><button autofocus>x</button></form>",
    // Templates, programs, files.
    "{{ 7 * 7 }}{% include \"/etc/passwd\" %}${7*7}",
    "$(touch trap)`touch trap`;|touch trap&",
    "'; DROP TABLE message; --",
    "../../../../../../etc/passwd",
    "..\\..\\windows\\win.ini%00.png",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd?#;&",
    // Spreadsheets.
    "=HYPERLINK(\"http://outside.example/j\";\"x\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    // What hides, turns around, or looks like something else.
    "photo\u{202e}gpj.exe",
    "\u{2066}hidden\u{2069}\u{200b}\u{feff}\u{ad}",
    "L\u{456}na \u{410}dmin",
    "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}",
    "\u{9b}31m\u{1b}[2J\u{1b}]0;trap\u{7}",
    // The end of the notes' own markup.
    "--- ``` ~~~ <!-- <<<<<<< ======= >>>>>>> # **x",
];

/// The days of the mails, as commands take them: the last day of a week.
pub const WEEK: &str = "2025-06-22";

/// Writes archives into a folder: `hostile.mboxrd`, packed bombs, and files whose names mean harm; and `words.txt`, the
/// [`WORDS`] one a line.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    let box_of = |name: &str, content: &[u8]| fs::write(folder.join(name), content);
    fs::create_dir_all(folder)?;
    box_of("words.txt", (WORDS.join("\n") + "\n").as_bytes())?;
    box_of("hostile.mboxrd", &mboxrd(&mails()))?;
    // What is whole before it is read.
    let before =
        ["before", "at"].map(|place| dated(&format!("{place}-the-bomb@x.example"), 0).bytes());
    let bomb = [mboxrd(&before), vec![b'x'; 80 << 20]].concat();
    box_of("bomb.mbox.gz", &gzip(&bomb))?;
    box_of("bomb.mbox.xz", &xz(&bomb))?;
    box_of("bomb.mbox.zst", &zst(&bomb))?;
    // A bomb in a bomb, and one that is cut off.
    box_of("nested.mbox.gz", &gzip(&gzip(&bomb)))?;
    box_of("cut.mbox.gz", &gzip(&bomb)[..1000])?;
    for (number, word) in WORDS.iter().enumerate() {
        let name = word.replace(['/', '\0'], "|");
        box_of(
            &format!("{name}.mbox"),
            &mboxrd(&[dated(&format!("file-{number}@x.example"), number).bytes()]),
        )?;
    }
    Ok(())
}

/// The ids of the threads, each of which carries one of the [`WORDS`] wherever it can.
pub fn threads() -> Vec<String> {
    (0..WORDS.len()).map(|number| format!("root-{number}@x.example")).collect()
}

/// All mails.
pub fn mails() -> Vec<Vec<u8>> {
    let threads = WORDS.iter().enumerate().flat_map(|(number, word)| thread(number, word));
    threads.chain(odd()).collect()
}

/// A thread that has a word in every place: a patch, an answer in HTML, and one with files.
fn thread(number: usize, word: &str) -> Vec<Vec<u8>> {
    let root = format!("root-{number}@x.example");
    let bare = word.replace(char::is_whitespace, "_").replace(['<', '>'], "");
    let answer = |nth: usize, id: &str| {
        everywhere(dated(id, number * 3 + nth), word, &bare)
            .subject(&format!("Re: [PATCH] mm: {word}"))
            .reply_to(&[&root])
    };
    let diff = format!(
        "{word}\n\nhttps://lore.kernel.org/r/{bare}\n\nReviewed-by: {word} <{bare}@x.example>\nLink: {word}\n---\n\
         diff --git a/mm/{bare} b/mm/{bare}\n--- a/mm/{bare}\n+++ b/mm/{bare}\n@@ -1,2 +1,2 @@ {word}\n {word}\n-{word}\n+{word}\n"
    );
    let patch = everywhere(dated(&root, number * 3), word, &bare)
        .subject(&format!("[PATCH] mm: {word}"))
        .body(&diff);
    let html = answer(1, &format!("html-{number}-{bare}@x.example"))
        .header("Content-Type", "text/html; charset=utf-8")
        .body(&format!("<html><head><base href=//outside.example/>{word}</head><body onload=trap(0)>{word}</body></html>\n"));
    let part = format!(
        "--b\nContent-Type: text/plain; charset=utf-8\n\n> {word}\n{word}\n-- \n{word}\n\
         --b\nContent-Type: image/svg+xml; name=\"{word}\"\nContent-Disposition: attachment; filename=\"{word}\"\n\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"trap(0)\"><script>trap(0)</script></svg>\n--b--\n"
    );
    let files = answer(2, &format!("{bare}\"'&{number}@x.example"))
        .header("Content-Type", "multipart/mixed; boundary=b")
        .body(&part);
    [patch, html, files].map(|mail| mail.bytes()).to_vec()
}

/// With a word in every header that pages or exports show: as it is, in an encoded word, and with line feeds that would
/// begin a header of their own.
fn everywhere(mail: MailText, word: &str, bare: &str) -> MailText {
    let name = encoded(word);
    mail.from(&format!("{name} <{bare}@x.example>"))
        .to(&format!(
            "\"{}\" <list@x.example>, {name} <b@x.example>",
            word.replace(['"', '\\'], "'")
        ))
        .cc(&format!(
            "{} <c@x.example>",
            encoded(&format!("{word}\r\nSet-Cookie: trap=1\r\n\r\n{word}"))
        ))
        .list(&format!("{bare}.lists.example"))
        .header("Content-Type", "text/plain; charset=utf-8")
        .header("X-Face", word)
        .header("Reply-To", &name)
        .header("Organization", word)
}

/// Mails whose form means harm.
fn odd() -> Vec<Vec<u8>> {
    let deep = |levels: usize| {
        let open = (0..levels)
            .map(|n| format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1));
        let body =
            open.chain([format!("--b{levels}\n\n<script>trap(0)</script>\n")]).collect::<String>();
        dated("deep@x.example", 1)
            .header("Content-Type", "multipart/mixed; boundary=b0")
            .body(&body)
    };
    let nested = (0..5_000).map(|_| "Content-Type: message/rfc822\n\n").collect::<String>();
    let parts = "--b\n\nx\n".repeat(20_000);
    let references: Vec<String> = (0..20_000).map(|n| format!("{n}@gone.example")).collect();
    let references: Vec<&str> = references.iter().map(String::as_str).collect();
    let attached = |name: &str, kind: &str, bytes: &[u8]| {
        let text = BASE64_MIME.encode(bytes).replace('\r', "");
        dated(&format!("{name}@x.example"), 2).header("Content-Type", "multipart/mixed; boundary=b").body(&format!(
            "--b\n\nSee the file.\n--b\nContent-Type: {kind}\nContent-Encoding: gzip\nContent-Transfer-Encoding: base64\n\
             Content-Disposition: attachment; filename=\"{name}\"\n\n{text}--b--\n"
        ))
    };
    let zeros = vec![0; 64 << 20];
    let mails = [
        deep(5_000),
        dated("rfc822@x.example", 1).header("Content-Type", "message/rfc822").body(&nested),
        dated("parts@x.example", 1)
            .header("Content-Type", "multipart/mixed; boundary=b")
            .body(&parts),
        dated("references@x.example", 1).reply_to(&references),
        dated("long-subject@x.example", 1).subject(&"<b>trap ".repeat(50_000)),
        dated("long-line@x.example", 1).body(&"<b>trap ".repeat(400_000)),
        dated("quotes@x.example", 1).body(&format!("{} deep\n", ">".repeat(100_000)).repeat(3)),
        dated("recipients@x.example", 1)
            .cc(&"\"<script>trap(0)</script>\" <a@x.example>, ".repeat(5_000)),
        dated("injected@x.example", 1).subject(
            "=?utf-8?q?x=0D=0ASet-Cookie:_trap=3D1=0D=0A=0D=0A=3Cscript=3Etrap(0)=3C/script=3E?=",
        ),
        dated("no-charset@x.example", 1)
            .header("Content-Type", "text/html; charset=utf-7")
            .body("+ADw-script+AD4-trap(0)+ADw-/script+AD4-\n"),
        attached("bomb.gz", "application/gzip", &gzip(&zeros)),
        attached("bomb.xz", "text/plain", &xz(&zeros)),
        attached("bomb.svgz", "image/svg+xml", &gzip(&gzip(&zeros))),
    ];
    mails.iter().map(MailText::bytes).collect()
}

/// A mail of the week, so many minutes after its first noon.
fn dated(id: &str, minute: usize) -> MailText {
    mail(id).date(&format!(
        "Mon, 16 Jun 2025 {:02}:{:02}:00 +0000",
        12 + minute / 60 % 10,
        minute % 60
    ))
}

/// As an encoded word (RFC 2047).
fn encoded(text: &str) -> String {
    let hex: String = text.bytes().map(|byte| format!("={byte:02X}")).collect();
    format!("=?utf-8?q?{hex}?=")
}
