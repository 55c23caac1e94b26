use super::*;

fn cache() -> (tempfile::TempDir, Cache) {
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::open(Utf8Path::from_path(dir.path()).unwrap()).unwrap();
    (dir, cache)
}

fn key(name: &str) -> Key {
    Key::new("test", 1, &name)
}

fn keep(cache: &Cache, name: &str, sound: &[u8]) {
    let mut entry = cache.begin().unwrap();
    entry.write_all(sound).unwrap();
    let mut hasher = Hasher::new();
    hasher.update(sound);
    cache.keep(&key(name), entry, hasher, &name).unwrap();
}

fn found(cache: &Cache, name: &str) -> Option<Vec<u8>> {
    let entry = cache.find::<String>(&key(name))?;
    assert_eq!(entry.text, name);
    let (mut file, mut sound) = (entry.file, Vec::new());
    file.rewind().unwrap();
    file.take(entry.bytes).read_to_end(&mut sound).unwrap();
    Some(sound)
}

#[test]
fn what_was_kept_is_found() {
    let (_dir, cache) = cache();
    assert_eq!(found(&cache, "a"), None);
    keep(&cache, "a", b"sound");
    keep(&cache, "b", b"");
    assert_eq!(found(&cache, "a").unwrap(), b"sound");
    assert_eq!(found(&cache, "b").unwrap(), b"");
    keep(&cache, "a", b"other");
    assert_eq!(found(&cache, "a").unwrap(), b"other");
}

#[test]
fn an_entry_with_any_byte_changed_or_any_end_lost_is_absent() {
    let (_dir, cache) = cache();
    keep(&cache, "a", b"sound");
    let path = cache.path(&key("a"));
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bad = whole.clone();
        bad[at] ^= 1;
        for bad in [bad, whole[..at].to_vec()] {
            fs::write(&path, bad).unwrap();
            assert_eq!(found(&cache, "a"), None, "{at}");
        }
    }
}

#[test]
fn an_entry_that_was_not_completed_leaves_nothing() {
    let (dir, cache) = cache();
    cache.begin().unwrap().write_all(b"half").unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn what_was_not_used_for_longest_goes_first_and_what_is_used_stays() {
    let (_dir, mut cache) = cache();
    for (name, age) in [("new", 10), ("old", 30), ("older", 40), ("used", 50)] {
        keep(&cache, name, &[7; 1000]);
        let file = File::options().write(true).open(cache.path(&key(name))).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
    }
    cache.begun = SystemTime::now();
    found(&cache, "used").unwrap();
    cache.shrink(2500).unwrap();
    let left: Vec<_> = ["new", "old", "older", "used"]
        .into_iter()
        .filter(|n| found(&cache, n).is_some())
        .collect();
    assert_eq!(left, ["new", "used"]);
    cache.begun = SystemTime::now() - Duration::from_secs(60);
    cache.shrink(0).unwrap();
    assert!(found(&cache, "used").is_some(), "used in this run");
}

#[test]
fn what_killed_runs_left_goes_after_a_day() {
    let (dir, cache) = cache();
    let left = |name: &str, age| {
        let path = dir.path().join(name);
        File::create(&path).unwrap().set_modified(SystemTime::now() - age).unwrap();
        path
    };
    let (young, old) = (left(".part-1", ABANDONED / 2), left(".part-2", ABANDONED * 2));
    cache.tidy();
    assert!(young.exists() && !old.exists());
}
