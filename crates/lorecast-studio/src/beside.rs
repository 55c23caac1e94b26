//! Two halves of a pass, each on a thread of its own.

use std::sync::mpsc::{channel, sync_channel};

use crate::{Result, StudioError};

/// Samples that are handed over together: to wake the other half takes as long as to work on a few thousand.
const LOAD: usize = 1 << 16;
/// Loads that wait at most.
const WAITING: usize = 4;
const DEAF: &str = "nobody hears the sound";

/// Runs `make`, which hands on blocks of sound, and `hear`, which takes the samples in the same order but in
/// blocks of any size: at the same time when there are threads, else in turns. What comes out is the same.
pub(crate) fn beside(
    threads: usize,
    make: impl FnOnce(&mut dyn FnMut(&[f32]) -> Result<()>) -> Result<()>,
    mut hear: impl FnMut(&[f32]) -> Result<()> + Send,
) -> Result<()> {
    if threads < 2 {
        return make(&mut hear);
    }
    std::thread::scope(|scope| {
        let (loads, inbox) = sync_channel::<Vec<f32>>(WAITING);
        let (heard, empty) = channel::<Vec<f32>>();
        let hearer = scope.spawn(move || {
            inbox.iter().try_for_each(|mut load| {
                hear(&load)?;
                load.clear();
                // Whoever makes the sound may be done.
                let _ = heard.send(load);
                Ok(())
            })
        });
        let mut load = Vec::with_capacity(LOAD);
        let hand_over =
            |load| loads.send(load).map_err(|_| StudioError::Recipe { message: DEAF.into() });
        let made = make(&mut |block| {
            load.extend_from_slice(block);
            if load.len() < LOAD {
                return Ok(());
            }
            let next = empty.try_recv().unwrap_or_else(|_| Vec::with_capacity(LOAD));
            hand_over(std::mem::replace(&mut load, next))
        });
        let made = made.and_then(|()| hand_over(load));
        drop(loads);
        let heard = hearer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // Whoever does not hear any more has failed: that is the error to tell.
        heard.and(made)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(message: &str) -> StudioError {
        StudioError::Recipe { message: message.to_owned() }
    }

    #[test]
    fn blocks_come_in_order() {
        for threads in [1, 2] {
            let mut heard = Vec::new();
            let make = |each: &mut dyn FnMut(&[f32]) -> Result<()>| {
                (0..100).try_for_each(|n| each(&vec![n as f32; 5000]))
            };
            beside(threads, make, |block| {
                heard.extend_from_slice(block);
                Ok(())
            })
            .unwrap();
            let all = (0..100).flat_map(|n| std::iter::repeat_n(n as f32, 5000));
            assert!(heard.iter().copied().eq(all));
        }
    }

    #[test]
    fn the_error_of_either_half_is_told() {
        for threads in [1, 2] {
            let endless = |each: &mut dyn FnMut(&[f32]) -> Result<()>| {
                (0..100).try_for_each(|_| each(&[0.0]))
            };
            let error = beside(threads, endless, |_| Err(fault("deaf"))).unwrap_err();
            assert_eq!(error.to_string(), "cannot master: deaf");
            let error = beside(threads, |_| Err(fault("mute")), |_| Ok(())).unwrap_err();
            assert_eq!(error.to_string(), "cannot master: mute");
        }
    }
}
