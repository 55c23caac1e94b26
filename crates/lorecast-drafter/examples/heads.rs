//! The heads of sentences, by the templates that drafts use.
//!
//! `heads TEMPLATES/notes < ITEMS`: a JSON object a line with `kind` (`patch`, `series`, `rfc`, …),
//! `verb`, `person`, `other`, `employer`, `version`, `title`; prints a head a line.

#![allow(clippy::print_stdout, reason = "an example speaks to the one who runs it")]

use std::io::BufRead;

use lorecast_drafter::{Head, Verb, head};
use lorecast_model::{Kind, Templates};
use serde::Deserialize;

#[derive(Deserialize)]
struct Item {
    kind: Kind,
    verb: String,
    person: String,
    other: Option<String>,
    employer: Option<String>,
    version: Option<u32>,
    title: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder of the notes' templates")?;
    let mut templates = Templates::default();
    for file in std::fs::read_dir(&folder)? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        templates.0.insert(format!("notes/{name}"), std::fs::read_to_string(&path)?);
    }
    for line in std::io::stdin().lock().lines() {
        let item: Item = serde_json::from_str(&line?)?;
        let mut fields = Head::new(item.kind, &item.person, &item.title);
        fields.verb = match item.verb.as_str() {
            "continued work" => Verb::Continued,
            "followed up" => Verb::FollowedUp,
            "pull request" => Verb::Requested,
            _ => Verb::Posted,
        };
        fields.other = item.other;
        fields.employer = item.employer;
        fields.version = item.version.filter(|version| *version > 1).map(|v| v.to_string());
        fields.explain_rfc = fields.rfc;
        fields.series |= fields.rfc;
        println!("{}", head(&fields, &templates)?);
    }
    Ok(())
}
