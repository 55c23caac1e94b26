//! Passkeys at several servers of a show, and over time.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{AccountId, By, Name, Role};
use lorecast_desk::{Community, Desk, Passkeys, Scaffold, Silent, new_key};
use lorecast_testkit::passkey::Device;
use tokio::runtime::{Builder, Runtime};

const ORIGIN: &str = "https://show.example";

/// A show with somebody who has a passkey.
struct Show {
    _dir: tempfile::TempDir,
    root: Utf8PathBuf,
    runtime: Runtime,
    passkeys: Passkeys,
    account: AccountId,
    device: Device,
}

fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

impl Show {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap().join("show");
        let scaffold = Scaffold { title: "T", author: "A", url: "https://podcast.example/" };
        Desk::init(&root, &scaffold).unwrap();
        let runtime = Builder::new_current_thread().build().unwrap();
        let (passkeys, community) = (Passkeys::at(ORIGIN).unwrap(), open(&root));
        let link = community.invitation(By::Show, Role::Reader, now()).unwrap();
        let (session, name) = (new_key().unwrap(), Name::parse("Ann").unwrap());
        let entered = runtime.block_on(community.enter(&link, &session, Some(name), None, now()));
        let account = entered.unwrap().account.unwrap();
        let mut device = Device::new(ORIGIN, "show.example");
        let asked = community.ask_for_new_passkey(&passkeys, By::Account(account).into(), now());
        let asked = runtime.block_on(asked).unwrap();
        let answer = device.creates(&asked.options);
        let title = "a stick".to_owned();
        let added = community.add_passkey(
            &passkeys,
            By::Account(account).into(),
            &asked.kept,
            &answer,
            title,
            now(),
        );
        runtime.block_on(added).unwrap();
        Self { _dir: dir, root, runtime, passkeys, account, device }
    }

    /// What the browser keeps and what the device says.
    fn asked_at(&self, community: &Community) -> (String, String) {
        let asked = self.runtime.block_on(community.ask_for_passkey(&self.passkeys, now()));
        let asked = asked.unwrap();
        (asked.kept, self.device.signs(&asked.options))
    }

    /// `in`, or why not.
    fn enters_at(&self, community: &Community, asked: &(String, String), at: Timestamp) -> String {
        let session = new_key().unwrap();
        let (step, answer) = asked;
        let entered = community.enter_with_passkey(&self.passkeys, step, answer, &session, at);
        match self.runtime.block_on(entered) {
            Ok(_) => {
                let digest = session.digest();
                let account = community.look(|c| c.session(&digest, at).unwrap().0.account);
                assert_eq!(account, self.account);
                "in".to_owned()
            }
            Err(error) => error.to_string(),
        }
    }
}

fn open(root: &Utf8Path) -> Community {
    Desk::open(root, &Silent).unwrap().community().unwrap()
}

const REFUSED: &str = "this does not prove who you are, or it took too long; try again";

#[test]
fn any_server_of_the_show_checks_and_all_of_them_once() {
    let show = Show::new();
    let (here, there) = (open(&show.root), open(&show.root));
    let asked = show.asked_at(&here);
    assert_eq!(show.enters_at(&there, &asked, now()), "in");
    assert_eq!(show.enters_at(&here, &asked, now()), REFUSED);
    assert_eq!(show.enters_at(&there, &asked, now()), REFUSED);
    // Nor does one that starts anew forget it.
    assert_eq!(show.enters_at(&open(&show.root), &asked, now()), REFUSED);
    let asked = show.asked_at(&there);
    assert_eq!(show.enters_at(&here, &asked, now()), "in");
}

#[test]
fn who_takes_too_long_is_asked_anew() {
    let show = Show::new();
    let community = open(&show.root);
    let asked = show.asked_at(&community);
    let later = |seconds| now() + SignedDuration::from_secs(seconds);
    assert_eq!(show.enters_at(&community, &asked, later(300)), REFUSED);
    assert_eq!(show.enters_at(&community, &asked, later(299)), "in");
    let two = [show.asked_at(&community), show.asked_at(&community)];
    let crossed = (two[0].0.clone(), two[1].1.clone());
    assert_eq!(
        show.enters_at(&community, &crossed, now()),
        REFUSED,
        "the answer to another question"
    );
}

#[test]
fn passkeys_are_for_addresses_that_browsers_trust() {
    for (address, known) in [
        ("https://show.example", true),
        ("https://show.example:8443", true),
        ("http://localhost:8700", true),
        ("http://show.example", false),
        ("http://127.0.0.1:8700", false),
        ("https://192.0.2.1", false),
        ("https://[2001:db8::1]", false),
        ("", false),
    ] {
        assert_eq!(Passkeys::at(address).is_some(), known, "{address}");
    }
}
