//! Lists in pages.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// Which part of a list is shown, and where the others are.
#[derive(Debug, Serialize)]
pub(super) struct Pager {
    /// From 1.
    number: usize,
    /// How many pages there are, when that is known.
    of: Option<usize>,
    previous: Option<String>,
    next: Option<String>,
}

/// What the address of a list may ask for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<String>,
}

/// The furthest page that is served: a list that long is searched, not turned over.
const LAST: usize = 1000;

/// The number of the page that an address asks for; the first when it does not.
pub(crate) fn number(asked: Result<Query<Asked>, QueryRejection>) -> Result<usize, Fault> {
    number_in(asked.map_err(Fault::query)?.0.page.as_deref())
}

/// The number of a page as an address gives it, likewise.
pub(super) fn number_in(text: Option<&str>) -> Result<usize, Fault> {
    let number = text.map_or(Some(1), |text| text.parse().ok());
    number.filter(|number| (1..=LAST).contains(number)).ok_or_else(|| {
        Fault::Wrong(format!("There is no such page: write a number from 1 to {LAST}."))
    })
}

impl Pager {
    /// For a list whose end is known. `at` gives the address of a page.
    pub(super) fn of(
        number: usize,
        things: usize,
        on_each: usize,
        at: impl Fn(usize) -> String,
    ) -> Self {
        let pages = things.div_ceil(on_each).max(1);
        Self { of: Some(pages), ..Self::open(number, number < pages, at) }
    }

    /// For a list of which one knows only whether it goes on.
    pub(super) fn open(number: usize, goes_on: bool, at: impl Fn(usize) -> String) -> Self {
        let previous = (number > 1).then(|| at(number - 1));
        let next = (goes_on && number < LAST).then(|| at(number + 1));
        Self { number, of: None, previous, next }
    }
}
