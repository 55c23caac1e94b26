//! The people of a show and of an episode.

use lorecast_model::taxonomy::TAXONOMY;
use roxmltree::Node;

use super::super::Lint;
use super::super::document::{Feed, attribute, trimmed};
use super::{PEOPLE, PERSON, ROLE, at_most, tags};
use crate::text::shortened;

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    let people = tags(feed.channel, "person").next();
    let message = "no `<podcast:person>` names who makes the show";
    lint.must(people.is_some(), &PEOPLE, feed.place(feed.channel), message);
    for parent in [feed.channel].into_iter().chain(feed.items()) {
        tags(parent, "person").for_each(|person| one(lint, feed, person));
    }
}

fn one<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let name = trimmed(node);
    lint.must(!name.is_empty(), &PERSON, feed.place(node), "`<podcast:person>` has no name");
    at_most(lint, feed, node, ("the name", &name), 128, &PERSON);
    let small = |attr: &str, otherwise: &str| {
        attribute(node, attr).filter(|v| !v.is_empty()).unwrap_or(otherwise).to_lowercase()
    };
    let role = small("role", "host");
    // Who gives a role only may leave the group to the reader.
    let groups: Vec<&str> = match attribute(node, "group") {
        Some(group) => vec![group],
        None => TAXONOMY.iter().map(|(group, _)| *group).collect(),
    };
    let fits = groups.iter().any(|group| {
        let known = TAXONOMY.iter().find(|(known, _)| alike(known, group));
        known.is_some_and(|(_, roles)| roles.contains(&role.as_str()))
    });
    let message = format!(
        "the taxonomy has no role `{}` in group `{}`",
        shortened(&role, 40),
        shortened(&small("group", "cast"), 40)
    );
    lint.must(fits, &ROLE, feed.place(node), message);
}

/// The same group, whatever its case and the dot of `misc.`.
fn alike(known: &str, group: &str) -> bool {
    known.trim_end_matches('.').eq_ignore_ascii_case(group.trim_end_matches('.'))
}
