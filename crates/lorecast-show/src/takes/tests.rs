use lorecast_model::{Filler, Window};

use super::*;

/// An episode of three chapters and a filler.
fn episode() -> Episode {
    let chapter = |title: &str, take: &str| ChapterPlan {
        title: title.into(),
        take: take.into(),
        ..ChapterPlan::default()
    };
    Episode {
        chapters: vec![
            chapter("In this week’s edition", "headlines"),
            chapter("Memory management", "mm"),
            chapter("Sign-off", "signoff"),
        ],
        fillers: vec![Filler { take: "bob".into(), speaker: "Bob".into(), ..Filler::default() }],
        ..Episode::new("One", Window::week_ending("2023-04-16".parse().unwrap()))
    }
}

/// The recording of each chapter and filler, and what is left.
#[track_caller]
fn check(files: &[&str], expected: &str) {
    check_with(&episode(), files, expected);
}

#[track_caller]
fn check_with(episode: &Episode, files: &[&str], expected: &str) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(dir.path()).unwrap();
    for file in files {
        std::fs::write(folder.join(file), "").unwrap();
    }
    let name = |file: &Utf8Path| file.file_name().unwrap().to_owned();
    let found = match Recordings::of(episode, folder, &folder.join("voice")) {
        Ok(found) => found,
        Err(error) => {
            assert_eq!(error.to_string().replace(folder.as_str(), ""), expected);
            return;
        }
    };
    let takes = found.takes.iter().map(|take| match take {
        Some(Take { file, from: None, to: None, .. }) => name(file),
        Some(Take { file, from, to, .. }) => {
            let clock = |time: &Option<Seconds>| time.map_or(String::new(), Seconds::clock);
            format!("{}[{}..{}]", name(file), clock(from), clock(to))
        }
        None => "-".into(),
    });
    let fillers = found.fillers.iter().map(|file| file.as_deref().map_or("-".into(), name));
    let others = found.others.iter().map(|file| name(file));
    let all: Vec<String> = takes
        .chain(std::iter::once("|".into()))
        .chain(fillers)
        .chain(std::iter::once("|".into()))
        .chain(others)
        .collect();
    assert_eq!(all.join(" "), expected);
}

#[test]
fn by_name_number_and_title() {
    check(&["headlines.wav", "mm.FLAC", "bob.webm"], "headlines.wav mm.FLAC - | bob.webm |");
    check(&["01-headlines.wav", "02 mm.wav", "3.opus"], "01-headlines.wav 02 mm.wav 3.opus | - |");
    check(&["memory-management.wav", "Sign-off.mp3"], "- memory-management.wav Sign-off.mp3 | - |");
    check(&["in-this-weeks-edition.wav"], "in-this-weeks-edition.wav - - | - |");
    check(&["02_second part of it.wav"], "- 02_second part of it.wav - | - |");
}

#[test]
fn a_name_counts_more_than_a_number() {
    check(&["03-mm.wav"], "- 03-mm.wav - | - |");
    check(&["01-bob.wav"], "- - - | 01-bob.wav |");
}

#[test]
fn the_last_take_counts() {
    check(&["mm.wav", "mm-2.wav", "mm.3.flac"], "- mm.3.flac - | - |");
    check(&["mm-take2.wav", "mm take 10.wav", "mm-take9.wav"], "- mm take 10.wav - | - |");
    check(&["mm.wav", "mm (2).wav"], "- mm (2).wav - | - |");
    check(&["mm.wav", "mm-retake.wav"], "- mm-retake.wav - | - |");
    check(&["02.wav", "02-2.wav", "02-take3.wav"], "- 02-take3.wav - | - |");
    check(&["02-mm.wav", "02-mm-t2.wav"], "- 02-mm-t2.wav - | - |");
    check(&["bob.wav", "bob-2.wav"], "- - - | bob-2.wav |");
    check(&["signoff.wav", "Sign-off-2.wav"], "- - Sign-off-2.wav | - |");
}

#[test]
fn two_takes_of_one_number_are_too_many() {
    check(
        &["mm.wav", "mm.mp3"],
        "two recordings for the take `mm`: `/mm.mp3` and `/mm.wav`; keep one",
    );
}

#[test]
fn what_belongs_to_nothing_is_told() {
    check(
        &["evening.wav", "mm-old.wav", "04.wav", "0.wav"],
        "- - - | - | 0.wav 04.wav evening.wav mm-old.wav",
    );
    check(&["mm.txt", "._mm.wav", "mm..wav.bak"], "- - - | - |");
}

#[test]
fn a_chapter_may_be_called_like_a_retake() {
    let mut episode = episode();
    episode.chapters[2].take = "mm-2".into();
    check_with(&episode, &["mm.wav", "mm-2.wav", "mm-2-2.wav"], "- mm.wav mm-2-2.wav | - |");
}

#[test]
fn chapters_may_share_a_recording() {
    let mut episode = episode();
    for (chapter, from) in episode.chapters.iter_mut().zip([None, Some(61.5), Some(3700.0)]) {
        chapter.recording = Some("evening.wav".into());
        chapter.from = from.map(Seconds);
    }
    check_with(
        &episode,
        &["evening.wav"],
        "evening.wav[..1:01.50] evening.wav[1:01.50..1:01:40.00] evening.wav[1:01:40.00..] | - |",
    );
    // A chapter that was recorded anew.
    check_with(
        &episode,
        &["evening.wav", "mm-2.wav"],
        "evening.wav[..1:01.50] mm-2.wav evening.wav[1:01:40.00..] | - |",
    );
}

proptest::proptest! {
    #[test]
    fn any_name_is_read(stem in "\\PC{0,40}") {
        let _ = Name::readings(&stem.to_lowercase());
        let _ = slug(&stem);
    }
}

/// The name of another take.
#[track_caller]
fn check_free(files: &[&str], owner: Option<Owner>, expected: &str) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(dir.path()).unwrap();
    for file in files {
        std::fs::write(folder.join(file), "").unwrap();
    }
    let name = free_name(&episode(), folder, owner, "wav").unwrap().unwrap();
    assert_eq!(name, expected);
    std::fs::write(folder.join(&name), "").unwrap();
    if let Some(Owner::Chapter(at)) = owner {
        let found = Recordings::of(&episode(), folder, &folder.join("voice")).unwrap();
        assert_eq!(found.takes[at].as_ref().unwrap().file, folder.join(&name), "it counts");
    }
}

#[test]
fn another_take_counts_and_takes_nobodys_name() {
    let (mm, bob) = (Some(Owner::Chapter(1)), Some(Owner::Filler(0)));
    check_free(&[], mm, "mm.wav");
    check_free(&["mm.flac"], mm, "mm-take2.wav");
    check_free(&["mm.wav", "mm-7.mp3"], mm, "mm-take8.wav");
    check_free(&["02.wav"], mm, "mm-take2.wav");
    check_free(&["bob.webm"], bob, "bob-take2.wav");
    check_free(&["mm.wav"], None, "recording.wav");
    check_free(&["recording.ogg"], None, "recording-take2.wav");
}

#[test]
fn every_recording_is_told_whom_it_is_for() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(dir.path()).unwrap();
    for file in ["mm.wav", "mm-2.wav", "bob.ogg", "else.wav", ".upload-x", "notes.txt"] {
        std::fs::write(folder.join(file), "").unwrap();
    }
    let files = take_files(&episode(), folder).unwrap();
    let told: Vec<String> = files
        .iter()
        .map(|file| format!("{} {:?} {}", file.name, file.owners, file.number))
        .collect();
    assert_eq!(
        told,
        [
            "bob.ogg [Filler(0)] 1",
            "else.wav [] 1",
            "mm-2.wav [Chapter(1)] 2",
            "mm.wav [Chapter(1)] 1"
        ]
    );
}
