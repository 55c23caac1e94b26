//! All parts at once, on as many threads as there are.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::recipe::{Recipe, Step};
use crate::spool::{Spooled, Spooler};
use crate::{Result, StudioError};

/// What a thread tells: a share of a part, or a part that is done.
enum News {
    Share(usize, f64),
    Done(usize, Box<Result<Spooled>>),
}

/// Makes every part, in the recipe's order. When some fail, the error is that of the first of them.
pub(crate) fn gather(
    recipe: &Recipe,
    spooler: &Spooler,
    progress: &mut dyn FnMut(Step, f64),
) -> Result<Vec<Spooled>> {
    let count = recipe.parts.len();
    let may_work = &recipe.may_work()?;
    // Beds come last and add nothing to the episode's length.
    let lasting = count - recipe.beds.len();
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, news) = mpsc::sync_channel(64);
    std::thread::scope(|scope| {
        for _ in 0..recipe.threads().min(count) {
            let sender = sender.clone();
            let (next, failed) = (&next, &failed);
            scope.spawn(move || {
                // A part that is begun is ended: so the first error is the same in every run.
                while !failed.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(part) = recipe.parts.get(at) else { return };
                    let made = spooler.make(part, may_work[at], &mut |share| {
                        let _ = sender.send(News::Share(at, share));
                    });
                    let made = match made {
                        Ok(made) if at < lasting => spooler.grow(&made, part).map(|()| made),
                        made => made,
                    };
                    failed.fetch_or(made.is_err(), Ordering::Relaxed);
                    if sender.send(News::Done(at, Box::new(made))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut shares = vec![0.0; count];
        let mut made: Vec<Option<Result<Spooled>>> = (0..count).map(|_| None).collect();
        for piece in news {
            match piece {
                News::Share(at, share) => shares[at] = share,
                News::Done(at, part) => {
                    shares[at] = 1.0;
                    made[at] = Some(*part);
                }
            }
            progress(Step::Decode, shares.iter().sum::<f64>() / count as f64);
        }
        // Errors come before parts that were not begun because of them.
        let mut parts = Vec::new();
        for part in made {
            match part {
                Some(part) => parts.push(part?),
                None => break,
            }
        }
        if parts.len() == count {
            return Ok(parts);
        }
        Err(StudioError::Recipe { message: "a part was not made".into() })
    })
}
