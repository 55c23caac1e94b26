//! The whole way from a recipe to a master.

use std::io::Write;

use lorecast_model::{Dbtp, Enclosure, Lufs, Master, Seconds};

use crate::beside::beside;
use crate::cache::Cache;
use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::draft::Draft;
use crate::fit::{NEAR, fit};
use crate::gather::gather;
use crate::meter::{GATE, Meter, Reading};
use crate::mp3::{Encoder, Failure};
use crate::programme::{Programme, Setting, widen};
use crate::recipe::{Outputs, Recipe, Step, Tags};
use crate::report::{Analysis, Listener, Section};
use crate::spool::Spooler;
use crate::tags::{self, Pictures, Shown};
use crate::voices::{Place, Placed, Voices};
use crate::wav::{LARGEST, Wav, as_io};
use crate::{Result, SAMPLE_RATE, StudioError, record};

/// Hears which step is at which share, from 0 to 1.
type Progress<'a> = &'a mut dyn FnMut(Step, f64);

/// Where the limiter begins, in dBTP. Coding adds to the peaks of the MP3; the WAV has the same
/// ceiling, so that what was measured of it holds for the MP3, which is long to encode again.
const CEILING: f64 = -2.0;

/// Makes `master.wav`, the MP3 and its report. Equal input gives equal bytes. Loudness and true
/// peak of the result are those of the decoded MP3; an episode without sound is said to have -70
/// LUFS, the absolute gate of BS.1770.
///
/// # Errors
/// When a part or the cover cannot be used, the recipe makes no sense, or an output cannot be
/// written. Outputs of an earlier run are then untouched.
pub fn master(
    recipe: &Recipe,
    outputs: &Outputs,
    progress: &mut dyn FnMut(Step, f64),
) -> Result<Master> {
    master_placed(recipe, outputs, &mut |_| Placed::default(), progress)
}

/// As [`master`], with chapters and a transcript from `place`, which hears the voices once they are
/// worked on and joined.
///
/// # Errors
/// As [`master`].
pub fn master_placed(
    recipe: &Recipe,
    outputs: &Outputs,
    place: Place<'_>,
    progress: &mut dyn FnMut(Step, f64),
) -> Result<Master> {
    recipe.check()?;
    let pictures = Pictures::read(&recipe.tags)?;
    let wav = Draft::create(&outputs.wav)?;
    let mp3 = Draft::create(&outputs.mp3)?;
    let everything = recipe.with_beds();
    let cache = outputs.cache.as_deref().and_then(Cache::open_or_warn);
    let spooler = Spooler::new(&everything, &outputs.wav, cache.as_ref());
    let parts = gather(&everything, &spooler, progress)?;
    let mut programme = Programme::new(recipe, parts, &outputs.wav)?;
    check_size(&programme, recipe)?;

    let first = Setting { gain: 0.0, ceiling: CEILING };
    let (found, reading) = fit(recipe.loudness.0, first, |setting| {
        make_wav(&programme, recipe, setting, &wav, progress)
    })?;
    wav.sync()?;

    let Placed { chapters, transcript } = place(&Voices::new(&programme, &recipe.parts));
    if !chapters.is_empty() {
        programme.chapters = chapters;
        recipe.tags.link(&mut programme.chapters);
    }
    let about = Tags {
        transcript: transcript.or_else(|| recipe.tags.transcript.clone()),
        ..recipe.tags.clone()
    };
    let shown = |reading| Shown {
        tags: &about,
        pictures: &pictures,
        chapters: &programme.chapters,
        length: programme.length(),
        reading,
    };
    let tag = tags::encode(&shown(reading));
    let missed = reading.loudness.map_or(0.0, |loudness| recipe.loudness.0 - loudness);
    let first = Setting { gain: found.gain + missed.clamp(-NEAR, NEAR), ceiling: CEILING };
    let mut heard = None;
    let (_, reading) = fit(recipe.loudness.0, first, |setting| {
        let (reading, analysis) = make_mp3(&programme, recipe, setting, &tag, &mp3, progress)?;
        heard = Some(analysis);
        Ok(reading)
    })?;
    let heard = heard.expect("what is fitted is made at least once");
    if let Some(tag) = tags::encode_again(&shown(reading), tag.len()) {
        mp3.overwrite(&tag)?;
    }
    mp3.sync()?;

    let master = describe(&programme, reading, outputs, mp3.bytes()?);
    let recorded = match &cache {
        Some(cache) => Some((cache, record::key(recipe, &programme.keys)?)),
        None => None,
    };
    wav.publish()?;
    mp3.publish()?;
    if let Some(report) = &outputs.report {
        heard.write(&recipe.tags.title, report)?;
    }
    if let Some((cache, key)) = &recorded {
        // Last: a run that was interrupted before has left something undone.
        record::keep(cache, key, outputs, &master);
        cache.tidy();
    }
    Ok(master)
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
    let (mut heard, mut one_side) = (Vec::new(), Vec::new());
    beside(
        recipe.threads(),
        |each| programme.render(setting, &mut |share| progress(Step::Mix, share), each),
        |samples| {
            widen(samples, copies, &mut heard);
            wav.write(&mut heard).map_err(complain)?;
            // Both sides are the same but for the dither.
            one_side.clear();
            one_side.extend(heard.iter().step_by(copies));
            meter.push(&one_side);
            Ok(())
        },
    )?;
    wav.finish().map_err(complain)?;
    let Reading { loudness, peak } = meter.read();
    Ok(Reading { loudness: loudness.map(|lufs| lufs + programme.gained()), peak })
}

fn make_mp3(
    programme: &Programme,
    recipe: &Recipe,
    setting: Setting,
    tag: &[u8],
    draft: &Draft,
    progress: Progress,
) -> Result<(Reading, Analysis)> {
    let complain = |failure| match failure {
        Failure::Write(source) => draft.error(source),
        Failure::Encoder(reason) => {
            StudioError::Encoder { file: draft.target().to_owned(), reason }
        }
        Failure::NoEncoder => StudioError::NoEncoder { file: draft.target().to_owned() },
    };
    let mut file = draft.restart()?;
    file.write_all(tag).map_err(|source| draft.error(source))?;
    let (copies, mut wide) = (programme.copies(), Vec::new());
    let mut encoder =
        Encoder::start(file, programme.channels(), recipe.formats.mp3, recipe.threads())
            .map_err(complain)?;
    programme.render(setting, &mut |share| progress(Step::Encode, share), &mut |samples| {
        widen(samples, copies, &mut wide);
        encoder.write(&wide).map_err(complain)
    })?;
    encoder.finish().map_err(complain)?;
    measure(draft, programme, progress)
}

/// Hears the MP3 as a listener does.
fn measure(
    draft: &Draft,
    programme: &Programme,
    progress: Progress,
) -> Result<(Reading, Analysis)> {
    let mut take = Take::open(draft.path())?;
    let map = ChannelMap::new(&take.channels, programme.channels());
    let sections: Vec<Section> = programme.chapters.iter().map(Section::of).collect();
    let mut listener = Listener::new(SAMPLE_RATE, programme.channels(), &sections)
        .expect("one or two channels at 48 kHz are valid");
    let mut frames = Vec::new();
    let mut heard = 0;
    while let Some(block) = take.next_block()? {
        frames.clear();
        map.mix(block, &mut frames);
        listener.push(&frames);
        heard += frames.len() as u64 / u64::from(programme.channels());
        progress(Step::Measure, (heard as f64 / programme.frames.max(1) as f64).min(1.0));
    }
    Ok((listener.reading(), listener.finish()))
}

fn describe(programme: &Programme, reading: Reading, outputs: &Outputs, bytes: u64) -> Master {
    Master {
        length: programme.length(),
        sample_rate: SAMPLE_RATE,
        channels: programme.channels(),
        loudness: Lufs(reading.loudness.unwrap_or(GATE)),
        true_peak: Dbtp(reading.peak),
        chapters: programme.chapters.clone(),
        enclosure: Enclosure {
            file: outputs.mp3.file_name().unwrap_or_default().to_owned(),
            bytes,
            media_type: "audio/mpeg".to_owned(),
        },
        synthetic: Vec::new(),
        effects: programme.effects(),
    }
}
