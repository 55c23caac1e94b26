//! A complete show from sample material of our own, to see the whole road at once.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use include_dir::{Dir, include_dir};
use jiff::{Timestamp, ToSpan};
use lorecast_archive::{Hints, Item};
use lorecast_model::{EpisodeId, Window};

use crate::lint::{Context, Subject};
use crate::{Decisions, Desk, DeskError, Drafting, Mastering, Progress, Publishing, Result};

/// Mails and takes of the third week.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample/mail");
static TAKES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample/takes");
/// The repository's root is a show: the demo's, with two earlier episodes.
static EPISODES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../episodes");
const SHOW: &str = include_str!("../../../show.yaml");
const JINGLE: &[u8] = include_bytes!("../../../sounds/jingle.flac");

/// The week that the demo drafts, and the evening on which it is published.
const WEEK: &str = "2025-06-22";
const PUBLISHED: &str = "2025-06-23T18:00:00Z";

/// What the demo made.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The show's folder.
    pub root: Utf8PathBuf,
    /// The episode that it drafted.
    pub episode: EpisodeId,
    /// The steps in order.
    pub steps: Vec<DemoStep>,
}

/// One step of the demo.
#[derive(Clone, Debug)]
pub struct DemoStep {
    /// The command that does the same by hand.
    pub command: String,
    /// What came of it, in a line.
    pub result: String,
    /// How long it took.
    pub took: Duration,
}

/// Runs steps and times them; `now` is read by whoever calls, never here.
struct Run<'a> {
    clock: &'a dyn Fn() -> Duration,
    steps: Vec<DemoStep>,
}

impl Run<'_> {
    fn step(&mut self, command: String, work: impl FnOnce() -> Result<String>) -> Result<()> {
        let start = (self.clock)();
        let result = work()?;
        self.steps.push(DemoStep { command, result, took: (self.clock)().saturating_sub(start) });
        Ok(())
    }
}

impl Demo {
    /// Makes a complete show in an empty or new folder: mail, an episode, its sound, site and feed.
    /// `clock` is any clock that runs forward; it only times the steps.
    ///
    /// # Errors
    /// When the folder is in use, or a step fails.
    pub fn make(
        root: &Utf8Path,
        progress: &dyn Progress,
        clock: &dyn Fn() -> Duration,
    ) -> Result<Self> {
        let id = EpisodeId::new(WEEK).map_err(|error| sample_error(root, &error))?;
        let now: Timestamp = PUBLISHED.parse().map_err(|error| sample_error(root, &error))?;
        let mut run = Run { clock, steps: Vec::new() };
        run.step(format!("lorecast init {root}"), || lay_out(root))?;
        let desk = Desk::open(root, progress)?;
        run.step("lorecast ingest".to_owned(), || {
            let report = desk.sync()?;
            let new: u64 = report.sources.iter().map(|source| source.new).sum();
            let stats = desk.read()?.stats()?;
            Ok(format!(
                "{new} messages in {} threads, {} revisions of series, {} messages with defects",
                stats.threads, stats.revisions, stats.defective
            ))
        })?;
        run.step(format!("lorecast draft --week {id}"), || {
            let how = Drafting { assist: false, today: id.0.saturating_add(1.day()) };
            let report = desk.draft(id, Window::week_ending(id), &Decisions::default(), how)?;
            copy(&TAKES, &root.join("episodes").join(WEEK).join("takes"))?;
            Ok(format!("{} stories in {} words", report.stories, report.words))
        })?;
        for dir in desk.dir.episodes()? {
            run.step(format!("lorecast master {}", dir.id()), || {
                let master = desk.master(dir.id(), &Mastering::default())?.master;
                Ok(format!(
                    "{} at {:.1} LUFS, true peak {:.1} dBTP, {} chapters",
                    master.length,
                    master.loudness.0,
                    master.true_peak.0,
                    master.chapters.len()
                ))
            })?;
        }
        let public = root.join("public");
        run.step("lorecast publish".to_owned(), || {
            let report = desk.publish(&public, &Publishing::at(now))?;
            Ok(format!("{} episodes, {} files", report.episodes.len(), report.files.len()))
        })?;
        run.step("lorecast lint".to_owned(), || {
            match Desk::lint(&Subject::Folder(&public), &Context::default(), desk.progress)?.len() {
                0 => Ok("nothing to complain about".to_owned()),
                n => Ok(format!("{n} findings; `lorecast lint` shows them")),
            }
        })?;
        Ok(Self { root: root.to_owned(), episode: id, steps: run.steps })
    }
}

/// The show as a producer would have it on the evening: earlier episodes, archives, no draft.
fn lay_out(root: &Utf8Path) -> Result<String> {
    let in_use = root.read_dir_utf8().is_ok_and(|mut entries| entries.next().is_some());
    if in_use {
        return Err(DeskError::NotEmpty { dir: root.to_owned() });
    }
    copy(&EPISODES, &root.join("episodes"))?;
    write(&root.join("cover.png"), lorecast_show::COVER)?;
    write(&root.join("sounds/jingle.flac"), JINGLE)?;
    let archives = root.join("archives");
    build_epoch(&archives.join("linux-kernel.lists.kernel.example.git"))?;
    write(&archives.join("lists.mboxrd"), sample("lists.mboxrd")?)?;
    write(&root.join("show.yaml"), SHOW.as_bytes())?;
    Ok("a show with two earlier episodes, a git inbox and an mbox".to_owned())
}

/// A public-inbox v2 epoch, as a mirror of lore would hold it.
fn build_epoch(repo: &Utf8Path) -> Result<()> {
    let fail = |error: &dyn std::fmt::Display| sample_error(repo, error);
    let folder = tempfile::tempdir().map_err(|error| fail(&error))?;
    let mbox = Utf8PathBuf::from_path_buf(folder.path().join("kernel.mboxrd"))
        .map_err(|path| fail(&path.display()))?;
    write(&mbox, sample("kernel.mboxrd")?)?;
    let mut mails = Vec::new();
    for archive in lorecast_archive::discover(&mbox, &Hints::default())? {
        for item in archive.read(None)? {
            let Item::Mail(mail) = item? else { continue };
            mails.push((mail.bytes, mail.received.unwrap_or(Timestamp::UNIX_EPOCH)));
        }
    }
    let mails = mails.iter().map(|(bytes, received)| (bytes.as_slice(), *received));
    lorecast_archive::epoch::append(repo, mails)?;
    Ok(())
}

fn sample(name: &str) -> Result<&'static [u8]> {
    let file = SAMPLE.get_file(name);
    file.map(include_dir::File::contents)
        .ok_or_else(|| sample_error(Utf8Path::new(name), &"it is not compiled in"))
}

fn copy(dir: &Dir<'_>, to: &Utf8Path) -> Result<()> {
    for file in dir.files() {
        if let Some(path) = file.path().to_str() {
            write(&to.join(path), file.contents())?;
        }
    }
    dir.dirs().try_for_each(|dir| copy(dir, to))
}

fn write(path: &Utf8Path, bytes: &[u8]) -> Result<()> {
    Ok(lorecast_show::write_atomically(path, bytes)?)
}

fn sample_error(path: &Utf8Path, error: &dyn std::fmt::Display) -> DeskError {
    DeskError::Sample { path: path.to_owned(), message: error.to_string() }
}
