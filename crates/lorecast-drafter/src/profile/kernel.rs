//! The Linux kernel's lists: the only place that knows their releases, queues, files, trees and words.

use std::sync::LazyLock;

use lorecast_mail::is_robot;
use lorecast_model::{Kind, Message, SubjectTags};
use regex::{Captures, Regex};

use super::{Rules, Touched};
use crate::Routine;
use crate::kind::clause;
use crate::pattern::constant;
use crate::plan::{BLOGS, RELEASES};
use crate::routine::{tidies_up, without_replies};

/// See [`Rules`].
pub(super) struct Kernel;

impl Rules for Kernel {
    fn release(&self, title: &str) -> Option<(Kind, String)> {
        let patterns =
            [(Kind::Mainline, &MAINLINE), (Kind::Stable, &STABLE), (Kind::Stable, &REAL_TIME)];
        patterns.into_iter().find_map(|(kind, pattern)| {
            let found = pattern.captures(title)?;
            Some((kind, format!("Linux {}", first(&found))))
        })
    }

    fn routine(&self, message: &Message, tags: &SubjectTags) -> Option<Routine> {
        let subject = message.header.subject.as_str();
        let bare = without_replies(subject);
        if tags.trees.iter().any(|tree| tree.to_ascii_uppercase().contains("AUTOSEL"))
            || subject.contains("AUTOSEL")
        {
            Some(Routine::Autosel)
        } else if STABLE_QUEUE.is_match(bare) || STABLE_QUEUE.is_match(&tags.title) {
            Some(Routine::StableQueue)
        } else if self.commit(subject) {
            Some(Routine::Committed)
        } else if MERGE.is_match(bare) || MERGE.is_match(&tags.title) {
            Some(Routine::Merge)
        } else if is_robot(&message.header.from) {
            Some(Routine::Bot)
        } else if tidies_up(tags) || is_small(tags) && TRIVIAL.is_match(&tags.title) {
            Some(Routine::Trivial)
        } else {
            None
        }
    }

    fn report(&self, message: &Message) -> Option<Kind> {
        let subject = message.header.subject.as_str();
        if REGZBOT.is_match(&message.text) {
            Some(Kind::Regression)
        } else if BUILDS.is_match(subject) {
            Some(Kind::Build)
        } else if SPLAT.is_match(subject) || TRACE.is_match(&message.text) {
            Some(Kind::Bug)
        } else {
            None
        }
    }

    fn patch(&self, title: &str, touched: &Touched<'_>) -> Option<Kind> {
        let people = |path: &String| path == "MAINTAINERS" || path == "CREDITS";
        let only_people = !touched.paths.is_empty() && touched.paths.iter().all(people);
        if only_people || MAINTAINERS.is_match(title) {
            Some(Kind::Maintainers)
        } else if brings_driver(title, touched) {
            Some(Kind::Driver)
        } else {
            None
        }
    }

    fn commit(&self, subject: &str) -> bool {
        COMMITTED.is_match(without_replies(subject))
    }

    fn meeting(&self, title: &str) -> bool {
        MEETING.is_match(title)
    }

    fn concerns(&self, message: &Message) -> bool {
        self.meeting(&message.header.subject) || CONCERNS.is_match(&message.text)
    }

    fn visible(&self, paths: &[String], title: &str) -> Option<String> {
        let visible = |path: &&String| {
            path.contains("include/uapi/")
                || path.starts_with("Documentation/ABI/")
                || path.contains("/syscalls/")
                || path.ends_with("syscall.tbl")
                || path.ends_with("unistd.h") && !path.starts_with("tools/")
        };
        let own = |path: &&String| !path.starts_with("tools/");
        let named = ABI_TITLE.find(title).map(|found| found.as_str().trim().to_owned());
        paths.iter().filter(visible).find(own).cloned().or(named)
    }

    fn documents(&self, path: &str) -> bool {
        path.starts_with("Documentation/") && !path.starts_with("Documentation/devicetree/")
    }

    fn repairs(&self, text: &str) -> bool {
        FIXES.is_match(text)
    }

    fn next_tree(&self) -> &'static str {
        "linux-next"
    }

    fn part(&self, key: &str) -> Option<&'static str> {
        match key {
            RELEASES => Some("Stable kernels and other releases"),
            BLOGS => Some("From the kernel blogs"),
            _ => None,
        }
    }

    fn absent(&self, has: &dyn Fn(Kind) -> bool) -> Vec<String> {
        let mut absent = Vec::new();
        if !has(Kind::Mainline) {
            absent.push("no mainline announcement of this week in these archives: add linux-kernel (https://lore.kernel.org/lkml/) to sources".to_owned());
        }
        if !has(Kind::Stable) && !has(Kind::Release) {
            absent.push("no stable kernel or other release of this week in these archives: add linux-kernel-announce (https://lore.kernel.org/linux-kernel-announce/) and stable (https://lore.kernel.org/stable/) to sources".to_owned());
        }
        if !has(Kind::Pull) {
            absent.push("no pull request of this week in these archives: add linux-kernel (https://lore.kernel.org/lkml/) to sources".to_owned());
        }
        absent
    }
}

fn first<'a>(found: &Captures<'a>) -> &'a str {
    found.get(1).map_or("", |m| m.as_str()).trim_end()
}

/// `Linux 6.3`, `Linux 6.3-rc7`; before 3.0 mainline had three numbers.
static MAINLINE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^Linux (v?(?:2\.6\.\d+|(?:[3-9]|\d\d)\.\d+)(?:-rc\d+)?)(?: (?:is )?(?:out|released))?\s*[.!]?$",
    )
});
/// `Linux 6.1.24`, `Linux 6.1.24, 5.15.107`, `Linux 2.6.32.5`.
static STABLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^Linux ((?:(?:2\.6|[3-9]|\d\d)(?:\.\d+){2}(?:-rt\d+|-cip\d+(?:-rt\d+)?)?(?:,? and |, )?)+)$",
    )
});
/// `6.1.24-rt8`, `v6.3-rc5-rt8`, `4.19.280-cip95`, `Release v5.10.177-cip32 and v4.19.280-cip95`.
static REAL_TIME: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:Linux |Release )?((?:v?\d+\.\d+(?:\.\d+)?(?:-rc\d+)?(?:-cip\d+)?-(?:rt|cip)\d+(?:,? and |, )?)+)(?:$|[\s:,;(])",
    )
});

static STABLE_QUEUE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r#"(?i)^FAILED: patch|has been added to the .*-stable tree|-rc\d+ review$|-stable review patch|^queue/\d|^stable-rc/|^stable/linux"#,
    )
});
static COMMITTED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^\[tip: |^\[(?:merged|folded|withdrawn|to-be-updated|nacked)|^(?:\+|-) \S+\.patch |^\[[\w-]+\] branch |^\[git:",
    )
});
static MERGE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^linux-next: |^next/|^next-\d{8}|for-next updated|for-next branch (?:up)?dated|^\S+ for-next (?:rebased|updated)",
    )
});
static TRIVIAL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)checkpatch|kernel-?doc\b|\bMAINTAINERS\b|\bdrop owner\b|convert to platform remove",
    )
});

fn is_small(tags: &SubjectTags) -> bool {
    tags.patch && tags.total.unwrap_or(1) <= 2
}

static REGZBOT: LazyLock<Regex> = LazyLock::new(|| constant(r"(?m)^#regzbot introduced\b"));
/// What kernelci, LKFT and the kernel test robot put into subjects.
static BUILDS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bBuild regressions/improvements in v|^linux-next: (?:build|boot|runtime) |\.(?:[chsS]|rs):\d+(?::\d+)?: (?:fatal |sparse: )*(?:warning|error)\b|\bERROR: modpost\b|\bundefined reference to\b|\]\s*BUILD (?:SUCCESS|REGRESSION)|^(?:re: )?next-20\d{6}: |\bMonthly [\w-]+ report\b",
    )
});
static SPLAT: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\bK(?:A|M|C)SAN\b|\bUBSAN\b|\bKFENCE\b|\b[Oo]ops\b|\b[Ll]ockdep (?:splat|warning)|\b(?:soft|hard) lockup\b|\bRCU stall|\b(?:rcu|RCU)\S* .*\bstall|\bBUG: |^(?:\[.*\] )?(?:WARNING|INFO|general protection fault)(?:: | in )|\bkernel (?:panic|BUG)\b|\bGPF\b",
    )
});
/// The kernel prints this line into every report of a crash.
static TRACE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?m)^[^>\n]{0,80}\bCall [Tt]race:\s*$"));
static MAINTAINERS: LazyLock<Regex> = LazyLock::new(|| constant(r"^MAINTAINERS(?:/\w+)?: "));
static MEETING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bLSF/?MM\b|\blinux plumbers\b|\bLPC\b|\bkernel (?:summit|recipes)\b|\bnetdev(?:conf)? 0x\w+|\bmaintainers summit\b|\blinux (?:security|storage)? ?summit\b",
    )
});
/// What a call for papers that has to do with the kernel says somewhere.
static CONCERNS: LazyLock<Regex> = LazyLock::new(|| constant(r"\bLinux\b|\b[Kk]ernel\b|\bBPF\b"));
static ABI_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:new |add |introduce )?(?:system call|syscall|ioctl|uapi|prctl|sysctl|mount option)s?\b|\bABI\b|\buser ?space\b|\b\w+\(2\)|/(?:dev|proc|sys)/\w+|\bvdso\b|\bstatx\b",
    )
});
static FIXES: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?mi)^(?:Fixes: [0-9a-f]{7,}|Cc: .*stable@)"));

/// `add driver for X`, `introduce the X driver`, `new driver for X`, `X driver: initial support`.
static DRIVER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:(?:add|adding|adds|introduce|introducing|introduces|implement|provide)\b (?:[^:]*? )?drivers?|(?:a )?(?:initial|new)\b (?:[^:]*? )?drivers?|driver|initial (?:linux )?support)(?:$| for\b| \(|,| to support\b| of\b)",
    )
});
/// Words with which a title may promise a driver; new files must bear it out.
static BRINGS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bdrivers?\b|\b(?:initial|basic|minimal)\b.*\bsupport\b|\bsupport (?:for )?(?:the )?(?-i:[A-Z0-9])",
    )
});
/// Bindings, device trees and tests come along with a driver and are none.
static ALONG: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:dt-bindings|dt|arm64: dts|arm: dts|selftests?|kunit|docs?|documentation|tools)\b",
    )
});

/// A new driver: by its title, or by what it adds (a new file under `drivers/` or `sound/` with its
/// lines in a Kconfig and a Makefile) when the title promises something new.
fn brings_driver(title: &str, touched: &Touched<'_>) -> bool {
    if ALONG.is_match(title) {
        return false;
    }
    let clause = clause(title);
    let source = |path: &String| {
        (path.starts_with("drivers/") || path.starts_with("sound/"))
            && (path.ends_with(".c") || path.ends_with(".rs"))
    };
    let named = |name: &str| touched.paths.iter().any(|path| path.ends_with(name));
    let built = named("/Kconfig") && named("/Makefile");
    let created = touched.created.iter().any(source);
    DRIVER.is_match(clause) && (created || touched.created.is_empty())
        || built && created && BRINGS.is_match(clause)
}
