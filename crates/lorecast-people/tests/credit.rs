//! Who did what: from the messages of commits to a table.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

use std::fmt::Write as _;

use insta::assert_snapshot;
use jiff::Timestamp;
use lorecast_model::{Commit, CommitId, Mailbox, PersonId, Vouch};
use lorecast_people::{Credited, contributions, credit};

fn mailbox(text: &str) -> Mailbox {
    let (name, email) = text.split_once(" <").unwrap();
    Mailbox { name: name.to_owned(), email: email.trim_end_matches('>').to_owned() }
}

fn commit(number: u32, author: &str, trailers: &str) -> Commit {
    Commit {
        id: CommitId::new(&format!("{number:040x}")).unwrap(),
        parents: vec![],
        author: mailbox(author),
        authored: Timestamp::UNIX_EPOCH,
        committer: mailbox("Mona Maintainer <mona@kernel.example>"),
        committed: Timestamp::UNIX_EPOCH,
        message: format!("mm: fold\n\nIt folds.\n\n{trailers}"),
        diffs: vec![],
    }
}

/// Everybody is who the address says; those of company.example work there, `bot` is a program.
fn check(commits: &[Commit]) -> String {
    let all: Vec<_> = commits.iter().flat_map(|commit| contributions("mainline", commit)).collect();
    let credit = credit(&all, &mut |contribution| {
        let (local, domain) = contribution.who.email.split_once('@')?;
        let employer = (domain == "company.example").then(|| ("Company".to_owned(), Vouch::Name));
        let name = contribution.who.name.clone();
        (local != "bot").then(|| Credited { id: PersonId(local.to_owned()), name, employer })
    });
    let mut text = format!("{} changes\n", credit.changes);
    for row in credit.people.iter().chain(&credit.employers) {
        let parts: Vec<String> =
            row.parts.iter().map(|(part, count)| format!("{} {count}", part.name())).collect();
        let name = if row.name.is_empty() { "(nobody)" } else { &row.name };
        writeln!(text, "{name}: {}", parts.join(", ")).unwrap();
    }
    text
}

#[test]
fn parts_of_a_commit() {
    let trailers = "Co-developed-by: Bo Berg <bo@company.example>\n\
                    Signed-off-by: Ann Vogel <ann@company.example>\n\
                    Reported-by: a bot <bot@kernel.example>\n\
                    Reviewed-by: Cy Dee <cy@kernel.example>\n\
                    Reviewed-by: Cy Dee <CY@kernel.example> # twice\n\
                    Tested-by: Cy Dee <cy@kernel.example>";
    let commits = [
        commit(1, "Ann Vogel <ann@company.example>", trailers),
        commit(2, "Ann Vogel <ann@company.example>", "Acked-by: Bo Berg <bo@company.example>"),
    ];
    assert_snapshot!(check(&commits), @r"
    2 changes
    Ann Vogel: wrote 2
    Bo Berg: wrote 1, acked 1
    Cy Dee: reviewed 1, tested 1
    Mona Maintainer: committed 2
    Company: wrote 2, acked 1
    (nobody): reviewed 1, tested 1, committed 2
    ");
}

#[test]
fn nothing_is_nothing() {
    assert_snapshot!(check(&[]), @"0 changes");
}
