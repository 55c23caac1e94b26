//! What `publish` promises, schedules, refuses and lists.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::fs;
use std::path::Path;

use lorecast_testkit::s3::{Act, KEY, S3, SECRET};
use lorecast_testkit::web::{Web, answer};
use show::{Run, command, demo, done, finish, lorecast_in};

const LAST: &str = "2025-06-22";

fn with_demo(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path(), "show");
    test(&folder.path().join("show"));
}

/// Changes a file of the last episode.
fn edit(show: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let path = show.join("episodes").join(LAST).join(name);
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed);
    fs::write(path, changed).unwrap();
}

fn refused(run: Run) -> String {
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    run.stderr
}

#[test]
fn a_dry_run_lists_what_would_change() {
    with_demo(|show| {
        assert!(done(show, &["publish", "--dry-run"]).contains("0 would be changed"));
        edit(show, "notes.md", |text| text + "\nOne more thing.\n");
        let listed = done(show, &["publish", "--dry-run"]);
        let page = format!("~ episodes/{LAST}/index.html\n");
        assert!(listed.contains(&page) && listed.contains("~ feed.xml\n"), "{listed}");
        assert!(!fs::read_to_string(show.join("public/feed.xml")).unwrap().contains("One more"));
    });
}

#[test]
fn what_was_promised_changes_only_for_a_reason() {
    with_demo(|show| {
        let feed = || fs::read_to_string(show.join("public/feed.xml")).unwrap();
        let before = feed();
        edit(show, "published.yaml", |text| text.replace("date: 2025-06-2", "date: 2025-05-2"));
        let why = refused(lorecast_in(show, &["publish"]));
        assert!(why.contains("date was ") && why.contains("--supersede"), "{why}");
        assert_eq!(feed(), before);
        done(show, &["publish", "--supersede", "the date was wrong"]);
        assert_ne!(feed(), before);
        let kept = fs::read_to_string(show.join("episodes").join(LAST).join("published.yaml"));
        let kept = kept.unwrap();
        assert!(kept.contains("reason: the date was wrong"), "{kept}");
        done(show, &["publish"]);
    });
}

#[test]
fn a_sound_that_changed_after_publishing_gets_an_address_of_its_own() {
    with_demo(|show| {
        let path = show.join("episodes").join(LAST).join("master.mp3");
        let mut sound = fs::read(&path).unwrap();
        // An ID3v1 tag behind it: another file, and as good a sound.
        let (old, new) = (sound.len(), sound.len() + 128);
        sound.extend(b"TAG");
        sound.resize(new, 0);
        fs::write(&path, sound).unwrap();
        edit(show, "master.json", |text| text.replace(&old.to_string(), &new.to_string()));
        let why = refused(lorecast_in(show, &["publish"]));
        assert!(why.contains("sha256 was "), "{why}");
        let guid = |feed: &str| feed.matches("urn:uuid:").count();
        let before = fs::read_to_string(show.join("public/feed.xml")).unwrap();
        done(show, &["publish", "--supersede", "a cough is gone"]);
        let after = fs::read_to_string(show.join("public/feed.xml")).unwrap();
        assert!(after.contains(&format!("media/{LAST}-2.mp3\" length=\"{new}\"")), "{after}");
        assert_eq!(guid(&before), guid(&after));
        assert!(done(show, &["publish"]).contains(" 0 changed"));
    });
}

#[test]
fn an_episode_with_a_date_to_come_is_scheduled() {
    with_demo(|show| {
        fs::remove_file(show.join("episodes").join(LAST).join("published.yaml")).unwrap();
        let run = lorecast_in(show, &["publish", "--to", "other", "--at", "2999-01-01T18:00:00Z"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stderr.contains("is scheduled") && run.stdout.starts_with("2 episodes"));
        let feed = fs::read_to_string(show.join("other/feed.xml")).unwrap();
        assert!(!feed.contains(LAST) && !show.join("other/episodes").join(LAST).exists());
        assert!(done(show, &["publish", "--to", "other"]).starts_with("2 episodes"));
        edit(show, "published.yaml", |text| text.replace("2999-", "2025-"));
        assert!(done(show, &["publish", "--to", "other"]).starts_with("3 episodes"));
    });
}

#[test]
fn a_site_that_breaks_a_must_stays_where_it_is() {
    with_demo(|show| {
        let published = || fs::read_to_string(show.join("public/about/index.html")).unwrap();
        let before = published();
        let about = show.join("templates/site/about.html");
        fs::create_dir_all(about.parent().unwrap()).unwrap();
        fs::write(&about, "<!doctype html><title>About</title><script>alert(1)</script>").unwrap();
        let run = lorecast_in(show, &["publish"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(
            run.stdout.contains("error: about/index.html:1") && run.stdout.contains("[WB-08 MUST")
        );
        assert!(run.stderr.contains("nothing was published: "), "{}", run.stderr);
        assert_eq!(published(), before);
        let refused = fs::read_to_string(show.join(".lorecast/refused/about/index.html")).unwrap();
        assert!(refused.contains("alert(1)"), "{refused}");
        done(show, &["publish", "--despite-lint"]);
        assert!(published().contains("alert(1)"));
        fs::remove_file(&about).unwrap();
        done(show, &["publish"]);
        assert_eq!(published(), before);
    });
}

#[test]
fn a_refused_site_promises_nothing() {
    with_demo(|show| {
        let promises = show.join("episodes").join(LAST).join("published.yaml");
        fs::remove_file(&promises).unwrap();
        let about = show.join("templates/site/about.html");
        fs::create_dir_all(about.parent().unwrap()).unwrap();
        fs::write(&about, "<!doctype html><title>About</title><script>alert(1)</script>").unwrap();
        let to_other = ["publish", "--to", "other", "--format", "json"];
        let run = lorecast_in(show, &to_other);
        assert_eq!(run.code, 1, "{}", run.stderr);
        let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(findings.as_array().unwrap().iter().any(|f| f["rule"] == "WB-08"), "{findings}");
        assert!(!promises.exists() && !show.join("other/feed.xml").exists());
    });
}

#[test]
fn an_episode_that_is_out_is_told_of() {
    with_demo(|show| {
        let why = refused(lorecast_in(show, &["tell", LAST]));
        assert!(why.contains("write `email:` into `show.yaml`"), "{why}");
        let settings = show.join("show.yaml");
        let text = fs::read_to_string(&settings).unwrap();
        fs::write(&settings, text + "email: show@podcast.example\ntelling: {hashtags: [linux]}\n")
            .unwrap();
        let mail = done(show, &["tell", LAST]);
        let from = "From: The Lorecast Example Show <show@podcast.example>\n";
        assert!(mail.starts_with(from) && mail.contains("  00:00:00  "), "{mail}");
        let post = done(show, &["tell", LAST, "--post"]);
        assert!(post.ends_with("\n#linux\n") && post.contains(LAST), "{post}");
    });
}

/// A show with a hub, on a server that answers with this in the place of its feed.
fn with_hub(
    feed: impl Fn(&Path) -> Vec<u8> + Send + Sync + 'static,
    test: impl FnOnce(&Path, &Web),
) {
    with_demo(|show| {
        let root = show.to_owned();
        let web = Web::start(move |asked, out| match asked.path.as_str() {
            "/feed.xml" => answer(out, "200 OK", &[], &feed(&root)),
            "/hub" => answer(out, "204 No Content", &[], b""),
            _ => answer(out, "404 Not Found", &[], b""),
        });
        let path = show.join("show.yaml");
        let settings = fs::read_to_string(&path).unwrap();
        let settings = settings.replace("http://127.0.0.1:8700/", &web.url);
        fs::write(&path, format!("{settings}\nfeed:\n  hubs: [\"{}hub\"]\n", web.url)).unwrap();
        test(show, &web);
    });
}

#[test]
fn hubs_are_told_of_the_feed_that_is_out() {
    with_hub(
        |show| fs::read(show.join("public/feed.xml")).unwrap(),
        |show, web| {
            assert_eq!(done(show, &["ping"]), format!("{}hub knows\n", web.url));
            assert_eq!(web.asked().last().map(|asked| asked.method.clone()).unwrap(), "POST");
        },
    );
}

#[test]
fn hubs_are_not_told_of_a_feed_that_nobody_finds() {
    with_hub(
        |_| b"<rss/>".to_vec(),
        |show, web| {
            let why = refused(lorecast_in(show, &["ping"]));
            assert!(why.contains("answers with another feed"), "{why}");
            assert!(web.asked().iter().all(|asked| asked.method == "GET"));
        },
    );
}

#[test]
fn a_feed_is_not_looked_for_elsewhere() {
    with_demo(|show| {
        let elsewhere = Web::start(|_, out| answer(out, "200 OK", &[], b"<rss/>"));
        let place = format!("Location: {}feed.xml", elsewhere.url);
        let web = Web::start(move |_, out| answer(out, "302 Found", &[&place], b""));
        let path = show.join("show.yaml");
        let settings = fs::read_to_string(&path).unwrap();
        let settings = settings.replace("http://127.0.0.1:8700/", &web.url);
        fs::write(&path, format!("{settings}\nfeed:\n  hubs: [\"{}hub\"]\n", web.url)).unwrap();
        let why = refused(lorecast_in(show, &["ping"]));
        assert!(why.contains("leads elsewhere, to `http://127.0.0.1:"), "{why}");
        assert_eq!((web.asked().len(), elsewhere.asked()), (1, vec![]));
    });
}

/// `publish` of a show with `deliver:` in its settings, and keys in the environment.
fn deliver(show: &Path, secret: &str, args: &[&str]) -> Run {
    let mut command = command(show);
    command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", secret);
    finish(command.arg("publish").args(args))
}

#[test]
fn a_site_goes_to_storage_as_the_settings_say() {
    with_demo(|show| {
        let s3 = S3::start();
        let path = show.join("show.yaml");
        let settings = fs::read_to_string(&path).unwrap();
        let to = format!("deliver: {{to: \"s3://casts/show\", endpoint: \"{}\"}}\n", s3.url);
        fs::write(&path, settings + &to).unwrap();
        let why = refused(lorecast_in(show, &["publish"]));
        assert!(why.contains("AWS_ACCESS_KEY_ID"), "{why}");
        let why = refused(deliver(show, "not-the-secret", &[]));
        assert!(why.contains("SignatureDoesNotMatch") && !why.contains("not-the-secret"), "{why}");
        let listed = deliver(show, SECRET, &["--dry-run"]).stdout;
        assert!(listed.contains("+ s3://casts/show/feed.xml\n") && s3.objects().is_empty());

        s3.plan(|line| match line.starts_with("PUT show/index.html") {
            true => Act::Refuse(403, "AccessDenied"),
            false => Act::Serve,
        });
        let why = refused(deliver(show, SECRET, &[]));
        assert!(why.contains("AccessDenied") && why.contains("what they may do"), "{why}");
        let objects = s3.objects();
        assert!(objects.keys().any(|key| key.ends_with(".mp3")), "sound is there already");
        assert!(!objects.contains_key("show/feed.xml"), "and promised by nobody");

        s3.plan(|_| Act::Serve);
        assert_eq!(deliver(show, SECRET, &[]).code, 0);
        let feed = fs::read(show.join("public/feed.xml")).unwrap();
        assert_eq!(s3.objects()["show/feed.xml"].bytes, feed);
        let again = deliver(show, SECRET, &[]).stdout;
        assert!(again.ends_with("s3://casts/show: 0 files sent (0.0 MB), 0 removed\n"), "{again}");
    });
}
