//! Writes archives that mean harm into a folder, and prints the ids of the threads in them: `hostile FOLDER`.
#![allow(clippy::print_stdout, reason = "it is a program for other tests")]

use std::io;
use std::path::Path;

use lorecast_testkit::hostile;

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| io::Error::other("name a folder"))?;
    hostile::write(Path::new(&folder))?;
    hostile::threads().iter().for_each(|id| println!("{id}"));
    Ok(())
}
