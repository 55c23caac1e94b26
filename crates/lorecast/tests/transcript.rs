//! The script in the voice: a recording by flite, sentence by sentence, so that every time is known.
//!
//! Needs `flite` and `pocketsphinx-en-us`, which `scripts/test` installs; without them these tests say
//! so and test nothing, unless `LORECAST_TEST_VOICE` is set, as it is there.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]
#![allow(clippy::print_stderr, reason = "what is skipped is said")]

mod show;

use std::path::Path;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;
use show::{done, lorecast_in};

const ID: &str = "2025-06-22";
const SHOW: &str = "\
title: Tiny
description: Invented news.
author: Nobody
url: http://127.0.0.1:8700/
profile: general
voice: {speaker: Ann Example}
sound: {channels: 1, pause: 0.5}
";
const EPISODE: &str = "\
title: One
window: {from: 2025-06-16, to: 2025-06-22}
chapters:
  - {title: The week, take: all}
";
/// As `script.md` has it, with what people wrote by hand: digits, a hint, and marks.
const SCRIPT: &str = "\
# Tiny for June

Welcome to the show.
This week was quiet, and the maintainers went fishing.

## Memory management

Nobody posted a new allocator, which is a relief.
The old one moved forty megabytes from one place to another.
A reviewer asked whether that was really necessary.
The answer was a graph, and the graph went up.

## File systems

A small patch made directories faster on old disks.
Bo Quux [bow kooks] measured it with a stopwatch and 12 kittens.
The numbers were good, and the kittens were better.

## Sign-off

That is all for this week.
Thank you for listening, and good night.
";

/// The sentences as flite reads them, in the order of the script.
const SAID: [&str; 11] = [
    "Welcome to the show.",
    "This week was quiet, and the maintainers went fishing.",
    "Nobody posted a new allocator, which is a relief.",
    "The old one moved forty megabytes from one place to another.",
    "A reviewer asked whether that was really necessary.",
    "The answer was a graph, and the graph went up.",
    "A small patch made directories faster on old disks.",
    "Bow kooks measured it with a stopwatch and twelve kittens.",
    "The numbers were good, and the kittens were better.",
    "That is all for this week.",
    "Thank you for listening, and good night.",
];
const RATE: u32 = 16_000;

/// Whether there is a voice, and ears for it.
fn can_hear() -> bool {
    let there = Path::new("/usr/share/pocketsphinx/model/en-us/en-us/mdef").exists()
        && Command::new("flite").arg("--version").output().is_ok();
    assert!(
        there || std::env::var_os("LORECAST_TEST_VOICE").is_none(),
        "flite or pocketsphinx-en-us is missing: run `scripts/test install`"
    );
    if !there {
        eprintln!("SKIPPED: needs `apt install flite pocketsphinx-en-us`");
    }
    there
}

/// A show with a script, and what is read into its only take.
struct World {
    dir: tempfile::TempDir,
    sound: Vec<i16>,
}

impl World {
    fn new() -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap(), sound: vec![0; 8_000] };
        std::fs::create_dir_all(world.episode().join("takes")).unwrap();
        std::fs::write(world.root().join("show.yaml"), SHOW).unwrap();
        world.write("episode.yaml", EPISODE);
        world.write("script.md", SCRIPT);
        world.write("notes.md", "# Tiny for June\n\nInvented news.\n");
        world
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    fn episode(&self) -> Utf8PathBuf {
        self.root().join("episodes").join(ID)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.episode().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.episode().join(name)).unwrap()
    }

    /// Says a sentence and pauses; when its first sound is heard and when its last one ends, in seconds.
    fn say(&mut self, text: &str) -> (f64, f64) {
        let file = self.root().join("said.wav");
        let args = ["-voice", "slt", "-t", text, "-o", file.as_str()];
        assert!(Command::new("flite").args(args).status().unwrap().success());
        let mut wav = hound::WavReader::open(&file).unwrap();
        assert_eq!(wav.spec().sample_rate, RATE);
        let said: Vec<i16> = wav.samples().map(Result::unwrap).collect();
        let loud = |sample: &i16| sample.unsigned_abs() > 300;
        let first = said.iter().position(loud).unwrap();
        let last = said.iter().rposition(loud).unwrap();
        let before = self.sound.len();
        let at = |sample: usize| (before + sample) as f64 / f64::from(RATE);
        let times = (at(first), at(last));
        self.sound.extend(said);
        self.sound.resize(self.sound.len() + 6_000, 0);
        times
    }

    /// Masters what was said so far.
    fn master(&self, args: &[&str]) -> String {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let file = self.episode().join("takes/all.wav");
        let mut wav = hound::WavWriter::create(file, spec).unwrap();
        self.sound.iter().for_each(|sample| wav.write_sample(*sample).unwrap());
        wav.finalize().unwrap();
        let run = lorecast_in(self.dir.path(), &[&["master", ID], args].concat());
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        run.stdout + &run.stderr
    }

    /// When the sentences of the transcript begin and end.
    fn times(&self) -> Vec<(f64, f64, String)> {
        let json: Value = serde_json::from_str(&self.read("transcript.json")).unwrap();
        let segments = json["segments"].as_array().unwrap().iter();
        let seconds = |value: &Value| value.as_f64().unwrap();
        segments
            .map(|s| {
                let body = s["body"].as_str().unwrap().to_owned();
                (seconds(&s["startTime"]), seconds(&s["endTime"]), body)
            })
            .collect()
    }
}

#[test]
fn every_sentence_is_found_where_it_was_said() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    let truth: Vec<(f64, f64)> = SAID.iter().map(|said| world.say(said)).collect();
    let said = world.master(&[]);
    assert!(!said.contains("note:"), "{said}");
    for title in ["The week", "Memory management", "File systems", "Sign-off"] {
        assert!(said.contains(title), "{title}: {said}");
    }
    let found = world.times();
    assert_eq!(found.len(), truth.len(), "{found:#?}");
    for ((start, end), (from, to, text)) in truth.iter().zip(&found) {
        assert!((start - from).abs() < 0.1, "{text}: {start} and not {from}");
        assert!((end - to).abs() < 0.2, "{text}: ends {end} and not {to}");
    }
    assert!(world.read("transcript.vtt").contains("<v Ann Example>Welcome to the show."));
    assert!(world.read("transcript.srt").contains("\nAnn Example: Welcome to the\nshow.\n"));
    assert!(world.read("transcript.html").contains("<cite>Ann Example:</cite>"));
    let chapter = |title: &str| -> f64 {
        let master: Value = serde_json::from_str(&world.read("master.json")).unwrap();
        let chapters = master["chapters"].as_array().unwrap().clone();
        chapters.iter().find(|c| c["title"] == title).unwrap()["start"].as_f64().unwrap()
    };
    assert!((chapter("File systems") - truth[6].0).abs() < 0.1);

    // The next step: published, and the lint has nothing to say of transcripts and chapters.
    // The show has no artwork.
    done(world.dir.path(), &["publish", "--despite-lint"]);
    let lint = lorecast_in(world.dir.path(), &["lint"]).stdout;
    assert!(!lint.contains("[TR-") && !lint.contains("[CHP-"), "{lint}");
    let public = world.root().join("public/episodes").join(ID);
    assert!(public.join("transcript.vtt").exists());

    // And the pace is learnt.
    let timing = done(world.dir.path(), &["script", ID, "--timing", "--format", "json"]);
    let timing: Value = serde_json::from_str(&timing).unwrap();
    assert_eq!(
        (&timing["planned"]["origin"], &timing["learned"]["origin"]),
        (&"usual".into(), &"takes".into())
    );
    let real = timing["sections"][1]["real"].as_f64().unwrap() * 60.0;
    assert!((real - (truth[5].1 - truth[2].0)).abs() < 0.3, "{real}");
}

#[test]
fn a_reader_who_skips_repeats_and_talks_spoils_no_neighbour() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    let mut truth = Vec::new();
    for (nth, said) in SAID.iter().enumerate() {
        match nth {
            4 => continue,
            7 => {
                world
                    .say("Sorry about the noise, my dog wants to go out again, one moment please.");
                world.say("Bow kooks measured it.");
            }
            9 => {
                world.say(SAID[8]);
            }
            _ => {}
        }
        truth.push((*said, world.say(said).0));
    }
    // The sentence that was said twice counts where it was said last.
    let said = world.master(&[]);
    assert!(
        said.contains("not said: “A reviewer asked whether that was really necessary.”"),
        "{said}"
    );
    assert!(said.contains("not in the script for"), "{said}");
    assert!(said.contains("begun and not ended for"), "{said}");
    assert!(said.contains("said twice for"), "{said}");
    let report: Value = serde_json::from_str(&world.read("master.report.json")).unwrap();
    let kinds: Vec<&str> = report["deviations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["skipped", "inserted", "false-start", "repeated"]);
    assert!(report["whole"]["words_per_minute"].as_f64().is_some_and(|pace| pace > 90.0));
    let page = world.read("master.report.html");
    assert!(page.contains("<b>not said</b> <q>A reviewer asked whether"), "{page}");
    let found = world.times();
    for (text, start) in truth.iter().filter(|(text, _)| ![SAID[7], SAID[8]].contains(text)) {
        let near = found.iter().find(|(_, _, body)| body == text).unwrap();
        assert!((near.0 - start).abs() < 0.1, "{text}: {start} and not {}", near.0);
    }
}

#[test]
fn one_recording_is_split_where_its_sections_begin_and_the_last_reading_counts() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    let planned = ["Tiny for June", "Memory management", "File systems", "Sign-off"];
    let chapters = planned.map(|title| format!("  - {{title: {title}, take: {title}}}\n"));
    let head = EPISODE.split_once("  - ").unwrap().0;
    world.write("episode.yaml", &format!("{head}{}", chapters.concat()));
    let order = [0, 1, 2, 3, 4, 5, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let truth: Vec<(f64, f64)> = order.iter().map(|at| world.say(SAID[*at])).collect();
    let said = world.master(&["--split"]);
    assert!(said.contains("found by the script in the voice"), "{said}");
    let yaml = world.read("episode.yaml");
    let starts: Vec<f64> = yaml
        .lines()
        .filter_map(|line| line.split_once("from: \"0:")?.1.split_once('"')?.0.parse().ok())
        .collect();
    let expected = [truth[0].0, truth[6].0, truth[10].0, truth[13].0];
    assert_eq!(starts.len(), expected.len(), "{yaml}");
    for (start, first) in starts.iter().zip(expected) {
        assert!((first - 0.5..first + 0.03).contains(start), "{start} before {first}: {yaml}");
    }
}

/// The pace counts what is said, the transcript shows what the notes write.
#[test]
fn a_transcript_has_the_spelling_of_the_notes() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    world.write("notes.md", "# Tiny for June\n\nLinux 4.11-rc8 is out this week. It moved 128 MB from one place to another, in v3 of the patch.\n\nNobody asked `dma_alloc_coherent()` whether that was necessary.\n");
    std::fs::remove_file(world.episode().join("script.md")).unwrap();
    done(world.dir.path(), &["script", ID]);
    let script = world.read("script.md");
    assert!(script.contains("four point eleven R C eight"), "{script}");
    // An edit stays as it is.
    world.write(
        "script.md",
        &script.replace("version three of the patch", "version four of the patch"),
    );
    let said = [
        "Linux four point eleven R C eight is out this week.",
        "It moved one hundred twenty eight megabytes from one place to another, in version four of the patch.",
        "Nobody asked D M A alloc coherent whether that was necessary.",
    ];
    let truth = said.map(|said| world.say(said));
    world.master(&[]);
    let found = world.times();
    let texts: Vec<&str> = found.iter().map(|(_, _, text)| text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "Linux 4.11-rc8 is out this week.",
            "It moved 128 MB from one place to another, in version four of the patch.",
            "Nobody asked dma_alloc_coherent() whether that was necessary.",
        ]
    );
    for ((start, _), (from, ..)) in truth.iter().zip(&found) {
        assert!((start - from).abs() < 0.1, "{start} and not {from}");
    }
    // The word lasts as long as all that is said for it.
    let json: Value = serde_json::from_str(&world.read("transcript.json")).unwrap();
    let words = json["segments"][0]["words"].as_array().unwrap();
    let word = words.iter().find(|word| word["body"] == "4.11-rc8").unwrap();
    let length = word["endTime"].as_f64().unwrap() - word["startTime"].as_f64().unwrap();
    assert!((1.0..3.0).contains(&length), "{word}");
    for file in ["transcript.vtt", "transcript.html"] {
        assert!(world.read(file).contains("Linux 4.11-rc8 is out"), "{file}");
    }
    let report: Value = serde_json::from_str(&world.read("master.report.json")).unwrap();
    let pace = report["sections"][0]["words_per_minute"].as_f64().unwrap();
    let minutes: f64 = truth.iter().map(|(start, end)| (end - start) / 60.0).sum();
    let plain = said.join(" ").split(' ').count() as f64 / minutes;
    assert!((0.7 * plain..plain).contains(&pace), "{pace} and not a little below {plain}");
}

/// Whoever asked to be forgotten is in no transcript, however often it is made, and in no report.
#[test]
fn who_asked_to_be_forgotten_is_in_no_transcript() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    SAID.iter().for_each(|said| {
        world.say(said);
    });
    world.master(&[]);
    assert!(world.read("transcript.vtt").contains("Bo Quux"));
    let people = "- {name: Bo Quux, emails: [bo@quux.example]}\n";
    std::fs::write(world.root().join("people.yaml"), people).unwrap();
    let mbox = "From x\nMessage-ID: <1@quux.example>\nDate: Mon, 16 Jun 2025 10:00:00 +0000\nFrom: Bo Quux <bo@quux.example>\nSubject: kittens\n\nTwelve.\n";
    std::fs::write(world.root().join("mails.mbox"), mbox).unwrap();
    done(world.dir.path(), &["ingest", "mails.mbox"]);
    done(world.dir.path(), &["people", "forget", "bo@quux.example", "--yes"]);
    let said = world.master(&[]);
    assert!(!said.contains("Quux"), "{said}");
    for form in ["vtt", "srt", "json", "html"] {
        let text = world.read(&format!("transcript.{form}"));
        assert!(!text.contains("Quux") && text.contains("measured it"), "{text}");
    }
    for file in ["master.mp3", "master.report.json", "master.report.html", "master.json"] {
        let bytes = std::fs::read(world.episode().join(file)).unwrap();
        for coded in [b"Quux".to_vec(), "Quux".encode_utf16().flat_map(u16::to_le_bytes).collect()]
        {
            assert!(!bytes.windows(coded.len()).any(|part| part == coded), "{file}");
        }
    }
    // The show has no artwork.
    done(world.dir.path(), &["publish", "--despite-lint"]);
    let public = world.root().join("public/episodes").join(ID).join("transcript.vtt");
    assert!(!std::fs::read_to_string(public).unwrap().contains("Quux"));
}

#[test]
fn what_a_person_set_is_kept() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    let truth: Vec<(f64, f64)> = SAID.iter().map(|said| world.say(said)).collect();
    let anchors = "anchors:\n  - {sentence: the answer was a graph, at: \"0:16.25\"}\n  - {sentence: no such, at: 1}\n";
    world.write("episode.yaml", &format!("{EPISODE}{anchors}"));
    for _ in 0..2 {
        let said = world.master(&["--words", "kittens = K I D S"]);
        assert!(said.contains("the anchor `no such`"), "{said}");
        let found = world.times();
        let near = found.iter().find(|(_, _, body)| body.starts_with("The answer")).unwrap();
        assert!((near.0 - 16.25).abs() < 0.0005, "{near:?}, {:?}", truth[5]);
    }
    let run = lorecast_in(world.dir.path(), &["master", ID, "--words", "kittens"]);
    assert!(run.code == 2 && run.stderr.contains("`kittens` does not say"), "{}", run.stderr);
}

#[test]
fn a_script_of_somebody_else_gives_one_message_and_no_transcript() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    for said in SAID {
        world.say(said);
    }
    world.master(&[]);
    assert!(world.episode().join("transcript.vtt").exists());
    world.write("script.md", "The quarterly report of the ministry shows lower taxes.\nFarmers in the north expect a late harvest of barley.\nA new railway bridge will open near the border in autumn.\nThe orchestra plays three symphonies on Thursday evening.\n");
    let said = world.master(&[]);
    assert_eq!(said.matches("note:").count(), 1, "{said}");
    assert!(said.contains("`script.md` does not belong to this voice"), "{said}");
    assert!(!world.episode().join("transcript.vtt").exists());
    assert!(!world.episode().join("alignment.json").exists());
}

#[test]
fn silence_and_an_empty_script_are_told_as_what_they_are() {
    if !can_hear() {
        return;
    }
    let mut world = World::new();
    world.sound.resize(32_000, 0);
    let said = world.master(&[]);
    assert!(
        said.contains("nobody is heard in the takes; listen to them, then master again"),
        "{said}"
    );
    assert!(!world.episode().join("transcript.vtt").exists());
    world.say("Yes.");
    let said = world.master(&[]);
    assert!(said.contains("says 0 % of its words in 0:0"), "{said}");
    world.write("script.md", "# Title\n\n## Two\n");
    let said = world.master(&[]);
    assert!(said.contains("`script.md` has no sentence; write what was read"), "{said}");
}

#[test]
fn without_an_acoustic_model_chapters_come_from_the_takes() {
    let world = World::new();
    lorecast_testkit::tone::Tone::sine(440.0)
        .seconds(2.0)
        .write(world.episode().join("takes/all.wav"));
    let run = |folder: &str| {
        let mut command = show::command(world.dir.path());
        show::finish(command.args(["master", ID]).env("LORECAST_ACOUSTIC_MODEL", folder))
    };
    let none = world.root().join("none");
    let (first, again) = (run(none.as_str()), run(none.as_str()));
    for run in [first, again] {
        assert_eq!(run.code, 0, "{}", run.stderr);
        let why = format!(
            "no transcript, and chapters from the takes alone: no acoustic model is installed, so sentences cannot be placed in the voice: install it with `apt install pocketsphinx-en-us` (looked in {none}), then master again"
        );
        assert!(run.stderr.contains(&why), "{}", run.stderr);
        assert!(run.stdout.contains("0:00  The week"), "{}", run.stdout);
        assert!(!world.episode().join("transcript.json").exists());
    }
    // One that is damaged is named.
    std::fs::create_dir_all(none.join("en-us")).unwrap();
    std::fs::write(none.join("en-us/mdef"), "no model").unwrap();
    let damaged = run(none.as_str());
    assert_eq!(damaged.code, 0, "{}", damaged.stderr);
    let file = none.join("en-us/feat.params");
    assert!(
        damaged.stderr.contains(&format!("cannot read `{file}` of the acoustic model")),
        "{}",
        damaged.stderr
    );
}

#[test]
fn without_a_script_or_in_another_language_chapters_come_from_the_takes() {
    let tone = lorecast_testkit::tone::Tone::sine(440.0).seconds(2.0);
    for (change, why) in [
        ("show.yaml", "there is an acoustic model for English only"),
        ("script.md", "there is no `script.md`; write it with `lorecast script 2025-06-22`"),
    ] {
        let world = World::new();
        tone.write(world.episode().join("takes/all.wav"));
        match change {
            "script.md" => std::fs::remove_file(world.episode().join(change)).unwrap(),
            _ => {
                std::fs::write(world.root().join(change), format!("{SHOW}language: de\n")).unwrap()
            }
        }
        let run = lorecast_in(world.dir.path(), &["master", ID]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stderr.contains(why), "{}", run.stderr);
        assert!(run.stdout.contains("0:00  The week"), "{}", run.stdout);
        assert!(!world.episode().join("transcript.json").exists());
    }
}
