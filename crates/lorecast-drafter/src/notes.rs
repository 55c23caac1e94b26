//! Fills the templates.

use jiff::ToSpan;
use lorecast_model::{Episode, Kind, Show, Templates, Window};
use serde::Serialize;
use tera::{Context, Tera};

use crate::DraftError;
use crate::erratum::Erratum;
use crate::escape::markdown;
use crate::follow::FollowUpTelling;
use crate::plan::{BLOGS, FROM_THE_BLOGS};
use crate::posts::PostTelling;
use crate::profile::rules;
use crate::telling::Telling;

/// What `notes/notes.md` sees: text that is Markdown already stands in `text` fields.
#[derive(Serialize)]
pub(crate) struct Notes<'a> {
    pub title: &'a str,
    pub show: &'a str,
    pub window: Window,
    /// The names of the main things, for "In this week's edition".
    pub edition: Vec<String>,
    /// What separates them: a comma, or a semicolon when a name has a comma of its own.
    pub between: &'static str,
    pub mainline: Vec<Block>,
    pub releases: Vec<String>,
    /// Their heading.
    pub releases_title: String,
    pub pulls: Vec<String>,
    pub topics: Vec<Block>,
    pub ongoing: Vec<Group>,
    /// What that is about, for the lead sentence: `filesystems, networking and BPF`.
    pub developed: String,
    /// What earlier episodes had wrong, a paragraph each.
    pub corrections: Vec<String>,
    /// What became of the work of earlier episodes, a paragraph each.
    pub follow_ups: Vec<String>,
    /// What was written in blogs, a paragraph each.
    pub posts: Vec<String>,
    /// Their heading.
    pub posts_title: &'static str,
    pub empty: bool,
}

/// A heading with its text.
#[derive(Serialize)]
pub(crate) struct Block {
    pub title: String,
    pub text: String,
}

/// A section of the show with its stories.
#[derive(Serialize)]
pub(crate) struct Group {
    pub title: String,
    pub stories: Vec<String>,
}

impl<'a> Notes<'a> {
    pub fn new(show: &'a Show, episode: &'a Episode) -> Self {
        Self {
            title: &episode.title,
            show: &show.title,
            window: episode.window,
            edition: Vec::new(),
            between: ",",
            mainline: Vec::new(),
            releases: Vec::new(),
            releases_title: String::new(),
            pulls: Vec::new(),
            topics: Vec::new(),
            ongoing: Vec::new(),
            developed: String::new(),
            corrections: Vec::new(),
            follow_ups: Vec::new(),
            posts: Vec::new(),
            posts_title: rules(show.profile).part(BLOGS).unwrap_or(FROM_THE_BLOGS),
            empty: false,
        }
    }
}

/// Marks the paragraph of an assistant in the notes.
const ASSISTED: &str = "<!-- by the assistant, held against the mails -->";

/// The templates, ready to be filled. Whatever they print is escaped unless they say `safe`.
pub(crate) struct Writer {
    tera: Tera,
    /// The days are those of one week.
    week: bool,
}

impl Writer {
    pub fn new(templates: &Templates, window: Option<Window>) -> Result<Self, DraftError> {
        let mut tera = Tera::default();
        tera.autoescape_on([".md"]);
        tera.set_escape_fn(|text, out| markdown(text, out));
        tera.add_raw_templates(templates.under("notes/")).map_err(why)?;
        Ok(Self { tera, week: window.is_none_or(is_week) })
    }

    /// The paragraph of one story, by its kind's template, and those that were merged into it.
    pub fn story(&self, telling: &Telling, topic: bool) -> Result<String, DraftError> {
        let mut text = match &telling.offered {
            Some(offered) => format!("{ASSISTED}\n\n{offered}"),
            None => self.alone(telling, topic)?,
        };
        text.push_str(&self.joined(telling)?);
        Ok(text)
    }

    /// The paragraphs of what was merged into a story, each behind an empty line.
    pub fn joined(&self, telling: &Telling) -> Result<String, DraftError> {
        let mut text = String::new();
        for joined in &telling.joined {
            let own = self.alone(joined, false)?;
            let bridged = self.filled("notes/joined.md", "text", &in_midst(&own))?;
            text.push_str("\n\n");
            text.push_str(&tidy(&bridged));
        }
        Ok(text)
    }

    fn alone(&self, telling: &Telling, topic: bool) -> Result<String, DraftError> {
        if telling.head.kind == Kind::Stable {
            return self.announcements(telling.head.kind, &[telling]);
        }
        let name = match (topic, telling.head.reply) {
            (true, _) => "notes/topic.md",
            (false, true) => "notes/reply.md",
            (false, false) => template(telling.head.kind),
        };
        self.filled(name, "story", telling).map(|text| tidy(&text))
    }

    /// Announcements of one person, merged into a sentence.
    pub fn announcements(&self, kind: Kind, stories: &[&Telling]) -> Result<String, DraftError> {
        self.filled(template(kind), "stories", stories).map(|text| tidy(&text))
    }

    /// The paragraph of one correction.
    pub fn correction(&self, erratum: &Erratum) -> Result<String, DraftError> {
        self.filled("notes/correction.md", "correction", erratum).map(|text| tidy(&text))
    }

    /// The paragraph of one follow-up.
    pub fn follow_up(&self, telling: &FollowUpTelling) -> Result<String, DraftError> {
        self.filled("notes/follow-up.md", "follow_up", telling).map(|text| tidy(&text))
    }

    /// The paragraph of one post.
    pub fn post(&self, telling: &PostTelling) -> Result<String, DraftError> {
        self.filled("notes/post.md", "post", telling).map(|text| tidy(&text))
    }

    /// The whole.
    pub fn notes(&self, notes: &Notes<'_>) -> Result<String, DraftError> {
        let text = self.filled("notes/notes.md", "notes", notes)?;
        Ok(spaced(&text))
    }

    fn filled(
        &self,
        name: &str,
        key: &'static str,
        value: &(impl Serialize + ?Sized),
    ) -> Result<String, DraftError> {
        if !self.tera.contains_template(name) {
            return Err(DraftError::MissingTemplate { name: name.to_owned() });
        }
        let mut context = Context::new();
        context.insert(key, value);
        context.insert("week", &self.week);
        self.tera.render(name, &context).map_err(why)
    }
}

/// The words that a paragraph of our templates begins with when it does not begin with a name.
const OPENINGS: [&str; 7] = ["On", "The", "In", "A", "An", "There", "It"];

/// A paragraph as it reads behind a comma.
fn in_midst(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    if OPENINGS.contains(&first) { text[..1].to_lowercase() + &text[1..] } else { text.to_owned() }
}

/// Whether days are no more than a week.
pub(crate) fn is_week(window: Window) -> bool {
    window.from.saturating_add(7.days()) > window.to
}

fn why(error: tera::Error) -> DraftError {
    DraftError::Template { why: error.to_string() }
}

fn template(kind: Kind) -> &'static str {
    match kind {
        Kind::Mainline => "notes/mainline.md",
        Kind::Stable => "notes/stable.md",
        Kind::Release => "notes/release.md",
        Kind::Pull => "notes/pull.md",
        Kind::Regression => "notes/regression.md",
        Kind::Build => "notes/build.md",
        Kind::Bug => "notes/bug.md",
        Kind::Security => "notes/security.md",
        Kind::Rfc => "notes/rfc.md",
        Kind::Driver => "notes/driver.md",
        Kind::Removal => "notes/removal.md",
        Kind::Maintainers => "notes/maintainers.md",
        Kind::Call => "notes/call.md",
        Kind::Series => "notes/series.md",
        Kind::Patch => "notes/patch.md",
        Kind::Discussion => "notes/discussion.md",
    }
}

/// One line a paragraph: templates may break lines where they like.
fn tidy(text: &str) -> String {
    let paragraphs =
        text.trim().split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// One empty line between blocks, none at the ends of lines, a line break at the end.
fn spaced(text: &str) -> String {
    let mut out = String::new();
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
