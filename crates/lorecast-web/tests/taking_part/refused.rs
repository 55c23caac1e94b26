//! What nobody may do.

use axum::http::StatusCode;
use insta::assert_snapshot;
use lorecast_community::Role;

use crate::hall::Hall;

/// Every address that something is sent to, with what is sent.
const ALL: &[(&str, &[(&str, &str)])] = &[
    ("/stories/1@x/vote", &[("ballot", "for")]),
    ("/stories/1@x/claim", &[]),
    ("/stories/1@x/propose", &[("text", "a"), ("base", "b")]),
    ("/suggest", &[("story", "5@x"), ("why", "why")]),
    ("/proposals/N/comment", &[("text", "a")]),
    ("/proposals/N/withdraw", &[]),
    ("/proposals/N/decline", &[("why", "why")]),
    ("/proposals/N/accept", &[("text", "a"), ("base", "b")]),
    ("/entries/N/report", &[("why", "why")]),
    ("/entries/N/hide", &[("why", "why")]),
    ("/entries/N/unhide", &[("why", "why")]),
    ("/reports/1/dismiss", &[("why", "why")]),
    ("/accounts/invite", &[("role", "owner")]),
    ("/accounts/invite", &[("role", "editor")]),
    ("/accounts/2/role", &[("role", "owner")]),
    ("/accounts/2/ban", &[("why", "why")]),
    ("/accounts/2/unban", &[("why", "why")]),
    ("/me/name", &[("name", "New")]),
    ("/me/prove", &[("email", "ann@a.example")]),
    ("/me/prove/nonsense", &[]),
    ("/me/disown", &[("email", "ann@a.example")]),
    ("/me/page/ann-vogel", &[("bio", "x")]),
    ("/entries/N/undo", &[("why", "why")]),
    ("/follow", &[("kind", "thread"), ("of", "1@x")]),
    ("/unfollow", &[("kind", "thread"), ("of", "1@x")]),
    ("/me/following/notify", &[("notice", "never")]),
    ("/me/following/feed", &[]),
    ("/unsubscribe/nonsense", &[]),
    ("/me/erase", &[("sure", "yes")]),
];

/// The status of each, for a visitor and each role.
#[test]
fn everybody_tries_everything() {
    let mut table = String::new();
    for (path, fields) in ALL {
        let mut row = String::new();
        for who in [None].into_iter().chain(Role::ALL.map(Some)) {
            let hall = Hall::new();
            let mut ann = hall.joins("Ann", Role::Contributor);
            ann.post("/stories/1@x/propose", &[("text", "a"), ("base", "b")]);
            let number = hall.community.look(|commons| commons.proposals().next().unwrap().0);
            // Another owner, so that this one may leave.
            hall.joins("Olga", Role::Owner);
            let mut browser =
                who.map_or_else(|| hall.visitor(), |role| hall.joins("Somebody", role));
            let status = browser.post(&path.replace('N', &number.to_string()), fields).status;
            row.push_str(&format!(" {}", status.as_u16()));
        }
        table.push_str(&format!(
            "{path:24} {:14}{row}\n",
            fields.first().map_or("", |(_, value)| value)
        ));
    }
    assert_snapshot!(table, @r"
    /stories/1@x/vote        for            401 303 303 303 303
    /stories/1@x/claim                      401 403 303 303 303
    /stories/1@x/propose     a              200 403 303 303 303
    /suggest                 5@x            401 403 303 303 303
    /proposals/N/comment     a              401 403 303 303 303
    /proposals/N/withdraw                   401 403 403 403 403
    /proposals/N/decline     why            401 403 403 303 303
    /proposals/N/accept      a              401 403 403 303 303
    /entries/N/report        why            401 303 303 303 303
    /entries/N/hide          why            401 403 403 303 303
    /entries/N/unhide        why            401 403 403 303 303
    /reports/1/dismiss       why            401 403 403 404 404
    /accounts/invite         owner          401 403 403 403 200
    /accounts/invite         editor         401 403 403 200 200
    /accounts/2/role         owner          401 403 403 403 303
    /accounts/2/ban          why            401 403 403 303 303
    /accounts/2/unban        why            401 403 403 303 303
    /me/name                 New            401 303 303 303 303
    /me/prove                ann@a.example  401 503 503 503 503
    /me/prove/nonsense                      401 404 404 404 404
    /me/disown               ann@a.example  401 403 403 403 403
    /me/page/ann-vogel       x              401 503 503 503 503
    /entries/N/undo          why            401 403 403 404 404
    /follow                  thread         401 303 303 303 303
    /unfollow                thread         401 303 303 303 303
    /me/following/notify     never          401 303 303 303 303
    /me/following/feed                      401 200 200 200 200
    /unsubscribe/nonsense                   404 404 404 404 404
    /me/erase                yes            401 303 303 303 303
    ");
}

#[test]
fn a_form_from_elsewhere_does_nothing() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let mut votes = |sent_from, token: Option<&str>| {
        ann.sent_from = sent_from;
        let own = ann.token.clone();
        token.unwrap_or(&own).clone_into(&mut ann.token);
        let status = ann.post("/stories/1@x/vote", &[("ballot", "for")]).status;
        ann.token = own;
        status
    };
    for elsewhere in ["cross-site", "same-site", "none", ""] {
        assert_eq!(votes(elsewhere, None), StatusCode::FORBIDDEN, "{elsewhere}");
    }
    for wrong in ["", "x", &"0".repeat(64)] {
        assert_eq!(votes("same-origin", Some(wrong)), StatusCode::FORBIDDEN, "{wrong}");
    }
    assert_eq!(votes("same-origin", None), StatusCode::SEE_OTHER);
}

#[test]
fn pages_only_some_may_see() {
    let hall = Hall::new();
    let mut seen = String::new();
    for path in
        ["/me/", "/me/export.json", "/me/page", "/me/following", "/accounts/", "/reports/", "/log"]
    {
        let statuses = [None].into_iter().chain(Role::ALL.map(Some)).map(|who| {
            let name = who.map_or("x", Role::word);
            let mut browser = who.map_or_else(
                || hall.visitor(),
                |role| hall.joins(&format!("{name} of {path}").replace('/', " "), role),
            );
            browser.get(path).status.as_u16().to_string()
        });
        seen.push_str(&format!("{path:18} {}\n", statuses.collect::<Vec<_>>().join(" ")));
    }
    assert_snapshot!(seen, @r"
    /me/               401 200 200 200 200
    /me/export.json    401 200 200 200 200
    /me/page           401 200 200 200 200
    /me/following      401 200 200 200 200
    /accounts/         401 403 403 200 200
    /reports/          401 403 403 200 200
    /log               200 200 200 200 200
    ");
}

#[test]
fn hidden_words_are_seen_by_editors_and_their_writer() {
    let hall = Hall::new();
    let (mut ann, mut ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let place = ann.post("/stories/1@x/propose", &[("text", "Rude words."), ("base", "")]).headers
        ["location"]
        .to_str()
        .unwrap()
        .to_owned();
    let number = place.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let mut bob = hall.joins("Bob", Role::Reader);
    bob.sends(&format!("/entries/{number}/report"), &[("why", "It is rude.")]);
    assert!(ed.says("/reports/").contains("Bob about a proposal of Ann: It is rude."));
    ed.sends(&format!("/entries/{number}/hide"), &[("why", "It is.")]);
    assert!(ed.says("/reports/").contains("Nothing was reported."));
    assert_eq!(bob.get(&place).status, StatusCode::NOT_FOUND);
    assert!(!hall.visitor().says("/stories/1@x/").contains("Rude"));
    assert!(ann.says(&place).contains("hidden from others"));
    assert!(ed.says(&place).contains("Rude words."));
    assert!(hall.visitor().says("/log").contains(&format!("Ed hid entry {number}: It is.")));
}

#[test]
fn who_does_too_much_has_to_wait() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Reader);
    let mut vote = || ann.post("/stories/1@x/vote", &[("ballot", "for")]).status;
    let refused = (0..200).find(|_| vote() == StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.is_some_and(|after| after >= 100), "{refused:?}");
    let mut visitor = hall.visitor();
    let mut asks = || visitor.post("/sign-in", &[("email", "victim@host.example")]).status;
    assert!((0..20).any(|_| asks() == StatusCode::TOO_MANY_REQUESTS));
}

#[test]
fn a_form_is_bounded() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let long = "x".repeat(2 << 20);
    assert_eq!(
        ann.post("/stories/1@x/propose", &[("text", &long)]).status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let page = ann.sends("/stories/1@x/propose", &[("text", &"x".repeat(20_001))]);
    assert!(page.contains("The text may have 20000 characters; shorten it."), "{}", &page[..300]);
}
