//! Which addresses the whole world can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Finds addresses as usual, and leaves out those that only the own network has: a feed may name
/// anything. What is found here is what is connected to, so that no second look-up can differ.
#[derive(Debug)]
pub(crate) struct Public {
    allowed: Vec<String>,
    inner: DefaultResolver,
}

impl Public {
    /// Hosts in `allowed` may be anywhere.
    pub(crate) fn except(allowed: Vec<String>) -> Self {
        Self { allowed, inner: DefaultResolver::default() }
    }
}

impl Resolver for Public {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        if self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| !is_private(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(Error::HostNotFound) } else { Ok(public) }
    }
}

/// Whether an address is not the whole world's: private networks, loopback, link-local (where clouds
/// keep their metadata), carriers' networks, documentation, tests, multicast (RFC 6890 and the
/// registries that it began), and IPv6 addresses that stand for such ones of IPv4.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && matches!(b, 18 | 19))
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, ..] = ip.segments();
    let stands_for = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (first, second) {
        // NAT64 (RFC 6052), for the own network (RFC 8215) and for all.
        (0x64, 0xff9b) if third == 1 => true,
        (0x64, 0xff9b) => stands_for(ip.segments()[6], ip.segments()[7]),
        // 6to4 (RFC 3056).
        (0x2002, high) => stands_for(high, third),
        // Teredo, benchmarks, documentation.
        (0x2001, 0 | 2 | 0xdb8) => true,
        _ => {
            // Mapped and compatible ones (RFC 4291 section 2.5.5), loopback and `::` among them.
            ip.to_ipv4().is_some_and(is_private_v4)
                || ip.is_multicast()
                // Unique local, link-local, and what site-local was.
                || first & 0xfe00 == 0xfc00
                || first & 0xff80 == 0xfe80
                || first & 0xfff0 == 0x3ff0
                || first == 0x100
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &str, private: bool) {
        for address in addresses.split_whitespace() {
            assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
        }
    }

    #[test]
    fn what_only_the_own_network_has_is_private() {
        check("10.0.0.1 172.16.9.9 192.168.1.1 127.0.0.1 127.9.9.9 0.0.0.0 0.1.2.3", true);
        check("169.254.169.254 100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1", true);
        check("224.0.0.1 240.0.0.1 255.255.255.255 198.51.100.1 203.0.113.9", true);
        check(":: ::1 ::ffff:127.0.0.1 ::ffff:10.1.2.3 ::10.1.2.3 fc00::1 fd00:ec2::254", true);
        check("fe80::1 febf::1 fec0::1 ff02::1 2001:db8::1 2001::1 64:ff9b:1::1 100::1", true);
        check("64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1::1 2002:c0a8:101::1", true);
    }

    #[test]
    fn what_the_world_has_is_not() {
        check(
            "1.1.1.1 100.63.0.1 100.128.0.1 172.32.0.1 192.0.1.1 198.20.0.1 223.255.255.1",
            false,
        );
        check(
            "2606:4700::1111 2a00:1450::1 ::ffff:1.1.1.1 64:ff9b::101:101 2002:101:101::1",
            false,
        );
    }
}
