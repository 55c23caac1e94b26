//! One name for each employer, however it is spelled.

use std::sync::LazyLock;

use lorecast_model::Employers;
use rustc_hash::{FxHashMap, FxHashSet};

use super::domains::{BY_DOMAIN, COMPANIES, words};

/// The longest name that is taken for one, in characters.
const LONGEST: usize = 80;

static LEGAL: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| words("legal"));
static PARTS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| words("part"));
static NONE: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| words("none"));

/// The spellings of our own list, in small letters.
static KNOWN: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let all = COMPANIES.iter().flat_map(|company| {
        let spelled = company.also.iter().chain(std::iter::once(&company.name));
        spelled.map(|spelled| (spelled.to_lowercase(), company.name))
    });
    all.collect()
});

/// How a show spells employers: its own aliases over ours.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelling {
    aliases: FxHashMap<String, String>,
}

impl Spelling {
    pub fn new(employers: &Employers) -> Self {
        // `Widgets, Inc.` is written `Widgets` as well, unless the show says that this is another.
        let short = |other: &str| without_legal(&tidy(other)).to_lowercase();
        let whole = |other: &str| tidy(other).to_lowercase();
        let short = employers.aliases.iter().map(|(other, name)| (short(other), name.clone()));
        let whole = employers.aliases.iter().map(|(other, name)| (whole(other), name.clone()));
        Self { aliases: short.chain(whole).collect() }
    }

    /// What an employer is called, from how it is written: `Intel Corporation` is Intel. `None` when
    /// it is none: empty, too long, or words such as `private`.
    pub fn name(&self, written: &str) -> Option<String> {
        let whole = tidy(written);
        if let Some(own) = self.own(&whole) {
            return Some(own);
        }
        let name = without_legal(first_part(&whole));
        if let Some(own) = self.own(name) {
            return Some(own);
        }
        if let Some(known) = known(name) {
            return Some(self.own(known).unwrap_or_else(|| known.to_owned()));
        }
        let small = name.to_lowercase();
        let letters = name.chars().any(char::is_alphabetic);
        let plain = !name.contains(['@', '<', '>', '/', '\\', '{', '}']) || name == "A/S";
        let fits = name.chars().count() <= LONGEST && !NONE.contains(small.as_str());
        (letters && plain && fits).then(|| name.to_owned())
    }

    /// Whether this is a spelling of ours or of the show's.
    pub fn knows(&self, written: &str) -> bool {
        let whole = tidy(written);
        let name = without_legal(first_part(&whole));
        self.own(&whole).or_else(|| self.own(name)).is_some() || known(name).is_some()
    }

    fn own(&self, name: &str) -> Option<String> {
        self.aliases.get(&name.to_lowercase()).cloned()
    }
}

/// On one line, without control characters and the quotes around it, cut where no name is that long.
fn tidy(written: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let cut: String = written.chars().take(4 * LONGEST).map(plain).collect();
    let words = cut.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_matches(|c| "\"'`.,;".contains(c)).trim().to_owned()
}

/// The name alone, without the address, the place or the department behind it: `Widgets Ltd.
/// Registered Address: …`, `Widgets GmbH, Ulm`, `Widgets - DE/Ulm`.
fn first_part(name: &str) -> &str {
    let mut cut = name;
    for mark in [" - ", " – ", " | ", "; ", " (", " http", " Registered ", " registered "] {
        cut = cut.split(mark).next().unwrap_or(cut);
    }
    let Some((first, rest)) = cut.split_once(", ") else { return cut.trim() };
    let small = first.to_lowercase();
    let department = ["dept", "department", "school of", "faculty of", "institute of", "chair of"];
    let department = department.iter().any(|word| small.starts_with(word));
    let school = |part: &&str| {
        let small = part.to_lowercase();
        small.contains("universi") || small.contains("college") || small.contains("institute")
    };
    let whole = if department { rest.split(", ").find(school) } else { None };
    whole.unwrap_or(first).trim()
}

/// The name without its legal forms at the end; never empty.
fn without_legal(name: &str) -> &str {
    let mut name = name.trim_end_matches([',', ' ']);
    while let Some((before, last)) = name.rsplit_once(' ') {
        let last = last.to_lowercase();
        if !LEGAL.contains(last.as_str()) && !LEGAL.contains(last.replace('.', "").as_str()) {
            break;
        }
        name = before.trim_end_matches([',', ' ']);
    }
    name
}

/// A company of our own list: as it is spelled there, or with countries and departments behind it.
fn known(name: &str) -> Option<&'static str> {
    let small = name.to_lowercase();
    // Some write the company's domain.
    if let Some(company) = BY_DOMAIN.get(small.trim_start_matches("www.")) {
        return Some(company);
    }
    let mut head = small.as_str();
    loop {
        if let Some(known) = KNOWN.get(head) {
            return Some(known);
        }
        let (before, last) = head.rsplit_once(' ')?;
        let last = last.trim_matches(|c: char| ",.()".contains(c));
        if !last.is_empty() && !PARTS.contains(last) && !LEGAL.contains(last) {
            return None;
        }
        head = before.trim_end_matches([',', ' ']);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str) -> String {
        let aliases = [("The Widget Works, Inc.", "Widgets"), ("alphabet", "Google")];
        let aliases = aliases.map(|(other, name)| (other.to_owned(), name.to_owned())).into();
        let spelling = Spelling::new(&Employers { aliases, ..Employers::default() });
        spelling.name(written).unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn one_employer_has_one_name() {
        for (written, name) in [
            ("Intel Corporation", "Intel"),
            ("INTEL", "Intel"),
            ("Intel.com", "Intel"),
            ("www.linaro.org", "Linaro"),
            ("Widgets.example", "Widgets.example"),
            ("Widgets e.K", "Widgets"),
            ("Intel Finland Oy", "Intel"),
            ("Intel Finland Oy - Some Street 7, Espoo", "Intel"),
            ("Red Hat, Inc.", "Red Hat"),
            ("Red Hat UK Ltd. Registered Address: A Place", "Red Hat"),
            ("SUSE Labs", "SUSE"),
            ("IBM Deutschland Research & Development GmbH", "IBM"),
            ("Intel Technology Poland sp. z o.o.", "Intel"),
            ("ARM Ltd.", "Arm"),
            ("NXP Semiconductors", "NXP"),
            ("Intelligent Widgets", "Intelligent Widgets"),
            ("Oracle Bakery", "Oracle Bakery"),
            ("Widget & Sons GmbH & Co. KG", "Widget & Sons"),
            ("the widget works inc", "Widgets"),
            ("The Widget Works", "Widgets"),
            ("Alphabet", "Google"),
            ("Dept. of Things, Widget University, Ulm", "Widget University"),
            ("Widgets GmbH, Ulm", "Widgets"),
            ("Widgets B.V.", "Widgets"),
            ("'Widgets'", "Widgets"),
            ("Company", "-"),
            ("Co.", "Co"),
            ("private", "-"),
            ("Self-employed", "-"),
            ("ann@x.example", "-"),
            ("<b>Widgets</b>", "-"),
            ("12345", "-"),
            ("", "-"),
        ] {
            assert_eq!(check(written), name, "{written}");
        }
        assert_eq!(check(&"wide ".repeat(5000)), "-");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_has_a_short_name_or_none(written in "\\PC{0,120}") {
            let name = check(&written);
            proptest::prop_assert!(name.chars().count() <= LONGEST);
            proptest::prop_assert!(!name.is_empty());
        }
    }
}
