//! Links by mail: in the browser that asked, in another one, too late, and for nobody.

use axum::http::StatusCode;
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Deed, Role};
use lorecast_desk::Asker;
use lorecast_model::MessageId;

use crate::hall::{Answer, Browser, Hall, mailed_link, shown_number, unnumbered};

/// The number that a browser shows which asked for a link, and the link.
fn asks(hall: &Hall, browser: &mut Browser<'_>, email: &str) -> (String, String) {
    let page = browser.sends("/sign-in", &[("email", email)]);
    (shown_number(&page), mailed_link(hall))
}

/// Another number of four digits.
fn wrong(number: &str) -> String {
    format!("{:04}", (number.parse::<u16>().unwrap() + 1) % 10_000)
}

#[test]
fn a_link_that_somebody_else_has_lets_them_in_nowhere() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    let (_, link) = asks(&hall, &mut ann, "ann@host.example");
    let mut thief = hall.visitor();
    assert_snapshot!(thief.says(&link), @r"
    200
    Sign in
    This link was asked for in another browser, which shows a number. Type it here. If you did not ask, close the page, and give no number to anybody.
    The number of four digits
    Go on
    Or have another link sent to the same mail address, for this browser.
    Send me another link
    ");
    assert_snapshot!(thief.sends(&link, &[("name", "Ann")]), @r"
    403
    This cannot be done
    This link was asked for in another browser; open it again, and give the number that the other one shows.
    The first page
    ");
    // One that asked for a link of its own, at another server of the show, is another browser as well.
    let there = hall.another();
    let mut thief = there.visitor();
    asks(&there, &mut thief, "thief@host.example");
    assert_eq!(thief.post(&link, &[("name", "Ann")]).status, StatusCode::FORBIDDEN);
    assert_eq!(there.community.look(|commons| commons.accounts().count()), 0);
    // Nobody makes up what a browser keeps.
    let kept = thief.others["__Host-lorecast-link"].clone();
    for made_up in [kept.replace('a', "b"), kept[..kept.len() - 1].to_owned(), "x.y".to_owned()] {
        thief.others.insert("__Host-lorecast-link".to_owned(), made_up);
        assert_eq!(thief.post(&link, &[("name", "Ann")]).status, StatusCode::FORBIDDEN);
    }
    assert!(ann.sends(&link, &[("name", "Ann")]).starts_with("303 /\n"));
}

#[test]
fn another_browser_lets_in_with_the_number_that_the_first_one_shows() {
    let hall = Hall::new();
    let mut desk = hall.visitor();
    let (number, link) = asks(&hall, &mut desk, "ann@host.example");
    // It is shown as often as the page is read.
    assert_eq!(shown_number(&desk.says("/sign-in?sent=link")), number);
    let there = hall.another();
    let mut phone = there.visitor();
    phone.get(&link);
    let words = phone.sends(&format!("{link}/number"), &[("number", "four digits")]);
    assert!(words.contains("A number has four digits"), "{words}");
    let words = phone.sends(&format!("{link}/number"), &[("number", &wrong(&number))]);
    assert!(
        words.contains("The other browser shows another number. You may try twice more."),
        "{words}"
    );
    let spaced = format!(" {} {}", &number[..2], &number[2..]);
    let words = phone.sends(&format!("{link}/number"), &[("number", &spaced)]);
    assert_eq!(words.split_once('\n').unwrap().0, format!("303 {link}"));
    assert!(words.contains("Welcome. What should we call you?"), "{words}");
    assert!(phone.sends(&link, &[("name", "Ann")]).starts_with("303 /\n"));
    assert!(phone.get("/me/").text.contains("<bdi>Ann</bdi>"));
    assert_eq!(desk.post(&link, &[]).status, StatusCode::NOT_FOUND, "it works once");
    // Another page cannot have it done.
    phone.sent_from = "cross-site";
    assert_eq!(
        phone.post(&format!("{link}/number"), &[("number", "1")]).status,
        StatusCode::FORBIDDEN
    );
}

#[test]
fn three_wrong_numbers_end_a_link_wherever_they_are_given() {
    let hall = Hall::new();
    let there = hall.another();
    let mut ann = hall.visitor();
    let (number, link) = asks(&hall, &mut ann, "ann@host.example");
    let mut tries = [&hall, &there, &hall]
        .map(|at| at.visitor().sends(&format!("{link}/number"), &[("number", &wrong(&number))]));
    assert!(tries[0].contains("You may try twice more."), "{}", tries[0]);
    assert!(tries[1].contains("You may try once more."), "{}", tries[1]);
    assert_snapshot!(std::mem::take(&mut tries[2]), @r"
    410
    Sign in
    This link has ended: three numbers were given for it, and the last was wrong.
    The other browser shows another number.
    Another link goes to the same mail address, for this browser.
    Send me another link
    ");
    let right = hall.visitor().post(&format!("{link}/number"), &[("number", &number)]);
    assert_eq!(right.status, StatusCode::NOT_FOUND);
    assert_eq!(ann.post(&link, &[("name", "Ann")]).status, StatusCode::NOT_FOUND);
    assert!(ann.sends(&format!("{link}/again"), &[]).starts_with("303 /sign-in?sent=link\n"));
    assert!(ann.sends(&mailed_link(&hall), &[("name", "Ann")]).starts_with("303 /\n"));
}

#[test]
fn a_later_link_ends_the_earlier_one() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    let (_, first) = asks(&hall, &mut ann, "ann@host.example");
    let (_, second) = asks(&hall, &mut ann, "ann@host.example");
    assert_snapshot!(ann.says(&first), @r"
    410
    Sign in
    This link has ended: a later mail brought another one.
    Another link goes to the same mail address, for this browser.
    Send me another link
    ");
    assert_eq!(ann.post(&first, &[("name", "Ann")]).status, StatusCode::NOT_FOUND);
    assert!(ann.sends(&second, &[("name", "Ann")]).starts_with("303 /\n"));
}

#[test]
fn texts_for_two_stories_both_arrive() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    let links = ["1@x", "2@x"].map(|story| {
        let fields = [("base", ""), ("text", "Words."), ("email", "ann@host.example")];
        ann.post(&format!("/stories/{story}/propose"), &fields);
        mailed_link(&hall)
    });
    for link in links {
        assert!(ann.sends(&link, &[("name", "Ann")]).starts_with("303 /proposals/"), "{link}");
    }
}

#[test]
fn a_text_whose_mail_came_late_need_not_be_written_again() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    let (story, base) = (MessageId::new("1@x").unwrap(), String::new());
    let wish = Deed::Propose { story, base, text: "It is fast.".to_owned() };
    let (asker, at) = (Asker::new(None).unwrap(), "https://mail.example");
    let before = Timestamp::now() - SignedDuration::from_mins(11);
    hall.community.send_link("ann@host.example", Some(wish), &asker, at, before).unwrap();
    let late = mailed_link(&hall);
    assert_snapshot!(ann.says(&late), @r"
    410
    Sign in
    This link has run out: it works for ten minutes.
    Another link goes to the same mail address, for this browser. The text that came with this one goes along: nothing has to be written again.
    Send me another link
    ");
    assert_eq!(ann.post(&late, &[("name", "Ann")]).status, StatusCode::NOT_FOUND);
    let sent = ann.sends(&format!("{late}/again"), &[]);
    assert_snapshot!(unnumbered(&sent), @r"
    303 /sign-in?sent=text
    Sign in
    A mail is on its way. Your text is offered when you follow the link in it. It works once, for ten minutes.
    In another browser, or on another device, it asks for this number: NNNN
    Should the mail come later, its link sends you another one; your text is kept for an hour more.
    ");
    let link = mailed_link(&hall);
    assert!(hall.read("sent").contains("To: ann@host.example") && link != late);
    assert!(ann.says(&link).contains("It is fast."));
    assert!(ann.sends(&link, &[("name", "Ann")]).starts_with("303 /proposals/"));
    // What was used sends nothing.
    assert_eq!(ann.post(&format!("{link}/again"), &[]).status, StatusCode::NOT_FOUND);
}

#[test]
fn nothing_tells_whether_an_address_has_an_account() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    let (_, link) = asks(&hall, &mut ann, "ann@host.example");
    ann.sends(&link, &[("name", "Ann")]);
    let told = |email: &str| {
        let mut browser = hall.visitor();
        let sent = browser.post("/sign-in", &[("email", email)]);
        let cookie = sent.headers["set-cookie"].to_str().unwrap();
        let (pair, flags) = cookie.split_once(';').unwrap();
        let kept = format!("{} {flags}", pair.split_once('=').unwrap().0);
        let page = unnumbered(&browser.says("/sign-in?sent=link"));
        // Nor does the link where it was not asked for.
        let elsewhere = hall.visitor().says(&mailed_link(&hall));
        let mail = hall.read("sent").replace(email, "…").replace(&mailed_link(&hall), "…");
        let lines = mail.lines().filter(|line| !line.starts_with("Date: "));
        (sent.status, kept, page, elsewhere, lines.map(str::to_owned).collect::<Vec<_>>())
    };
    let (known, unknown) = (told("ann@host.example"), told("nob@host.example"));
    assert_eq!(known, unknown);
    assert!(
        known.1.ends_with(" Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"),
        "{}",
        known.1
    );
}

#[test]
fn a_link_that_was_handed_on_is_for_any_browser() {
    let hall = Hall::new();
    let mut olga = hall.joins("Olga", Role::Owner);
    let page = olga.sends("/accounts/invite", &[("role", "reader")]);
    let link = page.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap();
    // It was asked for by nobody, so no number is, and it is sent nowhere.
    let post = |browser: &mut Browser<'_>, what: &str| -> Answer {
        browser.post(&format!("{link}/{what}"), &[("number", "0000")])
    };
    let mut ed = hall.visitor();
    assert_eq!(post(&mut ed, "number").status, StatusCode::SEE_OTHER);
    assert_eq!(post(&mut ed, "again").status, StatusCode::NOT_FOUND);
    assert!(ed.sends(link, &[("name", "Ed")]).starts_with("303 /\n"));
}
