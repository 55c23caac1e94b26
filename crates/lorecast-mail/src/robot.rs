//! Whether a program sent a mail.

use lorecast_model::Mailbox;

/// Addresses that programs send from, by how their local part begins.
const ADDRESSES: [&str; 15] = [
    "syzbot",
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "bugzilla",
    "buildbot",
    "patchwork",
    "tip-bot",
    "tipbot",
    "pr-tracker-bot",
    "mailer-daemon",
    "lkp",
    "autobuild",
    "ci_notify",
];

/// Words that programs are called by, beside "bot" and "robot".
const NAMES: [&str; 4] = ["bugzilla", "buildbot", "patchwork", "automated"];

/// Whether a program sends from this mailbox: `…-bot@`, `lkp@`, "kernel test robot", "… bot". Of
/// people who run one nobody is listed: what they send by hand is theirs.
pub fn is_robot(from: &Mailbox) -> bool {
    let local = from.email.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let bot = |word: &str| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(word, "bot" | "robot")
    };
    let lkp = local == "lkp"
        || !local.starts_with("lkp") && ADDRESSES.iter().any(|start| local.starts_with(start));
    let name = from.name.to_lowercase();
    let nick = from.name.ends_with("bot") && from.name.bytes().all(|b| b.is_ascii_lowercase());
    lkp || nick
        || local.split(['-', '+', '.', '_']).any(bot)
        || name
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| bot(word) || word.starts_with("syzbot") || NAMES.contains(&word))
        || from.name.split(|c: char| !c.is_alphanumeric()).any(|word| word == "CI")
}
