//! What listeners get beside the MP3: Opus and AAC, decoded again, with what players show of them.

use camino::{Utf8Path, Utf8PathBuf};
use insta::assert_snapshot;
use lorecast_model::{AacFormat, Encoding, Formats, Lufs, Master, OpusFormat};
use lorecast_studio::{ChapterTag, Part, Recipe, Tags, excerpt, probe};
use lorecast_testkit::tone::Tone;
use symphonia::core::formats::FormatReader;
use symphonia::core::meta::{ChapterGroupItem, Tag};

use crate::desk::{Desk, Sound, made_before, recipe};

fn opus(kbps: Option<u16>) -> Formats {
    Formats { opus: Some(OpusFormat { kbps }), ..Formats::default() }
}

fn aac(kbps: Option<u16>) -> Formats {
    Formats { aac: Some(AacFormat { kbps }), ..Formats::default() }
}

/// What the studio's own decoder hears in a file.
fn heard(desk: &Desk, file: &Utf8Path) -> Sound {
    let wav = desk.path("heard.wav");
    let part = Part { file: file.to_owned(), ..Part::default() };
    excerpt(&part, std::fs::File::create(&wav).unwrap(), &wav).unwrap();
    Sound::read(&wav)
}

/// Masters three voices in stereo and in mono, and holds the file and what is said of it to be right.
#[track_caller]
fn check(formats: Formats, encoding: Encoding) {
    let desk = Desk::new();
    let voices = [
        Tone::noise(11).level(-45.0).seconds(4.0).write(desk.path("quiet.wav")),
        Tone::spikes(3_000.0).level(-6.0).seconds(3.01).mono().write(desk.path("peaks.wav")),
        Tone::noise(12).level(9.0).rate(44_100).seconds(4.0).write(desk.path("loud.wav")),
    ];
    for (channels, parts) in [(2, voices.to_vec()), (1, voices[1..2].to_vec())] {
        let recipe = Recipe { formats, channels, ..recipe(parts) };
        let made = desk.master(&recipe).unwrap();
        let [other] = made.alternatives.as_slice() else { panic!("{made:?}") };
        let file = desk.outputs().file(encoding);
        let sound = heard(&desk, &file);
        let (loudness, peak) = sound.measure();
        assert!((loudness + 16.0).abs() <= 0.1, "{formats:?}: {loudness:.2} LUFS");
        assert!(peak <= -1.0, "{formats:?}: {peak:.2} dBTP");
        assert!((loudness - other.loudness.0).abs() < 0.05, "{loudness} {other:?}");
        assert!((peak - other.true_peak.0).abs() < 0.2, "{peak} {other:?}");
        assert_eq!(sound.channels, usize::from(channels));
        assert_eq!(sound.frames() as f64 / 48_000.0, made.length.0, "{formats:?}");
        assert_eq!(probe(&file).unwrap().length, made.length, "{formats:?}");
        let bytes = std::fs::metadata(&file).unwrap().len();
        assert_eq!((other.encoding, other.file.bytes), (encoding, bytes));
        assert_eq!(other.file.file, file.file_name().unwrap());
        let sound = bytes - if encoding == Encoding::Opus { opus_head(&file) } else { 0 };
        let bits = sound as f64 * 8.0 / made.length.0;
        assert!((f64::from(other.bit_rate) - bits).abs() <= 1.0, "{bits} {other:?}");
    }
}

/// How many bytes stand before the first page with sound: pages of headers end at granule 0, or end no
/// packet (RFC 3533 section 6, RFC 7845 section 4).
fn opus_head(file: &Utf8Path) -> u64 {
    let bytes = std::fs::read(file).unwrap();
    let mut at = 0;
    loop {
        let granule = u64::from_le_bytes(bytes[at + 6..at + 14].try_into().unwrap());
        if granule != 0 && granule != u64::MAX {
            return at as u64;
        }
        let lacing = &bytes[at + 27..][..usize::from(bytes[at + 26])];
        at += 27 + lacing.len() + lacing.iter().map(|n| usize::from(*n)).sum::<usize>();
    }
}

#[test]
fn opus_is_as_loud_and_as_long_as_the_mp3() {
    check(opus(None), Encoding::Opus);
}

#[test]
fn opus_of_the_lowest_and_the_highest_rate() {
    check(opus(Some(16)), Encoding::Opus);
    check(opus(Some(256)), Encoding::Opus);
}

#[test]
fn aac_is_as_loud_and_as_long_as_the_mp3() {
    if has_aac() {
        check(aac(None), Encoding::Aac);
        check(aac(Some(256)), Encoding::Aac);
    }
}

/// Whether there is a program that encodes AAC, and it is the one that writes chapters.
#[expect(clippy::print_stderr, reason = "a check that is left out is told")]
fn has_aac() -> bool {
    let found = std::process::Command::new("ffmpeg").arg("-version").output().is_ok();
    if !found {
        eprintln!("SKIPPED: ffmpeg is not installed, so no AAC is encoded");
    }
    found
}

/// One pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\xdacd\0\0\0\x04\0\x02\x0f\xd7\x89\xd6\0\0\0\0IEND\xaeB`\x82";

fn told(desk: &Desk, formats: Formats) -> Recipe {
    std::fs::write(desk.path("cover.png"), PNG).unwrap();
    let part = |name: &str, chapter: &str| Part {
        file: Tone::sine(440.0).seconds(1.5).write(desk.path(name)),
        chapter: Some(chapter.to_owned()),
        ..Part::default()
    };
    Recipe {
        parts: vec![part("a.wav", "Neues"), part("b.wav", "Größe = 5; #1\\")],
        formats,
        tags: Tags {
            title: "Woche = 15".into(),
            artist: "Zoë Example".into(),
            album: "Die Kernel-Woche".into(),
            date: "2023-04-16".into(),
            track: Some(7),
            cover: Some(desk.path("cover.png")),
            language: "de-DE".into(),
            url: Some("https://show.example/2023-04-16/".into()),
            description: Some("Der Kernel,\neine Woche.".into()),
            transcript: Some("Guten Tag.\0\nDas war es.".into()),
            chapters: vec![ChapterTag {
                title: "neues".into(),
                link: Some("https://lists.example/r/5".into()),
                picture: None,
            }],
        },
        ..recipe([])
    }
}

/// Tags, pictures and chapters, a line each.
fn shown(file: &Utf8Path) -> String {
    let stream = std::fs::File::open(file).unwrap();
    let stream = symphonia::core::io::MediaSourceStream::new(Box::new(stream), Default::default());
    let mut format: Box<dyn FormatReader> = symphonia::default::get_probe()
        .probe(&Default::default(), stream, Default::default(), Default::default())
        .unwrap();
    let line = |tag: &Tag| format!("{}={}", tag.raw.key, tag.raw.value);
    let chapters: Vec<String> = format
        .chapters()
        .into_iter()
        .flat_map(|group| &group.items)
        .filter_map(|item| match item {
            ChapterGroupItem::Chapter(chapter) => {
                let tags: Vec<String> = chapter.tags.iter().map(line).collect();
                Some(format!("chapter at {:?}: {}", chapter.start_time, tags.join(", ")))
            }
            ChapterGroupItem::Group(_) => None,
        })
        .collect();
    let mut metadata = format.metadata();
    let about = metadata.skip_to_latest().unwrap();
    let mut lines: Vec<String> = about.media.tags.iter().map(line).collect();
    lines.extend(about.media.visuals.iter().map(|picture| {
        format!("picture {:?} {:?}", picture.media_type, picture.data.as_ref() == PNG)
    }));
    lines.extend(chapters);
    lines.join("\n")
}

#[test]
fn opus_tags_are_read_back() {
    let desk = Desk::new();
    desk.master(&told(&desk, opus(None))).unwrap();
    assert_snapshot!(shown(&desk.path("master.opus")), @r#"
    TITLE=Woche = 15
    ARTIST=Zoë Example
    ALBUM=Die Kernel-Woche
    DATE=2023-04-16
    TRACKNUMBER=7
    GENRE=Podcast
    LANGUAGE=de-DE
    DESCRIPTION=Der Kernel,
    eine Woche.
    WEBSITE=https://show.example/2023-04-16/
    LYRICS=Guten Tag.
    Das war es.
    R128_TRACK_GAIN=-01793
    R128_ALBUM_GAIN=-01793
    picture Some("image/png") true
    chapter at Time { seconds: 0, nanos: 0 }: NAME=Neues, URL=https://lists.example/r/5
    chapter at Time { seconds: 2, nanos: 0 }: NAME=Größe = 5; #1\
    "#);
}

#[test]
fn aac_tags_are_read_back() {
    if has_aac() {
        let desk = Desk::new();
        desk.master(&told(&desk, aac(None))).unwrap();
        assert_snapshot!(shown(&desk.path("master.m4a")), @r#"
        ©nam=Woche = 15
        ©ART=Zoë Example
        ©alb=Die Kernel-Woche
        ©day=2023-04-16
        ©gen=Podcast
        ©lyr=Guten Tag.
        Das war es.
        desc=Der Kernel,
        eine Woche.
        trkn=7
        picture Some("image/png") true
        "#);
    }
}

/// The gain leads to -23 LUFS from what was measured, in 1/256 dB (RFC 7845 section 5.2.1).
#[test]
fn the_gain_of_opus_is_that_of_the_finished_file() {
    let desk = Desk::new();
    let take = Tone::noise(5).level(-30.0).write(desk.path("a.wav"));
    let loudness = Lufs(-20.3);
    let made = desk.master(&Recipe { formats: opus(None), loudness, ..recipe([take]) }).unwrap();
    let gain = ((-23.0 - made.alternatives[0].loudness.0) * 256.0).round() as i32;
    let shown = shown(&desk.path("master.opus"));
    for name in ["R128_TRACK_GAIN", "R128_ALBUM_GAIN"] {
        assert!(shown.contains(&format!("{name}={gain:+06}")), "{shown}");
    }
}

#[test]
fn equal_input_gives_equal_opus_on_any_number_of_threads() {
    let desk = Desk::new();
    let made = [1, 2, 3].map(|threads| {
        desk.master(&Recipe { threads, ..told(&desk, opus(Some(64))) }).unwrap();
        std::fs::read(desk.path("master.opus")).unwrap()
    });
    assert!(made[0] == made[1] && made[1] == made[2]);
}

#[test]
fn a_format_that_is_gone_is_made_again() {
    let desk = Desk::new();
    let cache = Some(desk.path("cache"));
    let outputs = lorecast_studio::Outputs { cache, ..desk.outputs() };
    let recipe = told(&desk, opus(None));
    let master = |recipe: &Recipe| -> Master {
        lorecast_studio::master(recipe, &outputs, &mut |_, _| {}).unwrap()
    };
    let made = master(&recipe);
    assert_eq!(made_before(&recipe, &outputs), Some(made));
    std::fs::remove_file(desk.path("master.opus")).unwrap();
    assert_eq!(made_before(&recipe, &outputs), None);
    // And one that is not wanted any more is none of the master's.
    let without = Recipe { formats: Formats::default(), ..recipe };
    assert_eq!(made_before(&without, &outputs), None);
    assert_eq!(master(&without).alternatives, []);
}

#[test]
fn rates_that_do_not_exist() {
    let desk = Desk::new();
    let take: Utf8PathBuf = Tone::sine(440.0).write(desk.path("a.wav"));
    let error = |formats| desk.error(&Recipe { formats, ..recipe([take.clone()]) });
    assert_snapshot!(error(opus(Some(8))), @"cannot master: `sound.formats.opus.kbps` is out of its range; use 16 to 256");
    assert_snapshot!(error(aac(Some(8))), @"cannot master: `sound.formats.aac.kbps` is out of its range; use 48 to 320");
}
