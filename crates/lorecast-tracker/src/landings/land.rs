//! The posted patch that a commit is.

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{Match, MessageId, Version};

use super::index::Index;
use super::posted::PostedPatch;
use super::seen::Seen;
use super::weigh::{Agreement, Asked, Rank, is_sane};

/// Revisions that follow each other within this time may cross with the commit.
const SOON: SignedDuration = SignedDuration::from_hours(24);

/// A posted patch that a commit was recognised as.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The mail.
    pub message: MessageId,
    /// How it was recognised.
    pub how: Match,
    /// How sure that is, from 0 to 1.
    pub score: f64,
    /// It is the one that was taken; the others are earlier postings of the same change.
    pub best: bool,
}

/// The posted patch that a commit is, and behind it, not best, the others with its patch id:
/// resends and revisions that did not change it. Nothing when none fits.
///
/// - Merges are no patch, and a commit that was carried over from another ([`Seen::upstream`]) is
///   not what was posted for that other one.
/// - A mail that the commit names is believed when its author, title or lines agree.
/// - Of equal patches, the commit's author decides, then title and date: the latest that was posted
///   before the commit. Dates before 2000 and from 2037 on are not believed.
/// - A patch that was edited on the way needs its author and its title, or a good part of its lines;
///   without its author, nearly all of many lines.
pub fn land(seen: &Seen, index: &Index) -> Vec<Found> {
    if seen.merge || seen.upstream.is_some() || seen.prints.is_empty() {
        return Vec::new();
    }
    let asked = Asked::new(seen, index);
    let mut fits: Vec<Fit<'_>> =
        index.candidates(seen).filter_map(|post| Fit::of(seen, &asked, post)).collect();
    fits.sort_by(|a, b| b.order().cmp(&a.order()));
    fits.dedup_by(|later, before| later.post.id == before.post.id);
    prefer_the_second(&mut fits);
    let mut first = true;
    fits.retain(|fit| std::mem::take(&mut first) || fit.same);
    fits.iter().enumerate().map(|(at, fit)| fit.found(at == 0)).collect()
}

/// A revision that follows within a day may come too late: when `git am` kept the date of the one
/// before, that was taken.
fn prefer_the_second(fits: &mut [Fit<'_>]) {
    let Some(best) = fits.first().filter(|best| !best.second) else { return };
    let near = |fit: &Fit<'_>| {
        let apart = best.post.date.duration_since(fit.post.date).abs();
        fit.second && apart <= SOON && fit.rank.is_near(&best.rank)
    };
    if let Some(at) = fits.iter().position(near) {
        fits[..=at].rotate_right(1);
    }
}

struct Fit<'a> {
    post: &'a PostedPatch,
    how: Match,
    score: f64,
    same: bool,
    second: bool,
    rank: Rank,
}

impl<'a> Fit<'a> {
    fn of(seen: &Seen, asked: &Asked<'_>, post: &'a PostedPatch) -> Option<Self> {
        // To take a change back, or to do it again, is another patch with lines of the first.
        if again(&seen.title) != again(&post.title) {
            return None;
        }
        let agreement = Agreement::of(asked, post);
        let (how, score) = agreement.verdict()?;
        let (same, second) = (agreement.same, agreement.second);
        Some(Self { post, how, score, same, second, rank: agreement.rank() })
    }

    fn order(&self) -> (Rank, Option<Timestamp>, Version, &MessageId) {
        let date = Some(self.post.date).filter(|date| is_sane(*date));
        (self.rank, date, self.post.version, &self.post.id)
    }

    fn found(&self, best: bool) -> Found {
        Found { message: self.post.id.clone(), how: self.how, score: self.score.min(1.0), best }
    }
}

/// `Revert "…"`, `Reapply "…"`
fn again(title: &str) -> bool {
    let start = title.trim_start().get(..7).unwrap_or_default().to_ascii_lowercase();
    title.contains('"') && matches!(start.as_str(), "revert " | "reapply")
}
