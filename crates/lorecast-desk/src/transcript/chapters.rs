//! Chapters where sections begin.

use lorecast_model::{Chapter, Heading, Seconds, Transcript};

/// Headings below this level are stories of a section, and no chapters.
const LOWEST: u8 = 2;
/// A section that begins so near to a planned chapter is that chapter.
const NEAR: f64 = 6.0;
/// An MP3 holds no more (ID3v2 chapter addendum 1.0, section 3.2).
const MOST: usize = 255;

/// The planned chapters, and between them one for each section of the script that was read.
///
/// A planned chapter keeps its title and place: its take begins there. A section with the same title,
/// or that begins beside it, is the same chapter.
pub(super) fn chapters(planned: &[Chapter], transcript: &Transcript) -> Vec<Chapter> {
    let mut all = planned.to_vec();
    for section in sections(transcript) {
        let same = |chapter: &Chapter| {
            chapter.title.to_lowercase() == section.title.to_lowercase()
                || (chapter.start.0 - section.start.0).abs() < NEAR
        };
        if all.len() < MOST && !all.iter().any(same) {
            all.push(section);
        }
    }
    all.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    // What comes before the first chapter belongs to it.
    if let Some(first) = all.first_mut() {
        first.start = Seconds(0.0);
    }
    all
}

/// Where each section begins: with the first of its sentences, or of a heading below it.
fn sections(transcript: &Transcript) -> Vec<Chapter> {
    let mut found: Vec<(usize, Chapter)> = Vec::new();
    // One heading above all others is the episode's title.
    let tops = transcript.headings.iter().filter(|heading| heading.level == 1).count();
    let titles = |heading: &Heading| heading.level == 1 && tops == 1;
    let owner = |heading: usize| {
        (0..=heading)
            .rev()
            .find(|at| transcript.headings.get(*at).is_some_and(|heading| heading.level <= LOWEST))
    };
    for sentence in &transcript.sentences {
        let Some(at) = owner(sentence.heading) else { continue };
        let title = &transcript.headings[at].title;
        match found.iter_mut().find(|(heading, _)| *heading == at) {
            Some((_, chapter)) if chapter.start <= sentence.start => {}
            Some((_, chapter)) => chapter.start = sentence.start,
            None if title.is_empty() || titles(&transcript.headings[at]) => {}
            None => found
                .push((at, Chapter { start: sentence.start, title: title.clone(), link: None })),
        }
    }
    found.into_iter().map(|(_, chapter)| chapter).collect()
}

#[cfg(test)]
mod tests {
    use lorecast_model::Sentence;

    use super::*;

    /// Each planned chapter as `(start, title)`, each sentence as `(start, heading)`.
    fn check(planned: &[(f64, &str)], sentences: &[(f64, usize)]) -> String {
        let heading = |title: &str, level| Heading { title: title.into(), level };
        let transcript = Transcript {
            headings: vec![
                heading("The week", 1),
                heading("Mainline", 2),
                heading("Mm", 2),
                heading("Slab", 3),
            ],
            sentences: sentences
                .iter()
                .map(|(start, heading)| Sentence {
                    start: Seconds(*start),
                    heading: *heading,
                    ..Sentence::default()
                })
                .collect(),
            ..Transcript::default()
        };
        let chapter = |(start, title): &(f64, &str)| Chapter {
            start: Seconds(*start),
            title: (*title).into(),
            link: None,
        };
        let planned: Vec<Chapter> = planned.iter().map(chapter).collect();
        let lines = chapters(&planned, &transcript)
            .into_iter()
            .map(|c| format!("{} {}", c.start.0, c.title));
        lines.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_long_recording_gets_a_chapter_for_each_section() {
        let read = [(12.0, 0), (20.0, 1), (60.0, 3), (70.0, 2)];
        assert_eq!(check(&[(0.0, "All")], &read), "0 All, 20 Mainline, 60 Mm");
        assert_eq!(check(&[], &read), "0 Mainline, 60 Mm");
    }

    #[test]
    fn planned_chapters_stay_where_their_takes_begin() {
        let planned = [(0.0, "Hello"), (19.0, "News"), (80.0, "mm"), (95.0, "Guest")];
        let read = [(3.0, 0), (20.0, 1), (86.5, 2)];
        assert_eq!(check(&planned, &read), "0 Hello, 19 News, 80 mm, 95 Guest");
    }

    #[test]
    fn a_section_that_was_not_read_has_no_chapter() {
        assert_eq!(check(&[(0.0, "Hello")], &[(3.0, 0), (30.0, 2)]), "0 Hello, 30 Mm");
    }
}
