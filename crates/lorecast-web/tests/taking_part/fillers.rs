//! Recordings that people offer to go between two chapters.

use axum::http::StatusCode;
use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_community::{EntryId, Role};
use lorecast_desk::{Desk, Scaffold, Silent};

use crate::hall::{Browser, Hall, STORY};
use crate::sound::tone;

const SEND: &str = "/stories/1@x/filler";

/// Offers a recording, and where that leads.
fn offers(browser: &mut Browser<'_>, seconds: f64) -> String {
    let answer = browser.upload(SEND, &[], &[("a.wav", &tone(seconds))]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    answer.headers["location"].to_str().unwrap().to_owned()
}

/// The names of the recordings that are kept beside the journal.
fn kept(hall: &Hall) -> usize {
    hall.community.look(|commons| {
        let desk = Desk::open(&hall.root, &Silent).unwrap();
        let fillers = commons.fillers().map(|(_, filler)| filler.recording.clone());
        fillers.filter(|name| desk.filler_recording(name).is_ok()).count()
    })
}

#[test]
fn a_filler_is_offered_heard_and_taken_with_credit() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let episode = hall.read("episodes/2026-03-01/episode.yaml");
    let chapters = "chapters:\n- {title: Hello, take: hello}\n- {title: Memory, take: mm}\n";
    let episode = episode.replace("credits:", &format!("{chapters}credits:"));
    hall.write("episodes/2026-03-01/episode.yaml", &episode);
    let place = offers(&mut ann, 31.0);
    assert!(ann.says(&place).contains("open\n31.0 s") || ann.says(&place).contains("31.0 s"));
    assert!(ed.says(STORY).contains("Filler"));
    assert!(ed.says("/produce/2026-03-01/sound").contains("Fillers that wait for you"));
    let recording = format!("{place}recording");
    let (status, headers, bytes) = ed.hears(&recording, "bytes=0-3");
    assert_eq!((status.as_u16(), bytes.as_slice()), (206, b"RIFF".as_slice()));
    assert_eq!(headers["content-type"], "audio/wav");
    let mut bob = hall.joins("Bob", Role::Contributor);
    assert_eq!(bob.hears(&recording, "").0, StatusCode::NOT_FOUND);
    assert_eq!(bob.get(&place).status, StatusCode::NOT_FOUND);
    assert!(!bob.says(STORY).contains("Filler "));
    assert_eq!(hall.visitor().get(&place).status, StatusCode::UNAUTHORIZED);
    let taken = ed.sends(&format!("{place}accept"), &[]);
    hall.community.place_fillers(jiff::Timestamp::now()).unwrap();
    assert!(taken.contains("accepted by Ed; it is among the takes of 2026-03-01"), "{taken}");
    let number = place.trim_matches(|c: char| !c.is_ascii_digit());
    let episode = hall.read("episodes/2026-03-01/episode.yaml").replace(number, "N");
    let fillers = episode.split_once("chapters:").unwrap().1;
    assert_snapshot!(fillers, @r"
    - {title: Hello, take: hello}
    - {title: Memory, take: mm}
    fillers:
    - take: filler-N
      speaker: Ann
      after: mm
    credits:
    - A
    - Ann
    ");
    let take = hall.root.join(format!("episodes/2026-03-01/takes/filler-{number}.wav"));
    assert!(std::fs::read(take).unwrap() == tone(31.0));
    assert_eq!(kept(&hall), 0, "it is among the takes");
}

#[test]
fn one_that_is_too_short_too_long_or_no_sound_is_refused() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let mut says = |bytes: &[u8]| {
        let answer = ann.upload(SEND, &[], &[("a.wav", bytes)]);
        let words = answer.words();
        format!("{} {}", answer.status.as_u16(), words.lines().nth(1).unwrap_or_default())
    };
    assert_snapshot!(says(&tone(20.0)), @"422 A filler plays 30 to 60 seconds, and this one 20.0 s; record it again.");
    assert_snapshot!(says(&tone(61.0)), @"422 A filler plays 30 to 60 seconds, and this one 61.0 s; record it again.");
    assert_snapshot!(says(&tone(100.0)), @"422 This plays longer than 1:30; record it again, or send it in two parts.");
    assert_snapshot!(says(b"GIF89a"), @"422 This file is not audio that the studio can read; takes may be WAV, FLAC, MP3, OGG, Opus, WebM, M4A, AIFF or CAF, so record or export it as one of these.");
    assert_snapshot!(says(&vec![0; 31_000_000]), @"413 A recording may have 30 MB; send it as FLAC, or in two parts.");
    assert_eq!(hall.community.look(|commons| commons.fillers().count()), 0);
    let cache = hall.root.join(".lorecast/cache");
    assert_eq!(cache.read_dir_utf8().unwrap().count(), 0, "nothing is left");
    for _ in 0..3 {
        offers(&mut ann, 30.0);
    }
    assert_eq!(ann.upload(SEND, &[], &[("a", &tone(30.0))]).status.as_u16(), 422);
}

#[test]
fn a_decline_has_a_reason_and_nothing_is_kept_of_it() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let place = offers(&mut ann, 31.0);
    assert_eq!(kept(&hall), 1);
    let declined = ed.sends(&format!("{place}decline"), &[("why", "A dog barks.")]);
    assert!(declined.contains("declined by Ed: A dog barks."), "{declined}");
    assert!(ann.says(&place).contains("A dog barks."));
    assert_eq!(ed.post(&format!("{place}accept"), &[]).status, StatusCode::CONFLICT);
    let other = offers(&mut ann, 31.0);
    assert_eq!(ed.post(&format!("{other}withdraw"), &[]).status, StatusCode::FORBIDDEN);
    assert!(ann.sends(&format!("{other}withdraw"), &[]).contains("taken back"));
    assert_eq!(kept(&hall), 0);
}

#[test]
fn a_filler_goes_with_its_account_and_into_backups() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    offers(&mut ann, 31.0);
    let desk = Desk::open(&hall.root, &Silent).unwrap();
    let copied = desk.back_up(&hall.root.join("backup")).unwrap();
    assert_eq!(copied.attachments, 1);
    hall.joins("Olga", Role::Owner);
    ann.post("/me/erase", &[("sure", "yes")]);
    let beside = |id: EntryId| hall.community.look(|commons| commons.filler(id).is_some());
    assert!((0..20).all(|id| !beside(EntryId(id))));
    let dir = tempfile::tempdir().unwrap();
    let other = Utf8Path::from_path(dir.path()).unwrap().join("show");
    let scaffold = Scaffold { title: "Other", author: "A", url: "https://a.example/" };
    Desk::init(&other, &scaffold).unwrap();
    let desk = Desk::open(&other, &Silent).unwrap();
    desk.restore(&hall.root.join("backup")).unwrap();
    let again = desk.community().unwrap();
    let name = again.look(|commons| commons.fillers().next().unwrap().1.recording.clone());
    let recording = desk.filler_recording(&name).unwrap();
    assert!(std::fs::read(recording.path()).unwrap() == tone(31.0));
}

#[test]
fn an_accepted_filler_waits_for_an_episode() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let place = offers(&mut ann, 31.0);
    let away = hall.root.join("episodes/2026-03-01");
    std::fs::rename(&away, hall.root.join("away")).unwrap();
    let waits = ed.sends(&format!("{place}accept"), &[]);
    assert!(waits.contains("it goes among the takes as soon as it can"), "{waits}");
    std::fs::rename(hall.root.join("away"), &away).unwrap();
    assert_eq!(hall.community.place_fillers(jiff::Timestamp::now()).unwrap().len(), 1);
    assert!(ed.says(&place).contains("it is among the takes of 2026-03-01"));
    assert_eq!(hall.community.place_fillers(jiff::Timestamp::now()).unwrap().len(), 0);
}
