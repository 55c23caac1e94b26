//! A show carried from one engine to another.
//!
//! | file | |
//! |---|---|
//! | `mod` | reads the archives into the other place, and carries the journal |
//! | `same` | whether two stores say the same |

mod same;

use lorecast_store::Place;
use lorecast_store::journal::go_on;

use crate::{Desk, DeskError, Result};

/// What was carried, and whether it is the same on the other side.
#[derive(Debug, Default)]
pub struct Carried {
    /// Messages that both stores hold.
    pub messages: u64,
    /// Entries of what people did that both journals hold.
    pub entries: u64,
    /// What one side says and the other does not, in words.
    pub differences: Vec<String>,
    /// Archives and trees that could not be read into the other place.
    pub failures: Vec<DeskError>,
}

impl Desk<'_> {
    /// Carries the show from one place to another: the index is read from the same archives and trees again, what people did
    /// is copied, and everything is compared. A place is `file`, the files in the show's own folder, or the address of a
    /// PostgreSQL database. What is there already is brought up to date, so that a copy which was stopped goes on.
    ///
    /// The show goes on in its old place until `show.yaml` names the other one.
    ///
    /// # Errors
    /// When a place cannot be reached, there is nothing in the first one, or people did other things in the second.
    pub fn carry(&self, from: &str, to: &str) -> Result<Carried> {
        let (from, to) = (self.at(from)?, self.at(to)?);
        let (here, there) = (from.place()?, to.place()?);
        if here.to_string() == there.to_string() {
            return Err(DeskError::SamePlace { place: here });
        }
        if !here.is_made()? {
            return Err(DeskError::NothingIngested { dir: self.root().to_owned() });
        }
        // First of all what cannot be made again, and what may be refused.
        let (mut before, mut after) = (from.journal()?, to.journal()?);
        let entries = go_on(before.as_mut(), after.as_mut(), &there.to_string())?.lines;
        let mut carried = Carried { entries, ..Carried::default() };
        to.read_like(&from, &mut carried)?;
        let (before, after) = (here.open_to_read()?, there.open_to_read()?);
        carried.messages = before.stats()?.messages;
        carried.differences = same::differences(&*before, &*after, self.progress)?;
        Ok(carried)
    }

    /// The same show with its index in another place.
    fn at(&self, place: &str) -> Result<Self> {
        let place = match place {
            "file" => Place::File(self.dir.index()),
            address => Place::server(address)?,
        };
        Ok(Self { elsewhere: Some(place), ..Self::open(self.root(), self.progress)? })
    }

    /// Reads the archives and trees that another place was read from. That one is brought up to date first, so that both end
    /// with the same.
    fn read_like(&self, other: &Self, carried: &mut Carried) -> Result<()> {
        let (sources, trees) = {
            let store = other.filled_store()?;
            (store.sources()?, store.trees()?)
        };
        // Both read the same: what one cannot, the other cannot.
        other.read_all("lorecast store copy", other.named_with(sources.clone())?)?;
        let read = self.read_all("lorecast store copy", self.named_with(sources)?)?;
        carried.failures = read.failures;
        let named = !self.dir.show()?.trees.is_empty();
        if named && trees.iter().any(|tree| tree.tips.is_some()) {
            other.track(&[])?;
            let failed = self.track(&[])?.trees.into_iter().filter(|tree| tree.failed);
            carried.failures.extend(failed.map(|tree| DeskError::NotCarried {
                tree: tree.name,
                why: tree.notices.join("; "),
            }));
        }
        Ok(())
    }
}
