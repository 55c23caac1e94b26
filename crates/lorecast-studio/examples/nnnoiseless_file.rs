//! Noise reduction by the crate `nnnoiseless` alone, for measuring beside ours:
//! `nnnoiseless_file WET IN OUT`, mono WAVs of 32 bit float at 48 kHz. WET is the share of cleaned sound, from 0 to 1; the
//! crate's delay of a block is taken away.

use std::error::Error;

use nnnoiseless::DenoiseState;

/// The crate wants the numbers of 16 bit sound.
const SCALE: f32 = 32_768.0;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wet, from, to] = &arguments[..] else {
        return Err("WET IN OUT".into());
    };
    let wet: f32 = wet.parse()?;
    let mut wav = hound::WavReader::open(from)?;
    let (spec, sound) = (wav.spec(), wav.samples::<f32>().collect::<Result<Vec<f32>, _>>()?);
    let mut scaled: Vec<f32> = sound.iter().map(|sample| sample * SCALE).collect();
    // One block to fill the last one, one for the delay.
    scaled.resize((sound.len() / DenoiseState::FRAME_SIZE + 2) * DenoiseState::FRAME_SIZE, 0.0);
    let mut state = DenoiseState::new();
    let mut cleaned = vec![0.0; scaled.len()];
    let blocks = scaled.chunks_exact(DenoiseState::FRAME_SIZE);
    for (block, out) in blocks.zip(cleaned.chunks_exact_mut(DenoiseState::FRAME_SIZE)) {
        state.process_frame(out, block);
    }
    let mut out = hound::WavWriter::create(to, spec)?;
    for (dry, cleaned) in sound.iter().zip(&cleaned[DenoiseState::FRAME_SIZE..]) {
        out.write_sample(wet * cleaned / SCALE + (1.0 - wet) * dry)?;
    }
    Ok(out.finalize()?)
}
