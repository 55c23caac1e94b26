//! The list of repositories that public-inbox offers as `manifest.js.gz`: a JSON object by path,
//! as grokmirror reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use serde::de::IgnoredAny;

use super::location::Location;
use super::parts::EPOCHS;
use crate::discover::epoch_number;

/// How long a server may take, in seconds.
const PATIENCE: u64 = 60;
/// A longer answer is none, in bytes. An inbox with a hundred epochs takes 10 KiB.
const PACKED: u64 = 1 << 20;
/// What it may unpack to, in bytes.
const UNPACKED: u64 = 16 << 20;

/// The epochs that a server has of an inbox; none when it has no list of them.
pub(super) fn epochs(inbox: &Location) -> BTreeSet<u32> {
    match fetch(inbox) {
        Ok(manifest) => read(&manifest, inbox.name()).into_iter().take(EPOCHS).collect(),
        Err(error) => {
            tracing::debug!("no manifest at `{inbox}`: {error}");
            BTreeSet::new()
        }
    }
}

fn fetch(inbox: &Location) -> Result<Vec<u8>, ureq::Error> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(PATIENCE)))
        // Nobody is asked but the server that was named; without a list, epochs are tried out.
        .max_redirects(0)
        .user_agent(concat!("lorecast/", env!("CARGO_PKG_VERSION")))
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let answer = agent.get(inbox.join("manifest.js.gz").as_str()).call()?;
    answer.into_body().with_config().limit(PACKED).read_to_vec()
}

/// The numbers in paths such as `/linux-pci/git/0.git` of the inbox of this name; of any inbox when
/// the name is empty.
fn read(manifest: &[u8], name: &str) -> BTreeSet<u32> {
    let mut json = Vec::new();
    let unpacked = match manifest.starts_with(b"\x1f\x8b") {
        true => MultiGzDecoder::new(manifest).take(UNPACKED).read_to_end(&mut json),
        false => manifest.take(UNPACKED).read_to_end(&mut json),
    };
    let read = unpacked.map_err(serde_json::Error::io);
    match read.and_then(|_| serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(&json)) {
        Ok(paths) => paths.keys().filter_map(|path| epoch(path, name)).collect(),
        Err(error) => {
            tracing::warn!(
                "the manifest of `{name}` is damaged, the epochs are tried out: {error}"
            );
            BTreeSet::new()
        }
    }
}

fn epoch(path: &str, name: &str) -> Option<u32> {
    let (inbox, file) = path.rsplit_once("/git/")?;
    let of_it = name.is_empty() || inbox.rsplit('/').next() == Some(name);
    epoch_number(file).filter(|_| of_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(manifest: &[u8], name: &str, epochs: &[u32]) {
        assert_eq!(read(manifest, name).into_iter().collect::<Vec<_>>(), epochs);
    }

    #[test]
    fn only_the_epochs_of_the_inbox_count() {
        let manifest =
            br#"{"/x/git/0.git": {"modified": 1}, "/x/git/10.git": {}, "/y/git/3.git": {},
            "/x/git/01.git": {}, "/x": {}, "/x/git/all.git": {}, "/pub/x/git/2.git": null}"#;
        check(manifest, "x", &[0, 2, 10]);
        check(manifest, "", &[0, 2, 3, 10]);
        check(manifest, "z", &[]);
    }

    #[test]
    fn what_is_no_manifest_names_no_epochs() {
        let bomb = lorecast_testkit::packed::gzip(&vec![b' '; 20 << 20]);
        for manifest in [&b""[..], b"<html>", b"[1]", b"\x1f\x8bnonsense", &bomb] {
            check(manifest, "x", &[]);
        }
    }
}
