//! Two halves of a pass, each on a thread of its own.

use std::sync::mpsc::sync_channel;

use crate::{Result, StudioError};

/// Blocks that wait at most.
const WAITING: usize = 16;
const DEAF: &str = "nobody hears the sound";

/// Runs `make`, which hands on blocks of sound, and `hear`, which takes them in the same order: at
/// the same time when there are threads, else in turns. What comes out is the same.
pub(crate) fn beside(
    threads: usize,
    make: impl FnOnce(&mut dyn FnMut(&[f32]) -> Result<()>) -> Result<()>,
    mut hear: impl FnMut(&[f32]) -> Result<()> + Send,
) -> Result<()> {
    if threads < 2 {
        return make(&mut hear);
    }
    std::thread::scope(|scope| {
        let (blocks, inbox) = sync_channel::<Vec<f32>>(WAITING);
        let hearer = scope.spawn(move || inbox.iter().try_for_each(|block| hear(&block)));
        let made = make(&mut |block| {
            blocks.send(block.to_vec()).map_err(|_| StudioError::Recipe { message: DEAF.into() })
        });
        drop(blocks);
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
                (0..100).try_for_each(|n| each(&[n as f32]))
            };
            beside(threads, make, |block| {
                heard.extend_from_slice(block);
                Ok(())
            })
            .unwrap();
            assert!(heard.iter().copied().eq((0..100).map(|n| n as f32)));
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
