//! Every command of the README, run in its order in an empty folder.
//!
//! Two things stand in for what a test must not have: `lorecast` is the binary under test (so that
//! `cargo` is not started), and the mirrors of lore are local epochs of our own, which git finds
//! through `url.<base>.insteadOf`.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use lorecast_testkit::inbox;
use lorecast_testkit::mailbox::mail;
use lorecast_testkit::tree::Repo;

const README: &str = include_str!("../../../README.md");

/// The commands of all `sh` blocks, in order.
fn commands() -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in README.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => found.push(line.to_owned()),
            _ => {}
        }
    }
    found
}

/// A mirror of a list with a small series and an answer.
fn mirror(at: &Path, list: &str) {
    let at = camino::Utf8Path::from_path(at).unwrap();
    let mails = [
        mail(&format!("1@{list}.example"))
            .from("Ann Example <ann@a.example>")
            .date("Tue, 11 Apr 2023 10:00:00 +0000")
            .subject("[PATCH v2 0/1] resource: fold the window into the bridge")
            .body("This series folds the window into the bridge, which saves a lookup for each device.\n"),
        mail(&format!("2@{list}.example"))
            .from("Ann Example <ann@a.example>")
            .date("Tue, 11 Apr 2023 10:00:01 +0000")
            .subject("[PATCH v2 1/1] resource: fold it")
            .reply_to(&[&format!("1@{list}.example")])
            .body("Fold it.\n---\ndiff --git a/drivers/pci/a.c b/drivers/pci/a.c\n--- a/drivers/pci/a.c\n+++ b/drivers/pci/a.c\n@@ -1 +1 @@\n-a\n+b\n"),
    ];
    let bytes: Vec<Vec<u8>> = mails.into_iter().map(|mail| mail.bytes()).collect();
    inbox::build(at, &bytes);
}

/// A tree in which the patch of the series has landed.
fn tree(at: &Path) {
    let repo = Repo::new(camino::Utf8Path::from_path(at).unwrap());
    repo.commit("pci: begin").file("drivers/pci/a.c", "a\n").make();
    let landed = repo.commit("resource: fold it").author("Ann Example <ann@a.example>");
    landed.file("drivers/pci/a.c", "b\n").at(1_681_300_000).make(); // 12 April 2023
}

/// Runs one command line as a shell would; `serve` is ended as soon as it listens.
fn run(line: &str, folder: &Path, bin: &Path) {
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let insteadof = |folders: &str| format!("url.{}/{folders}/.insteadOf", folder.display());
    // `exec`, so that ending the shell ends the server.
    let mut program = show::shell(folder, &format!("exec {line}"));
    program
        .env("PATH", path)
        .env("GIT_CONFIG_COUNT", "2")
        .env("GIT_CONFIG_KEY_0", insteadof("mirrors"))
        .env("GIT_CONFIG_VALUE_0", "https://lore.kernel.org/")
        .env("GIT_CONFIG_KEY_1", insteadof("trees"))
        .env("GIT_CONFIG_VALUE_1", "https://github.com/axboe/")
        // Whoever asks the network all the same finds nobody.
        .env("https_proxy", "http://127.0.0.1:1");
    if line.contains(" serve ") {
        let mut server = program.stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut first).unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
        assert!(first.contains("http://127.0.0.1:"), "{line}: {first}");
        return;
    }
    let output = program.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{line}` ended with {}:\n{said}", output.status);
}

#[test]
fn every_command_works_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (bin, mirrors) = (folder.path().join("bin"), folder.path().join("mirrors"));
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_lorecast"), bin.join("lorecast")).unwrap();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    std::os::unix::fs::symlink(examples, folder.path().join("examples")).unwrap();
    for list in ["linux-pci", "io-uring"] {
        mirror(&mirrors.join(list).join("0"), list);
    }
    std::fs::create_dir(folder.path().join("trees")).unwrap();
    tree(&folder.path().join("trees/liburing.git"));
    let commands = commands();
    assert!(commands.len() > 15, "the README lost its commands: {commands:?}");
    for line in commands {
        let ours = line.replace("cargo run --release --", "lorecast");
        // This very run is `scripts/test`; installing would compile the world a second time.
        if ours == "scripts/test" || ours.starts_with("cargo install ") {
            continue;
        }
        run(&ours.replace(" serve ", " serve --port 0 "), folder.path(), &bin);
    }
    let landings = std::fs::read_to_string(folder.path().join("landings.tsv")).unwrap();
    assert!(landings.contains("\tliburing\t"), "the patch was not found: {landings}");
    check_sample(&folder.path().join("my-show"));
}

/// The sample in the README is what the demo drafts.
fn check_sample(show: &Path) {
    let notes = std::fs::read_to_string(show.join("episodes/2025-06-22/notes.md")).unwrap();
    let quoted = README.lines().filter_map(|line| line.strip_prefix("> "));
    let quoted: Vec<&str> = quoted.map(|line| line.trim_end_matches(" […]")).collect();
    assert!(quoted.len() > 4, "the README lost its sample");
    for line in quoted {
        assert!(notes.contains(line), "the demo no longer drafts `{line}`");
    }
}
