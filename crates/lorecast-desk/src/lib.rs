//! The use cases as functions with progress, which the command line and the web call alike
//!
//! It never prints or serves HTTP.
