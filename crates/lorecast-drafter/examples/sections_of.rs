//! Where threads belong, by each of the three ways alone and by all together.
//!
//! Reads `{"id": …, "title": …, "lists": […], "paths": […]}`, one object a line, from standard input;
//! prints one a line with the section by paths, by title, by lists, by title and lists, and by all.
//! `sections_of SUBSYSTEMS.YAML [MAINTAINERS]`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what an example is for")]

use std::error::Error;
use std::io::BufRead;

use lorecast_drafter::{Maintainers, Subsystems, Surroundings};
use lorecast_model::{ListId, Section};
use serde::Deserialize;

#[derive(Deserialize)]
struct Thread {
    id: String,
    title: String,
    lists: Vec<String>,
    paths: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let yaml = std::fs::read_to_string(args.next().ok_or("name a subsystems.yaml")?)?;
    let sections: Vec<Section> = serde_yaml::from_str(&yaml)?;
    let text = args.next().map(std::fs::read_to_string).transpose()?;
    let maintainers =
        text.map(|text| Maintainers::read(&text, &Surroundings::UNKNOWN)).transpose()?;
    let subsystems = Subsystems::new(sections, maintainers)?;
    for line in std::io::stdin().lock().lines() {
        let Thread { id, title, lists, paths } = serde_json::from_str(&line?)?;
        let lists: Vec<ListId> = lists.iter().filter_map(|list| ListId::new(list).ok()).collect();
        let by = |paths, title, lists| subsystems.of(paths, title, lists).section;
        println!(
            "{}",
            serde_json::json!({
                "id": id,
                "paths": by(&paths, "", &[]),
                "title": by(&[], &title, &[]),
                "lists": by(&[], "", &lists),
                "back": by(&[], &title, &lists),
                "all": by(&paths, &title, &lists),
            })
        );
    }
    Ok(())
}
