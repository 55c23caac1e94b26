//! Points of time as people write them.

use serde::{Deserialize, Deserializer, Serializer, de};

use crate::Seconds;

impl Seconds {
    /// Reads `754.5`, `12:34.5` or `1:02:03`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(':').rev();
        let seconds = parts.next().filter(|part| part.starts_with(|c: char| c.is_ascii_digit()))?;
        let mut total: f64 = seconds.parse().ok()?;
        let mut unit = 60.0;
        for part in parts {
            // Hours are the last that there is.
            if unit > 3600.0 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            total += part.parse::<f64>().ok()? * unit;
            unit *= 60.0;
        }
        total.is_finite().then_some(Self(total))
    }

    /// As [`Seconds::parse`] reads it, to the hundredth: `12:34.50`.
    pub fn clock(self) -> String {
        let hundredths = (self.0.max(0.0) * 100.0).round() as u64;
        let (all, rest) = (hundredths / 100, hundredths % 100);
        let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
        match hours {
            0 => format!("{minutes}:{seconds:02}.{rest:02}"),
            _ => format!("{hours}:{minutes:02}:{seconds:02}.{rest:02}"),
        }
    }
}

/// For keys that have to be there; use with `#[serde(with = "clock")]`.
pub(crate) fn serialize<S: Serializer>(value: &Seconds, serializer: S) -> Result<S::Ok, S::Error> {
    optional::serialize(&Some(*value), serializer)
}

/// Reads what [`serialize`] writes, and plain seconds.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Seconds, D::Error> {
    let seconds = optional::deserialize(from)?;
    seconds.ok_or_else(|| de::Error::custom("write a time such as `12:34.5`, or seconds"))
}

/// For keys that may be left out; use with `#[serde(default, with = "clock::optional")]`.
pub(crate) mod optional {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Seconds>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(seconds) => serializer.serialize_str(&seconds.clock()),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Seconds>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }
        let wrong = || de::Error::custom("write a time such as `12:34.5`, or seconds");
        let seconds = match Option::<Written>::deserialize(deserializer).map_err(|_| wrong())? {
            None => return Ok(None),
            Some(Written::Number(seconds)) => Some(Seconds(seconds)),
            Some(Written::Text(text)) => Seconds::parse(&text),
        };
        seconds.filter(|time| time.0.is_finite() && time.0 >= 0.0).map(Some).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, seconds: Option<f64>) {
        assert_eq!(Seconds::parse(text).map(|time| time.0), seconds, "{text}");
    }

    #[test]
    fn clocks_are_read() {
        check("754.5", Some(754.5));
        check("12:34.5", Some(754.5));
        check("1:02:03", Some(3723.0));
        check("1:1:1:1", None);
        check("-1", None);
        check("+1:10", None);
        check("inf", None);
        check(":", None);
        check("", None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for seconds in [0.0, 0.005, 59.999, 754.51, 3723.04, 21_600.0] {
            let read = Seconds::parse(&Seconds(seconds).clock()).unwrap();
            assert!((read.0 - seconds).abs() <= 0.0051, "{seconds}: {read:?}");
        }
    }
}
