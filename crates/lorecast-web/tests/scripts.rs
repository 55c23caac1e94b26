//! What the scripts of the pages may not do, whatever else they do.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::fs;
use std::path::Path;

/// The scripts of the pages that people use, with their names, without comments.
fn scripts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/web");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let scripts = files.filter(|file| file.extension().is_some_and(|end| end == "js"));
    let read = |file: std::path::PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        (
            file.file_name().unwrap().to_string_lossy().into_owned(),
            code.collect::<Vec<_>>().join("\n"),
        )
    };
    let scripts: Vec<_> = scripts.map(read).collect();
    assert!(scripts.len() >= 5, "they are there");
    scripts
}

fn check(words: &[&str]) {
    for (name, code) in scripts() {
        for word in words {
            assert!(!code.contains(word), "`{name}` has `{word}`");
        }
    }
}

#[test]
fn nothing_is_kept_in_the_browser() {
    check(&[
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "cookie",
        "caches",
        "serviceWorker",
        "navigator.storage",
        "showSaveFilePicker",
        "credentials.store",
        "window.name",
    ]);
}

/// Properties have the names that stand in the script: none comes from data, so that no data is taken for a prototype.
#[test]
fn no_data_names_a_property() {
    check(&[
        "__proto__",
        "prototype",
        "constructor",
        "Object.assign",
        "Object.defineProp",
        "Object.fromEntries",
        "Reflect.",
        "{ ...",
        "{...",
        "structuredClone",
        "for (const key in",
        " in ",
    ]);
    for (name, code) in scripts() {
        // `thing[name] = value`, but not the `[one, other] = …` that takes apart and no `[data-line]` of a selector.
        for line in code.lines().filter(|line| line.contains("] = ")) {
            assert!(line.trim_start().starts_with("const ["), "`{name}`: {line}");
        }
    }
}

#[test]
fn no_text_becomes_code_or_markup() {
    check(&[
        "eval(",
        "Function(",
        "setTimeout(\"",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "createContextualFragment",
        "import(",
        "javascript:",
        "setAttribute(\"on",
    ]);
}
