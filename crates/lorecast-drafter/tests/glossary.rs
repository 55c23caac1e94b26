//! Acronyms in notes: explained once, where a listener first meets them, and never in a title.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use insta::assert_snapshot;
use lorecast_drafter::{AcronymFault, acronym_issues, expand};
use lorecast_model::Glossary;
use proptest::prelude::*;

fn glossary() -> Glossary {
    serde_yaml::from_str(
        r#"
ACPI: Advanced Configuration and Power Interface
BPF: Berkeley Packet Filter
CAN: {also: [{expansion: Controller Area Network, near: [bus]}]}
FME: FPGA Management Engine
FPGA: Field Programmable Gate Array
IBM: {}
NUMA: {expansion: Non-Uniform Memory Access, also: [{expansion: Non-Uniform Memory Architecture}]}
PCI SIG: Peripheral Component Interconnect Special Interest Group
PTE: Page Table Entry
RC: Release Candidate
RCU: Read Copy Update
SME: {expansion: Secure Memory Encryption, also: [{expansion: Scalable Matrix Extension, near: [arm64, SVE]}]}
SoC: System on Chip
TLB: Translation Lookaside Buffer
vDSO: Virtual Dynamic Shared Object
"#,
    )
    .unwrap()
}

/// The notes with their acronyms explained, then the unknown ones.
fn check(markdown: &str) -> String {
    let exact = ["A title with RCU".to_owned(), "Ada RCU Sample".to_owned()];
    let done = expand(markdown, &glossary(), &exact);
    assert_eq!(expand(&done.markdown, &glossary(), &exact), done, "again changes nothing");
    let unknown = done
        .unknown
        .iter()
        .map(|u| format!("\n{}:{} {} ({})", u.line, u.column, u.acronym, u.count));
    done.markdown + &unknown.collect::<String>()
}

/// `line:column acronym what`, of each issue.
fn issues(markdown: &str) -> String {
    let lines = acronym_issues(markdown, &glossary(), &[]).into_iter().map(|issue| {
        let what = match issue.what {
            AcronymFault::Unexpanded { text, at } => format!("unexpanded:{text} at {at}"),
            AcronymFault::Twice => "twice".to_owned(),
            AcronymFault::Foreign { said, known } => {
                format!("foreign:{said}, not {}", known.join(" or "))
            }
            AcronymFault::Unknown => "unknown".to_owned(),
        };
        format!("{}:{} {} {what}\n", issue.line, issue.column, issue.acronym)
    });
    lines.collect()
}

#[test]
fn the_first_use_is_explained_and_no_other() {
    assert_snapshot!(check("It frees RCU readers. RCU is old.\n\nMore RCU."), @r"
    It frees RCU (Read Copy Update) readers. RCU is old.

    More RCU.
    ");
}

#[test]
fn a_quotation_gets_an_editors_insertion() {
    assert_snapshot!(check("She said, [“the TLB is slow”](https://a.example/TLB), as BPF is."), @"She said, [“the TLB [Translation Lookaside Buffer] is slow”](https://a.example/TLB), as BPF (Berkeley Packet Filter) is.");
    assert_snapshot!(check("She said \"the TLB is slow\"."), @r#"She said "the TLB [Translation Lookaside Buffer] is slow"."#);
}

#[test]
fn more_than_one_and_what_belongs_to_it() {
    assert_snapshot!(check("Two PTEs, RCU’s readers, NUMA-aware SoCs, and RC8 of it."), @"Two PTEs (Page Table Entries), RCU’s (Read Copy Update) readers, NUMA-aware (Non-Uniform Memory Access) SoCs, and RC8 of it.");
}

#[test]
fn titles_names_headings_code_and_links_stay() {
    assert_snapshot!(check("# RCU news\n\nIn this edition: A title with RCU, and more.\n\nAda RCU Sample posted [a series entitled “Faster RCU”](https://a.example/RCU), with `RCU` and CONFIG_RCU, RCU_INIT(), kernel/RCU/tree.c, RCU::new. <!-- RCU --> Then RCU.\n\n    RCU code\n"), @r"
    # RCU news

    In this edition: A title with RCU, and more.

    Ada RCU Sample posted [a series entitled “Faster RCU”](https://a.example/RCU), with `RCU` and CONFIG_RCU, RCU_INIT(), kernel/RCU/tree.c, RCU::new. <!-- RCU --> Then RCU (Read Copy Update).

        RCU code
    ");
}

#[test]
fn what_the_text_explains_itself_is_not_explained_again() {
    assert_snapshot!(check("The RCU (read-copy update) code, and the translation look-aside buffer (TLB)."), @"The RCU (read-copy update) code, and the translation look-aside buffer (TLB).");
    assert_snapshot!(check("The RCU code. Ben said, “Read Copy Update (RCU) is fine”."), @"The RCU code. Ben said, “Read Copy Update (RCU) is fine”.");
    assert_snapshot!(check("ACPI – Advanced Configuration and Power Interface – is long, and NUMA (Non-Uniform Memory Architecture) too."), @"ACPI – Advanced Configuration and Power Interface – is long, and NUMA (Non-Uniform Memory Architecture) too.");
}

#[test]
fn an_unknown_acronym_that_the_text_explains_is_known() {
    assert_snapshot!(check("The Infrastructure Data Path Function (IDPF) driver; IDPF is new. XYZ is not, two XYZs."), @r"
    The Infrastructure Data Path Function (IDPF) driver; IDPF is new. XYZ is not, two XYZs.
    1:67 XYZ (2)
    ");
}

#[test]
fn what_everybody_knows_is_left_alone() {
    assert_snapshot!(check("Ben (IBM) did NOT do it. WE DO NOT USE RCU HERE AT ALL. It CAN be."), @"Ben (IBM) did NOT do it. WE DO NOT USE RCU HERE AT ALL. It CAN be.");
}

#[test]
fn the_words_around_tell_what_is_meant() {
    assert_snapshot!(check("SME encrypts memory."), @"SME (Secure Memory Encryption) encrypts memory.");
    assert_snapshot!(check("SME on arm64."), @"SME (Scalable Matrix Extension) on arm64.");
    assert_snapshot!(check("### arm64\n\nSME is there, and the CAN bus."), @r"
    ### arm64

    SME (Scalable Matrix Extension) is there, and the CAN (Controller Area Network) bus.
    ");
}

#[test]
fn a_sentence_holds_three_explanations() {
    assert_snapshot!(check("RCU, TLB, ACPI, BPF and NUMA. Later BPF again."), @"RCU (Read Copy Update), TLB (Translation Lookaside Buffer), ACPI (Advanced Configuration and Power Interface), BPF and NUMA. Later BPF (Berkeley Packet Filter) again.");
}

#[test]
fn explanations_are_not_explained() {
    assert_snapshot!(check("The FME runs. The FPGA too."), @"The FME (FPGA Management Engine) runs. The FPGA (Field Programmable Gate Array) too.");
}

#[test]
fn two_in_one_word_share_no_place() {
    assert_snapshot!(check("ACPI/NUMA tables. NUMA alone. The RCU (see below) and **TLB**."), @"ACPI (Advanced Configuration and Power Interface)/NUMA (Non-Uniform Memory Access) tables. NUMA alone. The RCU (see below) and **TLB**.");
}

#[test]
fn an_acronym_may_have_two_words() {
    assert_snapshot!(check("The PCI SIG met; the vDSO did not."), @r"
    The PCI SIG (Peripheral Component Interconnect Special Interest Group) met; the vDSO (Virtual Dynamic Shared Object) did not.
    ");
}

#[test]
fn tables_lists_and_block_quotes_are_read() {
    assert_snapshot!(check("> the RCU\n\n- a TLB\n\n| a | b |\n|---|---|\n| é BPF | x |\n"), @r"
    > the RCU (Read Copy Update)

    - a TLB (Translation Lookaside Buffer)

    | a | b |
    |---|---|
    | é BPF (Berkeley Packet Filter) | x |
    ");
}

#[test]
fn issues_name_the_place() {
    assert_snapshot!(issues("An RCU é.\n\nA TLB (Translation Lookaside Buffer), TLB (translation lookaside buffer), XYZ."), @r"
    1:4 RCU unexpanded: (Read Copy Update) at 6
    3:43 TLB twice
    3:75 XYZ unknown
    ");
}

proptest! {
    #[test]
    fn expanding_again_changes_nothing(words in prop::collection::vec(prop::sample::select(&[
        "RCU", "TLBs", "ACPI/NUMA", "“", "”", "\"", "(", ")", "[", "](https://a.example/RCU)", "*", "**",
        "\n\n", "\n", ".", " ", " ", " ", " ", "# ", "> ", "- ", "`", "_", "Read Copy Update", "SME", "arm64",
        "(RCU)", "é", "entitled ", "NOT", "DO", "XYZ", "FME", "FPGA’s", "RC8", ",", "\\", "&amp;", "|", "---",
        "<!--", "-->", "https://RCU.example/", "The", "?", "CAN", "bus", "~~", "Infrastructure Data Path Function",
        "IDPF", "¹", "\t", "    ", "\r\n",
    ][..]), 0..60)) {
        let text = words.concat();
        let once = expand(&text, &glossary(), &["The RCU".to_owned()]);
        let again = expand(&once.markdown, &glossary(), &["The RCU".to_owned()]);
        prop_assert_eq!(&again.markdown, &once.markdown, "of {:?}", text);
        acronym_issues(&text, &glossary(), &[]);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        expand(&text, &glossary(), &[]);
    }
}
