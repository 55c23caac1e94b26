//! A published site to storage that speaks S3.

use camino::Utf8Path;
use lorecast_model::{Show, ShowDelivery};
use lorecast_publisher::{Delivery, Keys, Parcel, Shipment, Storage, is_storage};

use crate::{Desk, DeskError, Result, Unit};

/// Whether a published site is carried on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Deliver {
    /// It stays in its folder.
    #[default]
    No,
    /// Where `deliver:` in `show.yaml` says, if it does.
    AsSet,
    /// To this storage: `s3://bucket/folder`.
    To(String),
}

/// What was carried to storage, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// `s3://bucket/folder`.
    pub to: String,
    /// Each file of the site, and what went away.
    pub what: Delivery,
}

/// The storage that a show is carried to, with the keys of the environment.
pub(crate) fn storage(show: &Show, deliver: &Deliver) -> Result<Option<Storage>> {
    let settings = show.deliver.as_ref();
    let to = match deliver {
        Deliver::No => None,
        Deliver::AsSet => settings.map(|settings| settings.to.as_str()),
        Deliver::To(to) => Some(to.as_str()),
    };
    to.map(|to| storage_at(to, settings)).transpose()
}

/// Storage by its address, with the keys of the environment.
pub(crate) fn storage_at(to: &str, settings: Option<&ShowDelivery>) -> Result<Storage> {
    if !is_storage(to) {
        return Err(DeskError::Destination { to: to.to_owned() });
    }
    let or_env = |set: Option<&String>, names: &[&str]| {
        set.cloned().or_else(|| names.iter().find_map(|name| env(name)))
    };
    Ok(Storage {
        to: to.to_owned(),
        endpoint: or_env(
            settings.and_then(|s| s.endpoint.as_ref()),
            &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"],
        ),
        region: or_env(
            settings.and_then(|s| s.region.as_ref()),
            &["AWS_REGION", "AWS_DEFAULT_REGION"],
        ),
        keys: Keys {
            id: needed("AWS_ACCESS_KEY_ID", to)?,
            secret: needed("AWS_SECRET_ACCESS_KEY", to)?,
            token: env("AWS_SESSION_TOKEN"),
        },
    })
}

impl Desk<'_> {
    /// Carries the published folder to storage.
    pub(crate) fn deliver(
        &self,
        from: &Utf8Path,
        parcels: &[Parcel],
        storage: &Storage,
        dry_run: bool,
    ) -> Result<Delivered> {
        let shipment = Shipment { parcels, storage };
        let what = if dry_run {
            shipment.preview()?
        } else {
            let mut task = None;
            shipment.send(from, &self.dir.uploads(), &mut |done, total| {
                task.get_or_insert_with(|| self.progress.begin("delivering", total, Unit::Bytes))
                    .set(done);
            })?
        };
        Ok(Delivered { to: storage.to.clone(), what })
    }
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn needed(name: &'static str, to: &str) -> Result<String> {
    env(name).ok_or_else(|| DeskError::NoKeys { name, to: to.to_owned() })
}
