//! The repositories of an inbox, and where they are.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::location::{Epoch, Location};
use super::manifest;
use super::program::{Branches, Git};
use crate::{ArchiveError, discover};

/// An inbox has fewer epochs; a server that says otherwise wants to keep us busy.
pub(super) const EPOCHS: usize = 1_000;

/// A repository there and its place here.
pub(super) struct Part {
    pub name: String,
    pub from: Location,
    /// Its branches, when they were asked for already.
    pub branches: Option<Branches>,
}

/// What is asked, and what is here.
pub(super) struct Search<'a> {
    pub from: &'a Location,
    pub folder: &'a Utf8Path,
    pub git: &'a Git,
}

impl Search<'_> {
    /// The repositories of the inbox: its epochs, or itself.
    pub fn parts(&self, failures: &mut Vec<ArchiveError>) -> Result<Vec<Part>, ArchiveError> {
        if let Some(part) = self.single_epoch()? {
            return Ok(vec![part]);
        }
        let epochs = self.epochs(failures)?;
        if !epochs.is_empty() {
            return Ok(epochs);
        }
        let (name, from) = ("all.git".to_owned(), self.from.clone());
        // public-inbox serves an empty repository at the URL of a v2 inbox.
        match self.git.branches(&from)?.filter(|branches| !branches.is_empty()) {
            None => Err(ArchiveError::NoInbox { url: from.to_string() }),
            branches => Ok(vec![Part { name, from, branches }]),
        }
    }

    /// The epoch that the URL itself names. `…/0` may be the name of an inbox as well.
    fn single_epoch(&self) -> Result<Option<Part>, ArchiveError> {
        let (number, branches) = match self.from.epoch() {
            None => return Ok(None),
            Some(Epoch::Surely(number)) => (number, None),
            Some(Epoch::Maybe(number)) => match self.git.branches(self.from)? {
                None => return Ok(None),
                branches => (number, branches),
            },
        };
        Ok(Some(Part { name: epoch_name(number), from: self.from.clone(), branches }))
    }

    /// The epochs there, and those here already.
    fn epochs(&self, failures: &mut Vec<ArchiveError>) -> Result<Vec<Part>, ArchiveError> {
        let mut known = numbers(self.folder);
        let there = match self.from.folder() {
            Some(folder) => numbers(&folder),
            None if self.from.is_http() => manifest::epochs(self.from),
            None => BTreeSet::new(),
        };
        if there.is_empty() && self.from.folder().is_none() {
            return self.tried(&known, failures);
        }
        known.extend(there);
        Ok(known.into_iter().map(|number| self.part("git/{}.git", number, None)).collect())
    }

    /// Epochs tried out one after the other, until one is not there.
    fn tried(
        &self,
        known: &BTreeSet<u32>,
        failures: &mut Vec<ArchiveError>,
    ) -> Result<Vec<Part>, ArchiveError> {
        let first = known.first().copied().unwrap_or(0);
        for form in ["git/{}.git", "{}"] {
            let part = |number| self.part(form, number, None);
            if self.git.branches(&part(first).from)?.is_none() {
                continue;
            }
            let mut parts: Vec<Part> = known.iter().copied().map(part).collect();
            for number in (known.last().map_or(0, |last| last + 1)..).take(EPOCHS) {
                match self.git.branches(&part(number).from) {
                    Ok(None) => break,
                    Ok(branches) => parts.push(self.part(form, number, branches)),
                    Err(error) => {
                        failures.push(error);
                        break;
                    }
                }
            }
            return Ok(parts);
        }
        Ok(Vec::new())
    }

    fn part(&self, form: &str, number: u32, branches: Option<Branches>) -> Part {
        let from = self.from.join(&form.replace("{}", &number.to_string()));
        Part { name: epoch_name(number), from, branches }
    }
}

fn epoch_name(number: u32) -> String {
    format!("git/{number}.git")
}

/// The epochs in the folder of an inbox.
fn numbers(inbox: &Utf8Path) -> BTreeSet<u32> {
    let epochs = discover::epochs(inbox).unwrap_or_default();
    epochs.into_iter().map(|(number, _)| number).collect()
}
