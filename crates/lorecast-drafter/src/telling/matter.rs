//! What the author says: of the work, of what is counted, of what is new.

use lorecast_model::{Fact, Kind, MessageId, Revision, SeriesId};

use super::Source;
use super::teller::Teller;
use crate::changes::changes_since;
use crate::counts::counts;
use crate::kind::{spoken_title, tags};
use crate::parts::telling_parts;
use crate::quotable::of_a_patch;
use crate::quote::{Quotation, blamed, own_words, said};
use crate::spoken;

impl Teller<'_> {
    /// Words of the message itself, or of a patch, which is named then, when its cover letter says
    /// nothing.
    pub(super) fn quotations(
        &mut self,
        revision: Option<&Revision>,
        most: usize,
    ) -> (Vec<Quotation>, Option<Source>) {
        let title = self.nature.tags.title.clone();
        let (kind, reply) = (self.nature.kind, self.nature.tags.reply);
        let found = said(&self.about.text, &title, kind, reply, most);
        let id = self.about.header.id.clone();
        if !found.is_empty() {
            found.iter().for_each(|words| self.proves(Fact::Quotation, &words.text, &id));
            return (found, None);
        }
        let patch = revision.and_then(|r| of_a_patch(r, &self.pick.messages, &title));
        let Some((number, patch, words)) = patch else { return (Vec::new(), None) };
        self.proves(Fact::Quotation, &words.text, &patch.header.id);
        let url = self.known.show.link(&patch.header.id);
        // Of a single patch its words are those of the work.
        let source = (patch.header.id != id)
            .then(|| Source { name: format!("{} patch", spoken::ordinal(number)), url });
        (vec![words], source)
    }

    /// The titles of those patches that say most of what a series does.
    pub(super) fn parts(&mut self, revision: &Revision) -> Vec<Source> {
        if !self.nature.tags.patch || self.nature.tags.reply || revision.patches.len() < 2 {
            return Vec::new();
        }
        let chosen: Vec<(String, MessageId)> = telling_parts(revision);
        let mut parts = Vec::new();
        for (name, id) in chosen {
            let message = self.pick.messages.iter().find(|m| m.header.id == id);
            let held = message.is_some_and(|m| spoken_title(&tags(m)) == name);
            if held {
                self.proves(Fact::Title, &name, &id);
                parts.push(Source { name, url: self.known.show.link(&id) });
            }
        }
        parts
    }

    pub(super) fn medium(&self) -> &'static str {
        let tags = &self.nature.tags;
        match self.nature.kind {
            Kind::Mainline | Kind::Stable | Kind::Release => "announcement",
            Kind::Pull => "request",
            Kind::Regression | Kind::Build | Kind::Bug if !tags.patch => "report",
            _ if tags.reply || !tags.patch => "mail",
            _ if tags.number == Some(0) => "cover letter",
            _ => "patch",
        }
    }

    pub(super) fn counts(&mut self) -> Option<String> {
        if self.nature.kind != Kind::Build {
            return None;
        }
        let own = own_words(&self.about.text);
        let found = counts(&self.about.header.subject, &own);
        let id = self.about.header.id.clone();
        found.iter().for_each(|count| self.proves(Fact::Count, &count.verbatim, &id));
        let said: Vec<String> = found.into_iter().map(|count| count.said).collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    pub(super) fn blamed(&mut self) -> Option<String> {
        let title = blamed(&self.about.text).filter(|_| !self.nature.tags.patch)?;
        self.proves(Fact::Quotation, &title, &self.about.header.id.clone());
        Some(title)
    }

    /// What the author says is new: since the version that was told last, else in this one.
    pub(super) fn changes(&mut self, revision: Option<&Revision>, wanted: bool) -> Vec<String> {
        let tags = &self.nature.tags;
        if !wanted || !tags.patch || tags.reply || tags.version.major < 2 {
            return Vec::new();
        }
        let told =
            |series: &SeriesId| self.known.covered.iter().find(|told| told.series == *series);
        let since = revision.and_then(|revision| told(&revision.series)).map(|told| told.version);
        // Who remembers the work wants to hear more of what is new than who does not.
        let most = if since.is_some() { 2 } else { 1 };
        let words = changes_since(&self.about.text, tags.version, since, most);
        let id = self.about.header.id.clone();
        words.iter().for_each(|words| self.proves(Fact::Quotation, words, &id));
        words
    }
}
