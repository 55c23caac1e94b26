//! Elements of the feed that the `rss` crate has no type for.

use rss::extension::{Extension, ExtensionMap};

/// An element of another namespace, in the making.
pub(crate) struct Element(Extension);

impl Element {
    /// An empty one; its name has the prefix: `podcast:person`.
    pub(crate) fn new(name: &str) -> Self {
        Self(Extension { name: name.to_owned(), ..Extension::default() })
    }

    pub(crate) fn attr(mut self, key: &str, value: impl Into<String>) -> Self {
        self.0.attrs.insert(key.to_owned(), value.into());
        self
    }

    /// An attribute that is left out when there is nothing to say.
    pub(crate) fn maybe(self, key: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.attr(key, value),
            None => self,
        }
    }

    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.0.value = Some(text.into());
        self
    }

    pub(crate) fn child(mut self, child: Element) -> Self {
        let child = child.finished();
        let local = local_name(&child.name).to_owned();
        self.0.children.entry(local).or_default().push(child);
        self
    }

    pub(crate) fn add_to(self, map: &mut ExtensionMap) {
        let element = self.finished();
        let (prefix, local) = element.name.split_once(':').unwrap_or(("", &element.name));
        let (prefix, local) = (prefix.to_owned(), local.to_owned());
        map.entry(prefix).or_default().entry(local).or_default().push(element);
    }

    /// Even an empty text keeps the printer from breaking the line inside an element without children.
    fn finished(mut self) -> Extension {
        if self.0.children.is_empty() {
            self.0.value.get_or_insert_default();
        }
        self.0
    }
}

fn local_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
