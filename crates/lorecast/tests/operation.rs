//! What whoever runs a server sees of it: numbers, a log without anybody in it, limits and rights.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod served;
mod show;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::Value;
use served::{Server, sign_in};

/// A line of what Prometheus reads: the number behind it.
fn number(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let line = line.unwrap_or_else(|| panic!("no {name} in {text}"));
    line.trim().parse().unwrap()
}

#[test]
fn numbers_are_read_where_the_public_does_not_come() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let mut server = Server::start_with(folder.path(), &["--metrics", "127.0.0.1:0"]);
    let apart = server.says_address();
    let (cookie, token) = sign_in(folder.path(), &server);
    let vote = |story: &str| {
        let form = format!("token={token}&ballot=for");
        server.ask("POST", &format!("/stories/{story}/vote"), &cookie, &form).unwrap()
    };
    vote("1@x.example");
    vote("2@x.example");
    server.get("/secret@x.example/", "");
    server.ask("BREW", "/latest", "", "").unwrap();
    let mut heard = server.listen();
    assert!(heard.any(|line| line.starts_with("retry:")));
    let numbers = served::ask_at(&apart, "GET", "/metrics", "", "").unwrap();
    assert!(numbers.contains("content-type: text/plain; version=0.0.4"), "{numbers}");
    let counted = |labels: &str| number(&numbers, &format!("lorecast_requests_total{{{labels}}}"));
    assert_eq!(counted(r#"method="POST",route="/stories/{id}/vote",status="303""#), 2.0);
    assert_eq!(counted(r#"method="GET",route="/{id}/",status="404""#), 1.0);
    assert_eq!(counted(r#"method="other",route="/latest",status="405""#), 1.0);
    assert_eq!(number(&numbers, "lorecast_listeners"), 1.0);
    // A link, somebody who used it, two votes.
    assert_eq!(number(&numbers, "lorecast_journal_entries"), 4.0);
    assert!(number(&numbers, "lorecast_journal_commit_seconds_count") >= 3.0);
    let within = r#"lorecast_request_seconds_bucket{route="/stories/{id}/vote",le="+Inf"}"#;
    assert_eq!(number(&numbers, within), 2.0);
    for secret in ["secret", "1@x.example", "Olga", &cookie, &token] {
        assert!(!numbers.contains(secret), "{secret} in {numbers}");
    }
    drop(heard);
    // The public finds nothing there.
    let public = server.get("/metrics", "");
    assert!(!public.contains("lorecast_requests_total"), "{public}");
    assert!(!served::ask_at(&apart, "GET", "/latest", "", "").unwrap().starts_with("HTTP/1.1 200"));
}

#[test]
fn the_log_is_for_programs_and_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let yaml = show::demo(folder.path(), "show").join("show.yaml");
    let text = std::fs::read_to_string(&yaml).unwrap();
    // A mail program that fails, and says for whom.
    let mail = "community: {mail: [sh, -c, 'cat >&2; exit 1'], from: show@host.example}";
    std::fs::write(&yaml, format!("{text}\n{mail}\n")).unwrap();
    let server = Server::start_with(folder.path(), &["--log-as", "json"]);
    let (cookie, token) = sign_in(folder.path(), &server);
    let send =
        |path: &str, cookie: &str, form: &str| server.ask("POST", path, cookie, form).unwrap();
    server.get("/search?q=needle", &cookie);
    server.get("/needle@mail.example/", &cookie);
    send("/sign-in", "", "email=somebody%40private.example");
    send("/stories/needle@mail.example/vote", &cookie, &format!("token={token}&ballot=for"));
    send("/stories/needle@mail.example/vote", &cookie, "token=needle&ballot=for");
    send("/stories/needle@mail.example/vote", "", "ballot=for");
    let wrong = format!("/enter/{}", "needle".repeat(9));
    server.get(&wrong, "");
    server.get("/\u{202e}needle\u{9b}/", "");
    let log = server.log();
    for secret in
        ["needle", "Olga", "somebody", "private.example", "127.0.0.1", &cookie[20..], &token]
    {
        assert!(!log.contains(secret), "`{secret}` is in the log:\n{log}");
    }
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    for line in &answered {
        let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["timestamp", "level", "message", "method", "route", "status", "ms"]);
        let at = line["timestamp"].as_str().unwrap();
        assert!(at.len() > 20 && at.ends_with('Z'), "{at} is UTC");
    }
    let said = |status: u64, route: &str| {
        answered.iter().filter(|line| line["status"] == status && line["route"] == route).count()
    };
    assert_eq!(said(200, "/search"), 1);
    assert_eq!(said(303, "/stories/{id}/vote"), 1);
    // What was refused is told with the number of the account, if there is one.
    let refused: Vec<(u64, u64, &str)> = lines
        .iter()
        .filter(|line| line["message"] == "refused")
        .map(|line| {
            (
                line["status"].as_u64().unwrap(),
                line["account"].as_u64().unwrap_or(0),
                line["page"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(refused, [(403, 2, "stories"), (401, 0, "stories"), (404, 0, "enter")]);
    // And what failed, without for whom.
    assert!(lines.iter().any(|line| line["level"] == "ERROR"), "{log}");
}

#[test]
fn strangers_have_limits_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let yaml = show::demo(folder.path(), "show").join("show.yaml");
    let text = std::fs::read_to_string(&yaml).unwrap();
    std::fs::write(&yaml, format!("{text}\ncommunity: {{mail: [cat]}}\n")).unwrap();
    let server = Server::start_with(folder.path(), &["--client-header", "X-Real-IP"]);
    let mut written = 0;
    let mut asks = |client: &str| {
        written += 1;
        let form = format!("email=a{written}%40mail.example");
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nX-Real-IP: {client}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    for nth in 0..20 {
        assert_eq!(asks("192.0.2.1"), "303", "{nth}");
    }
    for _ in 0..50 {
        assert_eq!(asks("192.0.2.1"), "429");
    }
    // Somebody else is not kept waiting: what was refused took nothing away from all.
    assert_eq!(asks("192.0.2.2"), "303");
    // Whoever has a network has all addresses in it.
    for nth in 0..20 {
        assert_eq!(asks(&format!("2001:db8:1:2::{nth:x}")), "303");
    }
    assert_eq!(asks("2001:db8:1:2:ffff::1"), "429");
    assert_eq!(asks("2001:db8:1:3::1"), "303");
    let log = server.log();
    assert!(!log.contains("192.0.2") && !log.contains("2001:db8"), "{log}");
}

/// The files below a folder with their times.
fn files(folder: &Path) -> std::collections::BTreeMap<std::path::PathBuf, std::time::SystemTime> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => {
                    found.insert(entry.path(), entry.metadata().unwrap().modified().unwrap());
                }
            }
        }
    }
    found
}

#[test]
fn what_happens_is_logged_where_it_is_said_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let show = show::demo(folder.path(), "show");
    let before = files(&show);
    let mut server = Server::start_with(folder.path(), &["--log-as", "json"]);
    let (cookie, token) = sign_in(folder.path(), &server);
    server.get("/latest", &cookie);
    let form = format!("token={token}&ballot=for");
    server.ask("POST", "/stories/1@x.example/vote", &cookie, &form).unwrap();
    server.ask("POST", "/stories/1@x.example/vote", "", "ballot=for").unwrap();
    assert!(server.log().contains("\"refused\""), "it is on standard error");
    server.signal("-TERM");
    assert!(server.child.wait().unwrap().success());
    assert_eq!(server.says_nothing_more(), "", "standard output is for its address");
    let after = files(&show);
    let written = after.iter().filter(|(file, time)| before.get(*file) != Some(*time));
    let names: Vec<&str> =
        written.map(|(file, _)| file.strip_prefix(&show).unwrap().to_str().unwrap()).collect();
    let known = |name: &&&str| {
        // The journal, jobs, and the index, which is only read, with what SQLite has beside each.
        [".lorecast/community.db", ".lorecast/jobs.db", ".lorecast/index.db-"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    let others: Vec<&&str> = names.iter().filter(|name| !known(name)).collect();
    assert!(others.is_empty() && names.contains(&".lorecast/community.db"), "{names:?}");
}

#[test]
fn services_run_with_the_least_rights() {
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts");
    for (unit, writes) in
        [("lorecast-serve.service", "/srv/show"), ("lorecast-week.service", "/srv/show /var/spool")]
    {
        let text = std::fs::read_to_string(format!("{scripts}/systemd/{unit}")).unwrap();
        let value = |key: &str| {
            let mut values =
                text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            let value = values.next().unwrap_or_else(|| panic!("{unit} has no {key}"));
            assert_eq!(values.next(), None, "{unit} has {key} twice");
            value
        };
        assert_eq!(value("User"), "lorecast", "{unit}");
        assert_eq!(value("ReadWritePaths"), writes, "{unit}");
        assert_eq!(value("ProtectSystem"), "strict", "{unit}");
        assert_eq!(value("CapabilityBoundingSet"), "", "{unit}");
        assert_eq!(value("RestrictAddressFamilies"), "AF_INET AF_INET6 AF_UNIX", "{unit}");
        assert_eq!(value("SystemCallFilter"), "@system-service", "{unit}");
        for key in [
            "NoNewPrivileges",
            "ProtectHome",
            "PrivateTmp",
            "PrivateDevices",
            "ProtectKernelTunables",
            "ProtectKernelModules",
            "ProtectKernelLogs",
            "ProtectControlGroups",
            "ProtectClock",
            "ProtectHostname",
            "RestrictSUIDSGID",
            "RestrictRealtime",
            "RestrictNamespaces",
            "LockPersonality",
        ] {
            assert_eq!(value(key), "yes", "{unit}: {key}");
        }
    }
    let container = std::fs::read_to_string(format!("{scripts}/Containerfile")).unwrap();
    let of = |word: &str| container.rfind(&format!("\n{word}"));
    assert!(
        of("USER lorecast") > of("RUN") && of("USER lorecast") < of("ENTRYPOINT"),
        "{container}"
    );
}
