//! Measures sound files from the command line, for tests/parity/studio:
//! `meter_file [--crate | --hops] FILE…`. Prints a line of `name value` pairs for each file; with
//! `--crate` as the `ebur128` crate reads it, with `--hops` also a line `momentary short-term` for
//! every 10 ms before it.

use std::error::Error;
use std::io::Write;

use ebur128::{EbuR128, Mode};
use lorecast_studio::{Hop, Meter};
use symphonia::core::formats::TrackType;
use symphonia::core::io::MediaSourceStream;

fn main() -> Result<(), Box<dyn Error>> {
    let (options, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in files {
        match options.first().map(String::as_str) {
            Some("--crate") => by_crate(&file, &mut out)?,
            Some("--hops") => ours(&file, true, &mut out)?,
            None => ours(&file, false, &mut out)?,
            Some(other) => return Err(format!("what is {other}?").into()),
        }
    }
    Ok(out.flush()?)
}

fn ours(file: &str, hops: bool, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut meter = None;
    let mut lines = Vec::new();
    decode(file, &mut |rate, channels, block| {
        let meter =
            meter.get_or_insert_with(|| Meter::new(rate, channels).expect("a rate and channels"));
        meter.push_watched(block, &mut |Hop { momentary, short_term }| {
            if hops {
                let text = |lufs: Option<lorecast_model::Lufs>| {
                    lufs.map_or("-".to_owned(), |lufs| format!("{:.4}", lufs.0))
                };
                lines.push(format!("{} {}", text(momentary), text(short_term)));
            }
        });
    })?;
    let meter = meter.ok_or("no sound")?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    let integrated = meter.integrated().map_or(f64::NEG_INFINITY, |lufs| lufs.0);
    let (range, peak) = (meter.range().0, meter.true_peak().0);
    Ok(writeln!(out, "integrated {integrated:.4} range {range:.4} peak {peak:.4}")?)
}

fn by_crate(file: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut meter = None;
    decode(file, &mut |rate, channels, block| {
        let meter = meter.get_or_insert_with(|| {
            let modes = Mode::I | Mode::LRA | Mode::TRUE_PEAK;
            EbuR128::new(u32::from(channels), rate, modes).expect("a rate and channels")
        });
        meter.add_frames_f32(block).expect("whole frames");
    })?;
    let meter = meter.ok_or("no sound")?;
    let peak = (0..meter.channels()).filter_map(|n| meter.true_peak(n).ok()).fold(0.0, f64::max);
    let (integrated, range) = (meter.loudness_global()?, meter.loudness_range()?);
    let peak = 20.0 * peak.log10();
    Ok(writeln!(out, "integrated {integrated:.4} range {range:.4} peak {peak:.4}")?)
}

fn decode(file: &str, each: &mut dyn FnMut(u32, u16, &[f32])) -> Result<(), Box<dyn Error>> {
    let stream = MediaSourceStream::new(Box::new(std::fs::File::open(file)?), Default::default());
    let mut format = symphonia::default::get_probe().probe(
        &Default::default(),
        stream,
        Default::default(),
        Default::default(),
    )?;
    let track = format.default_track(TrackType::Audio).ok_or("no sound")?;
    let parameters =
        track.codec_params.as_ref().and_then(|about| about.audio()).ok_or("no sound")?.clone();
    let mut decoder =
        symphonia::default::get_codecs().make_audio_decoder(&parameters, &Default::default())?;
    let mut block = Vec::<f32>::new();
    while let Some(packet) = format.next_packet()? {
        let sound = decoder.decode(&packet)?;
        let (rate, channels) = (sound.spec().rate(), sound.spec().channels().count());
        sound.copy_to_vec_interleaved(&mut block);
        each(rate, u16::try_from(channels)?, &block);
    }
    Ok(())
}
