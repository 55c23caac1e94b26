//! One sentence through somebody's program.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::Voice;
use lorecast_studio::StudioError;

use super::Passage;
use crate::program::{Limits, run};
use crate::{DeskError, Result};

/// What stands in `voice.command` for a file with the text, and for the WAV that is to be written.
const TEXT: &str = "{text}";
const WAV: &str = "{wav}";
/// What one sentence may take: a large model on a small machine reads in real time.
const LIMITS: Limits = Limits { time: Duration::from_secs(300), output: 256 << 20, talks: true };
/// The most text in one go, in bytes.
pub(super) const LONGEST_TEXT: usize = 8 << 10;

/// Programs that are known to need no more than their name.
const KNOWN: [(&str, &[&str]); 3] = [
    ("espeak-ng", &["--stdin", "--stdout"]),
    ("espeak", &["--stdin", "--stdout"]),
    ("flite", &["-f", TEXT, "-o", WAV]),
];

/// Asks the program of a show, and keeps what it writes until it is dropped.
pub(super) struct Reader<'a> {
    command: Vec<String>,
    root: &'a Utf8Path,
    folder: tempfile::TempDir,
}

impl<'a> Reader<'a> {
    pub(super) fn new(voice: &Voice, root: &'a Utf8Path) -> Result<Self> {
        let mut command = voice.command.clone();
        if let [name] = command.as_slice()
            && let Some((_, arguments)) = KNOWN.iter().find(|(known, _)| known == name)
        {
            command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        }
        let folder = tempfile::tempdir()
            .map_err(|source| failed(&command, format!("no room for its sound: {source}")))?;
        Ok(Self { command, root, folder })
    }

    /// Reads a text; the sound lies in a file of its own.
    pub(super) fn read(&self, text: &str, number: usize) -> Result<Utf8PathBuf> {
        if text.len() > LONGEST_TEXT {
            let why = format!(
                "a sentence has {} bytes, and {LONGEST_TEXT} are the most; write it shorter in `script.md`: “{}…”",
                text.len(),
                text.chars().take(60).collect::<String>()
            );
            return Err(failed(&self.command, why));
        }
        let wav = self.file(&format!("{number}.wav"))?;
        let words = self.file("text.txt")?;
        let fail = |why: String| failed(&self.command, why);
        let reads_file = self.command.iter().any(|word| word.contains(TEXT));
        let writes_file = self.command.iter().any(|word| word.contains(WAV));
        if reads_file {
            std::fs::write(&words, format!("{text}\n")).map_err(|error| fail(error.to_string()))?;
        }
        let fill = |word: &String| word.replace(TEXT, words.as_str()).replace(WAV, wav.as_str());
        let command: Vec<String> = self.command.iter().map(fill).collect();
        let input = if reads_file { Vec::new() } else { format!("{text}\n").into_bytes() };
        let output = run("voice", &command, self.root, input, LIMITS)
            .map_err(|why| DeskError::Voice { reason: why })?;
        if !writes_file {
            std::fs::write(&wav, output).map_err(|error| fail(error.to_string()))?;
        }
        match std::fs::metadata(&wav).map_or(0, |about| about.len()) {
            0 => Err(fail(format!("wrote no sound for “{}”", shortened(text)))),
            size if size > LIMITS.output => {
                Err(fail(format!("wrote {size} bytes, and {} are the most", LIMITS.output)))
            }
            _ => Ok(wav),
        }
    }

    /// What is wrong with a sound, told of the program that wrote it.
    pub(super) fn explain(&self, error: StudioError, passages: &[Passage]) -> DeskError {
        let file = match &error {
            StudioError::NotAudio { file }
            | StudioError::Empty { file }
            | StudioError::Damaged { file, .. }
            | StudioError::Truncated { file, .. }
            | StudioError::Unsupported { file, .. } => file,
            _ => return error.into(),
        };
        let number = file.file_stem().and_then(|stem| stem.parse::<usize>().ok());
        let Some(passage) = number.and_then(|number| passages.get(number)) else {
            return error.into();
        };
        let text = shortened(&passage.spoken);
        failed(&self.command, format!("wrote no WAV that can be read for “{text}”"))
    }

    fn file(&self, name: &str) -> Result<Utf8PathBuf> {
        Utf8PathBuf::from_path_buf(self.folder.path().join(name))
            .map_err(|_| failed(&self.command, "the folder for its sound has no plain name".into()))
    }
}

fn failed(command: &[String], why: String) -> DeskError {
    let name = command.first().map_or("", String::as_str);
    DeskError::Voice { reason: format!("the voice `{name}`: {why}") }
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
