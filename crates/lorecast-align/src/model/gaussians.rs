//! `means` and `variances`: the densities of each codebook.

use crate::Result;
use crate::bytes::Bytes;

/// Numbers of a frame: cepstra, their slopes and their curvatures.
pub(crate) const STREAMS: usize = 3;
/// Numbers of each stream.
pub(crate) const DIMENSIONS: usize = 13;
const MOST_CODEBOOKS: usize = 4096;
const MOST_DENSITIES: usize = 1024;
/// No variance is taken for smaller, as in Sphinx.
const VARIANCE_FLOOR: f32 = 1e-4;

/// One file: `values[((codebook * STREAMS + stream) * densities + density) * DIMENSIONS + dimension]`.
pub(crate) struct Table {
    pub codebooks: usize,
    pub densities: usize,
    pub values: Vec<f32>,
}

impl Table {
    pub(crate) fn parse(file: &'static str, bytes: &[u8]) -> Result<Self> {
        let mut bytes = Bytes::new(file, bytes);
        bytes.parameter_header()?;
        let codebooks = bytes.count("codebooks", MOST_CODEBOOKS)?;
        let streams = bytes.count("streams", 16)?;
        let densities = bytes.count("densities", MOST_DENSITIES)?;
        if streams != STREAMS {
            return Err(bytes.bad("it has not three streams"));
        }
        for _ in 0..STREAMS {
            if bytes.u32()? as usize != DIMENSIONS {
                return Err(bytes.bad("its streams have not 13 numbers"));
            }
        }
        let count = codebooks * STREAMS * densities * DIMENSIONS;
        if bytes.u32()? as usize != count {
            return Err(bytes.bad("its counts do not fit each other"));
        }
        Ok(Self { codebooks, densities, values: bytes.floats(count)? })
    }
}

/// Densities that are worked on at once, in registers.
pub(crate) const LANES: usize = 16;

/// One number of [`LANES`] densities.
pub(crate) type Lanes = [f32; LANES];

/// The densities of one stream of one codebook: `constant + sum of weight * (x - mean)^2`.
#[derive(Debug, Clone)]
pub(crate) struct Codebook {
    pub blocks: Vec<Block>,
}

/// [`LANES`] densities of a codebook; those beyond the last never fit.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub constants: Lanes,
    pub means: [Lanes; DIMENSIONS],
    pub weights: [Lanes; DIMENSIONS],
}

/// One [`Codebook`] for each codebook and stream.
pub(crate) fn codebooks(means: &Table, variances: &Table) -> Vec<Codebook> {
    let size = means.densities * DIMENSIONS;
    let pairs = means.values.chunks_exact(size).zip(variances.values.chunks_exact(size));
    let book = |(means, variances): (&[f32], &[f32])| {
        let lanes = LANES * DIMENSIONS;
        let blocks = means.chunks(lanes).zip(variances.chunks(lanes));
        Codebook { blocks: blocks.map(|(means, variances)| block(means, variances)).collect() }
    };
    pairs.map(book).collect()
}

fn block(means: &[f32], variances: &[f32]) -> Block {
    let zero = [[0.0; LANES]; DIMENSIONS];
    let mut block = Block { constants: [f32::NEG_INFINITY; LANES], means: zero, weights: zero };
    let densities = means.chunks_exact(DIMENSIONS).zip(variances.chunks_exact(DIMENSIONS));
    for (lane, (means, variances)) in densities.enumerate() {
        block.constants[lane] = 0.0;
        for (dimension, (mean, variance)) in means.iter().zip(variances).enumerate() {
            let variance = variance.max(VARIANCE_FLOOR);
            block.means[dimension][lane] = *mean;
            block.weights[dimension][lane] = -0.5 / variance;
            block.constants[lane] -= 0.5 * (std::f32::consts::TAU * variance).ln();
        }
    }
    block
}
