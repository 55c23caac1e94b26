//! A site of ours without a fault, in memory, and how it gets one.

#![allow(dead_code, reason = "the tests and the example use their own parts")]
#![allow(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

use std::collections::BTreeMap;
use std::fs;

use camino::Utf8Path;
use data_encoding::BASE64;
use id3::frame::{Chapter, Picture, PictureType, TableOfContents};
use id3::{Frame, Tag, TagLike, Version};
use sha2::{Digest, Sha256};

/// The files of a site by path.
pub type Files = BTreeMap<String, Vec<u8>>;

macro_rules! clean {
    ($name:literal) => {
        include_str!(concat!("clean/", $name))
    };
}

/// A site with two episodes that keeps every rule.
pub fn clean() -> Files {
    let mut files = Files::new();
    for (path, text) in [
        ("index.html", clean!("index.html")),
        ("404.html", clean!("404.html")),
        ("search.html", clean!("search.html")),
        ("style.css", clean!("style.css")),
        ("site.js", clean!("site.js")),
        ("sitemap.xml", clean!("sitemap.xml")),
        ("feed.json", clean!("feed.json")),
        ("shows.opml", clean!("shows.opml")),
        ("search.json", "[\"rings\"]\n"),
        ("give/index.html", clean!("404.html")),
        ("license.txt", "Be kind.\n"),
        ("archive.xml", "<rss><channel><fh:archive/></channel></rss>\n"),
    ] {
        let text = if path == "give/index.html" { give(text) } else { text.to_owned() };
        files.insert(path.into(), text.into_bytes());
    }
    files.insert("cover.png".into(), png(3000, 3000));
    files.insert("banner.png".into(), png(1500, 500));
    let two = episode(&mut files, "two", "Rings at length", 2, "Mon, 17 Apr 2023 18:00:00 +0000");
    let one = episode(&mut files, "one", "First rings", 1, "Mon, 10 Apr 2023 18:00:00 +0000");
    let feed = clean!("feed.xml").replace("%ITEMS%", &(two + &one));
    files.insert("feed.xml".into(), feed.into_bytes());
    files
}

fn give(error: &str) -> String {
    let head = "<link rel=\"canonical\" href=\"https://pod.example/show/give/\">\
        <link rel=\"alternate\" type=\"application/rss+xml\" href=\"../feed.xml\">\
        <meta name=\"description\" content=\"How to give.\">\
        <meta name=\"viewport\" content=\"width=device-width\"></head>";
    error
        .replace("</head>", head)
        .replace("index.html", "../index.html")
        .replace("Not there", "Give")
}

/// Adds the files of an episode, and returns its item.
fn episode(files: &mut Files, id: &str, title: &str, number: u32, date: &str) -> String {
    let sound = mp3(&tag(title, number), &tone(834));
    let page = format!("episodes/{id}/");
    let filled = |text: &str| {
        text.replace("%TITLE%", title)
            .replace("%ID%", id)
            .replace("%PATH%", &page)
            .replace("%ROOT%", "../../")
            .replace("%NUMBER%", &number.to_string())
            .replace("%DATE%", date)
            .replace("%GUID%", &format!("6a0f2b4c-0d2e-5a7c-9d1f-00000000000{number}"))
            .replace("%LENGTH%", &sound.len().to_string())
            .replace("%DIGEST%", &BASE64.encode(&Sha256::digest(&sound)))
            .replace("%OPUS%", &BASE64.encode(&Sha256::digest(b"OggS\n")))
    };
    let item = filled(clean!("item.xml"));
    for (name, text) in [
        ("index.html", clean!("episode.html")),
        ("transcript.vtt", clean!("transcript.vtt")),
        ("transcript.srt", clean!("transcript.srt")),
        ("transcript.json", clean!("transcript.json")),
        ("transcript.html", clean!("transcript.html")),
        ("chapters.json", clean!("chapters.json")),
    ] {
        files.insert(format!("{page}{name}"), filled(text).into_bytes());
    }
    files.insert(format!("{page}cover.png"), png(1400, 1400));
    files.insert(format!("{page}card.png"), png(1200, 630));
    files.insert(format!("media/{id}.opus"), b"OggS\n".to_vec());
    files.insert(format!("media/{id}.mp3"), sound);
    item
}

/// Writes files into a folder.
pub fn write(files: &Files, folder: &Utf8Path) {
    for (path, bytes) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The header of an RGB picture; nothing here decodes the rest.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    png
}

/// The main data of one frame of a tone of 1 kHz at -16 LUFS. The tone has 24 periods in it, so that
/// the frame stands for any length when it is repeated.
const TONE: &str = "0003c3d93d080b80fc807b27a101701f90f84402f060675e11f56c186a9fff7ffff5ffffd4dffffd03bf\
    ffff97ffffafe1100bc1819d7847d5b061aa7ffdffffd7ffff537ffff40efffffe5ffffeb0";

/// An MPEG-1 frame of layer III, mono, 48 kHz. `index` is that of the bit rate: 5 is 64 kb/s.
pub fn frame(index: u8, data: &[u8]) -> Vec<u8> {
    const KBITS: [usize; 7] = [0, 32, 40, 48, 56, 64, 80];
    let mut frame = vec![0xff, 0xfb, index << 4 | 4, 0xc4];
    frame.extend(data);
    frame.resize(KBITS[usize::from(index)] * 144 / 48, 0);
    frame
}

/// Frames of the tone, 24 ms each.
pub fn tone(frames: usize) -> Vec<u8> {
    let hex: String = TONE.chars().filter(char::is_ascii_alphanumeric).collect();
    let data: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    frame(5, &data).repeat(frames)
}

/// A tag and what follows it.
pub fn mp3(tag: &Tag, sound: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    tag.write_to(&mut bytes, Version::Id3v24).unwrap();
    bytes.extend(sound);
    bytes
}

/// The tag of an episode, with its three chapters.
pub fn tag(title: &str, number: u32) -> Tag {
    let mut tag = Tag::new();
    tag.set_title(title);
    tag.set_album("Clean Show");
    tag.set_artist("Ada Example");
    tag.set_track(number);
    let ids = ["ch0", "ch1", "ch2"];
    tag.add_frame(contents("toc", &ids));
    for (id, start, end, title) in [
        (ids[0], 0, 5000, "Opening"),
        (ids[1], 5000, 12_500, "Rings"),
        (ids[2], 12_500, 20_016, "Sign-off"),
    ] {
        tag.add_frame(chapter(id, start, end, title));
    }
    tag
}

pub fn contents(id: &str, chapters: &[&str]) -> TableOfContents {
    TableOfContents {
        element_id: id.into(),
        top_level: true,
        ordered: true,
        elements: chapters.iter().map(|id| (*id).to_owned()).collect(),
        frames: Vec::new(),
    }
}

pub fn chapter(id: &str, start: u32, end: u32, title: &str) -> Chapter {
    Chapter {
        element_id: id.into(),
        start_time: start,
        end_time: end,
        start_offset: u32::MAX,
        end_offset: u32::MAX,
        frames: if title.is_empty() { Vec::new() } else { vec![Frame::text("TIT2", title)] },
    }
}

pub fn picture(bytes: usize) -> Picture {
    Picture {
        mime_type: "image/png".into(),
        picture_type: PictureType::CoverFront,
        description: String::new(),
        data: vec![0; bytes],
    }
}
