//! Message-IDs as addresses, and back.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use lorecast_community::{EntryId, Interest};
use lorecast_desk::{News, NewsOf};
use lorecast_model::{EpisodeId, MessageId, PersonId, Sheet};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::fault::Fault;

/// First parts of paths that lead elsewhere than to mail, and to the published site.
const OURS: &[&str] = &[
    "",
    "accounts",
    "api",
    "enter",
    "entries",
    "events",
    "fillers",
    "follow",
    "following",
    "health",
    "latest",
    "live.js",
    "log",
    "mark.js",
    "me",
    "produce",
    "produce.js",
    "passkeys.js",
    "proposals",
    "reports",
    "robots.txt",
    "search",
    "sign-in",
    "sign-out",
    "sound.js",
    "stories",
    "suggest",
    "unfollow",
    "unsubscribe",
    "week",
];

/// First parts of paths that lead elsewhere than to mail.
const TAKEN: [&str; 4] = ["mail.css", "people", "series", "site"];

/// Whether a path leads to a page of ours, whatever the published site has at that address.
pub(crate) fn is_ours(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    match parts.next().unwrap_or_default() {
        // The published site has pages of people too; a feed names its own there.
        "people" => match (parts.next(), parts.next()) {
            (Some("") | None, None) => true,
            (_, third) => matches!(third, Some("" | "mails.atom" | "spoken")),
        },
        first => OURS.contains(&first),
    }
}

/// `/stories/<message-id>/`: the mail as a story of the show.
pub(crate) fn of_story(id: &MessageId) -> String {
    format!("/stories/{}/", id.in_path())
}

/// `/proposals/<number>/`
pub(crate) fn of_proposal(id: EntryId) -> String {
    format!("/proposals/{id}/")
}

/// `/produce/<date>/`: the workbench of an episode.
pub(crate) fn of_episode(id: EpisodeId) -> String {
    format!("/produce/{id}/")
}

/// The workbench with a story chosen, to be moved elsewhere or merged.
pub(crate) fn to_move(id: EpisodeId, story: &MessageId) -> String {
    format!("/produce/{id}/?story={}#more", escaped(story))
}

/// `/produce/<date>/notes` and `script`: a text of it, or what it says of one story.
pub(crate) fn of_words(id: EpisodeId, sheet: Sheet, story: Option<&MessageId>) -> String {
    let page = format!("/produce/{id}/{}", sheet.word());
    story.map_or_else(|| page.clone(), |story| format!("{page}?story={}", escaped(story)))
}

/// A Message-ID behind the `?` of an address.
fn escaped(id: &MessageId) -> String {
    url::form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect()
}

/// `/<message-id>/`: the mail.
pub(crate) fn of_mail(id: &MessageId) -> String {
    format!("/{}/", in_path(id))
}

/// `/<message-id>/t/`: its thread.
pub(crate) fn of_thread(id: &MessageId) -> String {
    format!("/{}/t/", in_path(id))
}

/// `/series/<message-id>/`: the series that it belongs to.
pub(crate) fn of_series(id: &MessageId) -> String {
    format!("/series/{}/", id.in_path())
}

/// `/people/<id>/`: who is called so within the show.
pub(crate) fn of_person(id: &PersonId) -> String {
    format!("/people/{id}/")
}

/// The page of what somebody follows.
pub(crate) fn of_interest(what: &Interest) -> String {
    match what {
        Interest::Thread(id) => of_thread(id),
        Interest::Series(id) => of_series(id),
        Interest::Story(id) => of_story(id),
        Interest::Person(id) => of_person(id),
        Interest::Search(text) => {
            format!("/search?q={}", utf8_percent_encode(text, NON_ALPHANUMERIC))
        }
    }
}

/// Where a piece of news is to be read.
pub(crate) fn of_news(news: &News) -> String {
    match &news.what {
        NewsOf::Mail(id) => of_mail(id),
        NewsOf::Revision { root, .. } => of_thread(root),
        NewsOf::Landed { root, .. } => of_series(root),
        NewsOf::Told { episode } => format!("/site/episodes/{episode}/index.html"),
    }
}

/// The place of a mail on a page, as the part of an address behind the `#`.
pub(crate) fn fragment(id: &MessageId) -> String {
    format!("#m{}", id.in_path())
}

/// A name to save a mail under: without anything that a shell, a file system or a header could read
/// as more than a name.
pub(crate) fn file_name(id: &MessageId, extension: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_@.+".contains(c);
    let name: String =
        id.as_str().chars().take(100).map(|c| if plain(c) { c } else { '_' }).collect();
    format!("{}.{extension}", name.trim_start_matches(['.', '-']))
}

/// The mail that a path names.
pub(crate) struct OfMail(pub(crate) MessageId);

impl<S: Send + Sync> FromRequestParts<S> for OfMail {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Fault::NoPage)?;
        MessageId::new(&text).map(Self).map_err(|_| Fault::NoPage)
    }
}

/// An id that is called like another page hides behind an escape, which means the same.
fn in_path(id: &MessageId) -> String {
    let path = id.in_path();
    match path.chars().next() {
        Some(first) if TAKEN.contains(&path.as_str()) || OURS.contains(&path.as_str()) => {
            format!("%{:02X}{}", u32::from(first), &path[1..])
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, path: &str, file: &str) {
        let id = MessageId::new(id).unwrap();
        assert_eq!((of_mail(&id).as_str(), file_name(&id, "eml").as_str()), (path, file));
    }

    #[test]
    fn whatever_an_id_holds() {
        check("1@a.example", "/1@a.example/", "1@a.example.eml");
        check("a/b%c?d#e@f", "/a%2Fb%25c%3Fd%23e@f/", "a_b_c_d_e@f.eml");
        check("\"><b>'&;", "/%22%3E%3Cb%3E%27%26%3B/", "___b____.eml");
        check("../../etc/passwd", "/..%2F..%2Fetc%2Fpasswd/", "_.._etc_passwd.eml");
        check("search", "/%73earch/", "search.eml");
        check("é@x", "/%C3%A9@x/", "_@x.eml");
    }
}
