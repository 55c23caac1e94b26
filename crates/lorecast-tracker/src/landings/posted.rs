//! What a posted patch offers to be recognised by.

use jiff::Timestamp;
use lorecast_mail::{poster, subject_tags};
use lorecast_model::{Mailbox, Message, MessageId, Version};

use super::print::Print;
use super::robots::only_shows;

/// How many lines the headers in a body may take, empty ones included.
const HEADERS: usize = 12;

/// A mail that posts a patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedPatch {
    /// The mail.
    pub id: MessageId,
    /// Who wrote the change: the `From:` at the top of the text when there is one (git-am(1)), else
    /// the sender.
    pub author: Mailbox,
    /// When it was sent, UTC.
    pub date: Timestamp,
    /// The title without tags; a `Subject:` at the top of the text counts first (git-am(1)).
    pub title: String,
    /// The version, 1 when none is given.
    pub version: Version,
    /// `n` of `n/m`.
    pub number: Option<u32>,
    /// `m` of `n/m`.
    pub total: Option<u32>,
    /// What a numbered patch answers: its cover letter or the patch before. Itself for others.
    pub root: MessageId,
    /// It is an answer that brings a diff along, perhaps only a sketch.
    pub answer: bool,
    /// What it changes.
    pub print: Print,
}

impl PostedPatch {
    /// Reads a mail. Nothing when it has no diff of its own, or only shows the diff of a commit that
    /// is in a tree already: bots' notices, reviews of stable releases, backports, pull requests.
    pub fn read(message: &Message) -> Option<Self> {
        let header = &message.header;
        let tags = subject_tags(&header.subject);
        if message.diff.is_empty() || only_shows(message, &tags) {
            return None;
        }
        let print = Print::of(&message.diff)?;
        let body = InBody::read(&message.text);
        let title = body.subject.map(|subject| subject_tags(subject).title);
        let cover = header.references.last().filter(|_| tags.number.is_some());
        Some(Self {
            id: header.id.clone(),
            author: body.from.unwrap_or_else(|| poster(message)),
            date: header.date,
            title: title.unwrap_or(tags.title),
            version: tags.version,
            number: tags.number,
            total: tags.total,
            root: cover.unwrap_or(&header.id).clone(),
            answer: tags.reply,
            print,
        })
    }
}

/// The headers that `git am` takes from the top of a text, or from behind scissors
/// (git-mailinfo(1)).
#[derive(Default)]
struct InBody<'a> {
    from: Option<Mailbox>,
    subject: Option<&'a str>,
}

impl<'a> InBody<'a> {
    fn read(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let cut = lines.iter().rposition(|line| is_scissors(line)).map_or(0, |at| at + 1);
        let mut found = Self::default();
        for line in lines[cut..].iter().take(HEADERS).skip_while(|line| line.trim().is_empty()) {
            let Some((key, value)) = line.split_once(": ") else { break };
            match key.to_ascii_lowercase().as_str() {
                "from" => found.from = found.from.or_else(|| mailbox(value)),
                "subject" => found.subject = found.subject.or(Some(value)),
                "date" | "to" | "cc" => {}
                _ => break,
            }
        }
        found
    }
}

/// `-- >8 --`
fn is_scissors(line: &str) -> bool {
    let cuts = [">8", "8<", ">%", "%<"].iter().any(|cut| line.contains(cut));
    cuts && line.starts_with('-') && line.matches('-').count() >= 4
}

/// `Ada Lovelace <ada@engine.example>`
pub(super) fn mailbox(text: &str) -> Option<Mailbox> {
    let (name, rest) = text.trim().rsplit_once('<')?;
    let email = rest.split('>').next()?.trim();
    let name = name.trim().trim_matches('"').to_owned();
    let (local, domain) = email.rsplit_once('@')?;
    Some(Mailbox { name, email: format!("{local}@{}", domain.to_lowercase()) })
}
