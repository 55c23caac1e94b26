//! A kernel in small, through all its trees.

use camino::Utf8Path;
use lorecast_archive::{Gone, Tips};
use lorecast_mail::patch_id;
use lorecast_model::{CommitId, Released};
use lorecast_testkit::kernel::{Fate, KernelTrees, Posted};
use lorecast_testkit::tree::Repo;

use crate::reading::{all, open, read, room, tips};

fn diff(file: &str) -> String {
    format!(
        "diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n@@ -9,7 +9,8 @@ int f(void)\n {{\n \ta();\n \tb();\n-\tc();\n+\td();\n+\te();\n \tg();\n \th();\n }}\n"
    )
}

fn with_patches(check: impl Fn(&Utf8Path, &[Posted<'_>])) {
    let (_room, path) = room();
    let fates = [Fate::Lands, Fate::Dropped, Fate::Backported, Fate::Reverted];
    let texts: Vec<(String, String)> = (0..4)
        .map(|at| {
            (
                format!("mm: fix {at}\n\nLink: https://lore.example/r/{at}@x"),
                diff(&format!("mm/f{at}.c")),
            )
        })
        .collect();
    let patches: Vec<Posted<'_>> = fates
        .iter()
        .zip(&texts)
        .map(|(&fate, (message, diff))| Posted {
            author: "Zoe Doe <zoe@work.example>",
            message,
            diff,
            fate,
        })
        .collect();
    check(&path, &patches);
}

fn released(repo: &Repo, commit: &CommitId) -> Option<Released> {
    let mut found = None;
    let visit =
        &mut |id: CommitId, released| found = found.take().or((id == *commit).then_some(released));
    open(&repo.path).releases(&all(&Tips::default(), &tips(repo)), visit).unwrap();
    found
}

fn release(tag: &str, release: Option<&str>) -> Option<Released> {
    Some(Released { tag: Some(tag.to_owned()), release: release.map(str::to_owned) })
}

#[test]
fn a_posted_patch_is_the_commit_that_landed() {
    with_patches(|room, patches| {
        let trees = KernelTrees::grown(room, patches);
        let (commits, _) = read(&trees.mainline, &Tips::default());
        let landed = commits.iter().find(|commit| commit.id == trees.commits[0]).unwrap();
        assert_eq!(landed.author.name, "Zoe Doe");
        assert_eq!(landed.message, patches[0].message);
        assert_eq!(patch_id(&landed.diffs[0]), patch_id(patches[0].diff));
    });
}

#[test]
fn it_says_where_each_patch_came_out() {
    with_patches(|room, patches| {
        let trees = KernelTrees::grown(room, patches);
        assert_eq!(released(&trees.mainline, &trees.commits[0]), release("v6.4-rc1", Some("v6.4")));
        assert_eq!(released(&trees.mainline, &trees.commits[1]), None);
        let backport = trees.backports[2].as_ref().unwrap();
        assert_eq!(released(&trees.stable, backport), release("v6.3.1", Some("v6.3.1")));
        let revert = trees.reverts[3].as_ref().unwrap();
        assert_eq!(released(&trees.mainline, revert), release("v6.5-rc1", None));
        let (commits, _) = read(&trees.stable, &Tips::default());
        let text = &commits.iter().find(|commit| commit.id == *backport).unwrap().message;
        assert!(text.contains(&format!("\n\ncommit {} upstream.\n\n", trees.commits[2])), "{text}");
        let brought = open(&trees.mainline.path).brought(trees.merge.as_ref().unwrap()).unwrap();
        let expected: Vec<_> = [0, 2, 3].map(|at: usize| trees.commits[at].clone()).into();
        assert_eq!(brought.commits, expected);
    });
}

#[test]
fn linux_next_is_read_day_by_day() {
    with_patches(|room, patches| {
        let mut trees = KernelTrees::new(room, patches);
        trees.apply();
        trees.next_day("20230424");
        let (first, known) = read(&trees.next, &Tips::default());
        assert_eq!(first.iter().filter(|commit| trees.commits.contains(&commit.id)).count(), 4);
        trees.drop_patches();
        trees.next_day("20230425");
        let (second, now) = read(&trees.next, &known);
        assert!(second.iter().all(|commit| !trees.commits.contains(&commit.id)));
        let Gone::Commits(gone) = open(&trees.next.path).gone(&all(&known, &now)).unwrap() else {
            panic!("the old commits are there")
        };
        assert!(gone.contains(&trees.commits[1]) && !gone.contains(&trees.commits[0]));
        let reachable = open(&trees.next.path).is_reachable(&now, &trees.commits).unwrap();
        assert_eq!(reachable, [true, false, true, true]);
    });
}
