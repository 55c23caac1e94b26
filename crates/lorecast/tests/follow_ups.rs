//! What one episode told, and what became of it, in the draft of the next.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use camino::{Utf8Path, Utf8PathBuf};
use insta::assert_snapshot;
use lorecast_testkit::kernel::{Fate, KernelTrees, Posted};
use lorecast_testkit::mailbox::{MailText, mail, mboxrd};
use show::done;

const PATCHES: [(&str, &str, Fate); 4] = [
    ("land", "rings: spin faster", Fate::Lands),
    ("drop", "rings: spin backwards", Fate::Dropped),
    ("port", "rings: fix a crash", Fate::Backported),
    ("undo", "rings: spin for ever", Fate::Reverted),
];

const TREES: &str = "
trees:
  - {name: rings, path: trees/maintainer, branches: [for-next]}
  - {name: next, path: trees/linux-next, role: next, branches: [master]}
  - {name: mainline, path: trees/linux, role: mainline, branches: [master]}
  - {name: stable, path: trees/stable, role: stable, branches: [linux-6.3.y]}
";

const FIRST: &str = "2023-03-26";
const SECOND: &str = "2023-04-09";
const THIRD: &str = "2023-04-16";

fn diff(name: &str) -> String {
    format!(
        "diff --git a/drivers/{name}.c b/drivers/{name}.c\n--- a/drivers/{name}.c\n+++ b/drivers/{name}.c\n@@ -9,6 +9,7 @@ int {name}(void)\n {{\n \ta({name});\n \tb({name});\n-\tspin({name}, 1);\n+\tspin({name}, 2);\n+\tspin_again({name});\n \tc({name});\n }}\n"
    )
}

fn message(title: &str) -> String {
    format!("{title}\n\nThe rings of the sample stand still for a whole second.\n")
}

/// A patch of Ada's.
fn patch(id: &str, tag: &str, name: &str, title: &str, day: &str) -> MailText {
    mail(id)
        .from("Ada Example <ada@rings.example>")
        .subject(&format!("[{tag}] {title}"))
        .date(&format!("{day} 2023 20:00:00 +0000"))
        .list("rings.lists.example")
        .body(&format!("{}---\n{}", message(title).split_once("\n\n").unwrap().1, diff(name)))
}

/// A show with an archive: four patches of the first week, then a second version and its review.
fn show(room: &Utf8Path) -> Utf8PathBuf {
    done(room.as_std_path(), &["init", "show"]);
    let dir = room.join("show");
    let posted = PATCHES.iter().map(|(name, title, _)| {
        patch(&format!("{name}@rings.example"), "PATCH", name, title, "22 Mar")
    });
    let title = PATCHES[0].1;
    let second = patch("land-2@rings.example", "PATCH v2", "land", title, "28 Mar");
    let review = mail("review@rings.example")
        .from("Grace Example <grace@rings.example>")
        .subject(&format!("Re: [PATCH v2] {title}"))
        .date("29 Mar 2023 20:00:00 +0000")
        .reply_to(&["land-2@rings.example"])
        .body("Reviewed-by: Grace Example <grace@rings.example>\n");
    let mails: Vec<String> = posted.chain([second, review]).map(|mail| mail.text()).collect();
    std::fs::write(dir.join("rings.mbox"), mboxrd(&mails)).unwrap();
    let settings = std::fs::read_to_string(dir.join("show.yaml")).unwrap();
    std::fs::write(dir.join("show.yaml"), settings + TREES).unwrap();
    done(dir.as_std_path(), &["ingest", "rings.mbox"]);
    dir
}

fn grow_trees(dir: &Utf8Path) {
    let texts: Vec<(String, String)> =
        PATCHES.iter().map(|(name, title, _)| (message(title), diff(name))).collect();
    let posted: Vec<Posted<'_>> = PATCHES
        .iter()
        .zip(&texts)
        .map(|((_, _, fate), (message, diff))| Posted {
            author: "Ada Example <ada@rings.example>",
            message,
            diff,
            fate: *fate,
        })
        .collect();
    std::fs::create_dir(dir.join("trees")).unwrap();
    let mut trees = KernelTrees::new(&dir.join("trees"), &posted);
    trees.apply();
    trees.next_day("20230401");
    done(dir.as_std_path(), &["track"]);
    trees.drop_patches();
    trees.next_day("20230402");
    trees.merge_window();
    trees.backport();
    trees.release();
    trees.revert();
    done(dir.as_std_path(), &["track"]);
}

/// A file of an episode after a draft.
fn drafted(dir: &Utf8Path, week: &str, file: &str) -> String {
    done(dir.as_std_path(), &["draft", "--week", week]);
    std::fs::read_to_string(dir.join("episodes").join(week).join(file)).unwrap()
}

#[test]
fn the_next_draft_tells_what_became_of_the_last_episode() {
    let room = tempfile::tempdir().unwrap();
    let dir = show(Utf8Path::from_path(room.path()).unwrap());
    let first = drafted(&dir, FIRST, "notes.md");
    assert!(first.contains("rings: spin faster") && !first.contains("Follow-ups"), "{first}");
    grow_trees(&dir);

    let notes = drafted(&dir, SECOND, "notes.md");
    let (_, section) = notes.split_once("## Follow-ups\n").unwrap();
    let (section, _) = section.split_once("\nThat’s all").unwrap();
    assert_snapshot!(section, @r"
    Ada Example’s [“rings: spin for ever”](https://lore.kernel.org/r/undo@rings.example/), last covered on March 26, landed in v6.4-rc1 and was then reverted.

    On March 26 we covered Ada Example’s [“rings: fix a crash”](https://lore.kernel.org/r/port@rings.example/). It has landed in v6.4-rc1 and came out in v6.4. It has been backported to v6.3.1.

    Ada Example’s [“rings: spin faster”](https://lore.kernel.org/r/land-2@rings.example/), last covered on March 26, has since seen version 2, has landed in v6.4-rc1 and came out in v6.4. Grace Example reviewed it.

    On March 26 we covered Ada Example’s [“rings: spin backwards”](https://lore.kernel.org/r/drop@rings.example/). It was applied and then dropped from rings.
    ");
    let yaml = drafted(&dir, SECOND, "episode.yaml");
    let (_, landed) = yaml.split_once("fact: landed\n").unwrap();
    let (landed, _) = landed.split_once("commit: ").unwrap();
    assert_snapshot!(landed, @r"
    value: v6.4-rc1
    message: undo@rings.example
    tree: mainline
    ");
    assert_eq!(drafted(&dir, SECOND, "notes.md"), notes);
    assert_eq!(drafted(&dir, SECOND, "episode.yaml"), yaml);

    // What the producer drops stays away, and nothing of it is news to the episode after.
    let (before, follow_ups) = yaml.split_once("follow_ups:").unwrap();
    let dropped = follow_ups.replacen("state: proposed", "state: dropped", 1);
    let file = dir.join("episodes").join(SECOND).join("episode.yaml");
    std::fs::write(file, format!("{before}follow_ups:{dropped}")).unwrap();
    let told = drafted(&dir, SECOND, "notes.md");
    let covered = |notes: &str| notes.matches("March 26").count();
    assert_eq!(covered(&told) + 1, covered(&notes));
    assert!(!drafted(&dir, THIRD, "notes.md").contains("Follow-ups"));
    // The first episode is before all of that.
    assert_eq!(drafted(&dir, FIRST, "notes.md"), first);
}
