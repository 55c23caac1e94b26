use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::Desk;
use lorecast_desk::lint::{Context, Ear, OwnSite, Rule, StudioEar, subject, table};
use lorecast_model::{Finding, Severity};
use serde_json::json;

use crate::out::{self, Format, count};
use crate::terminal::Bars;
use crate::{Exit, terminal};

/// Checks a site and its feed, ours or another's.
///
/// Sound, pictures, chapters and transcripts are opened, not believed. Exit code 1 when a MUST is
/// broken; what only should be so does not count.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lorecast lint public --format json\n  \
    lorecast lint feed.xml\n  lorecast lint https://pod.example/feed.xml")]
pub(crate) struct Lint {
    /// A built site, the file of a feed, or the address of one; `public` in the show when not given.
    what: Option<Utf8PathBuf>,
    /// An earlier build of the same site, or its feed: what must not change is compared.
    #[arg(long, value_name = "PATH")]
    earlier: Option<Utf8PathBuf>,
    /// The first address that the feed ever had, when it moved.
    #[arg(long, value_name = "URL")]
    first_address: Option<String>,
    /// Leaves sound undecoded.
    #[arg(long)]
    quick: bool,
    /// Prints the rules, and checks nothing.
    #[arg(long)]
    rules: bool,
    /// How to print the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Lint {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        if self.rules {
            self.print_rules()?;
            return Ok(Exit::Done);
        }
        let what = self.what.clone().unwrap_or_else(|| show.join("public"));
        let findings = self.findings(&what, show)?;
        print(&findings, self.format)?;
        let (errors, told) = counted(&findings);
        terminal::say(&format!("{what}: {told}"));
        Ok(if errors == 0 { Exit::Done } else { Exit::Findings })
    }

    fn findings(&self, what: &Utf8Path, show: &Utf8Path) -> anyhow::Result<Vec<Finding>> {
        let own = match is_own(what, show) {
            true => Desk::open(show, &Bars)?.own_site()?,
            false => OwnSite::default(),
        };
        let context = Context {
            now: Some(Timestamp::now()),
            earlier: self.earlier.as_deref(),
            show: Some(show),
            first_address: self.first_address.as_deref(),
            ear: (!self.quick).then_some(&StudioEar as &dyn Ear),
            guid: own.guid.as_deref(),
            elsewhere: &own.elsewhere,
            ..Context::default()
        };
        Ok(Desk::lint(&subject(what), &context, &Bars)?)
    }

    fn print_rules(&self) -> anyhow::Result<()> {
        if self.format == Format::Json {
            return out::json(&table().map(described).collect::<Vec<_>>());
        }
        let mut out = out::stdout();
        for rule in table() {
            let Rule { id, level, source, says, .. } = rule;
            writeln!(out, "{id:<7} {level:<6} {says} [{source}]")?;
        }
        Ok(out.flush()?)
    }
}

/// Whether a folder is the site of a show: `public` in it.
fn is_own(what: &Utf8Path, show: &Utf8Path) -> bool {
    let same = || Some(what.canonicalize().ok()? == show.join("public").canonicalize().ok()?);
    show.join("show.yaml").is_file() && same().unwrap_or(false)
}

/// Prints what was found.
pub(super) fn print(findings: &[Finding], format: Format) -> anyhow::Result<()> {
    match format {
        Format::Text => text(findings),
        Format::Json => json(findings),
    }
}

/// How many errors there are, and the same in words with the warnings.
pub(super) fn counted(findings: &[Finding]) -> (u64, String) {
    let errors = findings.iter().filter(|f| f.severity == Severity::Error).count() as u64;
    let warnings = findings.len() as u64 - errors;
    let (one, other) = (count(errors, "error", "errors"), count(warnings, "warning", "warnings"));
    (errors, format!("{one}, {other}"))
}

fn described(rule: &Rule) -> serde_json::Value {
    json!({
        "rule": rule.id,
        "level": rule.level.to_string(),
        "source": rule.source.to_string(),
        "evidence": rule.evidence.to_string(),
        "says": rule.says,
        "hint": rule.next,
    })
}

/// The rule of a finding.
fn rule_of(finding: &Finding) -> Option<&'static Rule> {
    table().find(|rule| rule.id == finding.rule)
}

fn json(findings: &[Finding]) -> anyhow::Result<()> {
    let findings: Result<Vec<_>, _> = findings
        .iter()
        .map(|finding| {
            let mut value = serde_json::to_value(finding)?;
            if let (Some(object), Some(rule)) = (value.as_object_mut(), rule_of(finding)) {
                object.insert("level".into(), rule.level.to_string().into());
                object.insert("source".into(), rule.source.to_string().into());
            }
            Ok::<_, serde_json::Error>(value)
        })
        .collect();
    out::json(&findings?)
}

fn text(findings: &[Finding]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let Finding { place, rule, message, hint, .. } = finding;
        let column = finding.at.map(|at| format!(":{}", at.column)).unwrap_or_default();
        let level = rule_of(finding).map(|r| format!(" {}, {}", r.level, r.source));
        let level = level.unwrap_or_default();
        writeln!(out, "{severity}: {place}{column}: {message} [{rule}{level}]\n  next: {hint}")?;
    }
    Ok(out.flush()?)
}
