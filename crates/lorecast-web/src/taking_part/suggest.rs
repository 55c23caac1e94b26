//! A story that was missed.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use lorecast_community::Deed;
use lorecast_desk::linked_message;
use lorecast_model::MessageId;
use serde::{Deserialize, Serialize};

use super::to;
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::who::{Posted, You};

#[derive(Serialize)]
struct SuggestPage {
    title: &'static str,
    story: String,
    why: String,
    wrong: Option<String>,
    q: String,
}

/// A mail and why it is a story.
#[derive(Deserialize)]
pub(crate) struct SuggestForm {
    story: String,
    why: String,
}

/// `/suggest`
pub(crate) async fn form(State(app): State<Arc<App>>, you: You) -> Result<Answer, Fault> {
    page(&app, &you, SuggestForm { story: String::new(), why: String::new() }, None)
}

fn page(app: &App, you: &You, form: SuggestForm, wrong: Option<String>) -> Result<Answer, Fault> {
    let SuggestForm { story, why } = form;
    let page =
        SuggestPage { title: "A story that was missed", story, why, wrong, q: String::new() };
    app.pages.page("suggest", &page, you)
}

/// `POST /suggest`
pub(crate) async fn suggest(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<SuggestForm>,
) -> Result<Response, Fault> {
    let Some(story) = message(form.story.trim()) else {
        let wrong = "Write a Message-ID, or the address of a mail at an archive.".to_owned();
        return Ok(page(&app, &you, form, Some(wrong))?.into_response());
    };
    let link = address::of_story(&story);
    match app.does(you.acting, Deed::Suggest { story, why: form.why.clone() }).await {
        Ok(_) => Ok(to(&link).into_response()),
        Err(fault) if fault.is_about_the_form() => {
            Ok(page(&app, &you, form, Some(fault.words()))?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// The mail that somebody means.
pub(crate) fn message(text: &str) -> Option<MessageId> {
    if text.contains("://") {
        return linked_message(text);
    }
    MessageId::new(text).ok().filter(|id| id.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_meant_by_its_id_or_by_an_address() {
        let check = |text: &str| message(text).map(|id| id.to_string());
        assert_eq!(check("<1@a.example>").as_deref(), Some("1@a.example"));
        assert_eq!(
            check("https://lore.kernel.org/linux-mm/1@a.example/T/#u").as_deref(),
            Some("1@a.example")
        );
        assert_eq!(check("no mail"), None);
        assert_eq!(check("https://host.example/"), None);
    }
}
