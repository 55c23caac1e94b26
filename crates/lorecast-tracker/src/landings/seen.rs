//! A commit, boiled down to what a posted patch is compared with.

use jiff::Timestamp;
use lorecast_model::{Commit, CommitId, Mailbox, MessageId};

use super::people::same_person;
use super::posted::mailbox;
use super::print::Print;
use super::renames::with_renames;
use super::robots::upstream_of;

/// How many mails a commit message may name; the last ones count.
const NAMES: usize = 64;

/// How many people may have signed a commit.
const SIGNERS: usize = 64;

/// How many lines of a commit message are read.
const LINES: usize = 10_000;

/// How many diff settings of a commit count.
const DIFFS: usize = 8;

/// The start of a commit's name, at least seven digits, as people quote it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommitPrefix(String);

impl CommitPrefix {
    /// Reads 7 to 64 hex digits.
    pub fn new(text: &str) -> Option<Self> {
        let hex = (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The digits, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a commit's name starts like this.
    pub fn fits(&self, id: &CommitId) -> bool {
        id.as_str().starts_with(&self.0)
    }
}

/// How a commit message names a mail, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Naming {
    /// Somewhere in the text, or in a trailer about something else: a report, a discussion.
    Mention,
    /// In a `Link:` or `Message-ID:` trailer.
    Link,
    /// In the last of these: where maintainers' tools put the mail that they applied.
    Posting,
}

/// A mail that a commit message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The mail.
    pub id: MessageId,
    /// How it is named.
    pub how: Naming,
}

/// A commit boiled down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name.
    pub id: CommitId,
    /// Who wrote the change.
    pub author: Mailbox,
    /// When it was written, UTC: for `git am` the date of the mail.
    pub authored: Timestamp,
    /// Who put it into the tree.
    pub committer: Mailbox,
    /// When it was put there, UTC.
    pub committed: Timestamp,
    /// The first line of the message.
    pub title: String,
    /// The mails that the message names, each once.
    pub named: Vec<Named>,
    /// Who else had a hand in writing it: `Signed-off-by`, `Co-developed-by` and the like, without
    /// the committer.
    pub signers: Vec<Mailbox>,
    /// The prints of its diffs, each once.
    pub prints: Vec<Print>,
    /// It joins histories.
    pub merge: bool,
    /// The commit that it takes back: `This reverts commit …`.
    pub reverts: Option<CommitPrefix>,
    /// The commit that it was carried over from: `commit … upstream.`, `[ Upstream commit … ]`,
    /// `(cherry picked from commit …)`.
    pub upstream: Option<CommitPrefix>,
}

impl Seen {
    /// Boils a commit down.
    pub fn read(commit: &Commit) -> Self {
        let mut prints: Vec<Print> = Vec::new();
        let renamed = commit.diffs.first().and_then(|diff| with_renames(diff));
        for diff in commit.diffs.iter().take(DIFFS).chain(&renamed) {
            let print = Print::of(diff).filter(|print| !prints.contains(print));
            prints.extend(print);
        }
        let lines = || commit.message.lines().take(LINES);
        let upstream = lines().find_map(upstream_of).and_then(CommitPrefix::new);
        Self {
            id: commit.id.clone(),
            author: commit.author.clone(),
            authored: commit.authored,
            committer: commit.committer.clone(),
            committed: commit.committed,
            title: commit.title().to_owned(),
            named: named(lines()),
            signers: signers(commit),
            prints,
            merge: commit.is_merge(),
            reverts: reverted(&commit.message),
            upstream,
        }
    }

    /// Adds a mail that is known to belong to the commit from elsewhere, such as what the notice
    /// about it answers.
    #[must_use]
    pub fn naming(mut self, id: MessageId) -> Self {
        self.named.retain(|named| named.id != id);
        self.named.push(Named { id, how: Naming::Posting });
        self
    }

    /// The mail that the message names as its posting.
    pub(super) fn posting(&self) -> Option<&MessageId> {
        self.named.iter().find(|named| named.how == Naming::Posting).map(|named| &named.id)
    }

    /// How the message names this mail, if it does.
    pub(super) fn names(&self, id: &MessageId) -> Option<Naming> {
        self.named.iter().find(|named| named.id == *id).map(|named| named.how)
    }
}

/// `This reverts commit <id>.`, wherever lines break.
fn reverted(message: &str) -> Option<CommitPrefix> {
    let mut words = message.split_whitespace().skip_while(|word| *word != "reverts");
    let (_, _) = (words.next()?, words.next().filter(|word| *word == "commit")?);
    CommitPrefix::new(words.next()?.trim_end_matches(|c: char| !c.is_ascii_hexdigit()))
}

fn signers(commit: &Commit) -> Vec<Mailbox> {
    const KEYS: [&str; 5] =
        ["signed-off-by", "co-developed-by", "originally-by", "from", "based-on-patch-by"];
    let signer = |line: &str| {
        let (key, value) = line.split_once(": ")?;
        let known = KEYS.iter().any(|known| key.trim().eq_ignore_ascii_case(known));
        mailbox(value).filter(|who| known && !same_person(who, &commit.committer))
    };
    commit.message.lines().take(LINES).filter_map(signer).take(SIGNERS).collect()
}

fn named<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    for line in lines {
        let how = if is_link(line) { Naming::Link } else { Naming::Mention };
        for id in ids(line) {
            let before = all.iter().position(|named| named.id == id).map(|at| all.remove(at));
            let how = before.map_or(how, |before| before.how.max(how));
            if all.len() == NAMES {
                all.remove(0);
            }
            all.push(Named { id, how });
        }
    }
    if let Some(last) = all.iter_mut().rev().find(|named| named.how == Naming::Link) {
        last.how = Naming::Posting;
    }
    all
}

/// A trailer that may name the posting: `Link: <url>` without a note `[1]` or `# report` behind it.
fn is_link(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    let known = ["link", "message-id", "patch-link", "patch-msgid"];
    known.iter().any(|known| key.trim().eq_ignore_ascii_case(known))
        && value.split_whitespace().count() == 1
}

/// The message-ids in a line: in the path or the query of a URL, or in a `Message-ID:` line.
fn ids(line: &str) -> impl Iterator<Item = MessageId> {
    let bare = line.get(..11).is_some_and(|key| key.eq_ignore_ascii_case("message-id:"));
    let words = line.split(|c: char| c.is_whitespace() || "<>()[]\"".contains(c));
    words.filter_map(move |word| {
        let text = match word.split_once("://") {
            Some((_, path)) => {
                let mut parts = path.split(['/', '?', '=', '#', '&']).skip(1).map(unescaped);
                parts.find(|part| part.contains('@'))?.trim_end_matches(['.', ',', ';']).to_owned()
            }
            None if bare && word.contains('@') => word.to_owned(),
            None => return None,
        };
        MessageId::new(&text).ok()
    })
}

/// Undoes percent-encoding (RFC 3986 section 2.1).
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
