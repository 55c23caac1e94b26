//! Whether a program sent a mail. What programs are known by stands in `robots.txt`.

use std::sync::LazyLock;

use lorecast_model::Mailbox;

use crate::charset;
use crate::fields::Fields;

/// Whether a program sends from this mailbox: `…-bot@`, `lkp@`, "kernel test robot", "… bot". Of
/// people who run one nobody is listed: what they send by hand is theirs. People whose names or
/// nicknames end in "bot" (Talbot, Jan Bot, talbot) are none, nor are those whose account is called
/// like a program's (Gerrit).
pub fn is_robot(from: &Mailbox) -> bool {
    is_address(&from.email, &from.name) || is_name(&from.name)
}

/// Whether a program sent this mail: one that [`is_robot`] knows, or one that leaves a mark in a
/// header or writes its notices under a subject that nobody else uses, in whosever name.
pub(crate) fn sent_by_robot(fields: &Fields<'_>, from: &Mailbox, subject: &str) -> bool {
    let nameless = from.name.is_empty() || from.name == from.email;
    is_robot(from)
        || nameless && RULES.nameless.iter().any(|rule| matches(rule, &from.email))
        || is_notice(subject)
        || fields.each().any(|(name, value)| is_mark(name, value))
}

/// The rules of `robots.txt`, patterns in lower case.
#[derive(Default)]
struct Rules {
    senders: Vec<&'static str>,
    nameless: Vec<&'static str>,
    names: Vec<Vec<&'static str>>,
    accounts: Vec<&'static str>,
    machines: Vec<&'static str>,
    marks: Vec<(&'static str, &'static str)>,
    subjects: Vec<&'static str>,
    /// The letters of the headers of marks at [`PLACES`], a bit each: most headers are passed over
    /// by them.
    letters: [u32; PLACES.len()],
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let (rules, odd) = read(include_str!("robots.txt"));
    debug_assert!(odd.is_empty(), "no rule: {odd:?}");
    rules
});

/// Reads rules, and returns the lines that are none.
fn read(text: &'static str) -> (Rules, Vec<&'static str>) {
    let mut rules = Rules::default();
    let mut odd = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((kind, rule)) = line.split_once(' ').map(|(kind, rule)| (kind, rule.trim()))
        else {
            odd.push(line);
            continue;
        };
        match kind {
            "sender" if rule.contains('@') => rules.senders.push(rule),
            "account" if rule.contains('@') => rules.accounts.push(rule),
            "nameless" if rule.contains('@') => rules.nameless.push(rule),
            "name" if words(rule).next().is_some() => rules.names.push(words(rule).collect()),
            "machine" => rules.machines.push(rule),
            "subject" => rules.subjects.push(rule),
            "mark" => match rule.split_once(": ") {
                Some(mark) => rules.marks.push(mark),
                None => odd.push(line),
            },
            _ => odd.push(line),
        }
    }
    for (header, _) in &rules.marks {
        for (bits, letter) in rules.letters.iter_mut().zip(letters(header.as_bytes())) {
            *bits |= letter;
        }
    }
    (rules, odd)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_address(email: &str, name: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default();
    let tagged = local.split_once('+');
    let known = |rule: &&str| {
        matches(rule, email)
            || tagged.is_some_and(|(local, _)| {
                rule.strip_suffix("@*").is_some_and(|rule| matches(rule, local))
            })
    };
    let a_bot = local.split(['-', '+', '.', '_']).any(is_bot);
    a_bot && !is_surname(name)
        || RULES.senders.iter().any(known)
        || RULES.accounts.iter().any(known) && !is_full_name(name, local)
}

/// Whether a name is a human's: two words or more, none of which names a machine but by chance the
/// one that the account is called by ("Gerrit Vogel" at `gerrit@`).
fn is_full_name(name: &str, local: &str) -> bool {
    let account = local.split('+').next().unwrap_or_default();
    let machine = |word: &&str| {
        !word.eq_ignore_ascii_case(account)
            && RULES.machines.iter().any(|machine| machine.eq_ignore_ascii_case(word))
    };
    let found: Vec<&str> = words(name).collect();
    found.len() >= 2 && !name.contains('@') && !found.iter().any(machine)
}

fn is_name(name: &str) -> bool {
    let program = |word: &&str| {
        is_bot(word) || *word == "CI" || matches("syzbot*", word) || matches("*bugbot", word)
    };
    let found: Vec<&str> = words(name).collect();
    let equal = |(a, b): (&&str, &&str)| a.eq_ignore_ascii_case(b);
    let holds =
        |rule: &Vec<&str>| found.windows(rule.len()).any(|part| part.iter().zip(rule).all(equal));
    found.iter().any(program) && !is_surname(name) || RULES.names.iter().any(holds)
}

/// "bot", "robot", "bot2".
fn is_bot(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    word.eq_ignore_ascii_case("bot") || word.eq_ignore_ascii_case("robot")
}

/// "Jan Bot" is a person, "Build Bot" is not.
fn is_surname(name: &str) -> bool {
    let Some((first, "Bot")) = name.split_once(' ') else { return false };
    let mut letters = first.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_lowercase() || c == '-')
        && !RULES.machines.iter().any(|machine| machine.eq_ignore_ascii_case(first))
}

fn is_notice(subject: &str) -> bool {
    let known = |subject: &str| RULES.subjects.iter().any(|rule| matches(rule, subject));
    let behind_tag = subject.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    known(subject) || behind_tag.is_some_and(|(_, rest)| known(rest))
}

fn is_mark(name: &[u8], value: &[u8]) -> bool {
    if RULES.letters.iter().zip(letters(name)).any(|(bits, letter)| bits & letter == 0) {
        return false;
    }
    let Ok(name) = std::str::from_utf8(name) else { return false };
    RULES.marks.iter().filter(|(header, _)| matches(header, name)).any(|(_, text)| {
        *text == "*" || matches(text, charset::guess(&value[..value.len().min(VALUE)]).text.trim())
    })
}

/// How much of a header is compared, in bytes.
const VALUE: usize = 200;

/// Where the letters of headers are compared before all else: the first, and those behind `X-`.
const PLACES: [usize; 4] = [0, 2, 3, 4];

/// The bits of the letters at these places. No name of a mark is shorter.
fn letters(header: &[u8]) -> [u32; PLACES.len()] {
    PLACES.map(|at| header.get(at).map_or(0, |letter| 1 << (letter & 31)))
}

/// Whether a text is as the pattern says: `*` stands for anything, `?` for one byte; letters of
/// ASCII are equal in either case. Linear in the text for each star.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || c.eq_ignore_ascii_case(&text[t]) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_line_of_the_file_is_a_rule() {
        let (rules, odd) = read(include_str!("robots.txt"));
        assert_eq!(odd, Vec::<&str>::new());
        assert!(rules.senders.len() > 30 && rules.marks.len() > 20 && rules.subjects.len() > 30);
        let short = |(header, _): &(&str, &str)| header.split('*').next().unwrap_or("").len() < 5;
        assert!(!rules.marks.iter().any(short), "a mark's header is too short to be found");
        assert_eq!(read("sender ann\nmark X-A\nfriend x\nsender").1.len(), 4);
    }

    #[test]
    fn programs_and_people() {
        let check = |name: &str, email: &str| {
            is_robot(&Mailbox { name: name.to_owned(), email: email.to_owned() })
        };
        for (name, email) in [
            ("kernel test robot", "a@x.example"),
            ("", "syzbot+0123456789@x.example"),
            ("", "patchwork-bot+netdev@x.example"),
            ("", "bot+ci@x.example"),
            ("Widget bot", "widgets@x.example"),
            ("Build Bot", "build@x.example"),
            ("Widget.org Bugbot", "bugs@x.example"),
            ("tip-bot2 for Ann Vogel", "tip@x.example"),
            ("Mail Delivery System", "a@x.example"),
            ("", "MAILER-DAEMON@x.example"),
            ("Ann Vogel", "patch-notifications@x.example"),
            ("Widgets CI", "a@x.example"),
            ("test-bot", "a@x.example"),
            ("testbot", "test-bot@x.example"),
            ("testbot", "tests+bot@x.example"),
            ("testbot", "bot.tests@x.example"),
            ("", "gerrit@x.example"),
            ("gerrit", "gerrit@x.example"),
            ("Gerrit Code Review", "gerrit@x.example"),
            ("GitLab", "gitlab@x.example"),
            ("GitLab Server", "gitlab@x.example"),
            ("Linux Builder", "builder@x.example"),
            ("", "builder+x@x.example"),
            ("bugzilla", "bugzilla@x.example"),
            ("", "bugzilla-daemon@x.example"),
        ] {
            assert!(check(name, email), "{name} <{email}>");
        }
        for (name, email) in [
            ("Ann Talbot", "talbot@x.example"),
            ("talbot", "talbot@x.example"),
            ("lambot", "lambot@x.example"),
            ("annbot", "ann@x.example"),
            ("Gerrit Vogel", "gerrit@x.example"),
            ("Gerrit Vogel", "gerrit+lists@x.example"),
            ("Vogel, Gerrit", "gerrit@x.example"),
            ("Ann Builder", "builder@x.example"),
            ("Lena K. Petersen", "lkp@x.example"),
            ("Ann Vogel", "gitlab@x.example"),
            ("Ann Vogel", "bugzilla@vogel.example"),
            ("Ann Vogel", "postmaster@vogel.example"),
            ("Ann Mailman", "mailman@x.example"),
            ("Botond Vogel", "botond@x.example"),
            ("Ann Bottomley", "ann.bottomley@x.example"),
            ("Ann Ott", "annott@x.example"),
            ("Jan Bot", "jan.bot@x.example"),
            ("Ann Abbott", "abbott@x.example"),
            ("Ann Robotham", "robotham@x.example"),
            ("Ci Vogel", "civogel@x.example"),
            ("Ann Lkpson", "lkpson@x.example"),
            ("Ann Vogel", "ann+kernel@x.example"),
            ("Ann Vogel via B4 Relay", "devnull+ann.x.example@relay.example"),
            ("", ""),
        ] {
            assert!(!check(name, email), "{name} <{email}>");
        }
    }

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abcbc", true),
            ("a*c", "abcb", false),
            ("A?c*", "abc", true),
            ("", "a", false),
            ("*-bounces@*", "list-bounces@x.example", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    proptest! {
        #[test]
        fn patterns_match_what_they_are_made_of(a in "[ab]{0,6}", b in "[ab*?]{0,6}", c in "[ab]{0,6}") {
            let whole = format!("{}{}{}", a, b, c);
            let both = (matches(&format!("{}*{}", a, c), &whole), matches("*", &whole));
            prop_assert_eq!(both, (true, true));
        }

        #[test]
        fn any_mailbox_is_judged(name in "\\PC{0,40}", email in "\\PC{0,40}") {
            is_robot(&Mailbox { name, email });
        }
    }
}
