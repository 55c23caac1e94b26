//! Why a thread stands where it stands, in words.

use lorecast_model::{Kind, Signal, Weights};

use super::signals::Lens;
use crate::Facts;

/// Below so many points a signal is no reason.
const LEAST_POINTS: f64 = 0.1;
/// So many lists are named.
const MOST_LISTS: usize = 4;
/// Further down its list, a thread's place is no reason.
const BUSIEST: [&str; 5] =
    ["busiest", "second busiest", "third busiest", "fourth busiest", "fifth busiest"];

/// What speaks for a thread, the strongest first, behind what speaks against it.
pub(super) fn reasons(
    facts: &Facts,
    signals: &[(Signal, f64)],
    lens: &Lens<'_>,
    weights: &Weights,
) -> Vec<String> {
    let points = |wanted: Signal| {
        let found = signals.iter().find(|(signal, _)| *signal == wanted);
        found.map_or(0.0, |(_, value)| value * weights.of(wanted))
    };
    let mut found: Vec<(f64, String)> = Vec::new();
    if facts.messages > 0 {
        let talk = [Signal::Messages, Signal::People, Signal::Replies, Signal::Maintainers];
        found.push((talk.map(points).iter().sum(), talk_of(facts)));
    }
    let bound = [Signal::Cover, Signal::Rfc];
    found.push((bound.map(points).iter().sum(), introduction(facts)));
    let series = [Signal::Version, Signal::Told];
    found.push((series.map(|s| points(s).abs()).iter().sum(), series_of(facts)));
    for (signal, _) in signals {
        if let Some(words) = words(*signal, facts, lens) {
            found.push((points(*signal), words));
        }
    }
    found.retain(|(points, words)| !words.is_empty() && points.abs() >= LEAST_POINTS);
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (against, speaking): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(points, _)| *points < 0.0);
    let routine = facts.routine.map(|routine| routine.words().to_owned());
    let against = against.into_iter().map(|(_, words)| words);
    let speaking = speaking.into_iter().map(|(_, words)| words);
    routine.into_iter().chain(speaking).chain(against).collect()
}

fn talk_of(facts: &Facts) -> String {
    let mut parts = vec![count(facts.people, "person", "people")];
    if !facts.maintainers.is_empty() {
        parts.push(count(facts.maintainers.len() as u32, "maintainer", "maintainers"));
    }
    parts.push(count(facts.messages, "message", "messages"));
    parts.join(", ")
}

fn introduction(facts: &Facts) -> String {
    match (facts.rfc, facts.cover) {
        (true, true) => "RFC with cover letter",
        (true, false) => "RFC",
        (false, true) => "cover letter",
        (false, false) => "",
    }
    .to_owned()
}

fn series_of(facts: &Facts) -> String {
    let times = match facts.told {
        0 if facts.version > 1 => return format!("version {}", facts.version),
        0 => return String::new(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    if facts.version > 1 {
        format!("v{} of a series covered {times}", facts.version)
    } else {
        format!("covered {times}")
    }
}

/// The words of a signal that stands for itself.
fn words(signal: Signal, facts: &Facts, lens: &Lens<'_>) -> Option<String> {
    let some = |words: &str| Some(words.to_owned());
    match signal {
        Signal::Pace if facts.busiest_day >= 10 => {
            Some(format!("{} replies in one day", facts.busiest_day))
        }
        Signal::Depth if facts.depth >= 6 => Some(format!("replies {} deep", facts.depth)),
        Signal::Organisations if facts.domains >= 4 => {
            Some(format!("{} organisations", facts.domains))
        }
        Signal::Regulars => some("regular reviewers answered"),
        Signal::WellKnown => Some(format!("{} replied", lens.well_known(facts).join(" and "))),
        Signal::Lists => {
            let shorts: Vec<&str> =
                facts.lists.iter().map(|list| list.short()).take(MOST_LISTS).collect();
            Some(format!("cross-posted to {}", shorts.join(", ")))
        }
        Signal::Foremost => {
            let (list, above) = lens.lists.best(facts)?;
            Some(format!("the {} thread of {}", BUSIEST.get(above)?, list.short()))
        }
        Signal::Crowd => some("its people work on what concerns everybody"),
        Signal::Patches if facts.patches > 1 => Some(format!("{} patches", facts.patches)),
        Signal::Abi => {
            let shown = facts.abi.as_deref().unwrap_or_default();
            Some(format!("changes what users see ({shown})"))
        }
        Signal::Documents => some("documents itself"),
        Signal::Tests => some("with tests"),
        Signal::Feature => some("something new"),
        Signal::Performance => some("performance figures"),
        Signal::Regression => some(report(facts.kind)),
        Signal::Fixes => some("a fix"),
        Signal::Hardware => some("about hardware"),
        Signal::Matters => {
            Some(format!("concerns everybody ({})", lens.matters.of(&facts.title).join(", ")))
        }
        Signal::General => some("about no part alone"),
        Signal::Reviewed => {
            Some(format!("reviewed by {}", count(facts.reviewed, "person", "people")))
        }
        Signal::Refused => some("refused by somebody (NAK)"),
        Signal::Mainline => some("mainline release"),
        Signal::Stable => some("stable release"),
        Signal::Release => some("release"),
        Signal::Pull => some("pull request"),
        Signal::Discussion => some("discussion"),
        Signal::Unanswered => some("unanswered"),
        _ => None,
    }
}

fn report(kind: Kind) -> &'static str {
    match kind {
        Kind::Bug => "bug report",
        Kind::Build => "what builds and tests found",
        Kind::Security => "security",
        _ => "regression",
    }
}

fn count(number: u32, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}
