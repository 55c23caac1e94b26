//! Whether two mailboxes are one person's.

use lorecast_model::Mailbox;

/// Whether the person that a trailer names and the sender of a mail are one, by address or by name,
/// as b4 decides it:
/// - the same address, whatever its case and what stands behind a `+`; or the same local part where
///   one domain is the other with one more label in front (`linux.intel.com` and `intel.com`);
/// - the same name, whatever its case, its order (`Example, Ann`), its middle initials and what stands
///   in brackets behind it (`Ann Example (Some Firm)`); "via the-list" is no part of a name.
pub fn agrees(person: &Mailbox, sender: &Mailbox) -> bool {
    same_address(&person.email, &sender.email) || same_name(&person.name, &sender.name)
}

fn same_address(one: &str, other: &str) -> bool {
    let (Some((one, one_domain)), Some((other, other_domain))) =
        (one.rsplit_once('@'), other.rsplit_once('@'))
    else {
        return false;
    };
    let plain = |local: &str| local.split('+').next().unwrap_or_default().to_lowercase();
    let (one, other) = (plain(one), plain(other));
    let (one_domain, other_domain) = (one_domain.to_lowercase(), other_domain.to_lowercase());
    !one.is_empty()
        && one == other
        && (one_domain == other_domain
            || is_below(&one_domain, &other_domain)
            || is_below(&other_domain, &one_domain))
}

/// Whether a domain is the other with one more label in front. A top-level domain has many owners.
fn is_below(domain: &str, parent: &str) -> bool {
    let label = domain.strip_suffix(parent).and_then(|front| front.strip_suffix('.'));
    parent.contains('.') && label.is_some_and(|label| !label.is_empty() && !label.contains('.'))
}

fn same_name(one: &str, other: &str) -> bool {
    same_words(words(one), words(other))
        || (!one.is_ascii() || !other.is_ascii())
            && [german, plain]
                .iter()
                .any(|spelt| same_words(words(&spelt(one)), words(&spelt(other))))
}

/// Stübner, for mailers that know no umlauts: Stuebner.
fn german(name: &str) -> String {
    name.to_lowercase()
        .replace('ä', "ae")
        .replace(['ö', 'ø'], "oe")
        .replace('ü', "ue")
        .replace('ß', "ss")
        .replace('å', "aa")
}

/// Letters without their marks: José, Jose.
fn plain(name: &str) -> String {
    let bare = |c: char| match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' => 't',
        'ù'..='ü' | 'ů' | 'ű' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    };
    name.to_lowercase().chars().map(bare).collect()
}

fn same_words(one: Vec<String>, other: Vec<String>) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    if one == other {
        return true;
    }
    let sorted = |words: &[String]| {
        let mut words: Vec<String> =
            words.iter().filter(|word| word.chars().count() > 1).cloned().collect();
        words.sort();
        words
    };
    let (one, other) = (sorted(&one), sorted(&other));
    one.len() >= 2 && one == other
}

/// The words of a name in lower case, without brackets and what they hold, points and commas.
fn words(name: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '.' | ',' | '"' | '\'' => plain.push(' '),
            _ if depth == 0 => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    // "Ann Example via the-list", as lists write for senders whose mail must not be relayed.
    let words: Vec<String> = plain.split_whitespace().map(str::to_owned).collect();
    match words.iter().position(|word| word == "via") {
        Some(at) if at > 0 => words[..at].to_vec(),
        _ => words,
    }
}
