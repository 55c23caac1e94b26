//! How far a cleaned recording is from the clean one: `compare_sounds CLEAN NOISY CLEANED…`, mono WAVs at
//! 48 kHz. For NOISY and each CLEANED a line: name, delay in samples, how many dB the pauses are
//! quieter than NOISY's, log-spectral distance in dB, SI-SDR in dB.

use std::error::Error;

use realfft::RealFftPlanner;

/// Samples of a window, and from one to the next.
const WINDOW: usize = 1024;
const HOP: usize = 512;
/// The farthest that a delay is looked for.
const FARTHEST: i64 = 2400;
/// A window of the clean voice so many dB below its mean is a pause.
const PAUSE: f64 = 40.0;
/// Magnitudes closer to nothing than this count as this: 60 dB below the loudest. Made voices have silence
/// between their harmonics, which no recording has and nobody hears.
const FLOOR: f64 = 1e-3;
/// The bins of a window that are compared: up to 8 kHz, above which these voices have nothing.
const BAND: usize = WINDOW * 8 / 48;

#[expect(clippy::print_stdout, reason = "an example for scripts")]
fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [clean_file, noisy_file, ..] = &files[..] else {
        return Err("CLEAN NOISY CLEANED…".into());
    };
    let (clean, noisy) = (read(clean_file)?, read(noisy_file)?);
    let noisy = fitted(&clean, &noisy, 0);
    for file in &files[1..] {
        let sound = read(file)?;
        let delay = delay(&clean, &sound);
        let raw = fitted(&clean, &sound, 0);
        // What counts is the file as it is: a delay is part of the error.
        let quieter = pauses(&clean, &noisy) - pauses(&clean, &fitted(&clean, &sound, delay));
        println!(
            "{file} delay {delay} pauses {quieter:.1} distance {:.2} ratio {:.1} undelayed {:.1}",
            distance(&clean, &fitted(&clean, &sound, delay)),
            ratio(&clean, &raw),
            ratio(&clean, &fitted(&clean, &sound, delay)),
        );
    }
    Ok(())
}

fn read(file: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut wav = hound::WavReader::open(file)?;
    let spec = wav.spec();
    let scale = f64::from(1u32 << (spec.bits_per_sample - 1));
    let samples: Result<Vec<f64>, _> = match spec.sample_format {
        hound::SampleFormat::Float => wav.samples::<f32>().map(|s| s.map(f64::from)).collect(),
        hound::SampleFormat::Int => {
            wav.samples::<i32>().map(|s| s.map(|s| f64::from(s) / scale)).collect()
        }
    };
    Ok(samples?.into_iter().step_by(usize::from(spec.channels)).collect())
}

/// The sound, so many samples earlier, as long as the clean one and with the voice as loud as there: by the
/// inverse of the scale of SI-SDR, which noise that is left does not change.
fn fitted(clean: &[f64], sound: &[f64], delay: i64) -> Vec<f64> {
    let at = |n: usize| {
        usize::try_from(n as i64 + delay).ok().and_then(|n| sound.get(n)).copied().unwrap_or(0.0)
    };
    let moved: Vec<f64> = (0..clean.len()).map(at).collect();
    let gain = product(clean, clean) / product(clean, &moved).max(1e-20);
    moved.into_iter().map(|sample| sample * gain).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// By the highest correlation over four seconds.
fn delay(clean: &[f64], sound: &[f64]) -> i64 {
    let span = clean.len().min(192_000);
    let size = (span + 2 * FARTHEST as usize).next_power_of_two();
    let spectrum = |sound: &[f64]| {
        let forward = RealFftPlanner::<f64>::new().plan_fft_forward(size);
        let (mut padded, mut bins) = (forward.make_input_vec(), forward.make_output_vec());
        padded.iter_mut().zip(&sound[..span.min(sound.len())]).for_each(|(to, from)| *to = *from);
        forward.process(&mut padded, &mut bins).expect("the sizes are the plan's");
        bins
    };
    let mut bins: Vec<_> =
        spectrum(clean).iter().zip(spectrum(sound)).map(|(a, b)| a.conj() * b).collect();
    let inverse = RealFftPlanner::<f64>::new().plan_fft_inverse(size);
    let mut likeness = inverse.make_output_vec();
    // Rounding leaves the ends of the spectrum a trace of what a real sound has none of.
    let end = bins.len() - 1;
    (bins[0].im, bins[end].im) = (0.0, 0.0);
    inverse.process(&mut bins, &mut likeness).expect("the sizes are the plan's");
    let at = |lag: i64| likeness[lag.rem_euclid(size as i64) as usize];
    (-FARTHEST..=FARTHEST).max_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap_or(0)
}

/// The mean level of the windows in which the clean voice pauses, in dB.
fn pauses(clean: &[f64], sound: &[f64]) -> f64 {
    let limit = product(clean, clean) / clean.len() as f64 * 10f64.powf(-PAUSE / 10.0);
    let windows = clean.chunks_exact(WINDOW).zip(sound.chunks_exact(WINDOW));
    let quiet = windows.filter(|(clean, _)| product(clean, clean) / (WINDOW as f64) < limit);
    let powers: Vec<f64> = quiet.map(|(_, sound)| product(sound, sound)).collect();
    10.0 * (powers.iter().sum::<f64>() / powers.len().max(1) as f64).max(1e-20).log10()
}

/// Scale-invariant signal-to-distortion ratio (Le Roux and others, 2019).
fn ratio(clean: &[f64], sound: &[f64]) -> f64 {
    let scale = product(sound, clean) / product(clean, clean).max(1e-20);
    let wanted: f64 = clean.iter().map(|sample| (scale * sample).powi(2)).sum();
    let error: f64 = clean.iter().zip(sound).map(|(a, b)| (b - scale * a).powi(2)).sum();
    10.0 * (wanted / error.max(1e-20)).log10()
}

/// The mean over windows with a voice of the root mean square difference of the spectra in dB.
fn distance(clean: &[f64], sound: &[f64]) -> f64 {
    let spectra = |sound: &[f64]| -> Vec<Vec<f64>> {
        let fft = RealFftPlanner::<f64>::new().plan_fft_forward(WINDOW);
        let mut bins = fft.make_output_vec();
        sound
            .windows(WINDOW)
            .step_by(HOP)
            .map(|window| {
                let mut window: Vec<f64> = window
                    .iter()
                    .enumerate()
                    .map(|(n, s)| {
                        let turn = std::f64::consts::TAU * n as f64 / WINDOW as f64;
                        s * (0.5 - 0.5 * turn.cos())
                    })
                    .collect();
                fft.process(&mut window, &mut bins).expect("the sizes are the plan's");
                bins[..BAND].iter().map(|bin| bin.norm()).collect()
            })
            .collect()
    };
    let (clean, sound) = (spectra(clean), spectra(sound));
    let loudest = clean.iter().flatten().copied().fold(0.0, f64::max);
    let decibels = |magnitude: f64| 20.0 * (magnitude / loudest).max(FLOOR).log10();
    let voiced = clean.iter().zip(&sound).filter(|(clean, _)| {
        clean.iter().copied().fold(0.0, f64::max) > loudest * 10f64.powf(-PAUSE / 20.0)
    });
    let each: Vec<f64> = voiced
        .map(|(clean, sound)| {
            let squares =
                clean.iter().zip(sound).map(|(a, b)| (decibels(*a) - decibels(*b)).powi(2));
            (squares.sum::<f64>() / clean.len() as f64).sqrt()
        })
        .collect();
    each.iter().sum::<f64>() / each.len().max(1) as f64
}
