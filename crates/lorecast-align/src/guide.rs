//! What people know better than the aligner.

use lorecast_model::Seconds;

use crate::Result;
use crate::cepstra::{Cepstra, frame_at};
use crate::error::AlignError;
use crate::table::Sentence;
use crate::words::Words;

/// What is known of a reading beside its script; the default is nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Guide {
    /// How words are said.
    pub words: Words,
    /// Sentences whose beginning a person has set.
    pub anchors: Vec<Anchor>,
    /// The numbers of sentences that sections begin with: a reader may come back to any of them and
    /// read the section once more. Beyond 200 they are not looked at.
    pub sections: Vec<usize>,
}

/// A sentence whose beginning a person has set. It begins there in every alignment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    /// Its number in the script, from 0.
    pub sentence: usize,
    /// When it begins in the voice. Of two anchors for one sentence the later one counts.
    pub at: Seconds,
}

/// An anchor as the search wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fixed {
    pub frame: u32,
    /// The number of the sentence in the script.
    pub sentence: usize,
}

/// The anchors in order of time.
pub(crate) fn fixed(guide: &Guide, voice: &Cepstra, script: &[Sentence]) -> Result<Vec<Fixed>> {
    let check = |anchor: &Anchor| {
        let Anchor { sentence, at } = *anchor;
        let frame = frame_at(at);
        let reason = match script.get(sentence) {
            None => "the script has no such sentence",
            Some(_) if frame.is_none() => "that is no time",
            Some(_) if at.0 >= voice.length().0 => "the voice has ended by then",
            Some(_) => {
                let last = (voice.len() as u32).saturating_sub(1);
                return Ok(Fixed { frame: frame.unwrap_or_default().min(last), sentence });
            }
        };
        Err(AlignError::Anchor { sentence, at, reason })
    };
    let mut fixed: Vec<Fixed> = guide.anchors.iter().map(check).collect::<Result<_>>()?;
    fixed.sort_unstable();
    Ok(fixed)
}
