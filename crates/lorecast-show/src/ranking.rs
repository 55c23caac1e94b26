//! `ranking.yaml`: the weights of the ranking, and what was learned about them.

use std::collections::BTreeMap;

use camino::Utf8Path;
use lorecast_model::{Profile, Signal, Weights};

use crate::{Result, ShowError, atomic, builtin, place, yaml};

/// A weight beyond this drowns every other.
const HEAVIEST: f64 = 1000.0;
/// Longer lists of words are a slip.
const MOST_WORDS: usize = 5000;

/// Our weights, for a profile.
pub(crate) fn builtin(profile: Profile) -> Result<Weights> {
    let weights: Weights = yaml::parse(Utf8Path::new("ranking.yaml"), builtin::RANKING)?;
    Ok(match profile {
        Profile::Kernel => weights,
        Profile::General => Weights { well_known: None, matters: None, hardware: None, ..weights },
    })
}

/// A show's own weights.
pub(crate) fn read(file: &Utf8Path) -> Result<Weights> {
    let weights: Weights = yaml::read(file)?;
    let text = yaml::read_text(file)?;
    let wrong = |part: &str, name: &str, key, message: &str| {
        let name = if name.is_empty() { part.to_owned() } else { format!("{part}.{name}") };
        let line = place::of_key(&text, &name);
        Err(ShowError::Value { file: file.to_owned(), line, key, message: message.to_owned() })
    };
    for (part, values) in [("signals", &weights.signals), ("learned", &weights.learned)] {
        if let Some((signal, _)) =
            values.iter().find(|(_, value)| value.abs().is_nan() || value.abs() > HEAVIEST)
        {
            let name = yaml::write(file, signal)?;
            let key = if part == "signals" { "signals" } else { "learned" };
            return wrong(part, name.trim(), key, "write a number from -1000 to 1000");
        }
    }
    let lists = [
        ("well_known", &weights.well_known),
        ("matters", &weights.matters),
        ("hardware", &weights.hardware),
    ];
    for (key, list) in lists {
        if list.as_ref().is_some_and(|list| list.len() > MOST_WORDS) {
            return wrong(key, "", key, "write at most 5000 words");
        }
    }
    Ok(weights)
}

/// Replaces the block `learned:` and nothing else, and says whether that changed the file. What is
/// written is read back before the old file goes: it must hold these weights and everything else
/// as it was.
pub(crate) fn write_learned(
    file: &Utf8Path,
    learned: &BTreeMap<Signal, f64>,
    note: &str,
) -> Result<bool> {
    let text = if file.is_file() { yaml::read_text(file)? } else { String::new() };
    let before = if text.is_empty() { Weights::default() } else { read(file)? };
    if before.learned == *learned {
        return Ok(false);
    }
    let mut kept = without_learned(&text);
    if !learned.is_empty() {
        if !kept.is_empty() && !kept.ends_with("\n\n") {
            kept.push('\n');
        }
        let values: BTreeMap<&str, _> = BTreeMap::from([("learned", learned)]);
        let note = note.replace(['\n', '\r'], " ");
        kept.push_str(&format!("{MARK}{note}\n{}", yaml::write(file, &values)?));
    }
    let wanted = Weights { learned: learned.clone(), ..before };
    if yaml::parse::<Weights>(file, &kept).ok().as_ref() != Some(&wanted) {
        return Err(ShowError::Value {
            file: file.to_owned(),
            line: place::of_key(&text, "learned"),
            key: "learned",
            message: "the block cannot be told from what stands around it, and nothing was \
                      changed; delete it and run the command again"
                .to_owned(),
        });
    }
    atomic::write(file, kept.as_bytes())?;
    Ok(true)
}

/// How the comment above the block begins.
const MARK: &str = "# Learned by `lorecast rank --learn`: ";

/// A text without the block `learned:` and the comment above it. Other comments at the left edge
/// are people's, wherever they stand, and stay.
fn without_learned(text: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        if line.starts_with(MARK) {
            continue;
        }
        if line.starts_with("learned:") {
            inside = true;
            continue;
        }
        let comment = line.starts_with('#');
        inside &= comment || line.starts_with([' ', '\t']) || line.trim().is_empty();
        if comment || !inside {
            kept.push_str(line);
            if !line.ends_with('\n') {
                kept.push('\n');
            }
        }
    }
    let end = kept.trim_end().len();
    kept.truncate(end);
    if !kept.is_empty() {
        kept.push('\n');
    }
    kept
}
