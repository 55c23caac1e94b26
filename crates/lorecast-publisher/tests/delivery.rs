//! A site goes out as a whole, and promises are kept.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use std::fs;

use lorecast_publisher::{Build, Digest, Memory, broken};
use tiny::{Tiny, mp3};

/// The files beside the published folder: what a delivery must not leave behind.
fn beside(tiny: &Tiny) -> Vec<String> {
    let entries = tiny.root().read_dir_utf8().unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_owned()).collect();
    names.retain(|name| name.contains("lorecast"));
    names
}

#[test]
fn a_build_that_fails_at_the_last_step_leaves_the_site_as_it_was() {
    let mut tiny = Tiny::new();
    let before = tiny.published("feed.xml");
    tiny.add("2023-04-23", "Third", "More.\n");
    tiny.releases[2].file.as_mut().unwrap().digest = Digest::of(b"another sound");
    let error = tiny.publish().unwrap_err().to_string();
    assert!(error.contains("2023-04-23.mp3` is not what was written to it"), "{error}");
    assert_eq!(fs::read_to_string(tiny.out().join("feed.xml")).unwrap(), before);
    assert!(!tiny.out().join("episodes/2023-04-23").exists());
    assert!(beside(&tiny).is_empty());
}

#[test]
fn what_an_interrupted_delivery_left_does_no_harm() {
    let mut tiny = Tiny::new();
    tiny.publish().unwrap();
    let left = tiny.root().join(".public.lorecast-next");
    fs::create_dir_all(left.join("episodes")).unwrap();
    fs::write(left.join("index.html"), "half").unwrap();
    tiny.add("2023-04-23", "Third", "More.\n");
    assert!(tiny.published("index.html").contains("Third"));
    assert!(beside(&tiny).is_empty());
}

#[test]
fn two_deliveries_at_once_do_not_mix() {
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    let busy = fs::File::open(tiny.out()).unwrap();
    busy.try_lock().unwrap();
    let error = tiny.publish().unwrap_err().to_string();
    assert!(error.contains("is being published by another"), "{error}");
}

#[cfg(unix)]
#[test]
fn files_of_others_keep_their_place_and_a_linked_folder_its_link() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let mut tiny = Tiny::new();
    let real = tiny.root().join("www");
    fs::create_dir_all(real.join(".well-known/empty")).unwrap();
    fs::write(real.join("CNAME"), "pod.example").unwrap();
    symlink("CNAME", real.join("alias")).unwrap();
    symlink(&real, tiny.out()).unwrap();
    tiny.publish().unwrap();
    let inode = |name: &str| fs::metadata(real.join(name)).unwrap().ino();
    let before = (inode("CNAME"), inode("media/2023-04-09.mp3"));
    tiny.add("2023-04-23", "Third", "More.\n");
    tiny.publish().unwrap();
    assert!(tiny.out().is_symlink() && real.join("episodes/2023-04-23/index.html").exists());
    assert!(real.join("alias").is_symlink() && real.join(".well-known/empty").is_dir());
    assert_eq!(before, (inode("CNAME"), inode("media/2023-04-09.mp3")));
}

#[test]
fn a_preview_tells_what_would_change_and_changes_nothing() {
    let mut tiny = Tiny::new();
    tiny.publish().unwrap();
    tiny.releases.remove(0);
    tiny.add("2023-04-23", "Third", "More.\n");
    let would = Build::of(&tiny.site(), Memory::default()).unwrap().preview(&tiny.out()).unwrap();
    let mut lines = Vec::new();
    for file in would.files.iter().filter(|file| file.changed) {
        lines.push(format!("{} {}", if file.new { '+' } else { '~' }, file.path));
    }
    lines.extend(would.removed.iter().map(|path| format!("- {path}")));
    insta::assert_snapshot!(lines.join("\n"), @r"
    + media/2023-04-23.mp3
    + episodes/2023-04-23/chapters.json
    + episodes/2023-04-23/card.png
    ~ search/index.js
    ~ search/w-.js
    ~ sections/io/index.html
    ~ sections/io/atom.xml
    + episodes/2023-04-23/index.html
    ~ episodes/2023-04-16/index.html
    ~ archive/index.html
    ~ index.html
    ~ feed.json
    ~ feed.xml
    - episodes/2023-04-09/card.png
    - episodes/2023-04-09/chapters.json
    - episodes/2023-04-09/index.html
    - media/2023-04-09.mp3
    ");
    assert!(!tiny.out().join("media/2023-04-23.mp3").exists());
    assert!(tiny.out().join("media/2023-04-09.mp3").exists());
}

/// What a change of the newer episode would break of what is out.
fn breaks(change: impl FnOnce(&mut Tiny)) -> String {
    let mut tiny = Tiny::new();
    for release in &mut tiny.releases {
        release.publication.sha256 = release.digest().map(|digest| digest.to_string());
    }
    tiny.publish().unwrap();
    assert_eq!(broken(&tiny.site(), &tiny.out()), []);
    change(&mut tiny);
    let found = broken(&tiny.site(), &tiny.out()).into_iter().map(|broken| {
        let id = broken.episode.map_or("show".to_owned(), |id| id.to_string());
        format!("{id}: {}", broken.was.join(", "))
    });
    found.collect::<Vec<_>>().join("\n")
}

#[test]
fn promises_that_would_be_broken_are_found() {
    let date = "2023-04-18T18:00:00Z".parse().unwrap();
    insta::assert_snapshot!(breaks(|tiny| tiny.releases[1].publication.date = date), @"2023-04-16: date was Mon, 17 Apr 2023 18:00:00 +0000");
    insta::assert_snapshot!(breaks(|tiny| tiny.releases[1].publication.guid.0 += "0"), @"2023-04-16: guid was urn:uuid:de82107d-e05f-55a4-acaa-5bc122c1d476");
    insta::assert_snapshot!(breaks(|tiny| tiny.releases[1].publication.enclosure_url = "https://cdn.example/1.mp3".into()), @"2023-04-16: enclosure_url was https://pod.example/show/media/2023-04-16.mp3");
    insta::assert_snapshot!(breaks(|tiny| tiny.releases[1].file.as_mut().unwrap().digest = Digest::of(&mp3(500))), @"2023-04-16: sha256 was ed5f0db4f86e67697834a222b08fe80990b63b97ed63896c27ffae50363642e6");
    insta::assert_snapshot!(breaks(|tiny| { tiny.releases.pop(); }), @"show: guid was urn:uuid:de82107d-e05f-55a4-acaa-5bc122c1d476");
    insta::assert_snapshot!(breaks(|tiny| tiny.show.url = "https://other.example/".into()), @"show: podcast:guid was b7a2d257-b59e-59c7-8351-0f59dfde0a07");
    let guid = "b7a2d257-b59e-59c7-8351-0f59dfde0a07";
    let kept = breaks(|tiny| {
        tiny.show.url = "https://other.example/".into();
        tiny.show.feed.guid = Some(guid.into());
    });
    assert_eq!(kept, "");
}
