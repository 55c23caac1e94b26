//! `feat.params`: how the model wants its sound.

use crate::Result;
use crate::error::AlignError;

/// The settings of the front end; what the file does not name has Sphinx's default.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Params {
    /// The lowest frequency of the mel filters, in Hz.
    pub lower: f32,
    /// The highest.
    pub upper: f32,
    /// How many filters.
    pub filters: usize,
    /// The length of the cepstral lifter; 0 for none.
    pub lifter: usize,
}

/// Filters beyond this are no speech front end.
const MOST_FILTERS: usize = 128;

impl Params {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut params = Self { lower: 133.333_34, upper: 6855.498, filters: 40, lifter: 0 };
        let mut transform = "legacy";
        let mut words = text.split_whitespace();
        while let (Some(key), Some(value)) = (words.next(), words.next()) {
            match key {
                "-lowerf" => params.lower = number(key, value)?,
                "-upperf" => params.upper = number(key, value)?,
                "-nfilt" => params.filters = number::<usize>(key, value)?,
                "-lifter" => params.lifter = number::<usize>(key, value)?,
                "-transform" => transform = value,
                "-feat" => known(key, value, &["1s_c_d_dd"])?,
                "-svspec" => known(key, value, &["0-12/13-25/26-38"])?,
                "-cmn" => known(key, value, &["batch", "current", "live", "prior"])?,
                "-agc" | "-varnorm" => known(key, value, &["none", "no"])?,
                "-model" => known(key, value, &["ptm", "semi"])?,
                "-samprate" => known(key, value, &["16000", "16000.0"])?,
                _ => {}
            }
        }
        known("-transform", transform, &["dct"])?;
        let fits =
            params.lower >= 0.0 && params.lower + 100.0 < params.upper && params.upper <= 8000.0;
        if !fits || !(13..=MOST_FILTERS).contains(&params.filters) || params.lifter > 1000 {
            return Err(AlignError::model("feat.params", "its filters do not fit sound of 16 kHz"));
        }
        Ok(params)
    }
}

fn number<T: std::str::FromStr>(key: &str, value: &str) -> Result<T> {
    value
        .parse()
        .map_err(|_| AlignError::model("feat.params", format!("`{key} {value}` is no number")))
}

fn known(key: &str, value: &str, possible: &[&str]) -> Result<()> {
    if possible.contains(&value) {
        return Ok(());
    }
    Err(AlignError::model(
        "feat.params",
        format!("`{key} {value}` is not supported, only {}", possible.join(", ")),
    ))
}
