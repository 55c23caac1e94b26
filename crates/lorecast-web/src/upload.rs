//! A small file that somebody sends with a form.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, Request};
use tokio::time::timeout;

use crate::app::App;
use crate::fault::Fault;
use crate::who::{PATIENCE, You, is_from_here};

/// A file has no more bytes: ten seconds of a WAV in stereo at 48 kHz and 24 bit are 2.9 MB.
pub(crate) const LARGEST: usize = 4 << 20;
/// A field beside it has no more.
const LONGEST: usize = 2_000;
/// A form has no more fields.
const MOST: usize = 10;

/// A form with a file (RFC 7578), and by whom. Neither the name of the file nor what it says to be is looked at.
pub(crate) struct Upload {
    pub(crate) you: You,
    pub(crate) file: Vec<u8>,
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        let you = You::of(app, request.headers());
        if !is_from_here(request.headers(), app) {
            return Err(Fault::Elsewhere);
        }
        // Nobody who may not is listened to for megabytes.
        you.needs(lorecast_community::Role::Reader)?;
        let unread = |error: &dyn std::fmt::Display| {
            Fault::Wrong(format!("This form cannot be read: {error}."))
        };
        let form = Multipart::from_request(request, app).await.map_err(|error| unread(&error))?;
        let read = timeout(PATIENCE, read(form)).await.map_err(|_| Fault::TooSlow)?;
        let (fields, file) = read?;
        if !you.sent(fields.get("token").map(String::as_str)) {
            return Err(Fault::Elsewhere);
        }
        Ok(Self { you, file })
    }
}

async fn read(mut form: Multipart) -> Result<(BTreeMap<String, String>, Vec<u8>), Fault> {
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
        _ => Fault::Wrong("This form cannot be read: a part of it is broken.".to_owned()),
    };
    let (mut fields, mut file) = (BTreeMap::new(), Vec::new());
    for _ in 0..MOST {
        let Some(mut part) = form.next_field().await.map_err(broken)? else { break };
        let name = part.name().unwrap_or_default().to_owned();
        let most = if name == "file" { LARGEST } else { LONGEST };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            if bytes.len() + chunk.len() > most {
                return Err(Fault::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        if name == "file" {
            file = bytes;
        } else {
            fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok((fields, file))
}
