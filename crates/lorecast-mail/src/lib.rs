//! Bytes to a Message: headers, text, diff, subject tags, trailers and a list of defects
//!
//! It never fails on bad mail and never does I/O.
