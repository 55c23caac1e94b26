//! The one place that knows YAML.

use camino::Utf8Path;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use crate::{Result, ShowError, merge};

/// The largest YAML file that is read, in bytes: an episode of a thousand stories has a tenth.
const LARGEST: u64 = 16 << 20;

/// Reads a file into a type; an error names the line and the column.
pub(crate) fn read<T: DeserializeOwned>(file: &Utf8Path) -> Result<T> {
    let text = read_text(file)?;
    merge::settled(file, &text)?;
    parse(file, &text)
}

/// Parses text that came from `file`.
pub(crate) fn parse<T: DeserializeOwned>(file: &Utf8Path, text: &str) -> Result<T> {
    serde_yaml::from_str(text).map_err(|error| {
        let place = error.location();
        ShowError::Yaml {
            file: file.to_owned(),
            line: place.as_ref().map_or(1, |p| p.line()),
            column: place.as_ref().map_or(1, |p| p.column()),
            message: without_place(&error.to_string()),
        }
    })
}

/// Turns a value into YAML text; the same value gives the same text.
pub(crate) fn write<T: Serialize>(file: &Utf8Path, value: &T) -> Result<String> {
    serde_yaml::to_string(value).map_err(|error| ShowError::Write {
        path: file.to_owned(),
        source: std::io::Error::other(error),
    })
}

/// Reads a text file of bounded size.
pub(crate) fn read_text(file: &Utf8Path) -> Result<String> {
    let odd = |_| std::io::Error::new(std::io::ErrorKind::InvalidData, "it is no UTF-8 text");
    read_bytes(file)
        .and_then(|bytes| String::from_utf8(bytes).map_err(odd))
        .map_err(|source| ShowError::Read { path: file.to_owned(), source })
}

/// Reads a file of bounded size.
///
/// # Errors
/// When it is larger, or cannot be read.
pub fn read_bytes(file: &Utf8Path) -> std::io::Result<Vec<u8>> {
    let size = std::fs::metadata(file)?.len();
    if size > LARGEST {
        let why = format!("it has {size} bytes, more than the {LARGEST} that are read");
        return Err(std::io::Error::other(why));
    }
    std::fs::read(file)
}

/// A value that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its key, with dots: `sound.channels`.
    pub key: String,
    /// Its value, as YAML on one line.
    pub value: String,
    /// `show.yaml`, or `default`.
    pub origin: &'static str,
}

/// The leaves of a value as it is in force, each with where it came from.
pub(crate) fn settings<T: Serialize>(file: &Utf8Path, effective: &T) -> Result<Vec<Setting>> {
    let written: Value = parse(file, &read_text(file)?)?;
    let effective: Value = parse(file, &write(file, effective)?)?;
    let mut found = Vec::new();
    leaves("", &effective, Some(&written), &mut found);
    Ok(found)
}

fn leaves(prefix: &str, effective: &Value, written: Option<&Value>, found: &mut Vec<Setting>) {
    let Value::Mapping(mapping) = effective else { return };
    for (key, value) in mapping {
        let Some(name) = key.as_str() else { continue };
        let key = format!("{prefix}{name}");
        let written = written.and_then(|w| w.get(name));
        if value.is_mapping() {
            leaves(&format!("{key}."), value, written, found);
        } else {
            let origin = if written.is_some() { "show.yaml" } else { "default" };
            found.push(Setting { key, value: on_one_line(value), origin });
        }
    }
}

/// JSON is YAML, and always fits a line.
fn on_one_line(value: &Value) -> String {
    value.as_str().map_or_else(|| serde_json::to_string(value).unwrap_or_default(), str::to_owned)
}

/// The place stands in front of the error already.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
