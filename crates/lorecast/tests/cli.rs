//! The command line: help, exit codes, errors in plain words.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use insta::assert_snapshot;
use show::lorecast;

const COMMANDS: [&str; 28] = [
    "init",
    "demo",
    "sync",
    "ingest",
    "search",
    "thread",
    "messages",
    "series",
    "track",
    "rank",
    "draft",
    "check",
    "script",
    "people",
    "master",
    "play",
    "planet",
    "publish",
    "lint",
    "ping",
    "tell",
    "serve",
    "stats",
    "store",
    "export",
    "config",
    "completions",
    "man",
];

#[test]
fn help_lists_every_command_and_each_has_an_example() {
    let help = lorecast(&["--help"]).stdout;
    for command in COMMANDS {
        assert!(help.contains(&format!("  {command} ")), "`{command}` is missing in:\n{help}");
        let own = lorecast(&[command, "--help"]).stdout;
        assert!(own.contains("Example"), "`{command}` has no example:\n{own}");
    }
    let listed = help.lines().skip_while(|l| *l != "Commands:").skip(1);
    let listed = listed.take_while(|l| !l.is_empty()).filter(|l| !l.starts_with("   ")).count();
    assert_eq!(listed, COMMANDS.len() + 1, "a command is not tested here:\n{help}");
}

#[test]
fn the_linter_names_commands_that_exist() {
    let rules = lorecast(&["lint", "--rules", "--format", "json"]).stdout;
    for named in rules.split("`lorecast ").skip(1) {
        let named = named.split(|c: char| !c.is_alphabetic()).next().unwrap();
        assert!(COMMANDS.contains(&named), "`lorecast {named}`");
    }
}

#[test]
fn a_folder_without_a_show_gets_the_next_step() {
    let run = lorecast(&["config", "--show", "nowhere"]);
    assert_eq!(run.code, 2);
    assert_snapshot!(run.stderr.trim(), @"error: no show in `nowhere`: it has no `show.yaml`; run `lorecast init nowhere` to start one, or name another folder with `--show`");
}

#[test]
fn completions_and_manual_pages_are_made() {
    for shell in ["bash", "zsh", "fish"] {
        let made = lorecast(&["completions", shell]).stdout;
        let missing = COMMANDS.iter().find(|command| !made.contains(**command));
        assert_eq!(missing, None, "{shell}");
    }
    assert!(lorecast(&["man"]).stdout.starts_with(".ie"), "not a manual page");
    let folder = tempfile::tempdir().unwrap();
    show::done(folder.path(), &["man", "--to", "pages"]);
    for command in COMMANDS {
        let page = folder.path().join(format!("pages/lorecast-{command}.1"));
        let page = std::fs::read_to_string(&page).unwrap_or_default();
        assert!(page.contains("Example"), "the manual page of `{command}`: {page}");
    }
}

#[test]
fn colour_is_off_when_asked() {
    assert!(!lorecast(&["config", "--show", "nowhere"]).stderr.contains('\u{1b}'));
}
