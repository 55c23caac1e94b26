//! Test signals as WAV files.

use camino::{Utf8Path, Utf8PathBuf};
use hound::{SampleFormat, WavSpec, WavWriter};

/// A signal that is easy to recognise and to measure. Starts as three seconds of stereo at 48 kHz.
///
/// ```
/// use lorecast_testkit::tone::Tone;
///
/// let quiet = Tone::sine(440.0).level(-40.0).rate(44_100).mono();
/// assert_eq!(quiet.samples().len(), 3 * 44_100);
/// ```
#[derive(Clone, Debug)]
pub struct Tone {
    signal: Signal,
    level: f64,
    seconds: f64,
    rate: u32,
    channels: u16,
}

#[derive(Clone, Copy, Debug)]
enum Signal {
    Sine { hertz: f64 },
    Noise { seed: u64 },
    Spikes { hertz: f64 },
    Silence,
}

impl Tone {
    /// A sine wave.
    pub fn sine(hertz: f64) -> Self {
        Self::of(Signal::Sine { hertz })
    }

    /// White noise, the same for the same seed, different in each channel.
    pub fn noise(seed: u64) -> Self {
        Self::of(Signal::Noise { seed })
    }

    /// A sine wave 30 dB below the level, with a burst of 2 ms at the full level every half second:
    /// what a lip smack or a hit on the table is to a voice.
    pub fn spikes(hertz: f64) -> Self {
        Self::of(Signal::Spikes { hertz })
    }

    /// Digital silence.
    pub fn silence() -> Self {
        Self::of(Signal::Silence)
    }

    fn of(signal: Signal) -> Self {
        Self { signal, level: -20.0, seconds: 3.0, rate: 48_000, channels: 2 }
    }

    /// The peak in dBFS, -20 unless set. Above 0 the signal clips.
    pub fn level(mut self, dbfs: f64) -> Self {
        self.level = dbfs;
        self
    }

    /// How long it lasts.
    pub fn seconds(mut self, seconds: f64) -> Self {
        self.seconds = seconds;
        self
    }

    /// Samples a second.
    pub fn rate(mut self, rate: u32) -> Self {
        self.rate = rate;
        self
    }

    /// One channel.
    pub fn mono(mut self) -> Self {
        self.channels = 1;
        self
    }

    /// The interleaved samples, from -1 to 1.
    pub fn samples(&self) -> Vec<f32> {
        let amplitude = 10f64.powf(self.level / 20.0);
        let frames = (self.seconds * f64::from(self.rate)).round() as u64;
        let mut noise = Noise::new(self.signal);
        let mut samples = Vec::new();
        for frame in 0..frames {
            let time = frame as f64 / f64::from(self.rate);
            for _ in 0..self.channels {
                let value = match self.signal {
                    Signal::Sine { hertz } => (std::f64::consts::TAU * hertz * time).sin(),
                    Signal::Noise { .. } => noise.next(),
                    Signal::Spikes { hertz } => {
                        let burst = if time % 0.5 < 0.002 { 1.0 } else { 0.0316 };
                        (std::f64::consts::TAU * hertz * time).sin() * burst
                    }
                    Signal::Silence => 0.0,
                };
                samples.push((value * amplitude).clamp(-1.0, 1.0) as f32);
            }
        }
        samples
    }

    /// Writes it as 16 bit WAV and returns the path, for one-line recipes.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn write(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        let path = path.as_ref();
        let spec = WavSpec {
            channels: self.channels,
            sample_rate: self.rate,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut wav = WavWriter::create(path, spec).expect("the test's folder is writable");
        for sample in self.samples() {
            wav.write_sample((sample * 32_767.0) as i16).expect("the test's folder is writable");
        }
        wav.finalize().expect("the test's folder is writable");
        path.to_owned()
    }
}

/// Knuth's MMIX generator: the high bits are random enough for noise.
struct Noise(u64);

impl Noise {
    fn new(signal: Signal) -> Self {
        match signal {
            Signal::Noise { seed } => Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            _ => Self(0),
        }
    }

    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}
