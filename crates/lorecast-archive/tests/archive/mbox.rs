//! mbox files: read, grown, rewritten, damaged.

use std::fs;
use std::io::Write;

use camino::Utf8PathBuf;
use lorecast_archive::{Archive, ArchiveError, Hints, Item, MAIL_LIMIT, Place, RawMail, discover};
use lorecast_testkit::mailbox::{mail, mboxrd};
use lorecast_testkit::packed::{gzip, xz, zst};
use proptest::prelude::*;

struct Room {
    _folder: tempfile::TempDir,
    path: Utf8PathBuf,
}

/// A file of this content in a folder of its own.
fn room(name: &str, content: &[u8]) -> Room {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().join(name)).unwrap();
    fs::write(&path, content).unwrap();
    Room { _folder: folder, path }
}

impl Room {
    fn archive(&self) -> Archive {
        discover(&self.path, &Hints::default()).unwrap().remove(0)
    }

    /// What is read since a cursor, and the cursor after it.
    fn read(&self, cursor: Option<&str>) -> (Vec<RawMail>, Option<ArchiveError>, String) {
        let mut reader = self.archive().read(cursor).unwrap();
        let (mut mails, mut damage) = (Vec::new(), None);
        for item in reader.by_ref() {
            match item {
                Ok(Item::Mail(mail)) => mails.push(mail),
                Ok(item) => panic!("{item:?}"),
                Err(error) => damage = Some(error),
            }
        }
        assert!(reader.done() <= reader.total());
        (mails, damage, reader.cursor())
    }

    fn append(&self, more: &[u8]) {
        let mut file = fs::OpenOptions::new().append(true).open(&self.path).unwrap();
        file.write_all(more).unwrap();
    }
}

/// The first words of each mail's body.
fn bodies(mails: &[RawMail]) -> Vec<String> {
    let body = |mail: &RawMail| {
        let text = String::from_utf8_lossy(&mail.bytes).into_owned();
        text.split_once("\n\n").map_or(text.clone(), |(_, body)| body.to_owned())
    };
    mails.iter().map(body).collect()
}

fn bytes(item: Item) -> Vec<u8> {
    let (Item::Mail(mail) | Item::Removal(mail)) = item;
    mail.bytes
}

fn three() -> Vec<Vec<u8>> {
    ["one\n", "two\n", "three\n"].iter().map(|body| mail("x@x").body(body).bytes()).collect()
}

#[test]
fn mails_come_out_as_they_went_in() {
    let mails = [mail("1@x").body("a\n\nFrom here\n>From there\n").bytes(), mail("2@x").bytes()];
    let content = mboxrd(&mails);
    for content in [gzip(&content), xz(&content), zst(&content), content] {
        let room = room("box", &content);
        let (read, damage, _) = room.read(None);
        assert!(damage.is_none());
        assert_eq!(
            read.iter().map(|m| &m.bytes).collect::<Vec<_>>(),
            mails.iter().collect::<Vec<_>>()
        );
        assert_eq!(read[0].place.to_string(), format!("{} at byte 0", room.path));
    }
}

#[test]
fn a_time_in_the_from_line_is_the_time_of_arrival() {
    let received = |line: &str| {
        let room = room("box", format!("{line}\nSubject: x\n\ny\n").as_bytes());
        room.read(None).0[0].received.map(|t| t.to_string())
    };
    let ten = Some("2023-04-10T08:05:00Z".to_owned());
    assert_eq!(received("From ann@a.example Mon Apr 10 08:05:00 2023"), ten);
    assert_eq!(received("From ann at a.example  Mon Apr 10 08:05 2023"), ten);
    assert_eq!(received("From mboxrd@z Thu Jan  1 00:00:00 1970"), None);
    assert_eq!(received("From 1234abcd Mon Sep 17 00:00:00 2001"), None);
    assert_eq!(received("From ann"), None);
}

#[test]
fn prose_that_begins_with_from_starts_no_mail() {
    let dated =
        "From a Mon Apr 10 08:05:00 2023\nSubject: x\n\ny\n\nFrom now on at 10:30 in 2023\n";
    assert_eq!(room("box", dated.as_bytes()).read(None).0.len(), 1);
    let loose = "From a\nSubject: x\n\ny\nFrom me\n\nFrom b\nSubject: z\n\ny\n";
    assert_eq!(bodies(&room("box", loose.as_bytes()).read(None).0), ["y\nFrom me\n", "y\n"]);
}

#[test]
fn a_second_reading_yields_only_what_is_new() {
    let mails = three();
    let room = room("box", &mboxrd(&mails[..2]));
    let (first, _, cursor) = room.read(None);
    let (again, _, same) = room.read(Some(&cursor));
    assert_eq!((first.len(), again.len(), &same), (2, 0, &cursor));
    room.append(&mboxrd(&mails[2..]));
    assert_eq!(bodies(&room.read(Some(&cursor)).0), ["three\n"]);
}

#[test]
fn a_compressed_file_grows_as_well() {
    let mails = three();
    let room = room("box.gz", &gzip(&mboxrd(&mails[..2])));
    let (_, _, cursor) = room.read(None);
    fs::write(&room.path, gzip(&mboxrd(&mails))).unwrap();
    assert_eq!(bodies(&room.read(Some(&cursor)).0), ["three\n"]);
}

#[test]
fn a_reading_stopped_in_the_middle_goes_on_there() {
    let room = room("box", &mboxrd(&three()));
    let mut reader = room.archive().read(None).unwrap();
    reader.next().unwrap().unwrap();
    assert_eq!(bodies(&room.read(Some(&reader.cursor())).0), ["two\n", "three\n"]);
}

#[test]
fn a_mail_still_being_written_is_read_again() {
    let whole = mboxrd(&three());
    let room = room("box", &whole[..whole.len() - 4]);
    let (first, _, cursor) = room.read(None);
    room.append(&whole[whole.len() - 4..]);
    assert_eq!((first.len(), bodies(&room.read(Some(&cursor)).0)), (3, vec!["three\n".to_owned()]));
}

#[test]
fn a_mail_that_turns_out_to_be_none_does_not_lose_the_place() {
    let room = room("box", &[mboxrd(&[mail("1@x").bytes()]), mboxrd(&[b"Fr"])].concat());
    let mut whole = fs::read(&room.path).unwrap();
    whole.truncate(whole.len() - 2);
    fs::write(&room.path, &whole).unwrap();
    let (first, _, cursor) = room.read(None);
    room.append(b"om a Tue Apr 11 12:00:00 2023\n");
    let (none, _, place) = room.read(Some(&cursor));
    assert_eq!((first.len(), none.len()), (2, 0));
    room.append(&mail("2@x").body("two\n").bytes());
    let mut reader = room.archive().read(Some(&place)).unwrap();
    assert!(!reader.from_the_start());
    assert!(bytes(reader.next().unwrap().unwrap()).ends_with(b"two\n"));
}

#[test]
fn a_rewritten_file_is_read_again() {
    let mails = three();
    let room = room("box", &mboxrd(&mails));
    let (_, _, cursor) = room.read(None);
    fs::write(&room.path, mboxrd(&[&mails[2], &mails[0], &mails[1]])).unwrap();
    assert_eq!(room.read(Some(&cursor)).0.len(), 3);
    assert_eq!(room.read(Some("nonsense")).0.len(), 3);
}

#[test]
fn a_cut_gzip_yields_what_is_whole_and_one_error() {
    let noise: String =
        (0..20_000_u32).map(|n| format!("{}\n", n.wrapping_mul(2_654_435_761))).collect();
    let mails = [mail("1@x").bytes(), mail("2@x").bytes(), mail("3@x").body(&noise).bytes()];
    let whole = gzip(&mboxrd(&mails));
    let room = room("box.gz", &whole[..whole.len() / 2]);
    let (read, damage, cursor) = room.read(None);
    assert_eq!(read.len(), 2);
    let message = damage.unwrap().to_string();
    assert!(message.contains("box.gz` is cut off or damaged after "), "{message}");
    fs::write(&room.path, &whole).unwrap();
    assert_eq!(room.read(Some(&cursor)).0.len(), 1);
}

#[test]
fn a_plain_file_cut_in_a_mail_yields_the_piece() {
    let whole = mboxrd(&three());
    let room = room("box", &whole[..whole.len() - 4]);
    assert_eq!(bodies(&room.read(None).0), ["one\n", "two\n", "thr"]);
}

#[test]
fn what_is_no_mail_is_refused() {
    for content in [
        &b"\x89PNG\r\n\x1a\n\0\0"[..],
        b"just words\n",
        &gzip(b"{\"json\": 1}"),
        b"title: a show\n",
    ] {
        let room = room("box", content);
        assert!(matches!(
            discover(&room.path, &Hints::default()),
            Err(ArchiveError::NotMail { .. })
        ));
    }
    let empty = room("box", b"");
    assert_eq!(empty.read(None).0.len(), 0);
    let broken = room("box", b"\x1f\x8bnonsense");
    assert!(matches!(
        discover(&broken.path, &Hints::default()),
        Err(ArchiveError::Truncated { .. })
    ));
}

#[test]
fn an_endless_line_is_read_in_pieces() {
    let long = mail("1@x").body(&"x".repeat(300_000)).bytes();
    let room = room("box", &mboxrd(&[&long]));
    assert_eq!(room.read(None).0[0].bytes.len(), long.len() + 1);
}

#[test]
fn a_mail_above_the_limit_is_cut_and_the_next_is_read() {
    let huge = [mail("1@x").bytes(), vec![b'x'; MAIL_LIMIT], b"\n".to_vec()].concat();
    let room = room("box", &mboxrd(&[huge, mail("2@x").bytes()]));
    let (mails, _, _) = room.read(None);
    assert_eq!(mails.iter().map(|mail| mail.bytes.len()).max(), Some(MAIL_LIMIT));
    assert_eq!(bodies(&mails[1..]), ["Hello.\n"]);
}

#[test]
fn an_empty_file_that_grows_is_read() {
    let room = room("box", b"");
    let (_, _, cursor) = room.read(None);
    room.append(&mboxrd(&three()));
    assert_eq!(room.read(Some(&cursor)).0.len(), 3);
}

#[test]
fn lines_with_cr_are_kept_and_the_empty_one_between_mails_is_not() {
    let text = String::from_utf8(mboxrd(&three())).unwrap().replace('\n', "\r\n");
    let room = room("box", text.as_bytes());
    let ends: Vec<_> = room.read(None).0.iter().map(|m| m.bytes.ends_with(b"e\r\n")).collect();
    assert_eq!(ends, [true, false, true]);
    assert!(room.read(None).0[1].bytes.ends_with(b"two\r\n"));
}

#[test]
fn a_moved_file_goes_on_and_another_one_does_not() {
    let first = room("box", &mboxrd(&three()[..2]));
    let (_, _, cursor) = first.read(None);
    let longer = room("box", &mboxrd(&three()));
    assert!(longer.archive().continues(&cursor));
    assert!(!longer.archive().read(Some(&cursor)).unwrap().from_the_start());
    let other = room("box", &mboxrd(&[mail("4@x").bytes()]));
    for cursor in [cursor.as_str(), "", "mbox:", "mbox:9:a:1:b", "git:abc"] {
        assert!(!other.archive().continues(cursor), "{cursor}");
        assert!(other.archive().read(Some(cursor)).unwrap().from_the_start());
    }
}

#[test]
fn a_long_file_is_entered_where_the_cursor_points() {
    let mails: Vec<_> = (0..2_000).map(|n| mail(&format!("{n}@x")).bytes()).collect();
    let room = room("box", &mboxrd(&mails[..1_999]));
    let (_, _, cursor) = room.read(None);
    room.append(&mboxrd(&mails[1_999..]));
    let (new, _, end) = room.read(Some(&cursor));
    assert_eq!(new.iter().map(|mail| &mail.bytes).collect::<Vec<_>>(), [&mails[1_999]]);
    assert_eq!(end, room.read(None).2);
}

#[test]
fn a_file_that_became_shorter_is_read_again() {
    let whole = mboxrd(&three());
    let room = room("box", &whole);
    let (_, _, cursor) = room.read(None);
    fs::write(&room.path, mboxrd(&three()[..2])).unwrap();
    assert!(room.archive().read(Some(&cursor)).unwrap().from_the_start());
    assert_eq!(room.read(Some(&cursor)).0.len(), 2);
}

/// Pieces of mboxes, well formed and not.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        &b"From a Mon Apr 10 08:05:00 2023\n"[..],
        b"From a Mon Apr 10 08:05:00 2023\nContent-Length: 7\n\nFrom x\n",
        b"Content-Length: 4\n\n",
        b"Content-Length: 30\r\n",
        b"From ",
        b"From b\n",
        b"\n",
        b"\r\n",
        b">",
        b"To: y\n",
        b"some words\n",
        b"\xff",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Where each mail begins, and the mail.
fn placed(mails: Vec<RawMail>) -> Vec<(u64, Vec<u8>)> {
    let offset = |mail: &RawMail| match mail.place {
        Place::Byte(_, offset) => offset,
        _ => panic!("{}", mail.place),
    };
    mails.into_iter().map(|mail| (offset(&mail), mail.bytes)).collect()
}

proptest! {
    #[test]
    fn writing_and_reading_is_the_identity(
        texts in prop::collection::vec("(>{0,2}From |[a-z]{1,5}|\n){0,20}", 1..6),
        stop in 0_usize..6,
    ) {
        let mails: Vec<Vec<u8>> =
            texts.iter().map(|body| mail("x@x").body(&format!("{body}.\n")).bytes()).collect();
        let room = room("box", &mboxrd(&mails));
        let mut reader = room.archive().read(None).unwrap();
        let before: Vec<_> = reader.by_ref().take(stop).map(|item| bytes(item.unwrap())).collect();
        let after = room.read(Some(&reader.cursor())).0.into_iter().map(|mail| mail.bytes);
        let all: Vec<_> = before.into_iter().chain(after).collect();
        prop_assert_eq!(all, mails);
    }

    #[test]
    fn no_file_panics(content in pieces(), noise in prop::collection::vec(any::<u8>(), 0..200)) {
        for content in [content, [b"From ", noise.as_slice()].concat(), noise] {
            let room = room("box", &content);
            let Ok(found) = discover(&room.path, &Hints::default()) else { continue };
            let mails: Vec<_> = found[0].read(None).unwrap().map(|item| bytes(item.unwrap())).collect();
            prop_assert!(mails.iter().all(|mail| !mail.trim_ascii().is_empty()));
            prop_assert!(mails.iter().map(Vec::len).sum::<usize>() <= content.len());
        }
    }

    #[test]
    fn a_file_that_grows_yields_the_same_as_at_once(content in pieces(), cut in 0.0..1.0) {
        let content = [b"From a Mon Apr 10 08:05:00 2023\n", content.as_slice()].concat();
        let cut = ((content.len() as f64) * cut) as usize;
        let grown = room("box", &content[..cut.max(6)]);
        let (before, _, cursor) = grown.read(None);
        grown.append(&content[cut.max(6)..]);
        let after = placed(grown.read(Some(&cursor)).0);
        let whole = placed(room("box", &content).read(None).0);
        // What the second reading begins with replaces what the first one saw there; the last mail
        // of a file that is cut in a `From ` line may turn out to be none.
        let again = after.first().map_or(u64::MAX, |(offset, _)| *offset);
        let is_none = |at: u64| cursor.starts_with(&format!("mbox:{at}:")) && whole.iter().all(|m| m.0 != at);
        let kept = placed(before).into_iter().filter(|(at, _)| *at < again && !is_none(*at));
        let all: Vec<_> = kept.chain(after).collect();
        prop_assert_eq!(all, whole);
    }
}
