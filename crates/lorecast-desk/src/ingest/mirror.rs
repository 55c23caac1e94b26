//! Public inboxes that are somewhere else, copied here first.

use std::cell::RefCell;

use camino::Utf8PathBuf;
use lorecast_archive::{Mirror, Progress as Step};

use crate::{Desk, DeskError, Result, Task, Unit};

impl Desk<'_> {
    /// Brings the copy of an inbox up to date and says where it is. What could not be fetched is
    /// reported; an older copy is read all the same.
    pub(super) fn mirror(
        &self,
        url: &str,
        failures: &mut Vec<DeskError>,
    ) -> Result<Option<Utf8PathBuf>> {
        let folder = self.dir.mirrors().join(folder_name(url));
        let bar = RefCell::new(Bar::default());
        let mirror = Mirror::new(url, &folder)?;
        let done = mirror.bring_up_to_date(&mut |step| bar.borrow_mut().show(self, url, step));
        match done {
            Ok(report) => failures.extend(report.failures.into_iter().map(DeskError::from)),
            Err(error) => failures.push(error.into()),
        }
        let holds =
            |name: &str| folder.join(name).read_dir().is_ok_and(|mut all| all.next().is_some());
        Ok((holds("git") || holds("all.git")).then_some(folder))
    }
}

/// A bar for each step of git's work.
#[derive(Default)]
struct Bar {
    of: String,
    task: Option<Box<dyn Task>>,
}

impl Bar {
    fn show(&mut self, desk: &Desk<'_>, url: &str, step: Step<'_>) {
        let inbox = url.trim_end_matches('/').rsplit('/').next().unwrap_or(url);
        let name = format!("{inbox} {}/{}: {}", step.number, step.count, step.step);
        if name != self.of {
            self.task = Some(desk.progress.begin(&name, 100, Unit::Things));
            self.of = name;
        }
        self.task.iter().for_each(|task| task.set(step.percent.into()));
    }
}

/// A folder for a URL: its host and path, whatever signs it holds, without leaving the folder.
fn folder_name(url: &str) -> Utf8PathBuf {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let parts = rest.split('/').filter(|part| !part.trim_matches('.').is_empty());
    let fit = |c: char| if c.is_ascii_alphanumeric() || "-._+~".contains(c) { c } else { '_' };
    parts.map(|part| part.chars().map(fit).collect::<String>()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn folders_stay_below_the_mirrors() {
        let check = |url, expected: &str| assert_eq!(super::folder_name(url), expected, "{url}");
        check("https://lore.kernel.org/linux-pci/", "lore.kernel.org/linux-pci");
        check("http://me:secret@127.0.0.1:8080/../x/./a b", "127.0.0.1_8080/x/a_b");
        check("file:///srv/mail", "srv/mail");
    }
}
