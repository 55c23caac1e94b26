//! `people.yaml`: read with places for errors, and written entry by entry, so that what people wrote
//! around an entry stays.

use camino::Utf8Path;
use lorecast_model::{Affiliation, Person, is_address};

use crate::{Result, ShowError, atomic, merge, place, yaml};

/// The longest bio, in bytes.
const LONGEST_BIO: usize = 10_000;
/// The longest of all other texts, in bytes.
const LONGEST: usize = 500;

/// Reads and checks the file; nobody when it is not there.
pub(crate) fn read(file: &Utf8Path) -> Result<Vec<Person>> {
    if !file.is_file() {
        return Ok(Vec::new());
    }
    let text = yaml::read_text(file)?;
    merge::settled(file, &text)?;
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Vec::new());
    }
    let people: Vec<Person> = yaml::parse(file, &text)?;
    for (nth, person) in people.iter().enumerate() {
        if let Some(message) = wrong(person) {
            let entries = entries(&text);
            let line = match entries.len() == people.len() {
                true => entries[nth].0 + 1,
                false => {
                    place::of_entries(&text, "name", &person.name).first().copied().unwrap_or(1)
                }
            };
            let message = format!("entry {}: {message}", nth + 1);
            return Err(ShowError::Entry { file: file.to_owned(), line, message });
        }
    }
    Ok(people)
}

/// What an entry cannot say.
pub(crate) fn wrong(person: &Person) -> Option<String> {
    let own = person.own.as_deref();
    if person.name.trim().is_empty() {
        return Some("it has no name; write it or delete the entry".to_owned());
    }
    if let Some(email) = person.emails.iter().find(|email| !is_address(email)) {
        return Some(format!("`{email}` is no mail address; write it like `ann@kernel.example`"));
    }
    let links =
        person.links.iter().chain(own.and_then(|own| own.links.as_ref()).into_iter().flatten());
    for (title, url) in links {
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Some(format!("the link `{title}` leads to `{url}`; write `https://…`"));
        }
    }
    let texts = [&person.say, &person.ipa, &person.audio, &person.lang, &person.pronouns];
    let of_own =
        own.map(|own| [&own.name, &own.say, &own.ipa, &own.audio, &own.lang, &own.pronouns]);
    let mut short = texts.into_iter().chain(of_own.into_iter().flatten()).flatten();
    if let Some(long) = short.find(|text| text.len() > LONGEST) {
        return Some(format!("`{}…` is longer than {LONGEST} bytes", first(long)));
    }
    let mut bios = [&person.bio].into_iter().chain(own.map(|own| &own.bio)).flatten();
    if bios.any(|bio| bio.len() > LONGEST_BIO) {
        return Some(format!("its `bio` is longer than {LONGEST_BIO} bytes"));
    }
    let of_own = own.and_then(|own| own.employers.as_ref());
    person.employers.iter().chain(of_own.into_iter().flatten()).find_map(wrong_employer)
}

fn wrong_employer(affiliation: &Affiliation) -> Option<String> {
    let Affiliation { employer, from, until, .. } = affiliation;
    if employer.trim().is_empty() {
        return Some("one of its employers has no name".to_owned());
    }
    match (from, until) {
        (Some(from), Some(until)) if from > until => {
            Some(format!("`{employer}` ends ({until}) before it begins ({from})"))
        }
        _ => None,
    }
}

fn first(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Replaces the entry `nth` (from 0), adds one behind the last when there is none, or takes it away.
/// Everything around it stays as it is. What is written is read back before the old file goes.
pub(crate) fn write(file: &Utf8Path, nth: Option<usize>, person: Option<&Person>) -> Result<()> {
    let before = read(file)?;
    let text = if file.is_file() { yaml::read_text(file)? } else { String::new() };
    let entries = entries(&text);
    let block = person.map(|person| yaml::write(file, &[person])).transpose()?.unwrap_or_default();
    let mut wanted = before.clone();
    let by_hand = |line: usize| ShowError::Entry {
        file: file.to_owned(),
        line,
        message: "the entries are laid out by hand, and the change has no clear place among them; \
                  begin each in a line with `- name: …`"
            .to_owned(),
    };
    if entries.len() != before.len() {
        return Err(by_hand(entries.first().map_or(1, |(from, _)| from + 1)));
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (from, to) =
        nth.and_then(|nth| entries.get(nth).copied()).unwrap_or((lines.len(), lines.len()));
    let mut edited = lines[..from].concat();
    if !edited.is_empty() && !edited.ends_with('\n') {
        edited.push('\n');
    }
    edited.push_str(&block);
    edited.push_str(&lines[to..].concat());
    match (nth.filter(|nth| *nth < wanted.len()), person) {
        (Some(nth), Some(person)) => wanted[nth] = person.clone(),
        (Some(nth), None) => drop(wanted.remove(nth)),
        (None, Some(person)) => wanted.push(person.clone()),
        (None, None) => return Ok(()),
    }
    let reads_back = match wanted.is_empty() {
        true => edited.lines().all(|l| l.trim().is_empty() || l.trim_start().starts_with('#')),
        false => yaml::parse::<Vec<Person>>(file, &edited).is_ok_and(|read| read == wanted),
    };
    if !reads_back {
        return Err(by_hand(from + 1));
    }
    if let Some(message) = person.and_then(wrong) {
        return Err(ShowError::Entry { file: file.to_owned(), line: from + 1, message });
    }
    atomic::write(file, edited.as_bytes())
}

/// The lines of each entry of a list at the left edge, from 0: its first, and the one behind its
/// last. Comments and empty lines in front of the next entry belong to that one.
fn entries(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with("- ") || **line == "-")
        .map(|(at, _)| at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let says = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    starts
        .iter()
        .zip(ends)
        .map(|(&from, end)| {
            let own = lines[from..end].iter().rposition(says).map_or(from + 1, |at| from + at + 1);
            (from, own)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;

    const PEOPLE: &str = "\
# Those who told us how to say their names.
- name: Ann Vogel
  say: ann FOH-gel   # as she says it

# a colleague
- name: Bo Berg
  emails: [bo@kernel.example]
# the end
";

    fn check(text: &str, nth: Option<usize>, person: Option<&Person>) -> String {
        let dir = tempfile::tempdir().unwrap();
        let file = Utf8PathBuf::from_path_buf(dir.path().join("people.yaml")).unwrap();
        std::fs::write(&file, text).unwrap();
        match write(&file, nth, person) {
            Ok(()) => std::fs::read_to_string(&file).unwrap(),
            Err(error) => {
                assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
                error.to_string().replace(dir.path().to_str().unwrap(), "")
            }
        }
    }

    fn person(name: &str) -> Person {
        Person { name: name.to_owned(), bio: Some("Two\nlines".to_owned()), ..Person::default() }
    }

    #[test]
    fn an_entry_changes_and_everything_around_it_stays() {
        insta::assert_snapshot!(check(PEOPLE, Some(0), Some(&person("Ann Vögel"))), @r"
        # Those who told us how to say their names.
        - name: Ann Vögel
          bio: |-
            Two
            lines

        # a colleague
        - name: Bo Berg
          emails: [bo@kernel.example]
        # the end
        ");
        insta::assert_snapshot!(check(PEOPLE, None, Some(&person("Cy"))), @r"
        # Those who told us how to say their names.
        - name: Ann Vogel
          say: ann FOH-gel   # as she says it

        # a colleague
        - name: Bo Berg
          emails: [bo@kernel.example]
        # the end
        - name: Cy
          bio: |-
            Two
            lines
        ");
        insta::assert_snapshot!(check(PEOPLE, Some(1), None), @r"
        # Those who told us how to say their names.
        - name: Ann Vogel
          say: ann FOH-gel   # as she says it

        # a colleague
        # the end
        ");
        insta::assert_snapshot!(check("", None, Some(&person("Ann"))), @r"
        - name: Ann
          bio: |-
            Two
            lines
        ");
        insta::assert_snapshot!(check("- name: Ann", Some(0), None), @"");
    }

    #[test]
    fn what_has_no_clear_place_is_left_alone() {
        insta::assert_snapshot!(check("[{name: Ann}, {name: Bo}]\n", Some(1), None), @"/people.yaml:1: the entries are laid out by hand, and the change has no clear place among them; begin each in a line with `- name: …`; nothing was changed");
        insta::assert_snapshot!(check(PEOPLE, Some(0), Some(&person(" "))), @"/people.yaml:2: it has no name; write it or delete the entry; nothing was changed");
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let says = |entry: &str| check(&format!("- name: Bo\n{entry}\n"), None, None);
        insta::assert_snapshot!(says("- name: ''"), @"/people.yaml:2: entry 2: it has no name; write it or delete the entry; nothing was changed");
        insta::assert_snapshot!(says("- name: Ann\n  emails: [ann at home]"), @"/people.yaml:2: entry 2: `ann at home` is no mail address; write it like `ann@kernel.example`; nothing was changed");
        insta::assert_snapshot!(says("- name: Ann\n  links: {a: 'javascript:x'}"), @"/people.yaml:2: entry 2: the link `a` leads to `javascript:x`; write `https://…`; nothing was changed");
        insta::assert_snapshot!(says("- name: Ann\n  employers: [{employer: X, from: 2022-01-01, until: 2021-01-01}]"), @"/people.yaml:2: entry 2: `X` ends (2021-01-01) before it begins (2022-01-01); nothing was changed");
        insta::assert_snapshot!(says("- name: Ann\n  nick: a"), @"/people.yaml:3:3: .[1]: unknown field `nick`, expected one of `name`, `also`, `emails`, `say`, `ipa`, `audio`, `lang`, `pronouns`, `bio`, `links`, `employers`, `robot`, `own`; nothing was changed, correct the line and run the command again");
    }

    proptest::proptest! {
        #[test]
        fn a_bio_of_any_text_reads_back(bio in "(?s).{0,80}", nth in 0_usize..3) {
            // As commands hand them over.
            let bio = Some(bio.trim().to_owned());
            let person = Person { bio, ..person("Cy Dee") };
            let text = check(PEOPLE, Some(nth), Some(&person));
            let people: Vec<Person> = yaml::parse("x".into(), &text).unwrap();
            proptest::prop_assert!(people.contains(&person));
        }
    }
}
