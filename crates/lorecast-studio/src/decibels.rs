//! Decibels and what they stand for.

/// The factor on samples.
pub(crate) fn amplitude(decibels: f64) -> f64 {
    10f64.powf(decibels / 20.0)
}

/// The factor on their squares.
pub(crate) fn power(decibels: f64) -> f64 {
    10f64.powf(decibels / 10.0)
}

/// Of a factor on samples.
pub(crate) fn of_amplitude(amplitude: f64) -> f64 {
    20.0 * amplitude.log10()
}

/// Of a factor on their squares.
pub(crate) fn of_power(power: f64) -> f64 {
    10.0 * power.log10()
}
