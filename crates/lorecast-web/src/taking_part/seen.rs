//! What somebody saw of the week the last time, which their browser remembers and nobody else.

use axum::http::header::{self, HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use lorecast_community::NewsKey;
use lorecast_model::MessageId;

/// The cookie; for this host alone (RFC 6265bis section 4.1.3.2).
const COOKIE: &str = "__Host-lorecast-week";
/// A year, in seconds.
const AGE: u32 = 365 * 24 * 60 * 60;
/// Who comes back within this time still looks.
const VISIT: SignedDuration = SignedDuration::from_mins(30);
/// So many stories are remembered: a cookie has 4,096 bytes.
const MOST: usize = 150;
/// Digits that a story has in the cookie: those of its id, and of what it says.
const DIGITS: (usize, usize) = (4, 6);

/// What a week says, story by story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Looks(Vec<String>);

/// What the browser remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// When the week was looked at last.
    at: Timestamp,
    /// What it said when the visit before this one ended.
    before: Looks,
    /// What it said then.
    last: Looks,
}

/// What is new about a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newness {
    /// Nothing, as far as is known.
    Known,
    /// Something that it says.
    Changed,
    /// The story.
    New,
}

impl Looks {
    /// Of stories and what each says.
    pub(super) fn of<'a>(stories: impl Iterator<Item = (&'a MessageId, String)>) -> Self {
        let look = |(id, says): (&MessageId, String)| format!("{}{}", digits(id), digest(&says));
        Self(stories.take(MOST).map(look).collect())
    }

    /// How new a story is to who saw these.
    pub(super) fn newness(&self, id: &MessageId, says: &str) -> Newness {
        let id = digits(id);
        let held: Vec<&str> = self.0.iter().filter_map(|look| look.strip_prefix(&*id)).collect();
        match held.is_empty() {
            true if self.0.len() >= MOST => Newness::Known,
            true => Newness::New,
            false if held.contains(&&*digest(says)) => Newness::Known,
            false => Newness::Changed,
        }
    }

    fn read(text: &str) -> Option<Self> {
        let length = DIGITS.0 + DIGITS.1;
        let plain = text.bytes().all(|b| b.is_ascii_hexdigit());
        let fits = plain && text.len().is_multiple_of(length) && text.len() <= MOST * length;
        let look = |at: usize| text[at..at + length].to_owned();
        fits.then(|| Self((0..text.len()).step_by(length).map(look).collect()))
    }
}

impl Seen {
    /// What a browser remembers; nothing when it was never here, or sends nonsense.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, text) = pairs.find(|(name, _)| *name == COOKIE)?;
        let mut parts = text.split('.');
        let at = Timestamp::from_second(parts.next()?.parse().ok()?).ok()?;
        let (before, last) = (Looks::read(parts.next()?)?, Looks::read(parts.next()?)?);
        parts.next().is_none().then_some(Self { at, before, last })
    }

    /// What is remembered after this look, and what is new is told by: a visit goes on for as long as somebody keeps
    /// looking, and so long what was new stays so.
    pub(super) fn next(
        earlier: Option<Self>,
        now: Timestamp,
        says: &Looks,
    ) -> (Self, Option<Looks>) {
        let before = match earlier {
            None => None,
            Some(seen) if now.duration_since(seen.at).abs() <= VISIT => Some(seen.before),
            Some(seen) => Some(seen.last),
        };
        let last = says.clone();
        let next = Self { at: now, before: before.clone().unwrap_or_else(|| says.clone()), last };
        (next, before)
    }

    /// As the browser keeps it.
    pub(super) fn cookie(&self) -> HeaderValue {
        let (at, before, last) =
            (self.at.as_second(), self.before.0.concat(), self.last.0.concat());
        let text = format!(
            "{COOKIE}={at}.{before}.{last}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={AGE}"
        );
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }
}

fn digits(id: &MessageId) -> String {
    cut(&NewsKey::new("story", id.as_str()), DIGITS.0)
}

fn digest(says: &str) -> String {
    cut(&NewsKey::new("says", says), DIGITS.1)
}

fn cut(key: &NewsKey, digits: usize) -> String {
    key.as_str().chars().take(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(stories: &[(&str, &str)]) -> Looks {
        let all: Vec<_> =
            stories.iter().map(|(id, says)| (MessageId::new(id).unwrap(), *says)).collect();
        Looks::of(all.iter().map(|(id, says)| (id, (*says).to_owned())))
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(minutes * 60).unwrap()
    }

    fn sent(seen: &Seen) -> Option<Seen> {
        let mut headers = HeaderMap::new();
        let text = seen.cookie().to_str().unwrap().split(';').next().unwrap().to_owned();
        headers.insert(header::COOKIE, HeaderValue::from_str(&text).unwrap());
        Seen::of(&headers)
    }

    #[test]
    fn a_browser_gives_back_what_it_was_given() {
        let (seen, before) = Seen::next(None, at(0), &looks(&[("1@x", "a"), ("2@x", "b")]));
        assert_eq!((sent(&seen).as_ref(), before), (Some(&seen), None));
    }

    #[test]
    fn what_was_new_stays_new_for_the_visit() {
        let (first, second) = (looks(&[("1@x", "a")]), looks(&[("1@x", "b"), ("2@x", "c")]));
        let (seen, _) = Seen::next(None, at(0), &first);
        let id = |text| MessageId::new(text).unwrap();
        let mut seen = seen;
        for minutes in [100, 120, 140] {
            let (next, before) = Seen::next(sent(&seen), at(minutes), &second);
            let news = |name, says| before.as_ref().unwrap().newness(&id(name), says);
            assert_eq!((news("1@x", "b"), news("2@x", "c")), (Newness::Changed, Newness::New));
            seen = next;
        }
        let (_, before) = Seen::next(Some(seen), at(300), &second);
        assert_eq!(before.unwrap().newness(&id("2@x"), "c"), Newness::Known);
    }

    #[test]
    fn nonsense_is_nothing() {
        for text in
            ["", "x", "1.2.3", "1..", "9999999999999999999..", "1.zzzzzzzzzz.", "1...", "-5.é."]
        {
            let mut headers = HeaderMap::new();
            let cookie = HeaderValue::from_bytes(format!("{COOKIE}={text}").as_bytes());
            headers.insert(header::COOKIE, cookie.unwrap());
            let empty = text == "1..";
            assert_eq!(Seen::of(&headers).is_some(), empty, "{text}");
        }
    }
}
