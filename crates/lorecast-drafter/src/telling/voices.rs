//! Who answered, and whom everybody works for.

use lorecast_model::Fact;

use super::teller::Teller;
use super::{Said, Telling};
use crate::employers;
use crate::names::sender;
use crate::quote::Stance;
use crate::reply::Reply;

impl Teller<'_> {
    pub(super) fn replies(&mut self, replies: &[Reply<'_>]) -> Vec<Said> {
        let mut told = Vec::new();
        for reply in replies {
            let header = &reply.message.header;
            let name = sender(reply.message);
            if name.is_empty() {
                continue;
            }
            self.proves(Fact::Reply, &name, &header.id);
            self.proves(Fact::Quotation, &reply.quotation.text, &header.id);
            told.push(Said {
                name,
                employer: None,
                url: self.known.show.link(&header.id),
                author: reply.author,
                stance: Stance::of(&reply.quotation.text),
                voice: 0,
                turn: told.len() + 1,
                last: false,
                quotation: reply.quotation.clone(),
            });
        }
        if let Some(last) = told.last_mut() {
            last.last = true;
        }
        told
    }

    /// Within a story the employers of all who are named are told, or nobody's: to name some would
    /// be unfair to the others.
    pub(super) fn employers(&mut self, telling: &mut Telling, spoken: &[Reply<'_>]) {
        // The author first, then who answered.
        let mut named = vec![(String::new(), self.about)];
        for said in telling.replies.iter().filter(|said| !said.author) {
            let link =
                |reply: &&Reply<'_>| self.known.show.link(&reply.message.header.id) == said.url;
            let Some(reply) = spoken.iter().find(link) else { return };
            named.push((said.url.clone(), reply.message));
        }
        let taker = telling.applied.as_ref().filter(|taker| **taker != telling.head.author);
        if taker.is_some_and(|taker| telling.replies.iter().all(|said| said.name != *taker)) {
            return;
        }
        // Programs work for nobody.
        named.retain(|(_, message)| !message.writer.robot);
        let messages = named.iter().map(|(_, message)| *message);
        let Some(told) = employers::of(messages, self.known) else { return };
        for ((url, _), (employer, proof)) in named.iter().zip(told) {
            self.proves(Fact::Employer, &employer, &proof);
            match telling.replies.iter_mut().find(|said| said.url == *url) {
                Some(said) => said.employer = Some(employer),
                None => telling.head.employer = Some(employer),
            }
        }
    }
}
