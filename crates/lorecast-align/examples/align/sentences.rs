//! Sentences about kernel work, as they are written and as a script says them.

use crate::dice::Dice;

/// A sentence as written and as the script says it.
pub fn sentence(dice: &mut Dice) -> [String; 2] {
    let (who, what, place) = (dice.one(WHO), dice.one(WHAT), dice.one(PLACES));
    let (token, why, reply) = (dice.one(TOKENS), dice.one(WHY), dice.one(REPLIES));
    let shape = dice.below(9);
    [0, 1].map(|form| {
        let token = token[form];
        match shape {
            0 => format!("{who} posted {what} for {place}, {why}."),
            1 => format!("In {place}, {who} found that {token} {why}."),
            2 => format!("{reply}."),
            3 => {
                format!("The patches change {token} so that {what} is no longer needed in {place}.")
            }
            4 => format!("{who} asked whether {what} could wait for the next merge window."),
            5 => format!("After a long discussion about {place}, {reply}."),
            6 => {
                format!("The new version drops {what}, renames {token}, and adds a short test.")
            }
            7 => format!("{who} reported a regression with {token}, {why}."),
            _ => format!(
                "{who} and {} disagreed about {what}; {reply}.",
                WHO[(who.len() * 7) % WHO.len()]
            ),
        }
    })
}

const WHO: &[&str] = &[
    "Ann Example",
    "Robert Sample",
    "a reader from Oslo",
    "the maintainer",
    "Maria Tester",
    "another engineer",
    "Peter Muster",
    "somebody from a hosting company",
    "the author",
    "Joan Placeholder",
    "two developers",
    "Lee Nobody",
];
const WHAT: &[&str] = &[
    "a smaller lock",
    "the old allocator",
    "a new system call",
    "the debug output",
    "a second queue",
    "the reference counter",
    "a fallback for broken firmware",
    "support for huge pages",
    "a driver for a temperature sensor",
    "the timer wheel",
    "a warning at boot",
    "an option to trace every wakeup",
    "the page cache rework",
    "a shorter critical section",
];
const PLACES: &[&str] = &[
    "the scheduler",
    "the memory controller",
    "the block layer",
    "the network stack",
    "the virtual file system",
    "the graphics drivers",
    "the sound subsystem",
    "the interrupt code",
    "the documentation",
    "the build system",
    "the power management core",
    "the crypto library",
    "the arm sixty four tree",
];
const TOKENS: &[[&str; 2]] = &[
    ["dma_alloc_coherent()", "D M A alloc coherent"],
    ["4.4.64", "four dot four dot sixty four"],
    ["128MB", "one hundred twenty eight megabytes"],
    ["uid_t", "U I D T"],
    ["kmalloc()", "K malloc"],
    ["vm_area_struct", "V M area struct"],
    ["the spinlock", "the spinlock"],
    ["copy_from_user()", "copy from user"],
    ["6.3-rc7", "six dot three R C seven"],
    ["the mmap semaphore", "the M map semaphore"],
    ["the io_uring ring", "the I O U ring ring"],
    ["ext4", "E X T four"],
    ["the futex", "the futex"],
];
const WHY: &[&str] = &[
    "because the old code could sleep with interrupts off",
    "which had slowed down every boot since spring",
    "after a machine with many cores stopped answering",
    "and measured a gain of nine percent",
    "so that small devices save some memory",
    "since nobody has used it for ten years",
    "but only when the module is loaded twice",
    "which a fuzzer had found overnight",
    "and asked for more testing",
    "as the hardware manual demands",
];
const REPLIES: &[&str] = &[
    "nobody objected, and the series went into the tree the same evening",
    "the answer was short: please split the patch",
    "a third reviewer wondered why the lock is taken at all",
    "there were eleven replies and no decision",
    "he promised a new version by the end of the week",
    "she had no strong opinion but prefers the simple way",
    "the change was reverted two days later",
    "both agreed to measure it again on older hardware",
    "that question will come back in the summer",
    "the maintainer applied all of it except the last patch",
];
pub const ASIDES: &[&str] = &[
    "Sorry about the noise, my dog wants to go out again, let me close the door for a moment.",
    "By the way, if you enjoy this programme you should tell a friend who likes gardening and cheese.",
    "Oh dear, I have lost my place on the page, where was I, here it is, let us go on.",
    "This reminds me of a holiday in the mountains when it rained for eight days without a break.",
];
