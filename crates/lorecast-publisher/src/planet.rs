//! The blogs around the show: a page, feeds of it and a list of the blogs.

mod feeds;
mod page;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::planet::Gathered;

use crate::delivery::Planned;
use crate::memory::Memory;
use crate::pages::{Has, Pages};
use crate::site::{Place, Site};
use crate::{Delivery, PublishError, artwork, delivery};
pub(crate) use page::PlanetView;

/// Where it stands below the site's root.
pub(crate) const FOLDER: &str = "planet/";

/// The picture of a face as pages show it: a small square PNG. `None` when the bytes are neither a PNG
/// nor a JPEG that can be decoded.
pub fn face(picture: &[u8]) -> Option<Vec<u8>> {
    crate::icon::of(picture)
}

/// Writes the page and the feeds of `site.planet` into a published folder, or says what that would change.
/// Nothing else of the site is touched; what every page needs and is not there yet is put there.
///
/// # Errors
/// When a template is wrong, or a file cannot be written.
pub fn publish_planet(
    site: &Site,
    out: &Utf8Path,
    dry_run: bool,
) -> Result<Delivery, PublishError> {
    let (place, pictures) = Place::with_pictures(site, &Memory::default())?;
    let pages = Pages::new(site.templates)?;
    let has = |page: &str| out.join(page).join("index.html").is_file();
    let has = Has { people: has("people"), glossary: has("glossary"), planet: true };
    let missing = |file: &Planned| !out.join(&file.path).is_file();
    let mut plan: Vec<Planned> =
        pages.static_files()?.into_iter().chain(pictures.files).filter(missing).collect();
    plan.extend(files(site, &place, &pages, has)?);
    delivery::part(plan, FOLDER, out, dry_run)
}

/// The files of the planet; none when there is none.
pub(crate) fn files(
    site: &Site,
    place: &Place,
    pages: &Pages,
    has: Has,
) -> Result<Vec<Planned<'static>>, PublishError> {
    let Some(planet) = site.planet else { return Ok(Vec::new()) };
    let faces = faces(planet)?;
    let view = page::PlanetView::of(planet, &faces, place);
    let mut plan: Vec<Planned> = Vec::new();
    for (path, bytes) in faces.into_iter().flatten() {
        if plan.iter().all(|file| file.path != path) {
            plan.push(Planned::new(path, bytes));
        }
    }
    plan.push(pages.planet(place, has, &view)?);
    plan.push(Planned::new("planet/blogs.opml", feeds::opml(&view)));
    plan.push(Planned::new("planet/rss.xml", feeds::rss(&view, place)?));
    plan.push(Planned::new("planet/atom.xml", feeds::atom(&view, place)?));
    Ok(plan)
}

/// Where each face stands below the site's root, and its bytes.
type Faces = Vec<Option<(Utf8PathBuf, Vec<u8>)>>;

fn faces(planet: &Gathered) -> Result<Faces, PublishError> {
    let read = |file: &Utf8PathBuf| artwork::small(file, "planet/face");
    planet.blogs.iter().map(|blog| blog.face.as_ref().map(read).transpose()).collect()
}
