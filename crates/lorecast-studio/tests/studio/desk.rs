//! A temporary place to master at, and ears for what comes out.

use camino::{Utf8Path, Utf8PathBuf};
use ebur128::{EbuR128, Mode};
use hound::{Sample, SampleFormat, WavSpec, WavWriter};
use lorecast_model::{Chain, Lufs, Master, Seconds};
use lorecast_studio::{Outputs, Part, Recipe, Run, StudioError, master};
use symphonia::core::formats::TrackType;

/// A folder that vanishes with the test.
pub struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.dir.path().join(name)).unwrap()
    }

    pub fn outputs(&self) -> Outputs {
        Outputs {
            wav: self.path("master.wav"),
            mp3: self.path("master.mp3"),
            report: None,
            cache: None,
        }
    }

    /// Writes interleaved samples as 32 bit float.
    pub fn wav(&self, name: &str, rate: u32, channels: u16, samples: &[f32]) -> Utf8PathBuf {
        self.write(name, rate, channels, SampleFormat::Float, samples.iter().copied())
    }

    /// Writes interleaved samples as 24 bit.
    pub fn wav_24(
        &self,
        name: &str,
        rate: u32,
        channels: u16,
        samples: impl Iterator<Item = i32>,
    ) -> Utf8PathBuf {
        self.write(name, rate, channels, SampleFormat::Int, samples)
    }

    fn write<S: Sample>(
        &self,
        name: &str,
        sample_rate: u32,
        channels: u16,
        sample_format: SampleFormat,
        samples: impl Iterator<Item = S>,
    ) -> Utf8PathBuf {
        let path = self.path(name);
        let bits_per_sample = if sample_format == SampleFormat::Float { 32 } else { 24 };
        let spec = WavSpec { channels, sample_rate, bits_per_sample, sample_format };
        let mut wav = WavWriter::create(&path, spec).unwrap();
        samples.for_each(|sample| wav.write_sample(sample).unwrap());
        wav.finalize().unwrap();
        path
    }

    pub fn master(&self, recipe: &Recipe) -> Result<Master, StudioError> {
        master(recipe, &self.outputs(), &mut |_, _| {})
    }

    /// The error, without the name of the folder.
    pub fn error(&self, recipe: &Recipe) -> String {
        let error = self.master(recipe).unwrap_err().to_string();
        error.replace(self.dir.path().to_str().unwrap(), "DIR")
    }

    pub fn names(&self) -> Vec<String> {
        self.names_in("")
    }

    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.dir.path().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub fn fixture(name: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Stereo at -16 LUFS, with half a second between parts.
pub fn recipe(files: impl IntoIterator<Item = Utf8PathBuf>) -> Recipe {
    Recipe {
        parts: files.into_iter().map(|file| Part { file, ..Part::default() }).collect(),
        pause: Seconds(0.5),
        chain: Chain::off(),
        ..Recipe::default()
    }
}

/// What a run without changes finds.
pub fn made_before(recipe: &Recipe, outputs: &Outputs) -> Option<Master> {
    Run::new(recipe, outputs).unwrap().made_before().unwrap()
}

pub fn mono(files: impl IntoIterator<Item = Utf8PathBuf>) -> Recipe {
    Recipe { channels: 1, loudness: Lufs(-19.0), ..recipe(files) }
}

/// Decoded sound, interleaved.
pub struct Sound {
    pub samples: Vec<f32>,
    pub channels: usize,
    pub rate: u32,
}

impl Sound {
    pub fn read(file: &Utf8Path) -> Self {
        let stream = std::fs::File::open(file).unwrap();
        let stream =
            symphonia::core::io::MediaSourceStream::new(Box::new(stream), Default::default());
        let mut format = symphonia::default::get_probe()
            .probe(&Default::default(), stream, Default::default(), Default::default())
            .unwrap();
        let track = format.default_track(TrackType::Audio).unwrap();
        let parameters = track.codec_params.as_ref().unwrap().audio().unwrap().clone();
        let mut decoder = symphonia::default::get_codecs()
            .make_audio_decoder(&parameters, &Default::default())
            .unwrap();
        let (mut samples, mut block) = (Vec::new(), Vec::<f32>::new());
        while let Some(packet) = format.next_packet().unwrap() {
            decoder.decode(&packet).unwrap().copy_to_vec_interleaved(&mut block);
            samples.extend_from_slice(&block);
        }
        let channels = parameters.channels.unwrap().count();
        Self { samples, channels, rate: parameters.sample_rate.unwrap() }
    }

    pub fn frames(&self) -> usize {
        self.samples.len() / self.channels
    }

    /// Integrated loudness in LUFS and true peak in dBTP.
    pub fn measure(&self) -> (f64, f64) {
        let mut meter =
            EbuR128::new(self.channels as u32, self.rate, Mode::I | Mode::TRUE_PEAK).unwrap();
        meter.add_frames_f32(&self.samples).unwrap();
        let peaks = (0..self.channels as u32).map(|channel| meter.true_peak(channel).unwrap());
        (meter.loudness_global().unwrap(), 20.0 * peaks.fold(0.0, f64::max).log10())
    }

    /// The loudest sample in a span of seconds.
    pub fn peak_within(&self, from: f64, to: f64) -> f32 {
        let at = |time: f64| (time * f64::from(self.rate)) as usize * self.channels;
        let span = &self.samples[at(from).min(self.samples.len())..at(to).min(self.samples.len())];
        span.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
    }
}
