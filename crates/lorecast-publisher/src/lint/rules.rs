//! The rules: a stable name, how much it matters, and what to do about it.

use lorecast_model::Severity;

/// A rule of the lint.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) severity: Severity,
    pub(crate) hint: &'static str,
}

const fn error(name: &'static str, hint: &'static str) -> Rule {
    Rule { name, severity: Severity::Error, hint }
}

const fn warning(name: &'static str, hint: &'static str) -> Rule {
    Rule { name, severity: Severity::Warning, hint }
}

const AGAIN: &str = "run `lorecast publish` again";
const EPISODE: &str = "correct it in `episode.yaml` and publish again";

// The document (XML 1.0; PSP-1; RSS 2.0)
pub(crate) const FEED_MISSING: Rule = error("feed-missing", "run `lorecast publish` first");
pub(crate) const FEED_SIZE: Rule =
    warning("feed-size", "shorten the notes of old episodes; some apps stop reading large feeds");
pub(crate) const FEED_TOO_LARGE: Rule =
    error("feed-too-large", "shorten the notes of old episodes until it is below 10 MB");
pub(crate) const FEED_XML: Rule = error("feed-xml", AGAIN);
pub(crate) const RSS_VERSION: Rule = error("rss-version", AGAIN);
pub(crate) const NAMESPACE: Rule = error("namespace", AGAIN);
pub(crate) const TEXT_SPACE: Rule = warning("text-space", "remove the space around the value");
pub(crate) const CONTROL_CHARACTER: Rule =
    error("control-character", "remove the character; apps refuse files that hold it");

// The channel
pub(crate) const CHANNEL_TITLE: Rule = error("channel-title", "set `title` in `show.yaml`");
pub(crate) const CHANNEL_LINK: Rule = error("channel-link", "set `url` in `show.yaml`");
pub(crate) const CHANNEL_DESCRIPTION: Rule =
    error("channel-description", "set `description` in `show.yaml`, at most 4000 bytes");
pub(crate) const CHANNEL_LANGUAGE: Rule =
    error("channel-language", "set `language` in `show.yaml`, such as `en` or `en-GB`");
pub(crate) const ATOM_SELF: Rule = error("atom-self", AGAIN);
pub(crate) const CATEGORY: Rule =
    error("itunes-category", "set `categories` in `show.yaml`, such as `News > Tech News`");
pub(crate) const EXPLICIT: Rule = error("itunes-explicit", "it must be `true` or `false`");
pub(crate) const AUTHOR: Rule = warning("itunes-author", "set `author` in `show.yaml`");
pub(crate) const ITUNES_TYPE: Rule = warning("itunes-type", "it must be `episodic` or `serial`");
pub(crate) const OWNER_EMAIL: Rule = warning("owner-email", "correct `email` in `show.yaml`");
pub(crate) const BUILD_DATE: Rule = warning("last-build-date", AGAIN);
pub(crate) const NO_EPISODES: Rule =
    error("no-episodes", "master an episode with `lorecast master`, then publish again");
pub(crate) const ORDER: Rule = warning("item-order", AGAIN);
pub(crate) const PODCAST_GUID: Rule = error("podcast-guid", AGAIN);
pub(crate) const LOCKED: Rule = error("podcast-locked", "it must be `yes` or `no`");
pub(crate) const IMAGE_MISSING: Rule = error("image-missing", "set `cover` in `show.yaml`");
pub(crate) const IMAGE_FILE: Rule = error("image-file", AGAIN);
pub(crate) const IMAGE_FORMAT: Rule =
    error("image-format", "save the cover as a JPEG or PNG in RGB, named accordingly");
pub(crate) const IMAGE_SIZE: Rule =
    error("image-size", "make the cover square, 1400 to 3000 pixels a side");
pub(crate) const IMAGE_ALPHA: Rule =
    error("image-alpha", "save the cover without transparency; Apple refuses it");
pub(crate) const IMAGE_BYTES: Rule =
    warning("image-bytes", "compress the cover to at most 512 kB; some apps skip larger ones");

// Items
pub(crate) const ITEM_TITLE: Rule = error("item-title", EPISODE);
pub(crate) const TITLE_LENGTH: Rule = error("title-length", "shorten it to 255 characters");
pub(crate) const TITLE_HTML: Rule = warning("title-html", "write the title without HTML");
pub(crate) const ITEM_LINK: Rule = warning("item-link", AGAIN);
pub(crate) const ITEM_DESCRIPTION: Rule =
    warning("item-description", "write notes in the episode's `notes.md`");
pub(crate) const DESCRIPTION_LENGTH: Rule =
    error("description-length", "shorten it to 4000 bytes; apps cut or refuse more");
pub(crate) const HTML_SCRIPT: Rule =
    error("html-script", "remove scripts, frames and event handlers from the notes");
pub(crate) const HTML_LINK: Rule =
    error("html-link", "write whole addresses in the notes; apps cannot resolve others");
pub(crate) const GUID_MISSING: Rule = error("guid-missing", AGAIN);
pub(crate) const GUID_DUPLICATE: Rule =
    error("guid-duplicate", "give each `published.yaml` the guid it had when first published");
pub(crate) const GUID_PERMALINK: Rule = error("guid-permalink", AGAIN);
pub(crate) const PUBDATE_MISSING: Rule = error("pubdate-missing", AGAIN);
pub(crate) const PUBDATE_FORMAT: Rule =
    error("pubdate-format", "write it like `Mon, 17 Apr 2023 18:00:00 +0000`");
pub(crate) const PUBDATE_DUPLICATE: Rule =
    warning("pubdate-duplicate", "apps order by date: give each `published.yaml` its own");
pub(crate) const DURATION: Rule = warning("itunes-duration", "it must be whole seconds");
pub(crate) const EPISODE_NUMBER: Rule =
    error("itunes-episode", "set `number` in `episode.yaml`, counted from 1");
pub(crate) const EPISODE_DUPLICATE: Rule =
    warning("episode-duplicate", "give each `episode.yaml` its own `number`");
pub(crate) const EPISODE_TYPE: Rule =
    error("itunes-episode-type", "it must be `full`, `trailer` or `bonus`");

// Enclosures
pub(crate) const ENCLOSURE_MISSING: Rule =
    error("enclosure-missing", "master the episode with `lorecast master`, then publish again");
pub(crate) const ENCLOSURE_TWICE: Rule = error("enclosure-twice", AGAIN);
pub(crate) const ENCLOSURE_URL: Rule = error("enclosure-url", AGAIN);
pub(crate) const ENCLOSURE_DUPLICATE: Rule =
    error("enclosure-duplicate", "give each `published.yaml` its own `enclosure_url`");
pub(crate) const ENCLOSURE_LENGTH: Rule = error("enclosure-length", AGAIN);
pub(crate) const ENCLOSURE_TYPE: Rule = error("enclosure-type", AGAIN);
pub(crate) const ENCLOSURE_FILE: Rule = error("enclosure-file", AGAIN);
pub(crate) const ENCLOSURE_CONTENT: Rule =
    error("enclosure-content", "make it again with `lorecast master`, then publish");

// Chapters
pub(crate) const CHAPTERS_TAG: Rule = error("chapters-tag", AGAIN);
pub(crate) const CHAPTERS_FILE: Rule = error("chapters-file", AGAIN);
pub(crate) const CHAPTERS_JSON: Rule = error("chapters-json", AGAIN);
pub(crate) const CHAPTERS_ORDER: Rule =
    error("chapters-order", "make the chapters again with `lorecast master`, then publish");
pub(crate) const CHAPTERS_END: Rule =
    error("chapters-end", "make the chapters again with `lorecast master`, then publish");
pub(crate) const CHAPTERS_START: Rule =
    warning("chapters-start", "let the first chapter start at 0; Apple ignores the list otherwise");

// Transcripts
pub(crate) const TRANSCRIPT_TAG: Rule = error("transcript-tag", AGAIN);
pub(crate) const TRANSCRIPT_FILE: Rule =
    error("transcript-file", "make it again with `lorecast master`, then publish");

// Addresses
pub(crate) const URL_INSECURE: Rule =
    warning("url-insecure", "use an https address in `show.yaml`");
pub(crate) const URL_LOOPBACK: Rule = error(
    "url-loopback",
    "an address of this machine: correct `enclosure_url` in `published.yaml`",
);
pub(crate) const URL_ASCII: Rule = error("url-ascii", "percent-encode the address");

// Pages
pub(crate) const PAGE_MISSING: Rule = error("page-missing", AGAIN);
pub(crate) const PAGE_READ: Rule = error("page-read", AGAIN);
const TEMPLATE: &str = "correct the template below `templates/site/` and publish again";
pub(crate) const PAGE_DOCTYPE: Rule = error("page-doctype", TEMPLATE);
pub(crate) const PAGE_TITLE: Rule = error("page-title", TEMPLATE);
pub(crate) const PAGE_LANG: Rule = error("page-lang", TEMPLATE);
pub(crate) const PAGE_HEADING: Rule = warning("page-heading", TEMPLATE);
pub(crate) const PAGE_VIEWPORT: Rule = warning("page-viewport", TEMPLATE);
pub(crate) const PAGE_FEED: Rule = error("page-feed", TEMPLATE);
pub(crate) const PAGE_ALT: Rule = error("page-alt", TEMPLATE);
pub(crate) const PAGE_LINK: Rule = error("page-link", "correct the link, or publish what it names");
pub(crate) const PAGE_ID: Rule = error("page-id", TEMPLATE);
pub(crate) const PAGE_SCRIPT: Rule = error("page-script", TEMPLATE);
pub(crate) const PAGE_RESOURCE: Rule =
    warning("page-resource", "serve it from the site: a page asks no other host for anything");
pub(crate) const PAGE_CONTENT: Rule = warning("page-player", TEMPLATE);
