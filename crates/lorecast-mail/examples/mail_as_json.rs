//! Parses mails from standard input, each behind a line with its length in bytes, and writes each
//! as one line of JSON; `tests/parity/mail_vs_python.py` compares them with another reader.
//! Standard error gets the speed of the parsing alone.

use std::io::{BufRead, BufWriter, Read, Write};
use std::time::{Duration, Instant};

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut length, mut count, mut spent) = (String::new(), 0_u32, Duration::ZERO);
    while input.read_line(&mut length)? > 0 {
        let bytes = length.trim().parse().map_err(std::io::Error::other)?;
        let mut raw = vec![0; bytes];
        input.read_exact(&mut raw)?;
        let start = Instant::now();
        let message = lorecast_mail::parse(&raw, &lorecast_mail::Arrival::default());
        spent += start.elapsed();
        serde_json::to_writer(&mut output, &message)?;
        output.write_all(b"\n")?;
        length.clear();
        count += 1;
    }
    let speed = f64::from(count) / spent.as_secs_f64();
    writeln!(std::io::stderr(), "{count} mails parsed, {speed:.0} a second on one core")
}
