//! `lorecast serve` as a process: what it has acknowledged survives whatever ends it.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use lorecast_testkit::postgres::Postgres;
use lorecast_testkit::tone::Tone;

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut command = show::command(folder);
        Self::of(command.args(["serve", "--show", "show", "--port", "0"]))
    }

    fn of(command: &mut Command) -> Self {
        command.stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        Self { child, address }
    }

    /// The whole answer to a request; `None` when the server is gone before there is one.
    fn ask(&self, method: &str, path: &str, cookie: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer).filter(|answer| answer.contains("\r\n\r\n"))
    }

    fn get(&self, path: &str, cookie: &str) -> String {
        self.ask("GET", path, cookie, "").unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Signs in as the owner: the cookie, and the token of forms.
fn sign_in(folder: &Path, server: &Server) -> (String, String) {
    let link = show::done(folder, &["serve", "--sign-in", "--show", "show"]);
    let path = format!("/enter/{}", link.trim().rsplit('/').next().unwrap());
    // The server reads of the link when it is used at the latest.
    let entered = server.ask("POST", &path, "", "name=Olga").unwrap();
    let cookie =
        entered.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let me = server.get("/me/", &cookie);
    let token = me.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    (cookie, token.to_owned())
}

#[test]
fn no_vote_that_was_acknowledged_is_lost_to_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let mut server = Server::start(folder.path());
    let (cookie, token) = sign_in(folder.path(), &server);
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let id = server.child.id().to_string();
        let votes = std::thread::scope(|scope| {
            let voters: Vec<_> = (0..4)
                .map(|voter| {
                    let (server, cookie, token, id) = (&server, &cookie, &token, &id);
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
                                let kill = Command::new("kill").args(["-9", id]).status();
                                assert!(kill.unwrap().success());
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
fn two_servers_on_one_database_know_the_same() {
    let Some(database) = Postgres::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let yaml = show::demo(folder.path(), "show").join("show.yaml");
    let text = std::fs::read_to_string(&yaml).unwrap();
    std::fs::write(&yaml, format!("{text}\nstore: {}\n", database.fresh())).unwrap();
    let (here, there) = (Server::start(folder.path()), Server::start(folder.path()));
    let (cookie, token) = sign_in(folder.path(), &here);
    let mut listener = TcpStream::connect(&there.address).unwrap();
    listener.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut heard = BufReader::new(listener).lines().map(Result::unwrap);
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
    let server = Server::of(&mut show::shell(folder.path(), &line));
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
fn a_service_manager_ends_it_though_somebody_listens() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let mut server = Server::start(folder.path());
    let mut listener = TcpStream::connect(&server.address).unwrap();
    listener.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut first = [0; 64];
    assert!(listener.read(&mut first).unwrap() > 0);
    let id = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
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
