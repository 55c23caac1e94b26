//! What may be reached from outside without TLS: nothing.

use std::net::IpAddr;

use anyhow::bail;

/// Refuses to listen where anybody on the way could read: `options` say what would keep them from it.
pub(super) fn needs_tls(address: IpAddr, options: &str) -> anyhow::Result<()> {
    if address.to_canonical().is_loopback() {
        return Ok(());
    }
    bail!(
        "whoever is on the way could read what goes to {address}, keys of sessions too; give {options} when something with a certificate \
         stands in front, or listen on the loopback address"
    )
}

/// Refuses to believe what anybody could say.
pub(super) fn needs_proxy(address: IpAddr) -> anyhow::Result<()> {
    if address.to_canonical().is_loopback() {
        return Ok(());
    }
    bail!(
        "whoever reaches {address} could say anything in the header that `--client-header` names; give `--behind-proxy` when only something \
         in front does, or leave it out"
    )
}

/// Whether a host is this machine's own, to which nothing goes over a wire: `localhost`, names below it (RFC 6761 section 6.3) and
/// loopback addresses.
pub(super) fn is_here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}
