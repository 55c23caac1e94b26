use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::{Deliver, Delivered, Desk, DeskError, PublishReport, Publishing, is_storage};
use lorecast_model::Finding;
use serde_json::json;

use super::lint;
use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Builds the site and the feed of all mastered episodes.
///
/// An episode keeps the guid, the date and the address that it was first published with for ever.
/// Equal input gives equal files, byte for byte. The new site takes the place of the old one at once, or
/// not at all. One that breaks a MUST of `lorecast lint` stays where it is: exit code 1.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lorecast publish --to public && lorecast lint\n  \
    lorecast publish --at 2023-04-17T18:00:00Z --dry-run\n  \
    lorecast publish --to s3://my-bucket/show      keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY")]
pub(crate) struct Publish {
    /// The folder to build, `public` in the show when not given; or storage that it is carried to from
    /// there, as `s3://bucket/folder`. Without it, the site goes where `deliver:` in show.yaml says.
    #[arg(long, value_name = "DIR|URL")]
    to: Option<String>,
    /// The date of episodes that are published for the first time, such as 2023-04-17T18:00:00Z; now when
    /// not given. An episode with a date to come is left out until then.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Only list what would change: `+` new, `~` changed, `-` removed.
    #[arg(long)]
    dry_run: bool,
    /// Change what listeners were promised (guid, date, address, sound), for this reason; it is kept in
    /// `published.yaml`.
    #[arg(long, value_name = "REASON")]
    supersede: Option<String>,
    /// Publish a site that breaks a MUST of `lorecast lint` all the same.
    #[arg(long)]
    despite_lint: bool,
    /// How to print what was done, or what keeps the site from going out.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Publish {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let public = show.join("public");
        let (out, deliver) = match &self.to {
            None => (public, Deliver::AsSet),
            Some(to) if is_storage(to) => (public, Deliver::To(to.clone())),
            Some(to) => (Utf8PathBuf::from(to), Deliver::No),
        };
        let how = Publishing {
            now: whole_second(),
            at: self.at,
            supersede: self.supersede.clone(),
            despite_lint: self.despite_lint,
            dry_run: self.dry_run,
            deliver,
        };
        let report = match Desk::open(show, &Bars)?.publish(&out, &how) {
            Err(DeskError::Unfit { findings, kept }) => {
                return self.refused(&findings, kept.as_deref());
            }
            done => done?,
        };
        for id in &report.unmastered {
            terminal::note(&format!(
                "episode {id} is left out until `lorecast master {id}` has made its sound"
            ));
        }
        for (id, date) in &report.scheduled {
            terminal::note(&format!(
                "episode {id} is scheduled: the first `lorecast publish` after {date} brings it out"
            ));
        }
        report.notices.iter().for_each(|notice| terminal::note(notice));
        if !report.findings.is_empty() {
            let (_, told) = lint::counted(&report.findings);
            terminal::note(&format!(
                "the site has {told}: `lorecast lint {}` tells them",
                report.out
            ));
        }
        match self.format {
            Format::Text => text(&report, self.dry_run)?,
            Format::Json => json(&report)?,
        }
        Ok(Exit::Done)
    }

    fn refused(&self, findings: &[Finding], kept: Option<&Utf8Path>) -> anyhow::Result<Exit> {
        lint::print(findings, self.format)?;
        let (_, told) = lint::counted(findings);
        terminal::say(&format!(
            "nothing was published: {told}; correct them, or publish with `--despite-lint`"
        ));
        if let Some(kept) = kept {
            terminal::note(&format!("the site that was refused can be looked at in `{kept}`"));
        }
        Ok(Exit::Findings)
    }
}

/// Feeds have no fractions of a second.
fn whole_second() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn text(report: &PublishReport, dry_run: bool) -> anyhow::Result<()> {
    let mut out = out::stdout();
    if dry_run {
        for file in report.files.iter().filter(|file| file.changed) {
            writeln!(out, "{} {}", if file.new { '+' } else { '~' }, file.path)?;
        }
        for path in &report.removed {
            writeln!(out, "- {path}")?;
        }
    }
    let episodes = count(report.episodes.len() as u64, "episode", "episodes");
    let files = count(report.files.len() as u64, "file", "files");
    let would = if dry_run { "would be " } else { "" };
    writeln!(out, "{episodes} in {}: {files}, {} {would}changed", report.out, report.changed())?;
    if let Some(delivered) = &report.delivered {
        text_of(delivered, dry_run, &mut out)?;
    }
    Ok(out.flush()?)
}

/// What went to storage.
fn text_of(delivered: &Delivered, dry_run: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let Delivered { to, what } = delivered;
    let sent = what.files.iter().filter(|file| file.changed);
    if dry_run {
        for file in sent.clone() {
            writeln!(out, "{} {to}/{}", if file.new { '+' } else { '~' }, file.path)?;
        }
        for path in &what.removed {
            writeln!(out, "- {to}/{path}")?;
        }
    }
    let (number, bytes) = (sent.clone().count() as u64, sent.map(|file| file.bytes).sum::<u64>());
    let sent = if dry_run { "would be sent" } else { "sent" };
    let files = count(number, "file", "files");
    let removed = what.removed.len();
    writeln!(out, "{to}: {files} {sent} ({:.1} MB), {removed} removed", bytes as f64 / 1e6)?;
    Ok(())
}

fn json(report: &PublishReport) -> anyhow::Result<()> {
    let paths = |new: bool| {
        let files = report.files.iter().filter(move |file| file.changed && file.new == new);
        files.map(|file| &file.path).collect::<Vec<_>>()
    };
    let scheduled = report.scheduled.iter().map(|(id, date)| json!({ "id": id, "date": date }));
    out::json(&json!({
        "out": report.out,
        "episodes": report.episodes,
        "unmastered": report.unmastered,
        "scheduled": scheduled.collect::<Vec<_>>(),
        "files": report.files.len(),
        "changed": report.changed(),
        "added": paths(true),
        "updated": paths(false),
        "removed": report.removed,
        "notices": report.notices,
        "findings": report.findings,
        "delivered": report.delivered.as_ref().map(|delivered| json!({
            "to": delivered.to,
            "sent": sent(delivered),
            "removed": delivered.what.removed,
        })),
    }))
}

fn sent(delivered: &Delivered) -> Vec<&Utf8Path> {
    let sent = delivered.what.files.iter().filter(|file| file.changed);
    sent.map(|file| file.path.as_path()).collect()
}
