//! Whether words name an organisation, and which part of them does. Silent when unsure.

use lorecast_model::Mailbox;

/// The longest name of an organisation, in bytes and in words.
const LONGEST: usize = 80;
const WORDS: usize = 8;

/// What a company's name ends with, in small letters and without dots.
const LEGAL_FORMS: [&str; 35] = [
    "gmbh",
    "ag",
    "kg",
    "ek",
    "ev",
    "eg",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "ltd",
    "limited",
    "llc",
    "llp",
    "plc",
    "co",
    "sa",
    "sas",
    "sarl",
    "srl",
    "sro",
    "spa",
    "bv",
    "nv",
    "oy",
    "oyj",
    "ab",
    "as",
    "aps",
    "kk",
    "pty",
    "sl",
    "company",
    "lab",
    "labs",
];

/// Words that only names of institutions have, in small letters.
const INSTITUTIONS: [&str; 16] = [
    "university",
    "universität",
    "universitaet",
    "université",
    "universidad",
    "università",
    "universidade",
    "institute",
    "institut",
    "instituto",
    "foundation",
    "laboratory",
    "laboratories",
    "technologies",
    "semiconductor",
    "semiconductors",
];

/// What people are, in small letters.
const ROLES: [&str; 30] = [
    "engineer",
    "developer",
    "maintainer",
    "architect",
    "manager",
    "scientist",
    "researcher",
    "consultant",
    "lead",
    "leader",
    "director",
    "programmer",
    "hacker",
    "administrator",
    "admin",
    "officer",
    "founder",
    "professor",
    "student",
    "intern",
    "owner",
    "support",
    "team",
    "kernel",
    "linux",
    "opensource",
    "head",
    "president",
    "cto",
    "ceo",
];

/// What mail systems and people write in parentheses that is no employer, in small letters.
const NO_EMPLOYER: [&str; 84] = [
    "linux",
    "oss",
    "ext",
    "external",
    "extern",
    "contractor",
    "contract",
    "consultant",
    "work",
    "home",
    "private",
    "personal",
    "mail",
    "email",
    "gmail",
    "outlook",
    "lists",
    "list",
    "kernel",
    "new",
    "old",
    "retired",
    "servers",
    "server",
    "storage",
    "networking",
    "embedded",
    "mobile",
    "phone",
    "office",
    "main",
    "alt",
    "dev",
    "test",
    "testing",
    "vendor",
    "guest",
    "freelance",
    "freelancer",
    "self",
    "self-employed",
    "remote",
    "open source",
    "opensource",
    "he",
    "she",
    "they",
    "him",
    "her",
    "them",
    "phd",
    "ph.d.",
    "msc",
    "m.sc.",
    "dr",
    "dr.",
    "jr",
    "jr.",
    "sr",
    "mr",
    "ms",
    "mrs",
    "prof",
    "prof.",
    "usa",
    "us",
    "uk",
    "eu",
    "de",
    "cn",
    "jp",
    "kr",
    "fr",
    "tw",
    "il",
    "pl",
    "hk",
    "sg",
    "china",
    "india",
    "germany",
    "japan",
    "france",
    "canada",
];

/// Given names that people with other ones write in parentheses for their colleagues abroad.
const GIVEN_NAMES: [&str; 96] = [
    "alan", "albert", "alex", "alice", "allen", "amy", "andrew", "andy", "anna", "anthony", "ben",
    "bill", "bob", "brian", "bruce", "carl", "charles", "charlie", "chris", "cindy", "colin",
    "daniel", "dave", "david", "dennis", "derek", "dick", "doug", "eddie", "edward", "emily",
    "eric", "frank", "fred", "gary", "george", "grace", "harry", "henry", "howard", "ivan", "jack",
    "jackie", "jacky", "jacob", "james", "jason", "jay", "jeff", "jenny", "jerry", "jessica",
    "jim", "jimmy", "joe", "john", "johnny", "jonathan", "joseph", "ken", "kenny", "kevin",
    "larry", "leo", "lily", "louis", "lucas", "lucy", "mark", "martin", "matt", "michael", "mike",
    "nick", "oliver", "oscar", "patrick", "paul", "peter", "philip", "ray", "richard", "robert",
    "robin", "roger", "ryan", "sam", "scott", "simon", "steve", "steven", "terry", "tim", "tom",
    "tony", "victor",
];

/// Parts of domains that name no organisation: mail providers, communities, and what hosts are
/// called.
const NO_NAMES: [&str; 52] = [
    "gmail",
    "googlemail",
    "outlook",
    "hotmail",
    "live",
    "msn",
    "yahoo",
    "ymail",
    "rocketmail",
    "protonmail",
    "proton",
    "pm",
    "gmx",
    "web",
    "mail",
    "email",
    "fastmail",
    "icloud",
    "me",
    "mac",
    "qq",
    "foxmail",
    "yandex",
    "zoho",
    "posteo",
    "riseup",
    "tutanota",
    "tuta",
    "aol",
    "mailbox",
    "disroot",
    "kernel",
    "linux",
    "debian",
    "ubuntu",
    "fedoraproject",
    "gentoo",
    "archlinux",
    "infradead",
    "github",
    "gitlab",
    "users",
    "lists",
    "list",
    "vger",
    "dev",
    "opensource",
    "oss",
    "open",
    "the",
    "com",
    "org",
];

/// Words that people write into an Organization header who work for nobody there.
const NOBODY: [&str; 34] = [
    "i",
    "am",
    "not",
    "none",
    "no",
    "nobody",
    "my",
    "me",
    "myself",
    "self",
    "private",
    "personal",
    "home",
    "individual",
    "unorganized",
    "unorganised",
    "disorganized",
    "disorganised",
    "organized",
    "organised",
    "hobby",
    "hobbyist",
    "freelance",
    "freelancer",
    "unemployed",
    "retired",
    "independent",
    "n/a",
    "na",
    "nil",
    "null",
    "unknown",
    "donation",
    "anonymous",
];

/// The employer in a remark behind a name: one to four words in Latin letters, the first one with a
/// capital, and no nickname, role, place or spelling of the name. Behind a name of one word mostly a
/// nickname stands, so the domain of the address has to bear an employer out.
pub(crate) fn in_remark(remark: &str, person: &Mailbox) -> Option<String> {
    let named = remark.split([',', '/']).next().unwrap_or(remark);
    let named = named.split(" - ").next().unwrap_or(named).trim();
    let latin = |text: &str| text.chars().all(|c| (c as u32) < 0x250 && !c.is_control());
    let capital = named.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let shape = latin(named)
        && capital
        && named.split(' ').count() <= 4
        && (2..=40).contains(&named.len())
        && named.chars().any(char::is_alphabetic)
        && !named.contains(['#', '@', ':', '?', '!', '"', '*', '[', '`', '|', '\\']);
    if !shape {
        return None;
    }
    if of_domain(named, &person.email) == Some(named) {
        return Some(named.to_owned());
    }
    let lower = named.to_lowercase();
    let latin_name = person.name.chars().any(|c| c.is_alphabetic() && (c as u32) < 0x250);
    let wrong = NO_EMPLOYER.contains(&lower.as_str())
        || GIVEN_NAMES.contains(&lower.as_str())
        || words(&lower).any(|word| ROLES.contains(&word))
        || !latin_name
        || !person.name.contains(' ')
        || spells(&lower, person);
    (!wrong || is_company(named)).then(|| named.to_owned())
}

/// The organisation that a header names, without registers and addresses of the company; nothing
/// for the jokes that people make there.
pub(crate) fn in_header(value: &str, person: &Mailbox) -> Option<String> {
    let value = value.trim_matches(['"', '\'', ' ']);
    let mut end = value.len();
    for behind in [" - ", " – ", " | ", ", Registered", " Registered", ", Registration", ";", "://"]
    {
        end = end.min(value.find(behind).unwrap_or(end));
    }
    let named = value[..end].trim_end_matches([',', ';', '-', ':', ' ']);
    let lower = named.to_lowercase();
    let starts = named.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let plausible = (2..=LONGEST).contains(&named.len())
        && named.split(' ').count() <= WORDS
        && named.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !named.contains(['@', '<', '>', '!', '?'])
        && (starts || of_domain(named, &person.email).is_some())
        && !lower.split([' ', ',']).any(|word| NOBODY.contains(&word))
        && !spells(&lower, person);
    plausible.then(|| named.to_owned())
}

/// The organisation that a part of a signature's line names: one that the domain of the address has
/// as well, else a company by its legal form or an institution.
pub(crate) fn in_signature(part: &str, person: &Mailbox) -> Option<String> {
    let lower = part.to_lowercase();
    let titled = part.split(' ').all(|word| {
        let small = word.starts_with(|c: char| c.is_lowercase());
        !small || CONNECTORS.contains(&word.trim_end_matches(['.', ',']))
    });
    let plausible = (2..=LONGEST).contains(&part.len())
        && part.split(' ').count() <= WORDS
        && titled
        && !part.contains(['@', '<', '>', '!', '?', '"', '=', '*', '/', ':'])
        && part.chars().filter(char::is_ascii_digit).count() < 5
        && !spells(&lower, person);
    if !plausible {
        return None;
    }
    if let Some(named) = of_domain(part, &person.email) {
        return Some(named.to_owned());
    }
    let role = words(&lower).any(|word| ROLES.contains(&word));
    (!role && is_company(part)).then(|| part.to_owned())
}

/// Small words within names of organisations.
const CONNECTORS: [&str; 18] = [
    "of", "the", "and", "for", "de", "du", "des", "für", "fuer", "und", "e", "s", "r", "o", "z",
    "et", "at", "in",
];

/// What somebody works as ends here, and where begins: `Software Engineer at Example`.
pub(crate) fn workplace(part: &str) -> Option<&str> {
    let at = [" at ", " @ "].iter().filter_map(|at| Some((part.find(at)?, at.len()))).min()?;
    let (role, place) = (&part[..at.0], part[at.0 + at.1..].trim());
    let works = words(&role.to_lowercase()).any(|word| ROLES.contains(&word) && word != "student");
    let named = (2..=40).contains(&place.len())
        && place.split(' ').count() <= 4
        && place.split(' ').all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '&')
                || CONNECTORS.contains(&word)
        })
        && place.chars().all(|c| c.is_alphanumeric() || " .&-'".contains(c));
    (works && named).then_some(place.trim_end_matches('.'))
}

/// Whether the words end in a company's legal form, or have a word of institutions.
pub(crate) fn is_company(named: &str) -> bool {
    let lower = named.to_lowercase();
    let last: String = lower.rsplit([' ', ',']).next().unwrap_or_default().replace('.', "");
    let several = lower.split([' ', ',']).filter(|word| !word.is_empty()).count() > 1;
    let spaced = ["s. r. o.", "sp. z o.o.", "e. v."].iter().any(|form| lower.ends_with(form));
    several
        && (LEGAL_FORMS.contains(&last.as_str())
            || spaced
            || words(&lower).any(|word| INSTITUTIONS.contains(&word)))
}

/// The first words of a name that are a label of the address's domain: `Big Widgets` of
/// `Big Widgets Labs` for `ann@bigwidgets.example`.
fn of_domain<'a>(named: &'a str, email: &str) -> Option<&'a str> {
    let domain = email.rsplit_once('@')?.1;
    // The last label is a country's or a kind's.
    let labels: Vec<String> = domain.rsplit('.').skip(1).map(letters).collect();
    let is_label = |text: &str| {
        text.len() >= 2 && !NO_NAMES.contains(&text) && labels.iter().any(|label| label == text)
    };
    // The longest first: `Red Hat` before `Red`.
    let ends = named.match_indices(' ').map(|(at, _)| at).chain([named.len()]);
    let ends: Vec<usize> = ends.take(4).collect();
    ends.into_iter().rev().map(|end| named[..end].trim_end_matches([',', '.'])).find(|first| {
        let host = [".org", ".com", ".net", ".io", ".de"];
        let bare = host.iter().find_map(|host| first.strip_suffix(host)).unwrap_or(first);
        is_label(&letters(bare))
    })
}

/// Whether the words are the name or the account of a person, or a part of either.
fn spells(lower: &str, person: &Mailbox) -> bool {
    let name = person.name.to_lowercase();
    let account = person.email.split('@').next().unwrap_or_default().to_lowercase();
    let theirs = |word: &str| {
        words(&name).any(|own| own == word)
            || account.split(['.', '-', '_', '+']).any(|part| part == word)
    };
    letters(lower) == letters(&name)
        || letters(lower) == letters(&account)
        || words(lower).any(|word| word.len() > 1 && theirs(word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
