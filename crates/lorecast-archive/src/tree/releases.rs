//! Which releases contain a commit.

use std::collections::{BTreeMap, HashMap, VecDeque};

use git2::Odb;
use lorecast_model::Released;

use super::Span;
use super::graph::Graph;
use super::object::{Sha, Unread};
use super::tips::shas;
use super::version::Version;
use super::walk::{Request, walk};

/// A tag that names a version.
struct Tag<'a> {
    name: &'a str,
    version: Version,
    sha: Sha,
    /// When its commit was made.
    time: i64,
    /// Not known before.
    new: bool,
}

/// The commits that tags new in this span contain first, with those tags.
pub(super) fn releases(
    graph: &mut Graph,
    odb: &Odb<'_>,
    span: &Span<'_>,
    limit: usize,
) -> Result<Vec<(u32, Released)>, Unread> {
    let tags = in_order(tags(graph, odb, span)?);
    let finals: Vec<&Tag<'_>> = tags.iter().filter(|tag| tag.version.is_final()).collect();
    let mut all: HashMap<u32, Released> = HashMap::new();
    for (tag, node) in first(graph, odb, &tags.iter().collect::<Vec<_>>(), span, limit)? {
        all.entry(node).or_default().tag = Some(tag);
    }
    for (release, node) in first(graph, odb, &finals, span, limit)? {
        all.entry(node).or_default().release = Some(release);
    }
    let mut all: Vec<(u32, Released)> = all.into_iter().collect();
    all.sort_unstable_by_key(|(node, _)| *node);
    Ok(all)
}

fn tags<'a>(graph: &mut Graph, odb: &Odb<'_>, span: &Span<'a>) -> Result<Vec<Tag<'a>>, Unread> {
    let before: HashMap<&str, _> = span.before.tags().collect();
    let mut tags = Vec::new();
    for (name, id) in span.now.tags() {
        if let (Some(version), Some(sha)) = (Version::read(name), shas(id)) {
            let node = graph.read(odb, sha)?;
            let (time, new) = (graph.time(node), before.get(name) != Some(&id));
            tags.push(Tag { name, version, sha, time, new });
        }
    }
    Ok(tags)
}

/// Each project's tags by version; where a tree holds several projects', they are woven by date.
fn in_order(tags: Vec<Tag<'_>>) -> Vec<Tag<'_>> {
    let mut projects: BTreeMap<String, Vec<Tag<'_>>> = BTreeMap::new();
    for tag in tags {
        projects.entry(tag.version.project.clone()).or_default().push(tag);
    }
    let mut projects: Vec<VecDeque<Tag<'_>>> = projects
        .into_values()
        .map(|mut tags| {
            tags.sort_by(|a, b| a.version.cmp(&b.version).then_with(|| a.name.cmp(b.name)));
            tags.into()
        })
        .collect();
    let mut order = Vec::new();
    loop {
        let heads = projects.iter_mut().filter(|tags| !tags.is_empty());
        let next = heads.min_by_key(|tags| tags.front().map(|tag| tag.time));
        let Some(tag) = next.and_then(VecDeque::pop_front) else { return order };
        order.push(tag);
    }
}

/// What each new tag contains and none before it does.
fn first(
    graph: &mut Graph,
    odb: &Odb<'_>,
    tags: &[&Tag<'_>],
    span: &Span<'_>,
    limit: usize,
) -> Result<Vec<(String, u32)>, Unread> {
    let since = span.since.as_second();
    let names: Vec<Sha> = tags.iter().map(|tag| tag.sha).collect();
    let mut all = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        if !tag.new || tag.time < since {
            continue;
        }
        let request = Request { wanted: &names[at..=at], hidden: &names[..at], since, limit };
        let found = walk(graph, odb, &request)?;
        all.extend(found.commits.into_iter().map(|node| (tag.name.to_owned(), node)));
    }
    Ok(all)
}
