//! A site goes to storage that speaks S3: whole, in order, and without a missing file at any time.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use std::collections::BTreeMap;
use std::fs;

use insta::assert_snapshot;
use lorecast_publisher::{Build, Digest, Keys, Memory, Shipment, Storage};
use lorecast_testkit::s3::{Act, KEY, S3, SECRET};
use tiny::{Tiny, mp3};

/// A tiny show and storage for it.
struct Road {
    tiny: Tiny,
    s3: S3,
    storage: Storage,
}

impl Road {
    fn new() -> Self {
        let s3 = S3::start();
        let keys = Keys { id: KEY.into(), secret: SECRET.into(), token: None };
        let storage = Storage {
            to: "s3://casts/show".into(),
            endpoint: Some(s3.url.clone()),
            region: None,
            keys,
        };
        Self { tiny: Tiny::new(), s3, storage }
    }

    /// Publishes and sends; says in a word or two what was done to each file.
    fn deliver(&self) -> Result<String, String> {
        self.run(false)
    }

    fn run(&self, dry_run: bool) -> Result<String, String> {
        let build = Build::of(&self.tiny.site(), Memory::default()).unwrap();
        let parcels = build.parcels().unwrap();
        build.stage(&self.tiny.out(), &mut |_, _| {}).unwrap().go_out().unwrap();
        let shipment = Shipment { parcels: &parcels, storage: &self.storage };
        let unfinished = self.tiny.root().join("unfinished.json");
        let delivery = match dry_run {
            true => shipment.preview(),
            false => {
                shipment.send(&self.tiny.out(), &unfinished, &mut |done, all| assert!(done <= all))
            }
        };
        let delivery = delivery.map_err(|error| error.to_string())?;
        let sent = delivery.files.iter().filter(|file| file.changed);
        let sent = sent.map(|file| format!("{} {}\n", if file.new { '+' } else { '~' }, file.path));
        let removed = delivery.removed.iter().map(|path| format!("- {path}\n"));
        Ok(sent.chain(removed).collect())
    }

    /// The files of the published folder, which are to be what is stored.
    fn check_arrived(&self) {
        let mut stored: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (key, object) in self.s3.objects() {
            stored.insert(key.strip_prefix("show/").unwrap().to_owned(), object.bytes);
        }
        assert!(stored.remove(".lorecast-delivery.json").is_some());
        let list = fs::read_to_string(self.tiny.out().join(".lorecast-files")).unwrap();
        assert!(stored.keys().eq(list.lines().collect::<std::collections::BTreeSet<_>>()));
        for (path, bytes) in stored {
            assert_eq!(bytes, fs::read(self.tiny.out().join(&path)).unwrap(), "{path}");
        }
    }

    fn feed(&self) -> Option<Vec<u8>> {
        self.s3.objects().get("show/feed.xml").map(|object| object.bytes.clone())
    }

    /// Lets something happen to the requests that a word is in; what the delivery says of it.
    fn fails(&self, word: &'static str, act: Act) -> String {
        self.s3.plan(move |line| if line.contains(word) { act } else { Act::Serve });
        let error = self.deliver().unwrap_err();
        self.s3.plan(|_| Act::Serve);
        error.replace(self.s3.url.as_str(), "URL")
    }
}

/// The writing requests, in their order.
fn writes(s3: &S3) -> Vec<String> {
    let mut requests = s3.requests();
    requests.retain(|line| !line.starts_with("GET") && !line.starts_with("HEAD") && line != "LIST");
    requests
}

#[test]
fn a_site_arrives_with_sound_first_and_the_feed_last() {
    let road = Road::new();
    let said = road.deliver().unwrap();
    assert!(said.lines().all(|line| line.starts_with("+ ")), "{said}");
    road.check_arrived();
    let sent = writes(&road.s3);
    let at = |word: &str| sent.iter().position(|line| line.contains(word)).unwrap();
    let first_page = sent.iter().position(|line| line.ends_with(".html")).unwrap();
    assert!(at("media/2023-04-09.mp3") < first_page && at("cover-") < first_page);
    assert_eq!(at("show/feed.xml"), sent.len() - 2, "{sent:?}");
    let objects = road.s3.objects();
    let headers = |key: &str| {
        let headers = &objects[key].headers;
        format!("{key}  {}  {}\n", headers["content-type"], headers["cache-control"])
    };
    let some = ["show/media/2023-04-09.mp3", "show/index.html", "show/feed.json", "show/feed.xml"];
    assert_snapshot!(some.map(headers).concat(), @r"
    show/media/2023-04-09.mp3  audio/mpeg  public, max-age=31536000, immutable
    show/index.html  text/html; charset=utf-8  public, max-age=300
    show/feed.json  application/feed+json  public, max-age=60
    show/feed.xml  application/rss+xml; charset=utf-8  public, max-age=60
    ");
}

#[test]
fn what_is_there_is_not_sent_again() {
    let road = Road::new();
    road.deliver().unwrap();
    road.s3.requests();
    assert_eq!(road.deliver().unwrap(), "");
    let mut asked = road.s3.requests();
    asked.dedup();
    assert_eq!(asked, ["LIST", "GET show/.lorecast-delivery.json"]);
}

#[test]
fn what_changed_is_sent_and_what_is_gone_goes_after_the_feed() {
    let mut road = Road::new();
    road.deliver().unwrap();
    road.s3.requests();
    road.tiny.releases.remove(0);
    road.tiny.add("2023-04-23", "Third", "More.\n");
    let planned = road.run(true).unwrap();
    assert!(writes(&road.s3).is_empty());
    assert_eq!(planned, road.deliver().unwrap());
    assert!(planned.contains("+ media/2023-04-23.mp3\n") && planned.contains("~ feed.xml\n"));
    assert!(planned.contains("- media/2023-04-09.mp3\n") && !planned.contains("2023-04-16.mp3"));
    let sent = writes(&road.s3);
    let at = |line: &str| sent.iter().position(|sent| sent == line).unwrap();
    assert!(at("PUT show/feed.xml") < at("DELETE show/media/2023-04-09.mp3"));
    road.check_arrived();
}

#[test]
fn refused_storage_is_named_and_the_next_delivery_goes_on() {
    let mut road = Road::new();
    road.deliver().unwrap();
    let before = road.feed();
    road.tiny.add("2023-04-23", "Third", "More.\n");
    let refuse = Act::Refuse(403, "AccessDenied");
    assert_snapshot!(road.fails("PUT show/episodes/2023-04-23/index.html", refuse), @"cannot send `s3://casts/show/episodes/2023-04-23/index.html`: the storage says AccessDenied: Because of a test; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do in this bucket");
    assert_eq!(road.feed(), before);
    road.s3.requests();
    road.deliver().unwrap();
    assert!(!writes(&road.s3).contains(&"PUT show/media/2023-04-23.mp3".to_owned()));
    road.check_arrived();
}

#[test]
fn a_connection_that_is_cut_off_is_tried_again() {
    let road = Road::new();
    let mut cuts = 0;
    road.s3.plan(move |line| {
        let cut = line.starts_with("PUT") && cuts < 3;
        cuts += usize::from(cut);
        if cut { Act::CutOff } else { Act::Serve }
    });
    road.deliver().unwrap();
    road.check_arrived();
}

#[test]
fn a_connection_that_is_always_cut_off_leaves_the_feed() {
    let mut road = Road::new();
    road.deliver().unwrap();
    let before = road.feed();
    road.tiny.add("2023-04-23", "Third", "More.\n");
    assert_snapshot!(road.fails("PUT show/media/2023-04-23.mp3", Act::CutOff), @"cannot send `s3://casts/show/media/2023-04-23.mp3`: HTTP error: io: Peer disconnected; try again: it goes on where it stopped");
    assert_eq!(road.feed(), before);
}

#[test]
fn storage_that_lies_is_found_out_before_the_feed_changes() {
    let mut road = Road::new();
    road.deliver().unwrap();
    let before = road.feed();
    road.tiny.add("2023-04-23", "Third", "More.\n");
    assert_snapshot!(road.fails("HEAD show/media/2023-04-23.mp3", Act::Lie), @"cannot rely on `s3://casts/show/media/2023-04-23.mp3`: 403 bytes were sent and 404 are there; try again: it goes on where it stopped");
    assert_snapshot!(road.fails("GET show/media/2023-04-23.mp3", Act::Spoil), @"cannot rely on `s3://casts/show/media/2023-04-23.mp3`: what is there is not what was sent; try again: it goes on where it stopped");
    assert_eq!(road.feed(), before);
    // What is there is whole, and it is not sent a third time.
    road.s3.requests();
    road.deliver().unwrap();
    assert!(!writes(&road.s3).contains(&"PUT show/media/2023-04-23.mp3".to_owned()));
    road.check_arrived();
}

#[test]
fn a_large_file_goes_on_at_the_part_where_it_stopped() {
    let mut road = Road::new();
    let sound = mp3(20 << 20);
    let last = road.tiny.releases.last_mut().unwrap();
    let file = last.file.as_mut().unwrap();
    fs::write(&file.path, &sound).unwrap();
    (file.digest, last.sound.enclosure.bytes) = (Digest::of(&sound), sound.len() as u64);
    road.fails("2023-04-16.mp3 part 2", Act::Refuse(400, "Tired"));
    assert!(road.feed().is_none());
    road.s3.requests();
    road.deliver().unwrap();
    road.check_arrived();
    let parts = road.s3.requests().into_iter().filter(|line| line.contains(".mp3 "));
    let parts: Vec<String> =
        parts.map(|line| line.replace("show/media/2023-04-16.mp3 ", "")).collect();
    assert_eq!(parts, ["PUT part 2", "PUT part 3", "POST complete"]);
    assert!(!road.tiny.root().join("unfinished.json").exists());
}

#[test]
fn objects_of_others_stay_and_are_not_overwritten() {
    let road = Road::new();
    road.s3.put("show/CNAME", b"pod.example");
    road.s3.put("other/index.html", b"theirs");
    road.deliver().unwrap();
    let objects = road.s3.objects();
    assert!(objects.contains_key("show/CNAME") && objects.contains_key("other/index.html"));
    let road = Road::new();
    road.s3.put("show/index.html", b"theirs");
    assert_snapshot!(road.deliver().unwrap_err(), @"`s3://casts/show/index.html` is not one that Lorecast wrote and would be overwritten; move it away, or publish to another folder");
}

#[test]
fn what_was_changed_behind_our_back_is_sent_again() {
    let road = Road::new();
    road.deliver().unwrap();
    road.s3.put("show/index.html", b"defaced");
    assert_eq!(road.deliver().unwrap(), "~ index.html\n");
    road.check_arrived();
    // A list that says anything is not believed.
    road.s3.put("show/.lorecast-delivery.json", b"{\"files\":{\"../x\":");
    assert_eq!(road.deliver().unwrap(), "");
    road.check_arrived();
}

#[test]
fn what_cannot_be_reached_tells_what_to_do_and_nothing_secret() {
    let mut road = Road::new();
    road.storage.keys.secret = "not/the+secret".into();
    let error = road.deliver().unwrap_err();
    assert!(!error.contains("not/the+secret"));
    assert_snapshot!(error, @"cannot list `s3://casts/show`: the storage says SignatureDoesNotMatch: Because of a test; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do in this bucket");
    road.storage.keys.secret = SECRET.into();
    road.storage.to = "s3://nobodys/show".into();
    assert_snapshot!(road.deliver().unwrap_err(), @"cannot list `s3://nobodys/show`: the storage says NoSuchBucket: Because of a test; make the bucket, or correct its address in `show.yaml`");
    road.storage.to = "s3://casts/../x y".into();
    assert_snapshot!(road.deliver().unwrap_err(), @"`s3://casts/../x y` is no place to deliver to; write it like `s3://bucket/folder`, of letters, digits, `.`, `-` and `_`");
}
