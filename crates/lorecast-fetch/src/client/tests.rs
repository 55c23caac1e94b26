//! Servers that show wrong certificates.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use ureq::tls::Certificate;

use super::*;

/// A certificate to be made: for whom, and until which year.
fn made(name: &str, until: i32) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(until, 1, 1));
    params
}

/// What somebody who trusts an authority is answered by a server with a certificate that it made, or that nobody made but
/// itself; and whether the server was asked for anything.
fn check(params: &CertificateParams, by_itself: bool) -> (String, bool) {
    let authority = {
        let (mut params, key) = (made("authority.example", 4000), KeyPair::generate().unwrap());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.self_signed(&key).unwrap(), Issuer::new(params, key))
    };
    let key = KeyPair::generate().unwrap();
    let own =
        if by_itself { params.self_signed(&key) } else { params.signed_by(&key, &authority.1) };
    let secret = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![own.unwrap().der().clone()], secret).unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        let asked = stream.read(&mut [0; 4]).is_ok_and(|read| read > 0);
        if asked {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
        }
        asked
    });
    let manners = Manners {
        agent: "test".to_owned(),
        patience: Duration::from_secs(20),
        allowed: vec!["localhost".to_owned()],
        packed: false,
        in_turn: false,
        redirects: Redirects::Anywhere,
    };
    let trusted = Certificate::from_der(authority.0.der()).to_owned();
    let client = Client::trusting(manners, RootCerts::new_with_certs(&[trusted]));
    let url = Url::parse(&format!("https://localhost:{port}/secret")).unwrap();
    let answer = client.bytes(&url, 100);
    let said = answer.map_or_else(|why| why, |(body, _)| String::from_utf8(body).unwrap());
    (said, server.join().unwrap())
}

#[test]
fn servers_with_wrong_certificates_are_asked_for_nothing() {
    assert_eq!(check(&made("localhost", 4000), false), ("ok".to_owned(), true));
    for (params, by_itself, why) in [
        (made("other.example", 4000), false, "certificate not valid for name"),
        (made("localhost", 2001), false, "certificate expired"),
        (made("localhost", 4000), true, "UnknownIssuer"),
    ] {
        let (said, asked) = check(&params, by_itself);
        assert!(said.starts_with("does not answer: ") && said.contains(why), "{why}: {said}");
        assert!(!asked, "{why}");
    }
}

#[test]
fn who_must_not_be_led_elsewhere_stays_at_the_host() {
    let check = |from: &str, to: &str, expected: &str| {
        let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
        let told = Redirects::SameHost.allow(&from, &to);
        assert_eq!(told.err().unwrap_or_default(), expected, "{from} {to}");
        assert_eq!(Redirects::Anywhere.allow(&from, &to), Ok(()));
    };
    check("https://a.example/x", "https://A.example:443/y?z", "");
    check("http://a.example/", "https://a.example/", "");
    check("http://a.example:8080/", "https://a.example:8080/", "");
    check("https://a.example/", "http://a.example/", "leads elsewhere, to `http://a.example`");
    check(
        "http://a.example/",
        "https://a.example:8443/",
        "leads elsewhere, to `https://a.example:8443`",
    );
    check(
        "https://a.example/",
        "https://a.example:22/",
        "leads elsewhere, to `https://a.example:22`",
    );
    check(
        "https://a.example/",
        "https://www.a.example/",
        "leads elsewhere, to `https://www.a.example`",
    );
    check(
        "https://a.example/",
        "https://a.example.evil.example/",
        "leads elsewhere, to `https://a.example.evil.example`",
    );
    check(
        "https://a.example/",
        "https://u:secret@b.example/secret",
        "leads elsewhere, to `https://b.example`",
    );
    check("http://127.0.0.1/", "http://[::1]/", "leads elsewhere, to `http://[::1]`");
}
