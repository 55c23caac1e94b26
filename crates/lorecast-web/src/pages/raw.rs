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
use tokio::runtime::Handle;

use crate::address::{OfMail, file_name};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;

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
    let (sender, body) = Channel::<Bytes, io::Error>::new(4);
    let readers = Arc::clone(&app.readers);
    tokio::spawn(async move {
        let done = readers.ask(move |reader| {
            // A reader that leaves in between is no fault of ours.
            drop(write_mbox(reader, &ids, Pipe { sender, runtime: Handle::current() }));
            Ok(())
        });
        drop(done.await);
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

/// Writes mails as mboxrd, as public-inbox does: in bodies and headers alike, a line that begins
/// with `From ` behind any number of `>` gets one more. A mail whose archive is gone is left out.
fn write_mbox(reader: &Reader, ids: &[MessageId], out: Pipe) -> io::Result<()> {
    let mut gzip = GzEncoder::new(io::BufWriter::with_capacity(CHUNK, out), Compression::fast());
    for view in ids.iter().filter_map(|id| reader.messages(id).ok()).flatten() {
        match reader.raw(&view) {
            Ok(bytes) => write_mail(&mut gzip, &bytes)?,
            Err(error) => tracing::warn!("left out of an mbox: {error}"),
        }
    }
    gzip.finish()?.flush()
}

/// So many bytes travel at once.
const CHUNK: usize = 64 << 10;

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

/// Sends what is written; it waits while the other side is slow, and fails when that is gone.
struct Pipe {
    sender: Sender<Bytes, io::Error>,
    runtime: Handle,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.runtime.block_on(self.sender.send_data(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
