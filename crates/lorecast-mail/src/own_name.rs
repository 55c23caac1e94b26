//! What somebody is called, apart from everything else that mails put into a display name.

use crate::{harmless, organisation};
use lorecast_model::Mailbox;

/// How long a name may be, in characters; what is longer is no name, and is cut.
const LONGEST: usize = 100;
/// How much of a display name is looked at, in characters.
const LOOKED_AT: usize = 1000;
/// How many remarks in parentheses are read behind a name.
const REMARKS: usize = 3;

/// A person's own name, out of what a mail calls them: without the `via …` that lists and relays
/// add, remarks in parentheses behind it, and quotes; `Last, First` is turned round. Of a role with
/// a person in parentheses, `Widget bug tracking (Ann Vogel)`, it is the person. Letters of every
/// script stay as they are, and so does markup, which is plain text to whoever shows it; control
/// characters and marks that turn the direction of writing go, and what is longer than a name is cut.
pub fn own_name(called: &str) -> String {
    let plain = plain(called);
    let mut own = unquoted(without_via(&plain));
    for _ in 0..REMARKS {
        own = match remark(own) {
            Some((role, person)) if is_role(role, person) => person,
            Some((name, _)) => name,
            None => break,
        };
    }
    let mut name = in_order(own);
    if let Some((end, _)) = name.char_indices().nth(LONGEST) {
        name.truncate(end);
        name.truncate(name.trim_end().len());
    }
    name
}

/// The own name with what else in it is a name: another spelling in parentheses, in another script
/// or beginning with a word of the name, stays (`Vo An (安)`, `Vogel An Li (Annie Vogel)`).
pub(crate) fn spelt_name(called: &str) -> String {
    let plain = plain(called);
    let own = own_name(called);
    let mut called = unquoted(without_via(&plain));
    for _ in 0..REMARKS {
        let Some((name, found)) = remark(called) else { break };
        if !is_role(name, found) && is_spelling(name, found) && own_name(name) == own {
            let room = LONGEST.saturating_sub(own.chars().count() + 3);
            return if found.chars().count() <= room { format!("{own} ({found})") } else { own };
        }
        called = name;
    }
    own
}

/// Whether a remark is the name again: in another script, or with a word in common.
fn is_spelling(name: &str, remark: &str) -> bool {
    let latin = |text: &str| text.chars().any(|c| c.is_alphabetic() && (c as u32) < 0x250);
    let other = |text: &str| text.chars().any(|c| c.is_alphabetic() && (c as u32) >= 0x370);
    let apart = latin(name) != latin(remark) && (other(name) || other(remark));
    let shared = || {
        let mut words = remark.split(' ').filter(|word| word.chars().count() > 1);
        words.any(|word| name.split([' ', ',']).any(|own| own.eq_ignore_ascii_case(word)))
    };
    apart || remark.contains(' ') && shared()
}

/// The employer that somebody writes behind the own name, `Ann Vogel (Example)`, as written there;
/// nothing for nicknames, roles, other spellings of the name, and whatever else people put there.
pub fn employer_in_name(from: &Mailbox) -> Option<String> {
    let plain = plain(&from.name);
    let mut called = unquoted(without_via(&plain));
    for _ in 0..REMARKS {
        let (name, found) = remark(called)?;
        if is_role(name, found) {
            return None;
        }
        let person = Mailbox { name: own_name(name), email: from.email.clone() };
        if let Some(employer) = organisation::in_remark(found, &person) {
            return Some(employer);
        }
        called = name;
    }
    None
}

/// Whether a display name says that something else sent it for somebody, and for whom.
pub(crate) fn sent_for(called: &str) -> Option<&str> {
    let own = without_via(called);
    (own.len() < called.len()).then_some(own)
}

/// One line of at most so many characters that are seen.
fn plain(called: &str) -> String {
    let called = called.char_indices().nth(LOOKED_AT).map_or(called, |(end, _)| &called[..end]);
    let mut line = harmless::line(called);
    line.retain(|c| !is_invisible(c));
    line
}

/// Characters that nobody sees and no script needs: soft hyphens, zero-width spaces, tags.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// `Ann Vogel via the-list`, `Ann Vogel (via the-list)`.
fn without_via(called: &str) -> &str {
    let end = [" via ", " (via "].iter().filter_map(|via| called.find(via)).min();
    end.map_or(called, |end| called[..end].trim_end())
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

fn unquoted(name: &str) -> &str {
    let inner = |quote: char| name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('\'').or_else(|| inner('"')).unwrap_or(name).trim()
}

/// `Vogel, Ann M.` is Ann M. Vogel; `Tom Smith, Jr.` and `Ann Vogel, Example GmbH` stay.
fn in_order(name: &str) -> String {
    const SUFFIXES: [&str; 16] = [
        "jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "ph.d", "md", "m.d.", "esq",
        "esq.", "msc", "cissp",
    ];
    match name.split_once(',') {
        Some((last, first)) if !first.contains(',') => {
            let (last, first) = (last.trim(), first.trim());
            let turned = !last.is_empty()
                && !first.is_empty()
                && first.split(' ').count() <= 3
                && !SUFFIXES.contains(&first.to_lowercase().as_str())
                && !organisation::is_company(first);
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
        let employer = employer_in_name(&from);
        format!("{} | {}", own_name(name), employer.as_deref().unwrap_or("-"))
    }

    #[test]
    fn names_and_employers_are_told_apart() {
        for (name, email, told) in [
            ("Ann Vogel", "ann@home.example", "Ann Vogel | -"),
            ("Ann Vogel (Widgets)", "ann@home.example", "Ann Vogel | Widgets"),
            ("Ann Vogel (Widgets - DE/Ulm)", "a@x.example", "Ann Vogel | Widgets"),
            ("Ann Vogel (Big Widgets Inc.)", "a@x.example", "Ann Vogel | Big Widgets Inc."),
            ("Vogel, Ann M.", "ann@vendor.example", "Ann M. Vogel | -"),
            ("Vogel,Ann", "ann@vendor.example", "Ann Vogel | -"),
            ("Vogel, Ann (Widgets)", "ann@x.example", "Ann Vogel | Widgets"),
            ("Vogel, Ann (Servers)", "ann@x.example", "Ann Vogel | -"),
            ("Tom Abel, Jr.", "tom@dev.vendor.example", "Tom Abel, Jr. | -"),
            ("Ann Vogel, PhD", "ann@x.example", "Ann Vogel, PhD | -"),
            ("Ann Vogel, Widgets GmbH", "ann@x.example", "Ann Vogel, Widgets GmbH | -"),
            ("'Ann Vogel' via the-list", "list@lists.example", "Ann Vogel | -"),
            ("Ann Vogel (via the-list)", "list@lists.example", "Ann Vogel | -"),
            ("Ann Vogel (Widgets) via B4 Relay", "r@x.example", "Ann Vogel | Widgets"),
            ("Ann Vogel (LINUX)", "ann@x.example", "Ann Vogel | -"),
            ("Ann Vogel (man pages)", "ann@x.example", "Ann Vogel | -"),
            ("Ann Vogel (She/Her)", "ann@x.example", "Ann Vogel | -"),
            ("Ann Vogel (Widgets) (she/her)", "ann@x.example", "Ann Vogel | Widgets"),
            ("Ann Vogel (USA)", "ann@x.example", "Ann Vogel | -"),
            ("Ann Vogel (A)", "ann@x.example", "Ann Vogel | -"),
            ("Ann Vogel (Team Lead)", "ann@x.example", "Ann Vogel | -"),
            ("Ann Vogel (Birdie)", "birdie@x.example", "Ann Vogel | -"),
            ("Annvogel (BirdHouse)", "bird.ann@x.example", "Annvogel | -"),
            ("Annvogel (Widgets)", "ann@widgets.example", "Annvogel | Widgets"),
            ("Ann Vogel (Scott)", "ann@x.example", "Ann Vogel | -"),
            ("Vogel Ann (Annie Vogel)", "ann@x.example", "Vogel Ann | -"),
            ("Ann (Birdie) Vogel", "ann@x.example", "Ann (Birdie) Vogel | -"),
            ("Widget bug tracking (Ann Vogel)", "bugs@x.example", "Ann Vogel | -"),
            ("Widget bug tracking #update (Ann Vogel)", "bugs@x.example", "Ann Vogel | -"),
            ("Ann von Vogel (Big Widgets)", "ann@x.example", "Ann von Vogel | Big Widgets"),
            ("Ann Vogel (安)", "ann@x.example", "Ann Vogel | -"),
            ("安 (An Vo)", "ann@x.example", "安 | -"),
            ("安小鸟 Xiaoniao An", "an@x.example", "安小鸟 Xiaoniao An | -"),
            ("Ånn Vôgel-Ðø", "ann@x.example", "Ånn Vôgel-Ðø | -"),
            ("", "avogel@x.example", " | -"),
        ] {
            assert_eq!(check(name, email), told, "{name} <{email}>");
        }
    }

    #[test]
    fn hostile_names_are_plain_and_short() {
        assert_eq!(own_name("A\u{202e}n\u{7}n <b>Vo\u{200b}gel</b>\r\n"), "Ann <b>Vogel</b>");
        assert_eq!(own_name(&"安".repeat(10_000)).chars().count(), LONGEST);
    }

    #[test]
    fn other_spellings_stay_with_the_name_of_a_writer() {
        for (called, told) in [
            ("Vo An (安)", "Vo An (安)"),
            ("安 (Vo An)", "安 (Vo An)"),
            ("Vogel An Li (Annie Vogel)", "Vogel An Li (Annie Vogel)"),
            ("\"Vogel, Ann (安)\" via the-list", "Ann Vogel (安)"),
            ("Ann Vogel (Widgets)", "Ann Vogel"),
            ("Ann Vogel (安) (Widgets)", "Ann Vogel (安)"),
            ("Widget bug tracking (Ann Vogel)", "Ann Vogel"),
            ("Ann Vogel", "Ann Vogel"),
        ] {
            assert_eq!(spelt_name(called), told, "{called}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_mail_calls_somebody_is_read(name in "\\PC{0,60}", email in "\\PC{0,20}") {
            check(&name, &email);
        }

        #[test]
        fn a_plain_name_is_kept(name in "\\p{Lu}\\p{Ll}{1,8} \\p{Lu}\\p{Ll}{1,8}") {
            proptest::prop_assert_eq!(own_name(&name), name);
        }
    }
}
