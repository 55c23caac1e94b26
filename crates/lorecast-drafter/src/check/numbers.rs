//! Numbers, in digits and in words.

use crate::spoken::SMALL;

/// A number of the notes: `12`, `1,234`, `twelve`.
pub(super) fn number(text: &str) -> Option<u32> {
    let digits = text.replace(',', "");
    if let Ok(number) = digits.parse() {
        return Some(number);
    }
    let lower = text.to_lowercase();
    let lower = if lower == "no" { SMALL[0] } else { &lower };
    let at = SMALL.iter().position(|word| *word == lower)?;
    u32::try_from(at).ok()
}

/// What [`number`] reads, as a pattern.
pub(super) const NUMBER: &str = r"\d{1,3}(?:,\d{3})+|\d{1,6}|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)";
