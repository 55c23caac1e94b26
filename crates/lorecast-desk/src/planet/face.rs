//! The face of a blog's writer: fetched once, made small, and kept.

use std::io::Read;

use lorecast_model::planet::Blog;
use lorecast_planet::{Face, Remembered};
use lorecast_publisher::Digest;
use url::Url;

use super::ask::Asker;

/// The largest picture that is read, in bytes.
const LARGEST: u64 = 2_000_000;

impl Asker<'_> {
    /// Sees to it that the face is kept, and says why it cannot be. A picture that only the feed names is
    /// shown when it can be, and nothing is said when it cannot.
    pub(super) fn face(&self, blog: &Blog, known: &mut Remembered) -> Option<String> {
        let Some(from) = blog.face.clone().or_else(|| known.picture.clone()) else {
            known.face = None;
            return None;
        };
        let is_web = from.contains("://");
        if is_web && self.is_kept(known.face.as_ref(), &from) {
            return None;
        }
        let kept = if is_web { self.fetched(&from) } else { self.read(&from) };
        let kept = kept.and_then(|picture| self.keep(&picture));
        known.face = Some(Face { from: from.clone(), file: kept.as_ref().ok().cloned() });
        let why = kept.err()?;
        blog.face.as_ref().map(|_| format!("its face `{from}` {why}"))
    }

    fn is_kept(&self, face: Option<&Face>, from: &str) -> bool {
        face.filter(|face| face.from == from).is_some_and(|face| match &face.file {
            Some(file) => self.faces.join(file).is_file(),
            // There was none, and nobody asked to look again.
            None => !self.how.again,
        })
    }

    fn fetched(&self, from: &str) -> Result<Vec<u8>, String> {
        let url = Url::parse(from).map_err(|error| format!("is no address: {error}"))?;
        self.client.bytes(&url, LARGEST).and_then(whole)
    }

    fn read(&self, from: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        std::fs::File::open(self.root.join(from))
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
            .map_err(|error| format!("cannot be read: {error}"))?;
        let fits = bytes.len() as u64 <= LARGEST;
        whole((bytes, fits))
    }

    /// Makes it small and writes it under the name of what it holds.
    fn keep(&self, picture: &[u8]) -> Result<String, String> {
        let small = lorecast_publisher::face(picture);
        let small = small.ok_or("is neither a PNG nor a JPEG that can be read")?;
        let name = format!("{}.png", &Digest::of(&small).to_string()[..16]);
        if !self.how.dry_run {
            lorecast_show::write_atomically(&self.faces.join(&name), &small)
                .map_err(|error| format!("cannot be kept: {error}"))?;
        }
        Ok(name)
    }
}

fn whole((bytes, whole): (Vec<u8>, bool)) -> Result<Vec<u8>, String> {
    match whole {
        true => Ok(bytes),
        false => Err(format!("is larger than {} MB", LARGEST / 1_000_000)),
    }
}
