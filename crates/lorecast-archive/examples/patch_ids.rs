//! Prints the patch id of every commit of a tree that is no merge, and the commit, as
//! `git log -p --no-merges | git patch-id --stable` does; then how fast it was.
//!
//! `cargo run --release -p lorecast-archive --example patch_ids -- TREE [BRANCH…]`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Instant;

use jiff::Timestamp;
use lorecast_archive::{Span, Tips, Tree};
use lorecast_mail::patch_id;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a tree")?;
    let tree = Tree::open(path.as_str().into(), &arguments.collect::<Vec<_>>())?;
    let start = Instant::now();
    let (before, now) = (Tips::default(), tree.tips()?);
    let span = Span { before: &before, now: &now, since: Timestamp::MIN };
    let (mut commits, mut others) = (0u32, 0);
    let notices = tree.each_new(&span, &mut |_, _| (), &mut |commit| {
        commits += 1;
        others += commit.diffs.len().saturating_sub(1);
        if let Some(id) = commit.diffs.first().and_then(|diff| patch_id(diff)) {
            println!("{id} {}", commit.id);
        }
        ControlFlow::Continue(())
    })?;
    notices.iter().for_each(|notice| eprintln!("{notice}"));
    let seconds = start.elapsed().as_secs_f64();
    let speed = f64::from(commits) / seconds;
    eprintln!("{commits} commits, {others} further diffs, {seconds:.1} s, {speed:.0} commits/s");
    let (mut released, start) = (0, Instant::now());
    tree.releases(&span, &mut |_, _| released += 1)?;
    eprintln!("{released} commits released, {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}
