//! Whether a posted patch is a commit, and how well it fits beside others.

use jiff::{SignedDuration, Timestamp};
use lorecast_model::Match;

use super::index::Index;
use super::overlap::{Overlap, Weighed};
use super::people::same_person;
use super::posted::PostedPatch;
use super::seen::{Naming, Seen};
use super::titles;

/// Clocks are wrong and zones are forgotten: a patch may be so much younger than its commit.
const SLACK: SignedDuration = SignedDuration::from_hours(24);

/// Without a title in common, a patch that is so much older is another one.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 365 * 3);

/// Dates before 2000 and from 2037 on are slips of clocks and forgeries, and prove nothing.
const SANE: std::ops::Range<i64> = 946_684_800..2_114_380_800;

/// Two people do write the same change of a few lines; they do not of so many.
const TWIN_LINES: u32 = 10;

/// Titles of so many words are not used twice.
const LONG_TITLE: usize = 5;

/// Patches that fit so nearly the same, in steps, are told apart by other signs.
const NEAR: i32 = 7;

/// Whether a date can be believed.
pub(super) fn is_sane(date: Timestamp) -> bool {
    SANE.contains(&date.as_second())
}

/// Whose change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Author {
    /// Two people's.
    Another,
    /// The poster signed the commit, and somebody else is its author.
    Signer,
    /// The same person's.
    Same,
}

/// What a commit and a posted patch have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreement {
    foreign: bool,
    named: Option<Naming>,
    /// The commit names what the patch answers, such as its cover letter.
    series_named: bool,
    /// Equal patch ids.
    pub same: bool,
    /// The same changed lines.
    bare: bool,
    overlap: Overlap,
    title: f64,
    long_title: bool,
    author: Author,
    /// The commit's author committed it.
    taken_over: bool,
    /// Written in the second in which the patch was sent: `git am` keeps that date.
    pub second: bool,
    /// Posted before the commit was made, as far as dates can be believed.
    in_time: bool,
    /// Only within the slack.
    late: bool,
    old: bool,
    /// How many lines say something.
    lines: u32,
    answer: bool,
}

/// A commit made ready to be compared with many patches.
pub(super) struct Asked<'a> {
    seen: &'a Seen,
    title: String,
    prints: Vec<Weighed<'a>>,
    /// It names a posting that is not there, so whatever is found is at best an earlier one.
    foreign: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn new(seen: &'a Seen, index: &Index) -> Self {
        let prints = seen.prints.iter().map(|print| Weighed::new(print, index.lines())).collect();
        let foreign = seen.posting().is_some_and(|posting| !index.holds(posting));
        Self { seen, title: titles::fold(&seen.title), prints, foreign }
    }
}

impl Agreement {
    pub(super) fn of(asked: &Asked<'_>, post: &PostedPatch) -> Self {
        let Asked { seen, foreign, .. } = *asked;
        let prints = || asked.prints.iter().map(Weighed::print);
        let overlaps = asked.prints.iter().map(|print| Overlap::of(print, &post.print));
        let title = titles::fold(&post.title);
        let (date, dated) = (post.date, is_sane(post.date) && is_sane(seen.committed));
        let after = date.duration_since(seen.committed);
        Self {
            foreign,
            named: seen.names(&post.id),
            series_named: post.root != post.id && seen.names(&post.root).is_some(),
            same: prints().any(|print| {
                print.patch_id().is_some() && print.patch_id() == post.print.patch_id()
            }),
            bare: prints().any(|print| print.bare() == post.print.bare()),
            overlap: overlaps.max_by(|a, b| a.share.total_cmp(&b.share)).unwrap_or_default(),
            title: titles::likeness(&title, &asked.title),
            long_title: title.split(' ').count() >= LONG_TITLE,
            author: author(seen, post),
            taken_over: same_person(&seen.author, &seen.committer),
            second: dated && date.as_second() == seen.authored.as_second(),
            in_time: !dated || after <= SLACK,
            late: dated && after > SignedDuration::ZERO,
            old: dated && -after > PATIENCE,
            lines: post.print.count(),
            answer: post.answer,
        }
    }

    /// How the two were recognised as one and how sure that is; nothing when they are two.
    pub(super) fn verdict(&self) -> Option<(Match, f64)> {
        // A commit cannot name a mail that is not there yet: then the dates are wrong.
        let linked = self.named.is_some_and(|named| named > Naming::Mention);
        if !self.in_time && !linked {
            return None;
        }
        if let Some(named) = self.named
            && self.confirms(named)
        {
            let score = if named == Naming::Posting { 0.9 } else { 0.85 };
            return Some((Match::Link, score + 0.1 * self.content()));
        }
        if !self.in_time {
            return None;
        }
        if (self.same || self.bare) && self.is_no_twin() {
            let how = if self.same { Match::PatchId } else { Match::Similar };
            let score = if self.author > Author::Another { 0.85 } else { 0.7 };
            return Some((how, score + 0.1 * self.title + if self.same { 0.05 } else { 0.0 }));
        }
        self.edited().map(|score| (Match::Similar, score))
    }

    /// Whether a mail that the commit names is its posting, and not a report or a discussion.
    fn confirms(&self, named: Naming) -> bool {
        let Overlap { share, lines, paths } = self.overlap;
        if self.same || self.bare {
            return true;
        }
        let known = self.author > Author::Another;
        let alike = self.title > 0.9;
        if named == Naming::Posting {
            return alike || known && (paths || self.title >= 0.5) || share >= 0.5 && lines >= 2.0;
        }
        known && (alike || share >= 0.3) || alike && share >= 0.3 || share >= 0.8 && lines >= 4.0
    }

    /// Two people who fix the same thing post the same few lines, even under the same title; the
    /// author decides, unless whoever applied the patch made himself its author.
    fn is_no_twin(&self) -> bool {
        self.author > Author::Another
            || self.lines >= TWIN_LINES
            || self.title > 0.8 && self.taken_over
    }

    /// How sure it is that the patch was edited on the way into the commit.
    fn edited(&self) -> Option<f64> {
        let Overlap { share, lines, paths } = self.overlap;
        if self.old && self.title < 1.0 {
            return None;
        }
        let exact = self.title >= 1.0;
        let known = self.author > Author::Another;
        let near = self.series_named || self.second;
        if self.foreign && !near && !(known && (exact && share >= 0.5 || share >= 0.85)) {
            return None;
        }
        if self.author == Author::Same && self.second && (paths || self.title >= 0.5) {
            return Some(0.75 + 0.15 * share + 0.05 * self.title);
        }
        let enough = if known {
            let shared = lines > 0.0;
            exact && (shared || paths && (self.long_title || near) || self.long_title && near)
                || self.title >= 0.5 && share >= 0.25
                || share >= 0.5 && lines >= 2.0
                || near && paths && share >= 0.1
        } else {
            exact && share >= 0.5 && lines >= if self.taken_over { 2.0 } else { 8.0 }
                || share >= 0.85 && lines >= 8.0
        };
        let least = if self.answer { 0.5 } else { 0.0 };
        let base = if known { 0.5 } else { 0.4 };
        (enough && share >= least).then_some(base + 0.3 * share + 0.1 * self.title)
    }

    /// How much of the content is equal, from 0 to 1.
    fn content(&self) -> f64 {
        if self.same || self.bare { 1.0 } else { self.overlap.share }
    }

    /// How well the patch fits beside others, in steps of a fiftieth: those on the same step are
    /// told apart by their dates.
    pub(super) fn rank(&self) -> Rank {
        let named = self.named.filter(|named| self.confirms(*named));
        let mut fit = self.content() + 0.15 * self.title;
        for (counts, weight) in [
            (self.same, 0.05),
            (named == Some(Naming::Posting), 0.2),
            (named == Some(Naming::Mention) || self.series_named, 0.1),
            (self.late, -0.2),
            (self.answer, -0.1),
        ] {
            fit += if counts { weight } else { 0.0 };
        }
        let linked = named.is_some_and(|named| named > Naming::Mention);
        Rank { linked, author: self.author, steps: (fit * 50.0).round() as i32 }
    }
}

/// The better one is the greater one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    linked: bool,
    author: Author,
    steps: i32,
}

impl Rank {
    /// Whether this one is better by so little that other signs may decide.
    pub(super) fn is_near(&self, other: &Self) -> bool {
        self.linked == other.linked
            && self.author == other.author
            && (self.steps - other.steps).abs() <= NEAR
    }
}

fn author(seen: &Seen, post: &PostedPatch) -> Author {
    if same_person(&seen.author, &post.author) {
        Author::Same
    } else if seen.signers.iter().any(|signer| same_person(signer, &post.author)) {
        Author::Signer
    } else {
        Author::Another
    }
}
