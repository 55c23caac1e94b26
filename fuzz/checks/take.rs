//! Whatever a recording holds, it is heard or refused in words, the same each time; and a part of it is
//! a part of what is heard.
//!
//! An input starts with two bytes: the file's ending, and where the part begins, in 256ths. The rest is
//! the file.

use std::fs::{self, File};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::Seconds;
use lorecast_studio::{LONGEST, Part, StudioError, TakeInfo, excerpt, listen, probe};

const ENDINGS: [&str; 9] = ["wav", "flac", "mp3", "ogg", "m4a", "opus", "webm", "aiff", "caf"];
/// What is longer is not heard a second time.
const SHORT: usize = 1 << 20;

pub fn check(input: &[u8]) {
    let Some((&[ending, begin], bytes)) = input.split_first_chunk() else { return };
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let folder = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("its path is UTF-8");
    fs::create_dir_all(&folder).expect("there is room for a folder");
    let file = folder.join("take").with_extension(ENDINGS[usize::from(ending) % ENDINGS.len()]);
    fs::write(&file, bytes).expect("there is room for a file");
    let whole = heard(&file);
    if let Ok(info) = probe(&file) {
        assert!(info.length.0.is_finite() && info.length.0 >= 0.0);
    }
    match &whole {
        Ok((info, count)) => {
            assert!(
                info.length <= LONGEST && info.length.0 > 0.0 && (1..=32).contains(&info.channels)
            );
            if *count < SHORT {
                assert!(heard(&file).is_ok_and(|again| again == (info.clone(), *count)));
                part(&folder, &file, info, begin);
            }
        }
        Err(error) => {
            assert!(error.to_string().contains(file.as_str()), "{error} does not name the file");
        }
    }
    fs::remove_dir_all(&folder).expect("the folder is ours");
}

/// What it is, and how many samples were heard.
fn heard(file: &Utf8Path) -> Result<(TakeInfo, usize), StudioError> {
    let mut count = 0;
    let info = listen(file, &mut |samples| {
        count += samples.len();
        assert!(samples.iter().all(|sample| sample.is_finite() && sample.abs() <= 100.0));
    })?;
    assert!(count as f64 / f64::from(info.sample_rate) <= info.length.0 + 1e-6);
    Ok((info, count))
}

fn part(folder: &Utf8Path, file: &Utf8Path, info: &TakeInfo, begin: u8) {
    let from = info.length.0 * f64::from(begin) / 256.0;
    let part = Part {
        file: file.to_owned(),
        from: Some(Seconds(from)),
        to: Some(Seconds((from + info.length.0) / 2.0 + 0.001)),
        ..Part::default()
    };
    let wav = folder.join("part.wav");
    let made = File::create(&wav).expect("there is room for a file");
    let Ok(()) = excerpt(&part, made, &wav) else { return };
    let length = probe(&wav).map_or(0.0, |part| part.length.0);
    assert!(length <= (info.length.0 - from) / 2.0 + 0.002, "{length} s of {info:?} from {from}");
}
