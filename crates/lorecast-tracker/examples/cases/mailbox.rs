//! The mails of a case.

use std::path::{Path, PathBuf};

use lorecast_archive::{Hints, Item, discover};
use lorecast_mail::{Arrival, parse};
use lorecast_model::Message;
use serde_json::Value;

/// All mails of the file that a case names; the folder holds one folder a project.
pub fn read(folder: &Path, case: &Value) -> Vec<Message> {
    let project = case["peer"].as_str().unwrap_or_default();
    let name = case["file"].as_str().and_then(|file| file.rsplit('/').next()).unwrap_or_default();
    let path: PathBuf = folder.join(project).join(name);
    match mails(&path) {
        Ok(mails) => mails.iter().map(|raw| parse(raw, &Arrival::default())).collect(),
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            Vec::new()
        }
    }
}

fn mails(path: &Path) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let path = path.to_str().ok_or("a path that is not UTF-8")?;
    let mut mails = Vec::new();
    for archive in discover(path.into(), &Hints::default())? {
        for item in archive.read(None)? {
            if let Item::Mail(mail) = item? {
                mails.push(mail.bytes);
            }
        }
    }
    Ok(mails)
}
