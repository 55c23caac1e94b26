//! Where a sentence begins, to the frame.
//!
//! The model takes the still air before a soft sound (the "th" of "the") for part of it, most of all
//! in a take without noise. What is as quiet as the pause before is pause.

use std::ops::Range;

use crate::cepstra::Cepstra;
use crate::guide::Fixed;
use crate::history::Kind;
use crate::model::Model;
use crate::network::Network;
use crate::search::Stretch;

/// These begin with a closed mouth, which is part of them and as quiet as a pause.
const STOPS: &[&str] = &["B", "CH", "D", "G", "JH", "K", "P", "T"];
/// The pause before is known from so many of its last frames, and must have at least so many.
const MOST_PAUSE: u32 = 25;
const LEAST_PAUSE: u32 = 8;
/// A beginning is moved by no more frames than this.
const FARTHEST: u32 = 10;
/// So many frames of a first word are left to it.
const LEAST_WORD: u32 = 4;
/// How loud the speech is behind a pause shows in so many frames.
const SPEECH: u32 = 50;
/// A pause that lies less than this under the loudest of the word hides soft beginnings, so that they are
/// left where the model found them; under one that lies [`CLEAR`] lower nothing is hidden.
const HIDDEN: f32 = 6.0;
const CLEAR: f32 = 8.0;
/// What a pause varies counts twice, up to this.
const STEADY: f32 = 1.0;
/// Louder than the pause by this (natural logarithm of power, mean over the filters), beside what the pause
/// itself varies.
const LOUDER: f32 = 0.5;

/// Moves the beginning of each word behind a pause to where it is heard; what was `fixed` stays.
pub(crate) fn sharpen(
    path: &mut [Stretch],
    voice: &Cepstra,
    net: &Network,
    model: &Model,
    fixed: &[Fixed],
) {
    let stops: Vec<bool> =
        model.mdef.names.iter().map(|name| STOPS.contains(&name.as_str())).collect();
    let mut pause = 0..0;
    for at in 0..path.len() {
        let Stretch { kind, start, end, .. } = path[at];
        match kind {
            Kind::Silence if pause.end == start => pause.end = end,
            Kind::Silence => pause = start..end,
            Kind::Word(place) if pause.end == start && at > 0 => {
                let mut first =
                    net.starts(place).iter().map(|node| net.nodes[*node as usize].phone);
                let closed = first.any(|phone| stops[usize::from(phone)]);
                if !closed && !fixed.iter().any(|anchor| anchor.frame == start) {
                    let begins = onset(voice, pause.clone(), start..end);
                    path[at].start = begins;
                    path[at - 1].end = begins;
                }
            }
            _ => {}
        }
    }
}

/// The frame at which a word really begins that was found at `word`, after a pause at `pause`.
fn onset(voice: &Cepstra, pause: Range<u32>, word: Range<u32>) -> u32 {
    let from = pause.start.max(pause.end.saturating_sub(MOST_PAUSE));
    if pause.end.saturating_sub(from) < LEAST_PAUSE {
        return word.start;
    }
    let mut quiet: Vec<f32> = (from..pause.end).map(|frame| voice.loudness(frame)).collect();
    quiet.sort_unstable_by(f32::total_cmp);
    let (middle, high) = (quiet[quiet.len() / 2], quiet[quiet.len() * 9 / 10]);
    let loud = high + (high - middle).min(STEADY) + LOUDER;
    let last = word.end.saturating_sub(LEAST_WORD).min(word.start + FARTHEST);
    let still = (word.start..last).take_while(|frame| voice.loudness(*frame) < loud).count() as u32;
    let speech = word.start..word.start + SPEECH;
    let peak = speech.map(|frame| voice.loudness(frame)).fold(middle, f32::max);
    let trust = ((peak - middle - HIDDEN) / (CLEAR - HIDDEN)).clamp(0.0, 1.0);
    word.start + (still as f32 * trust).round() as u32
}
