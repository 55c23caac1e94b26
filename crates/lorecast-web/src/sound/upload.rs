//! A recording on its way in: to a file, piece by piece, never whole in memory.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use futures_util::StreamExt;
use lorecast_community::{Deed, Refusal};
use lorecast_desk::{Desk, Incoming};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::app::App;
use crate::fault::Fault;
use crate::who::{PATIENCE, You, is_from_here};

/// Pieces that wait to be written.
const WAITING: usize = 8;
/// Bytes of a field that is no recording.
const LONGEST_FIELD: usize = 4_096;

/// A form with recordings, filled in on a page of ours. Its first field is the token of the session.
pub(super) struct Sent {
    pub(super) you: You,
    fields: Multipart,
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        let you = You::of(app, request.headers());
        if !is_from_here(request.headers(), app) {
            return Err(Fault::Elsewhere);
        }
        if you.account().is_none() {
            return Err(Refusal::NotSignedIn.into());
        }
        let fields = Multipart::from_request(request, app).await.map_err(|_| unreadable())?;
        let mut sent = Self { you, fields };
        let token = match sent.next().await? {
            Some(field) if field.name() == Some("token") => text(field).await?,
            _ => return Err(Fault::Elsewhere),
        };
        if sent.you.token() != token { Err(Fault::Elsewhere) } else { Ok(sent) }
    }
}

impl Sent {
    /// The next field.
    pub(super) async fn next(&mut self) -> Result<Option<Field<'_>>, Fault> {
        let field = timeout(PATIENCE, self.fields.next_field()).await;
        field.map_err(|_| Fault::TooSlow)?.map_err(|_| unreadable())
    }
}

/// The words of a field.
pub(super) async fn text(mut field: Field<'_>) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    while let Some(piece) = Pieces::next(&mut field).await? {
        if bytes.len() + piece.len() > LONGEST_FIELD {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| unreadable())
}

/// Whatever gives a recording piece by piece.
pub(crate) trait Pieces {
    /// The next piece, `None` at the end; within a time that slow connections can keep.
    async fn next(&mut self) -> Result<Option<Bytes>, Fault>;
}

impl Pieces for Field<'_> {
    async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        let piece = timeout(PATIENCE, self.chunk()).await.map_err(|_| Fault::TooSlow)?;
        piece.map_err(|_| unreadable())
    }
}

/// The body of a request as it stands.
pub(crate) struct Raw(axum::body::BodyDataStream);

impl Raw {
    pub(crate) fn of(body: Body) -> Self {
        Self(body.into_data_stream())
    }
}

impl Pieces for Raw {
    async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        let piece = timeout(PATIENCE, self.0.next()).await.map_err(|_| Fault::TooSlow)?;
        piece.transpose().map_err(|_| unreadable())
    }
}

/// Writes a recording into the file that `room` gives. What is not whole is gone.
pub(crate) async fn receive(
    app: &App,
    pieces: &mut impl Pieces,
    room: impl FnOnce(&Desk<'_>) -> Result<Incoming, Fault> + Send + 'static,
) -> Result<Incoming, Fault> {
    let (sender, mut pieces_to_write) = mpsc::channel::<Bytes>(WAITING);
    let write = app.desk(move |desk| {
        let mut incoming = room(desk)?;
        while let Some(piece) = pieces_to_write.blocking_recv() {
            incoming.write(&piece)?;
        }
        Ok(incoming)
    });
    let read = async move {
        while let Some(piece) = pieces.next().await? {
            // Whoever writes says why it stopped.
            if sender.send(piece).await.is_err() {
                break;
            }
        }
        Ok::<_, Fault>(())
    };
    let (written, read) = tokio::join!(write, read);
    let incoming = written?;
    read.map(|()| incoming)
}

impl App {
    /// Whether somebody could do this at all: who may not need not send a recording first. Then a place among those
    /// who do.
    pub(crate) async fn may_send(
        &self,
        acting: lorecast_community::Acting,
        deed: &Deed,
    ) -> Result<tokio::sync::SemaphorePermit<'_>, Fault> {
        let now = jiff::Timestamp::now();
        self.community.look(|commons| commons.judge(acting, deed, now))?;
        timeout(PATIENCE, self.studio.uploads.acquire())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or(Fault::Busy)
    }
}

fn unreadable() -> Fault {
    Fault::Wrong("This form cannot be read, or broke off; send it again.".to_owned())
}
