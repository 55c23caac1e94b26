//! Chapters as podcast apps read them: JSON chapters 1.2 of the podcast namespace.

use lorecast_model::{Chapter, Seconds};
use serde::Serialize;

use crate::site::Place;

/// The media type of the file (podcast namespace, tag `chapters`).
pub(crate) const MEDIA_TYPE: &str = "application/json+chapters";

#[derive(Serialize)]
struct File {
    version: &'static str,
    title: String,
    chapters: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    start_time: serde_json::Number,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The chapters file of an episode.
pub(crate) fn json(title: &str, chapters: &[Chapter], place: &Place) -> String {
    let chapters = chapters.iter().map(|chapter| Entry {
        start_time: milliseconds(chapter.start),
        title: place.title(&chapter.title),
        url: chapter.link.as_deref().and_then(|link| place.link(link)),
    });
    let file = File { version: "1.2.0", title: place.title(title), chapters: chapters.collect() };
    let mut text = serde_json::to_string_pretty(&file).expect("plain strings and numbers are JSON");
    text.push('\n');
    text
}

/// Where a chapter starts, for people: `00:12:34` (the form that Apple and Spotify recognise in a
/// description).
pub(crate) fn timestamp(start: Seconds) -> String {
    let all = whole_seconds(start);
    format!("{:02}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60)
}

/// Where a chapter starts, for machines: `00:12:34.500` (RFC 2326 section 3.6, normal play time), without
/// a fraction when there is none.
pub(crate) fn normal_play_time(start: Seconds) -> String {
    let milliseconds = (start.0.max(0.0) * 1000.0).round() as u64;
    let clock = timestamp(Seconds((milliseconds / 1000) as f64));
    match milliseconds % 1000 {
        0 => clock,
        rest => format!("{clock}.{rest:03}"),
    }
}

/// Rounded down, so that a link never starts after its chapter.
pub(crate) fn whole_seconds(start: Seconds) -> u64 {
    start.0.max(0.0) as u64
}

/// A number with at most three decimals and none when it is whole.
pub(crate) fn milliseconds(time: Seconds) -> serde_json::Number {
    let ms = (time.0.max(0.0) * 1000.0).round();
    match ms % 1000.0 {
        0.0 => serde_json::Number::from((ms / 1000.0) as u64),
        _ => serde_json::Number::from_f64(ms / 1000.0).unwrap_or_else(|| 0.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Recipe;

    #[test]
    fn chapters_are_json_1_2() {
        let chapter =
            |start, title: &str| Chapter { start: Seconds(start), title: title.into(), link: None };
        let mut list = [chapter(0.0, "Intro"), chapter(61.23456, "A \"quoted\"\nmail <b>")];
        list[0].link = Some("https://ann:secret@lists.example/r/1@a.example/".to_owned());
        let show = crate::site::tests::show("https://pod.example/");
        let address = crate::address::Address::of(&show).unwrap();
        let place = Place {
            show: &show,
            names: &(),
            address,
            cover: None,
            icon: None,
            recipe: Recipe::default(),
        };
        insta::assert_snapshot!(json("One\u{0}", &list, &place), @r#"
        {
          "version": "1.2.0",
          "title": "One",
          "chapters": [
            {
              "startTime": 0,
              "title": "Intro",
              "url": "https://lists.example/r/1%40a.example/"
            },
            {
              "startTime": 61.235,
              "title": "A \"quoted\" mail <b>"
            }
          ]
        }
        "#);
        assert_eq!(timestamp(Seconds(3725.9)), "01:02:05");
        assert_eq!(milliseconds(Seconds(f64::NAN)), 0.into());
    }
}
