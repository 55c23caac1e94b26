//! Bad input: one clear error that names the place and the next step, exit code 2, and nothing that
//! was stored before is lost.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::Path;

use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_testkit::mailbox::{mail, mboxrd};
use lorecast_testkit::tone::Tone;
use show::{Run, done, finish, lorecast_in, shell};

/// An mbox of mails with a kilobyte of text each.
fn mbox(range: std::ops::Range<u32>) -> Vec<u8> {
    let mails: Vec<Vec<u8>> = range
        .map(|n| {
            mail(&format!("{n}@a.example"))
                .from("Ann Example <ann@a.example>")
                .date("Tue, 17 Jun 2025 10:00:00 +0000")
                .subject(&format!("Question {n} about folios"))
                .body(&format!("Mail {n} speaks of {}.\n", format!("word{n} ").repeat(120)))
                .bytes()
        })
        .collect();
    mboxrd(&mails)
}

/// A show with ten mails, in which `prepare` puts what `args` trips over.
fn check(prepare: impl FnOnce(&Path), args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    done(at, &["init"]);
    std::fs::write(at.join("good.mbox"), mbox(0..10)).unwrap();
    done(at, &["ingest", "good.mbox"]);
    prepare(at);
    let run = lorecast_in(at, args);
    assert_eq!(messages(at), messages_said(&run).unwrap_or(10), "something was lost");
    error(&run)
}

/// What the user is told; the command must have failed.
fn error(run: &Run) -> String {
    assert_eq!(run.code, 2, "{run:?}");
    run.stderr.trim().to_owned()
}

fn messages(show: &Path) -> u64 {
    let stats = done(show, &["stats", "--format", "json"]);
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    stats["messages"].as_u64().unwrap()
}

/// Ten, and those that the run itself says it added.
fn messages_said(run: &Run) -> Option<u64> {
    let line = run.stdout.lines().find(|line| line.ends_with(" in all"))?;
    line.split(' ').next()?.parse::<u64>().ok().map(|new| new + 10)
}

fn gzip(bytes: &[u8], at: &Path) {
    std::fs::write(at, bytes).unwrap();
    assert_eq!(finish(&mut shell(at.parent().unwrap(), "gzip -k big.mbox")).code, 0);
}

#[test]
fn a_truncated_gzip_gives_every_mail_before_the_damage() {
    let error = check(
        |at| {
            gzip(&mbox(100..600), &at.join("big.mbox"));
            let packed = std::fs::read(at.join("big.mbox.gz")).unwrap();
            std::fs::write(at.join("cut.mbox.gz"), &packed[..packed.len() / 2]).unwrap();
        },
        &["ingest", "cut.mbox.gz"],
    );
    let digits = |c: char| c.is_ascii_digit();
    assert_snapshot!(error.replace(digits, "9"), @"error: `cut.mbox.gz` is cut off or damaged after 999999 bytes of decompressed mail, everything whole before that was read: fetch the file again (incomplete deflate stream)");
}

#[test]
fn a_folder_of_archives_goes_on_after_a_bad_one() {
    let error = check(
        |at| {
            std::fs::create_dir(at.join("all")).unwrap();
            std::fs::write(at.join("all/b.mbox"), "no mail at all\n").unwrap();
            std::fs::write(at.join("all/c.mbox"), mbox(20..25)).unwrap();
        },
        &["ingest", "all/b.mbox", "all/c.mbox"],
    );
    assert_snapshot!(error, @"error: `all/b.mbox` is not mail: it starts with neither a `From ` line nor a header field; name an mbox file or a mail, plain or packed with gzip, xz or zstd");
}

#[test]
fn an_mbox_cut_in_mid_message_keeps_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["init"]);
    let whole = mbox(0..10);
    std::fs::write(folder.path().join("cut.mbox"), &whole[..whole.len() - 300]).unwrap();
    done(folder.path(), &["ingest", "cut.mbox"]);
    assert_eq!(messages(folder.path()), 10);
}

#[test]
fn a_git_repository_without_mails_says_so() {
    let error = check(
        |at| {
            let line = "git init -q code && cd code && git -c user.name=a -c user.email=a@b.example commit -q --allow-empty -m x";
            assert_eq!(finish(&mut shell(at, line)).code, 0);
        },
        &["ingest", "code"],
    );
    assert_snapshot!(error, @"error: `code` is a git repository without mail: no commit holds a file `m`, as public-inbox v2 writes them, or mails as v1 does; name an epoch such as `0.git`, cloned from the archive");
}

#[test]
fn a_file_that_is_no_mail_and_one_that_is_not_there() {
    assert_snapshot!(check(|at| std::fs::write(at.join("photo.jpg"), [255, 216, 255, 224, 0, 1, 2]).unwrap(), &["ingest", "photo.jpg"]), @"error: `photo.jpg` is not mail: it starts with neither a `From ` line nor a header field; name an mbox file or a mail, plain or packed with gzip, xz or zstd");
    assert_snapshot!(check(|_| (), &["ingest", "nowhere.mbox"]), @"error: `nowhere.mbox` does not exist: check the path, or clone the archive there first");
}

#[test]
fn unreadable_yaml_names_the_line() {
    let broken = |file: &'static str, text: &'static str| {
        move |at: &Path| {
            let file = at.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
    };
    assert_snapshot!(check(broken("show.yaml", "title: x\n  author: y\n"), &["config"]), @"error: ./show.yaml:2:9: mapping values are not allowed in this context; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check(broken("episodes/2025-06-22/episode.yaml", "title: x\nwindow: {from: never, to: 2025-06-22}\n"), &["draft", "--week", "2025-06-22"]), @"error: ./episodes/2025-06-22/episode.yaml:2:16: window.from: failed to parse four digit integer as year: invalid digit, expected 0-9 but got n; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check(broken("subsystems.yaml", "- key: mm\n  name: Memory\n"), &["rank", "--week", "2025-06-22"]), @"error: ./subsystems.yaml:2:3: .[0]: unknown field `name`, expected one of `key`, `title`, `subsystems`, `paths`, `vague_paths`, `prefixes`, `vague`, `lists`; nothing was changed, correct the line and run the command again");
}

/// An episode with one chapter and whatever take `prepare` makes.
fn check_take(prepare: impl FnOnce(&Utf8Path)) -> String {
    check(
        |at| {
            let takes = at.join("episodes/2025-06-22/takes");
            std::fs::create_dir_all(&takes).unwrap();
            let yaml = "title: x\nwindow: {from: 2025-06-16, to: 2025-06-22}\nchapters: [{title: All, take: all}]\n";
            std::fs::write(takes.with_file_name("episode.yaml"), yaml).unwrap();
            prepare(Utf8Path::from_path(&takes).unwrap());
        },
        &["master", "2025-06-22"],
    )
}

#[test]
fn a_take_that_is_missing_or_is_no_sound() {
    assert_snapshot!(check_take(|_| ()), @"error: no recording for the chapter `All`: put `all.wav` (or .flac, .mp3, .m4a, .opus, …) into `./episodes/2025-06-22/takes`, or delete the chapter from `episode.yaml`");
    assert_snapshot!(check_take(|takes| std::fs::write(takes.join("all.wav"), "hello").unwrap()), @"error: `./episodes/2025-06-22/takes/all.wav` is not audio that the studio can read; takes may be WAV, FLAC, MP3, OGG, Opus, WebM, M4A, AIFF or CAF, so record or export it as one of these");
    assert_snapshot!(check_take(|takes| {
        Tone::sine(440.0).write(takes.join("all.wav"));
        Tone::sine(440.0).write(takes.join("all.flac"));
    }), @"error: two recordings for the take `all`: `./episodes/2025-06-22/takes/all.flac` and `./episodes/2025-06-22/takes/all.wav`; keep one");
}

#[test]
fn a_message_that_is_not_held() {
    assert_snapshot!(check(|_| (), &["thread", "nobody@a.example"]), @"error: no message `nobody@a.example` in the index; search for it with `lorecast search`, or ingest the archive that holds it");
    assert_snapshot!(check(|_| (), &["series", "1@a.example"]), @"error: message `1@a.example` belongs to no patch series; `lorecast thread 1@a.example` shows its conversation");
}

/// A limit on the size of files stands in for a full disk: the same call fails at the same place.
#[test]
fn a_full_disk_loses_nothing_stored_before() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    done(at, &["init"]);
    std::fs::write(at.join("good.mbox"), mbox(0..10)).unwrap();
    done(at, &["ingest", "good.mbox"]);
    std::fs::write(at.join("big.mbox"), mbox(100..3100)).unwrap();

    let line =
        format!("trap '' XFSZ; ulimit -f 512; {} ingest big.mbox", env!("CARGO_BIN_EXE_lorecast"));
    let told = error(&finish(&mut shell(at, &line)));
    assert!(told.contains("index.db") && told.contains("kept"), "{told}");
    assert!(messages(at) >= 10);
    // With room again, the same command goes on.
    done(at, &["ingest", "big.mbox"]);
    assert_eq!(messages(at), 3010);
}

/// No address is told at which nothing will be.
#[test]
fn a_folder_that_is_not_there_is_served_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let run = lorecast_in(folder.path(), &["serve", "nowhere", "--port", "0"]);
    assert_eq!(run.stdout, "");
    assert_snapshot!(error(&run), @"error: cannot read `nowhere`: No such file or directory (os error 2); run `lorecast publish` first");
}
