//! `lorecast serve` as a process: what it has acknowledged survives whatever ends it.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod served;
mod show;

use lorecast_testkit::postgres::Postgres;
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
    use std::io::{Read, Write};
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
        let mut stream = std::net::TcpStream::connect(&server.address).unwrap();
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
