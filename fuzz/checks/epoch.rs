//! Whatever a repository holds, it is read to its end, and in two steps it says the same as at once.
//!
//! An input is a script of lines that write objects; each object has a number, from 0.
//!
//! | line | what it does |
//! |---|---|
//! | `bTEXT` | a blob; `~` is a line end |
//! | `tMODE:NAME:3 …` | a tree whose entries are objects; the name `*` is a very long one |
//! | `c3 0 1` | a commit of tree 3 with parents 0 and 1 |
//! | `rcBYTES` | a commit as it is; `rt` a tree, `rg` a tag, anything else a blob |
//! | `?` | an object that is nowhere |
//! | `=3 4` | puts object 4 under the name of object 3 |
//! | `!3` | removes object 3 |
//! | `h3` | the branch leads to object 3, and is read |
//!
//! In the end the branch leads to the last object.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{ObjectType, Oid, Repository};
use lorecast_archive::{Archive, Hints, Item, discover};

/// A longer script says nothing new.
const LINES: usize = 200;
/// How often a branch is read on its way.
const READINGS: usize = 5;

pub fn check(script: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("git/0.git");
    let mut epoch = Epoch::new(Utf8PathBuf::from_path_buf(path).expect("its path is UTF-8"));
    for line in script.split(|&b| b == b'\n').take(LINES) {
        epoch.run(line);
    }
    if let Some(last) = epoch.objects.last() {
        epoch.leads_to(*last);
    }
}

struct Epoch {
    path: Utf8PathBuf,
    git: Repository,
    objects: Vec<Oid>,
    readings: usize,
    /// The archive as it was last read, and the cursor.
    before: Option<(Archive, String)>,
}

impl Epoch {
    fn new(path: Utf8PathBuf) -> Self {
        for folder in ["objects", "refs/heads"] {
            fs::create_dir_all(path.join(folder)).expect("there is room for a folder");
        }
        fs::write(path.join("HEAD"), "ref: refs/heads/master\n").expect("there is room for a file");
        let git = Repository::open(&path).expect("this is a repository");
        Self { path, git, objects: Vec::new(), readings: 0, before: None }
    }

    fn run(&mut self, line: &[u8]) {
        let Some((operator, rest)) = line.split_first() else { return };
        let text = String::from_utf8_lossy(rest);
        let mut objects = text.split(' ').filter_map(|number| self.object(number));
        match operator {
            b'b' => self.write(ObjectType::Blob, text.replace('~', "\n").as_bytes()),
            b't' => self.write(ObjectType::Tree, &self.tree(&text)),
            b'c' => self.write(ObjectType::Commit, &self.commit(&text)),
            b'r' => match rest.split_first() {
                Some((b'c', bytes)) => self.write(ObjectType::Commit, bytes),
                Some((b't', bytes)) => self.write(ObjectType::Tree, bytes),
                Some((b'g', bytes)) => self.write(ObjectType::Tag, bytes),
                _ => self.write(ObjectType::Blob, rest),
            },
            b'?' => self.objects.push(nowhere(self.objects.len())),
            b'=' => {
                if let (Some(name), Some(content)) = (objects.next(), objects.next()) {
                    self.forge(name, content);
                }
            }
            b'!' => objects.for_each(|id| drop(fs::remove_file(self.file(id)))),
            b'h' => {
                if let (Some(id), true) = (objects.next(), self.readings < READINGS) {
                    self.leads_to(id);
                }
            }
            _ => {}
        }
    }

    fn object(&self, number: &str) -> Option<Oid> {
        self.objects.get(number.trim().parse::<usize>().ok()?).copied()
    }

    fn write(&mut self, kind: ObjectType, bytes: &[u8]) {
        let id = self.git.odb().and_then(|odb| odb.write(kind, bytes));
        self.objects.push(id.expect("there is room for an object"));
    }

    fn tree(&self, entries: &str) -> Vec<u8> {
        let mut tree = Vec::new();
        for entry in entries.split(' ') {
            let mut parts = entry.split(':');
            let (mode, name) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let id = parts.next().and_then(|number| self.object(number)).unwrap_or(nowhere(0));
            let long = "x".repeat(9000);
            let name = if name == "*" { &long } else { name };
            tree.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            tree.extend_from_slice(id.as_bytes());
        }
        tree
    }

    fn commit(&self, numbers: &str) -> Vec<u8> {
        let mut ids = numbers.split(' ').filter_map(|number| self.object(number));
        let mut commit = format!("tree {}\n", ids.next().unwrap_or(nowhere(0)));
        ids.for_each(|parent| commit.push_str(&format!("parent {parent}\n")));
        let time = self.objects.len();
        commit.push_str(&format!("author a <a@a> 1 +0000\ncommitter a <a@a> {time} +0000\n\nx\n"));
        commit.into_bytes()
    }

    fn file(&self, id: Oid) -> Utf8PathBuf {
        let hex = id.to_string();
        self.path.join("objects").join(&hex[..2]).join(&hex[2..])
    }

    /// What a damaged or hostile disk may do: git never looks at the name of a loose object again.
    fn forge(&self, name: Oid, content: Oid) {
        let (from, to) = (self.file(content), self.file(name));
        if let (Ok(content), Some(folder)) = (fs::read(from), to.parent()) {
            fs::create_dir_all(folder).expect("there is room for a folder");
            // The file of an object may not be written to, but it may be replaced.
            drop(fs::remove_file(&to));
            fs::write(&to, content).expect("there is room for a file");
        }
    }

    fn leads_to(&mut self, id: Oid) {
        self.readings += 1;
        fs::write(self.path.join("refs/heads/master"), format!("{id}\n"))
            .expect("there is room for a file");
        let most = self.objects.len() * (1 + self.objects.len());
        let before = self.before.take();
        self.before = reads(&self.path, before, most);
    }
}

/// The name of no object.
fn nowhere(number: usize) -> Oid {
    Oid::from_str(&format!("{:040x}", number + 1)).expect("40 hex digits")
}

/// Reads a repository, in all the ways that there are.
fn reads(
    path: &Utf8Path,
    before: Option<(Archive, String)>,
    most: usize,
) -> Option<(Archive, String)> {
    let archive = discover(path, &Hints::default()).ok()?.pop()?;
    let (items, cursor, _) = read(&archive, None);
    assert!(items.len() <= most * 1000, "{} items", items.len());
    stops_anywhere(&archive, &items);
    // Another layout has other things to say.
    if let Some((_, since)) = before.filter(|(before, _)| *before == archive) {
        let (late, reached, from_the_start) = read(&archive, Some(&since));
        assert!(if from_the_start { late == items } else { ends_with(&items, &late) });
        // Where nothing can be read, the cursor stays.
        assert!(reached == cursor || items.iter().all(Result::is_err));
    }
    Some((archive, cursor))
}

type Said = Vec<Result<Item, String>>;

fn read(archive: &Archive, cursor: Option<&str>) -> (Said, String, bool) {
    let mut reader = archive.read(cursor).expect("the repository is there");
    let items = reader.by_ref().map(|item| item.map_err(|error| error.to_string())).collect();
    assert_eq!(reader.done(), reader.total());
    (items, reader.cursor(), reader.from_the_start())
}

fn stops_anywhere(archive: &Archive, items: &Said) {
    let mut reader = archive.read(None).expect("the repository is there");
    for read_so_far in 1..=items.len().min(4) {
        reader.next();
        let (rest, ..) = read(archive, Some(&reader.cursor()));
        let all = rest.len() >= items.len() - read_so_far && ends_with(items, &rest);
        assert!(all, "behind {read_so_far}: {rest:#?}, not {items:#?}");
    }
}

/// Why a history breaks off is told first, and only where the reading comes to the break.
fn ends_with(items: &Said, rest: &Said) -> bool {
    items.ends_with(rest)
}
