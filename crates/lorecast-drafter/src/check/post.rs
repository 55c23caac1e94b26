//! Posts of blogs: their titles, who wrote them, when, and what is quoted of them.

use lorecast_model::{PostStory, StoryState};

use super::case::{Case, Reading};
use super::rules::{DATE, EVIDENCE, QUOTATION_UNPROVED, SPEAKER, TITLE};
use super::sources::KnownPost;
use crate::posts::in_markdown;

/// Checks a passage that links to posts and to no mail, and says whether it is one. Its words are
/// judged by what was gathered.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) -> bool {
    let links = &reading.passage.links;
    let posts: Vec<_> = links
        .iter()
        .filter(|link| link.id.is_none())
        .filter_map(|link| {
            Some((link, known(case, case.checked.notes.get(link.address.clone())?)?))
        })
        .collect();
    if posts.is_empty() || links.iter().any(|link| link.id.is_some()) {
        return false;
    }
    let text = reading.passage.text.as_str();
    for (link, KnownPost { story, .. }) in &posts {
        let said = text.get(link.span.clone()).unwrap_or_default();
        if !link.span.is_empty() && bare(said) != bare(&story.title) {
            let message = format!("the post is called “{}”", story.title);
            case.report(&TITLE, reading.passage.source(&link.span), message, None);
        }
        let names = [Some(&story.blog), story.author.as_ref()];
        if !names.into_iter().flatten().any(|name| bare(text).contains(&bare(name))) {
            let who = story.author.as_ref().unwrap_or(&story.blog);
            let message = format!("the post is by {who}, who is not named");
            case.report(&SPEAKER, reading.passage.source(&link.span), message, None);
        }
        dates(case, reading, story, posts.len());
    }
    quotations(case, reading, &posts.iter().map(|(_, post)| post).collect::<Vec<_>>());
    true
}

/// Every post that `episode.yaml` tells is one that was gathered, of the episode's days.
pub(super) fn evidence(case: &Case<'_>) {
    let Some(episode) = case.episode() else { return };
    let window = episode.window;
    for told in episode.posts.iter().filter(|post| post.state != StoryState::Dropped) {
        let wrong = |why: String| {
            let message = format!("episode.yaml, “{}”: the post `{}` {why}", told.title, told.post);
            case.report_all(&EVIDENCE, message);
        };
        let Some(KnownPost { story, .. }) = case.sources.post(&told.post) else {
            wrong("is not among those gathered; run `lorecast planet`".to_owned());
            continue;
        };
        if story.title != told.title {
            wrong(format!("is called “{}”", story.title));
        }
        if (&story.blog, &story.author) != (&told.blog, &told.author) {
            wrong(format!("is by {}", story.author.as_ref().unwrap_or(&story.blog)));
        }
        if story.date != told.date {
            wrong(format!("came out on {}", story.date));
        } else if story.date < window.from || story.date > window.to {
            wrong(format!(
                "came out on {}, outside of {} to {}",
                story.date, window.from, window.to
            ));
        }
    }
}

/// The post that an address in the notes leads to.
fn known(case: &Case<'_>, address: &str) -> Option<KnownPost> {
    let post = case.sources.post(address);
    post.or_else(|| {
        let told = case.episode()?.posts.iter().find(|told| in_markdown(&told.post) == address)?;
        case.sources.post(&told.post)
    })
}

/// A day of the post's month that is not the post's.
fn dates(case: &Case<'_>, reading: &Reading<'_>, story: &PostStory, posts: usize) {
    let (masked, month) = (&reading.masked, story.date.strftime("%B").to_string());
    for (at, _) in masked.match_indices(&month) {
        let before = masked[..at].trim_end();
        let start = before.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
        let Ok(day) = before[start..].parse::<i8>() else { continue };
        if posts == 1 && day != story.date.day() {
            let place = reading.passage.source(&(start..at + month.len()));
            let right = story.date.strftime("%-d %B");
            case.report(&DATE, place, format!("the post came out on {right}"), None);
        }
    }
}

/// Words in quotation marks that are neither a title nor in a post.
fn quotations(case: &Case<'_>, reading: &Reading<'_>, posts: &[&KnownPost]) {
    for quote in &reading.quotes {
        let said = bare(reading.passage.text.get(quote.inside.clone()).unwrap_or_default());
        let linked =
            reading.passage.links.iter().any(|link| {
                link.span.start <= quote.inside.start && quote.inside.end <= link.span.end
            });
        let held = |post: &&&KnownPost| {
            bare(&post.words).contains(&said) || bare(&post.story.title).contains(&said)
        };
        if !linked && !posts.iter().any(|post| held(&post)) {
            let place = reading.passage.source(&quote.inside);
            let message = "these words are not in the post as it was gathered".to_owned();
            case.report(&QUOTATION_UNPROVED, place, message, None);
        }
    }
}

/// Words without what people and programs spell differently: marks, apostrophes, spaces.
fn bare(text: &str) -> String {
    let text = text.replace(['“', '”', '"'], "").replace('’', "'");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
