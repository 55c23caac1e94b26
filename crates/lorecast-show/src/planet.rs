//! `planet.yaml`: read with places for errors; blogs are added at its end, and every other line stays.

use camino::Utf8Path;
use lorecast_model::planet::{Blog, Planet};

use crate::{Result, ShowError, atomic, merge, place, yaml};

/// The longest name and address, in bytes.
const LONGEST: usize = 500;
/// More blogs would not be asked within any patience.
const MOST: usize = 2_000;

/// Reads and checks the file; `None` when it is not there.
pub(crate) fn read(file: &Utf8Path) -> Result<Option<Planet>> {
    if !file.is_file() {
        return Ok(None);
    }
    let text = yaml::read_text(file)?;
    merge::settled(file, &text)?;
    parse(file, &text).map(Some)
}

/// Adds blogs whose feeds the file does not name yet, and says how many these were. The file is made when
/// it is not there.
pub(crate) fn add(file: &Utf8Path, blogs: &[Blog]) -> Result<usize> {
    let known = read(file)?;
    let text = if known.is_some() { yaml::read_text(file)? } else { String::new() };
    let mut wanted = known.unwrap_or_default();
    let mut new: Vec<Blog> = Vec::new();
    for blog in blogs {
        if wanted.blogs.iter().chain(&new).all(|known| known.feed != blog.feed) {
            new.push(blog.clone());
        }
    }
    if new.is_empty() {
        return Ok(0);
    }
    let count = new.len();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let key = lines.iter().position(|line| line.starts_with("blogs:"));
    let (at, indent) = key.map_or((lines.len(), ""), |key| end_of_list(&lines, key));
    let mut edited = lines[..at].concat();
    if !edited.is_empty() && !edited.ends_with('\n') {
        edited.push('\n');
    }
    if key.is_none() {
        edited.push_str("blogs:\n");
    }
    for line in yaml::write(file, &new)?.lines() {
        edited.push_str(&format!("{indent}{line}\n"));
    }
    edited.push_str(&lines[at..].concat());
    wanted.blogs.extend(new);
    if !parse(file, &edited).is_ok_and(|read| read == wanted) {
        let message = "`blogs:` is laid out by hand, and new ones have no clear place there; \
                       write one entry to a line with `- name: …`, or add them yourself";
        let line = key.map_or(1, |key| key + 1);
        return Err(ShowError::Entry { file: file.to_owned(), line, message: message.to_owned() });
    }
    atomic::write(file, edited.as_bytes())?;
    Ok(count)
}

/// Where a list ends that begins behind the line `key`, and how far its items are indented.
fn end_of_list<'a>(lines: &[&'a str], key: usize) -> (usize, &'a str) {
    let mut end = (key + 1, "");
    let within = |line: &&&str| line.trim().is_empty() || line.starts_with([' ', '-', '#']);
    for (nth, line) in lines[key + 1..].iter().take_while(within).enumerate() {
        let (depth, says) = (line.len() - line.trim_start().len(), line.trim());
        if end.0 == key + 1 && says.starts_with("- ") {
            end.1 = &line[..depth];
        }
        if !says.is_empty() && !says.starts_with('#') {
            end.0 = key + nth + 2;
        }
    }
    end
}

fn parse(file: &Utf8Path, text: &str) -> Result<Planet> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Planet::default());
    }
    let planet: Planet = yaml::parse(file, text)?;
    let at = |line: usize, message: String| {
        Err(ShowError::Entry { file: file.to_owned(), line, message })
    };
    if !(5..=10_080).contains(&planet.every) {
        return at(place::of_key(text, "every"), "`every`: write 5 to 10080 minutes".to_owned());
    }
    if !(1..=500).contains(&planet.posts) {
        return at(place::of_key(text, "posts"), "`posts`: write 1 to 500".to_owned());
    }
    if planet.blogs.len() > MOST {
        let message = format!("more than {MOST} blogs; take some away");
        return at(place::of_key(text, "blogs"), message);
    }
    let twice = |nth: usize| planet.blogs[..nth].iter().any(|b| b.feed == planet.blogs[nth].feed);
    for (nth, blog) in planet.blogs.iter().enumerate() {
        let lines = place::of_entries(text, "feed", &blog.feed);
        if twice(nth) {
            let message =
                format!("`{}` is the feed of two blogs; take one away", first(&blog.feed));
            return at(lines.last().copied().unwrap_or(1), message);
        }
        if let Some(message) = wrong(blog) {
            return at(lines.first().copied().unwrap_or(1), format!("blog {}: {message}", nth + 1));
        }
    }
    Ok(planet)
}

/// What a blog cannot be.
fn wrong(blog: &Blog) -> Option<String> {
    let Blog { name, feed, url, face, .. } = blog;
    if name.trim().is_empty() {
        return Some("it has no name; write who writes it".to_owned());
    }
    let texts = [Some(name), Some(feed), url.as_ref(), face.as_ref()];
    if let Some(long) = texts.into_iter().flatten().find(|text| text.len() > LONGEST) {
        return Some(format!("`{}…` is longer than {LONGEST} bytes", first(long)));
    }
    if !is_web(feed) {
        return Some(format!("`feed: {}` is no address; write `https://…`", first(feed)));
    }
    if let Some(url) = url.as_ref().filter(|url| !is_web(url)) {
        return Some(format!("`url: {}` is no address; write `https://…`", first(url)));
    }
    let face = face.as_ref().filter(|face| face.contains("://") && !is_web(face))?;
    Some(format!("`face: {}` is no address; write `https://…`, or the path of a file", first(face)))
}

fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or(text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.starts_with('/') && !rest.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c))
}

fn first(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;

    const PLANET: &str = "\
# Friends.
title: Planet Tiny
blogs:
  - name: Ann Vogel   # she knows
    feed: https://ann.example/feed.xml

every: 60
";

    /// The file after these blogs were added; or why it was left as it was.
    fn check(text: &str, feeds: &[&str]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let file = Utf8PathBuf::from_path_buf(dir.path().join("planet.yaml")).unwrap();
        if !text.is_empty() {
            std::fs::write(&file, text).unwrap();
        }
        let blog =
            |feed: &&str| Blog { name: "Bo".into(), feed: (*feed).into(), ..Blog::default() };
        let blogs: Vec<Blog> = feeds.iter().map(blog).collect();
        match add(&file, &blogs) {
            Ok(_) => std::fs::read_to_string(&file).unwrap(),
            Err(error) => {
                assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
                error.to_string().replace(dir.path().to_str().unwrap(), "")
            }
        }
    }

    #[test]
    fn blogs_are_added_and_everything_else_stays() {
        let two = ["https://bo.example/feed", "https://ann.example/feed.xml"];
        insta::assert_snapshot!(check(PLANET, &two), @r"
        # Friends.
        title: Planet Tiny
        blogs:
          - name: Ann Vogel   # she knows
            feed: https://ann.example/feed.xml
          - name: Bo
            feed: https://bo.example/feed

        every: 60
        ");
        insta::assert_snapshot!(check("", &two[..1]), @r"
        blogs:
        - name: Bo
          feed: https://bo.example/feed
        ");
        insta::assert_snapshot!(check("blogs:\n# none yet\ntitle: x\n", &two[..1]), @r"
        blogs:
        - name: Bo
          feed: https://bo.example/feed
        # none yet
        title: x
        ");
        assert_eq!(check(PLANET, &two[1..]), PLANET);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let says = |lines: &str| check(&format!("title: x\n{lines}\n"), &["https://a.example/"]);
        insta::assert_snapshot!(says("every: 1"), @"/planet.yaml:2: `every`: write 5 to 10080 minutes; nothing was changed");
        insta::assert_snapshot!(says("posts: 0"), @"/planet.yaml:2: `posts`: write 1 to 500; nothing was changed");
        insta::assert_snapshot!(says("colour: red"), @"/planet.yaml:2:1: unknown field `colour`, expected one of `title`, `every`, `posts`, `allow`, `blogs`; nothing was changed, correct the line and run the command again");
        insta::assert_snapshot!(says("blogs: [{name: x, feed: 'https://x.example/'}]"), @"/planet.yaml:2: `blogs:` is laid out by hand, and new ones have no clear place there; write one entry to a line with `- name: …`, or add them yourself; nothing was changed");
        insta::assert_snapshot!(says("blogs:\n- name: x\n  feed: file:///etc/passwd"), @"/planet.yaml:4: blog 1: `feed: file:///etc/passwd` is no address; write `https://…`; nothing was changed");
        insta::assert_snapshot!(says("blogs:\n- feed: https://x.example/\n  name: x\n- name: y\n  feed: https://x.example/"), @"/planet.yaml:6: `https://x.example/` is the feed of two blogs; take one away; nothing was changed");
        insta::assert_snapshot!(says("blogs:\n- name: x\n  feed: https://x.example/\n  face: javascript://x"), @"/planet.yaml:4: blog 1: `face: javascript://x` is no address; write `https://…`, or the path of a file; nothing was changed");
        insta::assert_snapshot!(says("blogs:\n- feed: https://x.example/\n  name: ''"), @"/planet.yaml:3: blog 1: it has no name; write who writes it; nothing was changed");
    }
}
