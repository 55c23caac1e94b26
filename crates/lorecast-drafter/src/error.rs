//! What can keep a draft from being written.

use thiserror::Error;

/// Why no draft could be made. Mail never causes one: only the show's own files do.
#[derive(Debug, Error)]
pub enum DraftError {
    /// A template is missing.
    #[error(
        "the template `{name}` is missing: restore it, or delete `templates/notes` to use the built-in ones"
    )]
    MissingTemplate {
        /// Its name, such as `notes/notes.md`.
        name: String,
    },
    /// The templates cannot be read, or one of them cannot be filled in.
    #[error("the templates in `templates/notes` cannot be used: {why}")]
    Template {
        /// What the template engine says, with the line.
        why: String,
    },
    /// The template of the printed script cannot be read or filled in.
    #[error("the template in `templates/script` cannot be used: {why}")]
    ScriptTemplate {
        /// What the template engine says, with the line.
        why: String,
    },
    /// Two sections of `subsystems.yaml` share a key, or one uses a key that the notes need.
    #[error("the section key `{key}` in `subsystems.yaml` is {why}: give the section another key")]
    SectionKey {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The text is not a `MAINTAINERS` file.
    #[error(
        "no section with an `F:` line was found in MAINTAINERS: give the file of a kernel tree"
    )]
    NotMaintainers,
}
