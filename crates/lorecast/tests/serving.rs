//! `lorecast serve` as a process: what it has acknowledged survives whatever ends it.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod served;
mod show;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;

use lorecast_testkit::postgres::Postgres;
use lorecast_testkit::tone::Tone;
use served::{Server, sign_in};

#[test]
fn no_vote_that_was_acknowledged_is_lost_to_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let mut server = Server::start(folder.path());
    let (cookie, token) = sign_in(folder.path(), &server);
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let votes = std::thread::scope(|scope| {
            let voters: Vec<_> = (0..4)
                .map(|voter| {
                    let (server, cookie, token) = (&server, &cookie, &token);
                    scope.spawn(move || {
                        let mut done = Vec::new();
                        for vote in 0..1000 {
                            let story = format!("{round}-{voter}-{vote}@x.example");
                            let form = format!("token={token}&ballot=for");
                            match server.ask(
                                "POST",
                                &format!("/stories/{story}/vote"),
                                cookie,
                                &form,
                            ) {
                                Some(answer) if answer.starts_with("HTTP/1.1 303") => {
                                    done.push(story)
                                }
                                _ => break,
                            }
                            // In the middle of what the others do.
                            if voter == 0 && vote == 3 + round {
                                server.signal("-9");
                            }
                        }
                        done
                    })
                })
                .collect();
            voters.into_iter().flat_map(|voter| voter.join().unwrap()).collect::<Vec<_>>()
        });
        assert!(votes.len() > 3, "{votes:?}");
        acknowledged.extend(votes);
        server = Server::start(folder.path());
    }
    for story in &acknowledged {
        let answer = server.get(&format!("/api/v1/stories/{story}"), "");
        assert!(answer.contains("\"votes_for\":1"), "{story}: {answer}");
    }
    assert!(server.get("/me/", &cookie).contains("Olga"), "still signed in");
    assert!(server.get("/health", "").contains("\r\n\r\nok, "));
}

#[test]
fn no_edit_that_was_acknowledged_is_lost_to_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let file = show::demo(folder.path(), "show").join("episodes/2025-06-22/notes.md");
    std::fs::write(&file, "# T\n\nBegin.\n").unwrap();
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let server = Server::start(folder.path());
        let (cookie, token) = sign_in(folder.path(), &server);
        let id = server.child.id().to_string();
        for edit in 0..20 {
            let base = std::fs::read_to_string(&file).unwrap();
            let line = format!("Edit {round}-{edit}.\n");
            let (old, new) = (escaped(&base), escaped(&format!("{base}\n{line}")));
            let form = format!("token={token}&base={old}&text={new}");
            // In the middle of one of them.
            let killer = (edit == 3 + round).then(|| {
                let id = id.clone();
                std::thread::spawn(move || Command::new("kill").args(["-9", &id]).status().unwrap())
            });
            let answer = server.ask("POST", "/produce/2025-06-22/notes", &cookie, &form);
            killer.map(|killer| killer.join().unwrap());
            match answer {
                Some(answer) if answer.starts_with("HTTP/1.1 303") => acknowledged.push(line),
                _ => break,
            }
        }
    }
    let notes = std::fs::read_to_string(&file).unwrap();
    assert!(acknowledged.len() >= 12, "{acknowledged:?}");
    for line in &acknowledged {
        assert_eq!(notes.matches(line.as_str()).count(), 1, "{line} in {notes}");
    }
    // Whole or not at all, and the next process goes on.
    let whole = |line: &str| line.is_empty() || line == "# T" || line.ends_with('.');
    assert!(notes.lines().all(whole), "{notes}");
}

#[test]
fn two_servers_on_one_database_know_the_same() {
    let Some(database) = Postgres::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let yaml = show::demo(folder.path(), "show").join("show.yaml");
    let text = std::fs::read_to_string(&yaml).unwrap();
    std::fs::write(&yaml, format!("{text}\nstore: {}\n", database.fresh())).unwrap();
    let (here, there) = (Server::start(folder.path()), Server::start(folder.path()));
    let (cookie, token) = sign_in(folder.path(), &here);
    let mut heard = there.listen();
    assert!(heard.any(|line| line.starts_with("retry:")));
    let form = format!("token={token}&ballot=for");
    let vote = here.ask("POST", "/stories/1@x.example/vote", &cookie, &form).unwrap();
    assert!(vote.starts_with("HTTP/1.1 303"), "{vote}");
    assert!(heard.any(|line| line.contains("\"story\":\"1@x.example\"")));
    assert!(there.get("/api/v1/stories/1@x.example", "").contains("\"votes_for\":1"));
    assert!(there.get("/me/", &cookie).contains("Olga"), "signed in at both");
}

/// Reads what happens to jobs until it says this; `None` when the server is gone before.
fn hears(server: &Server, cookie: &str, wanted: &str) -> Option<String> {
    let mut listener = TcpStream::connect(&server.address).ok()?;
    let path = format!("/produce/{DEMO}/sound/events");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n");
    listener.write_all(request.as_bytes()).ok()?;
    let mut lines = BufReader::new(listener).lines().map_while(Result::ok);
    lines.find(|line| line.contains(wanted))
}

/// The demo's episode.
const DEMO: &str = "2025-06-22";

#[test]
fn a_job_is_done_though_its_server_was_killed_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let takes = show::demo(folder.path(), "show").join("episodes").join(DEMO).join("takes");
    let take = camino::Utf8PathBuf::from_path_buf(takes.join("01-take9.wav")).unwrap();
    Tone::noise(1).seconds(120.0).mono().write(&take);
    let mut server = Server::start(folder.path());
    let (cookie, token) = sign_in(folder.path(), &server);
    let form = format!("token={token}");
    let asked = server.ask("POST", &format!("/produce/{DEMO}/master"), &cookie, &form).unwrap();
    assert!(asked.starts_with("HTTP/1.1 303"), "{asked}");
    let running = hears(&server, &cookie, "\"state\":\"running\"").unwrap();
    assert!(running.contains("\"tries\":1"), "{running}");
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    server = Server::start(folder.path());
    let done = hears(&server, &cookie, "\"over\":true").unwrap();
    assert!(done.contains("\"state\":\"done\"") && done.contains("\"tries\":2"), "{done}");
    let page = server.get(&format!("/produce/{DEMO}/sound"), &cookie);
    assert!(page.contains("01-take9.wav") && page.contains("LUFS"), "{page}");
}

#[test]
fn a_full_disk_takes_no_recording_and_serves_pages() {
    let folder = tempfile::tempdir().unwrap();
    let takes = show::demo(folder.path(), "show").join("episodes").join(DEMO).join("takes");
    let names = || {
        let entries = std::fs::read_dir(&takes).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    // No file may grow beyond a megabyte: what the system says then is what it says of a full disk.
    let line = format!(
        "trap '' XFSZ; ulimit -f 2048; exec {} serve --show show --port 0",
        env!("CARGO_BIN_EXE_lorecast")
    );
    let server = Server::run(&mut show::shell(folder.path(), &line), &folder.path().join("log"));
    let (cookie, token) = sign_in(folder.path(), &server);
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"recording\"; filename=\"a\"\r\n\r\n"
    );
    body.push_str(&"0".repeat(4 << 20));
    body.push_str("\r\n--x--\r\n");
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "POST /produce/{DEMO}/takes HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    // The server may answer before it has read all.
    drop(stream.write_all(format!("{head}{body}").as_bytes()));
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).unwrap();
    assert!(status.starts_with("HTTP/1.1 507"), "{status}");
    assert_eq!(names(), before, "nothing is left");
    let page = server.get(&format!("/produce/{DEMO}/sound"), &cookie);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
}

#[test]
fn nothing_that_lets_in_stands_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let show = show::demo(folder.path(), "show");
    let server = Server::start(folder.path());
    let link = show::done(folder.path(), &["serve", "--sign-in", "--show", "show"]);
    let (cookie, token) = served::enter(&server, &link);
    let form = format!("token={token}&title=program&scope=read&days=9");
    let page = server.ask("POST", "/me/tokens", &cookie, &form).unwrap();
    let key = page.split("<code class=\"key\">").nth(1).unwrap().split('<').next().unwrap();
    let link = link.trim().rsplit('/').next().unwrap();
    let session = cookie.split_once('=').unwrap().1;
    let bytes: Vec<u8> = ["", "-wal", "-shm"]
        .iter()
        .flat_map(|end| std::fs::read(show.join(format!(".lorecast/community.db{end}"))).unwrap())
        .collect();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("Olga") && holds("program"), "it is the journal");
    for secret in [key, link, session, &token] {
        assert!(secret.len() > 40 && !holds(secret), "{secret} is in the journal");
    }
}

/// RFC 9112 section 6.3: who reads such a request in another way than a proxy in front would be led to take a part of it
/// for the next one.
#[test]
fn a_request_with_two_ends_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let server = Server::start(folder.path());
    for lengths in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding : chunked\r\n",
    ] {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: x\r\n{lengths}\r\nhello\r\n\r\nGET /latest HTTP/1.1\r\nHost: x\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.matches("HTTP/1.1").count() == 1,
            "{lengths}: {answer}"
        );
    }
}

#[test]
fn a_service_manager_ends_it_though_somebody_listens() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let mut server = Server::start(folder.path());
    let mut heard = server.listen();
    assert!(heard.any(|line| line.starts_with("retry:")));
    server.signal("-TERM");
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn the_week_is_drafted_and_the_producer_told() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/week");
    let run = |date: &str| {
        let mut command =
            show::shell(folder.path(), &format!("{script} show producer@host.example {date}"));
        command
            .env("LORECAST", env!("CARGO_BIN_EXE_lorecast"))
            .env("SENDMAIL", "tee mail")
            .status()
            .unwrap()
    };
    let status = run("2025-06-22");
    let mail = std::fs::read_to_string(folder.path().join("mail")).unwrap();
    assert!(status.success(), "{mail}");
    assert!(
        mail.starts_with("To: producer@host.example\nSubject: The week of 2025-06-22 is drafted"),
        "{mail}"
    );
    assert!(!run("no-date").success());
    let mail = std::fs::read_to_string(folder.path().join("mail")).unwrap();
    assert!(mail.contains("Subject: The week of no-date is not drafted"), "{mail}");
}

#[test]
fn several_shows_have_their_own_people() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    show::demo(folder.path(), "second");
    let settings = folder.path().join("second/show.yaml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let title = text.lines().find(|line| line.starts_with("title:")).unwrap();
    std::fs::write(&settings, text.replace(title, "title: The Second Show")).unwrap();
    let server =
        Server::start_with(folder.path(), &["--also", "http://Second.localhost", "second"]);
    let is_second = |page: &str| page.contains("The Second Show");
    assert!(is_second(&server.named("second.localhost:8700", "/", "")));
    assert!(!is_second(&server.get("/", "")) && !is_second(&server.named("x.example", "/", "")));
    // Whoever owns the one is nobody in the other.
    let (cookie, _) = sign_in(folder.path(), &server);
    assert!(server.get("/accounts/", &cookie).starts_with("HTTP/1.1 200"));
    let other = server.named("second.localhost", "/accounts/", &cookie);
    assert!(other.starts_with("HTTP/1.1 401"), "{other}");

    let refused = |more: &[&str]| {
        let run = show::lorecast_in(folder.path(), &[&["serve", "--show", "show"], more].concat());
        assert_eq!(run.code, 2, "{run:?}");
        run.stderr
    };
    let twice = ["--also", "http://b.localhost", "second", "--also", "https://B.localhost:1", "x"];
    assert!(refused(&twice).contains("give each show a host of its own"));
    assert!(refused(&["--also", "nowhere", "second"]).contains("no address of a show"));
    assert!(refused(&["--also", "http://b.localhost", "show"]).contains("is served already"));
}

#[test]
fn a_published_site_has_a_host_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for show in ["show", "second"] {
        let public = show::demo(folder.path(), show).join("public");
        std::fs::write(public.join("index.html"), format!("the site of {show}")).unwrap();
        std::fs::write(public.join("feed.xml"), format!("the feed of {show}")).unwrap();
    }
    let also = ["--also", "http://second.localhost", "second"];
    let sites = ["--site", "http://pod.localhost/", "--site", "http://pod2.localhost"];
    let mut server = Server::start_with(folder.path(), &[&also[..], &sites].concat());
    assert_eq!(server.says_address(), "pod.localhost");
    for (host, what) in [("pod.localhost:8700", "show"), ("pod2.localhost", "second")] {
        let feed = server.named(host, "/feed.xml", "");
        assert!(feed.ends_with(&format!("\r\n\r\nthe feed of {what}")), "{feed}");
        let sign_in = server.named(host, "/sign-in", "");
        assert!(sign_in.starts_with("HTTP/1.1 404"), "{sign_in}");
    }
    let moved = server.named("second.localhost", "/feed.xml", "");
    assert!(moved.contains("\r\nlocation: http://pod2.localhost/feed.xml\r\n"), "{moved}");
    let home = server.get("/site/", "");
    assert!(home.contains("\r\nlocation: http://pod.localhost/\r\n"), "{home}");
    // Whoever is signed in at the pages is nobody in particular there.
    let (cookie, _) = sign_in(folder.path(), &server);
    assert!(server.get("/me/", &cookie).contains("Olga"));
    let there = server.named("pod.localhost", "/", &cookie);
    assert!(there.ends_with("the site of show") && !there.contains("set-cookie"), "{there}");

    let refused = |more: &[&str]| {
        let run = show::lorecast_in(folder.path(), &[&["serve", "--show", "show"], more].concat());
        assert_eq!(run.code, 2, "{run:?}");
        run.stderr
    };
    let own = "give the published site a host of its own";
    for one in [
        &["--url", "https://a.example", "--site", "https://A.example:8701"][..],
        &["--site", "http://127.0.0.1:8701"],
        &["--also", "http://b.localhost", "second", "--site", "http://b.localhost"],
        &[&also[..], &["--site", "http://pod.localhost", "--site", "https://pod.localhost"]]
            .concat(),
    ] {
        assert!(refused(one).contains(own), "{one:?}: {}", refused(one));
    }
    let path = refused(&["--site", "https://a.example/pod"]);
    assert!(path.contains("write a scheme and a host, such as"), "{path}");
    let plain = refused(&["--site", "http://pod.example"]);
    assert!(plain.contains("write `https://pod.example`"), "{plain}");
    assert!(refused(&sites).contains("`--site` is given 2 times for 1 show; "));
}
