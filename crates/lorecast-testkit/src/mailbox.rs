//! Mails and mboxes as text.
