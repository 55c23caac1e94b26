//! Whatever files of gitdm say, they are read, the same each time; a line that is complained of is
//! there; and what is told of an address is in the order of time.

use lorecast_people::Complaint;
use lorecast_people::gitdm::{self, Map};

/// More owners say nothing new.
const MAX_OWNERS: usize = 100;

/// The input is files, parted by lines of `== NAME`; the first is the root.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let files: Vec<(&str, &str)> =
        text.split("== ").map(|file| file.split_once('\n').unwrap_or(("root", file))).collect();
    let (map, complaints) = read(&files);
    let (again, same) = read(&files);
    assert_eq!(complaints, same, "a second reading");
    let lines = text.lines().count();
    assert!(complaints.iter().all(|wrong| wrong.line <= lines && wrong.file.is_some()));
    let words = text.split_whitespace().filter(|word| word.contains(['@', '.', '!']));
    for word in words.take(MAX_OWNERS) {
        for email in [word.to_owned(), format!("ann@{word}")] {
            let found = map.of(&email);
            assert_eq!(found, again.of(&email), "a second reading of {email}");
            let times: Vec<_> = found.iter().map(|employed| employed.from).collect();
            assert!(times.is_sorted(), "{email}: {found:?}");
            assert!(found.iter().all(|employed| employed.employers.len() <= 100), "{email}");
        }
    }
}

fn read(files: &[(&str, &str)]) -> (Map, Vec<Complaint>) {
    let mut find = |name: &str| {
        files.iter().find(|(file, _)| *file == name).map(|(_, text)| text.as_bytes().to_vec())
    };
    gitdm::read(&mut find, files[0].0)
}
