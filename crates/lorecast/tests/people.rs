//! Who is who: what the producer and the people themselves do to it, and what is published.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::{Path, PathBuf};

use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_testkit::tree::Repo;
use show::{Run, demo, done, lorecast_in};

const BJORN: &str = "bjorn@fjordlabs.example";

/// The demo's show, published.
struct Demo {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Demo {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = demo(folder.path(), "show");
        Self { _folder: folder, root }
    }

    fn people(&self, args: &[&str]) -> Run {
        lorecast_in(&self.root, &[&["people"], args].concat())
    }

    fn done(&self, args: &[&str]) -> String {
        done(&self.root, &[&["people"], args].concat())
    }

    fn mistake(&self, args: &[&str]) -> String {
        let run = self.people(args);
        assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
        run.stderr.lines().find(|line| line.starts_with("error")).unwrap().to_owned()
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.root.join(file)).unwrap()
    }

    fn append(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(path, before + text).unwrap();
    }

    /// Every published byte, by path.
    fn published(&self) -> Vec<(String, String)> {
        self.published_with(&[])
    }

    fn published_with(&self, args: &[&str]) -> Vec<(String, String)> {
        done(&self.root, &[&["publish", "--at", "2025-06-23T06:00:00Z"], args].concat());
        let mut found = Vec::new();
        files(&self.root.join("public"), &mut found);
        found
    }
}

fn files(dir: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => {
                let bytes = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                found.push((path.display().to_string(), bytes));
            }
        }
    }
}

/// The token in a mail.
fn token(mail: &str) -> &str {
    mail.lines()
        .find_map(|line| line.strip_prefix("    ").filter(|rest| !rest.contains(' ')))
        .unwrap()
}

#[test]
fn a_person_is_shown_by_address_name_or_id() {
    let demo = Demo::new();
    let shown = demo.done(&["show", BJORN]);
    assert_snapshot!(shown, @r"
    Bjørn Ørskov-Lind  bjorn-orskov-lind
      15 mails, 2025-06-09 to 2025-06-17
      bjorn@fjordlabs.example
    ");
    assert_eq!(shown, demo.done(&["show", "bjorn-orskov-lind"]));
    assert_eq!(shown, demo.done(&["show", "Bjørn Ørskov-Lind"]));
    assert_snapshot!(demo.mistake(&["show", "nobody@fjordlabs.example"]), @"error: nobody here is `nobody@fjordlabs.example`: give an address that wrote, a whole name, or a name as `lorecast people list` shows it");
}

#[test]
fn the_producer_writes_entries_and_what_is_around_them_stays() {
    let demo = Demo::new();
    demo.append("people.yaml", "# mine\n- name: Somebody Else  # far away\n");
    demo.done(&["set", BJORN, "say=BYERN", "lang=nb", "employers=Fjord Labs 2021-03-01.."]);
    assert_snapshot!(demo.read("people.yaml"), @r"
    # mine
    - name: Somebody Else  # far away
    - name: Bjørn Ørskov-Lind
      emails:
      - bjorn@fjordlabs.example
      say: BYERN
      lang: nb
      employers:
      - employer: Fjord Labs
        from: 2021-03-01
        source: producer
    ");
    demo.done(&["set", BJORN, "lang=", "link:Blog=https://bjorn.example/"]);
    assert_snapshot!(demo.done(&["show", BJORN]), @r"
    Bjørn Ørskov-Lind  bjorn-orskov-lind
      15 mails, 2025-06-09 to 2025-06-17
      say: BYERN
      Blog: https://bjorn.example/
      Fjord Labs 2021-03-01.. (the show's files)
      bjorn@fjordlabs.example
    ");
    assert_snapshot!(demo.mistake(&["set", BJORN, "link:Blog=javascript:x"]), @"error: ./people.yaml:3: the link `Blog` leads to `javascript:x`; write `https://…`; nothing was changed");
    assert_snapshot!(demo.mistake(&["set", BJORN, "shoe=44"]), @"error: invalid value 'shoe=44' for '<CHANGES>...': `shoe` is no key; keys: name, say, ipa, audio, lang, pronouns, bio, link:TITLE, employers");
    assert_snapshot!(demo.mistake(&["set", BJORN, "employers=X 2022-02-30.."]), @"error: invalid value 'employers=X 2022-02-30..' for '<CHANGES>...': `2022-02-30` is no day; write `2021-07-01`");
}

#[test]
fn a_person_proves_the_address_and_then_has_the_last_word() {
    let demo = Demo::new();
    demo.done(&["set", BJORN, "bio=As others say."]);
    let mail = demo.done(&["claim", BJORN]);
    let token = token(&mail);
    assert_snapshot!(mail.replace(token, "TOKEN"), @r#"
    To: bjorn@fjordlabs.example
    Subject: Your entry in The Lorecast Example Show
    Auto-Submitted: auto-generated
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8

    Somebody, you we hope, wants to write what "The Lorecast Example Show" says about the owner of this address.

    This token proves that the address is yours. It is good for a week:

        TOKEN

    With it, the show's producer or you run

        lorecast people set bjorn@fjordlabs.example --token TOKEN bio="…"

    If it was not you, do nothing, and nothing will change.
    "#);
    assert_snapshot!(demo.mistake(&["set", BJORN, "--token", "guess", "bio=x"]), @"error: this token is not good for the address, or no longer: `lorecast people claim ADDRESS` makes another");
    assert_snapshot!(
        demo.mistake(&["set", "padmini@cauvery.example", "--token", token, "bio=x"]),
        @"error: this token is not good for the address, or no longer: `lorecast people claim ADDRESS` makes another"
    );
    demo.done(&["set", BJORN, "--token", token, "bio=As I say.", "pronouns=he/him"]);
    demo.done(&["set", BJORN, "bio=As others say later."]);
    let is_page = |path: &str| path.contains("people/bjorn") && path.ends_with(".html");
    let page = demo.published().into_iter().find(|(path, _)| is_page(path)).unwrap();
    assert!(page.1.contains("As I say.") && page.1.contains("he/him"), "{}", page.1);
    assert!(!page.1.contains("As others say"), "{}", page.1);
    assert!(!demo.read(".lorecast/claims.yaml").contains(token));
}

#[test]
fn an_address_in_two_entries_is_nobodys_until_the_producer_says_whose() {
    let demo = Demo::new();
    demo.append(
        "people.yaml",
        "- {name: Ann Vogel, emails: [bjorn@fjordlabs.example]}\n- {name: Bo Quill, emails: [Bjorn@fjordlabs.example]}\n",
    );
    let conflict =
        "`bjorn@fjordlabs.example` is claimed by `Ann Vogel` and by `Bo Quill` in people.yaml";
    let review = demo.people(&["review"]);
    assert_eq!((review.code, review.stdout.lines().next()), (1, Some(conflict)));
    assert_snapshot!(demo.mistake(&["claim", BJORN]), @"error: `bjorn@fjordlabs.example` is claimed by `Ann Vogel` and by `Bo Quill` in people.yaml: take it out of one of them");
    assert_snapshot!(demo.mistake(&["set", BJORN, "say=BYERN"]), @"error: `bjorn@fjordlabs.example` is claimed by `Ann Vogel` and by `Bo Quill` in people.yaml: take it out of one of them");
}

#[test]
fn what_a_person_says_is_marked_and_what_it_overrules_is_told() {
    let demo = Demo::new();
    demo.append(
        "people.yaml",
        "- name: Bjørn Ørskov-Lind\n  emails: [bjorn@fjordlabs.example]\n  own: {say: BYERN, links: {}}\n",
    );
    assert_snapshot!(demo.people(&["set", BJORN, "say=B", "lang=nb", "link:Blog=https://b.example/"]).stderr, @r"
    the entry of Bjørn Ørskov-Lind in people.yaml was written
    what they say of `say` themselves is shown instead
    what they say of `links` themselves is shown instead
    ");
    assert_snapshot!(demo.done(&["show", BJORN]), @r"
    Bjørn Ørskov-Lind  bjorn-orskov-lind
      15 mails, 2025-06-09 to 2025-06-17
      say: BYERN (the person says)
      lang: nb
      bjorn@fjordlabs.example
    ");
    assert_snapshot!(demo.mistake(&["set", BJORN, "name="]), @"error: nobody is without a name: write another one, `name='Ann Vogel'`");
}

#[test]
fn nobody_is_flooded_with_tokens() {
    let demo = Demo::new();
    for _ in 0..3 {
        demo.done(&["claim", BJORN]);
    }
    assert_snapshot!(demo.mistake(&["claim", BJORN]), @"error: several tokens were sent to `bjorn@fjordlabs.example` this week already: use one of them, or wait");
    assert_snapshot!(demo.mistake(&["claim", "bjorn@fjordlabs.example\nBcc: z@y.example"]), @"error: nobody here is `bjorn@fjordlabs.example");
}

#[test]
fn decisions_merge_and_split_and_a_deleted_line_undoes_them() {
    let demo = Demo::new();
    let other = "padmini@cauvery.example";
    demo.done(&["merge", BJORN, other]);
    assert!(demo.done(&["show", BJORN]).contains(other));
    std::fs::remove_file(demo.root.join("merges.yaml")).unwrap();
    assert!(!demo.done(&["show", BJORN]).contains(other));
    demo.done(&["merge", "bjorn-orskov-lind", other]);
    assert!(demo.done(&["show", BJORN]).contains(other));
    demo.done(&["split", BJORN, other]);
    assert!(!demo.done(&["show", BJORN]).contains(other));
    let review = demo.people(&["review", "--format", "json"]);
    assert!(review.stdout.contains("\"pending\""), "{}", review.stdout);
}

/// A text as its reader sees it: percent signs and entities read, and the targets of links to mails taken
/// out, as a Message-ID is what it is.
fn legible(text: &str) -> String {
    let mut text = text.to_owned();
    // Twice: a feed holds HTML as text.
    for _ in 0..2 {
        for (written, c) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#64;", "@")] {
            text = text.replace(written, c);
        }
        text = text.replace("&#x2F;", "/").replace("&nbsp;", " ").replace("&amp;", "&");
    }
    // In a page or a JSON file, and in the chapters of an MP3.
    for opened in ['"', '\0'] {
        let link = format!("{opened}https://lore.kernel.org/r/");
        let mut parts = text.split(&link);
        let mut seen = parts.next().unwrap_or_default().to_owned();
        seen.extend(parts.map(|part| part.split_once('/').unwrap_or(("", part)).1));
        text = seen;
    }
    percent_encoding::percent_decode_str(&text).decode_utf8_lossy().to_lowercase()
}

/// Puts words in front of the first occurrence of a text in a file.
fn insert(demo: &Demo, file: &str, before: &str, words: &str) {
    let text = demo.read(file);
    assert!(text.contains(before), "{file}: {before}");
    std::fs::write(demo.root.join(file), text.replacen(before, &format!("{words}{before}"), 1))
        .unwrap();
}

const EPISODE: &str = "episodes/2025-06-22";

#[test]
fn nothing_private_is_published() {
    let demo = Demo::new();
    demo.append("people.yaml", "- name: Bjarne Former\n  emails: [bjorn@fjordlabs.example, secret@home.example]\n  bio: Was **Bjarne** Former once, bjorn@fjordlabs.example.\n  own: {name: Birgit Lind}\n");
    let people: serde_json::Value =
        serde_json::from_str(&demo.done(&["list", "--top", "9999", "--format", "json"])).unwrap();
    let mut private: Vec<String> =
        ["bjarne former", "gravatar", "bjørn ørskov-lind", "bjorn-orskov-lind"]
            .map(str::to_owned)
            .into();
    for view in people.as_array().unwrap() {
        for email in view["person"]["emails"].as_array().unwrap() {
            private.push(email.as_str().unwrap().to_lowercase());
        }
    }
    assert!(private.len() > 20, "{private:?}");
    demo.append(
        &format!("{EPISODE}/notes.md"),
        "\n**Bjørn** Ørskov-Lind, Bj&oslash;rn&nbsp;Ørskov-Lind, Bjarne\nFormer, [his](https://x.example/people/bjorn-orskov-lind),\n<p>bjorn@fjordlabs.example <a href=\"mailto:bjorn@fjordlabs.example\">mail</a> <b>Bjørn</b> \"Bear\" Ørskov-Lind</p>\n\n<https://bjorn:pw@fjordlabs.example/> `bjorn@fjordlabs.example`\n",
    );
    let titled = "Bjarne Former, bjorn@fjordlabs.example, ";
    insert(&demo, &format!("{EPISODE}/episode.yaml"), "Linux 9.4-rc3\n  score", titled);
    insert(
        &demo,
        &format!("{EPISODE}/episode.yaml"),
        "The Lorecast Example Show for",
        "Bjarne Former on ",
    );
    insert(&demo, &format!("{EPISODE}/master.json"), "Topics", titled);
    // What was written into `master.json` alone is no longer what the sound says.
    let published = demo.published_with(&["--despite-lint"]);
    let page = published.iter().find(|(path, _)| path.ends_with("people/birgit-lind/index.html"));
    assert!(published.iter().any(|(path, _)| path.contains("people/")), "nobody has a page");
    assert!(published.iter().any(|(_, text)| text.contains("Birgit Lind on The Lorecast")));
    assert!(page.is_none_or(|(_, text)| text.contains("Birgit Lind")), "{page:?}");
    for (path, text) in published {
        let text = legible(&text);
        for word in &private {
            assert!(!path.contains(word) && !text.contains(word), "{path} holds {word}");
        }
    }
}

#[test]
fn a_new_draft_has_the_name_of_today() {
    let demo = Demo::new();
    demo.append("people.yaml", "- name: Bjørn Ørskov-Lind\n  emails: [bjorn@fjordlabs.example]\n  own: {name: Birgit Lind}\n");
    std::fs::remove_dir_all(demo.root.join(EPISODE)).unwrap();
    done(&demo.root, &["draft", "--week", "2025-06-22"]);
    let notes = demo.read(&format!("{EPISODE}/notes.md"));
    assert!(notes.contains("Birgit Lind") && !notes.contains("Ørskov"), "{notes}");
    assert!(!demo.read(&format!("{EPISODE}/episode.yaml")).contains("Ørskov"));
}

#[test]
fn names_of_any_script_are_forgotten() {
    let demo = Demo::new();
    demo.append("people.yaml", "- name: 안소연\n  emails: [so@a.example]\n- name: Jörg Müßig\n  emails: [jm@a.example]\n- name: प्रिया शर्मा\n  emails: [ps@a.example]\n- name: Solo\n");
    let notes = "\n안소연이 and Joerg *Muessig* and प्रिया शर्मा met.\n";
    demo.append(&format!("{EPISODE}/notes.md"), notes);
    for whom in ["so@a.example", "jm@a.example", "ps@a.example"] {
        demo.done(&["forget", whom, "--yes"]);
    }
    let before = demo.read("people.yaml");
    assert_snapshot!(demo.mistake(&["forget", "Solo", "--yes"]), @"error: `Solo` has neither an address nor a whole name to be known by: nothing was changed; take them out of `people.yaml` by hand");
    assert_eq!(demo.read("people.yaml"), before);
    let published = demo.published();
    let said = "a developer이 and <em>".replace("<em>", "a developer");
    let page = published.iter().find(|(path, _)| path.ends_with("2025-06-22/index.html")).unwrap();
    assert!(page.1.contains(&said), "{}", page.1);
    for (path, text) in &published {
        for name in ["안소연", "Muessig", "शर्मा"] {
            assert!(!text.contains(name), "{path} holds {name}");
        }
    }
}

#[test]
fn links_to_mails_of_who_was_forgotten_go() {
    let demo = Demo::new();
    let link = "-wanjiru%40ndovu.example";
    assert!(demo.published().iter().any(|(_, text)| text.contains(link)));
    insert(&demo, &format!("{EPISODE}/master.json"), "Topics", "Wanjiru Kamande-Otieno: ");
    let said = demo.people(&["forget", "wanjiru@ndovu.example", "--yes"]).stderr;
    assert!(said.contains("`lorecast master 2025-06-22` again"), "{said}");
    assert_eq!(lorecast_in(&demo.root, &["master", "2025-06-22"]).code, 0);
    for (path, text) in demo.published_with(&["--supersede", "a wish"]) {
        assert!(!text.contains(link) && !text.contains("Kamande"), "{path}");
    }
}

#[test]
fn one_bad_entry_stops_nobody() {
    let demo = Demo::new();
    let bio = ">".repeat(500);
    demo.append(
        "people.yaml",
        &format!(
            "- name: Bjørn Ørskov-Lind\n  emails: [bjorn@fjordlabs.example]\n  bio: \"{bio} x\"\n"
        ),
    );
    let run = lorecast_in(&demo.root, &["publish"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("Bjørn Ørskov-Lind (bjorn-orskov-lind): `bio` is left out"),
        "{}",
        run.stderr
    );
}

#[test]
fn who_asks_to_be_forgotten_is_a_developer_from_then_on() {
    let demo = Demo::new();
    let name = "Bjørn Ørskov-Lind";
    assert!(demo.published().iter().any(|(_, text)| text.contains(name)));
    assert_snapshot!(demo.mistake(&["forget", BJORN]), @"error: Bjørn Ørskov-Lind (15 mails) would be forgotten for good; say `--yes` to do it");
    demo.done(&["set", BJORN, "say=BYERN"]);
    let said = demo.people(&["forget", BJORN, "--yes"]).stderr;
    assert_snapshot!(said, @r"
    forgotten: 12 hashes kept in forgotten.yaml; back up forgotten.key, and draft and publish again
    episodes/2025-06-15/episode.yaml still holds an address or the name: clean it by hand
    episodes/2025-06-15/notes.md still holds an address or the name: clean it by hand
    episodes/2025-06-22/episode.yaml still holds an address or the name: clean it by hand
    episodes/2025-06-22/notes.md still holds an address or the name: clean it by hand
    ");
    let (yaml, key) = (demo.read("forgotten.yaml"), demo.read("forgotten.key"));
    assert!(!yaml.to_lowercase().contains("bj") && key.trim().len() == 64, "{yaml}");
    for (path, text) in demo.published() {
        assert!(!text.contains(name) && !path.contains("bjorn"), "{path}");
    }
    // An import and a new draft do not bring him back.
    done(&demo.root, &["ingest", "archives"]);
    std::fs::remove_dir_all(demo.root.join("episodes/2025-06-22")).unwrap();
    done(&demo.root, &["draft", "--week", "2025-06-22"]);
    let notes = demo.read("episodes/2025-06-22/notes.md");
    assert!(notes.contains("a developer"), "{notes}");
    assert!(!notes.contains(name), "{notes}");
    assert!(!done(&demo.root, &["export", "people"]).contains(BJORN));
    std::fs::remove_file(demo.root.join("forgotten.key")).unwrap();
    let run = lorecast_in(&demo.root, &["publish"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("bring it back from a backup"), "{}", run.stderr);
}

#[test]
fn a_claim_under_way_and_an_imported_map_are_not_forgotten_over() {
    let demo = Demo::new();
    std::fs::create_dir(demo.root.join("maps")).unwrap();
    demo.append("maps/people", &format!("{BJORN} Fjord Labs\n"));
    demo.done(&["claim", "padmini@cauvery.example"]);
    demo.done(&["claim", BJORN]);
    let said = demo.people(&["forget", BJORN, "--yes"]).stderr;
    assert!(said.contains("maps/people still holds an address"), "{said}");
    let claims = demo.read(".lorecast/claims.yaml");
    assert!(!claims.contains(BJORN) && claims.contains("padmini@cauvery.example"), "{claims}");
}

#[test]
fn a_release_is_credited_by_person_and_employer() {
    let demo = Demo::new();
    let path = Utf8Path::from_path(&demo.root).unwrap().join("linux");
    let repo = Repo::new(&path);
    repo.commit("mm: start").make();
    repo.tag("v6.2");
    let mine = format!("Bjørn Ørskov-Lind <{BJORN}>");
    repo.commit("mm: fold").author(&mine).body("Reviewed-by: Ann Vogel (Example) <ann@a.example>\nTested-by: build bot <bot@b.example>").make();
    repo.commit("mm: fold again").author(&mine).body("Acked-by: Ann Vogel <ann@a.example>").make();
    repo.tag("v6.3");
    demo.append("show.yaml", "trees:\n- {name: mainline, path: linux, role: mainline}\n");
    demo.done(&["set", BJORN, "employers=Fjord Labs"]);
    assert_snapshot!(demo.done(&["stats", "--release", "v6.3"]), @r"
    mainline: 2 commits, 3 people

    people             wrote  reviewed  acked  tested  reported  suggested  committed
    Bjørn Ørskov-Lind      2                                                           Fjord Labs (producer)
    Ann Vogel                        1      1                                          Example (name)
    Mary Maintainer                                                                 2

    employers    wrote  reviewed  acked  tested  reported  suggested  committed
    Fjord Labs       2
    Example                    1      1
    (not known)                                                               2
    ");
    assert_snapshot!(demo.done(&["stats", "--release", "v6.3", "--format", "csv"]), @r"
    id,name,employers,people,wrote,reviewed,acked,tested,reported,suggested,committed
    bjorn-orskov-lind,Bjørn Ørskov-Lind,Fjord Labs (producer),,2,0,0,0,0,0,0
    ann-vogel,Ann Vogel,Example (name),,0,1,1,0,0,0,0
    mary-maintainer,Mary Maintainer,,,0,0,0,0,0,0,2
    ");
    let json: serde_json::Value =
        serde_json::from_str(&demo.done(&["stats", "--release", "v6.3", "--format", "json"]))
            .unwrap();
    assert_eq!(json["changes"], 2);
    assert_snapshot!(demo.mistake(&["stats", "--release", "v9"]).replace(demo.root.to_str().unwrap(), "SHOW"), @"error: the tree `./linux` has no release `v9`: the newest are `v6.3`, `v6.2`");
    assert_snapshot!(demo.mistake(&["stats"]), @"error: say which changes: `--release TAG`, or `--from DATE --to DATE`");
}

#[test]
fn people_are_open_data() {
    let demo = Demo::new();
    demo.done(&["set", BJORN, "employers=Fjord Labs 2021-03-01.."]);
    let table = done(&demo.root, &["export", "people"]);
    let rows: Vec<&str> =
        table.lines().filter(|l| l.starts_with("person_id") || l.contains(BJORN)).collect();
    assert_snapshot!(rows.join("\n"), @r"
    person_id	name	emails	affiliations
    bjorn-orskov-lind	Bjørn Ørskov-Lind	bjorn@fjordlabs.example	Fjord Labs 2021-03-01.. (producer)
    ");
}

/// What an import says, and the file of the show that names what was imported.
#[track_caller]
fn check_import(demo: &Demo, file: &str, code: i32, named_in: &str) -> String {
    let run = demo.people(&["import", file]);
    assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
    let named = demo.read(named_in).lines().last().unwrap().to_owned();
    format!("{}{}{named}", run.stdout, run.stderr)
        .replace(demo.root.parent().unwrap().to_str().unwrap(), "")
}

#[test]
fn a_map_and_a_mailmap_are_imported() {
    let demo = Demo::new();
    let outside = demo.root.parent().unwrap().join("theirs");
    std::fs::create_dir(&outside).unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(outside.join(name), text).unwrap();
        outside.join(name).display().to_string()
    };
    write("domains", "fjordlabs.example Fjord Laboratories\nnobody\n");
    let config = write("gitdm.config", "EmailMap domains\nEmailMap gone\nEmailMap ../secret\n");
    assert_snapshot!(check_import(&demo, &config, 1, "employers.yaml"), @r"
    /theirs/domains:2: `nobody` has no employer
    /theirs/gitdm.config:2: the file `gone` cannot be read
    /theirs/gitdm.config:3: `../secret` lies outside the configuration's folder; it is not read
    `maps/gitdm.config`, a map of employers, is now named in employers.yaml
    2 files were copied into the show
    3 lines cannot be used, and will be skipped
    - maps/gitdm.config
    ");
    assert!(demo.done(&["show", BJORN]).contains("Fjord Laboratories 2"));
    // Once more it is no news, and what says something else is left alone.
    assert_snapshot!(check_import(&demo, "maps/gitdm.config", 1, "employers.yaml"), @r"
    maps/domains:2: `nobody` has no employer
    maps/gitdm.config:2: the file `gone` cannot be read
    maps/gitdm.config:3: `../secret` lies outside the configuration's folder; it is not read
    `maps/gitdm.config`, a map of employers, is named already in employers.yaml
    3 lines cannot be used, and will be skipped
    - maps/gitdm.config
    ");
    let domains = outside.join("domains");
    std::fs::write(&domains, "fjordlabs.example Other\n").unwrap();
    assert_snapshot!(check_import(&demo, &domains.display().to_string(), 2, "employers.yaml"), @r"
    error: cannot import `/theirs/domains`: `maps/domains` is there and says something else; move it away first; nothing was changed
    - maps/gitdm.config
    ");
    let mailmap =
        write(".mailmap", &format!("Bjørn Lind <bjorn@home.example> <{BJORN}>\n<broken\n"));
    assert_snapshot!(check_import(&demo, &mailmap, 1, "show.yaml"), @r"
    /theirs/.mailmap:2: no address between `<` and `>`
    `maps/.mailmap`, a mailmap, is now named in show.yaml
    1 file was copied into the show
    1 line cannot be used, and will be skipped
    mailmap: maps/.mailmap
    ");
    let empty = write("odd.txt", "one two\n");
    assert_snapshot!(check_import(&demo, &empty, 2, "show.yaml"), @r"
    error: cannot import `/theirs/odd.txt`: nothing in it can be used: /theirs/odd.txt:1: `one` is neither an address nor a domain; nothing was changed
    mailmap: maps/.mailmap
    ");
}

#[test]
fn a_script_says_a_person_by_every_spelling_of_the_mails() {
    let demo = Demo::new();
    demo.append(
        "people.yaml",
        "- name: B. Lind\n  emails: [bjorn@fjordlabs.example]\n  own: {say: BYERN}\n",
    );
    done(&demo.root, &["script", "2025-06-22"]);
    let said = demo.read("episodes/2025-06-22/script.md");
    assert!(said.contains("Bjørn Ørskov-Lind [BYERN]"), "{said}");
}
