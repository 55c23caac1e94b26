//! A script on paper.

use std::fmt::Write;

use lorecast_model::Templates;
use serde::Serialize;
use tera::{Context, Tera};

use super::pace::{Pace, timings};
use super::reading::{Paragraph, Run, Script, with_hints};
use crate::DraftError;

const TEMPLATE: &str = "script/script.html";

/// What `script/script.html` sees.
#[derive(Serialize)]
struct Sheet<'a> {
    language: &'a str,
    title: String,
    words: usize,
    minutes: String,
    pace: String,
    sections: Vec<Block<'a>>,
}

#[derive(Serialize)]
struct Block<'a> {
    level: u8,
    title: &'a [Run],
    minutes: String,
    words: usize,
    paragraphs: &'a [Paragraph],
}

/// A page to print: large type, minutes in the margin, no paragraph across two pages.
///
/// # Errors
/// When `templates/script` cannot be used.
pub fn page(
    script: &Script,
    pace: &Pace,
    language: &str,
    templates: &Templates,
) -> Result<String, DraftError> {
    let why = |error: tera::Error| DraftError::ScriptTemplate { why: error.to_string() };
    let mut tera = Tera::default();
    tera.add_raw_templates(templates.under("script/")).map_err(why)?;
    if !tera.contains_template(TEMPLATE) {
        return Err(DraftError::MissingTemplate { name: TEMPLATE.to_owned() });
    }
    let mut context = Context::new();
    context.insert("script", &sheet(script, pace, language));
    tera.render(TEMPLATE, &context).map_err(why)
}

fn sheet<'a>(script: &'a Script, pace: &Pace, language: &'a str) -> Sheet<'a> {
    let sections =
        script.sections.iter().zip(timings(script, pace)).map(|(section, timing)| Block {
            level: section.level.clamp(1, 6),
            title: &section.title,
            minutes: rounded(timing.minutes),
            words: timing.words,
            paragraphs: &section.paragraphs,
        });
    let first = script.sections.first().map(|section| section.plain_title());
    Sheet {
        language,
        title: first.unwrap_or_default(),
        words: script.words(),
        minutes: rounded(pace.minutes(script.words())),
        pace: format!("{:.0}", pace.words_per_minute),
        sections: sections.collect(),
    }
}

/// Plain text: headings with their minutes, and one line a paragraph.
pub fn plain_text(script: &Script, pace: &Pace) -> String {
    let mut out = String::new();
    for (section, timing) in script.sections.iter().zip(timings(script, pace)) {
        if !section.title.is_empty() {
            let title = with_hints(&section.title);
            let title = if section.level <= 2 { title.to_uppercase() } else { title };
            let _ = writeln!(out, "{title}  ({} min)\n", rounded(timing.minutes));
        }
        for paragraph in &section.paragraphs {
            let _ = writeln!(out, "{}\n", paragraph.with_hints());
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn rounded(minutes: f64) -> String {
    format!("{minutes:.1}")
}
