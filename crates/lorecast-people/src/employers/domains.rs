//! Which domain is whose: companies that everybody knows, and domains that are nobody's employer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// A company of our own list.
pub(super) struct Company {
    /// What to call it.
    pub name: &'static str,
    /// Its domains.
    pub domains: Vec<&'static str>,
    /// How it is also written.
    pub also: Vec<&'static str>,
}

/// Our own list.
pub(super) static COMPANIES: LazyLock<Vec<Company>> = LazyLock::new(|| {
    let said = lines(include_str!("companies.txt"));
    said.map(|line| {
        let mut parts = line.splitn(3, '=').map(str::trim);
        let mut next = || parts.next().unwrap_or_default();
        let (name, domains) = (next(), next().split_whitespace().collect());
        let also = next().split(',').map(str::trim).filter(|also| !also.is_empty()).collect();
        Company { name, domains, also }
    })
    .collect()
});

pub(super) static BY_DOMAIN: LazyLock<FxHashMap<&'static str, &'static str>> =
    LazyLock::new(|| {
        COMPANIES.iter().flat_map(|c| c.domains.iter().map(|domain| (*domain, c.name))).collect()
    });

static COMMUNITIES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    lines(include_str!("communities.txt")).flat_map(str::split_whitespace).collect()
});

/// Parts of a domain whose owners are no employees, or of which only some are.
const OUTSIDERS: [&str; 16] = [
    "ext",
    "extern",
    "external",
    "externals",
    "partner",
    "partners",
    "contractor",
    "contractors",
    "consultant",
    "vendor",
    "guest",
    "alum",
    "alumni",
    "lists",
    "list",
    "noreply",
];

/// Words of the part before the `@` that say the same: `ann.vogel.ext@`, `external.ann.vogel@`.
const OUTSIDE: [&str; 7] =
    ["ext", "extern", "external", "partner", "contractor", "consultant", "temp"];

/// What is found for a domain, else for the domains above it.
pub(super) fn nearest<'a, T>(email: &'a str, find: impl Fn(&'a str) -> Option<T>) -> Option<T> {
    let mut domain = email.rsplit_once('@')?.1;
    loop {
        if let Some(found) = find(domain) {
            return Some(found);
        }
        domain = domain.split_once('.')?.1;
    }
}

/// Whether an address (in small letters) is at a domain that is nobody's employer, by our list or the
/// show's.
pub(crate) fn is_community(email: &str, own: &FxHashSet<String>) -> bool {
    let known = |domain: &str| (COMMUNITIES.contains(domain) || own.contains(domain)).then_some(());
    nearest(email, known).is_some()
}

/// Whether an address says of itself that its owner is no employee of the domain.
pub(super) fn is_outsider(email: &str) -> bool {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let labels = domain.split('.');
    let inner = labels.clone().count().saturating_sub(2);
    labels.take(inner).any(|label| OUTSIDERS.contains(&label))
        || local.split(['.', '-', '_', '+']).any(|word| OUTSIDE.contains(&word))
}

/// The company that a domain of our list belongs to.
pub(crate) fn company(email: &str) -> Option<&'static str> {
    nearest(email, |domain| BY_DOMAIN.get(domain).copied())
}

/// The words of a table of `spellings.txt`.
pub(super) fn words(kind: &str) -> FxHashSet<&'static str> {
    let tables: BTreeMap<&str, &'static str> =
        lines(include_str!("spellings.txt")).filter_map(|line| line.split_once(": ")).collect();
    tables.get(kind).map(|words| words.split_whitespace().collect()).unwrap_or_default()
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(email: &str) -> String {
        let own = FxHashSet::from_iter(["hackers.example".to_owned()]);
        match (is_community(email, &own), is_outsider(email), company(email)) {
            (true, ..) => "community".to_owned(),
            (_, true, _) => "outsider".to_owned(),
            (.., company) => company.unwrap_or("-").to_owned(),
        }
    }

    #[test]
    fn a_domain_is_a_company_a_community_or_unknown() {
        for (email, what) in [
            ("ann@intel.com", "Intel"),
            ("ann@linux.intel.com", "Intel"),
            ("ann@notintel.com", "-"),
            ("ann@intel.com.example", "-"),
            ("ann@kernel.org", "community"),
            ("ann@users.kernel.org", "community"),
            ("ann@x.hackers.example", "community"),
            ("ann@gmail.com", "community"),
            ("ann@partner.samsung.com", "outsider"),
            ("ann.vogel.ext@nokia.com", "outsider"),
            ("partners@intel.com", "Intel"),
            ("ann@", "-"),
            ("ann", "-"),
            ("", "-"),
        ] {
            assert_eq!(check(email), what, "{email}");
        }
    }

    /// A domain in both lists, or of two companies, would be found by chance.
    #[test]
    fn our_lists_do_not_contradict_themselves() {
        let domains: Vec<&str> = COMPANIES.iter().flat_map(|c| c.domains.clone()).collect();
        let distinct: FxHashSet<&str> = domains.iter().copied().collect();
        assert_eq!(domains.len(), distinct.len(), "a domain of two companies");
        for company in COMPANIES.iter() {
            assert!(!company.domains.is_empty(), "{}", company.name);
        }
        let none = FxHashSet::default();
        for domain in domains {
            assert!(!is_community(&format!("a@{domain}"), &none), "{domain}");
        }
        for kind in ["legal", "part", "none"] {
            assert!(words(kind).len() > 20, "{kind}");
        }
    }
}
