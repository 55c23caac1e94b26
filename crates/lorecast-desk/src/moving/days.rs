//! Which day an episode that moves in is known by.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lorecast_model::EpisodeId;
use lorecast_publisher::moving::MovedEpisode;

/// For each episode the day on which it came out, in UTC, or the one that its page has when it was ours.
/// Where several came out on one day, the first of them has it, and the others the next days that are free.
pub(super) fn of(episodes: &[MovedEpisode], defects: &mut Vec<String>) -> Vec<EpisodeId> {
    let mut order: Vec<usize> = (0..episodes.len()).collect();
    // In a feed the newest stands first.
    order.sort_by_key(|nth| (episodes[*nth].date, std::cmp::Reverse(*nth)));
    let (mut taken, mut days) = (BTreeSet::new(), vec![None; episodes.len()]);
    for nth in order {
        let own = named(&episodes[nth]).unwrap_or_else(|| came_out(&episodes[nth]));
        let mut day = own;
        while !taken.insert(day) {
            day = day.tomorrow().unwrap_or_else(|_| own.saturating_sub(1.day()));
        }
        if day != own {
            defects.push(format!(
                "`{}` came out on a day with another episode: its folder is `episodes/{day}`, its date stays",
                episodes[nth].title
            ));
        }
        days[nth] = Some(EpisodeId(day));
    }
    days.into_iter().flatten().collect()
}

fn came_out(episode: &MovedEpisode) -> Date {
    episode.date.to_zoned_datetime(TimeZone::UTC).date()
}

/// The day in `…/episodes/2023-04-16/`: what we published keeps its page.
fn named(episode: &MovedEpisode) -> Option<Date> {
    let page = episode.link.as_ref()?.path().trim_end_matches('/');
    let (folder, day) = page.rsplit_once('/')?;
    folder.ends_with("/episodes").then(|| day.parse().ok()).flatten()
}
