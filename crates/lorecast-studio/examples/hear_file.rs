//! Writes what is heard in a take, mixed to one channel, as raw 32 bit floats to standard output, to
//! be held against what another decoder hears: `tests/parity/studio/decoders.py`.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name a sound file")?;
    let mut sound = Vec::new();
    let info = lorecast_studio::listen(file.as_str().into(), &mut |samples| {
        sound.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    })?;
    std::io::stdout().write_all(&sound)?;
    writeln!(std::io::stderr(), "{info:?}")?;
    Ok(())
}
