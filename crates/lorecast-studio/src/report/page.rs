//! A report as a page of HTML.

use lorecast_model::{Lufs, SoundFigures, SoundReport};

use super::Analysis;
use super::chart::chart;
use super::deviations::deviations;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2430;--ground:#fff;--soft:#66707f;--line:#d9dee6;--loud:#2f7fb8;--pale:#a9cbe3;--mark:#c2571a}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--ground:#14181f;--soft:#98a2b1;--line:#323a46;--loud:#6db6e8;--pale:#2f5878;--mark:#f0914f}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--soft);font-weight:500}th:first-child,td:first-child{text-align:left;white-space:normal}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.8rem;margin:0}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.15rem}
svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:var(--soft)}
.wave svg{height:7rem}.chart path{fill:none}.grid,.section{stroke:var(--line)}.section{stroke-dasharray:3 3;stroke:var(--soft)}
.momentary{stroke:var(--pale)}.short-term{stroke:var(--loud);stroke-width:2}.integrated{stroke:var(--mark);stroke-dasharray:6 4}
.key span{display:inline-block;width:1.4em;height:.25em;vertical-align:middle;margin:0 .3em 0 1em}
.key,.note,.passages span{color:var(--soft);font-size:.9rem}.passages{list-style:none;margin:0;padding:0}.passages li{display:grid;grid-template-columns:minmax(6.5rem,auto) 1fr;gap:.2rem .8rem;padding:.4rem 0;border-bottom:1px solid var(--line)}.passages b{font-weight:500}.passages q,.passages span{overflow-wrap:anywhere}li.warn{color:var(--mark)}";

const WORDS: &str = " Words/min: words of the script that were said, over the time of its sentences and the pauses between them.";

/// The column of the rate of speech, where a phone still shows it.
const WORDS_AT: usize = 3;

pub(super) fn page(title: &str, analysis: &Analysis) -> String {
    let report = &analysis.report;
    let title = escape(title);
    let summary = summary(report);
    let remarks = remarks(report);
    let chart = chart(report);
    let wave = analysis.peaks.to_svg();
    let table = table(report);
    let words = report.whole.words_per_minute.map_or("", |_| WORDS);
    let deviations = deviations(report);
    format!(
        r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}: sound report</title><style>{STYLE}</style></head><body>
<h1>{title}: sound report</h1>
{summary}{remarks}<h2>Loudness over time</h2>
{chart}<p class="key"><span style="background:var(--pale)"></span>momentary (400 ms)<span style="background:var(--loud)"></span>short-term (3 s)<span style="background:var(--mark)"></span>integrated; LUFS</p>
<h2>Wave</h2>
<div class="wave">{wave}</div>
<h2>Sections</h2>
{table}<p class="note">Loudness after EBU R 128 and ITU-R BS.1770-5. Noise: the loudness that a tenth of the audible time does not exceed. Clipped: samples at full scale in runs of three and more.{words}</p>
{deviations}</body></html>
"#
    )
}

/// Text within HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn summary(report: &SoundReport) -> String {
    let whole = &report.whole;
    let entries = [
        ("Length", whole.length.to_string()),
        ("Loudness", unit(lufs(whole.loudness), "LUFS")),
        ("Range", unit(format!("{:.1}", whole.range.0), "LU")),
        ("True peak", unit(format!("{:.1}", whole.true_peak.0), "dBTP")),
        ("Loudest 400 ms", unit(lufs(whole.loudest_momentary), "LUFS")),
        ("Loudest 3 s", unit(lufs(whole.loudest_short_term), "LUFS")),
        ("Noise", unit(lufs(whole.noise_floor), "LUFS")),
        ("Speech", unit(pace(whole.words_per_minute), "words/min")),
        ("Sound", format!("{} Hz, {}", report.sample_rate, layout(report.channels.len()))),
    ];
    let entries =
        entries.map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"));
    format!("<dl>{}</dl>\n", entries.concat())
}

/// What a listener would complain about.
fn remarks(report: &SoundReport) -> String {
    const DEAD: f64 = -90.0;
    const INVERTED: f64 = -0.8;
    const OFFSET: f64 = 0.005;
    let whole = &report.whole;
    let mut remarks = Vec::new();
    if whole.loudness.is_none() {
        remarks.push("there is nothing to hear".to_owned());
    }
    let dead = |channel: &lorecast_model::ChannelReport| channel.level.0 < DEAD;
    if !report.channels.iter().all(dead) {
        let all = report.channels.iter().enumerate();
        let numbers = all.filter(|(_, channel)| dead(channel)).map(|(n, _)| n + 1);
        remarks.extend(numbers.map(|number| format!("channel {number} is silent")));
    }
    if report.correlation.is_some_and(|alike| alike < INVERTED) {
        remarks.push("one channel is the other upside down: in mono both vanish".to_owned());
    }
    if whole.clipped_samples > 0 {
        remarks.push(format!("{} samples are clipped", whole.clipped_samples));
    }
    if whole.dc_offset.abs() > OFFSET {
        remarks.push(format!("the wave is off its middle by {:.1} %", whole.dc_offset * 100.0));
    }
    if remarks.is_empty() {
        return String::new();
    }
    let items = remarks.iter().map(|remark| format!("<li class=\"warn\">{remark}</li>"));
    format!("<ul>{}</ul>\n", items.collect::<String>())
}

fn table(report: &SoundReport) -> String {
    let spoken = report.sections.iter().any(|section| section.figures.words_per_minute.is_some());
    let mut heads =
        vec!["", "Start", "Length", "LUFS", "LU", "dBTP", "Loudest 3 s", "Noise", "Clipped", "DC"];
    if spoken {
        heads.insert(WORDS_AT, "Words/min");
    }
    let heads: String = heads.iter().map(|head| format!("<th>{head}</th>")).collect();
    let mut rows = String::new();
    for section in &report.sections {
        rows += &line(&section.title, &section.start.to_string(), &section.figures, spoken);
    }
    rows += &line("The whole", "", &report.whole, spoken);
    format!(
        "<div class=\"wide\"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>\n"
    )
}

fn line(title: &str, start: &str, figures: &SoundFigures, spoken: bool) -> String {
    let mut cells = vec![
        escape(title),
        start.to_owned(),
        figures.length.to_string(),
        lufs(figures.loudness),
        format!("{:.1}", figures.range.0),
        format!("{:.1}", figures.true_peak.0),
        lufs(figures.loudest_short_term),
        lufs(figures.noise_floor),
        figures.clipped_samples.to_string(),
        format!("{:.2} %", figures.dc_offset * 100.0),
    ];
    if spoken {
        cells.insert(WORDS_AT, pace(figures.words_per_minute));
    }
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr>{cells}</tr>\n")
}

fn lufs(value: Option<Lufs>) -> String {
    value.map_or("–".to_owned(), |Lufs(value)| format!("{value:.1}"))
}

fn pace(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |pace| format!("{pace:.0}"))
}

fn unit(value: String, unit: &str) -> String {
    if value == "–" { value } else { format!("{value} {unit}") }
}

fn layout(channels: usize) -> String {
    match channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        more => format!("{more} channels"),
    }
}
