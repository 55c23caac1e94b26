//! What can go wrong in the studio.

use camino::Utf8PathBuf;
use lorecast_model::Seconds;
use thiserror::Error;

/// Each variant names the file and says what to do next. Outputs of an earlier run are untouched
/// whenever one of these is returned.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StudioError {
    /// A recording that is not there.
    #[error("no recording at `{file}`; put it there, or take it out of the episode")]
    Missing {
        /// The file.
        file: Utf8PathBuf,
    },
    /// A recording without a single sample.
    #[error("`{file}` is empty: it holds no sound; record or copy it again")]
    Empty {
        /// The file.
        file: Utf8PathBuf,
    },
    /// A file that is something else.
    #[error(
        "`{file}` is not audio that the studio can read; takes may be WAV, FLAC, MP3, OGG, Opus, WebM, M4A, AIFF or CAF, so record or export it as one of these"
    )]
    NotAudio {
        /// The file.
        file: Utf8PathBuf,
    },
    /// Audio that cannot be decoded faithfully.
    #[error(
        "`{file}` holds {what}, which the studio cannot decode; convert it first, for instance with `ffmpeg -i {file} {}`",
        file.with_extension("flac")
    )]
    Unsupported {
        /// The file.
        file: Utf8PathBuf,
        /// What it holds, such as `Opus audio`.
        what: String,
    },
    /// A recording with a broken place.
    #[error("`{file}` is damaged at {at}: {reason}; copy it again from the recorder")]
    Damaged {
        /// The file.
        file: Utf8PathBuf,
        /// The place.
        at: Seconds,
        /// What the decoder says.
        reason: String,
    },
    /// A recording that ends before its own header says so.
    #[error(
        "`{file}` is cut short: its header promises {promised} and the sound ends at {held}; copy it again from the recorder"
    )]
    Truncated {
        /// The file.
        file: Utf8PathBuf,
        /// What the header says.
        promised: Seconds,
        /// What is there.
        held: Seconds,
    },
    /// A part of a recording that lies behind its end.
    #[error(
        "`{file}` ends at {}, and a section is to begin at {}; correct `from:` in `episode.yaml`",
        held.clock(), from.clock()
    )]
    BehindEnd {
        /// The file.
        file: Utf8PathBuf,
        /// Where the section is to begin.
        from: Seconds,
        /// Where the recording ends.
        held: Seconds,
    },
    /// More sound than an episode may have.
    #[error(
        "with `{file}` the sound gets longer than {limit}, the most that an episode may have; split it into two episodes"
    )]
    TooLong {
        /// The file that passes the limit.
        file: Utf8PathBuf,
        /// The limit.
        limit: Seconds,
    },
    /// A recipe that cannot be followed.
    #[error("cannot master: {message}")]
    Recipe {
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A picture that podcast apps cannot show.
    #[error("the {what} `{file}` {reason}")]
    Cover {
        /// The cover, or that of a chapter.
        what: &'static str,
        /// The picture.
        file: Utf8PathBuf,
        /// What is wrong, and the next step.
        reason: String,
    },
    /// A part that must not be worked on anew is not in the cache.
    #[error(
        "`{file}` is of another section and has to be made, too: it or a setting was changed, or the cache was emptied; run `master` without `--only`"
    )]
    Changed {
        /// The file.
        file: Utf8PathBuf,
    },
    /// Reading failed.
    #[error("cannot read `{file}`: {source}")]
    Read {
        /// The file.
        file: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Writing failed, for instance because the disk is full.
    #[error(
        "cannot write `{file}`: {source}; what was there before is untouched, so make room or check the folder's permissions and run it again"
    )]
    Write {
        /// The file or folder.
        file: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Two runs at once.
    #[error("`{file}` is being made by another run; wait until it is done")]
    Busy {
        /// The output.
        file: Utf8PathBuf,
    },
    /// No program that could encode a file is installed.
    #[error("cannot make `{file}`: {reason}")]
    NoEncoder {
        /// The file.
        file: Utf8PathBuf,
        /// What is missing, and the next step.
        reason: String,
    },
    /// An encoder gave up.
    #[error(
        "cannot make `{file}`: the encoder says {reason}; run it again, and report it when it happens twice"
    )]
    Encoder {
        /// The file.
        file: Utf8PathBuf,
        /// What it says.
        reason: String,
    },
}
