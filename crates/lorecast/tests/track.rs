//! Posted patches, and the trees that they land in, through the command.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use camino::{Utf8Path, Utf8PathBuf};
use insta::assert_snapshot;
use lorecast_testkit::kernel::{Fate, KernelTrees, Posted};
use lorecast_testkit::mailbox::{mail, mboxrd};
use show::{Run, done, lorecast_in};
use tempfile::TempDir;

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

/// A show whose archive holds the patches, and the room for its trees.
struct World {
    _room: TempDir,
    dir: Utf8PathBuf,
    patches: Vec<(String, String)>,
}

impl World {
    fn new() -> Self {
        let room = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(room.path()).unwrap().join("show");
        let patches: Vec<_> = PATCHES
            .iter()
            .map(|(name, title, _)| (format!("{title}\n\nIt is better.\n"), diff(name)))
            .collect();
        done(room.path(), &["init", "show"]);
        let mails: Vec<String> = PATCHES
            .iter()
            .zip(&patches)
            .map(|((name, title, _), (_, diff))| {
                mail(&format!("{name}@rings.example"))
                    .from("Ada Example <ada@rings.example>")
                    .subject(&format!("[PATCH] {title}"))
                    .date("Fri, 31 Mar 2023 20:00:00 +0000")
                    .list("rings.lists.example")
                    .body(&format!("It is better.\n---\n{diff}"))
                    .text()
            })
            .collect();
        std::fs::write(dir.join("rings.mbox"), mboxrd(&mails)).unwrap();
        std::fs::create_dir(dir.join("trees")).unwrap();
        let show = std::fs::read_to_string(dir.join("show.yaml")).unwrap();
        std::fs::write(dir.join("show.yaml"), show + TREES).unwrap();
        let world = Self { _room: room, dir, patches };
        world.done(&["ingest", "rings.mbox"]);
        world
    }

    fn posted(&self) -> Vec<Posted<'_>> {
        let fates = PATCHES.iter().map(|(_, _, fate)| *fate);
        fates
            .zip(&self.patches)
            .map(|(fate, (message, diff))| Posted {
                author: "Ada Example <ada@rings.example>",
                message,
                diff,
                fate,
            })
            .collect()
    }

    fn done(&self, args: &[&str]) -> String {
        done(self.dir.as_std_path(), args)
    }

    fn run(&self, args: &[&str]) -> Run {
        lorecast_in(self.dir.as_std_path(), args)
    }

    /// What `series` says of the state of each patch.
    fn states(&self) -> String {
        let state = |(name, _, _): &(&str, &str, Fate)| {
            let text = self.done(&["series", &format!("{name}@rings.example")]);
            format!("{name}: {}", text.lines().nth(2).unwrap().trim())
        };
        PATCHES.iter().map(state).collect::<Vec<_>>().join("\n")
    }
}

fn diff(name: &str) -> String {
    format!(
        "diff --git a/drivers/{name}.c b/drivers/{name}.c\n--- a/drivers/{name}.c\n+++ b/drivers/{name}.c\n@@ -9,6 +9,7 @@ int {name}(void)\n {{\n \ta({name});\n \tb({name});\n-\tspin({name}, 1);\n+\tspin({name}, 2);\n+\tspin_again({name});\n \tc({name});\n }}\n"
    )
}

#[test]
fn patches_are_followed_to_where_they_end() {
    let world = World::new();
    let posted = world.posted();
    let mut trees = KernelTrees::new(&world.dir.join("trees"), &posted);
    trees.apply();
    trees.next_day("20230424");
    assert_snapshot!(world.done(&["track"]), @r"
    rings: 5 new commits
    next: 7 new commits
    mainline: 1 new commit, 1 came out in a release
    stable: 1 new commit, 1 came out in a release
    4 patches were found as a commit of some tree
    ");
    assert_snapshot!(world.states(), @r"
    land: 1 of 1 patch; in linux-next
    drop: 1 of 1 patch; in linux-next
    port: 1 of 1 patch; in linux-next
    undo: 1 of 1 patch; in linux-next
    ");
    trees.drop_patches();
    trees.next_day("20230425");
    trees.merge_window();
    trees.backport();
    assert_snapshot!(world.done(&["track"]), @r"
    rings: 0 new commits, 1 dropped
    next: 2 new commits, 3 dropped
    mainline: 5 new commits, 5 came out in a release
    stable: 2 new commits, 2 came out in a release
    3 patches were found as a commit of some tree
    ");
    assert_snapshot!(world.states(), @r"
    land: 1 of 1 patch; landed in v6.4-rc1
    drop: 1 of 1 patch; dropped
    port: 1 of 1 patch; landed in v6.4-rc1
    undo: 1 of 1 patch; landed in v6.4-rc1
    ");
    trees.release();
    trees.revert();
    assert_snapshot!(world.done(&["track"]), @r"
    rings: 0 new commits
    next: 0 new commits
    mainline: 3 new commits, 8 came out in a release
    stable: 0 new commits
    3 patches were found as a commit of some tree
    ");
    assert_snapshot!(world.states(), @r"
    land: 1 of 1 patch; landed in v6.4-rc1, released with v6.4
    drop: 1 of 1 patch; dropped
    port: 1 of 1 patch; landed in v6.4-rc1, released with v6.4
    undo: 1 of 1 patch; reverted
    ");
    assert_snapshot!(world.done(&["series", "port@rings.example"]), @r"
    2023-03-31  v1  rings: fix a crash  (Ada Example)
        port@rings.example
        1 of 1 patch; landed in v6.4-rc1, released with v6.4
        2023-04-01 applied to rings (rings 1da87a3fcc3f)
        2023-04-01 in linux-next (next 1da87a3fcc3f)
        2023-04-01 landed in v6.4-rc1 (mainline 1da87a3fcc3f)
        2023-04-02 in stable v6.3.1 (stable dc314dd91244)
    ");
    assert_snapshot!(world.done(&["track", "--format", "json", "next"]), @r#"
    {
      "trees": [
        {
          "name": "next",
          "commits": 0,
          "gone": 0,
          "released": 0,
          "notices": [],
          "failed": false
        }
      ],
      "landed": 3
    }
    "#);
    assert_snapshot!(rows(&world.done(&["export", "landings"])), @r"
    message_id tree commit how score
    land@rings.example mainline (commit) patch-id 1.000
    land@rings.example next (commit) patch-id 1.000
    land@rings.example rings (commit) patch-id 1.000
    port@rings.example mainline (commit) patch-id 1.000
    port@rings.example next (commit) patch-id 1.000
    port@rings.example rings (commit) patch-id 1.000
    undo@rings.example mainline (commit) patch-id 1.000
    undo@rings.example next (commit) patch-id 1.000
    undo@rings.example rings (commit) patch-id 1.000
    ");
}

/// The rows of an export without the names of commits, which is what `git` made them.
fn rows(tsv: &str) -> String {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let hash = cells[2].len() == 40;
        [cells[0], cells[1], if hash { "(commit)" } else { cells[2] }, cells[3], cells[4]].join(" ")
    };
    tsv.lines().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_patch_that_comes_after_its_commit_is_found_as_well() {
    let world = World::new();
    let posted = world.posted();
    let _trees = KernelTrees::grown(&world.dir.join("trees"), &posted);
    std::fs::remove_file(world.dir.join(".lorecast/index.db")).unwrap();
    let first = mail("first@rings.example")
        .subject("[PATCH] first of all")
        .date("Fri, 31 Mar 2023 19:00:00 +0000");
    std::fs::write(world.dir.join("first.mbox"), mboxrd(&[first.text()])).unwrap();
    world.done(&["ingest", "first.mbox"]);
    world.done(&["track"]);
    assert_eq!(world.done(&["export", "landings"]).lines().count(), 1, "nothing but the header");
    world.done(&["ingest", "rings.mbox"]);
    assert_snapshot!(world.states(), @r"
    land: 1 of 1 patch; landed in v6.4-rc1, released with v6.4
    drop: 1 of 1 patch; posted
    port: 1 of 1 patch; landed in v6.4-rc1, released with v6.4
    undo: 1 of 1 patch; reverted
    ");
}

#[test]
fn a_tree_that_cannot_be_read_keeps_what_was_known() {
    let world = World::new();
    let posted = world.posted();
    let trees = KernelTrees::grown(&world.dir.join("trees"), &posted);
    world.done(&["track"]);
    let known = world.states();
    let objects = trees.mainline.path.join(".git/objects");
    let away = trees.mainline.path.join(".git/away");
    std::fs::rename(&objects, &away).unwrap();
    let hurt = world.run(&["track"]);
    assert_eq!(hurt.code, 1, "{}{}", hurt.stdout, hurt.stderr);
    assert_snapshot!(hurt.stdout, @r"
    rings: 0 new commits
    next: 0 new commits
    mainline: could not be read; what was known of it stays
    stable: 0 new commits
    3 patches were found as a commit of some tree
    ");
    assert_eq!(world.states(), known);
    std::fs::rename(&away, &objects).unwrap();
    assert_eq!(world.run(&["track"]).code, 0);
    std::fs::rename(&trees.stable.path, world.dir.join("moved")).unwrap();
    let gone = world.run(&["track", "stable"]);
    assert_eq!(gone.code, 1);
    assert_snapshot!(gone.stderr.replace(world.dir.as_str(), "SHOW"), @"stable: the tree `./trees/stable` does not exist: check its path in show.yaml, or clone it there");
    assert_eq!(world.states(), known);
}

#[test]
fn a_tree_that_the_show_no_longer_names_is_forgotten() {
    let world = World::new();
    let posted = world.posted();
    let _trees = KernelTrees::grown(&world.dir.join("trees"), &posted);
    world.done(&["track"]);
    let file = world.dir.join("show.yaml");
    let show = std::fs::read_to_string(&file).unwrap();
    let fewer: Vec<&str> = show.lines().filter(|line| !line.contains("name: mainline")).collect();
    std::fs::write(&file, fewer.join("\n")).unwrap();
    world.done(&["track"]);
    assert_snapshot!(world.states(), @r"
    land: 1 of 1 patch; in linux-next
    drop: 1 of 1 patch; posted
    port: 1 of 1 patch; in linux-next
    undo: 1 of 1 patch; in linux-next
    ");
}

#[test]
fn what_cannot_be_tracked_is_told() {
    let world = World::new();
    let told = |args: &[&str]| {
        let run = world.run(args);
        assert_eq!(run.code, 2, "{args:?}");
        run.stderr.replace(world.dir.as_str(), "SHOW")
    };
    assert_snapshot!(told(&["track", "linus"]), @"error: no tree `linus` under `trees:` in `./show.yaml`; it names rings, next, mainline, stable");
    assert_snapshot!(told(&["track", "--episode", "2023-04-02"]), @"error: no episode `2023-04-02` in `./episodes`; run `lorecast draft --week 2023-04-02` to start it");
    assert_snapshot!(told(&["series", "land@rings.example", "--interdiff"]), @"error: nothing to compare `land@rings.example` with: its series has no revision before it; `lorecast series land@rings.example` lists what there is");
    let file = world.dir.join("show.yaml");
    let show = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, show.replace(TREES, "")).unwrap();
    assert_snapshot!(told(&["track"]), @"error: no tree to follow; list some under `trees:` in `./show.yaml`, each with a `name:` and the `path:` of a clone");
}

#[test]
fn two_revisions_are_compared_patch_by_patch() {
    let world = World::new();
    let second = mail("land2@rings.example")
        .from("Ada Example <ada@rings.example>")
        .subject("[PATCH v2 1/2] rings: spin faster")
        .date("Sun, 2 Apr 2023 20:00:00 +0000")
        .body(&format!(
            "It is better.\n\nChanges in v2:\n - spin three times (Bob)\n---\n{}",
            diff("land").replace(", 2)", ", 3)")
        ));
    std::fs::write(world.dir.join("second.mbox"), mboxrd(&[second.text()])).unwrap();
    world.done(&["ingest", "second.mbox"]);
    assert_snapshot!(world.done(&["series", "land2@rings.example"]), @r"
    2023-03-31  v1  rings: spin faster  (Ada Example)
        land@rings.example
        1 of 1 patch; superseded by land2@rings.example

    2023-04-02  v2  rings: spin faster  (Ada Example)
        land2@rings.example
        1 of 2 patches, missing 2; posted
        continues land@rings.example (title, 95 % sure)
        changes:
          - spin three times (Bob)
    ");
    assert_snapshot!(world.done(&["series", "land2@rings.example", "--interdiff"]), @r"
    from v1 land@rings.example
    to   v2 land2@rings.example

    1 -> 1  rings: spin faster: edited
        @@ -5,5 +5,5 @@
          	b(land);
         -	spin(land, 1);
        -+	spin(land, 2);
        ++	spin(land, 3);
         +	spin_again(land);
          	c(land);
    ");
}

#[test]
fn a_pull_request_is_one_unit_with_what_it_brought() {
    let world = World::new();
    let posted = world.posted();
    let trees = KernelTrees::grown(&world.dir.join("trees"), &posted);
    let tip = trees.mainline.id(&format!("{}^2", trees.merge.clone().unwrap()));
    let ask = mail("pull@rings.example")
        .from("Ada Example <ada@rings.example>")
        .subject("[GIT PULL] rings for 6.4")
        .date("Mon, 3 Apr 2023 20:00:00 +0000")
        .body(&format!(
            "The following changes since commit {tip}:\n\n  Linux 6.3\n\nare available in the Git repository at:\n\n  \
             git://git.example/maintainer for-next\n\nfor you to fetch changes up to {tip}:\n\n  rings: spin\n"
        ));
    let answer = mail("bot@kernel.example")
        .from("pr-tracker-bot@kernel.org")
        .subject("Re: [GIT PULL] rings for 6.4")
        .date("Tue, 4 Apr 2023 20:00:00 +0000")
        .reply_to(&["pull@rings.example"])
        .body(
            "The pull request you sent on Mon, 3 Apr 2023 20:00:00 +0000:\n\n> git://git.example/maintainer for-next\n\n\
             has been merged into torvalds/linux.git:\n\
             https://git.kernel.org/torvalds/c/0123456789abcdef0123456789abcdef01234567\n\nThank you!\n",
        );
    std::fs::write(world.dir.join("pull.mbox"), mboxrd(&[ask.text(), answer.text()])).unwrap();
    world.done(&["ingest", "pull.mbox"]);
    world.done(&["track"]);
    assert_snapshot!(world.done(&["series", "pull@rings.example"]), @r"
    2023-04-03  pull request  rings for 6.4  (Ada Example)
        pull@rings.example
        from git://git.example/maintainer for-next
        2023-04-04 landed in mainline by pr-tracker-bot (bot@kernel.example)
        merged into mainline as 66979f450cfc: 3 commits, 3 posted patches among them, out in v6.4-rc1
    ");
}

#[test]
fn what_was_read_before_a_damaged_commit_is_not_held() {
    let world = World::new();
    let posted = world.posted();
    let mut trees = KernelTrees::new(&world.dir.join("trees"), &posted);
    world.done(&["track"]);
    trees.apply();
    // More than one transaction's worth of commits, then one whose files are damaged.
    for n in 0..520 {
        trees.maintainer.commit(&format!("filler {n}")).make();
    }
    trees.maintainer.commit("the last").file("last", "x\n").make();
    trees.maintainer.corrupt(&trees.maintainer.id("HEAD^{tree}"));
    let hurt = world.run(&["track", "rings"]);
    assert_eq!(hurt.code, 1, "{}{}", hurt.stdout, hurt.stderr);
    assert!(hurt.stdout.contains("rings: could not be read"), "{}", hurt.stdout);
    assert_eq!(world.done(&["export", "landings"]).lines().count(), 1, "nothing but the header");
}
