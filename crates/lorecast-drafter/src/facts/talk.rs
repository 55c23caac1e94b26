//! The conversation of a window: who, how much, how deep.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_mail::{is_robot, poster};
use lorecast_model::{Message, MessageId, Window};

use super::{Facts, Writer};

impl Facts {
    pub(super) fn count(&mut self, seen: &[&Message], window: Window) {
        let mut writers: BTreeMap<String, Writer> = BTreeMap::new();
        let mut days: BTreeMap<i64, u32> = BTreeMap::new();
        for message in seen.iter().filter(|m| window.contains(m.header.date)) {
            let from = poster(message);
            self.messages += 1;
            if is_robot(&message.header.from) {
                continue;
            }
            let answers = u32::from(from.email != self.author.email);
            let writer = writers.entry(from.email.to_ascii_lowercase()).or_insert_with(|| Writer {
                who: from,
                mails: 0,
                answers: 0,
            });
            writer.mails += 1;
            if is_conversation(message) {
                self.replies += 1;
                *days.entry(message.header.date.as_second() / 86_400).or_default() += 1;
                writer.answers += answers;
            }
        }
        self.people = count_of(writers.len());
        let domains: BTreeSet<&str> =
            writers.keys().filter_map(|email| organisation(email)).collect();
        self.domains = count_of(domains.len());
        self.busiest_day = days.values().copied().max().unwrap_or(0);
        self.depth = depth(seen, window);
        let mut writers: Vec<Writer> = writers.into_values().collect();
        writers.sort_by(|a, b| (b.mails, &a.who.email).cmp(&(a.mails, &b.who.email)));
        writers.truncate(Self::MOST_WRITERS);
        self.writers = writers;
        let lists: BTreeSet<_> = seen.iter().flat_map(|m| &m.header.lists).collect();
        self.lists = lists.into_iter().cloned().collect();
    }
}

pub(super) fn count_of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A mail that answers instead of carrying a patch.
pub(super) fn is_conversation(message: &Message) -> bool {
    let subject = message.header.subject.trim_start();
    let reply = subject.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("re:"));
    reply
        || (!message.header.references.is_empty()
            && message.diff.is_empty()
            && !subject.starts_with('['))
}

/// The organisation behind an address: the last two labels of its domain, three below a country's
/// commercial or academic domain. Free mail services say nothing.
fn organisation(email: &str) -> Option<&str> {
    const FREE: [&str; 16] = [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "163.com",
        "126.com",
        "qq.com",
        "protonmail.com",
        "proton.me",
        "mail.ru",
        "gmx.de",
        "gmx.net",
        "web.de",
        "icloud.com",
        "foxmail.com",
    ];
    let domain = email.rsplit_once('@')?.1;
    let labels = if domain.contains(".co.") || domain.contains(".com.") || domain.contains(".ac.") {
        3
    } else {
        2
    };
    let from = domain.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    let name = domain.get(from..)?;
    (!name.is_empty() && !FREE.contains(&name)).then_some(name)
}

/// The longest chain of messages of the window, each answering the one before; at most 200.
fn depth(seen: &[&Message], window: Window) -> u32 {
    let mut depths: BTreeMap<&MessageId, u32> = BTreeMap::new();
    for message in seen.iter().filter(|m| window.contains(m.header.date)) {
        let parent = message.header.references.last();
        let above = parent.and_then(|id| depths.get(id)).copied().unwrap_or(0);
        depths.insert(&message.header.id, (above + 1).min(200));
    }
    depths.values().copied().max().unwrap_or(0)
}
