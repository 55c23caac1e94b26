//! What a mail address looks like.

/// Characters that stand around addresses in headers and lists of them, and in no address of ours.
const AROUND: &str = "<>,;\"";

/// Whether a text is one mail address, `local@domain`, and nothing else. Looser than RFC 5322, section 3.4.1,
/// as mails are (`root@localhost`); quoted local parts, which nobody uses, are none.
pub fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || AROUND.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_what_stands_around_it() {
        for text in ["ann@kernel.example", "root@localhost", "a+b@x.example", "ünn@x.example"] {
            assert!(is_address(text), "{text}");
        }
        for text in [
            "",
            "@",
            "ann",
            "ann@",
            "@x.example",
            "<ann@x.example>",
            "a@x, b@x",
            "a b@x",
            "a@x\u{7}",
        ] {
            assert!(!is_address(text), "{text}");
        }
    }
}
