//! Mails as they came.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::channel::{Channel, Sender};
use lorecast_desk::Reader;
use lorecast_model::MessageId;

use crate::address::{OfMail, file_name};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::readers::Readers;

/// `/<message-id>/raw`: the first of the mails with this id, as plain text.
pub(crate) async fn raw(State(app): State<Arc<App>>, OfMail(id): OfMail) -> Result<Answer, Fault> {
    app.readers
        .ask(move |reader| {
            let views = reader.messages(&id)?;
            let view = views.first().ok_or_else(|| Fault::NotHeld(id.clone()))?;
            let bytes = reader.raw(view)?;
            Ok(Answer::new("text/plain; charset=utf-8", bytes).named(file_name(&id, "eml")))
        })
        .await
}

/// `/<message-id>/t.mbox.gz`: all mails of the thread, for a mail program. It is made while it
/// travels: memory stays bounded however long the thread is.
pub(crate) async fn mbox(
    State(app): State<Arc<App>>,
    OfMail(id): OfMail,
) -> Result<Response, Fault> {
    let (name, ids) = app
        .readers
        .ask(move |reader| {
            let view = reader.thread(&id)?;
            let mut ids: Vec<MessageId> = view
                .tree
                .into_iter()
                .filter(|(node, _)| node.held)
                .map(|(node, _)| node.id)
                .collect();
            ids.dedup();
            Ok((file_name(&view.thread.id, "mbox.gz"), ids))
        })
        .await?;
    let (mut sender, body) = Channel::<Bytes, io::Error>::new(4);
    let readers = Arc::clone(&app.readers);
    tokio::spawn(async move {
        if let Err(fault) = send(&readers, ids, &mut sender).await {
            // A download that breaks off is seen to be broken.
            sender.abort(io::Error::other(format!("{fault:?}")));
        }
    });
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/gzip"));
    let disposition = format!("attachment; filename=\"{name}\"");
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Sends mails one after the other. Nobody waits for a reader while this waits for a slow download.
async fn send(
    readers: &Arc<Readers>,
    ids: Vec<MessageId>,
    to: &mut Sender<Bytes, io::Error>,
) -> Result<(), Fault> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for id in ids {
        gzip = readers.ask(move |reader| add(reader, &id, gzip)).await?;
        let ready = std::mem::take(gzip.get_mut());
        if !ready.is_empty() && to.send_data(ready.into()).await.is_err() {
            // Whoever asked has gone.
            return Ok(());
        }
    }
    let rest = gzip.finish().map_err(Fault::ours)?;
    drop(to.send_data(rest.into()).await);
    Ok(())
}

/// Adds the mails of an id; one whose archive is gone is left out.
fn add(
    reader: &Reader,
    id: &MessageId,
    mut gzip: GzEncoder<Vec<u8>>,
) -> Result<GzEncoder<Vec<u8>>, Fault> {
    let views = match reader.messages(id).map_err(Fault::from) {
        // Removed since the thread was looked up.
        Err(Fault::NotHeld(_)) => vec![],
        views => views?,
    };
    for view in views {
        match reader.raw(&view) {
            Ok(bytes) => write_mail(&mut gzip, &bytes).map_err(Fault::ours)?,
            Err(error) => tracing::warn!("left out of an mbox: {error}"),
        }
    }
    Ok(gzip)
}

/// Writes a mail as mboxrd, as public-inbox does: a line that begins with `From ` behind any number of
/// `>` gets one more.
fn write_mail(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n")?;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let quoted = line.iter().take_while(|&&byte| byte == b'>').count();
        if line[quoted..].starts_with(b"From ") {
            out.write_all(b">")?;
        }
        out.write_all(line)?;
    }
    out.write_all(if bytes.ends_with(b"\n") { b"\n" } else { b"\n\n" })
}
