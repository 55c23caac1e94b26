//! What can go wrong at the desk.

use camino::Utf8PathBuf;
use lorecast_model::{Finding, MessageId, Severity};
use lorecast_people::Conflict;
use thiserror::Error;

/// The stages' errors, and those of putting them together. Each names the place and the next step.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeskError {
    /// A file of the show.
    #[error(transparent)]
    Show(#[from] lorecast_show::ShowError),
    /// An archive.
    #[error(transparent)]
    Archive(#[from] lorecast_archive::ArchiveError),
    /// An upstream tree.
    #[error(transparent)]
    Tree(#[from] lorecast_archive::TreeError),
    /// The index.
    #[error(transparent)]
    Store(#[from] lorecast_store::StoreError),
    /// The journal of what people did.
    #[error(transparent)]
    Journal(#[from] lorecast_store::journal::JournalError),
    /// Files that another server changed in the same moment, or more often than anybody can follow.
    #[error("{what} is being changed by another server; nothing is lost here, try again")]
    NotShared {
        /// The episode, or `people.yaml`.
        what: String,
    },
    /// The storage that servers share names a file that it has not got.
    #[error(
        "the storage of `media:` has not got {file} of {what}, which its list names: start a server that has the file, or delete `lists/{list}` in the storage, and what lies here counts"
    )]
    NotStored {
        /// The episode, or `people.yaml`.
        what: String,
        /// The list's name.
        list: String,
        /// The file.
        file: String,
    },
    /// `media:` without a database that servers share.
    #[error(
        "`media:` in show.yaml is for servers that share a database: write `store: postgres://…` beside it, or take `media:` away (docs/stores.md)"
    )]
    MediaAlone,
    /// Something that cannot be done for the sound of an episode.
    #[error(transparent)]
    Sound(#[from] crate::SoundRefusal),
    /// Something that somebody wanted to do for the show.
    #[error(transparent)]
    NotDone(crate::NotDone),
    /// Nobody did anything for the show yet.
    #[error("nobody has done anything for the show in `{dir}` yet: there is nothing to copy")]
    NothingDone {
        /// The show.
        dir: Utf8PathBuf,
    },
    /// A file that would be written over.
    #[error("`{path}` is there already; name another file, or move it away")]
    InTheWay {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A show that would be copied onto itself.
    #[error(
        "the show is in {place} already; name two places: `file`, or the address of a database"
    )]
    SamePlace {
        /// The place.
        place: lorecast_store::Place,
    },
    /// A tree that could not be read into another store.
    #[error("the tree `{tree}` could not be read: {why}")]
    NotCarried {
        /// The tree.
        tree: String,
        /// What went wrong.
        why: String,
    },
    /// A copy that is not there.
    #[error("there is no `{path}`; name a file that `lorecast store backup` wrote")]
    NoBackup {
        /// The file.
        path: Utf8PathBuf,
    },
    /// Words that cannot be marked.
    #[error(transparent)]
    Mark(#[from] lorecast_model::InvalidMark),
    /// No way to send mail.
    #[error(
        "this show sends no mail; name a program that does as `mail:` under `community:` in `show.yaml`, such as `[sendmail, -t, -i]`"
    )]
    NoMailer,
    /// A provider whose secret is not there.
    #[error(
        "the secret of the provider `{name}` is missing; put it into the environment variable `{variable}`, or take `secret_from` \
         out of `show.yaml` when it gave none"
    )]
    NoSecret {
        /// The provider.
        name: String,
        /// The environment variable.
        variable: String,
    },
    /// A provider that the show does not know.
    #[error("this show knows no provider `{name}`; choose one on the page for signing in")]
    NoProvider {
        /// Its name.
        name: String,
    },
    /// A provider that does not say who somebody is.
    #[error("the provider `{name}` does not say who somebody is: {why}")]
    Provider {
        /// The provider.
        name: String,
        /// Why, in words.
        why: String,
    },
    /// A mail that could not be sent.
    #[error("the mail could not be sent: {why}")]
    NotSent {
        /// Why, in words.
        why: String,
    },
    /// The drafter.
    #[error(transparent)]
    Draft(#[from] lorecast_drafter::DraftError),
    /// No blogs to gather.
    #[error(
        "there is no `{file}`; write it (`blogs:` with a `name:` and a `feed:` each, see docs/planet.md), or take in \
         a list: `lorecast planet import FILE.opml`"
    )]
    NoPlanet {
        /// The file.
        file: Utf8PathBuf,
    },
    /// A list of blogs that cannot be read.
    #[error("`{file}` is no list of blogs: {why}; export it from a feed reader as OPML again")]
    Opml {
        /// The file.
        file: Utf8PathBuf,
        /// What is wrong.
        why: String,
    },
    /// An episode without a script.
    #[error("the episode {id} has no `script.md`; write it with `lorecast script {id}`")]
    NoScript {
        /// The episode.
        id: lorecast_model::EpisodeId,
    },
    /// The alignment.
    #[error(transparent)]
    Align(#[from] lorecast_align::AlignError),
    /// The studio.
    #[error(transparent)]
    Studio(#[from] lorecast_studio::StudioError),
    /// What listeners' apps remember of an episode would change.
    #[error(
        "episode {id}: {was}, and that was promised for ever; bring back what it was (`published.yaml`, `master.mp3`), \
         or say why it changes: `lorecast publish --supersede \"why\"`"
    )]
    Promised {
        /// The episode.
        id: lorecast_model::EpisodeId,
        /// What it was.
        was: String,
    },
    /// What listeners' apps remember would leave the feed, or the show would get another name.
    #[error(
        "{was}, and the new feed no longer says so; bring the episode back, or write `guid:` under `feed:` in \
         `show.yaml` when it is the show's; or say why it changes: `lorecast publish --supersede \"why\"`"
    )]
    PromisedShow {
        /// What it was.
        was: String,
    },
    /// The site that would go out breaks rules that apps and directories insist on.
    #[error(
        "nothing was published: the site breaks rules that apps and directories insist on ({}); correct it, or publish it as it \
         is: `lorecast publish --despite-lint`",
        first(.findings)
    )]
    Unfit {
        /// What the linter says, warnings as well.
        findings: Vec<Finding>,
        /// Where that site can be looked at.
        kept: Option<Utf8PathBuf>,
    },
    /// A place to deliver to that is none.
    #[error("`{to}` is no storage: write `s3://bucket/folder` as its `to:` in `show.yaml`")]
    Destination {
        /// As written.
        to: String,
    },
    /// The keys of the storage are missing.
    #[error(
        "nothing can be kept in `{to}`: {name} is not set; give the storage's keys in the environment, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    NoKeys {
        /// The variable.
        name: &'static str,
        /// The storage.
        to: String,
    },
    /// The publisher.
    #[error(transparent)]
    Publish(#[from] lorecast_publisher::PublishError),
    /// A search that cannot be read.
    #[error(transparent)]
    Query(#[from] crate::QueryError),
    /// The MAINTAINERS file that `show.yaml` names.
    #[error(
        "cannot read MAINTAINERS from `{path}`: {message}; correct or delete `maintainers:` in `show.yaml`"
    )]
    Maintainers {
        /// The file, folder or repository.
        path: Utf8PathBuf,
        /// Why.
        message: String,
    },
    /// The mailmap that `show.yaml` names.
    #[error(
        "cannot read a mailmap from `{path}`: {message}; correct or delete `mailmap:` in `show.yaml`"
    )]
    Mailmap {
        /// The file, folder or repository.
        path: Utf8PathBuf,
        /// Why.
        message: String,
    },
    /// Somebody of whom there is nothing that could be remembered.
    #[error(
        "`{whom}` has neither an address nor a whole name to be known by: nothing was changed; take them out of `people.yaml` by hand"
    )]
    Unknowable {
        /// As asked.
        whom: String,
    },
    /// A file to import that cannot be used.
    #[error("cannot import `{path}`: {message}; nothing was changed")]
    Import {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        message: String,
    },
    /// Nobody of that name or address.
    #[error(
        "nobody here is `{whom}`: give an address that wrote, a whole name, or a name as `lorecast people list` shows it"
    )]
    Nobody {
        /// As asked.
        whom: String,
    },
    /// Several people of that name.
    #[error("several people are called `{whom}`: say which, one of {ids}, or give an address")]
    Several {
        /// As asked.
        whom: String,
        /// The names within the show.
        ids: String,
    },
    /// A program, where a person is wanted.
    #[error(
        "`{whom}` is a program: if it is a person, say `robot: false` in an entry of people.yaml"
    )]
    Program {
        /// As asked.
        whom: String,
    },
    /// A token that was not mailed there, or is too old.
    #[error(
        "this token is not good for the address, or no longer: `lorecast people claim ADDRESS` makes another"
    )]
    NoSuchToken,
    /// An address that may be somebody else's of that name.
    #[error(
        "`{email}` is not beyond doubt {name}'s: an equal name alone ties it to them, or several people write from it; if it is theirs, say `lorecast people merge` with their main address, or list it in their entry of people.yaml; if not, `split`"
    )]
    NotSure {
        /// The address.
        email: String,
        /// Whom it is tied to.
        name: String,
    },
    /// An address that two entries of `people.yaml` claim.
    #[error("{conflict}: take it out of one of them")]
    Contested {
        /// The address, and whose entries they are.
        conflict: Conflict,
    },
    /// A name was to be taken away.
    #[error("nobody is without a name: write another one, `name='Ann Vogel'`")]
    Nameless,
    /// Somebody who asked to be forgotten.
    #[error("`{whom}` asked to be forgotten: nothing is kept about them")]
    Forgotten {
        /// As asked.
        whom: String,
    },
    /// A recording that a person chose themselves.
    #[error("a recording is added by the show's producer: send it to them")]
    OwnAudio,
    /// A recording that cannot be taken.
    #[error(
        "this recording cannot be taken: {why}; send a WAV, FLAC, MP3 or Opus of at most ten seconds"
    )]
    NoRecording {
        /// Why.
        why: String,
    },
    /// A link that does not lead to an encrypted address.
    #[error("the link leads to `{url}`; write `https://…`")]
    NotHttps {
        /// Where it leads.
        url: String,
    },
    /// Something in an entry that cannot stand in `people.yaml`.
    #[error("{message}")]
    Entry {
        /// What, and what would be right.
        message: String,
    },
    /// What somebody wants to be called.
    #[error("this is no name: {why}")]
    NoName {
        /// Why.
        why: lorecast_community::Refusal,
    },
    /// No proved address is that person's.
    #[error("no address that you proved is beyond doubt that of `{whom}`; prove another one")]
    NotThem {
        /// The person's id.
        whom: String,
    },
    /// Tokens to far too many addresses are under way.
    #[error("thousands of tokens are under way: wait a week, or delete `.lorecast/claims.yaml`")]
    BusyClaims,
    /// Too many tokens are under way.
    #[error("several tokens were sent to `{email}` this week already: use one of them, or wait")]
    ManyClaims {
        /// The address.
        email: String,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random numbers: {source}")]
    Random {
        /// Why.
        source: getrandom::Error,
    },
    /// Several trees, and none of them is the one that releases are made of.
    #[error(
        "say which tree with `--tree`, one of {known}; or give one the role `mainline` in show.yaml"
    )]
    WhichTree {
        /// Their names.
        known: String,
    },
    /// A folder that cannot be made.
    #[error("cannot make the folder `{path}`: {source}")]
    Folder {
        /// The folder.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A printed script in the place of a file that people edit, or that the show needs.
    #[error("`{file}` is a file of the show; name another file to print to, such as `read.html`")]
    Edited {
        /// The file.
        file: Utf8PathBuf,
    },
    /// `rank --learn` when the producer has hardly decided anything yet.
    #[error(
        "too little to learn from: {kept} kept and {dropped} dropped stories, and it takes {least} of each; drop what you do not tell (`lorecast draft --week DATE --drop ID`, or `state: dropped` in `episode.yaml`) and try again after more episodes"
    )]
    TooFewDecisions {
        /// Stories kept in episodes from which others were dropped.
        kept: usize,
        /// Stories dropped.
        dropped: usize,
        /// What it takes, of each.
        least: usize,
    },
    /// Nothing has been read yet.
    #[error("nothing has been read into `{dir}` yet; run `lorecast ingest ARCHIVE…` first")]
    NothingIngested {
        /// The show's folder.
        dir: Utf8PathBuf,
    },
    /// No episode has been drafted yet.
    #[error(
        "there is no episode in `{dir}` yet; run `lorecast draft --week DATE` first, or name a file with `--notes`"
    )]
    NoEpisodes {
        /// The show's folder.
        dir: Utf8PathBuf,
    },
    /// `ingest` without archives, and none in `show.yaml`.
    #[error(
        "no archive to read; list some under `sources:` in `{file}`, or name them to `lorecast ingest`"
    )]
    NoSources {
        /// The show's `show.yaml`.
        file: Utf8PathBuf,
    },
    /// `track` without trees.
    #[error(
        "no tree to follow; list some under `trees:` in `{file}`, each with a `name:` and the `path:` of a clone"
    )]
    NoTrees {
        /// The show's `show.yaml`.
        file: Utf8PathBuf,
    },
    /// Two trees of one name.
    #[error("`trees:` in `{file}` names `{name}` twice; give each tree a name of its own")]
    SameTree {
        /// The name.
        name: String,
        /// The show's `show.yaml`.
        file: Utf8PathBuf,
    },
    /// `track` with a tree that `show.yaml` does not name.
    #[error("no tree `{name}` under `trees:` in `{file}`; it names {known}")]
    NoTree {
        /// The name asked for.
        name: String,
        /// The names there.
        known: String,
        /// The show's `show.yaml`.
        file: Utf8PathBuf,
    },
    /// A pipe that brings nothing.
    #[error(
        "nothing came through standard input; run the command before the pipe alone to see why"
    )]
    EmptyInput,
    /// A message that is not held.
    #[error(
        "no message `{id}` in the index; search for it with `lorecast search`, or ingest the archive that holds it"
    )]
    NoMessage {
        /// The id asked for.
        id: MessageId,
    },
    /// `--since-last` without an episode before it.
    #[error(
        "no earlier episode in `{dir}` to go on from; say which days with `--week DATE`, or `--from DATE --to DATE`"
    )]
    NoEarlierEpisode {
        /// The folder of episodes.
        dir: Utf8PathBuf,
    },
    /// `--since-last` when the newest mail is of a day far away.
    #[error(
        "the newest mail held is of {to}, long after the last episode ended; name the last day with `--since-last --to DATE` (the days begin on {from})"
    )]
    LongSince {
        /// The day after the last episode.
        from: jiff::civil::Date,
        /// The day of the newest mail.
        to: jiff::civil::Date,
    },
    /// Two decisions about one story that exclude each other.
    #[error("two decisions about `{id}` exclude each other; give one")]
    Contradiction {
        /// The story.
        id: MessageId,
    },
    /// A story to merge into that the episode does not tell.
    #[error(
        "the episode tells no story about `{id}`; `--pin` it first, or merge into one that stands in `episode.yaml`"
    )]
    NoStory {
        /// The id asked for.
        id: MessageId,
    },
    /// A correction of an episode that is not out: its notes can still be mended.
    #[error(
        "episode `{id}` is not published yet; mend its notes instead, with `lorecast check {id} --fix` or by hand"
    )]
    NotOut {
        /// The episode.
        id: lorecast_model::EpisodeId,
    },
    /// A section that the show does not have.
    #[error("no section `{key}`; a story can stand in {known}")]
    NoSection {
        /// The key asked for.
        key: String,
        /// The keys there are.
        known: String,
    },
    /// A message that posts no patch.
    #[error(
        "message `{id}` belongs to no patch series; `lorecast thread {id}` shows its conversation"
    )]
    NoSeries {
        /// The id asked for.
        id: MessageId,
    },
    /// No earlier revision to compare with.
    #[error(
        "nothing to compare `{id}` with: its series has no {}; `lorecast series {id}` lists what there is",
        from.map_or("revision before it".to_owned(), |version| format!("version {version}"))
    )]
    NoRevision {
        /// The id asked for.
        id: MessageId,
        /// The version asked for.
        from: Option<lorecast_model::Version>,
    },
    /// An episode without chapters has nothing to be mastered.
    #[error(
        "`{file}` plans no chapters, so there is nothing to master; list them under `chapters:`, each with its take"
    )]
    NoChapters {
        /// The episode's `episode.yaml`.
        file: Utf8PathBuf,
    },
    /// No program that reads aloud.
    #[error(
        "{file} names no voice: write `voice: {{command: [espeak-ng]}}`, or any program that reads text and writes WAV; see docs/voice.md"
    )]
    NoVoice {
        /// `show.yaml`.
        file: Utf8PathBuf,
    },
    /// A program that reads aloud and does not work.
    #[error("{reason}; correct `voice.command` in `show.yaml`, nothing was changed")]
    Voice {
        /// What went wrong.
        reason: String,
    },
    /// A chapter that the script has no words for.
    #[error(
        "the script of `{id}` has no words for the chapter `{chapter}`; give it a heading of that name in `script.md`, or delete the chapter from `episode.yaml`"
    )]
    NoWords {
        /// The chapter's title.
        chapter: String,
        /// The episode.
        id: lorecast_model::EpisodeId,
    },
    /// A section that the episode does not have.
    #[error("no section `{section}`; there are {known}")]
    NoChapter {
        /// What was asked for.
        section: String,
        /// The titles there are.
        known: String,
    },
    /// An episode that has not been mastered.
    #[error("episode `{id}` is not mastered here; run `lorecast master {id}` first")]
    NotMastered {
        /// The episode.
        id: lorecast_model::EpisodeId,
    },
    /// No player.
    #[error(
        "no player is installed; install one of ffplay (in the package ffmpeg), mpv, paplay (pulseaudio-utils) and aplay (alsa-utils)"
    )]
    NoPlayer,
    /// A player that does not work.
    #[error("the player `{player}` failed: {reason}; is there a loudspeaker on this machine?")]
    Player {
        /// Its name.
        player: String,
        /// Why.
        reason: String,
    },
    /// Nothing to look for sections in.
    #[error(
        "nothing to split: `{dir}` holds {others} recordings that belong to no chapter, and {missing} chapters have none of their own; one recording, and a chapter without one, are needed"
    )]
    NothingToSplit {
        /// The folder of takes.
        dir: Utf8PathBuf,
        /// How many recordings belong to nothing.
        others: usize,
        /// How many chapters have no recording.
        missing: usize,
    },
    /// A recording without enough pauses.
    #[error(
        "`{file}` has {found} long pauses inside, and {needed} are needed to part its chapters; write `recording:` and `from: 12:34` into `episode.yaml` by hand"
    )]
    TooFewPauses {
        /// The recording.
        file: Utf8PathBuf,
        /// How many there are.
        found: usize,
        /// How many chapters begin inside.
        needed: usize,
    },
    /// One recording where several are needed.
    #[error(
        "`{file}` is the only recording for {chapters} chapters; run `lorecast master {id} --split` to find where each begins"
    )]
    OneRecording {
        /// The recording.
        file: Utf8PathBuf,
        /// How many chapters have no recording of their own.
        chapters: usize,
        /// The episode.
        id: lorecast_model::EpisodeId,
    },
    /// An episode whose sound is gone, or was never made here.
    #[error(
        "episode `{id}` is published, and its sound is not here; run `lorecast master {id}` and publish again"
    )]
    NoSound {
        /// The episode.
        id: lorecast_model::EpisodeId,
    },
    /// `demo` into a folder that is in use.
    #[error("`{dir}` is not empty; name another folder with `--out`, or delete this one")]
    NotEmpty {
        /// The folder.
        dir: Utf8PathBuf,
    },
    /// Telling of an episode that nobody can hear yet.
    #[error("episode {id} is not published yet; run `lorecast publish`, then tell of it")]
    NotPublished {
        /// The episode.
        id: lorecast_model::EpisodeId,
    },
    /// A show moves into a folder that is in use.
    #[error(
        "`{dir}` is not empty; let the show move into a new folder (`lorecast init DIR --import FEED`)"
    )]
    InUse {
        /// The folder.
        dir: Utf8PathBuf,
    },
    /// A feed that cannot be had.
    #[error("`{feed}` {why}; look whether it is the address that podcast apps subscribe to")]
    NoAnswer {
        /// The address or file.
        feed: String,
        /// Why.
        why: String,
    },
    /// A feed without episodes.
    #[error("`{feed}` has no episode that could move in: {first}")]
    NothingToMove {
        /// The address or file.
        feed: String,
        /// The first thing that is wrong with it.
        first: String,
    },
    /// A log of a web server.
    #[error(
        "cannot read the log `{path}`: {source}; what the other logs say was not counted either"
    )]
    Log {
        /// The log.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no feed that hubs could be told of.
    #[error("cannot read `{path}`: {source}; `lorecast publish` first")]
    NothingOut {
        /// The feed.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Who looks at the feed's address does not find the feed that was published.
    #[error("hubs are not told: `{feed}` {why}; bring the site to its server first")]
    OtherFeed {
        /// The address.
        feed: String,
        /// What is there.
        why: String,
    },
    /// A file of a show that moves in cannot be kept.
    #[error("cannot write `{path}`: {source}; run the command again to go on")]
    Keep {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The demo's archive could not be made.
    #[error("cannot make the demo's archive `{path}`: {message}")]
    Sample {
        /// The file or repository.
        path: Utf8PathBuf,
        /// Why.
        message: String,
    },
}

/// The first thing that has to be corrected.
fn first(findings: &[Finding]) -> String {
    let first = findings.iter().find(|finding| finding.severity == Severity::Error);
    first
        .map(|Finding { place, rule, message, .. }| format!("{place}: {message} [{rule}]"))
        .unwrap_or_default()
}

impl DeskError {
    /// Whether a search asked for too much, which who wrote it can mend.
    pub fn is_about_the_search(&self) -> bool {
        use lorecast_store::StoreError;
        matches!(self, Self::Store(StoreError::TooLong { .. } | StoreError::Query { .. }))
    }

    /// Whether the show has no such episode.
    pub fn is_no_episode(&self) -> bool {
        matches!(self, Self::Show(lorecast_show::ShowError::NoEpisode { .. }))
    }

    /// Whether a file holds two versions of something between markers, and a person has to choose.
    pub fn is_unsettled(&self) -> bool {
        matches!(self, Self::Show(lorecast_show::ShowError::Unsettled { .. }))
    }

    /// Whether there is no room on the disk to write.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Show(error) if error.is_full())
    }

    /// Whether others change the same at the moment.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Show(lorecast_show::ShowError::Held { .. }) | Self::NotShared { .. })
    }

    /// Whether the storage does not answer that servers share, or not as it should.
    pub fn is_about_storage(&self) -> bool {
        matches!(
            self,
            Self::Publish(lorecast_publisher::PublishError::Storage { .. })
                | Self::NotStored { .. }
        )
    }

    /// Whether the database is away, which passes.
    pub fn is_away(&self) -> bool {
        match self {
            Self::Store(error) => matches!(error, lorecast_store::StoreError::Unreachable { .. }),
            Self::Journal(error) => error.is_away(),
            _ => false,
        }
    }

    /// Whether it is about what somebody says of themselves, and no later try helps.
    pub fn is_about_the_person(&self) -> bool {
        matches!(
            self,
            Self::Nobody { .. }
                | Self::NotSure { .. }
                | Self::Contested { .. }
                | Self::Forgotten { .. }
                | Self::Program { .. }
                | Self::NotThem { .. }
                | Self::NoRecording { .. }
                | Self::NotHttps { .. }
                | Self::NoName { .. }
                | Self::OwnAudio
                | Self::Entry { .. }
        )
    }
}
