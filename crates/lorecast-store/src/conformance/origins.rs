//! Where messages come from, and several of one id.

use lorecast_model::{BlobId, ContentHash, Defect, LonerKey, Mailbox};

use super::Case;
use super::build::*;
use crate::{Batch, Entry, Found, Raw, SourceKey, Store, Words};

pub(super) const CASES: &[Case] = &[
    ("raw bytes come back, or where they are", raw_bytes),
    ("raw bytes stay when one of two archives drops a mail", raw_of_two),
    ("every list says when a message arrived", arrivals),
    ("different mails of one id are all kept", variants),
    ("whichever copy came first, the date is the same", dates),
    ("an archive that moved keeps its place", moved),
    ("messages without references are found by subject", loners),
];

fn raw_bytes(store: &mut dyn Store) {
    let bytes = b"From: x\r\n\r\n\xff\0raw\n".to_vec();
    let found = Found { received: None, raw: Raw::Bytes(bytes.clone()), alone: vec![] };
    let mut kept = batch(&[mail("kept", 0), mail("in-git", 1)]);
    kept.entries[0] = Entry::new(mail("kept", 0), Words::default(), found);
    store.commit(&kept).unwrap();
    let original = &store.originals(&id("kept")).unwrap()[0];
    assert_eq!(original.bytes, Some(bytes));
    assert_eq!(original.places, [(source(), None)]);
    let original = &store.originals(&id("in-git")).unwrap()[0];
    assert_eq!(
        (&original.bytes, original.places.as_slice()),
        (&None, &[(source(), Some(BlobId([7; 20])))][..])
    );
    assert!(store.originals(&id("nobody")).unwrap().is_empty());
    assert_eq!(store.sources().unwrap(), [source()]);
}

fn raw_of_two(store: &mut dyn Store) {
    let bytes = b"raw\n".to_vec();
    let in_git = mail("a", 0);
    let mut copy = batch(std::slice::from_ref(&in_git));
    store.commit(&copy).unwrap();
    let found = Found { received: None, raw: Raw::Bytes(bytes.clone()), alone: vec![] };
    copy.source = SourceKey("/mbox".to_owned());
    copy.entries[0] = Entry::new(in_git.clone(), Words::default(), found);
    assert_eq!(store.commit(&copy).unwrap().known, 1);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    store.commit(&Batch { removals: vec![removal(&in_git)], ..batch(&[]) }).unwrap();
    assert_eq!(store.originals(&id("a")).unwrap()[0].bytes, Some(bytes));
}

fn arrivals(store: &mut dyn Store) {
    let mut copy = mail("a", 0);
    store.commit(&batch(&[copy.clone()])).unwrap();
    copy.header.lists = vec![list("two.lists.example")];
    let mut late = batch(&[copy.clone()]);
    late.entries[0].received = Some(minute(9));
    store.commit(&Batch { source: SourceKey("/other".to_owned()), ..late }).unwrap();
    let expected = [
        (list("one.lists.example"), Some(minute(1))),
        (list("two.lists.example"), Some(minute(9))),
    ];
    assert_eq!(store.originals(&id("a")).unwrap()[0].arrivals, expected);
}

fn variants(store: &mut dyn Store) {
    let (one, other) = (mail("a", 0), variant("a", 5));
    store.commit(&batch(&[other.clone(), one.clone()])).unwrap();
    let kept = store.messages(&id("a")).unwrap();
    let contents: Vec<ContentHash> = kept.iter().map(|message| message.content).collect();
    assert_eq!(contents, [one.content, other.content]);
    assert!(kept.iter().all(|message| message.header.defects == [Defect::SharedId]));
    assert_eq!(store.message(&id("a")).unwrap().unwrap().text, one.text, "the earliest");
    assert_eq!(store.originals(&id("a")).unwrap().len(), 2);
    assert_eq!(store.thread(&id("a")).unwrap().unwrap().1.len(), 2);
    assert_eq!(store.commit(&batch(&[one, other])).unwrap().known, 2);
}

fn dates(store: &mut dyn Store) {
    let copy = |name: &str, minutes, defects: &[Defect]| {
        let mut copy = mail(name, minutes);
        copy.header.defects = defects.to_vec();
        copy
    };
    let copies = [
        ("a", [copy("a", 7, &[Defect::DateOff]), copy("a", 3, &[])]),
        ("b", [copy("b", 3, &[]), copy("b", 7, &[Defect::DateOff])]),
        ("c", [copy("c", 7, &[Defect::BadDate]), copy("c", 3, &[Defect::BadDate])]),
        ("d", [copy("d", 3, &[Defect::BadDate]), copy("d", 7, &[Defect::BadDate])]),
    ];
    for (name, copies) in copies {
        for copy in copies {
            keep_apart(store, &[copy]);
        }
        let header = store.message(&id(name)).unwrap().unwrap().header;
        assert_eq!(header.date, minute(3), "{name}");
        assert_eq!(header.defects.is_empty(), matches!(name, "a" | "b"), "{name}");
    }
}

fn moved(store: &mut dyn Store) {
    store.commit(&batch(&[mail("a", 0)])).unwrap();
    let elsewhere = SourceKey("/elsewhere".to_owned());
    store.rename_source(&source(), &elsewhere).unwrap();
    assert_eq!(store.cursor(&elsewhere).unwrap().as_deref(), Some("1"));
    assert_eq!(store.cursor(&source()).unwrap(), None);
    assert_eq!(store.originals(&id("a")).unwrap()[0].places[0].0, elsewhere);
    // A name that is taken is not taken twice.
    store.commit(&batch(&[mail("b", 0)])).unwrap();
    store.rename_source(&source(), &elsewhere).unwrap();
    assert_eq!(store.sources().unwrap(), [source(), elsewhere].map(|key| key));
}

fn loners(store: &mut dyn Store) {
    let mut asked = mail("a", 0);
    asked.to = vec![person("Grace")];
    asked.cc = vec![Mailbox::default()];
    let mut kept = batch(&[asked.clone(), mail("b", 1)]);
    kept.entries[0].alone = vec![LonerKey(-5), LonerKey(6)];
    store.commit(&kept).unwrap();
    assert_eq!(store.alone(LonerKey(6), span(0, 1)).unwrap().len(), 1);
    let found = store.alone(LonerKey(-5), span(0, 1)).unwrap();
    assert!(store.alone(LonerKey(-5), span(1, 9)).unwrap().is_empty());
    assert!(store.alone(LonerKey(4), span(0, 9)).unwrap().is_empty());
    assert_eq!(names(found.iter().map(|loner| &loner.header.id)), "a");
    assert_eq!(found[0].recipients, [person("Grace"), Mailbox::default()]);
}
