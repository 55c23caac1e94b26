//! What stands on the pages that lists lead to.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use lorecast_model::{Glossary, Meaning, MessageId, Section, Term, Version};
use lorecast_publisher::{Happening, RevisionStory, SeriesStory};
use tiny::Tiny;

/// What a page of a tiny show says, as text: a line for each piece, links with where they lead.
fn said(tiny: &Tiny, path: &str) -> String {
    let html = tiny.published(path);
    let main = html.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap();
    let main = main.split_once('>').unwrap().1;
    let mut text = String::new();
    for piece in main.split('<') {
        let (tag, words) = piece.split_once('>').unwrap_or(("", piece));
        if let Some(href) = tag.strip_prefix("a ").and_then(|tag| tag.split("href=\"").nth(1)) {
            text.push_str(&format!("[{}] ", href.split('"').next().unwrap()));
        }
        text.push_str(&words.replace('\n', " "));
        let block = ["/p", "/h1", "/h2", "/h3", "/li", "/dt", "/dd", "/label"];
        if block.contains(&tag) {
            text.push('\n');
        }
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The series of which the tiny show tells.
fn series() -> SeriesStory {
    let id = |text: &str| MessageId::new(text).unwrap();
    let revision = |major, state: &str, day: &str| RevisionStory {
        version: Version { major, minor: 0 },
        rfc: major == 1,
        resend: false,
        date: format!("2023-04-{day}T10:00:00Z").parse().unwrap(),
        root: id(&format!("v{major}@b.example")),
        patches: major,
        state: state.into(),
        happenings: Vec::new(),
        changes: Vec::new(),
        trailers: Vec::new(),
        covered: Vec::new(),
    };
    let mut last = revision(2, "landed in v9.4-rc1", "12");
    last.happenings = vec![Happening {
        date: last.date,
        text: "Applied to io by Bo <b> bo@b.example".into(),
        message: Some(id("took@b.example")),
    }];
    last.changes = vec!["The ring turns\n left.".into()];
    last.trailers = vec!["Reviewed-by: Bo".into()];
    last.covered = vec!["2023-04-16".parse().unwrap()];
    SeriesStory {
        messages: vec![id("a@b.example"), id("v2@b.example")],
        title: "rings: turn".into(),
        author: "Ann".into(),
        revisions: vec![revision(1, "superseded", "10"), last],
    }
}

#[test]
fn a_series_with_its_revisions_the_latest_first() {
    let mut tiny = Tiny::new();
    tiny.series = vec![series()];
    let link = "../../series/ebb18a030bf1/index.html";
    assert!(tiny.published("episodes/2023-04-16/index.html").contains(link));
    insta::assert_snapshot!(said(&tiny, "series/ebb18a030bf1/index.html"), @r"
    Series by Ann
    rings: turn
    landed in v9.4-rc1
    [atom.xml] Follow
    [https://lore.kernel.org/r/v2%40b.example/] v2
    12 April 2023 2 patches landed in v9.4-rc1
    Told in [../../episodes/2023-04-16/index.html] Rings &amp; queues
    What changed
    The ring turns left.
    What happened
    12 April 2023 [https://lore.kernel.org/r/took%40b.example/] Applied to io by Bo &lt;b&gt; bo@…
    Who vouches for it
    Reviewed-by: Bo
    [https://lore.kernel.org/r/v1%40b.example/] RFC v1
    10 April 2023 1 patch superseded
    ");
}

#[test]
fn a_series_that_no_published_episode_told_has_no_page() {
    let mut tiny = Tiny::new();
    tiny.series = vec![series()];
    tiny.releases.pop();
    let written = tiny.publish().unwrap();
    assert!(!written.iter().any(|file| file.path.starts_with("series")));
}

#[test]
fn the_archive_has_all_episodes_and_the_first_page_the_latest() {
    let mut tiny = Tiny::new();
    for month in 1..=10 {
        tiny.add(&format!("2024-{month:02}-07"), &format!("Episode of month {month}"), "Hello.\n");
    }
    let first = tiny.published("index.html");
    assert_eq!(first.matches("<article>").count(), 10);
    assert!(first.contains("month 10") && !first.contains("First mails"), "{first}");
    let archive = said(&tiny, "archive/index.html");
    let short: Vec<&str> = archive.lines().filter(|line| !line.contains("of month")).collect();
    insta::assert_snapshot!(short.join("\n"), @r"
    All episodes
    [#y2024] 2024 [#y2023] 2023
    Search titles, notes and what is said
    Search
    2024
    2023
    [../episodes/2023-04-16/index.html] Rings &amp; queues Episode 2 · 17 April 2023 · 1:30
    [../episodes/2023-04-09/index.html] First mails Episode 1 · 10 April 2023 · 1:30
    By subsystem
    [../sections/io/index.html] io 12
    ");
}

#[test]
fn a_section_has_its_stories_by_episode() {
    let mut tiny = Tiny::new();
    tiny.sections = vec![Section::named("io", "I/O & rings")];
    tiny.releases[0].episode.stories[0].section = "a / section".into();
    insta::assert_snapshot!(said(&tiny, "sections/io/index.html"), @r"
    [../../archive/index.html#sections] Subsystems
    I/O &amp; rings
    [atom.xml] Follow
    [../../episodes/2023-04-16/index.html] Rings &amp; queues
    17 April 2023
    [https://lore.kernel.org/r/a%40b.example/] rings: turn
    ");
    assert!(tiny.published("episodes/2023-04-09/index.html").contains("<dt>a / section</dt>"));
}

#[test]
fn the_glossary_has_what_is_spelt_out() {
    let mut tiny = Tiny::new();
    assert!(!tiny.published("index.html").contains("glossary"));
    let term = |expansion: &str| Term { expansion: expansion.into(), ..Term::default() };
    let meaning = |expansion: &str, near: &[&str]| Meaning {
        expansion: expansion.into(),
        near: near.iter().map(|word| (*word).to_owned()).collect(),
    };
    let numa = Term {
        spoken: Some("numa".into()),
        also: vec![meaning("Nobody's Usual Meaning", &["joke"]), meaning("Non Uniform …", &[])],
        ..term("Non-Uniform Memory Access")
    };
    let terms = [("NUMA", numa), ("aio", term("Asynchronous <I/O>")), ("USB", term(""))];
    tiny.glossary = Glossary(terms.map(|(acronym, term)| (acronym.to_owned(), term)).into());
    insta::assert_snapshot!(said(&tiny, "glossary/index.html"), @r"
    Glossary
    What the acronyms in this show stand for.
    aio
    Asynchronous &lt;I/O&gt;
    NUMA
    Non-Uniform Memory Access; or Nobody&#39;s Usual Meaning say “numa”
    ");
}

#[test]
fn subscribing_and_what_the_show_says_of_itself() {
    let mut tiny = Tiny::new();
    tiny.show.subscribe.apple = Some("https://podcasts.apple.com/podcast/id1".into());
    tiny.show.about = Some("We *read*. <script>alert(1)</script>".into());
    insta::assert_snapshot!(said(&tiny, "subscribe/index.html"), @r"
    Subscribe
    Tiny Show is free and works in every podcast app.
    In an app
    [podcast://pod.example/show/feed.xml] Your podcast app
    [https://podcasts.apple.com/podcast/id1] Apple Podcasts
    [https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Fpod.example%2Fshow%2Ffeed.xml] AntennaPod
    In any other
    Copy the address of the feed and give it to the app, under “add by URL”, “add by RSS” or the like.
    [../feed.xml] https://pod.example/show/feed.xml Copy
    ");
    let about = tiny.published("about/index.html");
    assert!(about.contains("We <em>read</em>.") && !about.contains("<script>alert"), "{about}");
    tiny.show.about = Some("> ".repeat(500));
    let error = tiny.publish().unwrap_err().to_string();
    assert_eq!(error, "`about` in `show.yaml` is nested too deeply; shorten or flatten it");
}

#[test]
fn words_lead_to_episodes_and_seconds() {
    let mut tiny = Tiny::new();
    tiny.releases[1].transcript = Some(tiny::transcript().into());
    insta::assert_snapshot!(tiny.published("search/index.js"), @r#"lorecast.index({"episodes":[["episodes/2023-04-09/","First mails","10 April 2023"],["episodes/2023-04-16/","Rings & queues","17 April 2023"]],"files":[""]});"#);
    insta::assert_snapshot!(tiny.published("search/w-.js").replace(',', ",\n"), @r#"
    lorecast.words({"and":"1",
    "ann":"1.c",
    "development":"1",
    "edition":"1",
    "first":"0",
    "hello":"0",
    "in":"1",
    "io_uring":"1",
    "is":"1.c",
    "it":"1.c",
    "learned":"1",
    "mails":"0",
    "nothing":"1",
    "ongoing":"1",
    "queues":"1",
    "ring":"1.c",
    "rings":"0 1",
    "says":"1.c",
    "see":"1",
    "the":"1",
    "this":"1",
    "thread":"1",
    "turn":"0 1",
    "week":"1"});
    "#);
}

#[test]
fn a_series_and_a_section_can_be_followed() {
    let mut tiny = Tiny::new();
    tiny.series = vec![series()];
    insta::assert_snapshot!(tiny.published("series/ebb18a030bf1/atom.xml"), @r#"
    <?xml version="1.0"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
      <title>rings: turn · Tiny Show</title>
      <id>https://pod.example/show/series/ebb18a030bf1/atom.xml</id>
      <updated>2023-04-12T10:00:00+00:00</updated>
      <author>
        <name>Ada Example</name>
      </author>
      <link href="https://pod.example/show/series/ebb18a030bf1/atom.xml" rel="self" type="application/atom+xml"/>
      <link href="https://pod.example/show/series/ebb18a030bf1/" rel="alternate" type="text/html"/>
      <entry>
        <title>v2: Applied to io by Bo &lt;b&gt; bo@…</title>
        <id>https://pod.example/show/series/ebb18a030bf1/#41737a523924</id>
        <updated>2023-04-12T10:00:00+00:00</updated>
        <link href="https://lore.kernel.org/r/took%40b.example/" rel="alternate"/>
      </entry>
      <entry>
        <title>v2: rings: turn</title>
        <id>https://pod.example/show/series/ebb18a030bf1/#v2-2023-04-12T10:00:00Z</id>
        <updated>2023-04-12T10:00:00+00:00</updated>
        <link href="https://lore.kernel.org/r/v2%40b.example/" rel="alternate"/>
        <content type="html">&lt;ul&gt;&lt;li&gt;The ring turns left.&lt;/li&gt;&lt;/ul&gt;</content>
      </entry>
      <entry>
        <title>RFC v1: rings: turn</title>
        <id>https://pod.example/show/series/ebb18a030bf1/#RFC-v1-2023-04-10T10:00:00Z</id>
        <updated>2023-04-10T10:00:00+00:00</updated>
        <link href="https://lore.kernel.org/r/v1%40b.example/" rel="alternate"/>
      </entry>
    </feed>
    "#);
    insta::assert_snapshot!(tiny.published("sections/io/atom.xml"), @r#"
    <?xml version="1.0"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
      <title>io · Tiny Show</title>
      <id>https://pod.example/show/sections/io/atom.xml</id>
      <updated>2023-04-17T18:00:00+00:00</updated>
      <author>
        <name>Ada Example</name>
      </author>
      <link href="https://pod.example/show/sections/io/atom.xml" rel="self" type="application/atom+xml"/>
      <link href="https://pod.example/show/sections/io/" rel="alternate" type="text/html"/>
      <entry>
        <title>Rings &amp; queues</title>
        <id>https://pod.example/show/sections/io/#2023-04-17T18:00:00Z</id>
        <updated>2023-04-17T18:00:00+00:00</updated>
        <link href="https://pod.example/show/episodes/2023-04-16/" rel="alternate"/>
        <content type="html">&lt;ul&gt;&lt;li&gt;&lt;a href=&quot;https://lore.kernel.org/r/a%40b.example/&quot;&gt;rings: turn&lt;/a&gt;&lt;/li&gt;&lt;/ul&gt;</content>
      </entry>
      <entry>
        <title>First mails</title>
        <id>https://pod.example/show/sections/io/#2023-04-10T18:00:00Z</id>
        <updated>2023-04-10T18:00:00+00:00</updated>
        <link href="https://pod.example/show/episodes/2023-04-09/" rel="alternate"/>
        <content type="html">&lt;ul&gt;&lt;li&gt;&lt;a href=&quot;https://lore.kernel.org/r/a%40b.example/&quot;&gt;rings: turn&lt;/a&gt;&lt;/li&gt;&lt;/ul&gt;</content>
      </entry>
    </feed>
    "#);
    let page = tiny.published("sections/io/index.html");
    assert!(page.contains("<link rel=\"alternate\" type=\"application/atom+xml\""), "{page}");
}
