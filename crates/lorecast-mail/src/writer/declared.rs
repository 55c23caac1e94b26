//! Whom a writer works for, as the mail says it.

use lorecast_model::{Declared, Mailbox, Vouch};

use super::Parts;
use crate::fields::Fields;
use crate::own_name::{employer_in_name, own_name};
use crate::{encoded_word, harmless, organisation};

/// How many lines a signature has at most; a longer one is a page of its own.
const LINES: usize = 12;
/// How long its lines are, in bytes.
const LENGTH: usize = 120;

/// The most reliable of what the mail says. Of a patch that somebody else sends, the headers and the
/// signature are the sender's: `own` says whether who wrote it sent it.
pub(super) fn read(
    fields: &Fields<'_>,
    parts: &Parts<'_>,
    who: &Mailbox,
    sender: &Mailbox,
    own: bool,
) -> Option<Declared> {
    let declared = |by| move |employer: String| Declared { employer, by };
    if let Some(found) = employer_in_name(who).map(declared(Vouch::Name)) {
        return Some(found);
    }
    if !own {
        return None;
    }
    let person = Mailbox { name: own_name(&sender.name), email: sender.email.clone() };
    employer_in_name(sender)
        .map(declared(Vouch::Name))
        .or_else(|| in_header(fields, &person).map(declared(Vouch::Header)))
        .or_else(|| in_signature(parts.text, &person).map(declared(Vouch::Signature)))
}

/// The Organization header (RFC 1036 section 2.2.8), in either spelling.
fn in_header(fields: &Fields<'_>, person: &Mailbox) -> Option<String> {
    let raw = ["Organization", "Organisation"].iter().find_map(|name| fields.first(name))?;
    organisation::in_header(&harmless::line(&encoded_word::decode(raw).0), person)
}

/// What the signature below `-- ` says (RFC 3676 section 4.3), when it names one employer alone.
fn in_signature(text: &str, person: &Mailbox) -> Option<String> {
    let mut found = None;
    for line in signature(text)?.lines().map(str::trim) {
        if line.is_empty() || line.len() > LENGTH || line.starts_with(['-', '"', '~', '*']) {
            continue;
        }
        let line = harmless::line(&line.replace('\t', " | ").replace("  ", " | "));
        match in_line(&line, person) {
            Some(employer) if found.as_ref().is_some_and(|other| *other != employer) => {
                return None;
            }
            Some(employer) => found = Some(employer),
            None => {}
        }
    }
    found
}

/// `Ann Vogel, Example GmbH`, `Software Engineer at Example`, `Example | Ulm`, `Example Labs`.
fn in_line(line: &str, person: &Mailbox) -> Option<String> {
    let parts = line.split([',', '|', '│', '•', '·', ';', '/', '(']).flat_map(|p| p.split(" - "));
    let parts = parts.map(|part| part.trim().trim_end_matches([')', '.', ':']).trim());
    parts.filter(|part| !part.is_empty()).find_map(|part| {
        organisation::workplace(part)
            .map(str::to_owned)
            .or_else(|| organisation::in_signature(part, person))
    })
}

/// The writer's own signature: behind the first `-- ` that is not quoted, up to an empty line behind
/// something, a quotation or what a list adds.
fn signature(text: &str) -> Option<&str> {
    const OPENING: &str = "-- \n";
    let start = match text.starts_with(OPENING) {
        true => OPENING.len(),
        false => text.find("\n-- \n")? + 1 + OPENING.len(),
    };
    let block = &text[start..];
    let mut end = 0;
    let mut lines = 0;
    for line in block.split_inclusive('\n') {
        let bare = line.trim_end();
        let rule = bare.len() >= 10 && bare.bytes().all(|b| b == b'_' || b == b'-' || b == b'=');
        if bare.starts_with('>') || bare == "--" || rule && lines > 0 {
            break;
        }
        lines += 1;
        end += line.len();
        if lines > LINES {
            return None;
        }
    }
    let behind = &block[end..];
    // Where a quotation follows, an attribution may stand before it.
    let quoted = behind.starts_with('>');
    let block = &block[..end];
    Some(if quoted { block.split("\n\n").next().unwrap_or(block) } else { block })
}
