//! Text that was signed in place (RFC 9580 section 7, the Cleartext Signature Framework).

use std::borrow::Cow;

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const END: &str = "-----END PGP SIGNATURE-----";

/// The text without armour and signature, and whether it was signed. Dash escaping is undone, so
/// that a patch is one again. What stands around the armour stays.
pub(crate) fn undo(text: &str) -> (Cow<'_, str>, bool) {
    if !text.contains(BEGIN) {
        return (Cow::Borrowed(text), false);
    }
    let mut out = String::with_capacity(text.len());
    let mut place = Place::Outside;
    let mut signed = false;
    for line in text.split_inclusive('\n') {
        let end = line.trim_end();
        place = match place {
            Place::Outside if end == BEGIN => Place::Head,
            Place::Outside => {
                out.push_str(line);
                Place::Outside
            }
            // `Hash: SHA256` and the like, up to an empty line.
            Place::Head if end.is_empty() => Place::Text,
            Place::Head => Place::Head,
            Place::Text if end == SIGNATURE => Place::Signature,
            Place::Text => {
                out.push_str(line.strip_prefix("- ").unwrap_or(line));
                Place::Text
            }
            Place::Signature if end == END => Place::Outside,
            Place::Signature => Place::Signature,
        };
        signed |= matches!(place, Place::Head);
    }
    (Cow::Owned(out), signed)
}

#[derive(Clone, Copy)]
enum Place {
    Outside,
    Head,
    Text,
    Signature,
}
