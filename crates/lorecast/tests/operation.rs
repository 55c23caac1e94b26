//! What whoever runs a server sees of it: numbers, a log without anybody in it, and its own TLS.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod served;
mod show;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
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

/// A certificate for `localhost` in `folder/tls.pem`, and a client that trusts it alone.
fn certify(folder: &Path) -> Arc<ClientConfig> {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("tls.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("tls.key"), signing_key.serialize_pem()).unwrap();
    let mut trusted = RootCertStore::empty();
    trusted.add(CertificateDer::from(cert.der().to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    Arc::new(client.with_root_certificates(trusted).with_no_client_auth())
}

/// The answer to a request over TLS, with the version that was agreed on.
fn ask(
    client: &Arc<ClientConfig>,
    address: &str,
    path: &str,
) -> Result<(String, String), std::io::Error> {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::clone(client), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok((format!("{:?}", stream.conn.protocol_version().unwrap()), answer))
}

#[test]
fn pages_come_over_tls_with_a_certificate_that_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    let first = certify(folder.path());
    let server = Server::start_with(
        folder.path(),
        &["--tls-certificate", "tls.pem", "--tls-key", "tls.key"],
    );
    let (version, page) = ask(&first, &server.address, "/latest").unwrap();
    assert_eq!(version, "TLSv1_3");
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("strict-transport-security: "),
        "{page}"
    );
    // Who does not speak TLS is not answered.
    assert_eq!(server.ask("GET", "/latest", "", ""), None);

    // What is no certificate changes nothing.
    std::fs::write(folder.path().join("tls.pem"), "nonsense").unwrap();
    server.signal("-HUP");
    soon("the wrong file is told", || {
        server.log().contains("the old certificate stays: `tls.pem`")
    });
    assert!(ask(&first, &server.address, "/latest").is_ok());

    let second = certify(folder.path());
    assert!(ask(&second, &server.address, "/latest").is_err(), "it does not have that one yet");
    server.signal("-HUP");
    soon("the new certificate is there", || ask(&second, &server.address, "/latest").is_ok());
    assert!(ask(&first, &server.address, "/latest").is_err());

    let run = |arguments: &[&str]| {
        show::lorecast_in(folder.path(), &[&["serve", "--show", "show"], arguments].concat())
    };
    let wrong = run(&["--tls-certificate", "none.pem", "--tls-key", "tls.key", "--port", "0"]);
    assert!(
        wrong.code == 2 && wrong.stderr.contains("`none.pem` cannot be used for TLS"),
        "{wrong:?}"
    );
    let alone = run(&["--tls-certificate", "tls.pem"]);
    assert!(alone.code == 2 && alone.stderr.contains("--tls-key"), "{alone:?}");
}

#[test]
fn what_can_be_reached_from_outside_needs_tls() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    std::fs::create_dir(folder.path().join("public")).unwrap();
    certify(folder.path());
    let refused = |arguments: &[&str]| {
        let run =
            show::lorecast_in(folder.path(), &[&["serve", "--port", "0"], arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        run.stderr
    };
    for address in ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1"] {
        let said = refused(&["--show", "show", "--address", address]);
        assert!(
            said.contains("give `--tls-certificate` and `--tls-key`, or `--behind-proxy`"),
            "{said}"
        );
        let said = refused(&["public", "--address", address]);
        assert!(said.contains("give `--behind-proxy` when something"), "{said}");
    }
    let said = refused(&[
        "--show",
        "show",
        "--address",
        "0.0.0.0",
        "--client-header",
        "X-Real-IP",
        "--tls-certificate",
        "tls.pem",
        "--tls-key",
        "tls.key",
    ]);
    assert!(said.contains("give `--behind-proxy` when only something"), "{said}");
    let said = refused(&["--show", "show", "--url", "http://mail.example"]);
    assert!(said.contains("write `https://mail.example`"), "{said}");
    let said = refused(&["--also", "http://b.example:80/", "second"]);
    assert!(said.contains("write `https://b.example:80`"), "{said}");

    for allowed in [
        &["--address", "127.0.0.9"][..],
        &["--address", "0.0.0.0", "--behind-proxy"],
        &["--address", "0.0.0.0", "--tls-certificate", "tls.pem", "--tls-key", "tls.key"],
        &["--url", "http://localhost:8700"],
        &["--url", "http://[::1]:8700/"],
    ] {
        Server::start_with(folder.path(), allowed);
    }
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

fn soon(what: &str, mut is: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        std::thread::yield_now();
    }
}
