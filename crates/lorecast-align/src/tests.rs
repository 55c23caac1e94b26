//! The road from files and sound to the table, with a model of five phones.

use lorecast_model::Seconds;
use proptest::prelude::*;

use crate::toy;
use crate::{
    AlignError, Alignment, Anchor, Cepstra, Files, FrontEnd, Guide, Model, SectionTimes, Sentence,
    Words,
};

const SCRIPT: &[&str] = &["one two three", "four five", "six one four two", "five six three"];
const ONE: &str = "A B A B C C D A";
const TWO: &str = "D C A D";
const THREE: &str = "C A B A B A D B B C";
const SLATE: &str = "C A B C A B";
const FOUR: &str = "A D C A B C D A";

/// A line for each section, in hundredths of a second.
fn check_sections(voice: &[&str], expected: &str) {
    let script =
        ["six six", "one two three", "four five", "six six", "six one four two", "five six three"];
    let mut script: Vec<Sentence> = script.map(Sentence::new).into();
    script[0].slate = true;
    script[3].slate = true;
    let guide = Guide { sections: vec![0, 3], ..Guide::default() };
    let model = Model::parse(&toy::files(false)).unwrap();
    let table = model.align(&toy::voice(&voice.join(" ")), &script, &guide).unwrap();
    let lines: Vec<String> = table.sections(&guide.sections).iter().map(line).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(lines, expected);
}

fn line(section: &SectionTimes) -> String {
    let mut line = format!("{}:", section.section);
    for (at, reading) in section.readings.iter().enumerate() {
        let times = [reading.cut_start, reading.start, reading.end, reading.cut_end];
        let mark = if section.chosen == Some(at) { "*" } else { "" };
        let times = times.map(|time| format!("{:.0}", time.0 * 100.0)).join("-");
        line += &format!(" {times} {} of {}{mark}", reading.sentences, section.sentences);
    }
    line
}

fn aligned(voice: &[&str], guide: &Guide) -> Result<Alignment, AlignError> {
    let script: Vec<Sentence> = SCRIPT.iter().map(|text| Sentence::new(text)).collect();
    let model = Model::parse(&toy::files(false)).unwrap();
    model.align(&toy::voice(&voice.join(" ")), &script, guide)
}

/// The table, a line for each sentence and passage, in hundredths of a second.
fn check(voice: &[&str], expected: &str) {
    check_guided(voice, &Guide::default(), expected);
}

fn check_guided(voice: &[&str], guide: &Guide, expected: &str) {
    let table = aligned(voice, guide).unwrap();
    let mut lines = Vec::new();
    for times in &table.sentences {
        let (start, end) = (times.start.0 * 100.0, times.end.0 * 100.0);
        lines.push(format!("{} {:?} {start:.0}-{end:.0}", times.sentence, times.status));
    }
    for passage in &table.passages {
        let (start, end) = (passage.start.0 * 100.0, passage.end.0 * 100.0);
        lines.push(format!("{:?} {start:.0}-{end:.0}", passage.kind));
    }
    let expected: Vec<&str> =
        expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected);
}

#[test]
fn what_is_read_is_found() {
    check(
        &[".", ONE, ".", TWO, ".", THREE, FOUR, "."],
        "0 Spoken 101-173
         1 Spoken 273-309
         2 Spoken 409-499
         3 Spoken 499-571",
    );
}

#[test]
fn a_sentence_left_out_is_skipped() {
    check(
        &[".", ONE, ".", TWO, ".", FOUR, "."],
        "0 Spoken 101-173
         1 Spoken 273-309
         2 Skipped 309-309
         3 Spoken 409-481",
    );
}

#[test]
fn the_last_time_counts() {
    check(
        &[".", ONE, ".", THREE, ".", THREE, ".", FOUR],
        "0 Spoken 101-173
         1 Skipped 173-173
         2 Repeated 463-553
         3 Spoken 653-725
         Repeat 273-363",
    );
}

#[test]
fn a_false_start_is_no_sentence() {
    check(
        &[".", "A B A", ".", ONE, ".", TWO, ".", THREE, ".", FOUR],
        "0 Spoken 228-300
         1 Spoken 400-436
         2 Spoken 536-626
         3 Spoken 726-798
         FalseStart 101-128",
    );
}

#[test]
fn what_the_script_does_not_say_is_inserted() {
    let aside = "X C X B X X A X D X B X X C X X A X X D X B X C X X";
    check(
        &[".", ONE, ".", aside, ".", TWO, ".", THREE, ".", FOUR],
        "0 Spoken 101-173
         1 Spoken 607-643
         2 Spoken 743-833
         3 Spoken 933-1005
         Inserted 273-507",
    );
}

#[test]
fn words_of_a_sentence_have_times_and_confidence() {
    let table = aligned(&[".", ONE, ".", TWO, ".", THREE, ".", FOUR], &Guide::default()).unwrap();
    let words = &table.sentences[3].words;
    let starts: Vec<String> = words.iter().map(|word| format!("{:.2}", word.start.0)).collect();
    assert_eq!(starts, ["5.99", "6.17", "6.44"]);
    assert!(words.iter().all(|word| word.confidence > 0.8), "{words:?}");
    assert!(table.belongs());
}

#[test]
fn a_script_of_another_voice_does_not_belong() {
    let table =
        aligned(&["X X X X . X X X . X X X X X X . X X X X X X . X X X"], &Guide::default())
            .unwrap();
    assert!(!table.belongs(), "{table:?}");
}

#[test]
fn sections_of_one_recording_are_found() {
    check_sections(
        &[".", ONE, ".", TWO, ".", THREE, ".", FOUR, "."],
        "0: 51-101-309-359 2 of 2*
         1: 359-409-671-721 2 of 2*",
    );
}

#[test]
fn a_section_that_is_read_twice_has_two_readings() {
    check_sections(
        &[
            SLATE, ".", ONE, ".", TWO, ".", SLATE, ".", THREE, ".", FOUR, ".", SLATE, ".", ONE,
            ".", TWO,
        ],
        "0: 105-155-363-413 2 of 2 1083-1133-1341-1342 2 of 2*
         1: 567-617-879-929 2 of 2*",
    );
}

#[test]
fn a_reading_that_is_broken_off_is_one_of_its_own() {
    check_sections(
        &[ONE, ".", TWO, ".", SLATE, ".", THREE, ".", THREE, ".", FOUR],
        "0: 0-1-209-259 2 of 2*
         1: 413-463-553-603 1 of 2 603-653-915-916 2 of 2*",
    );
}

#[test]
fn an_anchor_is_kept() {
    let anchors = vec![Anchor { sentence: 2, at: Seconds(2.73) }];
    check_guided(
        &[".", ONE, ".", THREE, ".", THREE, ".", FOUR],
        &Guide { anchors, ..Guide::default() },
        "0 Spoken 101-172
         1 Skipped 172-172
         2 Repeated 273-363
         3 Spoken 653-725
         Repeat 463-553",
    );
}

#[test]
fn an_anchor_that_cannot_be_kept_is_an_error() {
    let error = |sentence, at| {
        let anchors = vec![Anchor { sentence, at: Seconds(at) }];
        let guide = Guide { anchors, ..Guide::default() };
        aligned(&[".", ONE], &guide).unwrap_err().to_string()
    };
    assert_eq!(
        error(4, 0.5),
        "sentence 4 cannot be anchored at 0.5 s: the script has no such sentence"
    );
    assert_eq!(
        error(3, 9.5),
        "sentence 3 cannot be anchored at 9.5 s: the voice has ended by then"
    );
    assert_eq!(error(3, f64::NAN), "sentence 3 cannot be anchored at NaN s: that is no time");
}

#[test]
fn an_added_word_is_said_as_it_was_added() {
    let words = Words::parse("two = /AA B D/, three = five").unwrap();
    let script = [Sentence::new("one two three")];
    let model = Model::parse(&toy::files(false)).unwrap();
    let heard = |voice: &str, words: &Words| {
        let guide = Guide { words: words.clone(), ..Guide::default() };
        model.align(&toy::voice(voice), &script, &guide).unwrap().sentences[0].words.len()
    };
    assert_eq!(heard(". A B A B D A D .", &words), 3);
}

#[test]
fn no_voice_and_no_script_are_an_empty_table() {
    let model = Model::parse(&toy::files(false)).unwrap();
    assert_eq!(model.align(&toy::voice(""), &[], &Guide::default()).unwrap().sentences, []);
    assert_eq!(
        model
            .align(&toy::voice("A B"), &[Sentence::new("… !")], &Guide::default())
            .unwrap()
            .passages,
        []
    );
    let unsaid = model
        .align(&Cepstra::without_mean(Vec::new()), &[Sentence::new("one")], &Guide::default())
        .unwrap();
    assert_eq!(unsaid.heard, 0.0);
}

#[test]
fn byte_orders_make_no_difference() {
    let [little, big] = [false, true].map(|order| Model::parse(&toy::files(order)).unwrap());
    assert_eq!(little.mdef, big.mdef);
    assert_eq!(little.weights, big.weights);
    assert_eq!(little.transitions, big.transitions);
    assert_eq!(little.codebooks[0].blocks[0].means, big.codebooks[0].blocks[0].means);
}

#[test]
fn a_folder_without_a_model_says_which_file_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let error = Model::open(folder.path().try_into().unwrap()).unwrap_err().to_string();
    assert!(error.contains("en-us/feat.params"), "{error}");
}

/// With the installed model; without one there is nothing to test, and the test says so.
#[test]
fn silence_reads_no_script() {
    let Ok(model) = Model::find() else {
        #[allow(clippy::print_stderr, reason = "a test that tests nothing must say so")]
        {
            eprintln!("NOT TESTED: pocketsphinx-en-us is not installed");
        }
        return;
    };
    assert_eq!((model.mdef.names.len(), model.codebooks.len(), model.densities), (42, 126, 128));
    let mut front = FrontEnd::new(&model);
    front.push(&[0.0; 48_000]);
    let script =
        [Sentence::new("the patch adds a new system call"), Sentence::new("nobody objected")];
    let table = model.align(&front.finish(), &script, &Guide::default()).unwrap();
    assert!(!table.belongs(), "{table:?}");
}

/// The file of a number.
fn file(files: &mut Files, which: usize) -> &mut Vec<u8> {
    match which {
        0 => &mut files.params,
        1 => &mut files.mdef,
        2 => &mut files.means,
        3 => &mut files.variances,
        4 => &mut files.sendump,
        5 => &mut files.transitions,
        6 => &mut files.noises,
        _ => &mut files.dictionary,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_cut_model_is_an_error(which in 1usize..6, keep in 0.0..1.0f64) {
        let mut files = toy::files(false);
        let bytes = file(&mut files, which);
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        prop_assert!(Model::parse(&files).is_err());
    }

    #[test]
    fn a_damaged_model_never_panics(which in 0usize..8, at in 0.0..1.0f64, early in any::<bool>(), with in any::<u32>()) {
        let mut files = toy::files(false);
        let bytes = file(&mut files, which);
        let reach = if early { bytes.len().min(200) } else { bytes.len() };
        let at = (reach as f64 * at) as usize;
        for (to, from) in bytes[at..].iter_mut().zip(with.to_le_bytes()) {
            *to = from;
        }
        if let Ok(model) = Model::parse(&files) {
            let script: Vec<Sentence> = SCRIPT.iter().map(|text| Sentence::new(text)).collect();
            prop_assert!(model.align(&toy::voice(ONE), &script, &Guide::default()).is_ok());
        }
    }

    #[test]
    fn bytes_that_are_no_model_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), which in 0usize..8) {
        let mut files = toy::files(false);
        *file(&mut files, which) = bytes;
        let _ = Model::parse(&files);
    }

    #[test]
    fn any_words_can_be_aligned(words in prop::collection::vec("\\PC{0,60}", 0..20)) {
        let model = Model::parse(&toy::files(false)).unwrap();
        let table = model.align(&toy::voice(TWO), &[Sentence { words, ..Sentence::default() }], &Guide::default()).unwrap();
        prop_assert_eq!(table.sentences.len(), 1);
    }
}
