//! The addresses at which a show's readers find a mail: made here, and read back here.

use crate::{MessageId, Profile, Show};

/// What stands for the Message-ID in an address.
const HOLE: &str = "{id}";
/// What names a mail without saying where it is (RFC 2392).
const BY_ID: &str = "mid:{id}";
/// Where lore.kernel.org shows any mail.
const LORE: &str = "https://lore.kernel.org/r/{id}/";
/// The longest address that is read, in bytes: an id of 998 bytes, all of them escaped.
const LONGEST: usize = 4096;

impl Show {
    /// Where a mail can be read: by `links`, else at lore.kernel.org for a show about the kernel, else
    /// by its id alone (RFC 2392), which names a mail without saying where it is.
    pub fn link(&self, id: &MessageId) -> String {
        let template = self.template();
        let id = id.in_path();
        // In the query of an address a plus is a space (HTML, application/x-www-form-urlencoded).
        let query = template.split(HOLE).next().is_some_and(|front| front.contains('?'));
        template.replace(HOLE, &if query { id.replace('+', "%2B") } else { id })
    }

    /// The mail that an address leads to, as [`link`](Self::link) writes it: escapes, the scheme and
    /// what follows the id (`#…`, a missing `/`) may differ. `None` for any other address, and for an id
    /// without `@`, which is more likely the name of a page.
    pub fn linked(&self, address: &str) -> Option<MessageId> {
        read(self.template(), address).or_else(|| read(BY_ID, address))
    }

    fn template(&self) -> &str {
        match (&self.links, self.profile) {
            (Some(links), _) => links,
            (None, Profile::Kernel) => LORE,
            (None, Profile::General) => BY_ID,
        }
    }
}

fn read(template: &str, address: &str) -> Option<MessageId> {
    let (front, behind) = without_scheme(template).split_once(HOLE)?;
    let rest = without_scheme(address.get(..LONGEST).unwrap_or(address)).strip_prefix(front)?;
    let id = &rest[..rest.find(ends_id).unwrap_or(rest.len())];
    // What the template writes right behind the id: `.html`.
    let behind = behind.split(HOLE).next().unwrap_or_default();
    let tail = &behind[..behind.find(ends_id).unwrap_or(behind.len())];
    let id = MessageId::new(&percent_decoded(id.strip_suffix(tail).unwrap_or(id))).ok()?;
    id.as_str().contains('@').then_some(id)
}

/// Whether a character cannot be of an id as [`MessageId::in_path`] writes it.
fn ends_id(c: char) -> bool {
    !(c.is_alphanumeric() || "-._~@+=$!*,%".contains(c))
}

fn without_scheme(address: &str) -> &str {
    ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| {
            let start = address.get(..scheme.len())?;
            start.eq_ignore_ascii_case(scheme).then(|| &address[scheme.len()..])
        })
        .unwrap_or(address)
}

/// Undoes the escapes of an address (RFC 3986 section 2.1); what is no escape stays.
pub fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |b: u8| (b as char).to_digit(16);
        let escape = (bytes[at] == b'%')
            .then(|| Some((hex(*bytes.get(at + 1)?)? * 16 + hex(*bytes.get(at + 2)?)?) as u8))
            .flatten();
        out.push(escape.unwrap_or(bytes[at]));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(links: Option<&str>, profile: Profile) -> Show {
        let show = serde_json::json!({
            "title": "A show", "description": "", "author": "", "url": "https://show.example/",
        });
        let show: Show = serde_json::from_value(show).unwrap();
        Show { profile, links: links.map(str::to_owned), ..show }
    }

    const TEMPLATES: [Option<&str>; 6] = [
        None,
        Some("https://lists.example/?m={id}"),
        Some("https://lists.example/archive/{id}.html"),
        Some("http://lists.example/{id}/T/#u"),
        Some("https://lists.example/read?list=a&id={id}&raw=1"),
        Some("https://lists.example/%7Edb/{id}"),
    ];

    #[test]
    fn addresses_that_people_write_by_hand_are_read_as_well() {
        let check = |links, address: &str| {
            show(links, Profile::General).linked(address).map(|id| id.to_string())
        };
        let some = |id: &str| Some(id.to_owned());
        assert_eq!(check(TEMPLATES[3], "https://lists.example/a%40b"), some("a@b"));
        assert_eq!(check(TEMPLATES[2], "HTTPS://lists.example/archive/a@b.html#top"), some("a@b"));
        assert_eq!(check(TEMPLATES[2], "mid:a/b@c"), None, "`a` is no id, and a slash ends it");
        assert_eq!(check(TEMPLATES[2], "mid:a%2Fb@c"), some("a/b@c"));
        assert_eq!(check(TEMPLATES[1], "https://lists.example/?q=a@b"), None);
        assert_eq!(check(None, "https://lore.kernel.org/r/a@b/"), None);
    }

    #[test]
    fn without_links_a_kernel_show_leads_to_lore() {
        let id = MessageId::new("a/b@c").unwrap();
        assert_eq!(show(None, Profile::Kernel).link(&id), id.lore_url());
        assert_eq!(
            show(TEMPLATES[1], Profile::Kernel).link(&MessageId::new("a+b@c").unwrap()),
            "https://lists.example/?m=a%2Bb@c"
        );
    }

    proptest! {
        #[test]
        fn what_is_made_is_read_back(
            local in "[^\\s\\p{C}<>@]{1,40}", host in "[^\\s\\p{C}<>@]{1,20}", at in 0..TEMPLATES.len(), kernel: bool,
        ) {
            let id = MessageId::new(&format!("{local}@{host}")).unwrap();
            let profile = if kernel { Profile::Kernel } else { Profile::General };
            let show = show(TEMPLATES[at], profile);
            prop_assert_eq!(show.linked(&show.link(&id)), Some(id));
        }

        #[test]
        fn no_address_makes_it_panic(address in "\\PC{0,80}", at in 0..TEMPLATES.len()) {
            let _ = show(TEMPLATES[at], Profile::General).linked(&address);
        }
    }
}
