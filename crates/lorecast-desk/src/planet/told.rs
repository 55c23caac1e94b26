//! What an episode can tell of the blogs, and what proves it.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use lorecast_model::planet::{Blog, Post};
use lorecast_model::{PostStory, Show, StoryState, Window};
use lorecast_planet::together;

use crate::{Desk, Result};

impl Desk<'_> {
    /// What was written in the blogs in these days, the oldest first. The show's own feeds are none of
    /// them: it told its episodes already.
    pub(crate) fn posts_of(&self, show: &Show, window: Window) -> Result<Vec<PostStory>> {
        let Some(planet) = self.dir.planet()? else { return Ok(Vec::new()) };
        let own = format!("{}/", show.url.trim().trim_end_matches('/'));
        let blogs: Vec<Blog> =
            planet.blogs.into_iter().filter(|blog| !blog.feed.starts_with(&own)).collect();
        let gathered = together(&blogs, &self.planet_memory());
        let told = gathered.iter().rev().map(|post| story(&blogs[post.blog], &post.post));
        Ok(told.filter(|post| (window.from..=window.to).contains(&post.date)).collect())
    }

    /// Every post that is remembered, by its link, also of blogs that are gathered no more.
    pub(crate) fn all_posts(&self) -> Result<HashMap<String, (PostStory, Post)>> {
        let blogs = self.dir.planet()?.map(|planet| planet.blogs).unwrap_or_default();
        let memory = self.planet_memory();
        let gone = memory.blogs.keys().filter(|feed| blogs.iter().all(|b| b.feed != **feed));
        let gone: Vec<Blog> =
            gone.map(|feed| Blog { feed: feed.clone(), ..Blog::default() }).collect();
        let mut posts = HashMap::new();
        for blog in blogs.iter().chain(&gone) {
            let Some(known) = memory.blogs.get(&blog.feed) else { continue };
            let blog = Blog { name: name(blog, &known.name), ..blog.clone() };
            for post in &known.posts {
                let told = || (story(&blog, post), post.clone());
                posts.entry(post.link.clone()).or_insert_with(told);
            }
        }
        Ok(posts)
    }
}

/// What a blog is called, or was when it was gathered last.
fn name(blog: &Blog, known: &str) -> String {
    if blog.name.is_empty() { known.to_owned() } else { blog.name.clone() }
}

fn story(blog: &Blog, post: &Post) -> PostStory {
    PostStory {
        post: post.link.clone(),
        state: StoryState::Proposed,
        author: post.author.clone().filter(|author| *author != blog.name),
        blog: blog.name.clone(),
        title: post.title.clone(),
        date: TimeZone::UTC.to_datetime(post.date).date(),
    }
}
