//! The whole way from a recipe to a master.

use lorecast_model::{
    Alternative, Dbtp, Effect, Enclosure, Encoding, Lufs, Master, OpusFormat, Seconds,
};

use crate::beside::beside;
use crate::cache::{Cache, Key};
use crate::coded::{Coding, Made, Source, make};
use crate::digests::Digests;
use crate::draft::Draft;
use crate::fit::{NEAR, fit};
use crate::gather::gather;
use crate::meter::{GATE, Meter, Reading};
use crate::programme::{Programme, Setting};
use crate::recipe::{Outputs, Recipe, Step, Tags};
use crate::report::Section;
use crate::spool::Spooler;
use crate::tags::{Pictures, Shown};
use crate::voices::{Place, Placed, Voices};
use crate::wav::{LARGEST, Wav, as_io};
use crate::{Result, SAMPLE_RATE, StudioError, aac, mp3, record};

/// Hears which step is at which share, from 0 to 1.
type Progress<'a> = &'a mut dyn FnMut(Step, f64);

/// Where the limiter begins, in dBTP. Coding adds to the peaks of the MP3; the WAV has the same
/// ceiling, so that what was measured of it holds for the MP3, which is long to encode again.
const CEILING: f64 = -2.0;
/// A file that is softer than it was to be by more than this, in LU, is told of.
const SOFTER: f64 = 0.1;

/// Makes `master.wav`, the MP3, what else its formats name, and the report. Equal input gives equal
/// bytes. Loudness and true
/// peak of the result are those of the decoded MP3; an episode without sound is said to have -70
/// LUFS, the absolute gate of BS.1770.
///
/// # Errors
/// When a part or the cover cannot be used, the recipe makes no sense, an encoder is missing, or an
/// output cannot be written. Outputs of an earlier run are then untouched.
pub fn master(
    recipe: &Recipe,
    outputs: &Outputs,
    progress: &mut dyn FnMut(Step, f64),
) -> Result<Master> {
    Run::new(recipe, outputs)?.master(&mut |_| Placed::default(), progress)
}

/// One run of the studio, which reads each take once to know it again.
pub struct Run<'a> {
    recipe: &'a Recipe,
    outputs: &'a Outputs,
    /// The recipe with its beds as parts.
    everything: Recipe,
    cache: Option<Cache>,
    digests: Digests,
}

impl<'a> Run<'a> {
    /// # Errors
    /// When the recipe makes no sense.
    pub fn new(recipe: &'a Recipe, outputs: &'a Outputs) -> Result<Self> {
        recipe.check()?;
        let cache = outputs.cache.as_deref().and_then(Cache::open_or_warn);
        let (everything, digests) = (recipe.with_beds(), Digests::default());
        Ok(Self { recipe, outputs, everything, cache, digests })
    }

    /// The master that the outputs are, when nothing was changed since: no take, no setting, no tag
    /// and none of the outputs. `None` without a cache.
    ///
    /// # Errors
    /// When a take or a picture cannot be read, or [`Recipe::only`] names no section.
    pub fn made_before(&self) -> Result<Option<Master>> {
        Pictures::read(&self.recipe.tags)?;
        self.recipe.may_work()?;
        let Some(cache) = &self.cache else { return Ok(None) };
        let spooler = self.spooler();
        let parts = self.everything.parts.iter();
        let keys: Vec<Key> = parts.map(|part| spooler.key(part)).collect::<Result<_>>()?;
        let key = record::key(self.recipe, &keys, &self.digests)?;
        Ok(record::find(cache, &key, self.outputs, self.recipe.formats))
    }

    /// As [`master`](master()), with chapters and a transcript from `place`, which hears the voices
    /// once they are worked on and joined.
    ///
    /// # Errors
    /// As [`master`](master()).
    pub fn master(&self, place: Place<'_>, progress: &mut dyn FnMut(Step, f64)) -> Result<Master> {
        let Self { recipe, outputs, everything, cache, digests } = self;
        let pictures = Pictures::read(&recipe.tags)?;
        let codings = codings(recipe, outputs)?;
        let wav = Draft::create(&outputs.wav)?;
        let drafts = codings.iter().map(|coding| Draft::create(&outputs.file(coding.encoding())));
        let drafts = drafts.collect::<Result<Vec<Draft>>>()?;
        let parts = gather(everything, &self.spooler(), progress)?;
        let mut programme = Programme::new(recipe, parts, &outputs.wav)?;
        check_size(&programme, recipe)?;

        let first = Setting { gain: 0.0, ceiling: CEILING };
        let (found, reading) = fit(recipe.loudness.0, first, |setting| {
            make_wav(&programme, recipe, setting, &wav, progress)
        })?;
        wav.sync()?;

        let Placed { chapters, transcript, said, deviations } =
            place(&Voices::new(&programme, &recipe.parts));
        if !chapters.is_empty() {
            programme.chapters = chapters;
            recipe.tags.link(&mut programme.chapters);
        }
        let tags = Tags {
            transcript: transcript.or_else(|| recipe.tags.transcript.clone()),
            ..recipe.tags.clone()
        };
        let missed = reading.loudness.map_or(0.0, |loudness| recipe.loudness.0 - loudness);
        let source = Source {
            programme: &programme,
            recipe,
            sections: &Section::of(&programme.chapters, &said),
            first: Setting { gain: found.gain + missed.clamp(-NEAR, NEAR), ceiling: CEILING },
            shown: Shown {
                tags: &tags,
                pictures: &pictures,
                chapters: &programme.chapters,
                length: programme.length(),
                reading,
            },
        };
        let mut made = Vec::new();
        for (coding, draft) in codings.iter().zip(&drafts) {
            let Made { reading, heard, head } = make(coding.as_ref(), &source, draft, progress)?;
            let encoding = coding.encoding();
            made.push((Coded { encoding, reading, bytes: draft.bytes()?, head }, heard));
        }
        let softer: Vec<Effect> =
            made.iter().filter_map(|(coded, _)| coded.softer(recipe.loudness, outputs)).collect();
        let mut made = made.into_iter();
        let (mp3, mut heard) = made.next().expect("an MP3 is always made");
        heard.report.deviations = deviations;
        let others: Vec<Coded> = made.map(|(coded, _)| coded).collect();
        let mut master = describe(&programme, outputs, &mp3, &others);
        master.effects.extend(softer);
        let recorded = match cache {
            Some(cache) => Some((cache, record::key(recipe, &programme.keys, digests)?)),
            None => None,
        };
        wav.publish()?;
        drafts.into_iter().try_for_each(Draft::publish)?;
        if let Some(report) = &outputs.report {
            heard.write(&recipe.tags.title, report)?;
        }
        if let Some((cache, key)) = &recorded {
            // Last: a run that was interrupted before has left something undone.
            record::keep(cache, key, (outputs, recipe.formats), &master);
            cache.tidy();
        }
        Ok(master)
    }

    fn spooler(&self) -> Spooler<'_> {
        Spooler::new(&self.everything, &self.outputs.wav, self.cache.as_ref(), &self.digests)
    }
}

/// How each file for listeners is made, the MP3 first. What cannot be made is told before any work.
fn codings(recipe: &Recipe, outputs: &Outputs) -> Result<Vec<Box<dyn Coding>>> {
    let (formats, channels, threads) = (recipe.formats, recipe.channels, recipe.threads());
    let mp3 = mp3::Coding::new(formats.mp3, channels, threads, &outputs.file(Encoding::Mp3))?;
    let mut codings: Vec<Box<dyn Coding>> = vec![Box::new(mp3)];
    if let Some(format) = formats.opus {
        codings.push(opus_coding(format, channels)?);
    }
    if let Some(format) = formats.aac {
        let file = outputs.file(Encoding::Aac);
        codings.push(Box::new(aac::Coding::new(format, channels, &file)?));
    }
    Ok(codings)
}

#[cfg(feature = "opus")]
fn opus_coding(format: OpusFormat, channels: u16) -> Result<Box<dyn Coding>> {
    Ok(Box::new(crate::opus::Coding { format, channels }))
}

#[cfg(not(feature = "opus"))]
fn opus_coding(_: OpusFormat, _: u16) -> Result<Box<dyn Coding>> {
    let message = "this build has no Opus; take `opus` out of `sound.formats`, or build with the feature `opus`";
    Err(StudioError::Recipe { message: message.to_owned() })
}

/// A WAV file has an end: 4 GiB, which six hours of stereo with 24 bit pass.
fn check_size(programme: &Programme, recipe: &Recipe) -> Result<()> {
    let width = u64::from(programme.channels() * recipe.formats.wav.bits / 8);
    if programme.frames * width <= LARGEST {
        return Ok(());
    }
    let limit = Seconds((LARGEST / width / u64::from(SAMPLE_RATE)) as f64);
    Err(StudioError::Recipe {
        message: format!(
            "a WAV with `bits: {}` holds {limit} at most; set `sound.formats.wav.bits` to 16",
            recipe.formats.wav.bits
        ),
    })
}

fn make_wav(
    programme: &Programme,
    recipe: &Recipe,
    setting: Setting,
    draft: &Draft,
    progress: Progress,
) -> Result<Reading> {
    let complain = |error| draft.error(as_io(error));
    let bits = recipe.formats.wav.bits;
    let mut wav =
        Wav::start(draft.restart()?, SAMPLE_RATE, programme.channels(), bits).map_err(complain)?;
    let copies = programme.copies();
    let mut meter = Meter::of_everything(programme.width());
    let mut heard = Vec::new();
    beside(
        recipe.threads(),
        |each| programme.render(setting, &mut |share| progress(Step::Mix, share), each),
        |samples| {
            heard.clear();
            heard.extend_from_slice(samples);
            wav.write(&mut heard, copies).map_err(complain)?;
            meter.push(&heard);
            Ok(())
        },
    )?;
    wav.finish().map_err(complain)?;
    let Reading { loudness, peak } = meter.read();
    Ok(Reading { loudness: loudness.map(|lufs| lufs + programme.gained()), peak })
}

/// A file for listeners that is done.
struct Coded {
    encoding: Encoding,
    reading: Reading,
    bytes: u64,
    /// How many of them stand before the sound.
    head: u64,
}

impl Coded {
    fn enclosure(&self, outputs: &Outputs) -> Enclosure {
        Enclosure {
            file: outputs.file(self.encoding).file_name().unwrap_or_default().to_owned(),
            bytes: self.bytes,
            media_type: self.encoding.media_type().to_owned(),
        }
    }

    /// Single peaks can stand so far above the rest that no limiter makes the whole as loud as was asked: what
    /// is missing. Silence misses nothing.
    fn softer(&self, asked: Lufs, outputs: &Outputs) -> Option<Effect> {
        let amount = asked.0 - self.reading.loudness?;
        (amount > SOFTER).then(|| Effect {
            take: self.enclosure(outputs).file,
            stage: "loudness".to_owned(),
            what: "softer than asked, for its peaks stand out, by".to_owned(),
            amount: (amount * 100.0).round() / 100.0,
            unit: "LU".to_owned(),
        })
    }

    fn loudness(&self) -> Lufs {
        Lufs(self.reading.loudness.unwrap_or(GATE))
    }

    fn alternative(&self, outputs: &Outputs, length: Seconds) -> Alternative {
        let bits = self.bytes.saturating_sub(self.head) as f64 * 8.0;
        Alternative {
            file: self.enclosure(outputs),
            encoding: self.encoding,
            bit_rate: (bits / length.0.max(0.001)).round() as u32,
            loudness: self.loudness(),
            true_peak: Dbtp(self.reading.peak),
        }
    }
}

fn describe(programme: &Programme, outputs: &Outputs, mp3: &Coded, others: &[Coded]) -> Master {
    let length = programme.length();
    Master {
        length,
        sample_rate: SAMPLE_RATE,
        channels: programme.channels(),
        loudness: mp3.loudness(),
        true_peak: Dbtp(mp3.reading.peak),
        chapters: programme.chapters.clone(),
        enclosure: mp3.enclosure(outputs),
        alternatives: others.iter().map(|other| other.alternative(outputs, length)).collect(),
        synthetic: Vec::new(),
        effects: programme.effects(),
    }
}
