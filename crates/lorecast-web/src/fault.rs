//! What goes wrong, in plain words.

use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lorecast_community::Refusal;
use lorecast_desk::{DeskError, NotDone, SoundRefusal};
use lorecast_model::{InvalidMark, MessageId};
use serde::Serialize;

use crate::address;

/// Why there is no page.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The address leads nowhere.
    NoPage,
    /// The mail is not held.
    NotHeld(MessageId),
    /// The mail is held, and there is no such thing about it.
    Nothing(String),
    /// The address asks for what cannot be: what is wrong with it.
    Wrong(String),
    /// A method that the address does not have.
    Method,
    /// The rules of the community say no.
    Refused(Refusal),
    /// Something that cannot be done for the sound of an episode.
    Sound(SoundRefusal),
    /// A form that came from elsewhere, or from a page that is too old.
    Elsewhere,
    /// Words that stand nowhere in a mail, or in several places of it.
    NoSuchWords,
    /// Words that cannot be marked.
    NoMark(InvalidMark),
    /// What somebody says of themselves cannot be taken: why.
    Person(String),
    /// A form that took too long to arrive.
    TooSlow,
    /// A form that is too large.
    TooLarge,
    /// The token is not for this.
    Scope,
    /// Too much in too short a time.
    TooOften,
    /// There is no room to keep anything.
    Full,
    /// The database does not answer.
    Away,
    /// The storage that servers share does not answer, or not as it should.
    StorageAway,
    /// The show sends no mail, or the mail could not be sent.
    Unsent,
    /// A provider that cannot be asked.
    Unanswered,
    /// The notes hold two versions of something between markers.
    Unsettled,
    /// Nothing was ingested yet.
    Empty,
    /// Too much is asked at once.
    Busy,
    /// Ours. What it was stands in the log, not on the page: it may name files.
    Ours,
}

/// A fault as its page shows it.
#[derive(Serialize)]
pub(crate) struct FaultView {
    pub(crate) title: &'static str,
    message: String,
    /// Where to look instead.
    elsewhere: Option<String>,
    /// The search that was wrong or may help.
    q: String,
    /// Whether signing in helps.
    sign_in: bool,
}

impl Fault {
    /// Something of ours that failed; it is logged.
    pub(crate) fn ours(error: impl std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::Ours
    }

    /// The database does not answer; that is logged.
    fn away(error: impl std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::Away
    }

    /// What stands behind the `?` of an address and cannot be read.
    pub(crate) fn query(rejection: QueryRejection) -> Self {
        Self::Wrong(format!("What stands behind the `?` cannot be read: {rejection}."))
    }

    /// Whether who filled in a form can correct it.
    pub(crate) fn is_about_the_form(&self) -> bool {
        let enough = matches!(self, Self::Refused(Refusal::TooManyToday { .. }));
        enough || self.status() == StatusCode::UNPROCESSABLE_ENTITY
    }

    /// What it is, in a sentence.
    pub(crate) fn words(&self) -> String {
        self.view().message
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoPage | Self::NotHeld(_) | Self::Nothing(_) => StatusCode::NOT_FOUND,
            Self::Wrong(_) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Refused(refusal) => status_of(refusal),
            Self::Sound(refusal) => status_of_sound(refusal),
            Self::Elsewhere | Self::Scope => StatusCode::FORBIDDEN,
            Self::NoSuchWords | Self::NoMark(_) | Self::Person(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unsettled => StatusCode::CONFLICT,
            Self::Empty
            | Self::Busy
            | Self::Away
            | Self::StorageAway
            | Self::Unsent
            | Self::Unanswered => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What its page says.
    pub(crate) fn view(&self) -> FaultView {
        let (title, message) = match self {
            Self::NoPage => ("Nothing here", "There is no page at this address.".to_owned()),
            Self::NotHeld(id) if !like_a_mail(id) => (
                "Nothing here",
                format!("There is no page at this address, and no mail is called <{id}>."),
            ),
            Self::NotHeld(id) => (
                "This mail is not here",
                format!("None of the archives that this show reads holds a mail <{id}>."),
            ),
            Self::Nothing(what) => ("Nothing here", what.clone()),
            Self::Wrong(why) => ("This cannot be read", why.clone()),
            Self::Method => (
                "Not like this",
                "This address does not take what was sent, or is only sent to. Go to a page and use what is there."
                    .to_owned(),
            ),
            Self::Refused(refusal) => ("This cannot be done", sentence(refusal)),
            Self::Sound(refusal) => ("This cannot be done", sentence(refusal)),
            Self::Elsewhere => (
                "Sent from elsewhere",
                "This form did not come from a page of this server, or from one that is too old. Go back, reload the \
                 page, and send it again."
                    .to_owned(),
            ),
            Self::NoSuchWords => (
                "Which words?",
                "These words stand nowhere in the mail, or in several places. Copy them from it, and take more of what stands \
                 around them."
                    .to_owned(),
            ),
            Self::NoMark(error) => ("Which words?", sentence(error)),
            Self::Person(why) => ("This cannot be taken", sentence(why)),
            Self::Scope => (
                "Not with this token",
                "The token is not for this: make another one on /me/, or do it there.".to_owned(),
            ),
            Self::TooSlow => ("Too slow", "The form did not arrive in time. Send it again.".to_owned()),
            Self::TooLarge => ("Too large", "This is more than a form may hold.".to_owned()),
            Self::TooOften => ("Too often", "That is a lot at once. Try again in a few minutes.".to_owned()),
            Self::Full => (
                "No room",
                "The server has no room to keep this. Nothing that was kept before is lost; pages can be read."
                    .to_owned(),
            ),
            Self::Away => (
                "The database is away",
                "It does not answer, so this was not done. Nothing that was kept is lost; try again in a moment."
                    .to_owned(),
            ),
            Self::StorageAway => (
                "The storage is away",
                "The servers of this show keep what is recorded and written in storage that does not answer as it should, so \
                 this was not done. Nothing that was kept is lost; try again in a moment."
                    .to_owned(),
            ),
            Self::Unsent => (
                "No mail was sent",
                "This server cannot send mail at the moment. Ask the producer of the show for an invitation.".to_owned(),
            ),
            Self::Unanswered => (
                "No answer",
                "Who should say who you are does not answer as it should. Try again later, or take another way."
                    .to_owned(),
            ),
            Self::Unsettled => (
                "The notes disagree",
                "The notes hold two versions of a passage. The producer has to choose one first.".to_owned(),
            ),
            Self::Empty => (
                "Nothing to read yet",
                "No mail was read into this show: run `lorecast sync` or `lorecast ingest`."
                    .to_owned(),
            ),
            Self::Busy => ("Too busy", "Try again in a moment.".to_owned()),
            Self::Ours => (
                "Something went wrong here",
                "It is not your fault. Try again; the server's log says what it was.".to_owned(),
            ),
        };
        let elsewhere = match self {
            Self::NotHeld(id) if like_a_mail(id) => Some(id.lore_url()),
            _ => None,
        };
        let sign_in = matches!(
            self,
            Self::Unanswered
                | Self::Refused(
                    Refusal::NotSignedIn
                        | Refusal::Unproven
                        | Refusal::KnownAddress
                        | Refusal::Passkey
                        | Refusal::OwnPasskey
                        | Refusal::Stale
                )
        );
        FaultView { title, message, elsewhere, q: String::new(), sign_in }
    }
}

/// What to answer to somebody who may not.
fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotSignedIn => StatusCode::UNAUTHORIZED,
        Refusal::Banned { .. }
        | Refusal::Role(_)
        | Refusal::Passkey
        | Refusal::OwnPasskey
        | Refusal::ShowOnly
        | Refusal::NotYours
        | Refusal::Unproven
        | Refusal::OtherBrowser
        | Refusal::NotProved
        | Refusal::Stale => StatusCode::FORBIDDEN,
        Refusal::TooManyToday { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Nothing { .. } | Refusal::Link => StatusCode::NOT_FOUND,
        Refusal::Claimed { .. }
        | Refusal::Settled(_)
        | Refusal::LastOwner
        | Refusal::KnownAddress
        | Refusal::LastWay => StatusCode::CONFLICT,
        Refusal::Empty(_)
        | Refusal::TooLong { .. }
        | Refusal::Character(_)
        | Refusal::NameTaken
        | Refusal::Address
        | Refusal::NoAddress
        | Refusal::Markers
        | Refusal::TooMany { .. }
        | Refusal::Length { .. }
        | Refusal::Until { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The same for the sound of an episode.
fn status_of_sound(refusal: &SoundRefusal) -> StatusCode {
    match refusal {
        SoundRefusal::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        SoundRefusal::NoTake(_) => StatusCode::NOT_FOUND,
        SoundRefusal::NotMastered
        | SoundRefusal::IsOut
        | SoundRefusal::Shared(_)
        | SoundRefusal::TooMany
        | SoundRefusal::NoName => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Whether a file could not be written because there is no room.
fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// What somebody can do about it who is not at the command line.
fn of_person(error: &DeskError) -> String {
    match error {
        DeskError::Nobody { .. } => {
            "nobody wrote from this address what the show reads; give one that stands in your mails"
                .to_owned()
        }
        DeskError::NotSure { .. } | DeskError::Contested { .. } => {
            "it is not beyond doubt whose this address is; ask the producer of the show".to_owned()
        }
        DeskError::Forgotten { .. } => {
            "whose address this is asked to be forgotten; ask the producer of the show".to_owned()
        }
        DeskError::Program { .. } => "a program writes from this address".to_owned(),
        error => error.to_string(),
    }
}

/// With a capital letter and a full stop.
fn sentence(text: impl std::fmt::Display) -> String {
    let text = text.to_string();
    let mut signs = text.chars();
    let first = signs.next().into_iter().flat_map(char::to_uppercase);
    first.chain(signs).chain(['.']).collect()
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<NotDone> for Fault {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::Refused(refusal) => Self::Refused(refusal),
            NotDone::Journal(error) if error.is_full() => Self::Full,
            NotDone::Journal(error) if error.is_away() => Self::away(error),
            NotDone::Ending | NotDone::Busy => Self::Busy,
            error => Self::ours(error),
        }
    }
}

impl IntoResponse for Fault {
    /// The guard puts the page in, which needs templates.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NoMessage { id } => Self::NotHeld(id),
            DeskError::NoSeries { id } => Self::Nothing(format!(
                "The mail <{id}> belongs to no series of patches. Its thread is at {}",
                address::of_thread(&id)
            )),
            DeskError::NoRevision { .. } => {
                Self::Nothing("There is no such revision before this one.".to_owned())
            }
            DeskError::Query(error) => Self::Wrong(error.to_string()),
            error if error.is_about_the_search() => Self::Wrong(sentence(error)),
            DeskError::NothingIngested { .. } => Self::Empty,
            DeskError::NotDone(error) => error.into(),
            DeskError::Sound(refusal) => Self::Sound(refusal),
            DeskError::Folder { source, .. } if is_full(&source) => Self::Full,
            DeskError::Journal(error) if error.is_full() => Self::Full,
            DeskError::Mark(error) => Self::NoMark(error),
            DeskError::NoMailer => Self::Unsent,
            DeskError::NoStory { id } => {
                Self::Nothing(format!("The episode tells no story about <{id}>."))
            }
            error @ (DeskError::NoSection { .. } | DeskError::Contradiction { .. }) => {
                Self::Wrong(sentence(error))
            }
            DeskError::NoProvider { .. } => Self::NoPage,
            DeskError::Provider { .. } => {
                tracing::error!("{error}");
                Self::Unanswered
            }
            error if error.is_away() => Self::away(error),
            error if error.is_about_storage() => {
                tracing::error!("{error}");
                Self::StorageAway
            }
            DeskError::NoSuchToken => Self::Refused(Refusal::Link),
            DeskError::ManyClaims { .. } | DeskError::BusyClaims => Self::TooOften,
            error if error.is_about_the_person() => Self::Person(of_person(&error)),
            error if error.is_unsettled() => Self::Unsettled,
            error if error.is_full() => Self::Full,
            error if error.is_held() => Self::Busy,
            error if error.is_no_episode() => {
                Self::Nothing("There is no episode of this day.".to_owned())
            }
            error => Self::ours(error),
        }
    }
}

/// Whether it may well be the name of a mail, and not that of a page that somebody hoped for.
fn like_a_mail(id: &MessageId) -> bool {
    id.as_str().contains('@')
}
