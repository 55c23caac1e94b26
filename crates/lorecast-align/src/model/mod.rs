//! The acoustic model: read from where it is installed, checked, and kept small.

mod gaussians;
mod mdef;
mod params;
mod sendump;
mod transitions;

use camino::{Utf8Path, Utf8PathBuf};

use crate::Result;
use crate::error::AlignError;
pub(crate) use gaussians::{Block, Codebook, DIMENSIONS, LANES, Lanes, STREAMS};
pub(crate) use mdef::{Mdef, STATES};
pub(crate) use params::Params;
pub(crate) use transitions::Transitions;

/// Where the model of Debian's and Fedora's packages, of Homebrew and of a source build lies.
pub const PLACES: &[&str] = &[
    "/usr/share/pocketsphinx/model/en-us",
    "/usr/local/share/pocketsphinx/model/en-us",
    "/opt/homebrew/share/pocketsphinx/model/en-us",
];

/// No file of a model is read beyond this many bytes.
const LARGEST_FILE: u64 = 64 << 20;

/// The bytes of a model's files, named as Sphinx names them.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// `feat.params`.
    pub params: Vec<u8>,
    /// `mdef`, binary.
    pub mdef: Vec<u8>,
    /// `means`.
    pub means: Vec<u8>,
    /// `variances`.
    pub variances: Vec<u8>,
    /// `sendump`.
    pub sendump: Vec<u8>,
    /// `transition_matrices`.
    pub transitions: Vec<u8>,
    /// `noisedict`: which phones are no speech.
    pub noises: Vec<u8>,
    /// The CMU dictionary.
    pub dictionary: Vec<u8>,
}

/// An acoustic model with its dictionary. 5 MB.
#[derive(Debug, Clone)]
pub struct Model {
    pub(crate) params: Params,
    pub(crate) mdef: Mdef,
    pub(crate) transitions: Vec<Transitions>,
    pub(crate) codebooks: Vec<Codebook>,
    pub(crate) densities: usize,
    /// Weights of the phones' own senones, see `sendump`.
    pub(crate) weights: Vec<f32>,
    pub(crate) noises: Vec<u8>,
    pub(crate) silence: u8,
    pub(crate) dictionary: String,
}

impl Model {
    /// The model of the first of [`PLACES`] that has one.
    ///
    /// # Errors
    /// [`AlignError::NotInstalled`], which says how to install one; a model that is there and cannot
    /// be used.
    pub fn find() -> Result<Self> {
        Self::find_in(PLACES)
    }

    /// The same in other folders than [`PLACES`].
    ///
    /// # Errors
    /// As [`Model::find`].
    pub fn find_in(places: &[&str]) -> Result<Self> {
        let there = |place: &&&str| Utf8Path::new(place).join("en-us/mdef").exists();
        match places.iter().find(there) {
            Some(place) => Self::open(Utf8Path::new(place)),
            None => Err(AlignError::NotInstalled { looked: places.join(", ") }),
        }
    }

    /// Reads a folder laid out as the package does: `en-us/` and `cmudict-en-us.dict`.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no model of this kind.
    pub fn open(folder: &Utf8Path) -> Result<Self> {
        let acoustic = |name: &str| read(folder.join("en-us").join(name));
        Self::parse(&Files {
            params: acoustic("feat.params")?,
            mdef: acoustic("mdef")?,
            means: acoustic("means")?,
            variances: acoustic("variances")?,
            sendump: acoustic("sendump")?,
            transitions: acoustic("transition_matrices")?,
            noises: acoustic("noisedict")?,
            dictionary: read(folder.join("cmudict-en-us.dict"))?,
        })
    }

    /// Makes a model of its files' bytes: semi-continuous or phonetically tied, three streams of 13.
    ///
    /// # Errors
    /// Damage, and kinds of model that are not supported.
    pub fn parse(files: &Files) -> Result<Self> {
        let params = Params::parse(&String::from_utf8_lossy(&files.params))?;
        let mdef = Mdef::parse(&files.mdef)?;
        let means = gaussians::Table::parse("means", &files.means)?;
        let variances = gaussians::Table::parse("variances", &files.variances)?;
        if (means.codebooks, means.densities) != (variances.codebooks, variances.densities) {
            return Err(AlignError::model("variances", "it does not fit `means`"));
        }
        if means.codebooks != 1 && means.codebooks != mdef.names.len() {
            return Err(AlignError::model(
                "means",
                "it has neither one codebook nor one for each phone",
            ));
        }
        let transitions = transitions::parse(&files.transitions)?;
        if transitions.len() < mdef.matrix_count {
            return Err(AlignError::model(
                "transition_matrices",
                "it has fewer matrices than `mdef` names",
            ));
        }
        let wanted: Vec<u16> = mdef.senones.iter().flatten().copied().collect();
        let weights = sendump::parse(&files.sendump, &wanted, mdef.senone_count, means.densities)?;
        let silence =
            mdef.phone("SIL").ok_or_else(|| AlignError::model("mdef", "it has no phone `SIL`"))?;
        let dictionary = String::from_utf8_lossy(&files.dictionary).into_owned();
        Ok(Self {
            transitions: mdef.matrices.iter().map(|matrix| transitions[*matrix]).collect(),
            codebooks: gaussians::codebooks(&means, &variances),
            densities: means.densities,
            noises: noises(&String::from_utf8_lossy(&files.noises), &mdef),
            params,
            mdef,
            weights,
            silence,
            dictionary,
        })
    }
}

/// The phones of the noise dictionary.
fn noises(text: &str, mdef: &Mdef) -> Vec<u8> {
    let phones = text.lines().filter_map(|line| line.split_whitespace().nth(1));
    let mut noises: Vec<u8> = phones.filter_map(|name| mdef.phone(name)).collect();
    noises.sort_unstable();
    noises.dedup();
    noises
}

fn read(path: Utf8PathBuf) -> Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&path);
    let outcome = file.and_then(|file| file.take(LARGEST_FILE).read_to_end(&mut bytes));
    outcome.map_err(|source| AlignError::Read { path, source })?;
    Ok(bytes)
}
