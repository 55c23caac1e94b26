//! Commits recognised as posted patches.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use jiff::{SignedDuration, Timestamp};
use lorecast_mail::{Arrival, parse};
use lorecast_model::{Commit, CommitId, Mailbox, Message};
use lorecast_tracker::landings::{
    Index, LineIndex, PostedPatch, Print, Seen, commit_of_notice, land,
};
use proptest::prelude::*;

/// A mail or a commit: a line `id | who | day | title`, text, and changes (see [`diff`]).
struct Sheet<'a> {
    id: &'a str,
    who: &'a str,
    date: Timestamp,
    title: &'a str,
    text: String,
    diff: String,
}

impl<'a> Sheet<'a> {
    fn read(sheet: &'a str) -> Self {
        let sheet = sheet.trim();
        let (head, rest) = sheet.split_once('\n').unwrap_or((sheet, ""));
        let cells: Vec<&str> = head.split(" | ").map(str::trim).collect();
        let lines: Vec<&str> = rest.lines().map(|line| line.trim_start_matches(' ')).collect();
        let cut = lines.iter().position(|line| line.starts_with('@')).unwrap_or(lines.len());
        let start: Timestamp = "2023-04-01T00:00:00Z".parse().unwrap();
        let date = match cells[2].parse::<i64>() {
            Ok(days) => start + SignedDuration::from_hours(24 * days),
            Err(_) => format!("{}-01-19T00:00:00Z", &cells[2][1..]).parse().unwrap(),
        };
        Self {
            id: cells[0],
            who: cells[1],
            date,
            title: cells[3],
            text: lines[..cut].join("\n"),
            diff: diff(&lines[cut..]),
        }
    }

    fn mail(&self) -> Message {
        let from = format!("{0} Example <{0}@kernel.example>", self.who);
        let date = self.date.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let raw = format!(
            "From: {from}\nSubject: {}\nDate: {date}\nMessage-ID: <{}@x.example>\n\n{}\n---\n{}-- \n2.40\n",
            self.title, self.id, self.text, self.diff
        );
        parse(raw.as_bytes(), &Arrival::default())
    }

    fn commit(&self) -> Commit {
        let who = |name: &str| Mailbox {
            name: format!("{name} Example"),
            email: format!("{name}@kernel.example"),
        };
        let parents = if self.id == "merge" { 2 } else { 1 };
        Commit {
            id: CommitId::new(&"c".repeat(40)).unwrap(),
            parents: vec![CommitId::new(&"d".repeat(40)).unwrap(); parents],
            author: who(self.who),
            authored: self.date - SignedDuration::from_mins(7 * i64::from(self.id != "am")),
            committer: who("max"),
            committed: self.date + SignedDuration::from_hours(72 * i64::from(self.id == "am")),
            message: format!("{}\n\n{}\n", self.title, self.text),
            diffs: vec![self.diff.clone()],
        }
    }
}

/// A git diff of lines such as `@ boiler/valve.c`, `-old`, `+new`; `!rename from x` and the like go
/// to the header of the file.
fn diff(lines: &[&str]) -> String {
    let mut out = String::new();
    for file in lines.join("\n").split('@').skip(1) {
        let (path, changes) = file.split_once('\n').unwrap_or((file, ""));
        let (old, new) = path.trim().split_once(' ').unwrap_or((path.trim(), path.trim()));
        out += &format!("diff --git a/{old} b/{new}\n");
        let (header, code): (Vec<&str>, Vec<&str>) =
            changes.lines().filter(|line| !line.is_empty()).partition(|line| line.starts_with('!'));
        header.iter().for_each(|line| out += &format!("{}\n", &line[1..]));
        if code.is_empty() {
            continue;
        }
        let count = |sign: char| code.iter().filter(|line| !line.starts_with(sign)).count();
        out += &format!("--- a/{old}\n+++ b/{new}\n@@ -1,{} +1,{} @@\n", count('+'), count('-'));
        code.iter().for_each(|line| out += &format!("{line}\n"));
    }
    out
}

/// What a commit is found to be among posts that are divided by empty lines: message, how, score;
/// the same in any order of the posts.
fn check(posts: &str, commit: &str) -> String {
    let posts: Vec<PostedPatch> = posts
        .split("\n\n")
        .filter_map(|sheet| PostedPatch::read(&Sheet::read(sheet).mail()))
        .collect();
    let seen = Seen::read(&Sheet::read(commit).commit());
    assert_eq!(
        Seen::from_bytes(&seen.to_bytes()).as_ref(),
        Some(&seen),
        "bytes changed the commit"
    );
    let found = |posts: &mut dyn Iterator<Item = &PostedPatch>| {
        let mut index = Index::default();
        posts.for_each(|post| index.insert(post.clone()));
        land(&seen, &index)
    };
    let answer = found(&mut posts.iter());
    assert_eq!(found(&mut posts.iter().rev()), answer, "the order of the posts mattered");
    let line = |f: &lorecast_tracker::landings::Found| {
        assert!((0.0..=1.0).contains(&f.score));
        let id = f.message.as_str().split('@').next().unwrap();
        format!("{id} {} {:.2}{}", f.how, f.score, if f.best { "" } else { " not best" })
    };
    answer.iter().map(line).collect::<Vec<_>>().join("\n")
}

const VALVE: &str = "@ boiler/valve.c
-    return pressure_of(valve);
+    return min(pressure_of(valve), valve->limit);";

fn with_valve(sheet: &str) -> String {
    sheet.replace("VALVE", VALVE)
}

#[test]
fn an_unchanged_patch_is_found_by_its_patch_id() {
    let posts = with_valve("a | ada | 1 | [PATCH v2] boiler: limit the pressure\nVALVE");
    let commit = with_valve("c | ada | 2 | boiler: limit the pressure\nVALVE");
    insta::assert_snapshot!(check(&posts, &commit), @"a patch-id 1.00");
}

#[test]
fn of_resends_the_latest_before_the_commit_is_best() {
    let posts = with_valve(
        "
        a | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE\n
        b | ada | 5 | [PATCH RESEND] boiler: limit the pressure\nVALVE\n
        c | ada | 9 | [PATCH RESEND] boiler: limit the pressure\nVALVE",
    );
    let commit = with_valve("c | ada | 6 | boiler: limit the pressure\nVALVE");
    insta::assert_snapshot!(check(&posts, &commit), @r"
    b patch-id 1.00
    a patch-id 1.00 not best
    ");
}

#[test]
fn a_named_mail_comes_before_a_later_one() {
    let posts = with_valve(
        "
        a | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE\n
        b | ada | 5 | [PATCH RESEND] boiler: limit the pressure\nVALVE",
    );
    let commit = with_valve(
        "c | ada | 6 | boiler: limit the pressure
        Signed-off-by: Ada Example <ada@kernel.example>
        Link: https://lore.kernel.org/r/a@x.example\nVALVE",
    );
    insta::assert_snapshot!(check(&posts, &commit), @r"
    a link 1.00
    b patch-id 1.00 not best
    ");
}

#[test]
fn a_named_report_or_another_fix_is_no_landing() {
    let posts = "r | bob | 1 | [PATCH] pump: double the stroke\n@ pump/stroke.c\n-    double stroke = 1;\n+    double stroke = 2;";
    for trailer in ["Closes", "Link"] {
        let commit = with_valve(&format!(
            "c | ada | 6 | boiler: limit the pressure\n{trailer}: https://lore.kernel.org/all/r@x.example/\nVALVE"
        ));
        assert_eq!(check(posts, &commit), "", "{trailer}");
    }
}

#[test]
fn of_twin_fixes_the_author_decides() {
    let posts = with_valve(
        "
        a | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE\n
        b | bob | 2 | [PATCH] boiler: do not burst\nVALVE",
    );
    let commit = with_valve("c | ada | 6 | boiler: limit the pressure\nVALVE");
    insta::assert_snapshot!(check(&posts, &commit), @"a patch-id 1.00");
}

#[test]
fn a_twin_alone_is_no_landing() {
    let posts = with_valve("b | bob | 2 | [PATCH] boiler: do not burst\nVALVE");
    let commit = with_valve("c | ada | 6 | boiler: limit the pressure\nVALVE");
    assert_eq!(check(&posts, &commit), "");
}

#[test]
fn a_twin_of_the_same_title_is_no_landing_unless_the_committer_took_it_over() {
    let posts = with_valve("b | bob | 2 | [PATCH] boiler: limit the pressure\nVALVE");
    let commit =
        |who: &str| with_valve(&format!("c | {who} | 6 | boiler: limit the pressure\nVALVE"));
    assert_eq!(check(&posts, &commit("ada")), "");
    insta::assert_snapshot!(check(&posts, &commit("max")), @"b patch-id 0.85");
}

#[test]
fn an_earlier_revision_that_the_text_mentions_does_not_come_first() {
    let posts = with_valve(
        "
        v1 | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE\n+    log(valve);\n
        v2 | ada | 2 | [PATCH v2] boiler: limit the pressure\nVALVE",
    );
    let commit = with_valve(
        "c | ada | 6 | boiler: limit the pressure
        As asked in https://lore.kernel.org/r/v1@x.example.\nVALVE",
    );
    insta::assert_snapshot!(check(&posts, &commit), @"v2 patch-id 1.00");
}

#[test]
fn a_commit_that_names_a_posting_we_do_not_hold_is_no_loosely_similar_one() {
    let posts = "a | ada | 1 | [PATCH] boiler: limit\n@ boiler/valve.c\n+    one_line();\n+    two_lines();\n+    three_lines();";
    let commit = |trailer: &str| {
        format!(
            "c | ada | 6 | boiler: bound it\n{trailer}\n@ boiler/valve.c\n+    one_line();\n+    two_lines();\n+    other_line();"
        )
    };
    assert_ne!(check(posts, &commit("Acked-by: Bob Example <bob@kernel.example>")), "");
    assert_eq!(check(posts, &commit("Link: https://lore.kernel.org/r/later@x.example")), "");
}

#[test]
fn a_revision_a_day_after_the_one_whose_date_git_kept_came_too_late() {
    let posts = with_valve(
        "
        v1 | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE\n
        v2 | ada | 2 | [PATCH v2] boiler: limit the pressure\nVALVE\n
        v3 | ada | 9 | [PATCH v3] boiler: limit the pressure\nVALVE",
    );
    let day =
        |day: &str| with_valve(&format!("am | ada | {day} | boiler: limit the pressure\nVALVE"));
    insta::assert_snapshot!(check(&posts, &day("1")).lines().next().unwrap(), @"v1 patch-id 1.00");
}

#[test]
fn a_patch_edited_on_the_way_is_found() {
    let posts = "
        a | ada | 1 | [PATCH 3/4] boiler: limit the pressure\n@ boiler/valve.c
        -    return pressure_of(valve);
        +    if (pressure_of(valve) > valve->limit)
        +        return valve->limit;
        +    return read_pressure(valve);\n
        b | ada | 2 | [PATCH] boiler: count the valves\n@ boiler/valve.c
        +static int number_of_valves;";
    let commit = "c | ada | 6 | boiler/valve: Never exceed the limit\n@ boiler/valve.c
        -    return pressure_of(valve);
        +    if (pressure_of(valve) > valve->limit)
        +        return clamped(valve);
        +    return read_pressure(valve);";
    insta::assert_snapshot!(check(posts, commit), @"a similar 0.78");
}

#[test]
fn title_and_author_find_a_rewritten_patch_of_the_same_file() {
    let posts = "a | ada | 1 | [PATCH] boiler: limit the pressure of each valve\n@ boiler/valve.c\n-    return pressure_of(valve);";
    let commit = "c | ada | 6 | boiler: Limit the pressure of each valve\n@ boiler/valve.c\n+    warn_about(valve);";
    insta::assert_snapshot!(check(posts, commit), @"a similar 0.60");
}

#[test]
fn lines_that_are_everywhere_find_nothing() {
    let posts = "a | ada | 1 | [PATCH] boiler: one thing\n@ boiler/valve.c\n+    }\n+    return 0;\n+    break;\n+    heat();";
    let commit = "c | ada | 6 | boiler: quite another\n@ boiler/valve.c\n+    }\n+    return 0;\n+    break;\n+    cool_it_down();";
    assert_eq!(check(posts, commit), "");
}

#[test]
fn the_same_lines_in_another_file_are_another_patch() {
    let posts = with_valve("a | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE");
    let commit = "c | ada | 6 | engine: limit the steam\n@ engine/steam.c
        -    return pressure_of(valve);\n+    return min(pressure_of(valve), valve->limit);";
    assert_eq!(check(&posts, commit), "");
}

#[test]
fn two_patches_squashed_into_one_are_found_by_the_title() {
    let posts = "
        a | ada | 1 | [PATCH 1/2] boiler: add a gauge\n@ boiler/gauge.c\n+    struct gauge *gauge;\n+    read_gauge(gauge);\n
        b | ada | 1 | [PATCH 2/2] boiler: paint the gauge\n@ boiler/gauge.c\n+    paint(gauge, BLACK);\n+    polish(gauge);";
    let commit = "c | ada | 6 | boiler: add a gauge\n@ boiler/gauge.c
        +    struct gauge *gauge;\n+    read_gauge(gauge);\n+    paint(gauge, BLACK);\n+    polish(gauge);";
    insta::assert_snapshot!(check(posts, commit), @"a similar 0.80");
}

#[test]
fn other_context_is_the_same_change() {
    let posts = "a | ada | 1 | [PATCH] boiler: limit it\n@ boiler/valve.c\n before();\n-old_line();\n+new_line();";
    let commit =
        "c | ada | 6 | valve: bound it\n@ boiler/valve.c\n other();\n-old_line();\n+new_line();";
    insta::assert_snapshot!(check(posts, commit), @"a similar 0.88");
}

#[test]
fn the_author_may_stand_in_the_text() {
    let posts = with_valve(
        "a | max | 1 | [PATCH] boiler: limit\nFrom: ada Example <ada@kernel.example>\nSubject: boiler: limit the pressure\n\nText.\nVALVE",
    );
    let post = PostedPatch::read(&Sheet::read(&posts).mail()).unwrap();
    assert_eq!(post.author.email, "ada@kernel.example");
    assert_eq!(post.title, "boiler: limit the pressure");
}

#[test]
fn merges_and_backports_are_no_landings() {
    let posts = with_valve("a | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE");
    let merge = with_valve("merge | ada | 6 | boiler: limit the pressure\nVALVE");
    assert_eq!(check(&posts, &merge), "");
    let sha = "0123456789abcdef0123456789abcdef01234567";
    for line in [
        format!("commit {sha} upstream."),
        format!("[ Upstream commit {sha} ]"),
        format!("(cherry picked from commit {sha})"),
    ] {
        let sheet = with_valve(&format!("c | ada | 6 | boiler: limit the pressure\n{line}\nVALVE"));
        let seen = Seen::read(&Sheet::read(&sheet).commit());
        assert_eq!(seen.upstream.unwrap().as_str(), sha, "{line}");
        assert_eq!(check(&posts, &sheet), "", "{line}");
        let review =
            with_valve(&format!("s | greg | 6 | [PATCH 6.1 12/100] boiler: limit\n{line}\nVALVE"));
        assert!(PostedPatch::read(&Sheet::read(&review).mail()).is_none(), "{line}");
    }
}

#[test]
fn to_revert_and_to_reapply_are_other_patches() {
    let posts = with_valve("a | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE");
    let again = with_valve(
        "c | ada | 6 | Reapply \"boiler: limit the pressure\"
        This reverts\n commit 0123456789abcdef.\nVALVE",
    );
    assert_eq!(check(&posts, &again), "");
    let seen = Seen::read(&Sheet::read(&again).commit());
    assert_eq!(seen.reverts.unwrap().as_str(), "0123456789abcdef");
}

#[test]
fn patches_come_before_their_commits() {
    let posts = with_valve("a | ada | 9 | [PATCH] boiler: limit the pressure\nVALVE");
    let commit =
        |day: &str| with_valve(&format!("c | ada | {day} | boiler: limit the pressure\nVALVE"));
    assert_eq!(check(&posts, &commit("6")), "");
    // Clocks are a little wrong.
    assert_ne!(check(&posts, &commit("8")), "");
    // A clock of 1970 proves nothing.
    assert_ne!(check(&posts, &commit("y1970")), "");
}

#[test]
fn a_forged_date_does_not_make_a_patch_the_latest() {
    let posts = with_valve(
        "
        forged | ada | y2038 | [PATCH] boiler: limit the pressure\nVALVE\n
        a | ada | 1 | [PATCH] boiler: limit the pressure\nVALVE\n
        old | ada | y1970 | [PATCH] boiler: limit the pressure\nVALVE",
    );
    let commit = with_valve("c | ada | 6 | boiler: limit the pressure\nVALVE");
    insta::assert_snapshot!(check(&posts, &commit), @r"
    a patch-id 1.00
    old patch-id 1.00 not best
    forged patch-id 1.00 not best
    ");
}

#[test]
fn notices_pull_requests_and_quoted_diffs_are_no_posts() {
    for sheet in [
        "n | tip-bot2 | 1 | [tip: boiler/core] boiler: limit the pressure\nVALVE",
        "n | build-robot | 1 | [PATCH] boiler: fix odd_ptr_err.cocci warnings\nVALVE",
        "n | sasha | 1 | [PATCH AUTOSEL 6.1 3/9] boiler: limit the pressure\nVALVE",
        "n | andrew | 1 | + boiler-limit-the-pressure.patch added to mm-unstable branch\nVALVE",
        "n | greg | 1 | Patch \"boiler: limit\" has been added to the 6.1-stable tree\nVALVE",
        "n | max | 1 | [GIT PULL] boiler for 6.4\nVALVE",
        "n | max | 1 | Re: [PATCH] boiler: limit the pressure\n> @@ -1 +1 @@\n> -a\n> +b",
    ] {
        assert!(PostedPatch::read(&Sheet::read(&with_valve(sheet)).mail()).is_none(), "{sheet}");
    }
}

#[test]
fn people_who_run_robots_post_patches_and_pass_on_reports() {
    let patch = "boiler: limit the pressure\nThe valve did not close.\nVALVE";
    let report = "tree: https://git.example/boiler.git master\nhead: 0123456789ab\nIt did not close, perhaps so:\nVALVE";
    let footer = "The valve is odd.\n\n0-DAY CI Kernel Test Service\nVALVE";
    for (sheet, is_post) in [
        (format!("n | fengguang.wu | 1 | [PATCH] {patch}"), true),
        (
            "n | ada | 1 | [PATCH] boiler: x\nWe noticed that it did not close.\ntree: https://x.example\nVALVE".to_owned(),
            true,
        ),
        (format!("n | kbuilder | 1 | [PATCH] {patch}"), true),
        (format!("n | kbuild | 1 | [PATCH 1/2] {patch}"), true),
        (
            format!("n | oliver.sang | 1 | [boiler:master 3/5] valve.c:7: warning: odd\n{report}"),
            false,
        ),
        (format!("n | oliver.sang | 1 | [PATCH] boiler: valve can be static\n{report}"), false),
        (format!("n | rong.a.chen | 1 | [PATCH] boiler: valve can be static\n{footer}"), false),
        (format!("n | build-bot | 1 | [PATCH] {patch}"), false),
    ] {
        let post = PostedPatch::read(&Sheet::read(&with_valve(&sheet)).mail());
        assert_eq!(post.is_some(), is_post, "{sheet}");
    }
}

#[test]
fn an_answer_with_a_patch_is_a_post_when_its_lines_agree() {
    let posts = with_valve("a | ada | 1 | Re: [PATCH] boiler: burst\nPerhaps so:\nVALVE");
    let commit = with_valve("c | ada | 6 | boiler: limit the pressure\nVALVE");
    insta::assert_snapshot!(check(&posts, &commit), @"a patch-id 0.93");
}

#[test]
fn renames_modes_and_binary_files_have_prints_of_their_own() {
    for (change, other) in [
        (
            "@ a/old.c a/new.c\n!similarity index 100%\n!rename from a/old.c\n!rename to a/new.c",
            "!rename to a/other.c",
        ),
        ("@ run.sh\n!old mode 100644\n!new mode 100755", "!new mode 100644"),
        (
            "@ logo.png\n!index 0123456..89abcde 100644\n!Binary files a/logo.png and b/logo.png differ",
            "!index 0123456..9999999 100644",
        ),
    ] {
        let of = |change: &str| Print::of(&diff(&change.lines().collect::<Vec<_>>())).unwrap();
        let key = other.split(' ').next().unwrap();
        let value = change.lines().rfind(|line| line.starts_with(&other[..key.len() + 4])).unwrap();
        let changed = of(&change.replace(value, other));
        assert_ne!(of(change).bare(), changed.bare(), "{change}");
        assert!(!of(change).paths().is_empty());
        let posts = format!("a | ada | 1 | [PATCH] tidy up\n{change}");
        let commit = format!("c | ada | 6 | clean up\n{change}");
        assert!(check(&posts, &commit).starts_with("a patch-id"), "{change}");
    }
}

#[test]
fn a_file_removed_and_added_is_the_rename_that_was_posted() {
    let rename = "@ old/pump.c new/pump.c\n!similarity index 100%\n!rename from old/pump.c\n!rename to new/pump.c";
    let both = "@ new/pump.c\n!new file mode 100644\n+int stroke(void);\n+int strokes;
        @ old/pump.c\n!deleted file mode 100644\n-int stroke(void);\n-int strokes;";
    let posts = format!("a | ada | 1 | [PATCH] pump: move it\n{rename}");
    insta::assert_snapshot!(check(&posts, &format!("c | ada | 6 | tidy up\n{both}")), @"a patch-id 0.90");
    // With an edit on the way.
    let edited = both.replacen("+int strokes;", "+int strokes;\n+int more_strokes;", 1);
    let posts = format!(
        "a | ada | 1 | [PATCH] pump: move it\n{}\n+int more_strokes;",
        rename.replace("100%", "80%")
    );
    insta::assert_snapshot!(check(&posts, &format!("c | ada | 6 | tidy up\n{edited}")), @"a similar 0.85");
}

#[test]
fn line_ends_and_white_space_do_not_matter() {
    let unix = diff(&VALVE.lines().collect::<Vec<_>>());
    let print = Print::of(&unix).unwrap();
    assert_eq!(Print::of(&unix.replace('\n', "\r\n")).unwrap(), print);
    assert_eq!(Print::of(&unix.replace("    ", "\t")).unwrap(), print);
    // Below which folder the diff was made does not matter either.
    let below = unix.replace(" a/", " linux.old/x/").replace(" b/", " linux/x/");
    assert_eq!(Print::of(&below).unwrap().bare(), print.bare());
}

#[test]
fn fifty_thousand_lines_leave_a_small_print_that_is_still_compared() {
    let text = |salt: usize| -> String {
        let line = |n: usize| {
            format!(
                "+static const int value_{n} = {};\n",
                if n.is_multiple_of(10) { salt } else { n }
            )
        };
        format!("@ tables.c\n{}", (0..50_000).map(line).collect::<String>())
    };
    let print = Print::of(&diff(&text(1).lines().collect::<Vec<_>>())).unwrap();
    assert_eq!(print.count(), 50_000);
    assert!(print.to_bytes().len() < 10_000);
    let posts = format!("a | ada | 1 | [PATCH] tables: add\n{}", text(1));
    let commit = format!("c | ada | 6 | all the tables\n{}", text(2));
    insta::assert_snapshot!(check(&posts, &commit), @"a similar 0.81");
}

const NOTICE: &str = "From: \"tip-bot2 for Ada Example\" <tip-bot2@kernel.example>
Subject: [tip: boiler/core] boiler: Limit the pressure
Date: Thu, 06 Apr 2023 10:00:00 -0000
Message-ID: <1.tip-bot2@tip-bot2>
In-Reply-To: <a@x.example>

The following commit has been merged into the boiler/core branch of tip:

Commit-ID:     0123456789abcdef0123456789abcdef01234567
Gitweb:        https://git.kernel.example/tip/0123456789abcdef0123456789abcdef01234567
Author:        Ada Example <ada@kernel.example>
AuthorDate:    Mon, 03 Apr 2023 11:36:07 -06:00
Committer:     Max Example <max@kernel.example>
CommitterDate: Thu, 06 Apr 2023 09:00:00 +02:00

boiler: Limit the pressure

It burst.

Signed-off-by: Ada Example <ada@kernel.example>
Link: https://lore.kernel.org/r/a@x.example
---
 boiler/valve.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

";

#[test]
fn the_notice_of_a_bot_is_a_commit() {
    let raw = NOTICE.to_owned() + &diff(&VALVE.lines().collect::<Vec<_>>());
    let notice = commit_of_notice(&parse(raw.as_bytes(), &Arrival::default())).unwrap();
    let commit = notice.commit;
    insta::assert_snapshot!(format!(
        "{} {}\n{} {}\n{} {}\n{}{} diff",
        notice.branch,
        notice.answers.unwrap(),
        commit.author,
        commit.authored,
        commit.committer,
        commit.committed,
        commit.message,
        commit.diffs.len()
    ), @r"
    boiler/core a@x.example
    Ada Example <ada@kernel.example> 2023-04-03T17:36:07Z
    Max Example <max@kernel.example> 2023-04-06T07:00:00Z
    boiler: Limit the pressure

    It burst.

    Signed-off-by: Ada Example <ada@kernel.example>
    Link: https://lore.kernel.org/r/a@x.example
    1 diff
    ");
    let other = NOTICE.replace("tip-bot2@", "ada@").replace("[tip: boiler/core]", "[PATCH]");
    assert!(commit_of_notice(&parse(other.as_bytes(), &Arrival::default())).is_none());
}

#[test]
fn mails_are_named_in_many_forms() {
    for (line, id) in [
        ("Link: https://lore.kernel.org/r/a%2Fb@x.example/", "a/b@x.example posting"),
        ("Link: https://lkml.kernel.org/r/a@x.example", "a@x.example posting"),
        ("Link: https://patch.msgid.link/a@x.example", "a@x.example posting"),
        ("Link: https://lore.kernel.org/all/a@x.example/T/#u", "a@x.example posting"),
        ("Message-ID: <a@x.example>", "a@x.example posting"),
        ("Link: https://lore.kernel.org/r/a@x.example # the report", "a@x.example mention"),
        ("Closes: https://lore.kernel.org/r/a@x.example", "a@x.example mention"),
        ("See [1] https://marc.info/?i=a@x.example.", "a@x.example mention"),
    ] {
        let seen = Seen::read(&Sheet::read(&format!("c | ada | 1 | title\n{line}")).commit());
        let how =
            |n: &lorecast_tracker::landings::Named| format!("{} {:?}", n.id, n.how).to_lowercase();
        assert_eq!(seen.named.iter().map(how).collect::<Vec<_>>(), [id], "{line}");
    }
}

#[test]
fn a_line_of_many_patches_weighs_little_and_finds_none() {
    let mut index = LineIndex::default();
    (0..100).for_each(|patch| index.insert(patch, &[7, 1_000 + patch]));
    assert_eq!((index.weight(1_000), index.weight(7), index.weight(5)), (64, 5, 64));
    assert_eq!(index.sharing(&[7]), []);
    assert_eq!(index.sharing(&[7, 1_042]), [(42, 64)]);
}

#[test]
fn a_message_that_names_thousands_of_mails_keeps_the_last() {
    let links: String =
        (0..5_000).map(|n| format!("https://lore.kernel.org/r/{n}@x.example ")).collect();
    let seen = Seen::read(&Sheet::read(&format!("c | ada | 1 | title\n{links}")).commit());
    assert_eq!(seen.named.len(), 64);
    assert_eq!(seen.named.last().unwrap().id.as_str(), "4999@x.example");
}

proptest! {
    #[test]
    fn prints_come_back_from_bytes(lines in prop::collection::vec("[+-][a-z ]{0,30}", 1..40), cut in 0usize..60) {
        let lines: Vec<&str> = std::iter::once("@ f.c").chain(lines.iter().map(String::as_str)).collect();
        let print = Print::of(&diff(&lines)).unwrap();
        let bytes = print.to_bytes();
        prop_assert_eq!(Print::from_bytes(&bytes), Some(print));
        let mut damaged = bytes.clone();
        let at = cut % bytes.len();
        damaged[at] ^= 1;
        prop_assert_eq!(Print::from_bytes(&damaged), None);
        prop_assert_eq!(Print::from_bytes(&bytes[..at]), None);
    }

    #[test]
    fn any_text_is_survived(text in "(diff --git a/x b/y|--- a/x|\\+\\+\\+ b/x|@@ -1,9 \\+1,9 @@|[-+ ]é?|\n){0,40}") {
        let _ = Print::of(&text);
        let _ = Print::from_bytes(text.as_bytes());
        let message = parse(format!("From: tip-bot2@x.example\nSubject: [tip: {text}\n\n{text}").as_bytes(), &Arrival::default());
        let _ = (PostedPatch::read(&message), commit_of_notice(&message));
    }

    #[test]
    fn the_order_of_insertion_does_not_matter(picks in prop::collection::vec((0u8..4, 0u8..6, 0u8..8), 1..90)) {
        let sheet = |n: usize, (who, title, lines): (u8, u8, u8)| {
            let who = ["ada", "bob", "cy", "dee"][usize::from(who)];
            let changes: String = (0..=lines).map(|l| format!("\n+    changed_line({l});")).collect();
            format!("m{n} | {who} | {} | [PATCH] boiler: title number {title}\n@ f.c{changes}", title % 3)
        };
        let posts: Vec<String> = picks.iter().enumerate().map(|(n, pick)| sheet(n, *pick)).collect();
        // `check` reads them forwards and backwards.
        check(&posts.join("\n\n"), &sheet(0, picks[0]).replace("[PATCH] ", ""));
    }
}
