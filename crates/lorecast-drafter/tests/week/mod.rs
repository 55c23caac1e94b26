//! An invented week of mail, in as few words as possible.

#![allow(dead_code, reason = "each test uses its own part")]

use lorecast_drafter::{Draft, Pick, Request, Subsystems, choose, draft, facts, rank};
use lorecast_mail::{Arrival, parse, subject_tags};
use lorecast_model::{
    CoverLetter, Employers, Episode, EpisodeId, FollowUp, Glossary, ListId, Message, MessageId,
    Revision, Section, SeriesId, Show, Sighting, State, Templates, Thread, Weights, Window,
};
use lorecast_people::{Affiliations, Known, Mailmap, Sources, identify};

/// The Sunday that the week ends with.
pub const DAY: &str = "2023-04-16";

pub fn window() -> Window {
    Window::week_ending(EpisodeId::new(DAY).unwrap())
}

/// A mail: `id day from | subject`, an optional `in-reply-to`, then its body.
pub fn mail(id: &str, day: u8, from: &str, subject: &str, parent: &str, body: &str) -> Message {
    let reply =
        if parent.is_empty() { String::new() } else { format!("In-Reply-To: <{parent}>\n") };
    let raw = format!(
        "Message-ID: <{id}>\nDate: {day} Apr 2023 12:00:00 +0000\nFrom: {from}\nSubject: {subject}\n{reply}Content-Type: text/plain; charset=utf-8\n\n{body}\n"
    );
    let list = ListId::new("linux-test.lists.example").ok();
    parse(raw.as_bytes(), &Arrival { list, received: None })
}

pub fn post(id: &str, from: &str, subject: &str, body: &str) -> Message {
    mail(id, 12, from, subject, "", body)
}

/// A thread with the revision that its root is, if it is one.
pub struct Talk(pub Vec<Message>);

impl Talk {
    pub fn thread(&self) -> Thread {
        let first = &self.0[0].header;
        Thread {
            id: first.id.clone(),
            subject: first.subject.clone(),
            messages: self.0.len() as u32,
            participants: 0,
            first: first.date,
            last: self.0[self.0.len() - 1].header.date,
        }
    }

    pub fn revisions(&self) -> Vec<Revision> {
        let header = &self.0[0].header;
        let tags = subject_tags(&header.subject);
        let says = |m: &&Message| m.text.lines().any(|line| line.starts_with("Applied"));
        let by = self.0.iter().skip(1).find(says).map(|m| m.header.id.clone());
        let revision = Revision {
            root: header.id.clone(),
            series: SeriesId(header.id.clone()),
            version: tags.version,
            previous: None,
            next: None,
            tie: None,
            confidence: 0,
            title: tags.title,
            author: header.from.clone(),
            date: header.date,
            rfc: tags.rfc,
            resend: false,
            trees: vec![],
            cover: (tags.number == Some(0)).then(|| CoverLetter { id: header.id.clone() }),
            patches: Vec::new(),
            replaced: vec![],
            announced: tags.total.unwrap_or(1),
            state: by.map_or(State::Posted, |by| State::Applied {
                by: lorecast_model::Proof::Message(by),
            }),
        };
        if tags.patch && !tags.reply { vec![revision] } else { Vec::new() }
    }
}

pub fn show() -> Show {
    serde_yaml::from_str(
        "title: The Test Podcast\ndescription: d\nauthor: Ada Sample\nurl: https://podcast.example/\n",
    )
    .unwrap()
}

pub fn sections() -> Vec<Section> {
    serde_yaml::from_str(include_str!("../../../../subsystems.yaml")).unwrap()
}

/// The built-in weights.
pub fn weights() -> Weights {
    serde_yaml::from_str(include_str!("../../../../ranking.yaml")).unwrap()
}

pub fn templates() -> Templates {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates/notes");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let named = |path: std::path::PathBuf| {
        let name = format!("notes/{}", path.file_name().unwrap().to_str().unwrap());
        (name, std::fs::read_to_string(path).unwrap())
    };
    Templates(files.map(named).collect())
}

/// Ranks, chooses and drafts a week, as the desk does.
pub fn drafted(talks: &[Talk], decided: Option<&Episode>) -> Draft {
    followed(talks, &[], decided)
}

/// The same with news of what earlier episodes told.
pub fn followed(talks: &[Talk], follow_ups: &[FollowUp], decided: Option<&Episode>) -> Draft {
    drafted_as(talks, follow_ups, decided, |_| ())
}

/// The same with revisions that stand elsewhere than their mails tell.
pub fn drafted_as(
    talks: &[Talk],
    follow_ups: &[FollowUp],
    decided: Option<&Episode>,
    stand: impl Fn(&mut Revision),
) -> Draft {
    drafted_with(talks, follow_ups, decided, stand, |_| ())
}

/// The same with a request that a test changes.
pub fn drafted_with(
    talks: &[Talk],
    follow_ups: &[FollowUp],
    decided: Option<&Episode>,
    stand: impl Fn(&mut Revision),
    change: impl for<'a> Fn(&mut Request<'a>),
) -> Draft {
    let show = show();
    let all = talks
        .iter()
        .map(|talk| facts(&talk.thread(), &talk.0, &talk.revisions(), window(), show.profile));
    let ranked = rank(all.collect(), &weights());
    let of = |id: &MessageId| talks.iter().find(|talk| talk.thread().id == *id).unwrap();
    let chosen = choose(&ranked, &show, decided).into_iter().map(|at| ranked[at].clone());
    let picks: Vec<Pick> = chosen
        .map(|ranked| {
            let talk = of(&ranked.facts.thread);
            let mut revisions = talk.revisions();
            revisions.iter_mut().for_each(&stand);
            Pick { messages: talk.0.clone(), revisions, ranked }
        })
        .collect();
    let subsystems = Subsystems::new(sections(), None).unwrap();
    let employers = affiliations(talks, &Employers::default());
    let mut request = Request {
        show: &show,
        id: EpisodeId::new(DAY).unwrap(),
        window: window(),
        number: Some(1),
        picks: &picks,
        follow_ups,
        covered: &[],
        posts: &[],
        corrections: &[],
        employers: &employers,
        decided,
        subsystems: &subsystems,
        templates: &templates(),
        glossary: &Glossary::default(),
        offers: &std::collections::BTreeMap::new(),
    };
    change(&mut request);
    draft(&request).unwrap()
}

/// Whom the people of some threads worked for, by their mails and an `employers.yaml`.
pub fn affiliations(talks: &[Talk], employers: &Employers) -> Affiliations {
    let messages = talks.iter().flat_map(|talk| &talk.0);
    let seen = messages.map(|message| Sighting {
        writer: message.writer.clone(),
        mails: 1,
        first: message.header.date,
        last: message.header.date,
        proof: Some(message.header.id.clone()),
    });
    let seen: Vec<Sighting> = seen.collect();
    let mailmap = Mailmap::default();
    let people =
        identify(&seen, &Known { people: &[], mailmap: &mailmap, decisions: &[], employers });
    Affiliations::new(people, &seen, &Sources::new(employers, Vec::new()))
}

pub const LINA: &str = "Lina Torvik <lina@kernel.example>";
pub const PIA: &str = "Pia Nordquist <pia@vendor.example>";
pub const OMAR: &str = "Omar Quill <omar@maintainers.example>";
pub const RUTH: &str = "Ruth Abbott <ruth@other.example>";
