//! The lint is silent about a site without faults, and finds each fault by its rule.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod faults;
mod hostile;
mod server;
mod web;
mod world;

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use camino::Utf8Path;
use faults::Fault;
use lorecast_model::Finding;
use lorecast_publisher::lint::{self, Ear, Evidence, Heard, Level, Rule, table};
use lorecast_publisher::{Context, Subject};
use tempfile::TempDir;
use world::Files;

/// What the lint says of files, a while after the newest episode, with the script at hand.
fn findings(files: &Files, later: bool, decoded: bool) -> Vec<Finding> {
    let folder = TempDir::new().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap();
    let (site, show, earlier) = (root.join("site"), root.join("show"), root.join("earlier"));
    fs::create_dir_all(show.join("episodes/two")).unwrap();
    fs::write(show.join("episodes/two/script.md"), SCRIPT).unwrap();
    world::write(files, &site);
    if later {
        world::write(&world::clean(), &earlier);
    }
    let context = Context {
        now: Some("2023-05-01T00:00:00Z".parse().unwrap()),
        earlier: later.then_some(earlier.as_path()),
        show: Some(&show),
        ear: decoded.then_some(&Studio as &dyn Ear),
        ..Context::default()
    };
    lint::lint(&Subject::Folder(&site), &context).unwrap()
}

/// The ear that the command line has.
#[derive(Debug)]
struct Studio;

impl Ear for Studio {
    fn hear(&self, file: &Utf8Path) -> Result<Heard, String> {
        let heard = lorecast_studio::measure(file).map_err(|error| error.to_string())?;
        let (loudness, true_peak) = (heard.loudness, heard.true_peak);
        Ok(Heard { length: heard.info.length, loudness, true_peak })
    }
}

const SCRIPT: &str = "# Rings\n\nHello and welcome. A ring is a queue & more. (pause) Goodbye.\n";

fn told(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("  {} {}: {}\n", f.rule, f.place, f.message)).collect()
}

#[test]
fn a_site_without_faults_has_no_findings() {
    assert_eq!(told(&findings(&world::clean(), false, true)), "");
    assert_eq!(told(&findings(&world::clean(), true, true)), "");
}

/// What is not as it should be when a fault is looked for.
fn missed(fault: &Fault) -> Option<String> {
    let mut files = world::clean();
    (fault.change)(&mut files);
    let rule = table().find(|rule| rule.id == fault.rule).unwrap();
    // Decoding takes longer than all the rest.
    let found = findings(&files, fault.later, rule.evidence == Evidence::Media);
    let rules: BTreeSet<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    let expected = |rule: &str| rule == fault.rule || fault.also.contains(&rule);
    let alone = rules.iter().all(|rule| expected(rule));
    (!rules.contains(fault.rule) || !alone).then(|| format!("{}:\n{}", fault.rule, told(&found)))
}

#[test]
fn every_fault_is_found_by_its_rule_and_no_other() {
    let faults = faults::all();
    let (one, other) = faults.split_at(faults.len() / 2);
    let look = |faults: &[Fault]| faults.iter().filter_map(missed).collect::<Vec<String>>();
    let wrong = thread::scope(|scope| {
        let other = scope.spawn(|| look(other));
        [look(one), other.join().unwrap()].concat()
    });
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// What only a server can do wrong; `web.rs` has a test for each.
const OF_SERVERS: &[&str] =
    &["HT-02", "HT-03", "HT-04", "HT-05", "HT-06", "HT-07", "HT-08", "HT-10", "HT-12", "HT-15"];

#[test]
fn every_rule_has_a_fault() {
    let covered: BTreeSet<&str> = faults::all().iter().map(|fault| fault.rule).collect();
    let missing: Vec<&str> = table()
        .map(|rule| rule.id)
        .filter(|id| !covered.contains(id) && !OF_SERVERS.contains(id))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_table_is_complete_and_in_words() {
    let rules: Vec<&Rule> = table().collect();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!((rules.len(), ids.len()), (217, 217));
    let count = |level| rules.iter().filter(|rule| rule.level == level).count();
    assert_eq!([Level::Must, Level::Should, Level::House].map(count), [119, 85, 13]);
    for rule in rules {
        assert!(rule.says.ends_with('.') && !rule.next.ends_with('.'), "{}", rule.id);
    }
}

/// The table of rules as `docs/lint.md` has it.
fn documented() -> String {
    let head = "| rule | level | source | what must be so | what to do |\n|---|---|---|---|---|\n";
    let rows = table().map(|rule| {
        let Rule { id, level, source, says, next, .. } = rule;
        format!("| {id} | {level} | {source} | {says} | {next} |\n")
    });
    head.to_owned() + &rows.collect::<String>()
}

/// `LORECAST_WRITE_DOCS=1` writes the table anew.
#[test]
fn the_document_has_every_rule() {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lint.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("| rule |").unwrap();
    let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
    let right =
        format!("{before}{}{}{after}", documented(), if after.is_empty() { "" } else { "\n" });
    if std::env::var_os("LORECAST_WRITE_DOCS").is_some() {
        return fs::write(&path, &right).unwrap();
    }
    assert!(text == right, "docs/lint.md has other rules: write it with LORECAST_WRITE_DOCS=1");
}
