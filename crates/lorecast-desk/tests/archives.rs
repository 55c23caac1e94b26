//! Archives in any order, batches and state end in the same store.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_desk::{Cell, Desk, DeskError, Named, Scaffold, Silent, Table};
use lorecast_testkit::mailbox::{MailText, mail, mboxrd};
use lorecast_testkit::{git, inbox};
use proptest::prelude::*;

struct Show {
    _dir: tempfile::TempDir,
    root: Utf8PathBuf,
}

impl Show {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap().join("show");
        let scaffold = Scaffold { title: "T", author: "A", url: "https://podcast.example/" };
        Desk::init(&root, &scaffold).unwrap();
        Self { _dir: dir, root }
    }

    fn desk(&self) -> Desk<'static> {
        Desk::open(&self.root, &Silent).unwrap()
    }

    /// How many messages are new, known and removed.
    fn ingest(&self, path: &Utf8Path) -> [u64; 3] {
        let report = self.desk().ingest(vec![Named::new(path.as_str(), None, None)]).unwrap();
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        let counts = report.sources.iter().map(|source| [source.new, source.known, source.removed]);
        counts.fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]])
    }

    fn mbox(&self, name: &str, mails: &[&MailText]) -> Utf8PathBuf {
        let path = self.root.join(name);
        let mails: Vec<Vec<u8>> = mails.iter().map(|mail| mail.bytes()).collect();
        std::fs::write(&path, mboxrd(&mails)).unwrap();
        path
    }

    /// The threads, each as the set of its messages.
    fn partition(&self) -> BTreeSet<BTreeSet<String>> {
        let mut threads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let text = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            other => format!("{other:?}"),
        };
        let mut row = |cells: Vec<Cell>| -> Result<(), DeskError> {
            threads.entry(text(&cells[6])).or_default().insert(text(&cells[0]));
            Ok(())
        };
        self.desk().export(Table::Messages, None, &mut row).unwrap();
        threads.into_values().collect()
    }
}

/// A few messages that refer to each other, some by subject alone.
fn some_mails() -> impl Strategy<Value = Vec<MailText>> {
    let one = (0..4u8, prop::collection::vec(0..14u8, 0..3), any::<bool>(), 1..20u8);
    prop::collection::vec(one, 1..12).prop_map(|mails| {
        let build =
            |(number, (topic, references, answer, day)): (usize, (u8, Vec<u8>, bool, u8))| {
                let re = if answer { "Re: " } else { "" };
                let ids: Vec<String> = references.iter().map(|r| format!("{r}@x")).collect();
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                let text = mail(&format!("{number}@x"))
                    .from(&format!("p{}@a.example", number % 3))
                    .to(&format!("p{}@a.example", (number + 1) % 3))
                    .subject(&format!("{re}the matter of topic {topic}"))
                    .date(&format!("{day} Apr 2023 12:00:0{} +0000", number % 10));
                if ids.is_empty() { text } else { text.reply_to(&ids) }
            };
        mails.into_iter().enumerate().map(build).collect()
    })
}

#[test]
fn a_mail_that_was_removed_and_came_back_is_there() {
    let show = Show::new();
    let epoch = show.root.join("epoch.git");
    let (one, other) = (mail("1@x").bytes(), mail("2@x").bytes());
    inbox::build(&epoch, &[&one, &other]);
    inbox::remove(&epoch, &one);
    inbox::build(&epoch, &[&one]);
    assert_eq!(show.ingest(&epoch), [3, 0, 1]);
    assert_eq!(show.partition().len(), 2);
}

#[test]
fn what_lies_behind_a_damaged_commit_is_read_once_it_is_mended() {
    let show = Show::new();
    let epoch = show.root.join("epoch.git");
    let mails: Vec<Vec<u8>> = (0..4).map(|n| mail(&format!("{n}@x")).bytes()).collect();
    inbox::build(&epoch, &mails);
    let id = git::run(&epoch, &["rev-parse", "HEAD~1"], b"");
    let id = String::from_utf8(id).unwrap().trim().to_owned();
    let object = epoch.join("objects").join(&id[..2]).join(&id[2..]);
    let sound = std::fs::read(&object).unwrap();
    std::fs::remove_file(&object).unwrap();
    let report = show.desk().ingest(vec![Named::new(epoch.as_str(), None, None)]).unwrap();
    assert_eq!((report.failures.len(), report.sources[0].new), (1, 1));
    std::fs::write(&object, sound).unwrap();
    assert_eq!(show.ingest(&epoch), [3, 1, 0]);
    assert_eq!(show.ingest(&epoch), [0, 0, 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn late_and_shuffled_mail_gives_the_threads_of_a_rebuild(
        mails in some_mails(),
        turn in any::<prop::sample::Index>(),
        size in 1..5usize,
    ) {
        let whole = Show::new();
        whole.ingest(&whole.mbox("all.mbox", &mails.iter().collect::<Vec<_>>()));
        let mut order: Vec<&MailText> = mails.iter().collect();
        order.rotate_left(turn.index(mails.len()));
        order.reverse();
        let parts = Show::new();
        for (number, part) in order.chunks(size).enumerate() {
            parts.ingest(&parts.mbox(&format!("{number}.mbox"), part));
        }
        prop_assert_eq!(whole.partition(), parts.partition());
    }

    #[test]
    fn a_purged_message_leaves_the_threads_of_a_rebuild_without_it(
        mails in some_mails(),
        gone in any::<prop::sample::Index>(),
    ) {
        let bytes: Vec<Vec<u8>> = mails.iter().map(MailText::bytes).collect();
        let gone = gone.index(bytes.len());
        let purged = Show::new();
        let epoch = purged.root.join("purged.git");
        inbox::build(&epoch, &bytes);
        purged.ingest(&epoch);
        inbox::remove(&epoch, &bytes[gone]);
        prop_assert_eq!(purged.ingest(&epoch), [0, 0, 1]);
        let rest = Show::new();
        let kept = mails.iter().enumerate().filter(|(number, _)| *number != gone);
        rest.ingest(&rest.mbox("rest.mbox", &kept.map(|(_, mail)| mail).collect::<Vec<_>>()));
        prop_assert_eq!(purged.partition(), rest.partition());
    }
}
