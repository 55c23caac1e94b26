//! Capitals that are plain English.

/// Words that people write in capitals to stress them, and Roman numerals. Sorted.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "A", "ABOUT", "ABOVE", "ACCEPTED", "ACROSS", "ADD", "AFTER", "AGAIN", "AGAINST", "ALL",
    "ALMOST", "ALREADY", "ALSO", "ALTHOUGH", "ALWAYS", "AM", "AN", "AND", "ANY", "ANYONE",
    "ANYTHING", "APPLIED", "APPLY", "ARE", "AROUND", "AS", "AT", "BACK", "BAD", "BE", "BECAUSE",
    "BEEN", "BEFORE", "BEING", "BELOW", "BEST", "BETTER", "BETWEEN", "BIG", "BIT", "BITS", "BOTH",
    "BROKEN", "BUG", "BUGS", "BUILD", "BUT", "BY", "CALL", "CAN", "CANNOT", "CARD", "CHANGES",
    "CLOSED", "COULD", "CRASH", "CRITICAL", "DATE", "DEPRECATED", "DETAILS", "DID", "DIRECT",
    "DISABLED", "DO", "DOES", "DON", "DONE", "DOWN", "DRAFT", "DURING", "EACH", "EITHER", "ELSE",
    "ENABLED", "ENOUGH", "ERROR", "EVEN", "EVER", "EVERY", "EXACTLY", "EXAMPLE", "EXAMPLES",
    "EXPERIMENTAL", "FAIL", "FAILED", "FALSE", "FAST", "FATAL", "FEW", "FILE", "FILES", "FIRST",
    "FIX", "FIXED", "FOR", "FROM", "FULL", "GENERAL", "GET", "GO", "GOOD", "HAD", "HALF", "HAPPENS",
    "HAS", "HAVE", "HELLO", "HELP", "HER", "HERE", "HIGH", "HIM", "HIS", "HISTORY", "HOW", "HUGE",
    "I", "IF", "II", "III", "IMPLY", "IMPORTANT", "IN", "INFO", "INTO", "IS", "IT", "ITS", "IX",
    "JUST", "KEY", "KEYS", "KNOW", "LAST", "LATER", "LEAST", "LEGACY", "LESS", "LET", "LIKE",
    "LONG", "LOOK", "LOT", "LOW", "MADE", "MAINLINE", "MAKE", "MANY", "MAY", "ME", "MEAN", "MEANS",
    "MEDIUM", "MERGE", "MIGHT", "MISSING", "MORE", "MOST", "MUCH", "MUST", "MUSTN", "MY", "NACK",
    "NEED", "NEEDS", "NEITHER", "NEVER", "NEW", "NEXT", "NO", "NOBODY", "NON", "NONE", "NOR",
    "NORMAL", "NOT", "NOTE", "NOTES", "NOTHING", "NOW", "NULL", "OBSOLETE", "OF", "OFF", "OFTEN",
    "OKAY", "OLD", "ON", "ONCE", "ONE", "ONLY", "OPTIONAL", "OPTIONS", "OR", "ORDER", "ORIGINAL",
    "OTHER", "OTHERWISE", "OUR", "OUT", "OVER", "OWN", "PANIC", "PAPERS", "PASS", "PASSED", "PATCH",
    "PATCHES", "PER", "PLEASE", "POSSIBLE", "PRIVATE", "PROBABLY", "PUBLIC", "PULL", "QUITE",
    "RATHER", "READ", "README", "READY", "REALLY", "REBASE", "REGRESSION", "REJECTED", "REMOVED",
    "REPLY", "REPORT", "REQUIRED", "RESEND", "REVERT", "REVIEW", "RIGHT", "RUN", "SAFE", "SAME",
    "SAYS", "SEE", "SET", "SEVERAL", "SHALL", "SHE", "SHOULD", "SINCE", "SINGLE", "SO", "SOME",
    "SOMETHING", "SOON", "START", "STATUS", "STILL", "STOP", "SUBJECT", "SUCCESS", "SUCH",
    "SUMMARY", "SURE", "TAKE", "TELL", "TEST", "TESTED", "THAN", "THANK", "THANKS", "THAT", "THE",
    "THEIR", "THEM", "THEN", "THERE", "THESE", "THEY", "THING", "THINK", "THIS", "THOSE", "THOUGH",
    "THROUGH", "TO", "TODAY", "TOGETHER", "TOO", "TRUE", "TRUST", "TRY", "TWO", "UNDER", "UNLESS",
    "UNSAFE", "UNTESTED", "UNTIL", "UP", "UPDATE", "UPON", "URGENT", "US", "USE", "USED", "USELESS",
    "USER", "USERS", "USING", "USUALLY", "VALUE", "VALUES", "VERY", "VI", "VII", "VIII", "WAIT",
    "WANT", "WARNING", "WARNINGS", "WAS", "WAY", "WE", "WELL", "WERE", "WHAT", "WHATEVER", "WHEN",
    "WHERE", "WHETHER", "WHICH", "WHILE", "WHO", "WHOLE", "WHOSE", "WHY", "WILL", "WITH", "WITHIN",
    "WITHOUT", "WONT", "WORK", "WORKS", "WORSE", "WORST", "WOULD", "WRITE", "WRONG", "XI", "XII",
    "YEAR", "YEARS", "YES", "YET", "YOU", "YOUR", "YOURS", "ZERO",
];

/// Whether a word in capitals is an English word.
pub(crate) fn is_english(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

/// Words that an acronym may leave out.
pub(super) fn is_small(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "and"
            | "at"
            | "by"
            | "for"
            | "in"
            | "of"
            | "on"
            | "or"
            | "the"
            | "to"
            | "with"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_so_that_they_are_found() {
        assert!(WORDS.is_sorted());
        assert!(is_english("WITHOUT") && !is_english("NUMA"));
    }

    #[test]
    fn our_glossary_explains_no_english_word_out_of_place() {
        let text = include_str!("../../../../glossary.yaml");
        let glossary: lorecast_model::Glossary = serde_yaml::from_str(text).unwrap();
        let explained = glossary.0.iter().filter(|(_, term)| !term.expansion.is_empty());
        let wrong: Vec<_> =
            explained.map(|(word, _)| word).filter(|word| is_english(word)).collect();
        assert!(wrong.is_empty(), "give these `near` words: {wrong:?}");
    }
}
