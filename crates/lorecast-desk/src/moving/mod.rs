//! Takes over a show that came out elsewhere.
//!
//! Everything is fetched first, into `.lorecast/cache/moving`, where a later try finds it again; then the
//! show is written, `show.yaml` last.

mod artwork;
mod beside;
mod days;
mod gather;
mod shelf;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_model::{Episode, EpisodeId, Publication, Window};
use lorecast_publisher::moving::{self, MovedEpisode, MovedShow};
use lorecast_show::{Moved, write_atomically};

use crate::{Desk, DeskError, Progress, Result, Unit};
use beside::Beside;
use gather::Gathered;
use shelf::Shelf;

/// How a show moves in.
#[derive(Clone, Debug)]
pub struct MovingIn<'a> {
    /// The address or the file of its feed.
    pub feed: &'a str,
    /// Where the site will be; where it was, when absent.
    pub url: Option<&'a str>,
    /// Whether sound, chapters and transcripts are fetched; they stay where they are otherwise.
    pub download: bool,
    /// Hosts that may be asked even when they are on a private network, beside that of the feed.
    pub allow: &'a [String],
    /// What time it is.
    pub now: Timestamp,
}

/// What moved in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedIn {
    /// The show's name.
    pub title: String,
    /// Where its site will be.
    pub url: String,
    /// Its episodes, oldest first.
    pub episodes: Vec<EpisodeId>,
    /// How many of them came with their sound.
    pub downloaded: usize,
    /// Where its old addresses lead now, for a web server.
    pub redirects: Utf8PathBuf,
    /// What was left out or is otherwise than the feed said, a line each.
    pub defects: Vec<String>,
}

impl Desk<'_> {
    /// Begins a show with the episodes of a feed: what its subscribers' apps remember stays as it is.
    ///
    /// # Errors
    /// When the folder is in use, the feed cannot be had or holds no episode, or a file cannot be
    /// written. Nothing is a show then, and another try goes on with what was fetched.
    pub fn move_in(
        root: &Utf8Path,
        how: &MovingIn<'_>,
        progress: &dyn Progress,
    ) -> Result<MovedIn> {
        let shelf = Shelf::open(root)?;
        let Gathered { show, feeds, episodes, client, mut defects } = gather::all(how, progress)?;
        let url = url(how, &show, &feeds, &mut defects);
        let days = days::of(&episodes, &mut defects);
        let beside = Beside { how, shelf: &shelf, client: &client, progress };
        let cover = artwork::cover(&beside, show.artwork.as_ref(), &mut defects)?;
        let mut arrived = Vec::new();
        let files = beside.fetch(&episodes, &days, &mut defects)?;
        for ((moved, id), files) in episodes.iter().zip(&days).zip(files) {
            let mut moved = moved.clone();
            if let Some(chapters) = files.chapters {
                moved.chapters = chapters;
            }
            moved.length = moved.length.or(files.length);
            let publication = moving::publication(&url, *id, &moved, files.sound.clone(), how.now)?;
            arrived.push((moved, publication, files.image, files.transcript));
        }
        let task = progress.begin("writing", arrived.len() as u64, Unit::Things);
        let written: Vec<_> = arrived
            .iter()
            .zip(&days)
            .map(|((moved, publication, image, transcript), id)| lorecast_show::MovedEpisode {
                id: *id,
                episode: episode(moved, *id, image.clone()),
                notes: moved.notes.clone(),
                publication: publication.clone(),
                transcript: transcript.clone(),
            })
            .collect();
        shelf.hand_over(root)?;
        let redirects = root.join("moved.nginx");
        let all = days.iter().zip(&arrived).map(|(id, (moved, kept, ..))| (*id, moved, kept));
        write_atomically(&redirects, moving::redirects(&url, &feeds, all)?.as_bytes())?;
        let head = Moved {
            title: &show.title,
            description: &show.description,
            author: &show.author,
            email: show.email.as_deref(),
            url: &url,
            language: show.language.as_deref().unwrap_or("en"),
            categories: &show.categories,
            explicit: show.explicit,
            cover: cover.as_deref(),
            feed: &show.feed,
        };
        lorecast_show::move_in(root, &head, &written, &mut |done| task.set(done))?;
        shelf.clear();
        let mut episodes = days;
        episodes.sort();
        let downloaded = arrived.iter().filter(|(_, kept, ..)| has_file(kept)).count();
        Ok(MovedIn { title: show.title.clone(), url, episodes, downloaded, redirects, defects })
    }
}

fn has_file(publication: &Publication) -> bool {
    publication.sound.as_ref().is_some_and(|sound| sound.file.is_some())
}

/// Where the site will be.
fn url(
    how: &MovingIn<'_>,
    show: &MovedShow,
    feeds: &[url::Url],
    defects: &mut Vec<String>,
) -> String {
    if let Some(url) = how.url {
        return url.to_owned();
    }
    let home = show.link.clone().or_else(|| feeds.first().and_then(|feed| feed.join(".").ok()));
    let home = home.map(|mut home| {
        home.set_query(None);
        home.set_fragment(None);
        format!("{}/", home.as_str().trim_end_matches('/'))
    });
    home.unwrap_or_else(|| {
        defects.push(
            "the feed names no site: write the address of yours as `url` into `show.yaml`"
                .to_owned(),
        );
        "http://127.0.0.1:8700/".to_owned()
    })
}

/// What goes to `episode.yaml`.
fn episode(moved: &MovedEpisode, id: EpisodeId, image: Option<Utf8PathBuf>) -> Episode {
    let mut feed = moved.feed.clone();
    feed.image = image;
    Episode {
        number: moved.number,
        feed,
        ..Episode::new(moved.title.clone(), Window { from: id.0, to: id.0 })
    }
}

/// A file that cannot be kept.
fn keep(path: &Utf8Path) -> impl FnOnce(std::io::Error) -> DeskError {
    let path = path.to_owned();
    move |source| DeskError::Keep { path, source }
}
