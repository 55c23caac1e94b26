//! Message-ids as people paste them.

use lorecast_desk::linked_message;
use lorecast_model::MessageId;

/// Reads an id with or without angle brackets, or the address of a mail at lore or another archive that
/// names mails by their ids.
pub(crate) fn message_id(text: &str) -> Result<MessageId, String> {
    if text.contains("://") {
        let help =
            "no message-id is in this address; paste the id that stands in the mail's header";
        return linked_message(text).ok_or_else(|| help.to_owned());
    }
    MessageId::new(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_addresses_are_read() {
        let check = |text: &str| message_id(text).unwrap().as_str().to_owned();
        assert_eq!(check("<a@b>"), "a@b");
        assert_eq!(check("https://lore.kernel.org/linux-pci/a%2Fc@b/T/#u"), "a/c@b");
        assert!(message_id("https://lore.kernel.org/linux-pci/").unwrap_err().contains("paste"));
        assert!(message_id("").is_err());
    }
}
