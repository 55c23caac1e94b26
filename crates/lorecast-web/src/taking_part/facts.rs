//! What mail says of stories.

use std::collections::HashMap;

use lorecast_desk::Reader;
use lorecast_model::MessageId;
use serde::Serialize;

use crate::app::App;
use crate::fault::Fault;
use crate::shown::{one_line, sender};
use crate::{address, readers};

/// What mail says of a story; nothing where it is not held.
#[derive(Clone, Default, Serialize)]
pub(super) struct Facts {
    /// Who began it.
    by: Option<String>,
    /// Which version of its series it is, and where that stands: `v3, merged`.
    pub(super) standing: Option<String>,
    /// The page of the series.
    series: Option<String>,
}

/// Of each of these stories that mail says something of.
pub(super) async fn facts(
    app: &App,
    stories: Vec<MessageId>,
) -> Result<HashMap<MessageId, Facts>, Fault> {
    let asked = app.readers.ask(move |reader| {
        let mut all = HashMap::new();
        for message in reader.messages_of(&stories)? {
            // Of several mails of one id the first one counts, as everywhere.
            let by = Some(sender(&message.header.from));
            all.entry(message.header.id).or_insert(Facts { by, ..Facts::default() });
        }
        for story in stories {
            if let Some((standing, series)) = standing(reader, &story)? {
                let facts: &mut Facts = all.entry(story).or_default();
                (facts.standing, facts.series) = (Some(standing), Some(series));
            }
        }
        Ok(all)
    });
    match asked.await {
        Err(Fault::Empty) => Ok(HashMap::new()),
        all => all,
    }
}

/// Where the revision that a mail belongs to stands, and the page of its series.
fn standing(reader: &Reader, story: &MessageId) -> Result<Option<(String, String)>, Fault> {
    // A story may be about a mail that is no longer held.
    let found = reader.standings(story).map_err(Fault::from);
    let Some((root, revisions)) = readers::unless_missing(found)?.flatten() else {
        return Ok(None);
    };
    let ours = revisions.iter().find(|one| one.revision.root == root);
    Ok(ours.map(|one| {
        let words = format!("v{}, {}", one.revision.version, one.in_words());
        (one_line(&words), address::of_series(&root))
    }))
}
