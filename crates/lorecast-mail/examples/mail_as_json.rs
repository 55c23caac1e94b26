//! Parses mails from standard input, each behind a line with its length in bytes (and, when known,
//! the second of the Unix epoch at which it arrived), and writes each as one line of JSON,
//! its patch id with it;
//! `tests/parity/mail_vs_python.py` compares them with another reader. Standard error gets the
//! speed of the parsing alone. With `--quiet` that is all: for profilers.

use std::io::{BufRead, BufWriter, Read, Write};
use std::time::{Duration, Instant};

use lorecast_mail::{Arrival, parse, patch_id};

fn main() -> std::io::Result<()> {
    let quiet = std::env::args().any(|argument| argument == "--quiet");
    let mut input = std::io::stdin().lock();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut line, mut count, mut spent) = (String::new(), 0_u32, Duration::ZERO);
    while input.read_line(&mut line)? > 0 {
        let (length, second) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let mut raw = vec![0; length.parse().map_err(std::io::Error::other)?];
        input.read_exact(&mut raw)?;
        let received = second.parse().ok().and_then(|s| jiff::Timestamp::from_second(s).ok());
        let start = Instant::now();
        let message = parse(&raw, &Arrival { list: None, received });
        spent += start.elapsed();
        if !quiet {
            let mut value = serde_json::to_value(&message)?;
            value["patch_id"] = patch_id(&message.diff).map(|id| id.to_string()).into();
            serde_json::to_writer(&mut output, &value)?;
            output.write_all(b"\n")?;
        }
        line.clear();
        count += 1;
    }
    let (seconds, speed) = (spent.as_secs_f64(), f64::from(count) / spent.as_secs_f64());
    writeln!(std::io::stderr(), "{count} mails parsed in {seconds:.2} s, {speed:.0} a second")
}
