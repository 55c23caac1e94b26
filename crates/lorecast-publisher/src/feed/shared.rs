//! Tags of the podcast namespace that the show and its episodes have in common.

use lorecast_model::feed::{Credit, License, Location};
use rss::extension::ExtensionMap;

use super::element::Element;
use crate::text::one_line;

/// `podcast:person`.
pub(super) fn person(map: &mut ExtensionMap, credit: &Credit) {
    Element::new("podcast:person")
        .attr("role", credit.role.as_str())
        .maybe("group", credit.group())
        .maybe("href", credit.url.as_deref())
        .maybe("img", credit.picture.as_deref())
        .text(one_line(&credit.name))
        .add_to(map);
}

/// `podcast:license`.
pub(super) fn license(map: &mut ExtensionMap, license: Option<&License>) {
    if let Some(license) = license {
        Element::new("podcast:license")
            .maybe("url", license.url.as_deref())
            .text(one_line(&license.name))
            .add_to(map);
    }
}

/// `podcast:location`: of a show where it is made, of an episode what it is about.
pub(super) fn location(map: &mut ExtensionMap, location: Option<&Location>, rel: &str) {
    if let Some(location) = location {
        Element::new("podcast:location")
            .attr("rel", rel)
            .maybe("geo", location.geo.as_deref())
            .maybe("osm", location.osm.as_deref())
            .text(one_line(&location.name))
            .add_to(map);
    }
}

/// `podcast:txt` of something that a machine reads. The namespace has no tag for a synthetic voice; apps
/// and feeds agree on this purpose of `txt`.
pub(super) fn synthetic(map: &mut ExtensionMap) {
    Element::new("podcast:txt").attr("purpose", "ai-content").text("true").add_to(map);
}
