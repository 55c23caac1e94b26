use std::io::Write;

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use lorecast_desk::{CreditFor, Desk, EntryChange, Hand, ImportedAs, PersonView, said_by};
use lorecast_model::Vouch;

use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};
use crate::window::Days;
use crate::{Exit, tables};

/// Shows who is who, and what the show knows of them.
///
/// Many addresses and spellings are one person, where a rule says why; what is not sure waits for you
/// in `people review`. Employers are told with their source, of all people whom a story names or of
/// none. What people say of themselves wins over everything else.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast people list --top 20\n  lorecast people show 'Ann Vogel'\n  lorecast people review                          who may be one person, and why it is not sure\n  lorecast people stats --release v6.3            who wrote, reviewed and tested it"
)]
pub(crate) struct People {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    List(List),
    Show(Show),
    Review(Review),
    Merge(Merge),
    Split(Split),
    Set(Set),
    Claim(Claim),
    Forget(Forget),
    Import(Import),
    Stats(Stats),
}

/// Lists people, those who wrote most first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast people list --top 20")]
struct List {
    /// How many to show.
    #[arg(long, default_value_t = 25)]
    top: usize,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Shows what the show knows of somebody: addresses, spellings, employers, each with its source.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast people show ann@kernel.example")]
struct Show {
    /// An address, a whole name, or a name within the show such as `ann-vogel`.
    whom: String,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Lists what you have to settle: who may be one person, and what contradicts itself.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast people review\n  lorecast people review --log       every merge that was made, with its reason"
)]
struct Review {
    /// All merges that were made, and why.
    #[arg(long)]
    log: bool,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Says that two addresses are one person's; written to `merges.yaml`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  lorecast people merge ann@kernel.example ann.vogel@company.example"
)]
struct Merge {
    /// An address.
    one: String,
    /// Another.
    other: String,
}

/// Says that two addresses are two people's: undoes a merge, and keeps it from being made.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast people split ann@kernel.example ann@company.example")]
struct Split {
    /// An address.
    one: String,
    /// Another.
    other: String,
}

/// Writes what `people.yaml` says of somebody; with `--token`, as the person's own word.
#[derive(Debug, Args)]
#[command(
    after_help = "Keys: name, say, ipa, audio, lang, pronouns, bio, link:TITLE, employers\n\nExamples:\n  lorecast people set ann@kernel.example say='ann FOH-gel' lang=de\n  lorecast people set ann@kernel.example employers='Example 2019-01-01..2021-06-30; Other 2021-07-01..'\n  lorecast people set ann@kernel.example bio=            takes it away"
)]
struct Set {
    /// An address, a whole name, or a name within the show.
    whom: String,
    /// What to write: `KEY=VALUE`, or `KEY=` to take something away.
    #[arg(required = true)]
    changes: Vec<EntryChange>,
    /// The token that was mailed to the address: what is written is the person's own word.
    #[arg(long)]
    token: Option<String>,
}

/// Lets somebody write their own entry: prints the mail with a token that proves the address.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast people claim ann@kernel.example | sendmail -t")]
struct Claim {
    /// The address to prove.
    address: String,
    /// The token that came back: says whether it is good.
    #[arg(long)]
    token: Option<String>,
}

/// Forgets somebody who asked for it: from the next build on they are "a developer".
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  lorecast people forget ann@kernel.example --yes\n\nOnly hashes of the addresses and names are kept, under a key in forgotten.key: back that file up."
)]
struct Forget {
    /// An address, a whole name, or a name within the show.
    whom: String,
    /// Do it: it cannot be undone.
    #[arg(long)]
    yes: bool,
}

/// Takes a map of employers (gitdm) or a .mailmap into the show; reports the lines that cannot be used.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast people import ../gitdm/gitdm.config     into maps/ and employers.yaml\n  lorecast people import ../linux/.mailmap         into maps/ and show.yaml"
)]
struct Import {
    /// A configuration of gitdm, one of its files alone, or a .mailmap.
    file: Utf8PathBuf,
}

/// Counts who wrote, reviewed and tested what, by person and by employer.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast people stats --release v6.3\n  lorecast people stats --from 2023-04-01 --to 2023-06-30 --format csv > quarter.csv\n  lorecast people stats --release v6.4-rc1 --by employer"
)]
struct Stats {
    /// A release, by its tag: what it holds that no earlier one does.
    #[arg(long, value_name = "TAG", conflicts_with_all = ["week", "from", "to"])]
    release: Option<String>,
    #[command(flatten)]
    days: Days,
    /// The tree of `show.yaml` to read; the one with the role `mainline` when there are several.
    #[arg(long)]
    tree: Option<String>,
    /// Rows for people, or for employers. Text shows both unless one is chosen.
    #[arg(long, value_enum)]
    by: Option<By>,
    /// How many rows of a table to show; all in JSON and CSV.
    #[arg(long, default_value_t = 20)]
    top: usize,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    Person,
    Employer,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum TableFormat {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
    /// For spreadsheets (RFC 4180).
    Csv,
}

impl People {
    pub(crate) fn run(&self, show: &Utf8Path, now: Timestamp) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        match &self.what {
            What::List(list) => list.run(&desk)?,
            What::Show(show) => show.run(&desk)?,
            What::Review(review) => return review.run(&desk),
            What::Merge(Merge { one, other }) => decide(&desk, one, other, true, now)?,
            What::Split(Split { one, other }) => decide(&desk, one, other, false, now)?,
            What::Set(set) => set.run(&desk, now)?,
            What::Claim(claim) => claim.run(&desk, now)?,
            What::Forget(forget) => forget.run(&desk)?,
            What::Import(import) => return import.run(&desk),
            What::Stats(stats) => stats.run(&desk)?,
        }
        Ok(Exit::Done)
    }
}

impl List {
    fn run(&self, desk: &Desk<'_>) -> anyhow::Result<()> {
        let mut people = desk.everybody()?;
        people.retain(|view| !view.robot && !view.forgotten);
        people.sort_by(|a, b| b.mails.cmp(&a.mails).then_with(|| a.id.cmp(&b.id)));
        people.truncate(self.top);
        if let Format::Json = self.format {
            return out::json(&people);
        }
        let mut out = out::stdout();
        for view in &people {
            let employer = view.employers.last().map(in_words).unwrap_or_default();
            let name = &view.person.name;
            writeln!(out, "{:>6}  {name}  {}  {employer}", view.mails, view.id)?;
        }
        Ok(out.flush()?)
    }
}

impl Show {
    fn run(&self, desk: &Desk<'_>) -> anyhow::Result<()> {
        let view = desk.person(&self.whom)?;
        if let Format::Json = self.format {
            return out::json(&view);
        }
        let PersonView { id, person, .. } = &view;
        let mut out = out::stdout();
        writeln!(out, "{}  {id}", person.name)?;
        let mails = count(view.mails, "mail", "mails");
        let days = view.first.zip(view.last).map(|(first, last)| {
            format!(", {} to {}", first.strftime("%Y-%m-%d"), last.strftime("%Y-%m-%d"))
        });
        writeln!(out, "  {mails}{}", days.unwrap_or_default())?;
        let state = [(view.robot, "a program"), (view.forgotten, "asked to be forgotten")];
        for (_, state) in state.iter().filter(|(is, _)| *is) {
            writeln!(out, "  {state}")?;
        }
        let texts = [
            ("say", &person.say),
            ("ipa", &person.ipa),
            ("audio", &person.audio),
            ("lang", &person.lang),
            ("pronouns", &person.pronouns),
            ("bio", &person.bio),
        ];
        let said = person.own.as_deref().map(said_by).unwrap_or_default();
        let source = |key: &str| if said.contains(&key) { " (the person says)" } else { "" };
        for (key, text) in texts.iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
            writeln!(out, "  {key}: {text}{}", source(key))?;
        }
        for (title, url) in &person.links {
            writeln!(out, "  {title}: {url}{}", source("links"))?;
        }
        for affiliation in &view.employers {
            writeln!(out, "  {}", in_words(affiliation))?;
        }
        for other in &person.also {
            writeln!(out, "  also written {other}")?;
        }
        for email in &person.emails {
            writeln!(out, "  {email}")?;
        }
        Ok(out.flush()?)
    }
}

/// An employer with its time and its source.
fn in_words(affiliation: &lorecast_model::Affiliation) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let days = match (affiliation.from, affiliation.until) {
        (None, None) => String::new(),
        (from, until) => format!(" {}..{}", day(from), day(until)),
    };
    let source = match affiliation.source {
        Vouch::Own => "the person says",
        Vouch::Producer => "the show's files",
        Vouch::Name => "behind the name",
        Vouch::Header => "Organization header",
        Vouch::Signature => "signature",
        Vouch::Map => "imported map",
        Vouch::Domain => "domain of the address alone",
    };
    format!("{}{days} ({source})", affiliation.employer)
}

impl Review {
    fn run(&self, desk: &Desk<'_>) -> anyhow::Result<Exit> {
        let review = desk.review_people()?;
        let waits = !review.pending.is_empty() || !review.conflicts.is_empty();
        let exit = if waits { Exit::Findings } else { Exit::Done };
        if let Format::Json = self.format {
            out::json(&review)?;
            return Ok(exit);
        }
        let mut out = out::stdout();
        if self.log {
            for merge in &review.merges {
                writeln!(out, "{}\n  = {}\n    {}", merge.one, merge.other, merge.why)?;
            }
        } else {
            for conflict in review.conflicts.iter().chain(&review.complaints) {
                writeln!(out, "{conflict}")?;
            }
            for pair in &review.pending {
                writeln!(out, "{}\n  ? {}\n    {}", pair.one, pair.other, pair.why)?;
            }
        }
        out.flush()?;
        let pairs = count(review.pending.len() as u64, "pair waits", "pairs wait");
        let merges = count(review.merges.len() as u64, "merge was", "merges were");
        terminal::say(&format!(
            "{pairs} for you (`lorecast people merge ONE OTHER`, or `split`); {merges} made (`--log`)"
        ));
        Ok(exit)
    }
}

fn decide(
    desk: &Desk<'_>,
    one: &str,
    other: &str,
    same: bool,
    now: Timestamp,
) -> anyhow::Result<()> {
    let day = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let [one, other] = desk.decide([one, other], same, day)?;
    let is = if same { "is" } else { "is not" };
    terminal::say(&format!(
        "{one} {is} {other}; written to merges.yaml, delete the line to undo it"
    ));
    Ok(())
}

impl Set {
    fn run(&self, desk: &Desk<'_>, now: Timestamp) -> anyhow::Result<()> {
        let hand = match &self.token {
            Some(_) if !self.whom.contains('@') => bail!(
                "name the address that the token was mailed to: `people set ADDRESS --token …`"
            ),
            Some(token) => Hand::Own { token, now },
            None => Hand::Producer,
        };
        let entry = desk.set_person(&self.whom, &self.changes, hand)?;
        terminal::say(&format!("the entry of {} in people.yaml was written", entry.name));
        if self.token.is_none() {
            for key in self.changes.iter().filter_map(|change| change.overruled_in(&entry)) {
                terminal::say(&format!("what they say of `{key}` themselves is shown instead"));
            }
        }
        Ok(())
    }
}

impl Claim {
    fn run(&self, desk: &Desk<'_>, now: Timestamp) -> anyhow::Result<()> {
        if let Some(token) = &self.token {
            desk.prove(&self.address, token, now)?;
            terminal::say(&format!(
                "the token is good: `lorecast people set {} --token {token} KEY=VALUE…`",
                self.address
            ));
            return Ok(());
        }
        let mail = desk.claim(&self.address, now)?;
        let mut out = out::stdout();
        write!(out, "{mail}")?;
        out.flush()?;
        terminal::say("the mail above is to be sent: pipe it to `sendmail -t`");
        Ok(())
    }
}

impl Forget {
    fn run(&self, desk: &Desk<'_>) -> anyhow::Result<()> {
        if !self.yes {
            let view = desk.person(&self.whom)?;
            bail!(
                "{} ({}) would be forgotten for good; say `--yes` to do it",
                view.person.name,
                count(view.mails, "mail", "mails")
            );
        }
        let forgot = desk.forget(&self.whom)?;
        terminal::say(&format!(
            "forgotten: {} kept in forgotten.yaml; back up forgotten.key, and draft and publish again",
            count(forgot.remembered as u64, "hash", "hashes")
        ));
        for file in &forgot.by_hand {
            terminal::say(&format!("{file} still holds an address or the name: clean it by hand"));
        }
        for id in &forgot.masters {
            terminal::say(&format!(
                "the sound of episode {id} has the name in its tags: `lorecast master {id}` again, then `lorecast publish --supersede \"somebody is not named any more\"`"
            ));
        }
        Ok(())
    }
}

impl Import {
    fn run(&self, desk: &Desk<'_>) -> anyhow::Result<Exit> {
        let imported = desk.import_people(&self.file)?;
        let mut out = out::stdout();
        for complaint in &imported.complaints {
            writeln!(out, "{complaint}")?;
        }
        out.flush()?;
        let (what, file) = match imported.what {
            ImportedAs::Map => ("a map of employers", "employers.yaml"),
            ImportedAs::Mailmap => ("a mailmap", "show.yaml"),
        };
        let named = if imported.new { "now named" } else { "named already" };
        terminal::say(&format!("`{}`, {what}, is {named} in {file}", imported.file));
        if imported.copied > 0 {
            let files = count(imported.copied as u64, "file was", "files were");
            terminal::say(&format!("{files} copied into the show"));
        }
        if imported.complaints.is_empty() {
            return Ok(Exit::Done);
        }
        let lines = count(imported.complaints.len() as u64, "line", "lines");
        terminal::say(&format!("{lines} cannot be used, and will be skipped"));
        Ok(Exit::Findings)
    }
}

impl Stats {
    fn run(&self, desk: &Desk<'_>) -> anyhow::Result<()> {
        let what = match &self.release {
            Some(tag) => CreditFor::Release(tag.clone()),
            None if self.days.is_empty() => {
                bail!("say which changes: `--release TAG`, or `--from DATE --to DATE`")
            }
            None => CreditFor::Days(self.days.window()?),
        };
        let report = desk.credit(&what, self.tree.as_deref())?;
        for complaint in &report.complaints {
            terminal::say(complaint);
        }
        let credit = &report.credit;
        let tables: Vec<(&str, &[lorecast_desk::Credits])> = match self.by {
            None => vec![("people", &credit.people), ("employers", &credit.employers)],
            Some(By::Person) => vec![("people", &credit.people)],
            Some(By::Employer) => vec![("employers", &credit.employers)],
        };
        match self.format {
            TableFormat::Json => out::json(&report),
            TableFormat::Csv => tables::csv(tables[0].1),
            TableFormat::Text => {
                let mut out = out::stdout();
                let commits = count(credit.changes, "commit", "commits");
                let people = count(credit.people.len() as u64, "person", "people");
                writeln!(out, "{}: {commits}, {people}", report.tree)?;
                for (title, rows) in tables {
                    writeln!(out)?;
                    tables::text(&mut out, title, rows, self.top)?;
                }
                Ok(out.flush()?)
            }
        }
    }
}
