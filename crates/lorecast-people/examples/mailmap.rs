//! Answers as `git check-mailmap --stdin` does, for comparing both: see tests/parity/people/README.md.
//!
//!     cargo run -p lorecast-people --example mailmap -- MAILMAP < CONTACTS
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it is compared with git")]

use std::io::Read;

use lorecast_model::Mailbox;
use lorecast_people::Mailmap;

fn main() {
    let file = std::env::args().nth(1).unwrap();
    let (map, _) = Mailmap::read(&std::fs::read(file).unwrap());
    let mut contacts = String::new();
    std::io::stdin().read_to_string(&mut contacts).unwrap();
    for contact in contacts.lines() {
        let (name, email) = contact.rsplit_once('<').unwrap();
        let email = email.trim_end_matches('>').to_owned();
        let who = Mailbox { name: name.trim().to_owned(), email };
        let Mailbox { name, email } = map.proper(&who).unwrap_or(who);
        println!("{name}{}<{email}>", if name.is_empty() { "" } else { " " });
    }
}
