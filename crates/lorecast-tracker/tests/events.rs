//! What mails say happened.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use lorecast_model::{Event, Message, Proof, Revision, What};
use lorecast_tracker::{events, named, pulls, series, vouched};
use mails::mails;
use proptest::prelude::*;

mod mails;

fn posted(messages: &[Message]) -> Vec<Revision> {
    series::revisions(messages).into_iter().map(|posted| posted.revision).collect()
}

fn show(event: &Event) -> String {
    let what = match &event.what {
        What::Answered => "answered".to_owned(),
        What::Vouched { key } => key.clone(),
        What::ChangesRequested => "changes requested".to_owned(),
        What::Promised => "promised".to_owned(),
        What::Rejected => "rejected".to_owned(),
        What::Applied { tree, commit } => {
            format!("applied [{tree}] {}", commit.as_deref().unwrap_or("-"))
        }
        What::Landed { commit, .. } => format!("landed {}", commit.as_deref().unwrap_or("-")),
        What::Stable { release } => format!("stable {release}"),
        What::Dropped { tree } => format!("dropped [{tree}]"),
        other => format!("{other:?}"),
    };
    let Proof::Message(proof) = &event.proof else { panic!("no mail proves {what}") };
    let patches =
        if event.patches.is_empty() { String::new() } else { format!(" {:?}", event.patches) };
    format!("{proof} {}: {what}{patches}", event.who)
}

/// The mails of a text with other senders and longer texts, `id: from, text`.
fn with(text: &str, changes: &[(&str, &str, &str)]) -> Vec<Message> {
    let mut messages = mails(text);
    for (id, from, text) in changes {
        let message =
            messages.iter_mut().find(|message| message.header.id.as_str() == *id).unwrap();
        if !from.is_empty() {
            let (name, email) = from.split_once('<').unwrap();
            message.header.from.name = name.trim().to_owned();
            message.header.from.email = email.to_owned();
        }
        message.text = (*text).to_owned();
    }
    messages
}

/// One event a line below the root that it is about, without mere answers.
fn check_all(mut messages: Vec<Message>) -> String {
    let revisions = posted(&messages);
    let given = vouched(&messages, &revisions);
    let found = events(&messages, &revisions, &given);
    messages.reverse();
    assert_eq!(events(&messages, &revisions, &given), found, "the order of the mails mattered");
    let mut lines = Vec::new();
    for (revision, found) in revisions.iter().zip(found) {
        let told = found.iter().filter(|event| event.what != What::Answered);
        lines.extend(told.map(|event| format!("{} <- {}", revision.root, show(event))));
    }
    lines.join("\n")
}

const SERIES: &str = "
    c      | ada | [PATCH v2 0/3] fold
    p1 < c | ada | [PATCH v2 1/3] mm: one
    p2 < c | ada | [PATCH v2 2/3] mm: two
    p3 < c | ada | [PATCH v2 3/3] mm: three
";

/// Events of the series above, from an answer to one of its mails.
fn check(to: &str, text: &str) -> String {
    let refs = if to == "c" { "c".to_owned() } else { format!("c {to}") };
    let mails = with(&format!("{SERIES}\na < {refs} | bob | Re: it"), &[("a", "", text)]);
    check_all(mails).replace("c <- a bob: ", "")
}

#[test]
fn thanks_with_a_commit_for_each_patch() {
    insta::assert_snapshot!(check("c", "On Monday, ada wrote:
> Fold.

Applied to mm/next, thanks!

[1/3] mm: one
      commit: 1111111111111111111111111111111111111111
[2/3] mm: two, with another title
      https://git.kernel.org/mm/c/222222222222
[3/3] mm: three
      (no commit info)

Best regards,
--\x20
bob
"), @"
applied [mm/next] - [3]
applied [mm/next] 1111111111111111111111111111111111111111 [1]
applied [mm/next] 222222222222 [2]
");
    insta::assert_snapshot!(check("p2", "Applied to

   https://git.kernel.org/pub/scm/mm.git for-next

Thanks!

[2/3] mm: two
      commit: 2222222222222222222222222222222222222222
"), @"applied [https://git.kernel.org/pub/scm/mm.git for-next] 2222222222222222222222222222222222222222 [2]");
}

#[test]
fn patchwork_says_who_and_where() {
    let text = "Hello:

This series was applied to netdev/net-next.git (main)
by Dot Example <dot@d.example>:

On Monday you wrote:
> Fold.

Here is the summary with links:
  - [net-next,v2,1/3] mm: one
    https://git.kernel.org/netdev/net-next/c/111111111111
  - [net-next,v2,2/3] mm: two
    (no matching commit)
  - [net-next,v2,3/3] mm: three
    https://git.kernel.org/netdev/net-next/c/333333333333

You are awesome, thank you!
";
    let mails = with(
        &format!("{SERIES}\na < c | bot | Re: fold"),
        &[("a", "<patchwork-bot+x@k.example", text)],
    );
    insta::assert_snapshot!(check_all(mails), @"
c <- a Dot Example: applied [netdev/net-next.git (main)] 111111111111 [1]
c <- a Dot Example: applied [netdev/net-next.git (main)] 333333333333 [3]
");
}

#[test]
fn a_summary_names_patches_by_their_links() {
    let text = "Hello:

The following patches were marked \"accepted\", because they were applied to
ada/f2fs.git (dev):

Patch: [f2fs-dev,v2] mm: two
  Submitter: Ada <ada@a.example>
  Committer: Dot Example <dot@d.example>
  Patchwork: https://patchwork.example/project/1
  Lore link: https://lore.kernel.org/r/p2@a.example
";
    let text = text.replace("p2@a.example", "p2");
    let mails = with(
        &format!("{SERIES}\na | bot | Patchwork summary for: f2fs"),
        &[("a", "<patchwork-bot+f2fs@k.example", &text)],
    );
    assert_eq!(named(&mails[4]).unwrap().titles, ["mm: two"]);
    assert_eq!(check_all(mails), "c <- a Dot Example: applied [ada/f2fs.git (dev)] - [2]");
}

#[test]
fn tip_bot_names_commit_and_committer() {
    let text = "The following commit has been merged into the x86/mm branch of tip:

Commit-ID:     2222222222222222222222222222222222222222
Author:        Ada <ada@a.example>
Committer:     Dot Example <dot@d.example>

mm: Two

Signed-off-by: Ada <ada@a.example>
";
    let mails = with(
        &format!("{SERIES}\na < p2 | x | [tip: x86/mm] mm: Two"),
        &[("a", "tip-bot2 for Ada <tip-bot2@l.example", text)],
    );
    assert_eq!(
        check_all(mails),
        "c <- a Dot Example: applied [tip/x86/mm] 2222222222222222222222222222222222222222 [2]"
    );
}

#[test]
fn queues_name_a_patch_by_its_title() {
    let added = "The patch titled\n     Subject: mm: two\nhas been added to the -mm mm-unstable branch.  Its filename is\n     x.patch\n";
    let merged = "The quilt patch titled\n     Subject: mm: two\nhas been removed from the -mm tree.  Its filename was\n     x.patch\n\n\
        This patch was dropped because it was merged into the mm-stable branch\nof git://g.example/mm\n";
    let out = "The quilt patch titled\n     Subject: mm: two\nhas been removed from the -mm tree.  Its filename was\n     x.patch\n\n\
        This patch was dropped because it had testing failures\n";
    let stable = "This is a note to let you know that I've just added the patch titled\n\n    mm: two\n\nto the 6.1-stable tree which can be found at:\n    http://g.example\n";
    let usb = "This is a note to let you know that I've just added the patch titled\n\n    mm: two\n\nto my usb git tree which can be found at\n    git://g.example\n";
    let asoc = "The patch\n\n   mm: two\n\nhas been applied to the asoc tree at\n\n   https://g.example for-next\n";
    for (text, expected) in [
        (added, "applied [mm/mm-unstable] -"),
        (merged, "applied [mm/mm-stable] -"),
        (out, "dropped [mm]"),
        (stable, "stable 6.1"),
        (usb, "applied [usb git] -"),
        (asoc, "applied [asoc] -"),
    ] {
        let mails = with(&format!("{SERIES}\na | dot | a notice"), &[("a", "", text)]);
        assert_eq!(named(&mails[4]).unwrap().titles, ["mm: two"]);
        assert_eq!(check_all(mails), format!("c <- a dot: {expected} [2]"), "{text}");
    }
}

#[test]
fn backports_are_for_stable() {
    let upstream = "From: Ada <ada@a.example>\n\n[ Upstream commit 2222222222222222222222222222222222222222 ]\n\nTwo.\n";
    for (subject, release) in [
        ("[PATCH AUTOSEL 6.1 04/25] mm: two", "6.1"),
        ("[PATCH 5.10 091/124] mm: two", "5.10"),
        ("[PATCH 6.1.y] mm: two", "6.1"),
    ] {
        let mails = with(&format!("{SERIES}\na | sasha | {subject}"), &[("a", "", upstream)]);
        assert_eq!(check_all(mails), format!("c <- a sasha: stable {release} [2]"), "{subject}");
    }
    let own = with(&format!("{SERIES}\na | sasha | [PATCH 5.10] mm: two"), &[]);
    assert_eq!(check_all(own), "");
}

#[test]
fn plain_words() {
    for (to, text, expected) in [
        ("c", "Applied, thanks!", "applied [] -"),
        ("p2", "Applied to powerpc/next.", "applied [powerpc/next] - [2]"),
        (
            "c",
            "Thanks Ada, I just merged this into lsm/stable-6.4, but mind the style.",
            "applied [lsm/stable-6.4] -",
        ),
        ("p1", "Series queued up for 6.4, thanks.", "applied [] -"),
        ("c", "Patches 1-2 applied.  Thanks.", "applied [] - [1, 2]"),
        ("c", "Applied 1/3 for 6.0. Thanks!", "applied [] - [1]"),
        ("c", "All 3 patches applied, thanks!", "applied [] -"),
        ("p3", "Both pushed, thanks.", "applied [] -"),
        ("p3", "Applied as 0123456789ab.", "applied [] 0123456789ab [3]"),
        (
            "p3",
            "I have applied it to the for-next branch.\n\nhttps://g.example/c/0123456789ab\n",
            "applied [for-next] 0123456789ab [3]",
        ),
    ] {
        assert_eq!(check(to, text), expected, "{text}");
    }
}

#[test]
fn a_claim_stands_out() {
    let review = |claim: &str| {
        format!(
            "Hi Ada,\n\nthis lock is taken twice, once here and once below.\n\n{claim}\n\n\
            The name of that function says too little, I would spell it out.\n\nBob"
        )
    };
    for (claim, expected) in [
        ("So I went and applied the rest of the series. It folds what is there already.", ""),
        ("Anyway, applied, thanks. I fixed up the subject.", "applied [] - [2]"),
        ("I have applied it to the mm/next branch with that one fixed.", "applied [mm/next] - [2]"),
    ] {
        assert_eq!(check("p2", &review(claim)), expected, "{claim}");
    }
    let last = "Hi Ada,\n\nthis lock is taken twice, once here and once below.\n\n\
        That is no reason to wait. I have applied it now, please send the fix on its own.\n\nThanks,\nBob";
    assert_eq!(check("p2", last), "applied [] - [2]");
}

#[test]
fn a_claim_names_its_patches() {
    for (text, expected) in [
        ("Patches 1& 2 applied.", "applied [] - [1, 2]"),
        ("Patches 1 & 2 applied, thanks.", "applied [] - [1, 2]"),
        ("Applied patches 1-3.", "applied [] - [1, 2, 3]"),
        ("I picked up patch 1.", "applied [] - [1]"),
        ("I picked up patch #1 and #3, thanks.", "applied [] - [1, 3]"),
        (
            "Patch 1 was picked up from v2 already, so it need not be sent again.",
            "applied [] - [1]",
        ),
        ("Patch 1 has been picked up from v2 already.", "applied [] - [1]"),
        ("Patch 1/3 applied, the others need more work.", "applied [] - [1]"),
        ("Applied the first two patches.", "applied [] - [1, 2]"),
        ("Applied the first 2, thanks.", "applied [] - [1, 2]"),
        ("First patch applied, thanks.", "applied [] - [1]"),
    ] {
        assert_eq!(check("c", text), expected, "{text}");
    }
}

#[test]
fn a_subset_without_a_list_names_no_patch() {
    for (to, expected) in [("c", ""), ("c p2", "c <- a bob: applied [] - [2]")] {
        let thread = format!(
            "{SERIES}\na < {to} | bob | Re: (subset) [PATCH v2] x | Series applied, thanks."
        );
        assert_eq!(check_all(mails(&thread)), expected, "{to}");
    }
}

#[test]
fn maintainers_turn_down() {
    for (text, expected) in [
        ("We have that already.\n\npw-bot: reject", "rejected"),
        ("PW-Bot: Rejected", "rejected"),
        ("Not ours.\n-- \npw-bot: not-applicable", "rejected"),
        ("Mind the tabs.\n\npw-bot: cr", "changes requested"),
        ("pw-bot: changes-requested", "changes requested"),
        ("pw-bot: under-review", ""),
        ("> pw-bot: reject", ""),
        ("The bot reads pw-bot: reject.", ""),
        ("Sorry, I'm not going to take this.", "rejected [2]"),
        ("As I said, I won't apply\nthese patches, sorry.", "rejected [2]"),
        ("I will not take this until it is tested.", ""),
        ("I'm not going to take this as it is.", ""),
        ("I won't take this through my tree.", ""),
        ("Why would you think I won't take this?", ""),
        ("I won't take it lightly.", ""),
        ("NAK, I'm tired of it.", "changes requested [2]"),
    ] {
        assert_eq!(check("p2", text), expected, "{text}");
    }
    let own = with(&format!("{SERIES}\na < c | ada | Re: fold"), &[("a", "", "pw-bot: cr")]);
    assert_eq!(check_all(own), "c <- a ada: promised");
}

#[test]
fn patchwork_says_what_was_turned_down() {
    let bot = "<patchwork-bot+x@k.example";
    for (text, expected) in [
        ("Hello:\n\nThis series was marked \"rejected\" by Dot.\n", "rejected"),
        ("Hello:\n\nThis patch was marked as Changes Requested.\n", "changes requested"),
        ("Hello:\n\nThis patch was marked as under review.\n", ""),
        (
            "Hello:\n\nThe following patches were marked \"not applicable\":\n\nPatch: mm: two\n  Lore link: https://lore.kernel.org/r/p2@a.example\n",
            "rejected [2]",
        ),
    ] {
        let mails = with(&format!("{SERIES}\na < c | bot | Re: fold"), &[("a", bot, text)]);
        assert_eq!(check_all(mails).replace("c <- a patchwork-bot+x: ", ""), expected, "{text}");
    }
}

#[test]
fn words_that_say_no_such_thing() {
    for text in [
        "Has this been applied?",
        "This was not applied.",
        "I will get it applied.",
        "It could be merged once fixed up.",
        "I applied this on top of v6.1 and it boots.",
        "I queued up a patch that does the same.",
        "Stricter rules applied to new bindings.",
        "Patch 1 & 2 merged into 1 patch.",
        "I picked kmalloc() here.",
        "+ unsigned free, queued_up, len;",
        "Sorry, I applied this patch but cannot find the file.",
        "> Applied, thanks!",
        "I probably should've pushed him to use it.",
        "If applied, it breaks.",
    ] {
        assert_eq!(check("p2", text), "", "{text}");
    }
}

#[test]
fn another_version_is_asked_for() {
    for text in [
        "Please fix this and resend.",
        "NAK.\n\nNo.",
        "This needs a v3.",
        "Nacked-by: bob <bob@kernel.example>",
        "Please rebase on net-next and repost.",
        "You need to address\nthe review and respin the series.",
        "I am waiting for a v3 of this.",
        "Please drop this hunk in v3.",
    ] {
        assert_eq!(check("p2", text), "changes requested [2]", "{text}");
    }
    for text in [
        "Do you plan to send a v3?",
        "Is there a NAK for this?",
        "Please see v1.",
        "> NAK.",
        "I sent NAKs over the bus.",
    ] {
        assert_eq!(check("p2", text), "", "{text}");
    }
}

#[test]
fn authors_promise_another_version() {
    for (text, expected) in [
        ("Thanks, will fix in v3.", "promised [2]"),
        ("Nice catch! Will fix in the next version", "promised [2]"),
        ("I'll send a new version following your proposal.", "promised [2]"),
        ("OK, will post a new version soon.", "promised [2]"),
        ("Sure, I'll respin it.", "promised [2]"),
        ("Done in the next version.", "promised [2]"),
        ("I am not going to send a v3.", ""),
        ("What about v3?", ""),
        ("Applied, thanks!", ""),
    ] {
        let mails = with(&format!("{SERIES}\na < c p2 | ada | Re: two"), &[("a", "", text)]);
        assert_eq!(check_all(mails).replace("c <- a ada: ", ""), expected, "{text}");
    }
}

#[test]
fn taken_out_again_by_whoever_took_it() {
    let thread = format!(
        "{SERIES}
        a < c | bob | Re: fold | Applied, thanks.
        b < c a | bob | Re: fold | Now dropped this series, it does not build.
        d < c a | cy | Re: fold | I dropped it."
    );
    assert_eq!(check_all(mails(&thread)), "c <- a bob: applied [] -\nc <- b bob: dropped []");
}

#[test]
fn answers_and_trailers_are_events_bots_are_none() {
    let thread = format!(
        "{SERIES}
        a < c p2 | bob | Re: two | Why?
        b < c p2 | ada | Re: two | So.
        d < c p2 | bob | Re: two | Acked-by: bob <bob@kernel.example>
        e < c | lkp | Re: fold | It does not build."
    );
    let messages = mails(&thread);
    let revisions = posted(&messages);
    let found = events(&messages, &revisions, &vouched(&messages, &revisions));
    let shown: Vec<String> = found[0].iter().map(show).collect();
    insta::assert_snapshot!(shown.join("\n"), @"
a bob: answered [2]
d bob: answered [2]
d bob: acked-by [2]
");
}

#[test]
fn pull_requests_and_their_merges() {
    let request = |name: &str| {
        format!(
            "The following changes since commit {}:\n\n  x\n\nare available in the Git repository at:\n\n  git://g.example/ada.git tags/{name}\n\nfor you to fetch changes up to {}:\n",
            "1".repeat(40),
            "2".repeat(40)
        )
    };
    let merged = format!(
        "The pull request you sent on Monday:\n\n> git://g.example/ada.git tags/fold\n\nhas been merged into torvalds/linux.git:\nhttps://git.kernel.org/torvalds/c/{}\n\nThank you!\n",
        "3".repeat(40)
    );
    let (fold, other) = (request("fold"), request("other"));
    let messages = with(
        "
        p | ada | [GIT PULL] fold for 6.4
        a < p | bot | Re: [GIT PULL] fold for 6.4
        q | ada | [GIT PULL] other
        b < q | bob | Re: [GIT PULL] other | Pulled, thanks!
        d < q | ada | Re: [GIT PULL] other | Pulled, I see.",
        &[("p", "", &fold), ("q", "", &other), ("a", "<pr-tracker-bot@k.example", &merged)],
    );
    let shown: Vec<String> = pulls(&messages)
        .iter()
        .map(|pull| {
            let events: Vec<String> = pull.events.iter().map(show).collect();
            format!("{} {}: {}", pull.root, pull.title, events.join(", "))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
p fold for 6.4: a pr-tracker-bot: landed 3333333333333333333333333333333333333333
q other: b bob: applied [] -
");
}

/// The requests of one thread, each answered: looked up one by one they would take minutes.
#[test]
fn thousands_of_pull_requests() {
    let request = format!(
        "The following changes since commit {}:\n\n  x\n\nare available in the Git repository at:\n\n  git://g.example/ada.git x\n\nfor you to fetch changes up to {}:\n",
        "1".repeat(40),
        "2".repeat(40)
    );
    let lines: String = (0..3000)
        .map(|at| format!("p{at} | ada | [GIT PULL] {at}\na{at} < p{at} | bob | Re: [GIT PULL] {at} | Pulled, thanks!\n"))
        .collect();
    let mut messages = mails(&lines);
    for message in messages.iter_mut().filter(|message| !message.header.subject.starts_with("Re")) {
        message.text.clone_from(&request);
    }
    let found = pulls(&messages);
    let ones = found.iter().filter(|pull| pull.events.len() == 1).count();
    assert_eq!((found.len(), ones), (3000, 3000));
}

proptest! {
    #[test]
    fn nothing_panics(text in "(?s)(applied|pushed| to |commit: |\\[1/3\\] |- |NAK|https://g/c/|patch titled\\n|has been |Link: |Commit-ID:|[ -~éß→\\n]){0,40}") {
        for (from, subject) in [("", "Re: x"), ("<tip-bot2@x", "[tip: x] y"), ("<patchwork-bot@x", "Re: x"), ("<pr-tracker-bot@x", "Re: x"), ("", "[git:x] y"), ("", "[PATCH 6.1] y")] {
            let mut messages = with(&format!("{SERIES}\na < c | bob | {subject}"), &[("a", from, &text)]);
            messages[4].header.subject = subject.to_owned();
            let revisions = posted(&messages);
            let given = vouched(&messages, &revisions);
            let _ = (events(&messages, &revisions, &given), named(&messages[4]), pulls(&messages));
        }
    }
}
