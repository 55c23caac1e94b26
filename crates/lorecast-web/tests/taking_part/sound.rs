//! Takes, jobs and the schedule of an episode.

use axum::http::StatusCode;
use http_body_util::BodyExt;
use insta::assert_snapshot;
use lorecast_community::{Deed, Role, SoundStep};
use lorecast_desk::{Desk, JobState, Silent};
use lorecast_testkit::tone::Tone;
use tower::ServiceExt;

use crate::hall::{Browser, Hall, runtime};

const PAGE: &str = "/produce/2026-03-01/sound";
const TAKES: &str = "/produce/2026-03-01/takes";

/// A hall whose episode has two chapters.
fn hall() -> Hall {
    let hall = Hall::new();
    let episode = hall.read("episodes/2026-03-01/episode.yaml");
    let chapters =
        "chapters:\n- {title: Hello & welcome, take: hello}\n- {title: Memory, take: mm}\n";
    hall.write("episodes/2026-03-01/episode.yaml", &format!("{episode}{chapters}"));
    hall
}

/// A recording as a WAV file.
pub(crate) fn tone(seconds: f64) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let file = camino::Utf8PathBuf::from_path_buf(dir.path().join("x.wav")).unwrap();
    Tone::sine(440.0).seconds(seconds).mono().rate(8_000).write(&file);
    std::fs::read(file).unwrap()
}

/// Two chapters in one recording with a long pause between, as a WAV file.
fn evening() -> Vec<u8> {
    const RATE: u32 = 16_000;
    let sound = |tone: Tone, seconds| tone.mono().rate(RATE).seconds(seconds).samples();
    let (quiet, tone) = (Tone::noise(3).level(-70.0), Tone::sine(440.0));
    let parts = [(&quiet, 1.0), (&tone, 5.0), (&quiet, 2.0), (&tone, 3.0), (&quiet, 1.0)];
    let samples = parts.into_iter().flat_map(|(tone, seconds)| sound(tone.clone(), seconds));
    let data: Vec<u8> =
        samples.flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
    let size = data.len() as u32;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + size).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend([RATE, RATE * 2].map(u32::to_le_bytes).concat());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(size.to_le_bytes());
    wav.extend(data);
    wav
}

/// What lies in the folder of takes.
fn files(hall: &Hall) -> String {
    let folder = hall.root.join("episodes/2026-03-01/takes");
    let Ok(entries) = folder.read_dir_utf8() else { return String::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_owned()).collect();
    names.sort();
    names.join(" ")
}

fn editor(hall: &Hall) -> Browser<'_> {
    hall.joins("Ed", Role::Editor)
}

/// What a form leads to: its status, and what is wrong.
#[track_caller]
fn wrong(browser: &mut Browser<'_>, take: &str, files: &[(&str, &[u8])], expected: &str) {
    let answer = browser.upload(TAKES, &[("take", take)], files);
    let said = answer.text.split_once("role=\"alert\">").map_or("", |(_, rest)| rest);
    let said = said.split('<').next().unwrap_or_default();
    assert_eq!(format!("{} {said}", answer.status.as_u16()).trim(), expected, "{}", answer.words());
}

/// Does the next job.
fn work(hall: &Hall) -> (JobState, String) {
    let done = Desk::open(&hall.root, &Silent).unwrap().work_once().unwrap().unwrap();
    (done.job.state, done.job.words)
}

#[test]
fn takes_are_sent_and_named_by_us() {
    let hall = hall();
    let mut ed = editor(&hall);
    let sent = ed.upload(
        TAKES,
        &[("take", "mm")],
        &[("../../evil.sh", &tone(0.2)), ("a\u{202e}.exe", &tone(0.3))],
    );
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    assert_eq!(sent.headers["location"], PAGE);
    assert_snapshot!(files(&hall), @"mm-take2.wav mm.wav");
    wrong(&mut ed, "", &[("x", &tone(0.2))], "303");
    assert_snapshot!(files(&hall), @"mm-take2.wav mm.wav recording.wav");
    assert_snapshot!(ed.says(PAGE), @r"
    200
    Producing 2026-03-01
    The sound
    Rundown Notes Script Sound
    1 chapter has no recording yet.
    Making it
    Make the master
    When it comes out
    Make the master first; then a time can be set.
    Send recordings
    For
    Hello & welcome
    Memory
    the whole episode in one recording
    Recordings: WAV, FLAC, MP3, OGG, Opus, WebM, M4A, AIFF or CAF
    Send
    Takes
    Hello & welcome
    No recording yet.
    Memory
    mm.wav 4 kB
    Let it count
    Put it aside
    mm-take2.wav 5 kB counts
    Put it aside
    Recordings that belong to nothing
    recording.wav 4 kB
    Put it aside
    Find the chapters in it
    ");
}

#[test]
fn what_is_no_recording_is_refused_in_words_and_leaves_nothing() {
    let hall = hall();
    let mut ed = editor(&hall);
    let short = &tone(0.2)[..1_000];
    wrong(
        &mut ed,
        "mm",
        &[("a.wav", b"#!/bin/sh\n")],
        "422 This file is not audio that the studio can read; takes may be WAV, FLAC, MP3, OGG, Opus, WebM, M4A, AIFF or CAF, so record or export it as one of these.",
    );
    wrong(
        &mut ed,
        "mm",
        &[("a.wav", short)],
        "422 This file is cut short: its header promises 0:00 and the sound ends at 0:00; copy it again from the recorder.",
    );
    wrong(
        &mut ed,
        "nobody",
        &[("a.wav", &tone(0.2))],
        "422 No chapter and no filler of the episode has the take `nobody`; reload the page.",
    );
    wrong(&mut ed, "mm", &[("a.wav", b"")], "400 Choose a recording first.");
    let yaml = hall.read("show.yaml").replace("community:\n", "community:\n  take_megabytes: 1\n");
    hall.write("show.yaml", &yaml);
    wrong(
        &mut ed,
        "mm",
        &[("a.wav", &vec![0; 1_100_000])],
        "413 A recording may have 1 MB; send it as FLAC, or in two parts.",
    );
    assert_eq!(files(&hall), "");
    let entries = hall.community.look(|commons| commons.last());
    assert_eq!(ed.upload(TAKES, &[("what", "x")], &[]).status, StatusCode::BAD_REQUEST);
    assert_eq!(hall.community.look(|commons| commons.last()), entries);
}

#[test]
fn a_recording_from_elsewhere_is_not_taken() {
    let hall = hall();
    let mut ed = editor(&hall);
    let wav = tone(0.2);
    let token = std::mem::take(&mut ed.token);
    assert_eq!(ed.upload(TAKES, &[], &[("a", &wav)]).status, StatusCode::FORBIDDEN);
    ed.token = token;
    ed.sent_from = "cross-site";
    assert_eq!(ed.upload(TAKES, &[], &[("a", &wav)]).status, StatusCode::FORBIDDEN);
    assert_eq!(files(&hall), "");
}

#[test]
fn takes_are_heard_piece_by_piece_as_sound_and_nothing_else() {
    let hall = hall();
    let mut ed = editor(&hall);
    let wav = tone(0.2);
    ed.upload(TAKES, &[("take", "mm")], &[("a", &wav)]);
    let path = format!("{TAKES}/mm.wav");
    let (status, headers, bytes) = ed.hears(&path, "");
    assert_eq!((status, bytes == wav), (StatusCode::OK, true));
    for (name, value) in [
        ("content-type", "audio/wav"),
        ("content-disposition", "attachment; filename=\"mm.wav\""),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-cache"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(headers[name], value);
    }
    let (status, headers, bytes) = ed.hears(&path, "bytes=10-19");
    assert_eq!((status, bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, &wav[10..20]));
    assert_eq!(headers["content-range"], format!("bytes 10-19/{}", wav.len()));
    hall.write("episodes/2026-03-01/takes/page.html", "<script>");
    for other in ["page.html", "..%2Fepisode.yaml", "..%2F..%2F..%2Fshow.yaml", "%00", ".upload-x"]
    {
        let (status, ..) = ed.hears(&format!("{TAKES}/{other}"), "");
        assert_eq!(status, StatusCode::NOT_FOUND, "{other}");
    }
    assert_eq!(hall.visitor().hears(&path, "").0, StatusCode::UNAUTHORIZED);
    assert_eq!(hall.joins("Ann", Role::Contributor).hears(&path, "").0, StatusCode::FORBIDDEN);
}

#[test]
fn an_earlier_take_counts_again_and_others_are_put_aside() {
    let hall = hall();
    let mut ed = editor(&hall);
    ed.upload(TAKES, &[("take", "mm")], &[("a", &tone(0.2)), ("b", &tone(0.3))]);
    let first = std::fs::read(hall.root.join("episodes/2026-03-01/takes/mm.wav")).unwrap();
    ed.post(&format!("{TAKES}/mm.wav/prefer"), &[]);
    assert_eq!(files(&hall), "mm-take2.wav mm-take3.wav");
    let third = std::fs::read(hall.root.join("episodes/2026-03-01/takes/mm-take3.wav")).unwrap();
    assert!(first == third);
    ed.post(&format!("{TAKES}/mm-take2.wav/remove"), &[]);
    assert_eq!(files(&hall), "mm-take3.wav removed");
    assert_eq!(ed.post(&format!("{TAKES}/mm-take2.wav/remove"), &[]).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_master_is_made_and_its_findings_are_shown() {
    let hall = hall();
    let mut ed = editor(&hall);
    for take in ["hello", "mm"] {
        ed.upload(TAKES, &[("take", take)], &[("a", &tone(2.0))]);
    }
    for _ in 0..2 {
        assert!(ed.sends("/produce/2026-03-01/master", &[]).contains("master waiting\nEd"));
    }
    let (state, words) = work(&hall);
    assert!(state == JobState::Done && words.starts_with("0:05 at -16.0 LUFS, "), "{words}");
    assert!(Desk::open(&hall.root, &Silent).unwrap().work_once().unwrap().is_none(), "asked once");
    let page = ed.says(PAGE);
    assert!(page.contains("master done\nEd") && page.contains("Hello & welcome"), "{page}");
    let (status, headers, _) = ed.hears("/produce/2026-03-01/master.mp3", "bytes=0-99");
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (206, "audio/mpeg"));
}

#[test]
fn a_long_recording_is_split_into_its_chapters() {
    let hall = hall();
    let mut ed = editor(&hall);
    ed.upload(TAKES, &[("take", "")], &[("a", &evening())]);
    assert!(ed.says(PAGE).contains("Find the chapters in it"));
    assert!(ed.sends("/produce/2026-03-01/split", &[]).contains("split waiting\nEd"));
    let (state, words) = work(&hall);
    assert_eq!(state, JobState::Done, "{words}");
    assert_snapshot!(words, @r"
    found in recording.wav by the longest pauses; hear them, and make the master
    0:01 to 0:06: Hello & welcome
    0:08 to 0:11: Memory
    the chapters were sought by pauses alone: there is no `script.md`; write it with `lorecast script 2026-03-01`, then split again
    ");
    let page = ed.says(PAGE);
    assert!(
        page.contains("Every chapter has a recording.") && !page.contains("Find the"),
        "{page}"
    );
    assert_snapshot!(page.split_once("\nTakes\n").unwrap().1, @r"
    Hello & welcome
    recording.wav 385 kB counts
    Put it aside
    Memory
    recording.wav 385 kB counts
    Put it aside
    ");
    ed.post("/produce/2026-03-01/master", &[]);
    assert_eq!(work(&hall).0, JobState::Done);
}

#[test]
fn a_job_that_fails_says_why_and_one_is_taken_back() {
    let hall = hall();
    let mut ed = editor(&hall);
    ed.post("/produce/2026-03-01/master", &[]);
    let (state, words) = work(&hall);
    assert_eq!(state, JobState::Failed);
    assert_snapshot!(words, @"no recording for the chapter `Hello & welcome`: put `hello.wav` (or .flac, .mp3, .m4a, .opus, …) into `episodes/2026-03-01/takes`, or delete the chapter from `episode.yaml`");
    assert!(ed.says(PAGE).contains("master failed\nEd"));
    ed.post("/produce/2026-03-01/publish", &[]);
    let waiting = Desk::open(&hall.root, &Silent).unwrap().jobs().unwrap()[0].job.id.0.to_string();
    assert_eq!(ed.post("/produce/2026-03-01/stop", &[("job", "999")]).status.as_u16(), 404);
    let stopped = ed.sends("/produce/2026-03-01/stop", &[("job", &waiting)]);
    assert!(stopped.contains("publish cancelled\nEd"), "{stopped}");
    assert!(Desk::open(&hall.root, &Silent).unwrap().work_once().unwrap().is_none());
    assert_eq!(ed.post("/produce/2026-03-08/master", &[]).status.as_u16(), 404);
}

#[test]
fn an_episode_comes_out_at_its_time_and_not_before() {
    let hall = hall();
    let mut ed = editor(&hall);
    let schedule = "/produce/2026-03-01/schedule";
    let later = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48))
        .strftime("%Y-%m-%dT%H:%M")
        .to_string();
    assert!(ed.sends(schedule, &[("at", &later)]).contains("This episode has no master yet"));
    for take in ["hello", "mm"] {
        ed.upload(TAKES, &[("take", take)], &[("a", &tone(2.0))]);
    }
    ed.post("/produce/2026-03-01/master", &[]);
    work(&hall);
    assert!(ed.sends(schedule, &[("at", "soon")]).starts_with("400\n"));
    assert!(ed.sends(schedule, &[("at", "2020-01-01T00:00")]).contains("later than now"));
    let page = ed.sends(schedule, &[("at", &later)]);
    assert!(page.contains(&format!("On {} UTC.", later.replace('T', " "))), "{page}");
    assert!(page.contains("publish waiting\nEd") && page.contains("not before"), "{page}");
    assert!(hall.read("episodes/2026-03-01/published.yaml").contains(&later[..10]));
    let desk = || Desk::open(&hall.root, &Silent).unwrap();
    assert!(desk().work_once().unwrap().is_none(), "it is not due");
    ed.post("/produce/2026-03-01/unschedule", &[]);
    assert!(!hall.root.join("episodes/2026-03-01/published.yaml").exists());
    ed.post("/produce/2026-03-01/publish", &[]);
    let (state, words) = work(&hall);
    assert!(state == JobState::Done && words.starts_with("1 episodes"), "{words}");
    assert!(hall.read("public/feed.xml").contains("2026-03-01.mp3"));
    assert!(ed.says(PAGE).contains("It came out on"));
    assert!(ed.sends(schedule, &[("at", &later)]).contains("is out already"));
}

#[test]
fn jobs_are_told_as_they_change() {
    let hall = hall();
    let mut ed = editor(&hall);
    ed.post("/produce/2026-03-01/publish", &[]);
    let request = axum::http::Request::builder()
        .uri("/produce/2026-03-01/sound/events")
        .header("cookie", &ed.cookie);
    let request = request.body(axum::body::Body::empty()).unwrap();
    let response = runtime().block_on(hall.router.clone().oneshot(request)).unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let mut next = || {
        let frame = runtime().block_on(body.frame())?.unwrap();
        Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
    };
    assert!(next().unwrap().contains("\"work\":\"publish\",\"by\":\"Ed\",\"state\":\"waiting\""));
    work(&hall);
    assert!(next().unwrap().contains("\"state\":\"failed\""));
    hall.ends();
    assert_eq!(next(), None);
}

#[test]
fn what_was_done_for_the_sound_is_in_the_journal() {
    let hall = hall();
    let mut ed = editor(&hall);
    let id = hall.community.look(|commons| commons.accounts().next().unwrap().0);
    ed.upload(TAKES, &[("take", "mm")], &[("a", &tone(0.2))]);
    ed.post("/produce/2026-03-01/master", &[]);
    let deeds = hall.community.deeds_of(id).unwrap();
    let steps: Vec<String> = deeds
        .iter()
        .filter_map(|entry| match &entry.deed {
            Deed::Sound { step: SoundStep::AddTake { file }, .. } => Some(format!("+ {file}")),
            Deed::Sound { .. } => Some(serde_json::to_string(&entry.deed).unwrap()),
            _ => None,
        })
        .collect();
    assert_snapshot!(steps.join("\n"), @r#"
        + mm.wav
        {"deed":"sound","episode":"2026-03-01","step":"master"}
        "#);
}
