//! Asks one blog, politely.

use std::io::Read;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use lorecast_fetch::{Answer, Client, Manners, Redirects};
use lorecast_model::Show;
use lorecast_model::planet::{Blog, Planet};
use lorecast_planet::{Remembered, read};
use url::Url;

use super::{BlogNews, BlogReport, Gathering};

/// The largest feed that is read, in bytes, packed or not.
const LARGEST: u64 = 10_000_000;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server is left alone for so long at most, whatever it says.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest header that is kept for the next time, in bytes.
const LONGEST: usize = 500;

/// Asks blogs.
pub(super) struct Asker<'a> {
    pub(super) client: Client,
    show: &'a Show,
    every: SignedDuration,
    /// The show's folder.
    pub(super) root: &'a Utf8Path,
    /// The published folder.
    out: &'a Utf8Path,
    /// Where faces are kept.
    pub(super) faces: &'a Utf8Path,
    pub(super) how: Gathering,
}

impl<'a> Asker<'a> {
    pub(super) fn new(
        show: &'a Show,
        planet: &Planet,
        root: &'a Utf8Path,
        out: &'a Utf8Path,
        faces: &'a Utf8Path,
        how: Gathering,
    ) -> Self {
        let page: String = show.url.chars().filter(char::is_ascii_graphic).collect();
        let client = Client::new(Manners {
            agent: format!("lorecast/{} (planet; +{page})", env!("CARGO_PKG_VERSION")),
            patience: PATIENCE,
            allowed: planet.allow.clone(),
            packed: true,
            in_turn: true,
            // Blogs move, and it is told where to.
            redirects: Redirects::Anywhere,
        });
        let every = SignedDuration::from_mins(i64::from(planet.every));
        Self { client, show, every, root, out, faces, how }
    }

    /// Asks a blog for what is new, unless it is to be left alone.
    pub(super) fn ask(&self, blog: &Blog, known: &mut Remembered) -> BlogReport {
        let mut notes = Vec::new();
        known.wish(&blog.tags);
        let news = match (self.own(&blog.feed), self.rests(known)) {
            (Some(file), _) => self.read_own(blog, known, &file),
            (None, Some(rests)) => rests,
            (None, None) => self.fetch(blog, known, &mut notes),
        };
        if matches!(news, BlogNews::Read { .. } | BlogNews::Unchanged) {
            notes.extend(self.face(blog, known));
        }
        BlogReport { name: blog.name.clone(), feed: blog.feed.clone(), news, notes }
    }

    /// Why a blog is not asked now.
    fn rests(&self, known: &Remembered) -> Option<BlogNews> {
        let Gathering { now, again, .. } = self.how;
        if let Some(until) = known.not_before.filter(|until| *until > now) {
            return Some(BlogNews::Rests { until });
        }
        if again {
            return None;
        }
        if known.gone {
            return Some(BlogNews::Gone);
        }
        // A clock that was wrong once must not silence a blog for years.
        let until = known.asked.filter(|asked| *asked <= now)?.checked_add(self.every).ok()?;
        (until > now).then_some(BlogNews::Rests { until })
    }

    fn fetch(&self, blog: &Blog, known: &mut Remembered, notes: &mut Vec<String>) -> BlogNews {
        let Ok(url) = Url::parse(&blog.feed) else {
            return BlogNews::Failed("is no address".to_owned());
        };
        known.asked = Some(self.how.now);
        let conditions =
            [("If-None-Match", &known.etag), ("If-Modified-Since", &known.last_modified)];
        let accept = "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5";
        let headers: Vec<(&str, &str)> = conditions
            .iter()
            .filter_map(|(name, value)| Some((*name, value.as_deref()?)))
            .chain([("Accept", accept)])
            .collect();
        let answer = match self.client.ask("GET", &url, &headers, LARGEST) {
            Ok(answer) => answer,
            Err(why) => return BlogNews::Failed(why),
        };
        if let Some(there) = &answer.moved {
            notes.push(format!("it has moved for good: write `feed: {there}` in `planet.yaml`"));
        }
        self.hear(blog, known, &answer)
    }

    /// What an answer means.
    fn hear(&self, blog: &Blog, known: &mut Remembered, answer: &Answer) -> BlogNews {
        known.gone = answer.status == 410;
        known.not_before = None;
        match answer.status {
            200 if !answer.whole => {
                BlogNews::Failed(format!("is larger than {} MB", LARGEST / 1_000_000))
            }
            200 => {
                let news = self.take_in(blog, known, &answer.body, &answer.url);
                if matches!(news, BlogNews::Read { .. }) {
                    known.etag = kept(answer.header("etag"));
                    known.last_modified = kept(answer.header("last-modified"));
                }
                news
            }
            304 => BlogNews::Unchanged,
            410 => BlogNews::Gone,
            status => {
                known.not_before = self.rest(answer.header("retry-after"));
                match known.not_before {
                    Some(until) => BlogNews::Failed(format!(
                        "answers {status} and wants to be left alone until {until}"
                    )),
                    None => BlogNews::Failed(format!("answers {status}")),
                }
            }
        }
    }

    fn take_in(&self, blog: &Blog, known: &mut Remembered, body: &[u8], url: &Url) -> BlogNews {
        match read(body, url) {
            Ok(feed) => BlogNews::Read { new: known.take_in(feed, blog, self.how.now) },
            Err(unreadable) => BlogNews::Failed(unreadable.to_string()),
        }
    }

    /// Until when a server wants to be left alone: seconds or a date (RFC 9110 section 10.2.3).
    fn rest(&self, retry_after: &str) -> Option<Timestamp> {
        let (now, text) = (self.how.now, retry_after.trim());
        let until = match text.parse::<i64>() {
            Ok(seconds) => now.checked_add(SignedDuration::from_secs(seconds.max(0))).ok(),
            Err(_) => jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp()),
        };
        let latest = now.checked_add(LONGEST_REST).ok()?;
        until
            .or((!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(latest))
            .map(|until| until.min(latest))
            .filter(|until| *until > now)
    }

    /// The file of a feed of ours: it is read where it was published, and nobody is asked.
    fn own(&self, feed: &str) -> Option<Utf8PathBuf> {
        let site = format!("{}/", self.show.url.trim().trim_end_matches('/'));
        let path = feed.strip_prefix(&site)?;
        let plain = |name: &str| {
            let ok = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            !name.is_empty() && !name.starts_with('.') && name.chars().all(ok)
        };
        path.split('/').all(plain).then(|| self.out.join(path))
    }

    fn read_own(&self, blog: &Blog, known: &mut Remembered, file: &Utf8Path) -> BlogNews {
        let mut bytes = Vec::new();
        let read =
            std::fs::File::open(file).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
        match (read, Url::parse(&blog.feed)) {
            (Ok(_), Ok(url)) => self.take_in(blog, known, &bytes, &url),
            (Err(error), _) => BlogNews::Failed(format!(
                "is a feed of this show and cannot be read in `{file}` ({error}); run `lorecast publish`"
            )),
            (_, Err(error)) => BlogNews::Failed(format!("is no address: {error}")),
        }
    }
}

/// A header as it can be sent back.
fn kept(value: &str) -> Option<String> {
    let plain = value.len() <= LONGEST && value.bytes().all(|b| matches!(b, b' '..=b'~'));
    (plain && !value.is_empty()).then(|| value.to_owned())
}
