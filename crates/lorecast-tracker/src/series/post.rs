//! A message that posts a cover letter or a patch.

use jiff::Timestamp;
use lorecast_mail::{patch_id, subject_tags};
use lorecast_model::{Mailbox, Message, MessageId, SubjectTags, Version};

use super::title;
use crate::stamp::Stamp;
use crate::{person, state};

/// A message that is a cover letter or a patch.
pub(super) struct Post<'m> {
    pub(super) message: &'m Message,
    pub(super) tags: SubjectTags,
    /// `n` of `n/m`; 0 for a cover letter, 1 for a single patch.
    pub(super) number: u32,
    /// `m` of `n/m`; 0 when there is none.
    pub(super) total: u32,
    stamp: Option<Stamp<'m>>,
}

impl<'m> Post<'m> {
    /// Reads a message; nothing when it is an answer, a pull request, an announcement, a bot's
    /// notice of a commit, or when neither its subject nor its content makes it a patch.
    pub(super) fn read(message: &'m Message) -> Option<Self> {
        let tags = subject_tags(&message.header.subject);
        let other = tags.reply || tags.pull || tags.announce;
        if other || !(tags.patch || is_bare_patch(message)) {
            return None;
        }
        if state::is_commit_notice(&message.header) {
            return None;
        }
        Some(Self::new(message, tags))
    }

    /// A mail that introduces patches without saying `0/m`. Its version may stand behind its title.
    pub(super) fn plain_cover(message: &'m Message) -> Option<Self> {
        let mut tags = subject_tags(&message.header.subject);
        if tags.reply || tags.pull || tags.announce || tags.number.is_some() {
            return None;
        }
        let (title, version) = title::without_version(&tags.title);
        if let Some(version) = version {
            tags.version = tags.version.max(version);
        }
        tags.title = title.to_owned();
        let mut post = Self::new(message, tags);
        (post.number, post.total) = (0, 0);
        Some(post)
    }

    fn new(message: &'m Message, tags: SubjectTags) -> Self {
        let (number, total) = (tags.number.unwrap_or(1), tags.total.unwrap_or(0));
        Self { message, tags, number, total, stamp: Stamp::of(&message.header.id) }
    }

    pub(super) fn id(&self) -> &'m MessageId {
        &self.message.header.id
    }

    pub(super) fn author(&self) -> &'m Mailbox {
        &self.message.header.from
    }

    pub(super) fn date(&self) -> Timestamp {
        self.message.header.date
    }

    pub(super) fn parent(&self) -> Option<&'m MessageId> {
        self.message.header.references.last()
    }

    pub(super) fn answers(&self, id: &MessageId) -> bool {
        self.message.header.references.contains(id)
    }

    /// Whether somebody else repeats the subject of what this answers and brings no change: some mailers
    /// write no `Re:`.
    pub(super) fn is_answer_to(&self, parent: &Message) -> bool {
        self.message.diff.is_empty()
            && self.message.attached.is_empty()
            && self.tags == subject_tags(&parent.header.subject)
            && !person::same(self.author(), &parent.header.from)
    }

    pub(super) fn version(&self) -> Version {
        self.tags.version
    }

    /// Whether both came from one sender: by name, by address, or because they were sent together
    /// (some lists write their own address into From).
    pub(super) fn is_by_sender_of(&self, other: &Self) -> bool {
        self.sent_with(other) == Some(true) || person::same(self.author(), other.author())
    }

    /// Whether their ids say that they were sent together; nothing when they do not tell.
    pub(super) fn sent_with(&self, other: &Self) -> Option<bool> {
        let (one, other) = (self.stamp?, other.stamp?);
        Some(one.agrees(other))
    }
}

/// A change that is posted without PATCH: a diff that applies, in a mail that is no bot's notice. The
/// subject has said already that it is no answer.
fn is_bare_patch(message: &Message) -> bool {
    /// How the notices of -mm and stable begin.
    const NOTICES: [&str; 2] = ["The patch titled", "This is a note to let you know"];
    let text = message.text.trim_start();
    !NOTICES.iter().any(|notice| text.starts_with(notice))
        && message.diff.starts_with("diff --git ")
        && patch_id(&message.diff).is_some()
}
