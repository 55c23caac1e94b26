//! Open data: tables for others' scripts.

use lorecast_model::{Affiliation, Header, Landing, MessageId, Standing, Window};
use lorecast_store::{Span, StoreError};

use crate::track::standing::{Moment, standing};
use crate::{Desk, PersonView, Result};

/// A table that can be exported. The names of tables and columns are stable; new columns go at the
/// end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// One row a message.
    Messages,
    /// One row a thread.
    Threads,
    /// One row a revision.
    Series,
    /// One row a patch and tree: the commit that it became.
    Landings,
    /// One row a message: the subsystems it is about.
    Subsystems,
    /// One row a thread, best first.
    Ranking,
    /// One row a person.
    People,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A count, a version or a rank.
    Count(u64),
    /// A score.
    Score(f64),
}

impl Table {
    /// The names of its columns, in order.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Messages => &[
                "message_id",
                "date",
                "from_name",
                "from_email",
                "subject",
                "lists",
                "thread_id",
                "defects",
            ],
            Self::Threads => &["thread_id", "subject", "messages", "participants", "first", "last"],
            Self::Series => &[
                "root",
                "series_id",
                "revision",
                "previous_root",
                "title",
                "author",
                "patches",
                "state",
                "how",
                "confidence",
                "messages",
            ],
            Self::Landings => &["message_id", "tree", "commit", "how", "score"],
            Self::Subsystems => &["message_id", "subsystems", "section"],
            Self::Ranking => &["thread_id", "score", "rank", "section", "reasons"],
            Self::People => &["person_id", "name", "emails", "affiliations"],
        }
    }
}

impl Desk<'_> {
    /// Calls `row` with the cells of each row, in the order of [`Table::columns`]; rows are ordered
    /// by date and then by id, those of the ranking by rank.
    ///
    /// # Errors
    /// When nothing was ingested, or the store fails. What `row` fails with is passed on.
    pub fn export<E: From<crate::DeskError>>(
        &self,
        table: Table,
        window: Option<Window>,
        row: &mut dyn FnMut(Vec<Cell>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let span = window.map_or(Span::ALL, |window| {
            let (from, to) = window.bounds();
            Span { from, to }
        });
        match table {
            Table::Messages => self.each_header(span, &mut |h, thread| row(message_row(h, thread))),
            Table::Threads => self.export_threads(span)?.into_iter().try_for_each(row),
            Table::Series => self.export_series(span)?.into_iter().try_for_each(row),
            Table::Landings => self.export_landings(span, row),
            Table::Subsystems => {
                let (store, subsystems) = (self.filled_store()?, self.subsystems(window)?);
                self.each_header(span, &mut |header, _| {
                    let message = store.message(&header.id).map_err(crate::DeskError::from)?;
                    message.map_or(Ok(()), |message| row(subsystem_row(&message, &subsystems)))
                })
            }
            Table::Ranking => {
                let all = Window { from: jiff::civil::Date::MIN, to: jiff::civil::Date::MAX };
                self.rank(window.unwrap_or(all))?.into_iter().map(ranking_row).try_for_each(row)
            }
            Table::People => {
                let all = self.everybody()?.into_iter();
                let people = all.filter(|view| !view.robot && !view.forgotten);
                let active = |view: &PersonView| match (window, view.first, view.last) {
                    (None, ..) => true,
                    (Some(_), Some(first), Some(last)) => first < span.to && span.from <= last,
                    (Some(_), ..) => false,
                };
                people.filter(active).map(person_row).try_for_each(row)
            }
        }
    }

    /// Streams headers; the visitor's own error ends the stream and comes out whole.
    fn each_header<E: From<crate::DeskError>>(
        &self,
        span: Span,
        visit: &mut dyn FnMut(Header, MessageId) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let store = self.filled_store()?;
        let mut stopped = None;
        let end = store.each_header(span, &mut |header, thread| {
            visit(header, thread).map_err(|error| {
                stopped = Some(error);
                StoreError::Stopped
            })
        });
        match (stopped, end) {
            (Some(error), _) => Err(error),
            (None, end) => Ok(end.map_err(crate::DeskError::from)?),
        }
    }

    fn export_landings<E: From<crate::DeskError>>(
        &self,
        span: Span,
        row: &mut dyn FnMut(Vec<Cell>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let store = self.filled_store()?;
        let mut stopped = None;
        let end = store.each_landing(span, &mut |landing| {
            row(landing_row(landing)).map_err(|error| {
                stopped = Some(error);
                StoreError::Stopped
            })
        });
        match (stopped, end) {
            (Some(error), _) => Err(error),
            (None, end) => Ok(end.map_err(crate::DeskError::from)?),
        }
    }

    fn export_threads(&self, span: Span) -> Result<Vec<Vec<Cell>>> {
        let threads = self.filled_store()?.threads(span)?;
        let rows = threads.into_iter().map(|thread| {
            vec![
                text(&thread.id),
                Cell::Text(thread.subject),
                Cell::Count(thread.messages.into()),
                Cell::Count(thread.participants.into()),
                text(&thread.first),
                text(&thread.last),
            ]
        });
        Ok(rows.collect())
    }

    fn export_series(&self, span: Span) -> Result<Vec<Vec<Cell>>> {
        let store = self.filled_store()?;
        let moment = Moment::latest(&*store)?;
        let mut rows = Vec::new();
        for revision in store.revisions(span)? {
            rows.push(series_row(standing(&*store, revision, moment)?));
        }
        Ok(rows)
    }
}

fn series_row(Standing { revision, .. }: Standing) -> Vec<Cell> {
    let cover = revision.cover.iter().map(|cover| cover.id.as_str());
    let patches = revision.patches.iter().chain(&revision.replaced).map(|patch| patch.id.as_str());
    let messages: Vec<&str> = cover.chain(patches).collect();
    let messages = messages.join(",");
    vec![
        text(&revision.root),
        text(&revision.series),
        text(&revision.version),
        Cell::Text(revision.previous.map(String::from).unwrap_or_default()),
        Cell::Text(revision.title),
        text(&revision.author),
        Cell::Count(revision.patches.len() as u64),
        text(&revision.state.name()),
        Cell::Text(revision.tie.map(|tie| tie.name().to_owned()).unwrap_or_default()),
        Cell::Count(revision.confidence.into()),
        Cell::Text(messages),
    ]
}

fn landing_row(landing: Landing) -> Vec<Cell> {
    vec![
        text(&landing.message),
        Cell::Text(landing.tree),
        text(&landing.commit),
        text(&landing.how),
        Cell::Score(landing.score),
    ]
}

fn message_row(header: Header, thread: MessageId) -> Vec<Cell> {
    let lists: Vec<&str> = header.lists.iter().map(|list| list.as_str()).collect();
    let defects: Vec<&str> = header.defects.iter().map(|defect| defect.name()).collect();
    vec![
        text(&header.id),
        text(&header.date),
        Cell::Text(header.from.name),
        Cell::Text(header.from.email),
        Cell::Text(header.subject),
        Cell::Text(lists.join(",")),
        text(&thread),
        Cell::Text(defects.join(",")),
    ]
}

fn subsystem_row(
    message: &lorecast_model::Message,
    subsystems: &lorecast_drafter::Subsystems,
) -> Vec<Cell> {
    let placed = subsystems.of_patch(message);
    vec![
        text(&message.header.id),
        Cell::Text(placed.subsystems.join(";")),
        Cell::Text(placed.section),
    ]
}

/// Addresses are separated by commas, affiliations by `; `: `Example 2019-01-01..2021-06-30 (name)`.
fn person_row(view: PersonView) -> Vec<Cell> {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let employer = |a: &Affiliation| {
        format!("{} {}..{} ({})", a.employer, day(a.from), day(a.until), a.source.name())
    };
    let affiliations: Vec<String> = view.employers.iter().map(employer).collect();
    vec![
        Cell::Text(view.id.0),
        Cell::Text(view.person.name),
        Cell::Text(view.person.emails.join(",")),
        Cell::Text(affiliations.join("; ")),
    ]
}

fn ranking_row(story: crate::RankedStory) -> Vec<Cell> {
    vec![
        Cell::Text(story.thread_id),
        Cell::Score(story.score),
        Cell::Count(story.rank as u64),
        Cell::Text(story.section),
        Cell::Text(story.reasons.join("; ")),
    ]
}

fn text(value: &impl ToString) -> Cell {
    Cell::Text(value.to_string())
}
