//! The example shows draft well from a copy, and what the database's show writes knows no kernel.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use insta::assert_snapshot;
use lorecast_archive::{Hints, Item};
use lorecast_desk::{Decisions, Desk, Drafting, Silent};
use lorecast_mail::Arrival;
use lorecast_model::{EpisodeId, Message, MessageId, Window};
use lorecast_show::ShowDir;
use lorecast_testkit::mailbox::{mail, mboxrd};

/// A copy of an example, with what `change` makes of it.
fn with_example(name: &str, change: impl FnOnce(&Utf8Path), test: impl FnOnce(&Utf8Path)) {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(folder.path().join("show")).unwrap();
    let example = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    copy(&example, &root);
    change(&root);
    test(&root);
}

fn copy(from: &Utf8Path, to: &Utf8Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Reads the sources and drafts a week; the notes.
fn drafted(root: &Utf8Path, week: &str) -> String {
    let desk = Desk::open(root, &Silent).unwrap();
    desk.sync().unwrap();
    let id = EpisodeId::new(week).unwrap();
    let how = Drafting { assist: false, today: id.0.tomorrow().unwrap() };
    desk.draft(id, Window::week_ending(id), &Decisions::default(), how).unwrap();
    ShowDir::open(root).unwrap().episode(id).unwrap().notes().unwrap()
}

/// The mails of an mbox, by id.
fn mails(mbox: &Utf8Path) -> BTreeMap<MessageId, Message> {
    let mut found = BTreeMap::new();
    for archive in lorecast_archive::discover(mbox, &Hints::default()).unwrap() {
        for item in archive.read(None).unwrap() {
            let Item::Mail(raw) = item.unwrap() else { continue };
            let message = lorecast_mail::parse(&raw.bytes, &Arrival { list: None, received: None });
            found.insert(message.header.id.clone(), message);
        }
    }
    found
}

const DATABASE_WEEK: &str = "2024-09-15";

#[test]
fn a_database_has_its_week_told() {
    with_example(
        "database",
        |_| (),
        |root| {
            assert_snapshot!(drafted(root, DATABASE_WEEK), @r#"
            # Heapstore Weekly for 2024-09-15

            In this week’s edition: a columnar format for cold tables, dropping support for version 2, writing a full page once per checkpoint, Server crashes when a partial index is dropped during, Welcome Inês Duarte as a new committer, explaining how vacuum picks its tables, and ongoing development in storage, clients and documentation.

            ## Releases and Announcements

            Marta Olsen announced [Heapstore 3.2.0](https://lists.heapstore.example/heapstore-dev/20240910-heapstore-320@heapstore.example/), saying “Heapstore 3.2.0 sorts large results in parallel, and it compresses the write-ahead log with zstd unless you tell it not to. Upgrades from 3.1 need no dump: stop the server, install the new one, and start it again”.

            Jo Mercer sent out a call: [“Heapstore Days 2025: Call for Papers”](https://lists.heapstore.example/heapstore-dev/20240910-cfp@heapstore-days.example/), noting “Heapstore Days 2025 take place in Porto on March 20 and 21, 2025”. The mail adds, “We look for talks of 20 and 40 minutes about running, extending and mending Heapstore”. Further on it says, “Send us your proposal by November 30, 2024”.

            ## A columnar format for cold tables

            Adaeze Obi posted [an RFC (Request For Comments) entitled “A columnar format for cold tables”](https://lists.heapstore.example/heapstore-dev/20240909-columnar@ledgerworks.example/). As the mail says, “I propose a second storage format for tables that are read often and hardly ever written”. It also says, “A table moves to the new format with ALTER TABLE and stays readable while it does”.

            This led to a longer discussion: 10 messages from 6 people this week. Tomasz Wilk replied, [“People will put their busy tables there, because the benchmark is so good, and then they will blame the server for the locks”](https://lists.heapstore.example/heapstore-dev/c1@wilk.example/). Hiro Tanabe asked, [“How does a backup of a single table work when its runs are shared between files?”](https://lists.heapstore.example/heapstore-dev/c3@tanabe.example/) Lena Brandt reported, [“We measured the same idea at the university with a public data set, and the planner picked the wrong join in a third of the queries, because its costs assume that rows lie beside each other”](https://lists.heapstore.example/heapstore-dev/c5@uni-test.example/). Samuel Ortega commented, [“I would like to see the cost model first, as a series of its own, before anybody reviews a new format”](https://lists.heapstore.example/heapstore-dev/c6@ortega.example/). Marta Olsen added, [“The format can wait for 3.4, and the cost model is useful for everybody who keeps wide tables”](https://lists.heapstore.example/heapstore-dev/c7@heapstore.example/).

            ## Ongoing Development

            ### Storage and Recovery

            Petra Novak reported [“Server crashes when a partial index is dropped during vacuum”](https://lists.heapstore.example/heapstore-dev/20240912-crash@novak.example/). To quote the report, “It crashes when somebody drops a partial index while vacuum works on the same table”.

            Inês Duarte posted [version 2 of a series entitled “wal: write a full page once per checkpoint”](https://lists.heapstore.example/heapstore-dev/20240911-fullpage-v2-0@coldrow.example/), which “writes the full image of a page to the log only at its first change after a checkpoint, which halves the log of our order benchmark from 8.2 GB to 4.1 GB an hour and costs nothing at recovery”. Marta Olsen has since applied it.

            Samuel Ortega posted [“vacuum: hold the lock as long as the predicate is used”](https://lists.heapstore.example/heapstore-dev/20240914-crash2@ortega.example/), noting “Vacuum gave the lock of an index back and then looked at its predicate once more, which crashed the server when the index was gone by then”.

            ### Clients and Protocol

            Hiro Tanabe posted [“protocol: drop support for version 2”](https://lists.heapstore.example/heapstore-dev/20240913-proto2@tanabe.example/). As the patch says, “No client that we know of has spoken version 2 of the protocol since 2015”. It also says, “The code for it hides every error of version 3 behind a second path”.

            ### Documentation

            Petra Novak posted [“docs: explain how vacuum picks its tables”](https://lists.heapstore.example/heapstore-dev/20240911-docs@novak.example/). To quote the patch, “The manual says that vacuum visits tables "as needed". Say what that means: by the share of dead rows, the largest first”.

            ### Everything else

            Marta Olsen posted [“Welcome Inês Duarte as a new committer”](https://lists.heapstore.example/heapstore-dev/20240914-committer@heapstore.example/), a change of maintainers, saying “the core team has asked Inês Duarte to become a committer, and she has said yes”.

            That’s all for this week’s edition of Heapstore Weekly. The links to all of these mails are in the show notes. Thanks for listening, and until next time.
            "#)
        },
    );
}

#[test]
fn every_fact_of_the_database_show_is_proved() {
    with_example(
        "database",
        |_| (),
        |root| {
            drafted(root, DATABASE_WEEK);
            let mails = mails(&root.join("archives/heapstore-dev.mbox"));
            let id = EpisodeId::new(DATABASE_WEEK).unwrap();
            let episode = ShowDir::open(root).unwrap().episode(id).unwrap().episode().unwrap();
            assert!(episode.stories.len() > 7, "{} stories", episode.stories.len());
            for story in &episode.stories {
                assert!(!story.evidence.is_empty(), "{}", story.title);
                let unproved = lorecast_drafter::prove(&story.evidence, |id| mails.get(id));
                assert_eq!(unproved, [], "{}", story.title);
            }
        },
    );
}

/// Words that only the kernel's lists have. Matched as they stand, whatever is around them.
const KERNEL: [&str; 14] = [
    "kernel",
    "Kernel",
    "Linux",
    "linux",
    "MAINTAINERS",
    "-rc",
    "stable",
    "Stable",
    "mainline",
    "Mainline",
    "LKML",
    "lore.",
    "upstream tree",
    "user space",
];

#[test]
fn the_database_show_has_no_word_of_the_kernels() {
    with_example(
        "database",
        |_| (),
        |root| {
            drafted(root, DATABASE_WEEK);
            drafted(root, "2024-09-29");
            for file in ["2024-09-15/notes.md", "2024-09-15/episode.yaml", "2024-09-29/notes.md"] {
                let text = std::fs::read_to_string(root.join("episodes").join(file)).unwrap();
                for word in KERNEL {
                    assert!(!text.contains(word), "{file} says `{word}`:\n{text}");
                }
            }
        },
    );
}

/// Mail of four lists in place of the mirrors that the example names.
fn without_network(root: &Utf8Path) {
    let post = |id: &str, subject: &str, text: &str| {
        mail(id)
            .from("Ann Example <ann@a.example>")
            .date("Tue, 17 Jun 2025 10:00:00 +0000")
            .subject(subject)
            .body(text)
            .bytes()
    };
    let mails = [
        post(
            "a@a.example",
            "[PATCH net-next 0/3] ice: count what was lost",
            "This series counts the frames that the ring lost, so that an operator sees them.\n",
        ),
        post(
            "b@a.example",
            "[PATCH bpf-next] libbpf: load maps lazily",
            "Loading a map when it is used first saves half of the start of a big program.\n",
        ),
        post(
            "c@a.example",
            "[PATCH] wifi: mac80211: sleep longer",
            "A longer sleep saves a tenth of the battery of an idle station.\n",
        ),
        post(
            "d@a.example",
            "[ANNOUNCE] ringtool 7.1 released",
            "This release of ringtool prints the sizes of all rings as a table.\n",
        ),
    ];
    std::fs::write(root.join("netdev.mbox"), mboxrd(&mails)).unwrap();
    let yaml = std::fs::read_to_string(root.join("show.yaml")).unwrap();
    let start = yaml.find("sources:").unwrap();
    let end = start + yaml[start..].find("\n\n").unwrap();
    let yaml = format!("{}sources:\n  - path: netdev.mbox{}", &yaml[..start], &yaml[end..]);
    std::fs::write(root.join("show.yaml"), yaml).unwrap();
}

#[test]
fn a_networking_show_has_sections_and_words_of_its_own() {
    with_example("networking", without_network, |root| {
        assert_snapshot!(drafted(root, "2025-06-22"), @r"
        # Packets This Week for 2025-06-22

        In this week’s edition: counting what was lost, libbpf load maps lazily, wifi sleep longer, and ongoing development in ethernet drivers, wireless and BPF (Berkeley Packet Filter).

        ## Stable Kernels and Other Releases

        Fresh on the shelf: [ringtool 7.1](https://lore.kernel.org/r/d@a.example/), announced by Ann Example, who wrote “This release of ringtool prints the sizes of all rings as a table”.

        ## Ongoing Development

        ### Ethernet Drivers

        Ann Example posted [“ice: count what was lost”](https://lore.kernel.org/r/a@a.example/), which “counts the frames that the ring lost, so that an operator sees them”.

        ### Wireless and Bluetooth

        Ann Example posted [“wifi: mac80211: sleep longer”](https://lore.kernel.org/r/c@a.example/). As the patch says, “A longer sleep saves a tenth of the battery of an idle station”.

        ### BPF, XDP and Netfilter

        Ann Example posted [“libbpf: load maps lazily”](https://lore.kernel.org/r/b@a.example/). To quote the patch, “Loading a map when it is used first saves half of the start of a big program”.

        That’s all for this week’s edition of Packets This Week. The links to all of these mails are in the show notes. Thanks for listening, and until next time.
        ")
    });
}
