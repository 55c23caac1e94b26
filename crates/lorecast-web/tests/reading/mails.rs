//! Threads and single mails.

use insta::assert_snapshot;
use lorecast_testkit::mailbox::{MailText, mail};

use crate::show::Show;

fn talk() -> Show {
    let question = "Hi Bob,\n\nwhy is it folded? See https://lore.kernel.org/r/2@b.example/ or\nhttps://a.example/fold.\n";
    let answer = "Ann wrote:\n> why is it folded?\n\nBecause it is long.\n-- \nBob\n";
    Show::of(&[
        mail("1@a.example").subject("Folding").list("fold.example").body(question),
        mail("2@b.example")
            .from("Bob <bob@b.example>")
            .date("Mon, 10 Apr 2023 13:00:00 +0000")
            .subject("Re: Folding")
            .reply_to(&["1@a.example"])
            .body(answer),
        mail("4@c.example")
            .from("Cy <cy@c.example>")
            .date("Mon, 10 Apr 2023 14:00:00 +0000")
            .subject("Re: Unfolding (was: Folding)")
            .reply_to(&["1@a.example", "3@gone.example"])
            .body("No.\n"),
    ])
}

#[test]
fn a_thread_is_a_tree_and_its_mails() {
    assert_snapshot!(talk().says("/2@b.example/t/"), @r"
    200
    Folding
    3 mails 3 people 2023-04-10 12:00 to 2023-04-10 14:00
    fold.example
    [/1@a.example/t.mbox.gz]Download (mbox.gz) [/1@a.example/t.atom]Feed (Atom) [/stories/1@a.example/]As a story
    Tree of the thread
    [#m1@a.example]Ann Example 2023-04-10 12:00 Folding
    [#m2@b.example]Bob 2023-04-10 13:00
    [#m4@c.example]Cy 2023-04-10 14:00 Re: Unfolding (was: Folding)
    Folding
    [/1@a.example/writer]Ann Example 2023-04-10 12:00 [/1@a.example/]alone [/1@a.example/raw]raw
    Hi Bob,
    why is it folded? See [/2@b.example/]https://lore.kernel.org/r/2@b.example/ or
    [https://a.example/fold]https://a.example/fold.
    Mail of Bob
    [/2@b.example/writer]Bob 2023-04-10 13:00 to [#m1@a.example]Ann Example [/2@b.example/]alone [/2@b.example/raw]raw
    Ann wrote:
    > why is it folded?
    Because it is long.
    --
    Bob
    Re: Unfolding (was: Folding)
    [/4@c.example/writer]Cy 2023-04-10 14:00 to [#m1@a.example]Ann Example [/4@c.example/]alone [/4@c.example/raw]raw
    No.
    ");
}

/// Pages of threads are kept: until mail comes, and without what people do.
#[test]
fn a_thread_is_as_new_as_its_mail() {
    let show = Show::of(&[mail("1@a.example").subject("Folding").body("Why?\n")]);
    let mails = |path: &str| show.get(path).text().matches("<article").count();
    assert_eq!([mails("/1@a.example/t/"), mails("/1@a.example/t/")], [1, 1]);
    show.ingest(&[
        mail("1@a.example").subject("Folding").body("Why?\n"),
        mail("2@a.example").reply_to(&["1@a.example"]).body("Because.\n"),
    ]);
    assert_eq!(mails("/1@a.example/t/"), 2);
    // One page is kept for both.
    assert_eq!(show.get("/2@a.example/t/").text(), show.get("/1@a.example/t/").text());
    assert_eq!(show.says("/1@a.example/t/?page=2").lines().next(), Some("400"));
}

#[test]
fn links_elsewhere_do_not_vouch_for_it() {
    let page = talk().get("/1@a.example/").text();
    assert!(page.contains("<a href=\"https://a.example/fold\" rel=\"noreferrer nofollow ugc\">"));
    assert!(page.contains("<a href=\"/2@b.example/\">https://lore.kernel.org/r/2@b.example/</a>"));
}

#[test]
fn a_mail_stands_in_its_thread() {
    assert_snapshot!(talk().says("/2@b.example/"), @r"
    200
    Re: Folding
    [/1@a.example/t/]Thread of 3 mails [/1@a.example/]Mail before [/4@c.example/]Mail after [/2@b.example/raw]Raw [https://lore.kernel.org/r/2@b.example/]At lore
    From[/2@b.example/writer]Bob <bob@b.example>
    Date2023-04-10 13:00 UTC
    Tolist@vger.example
    Message-ID2@b.example
    Ann wrote:
    > why is it folded?
    Because it is long.
    --
    Bob
    In the thread
    [/1@a.example/]Ann Example 2023-04-10 12:00 Folding
    [/2@b.example/]Bob 2023-04-10 13:00
    [/4@c.example/]Cy 2023-04-10 14:00 Re: Unfolding (was: Folding)
    ");
}

#[test]
fn the_newest_threads_come_first() {
    let show = talk();
    show.ingest(&[mail("5@a.example").subject("Later").date("Tue, 11 Apr 2023 12:00:00 +0000")]);
    assert_snapshot!(show.says("/"), @r"
    200
    Latest threads
    [/5@a.example/t/]Later
    1 mail 2023-04-11 12:00
    [/1@a.example/t/]Folding
    3 mails 3 people 2023-04-10 14:00
    ");
}

#[test]
fn addresses_of_lore_lead_on() {
    let show = talk();
    let to = |path: &str| {
        let answer = show.get(path);
        format!("{} {}", answer.status.as_u16(), answer.header("location"))
    };
    assert_snapshot!(to("/2@b.example"), @r"
    308 /2@b.example/
    ");
    assert_snapshot!(to("/2@b.example/T/"), @r"
    308 /2@b.example/t/
    ");
    assert_snapshot!(to("/a%2Fb@x/t"), @r"
    308 /a%2Fb@x/t/
    ");
}

#[test]
fn what_is_not_there_is_said() {
    let show = talk();
    assert_snapshot!(show.says("/9@nowhere.example/"), @r"
    404
    This mail is not here
    None of the archives that this show reads holds a mail <9@nowhere.example>.
    Perhaps it is at [https://lore.kernel.org/r/9@nowhere.example/]lore.kernel.org.
    [/]The first page
    ");
    assert_snapshot!(show.says("/3@gone.example/"), @r"
    404
    This mail is not here
    None of the archives that this show reads holds a mail <3@gone.example>.
    Perhaps it is at [https://lore.kernel.org/r/3@gone.example/]lore.kernel.org.
    [/]The first page
    ");
    assert_snapshot!(show.says("/nothing/to/see"), @r"
    404
    Nothing here
    There is no page at this address.
    [/]The first page
    ");
    assert_snapshot!(show.says("/1@a.example/t/?page=2"), @r"
    400
    This cannot be read
    This thread has no such page.
    [/]The first page
    ");
    assert_snapshot!(show.says("/1@a.example/t/?page=x"), @r"
    400
    This cannot be read
    There is no such page: write a number from 1 to 1000.
    [/]The first page
    ");
    assert_snapshot!(show.says("/no-mail/"), @r"
    404
    Nothing here
    There is no page at this address, and no mail is called <no-mail>.
    [/]The first page
    ");
    assert_snapshot!(show.says("/%FF/"), @r"
    404
    Nothing here
    There is no page at this address.
    [/]The first page
    ");
    assert_snapshot!(Show::empty().says("/"), @r"
    503
    Nothing to read yet
    No mail was read into this show: run `lorecast sync` or `lorecast ingest`.
    [/]The first page
    ");
}

#[test]
fn raw_mail_is_as_it_came() {
    let show = talk();
    let answer = show.get("/4@c.example/raw");
    assert!(answer.text().starts_with("From: Cy <cy@c.example>\nTo: list@vger.example\n"));
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "inline; filename=\"4@c.example.eml\"");
}

#[test]
fn a_thread_comes_as_an_mbox() {
    let from = "From me\n>From you\nFro\n";
    let show =
        Show::of(&[mail("1@a.example").body(from), mail("2@a.example").reply_to(&["1@a.example"])]);
    let answer = show.get("/2@a.example/t.mbox.gz");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"1@a.example.mbox.gz\""
    );
    let mut mbox = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*answer.body), &mut mbox)
        .unwrap();
    let lines: Vec<&str> =
        mbox.lines().filter(|line| line.contains("From ") || line.contains("-ID")).collect();
    assert_snapshot!(lines.join("\n"), @r"
    From mboxrd@z Thu Jan  1 00:00:00 1970
    Message-ID: <1@a.example>
    >From me
    >>From you
    From mboxrd@z Thu Jan  1 00:00:00 1970
    Message-ID: <2@a.example>
    ");
}

#[test]
fn a_long_thread_has_pages() {
    let mut mails: Vec<MailText> = vec![mail("0@a.example").subject("Long")];
    mails.extend(
        (1..250).map(|n| {
            mail(&format!("{n}@a.example")).reply_to(&["0@a.example"]).subject("Re: Long")
        }),
    );
    let show = Show::of(&mails);
    let page = show.get("/0@a.example/t/?page=2").text();
    assert_eq!(page.matches("<article").count(), 100);
    assert!(page.contains("<link rel=\"prev\" href=\"/0@a.example/t/?page=1\">"));
    assert!(page.contains("<link rel=\"next\" href=\"/0@a.example/t/?page=3\">"));
    assert!(page.contains("Page 2 of 3"));
    assert_eq!(show.get("/0@a.example/t/?page=3").text().matches("<article").count(), 50);
}

#[test]
fn a_long_mail_is_cut_and_its_raw_mail_is_whole() {
    let line = "All work and no play makes a long mail.\n";
    let show = Show::of(&[mail("1@a.example").body(&line.repeat(100_000))]);
    let (page, alone) = (show.get("/1@a.example/t/"), show.get("/1@a.example/"));
    assert!(page.body.len() < 210 << 10, "{}", page.body.len());
    assert!(alone.body.len() < 1100 << 10, "{}", alone.body.len());
    assert!(page.words().ends_with("The rest is left out here, because it is long: [/1@a.example/raw]the raw mail has all of it."));
    assert!(show.get("/1@a.example/raw").body.len() > 4_000_000);
}

#[test]
fn mails_of_one_id_are_both_shown() {
    let show =
        Show::of(&[mail("1@a.example").body("One.\n"), mail("1@a.example").body("Other.\n")]);
    let (thread, alone) = (show.says("/1@a.example/t/"), show.says("/1@a.example/"));
    assert!(thread.contains("One.") && thread.contains("Other."), "{thread}");
    assert!(alone.contains("One.") && alone.contains("Other."), "{alone}");
}
