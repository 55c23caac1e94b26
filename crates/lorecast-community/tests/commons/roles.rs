//! Everybody tries everything.

use std::fmt::Write as _;

use insta::assert_snapshot;
use lorecast_community::{
    AccountId, Acting, Arrangement, Ballot, By, Deed, Door, Interest, Name, Notice, Refusal, Role,
    Scope, Seal, SoundStep,
};
use lorecast_model::{EpisodeId, PersonId, Sheet};

use crate::hall::{Hall, add_passkey, asked, enter_with, id, identity, key, propose, vote};

/// A row for each deed, a column for each who tries it; `-` is refused.
#[test]
fn everybody_may_do_what_the_role_allows_and_no_more() {
    let mut table = String::new();
    for at in 0..deeds(&mut Hall::new()).len() {
        for who in 0..6 {
            let mut hall = Hall::new();
            let all = deeds(&mut hall);
            let (name, deed) = all.into_iter().nth(at).unwrap();
            let by = match who {
                0 => By::Visitor,
                1 => By::Show,
                other => hall.joins("Somebody", Role::ALL[other - 2]),
            };
            if who == 0 {
                write!(table, "{name:22}").unwrap();
            }
            let mark = if hall.does(by, deed).is_ok() { " x" } else { " -" };
            table.push_str(mark);
        }
        table.push('\n');
    }
    assert_snapshot!(table, @r"
    link by mail           x x x x x x
    invite a contributor   - x - - x x
    invite an owner        - x - - - x
    link to an account     - x - - - -
    rename                 - - x x x x
    make a token           - - x x x x
    erase                  - - x x x x
    vote                   - - x x x x
    report                 - - x x x x
    claim                  - - - x x x
    claim what is taken    - - - - - -
    release another's      - - - - x x
    suggest                - - - x x x
    propose                - - - x x x
    comment                - - - x x x
    withdraw another's     - - - - - -
    accept                 - - - - x x
    decline                - - - - x x
    hide                   - - - - x x
    unhide                 - - - - x x
    dismiss                - - - - x x
    ban a contributor      - - - - x x
    ban an editor          - - - - - x
    ban an owner           - - - - - -
    unban a contributor    - - - - x x
    grant                  - x - - - x
    prove                  - x - - - -
    disown another's       - - - - - -
    describe without proof - - - - - -
    undo                   - - - - x x
    written                - x - - - -
    follow                 - - x x x x
    no mails               - - x x x x
    make a feed            - - x x x x
    untell                 - x - - - -
    unsubscribe            x x x x x x
    merged                 - x - - - -
    gone                   - - - - - -
    arrange                - - - - x x
    edit                   - - - - x x
    split a take           - - - - x x
    make a master          - - - - x x
    add a take             - - - - x x
    climb to a take        - - - - - -
    offer a filler         - - - x x x
    offer a short one      - - - - - -
    withdraw another's     - - - - - -
    accept a filler        - - - - x x
    decline a filler       - - - - x x
    place a filler         - x - - - -
    link to an identity    - x - - - -
    make the seal          - x - - - -
    add a passkey          - - x x x x
    drop another's key     - - - - - -
    tie an identity        - - x x x x
    untie another's        - - - - - -
    enter with a passkey   - x - - - -
    stay in another's      - - - - - -
    end another's session  - - - - - -
    end their sessions     - - - - - x
    ");
}

/// One of each, about what two others have left lying around.
fn deeds(hall: &mut Hall) -> Vec<(&'static str, Deed)> {
    let ann = hall.joins("Ann", Role::Contributor);
    let owner = hall.joins("Olga", Role::Owner);
    let editor = hall.joins("Ed", Role::Editor);
    let account = |by: By| by.account().unwrap();
    let proposal = hall.does(ann, propose("a@x", "text")).unwrap();
    let report =
        hall.does(editor, Deed::Report { what: proposal, why: "rude".to_owned() }).unwrap();
    let until = hall.hours(1);
    hall.does(ann, Deed::Claim { story: id("taken@x"), until }).unwrap();
    let why = || "because".to_owned();
    let episode = EpisodeId::new("2026-03-01").unwrap();
    let sound = |step| Deed::Sound { episode, step };
    let offer =
        |millis| Deed::OfferFiller { story: id("a@x"), recording: "1-a.wav".to_owned(), millis };
    let filler = hall.does(ann, offer(45_000)).unwrap();
    let (who, email) = (account(ann), "proved@host.example".to_owned());
    hall.does(By::Show, Deed::Prove { who, email }).unwrap();
    let person = || PersonId("ann".to_owned());
    let changes = vec!["bio=x".to_owned()];
    let described =
        hall.does(ann, Deed::Describe { person: person(), changes, recording: None }).unwrap();
    hall.does(By::Show, Deed::Written { who, what: described, before: Some(Box::default()) })
        .unwrap();
    hall.does(ann, Deed::Notify { notice: Notice::Weekly }).unwrap();
    let way_out = key("way out").digest();
    hall.does(By::Show, Deed::Tell { who, since: None, news: vec![], way_out }).unwrap();
    let link = |door| Deed::Link { key: key("new").digest(), door, until, then: None };
    let (story, text) = (id("a@x"), "text".to_owned());
    let name = Name::parse("New Name").unwrap();
    let episode = EpisodeId::new("2026-03-01").unwrap();
    let passkey = hall.does(ann, add_passkey("hers")).unwrap();
    let tie = hall.does(ann, Deed::AddIdentity { identity: identity("ann") }).unwrap();
    let (identity, proof, role) = (identity("new"), key("proof").digest(), Role::Contributor);
    let door = Door::Identity { identity: identity.clone(), proof, email: None, role };
    let (email, asked) = ("new@host.example".to_owned(), Some(asked("a browser", "0427")));
    let by_mail = Door::Mail { email, role, asked };
    vec![
        ("link by mail", link(by_mail)),
        ("invite a contributor", link(Door::Invitation { role: Role::Contributor })),
        ("invite an owner", link(Door::Invitation { role: Role::Owner })),
        ("link to an account", link(Door::Account(account(ann)))),
        ("rename", Deed::Rename { name }),
        (
            "make a token",
            Deed::MakeToken {
                key: key("t").digest(),
                title: why(),
                scopes: vec![Scope::Read],
                until,
                passkey: false,
            },
        ),
        ("erase", Deed::Erase),
        ("vote", vote("a@x", Ballot::For)),
        ("report", Deed::Report { what: proposal, why: why() }),
        ("claim", Deed::Claim { story: story.clone(), until }),
        ("claim what is taken", Deed::Claim { story: id("taken@x"), until }),
        ("release another's", Deed::Release { story: id("taken@x") }),
        ("suggest", Deed::Suggest { story, why: why() }),
        ("propose", propose("a@x", "text")),
        ("comment", Deed::Comment { on: proposal, text: text.clone() }),
        ("withdraw another's", Deed::Withdraw { proposal }),
        ("accept", Deed::Accept { proposal, base: String::new(), text }),
        ("decline", Deed::Decline { proposal, why: why() }),
        ("hide", Deed::Hide { what: proposal, why: why() }),
        ("unhide", Deed::Unhide { what: proposal, why: why() }),
        ("dismiss", Deed::Dismiss { report, why: why() }),
        ("ban a contributor", Deed::Ban { who: account(ann), why: why() }),
        ("ban an editor", Deed::Ban { who: account(editor), why: why() }),
        ("ban an owner", Deed::Ban { who: account(owner), why: why() }),
        ("unban a contributor", Deed::Unban { who: account(ann), why: why() }),
        ("grant", Deed::Grant { who: account(ann), role: Role::Editor }),
        ("prove", Deed::Prove { who: account(ann), email: "a@host.example".to_owned() }),
        ("disown another's", Deed::Disown { email: "proved@host.example".to_owned() }),
        (
            "describe without proof",
            Deed::Describe { person: person(), changes: vec!["bio=x".to_owned()], recording: None },
        ),
        ("undo", Deed::Undo { what: described, why: why() }),
        ("written", Deed::Written { who: account(ann), what: described, before: None }),
        ("follow", Deed::Follow { what: Interest::Thread(id("a@x")), known: vec![] }),
        ("no mails", Deed::Notify { notice: Notice::Never }),
        ("make a feed", Deed::MakeFeed { key: key("feed").digest() }),
        ("untell", Deed::Untell { who: account(ann) }),
        ("unsubscribe", Deed::Unsubscribe { key: key("way out").digest() }),
        ("merged", Deed::Merged { proposal }),
        ("gone", Deed::Gone),
        ("arrange", Deed::Arrange { episode, story: id("a@x"), to: Arrangement::Last }),
        ("edit", Deed::Edit { episode, sheet: Sheet::Notes, story: None }),
        ("split a take", sound(SoundStep::Split)),
        ("make a master", sound(SoundStep::Master)),
        ("add a take", sound(SoundStep::AddTake { file: "mm.wav".to_owned() })),
        ("climb to a take", sound(SoundStep::RemoveTake { file: "../mm.wav".to_owned() })),
        ("offer a filler", offer(45_000)),
        ("offer a short one", offer(29_000)),
        ("withdraw another's", Deed::WithdrawFiller { filler }),
        ("accept a filler", Deed::AcceptFiller { filler }),
        ("decline a filler", Deed::DeclineFiller { filler, why: why() }),
        ("place a filler", Deed::FillerPlaced { filler, episode }),
        ("link to an identity", link(door)),
        ("make the seal", Deed::Seal { seal: Seal::new(key("seal")) }),
        ("add a passkey", add_passkey("new")),
        ("drop another's key", Deed::DropPasskey { passkey }),
        ("tie an identity", Deed::AddIdentity { identity }),
        ("untie another's", Deed::DropIdentity { identity: tie }),
        ("enter with a passkey", enter_with(account(ann), passkey, "proof")),
        ("stay in another's", Deed::Stay { session: account(ann).0 }),
        ("end another's session", Deed::EndSession { session: account(ann).0 }),
        ("end their sessions", Deed::EndSessions { who: account(ann), but: None }),
    ]
}

/// Who came without the passkey that the role needs may do what the role below may, and is told why for everything else.
#[test]
fn a_role_that_needs_a_passkey_reaches_no_further_without() {
    for first in [Role::Editor, Role::Owner] {
        for at in 0..deeds(&mut Hall::new()).len() {
            let tries = |role, out_of_reach| {
                let mut hall = Hall::new();
                let (name, deed) = deeds(&mut hall).into_iter().nth(at).unwrap();
                let by = hall.joins("Somebody", role);
                (name, hall.does(Acting { by, out_of_reach }, deed).err())
            };
            for role in Role::ALL {
                let (name, full) = tries(role, None);
                let (_, without) = tries(role, Some(first));
                if role < first {
                    assert_eq!(without, full, "{name} is nothing to {role:?}");
                    continue;
                }
                let below = *Role::ALL.iter().rfind(|below| **below < first).unwrap();
                let (_, below) = tries(below, None);
                match (full, below) {
                    (None, Some(_)) => assert_eq!(without, Some(Refusal::Passkey), "{name}"),
                    (None, None) => assert_eq!(without, None, "{name}"),
                    (Some(_), _) => assert!(without.is_some(), "{name}"),
                }
            }
        }
    }
}

#[test]
fn a_passkey_that_is_needed_is_not_added_beside_another_by_who_came_without() {
    let mut hall = Hall::new();
    let ed = hall.joins("Ed", Role::Editor);
    let without = Acting { by: ed, out_of_reach: Some(Role::Editor) };
    let first = hall.does(without, add_passkey("a")).unwrap();
    let refused = "your role here needs a passkey, and you have one: sign in with it first; if it is lost, ask an owner of the show";
    assert_eq!(hall.tries(without, add_passkey("b")), refused);
    assert_eq!(hall.tries(without, Deed::DropPasskey { passkey: first }), refused);
    hall.does(ed, add_passkey("b")).unwrap();
    // An owner who knows that it was lost takes the role for a moment.
    let who = ed.account().unwrap();
    hall.does(By::Show, Deed::Grant { who, role: Role::Contributor }).unwrap();
    assert_eq!(hall.tries(without, Deed::DropPasskey { passkey: first }), "done");
    assert_eq!(hall.tries(without, add_passkey("c")), "done");
}

#[test]
fn a_show_keeps_an_owner() {
    let mut hall = Hall::new();
    let olga = hall.joins("Olga", Role::Owner);
    let who = olga.account().unwrap();
    let down = Deed::Grant { who, role: Role::Reader };
    assert_snapshot!(hall.tries(olga, down.clone()), @"a show needs an owner; make somebody else one first");
    assert_snapshot!(hall.tries(olga, Deed::Erase), @"a show needs an owner; make somebody else one first");
    hall.joins("Otto", Role::Owner);
    assert_snapshot!(hall.tries(olga, down.clone()), @"done");
    assert_snapshot!(hall.tries(olga, down), @"only owners may do this; ask an owner of the show for the role");
}

#[test]
fn who_is_banned_does_nothing_until_somebody_thinks_better_of_it() {
    let mut hall = Hall::new();
    let (ann, ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let who: AccountId = ann.account().unwrap();
    let session = key("Ann").digest();
    assert!(hall.commons.session(&session, hall.now).is_some());
    hall.does(ed, Deed::Ban { who, why: "advertisements".to_owned() }).unwrap();
    assert!(hall.commons.session(&session, hall.now).is_none(), "signed out");
    assert_snapshot!(hall.tries(ann, vote("a@x", Ballot::For)), @"this account may not take part: advertisements");
    hall.does(ed, Deed::Unban { who, why: "sorry".to_owned() }).unwrap();
    assert_snapshot!(hall.tries(ann, vote("a@x", Ballot::For)), @"done");
    let log: Vec<String> =
        hall.commons.log().iter().map(|line| format!("{:?}", line.deed)).collect();
    assert_eq!(log.len(), 2, "{log:?}");
}
