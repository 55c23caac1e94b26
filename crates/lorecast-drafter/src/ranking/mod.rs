//! Which threads are news, and why: a pure function of facts and weights.

mod company;
mod fit;
mod lists;
mod rank;
mod reasons;
mod signals;
mod words;

pub use fit::{Choice, Fit, fit, likelihood};
pub use rank::{Pool, Ranked, rank};
