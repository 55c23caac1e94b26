//! A folder of a bucket: its objects, one request at a time.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode,
    PutMultipartOptions, PutOptions, RetryConfig, UpdateVersion,
};

use super::parcel::Parcel;
use super::transport::Connector;
use crate::address::is_plain_path;
use crate::{Digest, PublishError};

/// The most pages of a list that are read, a thousand objects each: a site of ten thousand episodes has
/// fewer.
const MOST_PAGES: usize = 1_000;

/// How much of an object is read at a time, in bytes.
const RANGE: u64 = 8 << 20;

/// The name of our own proof among an object's metadata.
const PROOF: &str = "sha256";

/// What to do about most things that fail.
const AGAIN: &str = "try again: it goes on where it stopped";

/// Storage that speaks S3, and the folder of it that a site is carried to.
#[derive(Clone, Debug)]
pub struct Storage {
    /// `s3://bucket/folder`.
    pub to: String,
    /// Its address; that of Amazon when absent.
    pub endpoint: Option<String>,
    /// Where it stands; `us-east-1` when absent.
    pub region: Option<String>,
    /// Who we are.
    pub keys: Keys,
}

/// What proves to storage who we are. It is shown nowhere.
#[derive(Clone)]
pub struct Keys {
    /// `AWS_ACCESS_KEY_ID`.
    pub id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
    /// `AWS_SESSION_TOKEN`, with keys that are good for a while.
    pub token: Option<String>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

/// An open folder of a bucket.
pub(super) struct Bucket<'a> {
    storage: &'a Storage,
    store: AmazonS3,
    /// The folder with a `/` at its end; empty for the whole bucket.
    prefix: String,
}

/// What a list tells of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) bytes: u64,
    /// Without its quotation marks.
    pub(super) etag: String,
}

/// What an object tells of itself.
pub(super) struct Head {
    pub(super) listed: Listed,
    /// The digest that was sent along with it.
    pub(super) sha256: Option<Digest>,
    pub(super) content_type: String,
    pub(super) cache_control: String,
}

impl<'a> Bucket<'a> {
    /// Reads the address; nothing is asked yet.
    pub(super) fn open(storage: &'a Storage) -> Result<Self, PublishError> {
        let (bucket, prefix) = parse(&storage.to)?;
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(10),
                base: 2.,
            },
            max_retries: 5,
            retry_timeout: Duration::from_secs(180),
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_access_key_id(&storage.keys.id)
            .with_secret_access_key(&storage.keys.secret)
            .with_retry(retry)
            // Not every storage has the other way of deleting.
            .with_disable_bulk_delete(true)
            .with_http_connector(Connector);
        if let Some(token) = &storage.keys.token {
            builder = builder.with_token(token);
        }
        if let Some(endpoint) = &storage.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = &storage.region {
            builder = builder.with_region(region);
        }
        let store =
            builder.build().map_err(|error| failed(storage, "reach", &storage.to, &error))?;
        Ok(Self { storage, store, prefix })
    }

    /// What an object is called in messages.
    pub(super) fn name(&self, path: &Utf8Path) -> String {
        format!("{}/{path}", self.storage.to.trim_end_matches('/'))
    }

    /// Every object whose name could be that of one of ours.
    pub(super) fn list(&self) -> Result<BTreeMap<Utf8PathBuf, Listed>, PublishError> {
        let fails = |error: &Error| failed(self.storage, "list", &self.storage.to, error);
        let mut found = BTreeMap::new();
        let mut page_token = None;
        for _ in 0..MOST_PAGES {
            let options = PaginatedListOptions { page_token, ..Default::default() };
            let prefix = Some(self.prefix.as_str()).filter(|prefix| !prefix.is_empty());
            let page = wait(self.store.list_paginated(prefix, options))?.map_err(|e| fails(&e))?;
            for object in page.result.objects {
                let name = object.location.as_ref().strip_prefix(&self.prefix);
                let Some(name) =
                    name.filter(|n| is_plain_path(n) || *n == super::remembered::PLACE)
                else {
                    continue;
                };
                let etag = bare(object.e_tag);
                found.insert(Utf8PathBuf::from(name), Listed { bytes: object.size, etag });
            }
            page_token = page.page_token;
            if page_token.is_none() {
                return Ok(found);
            }
        }
        Err(self.odd("list", Utf8Path::new(""), "the list does not end after a million objects"))
    }

    /// Asks an object about itself; `None` when it is not there.
    pub(super) fn head(&self, path: &Utf8Path) -> Result<Option<Head>, PublishError> {
        let options = GetOptions { head: true, ..Default::default() };
        let answer = match wait(self.store.get_opts(&self.key(path), options))? {
            Ok(answer) => answer,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(self.failed("look at", path, &error)),
        };
        let said = |key: &Attribute| answer.attributes.get(key).map(|v| v.to_string());
        Ok(Some(Head {
            sha256: said(&Attribute::Metadata(PROOF.into())).and_then(|hex| Digest::parse(&hex)),
            content_type: said(&Attribute::ContentType).unwrap_or_default(),
            cache_control: said(&Attribute::CacheControl).unwrap_or_default(),
            listed: Listed { bytes: answer.meta.size, etag: bare(answer.meta.e_tag) },
        }))
    }

    /// The bytes of a small object.
    pub(super) fn read(&self, path: &Utf8Path, bytes: u64) -> Result<Vec<u8>, PublishError> {
        if bytes == 0 {
            return Ok(Vec::new());
        }
        let read = wait(self.store.get_range(&self.key(path), 0..bytes))?;
        read.map(Into::into).map_err(|error| self.failed("read", path, &error))
    }

    /// The bytes of a small object as one, with its ETag; `None` when it is not there.
    pub(super) fn read_tagged(
        &self,
        path: &Utf8Path,
        most: u64,
    ) -> Result<Option<(Vec<u8>, String)>, PublishError> {
        let fails = |error: &Error| self.failed("read", path, error);
        let answer = wait(async {
            let answer = self.store.get(&self.key(path)).await?;
            if answer.meta.size > most {
                return Ok((Vec::new(), answer.meta));
            }
            let meta = answer.meta.clone();
            answer.bytes().await.map(|bytes| (bytes.into(), meta))
        })?;
        match answer {
            Ok((_, meta)) if meta.size > most => {
                Err(self.odd("read", path, &format!("it has more than {most} bytes")))
            }
            Ok((bytes, meta)) => Ok(Some((bytes, bare(meta.e_tag)))),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(fails(&error)),
        }
    }

    /// Writes a small object if it still is what its ETag says; if there is none, without one. The new ETag; `None` when
    /// another one was there before. Storage that knows no conditions writes it in any case.
    pub(super) fn put_if(
        &self,
        path: &Utf8Path,
        content: Vec<u8>,
        before: Option<&str>,
    ) -> Result<Option<String>, PublishError> {
        let mode = before.map_or(PutMode::Create, |etag| {
            PutMode::Update(UpdateVersion { e_tag: Some(format!("\"{etag}\"")), version: None })
        });
        let options = PutOptions { mode, ..Default::default() };
        match wait(self.store.put_opts(&self.key(path), content.into(), options))? {
            Ok(put) => Ok(Some(bare(put.e_tag))),
            Err(Error::Precondition { .. } | Error::AlreadyExists { .. }) => Ok(None),
            Err(error) => Err(self.failed("write", path, &error)),
        }
    }

    /// The digest of what an object holds, which is read whole, a range at a time; `progress` hears of
    /// each.
    pub(super) fn digest(
        &self,
        path: &Utf8Path,
        bytes: u64,
        progress: &dyn Fn(u64),
    ) -> Result<Digest, PublishError> {
        let mut digest = Digest::begin();
        let whole = self.in_pieces(path, bytes, &mut |piece| {
            digest.add(piece);
            progress(piece.len() as u64);
            Ok(())
        })?;
        match whole {
            true => Ok(digest.end()),
            false => Err(self.odd("read back", path, "it is not there any more")),
        }
    }

    /// Reads an object whole, a range at a time; false when it is not there.
    pub(super) fn in_pieces(
        &self,
        path: &Utf8Path,
        bytes: u64,
        take: &mut dyn FnMut(&[u8]) -> Result<(), PublishError>,
    ) -> Result<bool, PublishError> {
        let key = self.key(path);
        let mut from = 0;
        while from < bytes {
            let to = bytes.min(from + RANGE);
            match wait(self.store.get_range(&key, from..to))? {
                Ok(piece) => take(&piece)?,
                Err(Error::NotFound { .. }) => return Ok(false),
                Err(error) => return Err(self.failed("read back", path, &error)),
            }
            from = to;
        }
        Ok(true)
    }

    /// Sends an object whole.
    pub(super) fn put(&self, parcel: &Parcel, content: Vec<u8>) -> Result<(), PublishError> {
        let options = PutOptions { attributes: attributes(parcel), ..Default::default() };
        let sent = wait(self.store.put_opts(&self.key(&parcel.path), content.into(), options))?;
        sent.map(drop).map_err(|error| self.failed("send", &parcel.path, &error))
    }

    /// Begins an object that is sent in parts.
    pub(super) fn begin(&self, parcel: &Parcel) -> Result<String, PublishError> {
        let options = PutMultipartOptions { attributes: attributes(parcel), ..Default::default() };
        let begun = wait(self.store.create_multipart_opts(&self.key(&parcel.path), options))?;
        begun.map_err(|error| self.failed("begin to send", &parcel.path, &error))
    }

    /// Sends a part, counted from 0, and returns its tag; `None` when the storage no longer knows the
    /// object that was begun.
    pub(super) fn put_part(
        &self,
        path: &Utf8Path,
        upload: &String,
        index: usize,
        content: Vec<u8>,
    ) -> Result<Option<String>, PublishError> {
        match wait(self.store.put_part(&self.key(path), upload, index, content.into()))? {
            Ok(part) => Ok(Some(part.content_id)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("send", path, &error)),
        }
    }

    /// Makes an object of its parts; false when the storage no longer knows them.
    pub(super) fn complete(
        &self,
        path: &Utf8Path,
        upload: &String,
        parts: &[String],
    ) -> Result<bool, PublishError> {
        let parts = parts.iter().map(|tag| PartId { content_id: tag.clone() }).collect();
        match wait(self.store.complete_multipart(&self.key(path), upload, parts))? {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.failed("put together", path, &error)),
        }
    }

    /// Gives up an object that was begun. Storage clears away what is left, sooner or later.
    pub(super) fn give_up(&self, path: &Utf8Path, upload: &String) {
        let _ = wait(self.store.abort_multipart(&self.key(path), upload));
    }

    /// Takes an object away.
    pub(super) fn remove(&self, path: &Utf8Path) -> Result<(), PublishError> {
        match wait(self.store.delete(&self.key(path)))? {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("delete", path, &error)),
        }
    }

    /// An object that is not what it should be.
    pub(super) fn odd(&self, doing: &'static str, path: &Utf8Path, why: &str) -> PublishError {
        PublishError::Storage { doing, object: self.name(path), why: why.to_owned(), next: AGAIN }
    }

    fn failed(&self, doing: &'static str, path: &Utf8Path, error: &Error) -> PublishError {
        failed(self.storage, doing, &self.name(path), error)
    }

    fn key(&self, path: &Utf8Path) -> Path {
        Path::from(format!("{}{path}", self.prefix))
    }
}

/// Whether an address names storage and not a folder.
pub fn is_storage(to: &str) -> bool {
    to.starts_with("s3://")
}

fn parse(to: &str) -> Result<(&str, String), PublishError> {
    let rest = to.strip_prefix("s3://").unwrap_or_default().trim_end_matches('/');
    let (bucket, folder) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    if is_plain_path(bucket) && (folder.is_empty() || is_plain_path(folder)) {
        return Ok((bucket, prefix));
    }
    Err(PublishError::StorageAddress { to: to.to_owned() })
}

fn attributes(parcel: &Parcel) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, parcel.content_type().into());
    attributes.insert(Attribute::CacheControl, parcel.cache_control().into());
    attributes.insert(Attribute::Metadata(PROOF.into()), parcel.sha256.to_string().into());
    attributes
}

/// Some storage writes an ETag with quotation marks in one place and without in another.
fn bare(etag: Option<String>) -> String {
    etag.unwrap_or_default().trim_matches('"').to_owned()
}

/// Waits on this thread; the runtime counts the pauses between attempts and nothing else.
fn wait<T>(future: impl Future<Output = T>) -> Result<T, PublishError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    Ok(runtime.map_err(PublishError::file("start", "a runtime"))?.block_on(future))
}

fn failed(storage: &Storage, doing: &'static str, object: &str, error: &Error) -> PublishError {
    let text = error.to_string();
    let says = |codes: &[&str]| codes.iter().any(|code| text.contains(&format!("<Code>{code}")));
    let refused = says(&["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"])
        || matches!(error, Error::PermissionDenied { .. } | Error::Unauthenticated { .. });
    let next = match () {
        () if says(&["NoSuchBucket"]) => "make the bucket, or correct its address in `show.yaml`",
        () if refused => {
            "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do in this bucket"
        }
        () => AGAIN,
    };
    let Keys { id, secret, token } = &storage.keys;
    let mut why = said(&text);
    for hidden in [Some(secret), Some(id), token.as_ref()].into_iter().flatten() {
        if !hidden.is_empty() {
            why = why.replace(hidden.as_str(), "…");
        }
    }
    PublishError::Storage { doing, object: object.to_owned(), why, next }
}

/// What the storage said, in a few words: the code and the message of its answer, or else what the
/// connection did.
fn said(error: &str) -> String {
    let element = |name: &str| {
        let (_, rest) = error.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(text, _)| text.trim())
    };
    let last = error.rsplit(" - ").next().unwrap_or(error);
    let text = match (element("Code"), element("Message")) {
        (Some(code), Some(message)) => format!("the storage says {code}: {message}"),
        (Some(code), None) => format!("the storage says {code}"),
        _ => last.to_owned(),
    };
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(300).collect::<String>().trim_end_matches(['.', ' ', ':']).to_owned()
}
