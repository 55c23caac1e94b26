//! What people are called, and whom they work for, as their own mails say it.

use lorecast_mail::{trailer_person, trailers};
use lorecast_model::{Employers, Mailbox, Message, MessageId};

/// A person's name as the mail spells it, without the `via …` that lists and relays add, the
/// employer behind it and the quotes around it; `Last, First` is turned round.
pub(crate) fn name(from: &Mailbox) -> String {
    own_name(from.called())
}

/// The same of what somebody is called.
pub(crate) fn own_name(called: &str) -> String {
    let called = called.trim();
    let own = called.split(" via ").next().unwrap_or(called);
    let own = own.split_whitespace().collect::<Vec<_>>().join(" ");
    let own = unquoted(&own);
    let own = match remark(own) {
        Some((role, person)) if is_role(role, person) => person,
        Some((name, _)) => name,
        None => own,
    };
    in_order(own)
}

/// The sender of a mail: the name in its `From`, else the one that a trailer of the mail gives to
/// the same address, else the part of the address before the `@`.
pub(crate) fn sender(message: &Message) -> String {
    spelt(message).unwrap_or_else(|| name(&message.header.from))
}

/// The sender's name, and the message that gives it: this one, or another of the same sender.
pub(crate) fn sender_among(message: &Message, others: &[Message]) -> (String, MessageId) {
    let own = std::iter::once(message);
    let same = |other: &&Message| other.header.from.email == message.header.from.email;
    let found =
        own.chain(others.iter().filter(same).take(MOST_READ)).find_map(|m| Some((spelt(m)?, m)));
    match found {
        Some((name, by)) => (name, by.header.id.clone()),
        None => (name(&message.header.from), message.header.id.clone()),
    }
}

/// So many mails of a sender are read for a name.
const MOST_READ: usize = 12;

/// A name that is more than a part of the address.
fn spelt(message: &Message) -> Option<String> {
    let from = &message.header.from;
    let is_name = |name: &String| !name.is_empty() && !name.contains('@');
    if let Some(own) = Some(own_name(&from.name)).filter(is_name) {
        return Some(own);
    }
    let people = trailers(&message.text).into_iter().map(|t| trailer_person(&t.value));
    let own = |person: &Mailbox| person.email.eq_ignore_ascii_case(&from.email);
    people.filter(own).map(|person| own_name(&person.name)).find(is_name)
}

/// The employer that a mail's sender writes behind the own name, `Ann Vogel (Example)`, else the one
/// that the show's own list gives for the address. Nothing is guessed.
pub(crate) fn employer(from: &Mailbox, employers: &Employers) -> Option<String> {
    let called = from.name.split(" via ").next().unwrap_or_default();
    let called = called.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = remark(unquoted(&called))
        .filter(|(name, remark)| !is_role(name, remark))
        .and_then(|(_, remark)| organisation(remark, from));
    said.or_else(|| employers.of(&from.email).map(str::to_owned))
}

/// `Ann Vogel (Example)`: the name, and what stands in parentheses at its end.
fn remark(called: &str) -> Option<(&str, &str)> {
    let (name, rest) = called.rsplit_once(" (")?;
    let remark = rest.strip_suffix(')')?;
    (!name.trim().is_empty() && !remark.contains('(')).then_some((name.trim(), remark.trim()))
}

/// `Widget bug tracking (Ann Vogel)`: no name before the parentheses, but one inside.
fn is_role(role: &str, person: &str) -> bool {
    const PARTICLES: [&str; 24] = [
        "von", "van", "de", "da", "der", "den", "del", "della", "di", "do", "dos", "du", "la",
        "le", "el", "al", "bin", "ibn", "ben", "ten", "ter", "zu", "y", "i",
    ];
    let small = |word: &str| word.starts_with(|c: char| c.is_lowercase());
    let words = |text: &str| text.split(' ').filter(|w| !PARTICLES.contains(w)).count();
    let no_name = role.split(' ').count() > 1
        && role.split(' ').any(|word| small(word) && !PARTICLES.contains(&word));
    no_name && words(person) >= 2 && person.split(' ').all(|w| !small(w) || PARTICLES.contains(&w))
}

/// What mail systems and people write there that is no employer.
const NO_EMPLOYER: [&str; 16] = [
    "linux",
    "oss",
    "ext",
    "external",
    "extern",
    "contractor",
    "consultant",
    "work",
    "home",
    "private",
    "personal",
    "mail",
    "lists",
    "kernel",
    "new",
    "retired",
];

/// A remark that names an organisation: one to four words in Latin letters, the first one with a
/// capital, and no nickname, which the address has as well.
fn organisation(remark: &str, from: &Mailbox) -> Option<String> {
    let named = remark.split([',', '/']).next().unwrap_or(remark);
    let named = named.split(" - ").next().unwrap_or(named).trim();
    let latin = named.chars().all(|c| (c as u32) < 0x250 && !c.is_control());
    let words = named.split(' ').count();
    let capital = named.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let known = NO_EMPLOYER.contains(&named.to_lowercase().as_str());
    let account = from.email.split('@').next().unwrap_or_default().to_lowercase();
    let nickname = account.split(['.', '-', '_', '+']).any(|part| part == named.to_lowercase());
    (latin && capital && words <= 4 && named.len() <= 40 && !known && !nickname)
        .then(|| named.to_owned())
}

fn unquoted(name: &str) -> &str {
    let inner = |quote: char| name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('\'').or_else(|| inner('"')).unwrap_or(name).trim()
}

/// `Vogel, Ann M.` is Ann M. Vogel; `Tom Smith, Jr.` stays.
fn in_order(name: &str) -> String {
    const SUFFIXES: [&str; 8] = ["jr", "jr.", "sr", "sr.", "ii", "iii", "phd", "esq."];
    match name.split_once(',') {
        Some((last, first)) if !first.contains(',') => {
            let (last, first) = (last.trim(), first.trim());
            let turned = !last.is_empty()
                && !first.is_empty()
                && first.split(' ').count() <= 3
                && !SUFFIXES.contains(&first.to_lowercase().as_str());
            if turned { format!("{first} {last}") } else { name.to_owned() }
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, email: &str) -> String {
        let from = Mailbox { name: name.to_owned(), email: email.to_owned() };
        let list = [("vendor.example".to_owned(), "Vendor".to_owned())];
        let employers = Employers { domains: list.into(), ..Employers::default() };
        let employer = employer(&from, &employers);
        format!("{} | {}", super::name(&from), employer.as_deref().unwrap_or("-"))
    }

    #[test]
    fn names_and_employers_are_told_apart() {
        for (name, email, told) in [
            ("Ann Vogel", "ann@home.example", "Ann Vogel | -"),
            ("Ann Vogel (Widgets)", "ann@home.example", "Ann Vogel | Widgets"),
            ("Ann Vogel (Widgets - DE/Ulm)", "a@x.example", "Ann Vogel | Widgets"),
            ("Vogel, Ann M.", "ann@vendor.example", "Ann M. Vogel | Vendor"),
            ("Vogel, Ann (Widgets)", "ann@x.example", "Ann Vogel | Widgets"),
            ("Tom Abel, Jr.", "tom@dev.vendor.example", "Tom Abel, Jr. | Vendor"),
            ("'Ann Vogel' via the-list", "list@lists.example", "Ann Vogel | -"),
            ("Ann Vogel (LINUX)", "ann@x.example", "Ann Vogel | -"),
            ("Ann Vogel (Birdie)", "birdie@x.example", "Ann Vogel | -"),
            ("Ann (Birdie) Vogel", "ann@x.example", "Ann (Birdie) Vogel | -"),
            ("Widget bug tracking (Ann Vogel)", "bugs@x.example", "Ann Vogel | -"),
            ("Ann von Vogel (Big Widgets)", "ann@x.example", "Ann von Vogel | Big Widgets"),
            ("Ann Vogel (安)", "ann@x.example", "Ann Vogel | -"),
            ("", "avogel@x.example", "avogel | -"),
        ] {
            assert_eq!(check(name, email), told, "{name} <{email}>");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_mail_calls_somebody_is_read(name in "\\PC{0,60}", email in "\\PC{0,20}") {
            check(&name, &email);
        }
    }
}
