//! What people do for a show is kept, and accepted text goes into the notes.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use camino::{Utf8Path, Utf8PathBuf};
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{AccountId, Ballot, By, Deed, EntryId, Key, Name, Role};
use lorecast_desk::{Asker, Community, Desk, Scaffold, Silent, new_key};
use lorecast_model::MessageId;
use lorecast_store::journal::{Journal, SqliteJournal};

struct Show {
    _dir: tempfile::TempDir,
    root: Utf8PathBuf,
}

const NOTES: &str = "# T\n\n## Memory\n\nAnn posted [one](https://lore.kernel.org/r/1@x/).\n\nNobody answered.\n\nBob posted [two](https://lore.kernel.org/r/2@x/).\n\nBye.\n";

const EPISODE: &str = "title: T\nwindow: {from: 2026-02-23, to: 2026-03-01}\nstories:\n- id: 1@x\n  section: mm\n  title: one\n- id: 2@x\n  section: mm\n  title: two\ncredits:\n- A\n";

impl Show {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap().join("show");
        let scaffold =
            Scaffold { title: "Kernel Wöche", author: "A", url: "https://podcast.example/" };
        Desk::init(&root, &scaffold).unwrap();
        let show = Self { _dir: dir, root };
        show.write("episodes/2026-03-01/episode.yaml", EPISODE);
        show.write("episodes/2026-03-01/notes.md", NOTES);
        show
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.root.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.root.join(name)).unwrap()
    }

    fn opened(&self) -> Community {
        Desk::open(&self.root, &Silent).unwrap().community().unwrap()
    }
}

fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

fn id(text: &str) -> MessageId {
    MessageId::new(text).unwrap()
}

/// An account with a role.
fn joins(community: &Community, name: &str, role: Role) -> By {
    let link = community.invitation(By::Show, role, now()).unwrap();
    By::Account(enters(community, &link, Some(name)))
}

fn enters(community: &Community, link: &Key, name: Option<&str>) -> AccountId {
    enters_from(community, link, name, None)
}

/// The same from a browser that asked for the link.
fn enters_from(
    community: &Community,
    link: &Key,
    name: Option<&str>,
    asker: Option<&Asker>,
) -> AccountId {
    let name = name.map(|name| Name::parse(name).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let session = new_key().unwrap();
    let browser = asker.map(Asker::browser);
    let done = runtime.block_on(community.enter(link, &session, name, browser, now())).unwrap();
    let account = community
        .look(|c| c.session(&session.digest(), now()).map(|(session, _)| session.account))
        .unwrap();
    assert_eq!(done.account, Some(account));
    account
}

fn does(community: &Community, by: By, deed: Deed) -> EntryId {
    community.does_now(by, deed, now()).unwrap().entry
}

#[test]
fn many_at_once_and_from_two_processes() {
    let show = Show::new();
    let (here, there) = (show.opened(), show.opened());
    let people: Vec<By> =
        (0..8).map(|at| joins(&here, &format!("Voter {at}"), Role::Reader)).collect();
    std::thread::scope(|scope| {
        for (at, by) in people.iter().enumerate() {
            // The other one has not read of the accounts yet; it learns of them when it wants to write.
            let community = if at % 2 == 0 { &here } else { &there };
            scope.spawn(move || {
                for story in 0..25 {
                    let story = id(&format!("{story}@x"));
                    let vote = Deed::Vote { story, ballot: Ballot::For };
                    while community.does_now(*by, vote.clone(), now()).is_err() {}
                }
            });
        }
    });
    let again = show.opened();
    let votes: Vec<_> = (0..25)
        .map(|at| again.look(|c| c.talk(&id(&format!("{at}@x"))).unwrap().votes()))
        .collect();
    assert_eq!(votes, vec![(8, 0); 25]);
}

#[test]
fn accepted_text_goes_into_the_notes_beside_what_others_changed() {
    let show = Show::new();
    let community = show.opened();
    let (ann, ed) =
        (joins(&community, "Ann", Role::Contributor), joins(&community, "Ed", Role::Editor));
    let base = "Ann posted [one](https://lore.kernel.org/r/1@x/).\n\nNobody answered.\n".to_owned();
    let text = base.replace("Nobody answered.", "Nobody answered so far.\n\nIt is a pity.");
    let proposal = does(&community, ann, Deed::Propose { story: id("1@x"), base, text });
    // The producer edits the same story and another one meanwhile.
    let edited = NOTES.replace("Ann posted", "Ann has posted").replace("Bob", "Rob");
    show.write("episodes/2026-03-01/notes.md", &edited);
    let preview = community.look(|c| c.proposal(proposal).unwrap().clone());
    let preview = community.preview(&preview).unwrap();
    assert!(!preview.conflict);
    does(&community, ed, Deed::Accept { proposal, base: preview.now, text: preview.merged });
    let woven = community.weave(now()).unwrap();
    assert_eq!(woven.len(), 1);
    assert_snapshot!(show.read("episodes/2026-03-01/notes.md"), @r"
    # T

    ## Memory

    Ann has posted [one](https://lore.kernel.org/r/1@x/).

    Nobody answered so far.

    It is a pity.

    Rob posted [two](https://lore.kernel.org/r/2@x/).

    Bye.
    ");
    assert!(show.read("episodes/2026-03-01/episode.yaml").ends_with("credits:\n- A\n- Ann\n"));
    assert_eq!(community.weave(now()).unwrap(), [], "once");
}

#[test]
fn what_was_accepted_is_woven_by_the_next_process() {
    let show = Show::new();
    let community = show.opened();
    let (ann, ed) =
        (joins(&community, "Ann", Role::Contributor), joins(&community, "Ed", Role::Editor));
    let (base, text) =
        ("Bob posted [two](https://lore.kernel.org/r/2@x/).\n".to_owned(), "New.".to_owned());
    let proposal = does(
        &community,
        ann,
        Deed::Propose { story: id("2@x"), base: base.clone(), text: text.clone() },
    );
    does(&community, ed, Deed::Accept { proposal, base, text });
    // The first process ends here, and a conflict of the producer's is in the way of the second.
    drop(community);
    let notes = format!("<<<<<<< yours\na\n=======\nb\n>>>>>>> new draft\n{NOTES}");
    show.write("episodes/2026-03-01/notes.md", &notes);
    let second = show.opened();
    assert!(second.weave(now()).unwrap_err().to_string().contains("is not settled"));
    show.write("episodes/2026-03-01/notes.md", NOTES);
    assert_eq!(show.opened().weave(now()).unwrap().len(), 1);
    assert!(show.read("episodes/2026-03-01/notes.md").contains("\n\nNew.\n\nBye."));
}

#[test]
fn two_who_change_the_same_lines_are_both_shown() {
    let show = Show::new();
    let community = show.opened();
    let ed = joins(&community, "Ed", Role::Editor);
    let base = "Bob posted [two](https://lore.kernel.org/r/2@x/).\n".to_owned();
    for text in [
        "Bob posted two, [he says](https://lore.kernel.org/r/2@x/).",
        "Bob sent [two](https://lore.kernel.org/r/2@x/).",
    ] {
        let (base, text) = (base.clone(), text.to_owned());
        let proposal = does(
            &community,
            ed,
            Deed::Propose { story: id("2@x"), base: base.clone(), text: text.clone() },
        );
        does(&community, ed, Deed::Accept { proposal, base, text });
    }
    community.weave(now()).unwrap();
    let notes = show.read("episodes/2026-03-01/notes.md");
    assert!(
        notes.contains("<<<<<<< yours\nBob posted two") && notes.contains("Bob sent"),
        "{notes}"
    );
}

#[test]
fn a_mail_carries_the_way_in_and_what_was_wanted() {
    let show = Show::new();
    let community = show.opened();
    let wish = Deed::Suggest { story: id("3@x"), why: "Everybody uses it.".to_owned() };
    let asker = Asker::new(None).unwrap();
    let send = |email: &str| {
        community.send_link(email, Some(wish.clone()), &asker, "https://mail.example", now())
    };
    assert_snapshot!(send("ann@host.example").unwrap_err(), @"this show sends no mail; name a program that does as `mail:` under `community:` in `show.yaml`, such as `[sendmail, -t, -i]`");
    let yaml = show.read("show.yaml");
    show.write(
        "show.yaml",
        &format!(
            "{yaml}\ncommunity: {{mail: [sh, -c, \"cat > sent\"], from: show@host.example}}\n"
        ),
    );
    assert_snapshot!(send("ann@host.example\nBcc: all@host.example").unwrap_err(), @"this is no mail address; write one such as name@host.example");
    send(" Ann@Host.example ").unwrap();
    let mail = show.read("sent");
    let (before, key) = mail.split_once("https://mail.example/enter/").unwrap();
    let key = key.split('\n').next().unwrap();
    assert_snapshot!(before, @r"
    From: show@host.example
    To: ann@host.example
    Subject: =?UTF-8?B?U2lnbiBpbiB0byBLZXJuZWwgV8O2Y2hl?=
    Date: Mon, 02 Mar 2026 10:00:00 +0000
    Auto-Submitted: auto-generated
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 8bit

    Somebody, probably you, asked to take part in Kernel Wöche. This link lets you in, once, within 10 minutes:
    ");
    enters_from(&community, &Key::parse(key).unwrap(), Some("Ann"), Some(&asker));
    community
        .look(|c| assert_eq!(c.talk(&id("3@x")).unwrap().suggestions[0].why, "Everybody uses it."));
}

#[test]
fn a_link_that_signs_in_is_good_for_ten_minutes() {
    let show = Show::new();
    let community = show.opened();
    let yaml = show.read("show.yaml");
    show.write("show.yaml", &format!("{yaml}\ncommunity: {{mail: [sh, -c, \"cat > sent\"]}}\n"));
    let works = |key: &Key, minutes| {
        let then = now() + SignedDuration::from_mins(minutes);
        community.look(|commons| commons.door(&key.digest(), then).is_some())
    };
    let asker = Asker::new(None).unwrap();
    community.send_link("ann@host.example", None, &asker, "https://mail.example", now()).unwrap();
    let mail = show.read("sent");
    let key = mail.split_once("/enter/").unwrap().1.split('\n').next().unwrap();
    let by_mail = Key::parse(key).unwrap();
    // What opens a new account is an invitation; the first owner's is one too.
    let first = community.owners_link(now()).unwrap();
    enters(&community, &first, Some("Olga"));
    let (owners, invitation) = (
        community.owners_link(now()).unwrap(),
        community.invitation(By::Show, Role::Reader, now()).unwrap(),
    );
    for (minutes, expected) in [(9, [true, true, true]), (10, [false, false, true])] {
        let all = [&by_mail, &owners, &invitation].map(|key| works(key, minutes));
        assert_eq!(all, expected, "after {minutes} minutes");
    }
}

#[test]
fn whoever_leaves_takes_every_word_along() {
    let show = Show::new();
    let community = show.opened();
    let ann = joins(&community, "Ann Unusual-Name", Role::Contributor);
    let propose =
        Deed::Propose { story: id("1@x"), base: String::new(), text: "Unusual words.".to_owned() };
    does(&community, ann, propose);
    assert_eq!(community.deeds_of(ann.account().unwrap()).unwrap().len(), 2);
    does(&community, ann, Deed::Erase);
    // The next deed waits for what closing the account has to do.
    joins(&community, "Bob", Role::Reader);
    assert!(holds(&show, "Bob") && !holds(&show, "Unusual"));
    let (one, two) = (community.look(Clone::clone), show.opened().look(Clone::clone));
    assert_eq!(one.accounts().count(), two.accounts().count());
}

#[test]
fn the_week_is_the_latest_episode_that_is_not_out() {
    let show = Show::new();
    let week = Desk::open(&show.root, &Silent).unwrap().week().unwrap().unwrap();
    let sections = week.sections.iter().map(|section| {
        let stories = section
            .stories
            .iter()
            .map(|one| format!("{} ({:.2} min)", one.story.title, one.minutes));
        format!("{}: {}", section.title, stories.collect::<Vec<_>>().join(", "))
    });
    assert_snapshot!(sections.collect::<Vec<_>>().join("\n"), @"Memory Management: one (0.03 min), two (0.02 min)");
    std::fs::remove_dir_all(show.root.join("episodes")).unwrap();
    assert_eq!(Desk::open(&show.root, &Silent).unwrap().week().unwrap(), None);
}

#[test]
fn a_copy_can_be_put_back() {
    let show = Show::new();
    let desk = Desk::open(&show.root, &Silent).unwrap();
    let copy = show.root.join("copy.db");
    let says =
        |error: lorecast_desk::DeskError| error.to_string().replace(show.root.as_str(), "SHOW");
    assert_snapshot!(says(desk.back_up(&copy).unwrap_err()), @"nobody has done anything for the show in `SHOW` yet: there is nothing to copy");
    let community = show.opened();
    let ann = joins(&community, "Ann", Role::Contributor);
    assert_eq!(desk.back_up(&copy).unwrap().lines, 2);
    assert_snapshot!(says(desk.back_up(&copy).unwrap_err()), @"`SHOW/copy.db` is there already; name another file, or move it away");
    does(&community, ann, Deed::Vote { story: id("1@x"), ballot: Ballot::For });
    drop(community);
    show.write("no-copy.db", "something else");
    assert_snapshot!(says(desk.restore(&show.root.join("no-copy.db")).unwrap_err()), @"`SHOW/no-copy.db` is no journal of Lorecast; move it away, or restore a backup");
    assert!(show.opened().look(|c| c.talk(&id("1@x")).is_some()), "as it was");
    let (copied, aside) = desk.restore(&copy).unwrap();
    assert_eq!(copied.lines, 2);
    assert!(aside.unwrap().is_file());
    let restored = show.opened();
    assert!(restored.look(|c| c.talk(&id("1@x")).is_none() && c.accounts().count() == 1));
}

/// Whether the journal's files hold some bytes.
fn holds(show: &Show, needle: &str) -> bool {
    let files =
        [".lorecast/community.db", ".lorecast/community.db-wal"].map(|name| show.root.join(name));
    let bytes = files.iter().filter_map(|file| std::fs::read(file).ok());
    bytes
        .into_iter()
        .any(|bytes| bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
}

#[test]
fn a_link_that_nobody_used_leaves_nothing() {
    let show = Show::new();
    let community = show.opened();
    let ann = joins(&community, "Ann", Role::Contributor);
    let yaml = show.read("show.yaml");
    show.write("show.yaml", &format!("{yaml}\ncommunity: {{mail: [sh, -c, \"cat > sent\"]}}\n"));
    let wish = Deed::Suggest { story: id("3@x"), why: "Unusual words.".to_owned() };
    let asker = Asker::new(None).unwrap();
    let at = "https://mail.example";
    community.send_link("unusual@host.example", Some(wish), &asker, at, now()).unwrap();
    assert!(holds(&show, "unusual@host.example") && holds(&show, "Unusual words"));
    let later = now() + jiff::SignedDuration::from_hours(2);
    community.does_now(ann, Deed::Vote { story: id("1@x"), ballot: Ballot::For }, later).unwrap();
    assert!(!holds(&show, "unusual@host.example") && !holds(&show, "Unusual words"));
    assert!(show.opened().look(|commons| commons.talk(&id("1@x")).is_some()));
}

#[test]
fn the_journal_does_not_keep_who_came_when() {
    let show = Show::new();
    let community = show.opened();
    let ann = joins(&community, "Ann", Role::Reader);
    let session =
        community.look(|commons| commons.sessions_of(ann.account().unwrap(), now())[0].entry);
    for day in 1..4 {
        let later = now() + SignedDuration::from_hours(24 * day);
        community.does_now(ann, Deed::Stay { session }, later).unwrap();
    }
    // A day is over before the next deed.
    community.owners_link(now() + SignedDuration::from_hours(24 * 4)).unwrap();
    let mut journal = SqliteJournal::open(&show.root.join(".lorecast/community.db")).unwrap();
    let lines = journal.lines(0, 100).unwrap();
    let of = |word: &str| lines.iter().filter(|line| line.text.contains(word)).count();
    assert_eq!((of("stay"), of("gone")), (1, 2), "{lines:?}");
}

/// No test can tell secure numbers from others; these would notice what is no number at all, a clock, or a counter.
#[test]
fn keys_are_all_different_in_every_bit() {
    let keys: Vec<String> = (0..4_096).map(|_| new_key().unwrap().text()).collect();
    let bytes: Vec<Vec<u8>> = keys
        .iter()
        .map(|key| data_encoding::BASE64URL_NOPAD.decode(key.as_bytes()).unwrap())
        .collect();
    assert!(bytes.iter().all(|key| key.len() == 32));
    for bit in 0..256 {
        let set = |key: &Vec<u8>| key[bit / 8] >> (bit % 8) & 1 == 1;
        let ones = bytes.iter().filter(|key| set(key)).count();
        // Half of them: further off by ten standard deviations than chance ever is.
        assert!((1_728..=2_368).contains(&ones), "bit {bit} is set in {ones} of 4096");
        let changes = bytes.windows(2).filter(|two| set(&two[0]) != set(&two[1])).count();
        assert!((1_728..=2_368).contains(&changes), "bit {bit} changes {changes} times");
    }
    let different: std::collections::HashSet<&String> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
}

#[test]
fn words_go_though_the_first_process_ended_too_early() {
    let show = Show::new();
    let community = show.opened();
    let ann = joins(&community, "Ann Unusual-Name", Role::Contributor);
    let propose =
        Deed::Propose { story: id("1@x"), base: String::new(), text: "Unusual words.".to_owned() };
    let last = does(&community, ann, propose);
    drop(community);
    // The account is closed, and that is all.
    let entry = lorecast_community::Entry {
        id: EntryId(last.0 + 1),
        at: now(),
        by: ann,
        deed: Deed::Erase,
    };
    let mut journal = SqliteJournal::open(&show.root.join(".lorecast/community.db")).unwrap();
    journal.append(last.0, &[serde_json::to_string(&entry).unwrap()]).unwrap();
    drop(journal);
    assert!(holds(&show, "Unusual"));
    let next = show.opened();
    assert!(!holds(&show, "Unusual"));
    next.look(|commons| {
        assert_eq!((commons.accounts().count(), commons.leaving().count()), (0, 0))
    });
}

#[test]
fn a_link_that_was_used_at_another_server_stays() {
    let show = Show::new();
    let (here, there) = (show.opened(), show.opened());
    let ann = joins(&here, "Ann", Role::Contributor);
    let yaml = show.read("show.yaml");
    show.write(
        "show.yaml",
        &format!("{yaml}\ncommunity: {{newcomers: reader, mail: [sh, -c, \"cat > sent\"]}}\n"),
    );
    let asker = Asker::new(None).unwrap();
    here.send_link("bob@host.example", None, &asker, "https://mail.example", now()).unwrap();
    let mail = show.read("sent");
    let key = mail.split_once("/enter/").unwrap().1.split('\n').next().unwrap().to_owned();
    let bob = enters_from(&there, &Key::parse(&key).unwrap(), Some("Bob"), Some(&asker));
    let later = now() + jiff::SignedDuration::from_hours(3);
    here.does_now(ann, Deed::Vote { story: id("1@x"), ballot: Ballot::For }, later).unwrap();
    // Whatever the show says by now: who came as a reader is one.
    show.write("show.yaml", &yaml);
    let again = show.opened();
    assert_eq!(again.look(|commons| commons.account(bob).map(|bob| bob.role)), Some(Role::Reader));
}

#[test]
fn closing_an_account_is_noted_with_its_time() {
    let show = Show::new();
    let community = show.opened();
    let ann = joins(&community, "Ann", Role::Contributor);
    does(&community, ann, Deed::Erase);
    joins(&community, "Bob", Role::Reader);
    let mut journal = SqliteJournal::open(&show.root.join(".lorecast/community.db")).unwrap();
    let lines = journal.lines(0, 99).unwrap();
    let noted = lines.iter().find(|line| line.text.contains("taken-out")).unwrap();
    assert!(noted.text.contains("2026-03-02T10:00:00Z"), "{}", noted.text);
}
