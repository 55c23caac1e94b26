//! Measures how well commits are recognised as posted patches, beside what equal patch ids say on
//! the same input; `tests/parity/landings.sh` runs it.
//!
//!     landings tip TRUTH.tsv ARCHIVE…              commits from the mails that tip-bot2 sent
//!     landings tree TRUTH.tsv REPOSITORY ARCHIVE…  commits of a git repository
//!
//! With `--misses` it lists what is wrong, and with `--hidden` no commit names any mail. With
//! `--absent` the posted patches of the truth, and all with their titles or patch ids, are taken out
//! first: whatever is still claimed for its commits is an earlier revision under another title, or
//! wrong.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::error::Error;
use std::process::Command;
use std::time::Instant;

use camino::Utf8Path;
use jiff::Timestamp;
use lorecast_archive::{Hints, Item, discover};
use lorecast_mail::{Arrival, parse, patch_id};
use lorecast_model::{Commit, CommitId, Mailbox, MessageId, PatchId};
use lorecast_tracker::landings::{Found, Index, PostedPatch, Seen, commit_of_notice, land};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A commit with the mail that it is said to be by something beside its message.
type Told = (Commit, Option<MessageId>);

fn main() -> Result<()> {
    let (options, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let has = |option: &str| options.iter().any(|given| given == option);
    let (misses, hidden) = (has("--misses"), has("--hidden"));
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["tip", truth, archives @ ..] => {
            let mut mails = Mails::read(archives)?;
            let commits = std::mem::take(&mut mails.notices);
            if has("--absent") {
                mails.remove(&rows(truth)?, &commits);
            }
            Measure::new(mails, commits, hidden).tip(&rows(truth)?, misses);
        }
        ["tree", truth, repository, archives @ ..] => {
            let mut mails = Mails::read(archives)?;
            let commits = commits(repository)?;
            if has("--absent") {
                mails.remove(&rows(truth)?, &commits);
            }
            Measure::new(mails, commits, hidden).tree(&rows(truth)?, misses);
        }
        _ => return Err("landings tip|tree TRUTH [REPOSITORY] ARCHIVE…".into()),
    }
    Ok(())
}

/// The lines of a truth, as cells.
fn rows(path: &str) -> Result<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("`{path}`: {error}"))?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// What the archives hold.
#[derive(Default)]
struct Mails {
    posts: Vec<PostedPatch>,
    /// The patch ids of all mails with a diff, for the peer's rule.
    ids: HashMap<MessageId, PatchId>,
    notices: Vec<Told>,
}

impl Mails {
    fn read(archives: &[&str]) -> Result<Self> {
        let mut mails = Self::default();
        let mut seen = HashSet::new();
        let (mut count, mut spent) = (0_u32, 0.0);
        for path in archives {
            for archive in discover(Utf8Path::new(path), &Hints::default())? {
                for item in archive.read(None)? {
                    let Item::Mail(raw) = item? else { continue };
                    let arrival = Arrival { list: raw.list, received: raw.received };
                    let message = parse(&raw.bytes, &arrival);
                    if !seen.insert((message.header.id.clone(), message.content)) {
                        continue;
                    }
                    count += 1;
                    let start = Instant::now();
                    let post = PostedPatch::read(&message);
                    let notice = commit_of_notice(&message);
                    spent += start.elapsed().as_secs_f64();
                    if let Some(notice) = notice {
                        mails.notices.push((notice.commit, notice.answers));
                    } else if let Some(id) = patch_id(&message.diff) {
                        mails.ids.insert(message.header.id.clone(), id);
                    }
                    mails.posts.extend(post);
                }
            }
        }
        let speed = f64::from(count) / spent;
        eprintln!("{count} mails, {} patches, read at {speed:.0} mails/s", mails.posts.len());
        Ok(mails)
    }
}

impl Mails {
    /// Takes out the patches that are some commit of the truth, as far as ids and titles tell.
    fn remove(&mut self, rows: &[Vec<String>], commits: &[Told]) {
        let named: HashSet<&str> = rows.iter().flat_map(|row| [&*row[0], &*row[1]]).collect();
        let of_truth = || commits.iter().filter(|(commit, _)| named.contains(commit.id.as_str()));
        let titles: HashSet<String> =
            of_truth().map(|(commit, _)| commit.title().to_lowercase()).collect();
        let ids: HashSet<PatchId> =
            of_truth().flat_map(|(commit, _)| &commit.diffs).filter_map(|d| patch_id(d)).collect();
        self.posts.retain(|post| {
            let same = post.print.patch_id().is_some_and(|id| ids.contains(&id));
            !(same
                || named.contains(post.id.as_str())
                || titles.contains(&post.title.to_lowercase()))
        });
    }
}

/// The commits of a repository, with diffs as git makes them under several settings.
fn commits(repository: &str) -> Result<Vec<Told>> {
    const SETTINGS: [&[&str]; 4] =
        [&[], &["--no-renames"], &["--diff-algorithm=histogram"], &["--diff-algorithm=patience"]];
    let mut all: Vec<Commit> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for setting in SETTINGS {
        let format = "--format=%x01%H%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x00";
        let output = Command::new("git")
            .args(["-c", "core.quotePath=true", "-C", repository, "log", "--all", "-p", "--binary"])
            .args(["--full-index", format])
            .args(setting)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        for record in text.split('\u{1}').skip(1) {
            let cells: Vec<&str> = record.splitn(10, '\0').collect();
            let [id, parents, name, email, at, by, by_email, when, message, diff] = cells[..]
            else {
                continue;
            };
            let diff = diff.trim_start().to_owned();
            if let Some(&place) = places.get(id) {
                let commit: &mut Commit = &mut all[place];
                if !commit.diffs.contains(&diff) && !commit.is_merge() {
                    commit.diffs.push(diff);
                }
                continue;
            }
            let person = |name: &str, email: &str| Mailbox {
                name: name.to_owned(),
                email: email.to_owned(),
            };
            let date =
                |text: &str| -> Result<Timestamp> { Ok(Timestamp::from_second(text.parse()?)?) };
            places.insert(id.to_owned(), all.len());
            all.push(Commit {
                id: CommitId::new(id)?,
                parents: parents.split(' ').filter_map(|id| CommitId::new(id).ok()).collect(),
                author: person(name, email),
                authored: date(at)?,
                committer: person(by, by_email),
                committed: date(when)?,
                message: message.to_owned(),
                diffs: if diff.is_empty() { Vec::new() } else { vec![diff] },
            });
        }
    }
    Ok(all.into_iter().map(|commit| (commit, None)).collect())
}

/// Without the lines that name a mail.
fn without_names(message: &str) -> String {
    let names = |line: &str| line.contains("://") || line.to_lowercase().starts_with("message-id");
    message.lines().filter(|line| !names(line)).map(|line| format!("{line}\n")).collect()
}

struct Measure {
    mails: Mails,
    titles: HashMap<MessageId, String>,
    /// What we found for each commit, and what the peer's rule finds.
    ours: BTreeMap<CommitId, Vec<Found>>,
    peers: BTreeMap<CommitId, Vec<MessageId>>,
    commits: BTreeMap<CommitId, Commit>,
}

impl Measure {
    fn new(mut mails: Mails, commits: Vec<Told>, hidden: bool) -> Self {
        let titles = mails.posts.iter().map(|p| (p.id.clone(), p.title.clone())).collect();
        let mut index = Index::default();
        mails.posts.drain(..).for_each(|post| index.insert(post));
        let mut by_id: HashMap<PatchId, Vec<MessageId>> = HashMap::new();
        for (message, id) in &mails.ids {
            by_id.entry(*id).or_default().push(message.clone());
        }
        let (mut ours, mut peers, mut kept) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut spent = Vec::new();
        for (mut commit, answers) in commits {
            if hidden {
                commit.message = without_names(&commit.message);
            }
            let mut seen = Seen::read(&commit);
            if let Some(answers) = answers.filter(|_| !hidden) {
                seen = seen.naming(answers);
            }
            let start = Instant::now();
            ours.insert(commit.id.clone(), land(&seen, &index));
            spent.push(start.elapsed().as_secs_f64() * 1e3);
            let id = commit.diffs.first().and_then(|diff| patch_id(diff));
            let peer = id.and_then(|id| by_id.get(&id)).cloned().unwrap_or_default();
            peers.insert(commit.id.clone(), peer);
            kept.insert(commit.id.clone(), commit);
        }
        spent.sort_by(f64::total_cmp);
        let mean = spent.iter().sum::<f64>() / spent.len().max(1) as f64;
        let median = spent.get(spent.len() / 2).copied().unwrap_or_default();
        eprintln!(
            "{} commits beside {} patches: mean {mean:.3} ms, median {median:.3} ms",
            spent.len(),
            index.len()
        );
        Self { mails, titles, ours, peers, commits: kept }
    }

    /// Each row is a commit and the mail that it links to.
    fn tip(&self, rows: &[Vec<String>], misses: bool) {
        let rows: Vec<(MessageId, CommitId, bool)> = rows
            .iter()
            .filter_map(|row| Some((id(&row[0])?, commit(&row[1])?, row[3] == "link")))
            .collect();
        let truth: BTreeMap<&CommitId, &MessageId> = rows
            .iter()
            .filter(|(_, commit, confirmed)| *confirmed && self.commits.contains_key(commit))
            .map(|(mail, commit, _)| (commit, mail))
            .collect();
        let peer = |commit: &CommitId| self.peers[commit].first().cloned();
        let gone = rows.iter().filter(|row| !self.commits.contains_key(&row.1)).count();
        println!("tip: {} rows; of {gone} the archives lack the notice", rows.len());
        let (mut found, mut exact, mut claimed, mut good) = ([0; 2], [0; 2], [0; 2], [0; 2]);
        for (commit, mail) in &truth {
            let ours = self.ours.get(*commit).and_then(|found| found.first());
            let theirs = peer(commit);
            let answers = [ours.map(|found| found.message.clone()), theirs];
            let peers = &self.peers[*commit];
            for (at, answer) in answers.iter().enumerate() {
                let hit = answer.as_ref() == Some(*mail);
                // For the peer every mail of the patch id is an answer.
                let hit_peer = at == 1 && peers.contains(mail);
                let fits = answer.as_ref().is_some_and(|a| self.equal(a, mail, commit));
                claimed[at] += usize::from(answer.is_some());
                exact[at] += usize::from(hit || hit_peer);
                found[at] += usize::from(fits || hit_peer);
                good[at] += usize::from(fits || hit_peer);
            }
            let fine = answers[0].as_ref() == Some(*mail);
            if misses && !fine {
                let fits = answers[0].as_ref().is_some_and(|a| self.equal(a, mail, commit));
                let kind = if fits { "other" } else { "MISS" };
                println!("{kind} {commit} {mail}\n     {}", self.commits[*commit].title());
                println!("     ours {ours:?}");
            }
        }
        let n = truth.len();
        for (at, name) in ["ours", "equal patch id"].iter().enumerate() {
            println!(
                "{name:15} recall {}  precision {}  the exact mail {}",
                rate(found[at], n),
                rate(good[at], claimed[at]),
                rate(exact[at], n)
            );
        }
        self.tell_others(&rows, misses);
    }

    /// Claims for commits that are in no row: their mail is not in these archives, or is, and the
    /// link is to another list's mail. They are listed to be looked at.
    fn tell_others(&self, rows: &[(MessageId, CommitId, bool)], misses: bool) {
        let known: BTreeSet<&CommitId> = rows.iter().map(|row| &row.1).collect();
        let others: Vec<_> = self
            .ours
            .iter()
            .filter_map(|(commit, found)| Some((commit, found.first()?)))
            .filter(|(commit, _)| !known.contains(commit))
            .collect();
        let (with, without): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|(commit, found)| self.peers[*commit].contains(&found.message));
        println!(
            "beyond the truth: {} claims with the patch id of the mail, {} without",
            with.len(),
            without.len()
        );
        for (commit, found) in without.iter().filter(|_| misses) {
            let commit = &self.commits[*commit];
            println!("CLAIM {} {} {:.2} {}", commit.id, found.how, found.score, found.message);
            println!("      {} | {}", commit.author, commit.title());
            println!("      {}", self.titles.get(&found.message).cloned().unwrap_or_default());
        }
        for (mail, commit, _) in rows.iter().filter(|row| !row.2) {
            let found = self.ours.get(commit).and_then(|found| found.first());
            println!("left out, as its link is to another's patch: {commit} {mail}: {found:?}");
        }
    }

    /// Whether two mails are one patch: resent, or with equal patch ids.
    fn equal(&self, one: &MessageId, other: &MessageId, commit: &CommitId) -> bool {
        let id = |mail| self.mails.ids.get(mail);
        one == other
            || id(one).is_some() && id(one) == id(other)
            || self.peers[commit].contains(one)
    }

    /// Rows are mails and commits; of each commit one is the best.
    fn tree(&self, rows: &[Vec<String>], misses: bool) {
        let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        let truth: Vec<_> =
            rows.iter().filter_map(|row| Some((id(&row[0])?, commit(&row[1])?, row))).collect();
        let rows_of = |commit: &CommitId| truth.iter().filter(|row| row.1 == *commit).count();
        for (mail, commit, row) in &truth {
            let found = self.ours.get(commit).map(Vec::as_slice).unwrap_or_default();
            let best = row[3] == "1";
            let is_best = found.first().is_some_and(|f| f.message == *mail);
            let is_there = found.iter().any(|f| f.message == *mail);
            let theirs = self.peers.get(commit).is_some_and(|peers| peers.contains(mail));
            let kind = match (best, row[4] == "1") {
                (true, _) => "best",
                (false, true) => "earlier, equal patch id",
                (false, false) => "earlier, edited since",
            };
            let all = counts.entry(kind).or_default();
            let ours = if best { is_best } else { is_there };
            for (slot, add) in all.iter_mut().zip([ours, theirs, true]) {
                *slot += usize::from(add);
            }
            if misses && !ours && kind != "earlier, edited since" {
                println!("MISS {kind} {commit} {mail} {} rows", rows_of(commit));
                println!("     {}", self.commits.get(commit).map_or("gone", Commit::title));
                println!("     {row:?}\n     ours {found:?}");
            }
        }
        let (mut ours, mut theirs, mut n) = (0, 0, 0);
        for (kind, [our, their, all]) in &counts {
            println!("{kind:25} ours {}  equal patch id {}", rate(*our, *all), rate(*their, *all));
            (ours, theirs, n) = (ours + our, theirs + their, n + all);
        }
        println!("{:25} ours {}  equal patch id {}", "all rows", rate(ours, n), rate(theirs, n));
        self.tell_precision(&truth.iter().map(|row| (&row.0, &row.1)).collect(), misses);
    }

    /// What is claimed for commits that are in some row, and beyond them.
    fn tell_precision(&self, truth: &BTreeSet<(&MessageId, &CommitId)>, misses: bool) {
        let commits: BTreeSet<&CommitId> = truth.iter().map(|row| row.1).collect();
        let (mut good, mut claims, mut beyond) = (0, 0, Vec::new());
        for (commit, found) in &self.ours {
            for found in found {
                if !commits.contains(commit) {
                    beyond.push((commit, found));
                    continue;
                }
                claims += 1;
                let is_good = truth.contains(&(&found.message, commit))
                    || self.peers[commit].contains(&found.message);
                good += usize::from(is_good);
                if misses && !is_good {
                    println!("WRONG {commit} {found:?}");
                }
            }
        }
        println!("{:25} ours {}", "precision in its commits", rate(good, claims));
        println!("beyond the truth: {} claims", beyond.len());
        for (commit, found) in beyond.iter().filter(|_| misses) {
            let commit = &self.commits[*commit];
            println!("CLAIM {} {} {:.2} {}", commit.id, found.how, found.score, found.message);
            println!("      {} | {}", commit.author, commit.title());
            println!("      {}", self.titles.get(&found.message).cloned().unwrap_or_default());
        }
    }
}

fn id(text: &str) -> Option<MessageId> {
    MessageId::new(text).ok()
}

fn commit(text: &str) -> Option<CommitId> {
    CommitId::new(text).ok()
}

/// A share with its 95 % interval (Wilson 1927).
fn rate(hits: usize, n: usize) -> String {
    if n == 0 {
        return "none".to_owned();
    }
    let (p, n_, z) = (hits as f64 / n as f64, n as f64, 1.96_f64);
    let middle = p + z * z / (2.0 * n_);
    let half = z * (p * (1.0 - p) / n_ + z * z / (4.0 * n_ * n_)).sqrt();
    let (low, high) = ((middle - half) / (1.0 + z * z / n_), (middle + half) / (1.0 + z * z / n_));
    format!("{:.1} % ({hits} of {n}; {:.1}-{:.1})", p * 100.0, low * 100.0, high * 100.0)
}
