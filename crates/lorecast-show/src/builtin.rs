//! What is compiled in: the templates, the mapping of subsystems to sections, the glossary, the
//! weights of the ranking.

use include_dir::{Dir, include_dir};
use lorecast_model::Templates;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");

/// The built-in `subsystems.yaml`.
pub(crate) const SUBSYSTEMS: &str = include_str!("../../../subsystems.yaml");

/// The built-in `glossary.yaml`: acronyms of the kernel.
pub(crate) const GLOSSARY: &str = include_str!("../../../glossary.yaml");

/// The built-in `ranking.yaml`: what makes a thread news.
pub(crate) const RANKING: &str = include_str!("../../../ranking.yaml");

/// All built-in templates, named by their path below `templates/`.
pub(crate) fn templates() -> Templates {
    let mut templates = Templates::default();
    collect(&TEMPLATES, &mut templates);
    templates
}

fn collect(dir: &Dir<'_>, into: &mut Templates) {
    for file in dir.files() {
        if let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            into.0.insert(name.to_owned(), text.to_owned());
        }
    }
    dir.dirs().for_each(|dir| collect(dir, into));
}
