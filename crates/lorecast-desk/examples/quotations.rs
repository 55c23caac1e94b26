//! What a draft would quote of the top threads of a week: `quotations SHOW WEEK TOP [KIND]`. Prints
//! them for reading, and how many threads have any; with a kind (`series`, `pull` …) only those.

#![allow(clippy::print_stdout, reason = "an example speaks to the one who runs it")]

use camino::Utf8Path;
use lorecast_drafter::{Pick, Quotable, Role, facts, quotable, rank};
use lorecast_model::{EpisodeId, Message, Revision, Thread, Window};
use lorecast_show::ShowDir;
use lorecast_store::{Place, Span, Store};

/// As many words and people as the longest story has.
const WORDS: usize = 3;
const PEOPLE: usize = 5;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let mut next = |name: &str| args.next().ok_or(format!("name {name}"));
    let (root, week, top) = (next("the folder of a show")?, next("a day")?, next("how many")?);
    let kind = next("a kind").ok();
    let show = ShowDir::open(Utf8Path::new(&root))?;
    let profile = show.show()?.profile;
    let store = Place::File(show.index()).open()?;
    let window = Window::week_ending(EpisodeId::new(&week)?);
    let (from, to) = window.bounds();
    let mut all = Vec::new();
    for thread in store.threads(Span { from, to })? {
        let (messages, revisions) = material(&*store, &thread)?;
        all.push((facts(&thread, &messages, &revisions, window, profile), messages, revisions));
    }
    let ranked =
        rank(all.iter().map(|(facts, ..)| facts.clone()).collect(), &show.weights(profile)?);
    let (mut threads, mut quoted, mut answered) = (0, 0, 0);
    for ranked in ranked.into_iter().take(top.parse()?) {
        let named = serde_json::to_value(ranked.facts.kind)?;
        if kind.as_ref().is_some_and(|kind| named != kind.as_str()) {
            continue;
        }
        let Some(at) = all.iter().position(|(f, ..)| f.thread == ranked.facts.thread) else {
            continue;
        };
        let (_, messages, revisions) = all.swap_remove(at);
        let pick = Pick { ranked, messages, revisions };
        let found = quotable(&pick, window, profile, WORDS, PEOPLE);
        threads += 1;
        quoted += usize::from(found.iter().any(|q| q.role == Role::Matter));
        answered += usize::from(found.iter().any(|q| q.role != Role::Matter));
        println!("\n# {} {} [{}]", named, pick.ranked.facts.title, pick.ranked.facts.about);
        found.iter().for_each(print);
    }
    println!("\n{threads} threads, {quoted} say what they are about, {answered} have answers");
    Ok(())
}

fn print(quotable: &Quotable) {
    let Quotable { role, by, quotation, .. } = quotable;
    let cut = if quotation.cut { " …" } else { "" };
    match role {
        Role::Matter => println!("  {}: {}{cut}", quotation.lead, quotation.text),
        Role::Answer(stance) => println!("    {by} {stance:?}: {}{cut}", quotation.text),
    }
}

fn material(store: &dyn Store, thread: &Thread) -> Result<(Vec<Message>, Vec<Revision>), Failure> {
    let keys = store.thread_keys(std::slice::from_ref(&thread.id))?;
    let Some(key) = keys.get(&thread.id) else { return Ok((Vec::new(), Vec::new())) };
    let messages = store.thread_messages(*key)?;
    let mut revisions: Vec<Revision> = Vec::new();
    for message in &messages {
        if let Some(revision) = store.revision_of(&message.header.id)?
            && !revisions.iter().any(|known| known.root == revision.root)
        {
            revisions.push(revision);
        }
    }
    Ok((messages, revisions))
}
