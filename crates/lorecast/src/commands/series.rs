use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Change, Desk, Given, MergeView, PatchChange, PullView, RevisionView};
use lorecast_model::{Event, MessageId, Revision, State, Version, What};
use serde_json::json;

use crate::out::{self, Format, Harmless, count};
use crate::terminal::Bars;
use crate::{Exit, events};

/// Shows the revisions of a patch series: what changed, who vouches for it, and where it stands.
///
/// Of a pull request it shows what became of it, and what came with it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast series 20230406165339.1017597-1-shr@devkernel.io\n  lorecast series 20230406165339.1017597-1-shr@devkernel.io --interdiff --from 4"
)]
pub(crate) struct Series {
    /// The id of a cover letter or patch of any revision, or of a pull request.
    #[arg(value_parser = crate::ids::message_id)]
    id: MessageId,
    /// How its patches differ from those of the revision before.
    #[arg(long)]
    interdiff: bool,
    /// Compare with this version instead of the one before.
    #[arg(long, value_name = "VERSION", requires = "interdiff", value_parser = version)]
    from: Option<Version>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Series {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let reader = Desk::open(show, &Bars)?.read()?;
        if self.interdiff {
            let (before, after, changes) = reader.interdiff(&self.id, self.from)?;
            match self.format {
                Format::Text => interdiff(&before, &after, &changes)?,
                Format::Json => out::json(&json!({
                    "before": before.root,
                    "after": after.root,
                    "patches": changes,
                }))?,
            }
            return Ok(Exit::Done);
        }
        if let Some(view) = reader.pull(&self.id)? {
            match self.format {
                Format::Text => pull(&view)?,
                Format::Json => out::json(&view)?,
            }
            return Ok(Exit::Done);
        }
        let revisions = reader.series(&self.id)?;
        match self.format {
            Format::Text => text(&revisions)?,
            Format::Json => out::json(&revisions)?,
        }
        Ok(Exit::Done)
    }
}

/// Reads `4`, `v4` or `v5.1`.
fn version(text: &str) -> Result<Version, String> {
    let number = text.trim().trim_start_matches(['v', 'V']);
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    match (major.parse(), minor.parse()) {
        (Ok(major), Ok(minor)) => Ok(Version { major, minor }),
        _ => Err(format!("`{text}` is no version; write `4` or `v4`")),
    }
}

fn text(revisions: &[RevisionView]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for (at, view) in revisions.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let revision = &view.standing.revision;
        let day = revision.date.strftime("%Y-%m-%d");
        let (version, title) = (revision.version, &revision.title);
        let marks = [(revision.rfc, " RFC"), (revision.resend, " resent")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        writeln!(out, "{day}  v{version}{marks}  {title}  ({})", revision.author.called())?;
        writeln!(out, "    {}", revision.root)?;
        writeln!(out, "    {}; {}", patches(revision), state(view))?;
        if let (Some(previous), Some(tie)) = (&revision.previous, revision.tie) {
            let (how, sure) = (tie.name(), revision.confidence);
            writeln!(out, "    continues {previous} ({how}, {sure} % sure)")?;
        }
        for episode in &view.covered {
            writeln!(out, "    told in the episode of {episode}")?;
        }
        details(&mut out, view)?;
    }
    Ok(out.flush()?)
}

fn patches(revision: &Revision) -> String {
    let held = revision.patches.len() as u64;
    let mut text = format!("{held} of {}", count(revision.announced.into(), "patch", "patches"));
    let holes: Vec<String> = revision.holes().iter().map(u32::to_string).collect();
    if !holes.is_empty() {
        text.push_str(&format!(", missing {}", holes.join(", ")));
    }
    let replaced: Vec<String> = revision.replaced.iter().map(|p| p.number.to_string()).collect();
    if !replaced.is_empty() {
        text.push_str(&format!(", posted again {}", replaced.join(", ")));
    }
    text
}

fn state(view: &RevisionView) -> String {
    match &view.standing.revision.state {
        State::Superseded { by } => format!("{} by {by}", view.state()),
        _ => view.state(),
    }
}

fn details(out: &mut Harmless, view: &RevisionView) -> anyhow::Result<()> {
    // Who vouches is listed below, each with the patch.
    let told = |event: &&Event| !matches!(event.what, What::Answered | What::Vouched { .. });
    for line in events::lines(view.standing.events.iter().filter(told)) {
        writeln!(out, "    {line}")?;
    }
    let answered = view.standing.events.iter().filter(|e| e.what == What::Answered);
    let mut people: Vec<&str> = answered.map(|event| event.who.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    if !people.is_empty() {
        writeln!(out, "    answered by {}", people.join(", "))?;
    }
    let many = view.standing.revision.announced > 1;
    view.trailers.iter().try_for_each(|given| trailer(out, given, many, ""))?;
    let note = "; sent by another person, not counted";
    view.mismatches.iter().try_for_each(|given| trailer(out, given, many, note))?;
    for change in &view.changes {
        writeln!(out, "    changes:")?;
        change.lines().try_for_each(|line| writeln!(out, "      {line}"))?;
    }
    Ok(())
}

fn trailer(out: &mut Harmless, given: &Given, many: bool, note: &str) -> anyhow::Result<()> {
    let to = given.patch.filter(|_| many).map(|patch| format!(" to patch {patch}"));
    let to = to.unwrap_or_default();
    Ok(writeln!(out, "    {}: {}{to}{note}", given.key, given.value)?)
}

fn pull(view: &PullView) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let PullView { pull, events, merges } = view;
    let day = pull.date.strftime("%Y-%m-%d");
    writeln!(out, "{day}  pull request  {}  ({})", pull.title, pull.from.called())?;
    writeln!(out, "    {}", pull.id)?;
    let request = &pull.request;
    writeln!(out, "    from {} {}", request.url, request.reference.as_deref().unwrap_or("HEAD"))?;
    for line in events::lines(events.iter()) {
        writeln!(out, "    {line}")?;
    }
    for MergeView { holding, commits, patches } in merges {
        let (tree, id) = (&holding.tree, &holding.commit.as_str()[..12]);
        let brought = count(commits.len() as u64, "commit", "commits");
        let known = count(patches.len() as u64, "posted patch", "posted patches");
        let tag = holding.released.tag.as_ref().map(|tag| format!(", out in {tag}"));
        let tag = tag.unwrap_or_default();
        writeln!(out, "    merged into {tree} as {id}: {brought}, {known} among them{tag}")?;
    }
    Ok(out.flush()?)
}

fn interdiff(before: &Revision, after: &Revision, changes: &[PatchChange]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    writeln!(out, "from v{} {}", before.version, before.root)?;
    writeln!(out, "to   v{} {}", after.version, after.root)?;
    for change in changes {
        let number = |n: Option<u32>| n.map_or("-".to_owned(), |n| n.to_string());
        let word = match change.change {
            Change::Same => "the same",
            Change::Edited => "edited",
            Change::New => "new",
            Change::Dropped => "dropped",
            Change::TooLong => "edited, too long to show",
        };
        let (old, new) = (number(change.before), number(change.after));
        writeln!(out, "\n{old} -> {new}  {}: {word}", change.title)?;
        change.diff.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(out.flush()?)
}
