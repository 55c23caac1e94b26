//! What the notes and the script say.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::Role;
use lorecast_desk::{Edited, Saved};
use lorecast_model::{EpisodeId, MessageId, Sheet};
use serde::{Deserialize, Serialize};

use super::proof::{Looked, ProofView, proof, rendered};
use super::{OfEpisode, OfSheet};
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::shown::{one_line, subject};
use crate::taking_part::{Empty, to};
use crate::who::{Posted, You};

#[derive(Serialize)]
struct WordsPage {
    title: String,
    date: EpisodeId,
    /// `notes` or `script`.
    sheet: &'static str,
    link: String,
    /// The story that is edited, when it is one alone.
    story: Option<String>,
    /// What stood there when somebody began.
    base: String,
    text: String,
    /// There is no such text yet, or the notes do not tell of the story.
    missing: bool,
    /// Others changed the same lines.
    conflict: bool,
    /// A draft left both sides of a conflict in the file: the line of the first marker.
    unsettled: Option<usize>,
    saved: bool,
    wrong: Option<String>,
    preview: Option<String>,
    proof: ProofView,
    /// The told stories, to edit one alone.
    stories: Vec<StoryLink>,
    q: String,
}

#[derive(Serialize)]
struct StoryLink {
    title: String,
    link: String,
}

/// Which part of the text, and whether it was just saved.
#[derive(Deserialize)]
pub(crate) struct Asked {
    story: Option<String>,
    saved: Option<String>,
}

/// `/produce/<date>/notes` and `script`
pub(crate) async fn words(
    State(app): State<Arc<App>>,
    you: You,
    OfSheet(episode, sheet): OfSheet,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    you.needs(Role::Editor)?;
    let Asked { story, saved } = asked.map_err(Fault::query)?.0;
    let part = Part::new(episode, sheet, story)?;
    let shown = Shown { saved: saved.is_some(), ..Shown::default() };
    page(&app, &you, part, shown).await
}

/// What is edited.
#[derive(Clone)]
struct Part {
    episode: EpisodeId,
    sheet: Sheet,
    story: Option<MessageId>,
}

impl Part {
    fn new(episode: EpisodeId, sheet: Sheet, story: Option<String>) -> Result<Self, Fault> {
        let story = story.filter(|story| !story.is_empty()).map(|story| MessageId::new(&story));
        let story = story.transpose().map_err(|error| Fault::Wrong(error.to_string()))?;
        Ok(Self { episode, sheet, story })
    }

    fn link(&self) -> String {
        address::of_words(self.episode, self.sheet, self.story.as_ref())
    }
}

/// What a page shows beside what stands in the file.
#[derive(Default)]
struct Shown {
    /// What somebody typed, and what it is based on.
    typed: Option<(String, String)>,
    conflict: bool,
    saved: bool,
    render: bool,
    wrong: Option<String>,
}

async fn page(app: &Arc<App>, you: &You, part: Part, shown: Shown) -> Result<Answer, Fault> {
    let Part { episode, sheet, story } = part.clone();
    let (week, words) = app
        .desk(move |desk| Ok((desk.week_of(episode)?, desk.words(episode, sheet, story.as_ref())?)))
        .await?;
    let told: Vec<_> = week
        .sections
        .iter()
        .flat_map(|section| &section.stories)
        .filter(|told| told.story.is_told())
        .collect();
    let own = part.story.as_ref().map(|id| {
        let own = told.iter().find(|told| told.story.id == *id);
        match own {
            Some(own) => Ok(subject(&own.story.title)),
            // What somebody typed is not lost with the story.
            None if shown.typed.is_some() => Ok(one_line(id.as_str())),
            None => Err(Fault::Nothing(format!("The episode tells no story about <{id}>."))),
        }
    });
    let own = own.transpose()?;
    let missing = words.is_none() && shown.typed.is_none();
    let (now, unsettled) = words.map_or((String::new(), None), |words| {
        let marker =
            words.markers.into_iter().next().map(|line| line.saturating_sub(words.line) + 1);
        (words.text, marker)
    });
    let (base, text) = shown.typed.unwrap_or_else(|| (now.clone(), now));
    let looked = Looked { episode, sheet, story: part.story.clone(), text: text.clone() };
    let mut wrong = shown.wrong;
    let preview = match shown.render.then(|| rendered(app, looked.clone())) {
        None => None,
        Some(rendered) => match rendered.await {
            Ok(html) => Some(html),
            Err(fault @ Fault::Wrong(_)) => {
                wrong = Some(fault.words());
                None
            }
            Err(fault) => return Err(fault),
        },
    };
    let name = if sheet == Sheet::Notes { "The notes" } else { "The script" };
    let page = WordsPage {
        title: own.clone().unwrap_or_else(|| name.to_owned()),
        date: episode,
        sheet: sheet.word(),
        link: format!("/produce/{episode}/{}", sheet.word()),
        story: part.story.map(|story| story.to_string()),
        base,
        text,
        missing,
        conflict: shown.conflict,
        unsettled,
        saved: shown.saved,
        wrong,
        preview,
        proof: proof(app, looked).await?,
        stories: told
            .iter()
            .filter(|told| sheet == Sheet::Notes && told.text.is_some())
            .map(|told| StoryLink {
                title: subject(&told.story.title),
                link: address::of_words(episode, Sheet::Notes, Some(&told.story.id)),
            })
            .collect(),
        q: String::new(),
    };
    app.pages.page("words", &page, you)
}

/// What somebody made of the words.
#[derive(Deserialize)]
pub(crate) struct WordsForm {
    story: Option<String>,
    base: String,
    text: String,
}

impl WordsForm {
    /// What is edited, what stood there, and what is to stand there. Browsers send line ends as CR LF (HTML, section
    /// 4.10.21.4).
    fn read(self, episode: EpisodeId, sheet: Sheet) -> Result<(Part, String, String), Fault> {
        let part = Part::new(episode, sheet, self.story)?;
        Ok((part, self.base.replace("\r\n", "\n"), self.text.replace("\r\n", "\n")))
    }
}

/// `POST /produce/<date>/notes` and `script`
pub(crate) async fn save(
    State(app): State<Arc<App>>,
    OfSheet(episode, sheet): OfSheet,
    Posted(you, form): Posted<WordsForm>,
) -> Result<Response, Fault> {
    app.counts(you.acting)?;
    let (part, base, text) = form.read(episode, sheet)?;
    let story = part.story.clone();
    let edited = Edited { episode, sheet, story, base: base.clone(), text: text.clone() };
    match app.saves(you.acting, edited).await {
        Ok((_, Saved::Kept(_))) => {
            let link = part.link();
            let more = if link.contains('?') { '&' } else { '?' };
            Ok(to(&format!("{link}{more}saved=yes")).into_response())
        }
        Ok((_, Saved::Conflict { now, both })) => {
            let typed = Some((now, both.text));
            again(&app, &you, part, Shown { typed, conflict: true, ..Shown::default() }).await
        }
        Ok((_, Saved::Gone)) => {
            let gone = "This is not in the episode any more, so nothing was saved. Your words stand here: copy them.";
            let (typed, wrong) = (Some((base, text)), Some(gone.to_owned()));
            again(&app, &you, part, Shown { typed, wrong, ..Shown::default() }).await
        }
        Err(fault) if fault.is_about_the_form() => {
            let (typed, wrong) = (Some((base, text)), Some(fault.words()));
            Ok(page(&app, &you, part, Shown { typed, wrong, ..Shown::default() })
                .await?
                .into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// The page with what could not be saved as it is.
async fn again(app: &Arc<App>, you: &You, part: Part, shown: Shown) -> Result<Response, Fault> {
    let page = page(app, you, part, shown).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// `POST /produce/<date>/notes/preview` and `script/preview`
pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    OfSheet(episode, sheet): OfSheet,
    Posted(you, form): Posted<WordsForm>,
) -> Result<Answer, Fault> {
    you.needs(Role::Editor)?;
    app.counts(you.acting)?;
    let (part, base, text) = form.read(episode, sheet)?;
    let shown = Shown { typed: Some((base, text)), render: true, ..Shown::default() };
    page(&app, &you, part, shown).await
}

/// `POST /produce/<date>/script/make`: the script of the notes, merged into what people made of the last one.
pub(crate) async fn make(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.counts(you.acting)?;
    let community = app.community.clone();
    let now = Timestamp::now();
    app.desk(move |_| Ok(community.writes_script(you.acting, episode, now)?)).await?;
    Ok(to(&address::of_words(episode, Sheet::Script, None)))
}
