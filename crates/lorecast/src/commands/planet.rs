use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use lorecast_desk::{BlogNews, BlogReport, Desk, Gathering, PlanetReport};
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Gathers the blogs of `planet.yaml` into a page and feeds of it.
///
/// Each blog is asked politely: for what changed, one thing at a time, and not again within `every:`
/// minutes. What strangers wrote is cleaned: the pages load nothing from elsewhere. A blog that cannot be
/// read is told in a line and stops nothing.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  lorecast planet\n  lorecast planet import blogs.opml\n\nIn planet.yaml:\n  blogs:\n    - name: Ann Vogel\n      feed: https://ann.example/feed.xml"
)]
pub(crate) struct Planet {
    #[command(subcommand)]
    what: Option<What>,
    /// The published folder, `public` in the show when not given.
    #[arg(long, value_name = "DIR")]
    to: Option<Utf8PathBuf>,
    /// Ask also blogs that were asked a short while ago, and those that are gone.
    #[arg(long)]
    again: bool,
    /// Ask, keep nothing, and only list what would change: `+` new, `~` changed, `-` removed.
    #[arg(long)]
    dry_run: bool,
    /// How to print what was done.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum What {
    Import(Import),
}

/// Adds the blogs of an OPML file to `planet.yaml`; what stands there stays.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast planet import blogs.opml")]
struct Import {
    /// A list of blogs, as feed readers export it.
    file: Utf8PathBuf,
    /// How to print what was done.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Planet {
    pub(crate) fn run(&self, show: &Utf8Path, now: Timestamp) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        if let Some(What::Import(import)) = &self.what {
            return import.run(&desk);
        }
        let out = self.to.clone().unwrap_or_else(|| show.join("public"));
        let now = Timestamp::from_second(now.as_second())?;
        let how = Gathering { now, again: self.again, dry_run: self.dry_run };
        let report = desk.gather(&out, how)?;
        match self.format {
            Format::Text => text(&report, self.dry_run)?,
            Format::Json => json(&report)?,
        }
        Ok(Exit::Done)
    }
}

impl Import {
    fn run(&self, desk: &Desk) -> anyhow::Result<Exit> {
        let done = desk.import_blogs(&self.file)?;
        if self.format == Format::Json {
            let (added, known, unfit) = (done.added, done.known, done.unfit);
            out::json(&json!({ "added": added, "known": known, "unfit": unfit }))?;
            return Ok(Exit::Done);
        }
        let mut out = out::stdout();
        let added = count(done.added as u64, "blog", "blogs");
        writeln!(out, "{added} added to planet.yaml, {} there already", done.known)?;
        if done.unfit > 0 {
            let entries = count(done.unfit as u64, "entry", "entries");
            terminal::note(&format!("{entries} left out: the feed is no address in the web"));
        }
        out.flush()?;
        Ok(Exit::Done)
    }
}

fn text(report: &PlanetReport, dry_run: bool) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for blog in &report.blogs {
        writeln!(out, "{}", line(blog))?;
        blog.notes.iter().for_each(|note| terminal::note(&format!("{}: {note}", blog.name)));
    }
    if dry_run {
        for file in report.files.iter().filter(|file| file.changed) {
            writeln!(out, "{} {}", if file.new { '+' } else { '~' }, file.path)?;
        }
        for path in &report.removed {
            writeln!(out, "- {path}")?;
        }
    }
    let posts = count(report.posts as u64, "post", "posts");
    let blogs = count(report.blogs.len() as u64, "blog", "blogs");
    let changed = report.files.iter().filter(|file| file.changed).count() as u64;
    let files = count(changed, "file", "files");
    let would = if dry_run { "would be " } else { "" };
    writeln!(out, "{posts} of {blogs} in {}/planet: {files} {would}changed", report.out)?;
    Ok(out.flush()?)
}

fn line(blog: &BlogReport) -> String {
    let BlogReport { name, feed, news, .. } = blog;
    match news {
        BlogNews::Read { new: 0 } | BlogNews::Unchanged => format!("{name}: nothing new"),
        BlogNews::Read { new } => {
            format!("{name}: {}", count(*new as u64, "new post", "new posts"))
        }
        BlogNews::Rests { until } => format!("{name}: left alone until {until}"),
        BlogNews::Gone => {
            format!("{name}: gone for good (410); take `{feed}` out of planet.yaml")
        }
        BlogNews::Failed(why) => format!("{name}: `{feed}` {why}"),
    }
}

fn json(report: &PlanetReport) -> anyhow::Result<()> {
    let paths = |new: bool| {
        let files = report.files.iter().filter(move |file| file.changed && file.new == new);
        files.map(|file| &file.path).collect::<Vec<_>>()
    };
    out::json(&json!({
        "out": report.out,
        "posts": report.posts,
        "blogs": report.blogs.iter().map(described).collect::<Vec<_>>(),
        "added": paths(true),
        "updated": paths(false),
        "removed": report.removed,
    }))
}

fn described(blog: &BlogReport) -> serde_json::Value {
    let (news, more) = match &blog.news {
        BlogNews::Read { new } => ("read", json!({ "new": new })),
        BlogNews::Unchanged => ("unchanged", json!({})),
        BlogNews::Rests { until } => ("rests", json!({ "until": until })),
        BlogNews::Gone => ("gone", json!({})),
        BlogNews::Failed(why) => ("failed", json!({ "why": why })),
    };
    let mut all = json!({
        "name": blog.name, "feed": blog.feed, "news": news, "notes": blog.notes,
    });
    if let (Some(all), Some(more)) = (all.as_object_mut(), more.as_object()) {
        all.extend(more.clone());
    }
    all
}
