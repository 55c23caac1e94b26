//! Large files, piece by piece, and from where an earlier try broke off.

use std::io;

use url::Url;

use crate::{Answer, Client};

/// What is there of a file from an earlier try.
#[derive(Clone, Copy, Debug)]
pub struct Begun<'a> {
    /// How many bytes.
    pub bytes: u64,
    /// [`Answer::version`] of that time: what went on changing is taken from its start.
    pub version: &'a str,
}

/// A piece of a file.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Where it belongs, in bytes. What was there of an earlier try ends here.
    pub at: u64,
    /// The piece.
    pub bytes: &'a [u8],
    /// How long the file is, if the server says so.
    pub total: Option<u64>,
}

impl Answer {
    /// What tells this version of a file from another one: a strong ETag, else Last-Modified (RFC 9110
    /// section 13.1.5); empty when the server gives none.
    pub fn version(&self) -> &str {
        match self.header("etag") {
            etag if etag.starts_with('"') => etag,
            _ => self.header("last-modified"),
        }
    }
}

impl Client {
    /// Hands the body of an address to `keep`, piece by piece, once `accept` has seen its head. At most
    /// `limit` bytes of a file are taken; a longer one is refused, and so is one that ends early.
    ///
    /// # Errors
    /// As [`Client::bytes`], and what `accept` says.
    pub fn download(
        &self,
        url: &Url,
        begun: Option<Begun<'_>>,
        limit: u64,
        accept: &mut dyn FnMut(&Answer) -> Result<(), String>,
        keep: &mut dyn FnMut(Piece<'_>) -> io::Result<()>,
    ) -> Result<Answer, String> {
        let begun = begun.filter(|begun| begun.bytes > 0 && !begun.version.is_empty());
        let range = begun.map(|begun| format!("bytes={}-", begun.bytes));
        let headers: Vec<(&str, &str)> = match (&range, begun) {
            (Some(range), Some(begun)) => vec![("Range", range), ("If-Range", begun.version)],
            _ => Vec::new(),
        };
        let mut refused = None;
        let answer = self.follow("GET", url, &headers, &mut |answer, body| {
            let Some((mut at, total)) = place(answer, begun) else {
                let other = || "answers with another part than was asked for".to_owned();
                refused = (answer.status == 206).then(other);
                return Ok(());
            };
            if let Err(why) = accept(answer) {
                refused = Some(why);
                return Ok(());
            }
            if total.is_some_and(|total| total > limit) {
                refused = Some(format!("has more than {} MB", limit >> 20));
                return Ok(());
            }
            let mut piece = vec![0; 1 << 16];
            loop {
                let read = body.read(&mut piece)?;
                if read == 0 {
                    break;
                }
                keep(Piece { at, bytes: &piece[..read], total })?;
                at += read as u64;
                if at > limit {
                    refused = Some(format!("has more than {} MB", limit >> 20));
                    return Ok(());
                }
            }
            if let Some(total) = total.filter(|total| *total != at) {
                refused = Some(format!("has {at} bytes and says {total}"));
            }
            Ok(())
        })?;
        match refused {
            Some(why) => Err(why),
            None if is_all(&answer, begun) => Ok(answer),
            None if matches!(answer.status, 200 | 206) => Ok(answer),
            None => Err(format!("answers {}", answer.status)),
        }
    }
}

/// Whether all of a file was there already (RFC 9110 section 15.5.17).
fn is_all(answer: &Answer, begun: Option<Begun<'_>>) -> bool {
    let total = answer.header("content-range").strip_prefix("bytes */");
    let total = total.and_then(|total| total.parse::<u64>().ok());
    answer.status == 416 && total.is_some() && total == begun.map(|begun| begun.bytes)
}

/// Where a body begins in its file, and how long the file is; nothing when it is none of it.
fn place(answer: &Answer, begun: Option<Begun<'_>>) -> Option<(u64, Option<u64>)> {
    match answer.status {
        200 => Some((0, answer.header("content-length").parse().ok())),
        206 => {
            let range = answer.header("content-range").strip_prefix("bytes ")?;
            let (span, total) = range.split_once('/')?;
            let start: u64 = span.split_once('-')?.0.parse().ok()?;
            (begun?.bytes == start).then(|| (start, total.parse().ok()))
        }
        _ => None,
    }
}
