//! The plural of an expansion.

/// `Page Table Entry` → `Page Table Entries`, `System on Chip` → `Systems on Chip`.
pub(super) fn plural(expansion: &str) -> String {
    const TAILS: [&str; 8] = [" of ", " on ", " for ", " For ", " in ", " to ", "-on-", " Of "];
    let tail = TAILS.iter().filter_map(|tail| expansion.find(tail)).min();
    let (head, tail) = expansion.split_at(tail.unwrap_or(expansion.len()));
    format!("{}{tail}", noun(head))
}

fn noun(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let hissing = ["ss", "us", "is", "x", "ch", "sh", "z"].iter().any(|end| lower.ends_with(end));
    if hissing {
        format!("{word}es")
    } else if lower.ends_with('s') {
        word.to_owned()
    } else if lower.ends_with('y') && !lower[..lower.len() - 1].ends_with(vowel) {
        format!("{}ies", &word[..word.len() - 1])
    } else {
        format!("{word}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noun_that_counts_is_put_into_the_plural() {
        assert_eq!(plural("Page Table Entry"), "Page Table Entries");
        assert_eq!(plural("System on Chip"), "Systems on Chip");
        assert_eq!(plural("Request For Comments"), "Requests For Comments");
        assert_eq!(plural("Universal Serial Bus"), "Universal Serial Buses");
        assert_eq!(plural("Model Specific Register"), "Model Specific Registers");
        assert_eq!(plural("Memory Tagging Extensions"), "Memory Tagging Extensions");
        assert_eq!(plural("Display"), "Displays");
    }
}
