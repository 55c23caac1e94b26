//! What git says on stderr while it works.

use std::collections::VecDeque;
use std::io::{self, Read};

/// So many lines are kept for an error.
const LINES: usize = 8;
/// So much of a line is kept, in bytes.
const WIDTH: usize = 400;

/// Reads git's talk to its end: progress is handed over as step and per cent, and the last of
/// everything else is returned.
pub(super) fn listen(
    mut stderr: impl Read,
    progress: &mut dyn FnMut(&str, u8),
) -> io::Result<String> {
    let (mut line, mut last, mut chunk) = (Vec::new(), VecDeque::new(), [0; 4096]);
    loop {
        let count = stderr.read(&mut chunk)?;
        for &byte in &chunk[..count] {
            match byte {
                b'\r' | b'\n' => hear(&mut line, &mut last, progress),
                _ if line.len() < WIDTH => line.push(byte),
                _ => {}
            }
        }
        if count == 0 {
            hear(&mut line, &mut last, progress);
            return Ok(Vec::from(last).join("; "));
        }
    }
}

fn hear(line: &mut Vec<u8>, last: &mut VecDeque<String>, progress: &mut dyn FnMut(&str, u8)) {
    let text = String::from_utf8_lossy(line).trim().replace(char::is_control, " ");
    line.clear();
    match percent(&text) {
        Some((step, percent)) => progress(step, percent),
        None if text.is_empty() => {}
        None => {
            last.push_back(text);
            if last.len() > LINES {
                last.pop_front();
            }
        }
    }
}

/// `Receiving objects:  45% (9/20), 1.20 MiB | 2.00 MiB/s`, also as the other side says it.
fn percent(line: &str) -> Option<(&str, u8)> {
    let line = line.strip_prefix("remote: ").unwrap_or(line);
    let (step, rest) = line.split_once(':')?;
    let (number, _) = rest.split_once("% (")?;
    Some((step, number.trim().parse().ok().filter(|&percent| percent <= 100)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_and_the_rest_is_kept() {
        let talk = "Cloning into bare repository 'x'...\nremote: Counting objects: 100% (3/3), done.\n\
                    Receiving objects:  45% (9/20)\rReceiving objects: 100% (20/20), done.\n\
                    fatal: \x1b[1mno: 7 % (really)\n";
        let mut told = Vec::new();
        let kept = listen(talk.as_bytes(), &mut |step, percent| {
            told.push(format!("{step} {percent}"));
        });
        assert_eq!(told, ["Counting objects 100", "Receiving objects 45", "Receiving objects 100"]);
        assert_eq!(
            kept.unwrap(),
            "Cloning into bare repository 'x'...; fatal:  [1mno: 7 % (really)"
        );
    }
}
