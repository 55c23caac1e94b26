//! `maintainers:` in `show.yaml`.

use std::fmt;

use camino::Utf8PathBuf;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where `MAINTAINERS` is read from: a path alone, or a mapping with `path:` and what else it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowMaintainers {
    /// The file, a folder that holds it, or a git repository (bare or not), relative to `show.yaml`.
    pub path: Utf8PathBuf,
    /// The branch of the repository; HEAD when absent.
    pub branch: Option<String>,
    /// A file that lists the folders of the tree, one a line, for a `MAINTAINERS` file that lies
    /// outside of its tree. Relative to `show.yaml`.
    pub folders: Option<Utf8PathBuf>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapping {
    path: Utf8PathBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folders: Option<Utf8PathBuf>,
}

impl Serialize for ShowMaintainers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { path, branch, folders } = self.clone();
        if branch.is_none() && folders.is_none() {
            return path.serialize(serializer);
        }
        Mapping { path, branch, folders }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ShowMaintainers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = ShowMaintainers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path, or a mapping with `path:`")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<ShowMaintainers, E> {
        Ok(ShowMaintainers { path: path.into(), branch: None, folders: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ShowMaintainers, A::Error> {
        let Mapping { path, branch, folders } =
            Mapping::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ShowMaintainers { path, branch, folders })
    }
}
