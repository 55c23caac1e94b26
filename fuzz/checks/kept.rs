//! The inputs that are kept: `seeds`, which we wrote, and `corpus`, which runs added.

use std::fs;
use std::path::Path;

/// Feeds all of them to a check. What it was busy with is printed when a test fails.
pub fn each(target: &str, check: fn(&[u8])) {
    for kind in ["seeds", "corpus"] {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(kind).join(target);
        let entries = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("`{}` is missing: {error}", folder.display()));
        let mut inputs: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "nothing is kept in `{}`", folder.display());
        for input in inputs {
            #[expect(clippy::print_stderr, reason = "shown for the input that fails")]
            {
                eprintln!(
                    "fuzz/{kind}/{target}/{}",
                    input.file_name().unwrap_or_default().display()
                );
            }
            check(&fs::read(&input).unwrap_or_else(|error| panic!("{}: {error}", input.display())));
        }
    }
}
