//! Measures the alignment: on made speech, or on a producer's own take.
//!
//!     align corpus DIR                  makes the speech with flite and sox (true times known)
//!     align measure DIR                 aligns and compares
//!     align --take X.wav --script S.txt [--truth T.tsv]
//!
//! X.wav is 16 kHz mono 16 bit (`tests/parity/studio/align` converts any take). S.txt has one sentence
//! a line in spoken form. T.tsv has `start<TAB>end` in seconds for each line of the script, `-` where a
//! sentence was not read.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program of ours")]

use std::path::Path;
use std::process::Command;

use lorecast_align::{Alignment, FrontEnd, Guide, Model, Sentence, Status};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["corpus", dir] => speech::make(Path::new(dir)),
        ["measure", dir] => {
            for name in speech::NAMES {
                let at = |end: &str| format!("{dir}/{name}.{end}");
                if Path::new(&at("wav")).exists() {
                    measure(name, &at("wav"), &at("txt"), Some(&at("tsv")));
                }
            }
        }
        ["--take", take, "--script", script] => measure("take", take, script, None),
        ["--take", take, "--script", script, "--truth", truth] => {
            measure("take", take, script, Some(truth))
        }
        _ => println!("see the head of this file"),
    }
}

fn measure(name: &str, take: &str, script: &str, truth: Option<&str>) {
    let model = Model::find().unwrap_or_else(|error| {
        println!("{error}");
        std::process::exit(2)
    });
    let text = std::fs::read_to_string(script).unwrap();
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
        compare(&table, &std::fs::read_to_string(truth).unwrap());
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
        let Some((start, end)) = line
            .split_once('\t')
            .and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse::<f64>().ok()?)))
        else {
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

mod speech {
    //! Speech of our own: sentences about kernel work, said by flite one by one.
    use super::{Command, Path};

    pub const NAMES: &[&str] = &[
        "v1-slt-clean",
        "v2-rms-tempo-noise",
        "v3-awb-noise",
        "v5-awb-skips",
        "v6-slt-skips-noise",
        "v7-rms-written",
    ];
    const RATE: usize = 16_000;

    struct Voice {
        name: &'static str,
        voice: &'static str,
        tempo: Option<&'static str>,
        noise: f64,
        pauses: (f64, f64),
        skips: bool,
        written: bool,
        seed: u64,
    }

    pub fn make(dir: &Path) {
        std::fs::create_dir_all(dir).unwrap();
        let plain = Voice {
            name: NAMES[0],
            voice: "slt",
            tempo: None,
            noise: 0.0,
            pauses: (0.2, 0.6),
            skips: false,
            written: false,
            seed: 1,
        };
        for voice in [
            Voice { ..plain },
            Voice {
                name: NAMES[1],
                voice: "rms",
                tempo: Some("1.13"),
                noise: 0.004,
                pauses: (0.3, 2.5),
                seed: 2,
                ..plain
            },
            Voice {
                name: NAMES[2],
                voice: "awb",
                tempo: Some("0.9"),
                noise: 0.002,
                seed: 3,
                ..plain
            },
            Voice { name: NAMES[3], voice: "awb", skips: true, seed: 4, ..plain },
            Voice { name: NAMES[4], voice: "slt", skips: true, noise: 0.003, seed: 5, ..plain },
            Voice { name: NAMES[5], voice: "rms", written: true, seed: 6, ..plain },
        ] {
            say(dir, &voice);
        }
    }

    fn say(dir: &Path, voice: &Voice) {
        let mut dice = Dice(voice.seed);
        let sentences: Vec<[String; 2]> = (0..110).map(|_| sentence(&mut dice)).collect();
        let skipped: Vec<usize> =
            if voice.skips { vec![7, 19, 33, 34, 52, 71, 88, 103] } else { vec![] };
        let mut sound: Vec<f64> = vec![0.0; RATE / 2];
        let (mut script, mut truth) = (String::new(), String::new());
        for (number, [written, spoken]) in sentences.iter().enumerate() {
            script += &format!("{spoken}\n");
            if skipped.contains(&number) {
                truth += "-\t-\n";
                continue;
            }
            if voice.skips && number % 17 == 5 {
                let aside = ASIDES[dice.below(ASIDES.len())];
                sound.extend(flite(dir, voice, aside).0);
                pause(&mut sound, &mut dice, voice.pauses);
            }
            if voice.skips && number % 23 == 11 {
                let first: Vec<&str> = spoken.split(' ').take(4).collect();
                sound.extend(flite(dir, voice, &first.join(" ")).0);
                pause(&mut sound, &mut dice, (0.3, 0.8));
            }
            if voice.skips && number % 41 == 20 {
                sound.extend(flite(dir, voice, spoken).0);
                pause(&mut sound, &mut dice, (0.5, 1.0));
            }
            let before = sound.len();
            let (said, first, last) =
                flite(dir, voice, if voice.written { written } else { spoken });
            sound.extend(said);
            let seconds = |at: usize| (before + at) as f64 / RATE as f64;
            truth += &format!("{:.4}\t{:.4}\n", seconds(first), seconds(last));
            pause(&mut sound, &mut dice, voice.pauses);
        }
        for sample in &mut sound {
            *sample += voice.noise * dice.gauss();
        }
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE as u32,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut wav =
            hound::WavWriter::create(dir.join(format!("{}.wav", voice.name)), spec).unwrap();
        sound.iter().for_each(|sample| {
            wav.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16).unwrap()
        });
        wav.finalize().unwrap();
        std::fs::write(dir.join(format!("{}.txt", voice.name)), script).unwrap();
        std::fs::write(dir.join(format!("{}.tsv", voice.name)), truth).unwrap();
    }

    fn pause(sound: &mut Vec<f64>, dice: &mut Dice, (least, most): (f64, f64)) {
        let seconds = least + (most - least) * dice.unit();
        sound.resize(sound.len() + (seconds * RATE as f64) as usize, 0.0);
    }

    /// What flite makes of a text, and where in it the speech begins and ends: flite's own segment
    /// times, in samples.
    fn flite(dir: &Path, voice: &Voice, text: &str) -> (Vec<f64>, usize, usize) {
        let (raw, wav) = (dir.join("raw.wav"), dir.join("one.wav"));
        let said = Command::new("flite")
            .args(["-psdur", "-voice", voice.voice, "-t", text, "-o"])
            .arg(&raw)
            .output()
            .unwrap();
        let segments = String::from_utf8(said.stdout).unwrap();
        let ends: Vec<f64> = segments
            .split_whitespace()
            .filter_map(|part| part.rsplit_once(':')?.1.parse().ok())
            .collect();
        let mut sox = Command::new("sox");
        sox.arg(&raw).args(["-r", "16000", "-b", "16", "-c", "1", "-D"]).arg(&wav);
        if let Some(tempo) = voice.tempo {
            sox.args(["tempo", "-s", tempo]);
        }
        assert!(sox.status().unwrap().success(), "sox failed");
        let samples = hound::WavReader::open(&wav).unwrap().into_samples::<i16>();
        let samples: Vec<f64> =
            samples.map(|sample| f64::from(sample.unwrap()) / 32_768.0).collect();
        let faster: f64 = voice.tempo.map_or(1.0, |tempo| tempo.parse().unwrap());
        let at = |seconds: f64| ((seconds / faster * RATE as f64) as usize).min(samples.len());
        let (first, last) = (at(ends[0]), at(ends[ends.len() - 2]));
        (samples, first, last)
    }

    struct Dice(u64);

    impl Dice {
        fn next(&mut self) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            self.0 >> 33
        }
        fn below(&mut self, count: usize) -> usize {
            (self.next() % count as u64) as usize
        }
        fn unit(&mut self) -> f64 {
            self.next() as f64 / (1u64 << 31) as f64
        }
        fn gauss(&mut self) -> f64 {
            (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
        }
        fn one<T: Copy>(&mut self, of: &[T]) -> T {
            of[self.below(of.len())]
        }
    }

    /// A sentence as written and as the script says it.
    fn sentence(dice: &mut Dice) -> [String; 2] {
        let (who, what, place) = (dice.one(WHO), dice.one(WHAT), dice.one(PLACES));
        let (token, why, reply) = (dice.one(TOKENS), dice.one(WHY), dice.one(REPLIES));
        let shape = dice.below(9);
        [0, 1].map(|form| {
            let token = token[form];
            match shape {
                0 => format!("{who} posted {what} for {place}, {why}."),
                1 => format!("In {place}, {who} found that {token} {why}."),
                2 => format!("{reply}."),
                3 => format!(
                    "The patches change {token} so that {what} is no longer needed in {place}."
                ),
                4 => format!("{who} asked whether {what} could wait for the next merge window."),
                5 => format!("After a long discussion about {place}, {reply}."),
                6 => {
                    format!("The new version drops {what}, renames {token}, and adds a short test.")
                }
                7 => format!("{who} reported a regression with {token}, {why}."),
                _ => format!(
                    "{who} and {} disagreed about {what}; {reply}.",
                    WHO[(who.len() * 7) % WHO.len()]
                ),
            }
        })
    }

    const WHO: &[&str] = &[
        "Ann Example",
        "Robert Sample",
        "a reader from Oslo",
        "the maintainer",
        "Maria Tester",
        "another engineer",
        "Peter Muster",
        "somebody from a hosting company",
        "the author",
        "Joan Placeholder",
        "two developers",
        "Lee Nobody",
    ];
    const WHAT: &[&str] = &[
        "a smaller lock",
        "the old allocator",
        "a new system call",
        "the debug output",
        "a second queue",
        "the reference counter",
        "a fallback for broken firmware",
        "support for huge pages",
        "a driver for a temperature sensor",
        "the timer wheel",
        "a warning at boot",
        "an option to trace every wakeup",
        "the page cache rework",
        "a shorter critical section",
    ];
    const PLACES: &[&str] = &[
        "the scheduler",
        "the memory controller",
        "the block layer",
        "the network stack",
        "the virtual file system",
        "the graphics drivers",
        "the sound subsystem",
        "the interrupt code",
        "the documentation",
        "the build system",
        "the power management core",
        "the crypto library",
        "the arm sixty four tree",
    ];
    const TOKENS: &[[&str; 2]] = &[
        ["dma_alloc_coherent()", "D M A alloc coherent"],
        ["4.4.64", "four dot four dot sixty four"],
        ["128MB", "one hundred twenty eight megabytes"],
        ["uid_t", "U I D T"],
        ["kmalloc()", "K malloc"],
        ["vm_area_struct", "V M area struct"],
        ["the spinlock", "the spinlock"],
        ["copy_from_user()", "copy from user"],
        ["6.3-rc7", "six dot three R C seven"],
        ["the mmap semaphore", "the M map semaphore"],
        ["the io_uring ring", "the I O U ring ring"],
        ["ext4", "E X T four"],
        ["the futex", "the futex"],
    ];
    const WHY: &[&str] = &[
        "because the old code could sleep with interrupts off",
        "which had slowed down every boot since spring",
        "after a machine with many cores stopped answering",
        "and measured a gain of nine percent",
        "so that small devices save some memory",
        "since nobody has used it for ten years",
        "but only when the module is loaded twice",
        "which a fuzzer had found overnight",
        "and asked for more testing",
        "as the hardware manual demands",
    ];
    const REPLIES: &[&str] = &[
        "nobody objected, and the series went into the tree the same evening",
        "the answer was short: please split the patch",
        "a third reviewer wondered why the lock is taken at all",
        "there were eleven replies and no decision",
        "he promised a new version by the end of the week",
        "she had no strong opinion but prefers the simple way",
        "the change was reverted two days later",
        "both agreed to measure it again on older hardware",
        "that question will come back in the summer",
        "the maintainer applied all of it except the last patch",
    ];
    const ASIDES: &[&str] = &[
        "Sorry about the noise, my dog wants to go out again, let me close the door for a moment.",
        "By the way, if you enjoy this programme you should tell a friend who likes gardening and cheese.",
        "Oh dear, I have lost my place on the page, where was I, here it is, let us go on.",
        "This reminds me of a holiday in the mountains when it rained for eight days without a break.",
    ];
}
