//! Names of accounts, which nobody can mistake for others.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_security::GeneralSecurityProfile;
use unicode_security::confusable_detection::skeleton;

use crate::Refusal;

/// Characters of a name at most.
const LONGEST: usize = 60;

/// What somebody is called: one line, in one normal form, of characters that show (Unicode Technical Standard 39).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Reads a name as somebody typed it.
    ///
    /// # Errors
    /// When it is empty, too long, or holds characters that do not belong in names.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let name: String = words.join(" ").nfc().collect();
        if name.is_empty() {
            return Err(Refusal::Empty("a name"));
        }
        if name.chars().count() > LONGEST {
            return Err(Refusal::TooLong { what: "a name", most: LONGEST });
        }
        match name.chars().find(|c| !belongs(*c)) {
            Some(c) => Err(Refusal::Character(c)),
            None => Ok(Self(name)),
        }
    }

    /// Two names that look alike have one of their looks in common (the skeletons of UTS 39, section 4), whatever
    /// their letters. There are two, because capitals look like other letters than small ones do.
    pub fn looks(&self) -> [String; 2] {
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let as_written: String = skeleton(&self.0).collect();
        let small: String = skeleton(&self.0.to_lowercase()).collect();
        [visible(&as_written.to_lowercase()), visible(&small)]
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Letters, digits and marks of living scripts, and what stands between the parts of names.
fn belongs(c: char) -> bool {
    " .,'’-‐·()+&_@".contains(c) || c.identifier_allowed()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a name that is none fails the test")]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let read =
            Name::parse(text).map_or_else(|why| format!("refused: {why}"), |name| name.to_string());
        assert_eq!(read, expected);
    }

    #[test]
    fn names_of_people_are_names() {
        check("  Žofie\t Králíčková ", "Žofie Králíčková");
        check("山本 悠 (Yamamoto Yū)", "山本 悠 (Yamamoto Yū)");
        check("백혜린", "백혜린");
        check("Seán O’Brien-Lund, Jr.", "Seán O’Brien-Lund, Jr.");
    }

    #[test]
    fn what_hides_or_turns_text_is_no_name() {
        check(" \n", "refused: a name is missing; write one");
        check("a\u{202e}b", "refused: U+202E does not belong here; leave it out");
        check("<b>", "refused: U+003C (<) does not belong here; leave it out");
        check("zero\u{200b}width", "refused: U+200B does not belong here; leave it out");
        check(&"x".repeat(61), "refused: a name may have 60 characters; shorten it");
    }

    #[test]
    fn names_that_look_alike_are_found() {
        let looks = |text: &str| Name::parse(text).unwrap().looks();
        let alike = |a: &str, b: &str| looks(a).iter().any(|look| looks(b).contains(look));
        assert!(alike("Lina Torvik", "lina torvik"));
        assert!(alike("Lina Torvik", "LINA TORVIK"));
        assert!(alike("Lina Torvik", "Linа Тorvik"), "Cyrillic а and Т");
        assert!(alike("Lina Torvik", "Iina Torvik"), "a capital I");
        assert!(!alike("Lina Torvik", "Lena Torvik"));
    }
}
