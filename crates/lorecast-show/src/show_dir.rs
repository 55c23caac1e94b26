//! A show's folder.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::planet::{Blog, Planet};
use lorecast_model::{
    Decision, Employers, EpisodeId, Glossary, Person, Profile, Section, Show, ShowDelivery, Signal,
    StoreAddress, Templates, Weights,
};

use jiff::Timestamp;

use crate::claims::{self, Claim};
use crate::yaml::Setting;
use crate::{
    EpisodeDir, Result, ShowError, builtin, decisions, employers, forgotten, imports, maps, merge,
    people, place, planet, ranking, yaml,
};

/// A folder with a `show.yaml`.
#[derive(Clone, Debug)]
pub struct ShowDir {
    root: Utf8PathBuf,
}

impl ShowDir {
    /// Opens the show in a folder.
    ///
    /// # Errors
    /// [`ShowError::NoShow`] when there is no `show.yaml`.
    pub fn open(root: &Utf8Path) -> Result<Self> {
        if !root.join("show.yaml").is_file() {
            return Err(ShowError::NoShow { dir: root.to_owned() });
        }
        Ok(Self { root: root.to_owned() })
    }

    /// The folder.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// A path as `show.yaml` writes it: relative ones start at the show.
    pub fn resolve(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.root.join(path)
    }

    /// The journal of what people did for the show. Precious: it cannot be made again.
    pub fn community(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/community.db")
    }

    /// Work that waits to be done; may not exist yet. What is scheduled stands in the episodes as well.
    pub fn jobs(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/jobs.db")
    }

    /// The index of everything derived; may not exist yet.
    pub fn index(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/index.db")
    }

    /// The folder of mirrored archives; may not exist yet.
    pub fn mirrors(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/cache/mirrors")
    }

    /// The folder of sound that was worked on; may not exist yet, and may be deleted.
    pub fn sound_cache(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/cache/sound")
    }

    /// The file that remembers what was sent of large files; may not exist yet, and may be deleted.
    pub fn uploads(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/cache/uploads.json")
    }

    /// The file of digests of large files; may not exist yet, and may be deleted.
    pub fn digests(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/cache/digests.json")
    }

    /// What published sites were made from; may not exist, and may be deleted.
    pub fn memory(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/cache/site")
    }

    /// The folder of the last site that was refused; may not exist, and may be deleted.
    pub fn refused(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/refused")
    }

    /// Reads and checks `show.yaml`.
    ///
    /// # Errors
    /// With the line of an unknown or missing key, or the key whose value cannot be used.
    pub fn show(&self) -> Result<Show> {
        let file = self.root.join("show.yaml");
        let text = yaml::read_text(&file)?;
        merge::settled(&file, &text)?;
        check(&file, &text)
    }

    /// The database that `show.yaml` names for the index. A file that names none is not read any
    /// further: mail can be read while something else in it is being written.
    ///
    /// # Errors
    /// As [`ShowDir::show`], when the file names one.
    pub fn store(&self) -> Result<Option<StoreAddress>> {
        let text = yaml::read_text(&self.root.join("show.yaml"))?;
        if text.contains("store") { Ok(self.show()?.store) } else { Ok(None) }
    }

    /// Where servers keep the files of episodes for each other, if `show.yaml` says so; as [`ShowDir::store`].
    ///
    /// # Errors
    /// As [`ShowDir::show`], when the file may say so.
    pub fn media(&self) -> Result<Option<ShowDelivery>> {
        let text = yaml::read_text(&self.root.join("show.yaml"))?;
        if text.contains("media") { Ok(self.show()?.media) } else { Ok(None) }
    }

    /// Every value of `show.yaml` that is in force, and whether the file or a default gave it.
    ///
    /// # Errors
    /// As [`ShowDir::show`].
    pub fn settings(&self) -> Result<Vec<Setting>> {
        let file = self.root.join("show.yaml");
        let show = self.show()?;
        yaml::settings(&file, &show)
    }

    /// The show's `subsystems.yaml`; else ours for a show about the kernel, and no section for others.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn sections(&self) -> Result<Vec<Section>> {
        let file = self.root.join("subsystems.yaml");
        if !file.is_file() {
            return match self.show()?.profile {
                Profile::Kernel => yaml::parse(&file, builtin::SUBSYSTEMS),
                Profile::General => Ok(Vec::new()),
            };
        }
        let sections: Vec<Section> = yaml::read(&file)?;
        let twice = |at: usize| sections[..at].iter().any(|other| other.key == sections[at].key);
        match (0..sections.len()).find(|at| twice(*at)) {
            Some(at) => Err(self.wrong_section(&sections[at].key, "is the key of two sections")?),
            None => Ok(sections),
        }
    }

    /// What is wrong with a section of the show's `subsystems.yaml`, at its line: the last one's when
    /// several share the key.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn wrong_section(&self, key: &str, why: &str) -> Result<ShowError> {
        let file = self.root.join("subsystems.yaml");
        let lines = place::of_entries(&yaml::read_text(&file)?, "key", key);
        let message = format!("`{key}` {why}: give the section another key");
        Ok(ShowError::Entry { file, line: lines.last().copied().unwrap_or(1), message })
    }

    /// What `people.yaml` says about people; nobody when there is no such file.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn people(&self) -> Result<Vec<Person>> {
        people::read(&self.people_file())
    }

    /// Replaces the entry `nth` of `people.yaml` (from 0), adds one when it is `None`, or takes it
    /// away when there is no person. Everything around it stays as it is.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is laid out so that the entry has no clear place.
    pub fn write_person(&self, nth: Option<usize>, person: Option<&Person>) -> Result<()> {
        people::write(&self.people_file(), nth, person)
    }

    /// Why an entry cannot stand in `people.yaml`, in words; nothing when it can.
    pub fn wrong_with(&self, person: &Person) -> Option<String> {
        people::wrong(person)
    }

    fn people_file(&self) -> Utf8PathBuf {
        self.root.join("people.yaml")
    }

    /// The key and the hashes of `forgotten.key` and `forgotten.yaml`; empty when nobody asked to be
    /// forgotten.
    ///
    /// # Errors
    /// [`ShowError::ForgottenKey`] when there are hashes and no key.
    pub fn forgotten(&self) -> Result<(Vec<u8>, BTreeSet<String>)> {
        forgotten::read(&self.root)
    }

    /// Adds hashes to `forgotten.yaml`; the key is written when there is none yet.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn forget(&self, key: &[u8], hashes: &BTreeSet<String>) -> Result<()> {
        forgotten::add(&self.root, key, hashes)
    }

    /// What the producer decided of two addresses, in order: `merges.yaml`; nothing when there is none.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn decisions(&self) -> Result<Vec<Decision>> {
        let file = self.root.join("merges.yaml");
        if file.is_file() { decisions::read(&file) } else { Ok(Vec::new()) }
    }

    /// Adds decisions at the end of `merges.yaml`, which is made when needed; a later word about a pair
    /// undoes an earlier one.
    ///
    /// # Errors
    /// When the file cannot be read or written; it is as it was then.
    pub fn decide(&self, new: &[Decision]) -> Result<()> {
        decisions::add(&self.root.join("merges.yaml"), new)
    }

    /// The claims of addresses that are still good.
    ///
    /// # Errors
    /// When the file of claims cannot be read.
    pub fn claims(&self, now: Timestamp) -> Result<Vec<Claim>> {
        claims::read(&self.claims_file(), now)
    }

    /// Adds a claim of an address, and forgets those that are over.
    ///
    /// # Errors
    /// When the file of claims cannot be read or written.
    pub fn add_claim(&self, claim: Claim, now: Timestamp) -> Result<()> {
        claims::add(&self.claims_file(), claim, now)
    }

    /// Takes away the claims of some addresses.
    ///
    /// # Errors
    /// When the file of claims cannot be read or written.
    pub fn drop_claims(&self, emails: &[String]) -> Result<()> {
        claims::drop_of(&self.claims_file(), emails)
    }

    /// Uses up the claim with this token, of which the file has the SHA-256; nothing when it is not there, or over.
    ///
    /// # Errors
    /// When the file of claims cannot be read or written.
    pub fn take_claim(&self, token: &str, now: Timestamp) -> Result<Option<Claim>> {
        claims::take(&self.claims_file(), token, now)
    }

    fn claims_file(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/claims.yaml")
    }

    /// The files that people edit, maps, and notes and scripts, that hold one of these words.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn holding(&self, words: &[&str]) -> Result<Vec<String>> {
        let mut files: Vec<Utf8PathBuf> = ["people", "employers", "merges", "show"]
            .map(|name| self.root.join(format!("{name}.yaml")))
            .into();
        files.extend(maps::files(&self.root));
        for episode in self.episodes()? {
            files.extend(["episode.yaml", "notes.md", "script.md"].map(|name| episode.file(name)));
        }
        let holds = |file: &Utf8PathBuf| {
            let bytes = yaml::read_bytes(file).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            words.iter().any(|word| word.len() > 3 && text.contains(&word.to_lowercase()))
        };
        files.retain(holds);
        let name = |file: &Utf8PathBuf| file.strip_prefix(&self.root).unwrap_or(file).to_string();
        Ok(files.iter().map(name).collect())
    }

    /// What acronyms stand for: the show's `glossary.yaml`, entry by entry over ours. Ours speaks of
    /// the kernel, so a show with another profile has only its own.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn glossary(&self, profile: Profile) -> Result<Glossary> {
        let file = self.root.join("glossary.yaml");
        let mut glossary = match profile {
            Profile::Kernel => yaml::parse(&file, builtin::GLOSSARY)?,
            Profile::General => Glossary::default(),
        };
        if file.is_file() {
            let own: Glossary = yaml::read(&file)?;
            glossary.0.extend(own.0);
        }
        Ok(glossary)
    }

    /// The show's `employers.yaml`; empty when there is none.
    ///
    /// # Errors
    /// With the line of what is wrong, or contradicts another line.
    pub fn employers(&self) -> Result<Employers> {
        let file = self.root.join("employers.yaml");
        if file.is_file() { employers::read(&file) } else { Ok(Employers::default()) }
    }

    /// The bytes of a map of employers, or of a file that it names, relative to the show; `None` when it
    /// cannot be read or is larger than such files are.
    pub fn employer_map(&self, file: &str) -> Option<Vec<u8>> {
        yaml::read_bytes(&self.root.join(file)).ok()
    }

    /// Adds a map, by its path in the show, to `maps:` of `employers.yaml`; `false` when it is there.
    ///
    /// # Errors
    /// When the file cannot be read or written, or the map has no clear place in it.
    pub fn add_map(&self, map: &str) -> Result<bool> {
        imports::add_map(&self.root.join("employers.yaml"), map)
    }

    /// Writes `mailmap:` into `show.yaml`, a path in the show; `false` when it says so already.
    ///
    /// # Errors
    /// When the file names another mailmap, or cannot be read or written.
    pub fn set_mailmap(&self, mailmap: &str) -> Result<bool> {
        imports::set_mailmap(&self.root.join("show.yaml"), mailmap)
    }

    /// The blogs that the show gathers: `planet.yaml`; `None` when there is no such file.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn planet(&self) -> Result<Option<Planet>> {
        planet::read(&self.root.join("planet.yaml"))
    }

    /// Adds blogs to `planet.yaml`, which is made when needed, and says how many are new there.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is laid out so that they have no clear place.
    pub fn add_blogs(&self, blogs: &[Blog]) -> Result<usize> {
        planet::add(&self.root.join("planet.yaml"), blogs)
    }

    /// What is remembered of the blogs; may not exist yet. Without it they are read anew, and posts that
    /// gave no date get another one.
    pub fn planet_memory(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/planet.json")
    }

    /// The folder of faces that are kept; may not exist yet, and may be deleted.
    pub fn planet_faces(&self) -> Utf8PathBuf {
        self.root.join(".lorecast/cache/faces")
    }

    /// What makes a thread news: the show's `ranking.yaml`, value by value over ours. Our words and
    /// names are the kernel's, so a show with another profile has only its own.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn weights(&self, profile: Profile) -> Result<Weights> {
        Ok(self.own_weights()?.over(self.builtin_weights(profile)?))
    }

    /// The same without the show's own file.
    ///
    /// # Errors
    /// Never with a built program: ours can be read.
    pub fn builtin_weights(&self, profile: Profile) -> Result<Weights> {
        ranking::builtin(profile)
    }

    /// Keeps what `rank --learn` learned in the show's `ranking.yaml`: the block `learned:` is
    /// written anew, every other line stays as it is. `false` when the file says so already.
    ///
    /// # Errors
    /// When the file cannot be read or written, or the block cannot be told from the rest of it;
    /// the file is as it was then.
    pub fn write_learned(&self, learned: &BTreeMap<Signal, f64>, note: &str) -> Result<bool> {
        ranking::write_learned(&self.ranking_file(), learned, note)
    }

    /// What an earlier `rank --learn` left in the show's `ranking.yaml`, and what people wrote there
    /// themselves.
    ///
    /// # Errors
    /// With the line of what is wrong.
    pub fn own_weights(&self) -> Result<Weights> {
        let file = self.ranking_file();
        if file.is_file() { ranking::read(&file) } else { Ok(Weights::default()) }
    }

    fn ranking_file(&self) -> Utf8PathBuf {
        self.root.join("ranking.yaml")
    }

    /// The built-in templates, overridden file by file by those in `templates/`.
    ///
    /// # Errors
    /// When an override cannot be read.
    pub fn templates(&self) -> Result<Templates> {
        let mut templates = builtin::templates();
        let names: Vec<String> = templates.0.keys().cloned().collect();
        for name in names {
            let own = self.root.join("templates").join(&name);
            if own.is_file() {
                templates.0.insert(name, yaml::read_text(&own)?);
            }
        }
        Ok(templates)
    }

    /// The folder of an episode, whether it exists or not.
    pub fn episode_dir(&self, id: EpisodeId) -> EpisodeDir {
        EpisodeDir::new(id, self.root.join("episodes").join(id.to_string()))
    }

    /// The folder of an episode that exists.
    ///
    /// # Errors
    /// [`ShowError::NoEpisode`].
    pub fn episode(&self, id: EpisodeId) -> Result<EpisodeDir> {
        let dir = self.episode_dir(id);
        if dir.exists() {
            return Ok(dir);
        }
        Err(ShowError::NoEpisode { id: id.to_string(), dir: self.root.join("episodes") })
    }

    /// All episodes, oldest first: the folders below `episodes/` that are named by a date and hold
    /// an `episode.yaml`.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn episodes(&self) -> Result<Vec<EpisodeDir>> {
        let folder = self.root.join("episodes");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let fail = |source| ShowError::Read { path: folder.clone(), source };
        let mut found = Vec::new();
        for entry in folder.read_dir_utf8().map_err(fail)? {
            let entry = entry.map_err(fail)?;
            if let Ok(id) = EpisodeId::new(entry.file_name()) {
                found.push(self.episode_dir(id));
            }
        }
        found.retain(EpisodeDir::exists);
        found.sort_by_key(EpisodeDir::id);
        Ok(found)
    }
}

/// What the types cannot say.
/// Reads the text of `show.yaml`, and checks it.
pub(crate) fn check(file: &Utf8Path, text: &str) -> Result<Show> {
    let show = yaml::parse(file, text)?;
    check_values(file, text, &show)?;
    Ok(show)
}

fn check_values(file: &Utf8Path, text: &str, show: &Show) -> Result<()> {
    let wrong = |key, message: &str| {
        let (line, message) = (place::of_key(text, key), message.to_owned());
        Err(ShowError::Value { file: file.to_owned(), line, key, message })
    };
    let web = show.url.starts_with("https://") || show.url.starts_with("http://");
    if !web || !show.url.ends_with('/') {
        return wrong(
            "url",
            "write the address of the site with `https://` in front and `/` at the end",
        );
    }
    if show.links.as_ref().is_some_and(|links| !is_link(links)) {
        return wrong(
            "links",
            "write an address with `https://` in front and `{id}` where the Message-ID belongs",
        );
    }
    if show.store.as_ref().is_some_and(|store| !store.is_postgres()) {
        return wrong(
            "store",
            "write `postgres://USER@HOST/DATABASE`, or leave it out and the index is a file of the show",
        );
    }
    if show.sources.iter().any(|source| source.path.is_some() == source.url.is_some()) {
        return wrong("sources", "give each source either a `path:` or a `url:`");
    }
    if show.mailmap.as_ref().is_some_and(|from| from.folders.is_some()) {
        return wrong("mailmap", "write `path:` and `branch:` alone");
    }
    if !matches!(show.sound.channels, 1 | 2) {
        return wrong("sound.channels", "write 1 (mono) or 2 (stereo)");
    }
    if !(0.0..=30.0).contains(&show.sound.pause.0) {
        return wrong("sound.pause", "write 0 to 30 seconds");
    }
    let sound = &show.sound;
    let wrong_sound = sound.chain.out_of_range().or(sound.effects.out_of_range());
    if let Some((key, advice)) = wrong_sound.or(sound.music.out_of_range()) {
        return wrong(key, advice);
    }
    if show.voice.words_per_minute.is_some_and(|pace| !(60.0..=300.0).contains(&pace)) {
        return wrong(
            "voice.words_per_minute",
            "write 60 to 300 words, or leave it out and it is learnt from your takes",
        );
    }
    if (1..show.employers.len()).any(|at| show.employers[..at].contains(&show.employers[at])) {
        return wrong("employers", "write each source once");
    }
    if show.subscribe.apps().any(|(_, url)| !url.starts_with("https://")) {
        return wrong(
            "subscribe",
            "write the address of the show in each app with `https://` in front",
        );
    }
    if let Some((key, advice)) = show.telling.unfit() {
        return wrong(key, advice);
    }
    if let Some((key, advice)) = show.community.unfit() {
        return wrong(key, advice);
    }
    if let Some((key, advice)) = show.feed.unfit() {
        return wrong(key, &advice);
    }
    match show.sound.loudness {
        Some(loudness) if !(-40.0..=-5.0).contains(&loudness.0) => wrong(
            "sound.loudness",
            "write -40 to -5 LUFS; podcasts use -16 (stereo) and -19 (mono)",
        ),
        _ if show.minutes.is_some_and(|minutes| !(1.0..=600.0).contains(&minutes)) => {
            wrong("minutes", "write 1 to 600")
        }
        _ if show.stories == 0 || show.stories > 1000 => wrong("stories", "write 1 to 1000"),
        _ => Ok(()),
    }
}

/// An address in the web with a place for a Message-ID.
fn is_link(links: &str) -> bool {
    let web = links.starts_with("https://") || links.starts_with("http://");
    let plain = !links.contains(|c: char| c.is_whitespace() || "<>()\"".contains(c));
    web && plain && links.contains("{id}")
}
