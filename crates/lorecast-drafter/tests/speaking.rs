//! What is written as nobody says it, and what a reader says instead.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::collections::BTreeMap;

use lorecast_drafter::{Speech, script, speak};
use lorecast_model::{Glossary, Numbers, Person, Term, Voice};
use proptest::prelude::*;

fn said(text: &str) -> String {
    let (voice, glossary) = (Voice::default(), Glossary::default());
    speak(text, Speech { voice: &voice, glossary: &glossary })
}

/// `written = said`, a line. Whatever is said stays as it is when it is said again.
#[track_caller]
fn check(cases: &str) {
    let mut wrong = Vec::new();
    for line in cases.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (written, expected) = line.split_once(" ~ ").unwrap();
        // Within a sentence, where nothing gets a capital.
        let found = said(&format!("See {written}"));
        let found = found.strip_prefix("See ").unwrap_or_default();
        if found != expected {
            wrong.push(format!("{written}\nexpected {expected}\n   found {found}"));
        }
        let again = said(&format!("See {found}"));
        if again != format!("See {found}") {
            wrong.push(format!("{written}\nonce  {found}\ntwice {again}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn identifiers() {
    check(
        "
        dma_alloc_coherent() ~ dma alloc coherent
        uid_t and size_t ~ uid t and size t
        __u64 and u32 ~ u sixty-four and u thirty-two
        i915 ~ i nine fifteen
        x86_64, x86-64 ~ x eighty-six sixty-four, x eighty-six sixty-four
        CONFIG_FOO ~ config foo
        CONFIG_FOO=y ~ config foo equals y
        CONFIG_X86_64 ~ config X eighty-six sixty-four
        SO_PASSPIDFD ~ SO passpidfd
        IS_ERR() ~ is err
        PR_SET_MM ~ PR set MM
        list_for_each_entry_*() ~ list for each entry star
        rcu_read_lock()/rcu_read_unlock() ~ rcu read lock slash rcu read unlock
        printk(KERN_INFO) ~ printk KERN INFO
        array[1] ~ array one
        security.SMACK64 ~ security dot SMACK sixty-four
        stable-X.Y ~ stable-X point Y
        issue#5 ~ issue number five
        sha256, rc4 and crc32c ~ sha two fifty-six, R C four and crc thirty-two c
        DDR5-4800 ~ DDR five forty-eight hundred
        tegra20-i2c ~ tegra twenty i two c
        foo@12000 ~ foo at twelve thousand
        $HOME and ${foo} ~ HOME and foo
        `cmd` and ``words'' and `x' ~ cmd and “words” and ‘x’
        ",
    );
}

#[test]
fn paths_and_slashes() {
    check(
        "
        /dev/null ~ dev null
        /proc/self/maps ~ proc slash self slash maps
        /opt/tool ~ slash opt slash tool
        file.c ~ file dot c
        include/linux/mm.h ~ include slash linux slash mm dot h
        the accelerated/optimized one ~ the accelerated slash optimized one
        net/smc: add it ~ net smc: add it
        x86/hyperv/sev: add it ~ x eighty-six hyperv sev: add it
        ext4/060: add it ~ ext four slash zero six zero: add it
        and/or, read/write, I/O, TCP/IP ~ and or, read write, I O, TCP IP
        N/A ~ not applicable
        he/she ~ he or she
        16/32 bit ~ sixteen or thirty-two bit
        /* so */ // it is ~ so it is
        for-6.4/block ~ for six point four slash block
        ",
    );
}

#[test]
fn releases_and_hashes() {
    check(
        "
        4.4.64 ~ four point four point sixty-four
        v6.3-rc7 ~ version six point three R C seven
        linux-6.3-rc7.tar.xz ~ linux six point three R C seven dot tar dot xz
        6.3-final ~ six point three final
        v6.1-rc8-59-g63a7cb130718 ~ version six point one R C eight plus fifty-nine commits
        v6.1-1-g63a7cb130718 ~ version six point one plus one commit
        5.19.0-38-generic ~ five point nineteen point zero dash thirty-eight generic
        powerpc-6.4-1 ~ powerpc six point four dash one
        since commit 1da87a3fcc3f ~ since commit one D A eight seven A three
        commit 1da87a3fcc3f (“mm: fix”) ~ commit (“mm: fix”)
        802.11ax ~ eight oh two dot eleven A X
        802.1Q ~ eight oh two dot one Q
        ",
    );
}

#[test]
fn amounts() {
    check(
        "
        128MB ~ one hundred twenty-eight megabytes
        2^32 ~ two to the power of thirty-two
        1e6 and 1e-3 ~ one times ten to the six and one times ten to the minus three
        50% ~ fifty percent
        ~10us ~ about ten microseconds
        1.8V ~ one point eight volts
        5min, 24h, 20dB ~ five minutes, twenty-four hours, twenty decibels
        10GbE ~ ten gigabit Ethernet
        3.5X ~ three point five times
        1.5x-2x ~ one point five to two times
        0x10 ~ hex one zero
        0b101 ~ binary one zero one
        2000's, 80's and '90s ~ two thousands, eighties and nineties
        2023-04-13 14:17:32 -0500 ~ April thirteenth, twenty twenty-three
        2023-04-16T12:00:00Z ~ April sixteenth, twenty twenty-three
        ",
    );
}

#[test]
fn signs() {
    check(
        "
        struct pmu -> dev ~ struct pmu arrow dev
        4K -> 64K ~ four K to sixty-four K
        v2 -> v3 ~ version two to version three
        ptr->member->next ~ ptr arrow member arrow next
        a || b && c ~ a or b and c
        !x and x!=y ~ not x and x is not y
        x<y and x<=z ~ x less than y and x at most z
        1<<20 or 1 << 20 ~ one shifted left by twenty or one shifted left by twenty
        the -unreliable side effects- of it ~ the unreliable side effects of it
        I /guess/ that ~ I guess that
        it _really_ is *very* bad ~ it really is very bad
        the IAA [1] hardware [2][3]. ~ the IAA hardware.
        the UFFD [Userfaultfd] one ~ the UFFD (Userfaultfd) one
        ",
    );
}

#[test]
fn addresses() {
    check(
        "
        ann@a.example ~ ann at a dot example
        Ann <ann@a.example> ~ Ann
        linux-list@a.example ~ linux-list at a dot example
        20230413104034.1086717-1-ann@a.example said ~ said
        https://a.example/b_c/ ~ the link in the show notes
        ",
    );
}

#[test]
fn short_forms() {
    check(
        "
        IOWs ~ in other words
        AFAIC ~ as far as I'm concerned
        FYI ~ for your information
        IIUC ~ if I understand correctly
        ",
    );
}

fn hinted(notes: &str) -> String {
    let term = |spoken: &str| Term {
        expansion: "Some Thing".to_owned(),
        spoken: Some(spoken.to_owned()),
        ..Term::default()
    };
    let terms = [("NUMA", "NOO-mah"), ("SQL", "sequel")];
    let glossary: BTreeMap<_, _> =
        terms.into_iter().map(|(name, spoken)| (name.to_owned(), term(spoken))).collect();
    let people = [Person {
        name: "Ann Example".to_owned(),
        say: Some("AN ig-ZAM-pul".to_owned()),
        ..Person::default()
    }];
    let speech = Speech { voice: &Voice::default(), glossary: &Glossary(glossary) };
    script(notes, &people, speech).trim_end().to_owned()
}

#[test]
fn a_hint_is_given_once() {
    for (notes, expected) in [
        ("NUMA and NUMA", "NUMA [NOO-mah] and NUMA"),
        // People's own, as the notes have it.
        ("NUMA [NOO-mah] and NUMA", "NUMA [NOO-mah] and NUMA"),
        ("SQL (sequel) it is", "SQL [sequel] it is"),
        ("SQL (Structured Queries)", "SQL [sequel] (Structured Queries)"),
        ("Ann Example [AN ig-ZAM-pul] is", "Ann Example [AN ig-ZAM-pul] is"),
        ("NUMA nodes", "NUMA [NOO-mah] nodes"),
    ] {
        assert_eq!(hinted(notes), expected, "{notes}");
    }
}

/// Words as mails have them, with and without sense.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z]{1,8}",
        "[a-z]{1,5}(_[a-z0-9]{1,5}){1,3}(\\(\\))?",
        "(/?[a-z0-9_.-]{1,6}/){1,3}[a-z0-9]{0,5}(\\.[ch])?",
        "[A-Z]{2,6}(_[A-Z0-9]{1,6}){0,3}(=[a-z0-9]{1,3})?",
        "v?[0-9]{1,2}(\\.[0-9]{1,3}){0,3}(-rc[0-9])?(-[0-9]{1,3})?(-g[0-9a-f]{7,12})?",
        "~?[0-9]{1,5}(MB|us|%|x|K|GiB/s)?",
        "[0-9]{1,3}\\^[0-9]{1,3}|[0-9]e-?[0-9]|0x[0-9a-f]{1,9}",
        "[a-z]{1,6}@[a-z]{1,6}\\.example",
        "[0-9a-f]{7,40}",
        "->|=>|&&|\\|\\||<<|>>|!=|//|/\\*|\\*/|--|-|`|\\[[0-9]\\]|#[0-9]{1,4}",
        "[`*_/-][a-z]{1,6}[`*_/-]",
        "https?://[a-z]{1,5}\\.example/[a-z_]{0,5}",
        "\\PC{1,6}",
    ];
    proptest::collection::vec((word, "[,.:;!?)]{0,2}"), 1..10)
        .prop_map(|words| words.into_iter().map(|(word, end)| word + &end + " ").collect())
}

proptest! {
    #[test]
    fn nothing_is_left_that_cannot_be_said(text in words(), digits: bool) {
        let numbers = if digits { Numbers::Digits } else { Numbers::Words };
        let voice = Voice { numbers, ..Voice::default() };
        let glossary = Glossary::default();
        let said = speak(&text, Speech { voice: &voice, glossary: &glossary });
        prop_assert!(!said.contains(['`', '_', '/', '*', '<', '>', '[', ']', '#', '|', '^', '~', '=', '@', '\\']), "{said:?}");
        prop_assert!(!said.contains("  "), "{said:?}");
    }

    #[test]
    // Of letters that make no short form such as `vs`.
    fn what_is_said_stays_as_it_is(
        text in proptest::collection::vec(prop_oneof![
            "[b-dm-p]{3,8}", "[b-dm-p]{3,5}_[b-dm-p]{3,5}\\(\\)", "[b-dm-p]{3,6}/[b-dm-p]{3,6}", "v[0-9]{1,2}\\.[0-9]{1,2}-rc[1-9]",
            "[0-9]{1,5}(MB|us|%)?", "[A-EO]{3,6}_[A-EO]{3,6}", "[b-dm-p]{3,6}@[b-dm-p]{3,6}\\.example",
        ], 1..8),
    ) {
        let once = said(&format!("See {}.", text.join(" ")));
        prop_assert_eq!(said(&once), once);
    }
}
