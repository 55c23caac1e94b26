//! Writes the names of imported files into `employers.yaml` and `show.yaml`; every other line of them
//! stays as it is.

use camino::Utf8Path;
use lorecast_model::{Employers, Show, ShowMaintainers};

use crate::{Result, ShowError, atomic, employers, yaml};

/// Adds a map to `maps:`, at its end. `false` when it stands there already.
pub(crate) fn add_map(file: &Utf8Path, map: &str) -> Result<bool> {
    let text = if file.is_file() { yaml::read_text(file)? } else { String::new() };
    let mut wanted = match says(&text) {
        true => {
            employers::read(file)?;
            yaml::parse(file, &text)?
        }
        false => Employers::default(),
    };
    if wanted.maps.iter().any(|known| known == map) {
        return Ok(false);
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let key = lines.iter().position(|line| line.starts_with("maps:"));
    let (at, edited) = match key {
        None => (lines.len(), behind(&lines, lines.len(), &format!("maps:\n- {}\n", scalar(map)))),
        Some(key) => {
            let items = lines[key + 1..].iter().take_while(|line| is_within(line));
            let last = items.enumerate().filter(|(_, line)| is_item(line)).last();
            let (behind_key, indent) = last.map_or((0, ""), |(nth, line)| {
                (nth + 1, &line[..line.len() - line.trim_start().len()])
            });
            let at = key + 1 + behind_key;
            (key, behind(&lines, at, &format!("{indent}- {}\n", scalar(map))))
        }
    };
    wanted.maps.push(map.to_owned());
    if !yaml::parse::<Employers>(file, &edited).is_ok_and(|read| read == wanted) {
        return Err(by_hand(file, at + 1, "maps", map));
    }
    atomic::write(file, edited.as_bytes())?;
    Ok(true)
}

/// Writes `mailmap:` into `show.yaml`. `false` when it says so already.
pub(crate) fn set_mailmap(file: &Utf8Path, mailmap: &str) -> Result<bool> {
    let text = yaml::read_text(file)?;
    let mut wanted: Show = yaml::parse(file, &text)?;
    let named: Option<ShowMaintainers> = yaml::parse(file, &scalar(mailmap))?;
    if wanted.mailmap == named {
        return Ok(false);
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if let Some(at) = lines.iter().position(|line| line.starts_with("mailmap:")) {
        let message = format!(
            "`mailmap:` names another one; delete the line, or write `mailmap: {}` there",
            scalar(mailmap)
        );
        return Err(ShowError::Entry { file: file.to_owned(), line: at + 1, message });
    }
    wanted.mailmap = named;
    let edited = behind(&lines, lines.len(), &format!("mailmap: {}\n", scalar(mailmap)));
    if !yaml::parse::<Show>(file, &edited).is_ok_and(|read| read == wanted) {
        return Err(by_hand(file, lines.len(), "mailmap", mailmap));
    }
    atomic::write(file, edited.as_bytes())?;
    Ok(true)
}

/// Whether there is more than comments.
fn says(text: &str) -> bool {
    text.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

/// Whether a line may belong to the list above it.
fn is_within(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with([' ', '-', '#'])
}

fn is_item(line: &str) -> bool {
    line.trim_start().starts_with("- ")
}

/// The lines, with `new` behind the first `at` of them.
fn behind(lines: &[&str], at: usize, new: &str) -> String {
    let mut text = lines[..at].concat();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(new);
    text.push_str(&lines[at..].concat());
    text
}

/// A path as YAML has it on one line.
fn scalar(path: &str) -> String {
    let plain = path.starts_with(|c: char| c.is_ascii_alphabetic())
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"./_-".contains(&b));
    if plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "''")) }
}

fn by_hand(file: &Utf8Path, line: usize, key: &str, path: &str) -> ShowError {
    let message = format!(
        "`{key}:` is laid out by hand, and `{}` has no clear place there; write it yourself",
        scalar(path)
    );
    ShowError::Entry { file: file.to_owned(), line, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;

    type Edit = fn(&Utf8Path, &str) -> Result<bool>;

    /// The file after the edit; or why it was left as it was.
    fn check(edit: Edit, text: &str, path: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let file = Utf8PathBuf::from_path_buf(dir.path().join("file.yaml")).unwrap();
        std::fs::write(file.with_file_name("old.config"), "").unwrap();
        std::fs::write(&file, text).unwrap();
        let done = edit(&file, path);
        let now = std::fs::read_to_string(&file).unwrap();
        match done {
            Ok(changed) => {
                assert_eq!(changed, now != text);
                now
            }
            Err(error) => {
                assert_eq!(now, text);
                error.to_string().replace(dir.path().to_str().unwrap(), "")
            }
        }
    }

    #[test]
    fn a_map_is_added_and_everything_else_stays() {
        for (text, expected) in [
            ("", "maps:\n- maps/a.config\n"),
            (
                "# Ours.\ndomains: {a.example: A}",
                "# Ours.\ndomains: {a.example: A}\nmaps:\n- maps/a.config\n",
            ),
            (
                "maps:   # theirs\n  - old.config\n\ndomains: {a.example: A}\n",
                "maps:   # theirs\n  - old.config\n  - maps/a.config\n\ndomains: {a.example: A}\n",
            ),
            ("maps:\n", "maps:\n- maps/a.config\n"),
            ("maps:\n- maps/a.config\n", ""),
            (
                "maps: [old.config]\n",
                "/file.yaml:1: `maps:` is laid out by hand, and `maps/a.config` has no clear place there; write it yourself; nothing was changed",
            ),
        ] {
            let dir = check(add_map, text, "maps/a.config");
            let same = expected.is_empty() && dir.contains("no file `maps/a.config`");
            assert!(same || dir == expected, "{text}\n{dir}");
        }
        assert_eq!(check(add_map, "", "maps/it's.config"), "maps:\n- 'maps/it''s.config'\n");
    }

    #[test]
    fn a_mailmap_is_named_once() {
        let show = "title: T\ndescription: D\nauthor: A\nurl: https://a.example/\nlanguage: en\n\
                    categories: [News]\ncover: c.png # ours\n";
        let with = format!("{show}mailmap: maps/mailmap\n");
        assert_eq!(check(set_mailmap, show, "maps/mailmap"), with);
        assert_eq!(check(set_mailmap, &with, "maps/mailmap"), with);
        let said = check(set_mailmap, &with, "maps/other");
        assert!(said.starts_with("/file.yaml:8: `mailmap:` names another one"), "{said}");
    }
}
