//! Maps of gitdm, in all their forms.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::fmt::Write as _;

use lorecast_people::gitdm;

/// Reads files written as `== name` and their lines, the first one as the root; says what is known of
/// each address, and what was complained of.
fn check(files: &str, emails: &[&str]) -> String {
    let files: Vec<(&str, &str)> =
        files.split("== ").skip(1).map(|file| file.split_once('\n').unwrap()).collect();
    let mut find = |name: &str| {
        files.iter().find(|(file, _)| *file == name).map(|(_, text)| text.as_bytes().to_vec())
    };
    let (map, complaints) = gitdm::read(&mut find, files[0].0);
    let mut told = String::new();
    for email in emails {
        writeln!(told, "{email}").unwrap();
        for found in map.of(email) {
            let day =
                |day: Option<jiff::civil::Date>| day.map(|d| d.to_string()).unwrap_or_default();
            let names = found.employers.join(" + ");
            let how = if found.listed { "address" } else { "domain" };
            writeln!(told, "  {names} {}..{} by {how}", day(found.from), day(found.until)).unwrap();
        }
    }
    complaints.iter().for_each(|complaint| writeln!(told, "{complaint}").unwrap());
    told
}

const CONFIG: &str = "\
== maps/gitdm.config
# whose is what
EmailAliases aliases
RXEmailAliases patterns
EmailMap  domains   # by domain
EmailMap people
GroupMap groups/widgets Widgets, Inc.
CompanyMap companies
DomainMap more-domains
FileTypeMap types
VirtualEmployer Half Time
    30% Gadgets
    70  Widgets
end
== maps/aliases
ann@old.example ann@x.example
\"Tom Abel\" tom@x.example
eva@x.example EVA@Y.example
== maps/patterns
.*\\+eva@.* eva@y.example
== maps/domains
x.example\tX  \u{202e}Works
dev.x.example X Lab
nobody.example (None)
== maps/people
ann@x.example Widgets < 2020-1-31
ann@x.example Gadgets < 2019-06-01
ann@x.example Sprockets
tom@x.example Half Time
uli!y.example Hidden < 2020-05-01
== maps/groups/widgets
eva@y.example
== maps/companies
`Widgets, Inc.` `Widgets`
`X  Works` `X-Werke`
== maps/more-domains
z.example Widgets, Inc. < 2018-01-01 # sold then
z.example Gadgets
";

#[test]
fn every_form_is_read() {
    insta::assert_snapshot!(check(CONFIG, &[
        "Ann@x.example", "ann@old.example", "tom@x.example", "x+eva@z.example", "uli@y.example",
        "who@x.example", "who@a.dev.x.example", "who@nobody.example", "who@z.example", "who@example", "who",
    ]), @r"
    Ann@x.example
      Gadgets ..2019-05-31 by address
      Widgets 2019-06-01..2020-01-30 by address
      Sprockets 2020-01-31.. by address
    ann@old.example
      Gadgets ..2019-05-31 by address
      Widgets 2019-06-01..2020-01-30 by address
      Sprockets 2020-01-31.. by address
    tom@x.example
      Widgets + Gadgets .. by address
    x+eva@z.example
      Widgets .. by address
    uli@y.example
      Hidden ..2020-04-30 by address
    who@x.example
      X-Werke .. by domain
    who@a.dev.x.example
      X Lab .. by domain
    who@nobody.example
       .. by domain
    who@z.example
      Widgets ..2017-12-31 by domain
      Gadgets 2018-01-01.. by domain
    who@example
    who
    ");
}

#[test]
fn one_map_alone_is_read() {
    insta::assert_snapshot!(check("\
== map
ann@old.example ann@x.example
ann@x.example Widgets < 2020-01-31
x.example X Works
", &["ann@old.example", "tom@x.example"]), @r"
    ann@old.example
      Widgets ..2020-01-30 by address
    tom@x.example
      X Works .. by domain
    ");
}

#[test]
fn broken_lines_are_reported_and_skipped() {
    insta::assert_snapshot!(check("\
== gitdm.config
EmailAliases aliases
EmailMap people
EmailMap missing
EmailMap ../outside
EmailMap /etc/outside
EmailMap
GroupMap group
Nonsense people
RXEmailAliases patterns
CompanyMap companies
VirtualEmployer Twice
  120% Widgets
  x Widgets
  40% Gadgets
EmailMap people
== aliases
ann@x.example
ann@x.example nothing
\"Tom tom@x.example
ann@x.example ann@y.example
ann@x.example ann@z.example
== companies
`A` is `B`
`A``B`
A B
`A` `B
== patterns
(((  ann@x.example
(a{1000}){1000} ann@x.example
== people
ann@x.example
x.example Widgets < yesterday
x.example Widgets < 2020-13-01
@x.example Widgets
nodots Widgets
a,b@x.example, Widgets
y.example Widgets
y.example Gadgets
z.example \u{1} Widgets
z.example Widgets
", &["a@y.example", "a@z.example"]), @r"
    a@y.example
      Widgets .. by domain
    a@z.example
      Widgets .. by domain
    aliases:1: an alias needs two addresses
    aliases:2: `nothing` is no address; write `alias address`
    aliases:3: the quotation mark has no end
    aliases:5: `ann@x.example` stood for `ann@y.example` already; this line counts
    people:1: `ann@x.example` has no employer
    people:2: `yesterday` is no date; write `< yyyy-mm-dd`
    people:3: `2020-13-01` is no date; write `< yyyy-mm-dd`
    people:4: `@x.example` is neither an address nor a domain
    people:5: `nodots` is neither an address nor a domain
    people:6: `a,b@x.example,` is neither an address nor a domain
    people:8: `y.example` has `Widgets` for the same time already; this line is not used
    people:9: the line holds control characters
    gitdm.config:3: the file `missing` cannot be read
    gitdm.config:4: `../outside` lies outside the configuration's folder; it is not read
    gitdm.config:5: `/etc/outside` lies outside the configuration's folder; it is not read
    gitdm.config:6: `EmailMap` names no file
    gitdm.config:7: no employer is named
    gitdm.config:8: `Nonsense` is no word of a configuration
    patterns:1: `(((` is no pattern that can be used
    patterns:2: `(a{1000}){1000}` is no pattern that can be used
    companies:1: two employers in backticks are needed
    companies:2: two employers in backticks are needed
    companies:3: two employers in backticks are needed
    companies:4: two employers in backticks are needed
    gitdm.config:12: `120%` is no share of 1% to 100%
    gitdm.config:13: `x` is no share of 1% to 100%
    gitdm.config:11: the virtual employer `Twice` has no `end`
    people:1: `ann@x.example` has no employer
    people:2: `yesterday` is no date; write `< yyyy-mm-dd`
    people:3: `2020-13-01` is no date; write `< yyyy-mm-dd`
    people:4: `@x.example` is neither an address nor a domain
    people:5: `nodots` is neither an address nor a domain
    people:6: `a,b@x.example,` is neither an address nor a domain
    people:8: `y.example` has `Widgets` for the same time already; this line is not used
    people:9: the line holds control characters
    gitdm.config:0: the shares of the virtual employer `Twice` make 40%
    ");
}

#[test]
fn old_lines_in_latin_1_are_read_beside_new_ones() {
    let text = b"# \xa9 Somebody\na.example B\xfchler & S\xf6hne\nb.example B\xc3\xbcro\n";
    let (map, complaints) = gitdm::read(&mut |_| Some(text.to_vec()), "map");
    assert_eq!(complaints, []);
    assert_eq!(map.of("ann@a.example")[0].employers, ["B\u{fc}hler & S\u{f6}hne"]);
    assert_eq!(map.of("ann@b.example")[0].employers, ["B\u{fc}ro"]);
}

#[test]
fn nothing_at_all_is_reported() {
    let (map, complaints) = gitdm::read(&mut |_| None, "gone");
    assert!(map.is_empty());
    assert_eq!(complaints[0].to_string(), "gone:0: the file `gone` cannot be read");
}

#[test]
fn a_map_that_names_itself_comes_to_an_end() {
    let text = "EmailMap x\n".repeat(5000);
    let mut files = |name: &str| {
        Some(if name == "x" { b"a.example A\n".to_vec() } else { text.clone().into_bytes() })
    };
    let (map, complaints) = gitdm::read(&mut files, "root");
    assert_eq!(map.of("u@a.example").len(), 1);
    assert_eq!(complaints.len(), 1000);
}

#[test]
fn the_times_of_one_owner_and_the_shares_of_one_name_are_bounded() {
    let years = (0..200).map(|year| format!("ann@x.example E{year} < {}-01-01\n", 1900 + year));
    let files = format!("== map\n{}", years.collect::<String>());
    let told = check(&files, &["ann@x.example"]);
    assert_eq!(told.matches("by address").count(), 64);
    assert!(told.contains("map:65: `ann@x.example` has more than 64 employers"), "{told}");
    let shares = "1% Widgets\n".repeat(101);
    let told = check(&format!("== c\nVirtualEmployer V\n{shares}end\n"), &[]);
    assert_eq!(told, "c:102: more than 100 shares; this one is not used\n");
}

proptest::proptest! {
    #[test]
    fn no_text_is_a_trap(root in "(EmailMap|GroupMap|RXEmailAliases|VirtualEmployer|end|[a-c@.#<\" ]{0,9}|[0-9%-]{1,4}|\n| ){0,40}", email in "\\PC{0,30}") {
        let text = root.clone();
        let (map, _) = gitdm::read(&mut |_| Some(text.clone().into_bytes()), "root");
        map.of(&email);
    }
}
