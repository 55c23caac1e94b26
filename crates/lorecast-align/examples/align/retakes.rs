//! Sections and their retakes in one recording: made of sections of flite, with slates.

use std::path::Path;

use lorecast_align::{FrontEnd, Guide, Model, Sentence};

use crate::dice::Dice;
use crate::speech::{self, RATE};
use crate::unseen;

/// The order in which sections are read; `!` is a reading that is broken off.
const ORDER: &[&str] = &["0", "1", "1!", "1", "2", "4", "3", "2", "5", "6", "7"];
const SECTIONS: usize = 8;
const SENTENCES: usize = 9;
const NAMES: [&str; SECTIONS] = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

pub fn measure(dir: &Path) {
    let mut dice = Dice(21);
    for (slates, voice) in [(true, "slt"), (false, "rms"), (true, "awb")] {
        let text: Vec<Vec<String>> = (0..SECTIONS)
            .map(|_| (0..SENTENCES).map(|_| unseen::sentence(&mut dice)[1].clone()).collect())
            .collect();
        let mut sound = vec![0.0; RATE];
        let mut truth = [0.0; SECTIONS];
        for what in ORDER {
            let section: usize = what.trim_end_matches('!').parse().unwrap();
            if slates {
                let slate = format!("Section {}.", NAMES[section]);
                sound.extend(speech::flite(dir, voice, None, &slate).0);
                sound.resize(sound.len() + RATE, 0.0);
            }
            let count = if what.ends_with('!') { 3 } else { SENTENCES };
            for (number, sentence) in text[section][..count].iter().enumerate() {
                let (said, first, _) = speech::flite(dir, voice, None, sentence);
                if number == 0 {
                    truth[section] = (sound.len() + first) as f64 / RATE as f64;
                }
                sound.extend(said);
                sound.resize(sound.len() + RATE / 3, 0.0);
            }
            sound.resize(sound.len() + 2 * RATE, 0.0);
        }
        sound.iter_mut().for_each(|sample| *sample += 0.001 * dice.gauss());
        report(voice, slates, &sound, &text, &truth);
    }
}

fn report(voice: &str, slates: bool, sound: &[f64], text: &[Vec<String>], truth: &[f64]) {
    let model = Model::find().unwrap();
    let mut front = FrontEnd::new(&model);
    let sound: Vec<f32> = sound.iter().map(|sample| *sample as f32).collect();
    front.push(&sound);
    let (mut script, mut guide) = (Vec::new(), Guide::default());
    for (section, sentences) in text.iter().enumerate() {
        guide.sections.push(script.len());
        script.push(Sentence::slate(&format!("section {}", NAMES[section])));
        script.extend(sentences.iter().map(|text| Sentence::new(text)));
    }
    let table = model.align(&front.finish(), &script, &guide).unwrap();
    let found = table.sections(&guide.sections);
    let wanted: Vec<usize> = (0..SECTIONS)
        .map(|section| ORDER.iter().filter(|what| what.starts_with(&section.to_string())).count())
        .collect();
    let right = found.iter().zip(truth).filter(|(section, start)| {
        section.reading().is_some_and(|reading| (reading.start.0 - **start).abs() <= 0.1)
    });
    let readings: Vec<usize> = found.iter().map(|section| section.readings.len()).collect();
    println!(
        "{voice}{}: {} of {SECTIONS} sections begin within 0.1 s of their last reading; readings {readings:?} of {wanted:?}",
        if slates { " with slates" } else { "" },
        right.count()
    );
}
