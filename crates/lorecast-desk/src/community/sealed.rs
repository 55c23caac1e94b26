//! What a browser keeps for the show between two steps: under the show's seal, so that any of its servers knows it again and
//! nobody can make it up, and for a few minutes.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use lorecast_community::{By, Deed, Refusal, Seal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Community, NotDone, new_key};
use crate::Result;

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    until: Timestamp,
    what: T,
}

/// Writes something for a browser to keep.
pub(super) fn keep<T: Serialize>(seal: &Seal, what: T, until: Timestamp) -> Result<String> {
    // It consists of texts and numbers, which can all be written.
    let json = serde_json::to_vec(&Kept { until, what }).map_err(|_| Refusal::Unproven)?;
    Ok(seal.put_on(&BASE64URL_NOPAD.encode(&json)))
}

/// Reads what [`keep`] wrote, when it is not too old.
pub(super) fn kept<T: DeserializeOwned>(seal: &Seal, text: &str, now: Timestamp) -> Result<T> {
    let read = || {
        let json = BASE64URL_NOPAD.decode(seal.take_off(text)?.as_bytes()).ok()?;
        let kept: Kept<T> = serde_json::from_slice(&json).ok()?;
        (kept.until > now).then_some(kept.what)
    };
    Ok(read().ok_or(Refusal::Unproven)?)
}

impl Community {
    /// The show's seal, which is made when it is first needed.
    pub(super) async fn seal(&self, now: Timestamp) -> Result<Seal> {
        let known = || self.look(|commons| commons.seal().cloned());
        if let Some(seal) = known() {
            return Ok(seal);
        }
        let seal = Seal::new(new_key()?);
        match self.does(By::Show, Deed::Seal { seal }, now).await {
            // Another server was quicker.
            Ok(_) | Err(NotDone::Refused(Refusal::Settled(_))) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(known().ok_or(NotDone::Busy)?)
    }
}
