//! Pictures of a show that moves in.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::EpisodeId;
use lorecast_publisher::moving;
use url::Url;

use super::beside::Beside;
use crate::Result;

/// The largest picture that is fetched, in bytes.
const LARGEST: u64 = 50_000_000;

/// The show's artwork; its path below the show. One that directories refuse is kept, since it is the one
/// that listeners know: `publish` will ask for a better one.
pub(super) fn cover(
    beside: &Beside<'_>,
    url: Option<&Url>,
    defects: &mut Vec<String>,
) -> Result<Option<String>> {
    let Some(url) = url else {
        defects.push("the show has no artwork: add a `cover` to `show.yaml`".to_owned());
        return Ok(None);
    };
    let found = match fetched(beside, url)? {
        Ok(found) => found,
        Err(why) => {
            defects.push(format!("artwork `{url}` {why}: add a `cover` to `show.yaml`"));
            return Ok(None);
        }
    };
    let Picture { file, fit } = found;
    let name = match &fit {
        Ok(ending) => format!("cover.{ending}"),
        Err(why) => {
            defects.push(format!("artwork `{url}` {why}: put a square JPEG or PNG of 1400 to 3000 pixels in the place of `cover` before you publish"));
            "cover.unfit".to_owned()
        }
    };
    beside.shelf.place_at(&file, &name);
    Ok(Some(name))
}

/// An episode's own artwork; its path below the show.
pub(super) fn of_episode(
    beside: &Beside<'_>,
    url: &Url,
    id: EpisodeId,
    defects: &mut Vec<String>,
) -> Result<Option<Utf8PathBuf>> {
    let why = match fetched(beside, url)? {
        Ok(Picture { file, fit: Ok(ending) }) => {
            let name = format!("cover.{ending}");
            beside.shelf.place(&file, id, &name);
            return Ok(Some(Utf8Path::new("episodes").join(id.to_string()).join(name)));
        }
        Ok(Picture { fit: Err(why), .. }) | Err(why) => why,
    };
    defects.push(format!("{id}: artwork `{url}` {why}; apps show that of the show"));
    Ok(None)
}

struct Picture {
    file: Utf8PathBuf,
    /// Its ending, or why directories refuse it.
    fit: std::result::Result<&'static str, String>,
}

fn fetched(beside: &Beside<'_>, url: &Url) -> Result<std::result::Result<Picture, String>> {
    let any = &mut |_: &_| Ok(());
    let file = match beside.shelf.fetch(beside.client, url, LARGEST, any, None)? {
        Ok(file) => file,
        Err(why) => return Ok(Err(why)),
    };
    let bytes = fs::read(&file).map_err(super::keep(&file))?;
    Ok(Ok(Picture { file, fit: moving::fit_artwork(&bytes) }))
}
