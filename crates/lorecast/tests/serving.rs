//! `lorecast serve` as a process: what it has acknowledged survives whatever ends it.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use lorecast_testkit::postgres::Postgres;

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut command = show::command(folder);
        command.args(["serve", "--show", "show", "--port", "0"]).stdout(Stdio::piped());
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
