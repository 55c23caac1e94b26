//! Counts downloads of episodes in logs of web servers, after the IAB Podcast Measurement Technical
//! Guidelines 2.2.
//!
//! A download is what one listener took of one episode on one day (UTC): requests of the same address and
//! the same client are one, however many ranges they ask for. It counts when at least one minute of sound
//! was sent, or all of it when it is shorter. Requests of bots, and all but `GET` answered with 200 or 206,
//! do not count. Addresses are neither kept nor shown: a listener is a hash under a key that the caller
//! makes up and forgets.

mod clients;
mod line;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use jiff::civil::Date;
use lorecast_model::EpisodeId;
use sha2::{Digest as _, Sha256};

use clients::Client;
use line::Request;

/// The longest line that is read, in bytes.
const LINE: u64 = 1 << 16;
/// A minute in thousandths of a second: so much must have been sent.
const MINUTE: u64 = 60_000;
/// Bytes in a thousandth of a second of sound whose length nobody knows: 128 kbit/s.
const USUAL: u64 = 16;
/// The most listeners that are remembered; of those beyond, nothing is counted.
const MOST_LISTENERS: usize = 4_000_000;

/// A file of sound in which downloads are counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The episode.
    pub id: EpisodeId,
    /// The path in its address, as the server logs it: `/show/media/2023-04-16.mp3`.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its length in seconds.
    pub seconds: f64,
}

impl Counted {
    /// How long so many bytes of it are heard, in thousandths of a second.
    fn heard(&self, bytes: u64) -> u64 {
        if self.seconds <= 0.0 || self.bytes == 0 {
            return bytes / USUAL;
        }
        (bytes as f64 / self.bytes as f64 * self.seconds * 1000.0).ceil() as u64
    }

    /// How long it must be heard to count: a minute, or to its end.
    fn enough(&self) -> u64 {
        if self.bytes == 0 { MINUTE } else { self.heard(self.bytes).clamp(1, MINUTE) }
    }
}

/// Counts line by line.
pub struct Counter {
    files: HashMap<String, Counted>,
    key: [u8; 32],
    /// How long each listener hears what was sent of an episode on a day, and how long is enough.
    taken: HashMap<Taken, (u64, u64)>,
    counts: Downloads,
}

/// An episode, a day, an app, and a hash of who it was.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Taken {
    id: EpisodeId,
    day: Date,
    app: &'static str,
    listener: [u8; 16],
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Downloads {
    /// Downloads by episode.
    pub episodes: BTreeMap<EpisodeId, u64>,
    /// Downloads by day.
    pub days: BTreeMap<Date, u64>,
    /// Downloads by app.
    pub apps: BTreeMap<&'static str, u64>,
    /// Lines that were read.
    pub lines: u64,
    /// Lines that are no request in a form that is known.
    pub unreadable: u64,
    /// Requests for sound that bots made.
    pub bots: u64,
    /// Listeners of whom too little was sent.
    pub short: u64,
    /// Requests that could not be counted, as there were too many listeners to remember.
    pub beyond: u64,
}

impl Counter {
    /// Begins to count. The key keeps listeners apart without telling who they are.
    pub fn new(files: impl IntoIterator<Item = Counted>, key: [u8; 32]) -> Self {
        let files = files.into_iter().map(|file| (file.path.clone(), file)).collect();
        Self { files, key, taken: HashMap::new(), counts: Downloads::default() }
    }

    /// Reads a log, packed with gzip or not: Common Log Format, Combined, or JSON with the names that nginx
    /// gives its variables.
    ///
    /// # Errors
    /// When it cannot be read to its end; what was read until then is counted.
    pub fn read(&mut self, log: impl Read) -> io::Result<()> {
        let mut log = BufReader::new(log);
        if log.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            self.lines(BufReader::new(MultiGzDecoder::new(log)))
        } else {
            self.lines(log)
        }
    }

    fn lines(&mut self, mut log: impl BufRead) -> io::Result<()> {
        let (mut line, mut begun) = (Vec::new(), false);
        loop {
            line.clear();
            let read = (&mut log).take(LINE).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(());
            }
            let (goes_on, ends) = (begun, line.ends_with(b"\n"));
            begun = !ends && read as u64 == LINE;
            match std::str::from_utf8(&line) {
                _ if goes_on => {}
                Ok(text) if !begun => self.line(text.trim()),
                _ => {
                    self.counts.lines += 1;
                    self.counts.unreadable += 1;
                }
            }
        }
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            return;
        }
        self.counts.lines += 1;
        match Request::read(line) {
            Some(request) => self.request(&request),
            None => self.counts.unreadable += 1,
        }
    }

    /// What was counted so far.
    pub fn finish(mut self) -> Downloads {
        for (taken, (heard, enough)) in &self.taken {
            if heard < enough {
                self.counts.short += 1;
                continue;
            }
            *self.counts.episodes.entry(taken.id).or_default() += 1;
            *self.counts.days.entry(taken.day).or_default() += 1;
            *self.counts.apps.entry(taken.app).or_default() += 1;
        }
        self.counts
    }

    fn request(&mut self, request: &Request) {
        let path = request.target.split(['?', '#']).next().unwrap_or_default();
        let Some(file) = self.files.get(path) else { return };
        if request.method != "GET" || !matches!(request.status, 200 | 206) {
            return;
        }
        let app = match Client::of(&request.agent) {
            Client::App(app) => app,
            Client::Bot => {
                self.counts.bots += 1;
                return;
            }
        };
        let listener = listener(&self.key, request);
        let taken = Taken { id: file.id, day: request.day, app, listener };
        if self.taken.len() >= MOST_LISTENERS && !self.taken.contains_key(&taken) {
            self.counts.beyond += 1;
            return;
        }
        let (heard, enough) = self.taken.entry(taken).or_insert((0, file.enough()));
        *heard = heard.saturating_add(file.heard(request.bytes));
        *enough = file.enough().min(*enough);
    }
}

/// Who it was, for nobody to tell.
fn listener(key: &[u8; 32], request: &Request) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update(request.address.as_bytes());
    hash.update([0]);
    hash.update(request.agent.as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: u64 = 28_800_000;

    fn check(log: &str) -> String {
        let file = Counted {
            id: EpisodeId::new("2023-04-16").unwrap(),
            path: "/media/2023-04-16.mp3".into(),
            bytes: ALL,
            seconds: 1800.0,
        };
        let mut counter = Counter::new([file], [7; 32]);
        counter.read(log.as_bytes()).unwrap();
        let got = counter.finish();
        let episodes: Vec<_> = got.episodes.iter().map(|(id, n)| format!("{id}: {n}")).collect();
        let days: Vec<_> = got.days.iter().map(|(day, n)| format!("{day}: {n}")).collect();
        format!(
            "{episodes:?} {days:?} {:?} lines {} unreadable {} bots {} short {}",
            got.apps, got.lines, got.unreadable, got.bots, got.short
        )
    }

    fn hit(
        address: &str,
        time: &str,
        request: &str,
        status: u16,
        bytes: u64,
        agent: &str,
    ) -> String {
        format!(
            "{address} - - [{time}] \"{request} HTTP/1.1\" {status} {bytes} \"-\" \"{agent}\"\n"
        )
    }

    const TIME: &str = "17/Apr/2023:20:00:00 +0000";
    const GET: &str = "GET /media/2023-04-16.mp3?from=feed";
    const POD: &str = "AntennaPod/3.4.0";

    #[test]
    fn ranges_of_one_listener_are_one_download() {
        let log = hit("192.0.2.1", TIME, GET, 206, 500_000, POD).repeat(3)
            + &hit("192.0.2.1", TIME, GET, 200, ALL, "Overcast/3.0")
            + &hit("192.0.2.2", TIME, GET, 200, ALL, POD);
        insta::assert_snapshot!(check(&log), @r#"["2023-04-16: 3"] ["2023-04-17: 3"] {"AntennaPod": 2, "Overcast": 1} lines 5 unreadable 0 bots 0 short 0"#);
    }

    #[test]
    fn days_are_those_of_utc() {
        let log = hit("192.0.2.1", "18/Apr/2023:01:00:00 +0200", GET, 200, ALL, POD)
            + &hit("192.0.2.1", "18/Apr/2023:03:00:00 +0200", GET, 200, ALL, POD);
        insta::assert_snapshot!(check(&log), @r#"["2023-04-16: 2"] ["2023-04-17: 1", "2023-04-18: 1"] {"AntennaPod": 2} lines 2 unreadable 0 bots 0 short 0"#);
    }

    #[test]
    fn bots_other_methods_and_less_than_a_minute_do_not_count() {
        let log = hit("192.0.2.1", TIME, GET, 200, ALL, "Mozilla/5.0 (compatible; Googlebot/2.1)")
            + &hit("192.0.2.2", TIME, "HEAD /media/2023-04-16.mp3", 200, ALL, POD)
            + &hit("192.0.2.3", TIME, GET, 304, 0, POD)
            + &hit("192.0.2.4", TIME, GET, 206, 2, "AppleCoreMedia/1.0.0.21E219")
            + &hit("192.0.2.5", TIME, GET, 200, 959_000, POD);
        insta::assert_snapshot!(check(&log), @"[] [] {} lines 5 unreadable 0 bots 1 short 2");
    }

    #[test]
    fn the_forms_of_logs() {
        let log = format!(
            "192.0.2.1 - - [{TIME}] \"{GET} HTTP/1.0\" 200 {ALL}\n\
             {{\"remote_addr\":\"2001:db8::1\",\"time_iso8601\":\"2023-04-17T20:00:00+00:00\",\"request\":\"{GET} HTTP/2.0\",\
             \"status\":\"200\",\"body_bytes_sent\":{ALL},\"http_user_agent\":\"gPodder/3.11\"}}\n\
             nonsense\n{{\"status\": []}}\n192.0.2.1 - - [99/Foo/2023:20:00:00 +0000] \"GET / HTTP/1.0\" 200 1\n"
        );
        insta::assert_snapshot!(check(&log), @r#"["2023-04-16: 2"] ["2023-04-17: 2"] {"gPodder": 1, "unknown": 1} lines 5 unreadable 3 bots 0 short 0"#);
    }

    #[test]
    fn logs_may_be_packed_and_lines_without_end() {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let log = "x".repeat(200_000) + "\n" + &hit("192.0.2.1", TIME, GET, 200, ALL, POD);
        gzip.write_all(log.as_bytes()).unwrap();
        let mut counter = Counter::new([], [7; 32]);
        counter.read(&gzip.finish().unwrap()[..]).unwrap();
        let got = counter.finish();
        assert_eq!((got.lines, got.unreadable), (2, 1));
    }

    #[test]
    fn telephones_are_no_bots() {
        let app = |agent: &str| Client::of(agent);
        assert_eq!(app("Mozilla/5.0 (Linux; CUBOT X18) Chrome/100"), Client::App("Chrome"));
        assert_eq!(app("AntennaPod/3.4.0"), Client::App("AntennaPod"));
        assert_eq!(app("curl/8.5.0"), Client::Bot);
        assert_eq!(app(""), Client::App("unknown"));
    }
}
