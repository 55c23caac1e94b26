//! The disk fills up, or the database goes away, under a running server: pages go on to be read, what was acknowledged is kept,
//! and nobody has to start anything again.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a helper of a test fails like the test itself"
)]

mod served;
mod show;

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use lorecast_testkit::postgres::Postgres;
use served::{Server, sign_in};

/// How long something may take that needs no hand.
const SOON: Duration = Duration::from_secs(60);

/// Asks until the answer is right.
fn soon(what: &str, mut is: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < SOON, "{what}: not after {SOON:?}");
        std::thread::yield_now();
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_full_disk_answers_507_and_serves_reads() {
    // A disk of its own, which goes with its process; that takes root, or a kernel that lets anybody be root of a namespace.
    let spaces = ["-m", "-rm"].into_iter().find(|flags| {
        let mount =
            Command::new("unshare").args([flags, "mount", "-t", "tmpfs", "tmp", "/mnt"]).output();
        mount.is_ok_and(|done| done.status.success())
    });
    let Some(spaces) = spaces else {
        eprintln!("SKIPPED: nobody may mount a disk here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    show::demo(folder.path(), "whole");
    let coming = folder.path().join("whole/episodes/2025-06-22/published.yaml");
    std::fs::remove_file(coming).unwrap();
    std::fs::create_dir(folder.path().join("show")).unwrap();
    let lorecast = env!("CARGO_BIN_EXE_lorecast");
    let line = format!(
        "mount -t tmpfs -o size=80m tmp show && cp -a whole/. show && {lorecast} serve --sign-in --show show >link && exec {lorecast} serve --show show --port 0"
    );
    let mut command = show::shell(folder.path(), &line);
    let mut unshare = Command::new("unshare");
    unshare
        .arg(spaces)
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(folder.path())
        .env_clear();
    unshare.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command = unshare;
    let server = Server::run(&mut command, &folder.path().join("log"));
    let link = std::fs::read_to_string(folder.path().join("link")).unwrap();
    let (cookie, token) = served::enter(&server, &link);
    let propose = |text: &str| {
        let form = format!("token={token}&base=b&text={text}");
        let answer = server.ask("POST", "/stories/1@x.example/propose", &cookie, &form).unwrap();
        (status(&answer), answer)
    };
    let mut kept = vec!["before".to_owned()];
    assert_eq!(propose("before").0, 303);

    // Its disk, as the process sees it, is filled to the last byte.
    let inside = format!("/proc/{}/root{}/show/filler", server.child.id(), folder.path().display());
    let mut filler = File::create(&inside).unwrap();
    for piece in [1 << 20, 4096, 1] {
        while filler.write_all(&vec![b'x'; piece]).is_ok() {}
    }
    let long = "word ".repeat(3_000).trim().replace(' ', "+");
    let mut tried = 0;
    let refused = loop {
        tried += 1;
        let text = format!("{tried}+{long}");
        match propose(&text) {
            (303, _) => kept.push(tried.to_string()),
            refused => break refused,
        }
        assert!(tried < 40, "there is room for everything");
    };
    assert_eq!(refused.0, 507, "{}", refused.1);
    assert!(refused.1.contains("The server has no room to keep this."), "{}", refused.1);
    let thread = "/20250616084110.93445-1-wanjiru@ndovu.example/t/";
    for page in [
        "/",
        "/latest",
        thread,
        "/search?q=s:batch",
        "/stories/1@x.example/",
        "/health",
        "/me/",
        "/site/",
    ] {
        let answer = server.get(page, &cookie);
        assert_eq!(status(&answer), 200, "{page}: {answer}{}", server.log());
    }

    // Somebody makes room, and it goes on.
    std::fs::remove_file(&inside).unwrap();
    drop(filler);
    let (done, answer) = propose("after");
    assert_eq!(done, 303, "{answer}");
    kept.push("after".to_owned());
    let own = server.get("/me/export.json", &cookie);
    for text in &kept {
        let begins = [
            format!("\"text\":\"{text}\""),
            format!("\"text\":\"{text} word"),
            format!("\"text\": \"{text}"),
        ];
        assert!(
            begins.iter().any(|begins| own.contains(begins)),
            "`{text}` was acknowledged: {own}"
        );
    }
}

#[test]
fn the_database_goes_away_and_comes_back() {
    let Some(database) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let show = show::demo(folder.path(), "show");
    let yaml = show.join("show.yaml");
    let text = std::fs::read_to_string(&yaml).unwrap();
    std::fs::write(&yaml, format!("{text}\nstore: {}\n", database.fresh())).unwrap();
    show::done(&show, &["ingest"]);
    let (here, there) = (Server::start(folder.path()), Server::start(folder.path()));
    let (cookie, token) = sign_in(folder.path(), &here);
    let vote = |story: &str| {
        let form = format!("token={token}&ballot=for");
        here.ask("POST", &format!("/stories/{story}/vote"), &cookie, &form).unwrap()
    };
    let mut heard = there.listen();
    let thread = "/20250616084110.93445-1-wanjiru@ndovu.example/t/";
    assert_eq!(status(&vote("before@x.example")), 303);
    assert!(heard.any(|line| line.contains("before@x.example")));
    assert_eq!(status(&here.get(thread, "")), 200);

    database.stop();
    let refused = vote("meanwhile@x.example");
    assert_eq!(status(&refused), 503, "{refused}");
    assert!(refused.contains("Nothing that was kept is lost; try again in a moment."), "{refused}");
    let page = here.get(thread, "");
    assert_eq!(status(&page), 503, "{page}");
    assert!(page.contains("The database is away"), "{page}");
    // What is known without it is told without it.
    assert!(here.get("/api/v1/stories/before@x.example", "").contains("\"votes_for\":1"));

    database.start_again();
    soon("a thread is read again", || status(&here.get(thread, "")) == 200);
    soon("the other server reads as well", || status(&there.get(thread, "")) == 200);
    soon("votes are kept again", || status(&vote("after@x.example")) == 303);
    assert!(
        heard.any(|line| line.contains("after@x.example")),
        "who listened all the time hears of it"
    );
    for (story, votes) in [("before", 1), ("meanwhile", 0), ("after", 1)] {
        let answer = there.get(&format!("/api/v1/stories/{story}@x.example"), "");
        assert!(answer.contains(&format!("\"votes_for\":{votes}")), "{story}: {answer}");
    }
}
