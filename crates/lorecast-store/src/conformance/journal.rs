//! What every journal must do.

use std::io::Read;

use crate::journal::{Appended, Journal, JournalError, LONGEST_ATTACHMENT, Line, copy, go_on};

/// One promise of a journal, and how to check it: each gets an empty one and a way to open another empty one.
pub type JournalCase = (&'static str, fn(&mut dyn Journal, &mut dyn Journal));

/// Every case.
pub const JOURNAL_CASES: &[JournalCase] = &[
    ("lines come back in order", in_order),
    ("lines are kept all or not at all, behind the last one", behind),
    ("lines can be replaced", replaced),
    ("any text is kept", any_text),
    ("what is attached comes back, whole or not at all", attached),
    ("a copy is the same, and goes into an empty journal only", copied),
];

/// Runs every case on journals of its own.
///
/// # Panics
/// When the engine fails a case.
pub fn run_journal(open: &dyn Fn() -> Box<dyn Journal>) {
    let mut failed = Vec::new();
    for (name, case) in JOURNAL_CASES {
        let (mut one, mut other) = (open(), open());
        let attempt = std::panic::AssertUnwindSafe(|| case(one.as_mut(), other.as_mut()));
        if std::panic::catch_unwind(attempt).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().copied().map(str::to_owned).collect()
}

fn in_order(journal: &mut dyn Journal, _: &mut dyn Journal) {
    assert_eq!(journal.lines(0, 10).unwrap(), []);
    assert_eq!(journal.append(0, &texts(&["a", "b"])).unwrap(), Appended::Kept);
    assert_eq!(journal.append(2, &texts(&["c"])).unwrap(), Appended::Kept);
    assert_eq!(journal.append(3, &[]).unwrap(), Appended::Kept);
    let all = [Line::new(1, "a"), Line::new(2, "b"), Line::new(3, "c")];
    assert_eq!(journal.lines(0, 10).unwrap(), all);
    assert_eq!(journal.lines(1, 1).unwrap(), all[1..2]);
    assert_eq!(journal.lines(3, 10).unwrap(), []);
    assert_eq!(journal.lines(u64::MAX, usize::MAX).unwrap(), []);
}

fn behind(journal: &mut dyn Journal, _: &mut dyn Journal) {
    journal.append(0, &texts(&["a"])).unwrap();
    assert_eq!(journal.append(0, &texts(&["b", "c"])).unwrap(), Appended::Behind);
    assert_eq!(journal.append(2, &texts(&["b", "c"])).unwrap(), Appended::Behind);
    assert_eq!(journal.lines(0, 10).unwrap(), [Line::new(1, "a")]);
    assert_eq!(journal.append(1, &texts(&["b"])).unwrap(), Appended::Kept);
}

fn replaced(journal: &mut dyn Journal, _: &mut dyn Journal) {
    journal.append(0, &texts(&["a", "b", "c"])).unwrap();
    journal.replace(&[Line::new(1, "x"), Line::new(3, "z"), Line::new(9, "nothing")]).unwrap();
    let all = [Line::new(1, "x"), Line::new(2, "b"), Line::new(3, "z")];
    assert_eq!(journal.lines(0, 10).unwrap(), all);
}

fn any_text(journal: &mut dyn Journal, _: &mut dyn Journal) {
    let odd = ["", "'; DROP TABLE line; --", "\u{1f980}\u{202e}\n\t", "x".repeat(1 << 20).as_str()]
        .map(str::to_owned);
    journal.append(0, &odd).unwrap();
    let back: Vec<String> =
        journal.lines(0, 10).unwrap().into_iter().map(|line| line.text).collect();
    assert_eq!(back, odd);
}

fn bytes(journal: &mut dyn Journal, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    journal.attachment(name, &mut bytes).unwrap().then_some(bytes)
}

/// Comes to nothing in the middle.
struct Broken(u64);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(std::io::ErrorKind::ConnectionReset)?;
        buffer.fill(1);
        Ok(buffer.len())
    }
}

fn attached(journal: &mut dyn Journal, _: &mut dyn Journal) {
    let long: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    journal.attach("b'; --", &mut long.as_slice()).unwrap();
    journal.attach("a", &mut [1].as_slice()).unwrap();
    journal.attach("a", &mut [].as_slice()).unwrap();
    assert_eq!(journal.attachments().unwrap(), ["a", "b'; --"]);
    assert_eq!(bytes(journal, "b'; --"), Some(long));
    assert_eq!(bytes(journal, "a"), Some(vec![]));
    assert!(journal.attach("a", &mut Broken(5)).is_err());
    let endless = journal.attach("a", &mut std::io::repeat(1).take(LONGEST_ATTACHMENT + 9));
    assert!(endless.unwrap_err().is_full());
    assert_eq!(bytes(journal, "a"), Some(vec![]), "it is as it was");
    journal.detach("a").unwrap();
    journal.detach("nothing").unwrap();
    assert_eq!((bytes(journal, "a"), journal.attachments().unwrap().len()), (None, 1));
}

fn copied(journal: &mut dyn Journal, other: &mut dyn Journal) {
    let many: Vec<String> = (0..2_500).map(|at| at.to_string()).collect();
    journal.append(0, &many).unwrap();
    journal.attach("voice", &mut [7, 8, 9].as_slice()).unwrap();
    let copied = copy(journal, other, "there").unwrap();
    assert_eq!((copied.lines, copied.attachments), (2_500, 1));
    assert_eq!(bytes(other, "voice"), Some(vec![7, 8, 9]));
    assert_eq!(other.lines(0, 3_000).unwrap(), journal.lines(0, 3_000).unwrap());
    let again = copy(journal, other, "there");
    assert!(matches!(again, Err(JournalError::NotEmpty { place }) if place == "there"));
    // As one that was stopped before the recordings leaves it.
    other.detach("voice").unwrap();
    journal.append(2_500, &["more".to_owned()]).unwrap();
    let more = go_on(journal, other, "there").unwrap();
    assert_eq!((more.lines, more.attachments), (2_501, 1));
    assert_eq!(bytes(other, "voice"), Some(vec![7, 8, 9]));
    other.append(2_501, &["of others".to_owned()]).unwrap();
    let apart = go_on(journal, other, "there");
    assert!(matches!(apart, Err(JournalError::NotEmpty { place }) if place == "there"));
}
