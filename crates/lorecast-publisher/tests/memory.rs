//! A build that makes only what changed makes the same site as one from nothing.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Section, Term};
use lorecast_publisher::{Build, Digest, Memory, Portrait, Spoken};
use tiny::{Tiny, guid, mp3, png};

/// Publishes with what is remembered, and says which files changed.
fn remembered(tiny: &Tiny, program: &str) -> Vec<String> {
    let memory = Memory::open(&tiny.root().join("memory"), &tiny.out(), program);
    let staged = Build::of(&tiny.site(), memory).unwrap().stage(&tiny.out(), &mut |_, _| {});
    let files = staged.unwrap().go_out().unwrap().files;
    files.iter().filter(|file| file.changed).map(|file| file.path.to_string()).collect()
}

/// Every file below a folder.
fn tree(root: &Utf8Path) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let bytes = fs::read(&entry).unwrap();
                found.insert(entry.strip_prefix(root).unwrap().to_owned(), bytes);
            }
        }
    }
    found
}

/// A show of three episodes, with something of everything.
fn show() -> Tiny {
    let mut tiny = Tiny::new();
    tiny.add("2023-04-23", "Third", "More.\n");
    tiny.releases[1].transcript = Some(tiny::transcript().into());
    tiny.people.push(Portrait { name: "Bo Example".into(), ..Portrait::default() });
    tiny
}

/// After an edit the site is the same as one that is made from nothing.
#[track_caller]
fn check(edit: impl FnOnce(&mut Tiny)) {
    let mut tiny = show();
    remembered(&tiny, "one");
    edit(&mut tiny);
    let changed = remembered(&tiny, "one");
    let anew = tiny.root().join("anew");
    tiny.publish_to(&anew).unwrap();
    let (ours, theirs) = (tree(&tiny.out()), tree(&anew));
    let differ: Vec<_> = theirs
        .iter()
        .filter(|(path, bytes)| ours.get(*path) != Some(*bytes))
        .map(|(p, _)| p)
        .collect();
    assert!(
        differ.is_empty() && ours.len() == theirs.len(),
        "{differ:?} are not as they should be"
    );
    assert!(!changed.is_empty(), "the edit changed nothing");
    assert!(remembered(&tiny, "one").is_empty());
}

#[test]
fn edits_reach_every_file_that_they_concern() {
    check(|tiny| tiny.releases[0].notes.push_str("\nOne more paragraph.\n"));
    check(|tiny| tiny.releases[1].episode.title = "Neighbours link to it".into());
    check(|tiny| tiny.releases[1].episode.stories[0].section = "mm".into());
    check(|tiny| tiny.releases[0].sound.chapters.truncate(1));
    check(|tiny| tiny.releases[1].transcript = None);
    check(|tiny| tiny.releases[0].transcript = Some(tiny::transcript().into()));
    check(|tiny| tiny.add("2023-04-30", "Fourth", "News.\n"));
    check(|tiny| drop(tiny.releases.remove(1)));
    check(|tiny| tiny.releases[2].publication.date = guid("x").date);
}

#[test]
fn so_do_edits_of_the_show() {
    check(|tiny| tiny.show.title = "Another Show".into());
    check(|tiny| tiny.show.feed.page = 1);
    check(|tiny| tiny.sections.push(Section::named("io", "Input and output")));
    check(|tiny| {
        drop(tiny.glossary.0.insert(
            "RCU".into(),
            Term { expansion: "read, copy, update".into(), ..Term::default() },
        ))
    });
    check(|tiny| {
        let page = tiny.templates.0.get_mut("site/base.html").unwrap();
        *page = page.replace("</main>", "<p>By us.</p></main>");
    });
}

#[test]
fn and_those_of_files_beside_it() {
    check(|tiny| drop(tiny.file("cover.png", &png(1500, 1500))));
    check(|tiny| tiny.releases[0].image = Some(tiny.file("own.png", &png(1400, 1400))));
    check(|tiny| {
        let peaks = r#"{"version":2,"channels":1,"data":[-9,9,-90,90]}"#;
        tiny.file("2023-04-09.peaks.json", peaks.as_bytes());
    });
    check(|tiny| {
        let sound = mp3(555);
        tiny.releases[0].sound.enclosure.bytes = 555;
        tiny.releases[0].file.as_mut().unwrap().digest = Digest::of(&sound);
        tiny.file("2023-04-09.mp3", &sound);
    });
}

#[test]
fn what_did_not_change_is_not_even_read() {
    let mut tiny = show();
    let reads = Arc::new(AtomicUsize::new(0));
    let counted = reads.clone();
    tiny.releases[1].transcript = Some(Spoken::new(Digest::of(b"said"), move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(tiny::transcript())
    }));
    remembered(&tiny, "one");
    tiny.releases[0].notes.push_str("\nOne more paragraph.\n");
    assert!(remembered(&tiny, "one").contains(&"episodes/2023-04-09/index.html".to_owned()));
    assert_eq!(reads.load(Ordering::Relaxed), 1);
    // Another program may make another page of the same.
    remembered(&tiny, "two");
    assert_eq!(reads.load(Ordering::Relaxed), 2);
}

#[test]
fn a_published_file_that_somebody_touched_is_made_again() {
    check(|tiny| fs::write(tiny.out().join("episodes/2023-04-16/index.html"), "mine").unwrap());
    check(|tiny| fs::remove_file(tiny.out().join("episodes/2023-04-16/transcript.vtt")).unwrap());
    check(|tiny| fs::write(tiny.out().join("media/2023-04-09.mp3"), "mine").unwrap());
}

#[test]
fn a_memory_that_is_damaged_is_as_good_as_none() {
    let damage = |tiny: &Tiny, text: &str| {
        for file in tiny.root().join("memory").read_dir_utf8().unwrap() {
            fs::write(file.unwrap().path(), text).unwrap();
        }
    };
    for text in ["", "{}", "[\"0\"", "[\"0\", {}]", "\u{0}"] {
        check(|tiny| {
            damage(tiny, text);
            tiny.releases[0].notes.push_str("\nOne more paragraph.\n");
        });
    }
}
