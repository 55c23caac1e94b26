//! Carries a published folder to storage: what lasts first, the feed last, what is gone taken away after
//! it, so that a reader never meets a missing file. Each object is looked at again once it is there.

use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use super::bucket::{Bucket, Listed, Storage};
use super::parcel::{Parcel, Turn};
use super::remembered::{self, Remembered};
use super::unfinished::{Unfinished, Upload};
use super::{Delivery, Written};
use crate::{Digest, PublishError};

/// How many objects are on their way at the same time.
const HANDS: usize = 6;

/// A larger file is sent in parts of this size, in bytes; storage takes no smaller ones than 5 MiB.
const PART: u64 = 8 << 20;

/// What a delivery to storage is to do.
#[derive(Clone, Copy, Debug)]
pub struct Shipment<'a> {
    /// The files of the site.
    pub parcels: &'a [Parcel],
    /// Where to.
    pub storage: &'a Storage,
}

/// What is known of a parcel before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is there.
    Stays,
    /// An interrupted delivery seems to have brought it: it is looked at, and sent when it is not whole.
    Found,
    /// It is to be sent; whether nothing is there yet.
    Sent { new: bool },
}

/// What would be done, and what is known of the storage.
struct Plan {
    states: Vec<State>,
    remembered: Remembered,
    removed: Vec<Utf8PathBuf>,
    /// Whether there is a list of what was delivered.
    has_list: bool,
}

impl Shipment<'_> {
    /// What [`Shipment::send`] would do. Nothing is written.
    ///
    /// # Errors
    /// When the storage cannot be asked, or an object of somebody else stands in the way.
    pub fn preview(&self) -> Result<Delivery, PublishError> {
        let bucket = Bucket::open(self.storage)?;
        let plan = self.plan(&bucket)?;
        Ok(self.delivery(&plan))
    }

    /// Sends what the storage does not have from the published folder `from`, and takes away what an
    /// earlier delivery brought and is no longer part of the site. `unfinished` is a file of ours that
    /// remembers the parts of large files. `progress` hears how many bytes of how many are done.
    ///
    /// # Errors
    /// When the storage refuses, cannot be reached, or does not hold what was sent to it. The feed that
    /// is out stays then, and the next call goes on.
    pub fn send(
        &self,
        from: &Utf8Path,
        unfinished: &Utf8Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Delivery, PublishError> {
        let bucket = Bucket::open(self.storage)?;
        let mut plan = self.plan(&bucket)?;
        let delivery = self.delivery(&plan);
        let jobs: Vec<(&Parcel, State)> = self
            .parcels
            .iter()
            .zip(plan.states.iter().copied())
            .filter(|(_, s)| *s != State::Stays)
            .collect();
        if jobs.is_empty() && plan.removed.is_empty() && plan.has_list {
            return Ok(delivery);
        }
        let total = jobs.iter().map(|(parcel, state)| work(parcel, *state)).sum();
        let place = |path: &Utf8Path| from.join(path);
        let unfinished = Unfinished::open(unfinished);
        let carrier = Carrier { bucket: &bucket, place: &place, unfinished };
        let mut done = 0;
        for turn in [Turn::Lasting, Turn::Page, Turn::Feed, Turn::TheFeed] {
            let now: Vec<_> =
                jobs.iter().filter(|(parcel, _)| parcel.turn == turn).copied().collect();
            let arrived = carrier.carry(&now, &mut |bytes| {
                done += bytes;
                progress(done, total);
            })?;
            for (parcel, listed) in arrived {
                plan.remembered.add(parcel, &listed.etag);
            }
        }
        // Until they are gone, the list knows them: an interruption here is made good next time.
        plan.remembered.write(&bucket)?;
        for path in &plan.removed {
            bucket.remove(path)?;
        }
        if !plan.removed.is_empty() {
            plan.remembered.only(self.parcels).write(&bucket)?;
        }
        Ok(delivery)
    }

    fn plan(&self, bucket: &Bucket<'_>) -> Result<Plan, PublishError> {
        let listed = bucket.list()?;
        let list = listed.get(Utf8Path::new(remembered::PLACE));
        let remembered = Remembered::read(bucket, list)?;
        let mut states = Vec::with_capacity(self.parcels.len());
        for parcel in self.parcels {
            states.push(match listed.get(&parcel.path) {
                None => State::Sent { new: true },
                Some(there) if remembered.has(parcel, there) => State::Stays,
                Some(_) => found(bucket, parcel, remembered.knows(&parcel.path))?,
            });
        }
        let removed = remembered.gone(self.parcels, &listed);
        Ok(Plan { states, removed, remembered, has_list: list.is_some() })
    }

    fn delivery(&self, plan: &Plan) -> Delivery {
        let files = self.parcels.iter().zip(&plan.states).map(|(parcel, state)| Written {
            path: parcel.path.clone(),
            bytes: parcel.bytes,
            changed: matches!(state, State::Sent { .. }),
            new: *state == State::Sent { new: true },
        });
        Delivery { files: files.collect(), removed: plan.removed.clone() }
    }
}

/// What to do about an object that is there and that our list does not vouch for.
fn found(bucket: &Bucket<'_>, parcel: &Parcel, known: bool) -> Result<State, PublishError> {
    let Some(head) = bucket.head(&parcel.path)? else { return Ok(State::Sent { new: true }) };
    if head.sha256.is_none() && !known {
        return Err(PublishError::Foreign { path: bucket.name(&parcel.path).into() });
    }
    let same = head.sha256 == Some(parcel.sha256)
        && head.listed.bytes == parcel.bytes
        && head.content_type == parcel.content_type()
        && head.cache_control == parcel.cache_control();
    Ok(if same { State::Found } else { State::Sent { new: false } })
}

/// How many bytes a parcel takes, there and back.
fn work(parcel: &Parcel, state: State) -> u64 {
    let there = if state == State::Found { 0 } else { parcel.bytes };
    let back = if parcel.is_read_back() { parcel.bytes } else { 0 };
    there + back
}

/// Carries parcels.
pub(super) struct Carrier<'a> {
    pub(super) bucket: &'a Bucket<'a>,
    /// Where the file of a parcel lies, by its path.
    pub(super) place: &'a (dyn Fn(&Utf8Path) -> Utf8PathBuf + Sync),
    pub(super) unfinished: Unfinished,
}

/// A parcel that has arrived, as the storage tells of it.
pub(super) type Arrived<'a> = (&'a Parcel, Listed);

impl Carrier<'_> {
    /// Carries some parcels, in any order; after the first failure none is begun.
    pub(super) fn carry<'p>(
        &self,
        jobs: &[(&'p Parcel, State)],
        progress: &mut dyn FnMut(u64),
    ) -> Result<Vec<Arrived<'p>>, PublishError> {
        let next = AtomicUsize::new(0);
        let failure = Mutex::new(None);
        let arrived = Mutex::new(Vec::with_capacity(jobs.len()));
        let hand = |say: Sender<u64>| {
            while let Some((parcel, state)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                match self.deliver(parcel, *state, &say) {
                    Ok(listed) => {
                        arrived
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push((*parcel, listed));
                    }
                    Err(error) => {
                        next.store(jobs.len(), Ordering::Relaxed);
                        failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let (say, hear) = channel();
            for _ in 0..HANDS.min(jobs.len()) {
                let say = say.clone();
                scope.spawn(|| hand(say));
            }
            drop(say);
            hear.into_iter().for_each(progress);
        });
        match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(arrived.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    fn deliver(
        &self,
        parcel: &Parcel,
        state: State,
        say: &Sender<u64>,
    ) -> Result<Listed, PublishError> {
        if state == State::Found
            && let Ok(listed) = self.look_again(parcel, say)
        {
            return Ok(listed);
        }
        if parcel.bytes > PART {
            self.send_in_parts(parcel, say)?;
        } else {
            self.bucket.put(parcel, self.content(parcel)?)?;
            tell(say, parcel.bytes);
        }
        self.look_again(parcel, say)
    }

    /// Whether the storage holds what was sent: what it says of it, and for sound and feeds what it gives
    /// back.
    fn look_again(&self, parcel: &Parcel, say: &Sender<u64>) -> Result<Listed, PublishError> {
        let path = &parcel.path;
        let odd = |why: &str| self.bucket.odd("rely on", path, why);
        let Some(head) = self.bucket.head(path)? else {
            return Err(odd("it was sent and is not there"));
        };
        let (there, bytes) = (head.listed.bytes, parcel.bytes);
        if there != bytes {
            return Err(odd(&format!("{bytes} bytes were sent and {there} are there")));
        }
        let sha256 = if parcel.is_read_back() {
            Some(self.bucket.digest(path, bytes, &|bytes| tell(say, bytes))?)
        } else {
            head.sha256
        };
        match sha256 == Some(parcel.sha256) {
            true => Ok(head.listed),
            false => Err(odd("what is there is not what was sent")),
        }
    }

    /// The bytes of a small file.
    fn content(&self, parcel: &Parcel) -> Result<Vec<u8>, PublishError> {
        let path = (self.place)(&parcel.path);
        let mut bytes = Vec::new();
        let read = File::open(&path).and_then(|f| f.take(parcel.bytes + 1).read_to_end(&mut bytes));
        read.map_err(PublishError::file("read", &path))?;
        match Digest::of(&bytes) == parcel.sha256 {
            true => Ok(bytes),
            false => Err(PublishError::ReadBack { path }),
        }
    }

    /// Sends a large file in parts, and goes on where an earlier delivery stopped.
    fn send_in_parts(&self, parcel: &Parcel, say: &Sender<u64>) -> Result<(), PublishError> {
        let object = self.bucket.name(&parcel.path);
        let sha256 = parcel.sha256.to_string();
        let begun = self.unfinished.of(&object).filter(|u| u.sha256 == sha256 && u.part == PART);
        if let Some(upload) = begun
            && self.send_rest(parcel, &object, upload, say)?
        {
            return Ok(());
        }
        let id = self.bucket.begin(parcel)?;
        let upload = Upload { id, sha256, part: PART, parts: Vec::new() };
        match self.send_rest(parcel, &object, upload, say)? {
            true => Ok(()),
            false => Err(self.bucket.odd("send", &parcel.path, "the storage forgot parts of it")),
        }
    }

    /// Sends what is missing of an object that was begun; false when the storage forgot it.
    fn send_rest(
        &self,
        parcel: &Parcel,
        object: &str,
        mut upload: Upload,
        say: &Sender<u64>,
    ) -> Result<bool, PublishError> {
        let path = (self.place)(&parcel.path);
        let mut file = File::open(&path).map_err(PublishError::file("read", &path))?;
        let mut digest = Digest::begin();
        for index in 0.. {
            let mut bytes = Vec::new();
            let read = (&mut file).take(PART).read_to_end(&mut bytes);
            if read.map_err(PublishError::file("read", &path))? == 0 {
                break;
            }
            digest.add(&bytes);
            let length = bytes.len() as u64;
            if index >= upload.parts.len() {
                let Some(tag) = self.bucket.put_part(&parcel.path, &upload.id, index, bytes)?
                else {
                    self.unfinished.keep(object, None);
                    return Ok(false);
                };
                upload.parts.push(tag);
                self.unfinished.keep(object, Some(&upload));
            }
            tell(say, length);
        }
        // From here on the parts are one object, or of no use.
        self.unfinished.keep(object, None);
        if digest.end() != parcel.sha256 {
            self.bucket.give_up(&parcel.path, &upload.id);
            return Err(PublishError::ReadBack { path });
        }
        self.bucket.complete(&parcel.path, &upload.id, &upload.parts)
    }
}

/// Nobody listening is no failure.
fn tell(say: &Sender<u64>, bytes: u64) {
    let _ = say.send(bytes);
}
