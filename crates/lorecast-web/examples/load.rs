//! How much a server takes: votes a second, and listeners to what happens. Run by `tests/parity/web/load.sh`.
//!
//!     load votes VOTES ACCOUNTS AT_ONCE     at the store, then through HTTP with session and token
//!     load listeners LISTENERS EVENTS       memory of each, and how long one event takes to reach all
//!
//! The server is a process of its own on the same machine.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example for one who watches it"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{AccountId, Ballot, By, Deed, Door, Key, Name, Role};
use lorecast_desk::{Community, Desk, Scaffold, Silent};
use lorecast_model::MessageId;
use lorecast_web::{Ending, Front, Serving};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Any<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(0);
    let runtime = tokio::runtime::Runtime::new()?;
    match arguments.first().map(String::as_str) {
        Some("serve") => runtime.block_on(serve(Utf8Path::new(&arguments[1]))),
        Some("votes") => runtime.block_on(votes(number(1), number(2), number(3).max(1))),
        Some("listeners") => runtime.block_on(listeners(number(1), number(2).max(1))),
        _ => Err("say `votes VOTES ACCOUNTS AT_ONCE` or `listeners LISTENERS EVENTS`".into()),
    }
}

/// A show in a folder that is gone in the end.
struct Show {
    _dir: tempfile::TempDir,
    root: Utf8PathBuf,
}

impl Show {
    fn new() -> Any<Self> {
        let dir = tempfile::tempdir_in(std::env::var("WORK").unwrap_or_else(|_| ".".to_owned()))?;
        let root = Utf8Path::from_path(dir.path()).ok_or("a path that is not UTF-8")?.join("show");
        let scaffold = Scaffold { title: "Load", author: "A", url: "https://a.example/" };
        Desk::init(&root, &scaffold)?;
        if let Ok(store) = std::env::var("STORE") {
            let file = root.join("show.yaml");
            let yaml = std::fs::read_to_string(&file)?;
            std::fs::write(&file, format!("{yaml}\nstore: {store}\n"))?;
        }
        Ok(Self { _dir: dir, root })
    }

    fn community(&self) -> Any<Community> {
        Ok(Desk::open(&self.root, &Silent)?.community()?)
    }
}

/// Somebody who is signed in.
#[derive(Clone)]
struct Person {
    account: AccountId,
    session: Key,
}

fn key(nth: usize, purpose: u8) -> Key {
    let mut bytes = [purpose; 32];
    bytes[..8].copy_from_slice(&nth.to_le_bytes());
    Key::new(bytes)
}

async fn people(community: &Community, count: usize) -> Any<Vec<Person>> {
    let mut people = Vec::with_capacity(count);
    let mut tasks = tokio::task::JoinSet::new();
    for nth in 0..count {
        let community = community.clone();
        tasks.spawn(async move {
            let now = Timestamp::now();
            let until = now + SignedDuration::from_hours(24);
            let (link, session) = (key(nth, 1), key(nth, 2));
            let door = Door::Invitation { role: Role::Contributor };
            let offer = Deed::Link { key: link.digest(), door, until, then: None };
            community.does(By::Show, offer, now).await.unwrap();
            let name = Some(Name::parse(&format!("Voter {nth}")).unwrap());
            let done = community.enter(&link, &session, name, None, now).await.unwrap();
            Person { account: done.account.unwrap(), session }
        });
    }
    while let Some(person) = tasks.join_next().await {
        people.push(person?);
    }
    Ok(people)
}

fn story(nth: usize) -> MessageId {
    MessageId::new(&format!("{}@load.example", nth % 24)).unwrap()
}

async fn votes(votes: usize, accounts: usize, at_once: usize) -> Any<()> {
    let show = Show::new()?;
    let community = show.community()?;
    let people = Arc::new(people(&community, accounts).await?);
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..at_once {
        let (community, people, next) = (community.clone(), Arc::clone(&people), Arc::clone(&next));
        tasks.spawn(async move {
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                if nth >= votes {
                    return;
                }
                let person = &people[nth % people.len()];
                let ballot =
                    if nth / people.len() % 2 == 0 { Ballot::For } else { Ballot::Against };
                let vote = Deed::Vote { story: story(nth), ballot };
                community.does(By::Account(person.account), vote, Timestamp::now()).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    println!(
        "at the store: {:.0} votes/s ({votes} votes, {at_once} at once)",
        per_second(votes, begun)
    );
    drop(community);
    through_http(&show, &people, votes, at_once).await
}

fn per_second(count: usize, begun: Instant) -> f64 {
    count as f64 / begun.elapsed().as_secs_f64()
}

/// Each account may do 120 things a minute: with enough of them nobody has to wait.
async fn through_http(
    show: &Show,
    people: &Arc<Vec<Person>>,
    votes: usize,
    at_once: usize,
) -> Any<()> {
    let server = Server::start(&show.root)?;
    let next = Arc::new(AtomicUsize::new(0));
    let refused = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..at_once {
        let (people, next, refused) = (Arc::clone(people), Arc::clone(&next), Arc::clone(&refused));
        let address = server.address.clone();
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut buffer = vec![0; 16 << 10];
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                if nth >= votes {
                    return;
                }
                let person = &people[nth % people.len()];
                let body = format!("token={}&ballot=for", person.session.digest_for("form").as_str());
                let request = format!(
                    "POST /stories/{}/vote HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\nCookie: __Host-lorecast={}\r\n\
                     Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                    story(nth).as_str(),
                    person.session.text(),
                    body.len(),
                );
                stream.write_all(request.as_bytes()).await.unwrap();
                let mut held = 0;
                while !buffer[..held].windows(4).any(|four| four == b"\r\n\r\n") {
                    let read = stream.read(&mut buffer[held..]).await.unwrap();
                    assert!(read > 0, "the server hung up");
                    held += read;
                }
                if !buffer.starts_with(b"HTTP/1.1 303") {
                    refused.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            }
        });
    }
    tasks.join_all().await;
    let refused = refused.load(Ordering::Relaxed);
    println!(
        "through HTTP: {:.0} votes/s ({votes} votes, {at_once} connections, {refused} refused)",
        per_second(votes, begun)
    );
    Ok(())
}

/// A server in a process of its own.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(root: &Utf8Path) -> Any<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.args(["serve", root.as_str()]).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        let out = child.stdout.take().ok_or("no output")?;
        BufReader::new(out).read_line(&mut address)?;
        Ok(Self { child, address: address.trim().to_owned() })
    }

    /// Bytes in memory.
    fn memory(&self) -> Any<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse::<u64>()? * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

async fn serve(root: &Utf8Path) -> Any<()> {
    raise_limit();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let desk = Desk::open(root, &Silent)?;
    let (_end, ending) = Ending::new();
    let serving = Serving {
        root: root.to_owned(),
        url: format!("http://{address}"),
        site: root.join("public"),
        site_at: None,
        community: desk.community()?,
        ending,
    };
    let router = lorecast_web::router(serving)?;
    println!("{address}");
    lorecast_web::serve(router, listener, Front::Nothing, std::future::pending()).await?;
    Ok(())
}

/// Lets this process have as many files open as the system allows.
fn raise_limit() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if setrlimit(Resource::Nofile, limit).is_err() {
        eprintln!("the number of open files cannot be raised");
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

async fn listeners(count: usize, events: usize) -> Any<()> {
    let allowed = raise_limit();
    if allowed < count as u64 + 100 {
        return Err(format!(
            "only {allowed} files may be open here, and {count} listeners need one each"
        )
        .into());
    }
    let show = Show::new()?;
    let community = show.community()?;
    let people = people(&community, 10).await?;
    let server = Server::start(&show.root)?;
    let before = server.memory()?;
    let (heard, mut hearing) = mpsc::unbounded_channel();
    let begun = Instant::now();
    for nth in 0..count {
        let mut stream = TcpStream::connect(&server.address).await?;
        let request = format!("GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
        stream.write_all(request.as_bytes()).await?;
        let heard = heard.clone();
        tokio::spawn(async move {
            let mut buffer = vec![0; 2048];
            loop {
                match stream.read(&mut buffer).await {
                    Ok(0) | Err(_) => return,
                    Ok(read) => {
                        let text = String::from_utf8_lossy(&buffer[..read]);
                        if text.contains("\"votes\"") || text.contains("retry:") {
                            let _ = heard.send((nth, Instant::now()));
                        }
                    }
                }
            }
        });
    }
    for _ in 0..count {
        hearing.recv().await.ok_or("a listener hung up")?;
    }
    let each = (server.memory()?.saturating_sub(before)) as f64 / count as f64 / 1000.0;
    println!(
        "{count} listeners connected in {:.1} s, {each:.1} kB each",
        begun.elapsed().as_secs_f64()
    );
    let mut all: Vec<Duration> = Vec::new();
    for nth in 0..events {
        let vote = Deed::Vote { story: story(nth), ballot: Ballot::For };
        // Another process votes: the server hears of it as it does of a second server.
        let own = nth % 2 == 0;
        let sent = Instant::now();
        if own {
            vote_through_http(&server, &people[nth % people.len()], nth).await?;
        } else {
            community
                .does(By::Account(people[nth % people.len()].account), vote, Timestamp::now())
                .await?;
        }
        let mut times = Vec::with_capacity(count);
        for _ in 0..count {
            let (_, at) = hearing.recv().await.ok_or("a listener hung up")?;
            times.push(at - sent);
        }
        times.sort();
        println!(
            "event {nth} ({}): median {:.0} ms, p99 {:.0} ms, last {:.0} ms",
            if own { "through this server" } else { "from another process" },
            times[count / 2].as_secs_f64() * 1e3,
            times[count * 99 / 100].as_secs_f64() * 1e3,
            times[count - 1].as_secs_f64() * 1e3,
        );
        all.extend(times);
    }
    Ok(())
}

async fn vote_through_http(server: &Server, person: &Person, nth: usize) -> Any<()> {
    let mut stream = TcpStream::connect(&server.address).await?;
    let body = format!("token={}&ballot=for", person.session.digest_for("form").as_str());
    let request = format!(
        "POST /stories/{}/vote HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: __Host-lorecast={}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        story(nth).as_str(),
        person.session.text(),
        body.len(),
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 303") { Ok(()) } else { Err("the vote was refused".into()) }
}
