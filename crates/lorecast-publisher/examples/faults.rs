//! Writes the clean site of the tests, and one site for each rule with a fault in it:
//! `faults DIR` makes `DIR/clean/`, `DIR/IT-06/` and so on, for comparisons with other validators.

#![allow(clippy::unwrap_used, reason = "an example that cannot write has nothing to say")]

#[path = "../tests/lint/faults.rs"]
#[allow(dead_code, reason = "only the first fault of each rule is written")]
mod faults;
#[path = "../tests/lint/world.rs"]
mod world;

use camino::Utf8Path;

fn main() {
    let folder = std::env::args().nth(1).expect("usage: faults DIR");
    let folder = Utf8Path::new(&folder);
    world::write(&world::clean(), &folder.join("clean"));
    for fault in faults::all() {
        let (site, mut files) = (folder.join(fault.rule), world::clean());
        (fault.change)(&mut files);
        // What only an earlier build or the show's folder proves is no fault of the site alone.
        let alone = !fault.later && files.keys().all(|path| !path.starts_with(".."));
        if alone && !site.exists() {
            world::write(&files, &site);
        }
    }
}
