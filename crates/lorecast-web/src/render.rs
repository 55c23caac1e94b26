//! Templates, parsed once.

use std::collections::BTreeMap;
use std::io::{self, Write};

use lorecast_model::{Show, Templates};
use serde::Serialize;
use tera::{Context, Tera};

use crate::answer::Answer;
use crate::fault::Fault;
use crate::preview::WebError;
use crate::shown::one_line;
use crate::who::You;

/// The pages' templates, below `web/`.
pub(crate) struct Pages {
    tera: Tera,
    style: String,
    scripts: BTreeMap<String, String>,
    show: ShowView,
}

/// What every template knows of the show, as `show`.
#[derive(Serialize)]
struct ShowView {
    title: String,
    language: String,
    /// Where the published site begins, without a slash behind it.
    site: String,
}

impl Pages {
    /// Parses every template, so that a fault is found before anybody asks. `site` is the host of the published site, when it has one of its
    /// own.
    pub(crate) fn new(
        templates: &Templates,
        show: &Show,
        site: Option<&str>,
    ) -> Result<Self, WebError> {
        let mut tera = Tera::default();
        tera.set_escape_fn(escape);
        let html = templates.under("web/").filter(|(name, _)| name.ends_with(".html"));
        tera.add_raw_templates(html).map_err(|error| WebError::Template(Box::new(error)))?;
        let file = |name| templates.0.get(name).cloned().unwrap_or_default();
        let style = file("web/style.css");
        let scripts = templates.under("web/").filter(|(name, _)| name.ends_with(".js"));
        let scripts = scripts.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let show = ShowView {
            title: one_line(&show.title),
            language: one_line(&show.language),
            site: site.unwrap_or("/site").to_owned(),
        };
        Ok(Self { tera, style, scripts, show })
    }

    /// A page: `web/<name>.html`, which knows `view` as `page` and who asks as `you`.
    pub(crate) fn page(
        &self,
        name: &str,
        view: &impl Serialize,
        you: &You,
    ) -> Result<Answer, Fault> {
        let mut context = Context::new();
        context.insert("show", &self.show);
        context.insert("page", view);
        context.insert("you", &you.view());
        let page = self.tera.render(&format!("web/{name}.html"), &context);
        page.map(Answer::html).map_err(|error| Fault::ours(with_reason(&error)))
    }

    /// A part that pages of everybody share: `web/<name>.html`, which knows `view` as `key`.
    pub(crate) fn part(
        &self,
        name: &str,
        key: &str,
        view: &impl Serialize,
    ) -> Result<String, Fault> {
        let mut context = Context::new();
        context.insert(key.to_owned(), view);
        let part = self.tera.render(&format!("web/{name}.html"), &context);
        part.map_err(|error| Fault::ours(with_reason(&error)))
    }

    /// The page of a fault, or plain words when even that cannot be rendered.
    pub(crate) fn fault(&self, fault: &Fault, you: &You) -> Answer {
        let view = fault.view();
        let plain = || Answer::new("text/plain; charset=utf-8", view.title.into());
        self.page("fault", &view, you).unwrap_or_else(|_| plain())
    }

    /// The look of all pages.
    pub(crate) fn style(&self) -> Answer {
        Answer::new("text/css; charset=utf-8", self.style.clone().into_bytes())
    }

    /// What makes pages livelier, in a file below `web/`.
    pub(crate) fn script(&self, name: &str) -> Answer {
        let text = self.scripts.get(name).cloned().unwrap_or_default();
        Answer::new("text/javascript; charset=utf-8", text.into_bytes())
    }

    /// The show's title.
    pub(crate) fn show_title(&self) -> &str {
        &self.show.title
    }
}

/// So many bytes are looked at together.
const STRETCH: usize = 64;

/// Escapes text for HTML, in attributes too, and hurries over what needs none: nearly everything.
fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let bytes = text.as_bytes();
    let mut done = 0;
    for (stretch, start) in bytes.chunks(STRETCH).zip((0..).step_by(STRETCH)) {
        // A loop without branches.
        if !stretch.iter().fold(false, |found, byte| found | is_special(*byte)) {
            continue;
        }
        for (at, byte) in (start..).zip(stretch) {
            let Some(escaped) = escaped(*byte) else { continue };
            out.write_all(&bytes[done..at])?;
            out.write_all(escaped)?;
            done = at + 1;
        }
    }
    out.write_all(&bytes[done..])
}

/// Whether something stands for it, in comparisons that are made for many bytes at once.
fn is_special(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == b'\'')
}

/// What stands for a sign that has a meaning in HTML.
fn escaped(byte: u8) -> Option<&'static [u8]> {
    Some(match byte {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'"' => b"&quot;",
        b'\'' => b"&#39;",
        _ => return None,
    })
}

fn with_reason(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(reason) = source {
        text.push_str(": ");
        text.push_str(&reason.to_string());
        source = reason.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_special_is_left(text in "[a-zé&<>\"']{0,40}|([a-z ]{0,60}[&<>\"']?){0,6}") {
            let mut out = Vec::new();
            escape(&text, &mut out).unwrap();
            let expected = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let expected = expected.replace('"', "&quot;").replace('\'', "&#39;");
            prop_assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
