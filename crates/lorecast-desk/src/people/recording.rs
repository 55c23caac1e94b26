//! How somebody says their own name.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use data_encoding::HEXLOWER;
use lorecast_model::Seconds;
use lorecast_studio::{Part, excerpt, probe};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::sharing::Room;
use crate::{Desk, DeskError, Result};

/// Where they are, below the show's folder.
pub(super) const FOLDER: &str = "sounds/people";
/// A name takes no longer, in seconds.
const LONGEST: f64 = 10.0;
/// What is shorter holds no name.
const SHORTEST: f64 = 0.2;
/// What is made of it has no more bytes: ten seconds of stereo at 96 kHz.
const LARGEST: u64 = 4 << 20;

impl Desk<'_> {
    /// Keeps a recording of a name, of whatever the studio reads: made anew as a WAV, so that nothing of what was sent but its sound
    /// is ever served. Returns the SHA-256 of that, by which it is known.
    ///
    /// # Errors
    /// When it is no sound, too long or too short, or it cannot be kept.
    pub fn keep_recording(&self, bytes: &[u8]) -> Result<String> {
        let folder = self.root().join(FOLDER);
        let fail = |source| DeskError::Folder { path: folder.clone(), source };
        std::fs::create_dir_all(&folder).map_err(fail)?;
        let mut sent = NamedTempFile::new_in(&folder).map_err(fail)?;
        sent.write_all(bytes).map_err(fail)?;
        let wav = tempfile::Builder::new().suffix(".wav").tempfile_in(&folder).map_err(fail)?;
        // A little more than may be: whatever the header promises, no more is decoded.
        let part = Part {
            file: path(sent.path()),
            from: Some(Seconds(0.0)),
            to: Some(Seconds(LONGEST + 0.5)),
            ..Part::default()
        };
        let own = |error: &dyn std::fmt::Display| {
            // The file that was sent has a name of ours, which tells nobody anything.
            let why = error.to_string().replace(part.file.as_str(), "it");
            DeskError::NoRecording { why: why.split("; ").next().unwrap_or_default().to_owned() }
        };
        excerpt(&part, wav.reopen().map_err(fail)?, Utf8Path::new("the recording"))
            .map_err(|error| own(&error))?;
        let length = probe(&path(wav.path())).map_err(|error| own(&error))?.length.0;
        if length > LONGEST {
            return Err(own(&format!("it is longer than {LONGEST} seconds")));
        }
        if length < SHORTEST {
            return Err(own(&"there is nothing to be heard in it"));
        }
        if wav.as_file().metadata().map_err(fail)?.len() > LARGEST {
            return Err(own(&"it has more samples a second than a voice needs"));
        }
        let digest = HEXLOWER.encode(&Sha256::digest(std::fs::read(wav.path()).map_err(fail)?));
        wav.as_file().sync_all().map_err(fail)?;
        let kept = wav.persist(self.root().join(recorded(&digest))).map_err(|e| fail(e.error))?;
        readable(&kept).map_err(fail)?;
        // Whichever server writes it into `people.yaml` finds it.
        self.hold_for_others(Room::People)?.keep()?;
        Ok(digest)
    }

    /// Removes a recording that a person made and that no entry names any more.
    pub(super) fn drop_recording(&self, audio: &str) -> Result<()> {
        let ours = Utf8Path::new(audio).parent() == Some(Utf8Path::new(FOLDER));
        let of = |person: &lorecast_model::Person| {
            let own = person.own.as_ref().and_then(|own| own.audio.as_deref());
            own == Some(audio) || person.audio.as_deref() == Some(audio)
        };
        if ours && !self.dir.people()?.iter().any(of) {
            // It may be gone already.
            let _ = std::fs::remove_file(self.root().join(audio));
        }
        Ok(())
    }
}

/// Where a recording is, below the show's folder.
pub(super) fn recorded(digest: &str) -> String {
    format!("{FOLDER}/{digest}.wav")
}

fn path(path: &std::path::Path) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(path.to_owned()).unwrap_or_default()
}

/// A temporary file is its owner's alone; what is published is everybody's.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
