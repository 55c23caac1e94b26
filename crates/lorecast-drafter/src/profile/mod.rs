//! What a project's lists are like: the rules that tell its news from its routine.
//!
//! Everything that only the kernel's lists have stands in [`kernel`]; [`general`] knows what any
//! project with mailing lists has. The rest of the crate asks [`rules`] and names neither.

mod general;
mod kernel;

use lorecast_model::{Kind, Message, Profile, SubjectTags};

use crate::Routine;

/// The rules of one profile. All read subjects, texts and paths, and hold nothing.
pub(crate) trait Rules: Sync {
    /// The project's own release that a title announces: its kind and its name.
    fn release(&self, title: &str) -> Option<(Kind, String)>;

    /// Why a thread that begins with this message is routine; `None` when it is not.
    fn routine(&self, message: &Message, tags: &SubjectTags) -> Option<Routine>;

    /// What sort of report a posting without a patch is, by the words of this project alone.
    fn report(&self, message: &Message) -> Option<Kind>;

    /// What a patch is beside a patch, by its title and what it touches.
    fn patch(&self, title: &str, touched: &Touched<'_>) -> Option<Kind>;

    /// Whether a subject is the notice that a patch went in: it repeats the patch's title.
    fn commit(&self, subject: &str) -> bool;

    /// Whether a title names a meeting of the project.
    fn meeting(&self, title: &str) -> bool;

    /// Whether a call for papers has to do with the project: lists attract others.
    fn concerns(&self, message: &Message) -> bool;

    /// What shows that users see the change: the first such file, else a word of the title.
    fn visible(&self, paths: &[String], title: &str) -> Option<String>;

    /// Whether a path is documentation for people.
    fn documents(&self, path: &str) -> bool;

    /// Whether a text says that it repairs an earlier change.
    fn repairs(&self, text: &str) -> bool;

    /// What the tree is called in which everybody's work waits for the next release.
    fn next_tree(&self) -> &'static str;

    /// How the parts of an episode are called; `None` for a name that every project uses.
    fn part(&self, key: &str) -> Option<&'static str>;

    /// What a draft lacks that this project's weeks have, for the kinds that its stories are of.
    fn absent(&self, has: &dyn Fn(Kind) -> bool) -> Vec<String>;
}

/// What patches do to files.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Touched<'a> {
    /// Every path, sorted.
    pub paths: &'a [String],
    /// Those that they create.
    pub created: &'a [String],
}

/// The rules of a profile.
pub(crate) fn rules(profile: Profile) -> &'static dyn Rules {
    match profile {
        Profile::Kernel => &kernel::Kernel,
        Profile::General => &general::General,
    }
}
