//! Whatever two revisions say, a mark of the old one is carried to a place where it is found again, or
//! outdated; and it stays where it is when nothing changed. The first two bytes say what is marked; mails
//! are parted by lines of `%%`, the revisions by one of `====`.

use lorecast_mail::{Arrival, parse};
use lorecast_model::{Mark, Message};
use lorecast_tracker::marks::{Carrier, body, place};

/// More mails are no other revision.
const MOST: usize = 6;

pub fn check(bytes: &[u8]) {
    let (Some(&start), Some(&length)) = (bytes.first(), bytes.get(1)) else { return };
    let text = String::from_utf8_lossy(&bytes[2..]);
    let (before, after) = text.split_once("\n====\n").unwrap_or((&text, ""));
    let (before, after) = (mails(before), mails(after));
    let (same, next) = (Carrier::new(&before, &before), Carrier::new(&before, &after));
    for mail in &before {
        let text = body(mail);
        let start = usize::from(start) * 2;
        let Ok(mark) = Mark::of(&text, start..start + usize::from(length)) else { continue };
        assert_eq!(place(&mark, &text), Some(start..start + usize::from(length)), "lost at home");
        let stays = same.carry(&mail.header.id, &mark).map(|carried| carried.mark);
        assert_eq!(stays.as_ref(), Some(&mark), "it moved though nothing did");
        let Some(carried) = next.carry(&mail.header.id, &mark) else { continue };
        let to = after.iter().find(|mail| mail.header.id == carried.message).expect("it is held");
        let position = carried.mark.position();
        let there = place(&carried.mark, &body(to));
        assert_eq!(there, Some(position.start..position.end), "lost where it was carried");
    }
}

/// The mails of a revision, each with an id of its own.
fn mails(text: &str) -> Vec<Message> {
    let mails = text.split("\n%%\n").take(MOST).enumerate();
    let mail = |(number, text): (usize, &str)| {
        let text = format!("Message-ID: <{number}@carry.example>\n{text}");
        parse(text.as_bytes(), &Arrival::default())
    };
    mails.map(mail).collect()
}
