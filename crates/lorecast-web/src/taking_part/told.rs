//! What the notes say of a story, as the site will show it.

use lorecast_desk::linked_message;
use lorecast_model::EpisodeId;

use crate::address;
use crate::app::App;
use crate::fault::Fault;

/// Text of the notes as HTML that does no harm, whose links to mails lead to the mails here. `None` when it cannot be rendered.
pub(super) async fn told(
    app: &App,
    episode: EpisodeId,
    text: String,
) -> Result<Option<String>, Fault> {
    let html = app.desk(move |desk| Ok(desk.render_words(episode, &text)?)).await?;
    Ok(html.as_deref().map(staying))
}

/// With the links to mails elsewhere as links to the mails here. The HTML was cleaned: attributes are in quotation marks, and `"` in
/// text is escaped where it could be taken for one.
fn staying(html: &str) -> String {
    let mut parts = html.split("<a href=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("<a href=\"");
        let (url, rest) = part.split_once('"').unwrap_or((part, ""));
        match linked_message(&url.replace("&amp;", "&")) {
            Some(id) => out.push_str(&address::of_mail(&id)),
            None => out.push_str(url),
        }
        out.push('"');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(staying(html), expected);
    }

    #[test]
    fn links_to_mails_stay_here() {
        check("<p>no link</p>", "<p>no link</p>");
        check(
            "<p><a href=\"https://lore.kernel.org/r/1@x/\" rel=\"r\">one</a>, <a href=\"https://a.example/?a&amp;b\">b</a></p>",
            "<p><a href=\"/1@x/\" rel=\"r\">one</a>, <a href=\"https://a.example/?a&amp;b\">b</a></p>",
        );
        check(
            "<a href=\"https://lore.kernel.org/r/a%22%3E%3Cb@x/\">x</a>",
            "<a href=\"/a%22%3E%3Cb@x/\">x</a>",
        );
    }
}
