//! `messages --raw`: the mail byte for byte, as its archive keeps it.

use lorecast_testkit::mailbox::{MailText, counted, mboxcl2, mboxo, mboxrd};
use lorecast_testkit::packed::zst;
use lorecast_testkit::{inbox, maildir};

use crate::show::feed;
use crate::world::{World, dated};

/// Mails that are easily changed on the way, each also without its last line end; the number of
/// each is its id.
fn hard() -> Vec<Vec<u8>> {
    let plain = |number: usize| dated(&format!("{number}@x"), number);
    let forms: [fn(MailText) -> Vec<u8>; 6] = [
        |mail| mail.body("One.\r\nTwo.\r\n").bytes(),
        |mail| mail.text().replace('\n', "\r\n").into_bytes(),
        |mail| [mail.bytes(), b"Gr\xfc\xdfe, \x80\xff.\n".to_vec()].concat(),
        |mail| mail.body("From here on\n\nFrom there on\n\n\n").bytes(),
        |mail| mail.body("\u{1b}[2J\u{c}\0 and \rbare\n").bytes(),
        |mail| mail.body(&"The quick brown fox jumps on.\n".repeat(66_000)).bytes(),
    ];
    let whole = forms.iter().enumerate().map(|(number, form)| form(plain(number)));
    let cut = forms[..5].iter().enumerate().map(|(number, form)| {
        let mut mail = form(plain(number + forms.len()));
        mail.truncate(mail.len() - 1);
        mail
    });
    whole.chain(cut).collect()
}

/// The hard mails in an archive made in this way, read back.
fn check(args: &[&str], make: impl Fn(&World, &[Vec<u8>]), kept: impl Fn(Vec<u8>) -> Vec<u8>) {
    let world = World::new();
    make(&world, &hard());
    world.done(&[&["ingest"], args].concat());
    check_held(&world, kept);
}

fn check_held(world: &World, kept: impl Fn(Vec<u8>) -> Vec<u8>) {
    for (number, mail) in hard().into_iter().map(kept).enumerate() {
        let mut command = world.command(&["messages", "--raw", &format!("{number}@x")]);
        let got = command.output().unwrap().stdout;
        let shown = |bytes| String::from_utf8_lossy(bytes).chars().take(300).collect::<String>();
        assert!(got == mail, "{:?} instead of {:?}", shown(&got), shown(&mail));
    }
}

/// Each mail in a file of its own.
fn each(mails: &[Vec<u8>], write: impl Fn(usize, &[u8])) {
    mails.iter().enumerate().for_each(|(number, mail)| write(number, mail));
}

/// An mbox cannot tell whether its last line had an end.
fn ended(mail: Vec<u8>) -> Vec<u8> {
    if mail.ends_with(b"\n") { mail } else { [mail, b"\n".to_vec()].concat() }
}

#[test]
fn of_git() {
    check(&["a.git"], |w, mails| inbox::build(&w.path("a.git"), mails), |mail| mail);
    check(&["a.git"], |w, mails| inbox::build_v1(&w.path("a.git"), mails), |mail| mail);
}

#[test]
fn of_a_maildir_and_of_single_mails() {
    let deliver = |w: &World, number: usize, mail: &[u8]| {
        maildir::deliver(&w.path("M"), "cur", &format!("{number}:2,S"), mail);
    };
    check(&["M"], |w, mails| each(mails, |n, mail| deliver(w, n, mail)), |mail| mail);
    let write = |w: &World, number: usize, mail: &[u8]| {
        w.write(&format!("all/{number}.eml"), mail);
    };
    check(&["all"], |w, mails| each(mails, |n, mail| write(w, n, mail)), |mail| mail);
}

#[test]
fn of_mbox_files() {
    check(&["a.mbox"], |w, mails| drop(w.write("a.mbox", &mboxrd(mails))), ended);
    let o = &["a.mbox", "--escapes", "mboxo"];
    check(o, |w, mails| drop(w.write("a.mbox", &mboxo(mails))), ended);
    check(&["a.zst"], |w, mails| drop(w.write("a.zst", &zst(&mboxrd(mails)))), ended);
}

/// The field that counts is part of the mail.
#[test]
fn of_mbox_files_that_count() {
    let make = |w: &World, mails: &[Vec<u8>]| {
        let countable = mails.iter().filter(|mail| mail.windows(2).any(|two| two == b"\n\n"));
        w.write("a.mbox", &mboxcl2(&countable.collect::<Vec<_>>()));
        let rest = mails.iter().filter(|mail| !mail.windows(2).any(|two| two == b"\n\n"));
        inbox::build(&w.path("rest.git"), &rest.collect::<Vec<_>>());
    };
    check(&["a.mbox", "rest.git"], make, |mail| match mail.windows(2).any(|two| two == b"\n\n") {
        true => ended(counted(&mail)),
        false => mail,
    });
}

#[test]
fn of_standard_input() {
    let world = World::new();
    for mail in hard() {
        feed(&mut world.command(&["ingest", "-"]), &mail);
    }
    check_held(&world, |mail| mail);
}
