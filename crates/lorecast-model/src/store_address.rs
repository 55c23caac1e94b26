//! Where a database is, with the password that nobody may see.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// `store:` in `show.yaml`: `postgres://USER@HOST/DATABASE`. A password may stand in it, though the
/// environment variable `PGPASSWORD` is the better place; it is shown nowhere.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct StoreAddress(String);

impl StoreAddress {
    /// An address as it is written.
    pub fn new(address: &str) -> Self {
        Self(address.to_owned())
    }

    /// The whole address, for whoever connects.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// Whether it is one of a server that we know how to speak to.
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres://") || self.0.starts_with("postgresql://")
    }
}

/// Without the password (RFC 3986 section 3.2.1 says what that is).
impl fmt::Display for StoreAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else { return out.write_str("***") };
        write!(out, "{scheme}://")?;
        // The last `@`: a password may hold one, and more, when whoever wrote it did not escape that.
        let (user, host) = rest.rsplit_once('@').map_or((None, rest), |(user, h)| (Some(user), h));
        if let Some(user) = user {
            let (name, hidden) =
                user.split_once(':').map_or((user, ""), |(name, _)| (name, ":***"));
            write!(out, "{name}{hidden}@")?;
        }
        match host.split_once("password=") {
            Some((before, _)) => write!(out, "{before}password=***"),
            None => out.write_str(host),
        }
    }
}

impl fmt::Debug for StoreAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for StoreAddress {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, shown: &str) {
        assert_eq!(StoreAddress::new(address).to_string(), shown);
    }

    #[test]
    fn a_password_is_never_shown() {
        check("postgres://ann@db.example/show", "postgres://ann@db.example/show");
        check("postgres://ann:secret@db.example/show", "postgres://ann:***@db.example/show");
        check("postgres://ann:se/c@r?et@db.example/show", "postgres://ann:***@db.example/show");
        check("postgres:///show?host=/run/postgresql", "postgres:///show?host=/run/postgresql");
        check("postgres://db/x?schema=a&password=secret", "postgres://db/x?schema=a&password=***");
        check("ann:secret", "***");
    }
}
