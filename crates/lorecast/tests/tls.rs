//! What goes over TLS: pages with a certificate of the server's own, and whatever can be reached from outside.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod served;
mod show;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use served::Server;

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

/// A client that trusts `folder/tls.pem`, and offers suites in this order.
fn offering(folder: &Path, suites: Vec<rustls::SupportedCipherSuite>) -> Arc<ClientConfig> {
    let mut trusted = RootCertStore::empty();
    let mut pem = std::io::BufReader::new(std::fs::File::open(folder.join("tls.pem")).unwrap());
    trusted.add(CertificateDer::from_pem_reader(&mut pem).unwrap()).unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let versions = match suites.iter().all(|suite| suite.tls13().is_none()) {
        true => vec![&rustls::version::TLS12],
        false => vec![&rustls::version::TLS13],
    };
    let provider = Arc::new(rustls::crypto::CryptoProvider { cipher_suites: suites, ..provider });
    let client = ClientConfig::builder_with_provider(provider).with_protocol_versions(&versions);
    Arc::new(client.unwrap().with_root_certificates(trusted).with_no_client_auth())
}

#[test]
fn only_strong_ciphers_are_spoken_and_the_strongest_first() {
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "show");
    certify(folder.path());
    let server = Server::start_with(
        folder.path(),
        &["--tls-certificate", "tls.pem", "--tls-key", "tls.key"],
    );
    let mut agreed = Vec::new();
    for newest in [true, false] {
        let all = rustls::crypto::ring::default_provider().cipher_suites;
        let mut suites: Vec<_> =
            all.into_iter().filter(|suite| suite.tls13().is_some() == newest).collect();
        // The weakest first, as a client would that does not care.
        suites.reverse();
        let client = offering(folder.path(), suites);
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(client, name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(&server.address).unwrap());
        stream
            .write_all(b"GET /latest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut page = Vec::new();
        stream.read_to_end(&mut page).unwrap();
        agreed.push(format!("{:?}", stream.conn.negotiated_cipher_suite().unwrap().suite()));
    }
    assert_eq!(agreed, ["TLS13_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]);
    // openssl(1) knows what we do not.
    let speaks = |options: &str| {
        let line = format!("openssl s_client -connect {} {options} </dev/null", server.address);
        show::finish(&mut show::shell(folder.path(), &line))
    };
    let strong = speaks("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256");
    assert!(strong.stdout.contains("Cipher is ECDHE-ECDSA-AES128-GCM-SHA256"), "{strong:?}");
    for weak in [
        "ECDHE-ECDSA-AES256-SHA384",
        "ECDHE-ECDSA-AES128-SHA",
        "AES256-GCM-SHA384",
        "AES128-SHA",
        "DHE-RSA-AES256-GCM-SHA384",
    ] {
        let run = speaks(&format!("-tls1_2 -cipher {weak}:@SECLEVEL=0"));
        assert!(run.code != 0 && run.stdout.contains("Cipher is (NONE)"), "{weak}: {run:?}");
    }
    let old = speaks("-tls1_1 -cipher ALL:@SECLEVEL=0");
    assert!(old.code != 0 && old.stdout.contains("Cipher is (NONE)"), "{old:?}");
}

fn soon(what: &str, mut is: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        std::thread::yield_now();
    }
}
