//! TLS of the server's own, with a certificate that may be renewed while it runs.

use std::sync::{Arc, PoisonError, RwLock};

use camino::{Utf8Path, Utf8PathBuf};
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::preview::WebError;

/// A certificate with its key, as two files have them in PEM: TLS 1.3 and 1.2, HTTP/1.1.
pub struct Tls {
    certificate: Utf8PathBuf,
    key: Utf8PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads the chain of certificates, the server's own first, and the key.
    ///
    /// # Errors
    /// When a file cannot be read or used, or the key is another certificate's.
    pub fn read(certificate: Utf8PathBuf, key: Utf8PathBuf) -> Result<Self, WebError> {
        let config = RwLock::new(config(&certificate, &key)?);
        Ok(Self { certificate, key, config })
    }

    /// Reads both files again, for connections from now on.
    ///
    /// # Errors
    /// As [`Tls::read`]; then the certificate stays what it was.
    pub fn read_again(&self) -> Result<(), WebError> {
        let fresh = config(&self.certificate, &self.key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Begins a connection with the certificate of now.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

fn config(certificate: &Utf8Path, key: &Utf8Path) -> Result<Arc<ServerConfig>, WebError> {
    let chain: Result<Vec<_>, pem::Error> =
        CertificateDer::pem_file_iter(certificate).and_then(|found| found.collect());
    let chain = chain.map_err(|why| unusable(certificate, &why))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|why| unusable(key, &why))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config =
        versions.and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret));
    let mut config = config.map_err(|why| unusable(certificate, &why))?;
    // All that is spoken is strong; the strongest is first in our own list.
    config.ignore_client_order = true;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn unusable(path: &Utf8Path, why: &dyn std::fmt::Display) -> WebError {
    WebError::Certificate { path: path.to_owned(), why: why.to_string() }
}
