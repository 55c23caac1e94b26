//! Servers of one show that share a database and storage, and no disk.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod served;
mod show;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use lorecast_testkit::postgres::Postgres;
use lorecast_testkit::s3::{Act, KEY, S3, SECRET};
use lorecast_testkit::tone::Tone;
use served::{Server, enter};
use show::{Run, finish};

/// The demo's episode.
const DEMO: &str = "2025-06-22";
/// A take that it has a recording of.
const TAKE: &str = "topics";

/// A machine with its own copy of the show.
struct Node(tempfile::TempDir);

impl Node {
    fn new(s3: &S3, more: &str) -> Self {
        let room = tempfile::tempdir().unwrap();
        let yaml = show::demo(room.path(), "show").join("show.yaml");
        let text = fs::read_to_string(&yaml).unwrap();
        let media = format!("media: {{to: \"s3://casts/media\", endpoint: \"{}\"}}", s3.url);
        fs::write(&yaml, format!("{text}\n{media}\n{more}\n")).unwrap();
        Self(room)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = show::command(self.0.path());
        command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET);
        command.args(args).args(["--show", "show"]);
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        finish(&mut self.command(args))
    }

    fn serve(&self) -> Server {
        let log = tempfile::Builder::new().prefix("log").tempfile_in(self.0.path()).unwrap();
        let log = log.into_temp_path().keep().unwrap();
        Server::run(&mut self.command(&["serve", "--port", "0"]), &log)
    }

    fn sign_in(&self, server: &Server) -> (String, String) {
        enter(server, &self.run(&["serve", "--sign-in"]).stdout)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join("show/episodes").join(DEMO).join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    /// What was set aside of a file.
    fn aside(&self, name: &str) -> Vec<String> {
        let folder = self.0.path().join("show/.lorecast/media").join(DEMO).join("aside");
        let kept = fs::read_dir(folder).into_iter().flatten().flatten();
        kept.filter_map(|one| fs::read_to_string(one.path().join(name)).ok()).collect()
    }

    /// Somebody edits a file with an editor.
    fn edit(&self, name: &str, change: impl FnOnce(String) -> String) {
        fs::write(self.file(name), change(self.text(name))).unwrap();
    }

    /// A command that changes the script, and so shares the episode.
    fn script(&self) -> Run {
        self.run(&["script", DEMO])
    }
}

fn soon(what: &str, mut is: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends a recording as a form does, and says what came of it.
fn send(server: &Server, (cookie, token): &(String, String), file: &Path) -> String {
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"take\"\r\n\r\n{TAKE}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"recording\"; filename=\"a\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(fs::read(file).unwrap());
    body.extend(b"\r\n--x--\r\n");
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "POST /produce/{DEMO}/takes HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        server.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The job that was asked for last, as soon as it is told with these words.
fn hears(server: &Server, cookie: &str, wanted: &str) -> String {
    let mut listener = TcpStream::connect(&server.address).unwrap();
    let path = format!("/produce/{DEMO}/sound/events");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n");
    listener.write_all(request.as_bytes()).unwrap();
    let lines = BufReader::new(listener).lines().map_while(Result::ok);
    let latest = |line: String| line.split('}').next().map(str::to_owned);
    lines.filter_map(latest).find(|job| job.contains(wanted)).unwrap()
}

#[test]
fn a_take_of_one_node_is_mastered_by_another_and_both_play_the_same() {
    let Some(database) = Postgres::shared() else { return };
    let (s3, store) = (S3::start(), format!("store: {}", database.fresh()));
    let (a, b) = (Node::new(&s3, &store), Node::new(&s3, &store));
    let mut here = a.serve();
    let you = a.sign_in(&here);
    let (cookie, token) = &you;
    let take = camino::Utf8PathBuf::from_path_buf(a.0.path().join("take.wav")).unwrap();
    Tone::noise(1).seconds(120.0).mono().write(&take);
    let sent = send(&here, &you, take.as_std_path());
    assert!(sent.starts_with("HTTP/1.1 303"), "{sent}");
    // It was acknowledged, so nothing that happens to this machine loses it.
    let names = fs::read_dir(a.file("takes")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names = names.map(|name| name.into_string().unwrap());
    let name = names.find(|name| name.starts_with(TAKE) && name.ends_with(".wav")).unwrap();
    let form = format!("token={token}");
    let asked = here.ask("POST", &format!("/produce/{DEMO}/master"), cookie, &form).unwrap();
    assert!(asked.starts_with("HTTP/1.1 303"), "{asked}");
    hears(&here, cookie, "\"state\":\"running\"");
    here.child.kill().unwrap();
    here.child.wait().unwrap();

    // The other one has never seen an episode.
    fs::remove_dir_all(b.0.path().join("show/episodes")).unwrap();
    let there = b.serve();
    let done = hears(&there, cookie, "\"over\":true");
    assert!(done.contains("\"state\":\"done\"") && done.contains("\"tries\":2"), "{done}");
    assert_eq!(fs::read(b.file("takes").join(&name)).unwrap(), fs::read(&take).unwrap());
    let master = fs::read(b.file("master.mp3")).unwrap();

    here = a.serve();
    soon("the master comes to the other node", || {
        fs::read(a.file("master.mp3")).is_ok_and(|mp3| mp3 == master)
            && a.text("master.json") == b.text("master.json")
    });
    for node in [&here, &there] {
        let page = node.get(&format!("/produce/{DEMO}/sound"), cookie);
        assert!(page.contains(&name) && page.contains("LUFS"), "{page}");
    }

    // Both are there now: one of them does what is asked, and what was put aside there is put aside here.
    let aside = format!("/produce/{DEMO}/takes/{name}/remove");
    assert!(there.ask("POST", &aside, cookie, &form).unwrap().starts_with("HTTP/1.1 303"));
    soon("the take goes away", || {
        !a.file("takes").join(&name).exists() && a.file("takes/removed").join(&name).exists()
    });
    let asked = there.ask("POST", &format!("/produce/{DEMO}/master"), cookie, &form).unwrap();
    assert!(asked.starts_with("HTTP/1.1 303"), "{asked}");
    soon("it is done once", || {
        let job = hears(&here, cookie, "\"id\"");
        job.contains("\"state\":\"done\"") && job.contains("\"tries\":1")
    });
    soon("both have it", || {
        let both = [&a, &b].map(|node| fs::read(node.file("master.mp3")).unwrap());
        both[0] == both[1] && both[0] != master
    });
}

#[test]
fn notes_that_two_nodes_edit_at_once_keep_both() {
    let Some(database) = Postgres::shared() else { return };
    let (s3, store) = (S3::start(), format!("store: {}", database.fresh()));
    let (a, b) = (Node::new(&s3, &store), Node::new(&s3, &store));
    // Of some servers, lists alone do not tell that something was changed.
    s3.lists_no_etags();
    for node in [&a, &b] {
        fs::write(node.file("notes.md"), "# T\n\nFirst.\n\nLast.\n").unwrap();
    }
    let (here, there) = (a.serve(), b.serve());
    let (cookie, token) = a.sign_in(&here);
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let base = a.text("notes.md");
    let save = |server: &Server, from: &str, to: &str| {
        let (old, new) = (escaped(&base), escaped(&base.replace(from, to)));
        let form = format!("token={token}&base={old}&text={new}");
        server.ask("POST", &format!("/produce/{DEMO}/notes"), &cookie, &form).unwrap()
    };
    let saves = |server: &Server, from: &str, to: &str| {
        let answer = save(server, from, to);
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| saves(&here, "First.", "First, here."));
        scope.spawn(|| saves(&there, "Last.", "Last, there."));
    });
    let both = "# T\n\nFirst, here.\n\nLast, there.\n";
    soon("both have both", || [&a, &b].iter().all(|node| node.text("notes.md") == both));
    // So does what is changed by hand later on.
    a.edit("script.md", |text| format!("{text}\nBye.\n"));
    soon("it is there", || b.text("script.md").ends_with("\nBye.\n"));

    // What the other one could not have is not done, and can be read all the same.
    s3.plan(|_| Act::Refuse(403, "AccessDenied"));
    let refused = save(&here, "First.", "Not this.");
    assert!(
        refused.starts_with("HTTP/1.1 503") && refused.contains("The storage is away"),
        "{refused}"
    );
    assert_eq!(a.text("notes.md"), both);
    assert!(here.get(&format!("/produce/{DEMO}/notes"), &cookie).starts_with("HTTP/1.1 200"));
}

#[test]
fn texts_are_merged_and_what_cannot_be_is_set_aside() {
    let s3 = S3::start();
    let (a, b) = (Node::new(&s3, ""), Node::new(&s3, ""));
    assert_eq!(a.script().code, 0);
    // The other one begins with a copy of its own, of which the storage knows nothing.
    b.edit("notes.md", |_| "# Other\n".to_owned());
    assert_eq!(b.script().code, 0);
    assert_eq!(b.text("notes.md"), a.text("notes.md"));
    assert_eq!(b.aside("notes.md"), ["# Other\n"]);

    a.edit("script.md", |text| format!("Here.\n\n{text}"));
    b.edit("script.md", |text| format!("{text}\nThere.\n"));
    assert_eq!((a.script().code, b.script().code, a.script().code), (0, 0, 0));
    let both = a.text("script.md");
    assert!(both.starts_with("Here.\n") && both.ends_with("\nThere.\n"), "{both}");
    assert_eq!(both, b.text("script.md"));

    // What both made of the same line is shown, and settled by hand.
    a.edit("script.md", |text| text.replace("Here.", "One."));
    b.edit("script.md", |text| text.replace("Here.", "Two."));
    assert_eq!(a.script().code, 0);
    let unsettled = b.script();
    assert!(unsettled.code == 2 && unsettled.stderr.contains("script.md:1"), "{unsettled:?}");
    assert!(b.text("script.md").contains("One.\n") && b.text("script.md").contains("Two.\n"));
}

#[test]
fn yaml_that_contradicts_stays_readable() {
    let s3 = S3::start();
    let (a, b) = (Node::new(&s3, ""), Node::new(&s3, ""));
    assert_eq!((a.script().code, b.script().code), (0, 0));
    let titled = |title: &'static str| {
        move |text: String| {
            let lines = text.lines().map(|line| match line.starts_with("title:") {
                true => format!("title: {title}\n"),
                false => format!("{line}\n"),
            });
            lines.collect()
        }
    };
    a.edit("episode.yaml", titled("Here"));
    b.edit("episode.yaml", titled("There"));
    assert_eq!((a.script().code, b.script().code), (0, 0));
    assert_eq!(b.text("episode.yaml"), a.text("episode.yaml"));
    assert!(a.text("episode.yaml").contains("title: Here\n"));
    assert!(matches!(&*b.aside("episode.yaml"), [yours] if yours.contains("title: There\n")));
}

#[test]
fn one_list_that_cannot_be_read_keeps_the_others_from_nobody() {
    let Some(database) = Postgres::shared() else { return };
    let (s3, store) = (S3::start(), format!("store: {}", database.fresh()));
    let (a, b) = (Node::new(&s3, &store), Node::new(&s3, &store));
    assert_eq!((a.script().code, b.script().code), (0, 0));
    // Before all others, and of a file that is nowhere.
    let nowhere = "0".repeat(64);
    let list = format!(r#"{{"files":{{"notes.md":{{"bytes":3,"sha256":"{nowhere}"}}}}}}"#);
    s3.put("media/lists/2000-01-02", list.as_bytes());
    let (_here, there) = (a.serve(), b.serve());
    a.edit("script.md", |text| format!("{text}\nBye.\n"));
    soon("it is there", || b.text("script.md").ends_with("\nBye.\n"));
    soon("the log says what is wrong", || {
        there.log().contains("has not got notes.md of the episode of 2000-01-02")
    });
}

#[test]
fn servers_that_share_storage_share_a_database() {
    let s3 = S3::start();
    let refused = Node::new(&s3, "").run(&["serve", "--port", "0"]);
    assert!(refused.code == 2 && refused.stderr.contains("store: postgres://"), "{refused:?}");
}

#[test]
fn a_file_that_is_deleted_here_goes_there_and_a_text_comes_back() {
    let s3 = S3::start();
    let (a, b) = (Node::new(&s3, ""), Node::new(&s3, ""));
    fs::write(a.file("takes/zz.wav"), "no take").unwrap();
    assert_eq!((a.script().code, b.script().code), (0, 0));
    assert_eq!(b.text("takes/zz.wav"), "no take");
    let notes = b.text("notes.md");
    fs::remove_file(b.file("takes/zz.wav")).unwrap();
    fs::remove_file(b.file("notes.md")).unwrap();
    assert_eq!((b.script().code, a.script().code), (0, 0));
    assert!(!a.file("takes/zz.wav").exists());
    assert_eq!([a.text("notes.md"), b.text("notes.md")], [notes.clone(), notes]);
    // Nobody could make a recording again, so the storage keeps it.
    assert!(s3.objects().values().any(|object| object.bytes == b"no take"));
}

#[test]
fn who_proves_an_address_at_one_node_is_known_at_the_other() {
    const BJORN: &str = "bjorn@fjordlabs.example";
    let s3 = S3::start();
    let (a, b) = (Node::new(&s3, ""), Node::new(&s3, ""));
    let file = |node: &Node, name: &str| node.0.path().join("show").join(name);
    let done = |run: Run| {
        assert_eq!(run.code, 0, "{run:?}");
        run.stdout
    };
    done(a.run(&["people", "set", BJORN, "say=BYERN"]));
    fs::create_dir_all(file(&a, "sounds/people")).unwrap();
    fs::write(file(&a, "sounds/people/1.wav"), "his name").unwrap();
    let mail = done(a.run(&["people", "claim", BJORN]));
    let token = mail.split("--token ").nth(1).unwrap().split(' ').next().unwrap();
    done(b.run(&["people", "set", BJORN, "--token", token, "bio=Rings."]));
    done(a.run(&["people", "set", BJORN, "lang=nb"]));
    let text = fs::read_to_string(file(&a, "people.yaml")).unwrap();
    assert!(["BYERN", "Rings.", "nb"].iter().all(|word| text.contains(word)), "{text}");
    assert_eq!(fs::read(file(&b, "sounds/people/1.wav")).unwrap(), b"his name");

    // Who asked to be forgotten is forgotten everywhere, and others on the machine cannot find out who it was.
    fs::remove_file(file(&b, "sounds/people/1.wav")).unwrap();
    done(a.run(&["people", "forget", BJORN, "--yes"]));
    let refused = b.run(&["people", "set", BJORN, "bio=Again."]);
    assert!(refused.code == 2 && refused.stderr.contains("forgotten"), "{refused:?}");
    for secret in ["forgotten.key", ".lorecast/claims.yaml"] {
        let mode = fs::metadata(file(&b, secret)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{secret}");
    }
    done(b.run(&["people", "set", "dmytro-kovalyshyn", "lang=uk"]));
    assert!(s3.objects().values().all(|object| object.bytes != b"his name"));
}

#[test]
fn nothing_is_done_that_could_not_be_shared() {
    let s3 = S3::start();
    let a = Node::new(&s3, "");
    assert_eq!(a.script().code, 0);
    s3.plan(|_| Act::Refuse(403, "AccessDenied"));
    let refused = a.script();
    assert!(refused.code == 2 && refused.stderr.contains("AWS_ACCESS_KEY_ID"), "{refused:?}");
    assert!(!refused.stderr.contains(SECRET), "{refused:?}");
    let yaml = a.0.path().join("show/show.yaml");
    let text = fs::read_to_string(&yaml).unwrap().replace("s3://casts/media", "elsewhere");
    fs::write(&yaml, text).unwrap();
    let wrong = a.script();
    assert!(wrong.code == 2 && wrong.stderr.contains("s3://bucket/folder"), "{wrong:?}");
}
