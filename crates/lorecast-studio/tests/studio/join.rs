//! Parts in time: lengths, chapters, and joins without clicks.

use lorecast_model::Seconds;
use lorecast_studio::{Part, Recipe};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, recipe};

#[test]
fn chapters_start_where_their_takes_do() {
    let desk = Desk::new();
    let part = |name: &str, seconds: f64, rate: u32, chapter: Option<&str>| Part {
        file: Tone::sine(440.0).seconds(seconds).rate(rate).write(desk.path(name)),
        chapter: chapter.map(str::to_owned),
        ..Part::default()
    };
    let parts = vec![
        part("intro.wav", 1.0, 44_100, None),
        part("a.wav", 1.5, 48_000, Some("News")),
        part("b.wav", 0.25, 44_100, None),
        part("c.wav", 0.5, 22_050, Some("  Patches ")),
        part("d.wav", 0.5, 48_000, Some("Sign-off")),
        part("outro.wav", 0.75, 48_000, None),
    ];
    let master = desk.master(&Recipe { parts, ..recipe([]) }).unwrap();
    let chapters: Vec<String> =
        master.chapters.iter().map(|c| format!("{:.6} {}", c.start.0, c.title)).collect();
    // 1 + .5 + 1.5 + .5 + .25 + .5 and so on: the intro belongs to the first chapter.
    assert_eq!(chapters, ["0.000000 News", "4.250000 Patches", "5.250000 Sign-off"]);
    assert_eq!(master.length, Seconds(7.0));
    for file in [desk.outputs().wav, desk.outputs().mp3] {
        assert_eq!(Sound::read(&file).frames(), 7 * 48_000, "{file}");
    }
}

#[test]
fn without_chapters_there_are_none() {
    let desk = Desk::new();
    let master = desk.master(&recipe([Tone::sine(440.0).write(desk.path("a.wav"))])).unwrap();
    assert_eq!(master.chapters, []);
}

#[test]
fn pauses_are_silent_and_joins_do_not_click() {
    let desk = Desk::new();
    // A cosine begins and ends at full height: without fades each join would jump.
    let files = ["a.wav", "b.wav"].map(|name| Tone::sine(0.25).level(-6.0).write(desk.path(name)));
    let tone = Tone::sine(200.25).seconds(1.0).write(desk.path("c.wav"));
    let [a, b] = files;
    desk.master(&Recipe { pause: Seconds(0.3), ..recipe([tone.clone(), a, tone, b]) }).unwrap();
    let sound = Sound::read(&desk.outputs().wav);
    assert!(sound.peak_within(1.01, 1.29) < 0.0001);
    let left: Vec<f32> = sound.samples.iter().step_by(2).copied().collect();
    let jump = left.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(jump < 0.05, "the steepest step is {jump}");
}

#[test]
fn the_same_take_in_one_part_and_with_no_pause() {
    let desk = Desk::new();
    let tone = Tone::sine(440.0).seconds(1.0).write(desk.path("a.wav"));
    let parts = recipe([tone.clone(), tone]);
    let master = desk.master(&Recipe { pause: Seconds(0.0), ..parts }).unwrap();
    assert_eq!(master.length, Seconds(2.0));
}

#[test]
fn a_part_of_one_sample_is_heard() {
    let desk = Desk::new();
    let tick = Tone::noise(1).seconds(1.0 / 48_000.0).write(desk.path("a.wav"));
    assert_eq!(desk.master(&recipe([tick])).unwrap().length, Seconds(1.0 / 48_000.0));
}

/// One microphone, written twice: worked on once, and the same in the end.
#[test]
fn a_stereo_take_of_one_microphone_is_as_good_as_mono() {
    let desk = Desk::new();
    let mono = Tone::noise(5).seconds(3.0).mono().write(desk.path("mono.wav"));
    let samples = Sound::read(&mono).samples;
    let both: Vec<f32> = samples.iter().flat_map(|sample| [*sample, *sample]).collect();
    let twins = desk.wav("twins.wav", 48_000, 2, &both);
    let made = [mono, twins].map(|file| {
        let mut recipe = Recipe { chain: lorecast_model::Chain::default(), ..recipe([file]) };
        recipe.parts[0].voice = true;
        desk.master(&recipe).unwrap();
        std::fs::read(desk.outputs().wav).unwrap()
    });
    assert!(made[0] == made[1]);
}
