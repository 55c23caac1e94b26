//! Letters to sounds, for words that no dictionary has: names of functions, of people, of programs.
//!
//! A few dozen rules of English spelling, the longest first; the aligner forgives what they get wrong.

/// Guesses at how a word is said: as a word, and letter by letter when it looks like initials.
pub(crate) fn guesses(word: &str) -> Vec<Vec<&'static str>> {
    let stem = word.strip_suffix("'s").unwrap_or(word);
    let letters: Vec<char> = stem.chars().filter(char::is_ascii_lowercase).collect();
    let vowels = letters.iter().filter(|letter| "aeiouy".contains(**letter)).count();
    let mut guesses = Vec::new();
    if vowels > 0 && letters.len() > 1 {
        guesses.push(spoken(&letters));
    }
    if vowels == 0 || letters.len() <= MOST_INITIALS {
        guesses.push(letters.iter().flat_map(|letter| name(*letter)).copied().collect());
    }
    if stem.len() != word.len() {
        guesses.iter_mut().for_each(|guess| guess.push("Z"));
    }
    guesses
}

/// Words of no more letters may be initials.
const MOST_INITIALS: usize = 4;

fn spoken(letters: &[char]) -> Vec<&'static str> {
    let text: String = letters.iter().collect();
    let mut sounds: Vec<&'static str> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (spelling, said) = rule(rest, at, text.len());
        for sound in said {
            if sounds.last() != Some(sound) {
                sounds.push(sound);
            }
        }
        at += spelling;
    }
    sounds
}

/// How many letters at the start of `rest` are taken, and as what.
fn rule(rest: &str, at: usize, length: usize) -> (usize, &'static [&'static str]) {
    let starts = |table: &'static [(&'static str, &'static [&'static str])], whole: bool| {
        let fits = |(spelling, _): &&(&str, &[&str])| {
            if whole { rest == *spelling } else { rest.starts_with(spelling) }
        };
        table.iter().find(fits).map(|(spelling, said)| (spelling.len(), *said))
    };
    let first = if at == 0 { starts(BEGINNINGS, false) } else { None };
    let ending = if at > 1 { starts(ENDINGS, true) } else { None };
    let anywhere = || starts(ANYWHERE, false);
    first.or(ending).or_else(|| magic(rest, at, length)).or_else(anywhere).unwrap_or((1, &[]))
}

/// A vowel, one consonant and a final `e`: the vowel says its name (`cache` does not, `mode` does).
fn magic(rest: &str, _at: usize, _length: usize) -> Option<(usize, &'static [&'static str])> {
    let mut letters = rest.chars();
    let (vowel, consonant, end) = (letters.next()?, letters.next()?, letters.as_str());
    let closed = matches!(end, "e" | "es" | "ed") && !"aeiouwxy".contains(consonant);
    let said: &[&str] = match vowel {
        'a' => &["EY"],
        'i' | 'y' => &["AY"],
        'o' => &["OW"],
        'u' => &["Y", "UW"],
        _ => return None,
    };
    closed.then_some((1, said))
}

/// What the name of a letter sounds like.
fn name(letter: char) -> &'static [&'static str] {
    match letter {
        'a' => &["EY"],
        'b' => &["B", "IY"],
        'c' => &["S", "IY"],
        'd' => &["D", "IY"],
        'e' => &["IY"],
        'f' => &["EH", "F"],
        'g' => &["JH", "IY"],
        'h' => &["EY", "CH"],
        'i' => &["AY"],
        'j' => &["JH", "EY"],
        'k' => &["K", "EY"],
        'l' => &["EH", "L"],
        'm' => &["EH", "M"],
        'n' => &["EH", "N"],
        'o' => &["OW"],
        'p' => &["P", "IY"],
        'q' => &["K", "Y", "UW"],
        'r' => &["AA", "R"],
        's' => &["EH", "S"],
        't' => &["T", "IY"],
        'u' => &["Y", "UW"],
        'v' => &["V", "IY"],
        'w' => &["D", "AH", "B", "AH", "L", "Y", "UW"],
        'x' => &["EH", "K", "S"],
        'y' => &["W", "AY"],
        'z' => &["Z", "IY"],
        _ => &[],
    }
}

type Rules = &'static [(&'static str, &'static [&'static str])];

const BEGINNINGS: Rules = &[
    ("kn", &["N"]),
    ("gn", &["N"]),
    ("wr", &["R"]),
    ("ps", &["S"]),
    ("wh", &["W"]),
    ("x", &["Z"]),
    ("y", &["Y"]),
];

const ENDINGS: Rules = &[
    ("tion", &["SH", "AH", "N"]),
    ("tions", &["SH", "AH", "N", "Z"]),
    ("sion", &["ZH", "AH", "N"]),
    ("able", &["AH", "B", "AH", "L"]),
    ("ture", &["CH", "ER"]),
    ("ous", &["AH", "S"]),
    ("ers", &["ER", "Z"]),
    ("er", &["ER"]),
    ("or", &["ER"]),
    ("le", &["AH", "L"]),
    ("al", &["AH", "L"]),
    ("ted", &["T", "AH", "D"]),
    ("ded", &["D", "AH", "D"]),
    ("ed", &["D"]),
    ("es", &["Z"]),
    ("e", &[]),
    ("y", &["IY"]),
    ("i", &["IY"]),
    ("o", &["OW"]),
    ("a", &["AH"]),
];

const ANYWHERE: Rules = &[
    ("tion", &["SH", "AH", "N"]),
    ("eigh", &["EY"]),
    ("igh", &["AY"]),
    ("sch", &["SH"]),
    ("tch", &["CH"]),
    ("dge", &["JH"]),
    ("eau", &["OW"]),
    ("ch", &["CH"]),
    ("ck", &["K"]),
    ("sh", &["SH"]),
    ("th", &["TH"]),
    ("ph", &["F"]),
    ("gh", &["G"]),
    ("qu", &["K", "W"]),
    ("ng", &["NG"]),
    ("nk", &["NG", "K"]),
    ("ce", &["S", "EH"]),
    ("ci", &["S", "IH"]),
    ("cy", &["S", "IY"]),
    ("ge", &["JH", "EH"]),
    ("gi", &["G", "IH"]),
    ("ai", &["EY"]),
    ("ay", &["EY"]),
    ("au", &["AO"]),
    ("aw", &["AO"]),
    ("ar", &["AA", "R"]),
    ("ee", &["IY"]),
    ("ea", &["IY"]),
    ("er", &["ER"]),
    ("ei", &["AY"]),
    ("eu", &["OY"]),
    ("ew", &["UW"]),
    ("ey", &["EY"]),
    ("ie", &["IY"]),
    ("ir", &["ER"]),
    ("oa", &["OW"]),
    ("oi", &["OY"]),
    ("oo", &["UW"]),
    ("or", &["AO", "R"]),
    ("ou", &["AW"]),
    ("ow", &["OW"]),
    ("oy", &["OY"]),
    ("ue", &["UW"]),
    ("ur", &["ER"]),
    ("a", &["AE"]),
    ("b", &["B"]),
    ("c", &["K"]),
    ("d", &["D"]),
    ("e", &["EH"]),
    ("f", &["F"]),
    ("g", &["G"]),
    ("h", &["HH"]),
    ("i", &["IH"]),
    ("j", &["JH"]),
    ("k", &["K"]),
    ("l", &["L"]),
    ("m", &["M"]),
    ("n", &["N"]),
    ("o", &["AA"]),
    ("p", &["P"]),
    ("q", &["K"]),
    ("r", &["R"]),
    ("s", &["S"]),
    ("t", &["T"]),
    ("u", &["AH"]),
    ("v", &["V"]),
    ("w", &["W"]),
    ("x", &["K", "S"]),
    ("y", &["IH"]),
    ("z", &["Z"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &[&str]) {
        let said: Vec<String> = guesses(word).into_iter().map(|guess| guess.join(" ")).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn words_are_said_by_rule() {
        check("syzcaller", &["S IH Z K AE L ER"]);
        check("devmode", &["D EH V M OW D"]);
    }

    #[test]
    fn initials_are_spelled() {
        check("kvm", &["K EY V IY EH M"]);
        check("vma", &["V M AH", "V IY EH M EY"]);
    }

    #[test]
    fn nothing_is_nothing() {
        check("", &[""]);
    }
}
