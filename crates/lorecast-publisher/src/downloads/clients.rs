//! Who asks: an app, or a program that nobody listens with.

/// What a `User-Agent` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    /// An app with which people listen.
    App(&'static str),
    /// Anything else.
    Bot,
}

/// What the names of programs hold with which nobody listens, in small letters.
const BOTS: &[&str] = &[
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "monitor",
    "uptime",
    "scan",
    "validat",
    "lint",
    "fetcher",
    "headless",
    "lighthouse",
    "curl/",
    "wget/",
    "python",
    "go-http-client",
    "libwww",
    "java/",
    "ruby",
    "facebookexternalhit",
    "archive.org",
    "ia_archiver",
    "feedly",
    "feedburner",
    "transcri",
];

/// What looks like a bot and is none: a maker of telephones.
const NO_BOTS: &[&str] = &["cubot"];

/// Parts of names of apps, in small letters, and what people call the app. The first that fits counts, so
/// that apps stand before the browsers and systems that they are built on.
const APPS: &[(&str, &str)] = &[
    ("antennapod", "AntennaPod"),
    ("overcast", "Overcast"),
    ("pocketcasts", "Pocket Casts"),
    ("pocket casts", "Pocket Casts"),
    ("podcastaddict", "Podcast Addict"),
    ("podcast addict", "Podcast Addict"),
    ("castro", "Castro"),
    ("castbox", "Castbox"),
    ("castamatic", "Castamatic"),
    ("podverse", "Podverse"),
    ("fountain", "Fountain"),
    ("truefans", "TrueFans"),
    ("podcastguru", "Podcast Guru"),
    ("player fm", "Player FM"),
    ("downcast", "Downcast"),
    ("gpodder", "gPodder"),
    ("kasts", "Kasts"),
    ("newsboat", "newsboat"),
    ("podboat", "newsboat"),
    ("podget", "podget"),
    ("greg", "greg"),
    ("spotify", "Spotify"),
    ("deezer", "Deezer"),
    ("amazonmusic", "Amazon Music"),
    ("youtube", "YouTube Music"),
    ("podcasts/", "Apple Podcasts"),
    ("itunes", "iTunes"),
    ("applecoremedia", "apps of Apple's systems"),
    ("vlc", "VLC"),
    ("mpv", "mpv"),
    ("exoplayer", "apps of Android"),
    ("stagefright", "apps of Android"),
    ("firefox", "Firefox"),
    ("edg/", "Edge"),
    ("opr/", "Opera"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
];

/// Apps that are not in the list.
const UNKNOWN: &str = "unknown";

impl Client {
    pub(super) fn of(agent: &str) -> Self {
        let agent = agent.to_ascii_lowercase();
        let name = NO_BOTS.iter().fold(agent, |agent, no_bot| agent.replace(no_bot, ""));
        // Bots carry the names of browsers as well.
        if BOTS.iter().any(|part| name.contains(part)) {
            return Self::Bot;
        }
        let app = APPS.iter().find(|(part, _)| name.contains(part));
        Self::App(app.map_or(UNKNOWN, |(_, app)| app))
    }
}
