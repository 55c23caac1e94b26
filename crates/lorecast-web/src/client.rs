//! From where a request comes, as far as strangers are told apart by it: so that one of them does not use up what is there for all.
//! No address is kept or logged.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::header::{HeaderMap, HeaderName};
use axum::http::request::Parts;

/// Bits of an IPv6 address that name a network; whoever has one has all addresses in it (RFC 4291 section 2.5.4).
const NETWORK: u32 = 64;

/// What stands between browsers and this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Front {
    /// Nothing, but for what is on this machine: who connects from elsewhere is who asks.
    Nothing,
    /// Something that does not tell who asks.
    Silent,
    /// Something that tells it in this header, at its end, whatever the browser itself said there.
    Tells(HeaderName),
}

/// Who sent a request: an IPv4 address, or a network of IPv6. Nothing when nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client(pub(crate) Option<IpAddr>);

impl Front {
    /// Who sent a request with these headers that came from `peer`.
    pub(crate) fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> Client {
        let peer = peer.ip().to_canonical();
        Client(match self {
            Self::Nothing => Some(network(peer)).filter(|_| !peer.is_loopback()),
            Self::Silent => None,
            Self::Tells(name) => {
                let last = headers.get_all(name).iter().next_back();
                last.and_then(|value| last_address(value.to_str().ok()?)).map(network)
            }
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self(None)))
    }
}

/// The last of addresses with commas between them, with or without a port.
fn last_address(list: &str) -> Option<IpAddr> {
    let last = list.rsplit(',').next()?.trim();
    let bare = last.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(last);
    let with_port = || last.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse().or_else(|_| with_port()).ok()
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let mask = u128::MAX << (128 - NETWORK);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(front: &Front, peer: &str, said: &[&str], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in said {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let client = front.client(peer.parse().unwrap(), &headers);
        assert_eq!(client.0.map(|ip| ip.to_string()).as_deref(), expected, "{peer} {said:?}");
    }

    #[test]
    fn what_stands_in_front_tells_who_asks_and_browsers_do_not() {
        let forged = &["192.0.2.9"][..];
        check(&Front::Nothing, "192.0.2.1:5", forged, Some("192.0.2.1"));
        check(&Front::Nothing, "[::ffff:192.0.2.1]:5", forged, Some("192.0.2.1"));
        check(&Front::Nothing, "[2001:db8:1:2:3::4]:5", &[], Some("2001:db8:1:2::"));
        // A proxy on the same machine, which nobody has told us of.
        check(&Front::Nothing, "127.0.0.1:5", forged, None);
        check(&Front::Silent, "192.0.2.1:5", forged, None);
        let tells = Front::Tells(HeaderName::from_static("x-forwarded-for"));
        check(&tells, "127.0.0.1:5", &["192.0.2.9, 198.51.100.7"], Some("198.51.100.7"));
        check(&tells, "127.0.0.1:5", &["192.0.2.9", "2001:db8:1:2:3::4"], Some("2001:db8:1:2::"));
        check(&tells, "127.0.0.1:5", &["[2001:db8::1]:443"], Some("2001:db8::"));
        check(&tells, "127.0.0.1:5", &["192.0.2.9:1234"], Some("192.0.2.9"));
        for nobody in [&[][..], &["unknown"], &["192.0.2.9, "], &["192.0.2.9", "x"]] {
            check(&tells, "127.0.0.1:5", nobody, None);
        }
    }
}
