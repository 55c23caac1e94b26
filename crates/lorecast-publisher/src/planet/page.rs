//! The planet as templates and feeds see it.

use lorecast_model::planet::{Gathered, GatheredBlog, GatheredPost};
use serde::Serialize;

use super::Faces;
use crate::names::veiled;
use crate::pages::day;
use crate::private::scrubbed;
use crate::site::Place;
use crate::text::{escaped, one_line};

/// The page.
#[derive(Serialize)]
pub(crate) struct PlanetView {
    pub(crate) title: String,
    pub(super) posts: Vec<PostView>,
    pub(super) blogs: Vec<BlogView>,
}

#[derive(Serialize)]
pub(super) struct BlogView {
    pub(super) name: String,
    pub(super) feed: String,
    pub(super) url: Option<String>,
    /// Below the site's root.
    face: Option<String>,
}

#[derive(Serialize)]
pub(super) struct PostView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) link: String,
    /// The name of the blog, and who wrote it when the feed says another name.
    pub(super) blog: String,
    pub(super) author: Option<String>,
    /// `16 April 2023`.
    date: String,
    /// RFC 3339.
    pub(super) datetime: String,
    #[serde(skip)]
    pub(super) time: jiff::Timestamp,
    /// HTML, harmless.
    pub(super) html: String,
    /// Whether the HTML is only how it begins.
    cut: bool,
    /// Below the site's root.
    face: Option<String>,
}

impl PlanetView {
    /// The view of a planet, whose blogs have these faces.
    pub(super) fn of(planet: &Gathered, faces: &Faces, place: &Place) -> Self {
        let face = |nth: usize| Some(faces.get(nth)?.as_ref()?.0.to_string());
        let blog = |(nth, blog): (usize, &GatheredBlog)| BlogView {
            name: told(&blog.name, place),
            feed: blog.feed.clone(),
            url: blog.url.clone(),
            face: face(nth),
        };
        let blogs: Vec<BlogView> = planet.blogs.iter().enumerate().map(blog).collect();
        let mut posts: Vec<PostView> = Vec::new();
        for GatheredPost { blog, post } in &planet.posts {
            let Some(of) = blogs.get(*blog) else { continue };
            let Some(link) = place.link(&post.link) else { continue };
            let cut = post.html.is_empty();
            let html = match cut {
                true if post.summary.is_empty() => String::new(),
                true => format!("<p>{}</p>", escaped(&post.summary)),
                false => post.html.clone(),
            };
            let author = post.author.as_deref().map(|name| told(name, place));
            posts.push(PostView {
                id: post.id.clone(),
                title: told(&post.title, place),
                link,
                author: author.filter(|name| !name.is_empty() && *name != of.name),
                blog: of.name.clone(),
                date: day(post.date),
                datetime: post.date.to_string(),
                time: post.date,
                html: scrubbed(&html, place.own(), place.names),
                cut,
                face: face(*blog),
            });
        }
        Self { title: one_line(&planet.title), posts, blogs }
    }
}

/// Words of a stranger as they may be published.
fn told(text: &str, place: &Place) -> String {
    place.title(&veiled(&one_line(text), place.names))
}
