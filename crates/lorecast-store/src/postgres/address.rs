//! Where a database is, and how to reach it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use lorecast_model::StoreAddress;
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use crate::{Result, StoreError};

/// The schema of a show that names none.
const SCHEMA: &str = "lorecast";

/// How long to wait for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a schema that was set aside is called, behind its name.
const ASIDE: &str = "_old";

/// Where a database is, which schema of it holds the store, and how to reach it.
#[derive(Clone)]
pub struct Address {
    config: Config,
    /// Whose certificates are believed, when what is said shall be encrypted.
    tls: Option<Arc<ClientConfig>>,
    schema: String,
    /// As a person may read it.
    shown: StoreAddress,
}

impl Address {
    /// Reads an address as [libpq] writes it: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?KEY=VALUE`.
    /// `schema=NAME` names the schema of the show; several shows may so share a database. A password
    /// that is not there is taken from the environment variable `PGPASSWORD`.
    ///
    /// What goes to another machine is encrypted, and its certificate has to be good for its name:
    /// `sslrootcert=FILE` names an authority of one's own, `sslmode=disable` does without.
    ///
    /// # Errors
    /// When a part of it is not understood.
    ///
    /// [libpq]: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
    pub fn parse(address: &str) -> Result<Self> {
        let shown = StoreAddress::new(address);
        let wrong = |why: String| StoreError::Address { address: shown.to_string(), why };
        let (bare, own) = split(address).map_err(wrong)?;
        let mut config = Config::from_str(&bare).map_err(|error| wrong(said(&error)))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(wrong("it names no host".to_owned()));
        }
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_user().is_none()
            && let Ok(user) = std::env::var("PGUSER").or_else(|_| std::env::var("USER"))
        {
            config.user(&user);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        let schema = own.schema.unwrap_or_else(|| SCHEMA.to_owned());
        if !is_name(&schema) {
            let why = "`schema` is a name of small letters, digits and `_`, of at most 50";
            return Err(wrong(why.to_owned()));
        }
        let secret = own.mode != Some(SslMode::Disable)
            && (own.mode == Some(SslMode::Require) || own.authority.is_some() || !is_near(&config));
        config.ssl_mode(if secret { SslMode::Require } else { SslMode::Disable });
        let tls = match secret {
            true => Some(believing(own.authority.as_deref()).map_err(wrong)?),
            false => None,
        };
        Ok(Self { config, tls, schema, shown })
    }

    /// The schema that holds the store.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The schema of the same database in which the store is kept while a new one is made.
    pub(crate) fn aside(&self) -> Self {
        Self { schema: format!("{}{ASIDE}", self.schema), ..self.clone() }
    }

    /// Connects; `name` is what the server calls the connection in its lists.
    pub(crate) fn connect(&self, name: &str) -> std::result::Result<Client, postgres::Error> {
        let mut config = self.config.clone();
        config.application_name(name);
        match &self.tls {
            Some(tls) => config.connect(MakeRustlsConnect::new(ClientConfig::clone(tls))),
            None => config.connect(NoTls),
        }
    }
}

/// Never with the password.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.shown, out)
    }
}

/// What an address says that is ours to understand.
#[derive(Default)]
struct Own {
    schema: Option<String>,
    mode: Option<SslMode>,
    authority: Option<String>,
}

/// An address without what is ours, and that.
fn split(address: &str) -> std::result::Result<(String, Own), String> {
    let mut url = Url::parse(address).map_err(|error| error.to_string())?;
    let mut own = Own::default();
    let mut others = Vec::new();
    for (key, value) in url.query_pairs() {
        match (key.as_ref(), value.as_ref()) {
            ("schema", name) => own.schema = Some(name.to_owned()),
            ("sslrootcert", file) => own.authority = Some(file.to_owned()),
            ("sslmode", "disable") => own.mode = Some(SslMode::Disable),
            ("sslmode", "require" | "verify-ca" | "verify-full") => {
                own.mode = Some(SslMode::Require);
            }
            ("sslmode", _) => {
                return Err("`sslmode` is `disable` or `verify-full`".to_owned());
            }
            (key, value) => others.push((key.to_owned(), value.to_owned())),
        }
    }
    let plain = |key: &str| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !others.iter().all(|(key, _)| plain(key)) {
        // It may be the rest of a password with a `?` in it.
        return Err("what stands behind the `?` is not understood".to_owned());
    }
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
        // Forms write a space so, and addresses of databases do not.
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
    }
    Ok((url.to_string(), own))
}

/// Whether nobody can listen on the way.
fn is_near(config: &Config) -> bool {
    let near = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(near)
        && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
}

/// Believes the authorities that web browsers believe, or the one in a file.
fn believing(authority: Option<&str>) -> std::result::Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    match authority {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let unread = |why: String| format!("cannot read `sslrootcert` `{file}`: {why}");
            let all = CertificateDer::pem_file_iter(file).map_err(|why| unread(why.to_string()))?;
            for one in all {
                let one = one.map_err(|why| unread(why.to_string()))?;
                roots.add(one).map_err(|why| unread(why.to_string()))?;
            }
            if roots.is_empty() {
                return Err(unread("it holds no certificate".to_owned()));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// A name that needs no quotes in SQL.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() <= 50
        && name.bytes().all(fits)
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.starts_with("pg_")
}

/// An error with what is behind it.
pub(crate) fn said(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", said(source)),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: &str) {
        let found = match Address::parse(address) {
            Ok(found) => {
                format!("{} in {}", if found.tls.is_some() { "TLS" } else { "plain" }, found.schema)
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn addresses_are_understood() {
        check("postgres://ann@db.example/show", "TLS in lorecast");
        check("postgres://ann@db.example/show?sslmode=disable", "plain in lorecast");
        check("postgresql://ann@127.0.0.1:5433/show?schema=weekly", "plain in weekly");
        check("postgres://localhost/show?sslmode=verify-full", "TLS in lorecast");
        check("postgres://ann@%2Frun%2Fpostgresql/show", "plain in lorecast");
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said_without_the_password() {
        let next = "; write `postgres://USER@HOST/DATABASE`";
        check(
            "postgres://ann:secret@db/x?schema=X",
            &format!(
                "`store: postgres://ann:***@db/x?schema=X`: `schema` is a name of small letters, digits and `_`, of at most 50{next}"
            ),
        );
        check(
            "postgres://db/x?sslmode=prefer",
            &format!(
                "`store: postgres://db/x?sslmode=prefer`: `sslmode` is `disable` or `verify-full`{next}"
            ),
        );
        check(
            "postgres://ann:12?34@db/x",
            &format!(
                "`store: postgres://ann:***@db/x`: what stands behind the `?` is not understood{next}"
            ),
        );
        check(
            "postgres://db/x?colour=red",
            &format!(
                "`store: postgres://db/x?colour=red`: invalid connection string: unknown option `colour`{next}"
            ),
        );
    }
}
