//! Measures the ranking on headers alone, and fits the weights that ship.
//!
//! ```sh
//! cargo run --release -p lorecast-drafter --example ranking -- EDITORIAL [--earlier 4] [--weights]
//! ```
//!
//! `EDITORIAL` holds `headers-2022.tsv.gz` (list, message id, time, In-Reply-To, last reference,
//! from, subject) and `lwn-covered-threads.json` (the threads of each week, Thursday to Wednesday,
//! that people picked). Each quarter of the year is ranked by weights that were fitted to the other
//! three; how strongly they are held is chosen within those three. No list is named anywhere. With
//! `--weights`, the weights that all quarters give are printed at the end.

#![allow(clippy::print_stdout, reason = "an example prints what it measured")]

mod pool;
mod truth;

use std::collections::BTreeMap;
use std::path::PathBuf;

use lorecast_drafter::{Choice, Facts, Fit, Pool, fit, likelihood};
use lorecast_model::{Signal, Weights};

use pool::Headers;

/// How strongly weights may be held.
const RIDGES: [f64; 4] = [3.0, 10.0, 30.0, 100.0];
/// What is news is new: the digest's picks say so, which are of the days themselves, and those of
/// headers cannot, which follow a talk for weeks. Version and length say nothing for sure.
const FIXED: [Signal; 3] = [Signal::Fresh, Signal::Version, Signal::Patches];
const TOPS: [usize; 3] = [12, 25, 50];

struct Week {
    quarter: usize,
    facts: Vec<Facts>,
    choice: Choice,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut folder = None;
    let (mut earlier, mut print) = (4, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--earlier" => earlier = arguments.next().ok_or("how many weeks?")?.parse()?,
            "--weights" => print = true,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder.ok_or("name the folder with the headers and the picks")?;
    let start = start()?;
    let weeks = weeks(&folder, &start, earlier)?;
    report(&weeks, &start);
    if print {
        let how = held(best_ridge(&weeks.iter().collect::<Vec<_>>(), &start));
        let choices: Vec<Choice> = weeks.iter().map(|week| week.choice.clone()).collect();
        let fitted = fit(&choices, &start, how);
        println!("\nfitted to all of it, ridge {}:", how.ridge);
        for signal in Signal::ALL {
            println!(
                "  {}: {:.2}",
                serde_json::to_string(&signal)?.trim_matches('"'),
                fitted.of(signal)
            );
        }
    }
    Ok(())
}

/// The built-in weights, with 0 for all that headers can tell: it is they that are fitted.
fn start() -> Result<Weights, Box<dyn std::error::Error>> {
    const JUDGED: [Signal; 16] = [
        Signal::Fresh,
        Signal::Version,
        Signal::Patches,
        Signal::Maintainers,
        Signal::WellKnown,
        Signal::Performance,
        Signal::Reviewed,
        Signal::Refused,
        Signal::Told,
        Signal::Mainline,
        Signal::Stable,
        Signal::Unanswered,
        Signal::Bot,
        Signal::Queue,
        Signal::Trivial,
        Signal::Discussion,
    ];
    let mut weights: Weights = serde_yaml::from_str(include_str!("../../../../ranking.yaml"))?;
    weights.signals.retain(|signal, _| JUDGED.contains(signal));
    Ok(weights)
}

fn weeks(
    folder: &std::path::Path,
    start: &Weights,
    earlier: usize,
) -> Result<Vec<Week>, Box<dyn std::error::Error>> {
    let headers = Headers::read(&folder.join("headers-2022.tsv.gz"))?;
    let picks = truth::read(&folder.join("lwn-covered-threads.json"))?;
    let pool = Pool::new(start);
    let (mut weeks, mut seen, mut lost) = (Vec::new(), 0, 0);
    for (first, threads) in picks {
        let facts = headers.facts(first);
        let chosen: Vec<usize> = threads
            .iter()
            .filter_map(|ids| headers.thread_of(ids))
            .filter_map(|thread| facts.iter().position(|facts| facts.thread == thread))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        (seen, lost) = (seen + chosen.len(), lost + threads.len() - chosen.len());
        if chosen.is_empty() {
            continue;
        }
        let before: Vec<Facts> =
            (1..=earlier).flat_map(|n| headers.facts(first - 7 * n as i64)).collect();
        let threads = pool.signals(&facts, &before);
        let quarter = (truth::month(first) - 1) / 3;
        weeks.push(Week { quarter, facts, choice: Choice { threads, chosen } });
    }
    let threads: usize = weeks.iter().map(|week| week.facts.len()).sum();
    println!(
        "{} mails; {seen} picked threads in {} weeks of {} threads on average; {lost} picks are not in these headers",
        headers.count(),
        weeks.len(),
        threads / weeks.len().max(1)
    );
    Ok(weeks)
}

fn report(weeks: &[Week], start: &Weights) {
    let count = |count: fn(&Facts) -> u32| {
        place(weeks, |week| week.facts.iter().map(|facts| f64::from(count(facts))).collect())
    };
    line("messages", &count(|facts| facts.messages));
    line("people", &count(|facts| facts.people));
    let mut weights = BTreeMap::new();
    for quarter in 0..4 {
        let others: Vec<&Week> = weeks.iter().filter(|week| week.quarter != quarter).collect();
        let how = held(best_ridge(&others, start));
        let choices: Vec<Choice> = others.iter().map(|week| week.choice.clone()).collect();
        weights.insert(quarter, fit(&choices, start, how));
    }
    let scores = |week: &Week| {
        let weights = &weights[&week.quarter];
        let score =
            |signals: &Vec<(Signal, f64)>| signals.iter().map(|(s, v)| weights.of(*s) * v).sum();
        week.choice.threads.iter().map(score).collect::<Vec<f64>>()
    };
    line("ranking, quarter left out", &place(weeks, scores));
}

fn held(ridge: f64) -> Fit {
    Fit { ridge, least_variance: 0.0, bounded: true, fixed: &FIXED }
}

/// The ridge under which each of these quarters is likeliest by weights of the others.
fn best_ridge(weeks: &[&Week], start: &Weights) -> f64 {
    let quarters: std::collections::BTreeSet<usize> =
        weeks.iter().map(|week| week.quarter).collect();
    let likely = |ridge: f64| -> f64 {
        let left_out = |quarter: &usize| {
            let of = |own: bool| -> Vec<Choice> {
                let weeks = weeks.iter().filter(|week| (week.quarter == *quarter) == own);
                weeks.map(|week| week.choice.clone()).collect()
            };
            likelihood(&of(true), &fit(&of(false), start, held(ridge)))
        };
        quarters.iter().map(left_out).sum()
    };
    RIDGES.into_iter().max_by(|a, b| likely(*a).total_cmp(&likely(*b))).unwrap_or(RIDGES[0])
}

/// The places of the picked threads, from 0, when threads are ordered by these scores; equals by id.
fn place(weeks: &[Week], scores: impl Fn(&Week) -> Vec<f64>) -> Vec<usize> {
    let mut places = Vec::new();
    for week in weeks {
        let scores = scores(week);
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| {
            let by_id = || week.facts[*a].thread.cmp(&week.facts[*b].thread);
            scores[*b].total_cmp(&scores[*a]).then_with(by_id)
        });
        let place = |thread: &usize| order.iter().position(|other| other == thread);
        places.extend(week.choice.chosen.iter().filter_map(place));
    }
    places
}

fn line(name: &str, places: &[usize]) {
    let n = places.len();
    let cells = TOPS.map(|top| {
        let hits = places.iter().filter(|place| **place < top).count();
        let (low, high) = wilson(hits, n);
        format!(
            "top {top}: {:4.1} % ({hits}/{n}, {:.1}-{:.1})",
            100.0 * hits as f64 / n.max(1) as f64,
            100.0 * low,
            100.0 * high
        )
    });
    println!("{name:26} {}", cells.join("  "));
}

/// Wilson's 95 % interval of a proportion.
fn wilson(hits: usize, n: usize) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (z, n) = (1.96_f64, n as f64);
    let p = hits as f64 / n;
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    (middle - half, middle + half)
}
