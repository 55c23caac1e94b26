//! What nobody may do.

use axum::http::StatusCode;
use insta::assert_snapshot;
use lorecast_community::{By, Deed, EntryId, Role};
use lorecast_model::MessageId;

use crate::hall::Hall;

/// Every address that something is sent to, with what is sent.
pub(crate) const ALL: &[(&str, &[(&str, &str)])] = &[
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
    ("/produce/2026-03-01/arrange", &[("to", "last"), ("story", "1@x")]),
    ("/produce/2026-03-01/notes", &[("text", "New."), ("base", "Old.")]),
    ("/produce/2026-03-01/notes/preview", &[("text", "New."), ("base", "Old.")]),
    ("/produce/2026-03-01/script/make", &[]),
    ("/produce/2026-03-01/split", &[]),
    ("/produce/2026-03-01/master", &[]),
    ("/produce/2026-03-01/publish", &[]),
    ("/produce/2026-03-01/stop", &[("job", "9")]),
    ("/produce/2026-03-01/schedule", &[("at", "2026-01-01T00:00")]),
    ("/produce/2026-03-01/unschedule", &[]),
    ("/produce/2026-03-01/takes/a.wav/prefer", &[]),
    ("/produce/2026-03-01/takes/a.wav/remove", &[]),
    ("/fillers/F/accept", &[]),
    ("/fillers/F/decline", &[("why", "why")]),
    ("/fillers/F/withdraw", &[]),
    ("/me/name", &[("name", "New")]),
    ("/me/passkeys/ask", &[]),
    ("/me/passkeys", &[("title", "a"), ("answer", "{}")]),
    ("/me/passkeys/1/drop", &[]),
    ("/me/providers/1/drop", &[]),
    ("/me/sessions/2/end", &[]),
    ("/me/sessions/end", &[]),
    ("/me/tokens", &[("title", "a"), ("scope", "edit"), ("days", "1")]),
    ("/me/tokens/1/drop", &[]),
    ("/accounts/2/sign-out", &[]),
    ("/sign-in/passkey", &[("answer", "{}")]),
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

/// A filler of Ann's, whose recording nobody asks for here.
pub(crate) fn a_filler(hall: &Hall) -> EntryId {
    let ann = hall.community.look(|commons| commons.accounts().next().unwrap().0);
    let story = MessageId::new("1@x").unwrap();
    let deed = Deed::OfferFiller { story, recording: "1-a.wav".to_owned(), millis: 45_000 };
    hall.community.does_now(By::Account(ann), deed, jiff::Timestamp::now()).unwrap().entry
}

/// What is sent with recordings in it: who may not is told before any is read.
#[test]
fn recordings_of_those_who_may_not_are_not_read() {
    for (path, expected) in [
        ("/produce/2026-03-01/takes", "401 403 403 422 422"),
        ("/stories/1@x/filler", "401 403 422 422 422"),
    ] {
        let statuses = [None].into_iter().chain(Role::ALL.map(Some)).map(|who| {
            let hall = Hall::new();
            let mut browser =
                who.map_or_else(|| hall.visitor(), |role| hall.joins("Somebody", role));
            let sent = browser.upload(path, &[], &[("a.wav", b"no sound")]);
            sent.status.as_u16().to_string()
        });
        assert_eq!(statuses.collect::<Vec<_>>().join(" "), expected, "{path}");
    }
}

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
            let filler = a_filler(&hall);
            // Another owner, so that this one may leave.
            hall.joins("Olga", Role::Owner);
            let mut browser =
                who.map_or_else(|| hall.visitor(), |role| hall.joins("Somebody", role));
            let status = browser
                .post(
                    &path.replace('N', &number.to_string()).replace('F', &filler.to_string()),
                    fields,
                )
                .status;
            row.push_str(&format!(" {}", status.as_u16()));
        }
        table.push_str(&format!(
            "{path:34} {:7}{row}\n",
            fields.first().map_or("", |(_, value)| value)
        ));
    }
    assert_snapshot!(table, @r"
    /stories/1@x/vote                  for     401 303 303 303 303
    /stories/1@x/claim                         401 403 303 303 303
    /stories/1@x/propose               a       200 403 303 303 303
    /suggest                           5@x     401 403 303 303 303
    /proposals/N/comment               a       401 403 303 303 303
    /proposals/N/withdraw                      401 403 403 403 403
    /proposals/N/decline               why     401 403 403 303 303
    /proposals/N/accept                a       401 403 403 303 303
    /entries/N/report                  why     401 303 303 303 303
    /entries/N/hide                    why     401 403 403 303 303
    /entries/N/unhide                  why     401 403 403 303 303
    /reports/1/dismiss                 why     401 403 403 404 404
    /accounts/invite                   owner   401 403 403 403 200
    /accounts/invite                   editor  401 403 403 200 200
    /accounts/2/role                   owner   401 403 403 403 303
    /accounts/2/ban                    why     401 403 403 303 303
    /accounts/2/unban                  why     401 403 403 303 303
    /produce/2026-03-01/arrange        last    401 403 403 303 303
    /produce/2026-03-01/notes          New.    401 403 403 409 409
    /produce/2026-03-01/notes/preview  New.    401 403 403 200 200
    /produce/2026-03-01/script/make            401 403 403 303 303
    /produce/2026-03-01/split                  401 403 403 303 303
    /produce/2026-03-01/master                 401 403 403 303 303
    /produce/2026-03-01/publish                401 403 403 303 303
    /produce/2026-03-01/stop           9       401 403 403 404 404
    /produce/2026-03-01/schedule       2026-01-01T00:00 401 403 403 422 422
    /produce/2026-03-01/unschedule             401 403 403 303 303
    /produce/2026-03-01/takes/a.wav/prefer         401 403 403 404 404
    /produce/2026-03-01/takes/a.wav/remove         401 403 403 404 404
    /fillers/F/accept                          401 403 403 303 303
    /fillers/F/decline                 why     401 403 403 303 303
    /fillers/F/withdraw                        401 403 403 403 403
    /me/name                           New     401 303 303 303 303
    /me/passkeys/ask                           401 200 200 200 200
    /me/passkeys                       a       401 403 403 403 403
    /me/passkeys/1/drop                        401 404 404 404 404
    /me/providers/1/drop                       401 404 404 404 404
    /me/sessions/2/end                         401 404 404 404 404
    /me/sessions/end                           401 303 303 303 303
    /me/tokens                         a       401 200 200 200 200
    /me/tokens/1/drop                          401 404 404 404 404
    /accounts/2/sign-out                       401 403 403 403 303
    /sign-in/passkey                   {}      403 403 403 403 403
    /me/prove                          ann@a.example 401 503 503 503 503
    /me/prove/nonsense                         401 404 404 404 404
    /me/disown                         ann@a.example 401 403 403 403 403
    /me/page/ann-vogel                 x       401 503 503 503 503
    /entries/N/undo                    why     401 403 403 404 404
    /follow                            thread  401 303 303 303 303
    /unfollow                          thread  401 303 303 303 303
    /me/following/notify               never   401 303 303 303 303
    /me/following/feed                         401 200 200 200 200
    /unsubscribe/nonsense                      404 404 404 404 404
    /me/erase                          yes     401 303 303 303 303
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
    for path in [
        "/me/",
        "/me/export.json",
        "/me/page",
        "/me/following",
        "/accounts/",
        "/reports/",
        "/log",
        "/produce/2026-03-01/",
        "/produce/2026-03-01/notes",
        "/produce/2026-03-01/script",
        "/produce/2026-03-01/sound",
        "/produce/2026-03-01/master.mp3",
    ] {
        let statuses = [None].into_iter().chain(Role::ALL.map(Some)).map(|who| {
            let name = who.map_or("x", Role::word);
            let mut browser = who.map_or_else(
                || hall.visitor(),
                |role| hall.joins(&format!("{name} of {path}").replace('/', " "), role),
            );
            browser.get(path).status.as_u16().to_string()
        });
        seen.push_str(&format!("{path:26} {}\n", statuses.collect::<Vec<_>>().join(" ")));
    }
    assert_snapshot!(seen, @r"
    /me/                       401 200 200 200 200
    /me/export.json            401 200 200 200 200
    /me/page                   401 200 200 200 200
    /me/following              401 200 200 200 200
    /accounts/                 401 403 403 200 200
    /reports/                  401 403 403 200 200
    /log                       200 200 200 200 200
    /produce/2026-03-01/       401 403 403 200 200
    /produce/2026-03-01/notes  401 403 403 200 200
    /produce/2026-03-01/script 401 403 403 200 200
    /produce/2026-03-01/sound  401 403 403 200 200
    /produce/2026-03-01/master.mp3 401 403 403 409 409
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

/// Who does it, and as what, is never taken from a form.
#[test]
fn fields_that_a_form_does_not_have_do_nothing() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Reader);
    let more =
        [("ballot", "for"), ("by", "1"), ("account", "1"), ("role", "owner"), ("__proto__", "x")];
    assert_eq!(ann.post("/stories/1@x/vote", &more).status, StatusCode::SEE_OTHER);
    assert_eq!(
        ann.post("/me/name", &[("name", "Anna"), ("role", "owner"), ("id", "1")]).status,
        StatusCode::SEE_OTHER
    );
    let accounts = hall.community.look(|commons| {
        let own = commons
            .accounts()
            .map(|(_, account)| format!("{} {}", account.name.as_str(), account.role.word()));
        own.collect::<Vec<_>>()
    });
    assert_eq!(accounts, ["Anna reader"]);
}

#[test]
fn a_field_that_is_given_twice_is_refused() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let votes = |hall: &Hall| hall.community.look(|commons| commons.last());
    let before = votes(&hall);
    let mut sends = |path: &str, fields: &[(&str, &str)]| ann.post(path, fields).status;
    assert_eq!(
        sends("/stories/1@x/vote", &[("ballot", "for"), ("ballot", "against")]),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        sends("/suggest", &[("story", "5@x"), ("why", "a"), ("story", "6@x")]),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(sends("/me/name", &[("name", "A"), ("name", "B")]), StatusCode::BAD_REQUEST);
    assert_eq!(votes(&hall), before, "and nothing is done");
    assert_eq!(hall.visitor().get("/search?q=a&q=b").status, StatusCode::BAD_REQUEST);
    // Of two tokens the first one counts.
    let own = ann.token.clone();
    ann.token = "0".repeat(64);
    assert_eq!(
        ann.post("/stories/1@x/vote", &[("token", &own), ("ballot", "for")]).status,
        StatusCode::FORBIDDEN
    );
}

/// What is wrong here is told in the log, and on the page that it is not the visitor's fault.
#[test]
fn a_page_tells_nothing_of_the_inside() {
    let hall = Hall::new();
    let episode = "episodes/2026-03-01/episode.yaml";
    hall.write(episode, &format!("{}\nsecret_key: [\n", hall.read(episode)));
    for path in ["/week/", "/stories/1@x/", "/api/v1/week"] {
        let answer = hall.visitor().get(path);
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(answer.text.contains("It is not your fault."), "{path}: {}", answer.text);
        for inside in ["secret_key", "episode.yaml", hall.root.as_str(), ".rs:", "yaml"] {
            assert!(!answer.text.contains(inside), "{path} tells {inside}: {}", answer.text);
        }
    }
}
