//! What an episode says without the names of those who asked to be forgotten, and those that people
//! no longer bear.

use std::ops::Range;

use lorecast_model::{Episode, Evidence, Mailbox, Transcript};
use lorecast_people::{Forgotten, SOMEBODY, Veil};
use lorecast_publisher::{Names, Sound};

/// The episode with what is to stand in place of each such name.
pub(crate) fn episode(hidden: &Veil, mut episode: Episode) -> Episode {
    if hidden.is_empty() {
        return episode;
    }
    let veil = |text: &mut String| *text = hidden.text(text).into_owned();
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
    for post in &mut episode.posts {
        veil(&mut post.title);
        veil(&mut post.blog);
        post.author.iter_mut().for_each(veil);
    }
    episode.corrections.iter_mut().for_each(|correction| veil(&mut correction.text));
    episode.chapters.iter_mut().for_each(|chapter| veil(&mut chapter.title));
    for filler in &mut episode.fillers {
        veil(&mut filler.speaker);
        filler.title.iter_mut().for_each(veil);
    }
    episode.credits.iter_mut().for_each(veil);
    episode
}

/// The chapters of its sound, likewise. The sound itself is for its makers to cut.
pub(crate) fn sound(hidden: &Veil, mut sound: Sound) -> Sound {
    let titles = sound.chapters.iter_mut().map(|chapter| &mut chapter.title);
    for title in titles.chain(&mut sound.synthetic) {
        *title = hidden.text(title).into_owned();
    }
    sound
}

/// What is said in it, likewise. A sentence that changed has no times for its words.
pub(crate) fn transcript(hidden: &Veil, mut transcript: Transcript) -> Transcript {
    if hidden.is_empty() {
        return transcript;
    }
    let veil = |text: &mut String| *text = hidden.text(text).into_owned();
    transcript.headings.iter_mut().for_each(|heading| veil(&mut heading.title));
    transcript.deviations.iter_mut().for_each(|passage| veil(&mut passage.text));
    for sentence in &mut transcript.sentences {
        veil(&mut sentence.speaker);
        let text = hidden.text(&sentence.text).into_owned();
        if text != sentence.text {
            sentence.words.clear();
            sentence.text = text;
        }
    }
    transcript
}

/// A sender without the name, when the address is that of somebody forgotten: of a nickname only its
/// sender tells whose it is.
pub(crate) fn sender(forgotten: &Forgotten, who: &mut Mailbox) {
    if !forgotten.is_empty() && forgotten.is(who) {
        who.name = SOMEBODY.to_owned();
    }
}

/// The same names as the publisher looks for them in what it renders.
#[derive(Debug)]
pub(crate) struct Hidden<'a>(pub(crate) &'a Veil);

impl Names for Hidden<'_> {
    fn replaced(&self, text: &str) -> Vec<(Range<usize>, String)> {
        self.0.finds(text).into_iter().map(|found| (found.range, found.instead)).collect()
    }

    fn holds(&self, link: &str) -> bool {
        self.0.finds(link).iter().any(|found| !found.current)
    }

    fn ends(&self, message: &str) -> bool {
        self.0.forgotten().is_in_id(message)
    }
}
