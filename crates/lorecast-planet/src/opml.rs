//! Lists of blogs as other programs write them: OPML 2.0 (opml.org).

use lorecast_model::planet::Blog;
use roxmltree::{Document, ParsingOptions};
use thiserror::Error;
use url::Url;

use crate::clean::{one_line, shortened};

/// A list with more of them is none.
const MOST: u32 = 100_000;
/// The longest address, in bytes.
const LONGEST: usize = 500;

/// Why a list cannot be read.
#[derive(Debug, Error)]
pub enum OpmlError {
    /// No XML.
    #[error("line {line}: {why}")]
    Xml {
        /// From 1.
        line: u32,
        /// What is wrong.
        why: String,
    },
    /// XML of another kind.
    #[error("it is `<{0}>`, and not `<opml>`")]
    Other(String),
}

/// The blogs of a list, each feed once, and how many outlines with a feed could not be used: their feed is
/// no address in the web.
///
/// # Errors
/// When it is no OPML.
pub fn opml(text: &str) -> Result<(Vec<Blog>, usize), OpmlError> {
    let options = ParsingOptions { nodes_limit: MOST, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| OpmlError::Xml {
        line: error.pos().row,
        why: one_line(&error.to_string()),
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "opml" {
        return Err(OpmlError::Other(shortened(root.tag_name().name(), 40)));
    }
    let (mut blogs, mut unfit) = (Vec::<Blog>::new(), 0);
    for outline in root.descendants().filter(|node| node.has_tag_name("outline")) {
        let text =
            |name: &str| outline.attribute(name).map(one_line).filter(|value| !value.is_empty());
        let Some(feed) = text("xmlUrl") else { continue };
        let Some(feed) = web(&feed) else {
            unfit += 1;
            continue;
        };
        let name = text("text").or(text("title")).unwrap_or_else(|| feed.clone());
        let blog = Blog {
            name: shortened(&name, 100),
            url: text("htmlUrl").and_then(|url| web(&url)),
            feed,
            ..Blog::default()
        };
        if blogs.iter().all(|known| known.feed != blog.feed) {
            blogs.push(blog);
        }
    }
    Ok((blogs, unfit))
}

/// An address in the web as planet.yaml has it.
fn web(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    (url.has_host() && url.as_str().len() <= LONGEST).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        match opml(text) {
            Ok((blogs, unfit)) => {
                let line = |blog: &Blog| {
                    format!(
                        "{} | {} | {}\n",
                        blog.name,
                        blog.feed,
                        blog.url.as_deref().unwrap_or("-")
                    )
                };
                blogs.iter().map(line).collect::<String>() + &format!("unfit: {unfit}")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn outlines_with_a_feed_are_blogs() {
        insta::assert_snapshot!(check(
            r#"<opml version="2.0"><head><title>x</title></head><body>
            <outline text="Kernel">
              <outline type="rss" text="Ann &amp; Bo" xmlUrl="https://ann.example/feed" htmlUrl="https://ann.example/"/>
              <outline type="rss" xmlUrl="https://bo.example/feed" htmlUrl="javascript:x"/>
            </outline>
            <outline text="again" xmlUrl="https://ann.example/feed"/>
            <outline text="odd" xmlUrl="file:///etc/passwd"/>
            <outline text="no feed"/>
            </body></opml>"#
        ), @r"
        Ann & Bo | https://ann.example/feed | https://ann.example/
        https://bo.example/feed | https://bo.example/feed | -
        unfit: 1
        ");
    }

    #[test]
    fn what_is_no_list_is_told() {
        insta::assert_snapshot!(check("<rss/>"), @"it is `<rss>`, and not `<opml>`");
        insta::assert_snapshot!(check("<opml>\n<body>"), @"line 1: the root node was opened but never closed");
        insta::assert_snapshot!(check("<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>"), @"line 1: XML with DTD detected");
    }
}
