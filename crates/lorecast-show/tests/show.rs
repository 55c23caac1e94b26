//! A show on disk: what is read, what is refused and where, what is never lost.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_model::{Correction, Episode, EpisodeId, Profile, StoryState, Window};
use lorecast_show::{Outcome, Renamed, Scaffold, ShowDir, create};

const ID: &str = "2025-06-22";

/// A show in a fresh folder that lives as long as the test.
fn with_show(test: impl FnOnce(&Utf8Path, ShowDir)) {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap().join("show");
    let about = Scaffold { title: "A: show", author: "Ann", url: "https://a.example/" };
    let show = create(&root, &about).unwrap();
    test(&root, show);
}

fn episode(title: &str) -> Episode {
    Episode {
        number: Some(3),
        ..Episode::new(title, Window::week_ending(EpisodeId::new(ID).unwrap()))
    }
}

/// Replaces `show.yaml` and returns the error of reading it, without the folder's name.
fn check_show_error(yaml: &str) -> String {
    let mut error = String::new();
    with_show(|root, show| {
        std::fs::write(root.join("show.yaml"), yaml).unwrap();
        error = show.show().unwrap_err().to_string().replace(root.as_str(), "");
    });
    error
}

#[test]
fn init_writes_a_show_that_reads_back() {
    with_show(|_, show| {
        let read = show.show().unwrap();
        assert_eq!((read.title.as_str(), read.author.as_str()), ("A: show", "Ann"));
        assert_eq!((read.stories, read.sound.channels), (24, 2));
    });
}

#[test]
fn init_never_touches_a_show_that_is_there() {
    with_show(|root, _| {
        let about = Scaffold { title: "other", author: "Bob", url: "https://b.example/" };
        let before = std::fs::read(root.join("show.yaml")).unwrap();
        assert!(create(root, &about).is_err());
        assert_eq!(std::fs::read(root.join("show.yaml")).unwrap(), before);
    });
}

#[test]
fn mistakes_are_reported_at_their_line() {
    let good = "title: a\ndescription: b\nauthor: c\nurl: https://a.example/\n";
    assert_snapshot!(check_show_error(&format!("{good}colour: red\n")), @"/show.yaml:5:1: unknown field `colour`, expected one of `title`, `description`, `author`, `email`, `url`, `language`, `categories`, `explicit`, `cover`, `store`, `sources`, `trees`, `maintainers`, `mailmap`, `profile`, `links`, `stories`, `minutes`, `voice`, `assistant`, `employers`, `subscribe`, `about`, `feed`, `telling`, `deliver`, `media`, `community`, `sound`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_show_error(&format!("{good}media: s3://casts/media\n")), @"/show.yaml:5:8: media: invalid type: string \"s3://casts/media\", expected storage, as `{to: s3://bucket/folder}`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_show_error(&format!("{good}community: {{passkeys: everybody}}\n")), @"/show.yaml:5:23: community.passkeys: unknown variant `everybody`, expected `editor` or `owner`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_show_error("title: [a\n"), @"/show.yaml:1:8: title: invalid type: sequence, expected a string; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_show_error("title: a\n"), @"/show.yaml:1:1: missing field `description`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_show_error(&format!("{good}sound: {{channels: 7}}\n")), @"/show.yaml:5: `sound.channels`: write 1 (mono) or 2 (stereo)");
    assert_snapshot!(check_show_error(&good.replace("https:", "ftp:")), @"/show.yaml:4: `url`: write the address of the site with `https://` in front and `/` at the end");
}

#[test]
fn a_voice_and_people_are_checked() {
    let voice = |voice: &str| {
        let good = "title: a\ndescription: b\nauthor: c\nurl: https://a.example/\n";
        check_show_error(&format!("{good}voice: {{{voice}}}\n"))
    };
    assert_snapshot!(voice("words_per_minute: 20"), @"/show.yaml:5: `voice.words_per_minute`: write 60 to 300 words, or leave it out and it is learnt from your takes");
    assert_snapshot!(voice("words_per_minute: .nan"), @"/show.yaml:5: `voice.words_per_minute`: write 60 to 300 words, or leave it out and it is learnt from your takes");
    assert_snapshot!(voice("numbers: roman"), @"/show.yaml:5:18: voice.numbers: unknown variant `roman`, expected `words` or `digits`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(voice("quotes: loud"), @"/show.yaml:5:17: voice.quotes: unknown variant `loud`, expected `plain` or `spoken`; nothing was changed, correct the line and run the command again");
    with_show(|root, show| {
        assert_eq!(show.people().unwrap(), []);
        let error = |yaml: &str| {
            std::fs::write(root.join("people.yaml"), yaml).unwrap();
            show.people().unwrap_err().to_string().replace(root.as_str(), "")
        };
        assert_snapshot!(error("- name: Ann\n  sayy: AN\n"), @"/people.yaml:2:3: .[0]: unknown field `sayy`, expected one of `name`, `also`, `emails`, `say`, `ipa`, `audio`, `lang`, `pronouns`, `bio`, `links`, `employers`, `robot`, `own`; nothing was changed, correct the line and run the command again");
        assert_snapshot!(error("- name: Ann\n- name: ''\n"), @"/people.yaml:2: entry 2: it has no name; write it or delete the entry; nothing was changed");
        std::fs::write(root.join("people.yaml"), "- {name: Ann, say: AN, also: [Anna]}\n").unwrap();
        assert_eq!(show.people().unwrap()[0].say.as_deref(), Some("AN"));
    });
}

#[test]
fn a_second_script_keeps_edits() {
    with_show(|_, show| {
        let dir = show.episode_dir(EpisodeId::new(ID).unwrap());
        assert_eq!(dir.script().unwrap(), None);
        assert_eq!(dir.write_script("a\n\nb\n\nc\n").unwrap(), Outcome::New);
        std::fs::write(dir.file("script.md"), "a, edited\n\nb\n\nc\n").unwrap();
        assert_eq!(dir.write_script("a\n\nb\n\nd\n").unwrap(), Outcome::Merged);
        assert_eq!(dir.script().unwrap().unwrap(), "a, edited\n\nb\n\nd\n");
        assert_eq!(dir.write_script("x\n\nb\n\nd\n").unwrap(), Outcome::Conflict(1));
        assert!(dir.script().is_err() && dir.write_script("y\n").is_err());
    });
}

#[test]
fn settings_know_where_they_came_from() {
    with_show(|_, show| {
        let settings = show.settings().unwrap();
        let origin = |key: &str| settings.iter().find(|s| s.key == key).map(|s| s.origin);
        assert_eq!(origin("title"), Some("show.yaml"));
        assert_eq!(origin("explicit"), Some("default"));
        assert_eq!(origin("sound.channels"), Some("show.yaml"));
    });
}

/// What a show with this `glossary.yaml` says of an acronym, or the error without the folder's name.
fn check_glossary(yaml: &str, profile: Profile, acronym: &str) -> String {
    let mut found = String::new();
    with_show(|root, show| {
        std::fs::write(root.join("glossary.yaml"), yaml).unwrap();
        found = match show.glossary(profile) {
            Ok(glossary) => {
                glossary.0.get(acronym).map_or("none", |term| &term.expansion).to_owned()
            }
            Err(error) => error.to_string().replace(root.as_str(), ""),
        };
    });
    found
}

#[test]
fn an_own_entry_of_the_glossary_overrides_ours_and_no_other() {
    let own = "RCU: Red Cat Union\nABCD: {}\n";
    assert_snapshot!(check_glossary(own, Profile::Kernel, "RCU"), @"Red Cat Union");
    assert_snapshot!(check_glossary(own, Profile::Kernel, "ABCD"), @"");
    assert_snapshot!(check_glossary(own, Profile::Kernel, "TLB"), @"Translation Lookaside Buffer");
    assert_snapshot!(check_glossary(own, Profile::General, "TLB"), @"none");
    assert_snapshot!(check_glossary("", Profile::Kernel, "RCU"), @"/glossary.yaml:1:1: invalid type: Option value, expected acronyms, each with what it stands for; nothing was changed, correct the line and run the command again");
}

#[test]
fn mistakes_in_a_glossary_are_reported_at_their_line() {
    let check = |yaml| check_glossary(yaml, Profile::Kernel, "A");
    assert_snapshot!(check("A: {}\nB: {expanded: x}\n"), @"/glossary.yaml:2:5: B: unknown field `expanded`, expected one of `expansion`, `spoken`, `also`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check("A: [Some, Words]\n"), @"/glossary.yaml:1:4: A: invalid type: sequence, expected what the acronym stands for, or `expansion:`, `spoken:` and `also:`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check("A: {}\nB: {}\nA: {expansion: x}\n"), @"/glossary.yaml:3:1: `A` stands here twice; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check("- A\n"), @"/glossary.yaml:1:1: invalid type: sequence, expected acronyms, each with what it stands for; nothing was changed, correct the line and run the command again");
}

#[test]
fn an_own_template_overrides_one_built_in_and_no_other() {
    with_show(|root, show| {
        let built_in = show.templates().unwrap();
        let name = built_in.0.keys().next().expect("templates are compiled in").clone();
        let own = root.join("templates").join(&name);
        std::fs::create_dir_all(own.parent().unwrap()).unwrap();
        std::fs::write(own, "mine").unwrap();
        let mut expected = built_in;
        expected.0.insert(name, "mine".to_owned());
        assert_eq!(show.templates().unwrap(), expected);
    });
}

#[test]
fn a_second_draft_keeps_edits_and_adds_news() {
    with_show(|_, show| {
        let dir = show.episode_dir(EpisodeId::new(ID).unwrap());
        let first = dir.draft(&episode("one"), "# one\n\na\n\nb\n", &Renamed::default()).unwrap();
        assert_eq!((first.episode, first.notes), (Outcome::New, Outcome::New));
        std::fs::write(dir.file("notes.md"), "# one\n\na, edited\n\nb\n").unwrap();

        let second =
            dir.draft(&episode("one"), "# one\n\na\n\nb\n\nc\n", &Renamed::default()).unwrap();
        assert_eq!((second.episode, second.notes), (Outcome::Same, Outcome::Merged));
        assert_eq!(dir.notes().unwrap(), "# one\n\na, edited\n\nb\n\nc\n");
    });
}

#[test]
fn a_conflict_is_shown_and_blocks_until_it_is_settled() {
    with_show(|root, show| {
        let dir = show.episode_dir(EpisodeId::new(ID).unwrap());
        dir.draft(&episode("one"), "a\n", &Renamed::default()).unwrap();
        std::fs::write(dir.file("notes.md"), "mine\n").unwrap();
        let drafted = dir.draft(&episode("one"), "theirs\n", &Renamed::default()).unwrap();
        assert_eq!(drafted.notes, Outcome::Conflict(1));

        let error =
            dir.draft(&episode("one"), "more\n", &Renamed::default()).unwrap_err().to_string();
        assert_snapshot!(error.replace(root.as_str(), ""), @"/episodes/2025-06-22/notes.md:1: a conflict with an earlier draft is not settled yet; choose one side, delete the marker lines, and run the command again");
        std::fs::write(dir.file("notes.md"), "mine\n").unwrap();
        assert_eq!(
            dir.draft(&episode("one"), "theirs\n", &Renamed::default()).unwrap().notes,
            Outcome::Same
        );
    });
}

#[test]
fn notes_written_by_hand_before_any_draft_are_not_lost() {
    with_show(|_, show| {
        let dir = show.episode_dir(EpisodeId::new(ID).unwrap());
        std::fs::create_dir_all(dir.path()).unwrap();
        std::fs::write(dir.file("notes.md"), "by hand\n").unwrap();
        dir.draft(&episode("one"), "generated\n", &Renamed::default()).unwrap();
        let text = std::fs::read_to_string(dir.file("notes.md")).unwrap();
        assert!(text.contains("by hand") && text.contains("generated"), "{text}");
    });
}

#[test]
fn takes_are_found_by_name_and_missed_by_name() {
    with_show(|root, show| {
        let dir = show.episode_dir(EpisodeId::new(ID).unwrap());
        let mut planned = episode("one");
        for (title, take) in [("Headlines", "headlines"), ("Good bye", "signoff")] {
            planned.chapters.push(lorecast_model::ChapterPlan {
                title: title.to_owned(),
                take: take.to_owned(),
                ..Default::default()
            });
        }
        std::fs::create_dir_all(dir.file("takes")).unwrap();
        std::fs::write(dir.file("takes/headlines.WAV"), "").unwrap();
        let error = dir.takes(&planned).unwrap_err().to_string();
        assert_snapshot!(error.replace(root.as_str(), ""), @"no recording for the chapter `Good bye`: put `signoff.wav` (or .flac, .mp3, .m4a, .opus, …) into `/episodes/2025-06-22/takes`, or delete the chapter from `episode.yaml`");

        std::fs::write(dir.file("takes/signoff.flac"), "").unwrap();
        assert_eq!(dir.takes(&planned).unwrap().len(), 2);
        std::fs::write(dir.file("takes/signoff.mp3"), "").unwrap();
        assert!(dir.takes(&planned).unwrap_err().to_string().starts_with("two recordings"));
    });
}

#[test]
fn our_glossary_is_sorted_and_spells_in_one_way() {
    let text = include_str!("../../../glossary.yaml");
    let keys: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with(['#', ' ']) && !line.is_empty())
        .map(|line| {
            line.rsplit_once(':').filter(|(_, rest)| rest.is_empty()).map_or_else(
                || line.split_once(": ").unwrap().0.to_lowercase(),
                |(key, _)| key.to_lowercase(),
            )
        })
        .collect();
    assert!(keys.is_sorted(), "{:?}", keys.windows(2).find(|two| two[0] > two[1]));
    with_show(|_, show| {
        let glossary = show.glossary(Profile::Kernel).unwrap();
        let spelt = glossary.0.values().filter(|term| !term.expansion.is_empty()).count();
        assert!(spelt >= 500, "{spelt}");
        for (acronym, term) in &glossary.0 {
            assert!(term.also.iter().all(|other| !other.expansion.is_empty()), "{acronym}");
            assert!(!term.expansion.contains("  ") && term.expansion.trim() == term.expansion);
        }
    });
}

/// A file laid out by hand keeps its comments, quotes and indents whatever a command decides.
#[test]
fn decisions_and_corrections_find_their_lines_in_a_file_laid_out_by_hand() {
    const BY_HAND: &str = "# mine\ntitle: \"one\"\nwindow: {from: 2023-04-10, to: 2023-04-16}\nstories:\n  - id: \"a@b\" # the best\n    section: mm\n    kind: patch\n    title: 'one'\n    score: 1\n  - id: c@d\n    state: pinned\n    section: mm\n    kind: patch\n    title: two\n    score: 2\n";
    with_show(|_, show| {
        let dir = show.episode_dir(EpisodeId::new(ID).unwrap());
        std::fs::create_dir_all(dir.path()).unwrap();
        std::fs::write(dir.file("episode.yaml"), BY_HAND).unwrap();
        let outcome = dir.edit(|episode| {
            episode.stories[0].state = StoryState::Dropped;
            episode.stories[1].section = "net".into();
            episode.corrections.push(Correction {
                date: "2023-04-20".parse().unwrap(),
                text: "it was two".into(),
                finding: None,
                message: None,
            });
        });
        assert_eq!(outcome.unwrap(), Outcome::Merged);
        let text = std::fs::read_to_string(dir.file("episode.yaml")).unwrap();
        let expected = BY_HAND
            .replace("# the best\n", "# the best\n    state: dropped\n")
            .replace("pinned\n    section: mm", "pinned\n    section: net");
        assert_eq!(
            text,
            format!("{expected}corrections:\n- date: 2023-04-20\n  text: it was two\n")
        );
    });
}

/// What is wrong with an `employers.yaml`, without the folder's name; what was read when nothing is.
fn check_employers(yaml: &str) -> String {
    let mut told = String::new();
    with_show(|root, show| {
        std::fs::write(root.join("employers.yaml"), yaml).unwrap();
        std::fs::write(root.join("map"), "x.example X\n").unwrap();
        told = match show.employers() {
            Ok(read) => format!("{:?} {:?}", read.domains, read.people.keys()),
            Err(error) => error.to_string().replace(root.as_str(), ""),
        };
    });
    told
}

#[test]
fn employers_are_read_in_small_letters() {
    let yaml = "\
domains: {Vendor.example: Vendor}
people:
  Ann@X.example:
  - {employer: Widgets, from: 2020-01-01}
  - {employer: Gadgets, from: 2022-05-01}
aliases: {'Widgets, Inc.': Widgets}
communities: [hackers.example]
maps: [map]
";
    assert_snapshot!(check_employers(yaml), @r#"{"vendor.example": "Vendor"} ["ann@x.example"]"#);
}

#[test]
fn mistakes_in_employers_are_reported_at_their_line() {
    assert_snapshot!(check_employers("domains: {x: Widgets}"), @"/employers.yaml:1: `x` is no domain; write the part behind the `@`; nothing was changed");
    assert_snapshot!(check_employers("domains:\n  a.example: A\n  b.example: ''\n"), @"/employers.yaml:3: `b.example` has no employer; name it; nothing was changed");
    assert_snapshot!(check_employers("domains:\n  a.example: A\n  A.example: B\n"), @"/employers.yaml:3: `A.example` stands in `domains:` in line 2 already; keep one of them; nothing was changed");
    assert_snapshot!(check_employers("domains:\n  a.example: A\ncommunities:\n- A.example\n"), @"/employers.yaml:2: `a.example` is an employer here and stands in `communities:` too; keep one; nothing was changed");
    assert_snapshot!(check_employers("communities:\n- b.example\n- '@b.example'\n"), @"/employers.yaml:3: `@b.example` is no domain; write the part behind the `@`; nothing was changed");
    assert_snapshot!(check_employers("people:\n  ann: []\n"), @"/employers.yaml:2: `ann` is no address; nothing was changed");
    assert_snapshot!(check_employers("people:\n  ann@x.example:\n  - employer: A\n    from: 2023-02-30\n"), @"/employers.yaml:4:11: people.ann@x.example[0].from: parsed date is not valid: parameter 'day' for `2023-02` is invalid, must be in range `1..=28`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_employers("people:\n  ann@x.example:\n  - employer: A\n    since: 2023-02-20\n"), @"/employers.yaml:4:5: people.ann@x.example[0]: unknown field `since`, expected one of `employer`, `from`, `until`, `source`, `proof`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_employers("people:\n  tom@x.example: []\n  ann@x.example:\n  - employer: A\n    from: 2023-02-20\n    until: 2023-01-01\n"), @"/employers.yaml:3: `ann@x.example`: `A` ends on 2023-01-01, before it begins on 2023-02-20; nothing was changed");
    assert_snapshot!(check_employers("people:\n  ann@x.example:\n  - {employer: A, until: 2023-02-20}\n  - {employer: B, from: 2023-02-01}\n"), @"/employers.yaml:2: `ann@x.example`: `A` and `B` are for the same time; give one an `until:` before the other's `from:`; nothing was changed");
    assert_snapshot!(check_employers("people:\n  ann@x.example:\n  - {employer: A}\n  - {employer: B}\n"), @"/employers.yaml:2: `ann@x.example`: `A` and `B` are for the same time; give one an `until:` before the other's `from:`; nothing was changed");
    assert_snapshot!(check_employers("people:\n  \"ann@x.example\": []\n  ann@x.example: []\n"), @"/employers.yaml:3: `ann@x.example` stands in `people:` in line 2 already; keep one of them; nothing was changed");
    assert_snapshot!(check_employers("people:\n  ann@x.example:\n  - {employer: '', from: 2023-02-01}\n"), @"/employers.yaml:2: `ann@x.example`: the entry from 2023-02-01 names no employer; nothing was changed");
    assert_snapshot!(check_employers("aliases:\n  A: B\n  B: C\n"), @"/employers.yaml:2: `A` is `B`, and that is `C` itself; name the last one; nothing was changed");
    assert_snapshot!(check_employers("aliases:\n  A: ''\n"), @"/employers.yaml:2: an alias needs two names: `Other Spelling: Name`; nothing was changed");
    assert_snapshot!(check_employers("maps: [map, gone]\n"), @"/employers.yaml:1: there is no file `gone` in the show's folder; nothing was changed");
    assert_snapshot!(check_employers("maps:\n  - map\n  - gone\n"), @"/employers.yaml:3: there is no file `gone` in the show's folder; nothing was changed");
}

#[test]
fn sources_of_employers_are_checked() {
    let show = "title: A\ndescription: B\nauthor: C\nurl: https://a.example/\n";
    assert_snapshot!(check_show_error(&format!("{show}employers: [own, domains]\n")), @"/show.yaml:5:18: employers[1]: unknown variant `domains`, expected one of `own`, `producer`, `name`, `header`, `signature`, `map`, `domain`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check_show_error(&format!("{show}employers: [own, name, own]\n")), @"/show.yaml:5: `employers`: write each source once");
}

/// Chapters in some layout, and the same with the second one changed.
#[track_caller]
fn check_chapters(chapters: &str, expected: &str) {
    with_show(|_, show| {
        let dir = show.episode_dir(EpisodeId::new(ID).unwrap());
        let (before, after) =
            ("title: one  # mine\nwindow: {from: 2025-06-16, to: 2025-06-22}\n", "credits: [me]\n");
        std::fs::create_dir_all(dir.path()).unwrap();
        std::fs::write(dir.file("episode.yaml"), format!("{before}{chapters}{after}")).unwrap();
        dir.edit(|episode| {
            if episode.chapters.is_empty() {
                episode.chapters = vec![Default::default(), Default::default()];
            }
            episode.chapters[1].take = "evening.wav".into();
            episode.chapters[1].from = Some(lorecast_model::Seconds(61.5));
        })
        .unwrap();
        let text = std::fs::read_to_string(dir.file("episode.yaml")).unwrap();
        let text = text.strip_prefix(before).unwrap();
        assert_eq!(text, expected);
    });
}

#[test]
fn chapters_are_changed_as_they_are_laid_out() {
    check_chapters(
        "chapters:\n  - {title: a, take: a}\n  - {title: b, take: b}\n  # later\n",
        "chapters:\n  - {title: a, take: a}\n  - {title: \"b\", take: \"evening.wav\", from: \"1:01.50\"}\n  # later\ncredits: [me]\n",
    );
    check_chapters(
        "chapters:\n- title: a\n  take: a # first\n\n- title: b\n  # second\n  take: b\n\n",
        "chapters:\n- title: a\n  take: a # first\n\n- title: b\n  take: evening.wav\n  from: 1:01.50\n  # second\n\ncredits: [me]\n",
    );
    check_chapters(
        "chapters: []\n",
        "chapters:\n- title: ''\n  take: ''\n- title: ''\n  take: evening.wav\n  from: 1:01.50\ncredits: [me]\n",
    );
}
