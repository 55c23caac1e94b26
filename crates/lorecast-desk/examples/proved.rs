//! Proves every fact of a show's episodes: `proved SHOW`. Prints what is doubted, and the counts.

#![allow(clippy::print_stdout, reason = "an example speaks to the one who runs it")]

use std::collections::HashMap;

use camino::Utf8Path;
use lorecast_drafter::prove;
use lorecast_model::{Evidence, Message, MessageId};
use lorecast_show::ShowDir;
use lorecast_store::Place;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).ok_or("name the folder of a show")?;
    let show = ShowDir::open(Utf8Path::new(&root))?;
    let store = Place::File(show.index()).open()?;
    let (mut facts, mut doubted) = (0, 0);
    for dir in show.episodes()? {
        let episode = dir.episode()?;
        let stories = episode.stories.iter().flat_map(|story| &story.evidence);
        let follow_ups = episode.follow_ups.iter().flat_map(|story| &story.evidence);
        let all: Vec<Evidence> = stories.chain(follow_ups).cloned().collect();
        let mut messages: HashMap<MessageId, Message> = HashMap::new();
        for evidence in &all {
            if let Some(message) = store.message(&evidence.message)? {
                messages.insert(evidence.message.clone(), message);
            }
        }
        facts += all.len();
        for doubt in prove(&all, |id| messages.get(id)) {
            doubted += 1;
            println!("{} {:?}: {}", dir.id(), doubt.evidence, doubt.why);
        }
    }
    println!("{facts} facts, {doubted} unproved");
    Ok(())
}
