//! Tags and chapters as players read them.

use id3::{Tag, TagLike};
use insta::assert_snapshot;
use lorecast_model::{Chapter, Seconds};
use lorecast_studio::{ChapterTag, Part, Recipe, Tags};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, recipe};

/// The eight bytes of a PNG and nothing else: the studio looks no further.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn written(desk: &Desk, recipe: &Recipe) -> Tag {
    desk.master(recipe).unwrap();
    Tag::read_from_path(desk.outputs().mp3).unwrap()
}

/// What a chapter has beside its title.
fn extra(frame: &id3::Frame) -> String {
    match frame.content() {
        id3::Content::Picture(picture) => {
            format!(" [{} {} bytes]", picture.mime_type, picture.data.len())
        }
        id3::Content::ExtendedLink(link) => format!(" <{}>", link.link),
        other => format!(" {other}"),
    }
}

/// A frame a line, in the order of the file.
fn text(tag: &Tag) -> String {
    let lines: Vec<String> = tag
        .frames()
        .map(|frame| match frame.content() {
            id3::Content::Chapter(chapter) => format!(
                "CHAP {} {}..{} {}{}",
                chapter.element_id,
                chapter.start_time,
                chapter.end_time,
                chapter.title().unwrap_or("-"),
                chapter
                    .frames
                    .iter()
                    .filter(|frame| frame.id() != "TIT2")
                    .map(extra)
                    .collect::<String>(),
            ),
            id3::Content::TableOfContents(toc) => format!(
                "CTOC top {} ordered {}: {}",
                toc.top_level,
                toc.ordered,
                toc.elements.join(" ")
            ),
            id3::Content::Picture(picture) => {
                format!(
                    "APIC {} {} {} bytes",
                    picture.mime_type,
                    picture.picture_type,
                    picture.data.len()
                )
            }
            // The last digits are those of the compiler that made LAME.
            id3::Content::ExtendedText(text) if text.description.ends_with("_PEAK") => {
                format!("TXXX {}: {:.5}…", text.description, text.value)
            }
            content => format!("{} {content}", frame.id()),
        })
        .collect();
    lines.join("\n")
}

#[test]
fn everything_is_read_back() {
    let desk = Desk::new();
    std::fs::write(desk.path("cover.png"), PNG).unwrap();
    let part = |name: &str, chapter: Option<&str>| Part {
        file: Tone::sine(440.0).seconds(1.0).write(desk.path(name)),
        chapter: chapter.map(str::to_owned),
        ..Part::default()
    };
    let recipe = Recipe {
        parts: vec![
            part("i.wav", None),
            part("a.wav", Some("Neues")),
            part("b.wav", Some("Größe → 5")),
        ],
        tags: Tags {
            title: "Woche 15".into(),
            artist: "Zoë Example".into(),
            album: "Die Kernel-Woche".into(),
            date: "2023-04-16".into(),
            track: Some(7),
            cover: Some(desk.path("cover.png")),
            language: "de-DE".into(),
            url: Some("https://show.example/2023-04-16/".into()),
            description: None,
            transcript: Some("Guten Tag.\0\nDas war es.".into()),
            chapters: vec![ChapterTag {
                title: "größe → 5".into(),
                link: Some("https://lists.example/r/5".into()),
                picture: Some(desk.path("cover.png")),
            }],
        },
        ..recipe([])
    };
    let tag = written(&desk, &recipe);
    assert_eq!(tag.version(), id3::Version::Id3v24);
    assert_snapshot!(text(&tag), @r"
    TIT2 Woche 15
    TPE1 Zoë Example
    TALB Die Kernel-Woche
    TDRC 2023-04-16
    TRCK 7
    TLAN deu
    TCON Podcast
    TLEN 4000
    TXXX REPLAYGAIN_TRACK_GAIN: -2.00 dB
    TXXX REPLAYGAIN_TRACK_PEAK: 0.190…
    WOAS https://show.example/2023-04-16/
    APIC image/png Front cover 8 bytes
    USLT Guten Tag.
    Das war es.
    CTOC top true ordered true: chp0 chp1
    CHAP chp0 0..3000 Neues
    CHAP chp1 3000..4000 Größe → 5 <https://lists.example/r/5> [image/png 8 bytes]
    ");
}

#[test]
fn what_is_not_known_is_left_out() {
    let desk = Desk::new();
    let tags =
        Tags { date: "soon".into(), language: "tlh".into(), title: "\0".into(), ..Tags::default() };
    let take = Tone::sine(440.0).write(desk.path("a.wav"));
    assert_snapshot!(text(&written(&desk, &Recipe { tags, ..recipe([take]) })), @r"
    TCON Podcast
    TLEN 3000
    TXXX REPLAYGAIN_TRACK_GAIN: -2.00 dB
    TXXX REPLAYGAIN_TRACK_PEAK: 0.171…
    ");
}

#[test]
fn what_was_placed_goes_into_the_tag_and_the_master() {
    let desk = Desk::new();
    let part = |name: &str, voice: bool| Part {
        file: Tone::sine(440.0).seconds(2.0).write(desk.path(name)),
        chapter: voice.then(|| "Take".to_owned()),
        voice,
        ..Part::default()
    };
    let recipe = Recipe { parts: vec![part("i.wav", false), part("a.wav", true)], ..recipe([]) };
    let mut samples = Vec::new();
    let mut place = |voices: &lorecast_studio::Voices<'_>| {
        let spans = voices.spans();
        assert_eq!((spans.len(), spans[0].part), (1, &recipe.parts[1]));
        assert!((spans[0].start.0 - 2.5).abs() < 0.001 && (spans[0].end.0 - 4.5).abs() < 0.001);
        voices.listen(16_000, &mut |heard| samples.extend_from_slice(heard)).unwrap();
        let chapter =
            |start, title: &str| Chapter { start: Seconds(start), title: title.into(), link: None };
        lorecast_studio::Placed {
            chapters: vec![chapter(0.0, "One"), chapter(4.25, "Two")],
            transcript: Some("Said.\0".into()),
            ..lorecast_studio::Placed::default()
        }
    };
    let outputs = desk.outputs();
    let run = lorecast_studio::Run::new(&recipe, &outputs).unwrap();
    let made = run.master(&mut place, &mut |_, _| {}).unwrap();
    assert_eq!(made.chapters[1].start, Seconds(4.25));
    let tag = text(&Tag::read_from_path(&outputs.mp3).unwrap());
    assert!(tag.contains("CHAP chp1 4250..4500 Two"), "{tag}");
    let tag = Tag::read_from_path(&outputs.mp3).unwrap();
    let said: Vec<&str> = tag.lyrics().map(|said| said.text.as_str()).collect();
    assert_eq!(said, ["Said."]);
    // The voice is heard where it is, and the music is not.
    assert_eq!(samples.len(), 72_000);
    let power = |part: &[f32]| part.iter().map(|s| s * s).sum::<f32>() / part.len() as f32;
    assert!(power(&samples[..39_900]) < 1e-9, "{}", power(&samples[..39_900]));
    assert!(power(&samples[41_000..71_000]) > 1e-4);
}

/// The gain is that of the file as it was measured, and the sound behind the tag is untouched.
#[test]
fn replay_gain_is_that_of_the_finished_file() {
    let desk = Desk::new();
    let take = Tone::noise(5).level(-30.0).write(desk.path("a.wav"));
    let made = desk.master(&recipe([take])).unwrap();
    let tag = Tag::read_from_path(desk.outputs().mp3).unwrap();
    let field = |name: &str| {
        tag.extended_texts().find(|text| text.description == name).unwrap().value.clone()
    };
    assert_eq!(field("REPLAYGAIN_TRACK_GAIN"), format!("{:+.2} dB", -18.0 - made.loudness.0));
    let peak: f64 = field("REPLAYGAIN_TRACK_PEAK").parse().unwrap();
    assert!((20.0 * peak.log10() - made.true_peak.0).abs() < 0.001);
    assert_eq!(Sound::read(&desk.outputs().mp3).frames(), 3 * 48_000);
}

#[test]
fn pictures_of_chapters_have_their_bounds() {
    let desk = Desk::new();
    std::fs::write(desk.path("text.png"), "no picture").unwrap();
    let chapter = ChapterTag { picture: Some(desk.path("text.png")), ..ChapterTag::default() };
    let tags = Tags { chapters: vec![chapter], ..Tags::default() };
    let take = Tone::sine(440.0).write(desk.path("a.wav"));
    let error = desk.error(&Recipe { tags, ..recipe([take]) });
    assert!(error.contains("text.png` is neither a JPEG nor a PNG"), "{error}");
}
