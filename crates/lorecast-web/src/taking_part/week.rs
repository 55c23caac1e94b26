//! The rundown of the coming episode.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::{Ballot, Commons, EntryId, Refusal, Role};
use lorecast_desk::{Week, WeekStory};
use lorecast_model::{MessageId, StoryState};
use serde::{Deserialize, Serialize};

use super::facts::{Facts, facts};
use super::seen::{Looks, Newness, Seen};
use super::story::{Talk, VotesView};
use crate::address;
use crate::app::App;
use crate::fault::Fault;
use crate::pages;
use crate::shown::{one_line, subject};
use crate::who::You;

/// How stories are sorted, and which are shown.
#[derive(Deserialize)]
pub(crate) struct Asked {
    sort: Option<String>,
    only: Option<String>,
}

#[derive(Serialize)]
struct WeekPage {
    title: String,
    days: String,
    minutes: String,
    target: Option<String>,
    /// How many stories are new or changed since the last look.
    news: Option<String>,
    sections: Vec<SectionView>,
    missed: Vec<StoryLine>,
    sorts: Vec<Choice>,
    filters: Vec<Choice>,
    q: String,
}

/// A link that chooses how the page is arranged.
#[derive(Serialize)]
struct Choice {
    word: &'static str,
    link: String,
    here: bool,
}

#[derive(Serialize)]
struct SectionView {
    title: String,
    stories: Vec<StoryLine>,
}

#[derive(Serialize)]
struct StoryLine {
    title: String,
    link: String,
    facts: Facts,
    pinned: bool,
    dropped: bool,
    /// `new`, `changed`, or nothing.
    newness: &'static str,
    score: String,
    reasons: Vec<String>,
    minutes: Option<String>,
    votes: VotesView,
    claimed: Option<String>,
    proposals: usize,
}

const SORTS: [(&str, &str); 3] =
    [("order", "as told"), ("votes", "most votes"), ("score", "highest score")];
const FILTERS: [(&str, &str); 4] = [
    ("all", "all"),
    ("free", "nobody writes"),
    ("proposals", "with proposals"),
    ("yours", "yours"),
];

/// `/`: the coming episode; else the latest threads, or what is published.
pub(crate) async fn home(
    State(app): State<Arc<App>>,
    you: You,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Fault> {
    match page(&app, &you, &headers, asked.map_err(Fault::query)?.0).await {
        Ok(Some(page)) => Ok(page),
        Ok(None) => match pages::latest_threads(&app, &you).await {
            Err(Fault::Empty) if app.is_published() => {
                Ok(Redirect::temporary(&app.link("/site/")).into_response())
            }
            page => Ok(page?.into_response()),
        },
        Err(fault) => Err(fault),
    }
}

/// `/week/`
pub(crate) async fn week(
    State(app): State<Arc<App>>,
    you: You,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Fault> {
    let none = "No episode is being made: `lorecast draft` begins one.".to_owned();
    let asked = asked.map_err(Fault::query)?.0;
    page(&app, &you, &headers, asked).await?.ok_or(Fault::Nothing(none))
}

/// Whoever is signed in is shown what is new since they last looked; their browser remembers what that was.
async fn page(
    app: &Arc<App>,
    you: &You,
    headers: &HeaderMap,
    asked: Asked,
) -> Result<Option<Response>, Fault> {
    let Some(week) = app.desk(|desk| Ok(desk.week()?)).await? else { return Ok(None) };
    let sort = known(asked.sort, &SORTS, "sort")?;
    let only = known(asked.only, &FILTERS, "only")?;
    let facts = facts(app, stories(&week).map(|told| told.story.id.clone()).collect()).await?;
    let now = Timestamp::now();
    let (page, seen) = app.community.look(|commons| {
        let mut view = Viewer { commons, you, now, facts: &facts, seen: None };
        let seen = you.account().map(|_| {
            let says = Looks::of(stories(&week).map(|told| (&told.story.id, view.says(told))));
            let (seen, before) = Seen::next(Seen::of(headers), now, &says);
            view.seen = before;
            seen
        });
        (view.page(&week, sort, only), seen)
    });
    let mut response = app.pages.page("week", &page, you)?.into_response();
    seen.map(|seen| response.headers_mut().append(header::SET_COOKIE, seen.cookie()));
    Ok(Some(response))
}

fn stories(week: &Week) -> impl Iterator<Item = &WeekStory> {
    week.sections.iter().flat_map(|section| &section.stories)
}

/// One of these words; the first when there is none.
fn known<'a>(
    asked: Option<String>,
    words: &[(&'a str, &str)],
    what: &str,
) -> Result<&'a str, Fault> {
    let Some(asked) = asked else { return Ok(words[0].0) };
    let found = words.iter().find(|(word, _)| *word == asked);
    let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    found
        .map(|(word, _)| *word)
        .ok_or_else(|| Fault::Wrong(format!("`{what}` is one of {}.", all.join(", "))))
}

struct Viewer<'a> {
    commons: &'a Commons,
    you: &'a You,
    now: Timestamp,
    facts: &'a HashMap<MessageId, Facts>,
    /// What they saw the last time.
    seen: Option<Looks>,
}

impl Viewer<'_> {
    fn page(&self, week: &Week, sort: &str, only: &str) -> WeekPage {
        let choose = |words: &[(&'static str, &'static str)],
                      chosen: &str,
                      link: &dyn Fn(&str) -> String| {
            let choice = |&(word, text): &(&str, &'static str)| Choice {
                word: text,
                link: link(word),
                here: word == chosen,
            };
            words.iter().map(choice).collect()
        };
        WeekPage {
            title: one_line(&week.title),
            days: format!("{} to {}", week.window.from, week.window.to),
            minutes: format!("{:.0}", week.minutes),
            target: week.target.map(|minutes| format!("{minutes:.0}")),
            news: self.news(week),
            sections: self.sections(week, sort, only),
            missed: self.missed(week),
            sorts: choose(&SORTS, sort, &|word| format!("/week/?sort={word}&only={only}")),
            filters: choose(&FILTERS, only, &|word| format!("/week/?sort={sort}&only={word}")),
            q: String::new(),
        }
    }

    /// What of a story somebody would want to look at again for: all but the votes.
    fn says(&self, told: &WeekStory) -> String {
        let StoryLine { title, facts, pinned, dropped, claimed, proposals, .. } = self.line(told);
        let standing = facts.standing.unwrap_or_default();
        let text = told.text.as_deref().unwrap_or_default();
        format!("{title}\n{standing}\n{pinned} {dropped}\n{claimed:?}\n{proposals}\n{text}")
    }

    fn newness(&self, told: &WeekStory) -> Newness {
        let Some(seen) = &self.seen else { return Newness::Known };
        seen.newness(&told.story.id, &self.says(told))
    }

    /// How many stories are new to who looks; nothing when they look for the first time.
    fn news(&self, week: &Week) -> Option<String> {
        self.seen.as_ref()?;
        let count = |what| stories(week).filter(|told| self.newness(told) == what).count();
        let (new, changed) = (count(Newness::New), count(Newness::Changed));
        Some(match (new, changed) {
            (0, 0) => "Nothing new since you last looked".to_owned(),
            (new, 0) => format!("{new} new since you last looked"),
            (0, changed) => format!("{changed} changed since you last looked"),
            (new, changed) => format!("{new} new and {changed} changed since you last looked"),
        })
    }

    fn sections(&self, week: &Week, sort: &str, only: &str) -> Vec<SectionView> {
        let shown = |told: &&WeekStory| self.is_shown(&told.story.id, only);
        let by_votes = |told: &WeekStory| {
            let (up, down) = self.commons.talk(&told.story.id).map_or((0, 0), |talk| talk.votes());
            down as i64 - up as i64
        };
        let sections = week.sections.iter().map(|section| {
            let mut stories: Vec<&WeekStory> = section.stories.iter().filter(shown).collect();
            match sort {
                "votes" => stories.sort_by_key(|told| by_votes(told)),
                "score" => stories.sort_by(|a, b| b.story.score.total_cmp(&a.story.score)),
                _ => {}
            }
            let line = |told: &WeekStory| StoryLine {
                newness: match self.newness(told) {
                    Newness::New => "new",
                    Newness::Changed => "changed",
                    Newness::Known => "",
                },
                ..self.line(told)
            };
            let stories = stories.into_iter().map(line).collect();
            SectionView { title: one_line(&section.title), stories }
        });
        sections.filter(|section| !section.stories.is_empty()).collect()
    }

    fn is_shown(&self, id: &MessageId, only: &str) -> bool {
        let talk = self.commons.talk(id);
        let claim = talk.and_then(|talk| talk.claim(self.now));
        let open = || {
            talk.into_iter()
                .flat_map(|talk| &talk.proposals)
                .filter(|id| self.is_open(**id))
                .count()
        };
        let yours = || claim.is_some_and(|claim| Some(claim.by) == self.you.account());
        match only {
            "free" => claim.is_none(),
            "proposals" => open() > 0,
            "yours" => yours(),
            _ => true,
        }
    }

    fn is_open(&self, id: EntryId) -> bool {
        !self.commons.is_hidden(id)
            && self.commons.proposal(id).is_some_and(|proposal| proposal.is_open())
    }

    fn line(&self, told: &WeekStory) -> StoryLine {
        let story = &told.story;
        StoryLine {
            title: subject(&story.title),
            facts: self.facts.get(&story.id).cloned().unwrap_or_default(),
            pinned: story.state == StoryState::Pinned,
            dropped: story.state == StoryState::Dropped,
            score: format!("{:.0}", story.score),
            reasons: story.reasons.iter().map(|reason| one_line(reason)).collect(),
            minutes: told.text.as_ref().map(|_| format!("{:.1}", told.minutes)),
            ..self.talk_line(&story.id)
        }
    }

    fn talk_line(&self, id: &MessageId) -> StoryLine {
        let talk = self.commons.talk(id);
        let claim = talk.and_then(|talk| talk.claim(self.now));
        let proposals = talk.into_iter().flat_map(|talk| &talk.proposals);
        StoryLine {
            title: one_line(id.as_str()),
            link: address::of_story(id),
            facts: Facts::default(),
            pinned: false,
            dropped: false,
            newness: "",
            score: String::new(),
            reasons: vec![],
            minutes: None,
            votes: Talk { commons: self.commons, you: self.you }.votes(id),
            claimed: claim.map(|claim| one_line(self.commons.name(claim.by))),
            proposals: proposals.filter(|id| self.is_open(**id)).count(),
        }
    }

    /// What people found missing and the episode does not have, the most wanted first.
    fn missed(&self, week: &Week) -> Vec<StoryLine> {
        let told = |id: &MessageId| {
            week.sections
                .iter()
                .flat_map(|section| &section.stories)
                .any(|told| told.story.id == *id)
        };
        let seen = |id: &EntryId| !self.commons.is_hidden(*id);
        let mut missed: Vec<(i64, &MessageId, StoryLine)> = Vec::new();
        for (id, talk) in self.commons.talks() {
            let mut why = talk.suggestions.iter().filter(|one| seen(&one.id)).peekable();
            if told(id) || why.peek().is_none() {
                continue;
            }
            let (up, down) = talk.votes();
            let reasons = why.map(|one| one_line(&one.why)).collect();
            missed.push((down as i64 - up as i64, id, StoryLine { reasons, ..self.talk_line(id) }));
        }
        missed.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        missed.into_iter().take(50).map(|(_, _, line)| line).collect()
    }
}

/// What a ballot is called in a form.
pub(super) fn ballot(word: &str) -> Result<Ballot, Fault> {
    match word {
        "for" => Ok(Ballot::For),
        "against" => Ok(Ballot::Against),
        "none" => Ok(Ballot::None),
        _ => Err(Fault::Wrong("A vote is one of for, against, none.".to_owned())),
    }
}

/// The role of a word in a form.
pub(super) fn role(word: &str) -> Result<Role, Fault> {
    let found = Role::ALL.into_iter().find(|role| role.word() == word);
    found.ok_or_else(|| Fault::from(Refusal::Empty("a role")))
}
