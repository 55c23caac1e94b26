//! Whether a sentence is English.
//!
//! A list of small words decides. Libraries that guess a language from letter triples need more text
//! than a sentence has, and take names of code for words of Catalan.

/// Small words that hardly any English sentence does without.
const ENGLISH: [&str; 55] = [
    "the", "a", "an", "to", "of", "and", "is", "in", "this", "for", "it", "that", "on", "with",
    "be", "are", "we", "i", "as", "by", "from", "not", "can", "or", "if", "when", "at", "but",
    "so", "which", "these", "into", "its", "has", "have", "will", "should", "would", "there",
    "what", "your", "you", "until", "our", "their", "more", "than", "any", "each", "all", "were",
    "been", "does", "how", "why",
];
/// Small words of German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Polish that are
/// no English words.
const FOREIGN: [&str; 58] = [
    "der", "das", "und", "nicht", "ist", "ein", "eine", "dem", "von", "zu", "mit", "auf", "für",
    "wird", "diese", "dass", "le", "les", "des", "et", "est", "une", "pour", "dans", "que", "qui",
    "sur", "avec", "cette", "el", "los", "las", "del", "por", "para", "con", "una", "esta", "het",
    "een", "van", "niet", "voor", "dat", "zijn", "wordt", "il", "che", "non", "della", "sono",
    "questo", "não", "uma", "och", "att", "det", "jest",
];

/// Letters of the Latin alphabet, with at least `fewest` of the small words that English sentences
/// have, and more of them than of other languages'.
pub(super) fn is_english(sentence: &str, fewest: usize) -> bool {
    let (mut letters, mut latin, mut visible, mut digits) = (0_usize, 0_usize, 0_usize, 0_usize);
    for c in sentence.chars().filter(|c| !c.is_whitespace()) {
        visible += 1;
        letters += usize::from(c.is_alphabetic());
        latin += usize::from(c.is_ascii_alphabetic());
        digits += usize::from(c.is_ascii_digit());
    }
    let (mut small, mut foreign) = (0, 0);
    for word in sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() <= 12) {
        let word = word.to_lowercase();
        small += usize::from(ENGLISH.contains(&word.as_str()));
        foreign += usize::from(FOREIGN.contains(&word.as_str()));
    }
    // A number or two are prose, a row of them is not.
    let written = letters + digits.min(visible / 4);
    let prose = latin * 10 >= letters * 9 && written * 4 >= visible * 3;
    prose && small >= fewest && (foreign < 2 || foreign < small)
}

#[cfg(test)]
mod tests {
    use super::is_english;

    #[test]
    fn other_languages_are_told_apart() {
        for (sentence, english) in [
            ("The pump fills its queue with drops of the tide", true),
            ("Bound the queue of each pump", true),
            ("Diese Serie begrenzt die Schlange der Pumpe und das ist gut in der Nacht", false),
            ("Cette série ajoute une limite pour la file de la pompe dans le noyau", false),
            ("Esta serie limita la cola de la bomba para que el mar no suba", false),
            ("Deze reeks begrenst de rij van een pomp, en dat is goed voor het huis", false),
            ("Эта серия ограничивает очередь насоса", false),
            ("这个补丁限制了泵的队列", false),
        ] {
            assert_eq!(is_english(sentence, 1), english, "{sentence}");
        }
    }
}
