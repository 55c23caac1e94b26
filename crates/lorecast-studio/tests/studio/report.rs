//! What a report says of sounds whose figures are known, and that no sound harms it.

use lorecast_model::{Deviation, DeviationKind, Seconds, SoundFigures, SoundReport};
use lorecast_studio::{
    Analysis, Meter, Outputs, Part, Placed, Recipe, ReportFiles, Run, Said, Section, Spoken,
    Voices, analyse, master,
};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, recipe};

fn heard(rate: u32, channels: u16, samples: &[f32]) -> Analysis {
    let desk = Desk::new();
    analyse(&desk.wav("float.wav", rate, channels, samples), &[]).unwrap()
}

/// Two seconds of a sine at -20 dBFS.
fn sine(rate: u32) -> Vec<f32> {
    let step = std::f32::consts::TAU * 1000.0 / rate as f32;
    (0..rate * 2).map(|n| ((n % rate) as f32 * step).sin() * 0.1).collect()
}

/// `loudness range peak noise clipped`, as a person would read them.
fn line(report: &SoundReport) -> String {
    let whole = &report.whole;
    let lufs = |value: Option<lorecast_model::Lufs>| {
        value.map_or("-".to_owned(), |lufs| format!("{:.1}", lufs.0))
    };
    format!(
        "{} LUFS {:.1} LU {:.1} dBTP noise {} clipped {}",
        lufs(whole.loudness),
        whole.range.0,
        whole.true_peak.0,
        lufs(whole.noise_floor),
        whole.clipped_samples
    )
}

#[track_caller]
fn check(rate: u32, channels: u16, samples: &[f32], expected: &str) -> Analysis {
    let analysis = heard(rate, channels, samples);
    assert_eq!(line(&analysis.report), expected);
    let (page, json) = (analysis.page("A <tone>"), analysis.peaks.to_json());
    assert!(page.contains("A &lt;tone&gt;") && !page.contains("NaN") && !page.contains("inf"));
    assert!(!json.contains("NaN") && analysis.peaks.to_png().starts_with(b"\x89PNG"));
    analysis
}

#[test]
fn a_tone_at_any_rate() {
    for rate in [8_000, 11_025, 44_100, 48_000, 192_000] {
        check(rate, 1, &sine(rate), "-23.0 LUFS 0.0 LU -20.0 dBTP noise -23.0 clipped 0");
    }
}

#[test]
fn silence_and_one_sample() {
    check(48_000, 2, &[0.0; 96_000], "- LUFS 0.0 LU -120.0 dBTP noise - clipped 0");
    let tick = check(48_000, 1, &[0.5], "-32.3 LUFS 0.0 LU -6.0 dBTP noise - clipped 0");
    assert_eq!(tick.report.whole.length, Seconds(1.0 / 48_000.0));
    assert!(tick.peaks.to_json().ends_with("\"length\":1,\"data\":[0,64]}\n"));
}

#[test]
fn what_is_no_number_is_silence() {
    let mut samples = sine(48_000);
    samples.extend([f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
    samples.extend(sine(48_000));
    let mut meter = Meter::new(48_000, 1).unwrap();
    meter.push(&samples);
    assert!((meter.integrated().unwrap().0 + 23.0).abs() < 0.1);
    assert!(meter.true_peak().0 < -19.0);
    let desk = Desk::new();
    let whole = analyse(&desk.wav("float.wav", 48_000, 1, &samples), &[]).unwrap().report.whole;
    assert!((whole.loudness.unwrap().0 + 23.0).abs() < 0.1 && whole.true_peak.0 < -19.0);
}

#[test]
fn channels_that_are_dead_or_upside_down_are_told() {
    let both =
        |right: f32| sine(48_000).into_iter().flat_map(|x| [x, x * right]).collect::<Vec<_>>();
    let dead = heard(48_000, 2, &both(0.0));
    assert_eq!(dead.report.channels[1].level.0, -120.0);
    assert!(dead.page("x").contains("channel 2 is silent"));
    assert_eq!(dead.report.correlation, None);
    let inverted = heard(48_000, 2, &both(-1.0));
    assert!(inverted.report.correlation.unwrap() < -0.99);
    assert!(inverted.page("x").contains("upside down"));
    assert!(heard(48_000, 2, &both(1.0)).report.correlation.unwrap() > 0.99);
}

#[test]
fn clipping_and_offset_are_counted() {
    let mut samples = sine(48_000);
    samples[100..105].fill(1.0);
    // Two are a peak that just fits, and three across the blocks of a decoder are not missed.
    samples[200..202].fill(-1.0);
    samples[300..303].fill(-1.0);
    let report = heard(48_000, 1, &samples).report;
    assert_eq!(report.whole.clipped_samples, 8);
    let shifted: Vec<f32> = sine(48_000).iter().map(|x| x + 0.02).collect();
    let report = heard(48_000, 1, &shifted);
    assert!((report.report.whole.dc_offset - 0.02).abs() < 0.0005);
    assert!(report.page("x").contains("off its middle by 2.0 %"));
}

/// A loud and a quiet section with a pause before: each has its own figures.
#[test]
fn sections_are_measured_by_themselves() {
    let mut samples = vec![0.0; 48_000];
    samples.extend(sine(48_000).iter().map(|x| x * 4.0));
    samples.extend(vec![0.0; 4_800]);
    samples.extend(sine(48_000));
    let desk = Desk::new();
    let section = |title: &str, start: f64, spoken| Section {
        title: title.to_owned(),
        start: Seconds(start),
        spoken,
    };
    let spoken = Spoken { words: 5, time: Seconds(2.0) };
    let sections = [
        section("Loud", 1.0, Some(spoken)),
        section("Quiet", 3.1, None),
        section("Late", 99.0, None),
    ];
    let report = analyse(&desk.wav("float.wav", 48_000, 1, &samples), &sections).unwrap().report;
    let lines: Vec<String> = report
        .sections
        .iter()
        .map(|section| {
            let figures = &section.figures;
            let loudness = figures.loudness.map_or(f64::NAN, |lufs| lufs.0);
            let (length, peak) = (figures.length.0, figures.true_peak.0);
            format!(
                "{} {:.1} {length:.1} s {loudness:.1} {peak:.1} {:.0?}",
                section.title, section.start.0, figures.words_per_minute
            )
        })
        .collect();
    assert_eq!(lines, ["Loud 1.0 2.1 s -11.0 -8.0 Some(150)", "Quiet 3.1 2.0 s -23.0 -20.0 None"]);
    assert_eq!(report.whole.words_per_minute, Some(150.0));
}

#[test]
fn the_curve_has_an_entry_for_each_step() {
    let curve = heard(48_000, 1, &sine(48_000)).report.curve;
    assert_eq!((curve.step, curve.momentary.len()), (Seconds(0.1), 20));
    assert_eq!(curve.momentary[2], None);
    assert!((curve.momentary[5].unwrap().0 + 23.0).abs() < 0.1);
    assert_eq!(curve.short_term, vec![None; 20]);
}

#[test]
fn sound_that_no_meter_knows() {
    let desk = Desk::new();
    let error =
        analyse(&desk.wav("float.wav", 48_000, 7, &[0.0; 700]), &[]).unwrap_err().to_string();
    assert!(error.contains("7 channels at 48000 samples a second"), "{error}");
}

#[test]
fn peaks_are_in_the_form_of_audiowaveform() {
    let peaks = heard(8_000, 2, &[0.5, 0.25].repeat(600)).peaks.to_json();
    assert_eq!(
        peaks,
        "{\"version\":2,\"channels\":1,\"sample_rate\":8000,\"samples_per_pixel\":400,\"bits\":8,\
         \"length\":2,\"data\":[0,64,0,64]}\n"
    );
}

#[test]
fn a_master_is_heard_chapter_by_chapter() {
    let desk = Desk::new();
    let part = |name: &str, level: f64| Part {
        file: Tone::noise(3).level(level).write(desk.path(name)),
        chapter: Some(name.to_owned()),
        ..Part::default()
    };
    let recipe = Recipe { parts: vec![part("a.wav", -10.0), part("b.wav", -30.0)], ..recipe([]) };
    let files = ReportFiles::beside(&desk.path("master"));
    let outputs = Outputs { report: Some(files.clone()), ..desk.outputs() };
    let master = master(&recipe, &outputs, &mut |_, _| {}).unwrap();
    let report: SoundReport =
        serde_json::from_str(&std::fs::read_to_string(&files.json).unwrap()).unwrap();
    // JSON has two decimals.
    assert!((report.whole.loudness.unwrap().0 - master.loudness.0).abs() < 0.006);
    assert!((report.whole.true_peak.0 - master.true_peak.0).abs() < 0.006);
    assert!((report.whole.length.0 - master.length.0).abs() < 0.006);
    let starts: Vec<f64> = report.sections.iter().map(|section| section.start.0).collect();
    assert_eq!(starts, [0.0, 3.5]);
    for section in &report.sections {
        assert!((section.figures.loudness.unwrap().0 + 16.0).abs() < 0.5, "{section:?}");
    }
    assert!(std::fs::read(&files.png).unwrap().starts_with(b"\x89PNG"));
    assert!(std::fs::read_to_string(&files.svg).unwrap().starts_with("<svg"));
    let names = desk.names();
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    assert_eq!(names.len(), 9);
}

/// The second section is a guest's: nobody knows its words.
#[test]
fn a_report_tells_how_fast_is_spoken_and_what_beside_the_script() {
    let desk = Desk::new();
    let part = |name: &str| Part {
        file: Tone::noise(3).write(desk.path(name)),
        chapter: Some(name.to_owned()),
        ..Part::default()
    };
    let recipe = Recipe { parts: vec![part("a.wav"), part("b.wav")], ..recipe([]) };
    let said = |start, end, words| Said { start: Seconds(start), end: Seconds(end), words };
    let passage = |kind, start, text: &str| Deviation {
        kind,
        start: Seconds(start),
        end: Seconds(start + 1.5),
        text: text.to_owned(),
    };
    let mut place = |_: &Voices<'_>| Placed {
        said: vec![said(0.5, 1.5, 3), said(2.0, 2.5, 4)],
        deviations: Some(vec![
            passage(DeviationKind::Inserted, 1.5, "One <b> two."),
            passage(DeviationKind::Skipped, 2.5, "Four."),
        ]),
        ..Placed::default()
    };
    let files = ReportFiles::beside(&desk.path("master"));
    let outputs = Outputs { report: Some(files.clone()), ..desk.outputs() };
    Run::new(&recipe, &outputs).unwrap().master(&mut place, &mut |_, _| {}).unwrap();
    let report: SoundReport =
        serde_json::from_str(&std::fs::read_to_string(&files.json).unwrap()).unwrap();
    let pace = |figures: &SoundFigures| figures.words_per_minute.map(f64::round);
    let paces: Vec<_> = report.sections.iter().map(|section| pace(&section.figures)).collect();
    assert_eq!((paces, pace(&report.whole)), (vec![Some(210.0), None], Some(210.0)));
    assert_eq!(report.deviations.map(|all| all.len()), Some(2));
    let page = std::fs::read_to_string(&files.page).unwrap();
    let list = page.split_once("Beside the script</h2>\n").unwrap().1;
    insta::assert_snapshot!(list, @r#"
    <ul class="passages">
    <li><span>0:02–0:03</span><div><b>not in the script</b> <span>1.5 s</span> <span>after</span> <q>One &lt;b&gt; two.</q></div></li>
    <li><span>0:03</span><div><b>not said</b> <q>Four.</q></div></li>
    </ul>
    </body></html>
    "#);
}
