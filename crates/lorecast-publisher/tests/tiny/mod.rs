//! A tiny show of ours, published into a temporary folder.

#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

use std::collections::BTreeMap;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::planet::Gathered;
use lorecast_model::{
    Chapter, Dbtp, Enclosure, Episode, EpisodeId, Glossary, Guid, Kind, Lufs, Master, MessageId,
    Publication, Seconds, Section, Show, Story, StoryState, Templates, Window,
};
use lorecast_publisher::{
    Digest, Portrait, PublishError, Release, SeriesStory, Site, SoundFile, Written,
    new_publication, publish,
};
use tempfile::TempDir;

pub struct Tiny {
    pub show: Show,
    pub releases: Vec<Release>,
    pub templates: Templates,
    pub cover: Option<Utf8PathBuf>,
    pub people: Vec<Portrait>,
    pub sections: Vec<Section>,
    pub glossary: Glossary,
    pub series: Vec<SeriesStory>,
    pub planet: Option<Gathered>,
    folder: TempDir,
}

impl Tiny {
    /// Two episodes with chapters, notes and a cover.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut tiny = Self {
            show: show(),
            releases: Vec::new(),
            templates: built_in(),
            cover: None,
            people: Vec::new(),
            sections: Vec::new(),
            glossary: Glossary::default(),
            series: Vec::new(),
            planet: None,
            folder,
        };
        tiny.cover = Some(tiny.file("cover.png", &png(1400, 1400)));
        tiny.add("2023-04-09", "First mails", "Hello.\n");
        tiny.add("2023-04-16", "Rings & queues", NOTES);
        tiny
    }

    /// Adds an episode that was published on the day after its week, at 18:00.
    pub fn add(&mut self, id: &str, title: &str, notes: &str) {
        let number = self.releases.len() as u32 + 1;
        let id = EpisodeId::new(id).unwrap();
        let sound = mp3(400 + number as usize);
        let audio = self.file(&format!("{id}.mp3"), &sound);
        let bytes = sound.len() as u64;
        let now = id.0.tomorrow().unwrap().at(18, 0, 0, 0);
        let now = jiff::tz::TimeZone::UTC.to_timestamp(now).unwrap();
        self.releases.push(Release {
            id,
            episode: episode(id, number, title),
            notes: notes.into(),
            sound: master(id, bytes).into(),
            transcript: None,
            publication: new_publication(&self.show, id, now),
            image: None,
            file: Some(SoundFile {
                path: audio,
                digest: Digest::of(&sound),
                alternatives: Vec::new(),
            }),
            peaks: self.root().join(format!("{id}.peaks.json")),
        });
    }

    pub fn out(&self) -> Utf8PathBuf {
        self.root().join("public")
    }

    pub fn publish(&self) -> Result<Vec<Written>, PublishError> {
        self.publish_to(&self.out())
    }

    pub fn publish_to(&self, out: &Utf8Path) -> Result<Vec<Written>, PublishError> {
        let site = self.site();
        publish(&site, out, &mut |_, _| {}).map(|published| published.files)
    }

    /// What was left out of people's pages.
    pub fn notices(&self) -> Vec<String> {
        publish(&self.site(), &self.out(), &mut |_, _| {}).unwrap().notices
    }

    pub fn site(&self) -> Site<'_> {
        Site {
            show: &self.show,
            releases: &self.releases,
            templates: &self.templates,
            cover: self.cover.as_deref(),
            people: &self.people,
            sections: &self.sections,
            glossary: &self.glossary,
            series: &self.series,
            planet: self.planet.as_ref(),
            names: &(),
        }
    }

    /// Publishes, and reads one file of the site.
    pub fn published(&self, path: &str) -> String {
        self.publish().unwrap();
        fs::read_to_string(self.out().join(path)).unwrap()
    }

    pub fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).unwrap()
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> Utf8PathBuf {
        let path = self.root().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

const NOTES: &str = "\
# Rings & queues

In this week's edition: rings, and *queues*. See [the thread](https://lore.kernel.org/r/a@b.example/).

## Ongoing Development

> It is a ring.

- `io_uring` learned <nothing>
";

fn show() -> Show {
    serde_json::from_value(serde_json::json!({
        "title": "Tiny Show",
        "description": "Mail, read aloud.",
        "author": "Ada Example",
        "email": "ada@pod.example",
        "url": "https://pod.example/show/",
        "categories": ["News > Tech News", "Technology"],
    }))
    .unwrap()
}

fn episode(id: EpisodeId, number: u32, title: &str) -> Episode {
    let story = |id: &str, title: &str, state| Story {
        id: MessageId::new(id).unwrap(),
        state,
        with: Vec::new(),
        assisted: false,
        section: "io".into(),
        kind: Kind::Series,
        title: title.into(),
        score: 1.0,
        reasons: Vec::new(),
        evidence: Vec::new(),
    };
    Episode {
        number: Some(number),
        stories: vec![
            story("a@b.example", "rings: turn", StoryState::Proposed),
            story("c/d@b.example", "left out", StoryState::Dropped),
        ],
        credits: vec!["Ada Example".into()],
        ..Episode::new(title, Window::week_ending(id))
    }
}

fn master(id: EpisodeId, bytes: u64) -> Master {
    let chapter =
        |start, title: &str| Chapter { start: Seconds(start), title: title.into(), link: None };
    Master {
        length: Seconds(90.4),
        sample_rate: 44_100,
        channels: 2,
        loudness: Lufs(-16.0),
        true_peak: Dbtp(-1.2),
        chapters: vec![chapter(0.0, "Opening"), chapter(12.5, "Rings"), chapter(61.0, "Sign-off")],
        alternatives: Vec::new(),
        synthetic: Vec::new(),
        effects: Vec::new(),
        enclosure: Enclosure { file: format!("{id}.mp3"), bytes, media_type: "audio/mpeg".into() },
    }
}

/// The templates of the project, as `lorecast-show` compiles them in.
pub fn built_in() -> Templates {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    let mut templates = BTreeMap::new();
    for folder in ["site", "telling"] {
        for entry in root.join(folder).read_dir_utf8().unwrap() {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            templates.insert(format!("{folder}/{}", entry.file_name()), text);
        }
    }
    Templates(templates)
}

/// The header of an RGB picture; nothing here decodes the rest.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    png
}

/// An empty ID3v2.4 tag and the header of an MPEG-1 layer III frame, 128 kb/s at 44.1 kHz.
pub fn mp3(length: usize) -> Vec<u8> {
    let mut sound = b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64".to_vec();
    sound.resize(length, 0);
    sound
}

pub fn guid(text: &str) -> Publication {
    Publication {
        guid: Guid(text.into()),
        permalink: false,
        date: "2023-04-17T18:00:00Z".parse().unwrap(),
        enclosure_url: "https://pod.example/show/media/x.mp3".into(),
        sound: None,
        sha256: None,
        superseded: Vec::new(),
    }
}

/// One sentence of somebody.
pub fn transcript() -> lorecast_model::Transcript {
    use lorecast_model::{Heading, Seconds, Sentence, TimedWord, Transcript};
    let word = TimedWord {
        start: Seconds(13.0),
        end: Seconds(13.4),
        text: "ring".into(),
        at: 8,
        confidence: 1.0,
    };
    let sentence = Sentence {
        start: Seconds(12.5),
        end: Seconds(14.0),
        speaker: "Ada Example".into(),
        text: "It is a ring, says ann@kernel.example.".into(),
        words: vec![word],
        ..Sentence::default()
    };
    Transcript {
        headings: vec![Heading { title: "Rings".into(), level: 2 }],
        sentences: vec![sentence],
        deviations: Vec::new(),
        heard: 1.0,
    }
}
