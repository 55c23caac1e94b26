//! What mailers write into the ids of mails that were sent together.

use lorecast_model::MessageId;

/// format-patch stamps every patch by the clock: a long series takes a moment.
const MOMENT: i64 = 30;

/// The part of an id that all mails of one sending share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp<'a> {
    /// `20230403201839.4097845-3-ada@example.org` (git-send-email(1)),
    /// `1473632524-8585-2-git-send-email-ada@example.org` (git before 2.10) and
    /// `20230403-topic-v2-3-abcdef@example.org` (b4): what stands before and behind the number, and
    /// the number.
    Numbered(&'a str, &'a str, &'a str),
    /// `cover.1680782016.git.ada@example.org` (git-format-patch(1), `--thread`): seconds since 1970,
    /// and what stands behind.
    Timed(i64, &'a str),
}

impl<'a> Stamp<'a> {
    /// Reads the stamp of an id, where it has one.
    pub(crate) fn of(id: &'a MessageId) -> Option<Self> {
        let id = id.as_str();
        timed(id).or_else(|| send_email(id)).or_else(|| old_send_email(id)).or_else(|| b4(id))
    }

    /// Whether both are of one sending.
    pub(crate) fn agrees(self, other: Self) -> bool {
        match (self, other) {
            (Self::Timed(one, who), Self::Timed(other, same)) => {
                who == same && one.abs_diff(other) <= MOMENT as u64
            }
            (Self::Numbered(before, behind, _), Self::Numbered(other, same, _)) => {
                before == other && behind == same
            }
            _ => false,
        }
    }

    /// The mail was the only one of its sending, or the first.
    pub(crate) fn is_first(self) -> bool {
        matches!(self, Self::Numbered(_, _, "1"))
    }
}

fn timed(id: &str) -> Option<Stamp<'_>> {
    let (before, who) = id.split_once(".git.")?;
    let (patch, seconds) = before.rsplit_once('.')?;
    let hash =
        patch == "cover" || patch.len() >= 40 && patch.bytes().all(|b| b.is_ascii_hexdigit());
    Some(Stamp::Timed(digits(seconds).filter(|_| hash)?.parse().ok()?, who))
}

fn send_email(id: &str) -> Option<Stamp<'_>> {
    let (sending, rest) = id.split_once('-')?;
    let (time, process) = sending.split_once('.')?;
    let (number, who) = rest.split_once('-')?;
    let fits = digits(time)?.len() == 14 && digits(process).is_some() && digits(number).is_some();
    fits.then_some(Stamp::Numbered(sending, who, number))
}

fn old_send_email(id: &str) -> Option<Stamp<'_>> {
    let at = id.find("-git-send-email-")?;
    let (sending, number) = id[..at].rsplit_once('-')?;
    let (time, process) = sending.split_once('-')?;
    let fits = digits(time).is_some() && digits(process).is_some() && digits(number).is_some();
    fits.then_some(Stamp::Numbered(sending, &id[at..], number))
}

fn b4(id: &str) -> Option<Stamp<'_>> {
    let (local, _) = id.split_once('@')?;
    let (rest, token) = local.rsplit_once('-')?;
    let (topic, number) = rest.rsplit_once('-')?;
    let (named, version) = topic.rsplit_once("-v")?;
    let (day, _) = named.split_once('-')?;
    let fits = digits(day)?.len() == 8 && digits(number).is_some() && digits(version).is_some();
    fits.then(|| Stamp::Numbered(topic, &id[local.len() - token.len()..], number))
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the mails of two ids were sent together.
    fn check(one: &str, other: &str) -> bool {
        let (one, other) = (MessageId::new(one).unwrap(), MessageId::new(other).unwrap());
        Stamp::of(&one).zip(Stamp::of(&other)).is_some_and(|(one, other)| one.agrees(other))
    }

    #[test]
    fn mailers_stamp_what_they_send_together() {
        assert!(check(
            "20230403201839.4097-1-ada@x.example",
            "20230403201839.4097-12-ada@x.example"
        ));
        assert!(!check(
            "20230403201839.4097-1-ada@x.example",
            "20230403201840.4098-2-ada@x.example"
        ));
        assert!(check(
            "1473632524-8585-1-git-send-email-ada@x.example",
            "1473632524-8585-2-git-send-email-ada@x.example"
        ));
        assert!(check(
            "20230403-tidy-up-v2-0-0a1b2c3d4e5f@x.example",
            "20230403-tidy-up-v2-3-0a1b2c3d4e5f@x.example"
        ));
        let patch = "00b7e0dd3f8ffe4061f6e4ba0e16d3948edabf47.1680782017.git.ada@x.example";
        assert!(check("cover.1680782016.git.ada@x.example", patch));
        assert!(!check("cover.1680780000.git.ada@x.example", patch));
    }

    #[test]
    fn ids_of_other_mailers_say_nothing() {
        for id in
            ["ada@x.example", "ZDiKQ7Bia-ki3Vmh@x.example", "a.b-1-c@x.example", "1-2@x.example"]
        {
            assert!(Stamp::of(&MessageId::new(id).unwrap()).is_none(), "{id}");
        }
    }
}
