//! What `feed-rs` and `id3` see: `feed.xml`, then the MP3s, as lines `parser items enclosures chapters`.

use std::fs::File;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let feed = feed_rs::parser::parse(File::open(arguments.next().unwrap()).unwrap()).unwrap();
    let media = feed.entries.iter().flat_map(|entry| &entry.media);
    let enclosures = media.flat_map(|media| &media.content).filter(|content| content.size.is_some());
    println!("feed-rs {} {} -", feed.entries.len(), enclosures.count());
    let mut chapters = 0;
    for path in arguments {
        let tag = id3::Tag::read_from_path(path).unwrap();
        assert_eq!(tag.tables_of_contents().count(), 1);
        chapters += tag.chapters().count();
    }
    println!("id3 - - {chapters}");
}
