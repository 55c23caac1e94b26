//! Messages made ready for a store: packed, and with their words. Made on any thread, so that the
//! one writer has little to do.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::Timestamp;
use lorecast_model::{BlobId, Field, LonerKey, Message};

use crate::pack::Packer;
use crate::words::{self, Inflected, Stems};

/// A message, ready to be kept.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The message; its text and diff are packed away.
    pub message: Message,
    /// When this archive received it.
    pub(crate) received: Option<Timestamp>,
    /// Where its raw bytes are.
    pub(crate) raw: Raw,
    /// What it may be joined by, having no references.
    pub(crate) alone: Vec<LonerKey>,
    /// Text, diff and attachments, packed.
    pub(crate) packed: Vec<u8>,
    /// The words of each field, each behind a space.
    pub(crate) words: [String; Field::ALL.len()],
    /// The words that differ from their stem.
    pub(crate) inflected: Vec<Arc<Inflected>>,
}

/// The words of a message, by field.
#[derive(Clone, Debug, Default)]
pub struct Words([String; Field::ALL.len()]);

impl Words {
    /// Adds a piece of text.
    pub fn add(&mut self, field: Field, text: &str) {
        words::append(text, &mut self.0[field as usize]);
    }
}

/// What an archive knows about a message beside its content.
#[derive(Clone, Debug)]
pub struct Found {
    /// When it was received.
    pub received: Option<Timestamp>,
    /// Its raw bytes, or where they stay.
    pub raw: Raw,
    /// What it may be joined by, when it has no references.
    pub alone: Vec<LonerKey>,
}

/// The raw bytes of a mail. A git repository keeps them as well as anything could, names them by
/// their hash and is there anyway; mbox files and maildirs move, rotate and may be packed so that
/// nothing inside can be reached, so the store keeps a packed copy of those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// They stay in the archive's git repository.
    Blob(BlobId),
    /// They are kept in the store.
    Bytes(Vec<u8>),
}

/// Fields of hex digits, which have no stems.
const HEX: [Field; 3] = [Field::Pre, Field::Post, Field::PatchId];

thread_local! {
    // Their tables are larger than most mails: made once for each thread.
    static PACKER: RefCell<Packer> = RefCell::new(Packer::default());
    static STEMS: RefCell<Stems> = RefCell::new(Stems::default());
}

impl Entry {
    /// Packs a message with its words.
    pub fn new(mut message: Message, Words(words): Words, found: Found) -> Self {
        let of_language = Field::ALL.into_iter().filter(|field| !HEX.contains(field));
        let joined = of_language.map(|field| words[field as usize].as_str());
        let inflected = STEMS.with_borrow_mut(|stems| stems.inflected(joined));
        let (packed, raw) = PACKER.with_borrow_mut(|packer| {
            let raw = match found.raw {
                Raw::Bytes(bytes) => Raw::Bytes(packer.raw(&bytes)),
                blob => blob,
            };
            (packer.body(&message), raw)
        });
        // Many entries wait for the writer: they hold each text once.
        for text in [&mut message.text, &mut message.diff, &mut message.attached] {
            *text = String::new();
        }
        Self {
            message,
            received: found.received,
            raw,
            alone: found.alone,
            packed,
            words,
            inflected,
        }
    }

    /// What it may be joined by, having no references.
    pub fn alone(&self) -> &[LonerKey] {
        &self.alone
    }
}

/// Packs bytes as they are.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    PACKER.with_borrow_mut(|packer| packer.raw(bytes))
}
