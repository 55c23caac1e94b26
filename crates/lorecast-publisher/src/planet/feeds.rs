//! The posts as Atom (RFC 4287) and RSS 2.0, and the blogs as OPML 2.0.

use atom_syndication as atom;
use jiff::Timestamp;
use rss::extension::ExtensionMap;

use super::page::{PlanetView, PostView};
use crate::PublishError;
use crate::feed::{Element, rfc2822};
use crate::site::Place;
use crate::text::{escaped, quoted};

/// The RSS feed.
pub(super) fn rss(view: &PlanetView, place: &Place) -> Result<Vec<u8>, PublishError> {
    let namespaces = [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
    ];
    let mut extensions = ExtensionMap::new();
    Element::new("atom:link")
        .attr("href", place.address.at("planet/rss.xml"))
        .attr("rel", "self")
        .attr("type", "application/rss+xml")
        .add_to(&mut extensions);
    let channel = rss::Channel {
        title: view.title.clone(),
        link: place.address.at("planet/"),
        description: about(view, place),
        language: Some(place.show.language.clone()),
        last_build_date: Some(rfc2822(updated(view))),
        generator: Some("Lorecast".to_owned()),
        namespaces: namespaces.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).into(),
        extensions,
        items: view.posts.iter().map(item).collect(),
        ..rss::Channel::default()
    };
    let mut xml = channel.pretty_write_to(Vec::new(), b' ', 2)?;
    xml.push(b'\n');
    Ok(xml)
}

fn item(post: &PostView) -> rss::Item {
    let mut extensions = ExtensionMap::new();
    Element::new("dc:creator").text(writer(post)).add_to(&mut extensions);
    rss::Item {
        title: Some(titled(post)),
        link: Some(post.link.clone()),
        guid: Some(rss::Guid { value: post.id.clone(), permalink: false }),
        pub_date: Some(rfc2822(post.time)),
        description: Some(post.html.clone()),
        extensions,
        ..rss::Item::default()
    }
}

/// The Atom feed.
pub(super) fn atom(view: &PlanetView, place: &Place) -> Result<Vec<u8>, PublishError> {
    let link = |rel: &str, kind: &str, path: &str| atom::Link {
        href: place.address.at(path),
        rel: rel.to_owned(),
        mime_type: Some(kind.to_owned()),
        ..atom::Link::default()
    };
    let feed = atom::Feed {
        title: atom::Text::plain(view.title.clone()),
        subtitle: Some(atom::Text::plain(about(view, place))),
        id: place.address.at("planet/"),
        updated: time(updated(view)),
        generator: Some(atom::Generator { value: "Lorecast".to_owned(), ..Default::default() }),
        links: vec![
            link("self", "application/atom+xml", "planet/atom.xml"),
            link("alternate", "text/html", "planet/"),
        ],
        entries: view.posts.iter().map(entry).collect(),
        lang: Some(place.show.language.clone()),
        ..atom::Feed::default()
    };
    let config = atom::WriteConfig { indent_size: Some(2), ..atom::WriteConfig::default() };
    let mut xml = feed.write_with_config(Vec::new(), config)?;
    xml.push(b'\n');
    Ok(xml)
}

fn entry(post: &PostView) -> atom::Entry {
    atom::Entry {
        title: atom::Text::plain(titled(post)),
        // Not every feed has names that are addresses, and Atom wants one (RFC 4287 section 4.2.6).
        id: match url::Url::parse(&post.id) {
            Ok(_) => post.id.clone(),
            Err(_) => post.link.clone(),
        },
        updated: time(post.time),
        published: Some(time(post.time)),
        authors: vec![atom::Person { name: writer(post).to_owned(), ..atom::Person::default() }],
        links: vec![atom::Link { href: post.link.clone(), ..atom::Link::default() }],
        content: Some(atom::Content {
            value: Some(post.html.clone()),
            content_type: Some("html".to_owned()),
            ..atom::Content::default()
        }),
        ..atom::Entry::default()
    }
}

/// The blogs.
pub(super) fn opml(view: &PlanetView) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>{}</title>\n  </head>\n  <body>\n",
        escaped(&view.title)
    );
    for blog in &view.blogs {
        let page = blog.url.as_ref().map(|url| format!(" htmlUrl=\"{}\"", quoted(url)));
        text.push_str(&format!(
            "    <outline type=\"rss\" text=\"{}\" xmlUrl=\"{}\"{}/>\n",
            quoted(&blog.name),
            quoted(&blog.feed),
            page.unwrap_or_default()
        ));
    }
    text.push_str("  </body>\n</opml>\n");
    text
}

fn about(view: &PlanetView, place: &Place) -> String {
    format!("What {} write, gathered by {}", blogs(view), place.title(&place.show.title))
}

fn blogs(view: &PlanetView) -> String {
    match view.blogs.len() {
        1 => "one blog".to_owned(),
        many => format!("{many} blogs"),
    }
}

/// The title with the blog in front, as readers show items of many blogs.
fn titled(post: &PostView) -> String {
    format!("{}: {}", post.blog, post.title)
}

fn writer(post: &PostView) -> &str {
    post.author.as_deref().unwrap_or(&post.blog)
}

/// When the newest post came out: the feeds say nothing of when they were made.
fn updated(view: &PlanetView) -> Timestamp {
    view.posts.iter().map(|post| post.time).max().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn time(time: Timestamp) -> atom::FixedDateTime {
    time.to_string().parse().unwrap_or_default()
}
