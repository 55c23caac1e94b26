//! Starting a show.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use camino::Utf8Path;
use lorecast_model::ShowFeed;
use serde::Serialize;

use crate::{Result, ShowDir, ShowError, atomic, show_dir, yaml};

/// What `init` asks.
#[derive(Clone, Debug)]
pub struct Scaffold<'a> {
    /// The name of the show.
    pub title: &'a str,
    /// Who makes it.
    pub author: &'a str,
    /// Where it will be published, with a `/` at the end.
    pub url: &'a str,
}

/// A picture for a show that has none of its own yet: directories refuse feeds without one.
pub const COVER: &[u8] = include_bytes!("../../../cover.png");

/// Makes a folder with a commented `show.yaml`, a cover to be replaced, an `episodes/` folder and a `.gitignore`.
///
/// # Errors
/// [`ShowError::Exists`] when there is a show already; nothing is changed then.
pub fn create(dir: &Utf8Path, scaffold: &Scaffold<'_>) -> Result<ShowDir> {
    let file = dir.join("show.yaml");
    if file.exists() {
        return Err(ShowError::Exists { dir: dir.to_owned() });
    }
    let text = show_yaml(&file, &Head::from(scaffold))?;
    let cover = dir.join("cover.png");
    if !cover.exists() {
        atomic::write(&cover, COVER)?;
    }
    begin(dir, &file, &text)
}

/// What the first lines of `show.yaml` say; the rest is the same for every show.
#[derive(Clone, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) author: &'a str,
    pub(crate) email: Option<&'a str>,
    pub(crate) url: &'a str,
    pub(crate) language: &'a str,
    pub(crate) categories: &'a [String],
    pub(crate) explicit: bool,
    pub(crate) cover: Option<&'a str>,
    pub(crate) feed: Option<&'a ShowFeed>,
}

impl<'a> From<&Scaffold<'a>> for Head<'a> {
    fn from(scaffold: &Scaffold<'a>) -> Self {
        static CATEGORIES: LazyLock<[String; 2]> =
            LazyLock::new(|| ["Technology", "News > Tech News"].map(str::to_owned));
        Self {
            title: scaffold.title,
            description: "What happened on the Linux kernel mailing lists this week.",
            author: scaffold.author,
            email: None,
            url: scaffold.url,
            language: "en",
            categories: &*CATEGORIES,
            explicit: false,
            cover: Some("cover.png"),
            feed: None,
        }
    }
}

/// Writes what every new show has, `show.yaml` last: a folder is a show as soon as that is there.
pub(crate) fn begin(dir: &Utf8Path, file: &Utf8Path, text: &str) -> Result<ShowDir> {
    show_dir::check(file, text)?;
    let episodes = dir.join("episodes");
    std::fs::create_dir_all(&episodes)
        .map_err(|source| ShowError::Write { path: episodes, source })?;
    let ignore = dir.join(".gitignore");
    if !ignore.exists() {
        atomic::write(&ignore, IGNORED.as_bytes())?;
    }
    atomic::write(file, text.as_bytes())?;
    ShowDir::open(dir)
}

const IGNORED: &str = "\
# what lorecast makes from the files beside it
.lorecast/
public/
episodes/*/master.*
episodes/*/voice/
episodes/*/transcript.*
episodes/*/alignment.json
episodes/*/imported.*
# the key of forgotten.yaml: back it up, and keep it to yourself
forgotten.key
";

/// The text of `show.yaml`.
pub(crate) fn show_yaml(file: &Utf8Path, head: &Head<'_>) -> Result<String> {
    let mut text =
        "# What is true of every episode. `lorecast config` shows every value and where it came from.\n"
            .to_owned();
    for (comment, line) in lines(file, head)? {
        if !comment.is_empty() {
            text.push_str(&format!("# {comment}\n"));
        }
        text.push_str(&line);
    }
    Ok(text + "\n" + REST)
}

/// The lines of the head, each with the comment above it.
fn lines(file: &Utf8Path, head: &Head<'_>) -> Result<Vec<(&'static str, String)>> {
    let mut lines = vec![
        ("", line(file, "title", &head.title)?),
        ("", line(file, "description", &head.description)?),
        ("", line(file, "author", &head.author)?),
    ];
    if let Some(email) = &head.email {
        let comment =
            "Directories check with it that the show is yours; everybody can read it in the feed.";
        lines.push((comment, line(file, "email", email)?));
    }
    let comment = "Where the site and the feed will be, with a `/` at the end.";
    lines.push((comment, line(file, "url", &head.url)?));
    lines.push(("", line(file, "language", &head.language)?));
    let comment = "As Apple Podcasts lists them, best first.";
    lines.push((comment, format!("categories: {}\n", in_a_row(file, head.categories)?)));
    if head.explicit {
        lines.push(("", line(file, "explicit", &true)?));
    }
    if let Some(cover) = &head.cover {
        let comment = "Square, 1400 to 3000 pixels, JPEG or PNG. Put your own in its place.";
        lines.push((comment, line(file, "cover", cover)?));
    }
    if let Some(feed) = head.feed {
        let comment = "What the feed says beside titles and sound; docs/feed.md tells every key.";
        lines.push((comment, line(file, "feed", feed)?));
    }
    Ok(lines)
}

/// A key with its value.
fn line(file: &Utf8Path, key: &str, value: &impl Serialize) -> Result<String> {
    yaml::write(file, &BTreeMap::from([(key, value)]))
}

/// `[a, b]`; quotation marks only where a name needs them.
fn in_a_row(file: &Utf8Path, names: &[String]) -> Result<String> {
    let quoted = |name: &String| {
        let plain = name.chars().all(|c| c.is_alphanumeric() || " >&".contains(c))
            && name.starts_with(char::is_alphabetic);
        let json = || serde_json::to_string(name).unwrap_or_default();
        if plain { name.clone() } else { json() }
    };
    let row = names.iter().map(quoted).collect::<Vec<_>>().join(", ");
    yaml::parse::<Vec<String>>(file, &format!("[{row}]"))?;
    Ok(format!("[{row}]"))
}

const REST: &str = r#"# What `lorecast sync` keeps up to date: public inboxes by their URL (mirrored with git), and mbox
# files (plain, .gz, .xz or .zst), Maildirs, single mails, repositories, or folders of them by path.
sources: []
#  - url: https://lore.kernel.org/linux-pci/
#  - path: archives/old.mbox.gz
#    list: linux-pci.vger.kernel.org

# Clones of the git trees in which `lorecast track` looks for the patches. The role is maintainer (the
# default), next, mainline or stable.
# trees:
#  - {name: mainline, path: ../linux, role: mainline, branches: [master]}

# A MAINTAINERS file, or a kernel tree, for the exact names of subsystems: of the episode's last day.
# maintainers: ../linux
# maintainers: {path: ../linux, branch: master}
# Which addresses are one person's comes from the .mailmap beside it, or from another tree or file.
# mailmap: ../linux/.mailmap

# How many stories a draft proposes.
stories: 24

# How the script is read aloud: words a minute (learnt from your takes when left out), numbers in words or
# digits, quotation marks plain or spoken ("quote … end quote").
# voice: {words_per_minute: 150, numbers: words, quotes: plain}

# What `lorecast tell` writes about an episode: to which list, and with which hashtags.
# telling: {to: list@lists.example, hashtags: [linux, kernel]}

# How people take part in `lorecast serve`: what somebody may do who is new (reader: vote; contributor: write as well),
# and the program that sends them the link with which they sign in.
# community: {newcomers: contributor, mail: [sendmail, -t, -i], from: show@host.example}
# What editors (or only owners) may do is done by who signed in with a passkey, when `community` has this as well:
# passkeys: editor

sound:
  # Played before the first and after the last take.
  # intro: sounds/intro.flac
  # outro: sounds/outro.flac
  channels: 2
  # Silence between takes, in seconds.
  pause: 0.7
  # What is done to the takes; every stage is on, and `lorecast config` prints its values.
  # chain: {noise: {on: false}, silence: {longest: 1.5}}
  # How the files are written; 16 bit and 128 kbit/s when left out.
  # formats: {wav: {bits: 24}, mp3: {kbps: 96}, opus: {kbps: 48}}
"#;
