//! Who is behind a From line, and whom they say they work for: see tests/parity/people/README.md.
//!
//!     cargo run -p lorecast-people --example declared < FROM-LINES
//!
//! Prints for each line the name, the address, the employer that stands behind the name, and the one
//! that the domain of the address stands for; empty where there is none.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it measures")]

use std::io::BufRead;

use lorecast_mail::{Arrival, parse};
use lorecast_people::Sources;

fn main() {
    let sources = Sources::default();
    for line in std::io::stdin().lock().lines() {
        let mail = format!("From: {}\nSubject: x\n\nx\n", line.unwrap());
        let writer = parse(mail.as_bytes(), &Arrival { list: None, received: None }).writer;
        let declared = sources.declared(&writer);
        let domain = sources.of_domain(&writer.who.email);
        println!(
            "{}\t{}\t{}\t{}",
            writer.who.name,
            writer.who.email,
            declared.unwrap_or_default(),
            domain.unwrap_or_default()
        );
    }
}
