//! Prints the kind of each subject that comes through standard input: `kind<tab>subject`.
//!
//! `tests/parity/drafting/kinds.py` compares it with kinds that people gave. With `general` as its argument,
//! the rules of the general profile speak.

use std::io::{BufRead, Write};

use lorecast_drafter::nature;
use lorecast_mail::{Arrival, parse};
use lorecast_model::Profile;

fn main() -> std::io::Result<()> {
    let general = std::env::args().nth(1).is_some_and(|word| word == "general");
    let profile = if general { Profile::General } else { Profile::Kernel };
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mail = format!("Message-ID: <a@b.example>\nSubject: {line}\n\n");
        let message = parse(mail.as_bytes(), &Arrival { list: None, received: None });
        let kind = serde_yaml::to_string(&nature(&message, profile).kind).unwrap_or_default();
        writeln!(out, "{}\t{line}", kind.trim())?;
    }
    Ok(())
}
