//! Where a published site is carried to, and where servers keep the files of episodes for each other.

use serde::{Deserialize, Serialize};

/// `deliver:` and `media:` in `show.yaml`: storage that speaks S3. The keys are never written here: they are in the
/// environment, as `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "storage, as `{to: s3://bucket/folder}`")]
pub struct ShowDelivery {
    /// The bucket and the folder in it: `s3://bucket/folder`.
    pub to: String,
    /// The storage's address, such as `https://s3.example.org`; that of Amazon when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Where the storage stands, such as `eu-central-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}
