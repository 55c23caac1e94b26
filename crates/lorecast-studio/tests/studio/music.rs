//! Intro, beds and stings beside the voice. Voice and music are tones, so that each can be heard out
//! of the mix.

use lorecast_model::{Music, Seconds};
use lorecast_studio::{Bed, Part, Recipe};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, mono};

const VOICE: f64 = 1000.0;
const MUSIC: f64 = 300.0;

fn voice(desk: &Desk, name: &str, seconds: f64) -> Part {
    let file = Tone::sine(VOICE).mono().seconds(seconds).write(desk.path(name));
    Part { file, voice: true, chapter: Some(name.into()), ..Part::default() }
}

fn music(desk: &Desk, name: &str, seconds: f64) -> Part {
    let file = Tone::sine(MUSIC).mono().level(-30.0).seconds(seconds).write(desk.path(name));
    Part { file, ..Part::default() }
}

fn recipe(parts: Vec<Part>) -> Recipe {
    Recipe { parts, ..mono([]) }
}

/// The level of a tone around a time in dB, against that of the whole voice.
struct Ears(Sound);

impl Ears {
    fn of(desk: &Desk, recipe: &Recipe) -> Self {
        desk.master(recipe).unwrap();
        Self(Sound::read(&desk.outputs().wav))
    }

    /// Amplitude of a tone in the tenth of a second from `time` on.
    fn tone(&self, hertz: f64, time: f64) -> f64 {
        let from = (time * 48_000.0) as usize;
        let span = &self.0.samples[from..from + 4800];
        let step = std::f64::consts::TAU * hertz / 48_000.0;
        let (mut re, mut im) = (0.0, 0.0);
        for (n, sample) in span.iter().enumerate() {
            re += f64::from(*sample) * (n as f64 * step).cos();
            im += f64::from(*sample) * (n as f64 * step).sin();
        }
        (re * re + im * im).sqrt() / 2400.0
    }

    /// The music's level against the voice's at `voice`, in whole dB.
    #[track_caller]
    fn check(&self, voice: f64, expected: &[(f64, f64)]) {
        let voice = self.tone(VOICE, voice);
        for (time, decibels) in expected {
            let found = 20.0 * (self.tone(MUSIC, *time) / voice).max(1e-5).log10();
            assert!((found - decibels).abs() < 1.6, "at {time} s: {found:.1}, not {decibels} dB");
        }
    }
}

#[test]
fn an_intro_goes_on_beneath_the_first_words() {
    let desk = Desk::new();
    let intro = Part { into_next: Seconds(4.0), ..music(&desk, "intro.wav", 8.0) };
    let mut recipe = recipe(vec![intro, voice(&desk, "a.wav", 6.0)]);
    recipe.music = Music { fade_out: Seconds(1.0), ..Music::default() };
    let master = desk.master(&recipe).unwrap();
    assert_eq!(master.length, Seconds(10.0));
    assert_eq!(master.chapters[0].start, Seconds(0.0));
    let ears = Ears::of(&desk, &recipe);
    ears.check(9.0, &[(1.0, 0.0), (3.5, 0.0), (4.1, -24.0), (6.0, -24.0), (9.0, -100.0)]);
    assert!(ears.tone(VOICE, 3.8) < 0.001 && ears.tone(VOICE, 4.1) > 0.05);
}

#[test]
fn an_outro_begins_beneath_the_last_words() {
    let desk = Desk::new();
    let outro = Part { into_last: Seconds(3.0), ..music(&desk, "outro.wav", 8.0) };
    let recipe = recipe(vec![voice(&desk, "a.wav", 6.0), outro]);
    let ears = Ears::of(&desk, &recipe);
    assert_eq!(ears.0.frames(), 11 * 48_000);
    ears.check(1.0, &[(2.0, -100.0), (4.0, -24.0), (5.8, -24.0), (8.0, 0.0), (10.5, 0.0)]);
}

#[test]
fn a_bed_lies_beneath_its_parts_and_comes_up_in_pauses() {
    let desk = Desk::new();
    let bed = music(&desk, "bed.wav", 3.1).file;
    let parts = ["a.wav", "b.wav", "c.wav"].map(|name| voice(&desk, name, 6.0));
    let mut recipe = recipe(parts.into());
    recipe.pause = Seconds(4.0);
    recipe.beds = vec![Bed { file: bed, parts: 0..2 }];
    let ears = Ears::of(&desk, &recipe);
    ears.check(1.0, &[(4.0, -24.0), (5.5, -24.0), (8.2, -14.0), (12.0, -24.0)]);
    ears.check(1.0, &[(14.95, -30.0), (18.0, -100.0), (22.0, -100.0)]);
}

#[test]
fn a_sting_is_as_loud_as_the_show_wants_and_fades() {
    let desk = Desk::new();
    let parts = vec![
        voice(&desk, "a.wav", 3.0),
        music(&desk, "sting.wav", 4.0),
        voice(&desk, "b.wav", 3.0),
    ];
    let mut recipe = recipe(parts);
    recipe.music =
        Music { level: -6.0, fade_in: Seconds(1.0), fade_out: Seconds(1.0), ..Music::default() };
    let ears = Ears::of(&desk, &recipe);
    ears.check(1.0, &[(3.95, -12.0), (5.5, -6.0), (6.95, -12.0)]);
}

#[test]
fn stereo_music_stays_stereo_above_a_mono_voice() {
    let desk = Desk::new();
    let bed = Tone::noise(7).seconds(2.0).write(desk.path("bed.wav"));
    let mut recipe = crate::desk::recipe([]);
    recipe.parts = vec![voice(&desk, "a.wav", 5.0)];
    recipe.beds = vec![Bed { file: bed, parts: 0..1 }];
    desk.master(&recipe).unwrap();
    let sound = Sound::read(&desk.outputs().wav);
    let differ = sound.samples.chunks(2).filter(|frame| (frame[0] - frame[1]).abs() > 0.001);
    assert!(differ.count() > 48_000);
}

#[test]
fn what_makes_no_sense_is_told() {
    let desk = Desk::new();
    let mut recipe = recipe(vec![voice(&desk, "a.wav", 1.0)]);
    recipe.music.beneath = f64::NAN;
    insta::assert_snapshot!(desk.error(&recipe), @"cannot master: `sound.music.beneath` is out of its range; write -60 to 0 LU");
    recipe.music = Music::default();
    recipe.beds = vec![Bed { file: desk.path("bed.wav"), parts: 0..2 }];
    insta::assert_snapshot!(desk.error(&recipe), @"cannot master: the bed `DIR/bed.wav` lies beneath no part");
    recipe.beds[0].parts = 0..1;
    insta::assert_snapshot!(desk.error(&recipe), @"no recording at `DIR/bed.wav`; put it there, or take it out of the episode");
}
