//! Starting a show.

use camino::Utf8Path;

use crate::{Result, ShowDir, ShowError, atomic, yaml};

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
    let text = show_yaml(&file, scaffold)?;
    yaml::parse::<lorecast_model::Show>(&file, &text)?;
    let episodes = dir.join("episodes");
    std::fs::create_dir_all(&episodes)
        .map_err(|source| ShowError::Write { path: episodes, source })?;
    let ignore = dir.join(".gitignore");
    if !ignore.exists() {
        atomic::write(&ignore, IGNORED.as_bytes())?;
    }
    let cover = dir.join("cover.png");
    if !cover.exists() {
        atomic::write(&cover, COVER)?;
    }
    atomic::write(&file, text.as_bytes())?;
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
# the key of forgotten.yaml: back it up, and keep it to yourself
forgotten.key
";

fn show_yaml(file: &Utf8Path, scaffold: &Scaffold<'_>) -> Result<String> {
    let quoted = |text: &str| yaml::write(file, &text).map(|yaml| yaml.trim_end().to_owned());
    Ok(TEMPLATE
        .replace("TITLE", &quoted(scaffold.title)?)
        .replace("AUTHOR", &quoted(scaffold.author)?)
        .replace("SHOW_URL", &quoted(scaffold.url)?))
}

const TEMPLATE: &str = r#"# What is true of every episode. `lorecast config` shows every value and where it came from.
title: TITLE
description: What happened on the Linux kernel mailing lists this week.
author: AUTHOR
# Where the site and the feed will be, with a `/` at the end.
url: SHOW_URL
language: en
# As Apple Podcasts lists them, best first.
categories: [Technology, News > Tech News]
# Square, 1400 to 3000 pixels, JPEG or PNG. Put your own in its place.
cover: cover.png

# What `lorecast sync` keeps up to date: public inboxes by their URL (mirrored with git), and mbox
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
