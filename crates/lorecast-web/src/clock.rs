//! What a server does by itself from time to time.

use std::time::Duration;

use jiff::Timestamp;
use lorecast_desk::{Community, DeskError};
use tokio::time::MissedTickBehavior;

use crate::address;
use crate::app::Ending;

/// So often it is looked for who wants to be told something. Nobody is told more often than daily.
const PAUSE: Duration = Duration::from_secs(30 * 60);

/// Tells people by mail what is new of what they follow, for as long as the server runs. `url` is where it is found.
pub async fn keep_telling(community: Community, url: String, ending: Ending) {
    let mut ticks = tokio::time::interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ending = ending.0;
    loop {
        tokio::select! {
            _ = ending.wait_for(|ending| *ending) => return,
            _ = ticks.tick() => {}
        }
        let (community, url) = (community.clone(), url.clone());
        let told = tokio::task::spawn_blocking(move || {
            // What an earlier server left half done.
            if let Err(error) = community.write_people(Timestamp::now()) {
                tracing::warn!("what people said of themselves waits: {error}");
            }
            match community.tell(url.trim_end_matches('/'), &address::of_news, Timestamp::now()) {
                Ok(0) | Err(DeskError::NothingIngested { .. }) => {}
                Ok(sent) => tracing::info!(sent, "mails told what is new"),
                Err(error) => tracing::error!("nobody could be told what is new: {error}"),
            }
        });
        if let Err(error) = told.await {
            tracing::error!("{error}");
        }
    }
}
