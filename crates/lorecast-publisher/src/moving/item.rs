//! What a feed says of an episode.

use jiff::Timestamp;
use lorecast_model::feed::{Discussion, EpisodeKind, Protocol, Soundbite};
use lorecast_model::{EpisodeFeed, Guid, Seconds};
use rss::extension::Extension;
use rss::extension::itunes::ITunesItemExtension;
use rss::{Channel, Item};

use super::channel::{is_explicit, is_yes, license, location, people};
use super::tags::{Prefixes, Tags, address, attribute, text};
use super::{MovedEpisode, MovedShow, chapters, notes};
use crate::lint::values::{Date, date, ending, play_time, web};
use crate::text::{one_line, shortened};

/// The episodes of a channel; an item that is none is told.
pub(super) fn episodes(
    channel: &Channel,
    prefixes: &Prefixes,
    show: &MovedShow,
    defects: &mut Vec<String>,
) -> Vec<MovedEpisode> {
    let mut episodes = Vec::new();
    let dates = dates(channel, defects);
    for (nth, (item, date)) in channel.items().iter().zip(dates).enumerate() {
        let reading = Reading { item, whose: whose(nth, item), prefixes, show };
        match (date, reading.sound(defects)) {
            (Some(date), Some(sound)) => episodes.push(reading.episode(date, sound, defects)),
            (None, _) => defects.push(format!(
                "{}: has no date, and none follows that could stand in; it is left out",
                reading.whose
            )),
            (_, None) => {}
        }
    }
    episodes
}

/// How messages name an item.
fn whose(nth: usize, item: &Item) -> String {
    let title = shortened(&one_line(item.title().unwrap_or_default()), 60);
    if title.is_empty() {
        format!("item {}", nth + 1)
    } else {
        format!("item {} `{title}`", nth + 1)
    }
}

/// When each item came out. One whose date cannot be read came out with the one that follows it, as far
/// as anybody knows.
fn dates(channel: &Channel, defects: &mut Vec<String>) -> Vec<Option<Timestamp>> {
    let mut dates = vec![None; channel.items().len()];
    let mut following = None;
    for (nth, item) in channel.items().iter().enumerate().rev() {
        let written = item.pub_date().unwrap_or_default().trim();
        let read = match date(written) {
            Date::Good(date) | Date::Weekday(date) => Some(date),
            Date::Bad => written.parse::<Timestamp>().ok(),
        };
        dates[nth] = read.or(following);
        if read.is_none()
            && let Some(stand_in) = dates[nth]
        {
            defects.push(format!(
                "{}: its date `{}` cannot be read; it gets {stand_in}, that of the item below: correct `date` in its `published.yaml` before you publish",
                whose(nth, item), shortened(&one_line(written), 40),
            ));
        }
        following = dates[nth];
    }
    dates
}

struct Enclosed {
    url: String,
    bytes: u64,
    media_type: String,
}

struct Reading<'a> {
    item: &'a Item,
    whose: String,
    prefixes: &'a Prefixes,
    show: &'a MovedShow,
}

impl Reading<'_> {
    fn podcast(&self) -> Tags<'_> {
        self.prefixes.podcast(self.item.extensions())
    }

    fn itunes(&self) -> ITunesItemExtension {
        self.item.itunes_ext.clone().unwrap_or_default()
    }

    fn sound(&self, defects: &mut Vec<String>) -> Option<Enclosed> {
        let whose = &self.whose;
        let Some(enclosure) = self.item.enclosure() else {
            defects.push(format!("{whose}: has no enclosure, so it is no episode; it is left out"));
            return None;
        };
        let url = one_line(enclosure.url());
        let Some(address) = web(&url) else {
            defects.push(format!(
                "{whose}: `{}` is no address of sound; it is left out",
                shortened(&url, 80)
            ));
            return None;
        };
        let written = enclosure.length().trim();
        let bytes = written.parse().unwrap_or_else(|_| {
            let written = shortened(&one_line(written), 40);
            defects.push(format!(
                "{whose}: the length `{written}` of its sound is no number; it is taken as 0"
            ));
            0
        });
        let mut media_type = one_line(enclosure.mime_type());
        if media_type.is_empty() {
            media_type = type_of(&ending(&address)).to_owned();
            defects.push(format!(
                "{whose}: its sound has no type; `{media_type}` is taken from its name"
            ));
        }
        Some(Enclosed { url, bytes, media_type })
    }

    fn episode(&self, date: Timestamp, sound: Enclosed, defects: &mut Vec<String>) -> MovedEpisode {
        let (itunes, podcast, whose) = (self.itunes(), self.podcast(), &self.whose);
        let title = one_line(self.item.title().or(itunes.subtitle.as_deref()).unwrap_or_default());
        if title.is_empty() {
            defects.push(format!("{whose}: has no title; it is called after its day"));
        }
        let (guid, permalink) = self.guid(&sound, defects);
        let link = self.item.link().and_then(|link| web(link.trim()));
        let duration = itunes.duration.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let length = duration.and_then(play_time).filter(|all| all.is_finite() && *all > 0.0);
        if duration.is_some() && length.is_none() {
            let written = shortened(&one_line(duration.unwrap_or_default()), 40);
            defects.push(format!("{whose}: its duration `{written}` cannot be read"));
        }
        let html = [self.item.content(), self.item.description(), itunes.summary.as_deref()];
        let html = html.into_iter().flatten().find(|html| !html.trim().is_empty());
        let number = itunes.episode.as_deref().and_then(counted);
        let number = number.or_else(|| podcast.text("episode").and_then(|text| counted(&text)));
        let own = itunes.image.as_deref().and_then(|url| web(url.trim()));
        MovedEpisode {
            title: if title.is_empty() { format!("Episode of {}", day(date)) } else { title },
            number,
            guid,
            permalink,
            date,
            notes: notes::markdown(html.unwrap_or_default(), link.as_ref()),
            link,
            enclosure_url: sound.url,
            bytes: sound.bytes,
            media_type: sound.media_type,
            length: length.map(Seconds),
            chapters: chapters::simple(
                self.prefixes.chapters(self.item.extensions()).all("chapters"),
            ),
            chapters_at: podcast.all("chapters").first().and_then(|found| address(found, "url")),
            transcripts: transcripts(podcast.all("transcript")),
            artwork: own.filter(|own| Some(own) != self.show.artwork.as_ref()),
            feed: self.feed(defects),
        }
    }

    fn guid(&self, sound: &Enclosed, defects: &mut Vec<String>) -> (Guid, bool) {
        let guid = self.item.guid().map(|guid| (guid.value.trim(), guid.permalink));
        match guid.filter(|(value, _)| !value.is_empty()) {
            Some((value, permalink)) => (Guid(value.to_owned()), permalink),
            None => {
                let whose = &self.whose;
                defects.push(format!("{whose}: has no guid; apps know it by the address of its sound, which becomes its guid"));
                (Guid(sound.url.clone()), false)
            }
        }
    }

    fn feed(&self, defects: &mut Vec<String>) -> EpisodeFeed {
        let (itunes, podcast, whose) = (self.itunes(), self.podcast(), &self.whose);
        let kind = itunes.episode_type.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
        let explicit = itunes.explicit.as_deref().map(is_explicit);
        let mut people = people(podcast.all("person"), whose, defects);
        people.retain(|credit| !self.show.feed.people.contains(credit));
        let license = license(podcast.all("license").first(), whose, defects);
        let season = itunes.season.as_deref().and_then(counted);
        let mut feed = EpisodeFeed {
            kind: match kind.as_str() {
                "trailer" => EpisodeKind::Trailer,
                "bonus" => EpisodeKind::Bonus,
                _ => EpisodeKind::Full,
            },
            season: season.or_else(|| podcast.text("season").and_then(|text| counted(&text))),
            explicit: explicit.filter(|explicit| *explicit != self.show.explicit),
            people,
            license: license.filter(|own| Some(own) != self.show.feed.license.as_ref()),
            location: location(podcast.all("location").first(), whose, defects),
            hidden: is_yes(itunes.block.as_deref()),
            ..EpisodeFeed::default()
        };
        let mut add = |change: &dyn Fn(&mut EpisodeFeed)| {
            let mut alone = EpisodeFeed::default();
            change(&mut alone);
            match alone.unfit() {
                None => change(&mut feed),
                Some((key, why)) => {
                    defects.push(format!("{whose}: a value of `{key}` is left out: {why}"));
                }
            }
        };
        let display = podcast.all("episode").first().and_then(|shown| attribute(shown, "display"));
        if let Some(display) = display {
            add(&|feed| feed.display = Some(display.clone()));
        }
        for bite in podcast.all("soundbite").iter().filter_map(|bite| self.soundbite(bite)) {
            add(&|feed| feed.soundbites.push(bite.clone()));
        }
        for discussion in podcast.all("socialInteract").iter().filter_map(discussion) {
            add(&|feed| feed.discussions.push(discussion.clone()));
        }
        feed
    }

    fn soundbite(&self, found: &Extension) -> Option<Soundbite> {
        let seconds = |name: &str| attribute(found, name)?.parse::<f64>().ok();
        let (from, length) = (seconds("startTime")?, seconds("duration")?);
        let title = Some(text(found)).filter(|title| !title.is_empty());
        let own = one_line(self.item.title().unwrap_or_default());
        let title = title.filter(|title| *title != shortened(&own, 127));
        let hundredths = |time: f64| Seconds((time * 100.0).round() / 100.0);
        Some(Soundbite { from: hundredths(from), to: hundredths(from + length), title })
    }
}

fn discussion(found: &Extension) -> Option<Discussion> {
    let protocol = match attribute(found, "protocol")?.to_ascii_lowercase().as_str() {
        "activitypub" => Protocol::Activitypub,
        "atproto" => Protocol::Atproto,
        "matrix" => Protocol::Matrix,
        "nostr" => Protocol::Nostr,
        _ => return None,
    };
    Some(Discussion { url: attribute(found, "uri")?, protocol })
}

/// Those that can be read, the most telling first.
fn transcripts(found: &[Extension]) -> Vec<(url::Url, String)> {
    const READ: &[&str] =
        &["text/vtt", "application/json", "application/x-subrip", "application/srt", "text/srt"];
    let rank = |kind: &str| READ.iter().position(|known| *known == kind);
    let kind =
        |found: &Extension| attribute(found, "type").unwrap_or_default().to_ascii_lowercase();
    let mut known: Vec<_> = found
        .iter()
        .filter_map(|found| Some((address(found, "url")?, kind(found))))
        .filter(|(_, kind)| rank(kind).is_some())
        .collect();
    known.sort_by_key(|(_, kind)| rank(kind));
    known
}

fn counted(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|number| *number > 0)
}

/// The day in UTC.
fn day(date: Timestamp) -> jiff::civil::Date {
    date.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// The media type that apps expect behind a name (PSP-1).
fn type_of(ending: &str) -> &'static str {
    match ending {
        "m4a" => "audio/x-m4a",
        "mp4" => "video/mp4",
        "m4v" => "video/x-m4v",
        "ogg" | "oga" | "opus" => "audio/ogg",
        _ => "audio/mpeg",
    }
}
