//! What programs do: with a key, as JSON, and as it happens.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use insta::assert_snapshot;
use lorecast_community::Role;
use lorecast_testkit::mailbox::mail;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::hall::{Answer, Hall, runtime};
use crate::sound::tone;

/// A key that somebody made, for what the page calls `scope`.
fn key(hall: &Hall, name: &str, role: Role, scope: &str) -> String {
    let mut browser = hall.joins(name, role);
    let fields = [("title", "a program"), ("scope", scope), ("days", "10")];
    let page = browser.post("/me/tokens", &fields).text;
    page.split_once("<code class=\"key\">").unwrap().1.split('<').next().unwrap().to_owned()
}

/// The status and what is answered.
pub(crate) fn ask(
    hall: &Hall,
    method: Method,
    path: &str,
    key: &str,
    body: &Value,
) -> (String, Answer) {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    let request = request.header("authorization", format!("Bearer {key}"));
    let answer = hall.send(request.body(Body::from(body.to_string())).unwrap());
    let problem: Value = serde_json::from_str(&answer.text).unwrap();
    let why = problem["detail"].as_str().map(|why| format!(" {why}")).unwrap_or_default();
    (format!("{}{why}", answer.status.as_u16()), answer)
}

#[test]
fn a_program_does_what_its_key_is_for() {
    let hall = Hall::new();
    let take_part = key(&hall, "Ann", Role::Contributor, "take-part");
    let read = key(&hall, "Bob", Role::Contributor, "read");
    let vote = json!({"deed": "vote", "story": "1@x", "ballot": "for"});
    let does = |key: &str, deed: &Value| ask(&hall, Method::POST, "deeds", key, deed).0;
    assert_snapshot!(does(&take_part, &vote), @"200");
    assert_snapshot!(does(&read, &vote), @"403 The token is not for this: make another one on /me/, or do it there.");
    assert_snapshot!(does("nonsense", &vote), @"401 Sign in first.");
    assert_snapshot!(does(&take_part, &json!({"deed": "erase"})), @"403 The token is not for this: make another one on /me/, or do it there.");
    assert_snapshot!(does(&take_part, &json!({"deed": "accept", "proposal": 1, "base": "", "text": "x"})), @"403 The token is not for this: make another one on /me/, or do it there.");
    assert_snapshot!(does(&take_part, &json!({"deed": "suggest", "story": "2@x", "why": " "})), @"422 A reason is missing; write one.");
    assert_snapshot!(does(&take_part, &json!({"deed": "vote", "story": "a b", "ballot": "for"})).split(';').next().unwrap(), @"400 This is no deed: `a b` is not a valid message-id");
    let (_, answer) = ask(&hall, Method::POST, "deeds", &take_part, &vote);
    assert_snapshot!(answer.headers["ratelimit-policy"].to_str().unwrap(), @r#""deeds";q=120;w=60"#);
    assert!(answer.headers["ratelimit"].to_str().unwrap().starts_with("\"deeds\";r=11"));
    let (status, me) = ask(&hall, Method::GET, "me", &read, &Value::Null);
    assert_eq!(
        (status.as_str(), me.text.contains("\"name\":\"Bob\",\"role\":\"contributor\"")),
        ("200", true)
    );
}

#[test]
fn a_key_that_was_made_at_another_server_a_moment_ago_is_known() {
    let hall = Hall::new();
    let other = hall.another();
    let key = key(&hall, "Ann", Role::Contributor, "take-part");
    assert_eq!(ask(&other, Method::GET, "me", &key, &Value::Null).0, "200");
}

#[test]
fn a_key_is_taken_back_and_goes_with_the_account() {
    let hall = Hall::new();
    let key = key(&hall, "Ann", Role::Contributor, "take-part");
    let me = || ask(&hall, Method::GET, "me", &key, &Value::Null).0;
    assert_eq!(me(), "200");
    let (ann, token) = hall.community.look(|commons| {
        let (id, _) = commons.accounts().next().unwrap();
        (id, commons.tokens_of(id).next().unwrap().0)
    });
    let by = lorecast_community::By::Account(ann);
    hall.community
        .does_now(by, lorecast_community::Deed::DropToken { token }, jiff::Timestamp::now())
        .unwrap();
    assert_eq!(me(), "401 Sign in first.");
}

#[test]
fn everybody_reads_what_pages_show() {
    let hall = Hall::new();
    let key = key(&hall, "Ann", Role::Contributor, "take-part");
    let deed = json!({"deed": "propose", "story": "1@x", "base": "a", "text": "b"});
    let (_, done) = ask(&hall, Method::POST, "deeds", &key, &deed);
    let entry = serde_json::from_str::<Value>(&done.text).unwrap()["entry"].as_u64().unwrap();
    let read = |path: &str| ask(&hall, Method::GET, path, "", &Value::Null).1.text;
    let week: Value = serde_json::from_str(&read("week")).unwrap();
    assert_eq!(week["sections"][0]["stories"][0]["talk"]["proposals"], json!([entry]));
    let proposal: Value = serde_json::from_str(&read(&format!("proposals/{entry}"))).unwrap();
    assert_eq!((&proposal["by"]["name"], &proposal["state"]), (&json!("Ann"), &json!("open")));
    let story: Value = serde_json::from_str(&read("stories/1@x")).unwrap();
    assert_eq!(story["talk"]["proposals"], json!([entry]));
    assert_eq!(read("log"), "[]");
    assert_snapshot!(ask(&hall, Method::GET, "proposals/999", "", &Value::Null).0, @"404 There is no proposal 999.");
    let long = format!("stories/{}", "x".repeat(9_000));
    assert_snapshot!(ask(&hall, Method::GET, &long, "", &Value::Null).0, @"400 This address is too long.");
    assert_snapshot!(ask(&hall, Method::DELETE, "week", "", &Value::Null).0.split('.').next().unwrap(), @"405 This address does not take what was sent, or is only sent to");
    assert_snapshot!(ask(&hall, Method::GET, "nothing/here", "", &Value::Null).0, @"404 There is no page at this address.");
}

/// Every address that the document names is there, and every deed that a token may do is in it.
#[test]
fn the_document_is_true() {
    let hall = Hall::new();
    let document: Value =
        serde_json::from_str(&hall.visitor().get("/api/v1/openapi.json").text).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "1@x").replace("{number}", "1");
        let path = path.replace("{date}", "2026-03-01").replace("{sheet}", "notes");
        let path = path.replace("{date}", "2026-03-01");
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let request = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
            let status = runtime().block_on(hall.router.clone().oneshot(request)).unwrap().status();
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            let held_by_nobody = path.contains("proposals") || path.contains("people");
            assert!(status != StatusCode::NOT_FOUND || held_by_nobody, "{path}");
        }
    }
    let deeds: Vec<Value> =
        document["components"]["schemas"]["Deed"]["oneOf"].as_array().unwrap().clone();
    let names = deeds.iter().flat_map(|deed| {
        let name = &deed["properties"]["deed"];
        name["const"]
            .as_str()
            .into_iter()
            .chain(name["enum"].as_array().into_iter().flatten().filter_map(Value::as_str))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    assert_snapshot!(names.collect::<Vec<_>>().join(" "), @"sound withdraw-filler accept-filler decline-filler follow unfollow describe undo vote claim release suggest propose withdraw comment accept decline annotate retract report hide unhide dismiss ban unban arrange");
}

/// Sends a recording as it is: the status and what is answered.
fn send(hall: &Hall, path: &str, key: &str, bytes: Vec<u8>) -> String {
    let request = Request::builder().method(Method::POST).uri(format!("/api/v1/{path}"));
    let request = request.header("authorization", format!("Bearer {key}"));
    let answer = hall.send(request.body(Body::from(bytes)).unwrap());
    format!("{} {}", answer.status.as_u16(), answer.text)
}

#[test]
fn a_program_sends_recordings_and_starts_jobs() {
    let hall = Hall::new();
    let edit = key(&hall, "Ed", Role::Editor, "edit");
    let takes = "episodes/2026-03-01/takes";
    assert_snapshot!(send(&hall, takes, &edit, tone(0.2)), @r#"200 {"file":"recording.wav"}"#);
    assert!(send(&hall, takes, &edit, b"GIF89a".to_vec()).starts_with("422 "));
    let takes_part = key(&hall, "Ann", Role::Contributor, "take-part");
    assert!(send(&hall, takes, &takes_part, tone(0.2)).starts_with("403 "));
    assert!(send(&hall, "stories/1@x/fillers", &takes_part, tone(31.0)).starts_with("200 {"));
    let deed = |step: Value| {
        let mut deed = json!({"deed": "sound", "episode": "2026-03-01"});
        deed.as_object_mut().unwrap().extend(step.as_object().unwrap().clone());
        ask(&hall, Method::POST, "deeds", &edit, &deed).0
    };
    assert_snapshot!(deed(json!({"step": "remove-take", "file": "recording.wav"})), @"200");
    assert_snapshot!(deed(json!({"step": "remove-take", "file": "../x"})).split(' ').next().unwrap(), @"422");
    assert_snapshot!(deed(json!({"step": "add-take", "file": "a.wav"})), @"400 Send the recording itself; see /api/v1/openapi.json.");
    assert_snapshot!(deed(json!({"step": "master"})), @"200");
    let (_, sound) = ask(&hall, Method::GET, "episodes/2026-03-01/sound", &edit, &Value::Null);
    let sound: Value = serde_json::from_str(&sound.text).unwrap();
    assert_eq!(
        (&sound["jobs"][0]["work"], &sound["jobs"][0]["state"]),
        (&json!("master"), &json!("waiting"))
    );
    assert_snapshot!(ask(&hall, Method::GET, "episodes/2026-03-01/sound", &takes_part, &Value::Null).0, @"403 The token is not for this: make another one on /me/, or do it there.");
}

#[test]
fn what_happens_is_told_as_it_happens() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let request = Request::builder().uri("/events").body(Body::empty()).unwrap();
    let response = runtime().block_on(hall.router.clone().oneshot(request)).unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers().get("content-encoding"), None);
    let mut body = response.into_body();
    let mut next = || {
        let frame = runtime().block_on(body.frame())?.unwrap();
        Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
    };
    assert_eq!(next().unwrap(), "retry: 2000\n\n");
    ann.post("/stories/1@x/vote", &[("ballot", "for")]);
    // Who gets in is nobody's business.
    hall.joins("Bob", Role::Reader);
    ann.post("/stories/1@x/propose", &[("text", "b"), ("base", "a")]);
    let number = |text: &str| {
        text.chars().map(|c| if c.is_ascii_digit() { 'N' } else { c }).collect::<String>()
    };
    assert_snapshot!(number(&next().unwrap()), @r#"
    id: N
    data: {"entry":N,"story":"N@x","votes":[N,N]}
    "#);
    assert!(next().unwrap().contains("\"proposal\":"));
    hall.ends();
    assert_eq!(next(), None, "streams end with the server");
}

#[test]
fn a_program_cannot_put_words_into_a_mail() {
    let hall = Hall::new();
    hall.ingest(&[mail("5@x").body("The batch is never full.\n")]);
    let key = key(&hall, "Ann", Role::Contributor, "take-part");
    let annotate = |on: &str, exact: &str| {
        let mark = json!([
            {"type": "TextQuoteSelector", "exact": exact},
            {"type": "TextPositionSelector", "start": 900, "end": 900 + exact.len()},
        ]);
        let deed = json!({"deed": "annotate", "on": on, "mark": mark, "text": "Is it?"});
        ask(&hall, Method::POST, "deeds", &key, &deed).0
    };
    assert_snapshot!(annotate("5@x", "I confess everything, all of it"), @"422 These words stand nowhere in the mail, or in several places. Copy them from it, and take more of what stands around them.");
    assert!(annotate("6@x", "never full").starts_with("404 "));
    assert_snapshot!(annotate("5@x", "never full"), @"200");
    // It is marked where it stands.
    let place = hall.community.look(|commons| {
        let id = lorecast_model::MessageId::new("5@x").unwrap();
        commons.annotations_on(&id).next().unwrap().1.mark.position()
    });
    assert_eq!((place.start, place.end), (13, 23));
}

#[test]
fn a_program_of_an_editor_produces() {
    let hall = Hall::new();
    let edit = key(&hall, "Ed", Role::Editor, "edit");
    let read = |key: &str, path: &str| {
        let (status, answer) =
            ask(&hall, Method::GET, &format!("episodes/2026-03-01{path}"), key, &Value::Null);
        (status, serde_json::from_str::<Value>(&answer.text).unwrap())
    };
    let words = read(&edit, "/notes").1;
    let text = words["text"].as_str().unwrap();
    assert_eq!(
        (text, &words["findings"], &words["markers"]),
        (hall.read("episodes/2026-03-01/notes.md").as_str(), &Value::Null, &json!([]))
    );
    let save = |key: &str, text: &str| {
        let body = json!({"base": words["text"], "text": text});
        ask(&hall, Method::POST, "episodes/2026-03-01/notes", key, &body)
    };
    assert_eq!(save(&edit, &text.replace("Nobody", "Hardly anybody")).0, "200");
    assert_eq!(save(&edit, &text.replace("Bob posted", "Bob has posted")).0, "200");
    let (status, conflict) = save(&edit, &text.replace("Nobody", "Not one"));
    assert_snapshot!(status, @"409 Others changed the same lines meanwhile, and nothing was saved: choose in `both`, and send it with `now` as the base.");
    let conflict: Value = serde_json::from_str(&conflict.text).unwrap();
    assert!(
        conflict["both"]
            .as_str()
            .unwrap()
            .contains("Hardly anybody answered.\n=======\nNot one answered.\n"),
        "{conflict}"
    );
    assert!(conflict["now"].as_str().unwrap().contains("Bob has posted"));
    let arrange = |key: &str, to: Value| {
        let deed = json!({"deed": "arrange", "episode": "2026-03-01", "story": "1@x", "to": to});
        ask(&hall, Method::POST, "deeds", key, &deed).0
    };
    assert_eq!(arrange(&edit, json!("last")), "200");
    assert_eq!(arrange(&edit, json!({"before": "2@x"})), "200");
    assert_snapshot!(arrange(&edit, json!({"before": "9@x"})), @"404 The episode tells no story about <9@x>.");
    assert_eq!(read(&edit, "").1["sections"][0]["stories"][0]["story"]["id"], "1@x");
    // It cannot say that something was edited, only edit.
    let lie = json!({"deed": "edit", "episode": "2026-03-01", "sheet": "notes"});
    assert_snapshot!(ask(&hall, Method::POST, "deeds", &edit, &lie).0, @"400 Send the text to /api/v1/episodes/<date>/notes or script; see /api/v1/openapi.json.");
    // Nor can others.
    let part = key(&hall, "Ann", Role::Contributor, "edit");
    assert_snapshot!(save(&part, "New.").0, @"403 Only editors may do this; ask an owner of the show for the role.");
    assert_snapshot!(arrange(&part, json!("last")), @"403 Only editors may do this; ask an owner of the show for the role.");
    assert_snapshot!(read(&part, "/notes").0, @"403 Only editors may do this; ask an owner of the show for the role.");
    assert_snapshot!(read("nonsense", "").0, @"401 Sign in first.");
}

#[test]
fn a_program_follows_and_reads_of_people() {
    let hall = Hall::new();
    hall.ingest(&[mail("1@x").from("Ann Vogel <ann@a.example>")]);
    let take_part = key(&hall, "Ann", Role::Reader, "take-part");
    let read = key(&hall, "Bob", Role::Reader, "read");
    let does = |key: &str, deed: &Value| ask(&hall, Method::POST, "deeds", key, deed).0;
    let follow = json!({"deed": "follow", "what": {"thread": "1@x"}});
    assert_snapshot!(does(&take_part, &follow), @"200");
    assert_snapshot!(does(&take_part, &follow), @"409 This was followed by you already.");
    assert_snapshot!(does(&read, &follow), @"403 The token is not for this: make another one on /me/, or do it there.");
    let describe = json!({"deed": "describe", "person": "ann-vogel", "changes": ["bio=x"]});
    assert_snapshot!(does(&take_part, &describe), @"403 Prove a mail address of yours first, on /me/page.");
    assert_snapshot!(does(&take_part, &json!({"deed": "prove", "who": 1, "email": "ann@a.example"})), @"403 The token is not for this: make another one on /me/, or do it there.");
    let get = |path: &str, key: &str| ask(&hall, Method::GET, path, key, &Value::Null);
    let (status, following) = get("following", &read);
    assert_eq!(
        (status.as_str(), following.text.as_str()),
        ("200", "{\"notice\":\"never\",\"follows\":[],\"news\":[]}")
    );
    assert!(get("following", &take_part).1.text.contains("\"follows\":[{\"thread\":\"1@x\"}]"));
    assert_eq!(get("following", "").1.status, StatusCode::UNAUTHORIZED);
    let (status, person) = get("people/ann-vogel", "");
    assert_eq!(status, "200");
    assert!(
        person.text.contains("\"name\":\"Ann Vogel\"") && !person.text.contains("ann@a"),
        "{}",
        person.text
    );
    assert_eq!(get("people/nobody", "").1.status, StatusCode::NOT_FOUND);
}
