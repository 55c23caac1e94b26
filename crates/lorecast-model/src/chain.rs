//! `sound.chain` and `sound.effects` in `show.yaml`: what the studio does to a voice.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Seconds;

/// The stages that a take goes through, in this order. Each is on by default with values that suit
/// speech, and off with `on: false`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chain {
    /// Takes away what lies below every voice: steps, trams, a direct current.
    pub rumble: Rumble,
    /// Takes away the hum of the mains where there is one.
    pub hum: Hum,
    /// Evens out a reader who comes nearer and leans back.
    pub leveller: Leveller,
    /// Mends single ticks.
    pub clicks: Clicks,
    /// Takes away steady noise.
    pub noise: Noise,
    /// Turns down breaths and the room between words.
    pub expander: Expander,
    /// Softens sharp sibilants.
    pub sibilance: Sibilance,
    /// Evens out syllables.
    pub compressor: Compressor,
    /// Shortens long pauses.
    pub silence: Silence,
}

/// See [`Chain::rumble`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rumble {
    /// Whether it is done.
    pub on: bool,
    /// Where it begins, 20 to 200 Hz; 12 dB an octave below.
    pub hertz: f64,
}

/// See [`Chain::hum`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hum {
    /// Whether it is done.
    pub on: bool,
    /// How far a tone at 50 or 60 Hz and its multiples has to stand out in the pauses, 3 to 40 dB.
    pub threshold: f64,
}

/// See [`Chain::leveller`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Leveller {
    /// Whether it is done.
    pub on: bool,
    /// The span that is heard as one, 2 to 120 seconds.
    pub window: Seconds,
    /// The most that is turned up or down, 0 to 20 dB.
    pub range: f64,
}

/// See [`Chain::clicks`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Clicks {
    /// Whether it is done.
    pub on: bool,
    /// How many times a tick has to stand out from its neighbourhood, 5 to 100.
    pub threshold: f64,
}

/// See [`Chain::noise`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Noise {
    /// Whether it is done.
    pub on: bool,
    /// The share of cleaned sound, 0 to 1; the rest is the sound as it came, which keeps a voice
    /// natural.
    pub wet: f64,
}

/// See [`Chain::expander`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expander {
    /// Whether it is done.
    pub on: bool,
    /// What lies so many dB below the voice is turned down, 10 to 60.
    pub below: f64,
    /// How many dB quieter for each dB below that, 1 to 10.
    pub ratio: f64,
    /// The most that is turned down, 0 to 40 dB.
    pub range: f64,
}

/// See [`Chain::sibilance`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sibilance {
    /// Whether it is done.
    pub on: bool,
    /// Where sibilants begin, 2,000 to 12,000 Hz.
    pub hertz: f64,
    /// Sibilants louder than the voice less so many dB are softened, 0 to 40.
    pub below: f64,
    /// The most that they are softened, 0 to 20 dB.
    pub range: f64,
}

/// See [`Chain::compressor`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Compressor {
    /// Whether it is done.
    pub on: bool,
    /// What lies so many dB above the voice's mean is turned down, -20 to 20.
    pub above: f64,
    /// How many dB of input make one of output, 1 to 20.
    pub ratio: f64,
    /// How fast it turns down, 1 to 100 milliseconds.
    pub attack: f64,
    /// How fast it turns up again, 10 to 2,000 milliseconds.
    pub release: f64,
}

/// See [`Chain::silence`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Silence {
    /// Whether it is done.
    pub on: bool,
    /// The longest pause that stays as it is, 0.5 to 30 seconds. A longer one loses its middle.
    pub longest: Seconds,
    /// What lies so many dB below the voice is silent, 20 to 70.
    pub below: f64,
}

/// `sound.effects`: for stings, or for fun. All are off by default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Effects {
    /// A hall behind the jingles.
    pub reverb: Reverb,
}

/// A network of seven delays with feedback.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reverb {
    /// Whether it is heard on intro and outro.
    pub on: bool,
    /// Whether the takes get it, too.
    pub voice: bool,
    /// The share of reverberated sound, 0 to 1.
    pub wet: f64,
    /// The size of the room, 0.1 to 4: 1 is a hall of some 20 metres.
    pub size: f64,
    /// How much of the sound comes back, 0 to 1.1; 1 rings for some two seconds at size 1, and no
    /// value makes it ring for ever.
    pub decay: f64,
}

impl Default for Rumble {
    fn default() -> Self {
        Self { on: true, hertz: 70.0 }
    }
}

impl Default for Hum {
    fn default() -> Self {
        Self { on: true, threshold: 10.0 }
    }
}

impl Default for Leveller {
    fn default() -> Self {
        Self { on: true, window: Seconds(12.0), range: 8.0 }
    }
}

impl Default for Clicks {
    fn default() -> Self {
        Self { on: true, threshold: 20.0 }
    }
}

impl Default for Noise {
    fn default() -> Self {
        Self { on: true, wet: 0.875 }
    }
}

impl Default for Expander {
    fn default() -> Self {
        Self { on: true, below: 30.0, ratio: 2.0, range: 10.0 }
    }
}

impl Default for Sibilance {
    fn default() -> Self {
        Self { on: true, hertz: 5500.0, below: 12.0, range: 6.0 }
    }
}

impl Default for Compressor {
    fn default() -> Self {
        Self { on: true, above: 2.0, ratio: 2.5, attack: 8.0, release: 120.0 }
    }
}

impl Default for Silence {
    fn default() -> Self {
        Self { on: true, longest: Seconds(2.0), below: 40.0 }
    }
}

impl Default for Reverb {
    fn default() -> Self {
        Self { on: false, voice: false, wet: 0.25, size: 1.0, decay: 1.0 }
    }
}

impl Chain {
    /// Every stage off: takes are brought to their loudness and nothing else.
    pub fn off() -> Self {
        let mut chain = Self::default();
        chain.rumble.on = false;
        chain.hum.on = false;
        chain.leveller.on = false;
        chain.clicks.on = false;
        chain.noise.on = false;
        chain.expander.on = false;
        chain.sibilance.on = false;
        chain.compressor.on = false;
        chain.silence.on = false;
        chain
    }

    /// The first value out of its range: its key in `show.yaml` and what to write instead.
    pub fn out_of_range(&self) -> Option<(&'static str, &'static str)> {
        let checks = [
            ("sound.chain.rumble.hertz", self.rumble.hertz, 20.0, 200.0, "write 20 to 200 Hz"),
            ("sound.chain.hum.threshold", self.hum.threshold, 3.0, 40.0, "write 3 to 40 dB"),
            (
                "sound.chain.leveller.window",
                self.leveller.window.0,
                2.0,
                120.0,
                "write 2 to 120 seconds",
            ),
            ("sound.chain.leveller.range", self.leveller.range, 0.0, 20.0, "write 0 to 20 dB"),
            ("sound.chain.clicks.threshold", self.clicks.threshold, 5.0, 100.0, "write 5 to 100"),
            ("sound.chain.noise.wet", self.noise.wet, 0.0, 1.0, "write 0 to 1"),
            ("sound.chain.expander.below", self.expander.below, 10.0, 60.0, "write 10 to 60 dB"),
            ("sound.chain.expander.ratio", self.expander.ratio, 1.0, 10.0, "write 1 to 10"),
            ("sound.chain.expander.range", self.expander.range, 0.0, 40.0, "write 0 to 40 dB"),
            (
                "sound.chain.sibilance.hertz",
                self.sibilance.hertz,
                2e3,
                12e3,
                "write 2000 to 12000 Hz",
            ),
            ("sound.chain.sibilance.below", self.sibilance.below, 0.0, 40.0, "write 0 to 40 dB"),
            ("sound.chain.sibilance.range", self.sibilance.range, 0.0, 20.0, "write 0 to 20 dB"),
            (
                "sound.chain.compressor.above",
                self.compressor.above,
                -20.0,
                20.0,
                "write -20 to 20 dB",
            ),
            ("sound.chain.compressor.ratio", self.compressor.ratio, 1.0, 20.0, "write 1 to 20"),
            (
                "sound.chain.compressor.attack",
                self.compressor.attack,
                1.0,
                100.0,
                "write 1 to 100 ms",
            ),
            (
                "sound.chain.compressor.release",
                self.compressor.release,
                10.0,
                2e3,
                "write 10 to 2000 ms",
            ),
            (
                "sound.chain.silence.longest",
                self.silence.longest.0,
                0.5,
                30.0,
                "write 0.5 to 30 seconds",
            ),
            ("sound.chain.silence.below", self.silence.below, 20.0, 70.0, "write 20 to 70 dB"),
        ];
        first_outside(&checks)
    }
}

impl Effects {
    /// The first value out of its range: its key in `show.yaml` and what to write instead.
    pub fn out_of_range(&self) -> Option<(&'static str, &'static str)> {
        first_outside(&[
            ("sound.effects.reverb.wet", self.reverb.wet, 0.0, 1.0, "write 0 to 1"),
            ("sound.effects.reverb.size", self.reverb.size, 0.1, 4.0, "write 0.1 to 4"),
            ("sound.effects.reverb.decay", self.reverb.decay, 0.0, 1.1, "write 0 to 1.1"),
        ])
    }
}

pub(crate) type Check = (&'static str, f64, f64, f64, &'static str);

/// NaN lies outside of every range.
pub(crate) fn first_outside(checks: &[Check]) -> Option<(&'static str, &'static str)> {
    checks
        .iter()
        .find(|(_, value, least, most, _)| !(*least..=*most).contains(value))
        .map(|(key, _, _, _, advice)| (*key, *advice))
}

/// What one stage did to one take, as a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The take's file name.
    pub take: String,
    /// The stage as [`Chain`] names it.
    pub stage: String,
    /// What the number says: `pauses quieter by`.
    pub what: String,
    /// How much.
    pub amount: f64,
    /// Of what: `dB`, `s`, or nothing for a count.
    pub unit: String,
}

impl Effect {
    /// Whether there is anything to tell: a stage that found nothing to do has nothing.
    pub fn is_felt(&self) -> bool {
        self.is_a_remark() || self.rounded() != 0.0
    }

    /// A number of nothing is a remark alone.
    fn is_a_remark(&self) -> bool {
        self.unit.is_empty() && self.amount == 0.0 && self.stage == "take"
    }

    /// As it is told: counts whole, the rest to a tenth.
    fn rounded(&self) -> f64 {
        if self.unit.is_empty() { self.amount.round() } else { (self.amount * 10.0).round() / 10.0 }
    }
}

impl fmt::Display for Effect {
    /// `pauses quieter by 18.3 dB`, `7 ticks mended`, `3.1 % of the time softened`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, amount) = (&self.what, self.rounded());
        match self.unit.as_str() {
            "" if self.is_a_remark() => f.write_str(what),
            "" => write!(f, "{amount} {what}"),
            "%" => write!(f, "{amount} % {what}"),
            unit => write!(f, "{what} {amount} {unit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stage: &str, what: &str, amount: f64, unit: &str, said: &str, felt: bool) {
        let [stage, what, unit] = [stage, what, unit].map(str::to_owned);
        let effect = Effect { take: "a.wav".to_owned(), stage, what, amount, unit };
        assert_eq!((effect.to_string().as_str(), effect.is_felt()), (said, felt));
    }

    #[test]
    fn effects_are_told_in_plain_words() {
        check("noise", "pauses quieter by", 18.26, "dB", "pauses quieter by 18.3 dB", true);
        check("noise", "pauses quieter by", 0.04, "dB", "pauses quieter by 0 dB", false);
        check("clicks", "ticks mended", 7.0, "", "7 ticks mended", true);
        check("clicks", "ticks mended", 0.0, "", "0 ticks mended", false);
        check("expander", "of the time turned down", 3.0, "%", "3 % of the time turned down", true);
        check("take", "nothing is heard", 0.0, "", "nothing is heard", true);
    }
}
