//! Who posted what, and when.

use jiff::tz::TimeZone;
use lorecast_mail::{is_robot, poster};
use lorecast_model::{Fact, Kind, Message};

use super::teller::Teller;
use crate::employers;
use crate::head::{Head, Verb, article};
use crate::kind::spoken_title;
use crate::names::{sender, sender_among, writer};
use crate::spoken;

/// From how many patches on their number is news.
const MANY_PATCHES: u32 = 10;

/// From so many answers on two people have a back and forth.
const BACK_AND_FORTH: u32 = 5;

impl Teller<'_> {
    pub(super) fn head(&mut self) -> Head {
        let tags = &self.nature.tags;
        let (kind, total, number) = (self.nature.kind, tags.total, tags.number);
        let (rfc, reply, patch) = (tags.rfc, tags.reply, tags.patch);
        Head {
            kind,
            verb: Verb::Posted,
            author: self.author(),
            writer: self.writer(),
            other: self.other(),
            employer: None,
            title: self.title(),
            release: self.release(),
            version: self.version(),
            patches: self.patches(),
            article: article(total),
            rfc,
            series: total.is_some_and(|total| total > 1),
            patch,
            explain_rfc: false,
            reply,
            part: number.is_some_and(|number| number > 0) && total.is_some_and(|total| total > 1),
            posted: self.posted(),
        }
    }

    pub(super) fn author(&mut self) -> String {
        let (name, by) = sender_among(self.about, &self.pick.messages);
        self.proves(Fact::Author, &name, &by);
        if name.is_empty() { "An unnamed sender".to_owned() } else { name }
    }

    /// Who wrote it, of a single patch that another posted. A series may have many authors.
    fn writer(&mut self) -> Option<String> {
        let (tags, about) = (&self.nature.tags, self.about);
        let single = tags.patch && !tags.reply && tags.total.is_none_or(|total| total <= 1);
        if !single || about.writer.robot || employers::is_writer(about) {
            return None;
        }
        let name = Some(writer(about)).filter(|name| !name.is_empty())?;
        self.proves(Fact::Writer, &name, &about.header.id);
        Some(name)
    }

    /// The second person of a conversation that only two had.
    pub(super) fn other(&mut self) -> Option<String> {
        let facts = &self.pick.ranked.facts;
        let two = facts.people == 2 && facts.replies >= BACK_AND_FORTH;
        if self.nature.kind != Kind::Discussion || self.nature.tags.reply || !two {
            return None;
        }
        let from = |message: &Message| poster(message).email.to_ascii_lowercase();
        let (own, window) = (from(self.about), self.known.window);
        let others = self.pick.messages.iter().filter(|m| window.contains(m.header.date));
        let mut others = others.filter(|m| !is_robot(&m.header.from) && from(m) != own);
        let other = others.next()?;
        let (name, id) = (sender(other), other.header.id.clone());
        self.proves(Fact::Reply, &name, &id);
        Some(name).filter(|name| !name.is_empty())
    }

    pub(super) fn title(&mut self) -> String {
        let title = spoken_title(&self.nature.tags).to_owned();
        self.proves(Fact::Title, &title, &self.about.header.id);
        if title.is_empty() { "(no title)".to_owned() } else { title }
    }

    pub(super) fn release(&mut self) -> Option<String> {
        let release = self.nature.release.clone()?;
        self.proves(Fact::Release, &release, &self.about.header.id);
        Some(release)
    }

    pub(super) fn version(&mut self) -> Option<String> {
        let version = self.nature.tags.version;
        let told = self.nature.tags.patch && (version.major > 1 || version.minor > 0);
        let version = Some(version.to_string()).filter(|_| told)?;
        self.proves(Fact::Version, &version, &self.about.header.id);
        Some(version)
    }

    pub(super) fn patches(&mut self) -> Option<u32> {
        let tags = &self.nature.tags;
        let patches = tags.total.filter(|total| tags.patch && *total >= MANY_PATCHES)?;
        self.proves(Fact::Patches, &patches.to_string(), &self.about.header.id);
        Some(patches)
    }

    /// The day of the posting, when this week only went on talking about it.
    pub(super) fn posted(&mut self) -> Option<String> {
        let date = self.about.header.date;
        let day = TimeZone::UTC.to_datetime(date).date();
        if date >= self.known.window.bounds().0 {
            return None;
        }
        self.proves(Fact::Posted, &day.to_string(), &self.about.header.id);
        Some(spoken::day(day, self.known.window.to))
    }
}
