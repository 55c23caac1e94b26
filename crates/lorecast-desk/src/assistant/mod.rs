//! Asks the show's assistant for prose, and shows none that the mails do not bear out.

use std::collections::BTreeMap;
use std::time::Duration;

use lorecast_drafter::{Pick, Refusal, Sources, brief, check_paragraph, judge};
use lorecast_model::{Message, MessageId, Severity, Show, Story, StoryState};

use crate::program::{Limits, ask};
use crate::{Desk, Unit};

/// What became of a request to the assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assistance {
    /// The story.
    pub story: MessageId,
    /// Its title.
    pub title: String,
    /// Why its words are the draft's own; `None` when the assistant's are shown.
    pub refused: Option<String>,
}

const LIMITS: Limits = Limits { time: Duration::from_secs(60), output: 64 << 10, talks: true };

/// The paragraphs to show, by story, and what became of every request.
pub(crate) type Offers = (BTreeMap<MessageId, String>, Vec<Assistance>);

impl Desk<'_> {
    /// Asks the assistant about each story that is told. One that does not work (no such program, too
    /// slow, an error) is not asked again in this run.
    pub(crate) fn offers(
        &self,
        show: &Show,
        stories: &[Story],
        picks: &[Pick],
        sources: &dyn Sources,
    ) -> Offers {
        let told: Vec<&Story> =
            stories.iter().filter(|story| story.state != StoryState::Dropped).collect();
        let task = self.progress.begin("asking the assistant", told.len() as u64, Unit::Things);
        let (mut offers, mut done) = (BTreeMap::new(), Vec::new());
        for (at, story) in told.into_iter().enumerate() {
            let Some(messages) = thread(story, picks) else { continue };
            let answer = self.offer(show, story, messages, sources);
            task.set(at as u64 + 1);
            let failed = matches!(answer, Err(Answer::Failed(_)));
            let refused = match answer {
                Ok(words) => {
                    offers.insert(story.id.clone(), words);
                    None
                }
                Err(Answer::Failed(why) | Answer::Refused(why)) => Some(why),
                Err(Answer::None) => continue,
            };
            done.push(Assistance { story: story.id.clone(), title: story.title.clone(), refused });
            if failed {
                break;
            }
        }
        (offers, done)
    }

    fn offer(
        &self,
        show: &Show,
        story: &Story,
        messages: &[Message],
        sources: &dyn Sources,
    ) -> Result<String, Answer> {
        let brief = serde_json::to_vec(&brief(show, story, messages))
            .map_err(|error| Answer::Failed(error.to_string()))?;
        let words = ask(&show.assistant, self.root(), brief, LIMITS).map_err(Answer::Failed)?;
        let words = judge(&words, show, story, messages).map_err(|refusal| match refusal {
            Refusal::Empty => Answer::None,
            refusal => Answer::Refused(refusal.to_string()),
        })?;
        let found = check_paragraph(&words, std::slice::from_ref(&story.id), show, sources);
        match found.into_iter().find(|finding| finding.severity == Severity::Error) {
            Some(wrong) => Err(Answer::Refused(wrong.message)),
            None => Ok(words),
        }
    }
}

/// Why there is no paragraph: the program has none to offer, does not work, or says what the mails
/// do not.
enum Answer {
    None,
    Failed(String),
    Refused(String),
}

fn thread<'a>(story: &Story, picks: &'a [Pick]) -> Option<&'a [Message]> {
    let holds = |pick: &&Pick| pick.messages.iter().any(|m| m.header.id == story.id);
    picks.iter().find(holds).map(|pick| pick.messages.as_slice())
}
