//! What an episode says without the names of those who asked to be forgotten.

use lorecast_model::{Episode, Evidence, Master};
use lorecast_people::Forgotten;

/// The episode with "a developer" for each of their names.
pub(crate) fn episode(forgotten: &Forgotten, mut episode: Episode) -> Episode {
    if forgotten.is_empty() {
        return episode;
    }
    let veil = |text: &mut String| *text = forgotten.veil(text).into_owned();
    let evidence = |all: &mut Vec<Evidence>| all.iter_mut().for_each(|fact| veil(&mut fact.value));
    veil(&mut episode.title);
    for story in &mut episode.stories {
        veil(&mut story.title);
        story.reasons.iter_mut().for_each(veil);
        evidence(&mut story.evidence);
    }
    for followed in &mut episode.follow_ups {
        veil(&mut followed.title);
        evidence(&mut followed.evidence);
    }
    episode.corrections.iter_mut().for_each(|correction| veil(&mut correction.text));
    episode.chapters.iter_mut().for_each(|chapter| veil(&mut chapter.title));
    episode.credits.iter_mut().for_each(veil);
    episode
}

/// The chapters of a master, likewise. The sound itself is for its makers to cut.
pub(crate) fn master(forgotten: &Forgotten, mut master: Master) -> Master {
    for chapter in &mut master.chapters {
        chapter.title = forgotten.veil(&chapter.title).into_owned();
    }
    master
}
