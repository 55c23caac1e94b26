//! The posts of all blogs in one row.

use std::cmp::Reverse;
use std::collections::HashSet;

use lorecast_model::planet::{Blog, GatheredPost};
use url::Url;

use crate::Memory;

/// The posts of these blogs, the newest first, each once: of two with one name or one link that one is
/// shown whose link leads to its own blog, else the one of the blog that stands first.
pub fn together(blogs: &[Blog], memory: &Memory) -> Vec<GatheredPost> {
    let mut all: Vec<(bool, GatheredPost)> = Vec::new();
    for (nth, blog) in blogs.iter().enumerate() {
        let Some(known) = memory.blogs.get(&blog.feed) else { continue };
        let site = blog.url.as_ref().or(known.site.as_ref()).unwrap_or(&blog.feed);
        for post in &known.posts {
            let own = host(site) == host(&post.link);
            all.push((!own, GatheredPost { blog: nth, post: post.clone() }));
        }
    }
    all.sort_by_key(|(elsewhere, _)| *elsewhere);
    let (mut ids, mut links) = (HashSet::new(), HashSet::new());
    let mut posts: Vec<GatheredPost> = all
        .into_iter()
        .map(|(_, post)| post)
        .filter(|GatheredPost { post, .. }| {
            let (id, link) = (ids.insert(post.id.clone()), links.insert(plain(&post.link)));
            id && link
        })
        .collect();
    posts.sort_by_key(|GatheredPost { blog, post }| (Reverse(post.date), *blog));
    posts
}

fn host(link: &str) -> Option<String> {
    let host = Url::parse(link).ok()?.host_str()?.to_owned();
    Some(host.strip_prefix("www.").map(str::to_owned).unwrap_or(host))
}

/// A link without what changes and leads to the same page: scheme, `www.`, a `/` at the end, a fragment
/// and what counts visitors.
fn plain(link: &str) -> String {
    let Ok(url) = Url::parse(link) else { return link.to_owned() };
    let query = url.query_pairs().filter(|(key, _)| !key.starts_with("utm_"));
    let query: Vec<String> = query.map(|(key, value)| format!("{key}={value}")).collect();
    let path = url.path().trim_end_matches('/');
    format!("{}{path}?{}", host(link).unwrap_or_default(), query.join("&"))
}
