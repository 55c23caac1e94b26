//! Loudness over time as an inline SVG.

use std::fmt::Write;

use lorecast_model::{Lufs, Seconds, SoundReport};

use super::page::escape;

/// The size of the drawing, and where the curves are within it.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 26.0;
/// The loudness at the top and at the bottom, in LUFS.
const LOUDEST: f64 = 0.0;
const QUIETEST: f64 = -60.0;
/// Points of a curve: more than pixels are of no use.
const POINTS: usize = 900;
/// The width of a letter of a section's title, so that titles do not run into each other.
const LETTER: f64 = 6.4;

/// The chart of a report. Its colours are those of the page's classes.
pub(super) fn chart(report: &SoundReport) -> String {
    let length = report.whole.length.0.max(1e-3);
    let mut svg = format!(
        r#"<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>Loudness over time in LUFS</title>"#
    );
    grid(&mut svg, length);
    sections(&mut svg, report, length);
    let step = report.curve.step;
    curve(&mut svg, "momentary", &report.curve.momentary, step, length);
    curve(&mut svg, "short-term", &report.curve.short_term, step, length);
    if let Some(Lufs(loudness)) = report.whole.loudness {
        let y = y(loudness);
        add(
            &mut svg,
            format_args!(r#"<path class="integrated" d="M{LEFT} {y:.1}H{}"/>"#, WIDTH - RIGHT),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn grid(svg: &mut String, length: f64) {
    let mut level = LOUDEST;
    while level >= QUIETEST {
        let y = y(level);
        add(
            svg,
            format_args!(
                r#"<path class="grid" d="M{LEFT} {y:.1}H{}"/><text x="{}" y="{:.1}" text-anchor="end">{level}</text>"#,
                WIDTH - RIGHT,
                LEFT - 6.0,
                y + 4.0
            ),
        );
        level -= 10.0;
    }
    let step = time_step(length);
    let mut time = 0.0;
    while time <= length {
        add(
            svg,
            format_args!(
                r#"<text x="{:.1}" y="{}" text-anchor="middle">{}</text>"#,
                x(time, length),
                HEIGHT - 8.0,
                Seconds(time)
            ),
        );
        time += step;
    }
}

/// At most eight times are written below.
fn time_step(length: f64) -> f64 {
    let steps = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0];
    steps.into_iter().find(|step| length / step <= 8.0).unwrap_or(length / 8.0)
}

fn sections(svg: &mut String, report: &SoundReport, length: f64) {
    let mut free = LEFT;
    for section in &report.sections {
        let x = x(section.start.0, length);
        add(svg, format_args!(r#"<path class="section" d="M{x:.1} {TOP}V{}"/>"#, HEIGHT - BOTTOM));
        let end = x + section.title.chars().count() as f64 * LETTER;
        if x >= free && end <= WIDTH {
            let title = escape(&section.title);
            add(svg, format_args!(r#"<text x="{:.1}" y="{}">{title}</text>"#, x + 3.0, TOP - 8.0));
            free = end + LETTER;
        }
    }
}

/// The highest value of each point; silence lies on the ground.
fn curve(svg: &mut String, class: &str, row: &[Option<Lufs>], step: Seconds, length: f64) {
    let size = row.len().div_ceil(POINTS).max(1);
    let mut path = String::new();
    for (number, chunk) in row.chunks(size).enumerate() {
        let time = (number * size + chunk.len()) as f64 * step.0;
        let level = chunk.iter().flatten().map(|lufs| lufs.0).fold(QUIETEST, f64::max);
        let command = if number == 0 { 'M' } else { 'L' };
        add(&mut path, format_args!("{command}{:.1} {:.1}", x(time.min(length), length), y(level)));
    }
    add(svg, format_args!(r#"<path class="{class}" d="{path}"/>"#));
}

fn x(time: f64, length: f64) -> f64 {
    LEFT + (time / length).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
}

fn y(level: f64) -> f64 {
    let share = (LOUDEST - level.clamp(QUIETEST, LOUDEST)) / (LOUDEST - QUIETEST);
    TOP + share * (HEIGHT - TOP - BOTTOM)
}

fn add(text: &mut String, more: std::fmt::Arguments) {
    text.write_fmt(more).expect("a string takes everything");
}
