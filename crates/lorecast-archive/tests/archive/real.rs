//! What the real public-inbox writes and serves, where it is installed.

use camino::Utf8Path;
use lorecast_archive::{Mirror, MirrorReport};
use lorecast_testkit::git;
use lorecast_testkit::mailbox::mail;
use lorecast_testkit::public_inbox::PublicInbox;

use crate::reading::{folder, held};

/// A mail to an inbox.
fn to(name: &str, id: &str) -> Vec<u8> {
    mail(id).to(&format!("{name}@vger.example")).bytes()
}

fn bring(url: &str, here: &Utf8Path, program: &Utf8Path) -> MirrorReport {
    let mirror = Mirror::new(url, here).unwrap().with_git(program.as_str());
    let report = mirror.bring_up_to_date(&mut |_| {}).unwrap();
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    report
}

#[test]
fn a_v2_inbox_is_mirrored_and_read() {
    let (_room, path) = folder();
    let Some(real) = PublicInbox::find(&path) else { return };
    let (inbox, git, here) = (real.init("-V2", "list"), git::program(&path), path.join("mirror"));
    let serving = real.serve();
    let url = format!("{}list/", serving.url);
    real.deliver("list", &to("list", "1@x"));
    real.deliver("list", &to("list", "2@x"));
    assert_eq!(bring(&url, &here, &git).cloned, ["git/0.git"]);
    assert_eq!(held(&here), ["1@x", "2@x"]);
    real.remove(&to("list", "1@x"));
    assert_eq!(bring(&url, &here, &git).fetched, ["git/0.git"]);
    assert_eq!(held(&here), ["1@x", "2@x", "-1@x"]);
    real.purge(&inbox, &to("list", "2@x"));
    assert_eq!(bring(&url, &here, &git).fetched, ["git/0.git"]);
    assert_eq!(held(&here), ["1@x", "-1@x"]);
}

#[test]
fn a_v1_inbox_is_mirrored_and_read() {
    let (_room, path) = folder();
    let Some(real) = PublicInbox::find(&path) else { return };
    let (git, here) = (git::program(&path), path.join("mirror"));
    real.init("-V1", "old");
    let serving = real.serve();
    let url = format!("{}old/", serving.url);
    real.deliver("old", &to("old", "1@x"));
    real.deliver("old", &to("old", "2@x"));
    assert_eq!(bring(&url, &here, &git).cloned, ["all.git"]);
    assert_eq!(held(&here), ["1@x", "2@x"]);
    real.remove(&to("old", "1@x"));
    assert_eq!(bring(&url, &here, &git).fetched, ["all.git"]);
    assert_eq!(held(&here), ["1@x", "2@x", "-1@x"]);
}

#[test]
fn an_inbox_without_mail_is_said() {
    let (_room, path) = folder();
    let Some(real) = PublicInbox::find(&path) else { return };
    real.init("-V1", "old");
    let serving = real.serve();
    let mirror = Mirror::new(&format!("{}old", serving.url), &path.join("mirror")).unwrap();
    let mirror = mirror.with_git(git::program(&path).as_str());
    let error = mirror.bring_up_to_date(&mut |_| {}).unwrap_err().to_string();
    assert!(error.starts_with("there is no public inbox with mail at"), "{error}");
}
