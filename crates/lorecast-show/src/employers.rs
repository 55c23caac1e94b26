//! Reads `employers.yaml`, and says at which line it contradicts itself.

use std::collections::BTreeMap;

use camino::Utf8Path;
use lorecast_model::{Affiliation, Employers};

use crate::{Result, ShowError, merge, place, yaml};

/// Reads and checks the file. Domains and addresses come back in small letters.
pub(crate) fn read(file: &Utf8Path) -> Result<Employers> {
    let text = yaml::read_text(file)?;
    merge::settled(file, &text)?;
    let written: Employers = yaml::parse(file, &text)?;
    let checked = Check { file, text: &text };
    checked.once("domains", written.domains.keys())?;
    checked.once("people", written.people.keys())?;
    checked.once("aliases", written.aliases.keys())?;
    checked.domains(&written)?;
    checked.people(&written.people)?;
    checked.aliases(&written.aliases)?;
    checked.maps(&written)?;
    let small = |text: &String| text.to_lowercase();
    Ok(Employers {
        domains: written.domains.iter().map(|(key, name)| (small(key), name.clone())).collect(),
        people: written.people.iter().map(|(key, said)| (small(key), said.clone())).collect(),
        communities: written.communities.iter().map(small).collect(),
        ..written
    })
}

struct Check<'a> {
    file: &'a Utf8Path,
    text: &'a str,
}

impl Check<'_> {
    fn wrong(&self, line: usize, message: String) -> Result<()> {
        Err(ShowError::Entry { file: self.file.to_owned(), line, message })
    }

    /// The last line of a key.
    fn line(&self, section: &str, key: &str) -> usize {
        let lines = place::of_keys(self.text, section, key);
        lines.last().copied().unwrap_or_else(|| place::of_key(self.text, section))
    }

    /// YAML takes the last of two equal keys and says nothing.
    fn once<'k>(&self, section: &str, keys: impl Iterator<Item = &'k String>) -> Result<()> {
        for key in keys {
            let lines = place::of_keys(self.text, section, key);
            if let [first, .., last] = lines[..] {
                let message = format!(
                    "`{key}` stands in `{section}:` in line {first} already; keep one of them"
                );
                return self.wrong(last, message);
            }
        }
        Ok(())
    }

    fn domains(&self, employers: &Employers) -> Result<()> {
        for (domain, name) in &employers.domains {
            let line = || self.line("domains", domain);
            if !is_domain(domain) {
                let message = format!("`{domain}` is no domain; write the part behind the `@`");
                return self.wrong(line(), message);
            }
            if name.trim().is_empty() {
                return self.wrong(line(), format!("`{domain}` has no employer; name it"));
            }
            let community = |other: &&String| other.eq_ignore_ascii_case(domain);
            if employers.communities.iter().any(|other| community(&other)) {
                let message = format!(
                    "`{domain}` is an employer here and stands in `communities:` too; keep one"
                );
                return self.wrong(line(), message);
            }
        }
        match employers.communities.iter().find(|domain| !is_domain(domain)) {
            Some(other) => {
                let line = place::of_item(self.text, "communities", other);
                let message = format!("`{other}` is no domain; write the part behind the `@`");
                self.wrong(line, message)
            }
            None => Ok(()),
        }
    }

    fn people(&self, people: &BTreeMap<String, Vec<Affiliation>>) -> Result<()> {
        for (email, said) in people {
            let line = || self.line("people", email);
            let domain = email.rsplit_once('@').filter(|(local, _)| !local.is_empty());
            if !domain.is_some_and(|(_, domain)| is_domain(domain)) {
                return self.wrong(line(), format!("`{email}` is no address"));
            }
            if let Some(why) = contradiction(said) {
                return self.wrong(line(), format!("`{email}`: {why}"));
            }
        }
        Ok(())
    }

    fn aliases(&self, aliases: &BTreeMap<String, String>) -> Result<()> {
        for (other, name) in aliases {
            let line = || self.line("aliases", other);
            if other.trim().is_empty() || name.trim().is_empty() {
                let message = "an alias needs two names: `Other Spelling: Name`".to_owned();
                return self.wrong(line(), message);
            }
            if let Some(further) = aliases.get(name).filter(|further| *further != name) {
                let message = format!(
                    "`{other}` is `{name}`, and that is `{further}` itself; name the last one"
                );
                return self.wrong(line(), message);
            }
        }
        Ok(())
    }

    fn maps(&self, employers: &Employers) -> Result<()> {
        let folder = self.file.parent().unwrap_or(Utf8Path::new("."));
        match employers.maps.iter().find(|map| !folder.join(map).is_file()) {
            Some(map) => {
                let line = place::of_item(self.text, "maps", map);
                self.wrong(line, format!("there is no file `{map}` in the show's folder"))
            }
            None => Ok(()),
        }
    }
}

/// What is wrong with a person's employers.
fn contradiction(said: &[Affiliation]) -> Option<String> {
    if let Some(nobody) = said.iter().find(|a| a.employer.trim().is_empty()) {
        return Some(match nobody.from {
            Some(from) => format!("the entry from {from} names no employer"),
            None => "an entry names no employer".to_owned(),
        });
    }
    for (at, one) in said.iter().enumerate() {
        if let (Some(from), Some(until)) = (one.from, one.until)
            && until < from
        {
            return Some(format!("`{}` ends on {until}, before it begins on {from}", one.employer));
        }
        // One without an end ends when the next begins.
        let ends = |a: &Affiliation, other: &Affiliation| match (a.until, other.from) {
            (None, Some(from)) if a.from < Some(from) => from.yesterday().ok(),
            (until, _) => until,
        };
        for other in &said[..at] {
            let (one_ends, other_ends) = (ends(one, other), ends(other, one));
            let apart = |end: Option<_>, from: Option<_>| matches!((end, from), (Some(e), Some(f)) if e < f);
            if !apart(one_ends, other.from)
                && !apart(other_ends, one.from)
                && one.employer != other.employer
            {
                return Some(format!(
                    "`{}` and `{}` are for the same time; give one an `until:` before the other's `from:`",
                    other.employer, one.employer
                ));
            }
        }
    }
    None
}

/// Two labels or more, as a mail's domain has them.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    text.contains('.') && text.split('.').all(label)
}
