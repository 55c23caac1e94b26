//! Pages about people, and what never stands on them.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod tiny;

use std::fs;

use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_model::{Chapter, EpisodeId, MessageId, PersonId, Seconds, Story, Vouch};
use lorecast_publisher::{Appearance, Employment, Portrait};
use tiny::Tiny;

fn ann() -> Portrait {
    Portrait {
        id: PersonId("ann-vogel".to_owned()),
        name: "Ann Vögel".to_owned(),
        pronouns: Some("she/her".to_owned()),
        say: Some("ann FER-gel".to_owned()),
        bio: Some(
            "Folds *pages*. Mail ann@private.example or [here](mailto:ann@private.example)."
                .to_owned(),
        ),
        links: [("Her site".to_owned(), "https://vogel.example/".to_owned())].into(),
        employers: vec![Employment {
            employer: "Example".to_owned(),
            years: "since 2021".to_owned(),
            source: Vouch::Name,
        }],
        appearances: vec![Appearance {
            episode: EpisodeId::new("2023-04-16").unwrap(),
            title: "mm: fold the batch".to_owned(),
            message: MessageId::new("fold@lists.example").unwrap(),
        }],
        ..Portrait::default()
    }
}

/// The main part of a page about somebody, without empty lines.
fn page(person: Portrait) -> String {
    let mut tiny = Tiny::new();
    let path = format!("people/{}/index.html", person.id);
    tiny.people = vec![person];
    let page = tiny.published(&path);
    let (_, main) = page.split_once("<main").unwrap();
    let main = main.split_once("</main>").unwrap().0;
    main.lines().skip(1).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

fn files(dir: &Utf8Path, found: &mut Vec<String>) {
    for entry in dir.read_dir_utf8().unwrap() {
        let path = entry.unwrap().into_path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()),
        }
    }
}

#[test]
fn a_page_tells_what_the_person_allows() {
    assert_snapshot!(page(ann()), @r#"
    <article class="person">
    <header>
    <h1>Ann Vögel</h1>
    <p class="meta"><span>she/her</span> <span>say “ann FER-gel”</span> </p>
    <p class="meta"><a href="atom.xml">Follow</a></p>
    </header>
    <div class="notes">
    <p>Folds <em>pages</em>. Mail ann@… or here.</p>
    </div>
    <section aria-labelledby="employers">
    <h2 id="employers" class="label">Works for</h2>
    <ul>
    <li>Example, since 2021 <span class="quiet">(written behind their name)</span></li>
    </ul>
    </section>
    <section aria-labelledby="links">
    <h2 id="links" class="label">Elsewhere</h2>
    <ul>
    <li><a rel="nofollow" href="https://vogel.example/">Her site</a></li>
    </ul>
    </section>
    <section aria-labelledby="stories">
    <h2 id="stories" class="label">In the show</h2>
    <dl>
    <div>
    <dt><a href="../../episodes/2023-04-16/index.html">Rings &amp; queues</a> <span class="quiet">17 April 2023</span></dt>
    <dd><a href="https://lore.kernel.org/r/fold%40lists.example/">mm: fold the batch</a></dd>
    </div>
    </dl>
    </section>
    </article>
    "#);
}

#[test]
fn markup_and_controls_are_plain_text_and_long_names_are_cut() {
    let person = Portrait {
        name: format!("<b>\u{202e}Eve\u{0}</b> {}", "x".repeat(10_000)),
        pronouns: Some("<script>".to_owned()),
        bio: Some("<script>alert(1)</script>Hello <img src=x onerror=y>".to_owned()),
        links: [("a".to_owned(), "javascript:alert(1)".to_owned())].into(),
        employers: vec![],
        ..ann()
    };
    assert_snapshot!(page(person), @r#"
    <article class="person">
    <header>
    <h1>&lt;b&gt;Eve&lt;/b&gt; xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…</h1>
    <p class="meta"><span>&lt;script&gt;</span> <span>say “ann FER-gel”</span> </p>
    <p class="meta"><a href="atom.xml">Follow</a></p>
    </header>
    <div class="notes">
    Hello 
    </div>
    <section aria-labelledby="stories">
    <h2 id="stories" class="label">In the show</h2>
    <dl>
    <div>
    <dt><a href="../../episodes/2023-04-16/index.html">Rings &amp; queues</a> <span class="quiet">17 April 2023</span></dt>
    <dd><a href="https://lore.kernel.org/r/fold%40lists.example/">mm: fold the batch</a></dd>
    </div>
    </dl>
    </section>
    </article>
    "#);
}

#[test]
fn an_episode_and_the_list_link_to_the_page() {
    let mut tiny = Tiny::new();
    tiny.people = vec![ann()];
    tiny.publish().unwrap();
    let read = |path: &str| fs::read_to_string(tiny.out().join(path)).unwrap();
    let link = "people/ann-vogel/index.html\">Ann Vögel</a>";
    assert!(read("episodes/2023-04-16/index.html").contains(link));
    assert!(!read("episodes/2023-04-09/index.html").contains(link));
    assert!(read("people/index.html").contains(link));
    assert!(read("index.html").contains("people/index.html\">People</a>"));
}

#[test]
fn nobody_has_a_page_for_an_unpublished_episode_alone() {
    let mut tiny = Tiny::new();
    let episode = EpisodeId::new("2023-05-01").unwrap();
    let appearances = ann().appearances.into_iter().map(|a| Appearance { episode, ..a }).collect();
    tiny.people = vec![Portrait { bio: None, links: [].into(), appearances, ..ann() }];
    tiny.publish().unwrap();
    assert!(!tiny.out().join("people").exists());
    assert!(!tiny.published("index.html").contains("People"));
}

#[test]
fn a_recording_is_copied() {
    let mut tiny = Tiny::new();
    let audio = Some(tiny.file("ann.mp3", b"sound"));
    tiny.people = vec![Portrait { audio, ..ann() }];
    let page = tiny.published("people/ann-vogel/index.html");
    assert!(page.contains("src=\"../../people/ann-vogel/name.mp3\""), "{page}");
    assert_eq!(fs::read(tiny.out().join("people/ann-vogel/name.mp3")).unwrap(), b"sound");
}

#[test]
fn what_cannot_be_shown_of_one_person_is_left_out_and_said() {
    let check = |person: Portrait, notice: &str| {
        let mut tiny = Tiny::new();
        tiny.people = vec![person];
        assert_eq!(tiny.notices(), [notice]);
        assert!(tiny.published("people/ann-vogel/index.html").contains("Ann Vögel"));
    };
    check(
        Portrait { audio: Some("gone.mp3".into()), ..ann() },
        "Ann Vögel (ann-vogel): `audio` is left out: `gone.mp3` is not there: correct the path, or leave `audio` out",
    );
    check(
        Portrait { audio: Some("show.yaml".into()), ..ann() },
        "Ann Vögel (ann-vogel): `audio` is left out: `show.yaml` is no recording: give an MP3, M4A, Ogg, Opus, WAV or FLAC file",
    );
    check(
        Portrait { bio: Some(">".repeat(5000)), ..ann() },
        "Ann Vögel (ann-vogel): `bio` is left out: it is nested too deeply",
    );
}

#[test]
fn no_title_holds_an_address() {
    let mut tiny = Tiny::new();
    tiny.add("2023-04-23", "Ask ann@private.example", "Mail <p>ann@private.example</p>\n");
    let release = tiny.releases.last_mut().unwrap();
    release.episode.credits = vec!["Ann <ann@private.example>".to_owned()];
    let story = tiny.releases[0].episode.stories[0].clone();
    let release = tiny.releases.last_mut().unwrap();
    release.episode.stories = vec![Story { title: "From ann@private.example".to_owned(), ..story }];
    let start = Seconds(0.0);
    release.sound.chapters =
        vec![Chapter { start, title: "By ann@private.example".to_owned(), link: None }];
    tiny.publish().unwrap();
    let mut found = Vec::new();
    files(&tiny.out(), &mut found);
    for text in found {
        assert!(!text.contains("@private.example"), "{text}");
    }
}

#[test]
fn no_published_byte_is_an_address() {
    let mut tiny = Tiny::new();
    tiny.add("2023-04-23", "Mails", "Ask Ann <ann@private.example>, or `bo@private.example`.\n");
    tiny.people = vec![ann()];
    tiny.publish().unwrap();
    let mut found = Vec::new();
    files(&tiny.out(), &mut found);
    assert!(found.len() > 5);
    for text in found {
        assert!(!text.contains("@private.example"), "{text}");
    }
}
