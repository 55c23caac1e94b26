//! Notes in, what is read aloud out.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::collections::BTreeMap;

use insta::assert_snapshot;
use lorecast_drafter::{
    Origin, Pace, Reading, Script, Speech, pace, page, plain_text, readings, script, speak, timings,
};
use lorecast_model::{
    Chapter, Enclosure, Glossary, Lufs, Master, Numbers, Person, Quotes, Seconds, Templates, Term,
    Voice,
};
use proptest::prelude::*;

fn glossary(terms: &[(&str, Option<&str>)]) -> Glossary {
    let term = |spoken: Option<&str>| Term {
        expansion: "Some Thing".to_owned(),
        spoken: spoken.map(str::to_owned),
        ..Term::default()
    };
    Glossary(terms.iter().map(|(name, spoken)| ((*name).to_owned(), term(*spoken))).collect())
}

fn person(name: &str, say: &str) -> Person {
    Person { name: name.to_owned(), say: Some(say.to_owned()), ..Person::default() }
}

fn said(text: &str, voice: &Voice) -> String {
    let glossary =
        glossary(&[("NUMA", Some("NOO-mah")), ("SMP", None), ("I2C", Some("I squared C"))]);
    speak(text, Speech { voice, glossary: &glossary })
}

/// What is said of a text, on the next line.
#[track_caller]
fn check(cases: &str) {
    let lines: Vec<&str> = cases.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    for case in lines.chunks(2) {
        expected.extend(case.iter().map(|line| (*line).to_owned()));
        found.extend([case[0].to_owned(), said(case[0], &Voice::default())]);
    }
    similar(&expected, &found);
}

/// Shows every case that is said otherwise at once.
#[track_caller]
fn similar(expected: &[String], found: &[String]) {
    let wrong = expected.iter().zip(found).filter(|(expected, found)| expected != found);
    let wrong: Vec<String> = wrong.map(|(e, f)| format!("expected {e}\n   found {f}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn releases_and_versions_are_said() {
    check(
        "
        Linux 4.11-rc8 is out
        Linux four point eleven R C eight is out
        v6.4 and v6.4-rc1
        version six point four and version six point four R C one
        Linux 6.3.1, 5.15.107 and 4.4.64
        Linux six point three point one, five point fifteen point one oh seven and four point four point sixty-four
        5.15.107-rt62
        Five point fifteen point one oh seven R T sixty-two
        the 6.1.y branch
        the six point one point Y branch
        version 3 of it, then v4
        version three of it, then version four
        version v4
        version four
        rc7 is smaller
        R C seven is smaller
        Git v2.40.0-rc2
        Git version two point forty point zero R C two
        GCC 12.2 and Python 3.11
        GCC twelve point two and Python three point eleven
        since 6.2+
        since six point two plus
        linux-6.4 fails
        linux six point four fails
        CVE-2023-1281 is fixed
        CVE twenty twenty-three, one two eight one is fixed
        v6.4’s new calls
        version six point four’s new calls
        cgroup v2
        cgroup version two
        ",
    );
}

#[test]
fn numbers_are_said_with_what_they_count() {
    check(
        "
        25% faster, 0.75% slower
        Twenty-five percent faster, zero point seven five percent slower
        10,000 mails and 1234567 lines
        Ten thousand mails and one million two hundred thirty-four thousand five hundred sixty-seven lines
        2.5x faster, 3x the size
        Two point five times faster, three times the size
        took 18.25 seconds
        took eighteen point two five seconds
        32TB of it, or 32 TB
        Thirty-two terabytes of it, or thirty-two terabytes
        a 2 MiB folio of 4KiB pages
        a two mebibyte folio of four kibibytes pages
        1 GiB
        One gibibyte
        64-bit and 48-bit
        Sixty-four-bit and forty-eight-bit
        a 15-part series
        a fifteen-part series
        4K pages, 10G links
        Four K pages, ten G links
        5ms, 20us and 3 ns
        Five milliseconds, twenty microseconds and three nanoseconds
        2.4GHz at 6 GT/s
        Two point four gigahertz at six gigatransfers per second
        -5 to +3
        minus five to plus three
        ~100 or <10 or >=3
        about one hundred or less than ten or at least three
        10-20 patches, 3–5%
        Ten to twenty patches, three to five percent
        patch 3/7 (01/16)
        patch three of seven (one of sixteen)
        a 4x4 matrix at 10:30
        a four by four matrix at ten thirty
        2:1
        Two to one
        the 2nd and 21st
        the second and twenty-first
        $5 in the 1990s
        five dollars in the nineteen nineties
        #1 of 007 at 60fps
        number one of zero zero seven at sixty frames per second
        since 2008, in 2023
        since two thousand eight, in twenty twenty-three
        in 2048 pages
        in two thousand forty-eight pages
        ",
    );
}

#[test]
fn days_are_said() {
    check(
        "
        on 2023-04-16.
        on April sixteenth, twenty twenty-three.
        on 9 April and 3rd May 2024
        on April ninth and May third, twenty twenty-four
        April 11, 2023 was
        April eleventh, twenty twenty-three was
        next-20230411
        next April eleventh, twenty twenty-three
        on 2023/04/16, not 2023-13-45
        on April sixteenth, twenty twenty-three, not twenty twenty-three thirteen forty-five
        may 5 people
        may five people
        ",
    );
}

#[test]
fn code_is_said() {
    check(
        "
        mmap() and read(2)
        mmap and read two
        io_uring and __alloc_pages()
        io uring and alloc pages
        mm/slab.c, /dev/mem
        mm slash slab dot c, dev mem
        CONFIG_FOO and CONFIG_NUMA and CONFIG_SMP
        config foo and config NUMA and config SMP
        MADV_DORMANT
        madv dormant
        x86/hyperv: fix
        x eighty-six hyperv: fix
        x86_64, arm64 and s390
        x eighty-six sixty-four, arm sixty-four and s three ninety
        ma35d1 and RTL8188
        ma thirty-five d one and RTL eighty-one eighty-eight
        I2C and IPv6
        I2C and IPv six
        page->flags and std::vec
        page arrow flags and std vec
        C++ or foo.bar
        C plus plus or foo dot bar
        at 0xffff and 0xffffffff81000000
        at hex F F F F and a long hex number
        --force or -O2
        dash dash force or dash O two
        commit 1da87a3fcc3f (“mm: fix”)
        commit (“mm: fix”)
        nuvoton,ma35d1
        nuvoton, ma thirty-five d one
        kmalloc_* and *bold*
        kmalloc star and bold
        on kernel.org
        on kernel dot org
        <asm/io.h>
        asm slash io dot h
        a file(s)
        a files
        woke[n], exist(ed) and PCI(e)
        woken, existed and PCIe
        (co-)maintained by 18(!) real- and sub-1MB
        co-maintained by eighteen! real- and sub one megabyte
        AES-128-CBC and ->getattr() of Acme(R)
        AES one twenty-eight CBC and arrow getattr of Acme
        read/write and and/or
        read write and and or
        GFP_KERNEL|__GFP_ZERO
        GFP kernel or GFP zero
        ",
    );
}

#[test]
fn signs_and_short_forms_are_said() {
    check(
        "
        e.g. this, i.e. that, etc.
        For example this, that is that, et cetera.
        fast (e.g., with a cache)
        fast (for example, with a cache)
        w/ and w/o it vs. that
        with and without it versus that
        A & B + C = D
        A and B plus C equals D
        a -> b => c
        a arrow b arrow c
        this - and that
        this – and that
        yes / no
        yes or no
        IIRC it works, FWIW
        if I remember correctly it works, for what it's worth
        see https://kernel.example/a?b=1.
        see the link in the show notes.
        fixed (https://kernel.example/x), then
        fixed, then
        by ann@a.example today
        by ann at a dot example today
        mail <ann@a.example>.
        mail.
        thanks 🙂 all
        thanks all
        “It works […] well”
        “It works well”
        it (etc.). And ===== so
        it (et cetera). And so
        the VMA [Virtual Memory Area] of [the] A_B - 4
        the VMA (Virtual Memory Area) of the A B minus four
        on the “” website <-> home
        on the website to home
        “[the compilers] work...”
        “the compilers work…”
        ",
    );
}

#[test]
fn a_voice_may_keep_digits_and_say_quotes() {
    let voice = Voice { numbers: Numbers::Digits, quotes: Quotes::Spoken, ..Voice::default() };
    assert_snapshot!(said("Linux 4.11-rc8, v6.4 of 2023-04-16 is “25% faster” on x86, w/ 32TB", &voice),
        @"Linux 4.11 RC 8, version 6.4 of April 16, 2023 is quote 25 percent faster end quote on x86, with 32 terabytes");
}

fn script_of(notes: &str) -> String {
    let glossary = glossary(&[("NUMA", Some("NOO-mah")), ("SQL", Some("sequel"))]);
    let people = [person("Ann B. Example", "AN ig-ZAM-pul"), person("Ann", "AN")];
    script(notes, &people, Speech { voice: &Voice::default(), glossary: &glossary })
}

#[test]
fn notes_become_a_script() {
    assert_snapshot!(script_of("
# My Show for 2023-04-16

Ann B. Example’s [“NUMA-X’s: *fold* it”](https://a.example/1) is **good**. Ann says `mmap()` is [here](https://a.example/2)! NUMA-2 again.

## Linux 6.3-rc7

| a | b |
|---|---|
| 1 | 2 |

- one thing
- another, with SQL

1. first
2. second

```
code();
```

> quoted ~~gone~~ <b>text</b> ![picture](x.png)

<script>alert(1)</script>

---
2023 was long\\*. <!-- a comment -->
"), @r"
    # My Show for 2023-04-16

    Ann B. Example’s [AN ig-ZAM-pul] “NUMA-X’s [NOO-mah]: fold it” is good.
    Ann [AN] says mmap is here!
    NUMA two again.

    ## Linux 6.3-rc7

    You will find a table in the show notes.

    One thing.
    Another, with SQL [sequel].

    One: First.
    Two: Second.

    You will find some code in the show notes.

    quoted text

    Twenty twenty-three was long.
    ");
}

#[test]
fn no_sentence_turns_into_a_list() {
    let voice = Voice { numbers: Numbers::Digits, ..Voice::default() };
    let glossary = Glossary::default();
    let speech = Speech { voice: &voice, glossary: &glossary };
    assert_eq!(script(":-<²", &[], speech), "\\- ²\n");
    assert_eq!(script("2023\\. It was long.", &[], speech), "2023\\.\nIt was long.\n");
}

#[test]
fn a_script_is_read_as_people_left_it() {
    let script = Script::read(
        "# T\n\nAnn [AN], said\n*this* and [that](x).\n\n## Two [TOO]\n\nMore.\n\n### Three\n\n- a\n- b\n",
    );
    let runs: Vec<String> =
        script.sections.iter().flat_map(|s| &s.paragraphs).map(|p| format!("{:?}", p.0)).collect();
    assert_snapshot!(runs.join("\n"), @r#"
    [Words("Ann"), Hint("AN"), Words(", said "), Stressed("this"), Words(" and that.")]
    [Words("More.")]
    [Words("A. B.")]
    "#);
    assert_eq!(script.words(), 8);
    let names = ["Ann".to_owned(), "Bob".to_owned()];
    assert_eq!(script.unspoken(&names, &[]).len(), 1);
    assert_eq!(script.unspoken(&names, &[person("Ann", "AN")]), []);
}

#[test]
fn names_without_a_spoken_form_are_found() {
    let script = Script::read(
        "# T\n\nAnn Lee Example and Ann Lee met Bo Ek, Bo Ek and Jan van der Test. Jan Said it. Will Always win.\n",
    );
    let known =
        ["Ann Lee", "Ann Lee Example", "Bo Ek", "Jan A", "Jan B", "Jan C", "Will X", "Cy Cy"];
    let known = known.map(str::to_owned);
    let found = script.unspoken(&known, &[person("Ann Lee Example", "AN")]);
    let found: Vec<String> = found.iter().map(|u| format!("{} {}", u.times, u.name)).collect();
    assert_snapshot!(found.join(", "), @"2 Bo Ek, 1 Ann Lee, 1 Jan Said, 1 Jan van der Test");
}

#[test]
fn sections_take_as_long_as_the_whole() {
    let script = Script::read(&format!(
        "# T\n\n{}\n\n## A\n\n{}\n\n### B\n\n{}\n\n## C\n\n{}\n",
        words(40),
        words(100),
        words(60),
        words(70)
    ));
    let pace = pace(&Voice { words_per_minute: Some(0.0), ..Voice::default() }, &[]);
    let timed = timings(&script, &pace);
    let top: f64 = timed.iter().filter(|t| t.level < 3).map(|t| t.minutes).sum();
    assert!((top - pace.minutes(script.words())).abs() < 1e-9);
    assert_eq!(timed.iter().map(|t| t.words).collect::<Vec<_>>(), [40, 160, 60, 70]);
}

fn words(number: usize) -> String {
    "word ".repeat(number)
}

fn master(chapters: &[(f64, &str)], length: f64) -> Master {
    let chapters = chapters.iter().map(|(start, title)| Chapter {
        start: Seconds(*start),
        title: (*title).to_owned(),
        link: None,
    });
    Master {
        length: Seconds(length),
        sample_rate: 44_100,
        channels: 1,
        loudness: Lufs(-19.0),
        true_peak: lorecast_model::Dbtp(-1.0),
        chapters: chapters.collect(),
        alternatives: Vec::new(),
        synthetic: Vec::new(),
        effects: Vec::new(),
        enclosure: Enclosure { file: "a.mp3".into(), bytes: 1, media_type: "audio/mpeg".into() },
    }
}

#[test]
fn chapters_tell_the_pace() {
    let text = format!(
        "# Show\n\n{}\n\n## Pull Requests\n\n{}\n\n## Some topic\n\n{}\n\n## Follow-ups\n\n{}\n",
        words(40),
        words(100),
        words(60),
        words(70)
    );
    let chapters = [
        (0.0, "In this edition"),
        (21.0, "Pull requests"),
        (60.0, "Topics"),
        (101.0, "Follow-ups"),
    ];
    let read = readings(&Script::read(&text), &master(&chapters, 142.0), Seconds(1.0));
    let read: Vec<String> = read.iter().map(|r| format!("{} in {}", r.words, r.time)).collect();
    assert_snapshot!(read.join(", "), @"40 in 0:20, 160 in 1:18, 70 in 0:40");
}

#[test]
fn the_pace_is_the_shows_or_the_median_of_takes_or_the_usual_one() {
    let reading = |words, seconds| Reading { words, time: Seconds(seconds) };
    let takes = [
        reading(100, 50.0),
        reading(100, 40.0),
        reading(200, 600.0),
        reading(5, 2.0),
        reading(90, 0.0),
    ];
    let by = |voice: &Voice, takes: &[Reading]| {
        let Pace { words_per_minute, origin } = pace(voice, takes);
        (words_per_minute, origin)
    };
    let own = Voice { words_per_minute: Some(140.0), ..Voice::default() };
    assert_eq!(by(&own, &takes), (140.0, Origin::Voice));
    assert_eq!(by(&Voice::default(), &takes), (135.0, Origin::Takes));
    assert_eq!(by(&Voice::default(), &takes[2..]), (150.0, Origin::Usual));
}

#[test]
fn a_page_shows_minutes_and_hints() {
    let script = Script::read(
        "# A & <B>\n\nAnn [AN] *is* here.\n\n## Two\n\nWords.\n\n### Three\n\nMore words.\n",
    );
    let pace = pace(&Voice::default(), &[]);
    let built_in = include_str!("../../../templates/script/script.html");
    let templates = Templates(BTreeMap::from([("script/script.html".into(), built_in.into())]));
    let page = page(&script, &pace, "en", &templates).unwrap();
    assert_snapshot!(page.split_once("<body>").unwrap().1, @r#"
    <p class="total">0.0 minutes: 6 words at 150 a minute</p>
    <section>
    <p class="time">0.0 min</p>
    <h1>A &amp;</h1>
    <p>Ann <span class="hint">[AN]</span> <em>is</em> here.</p>
    </section>
    <section>
    <p class="time">0.0 min</p>
    <h2>Two</h2>
    <p>Words.</p>
    </section>
    <section>
    <p class="time">0.0 min</p>
    <h3>Three</h3>
    <p>More words.</p>
    </section>
    </body>
    </html>
    "#);
    assert!(!page.contains("<script"));
    assert_snapshot!(plain_text(&script, &pace), @r"
    A &  (0.0 min)

    Ann [AN] is here.

    TWO  (0.0 min)

    Words.

    Three  (0.0 min)

    More words.
    ");
    let timed: Vec<usize> = timings(&script, &pace).iter().map(|t| t.words).collect();
    assert_eq!(timed, [3, 3, 2]);
}

#[test]
fn signs_without_words_are_not_read() {
    let text =
        script("~-&", &[], Speech { voice: &Voice::default(), glossary: &Glossary::default() });
    let read: Vec<String> = Script::read(&text)
        .sections
        .iter()
        .flat_map(|s| &s.paragraphs)
        .map(|p| p.with_hints())
        .collect();
    assert_eq!(read.concat(), "");
}

/// Pieces of what notes are made of, in any order.
fn markdown() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "\\PC{0,12}",
        "[-*_`<>#|~+=.:/\\[\\]()!&0-9a-zA-Z@ \n\\\\]{0,12}",
        Just("\n\n".to_owned()),
        Just("https://a.example/x ".to_owned()),
        Just("| a | b |\n|---|---|\n".to_owned()),
        Just("1. ".to_owned()),
        Just("v6.4-rc1 ".to_owned()),
    ];
    proptest::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_markup_is_read_aloud(notes in markdown(), digits: bool) {
        let numbers = if digits { Numbers::Digits } else { Numbers::Words };
        let voice = Voice { numbers, ..Voice::default() };
        let text = script(&notes, &[], Speech { voice: &voice, glossary: &Glossary::default() });
        let wrote: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let wrote = wrote.join(" ");
        prop_assert!(!wrote.contains(['*', '`', '<', '>']), "{text:?}");
        prop_assert!(!wrote.contains("://"), "{text:?}");
        // People's program reads what ours wrote: nothing turns into a list or a link.
        let script = Script::read(&text);
        let read: String = script.sections.iter().flat_map(|s| &s.paragraphs).map(|p| p.with_hints() + " ").collect();
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(squeezed(&read), squeezed(&wrote.replace('\\', "")));
    }

    #[test]
    // Letters of which no short form such as `vs` is made.
    fn plain_prose_stays_as_it_is(
        words in proptest::collection::vec("[“(]?[ABDadnort]{2,9}(-[adnort]{2,5})?(,|;|:|\\)|’s|”)?", 1..12),
    ) {
        let text = words.join(" ") + ".";
        prop_assert_eq!(said(&text, &Voice::default()), text);
    }
}
