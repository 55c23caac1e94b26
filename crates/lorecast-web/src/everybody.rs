//! Who is who, made once and kept while it holds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lorecast_desk::{Circle, CircleStamp, Reader};

use crate::fault::Fault;

/// New mail makes another circle only when the last one is so many times as old as it took to make: at most a tenth of
/// one core is spent on it, however often mail comes.
const PAUSE: u32 = 10;

/// The circle that pages of people are made with.
#[derive(Default)]
pub(crate) struct Everybody {
    kept: Mutex<Option<Kept>>,
    /// Held by who makes another one.
    making: Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    circle: Arc<Circle>,
    made: Instant,
    took: Duration,
}

impl Everybody {
    /// Everybody, as of now: what the show's files say always, and of mail what came a moment ago at the latest.
    pub(crate) fn of(&self, reader: &Reader) -> Result<Arc<Circle>, Fault> {
        let stamp = reader.circle_stamp()?;
        if let Some(kept) = self.kept().filter(|kept| kept.holds(&stamp)) {
            return Ok(kept.circle);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = self.kept().filter(|kept| kept.holds(&stamp)) {
            return Ok(kept.circle);
        }
        let made = Instant::now();
        let circle = Arc::new(reader.circle()?);
        let kept = Kept { circle: Arc::clone(&circle), made, took: made.elapsed() };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(circle)
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Kept {
    fn holds(&self, stamp: &CircleStamp) -> bool {
        let own = self.circle.stamp();
        own == stamp || own.same_files(stamp) && self.made.elapsed() < self.took * PAUSE
    }
}
