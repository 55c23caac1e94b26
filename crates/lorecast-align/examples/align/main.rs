//! Measures the alignment: on made speech, or on a producer's own take.
//!
//!     align corpus DIR                  makes the speech with flite and sox (true times known)
//!     align measure DIR                 aligns and compares
//!     align split DIR                   sections and retakes in one recording
//!     align --take X.wav --truth T.tsv
//!     align --take X.wav --script S.txt
//!
//! X.wav is 16 kHz mono 16 bit (`tests/parity/align` converts any take). S.txt has one sentence a line.
//! T.tsv has `start<TAB>end<TAB>sentence` for each sentence of the script, in seconds, `-` for both times
//! where it was not read.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program of ours")]

use std::path::Path;

use lorecast_align::{Alignment, FrontEnd, Guide, Model, Sentence, Status};

mod dice;
mod retakes;
mod sentences;
mod speech;
mod unseen;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["corpus", dir] => speech::make(Path::new(dir)),
        ["measure", dir] => {
            println!("tuned on:");
            speech::TUNED.iter().for_each(|voice| measure_made(dir, voice.name));
            println!("never tuned on:");
            speech::UNSEEN.iter().for_each(|voice| measure_made(dir, voice.name));
        }
        ["split", dir] => retakes::measure(Path::new(dir)),
        ["--take", take, "--script", script] => measure("take", take, &read(script), None),
        ["--take", take, "--truth", truth] => {
            let truth = read(truth);
            let script: Vec<&str> =
                truth.lines().map(|line| line.splitn(3, '\t').nth(2).unwrap_or_default()).collect();
            measure("take", take, &script.join("\n"), Some(&truth));
        }
        _ => println!("see the head of this file"),
    }
}

fn measure_made(dir: &str, name: &str) {
    let at = |end: &str| format!("{dir}/{name}.{end}");
    measure(name, &at("wav"), &read(&at("txt")), Some(&read(&at("tsv"))));
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| {
        println!("{path}: {error}");
        std::process::exit(2)
    })
}

fn measure(name: &str, take: &str, text: &str, truth: Option<&str>) {
    let model = Model::find().unwrap_or_else(|error| {
        println!("{error}");
        std::process::exit(2)
    });
    let script: Vec<Sentence> = text.lines().map(Sentence::new).collect();
    let began = cpu_seconds();
    let mut front = FrontEnd::new(&model);
    let mut samples = 0;
    let mut reader = hound::WavReader::open(take).unwrap();
    let mut block = Vec::new();
    for sample in reader.samples::<i16>() {
        block.push(f32::from(sample.unwrap()) / 32_768.0);
        if block.len() == 16_000 {
            front.push(&block);
            samples += block.len();
            block.clear();
        }
    }
    front.push(&block);
    samples += block.len();
    let table = model.align(&front.finish(), &script, &Guide::default()).unwrap();
    let factor = (cpu_seconds() - began) / (samples as f64 / 16_000.0);
    println!(
        "{name}: {:.0} s of voice, {} sentences, real-time factor {factor:.4} (CPU), peak memory {} MB, heard {:.3}",
        samples as f64 / 16e3,
        script.len(),
        memory(),
        table.heard
    );
    if let Some(truth) = truth {
        compare(&table, truth);
        let asides = take.replace(".wav", ".asides");
        find_asides(&table, &std::fs::read_to_string(asides).unwrap_or_default());
    }
    if truth.is_none() || std::env::var_os("SHOW").is_some() {
        for times in &table.sentences {
            println!(
                "{:8.3} {:8.3} {:?} {:.2} {}",
                times.start.0,
                times.end.0,
                times.status,
                times.confidence,
                text.lines().nth(times.sentence).unwrap()
            );
        }
        table.passages.iter().for_each(|passage| println!("{passage:?}"));
    }
}

fn compare(table: &Alignment, truth: &str) {
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    let (mut skipped, mut found, mut wrong) = (0, 0, Vec::new());
    let (mut signed, mut last, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
    for (times, line) in table.sentences.iter().zip(truth.lines()) {
        let missing = times.status == Status::Skipped;
        let Some((start, end)) = line.split_once('\t').and_then(|(a, b)| {
            Some((a.parse::<f64>().ok()?, b.split('\t').next()?.parse::<f64>().ok()?))
        }) else {
            skipped += 1;
            found += usize::from(missing);
            continue;
        };
        if missing {
            wrong.push(times.sentence);
        }
        signed.push(times.start.0 - start);
        last.push(times.end.0 - end);
        starts.push((times.start.0 - start).abs());
        ends.push((times.end.0 - end).abs());
        if (times.start.0 - start).abs() > 0.1 {
            doubtful.push((times.sentence, times.start.0 - start));
        }
    }
    let n = starts.len();
    let within = starts.iter().filter(|off| **off <= 0.1).count();
    let far = starts.iter().filter(|off| **off > 1.0).count();
    let median = |values: &mut Vec<f64>, share: f64| {
        values.sort_by(f64::total_cmp);
        values
            .get(((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    println!(
        "  starts n={n}: median {:.3}, p90 {:.3}, max {:.3} s; within 0.1 s {:.1} %; over 1 s {:.1} %; bias {:+.3}; ends: median {:.3}, p90 {:.3}, bias {:+.3}; skipped {found} of {skipped}, false {} {:?}",
        median(&mut starts, 0.5),
        median(&mut starts, 0.9),
        median(&mut starts, 1.0),
        100.0 * within as f64 / n.max(1) as f64,
        100.0 * far as f64 / n.max(1) as f64,
        median(&mut signed, 0.5),
        median(&mut ends, 0.5),
        median(&mut ends, 0.9),
        median(&mut last, 0.5),
        wrong.len(),
        &wrong[..wrong.len().min(12)]
    );

    doubtful.truncate(20);
    println!("  off by more than 0.1 s: {doubtful:.2?}");
}

/// How many of the things said beside the script are reported, by half or more of their length.
fn find_asides(table: &Alignment, asides: &str) {
    let times = |line: &str| {
        let mut parts = line.split('\t').map_while(|part| part.parse::<f64>().ok());
        Some((parts.next()?, parts.next()?))
    };
    let asides: Vec<(f64, f64)> = asides.lines().filter_map(times).collect();
    let found = asides.iter().filter(|(start, end)| {
        let covered = table
            .passages
            .iter()
            .map(|passage| (passage.end.0.min(*end) - passage.start.0.max(*start)).max(0.0));
        covered.sum::<f64>() >= 0.5 * (end - start)
    });
    if !asides.is_empty() {
        println!("  asides found {} of {}", found.count(), asides.len());
    }
    let mut kinds = std::collections::BTreeMap::new();
    for passage in &table.passages {
        *kinds.entry(format!("{:?}", passage.kind)).or_insert(0) += 1;
    }
    println!("  passages {kinds:?}");
}

/// CPU seconds of this process, from the kernel's count of hundredths.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory that the process had, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
