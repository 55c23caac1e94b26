//! Series, their revisions, and how two differ.

use insta::assert_snapshot;
use lorecast_testkit::mailbox::{MailText, mail};

use crate::show::Show;

const V1: &str = "1@a.example";
const V2: &str = "2@a.example";

fn patch(id: &str, version: &str, line: &str) -> MailText {
    let diff = "--- a/mm/fold.c\n+++ b/mm/fold.c\n@@ -1,2 +1,3 @@ int fold(void)\n one\n";
    let body = format!(
        "Fold it.\n\nSigned-off-by: Ann Example <ann@a.example>\n---\n{diff}+{line}\n two\n"
    );
    mail(id).subject(&format!("[PATCH{version}] mm: fold it")).body(&body)
}

fn folded() -> Show {
    Show::of(&[
        patch(V1, "", "three"),
        patch(V2, " v2", "four").date("Tue, 11 Apr 2023 12:00:00 +0000"),
        mail("3@b.example")
            .from("Bob <bob@b.example>")
            .subject("Re: [PATCH v2] mm: fold it")
            .date("Wed, 12 Apr 2023 12:00:00 +0000")
            .reply_to(&[V2])
            .body("Reviewed-by: Bob <bob@b.example>\n"),
    ])
}

#[test]
fn a_series_shows_its_revisions() {
    assert_snapshot!(folded().says("/series/1@a.example/"), @r"
    200
    Series by [/2@a.example/writer]Ann Example
    mm: fold it
    under review
    [/series/1@a.example/atom.xml]Feed (Atom)
    [/2@a.example/t/]v2
    2023-04-11 12:00 1 patch under review [/series/2@a.example/interdiff]what changed in the patches
    Who vouches for it
    [/3@b.example/]Reviewed-by: Bob <bob@b.example>
    Patches
    [/2@a.example/]mm: fold it
    [/1@a.example/t/]v1
    2023-04-10 12:00 1 patch superseded
    Patches
    [/1@a.example/]mm: fold it
    ");
}

#[test]
fn revisions_and_trailers_stand_beside_the_thread() {
    let page = folded().says("/2@a.example/t/");
    let beside =
        page.split_once("[/series/").unwrap().1.split_once("mm: fold it").unwrap().0.to_owned();
    assert_snapshot!(beside, @r"
    2@a.example/]Series
    [/1@a.example/t/]v1 2023-04-10 12:00 superseded
    [/2@a.example/t/]v2 2023-04-11 12:00 under review
    Who vouches for it
    2023-04-12 12:00 [/3@b.example/]Reviewed-by by Bob
    [PATCH v2]
    ");
}

#[test]
fn two_revisions_are_compared() {
    assert_snapshot!(folded().says("/series/2@a.example/interdiff"), @r"
    200
    [/series/2@a.example/]Series
    mm: fold it
    What changed from [/1@a.example/t/]v1 to [/2@a.example/t/]v2
    mm: fold it
    patch 1 before patch 1 now changed
    @@ -2,4 +2,4 @@
     @@ int fold(void)
      one
    -+three
    ++four
      two
    ");
    assert_eq!(
        folded().says("/series/2@a.example/interdiff?from=v1"),
        folded().says("/series/2@a.example/interdiff")
    );
}

#[test]
fn what_cannot_be_compared_is_said() {
    let show = folded();
    assert_snapshot!(show.says("/series/1@a.example/interdiff"), @r"
    404
    Nothing here
    There is no such revision before this one.
    [/]The first page
    ");
    assert_snapshot!(show.says("/series/2@a.example/interdiff?from=x"), @r"
    400
    This cannot be read
    `from` is a version: write `2` or `v2`.
    [/]The first page
    ");
    show.ingest(&[mail("9@a.example").subject("no patch")]);
    assert_snapshot!(show.says("/series/9@a.example/"), @r"
    404
    Nothing here
    The mail <9@a.example> belongs to no series of patches. Its thread is at /9@a.example/t/
    [/]The first page
    ");
    assert_snapshot!(show.says("/series/8@nobody.example/"), @r"
    404
    This mail is not here
    None of the archives that this show reads holds a mail <8@nobody.example>.
    Perhaps it is at [https://lore.kernel.org/r/8@nobody.example/]lore.kernel.org.
    [/]The first page
    ");
}

#[test]
fn a_series_can_be_followed() {
    let feed = folded().get("/series/1@a.example/atom.xml").text();
    assert_eq!(feed.matches("<entry>").count(), 2);
    assert!(feed.contains("<title>v2 mm: fold it: under review</title>"), "{feed}");
}

#[test]
fn the_episodes_that_told_of_it_are_named() {
    let show = folded();
    let episode = show.root().join("episodes/2023-04-16");
    std::fs::create_dir_all(&episode).unwrap();
    let told = |state: &str| {
        let window = "window: {from: 2023-04-10, to: 2023-04-16}";
        let text = format!("title: T\n{window}\nstories:\n- id: {V2}\n  state: {state}\n");
        std::fs::write(episode.join("episode.yaml"), text).unwrap();
        show.says("/series/1@a.example/").contains("[/site/episodes/2023-04-16/index.html]")
    };
    assert_eq!([told("proposed"), told("dropped"), told("[half-typed")], [true, false, false]);
}
