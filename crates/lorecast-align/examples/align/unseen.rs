//! Sentences that nothing was tuned on: other words, other shapes, other things said beside them.

use crate::dice::Dice;

/// A sentence as written and as one says it.
pub fn sentence(dice: &mut Dice) -> [String; 2] {
    let (opening, subject, verb) = (dice.one(OPENINGS), dice.one(SUBJECTS), dice.one(VERBS));
    let (thing, tail, whole) = (dice.one(THINGS), dice.one(TAILS), dice.one(WHOLE));
    let shape = dice.below(7);
    [0, 1].map(|form| {
        let thing = thing[form];
        match shape {
            0 => format!("{opening} {subject} {verb} {thing}."),
            1 => format!("{subject} {verb} {thing} {tail}."),
            2 => format!("{whole}."),
            3 => format!("Why does {thing} matter {tail}?"),
            4 => format!("{opening} {whole}."),
            5 => format!("On {thing}, {subject} said only this: {whole}."),
            _ => format!("It took {subject} four attempts until {thing} worked {tail}."),
        }
    })
}

pub const ASIDES: &[&str] = &[
    "Hold on, the kettle is boiling over, I will be right back with you.",
    "My grandmother used to fix radios with a knitting needle, which explains a lot about me.",
    "Let me say that again more slowly, because my throat is dry this morning.",
    "There goes another fire engine, it must be the third one since breakfast.",
];

const OPENINGS: &[&str] = &[
    "Earlier this month",
    "On the mailing list",
    "Quite unexpectedly",
    "Under heavy load",
    "As a first step",
    "Following up on last week's story,",
    "With a short apology",
    "For embedded boards",
];
const SUBJECTS: &[&str] = &[
    "Emma Fixture",
    "a student in Brazil",
    "the release manager",
    "Oliver Dummy",
    "our testing robot",
    "Karl Stand-In",
    "the reviewer from last week",
    "a hardware vendor",
    "Sofia Mockup",
    "one of the file system people",
];
const VERBS: &[&str] = &[
    "rewrote",
    "quietly removed",
    "complained about",
    "documented",
    "sped up",
    "brought back",
    "measured",
    "defended",
    "renamed",
];
const THINGS: &[[&str; 2]] = &[
    ["the readahead window", "the read ahead window"],
    ["sched_setattr()", "sched set attribute"],
    ["6.1.24", "six dot one dot twenty four"],
    ["512KB", "five hundred twelve kilobytes"],
    ["the dentry cache", "the D entry cache"],
    ["struct page", "struct page"],
    ["mmap_lock", "M map lock"],
    ["the NUMA balancing code", "the numa balancing code"],
    ["CONFIG_PREEMPT_RT", "config preempt R T"],
    ["btrfs", "butter F S"],
    ["every third interrupt line", "every third interrupt line"],
    ["the watchdog on old laptops", "the watchdog on old laptops"],
    ["a forgotten corner of the tty layer", "a forgotten corner of the T T Y layer"],
];
const TAILS: &[&str] = &[
    "on machines that nobody sells any more",
    "without touching a single header file",
    "although the cover letter promised otherwise",
    "while the merge window was closing",
    "for guests with more than two hundred processors",
    "if the firmware tells the truth",
    "before anybody could object",
    "in less than forty lines",
];
const WHOLE: &[&str] = &[
    "the benchmark turned out to be wrong",
    "three people tested it on real hardware and found nothing to complain about",
    "that patch went to the stable tree within hours",
    "no regressions were seen, which surprised everybody",
    "we shall hear more of it in May",
    "a bisection pointed at an innocent looking cleanup",
    "the lock was held for almost a second",
    "nobody could explain where the missing memory had gone",
    "it is a small fix with a long history",
    "the discussion wandered off to coding style",
    "a helper with a confusing name was finally buried",
    "both sides are right, and that is the trouble",
];
