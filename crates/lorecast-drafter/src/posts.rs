//! What was written in blogs, told in a sentence each.

use std::borrow::Cow;

use lorecast_model::{PostStory, StoryState};
use serde::Serialize;

use crate::draft::Request;

/// So many posts an episode tells; more are no news.
const MOST: usize = 12;

/// What `notes/post.md` sees.
#[derive(Debug, Serialize)]
pub(crate) struct PostTelling {
    blog: String,
    author: Option<String>,
    title: String,
    /// As it stands in Markdown.
    url: String,
    /// `2 May`.
    day: String,
    /// From 0; not every sentence begins alike.
    place: usize,
}

impl PostTelling {
    /// Those of the posts that are told, in order.
    pub fn all(posts: &[PostStory]) -> Vec<Self> {
        let told = posts.iter().filter(|post| post.state != StoryState::Dropped);
        told.enumerate().map(|(place, post)| Self::of(post, place)).collect()
    }

    fn of(post: &PostStory, place: usize) -> Self {
        Self {
            blog: post.blog.clone(),
            author: post.author.clone(),
            title: post.title.clone(),
            url: in_markdown(&post.post).into_owned(),
            day: post.date.strftime("%-d %B").to_string(),
            place,
        }
    }
}

/// The posts of an episode by date: those of its days, and those that the producer pinned or dropped,
/// whose word stays. Of more than a dozen the latest are told.
pub(crate) fn posts(request: &Request<'_>) -> Vec<PostStory> {
    let decided = request.decided.map_or(&[][..], |episode| &episode.posts);
    let is_set = |post: &&PostStory| post.state != StoryState::Proposed;
    let mut posts: Vec<PostStory> = decided.iter().filter(is_set).cloned().collect();
    let kept = posts.len();
    let new = |post: &&PostStory| decided.iter().filter(is_set).all(|d| d.post != post.post);
    let fits = request.posts.iter().rev().filter(new).take(MOST.saturating_sub(kept));
    posts.extend(fits.cloned());
    posts.sort_by(|a, b| (a.date, &a.post).cmp(&(b.date, &b.post)));
    posts
}

/// A link as it stands in Markdown between round brackets.
pub(crate) fn in_markdown(link: &str) -> Cow<'_, str> {
    const ODD: [(char, &str); 4] = [('(', "%28"), (')', "%29"), ('<', "%3C"), ('\\', "%5C")];
    match link.contains(|c| ODD.iter().any(|(odd, _)| *odd == c)) {
        false => Cow::Borrowed(link),
        true => Cow::Owned(
            ODD.iter().fold(link.to_owned(), |link, (odd, code)| link.replace(*odd, code)),
        ),
    }
}
