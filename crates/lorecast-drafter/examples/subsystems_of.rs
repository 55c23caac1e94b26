//! The subsystems of mails, for comparisons with `get_maintainer.pl`.
//!
//! `subsystems_of MAINTAINERS [--folders FILE] [--bytes] MAIL…` prints one JSON object a mail, and
//! on stderr how long it took. FILE lists the folders of the tree, one a line; `--bytes` reads as
//! the scripts before Linux 6.8 do; `--text` takes MAIL as a text to ask about rather than as a mail.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what an example is for")]

use std::collections::HashSet;
use std::error::Error;
use std::time::{Duration, Instant};

use lorecast_drafter::{Maintainers, Subsystems, Surroundings};
use lorecast_mail::{Arrival, parse};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let text = std::fs::read_to_string(args.next().ok_or("name a MAINTAINERS file")?)?;
    let (mut folders, mut characters, mut as_text, mut mails) = (None, true, false, Vec::new());
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--folders" => {
                let list = std::fs::read_to_string(args.next().ok_or("name a list of folders")?)?;
                let known: HashSet<String> =
                    list.lines().map(|line| line.trim_end_matches('/').to_owned()).collect();
                folders = Some(known);
            }
            "--bytes" => characters = false,
            "--text" => as_text = true,
            _ => mails.push(arg),
        }
    }
    let is_folder = |path: &str| folders.as_ref().map(|known| known.contains(path));
    let begun = Instant::now();
    let around = Surroundings { is_folder: &is_folder, characters };
    let maintainers = Maintainers::read(&text, &around)?;
    eprintln!("load_ms={:.2}", begun.elapsed().as_secs_f64() * 1e3);
    let whole = Maintainers::read(&text, &around)?;
    let subsystems = Subsystems::new(Vec::new(), Some(maintainers))?;
    let mut took = Duration::ZERO;
    for path in &mails {
        let raw = std::fs::read(path)?;
        let (names, id) = if as_text {
            let text = String::from_utf8_lossy(&raw);
            let begun = Instant::now();
            let names = whole.of_patch(&text).into_iter().map(str::to_owned).collect();
            took += begun.elapsed();
            (names, String::new())
        } else {
            let message = parse(&raw, &Arrival::default());
            let begun = Instant::now();
            let placed = subsystems.of_patch(&message);
            took += begun.elapsed();
            (placed.subsystems, message.header.id.to_string())
        };
        println!("{}", serde_json::json!({ "file": path, "id": id, "subsystems": names }));
    }
    if !mails.is_empty() {
        eprintln!(
            "mails={} ms_each={:.4}",
            mails.len(),
            took.as_secs_f64() * 1e3 / mails.len() as f64
        );
    }
    Ok(())
}
