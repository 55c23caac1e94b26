//! One mail that tells somebody what is new.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{AccountId, By, Deed, Following, Notice, Refusal};

use super::letter::{self, Letter};
use super::news::LATE;
use super::news::{News, Newsroom};
use super::{Community, NotDone, new_key};
use crate::{Desk, DeskError, Result, Silent};

/// A mail a day, or a week; an hour less, so that it does not come later from day to day.
const DAY: SignedDuration = SignedDuration::from_hours(23);
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24 - 1);
/// So much is told in a mail; what is more waits for the next one.
const MOST: usize = 200;
/// Characters of a title.
const LONGEST: usize = 150;

impl Community {
    /// Tells everybody whose time it is what is new of what they follow, by mail. `at` is where the server is found, and `link` makes
    /// the path that a piece of news is read at. Each mail is noted in the journal before it goes out, so that nobody is told
    /// twice, by whichever server. Returns how many mails went out.
    ///
    /// # Errors
    /// When the archives or a file of the show cannot be read. A mail that cannot be sent is logged, and told again.
    pub fn tell(&self, at: &str, link: &dyn Fn(&News) -> String, now: Timestamp) -> Result<usize> {
        let due: Vec<(AccountId, Following)> = self.look(|commons| {
            let due = commons.followers().filter(|(id, held)| {
                is_due(held, now)
                    && !held.interests.is_empty()
                    && commons.account(*id).is_some_and(|account| account.banned.is_none())
            });
            due.map(|(id, held)| (id, held.clone())).collect()
        });
        if due.is_empty() {
            return Ok(0);
        }
        let desk = Desk::open(&self.root, &Silent)?;
        let show = desk.show()?;
        if show.community.mail.is_empty() {
            return Ok(0);
        }
        let reader = desk.read()?;
        let circle = reader.circle()?;
        let room = reader.newsroom(&circle)?;
        let post = Post { community: self, desk: &desk, at, link, now };
        let mut sent = 0;
        for (who, held) in due {
            sent += usize::from(post.tells(who, &held, &room)?);
        }
        Ok(sent)
    }
}

fn is_due(held: &Following, now: Timestamp) -> bool {
    let pause = match held.notice {
        Notice::Never => return false,
        Notice::Daily => DAY,
        Notice::Weekly => WEEK,
    };
    held.told.is_none_or(|told| now.duration_since(told) >= pause)
}

struct Post<'a> {
    community: &'a Community,
    desk: &'a Desk<'a>,
    at: &'a str,
    link: &'a dyn Fn(&News) -> String,
    now: Timestamp,
}

impl Post<'_> {
    /// Whether a mail went out.
    fn tells(&self, who: AccountId, held: &Following, room: &Newsroom<'_>) -> Result<bool> {
        let since = held.told.map_or(Timestamp::MIN, |told| told - LATE);
        let mut news = room.unknown(held, since)?;
        let Some(to) = self.community.look(|commons| commons.address_of(who).map(str::to_owned))
        else {
            return Ok(false);
        };
        if news.is_empty() {
            return Ok(false);
        }
        // The oldest first: what does not fit is the newest, which the next mail still finds.
        news.reverse();
        news.truncate(MOST);
        let way_out = new_key()?;
        let keys = news.iter().map(|news| news.key.clone()).collect();
        let deed = Deed::Tell { who, since: held.told, news: keys, way_out: way_out.digest() };
        match self.community.does_now(By::Show, deed, self.now) {
            Ok(_) => {}
            // Another server was quicker, or they want no more mails.
            Err(NotDone::Refused(Refusal::Settled(_) | Refusal::Banned { .. })) => {
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
        let show = self.desk.show()?;
        let title = letter::title(&show);
        let letter = Letter {
            to: &to,
            subject: format!("{} new in {title}", news.len()),
            header: self.header(&way_out.text()),
            text: self.text(&title, &news, &way_out.text()),
        };
        match letter.send(self.desk, &show, self.now) {
            Ok(()) => Ok(true),
            Err(DeskError::NotSent { why }) => {
                tracing::error!("a mail could not be sent: {why}");
                self.community.does_now(By::Show, Deed::Untell { who }, self.now)?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// How a mail program ends such mails at a click (RFC 2369 section 3.2, RFC 8058).
    fn header(&self, way_out: &str) -> String {
        let at = self.at;
        let click = match at.starts_with("https://") {
            true => "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
            false => "",
        };
        format!("List-Unsubscribe: <{at}/unsubscribe/{way_out}>\n{click}")
    }

    fn text(&self, title: &str, news: &[News], way_out: &str) -> String {
        let at = self.at;
        let mut text = format!("New of what you follow in {title}:\n\n");
        for one in news {
            let by = if one.by.is_empty() { String::new() } else { format!(", {}", line(&one.by)) };
            let (title, words, link) = (line(&one.title), line(&one.in_words()), (self.link)(one));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{title}\n  {words}{by}\n  {at}{link}\n");
        }
        let _ = writeln!(
            text,
            "What you follow: {at}/me/following\nNo more of these mails: {at}/unsubscribe/{way_out}"
        );
        text
    }
}

/// One line, not too long, and without what turns text around or moves a terminal's cursor.
fn line(text: &str) -> String {
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| !hides(*c)).take(LONGEST).collect()
}
