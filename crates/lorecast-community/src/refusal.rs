//! Why something may not be done, in words for who wanted to.

use jiff::Timestamp;

use crate::{EntryId, Role};

/// Why a deed is refused. It says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only who is signed in may do it.
    #[error("sign in first")]
    NotSignedIn,
    /// The account may do nothing any more.
    #[error("this account may not take part: {why}")]
    Banned {
        /// What the editor who did it gave as the reason.
        why: String,
    },
    /// The role is not enough.
    #[error("only {} may do this; ask an owner of the show for the role", plural(*.0))]
    Role(Role),
    /// The role is enough, and needs a passkey with which the session did not begin.
    #[error("your role here needs a passkey: add one on /me/ and sign in with it")]
    Passkey,
    /// Which passkeys there are is said by who has one of them, where the role needs one.
    #[error(
        "your role here needs a passkey, and you have one: sign in with it first; if it is lost, ask an owner of the show"
    )]
    OwnPasskey,
    /// Only the show itself does it.
    #[error("only the show itself does this")]
    ShowOnly,
    /// It is somebody else's.
    #[error("this is somebody else's; only who wrote it may do this")]
    NotYours,
    /// What it is about is not there, or no longer.
    #[error("there is no {what} {id}")]
    Nothing {
        /// What was looked for.
        what: &'static str,
        /// By which number.
        id: EntryId,
    },
    /// A link that was used, ran out, or was never given.
    #[error("this link was used already or has run out; ask for a new one")]
    Link,
    /// A link that was asked for in another browser, where the number was not given that this shows.
    #[error(
        "this link was asked for in another browser; open it again, and give the number that the other one shows"
    )]
    OtherBrowser,
    /// What was shown as a proof proves nothing, or not any more. Which of it was wrong is nobody else's business.
    #[error("this does not prove who you are, or it took too long; try again")]
    Unproven,
    /// Another account has the mail address that a provider tells.
    #[error(
        "there is an account with your mail address already; sign in to it, and add the provider on its page"
    )]
    KnownAddress,
    /// The only way in is not given up.
    #[error("this is the only way into your account; add another one first")]
    LastWay,
    /// It is too long ago that somebody signed in.
    #[error(
        "it is a while since you signed in, and this could be somebody else at your browser; sign in anew first"
    )]
    Stale,
    /// Another one has claimed the story.
    #[error("{by} writes this one, until {}", until.strftime("%Y-%m-%d %H:%M UTC"))]
    Claimed {
        /// Who.
        by: String,
        /// Until when.
        until: Timestamp,
    },
    /// It was decided already.
    #[error("this was {0} already")]
    Settled(&'static str),
    /// There is no text.
    #[error("{0} is missing; write one")]
    Empty(&'static str),
    /// The text is too long.
    #[error("{what} may have {most} characters; shorten it")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// In Unicode scalar values.
        most: usize,
    },
    /// A character of a name.
    #[error("U+{:04X}{} does not belong here; leave it out", u32::from(*.0), seen(*.0))]
    Character(char),
    /// Another account has a name that looks the same.
    #[error("somebody else is called so, or it looks so; choose another name")]
    NameTaken,
    /// It is no address of mail.
    #[error("this is no mail address; write one such as name@host.example")]
    Address,
    /// Text with the markers of a conflict.
    #[error("both sides are still between markers; choose one, and delete the marker lines")]
    Markers,
    /// Too many at once.
    #[error("no more than {most} {what} at a time; finish one first")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        most: usize,
    },
    /// Enough for a day.
    #[error("no more than {most} {what} a day; go on after midnight (UTC)")]
    TooManyToday {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        most: usize,
    },
    /// A time that has passed, or is too far away.
    #[error("this has to end later than now, and within {most_days} days")]
    Until {
        /// The longest time.
        most_days: i64,
    },
    /// A filler that is too short or too long.
    #[error("a filler plays {least} to {most} seconds, and this one {}.{} s; record it again", .millis / 1000, .millis % 1000 / 100)]
    Length {
        /// The shortest, in seconds.
        least: u32,
        /// The longest, in seconds.
        most: u32,
        /// How long it plays, in milliseconds.
        millis: u32,
    },
    /// No address of the person is proved to be the account's.
    #[error("prove a mail address of yours first, on /me/page")]
    NotProved,
    /// There is no address that mail could go to.
    #[error("there is no mail address to send it to; prove one of yours first, on /me/page")]
    NoAddress,
    /// The last owner stays one.
    #[error("a show needs an owner; make somebody else one first")]
    LastOwner,
}

fn plural(role: Role) -> &'static str {
    match role {
        Role::Reader => "readers",
        Role::Contributor => "contributors",
        Role::Editor => "editors",
        Role::Owner => "owners",
    }
}

/// A character that can be seen, in brackets.
fn seen(c: char) -> String {
    if c.is_ascii_graphic() { format!(" ({c})") } else { String::new() }
}
