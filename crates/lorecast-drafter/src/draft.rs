//! Writes an episode and its notes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use lorecast_model::{
    Correction, Covered, Episode, EpisodeId, FollowUp, Glossary, Kind, Message, MessageId,
    Revision, SeriesId, Show, Story, StoryState, Templates, Window,
};
use lorecast_people::Affiliations;
use regex::Regex;

use crate::detail::{LEVELS, USUAL, levels};
use crate::erratum::Erratum;
use crate::facts::is_announcement;
use crate::follow::{ToldFollowUp, follow_ups};
use crate::glossary::{Expanded, Unknown, exact_words, expand};
use crate::head::Verb;
use crate::notes::{Block, Group, Notes, Writer};
use crate::pattern::constant;
use crate::plan::{
    FOLLOW_UPS, HEADLINES, MAINLINE, ONGOING, PARTS, PULLS, RELEASES, SIGNOFF, TOPICS, chapters,
};
use crate::profile::rules;
use crate::spoken;
use crate::subsystems::OTHER;
use crate::telling::{Known, Telling, tell};
use crate::{DraftError, Ranked, Subsystems};

/// A chosen thread with its material.
#[derive(Clone, Debug)]
pub struct Pick {
    /// Its facts, score and reasons.
    pub ranked: Ranked,
    /// The whole thread, by date.
    pub messages: Vec<Message>,
    /// The revisions that were posted in it.
    pub revisions: Vec<Revision>,
}

impl Pick {
    /// Whether this message names it: what it is about, its thread, or any mail of it.
    fn is_about(&self, id: &MessageId) -> bool {
        let facts = &self.ranked.facts;
        facts.about == *id
            || facts.thread == *id
            || self.messages.iter().any(|message| message.header.id == *id)
    }
}

/// What to draft.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The show.
    pub show: &'a Show,
    /// Which episode.
    pub id: EpisodeId,
    /// The days it covers.
    pub window: Window,
    /// Its number, counted from 1.
    pub number: Option<u32>,
    /// The chosen threads, best first.
    pub picks: &'a [Pick],
    /// What became of what earlier episodes told.
    pub follow_ups: &'a [FollowUp],
    /// What earlier episodes told, news or not: a piece of work comes once, as it was told last.
    pub covered: &'a [Covered],
    /// What turned out wrong of earlier episodes and was corrected since the last one, by episode.
    pub corrections: &'a [(EpisodeId, Correction)],
    /// Whom people worked for, and when.
    pub employers: &'a Affiliations,
    /// The producer's edited `episode.yaml`: what is pinned, dropped, moved and ordered stays so.
    pub decided: Option<&'a Episode>,
    /// Where stories belong.
    pub subsystems: &'a Subsystems,
    /// The templates, `notes/…` among them.
    pub templates: &'a Templates,
    /// What acronyms stand for.
    pub glossary: &'a Glossary,
    /// Paragraphs of the show's assistant, by story, which [`crate::judge`] has let pass.
    pub offers: &'a BTreeMap<MessageId, String>,
}

/// An episode with its notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// `episode.yaml`.
    pub episode: Episode,
    /// `notes.md`.
    pub notes: String,
    /// What is missing, each a plain sentence with the source that would fill it.
    pub absent: Vec<String>,
    /// Acronyms that the glossary does not have.
    pub unknown: Vec<Unknown>,
}

/// A story with what the templates see; nothing to see for one that only `episode.yaml` keeps.
struct Told {
    story: Story,
    telling: Option<Telling>,
}

/// Drafts an episode from the chosen threads. The same request gives the same draft.
///
/// # Errors
/// When a template is missing or broken. Mail never causes an error.
pub fn draft(request: &Request<'_>) -> Result<Draft, DraftError> {
    let writer = Writer::new(request.templates, Some(request.window))?;
    let mut told = stories(request, &writer)?;
    in_context(&mut told);
    for Told { story, telling } in &mut told {
        let offered = request.offers.get(&story.id).cloned();
        story.assisted = offered.is_some();
        if let Some(telling) = telling {
            telling.offered = offered;
        }
    }
    let followed = follow_ups(request, &told_series(request, &told));
    let mut episode = episode(request);
    let mut notes = notes(request, &writer, &episode, &told)?;
    notes.follow_ups = paragraphs(&writer, &followed)?;
    notes.empty &= notes.follow_ups.is_empty();
    let chapters = chapters(
        |key| exists(key, &notes),
        request.window,
        request.decided,
        rules(request.show.profile),
    );
    let notes = writer.notes(&notes)?;
    episode.chapters = chapters;
    let absent = absent(request, &told, &followed);
    episode.follow_ups = followed.into_iter().map(|told| told.story).collect();
    episode.stories = told.into_iter().map(|told| told.story).collect();
    let Expanded { markdown, unknown } = expand(&notes, request.glossary, &exact_words(&episode));
    Ok(Draft { episode, notes: markdown, absent, unknown })
}

fn episode(request: &Request<'_>) -> Episode {
    let decided = request.decided;
    Episode {
        title: decided.map_or_else(
            || format!("{} for {}", request.show.title, request.id),
            |e| e.title.clone(),
        ),
        number: decided.and_then(|episode| episode.number).or(request.number),
        window: request.window,
        minutes: decided.and_then(|episode| episode.minutes),
        stories: Vec::new(),
        follow_ups: Vec::new(),
        corrections: decided.map_or_else(Vec::new, |episode| episode.corrections.clone()),
        chapters: Vec::new(),
        credits: decided
            .map_or_else(|| vec![request.show.author.clone()], |episode| episode.credits.clone()),
    }
}

/// How long a story is when the show does not say how long an episode is to be.
const WORDS_PER_STORY: usize = 95;
/// And so long is an episode then, however many stories it has.
const USUAL_WORDS: std::ops::RangeInclusive<usize> = 2_000..=3_400;
/// What the lead sentence, the headings and the sign-off take.
const FRAME_WORDS: usize = 120;

/// How many words the stories of an episode are to have together.
fn target(request: &Request<'_>) -> usize {
    let pace = crate::script::pace(&request.show.voice, &[]).words_per_minute;
    let words = match request.show.minutes {
        // A cast of what is no number, or too big, saturates.
        Some(minutes) => (minutes * pace).round() as usize,
        None => (request.show.stories.saturating_mul(WORDS_PER_STORY))
            .clamp(*USUAL_WORDS.start(), *USUAL_WORDS.end()),
    };
    words.saturating_sub(FRAME_WORDS)
}

fn known<'a>(request: &Request<'a>) -> Known<'a> {
    Known {
        window: request.window,
        show: request.show,
        employers: request.employers,
        covered: request.covered,
        follow_ups: request.follow_ups,
    }
}

/// Every story in the order of the notes, those that the producer dropped or that are gone too. The
/// better a story, the more of it is told, until the episode has its length.
fn stories(request: &Request<'_>, writer: &Writer) -> Result<Vec<Told>, DraftError> {
    let (topics, known) = (topics(request), known(request));
    let tells = |at: usize, level: usize| {
        let (pick, topic) = (&request.picks[at], topics.contains(&at));
        tell(pick, known, topic, LEVELS[level])
    };
    let shown = |at: &usize| {
        let state = decision(request, &request.picks[*at]).map(|story| story.state);
        state != Some(StoryState::Dropped) && !is_joined(request, &request.picks[*at])
    };
    let mut best: Vec<usize> = (0..request.picks.len()).filter(shown).collect();
    best.sort_by(|a, b| {
        let score = |at: &usize| request.picks[*at].ranked.score;
        score(b).total_cmp(&score(a)).then(a.cmp(b))
    });
    let mut failure = None;
    let mut tellings: BTreeMap<(usize, usize), Option<(Story, Telling)>> = BTreeMap::new();
    let chosen = levels(best.len(), target(request), |of, level| {
        let at = best[of];
        let told = tellings.entry((at, level)).or_insert_with(|| tells(at, level));
        let Some((_, telling)) = told else { return 0 };
        let text = writer.story(telling, telling.topic);
        text.map_or_else(
            |error| {
                failure = Some(error);
                0
            },
            |text| text.split_whitespace().count(),
        )
    });
    if let Some(error) = failure {
        return Err(error);
    }
    let level: BTreeMap<usize, usize> = best.into_iter().zip(chosen).collect();
    let mut told: Vec<Told> = Vec::new();
    for (at, pick) in request.picks.iter().enumerate() {
        if is_joined(request, pick) {
            continue;
        }
        let level = level.get(&at).copied().unwrap_or(USUAL);
        let found = tellings.remove(&(at, level)).unwrap_or_else(|| tells(at, level));
        let Some((mut story, mut telling)) = found else { continue };
        let decided = decision(request, pick);
        let known = told.iter().any(|other| other.story.id == story.id);
        if known || telling.is_lame() && decided.is_none() {
            continue;
        }
        story.section = section(request, pick, &story, telling.topic);
        if let Some(decided) = decided {
            story.state = decided.state;
            join(request, decided, &mut story, &mut telling);
        }
        told.push(Told { story, telling: Some(telling) });
    }
    told.extend(kept(request, &told));
    let order = order(request);
    let decided: BTreeMap<&MessageId, usize> = request
        .decided
        .iter()
        .flat_map(|e| &e.stories)
        .enumerate()
        .map(|(at, story)| (&story.id, at))
        .collect();
    told.sort_by_key(|told| {
        let place = order.get(told.story.section.as_str()).copied().unwrap_or(usize::MAX);
        let decided = decided.get(&told.story.id).copied().unwrap_or(usize::MAX);
        (place, decided, urgency(told.story.kind))
    });
    Ok(told)
}

/// Whether the producer merged a pick into another story.
fn is_joined(request: &Request<'_>, pick: &Pick) -> bool {
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    let told = stories.iter().filter(|story| story.state != StoryState::Dropped);
    told.flat_map(|story| &story.with).any(|id| pick.is_about(id))
}

/// Tells what the producer merged into a story, behind it.
fn join(request: &Request<'_>, decided: &Story, story: &mut Story, telling: &mut Telling) {
    story.with.clone_from(&decided.with);
    for id in &decided.with {
        let pick = request.picks.iter().find(|pick| pick.is_about(id));
        let Some((joined, words)) =
            pick.and_then(|pick| tell(pick, known(request), false, LEVELS[USUAL]))
        else {
            continue;
        };
        let fresh = joined.evidence.into_iter().filter(|e| !story.evidence.contains(e));
        let fresh: Vec<_> = fresh.collect();
        story.evidence.extend(fresh);
        telling.joined.push(words);
    }
}

/// What `episode.yaml` says of a pick.
fn decision<'a>(request: &Request<'a>, pick: &Pick) -> Option<&'a Story> {
    let facts = &pick.ranked.facts;
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    stories.iter().find(|story| story.id == facts.about || story.id == facts.thread)
}

/// The producer's own words that no pick carries: dropped stories stay dropped, pinned ones stay.
fn kept(request: &Request<'_>, told: &[Told]) -> Vec<Told> {
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    let gone = |story: &&Story| {
        story.state != StoryState::Proposed && told.iter().all(|told| told.story.id != story.id)
    };
    stories.iter().filter(gone).map(|story| Told { story: story.clone(), telling: None }).collect()
}

/// The places of sections in the notes.
fn order<'a>(request: &Request<'a>) -> BTreeMap<&'a str, usize> {
    let parts = PARTS.iter().map(|part| part.key);
    let sections = request.subsystems.sections().iter().map(|section| section.key.as_str());
    parts.chain(sections).enumerate().map(|(at, key)| (key, at)).collect()
}

/// How many conversations get a heading of their own.
const MOST_TOPICS: usize = 4;
/// From how many people and replies on a conversation can be a topic.
const TOPIC_PEOPLE: u32 = 4;
const TOPIC_REPLIES: u32 = 8;

/// The picks with the biggest conversations, and those that the producer moved there.
fn topics(request: &Request<'_>) -> BTreeSet<usize> {
    let decided =
        |at: &usize| decision(request, &request.picks[*at]).map(|story| story.section.as_str());
    let talk = |at: &usize| {
        let facts = &request.picks[*at].ranked.facts;
        u64::from(facts.people) * u64::from(facts.replies)
    };
    let fits = |at: &usize| {
        let facts = &request.picks[*at].ranked.facts;
        let big = facts.people >= TOPIC_PEOPLE && facts.replies >= TOPIC_REPLIES;
        big && !is_announcement(facts.kind) && facts.kind != Kind::Pull && facts.routine.is_none()
    };
    let all = 0..request.picks.len();
    let mut found: Vec<usize> =
        all.clone().filter(|at| decided(at).is_none()).filter(fits).collect();
    found.sort_by_key(|at| (std::cmp::Reverse(talk(at)), *at));
    let moved: BTreeSet<usize> = all.filter(|at| decided(at) == Some(TOPICS)).collect();
    let room = MOST_TOPICS.saturating_sub(moved.len());
    moved.into_iter().chain(found.into_iter().take(room)).collect()
}

fn section(request: &Request<'_>, pick: &Pick, story: &Story, topic: bool) -> String {
    if let Some(known) = decision(request, pick).filter(|known| !known.section.is_empty()) {
        return known.section.clone();
    }
    match story.kind {
        Kind::Mainline | Kind::Build => MAINLINE.to_owned(),
        Kind::Stable | Kind::Release | Kind::Call => RELEASES.to_owned(),
        Kind::Pull => PULLS.to_owned(),
        _ if topic => TOPICS.to_owned(),
        _ => {
            let facts = &pick.ranked.facts;
            request.subsystems.of(&facts.paths, &facts.title, &facts.lists).section
        }
    }
}

/// The works that the stories tell.
fn told_series(request: &Request<'_>, told: &[Told]) -> BTreeSet<SeriesId> {
    let shown = |pick: &&Pick| {
        let id = &pick.ranked.facts.about;
        told.iter().any(|t| t.story.id == *id && t.story.state != StoryState::Dropped)
    };
    let picks = request.picks.iter().filter(shown);
    let series = |pick: &Pick| {
        let revisions = pick.revisions.iter().map(|revision| revision.series.clone());
        pick.ranked.facts.series.clone().into_iter().chain(revisions).collect::<Vec<_>>()
    };
    picks.flat_map(series).collect()
}

fn paragraphs(writer: &Writer, followed: &[ToldFollowUp]) -> Result<Vec<String>, DraftError> {
    let shown = followed.iter().filter(|told| told.story.state != StoryState::Dropped);
    shown.filter_map(|told| told.telling.as_ref()).map(|t| writer.follow_up(t)).collect()
}

/// Words of a title that give a pull request away.
static SAYS_PULL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:pull|fix(?:es)?|updates?|changes|features|patches|material|merge window|cleanups?|next|for v?\d+\.\d+|v?\d+\.\d+)\b",
    )
});

/// The first RFC of the episode says what that means; topics know their turn; the second pull request of a person follows
/// the first.
fn in_context(told: &mut [Told]) {
    let mut senders: BTreeMap<String, Timestamp> = BTreeMap::new();
    for telling in shown(told).filter(|telling| telling.head.kind == Kind::Pull) {
        let sent = telling.sent;
        let head = &mut telling.head;
        // What was sent earlier follows nothing up, wherever it is told.
        let follows = senders.insert(head.author.clone(), sent).is_some_and(|before| before < sent);
        head.verb = match follows {
            true => Verb::FollowedUp,
            false if !SAYS_PULL.is_match(&head.title) => Verb::Requested,
            false => Verb::Posted,
        };
    }
    for (turn, telling) in shown(told).filter(|telling| telling.topic).enumerate() {
        telling.turn = turn;
    }
    if let Some(first) = shown(told).find(|telling| telling.head.rfc && telling.head.patch) {
        first.head.explain_rfc = true;
    }
}

fn shown(told: &mut [Told]) -> impl Iterator<Item = &mut Telling> {
    let shown = told.iter_mut().filter(|told| told.story.state != StoryState::Dropped);
    shown.filter_map(|told| told.telling.as_mut())
}

fn notes<'a>(
    request: &Request<'a>,
    writer: &Writer,
    episode: &'a Episode,
    told: &[Told],
) -> Result<Notes<'a>, DraftError> {
    let shown: Vec<(&Story, &Telling)> = told
        .iter()
        .filter(|told| told.story.state != StoryState::Dropped)
        .filter_map(|told| Some((&told.story, told.telling.as_ref()?)))
        .collect();
    let within = |key: &str| {
        shown.iter().filter(|(story, _)| story.section == key).map(|(_, t)| *t).collect::<Vec<_>>()
    };
    let mut notes = Notes::new(request.show, episode);
    let errata = request.corrections.iter().map(|(id, c)| Erratum::new(*id, c, request.id));
    notes.corrections = errata.map(|e| writer.correction(&e)).collect::<Result<_, _>>()?;
    notes.empty = shown.is_empty();
    notes.edition = edition(&shown);
    if notes.edition.iter().any(|name| name.contains(',')) {
        notes.between = ";";
    }
    for telling in within(MAINLINE) {
        let text = writer.story(telling, false)?;
        match notes.mainline.last_mut() {
            // What was found in a release stands below its announcement.
            Some(block) if telling.head.kind != Kind::Mainline => {
                block.text.push_str("\n\n");
                block.text.push_str(&text);
            }
            _ if telling.head.kind == Kind::Build => {
                notes.mainline.push(Block { title: BUILDS.to_owned(), text });
            }
            _ => {
                let head = &telling.head;
                let title =
                    head.release.clone().unwrap_or_else(|| spoken::topic_heading(&head.title));
                notes.mainline.push(Block { title, text });
            }
        }
    }
    let calls = within(RELEASES).iter().any(|telling| telling.head.kind == Kind::Call);
    notes.releases_title = match rules(request.show.profile).part(RELEASES) {
        _ if calls => "Releases and Announcements".to_owned(),
        Some(part) => spoken::heading(part),
        None => "Releases".to_owned(),
    };
    notes.releases = releases(writer, &within(RELEASES))?;
    notes.pulls =
        within(PULLS).into_iter().map(|t| writer.story(t, false)).collect::<Result<_, _>>()?;
    for telling in within(TOPICS) {
        notes.topics.push(Block {
            title: spoken::topic_heading(&telling.head.title),
            text: writer.story(telling, true)?,
        });
    }
    let sections = request.subsystems.sections().iter().map(|s| (s.key.as_str(), s.title.as_str()));
    // Without sections there is nothing else than everything.
    let none = request.subsystems.sections().is_empty();
    let other = std::iter::once((OTHER, if none { "" } else { "Everything else" }));
    let mut seen = BTreeSet::new();
    for (key, title) in sections.chain(other).filter(|(key, _)| seen.insert(*key)) {
        let stories = within(key)
            .into_iter()
            .map(|t| writer.story(t, false))
            .collect::<Result<Vec<_>, _>>()?;
        if !stories.is_empty() {
            notes.ongoing.push(Group { title: title.to_owned(), stories });
        }
    }
    Ok(notes)
}

/// The heading of build reports when no release is announced.
const BUILDS: &str = "Build Reports";

/// Within a section the producer's order counts, then what must be known, then the score, and who
/// looks after what comes last.
fn urgency(kind: Kind) -> u8 {
    match kind {
        Kind::Mainline | Kind::Stable => 0,
        Kind::Security | Kind::Regression | Kind::Release => 1,
        Kind::Bug => 2,
        Kind::Maintainers | Kind::Call => 4,
        _ => 3,
    }
}

/// Stable kernels merged by announcer, then other projects one by one; a paragraph each.
fn releases(writer: &Writer, tellings: &[&Telling]) -> Result<Vec<String>, DraftError> {
    let mut announcers: Vec<&str> = Vec::new();
    for telling in tellings.iter().filter(|t| t.head.kind == Kind::Stable) {
        if !announcers.contains(&telling.head.author.as_str()) {
            announcers.push(&telling.head.author);
        }
    }
    // The plain kernels come before the patched ones.
    let patched = |announcer: &&str| {
        let own = tellings.iter().filter(|t| t.head.author == **announcer);
        own.filter_map(|t| t.head.release.as_deref()).all(|release| release.contains('-'))
    };
    announcers.sort_by_key(patched);
    let mut paragraphs = Vec::new();
    for announcer in announcers {
        let own: Vec<&Telling> = tellings
            .iter()
            .copied()
            .filter(|t| t.head.kind == Kind::Stable && t.head.author == announcer)
            .collect();
        let mut own = own;
        own.sort_by_key(|t| numbers(t.head.release.as_deref().unwrap_or_default()));
        let mut paragraph = writer.announcements(Kind::Stable, &own)?;
        for telling in own {
            paragraph.push_str(&writer.joined(telling)?);
        }
        paragraphs.push(paragraph);
    }
    for telling in tellings.iter().filter(|t| t.head.kind != Kind::Stable) {
        paragraphs.push(writer.story(telling, false)?);
    }
    Ok(paragraphs)
}

/// The numbers of a release, to order kernels by.
fn numbers(release: &str) -> Vec<u64> {
    release.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// How many names the lead sentence gives.
const MOST_NAMES: usize = 6;

/// The names of the main things: mainline, the topics, then the best of the rest.
fn edition(shown: &[(&Story, &Telling)]) -> Vec<String> {
    let mut names = Vec::new();
    let mainline = shown.iter().filter(|(story, _)| story.section == MAINLINE);
    names.extend(mainline.filter_map(|(_, t)| t.head.release.clone()));
    let topics = shown.iter().filter(|(story, _)| story.section == TOPICS);
    names.extend(topics.map(|(_, t)| spoken::topic(&t.head.title)));
    let mut rest: Vec<_> = shown
        .iter()
        .filter(|(s, t)| {
            ![MAINLINE, RELEASES, PULLS, TOPICS].contains(&s.section.as_str())
                && !is_announcement(t.head.kind)
        })
        .collect();
    rest.sort_by(|a, b| b.0.score.total_cmp(&a.0.score).then_with(|| a.0.id.cmp(&b.0.id)));
    let room = MOST_NAMES.saturating_sub(names.len());
    names.extend(rest.into_iter().take(room).map(|(_, t)| spoken::topic(&t.head.title)));
    let mut seen = BTreeSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
    names
}

fn exists(key: &str, notes: &Notes<'_>) -> bool {
    match key {
        HEADLINES | SIGNOFF => true,
        MAINLINE => !notes.mainline.is_empty(),
        RELEASES => !notes.releases.is_empty(),
        PULLS => !notes.pulls.is_empty(),
        TOPICS => !notes.topics.is_empty(),
        ONGOING => !notes.ongoing.is_empty(),
        FOLLOW_UPS => !notes.follow_ups.is_empty(),
        _ => false,
    }
}

fn absent(request: &Request<'_>, told: &[Told], followed: &[ToldFollowUp]) -> Vec<String> {
    let has = |wanted: Kind| told.iter().any(|told| told.story.kind == wanted);
    let mut absent = Vec::new();
    if request.picks.is_empty() {
        absent.push(format!(
            "no mail from {} to {} is in these archives: add sources that cover those days",
            request.window.from, request.window.to
        ));
    } else {
        absent.extend(rules(request.show.profile).absent(&has));
    }
    let news = followed.iter().filter(|told| told.telling.is_none());
    let pinned = news.filter(|told| told.story.state == StoryState::Pinned);
    absent.extend(pinned.map(|told| {
        format!("`{}` is pinned in follow_ups, but there is no news of it", told.story.id)
    }));
    let unseen =
        told.iter().filter(|told| told.telling.is_none() && told.story.state == StoryState::Pinned);
    absent.extend(unseen.map(|told| {
        format!("`{}` is pinned, but no message of it was found in these archives", told.story.id)
    }));
    absent
}
