//! What a rule is, where it comes from, and the table of all.

use std::fmt;

use lorecast_model::Severity;

use super::{
    artwork, channel, chapters, enclosure, http, id3, item, media, page, paging, podcast, prose,
    state, transcripts, xml,
};

/// A rule of the lint. Its id is stable: scripts may filter by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Such as `IT-06`.
    pub id: &'static str,
    /// How much it matters.
    pub level: Level,
    /// Who asks for it.
    pub source: Source,
    /// What it is proved from.
    pub evidence: Evidence,
    /// What must be so, in a sentence.
    pub says: &'static str,
    /// What to do when it is not.
    pub next: &'static str,
}

/// How much a rule matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The source requires it, or it is a statement of the feed that must be true: an error.
    Must,
    /// The source recommends it: a warning.
    Should,
    /// A rule of this project beyond any standard: a warning.
    House,
}

impl Level {
    /// As a finding carries it.
    pub fn severity(self) -> Severity {
        if self == Self::Must { Severity::Error } else { Severity::Warning }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::House => "HOUSE",
        })
    }
}

/// What a rule is proved from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The feed alone.
    Feed,
    /// The files of chapters and transcripts.
    Sidecar,
    /// The bytes of sound and pictures.
    Media,
    /// The answers of a server.
    Http,
    /// An earlier build.
    State,
    /// The pages of the site.
    Page,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Feed => "feed",
            Self::Sidecar => "sidecar",
            Self::Media => "media",
            Self::Http => "http",
            Self::State => "state",
            Self::Page => "page",
        })
    }
}

macro_rules! sources {
    ($($name:ident $short:literal $title:literal;)*) => {
        /// Who asks for something.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "`title` says what each is")]
        pub enum Source { $($name),* }

        impl Source {
            /// Its title, and where it is.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }

        impl fmt::Display for Source {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$name => $short),* })
            }
        }
    };
}

sources! {
    Psp1 "PSP-1" "The Podcast RSS Standard (github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification)";
    Psp1Issues "PSP-1 issues" "what authors of clients ask of PSP-1 (its issue 2)";
    Apple "Apple" "A Podcaster's Guide to RSS (help.apple.com/itc/podcasts_connect, itcb54353390)";
    AppleFeed "Apple 823" "Podcast RSS feed requirements (podcasters.apple.com/support/823)";
    AppleArt "Apple 896" "Artwork requirements (podcasters.apple.com/support/896)";
    AppleChapters "Apple 5482" "Chapters on Apple Podcasts (podcasters.apple.com/support/5482)";
    Spotify "Spotify" "what guides for hosts say of Spotify";
    Podcasting "Podcasting 2.0" "the tags of the podcast namespace (podcasting2.org/docs/podcast-namespace)";
    JsonChapters "JSON chapters" "JSON chapters 1.2 of the podcast namespace";
    TranscriptForms "Transcripts" "the transcript formats of the podcast namespace";
    Recommendations "Podcasting 2.0 advice" "other recommendations of the podcast namespace";
    Rss "RSS 2.0" "RSS 2.0.11 (rssboard.org/rss-specification)";
    RssProfile "RSS profile" "RSS Best Practices Profile (rssboard.org/rss-profile)";
    Rfc5005 "RFC 5005" "Feed Paging and Archiving";
    WebSub "WebSub" "W3C WebSub (w3.org/TR/websub)";
    Id3 "ID3 chapters" "ID3v2 Chapter Frame Addendum 1.0";
    WebVtt "WebVTT" "W3C WebVTT (w3.org/TR/webvtt1)";
    Podlove "Podlove" "Podlove Simple Chapters 1.2 (podlove.org/simple-chapters)";
    Wcag "WCAG" "WCAG 2.2, levels A and AA (w3.org/TR/WCAG22)";
    Client "clients" "what a client does, measured";
    House "house" "a rule of this project";
}

/// Declares the rules of a subject: a constant each, and `RULES` with all of them in order.
macro_rules! rules {
    ($($name:ident $id:literal $level:ident $source:ident $evidence:ident
       $says:literal => $next:literal;)*) => {
        $(pub(in crate::lint) const $name: $crate::lint::rule::Rule = $crate::lint::rule::Rule {
            id: $id,
            level: $crate::lint::rule::Level::$level,
            source: $crate::lint::rule::Source::$source,
            evidence: $crate::lint::rule::Evidence::$evidence,
            says: $says,
            next: $next,
        };)*
        pub(in crate::lint) const RULES: &[$crate::lint::rule::Rule] = &[$($name),*];
    };
}
pub(super) use rules;

/// Every rule, subject by subject.
pub fn table() -> impl Iterator<Item = &'static Rule> {
    let subjects = [
        xml::RULES,
        channel::RULES,
        artwork::RULES,
        podcast::RULES,
        podcast::item::RULES,
        item::RULES,
        enclosure::RULES,
        prose::RULES,
        chapters::RULES,
        id3::RULES,
        transcripts::RULES,
        media::RULES,
        http::RULES,
        paging::RULES,
        state::RULES,
        page::RULES,
    ];
    subjects.into_iter().flatten()
}
