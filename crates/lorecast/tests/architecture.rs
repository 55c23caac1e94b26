//! The allowed edges between our crates. Another edge is a question about the design: answer it in
//! ARCHITECTURE.md first, then here.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// Who may depend on whom when the program is built; tests may use more.
const ALLOWED: &[(&str, &[&str])] = &[
    ("lorecast", &["lorecast-desk", "lorecast-model", "lorecast-web"]),
    ("lorecast-align", &["lorecast-model"]),
    ("lorecast-archive", &["lorecast-model"]),
    ("lorecast-community", &["lorecast-model"]),
    (
        "lorecast-desk",
        &[
            "lorecast-align",
            "lorecast-archive",
            "lorecast-community",
            "lorecast-drafter",
            "lorecast-fetch",
            "lorecast-mail",
            "lorecast-model",
            "lorecast-people",
            "lorecast-planet",
            "lorecast-publisher",
            "lorecast-show",
            "lorecast-store",
            "lorecast-studio",
            "lorecast-tracker",
        ],
    ),
    ("lorecast-drafter", &["lorecast-mail", "lorecast-model", "lorecast-people"]),
    ("lorecast-fetch", &[]),
    ("lorecast-mail", &["lorecast-model"]),
    ("lorecast-model", &[]),
    ("lorecast-people", &["lorecast-mail", "lorecast-model"]),
    ("lorecast-planet", &["lorecast-model"]),
    ("lorecast-publisher", &["lorecast-fetch", "lorecast-model"]),
    ("lorecast-show", &["lorecast-model"]),
    ("lorecast-store", &["lorecast-model"]),
    ("lorecast-studio", &["lorecast-model"]),
    ("lorecast-testkit", &["lorecast-archive", "lorecast-model"]),
    ("lorecast-tracker", &["lorecast-mail", "lorecast-model"]),
    ("lorecast-web", &["lorecast-community", "lorecast-desk", "lorecast-model"]),
];

/// Libraries that only one crate may know, because they are what that crate is there to hide.
const HIDDEN: &[(&str, &[&str])] = &[
    ("rusqlite", &["lorecast-store"]),
    ("postgres", &["lorecast-store"]),
    ("mailparse", &["lorecast-mail"]),
    ("yaml_serde", &["lorecast-show"]),
    ("symphonia", &["lorecast-studio"]),
    ("rss", &["lorecast-publisher"]),
    ("object_store", &["lorecast-publisher"]),
    ("axum", &["lorecast-web"]),
    // The publisher sends with it what `object_store` asks it to.
    ("ureq", &["lorecast-archive", "lorecast-fetch", "lorecast-publisher"]),
    ("feed-rs", &["lorecast-planet"]),
    ("openidconnect", &["lorecast-desk"]),
    ("webauthn-rs", &["lorecast-desk"]),
    ("clap", &["lorecast"]),
    ("git2", &["lorecast-archive", "lorecast-desk"]),
    ("tera", &["lorecast-drafter", "lorecast-publisher", "lorecast-web"]),
];

/// What cargo knows of the workspace.
fn metadata(options: &[&str]) -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--offline", "--format-version", "1"])
        .args(options)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every crate of the workspace with what it is built from.
fn crates() -> BTreeMap<String, Vec<String>> {
    let metadata = metadata(&["--no-deps"]);
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().unwrap().iter();
            (name(package), all.filter(|d| d["kind"].is_null()).map(name).collect())
        })
        .collect()
}

#[test]
fn data_flows_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    for (name, dependencies) in crates() {
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| {
            panic!("`{name}` is a new crate: give it a place in ARCHITECTURE.md and in this test")
        });
        for dependency in dependencies.iter().filter(|d| d.starts_with("lorecast")) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "`{name}` must not know `{dependency}`"
            );
        }
    }
}

#[test]
fn every_library_is_hidden_where_it_belongs() {
    let crates = crates();
    for (library, owners) in HIDDEN {
        let users: Vec<&str> = crates
            .iter()
            .filter(|(_, dependencies)| dependencies.iter().any(|d| d == library))
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(&users, owners, "who knows `{library}`");
    }
}

/// What our crates encrypt, sign, digest and draw lots with. Another line here is a question about docs/security.md.
#[test]
fn cryptography_comes_from_known_libraries() {
    let metadata = metadata(&["--all-features"]);
    let packages = metadata["packages"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |package: &Value, list: &str, word: &str| {
        package[list].as_array().unwrap().iter().any(|held| held.as_str().unwrap() == word)
    };
    let known: BTreeMap<String, bool> = packages
        .iter()
        .map(|package| {
            let name = text(&package["name"]);
            let random = name.contains("rand") || of(package, "keywords", "random");
            let secret = of(package, "categories", "cryptography")
                || of(package, "categories", "authentication");
            let in_name =
                ["openid", "webauthn", "oauth", "openssl", "crypto", "native-tls", "uuid"];
            let named = in_name.iter().any(|word| name.contains(word));
            (name, random || secret || named)
        })
        .collect();
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, dependencies) in crates() {
        // What ships nothing may sign as it likes.
        for library in dependencies.iter().filter(|_| name != "lorecast-testkit") {
            if known.get(library).copied().unwrap_or_default() {
                users
                    .entry(library.clone())
                    .or_default()
                    .push(name.trim_start_matches("lorecast-").to_owned());
            }
        }
    }
    let told: String =
        users.iter().map(|(library, users)| format!("{library}: {}\n", users.join(" "))).collect();
    insta::assert_snapshot!(told, @r"
    getrandom: desk
    hmac: community people
    openidconnect: desk
    rustls: store web
    sha1: mail
    sha2: archive community desk mail people publisher store studio tracker
    tokio-rustls: web
    uuid: publisher
    webauthn-rs: desk
    ");
    // Of several implementations of TLS and of what it stands on, there is one.
    for other in ["openssl-sys", "native-tls", "aws-lc-sys", "boring-sys", "libsodium-sys"] {
        assert!(!known.contains_key(other), "`{other}` is linked in");
    }
}

#[test]
fn every_crate_says_what_it_does_and_what_it_never_does() {
    for name in crates().keys() {
        let source = format!("{}/../{name}/src", env!("CARGO_MANIFEST_DIR"));
        let room = ["lib.rs", "main.rs"]
            .iter()
            .find_map(|file| std::fs::read_to_string(format!("{source}/{file}")).ok());
        let text = room.unwrap();
        let words: Vec<&str> = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .flat_map(|line| line.trim_start_matches("//!").split_whitespace())
            .collect();
        assert!(words.join(" ").contains("It never "), "`{name}` does not say what it never does");
    }
}
