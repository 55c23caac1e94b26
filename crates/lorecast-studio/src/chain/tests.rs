use lorecast_model::{Chain, Effects, Seconds};

use super::*;

/// Noise that is the same every time, between -1 and 1.
fn noise(seed: u32) -> impl Iterator<Item = f32> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    })
}

fn sine(hertz: f64, amplitude: f64, seconds: f64) -> Vec<f32> {
    let step = std::f64::consts::TAU * hertz / 48e3;
    (0..(seconds * 48e3) as usize).map(|n| ((n as f64 * step).sin() * amplitude) as f32).collect()
}

/// Something like a voice: a buzz around 120 Hz that rises and falls, in syllables of a fifth of a
/// second.
fn voice(seconds: f64) -> Vec<f32> {
    (0..(seconds * 48e3) as usize)
        .map(|n| {
            let t = n as f64 / 48e3;
            let syllable = (t * 5.0 * std::f64::consts::PI).sin().max(0.0);
            let turns = 120.0 * t + 4.0 * (t * 4.3).sin();
            let buzz: f64 = (1..12)
                .map(|h| (turns * f64::from(h) * std::f64::consts::TAU).sin() / f64::from(h))
                .sum();
            (buzz * syllable * 0.1) as f32
        })
        .collect()
}

/// One stage alone, with what it says.
fn run(change: impl Fn(&mut Chain), sound: &[f32], channels: u16) -> (Vec<f32>, Vec<Figure>) {
    let mut chain = Chain::off();
    change(&mut chain);
    let mut survey = Survey::new(channels);
    survey.push(sound);
    let found = survey.finish();
    let mut voice = Voice::new(&chain, &Effects::default(), &found, channels, 1);
    let mut pauses = Pauses::new(chain.silence, found.loudness, channels);
    let (mut worked, mut out) = (Vec::new(), Vec::new());
    for block in sound.chunks(777 * usize::from(channels)) {
        voice.push(block, &mut worked);
        pauses.push(&worked, &mut out);
        worked.clear();
    }
    voice.finish(&mut worked);
    pauses.push(&worked, &mut out);
    pauses.finish(&mut out);
    let mut figures = voice.effects();
    figures.extend(pauses.effects());
    (out, figures)
}

fn amount(figures: &[Figure], what: &str) -> f64 {
    figures
        .iter()
        .find(|figure| figure.what == what)
        .unwrap_or_else(|| panic!("{figures:?}"))
        .amount
}

fn level(sound: &[f32]) -> f64 {
    power_decibels(sound.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / sound.len() as f64)
}

fn mixed(a: &[f32], b: impl IntoIterator<Item = f32>) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

#[test]
fn a_chain_that_is_off_changes_nothing() {
    let sound = voice(1.3);
    assert_eq!(run(|_| {}, &sound, 1), (sound, vec![]));
}

#[test]
fn the_whole_chain_moves_nothing_in_time() {
    let sound = voice(3.0);
    let mut chain = Chain::default();
    chain.silence.on = false;
    let (out, figures) = run(|own| *own = chain.clone(), &sound, 1);
    assert_eq!(out.len(), sound.len());
    let likeness = |lag: i64| -> f64 {
        (48_000..96_000i64).map(|n| f64::from(sound[n as usize] * out[(n + lag) as usize])).sum()
    };
    let best = (-2000..2000i64).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap();
    // The slopes of the high-pass turn the lowest harmonics by a little.
    assert!(best.abs() <= 24, "{best} frames late");
    assert!(figures.len() >= 7, "{figures:?}");
}

#[test]
fn noise_reduction_alone_has_no_delay() {
    let (sound, noisy) = (voice(3.0), mixed(&voice(3.0), noise(3).map(|n| n * 0.003)));
    let (out, _) = run(|chain| chain.noise.on = true, &noisy, 1);
    let likeness = |lag: i64| -> f64 {
        (48_000..96_000i64).map(|n| f64::from(sound[n as usize] * out[(n + lag) as usize])).sum()
    };
    let best = (-600..600i64).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap();
    assert!(best.abs() <= 12, "{best}");
}

#[test]
fn rumble_and_a_direct_current_go() {
    let sound = mixed(&sine(20.0, 0.3, 2.0), std::iter::repeat(0.2));
    let (out, figures) = run(|chain| chain.rumble.on = true, &sound, 1);
    assert!(level(&out[48_000..]) < level(&sound) - 18.0, "{}", level(&out[48_000..]));
    assert!(amount(&figures, "energy taken away") > 15.0);
    let tone = sine(300.0, 0.3, 1.0);
    let (out, _) = run(|chain| chain.rumble.on = true, &tone, 1);
    assert!((level(&out) - level(&tone)).abs() < 0.2);
}

#[test]
fn hum_is_found_and_taken_away() {
    for (mains, other) in [(50.0, 60.0), (60.0, 50.0)] {
        let hum = mixed(&sine(mains, 0.02, 12.0), sine(mains * 3.0, 0.01, 12.0));
        let hiss = mixed(&hum, noise(7).map(|n| n * 0.001));
        let mut sound = hiss.clone();
        sound[..240_000].iter_mut().zip(voice(5.0)).for_each(|(s, v)| *s += v);
        let (out, figures) = run(|chain| chain.hum.on = true, &sound, 1);
        assert_eq!(amount(&figures, "mains heard at"), mains, "not {other}");
        let gone = level(&hiss[300_000..]) - level(&out[300_000..]);
        assert!(gone > 20.0, "{mains} Hz: {gone} dB");
    }
}

#[test]
fn a_voice_without_hum_keeps_its_tones() {
    let sound = mixed(&voice(12.0), noise(7).map(|n| n * 0.001));
    let (out, figures) = run(|chain| chain.hum.on = true, &sound, 1);
    assert!(figures.is_empty() && out == sound, "{figures:?}");
}

#[test]
fn ticks_are_mended_and_a_voice_is_left_alone() {
    let clean = voice(3.0);
    let (out, figures) = run(|chain| chain.clicks.on = true, &clean, 1);
    assert_eq!((amount(&figures, "ticks mended"), out == clean), (0.0, true));
    let mut ticks = clean.clone();
    for at in [10_000, 50_001, 90_479, 120_000] {
        ticks[at] += 0.6;
        ticks[at + 1] -= 0.4;
    }
    let (out, figures) = run(|chain| chain.clicks.on = true, &ticks, 1);
    assert_eq!(amount(&figures, "ticks mended"), 4.0);
    let worst = out.iter().zip(&clean).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 0.03, "{worst}");
}

#[test]
fn hiss_in_pauses_gets_quieter() {
    let mut sound: Vec<f32> = noise(11).map(|n| n * 0.005).take(48_000 * 6).collect();
    sound[48_000..96_000].iter_mut().zip(voice(1.0)).for_each(|(s, v)| *s += v);
    let (out, figures) = run(|chain| chain.noise.on = true, &sound, 1);
    let gone = level(&sound[150_000..]) - level(&out[150_000..]);
    assert!(gone > 15.0, "{gone} dB");
    assert!(amount(&figures, "pauses quieter by") > 12.0, "{figures:?}");
}

#[test]
fn the_room_between_words_is_turned_down() {
    let mut sound = voice(4.0);
    sound.extend(noise(5).map(|n| n * 0.0015).take(96_000));
    let (out, _) = run(|chain| chain.expander.on = true, &sound, 1);
    let gone = level(&sound[230_000..]) - level(&out[230_000..]);
    assert!((4.0..=10.1).contains(&gone), "{gone} dB");
    let kept = level(&sound[..190_000]) - level(&out[..190_000]);
    assert!(kept.abs() < 0.1, "{kept} dB");
}

#[test]
fn a_reader_who_leans_back_is_levelled() {
    let loud = voice(30.0);
    let sound: Vec<f32> = loud.iter().copied().chain(loud.iter().map(|s| s * 0.5)).collect();
    let (out, figures) = run(|chain| chain.leveller.on = true, &sound, 1);
    let (first, second) = (level(&out[480_000..960_000]), level(&out[1_920_000..2_400_000]));
    assert!((first - second).abs() < 0.5, "{first} {second}");
    assert!(amount(&figures, "most turned up by") > 3.0);
}

#[test]
fn loud_syllables_are_turned_down() {
    let quiet = voice(4.0);
    let sound: Vec<f32> = quiet.iter().copied().chain(quiet.iter().map(|s| s * 4.0)).collect();
    let (out, figures) = run(|chain| chain.compressor.on = true, &sound, 1);
    let spread = |s: &[f32]| level(&s[192_000..]) - level(&s[..192_000]);
    assert!(spread(&out) < spread(&sound) - 1.5, "{} {}", spread(&out), spread(&sound));
    assert!(amount(&figures, "most turned down by") > 2.0);
}

#[test]
fn sibilants_are_softened_and_vowels_are_not() {
    let sharp = sine(8000.0, 0.2, 1.0);
    let sound: Vec<f32> = voice(3.0).into_iter().chain(sharp.iter().copied()).collect();
    let (out, _) = run(|chain| chain.sibilance.on = true, &sound, 1);
    let gone = level(&sharp) - level(&out[150_000..]);
    assert!((2.0..=6.5).contains(&gone), "{gone}");
    assert!((level(&out[..140_000]) - level(&sound[..140_000])).abs() < 0.3);
}

#[test]
fn long_pauses_lose_their_middle_and_short_ones_nothing() {
    let pause = |seconds: f64| vec![0.0; (seconds * 48e3) as usize];
    let word = sine(300.0, 0.3, 1.0);
    let sound =
        [word.clone(), pause(1.5), word.clone(), pause(7.0), word.clone(), pause(3.0)].concat();
    let (out, figures) = run(|chain| chain.silence.on = true, &sound, 1);
    assert_eq!(amount(&figures, "pauses shortened"), 2.0);
    // Three words, a pause of 1.5 s and two of 2 s; a sine ends a few frames early, at zero.
    assert!((out.len() as f64 / 48e3 - 8.5).abs() < 0.01, "{}", out.len());
    let words = out.iter().filter(|sample| sample.abs() > 0.01).count();
    assert_eq!(words, sound.iter().filter(|sample| sample.abs() > 0.01).count());
}

#[test]
fn a_limit_of_its_own() {
    let sound = [sine(300.0, 0.3, 1.0), vec![0.0; 480_000], sine(300.0, 0.3, 1.0)].concat();
    let (out, _) = run(
        |chain| {
            chain.silence.on = true;
            chain.silence.longest = Seconds(0.5);
        },
        &sound,
        1,
    );
    assert!((out.len() as f64 / 48e3 - 2.5).abs() < 0.01);
}

#[test]
fn clipping_and_a_direct_current_are_noticed() {
    let mut survey = Survey::new(1);
    survey.push(
        &sine(100.0, 2.0, 1.0).iter().map(|s| s.clamp(-1.0, 1.0) * 0.999).collect::<Vec<_>>(),
    );
    let found = survey.finish();
    assert!(found.clipped > 20_000 && found.first_clipped.is_some_and(|at| at < 100), "{found:?}");
    let mut survey = Survey::new(1);
    survey.push(&mixed(&sine(300.0, 0.1, 1.0), std::iter::repeat(-0.1)));
    assert!((survey.finish().offset + 0.1).abs() < 1e-3);
}

#[test]
fn silence_and_handfuls_of_frames_pass() {
    for length in [0, 1, 479, 480, 481, 9_600] {
        let mut chain = Chain::default();
        chain.silence.on = false;
        assert_eq!(run(|own| *own = chain.clone(), &vec![0.0; length], 1).0, vec![0.0; length]);
        let sound: Vec<f32> = noise(1).take(length * 2).collect();
        let (out, _) = run(|own| *own = chain.clone(), &sound, 2);
        assert!(out.len() == sound.len() && out.iter().all(|sample| sample.is_finite()));
    }
}

/// A take of more than two stretches, through a crew and through none.
#[test]
fn several_threads_clean_as_one_does() {
    let sound = mixed(&voice(70.0), noise(3).map(|n| n * 0.003));
    let mut survey = Survey::new(1);
    survey.push(&sound);
    let found = survey.finish();
    let [one, three] = [1, 3].map(|threads| {
        let mut out = Vec::new();
        let mut voice = Voice::new(&Chain::default(), &Effects::default(), &found, 1, threads);
        sound.chunks(7_777).for_each(|block| voice.push(block, &mut out));
        voice.finish(&mut out);
        (out, voice.effects())
    });
    assert!(one == three);
    assert_eq!(one.0.len(), sound.len());
}

/// Each stretch has a network of its own that has heard the seconds before.
#[test]
fn where_stretches_meet_nothing_is_heard() {
    let sound = mixed(&voice(36.0), noise(3).map(|n| n * 0.003));
    let (out, _) = run(|chain| (chain.noise.on, chain.noise.wet) = (true, 1.0), &sound, 1);
    let mut suppressor = noise::Suppressor::new(false);
    let (mut whole, mut block) = (Vec::new(), [0.0; BLOCK]);
    for samples in sound.chunks_exact(BLOCK).chain([&[0.0; BLOCK][..]]) {
        let scaled: Vec<f32> = samples.iter().map(|sample| sample * 32_768.0).collect();
        suppressor.process(&scaled, &mut block);
        whole.extend(block.map(|sample| sample / 32_768.0));
    }
    let whole = &whole[BLOCK..];
    assert!(out[..30 * 48_000] == whole[..30 * 48_000]);
    let error: Vec<f32> =
        out[30 * 48_000..].iter().zip(&whole[30 * 48_000..]).map(|(a, b)| a - b).collect();
    assert!(level(&error) < level(&sound) - 40.0, "{} {}", level(&error), level(&sound));
}
