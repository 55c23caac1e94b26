//! Publishes a show of made-up episodes with transcripts of half an hour, three times: from nothing,
//! again, and with one episode changed. Says how long each took, building and linting as `lorecast publish`
//! does, and whether a build from nothing then has the same bytes.
//!
//!     cargo run --release -p lorecast-publisher --example made_site -- FOLDER EPISODES
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the tests")]

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::ToSpan;
use lorecast_model::planet::{Gathered, GatheredBlog, GatheredPost, Post};
use lorecast_model::{
    Chapter, Dbtp, Enclosure, Episode, EpisodeId, Glossary, Heading, Kind, Lufs, Master, MessageId,
    Seconds, Section, Sentence, Show, Story, StoryState, Templates, Term, TimedWord, Transcript,
    Version, Window,
};
use lorecast_publisher::lint::{Context, Subject, lint};
use lorecast_publisher::{
    Build, Digest, Happening, Memory, Portrait, Release, RevisionStory, SeriesStory, Site,
    SoundFile, new_publication,
};

/// Stories of an episode, and of each the sentences that are said.
const STORIES: usize = 22;
const SENTENCES: usize = 16;
/// Words of a sentence: with these, half an hour has some 4,800.
const WORDS: usize = 14;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder: Utf8PathBuf = arguments.next().unwrap_or_else(|| "made-site".into()).into();
    let episodes = arguments.next().map_or(500, |n| n.parse().unwrap());
    fs::create_dir_all(&folder).unwrap();
    let mut made = Made::new(&folder, episodes);
    let out = folder.join("public");
    let first = made.publish("from nothing", &out);
    assert!(first > 0);
    assert_eq!(made.publish("again", &out), 0);
    made.releases[episodes / 2].notes.push_str("\nOne more paragraph.\n");
    made.publish("with one changed", &out);
    let other = folder.join("other");
    let _ = fs::remove_dir_all(&other);
    made.publish("from nothing, elsewhere", &other);
    let same = files(&out) == files(&other);
    println!("the same bytes: {}", if same { "yes" } else { "NO" });
    fs::remove_dir_all(&other).unwrap();
    assert!(same);
}

/// A made-up show.
struct Made {
    show: Show,
    releases: Vec<Release>,
    templates: Templates,
    sections: Vec<Section>,
    glossary: Glossary,
    series: Vec<SeriesStory>,
    people: Vec<Portrait>,
    planet: Gathered,
    memory: Utf8PathBuf,
}

impl Made {
    fn new(folder: &Utf8Path, episodes: usize) -> Self {
        let audio = folder.join("silence.mp3");
        fs::write(&audio, silence(60)).unwrap();
        let digest = Digest::of_file(&audio).unwrap();
        let peaks = folder.join("silence.peaks.json");
        fs::write(&peaks, peaks_json()).unwrap();
        let show: Show = serde_json::from_value(serde_json::json!({
            "title": "The Made-up Show",
            "description": "Half an hour of made-up words, to see how pages look and how long they take.",
            "author": "Ada Example",
            "email": "ada@pod.example",
            "url": "http://127.0.0.1:8701/",
            "categories": ["Technology"],
            "about": "We read the list, and **tell** what we read.\n\n- each week\n- in half an hour\n",
            "subscribe": {
                "apple": "https://podcasts.apple.com/podcast/id1",
                "spotify": "https://open.spotify.com/show/1",
                "pocket_casts": "https://pca.st/1",
                "overcast": "https://overcast.fm/itunes1",
            },
        }))
        .unwrap();
        let mut dice = Dice(7);
        let first = EpisodeId::new("2015-01-04").unwrap();
        let id = |n: usize| EpisodeId(first.0.checked_add((7 * n as i64).days()).unwrap());
        let release = |n: usize| Release {
            id: id(n),
            episode: episode(id(n), n, &mut dice),
            notes: notes(&mut dice),
            sound: master(id(n), fs::metadata(&audio).unwrap().len()).into(),
            transcript: Some(transcript(&mut dice).into()),
            publication: new_publication(
                &show,
                id(n),
                jiff::tz::TimeZone::UTC.to_timestamp(id(n).0.at(18, 0, 0, 0)).unwrap(),
            ),
            image: None,
            file: Some(SoundFile { path: audio.clone(), digest, alternatives: Vec::new() }),
            peaks: peaks.clone(),
        };
        let releases: Vec<Release> = (0..episodes).map(release).collect();
        Self {
            series: releases.iter().rev().take(20).map(series).collect(),
            people: people(&releases),
            planet: planet(&releases, &mut dice),
            memory: folder.join("memory"),
            show,
            releases,
            templates: templates(),
            sections: ["mm", "net", "fs"].map(section).into(),
            glossary: Glossary((0..300).map(|_| term(&mut dice)).collect()),
        }
    }

    /// Publishes, says how long it took, and how many files changed.
    fn publish(&self, what: &str, out: &Utf8Path) -> usize {
        let site = Site {
            show: &self.show,
            releases: &self.releases,
            templates: &self.templates,
            cover: Some(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cover.png")),
            people: &self.people,
            sections: &self.sections,
            glossary: &self.glossary,
            series: &self.series,
            planet: Some(&self.planet),
            names: &(),
        };
        let start = Instant::now();
        let memory = Memory::open(&self.memory, out, "made site");
        let staged = Build::of(&site, memory).unwrap().stage(out, &mut |_, _| {}).unwrap();
        let built = start.elapsed();
        let settled = staged.unchanged();
        let context = Context { settled: settled.as_ref(), ..Context::default() };
        let findings =
            staged.tree().map_or(0, |tree| lint(&Subject::Folder(tree), &context).unwrap().len());
        let checked = start.elapsed() - built;
        let published = staged.go_out().unwrap();
        let seconds = (start.elapsed() - checked).as_secs_f64();
        let changed = published.files.iter().filter(|file| file.changed).count();
        println!(
            "{what}: {seconds:.2} s, {} files, {changed} changed; checked in {:.2} s, {findings} findings",
            published.files.len(),
            checked.as_secs_f64()
        );
        changed
    }
}

/// Numbers that are the same each time (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides.max(1) as u64) as usize
    }

    /// A made-up word; the first ones of some 8,000 are frequent, as in languages.
    fn word(&mut self) -> String {
        let rank = self.roll(90).pow(2).min(self.roll(8000));
        let syllables =
            ["ka", "ri", "to", "mel", "su", "ven", "ol", "pra", "ni", "dex", "fu", "ash"];
        let mut word = String::new();
        let mut left = rank + 12;
        while left > 0 {
            word.push_str(syllables[left % 12]);
            left /= 12;
        }
        word
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        let text = words.join(" ");
        text[..1].to_uppercase() + &text[1..]
    }
}

fn episode(id: EpisodeId, n: usize, dice: &mut Dice) -> Episode {
    let story = |at: usize| Story {
        id: MessageId::new(&format!("{id}-{at}@list.example")).unwrap(),
        state: StoryState::Proposed,
        with: Vec::new(),
        assisted: false,
        section: ["mm", "net", "fs"][at * 3 / STORIES].into(),
        kind: Kind::Series,
        title: format!("{}: {}", dice.word(), dice.words(5)),
        score: 1.0,
        reasons: Vec::new(),
        evidence: Vec::new(),
    };
    let stories: Vec<Story> = (0..STORIES).map(story).collect();
    Episode {
        number: Some(n as u32 + 1),
        stories,
        credits: vec!["Ada Example".into()],
        ..Episode::new(dice.words(5), Window::week_ending(id))
    }
}

fn notes(dice: &mut Dice) -> String {
    let mut notes = dice.words(30) + ".\n\n## Memory management\n\n";
    for at in 0..STORIES {
        let (title, text) = (dice.words(4), dice.words(35));
        notes.push_str(&format!(
            "- [{title}](https://lore.kernel.org/r/{at}@list.example/): {text}.\n"
        ));
    }
    notes
}

fn master(id: EpisodeId, bytes: u64) -> Master {
    let chapter = |n: usize| Chapter {
        start: Seconds(n as f64 * 180.0),
        title: format!("Chapter {}", n + 1),
        link: None,
    };
    Master {
        length: Seconds(1800.0),
        sample_rate: 44_100,
        channels: 1,
        loudness: Lufs(-16.0),
        true_peak: Dbtp(-1.2),
        chapters: (0..10).map(chapter).collect(),
        synthetic: Vec::new(),
        effects: Vec::new(),
        alternatives: Vec::new(),
        enclosure: Enclosure { file: format!("{id}.mp3"), bytes, media_type: "audio/mpeg".into() },
    }
}

fn transcript(dice: &mut Dice) -> Transcript {
    let each = 1800.0 / (STORIES * SENTENCES) as f64;
    let sentence = |n: usize| {
        let start = n as f64 * each;
        let text = dice.words(WORDS) + ".";
        let mut at = 0;
        let words = text.split(' ').enumerate().map(|(nth, word)| {
            let begin = start + nth as f64 * each / WORDS as f64;
            let timed = TimedWord {
                start: Seconds(begin),
                end: Seconds(begin + each / WORDS as f64),
                text: word.into(),
                at,
                confidence: 0.9,
            };
            at += word.len() + 1;
            timed
        });
        Sentence {
            start: Seconds(start),
            end: Seconds(start + each),
            speaker: "Ada Example".into(),
            words: words.collect(),
            text: text.clone(),
            heading: n / SENTENCES,
            paragraph: n / 4,
            confidence: 0.9,
            ..Sentence::default()
        }
    };
    let sentences = (0..STORIES * SENTENCES).map(sentence).collect();
    let headings = (0..STORIES).map(|n| Heading { title: format!("Story {}", n + 1), level: 2 });
    Transcript { headings: headings.collect(), sentences, deviations: Vec::new(), heard: 1.0 }
}

fn series(release: &Release) -> SeriesStory {
    let story = &release.episode.stories[0];
    let revision = |major: u32| RevisionStory {
        version: Version { major, minor: 0 },
        rfc: major == 1,
        resend: false,
        date: release.publication.date,
        root: story.id.clone(),
        patches: 7,
        state: if major == 3 { "landed in v9.4-rc1".into() } else { "superseded".into() },
        happenings: [
            "Changes requested by Bo Example",
            "Another version promised",
            "Applied to mm",
        ]
        .map(|text| Happening {
            date: release.publication.date,
            text: text.into(),
            message: Some(story.id.clone()),
        })
        .into(),
        changes: vec!["The lock is taken later.".into(), "A test was added.".into()],
        trailers: vec!["Reviewed-by: Bo Example".into()],
        covered: if major == 3 { vec![release.id] } else { Vec::new() },
    };
    SeriesStory {
        messages: vec![story.id.clone()],
        title: story.title.clone(),
        author: "Ann Example".into(),
        revisions: (1..=3).map(revision).collect(),
    }
}

fn people(releases: &[Release]) -> Vec<Portrait> {
    let portrait = |n: usize| Portrait {
        id: lorecast_model::PersonId(format!("person-{n}")),
        name: format!("Person {n} Example"),
        pronouns: Some("they/them".into()),
        say: Some("PER-son".into()),
        bio: Some("Reads what others write.".into()),
        links: BTreeMap::from([("Home".to_owned(), "https://person.example/".to_owned())]),
        appearances: releases
            .iter()
            .skip(n)
            .step_by(40)
            .map(|release| lorecast_publisher::Appearance {
                episode: release.id,
                title: release.episode.stories[n % STORIES].title.clone(),
                message: release.episode.stories[n % STORIES].id.clone(),
            })
            .collect(),
        ..Portrait::default()
    };
    (0..40).map(portrait).collect()
}

fn planet(releases: &[Release], dice: &mut Dice) -> Gathered {
    let blog = |n: usize| GatheredBlog {
        name: format!("Person {n} Example"),
        feed: format!("https://person-{n}.example/feed.xml"),
        url: Some(format!("https://person-{n}.example/")),
        face: None,
    };
    let mut post = |(n, release): (usize, &Release)| {
        let link = format!("https://person-{}.example/{n}", n % 8);
        let paragraphs = (0..4).map(|_| format!("<p>{}.</p>\n", dice.words(60)));
        let html = format!(
            "{}<pre><code>{}</code></pre>\n<ul><li>{}</li></ul>\n",
            paragraphs.collect::<String>(),
            dice.words(30),
            dice.words(5)
        );
        let post = Post {
            id: link.clone(),
            link,
            title: dice.words(6),
            date: release.publication.date,
            author: None,
            summary: dice.words(30),
            html,
        };
        GatheredPost { blog: n % 8, post }
    };
    Gathered {
        title: "Planet Made-up".into(),
        blogs: (0..8).map(blog).collect(),
        posts: releases.iter().rev().take(12).enumerate().map(&mut post).collect(),
    }
}

fn section(key: &str) -> Section {
    let title = match key {
        "mm" => "Memory management",
        "net" => "Networking",
        _ => "File systems",
    };
    Section::named(key, title)
}

fn term(dice: &mut Dice) -> (String, Term) {
    let expansion = dice.words(3);
    let acronym = format!("{}{}", dice.word().to_uppercase(), dice.roll(90));
    (acronym, Term { expansion, ..Term::default() })
}

/// The templates of the project.
fn templates() -> Templates {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/site");
    let mut templates = BTreeMap::new();
    for entry in folder.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        templates.insert(format!("site/{}", entry.file_name()), text);
    }
    Templates(templates)
}

/// Frames of MPEG-1 layer III at 32 kb/s and 44.1 kHz without any content.
fn silence(seconds: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x10, 0xc4];
    frame.resize(104, 0);
    frame.repeat(seconds * 44_100 / 1152)
}

fn peaks_json() -> String {
    let mut dice = Dice(3);
    let pair = |_| {
        let height = 20 + dice.roll(60) + dice.roll(40);
        format!("-{height},{height}")
    };
    let data: Vec<String> = (0..2000).map(pair).collect();
    format!("{{\"version\":2,\"data\":[{}]}}\n", data.join(","))
}

fn files(root: &Utf8Path) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().unwrap() {
            let path = entry.unwrap().into_path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(root).unwrap().to_owned();
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
    }
    found
}
