//! Takes of any kind in, one command out: names, retakes, one long recording, fillers, music, and
//! hearing a section.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::Path;

use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_testkit::tone::Tone;
use serde_json::Value;
use show::{command, done, finish, lorecast_in};

const ID: &str = "2025-06-22";
const SHOW: &str = "\
title: Tiny
description: Tones.
author: Nobody
url: http://127.0.0.1:8700/
profile: general
sound: {channels: 1, pause: 0.5, chain: {silence: {on: false}}}
";
const EPISODE: &str = "\
# The producer's own words stay.
title: One
window: {from: 2025-06-16, to: 2025-06-22}
chapters:
  - {title: Headlines, take: headlines}
  - {title: Memory, take: mm}
  - {title: Sign-off, take: signoff}
";

/// A show with one episode and an empty folder of takes.
fn with_show(show: &str, episode: &str, test: impl FnOnce(&Path, &Utf8Path)) {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap();
    let takes = root.join("episodes").join(ID).join("takes");
    std::fs::create_dir_all(&takes).unwrap();
    std::fs::write(root.join("show.yaml"), show).unwrap();
    std::fs::write(takes.parent().unwrap().join("episode.yaml"), episode).unwrap();
    test(dir.path(), &takes);
}

fn tone(takes: &Utf8Path, name: &str, seconds: f64) {
    Tone::sine(440.0).mono().rate(16_000).seconds(seconds).write(takes.join(name));
}

/// `start title` of each chapter, and the length.
fn chapters(master: &str) -> String {
    let master: Value = serde_json::from_str(master).unwrap();
    let number = |value: &Value| format!("{:.1}", value.as_f64().unwrap());
    let chapters = master["chapters"].as_array().unwrap().iter();
    let mut all: Vec<String> = chapters
        .map(|chapter| {
            format!("{} {}", number(&chapter["start"]), chapter["title"].as_str().unwrap())
        })
        .collect();
    all.push(number(&master["length"]));
    all.join(", ")
}

fn master(show: &Path) -> String {
    chapters(&done(show, &["master", ID, "--format", "json"]))
}

/// The error of a command, without the folder.
fn error(show: &Path, args: &[&str]) -> String {
    let run = lorecast_in(show, args);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    run.stderr.replace(show.to_str().unwrap(), "DIR")
}

#[test]
fn takes_are_found_and_the_last_one_counts() {
    with_show(SHOW, EPISODE, |show, takes| {
        for (name, seconds) in
            [("01-headlines.wav", 1.0), ("mm.wav", 9.0), ("mm-2.wav", 2.0), ("3.wav", 1.5)]
        {
            tone(takes, name, seconds);
        }
        assert_eq!(master(show), "0.0 Headlines, 1.5 Memory, 4.0 Sign-off, 5.5");
        tone(takes, "what is this.wav", 1.0);
        let run = lorecast_in(show, &["master", ID]);
        assert!(run.stderr.contains("what is this.wav` belongs to no chapter"), "{}", run.stderr);
    });
}

#[test]
fn fillers_and_stings_stand_between_chapters() {
    let fillers = "fillers:\n  - {take: bob, speaker: Bob, after: mm, title: A word from Bob}\n  - {take: eve, speaker: Eve}\n";
    let show = SHOW.replace("sound: {", "sound: {sting: sting.wav, ");
    with_show(&show, &format!("{EPISODE}{fillers}"), |show, takes| {
        for name in
            ["headlines.wav", "mm.wav", "signoff.wav", "bob.wav", "eve.wav", "../../../sting.wav"]
        {
            tone(takes, name, 1.0);
        }
        // Headlines, Eve, sting, Memory, Bob, sting, Sign-off, half a second apart.
        assert_eq!(
            master(show),
            "0.0 Headlines, 4.5 Memory, 6.0 A word from Bob, 9.0 Sign-off, 10.0"
        );
        let file = takes.parent().unwrap().join("episode.yaml");
        let own = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{own}music: {{sting: none}}\n")).unwrap();
        assert_eq!(
            master(show),
            "0.0 Headlines, 3.0 Memory, 4.5 A word from Bob, 6.0 Sign-off, 7.0"
        );
        std::fs::write(&file, own.replace("after: mm", "after: pci")).unwrap();
        assert_snapshot!(error(show, &["master", ID]), @"error: ./episodes/2025-06-22/episode.yaml:9: the filler `bob` is to come after `pci`, and no chapter has that take or title; nothing was changed");
    });
}

#[test]
fn an_intro_goes_on_beneath_the_first_words() {
    let show = SHOW
        .replace("sound: {", "sound: {intro: intro.wav, bed: intro.wav, music: {overlap: 1.5}, ");
    with_show(&show, EPISODE, |show, takes| {
        for name in ["headlines.wav", "mm.wav", "signoff.wav", "../../../intro.wav"] {
            tone(takes, name, 4.0);
        }
        assert_eq!(master(show), "0.0 Headlines, 7.0 Memory, 11.5 Sign-off, 15.5");
    });
}

/// Three tones with long pauses between.
fn evening(takes: &Utf8Path) {
    let tone = |seconds| Tone::sine(440.0).mono().rate(16_000).seconds(seconds).samples();
    let quiet =
        |seconds| Tone::noise(3).level(-70.0).mono().rate(16_000).seconds(seconds).samples();
    let parts = [quiet(1.0), tone(5.0), quiet(2.0), tone(3.0), quiet(1.5), tone(4.0), quiet(1.0)];
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(takes.join("evening.wav"), spec).unwrap();
    for sample in parts.concat() {
        wav.write_sample((sample * 32_767.0) as i16).unwrap();
    }
    wav.finalize().unwrap();
}

#[test]
fn one_recording_is_split_and_shown() {
    with_show(SHOW, EPISODE, |show, takes| {
        evening(takes);
        assert_snapshot!(error(show, &["master", ID]), @"error: `./episodes/2025-06-22/takes/evening.wav` is the only recording for 3 chapters; run `lorecast master 2025-06-22 --split` to find where each begins");
        let run = lorecast_in(show, &["master", ID, "--split"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_snapshot!(run.stdout, @r"
        ./episodes/2025-06-22/takes/evening.wav
               from          to    plays  planned    pause
            0:00.75     0:06.25     0:06        -    1.0 s  Headlines
            0:07.75     0:11.25     0:04        -    2.0 s  Memory
            0:12.25     0:16.75     0:05        -    1.5 s  Sign-off
        ");
        assert_snapshot!(run.stderr, @r"
        note: the chapters were sought by pauses alone: there is no `script.md`; write it with `lorecast script 2025-06-22`, then split again
        note: written into episodes/2025-06-22/episode.yaml, found by the longest pauses: hear them with `lorecast play 2025-06-22 SECTION`, correct `from:` and `to:`, then run `lorecast master 2025-06-22`
        ");
        let file = takes.parent().unwrap().join("episode.yaml");
        assert_snapshot!(std::fs::read_to_string(file).unwrap(), @r#"
        # The producer's own words stay.
        title: One
        window: {from: 2025-06-16, to: 2025-06-22}
        chapters:
          - {title: "Headlines", take: "headlines", recording: "evening.wav", from: "0:00.75", to: "0:06.25"}
          - {title: "Memory", take: "mm", recording: "evening.wav", from: "0:07.75", to: "0:11.25"}
          - {title: "Sign-off", take: "signoff", recording: "evening.wav", from: "0:12.25", to: "0:16.75"}
        "#);
        assert!(!takes.parent().unwrap().join("master.wav").exists(), "nothing is mastered yet");
        assert_eq!(master(show), "0.0 Headlines, 6.0 Memory, 10.0 Sign-off, 14.5");
        // Again: the same.
        let again = done(show, &["master", ID, "--split"]);
        assert_eq!(again, run.stdout);
    });
}

#[test]
fn a_recording_that_cannot_be_split() {
    with_show(SHOW, EPISODE, |show, takes| {
        assert_snapshot!(error(show, &["master", ID, "--split"]), @"error: nothing to split: `./episodes/2025-06-22/takes` holds 0 recordings that belong to no chapter, and 3 chapters have none of their own; one recording, and a chapter without one, are needed");
        tone(takes, "evening.wav", 3.0);
        assert_snapshot!(error(show, &["master", ID, "--split"]), @"error: `./episodes/2025-06-22/takes/evening.wav` has 0 long pauses inside, and 2 are needed to part its chapters; write `recording:` and `from: 12:34` into `episode.yaml` by hand");
    });
    let shared = EPISODE.replace("take: headlines", "take: mm");
    with_show(SHOW, &shared, |show, takes| {
        tone(takes, "mm.wav", 3.0);
        assert_snapshot!(error(show, &["master", ID]), @"error: ./episodes/2025-06-22/episode.yaml:6: the chapters `Headlines` and `Memory` share the recording `mm`: say where each begins with `from: 12:34`, in their order, or let `lorecast master 2025-06-22 --split` find out; nothing was changed");
    });
}

#[test]
fn a_section_is_heard_through_what_is_installed() {
    with_show(SHOW, EPISODE, |show, takes| {
        evening(takes);
        done(show, &["master", ID, "--split"]);
        let bin = show.join("bin");
        std::fs::create_dir(&bin).unwrap();
        let play = |args: &[&str]| {
            let mut command = command(show);
            command.args(["play", ID]).args(args).env("PATH", &bin);
            let run = finish(&mut command);
            format!("{}{}", run.stdout, run.stderr).replace(show.to_str().unwrap(), "DIR")
        };
        let program = |name: &str, script: &str| {
            use std::os::unix::fs::PermissionsExt;
            let file = bin.join(name);
            std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(file, PermissionsExt::from_mode(0o755)).unwrap();
        };
        assert_snapshot!(play(&["mm"]), @r"
        Memory: ./episodes/2025-06-22/takes/evening.wav from 0:07.75 to 0:11.25
        error: no player is installed; install one of ffplay (in the package ffmpeg), mpv, paplay (pulseaudio-utils) and aplay (alsa-utils)
        ");
        program("aplay", "/bin/cat \"$1\" > \"$HOME/heard.wav\"");
        assert_snapshot!(play(&["mm", "--format", "json"]), @r#"
        {
          "section": "Memory",
          "source": "take",
          "file": "./episodes/2025-06-22/takes/evening.wav",
          "from": 7.75,
          "to": 11.25,
          "command": [
            "aplay",
            "{wav}"
          ]
        }
        "#);
        play(&["mm"]);
        let heard = hound::WavReader::open(show.join("heard.wav")).unwrap();
        // 3 seconds and a quarter of one at each end.
        assert_eq!(heard.duration(), 56_000);
        program("ffplay", "echo \"$@\" > \"$HOME/asked\"");
        play(&["2"]);
        assert_snapshot!(std::fs::read_to_string(show.join("asked")).unwrap(), @"-autoexit -nodisp -loglevel error -ss 7.750 -t 3.500 -i ./episodes/2025-06-22/takes/evening.wav");
        program("ffplay", "exit 3");
        assert_snapshot!(play(&["Memory"]), @r"
        Memory: ./episodes/2025-06-22/takes/evening.wav from 0:07.75 to 0:11.25
        error: the player `ffplay` failed: exit status: 3; is there a loudspeaker on this machine?
        ");
        assert_snapshot!(play(&["pci"]), @"error: no section `pci`; there are `Headlines`, `Memory`, `Sign-off`");
        assert_snapshot!(play(&["mm", "--master"]), @"error: episode `2025-06-22` is not mastered here; run `lorecast master 2025-06-22` first");
        done(show, &["master", ID]);
        assert_snapshot!(play(&["mm", "--format", "json"]), @r#"
        {
          "section": "Memory",
          "source": "master",
          "file": "./episodes/2025-06-22/master.wav",
          "from": 6.0,
          "to": 10.0,
          "command": [
            "ffplay",
            "-autoexit",
            "-nodisp",
            "-loglevel",
            "error",
            "-ss",
            "6.000",
            "-t",
            "4.000",
            "-i",
            "./episodes/2025-06-22/master.wav"
          ]
        }
        "#);
    });
}

const FORMATS: &str = "sound: {formats: {opus: {kbps: 32}}, ";

#[test]
fn opus_and_pictures_of_chapters_are_made_and_published() {
    let show = SHOW.replace("sound: {", FORMATS);
    let episode = EPISODE.replace("take: mm}", "take: mm, picture: art/mm.png}");
    with_show(&show, &episode, |show, takes| {
        for name in ["headlines.wav", "mm.wav", "signoff.wav"] {
            tone(takes, name, 1.0);
        }
        let no_picture = error(show, &["master", ID]);
        assert_snapshot!(no_picture, @"error: the picture of a chapter `./art/mm.png` cannot be read: No such file or directory (os error 2); correct `picture` in `episode.yaml`");
        std::fs::create_dir(show.join("art")).unwrap();
        std::fs::write(show.join("art/mm.png"), b"\x89PNG\r\n\x1a\nmm").unwrap();
        let master = done(show, &["master", ID, "--format", "json"]);
        let master: Value = serde_json::from_str(&master).unwrap();
        let opus = &master["alternatives"][0];
        assert_eq!(opus["file"], "2025-06-22.opus");
        assert_eq!(opus["media_type"], "audio/ogg");
        let mp3 = std::fs::read(takes.with_file_name("master.mp3")).unwrap();
        assert!(mp3.windows(4).any(|four| four == b"\x1a\nmm"), "the picture is in the tag");
        std::fs::write(takes.with_file_name("notes.md"), "Tones.\n").unwrap();
        // The show has no artwork.
        done(show, &["publish", "--despite-lint"]);
        let bytes = std::fs::read(show.join("public/media/2025-06-22.opus")).unwrap();
        assert_eq!(opus["bytes"], bytes.len());
    });
}

#[test]
fn an_encoder_that_is_missing_is_told_before_anything_is_made() {
    let show = SHOW.replace("sound: {", "sound: {formats: {aac: null}, ");
    with_show(&show, EPISODE, |show, takes| {
        for name in ["headlines.wav", "mm.wav", "signoff.wav"] {
            tone(takes, name, 1.0);
        }
        let run = finish(command(show).args(["master", ID]).env("PATH", show));
        assert_eq!(run.code, 2);
        assert_snapshot!(run.stderr, @"error: cannot make `./episodes/2025-06-22/master.m4a`: none of `ffmpeg`, `fdkaac` and `faac` is installed; install one of them, `ffmpeg` writes chapters too, or take `aac` out of `sound.formats` in `show.yaml`");
        let made = std::fs::read_dir(takes.parent().unwrap()).unwrap();
        let names = made.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert!(names.into_iter().all(|name| !name.contains("master")));
    });
}

#[test]
fn a_format_that_nobody_makes_is_named_with_those_that_are() {
    let show = SHOW.replace("sound: {", "sound: {formats: {flac: {}}, ");
    with_show(&show, EPISODE, |show, _| {
        assert_snapshot!(error(show, &["master", ID]), @"error: ./show.yaml:6:19: sound.formats: unknown field `flac`, expected one of `wav`, `mp3`, `opus`, `aac`; nothing was changed, correct the line and run the command again");
    });
}
