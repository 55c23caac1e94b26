//! What somebody who proved an address says of themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::{Deed, Refusal, Role, is_mail_address};
use lorecast_desk::{DeskError, EntryChange, OwnWord};
use lorecast_model::{Affiliation, Person, PersonId};
use serde::{Deserialize, Serialize};

use super::proposal::{Number, Why};
use super::story::Empty;
use super::to;
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::client::Client;
use crate::fault::Fault;
use crate::pages::{OfPerson, somebody};
use crate::shown::one_line;
use crate::upload::Upload;
use crate::who::{Posted, You};

/// Employers and links that the form has room for.
const ROWS: usize = 8;

#[derive(Serialize)]
struct OwnPage {
    title: &'static str,
    /// Where the account's own mail goes, which may be an address of the archives.
    suggested: String,
    addresses: Vec<AddressLine>,
    people: Vec<EntryForm>,
    sent: bool,
    wrong: Option<String>,
    q: String,
}

#[derive(Serialize)]
struct AddressLine {
    email: String,
    /// Whose it is; nothing when that is not beyond doubt any more.
    name: Option<String>,
}

/// What the form holds.
#[derive(Serialize)]
struct EntryForm {
    id: PersonId,
    link: String,
    name: String,
    say: String,
    pronouns: String,
    bio: String,
    spoken: bool,
    employers: Vec<EmployerRow>,
    links: Vec<LinkRow>,
}

#[derive(Default, Serialize)]
struct EmployerRow {
    name: String,
    from: String,
    until: String,
}

#[derive(Default, Serialize)]
struct LinkRow {
    title: String,
    url: String,
}

/// `/me/page`
pub(crate) async fn own_page(State(app): State<Arc<App>>, you: You) -> Result<Answer, Fault> {
    page(&app, you, false, None).await
}

async fn page(
    app: &Arc<App>,
    you: You,
    sent: bool,
    wrong: Option<String>,
) -> Result<Answer, Fault> {
    let account = you.account().ok_or(Refusal::NotSignedIn)?;
    let (emails, suggested) = app.community.look(|commons| {
        let emails: Vec<String> = commons.proved(account).map(str::to_owned).collect();
        (emails, commons.account(account).and_then(|account| account.email.clone()))
    });
    let inner = Arc::clone(app);
    let found = app.readers.ask(move |reader| {
        let circle = inner.everybody.of(reader)?;
        let (mut people, mut addresses) = (BTreeMap::new(), Vec::new());
        for email in emails {
            let holder = circle.holder(&email);
            let name = holder.map(|somebody| one_line(&circle.portrait(somebody).name));
            if let Some(somebody) = holder {
                let person = lorecast_desk::effective(&somebody.person);
                let spoken = circle.portrait(somebody).audio.is_some_and(|file| file.is_file());
                people
                    .insert(somebody.id.clone(), entry_form(somebody.id.clone(), &person, spoken));
            }
            addresses.push(AddressLine { email: one_line(&email), name });
        }
        Ok((people.into_values().collect(), addresses))
    });
    let (people, addresses) = match found.await {
        Err(Fault::Empty) => (vec![], vec![]),
        found => found?,
    };
    let suggested = suggested.unwrap_or_default();
    let title = "Your page";
    let page = OwnPage { title, suggested, addresses, people, sent, wrong, q: String::new() };
    app.pages.page("own-page", &page, &you)
}

fn entry_form(id: PersonId, person: &Person, spoken: bool) -> EntryForm {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<jiff::civil::Date>| day.map_or(String::new(), |day| day.to_string());
    let employer = |one: &Affiliation| EmployerRow {
        name: one.employer.clone(),
        from: day(one.from),
        until: day(one.until),
    };
    let link =
        |(title, url): (&String, &String)| LinkRow { title: title.clone(), url: url.clone() };
    let mut employers: Vec<EmployerRow> =
        person.employers.iter().take(ROWS).map(employer).collect();
    let mut links: Vec<LinkRow> = person.links.iter().take(ROWS).map(link).collect();
    // Room for one more of each.
    employers.resize_with((employers.len() + 1).min(ROWS), EmployerRow::default);
    links.resize_with((links.len() + 1).min(ROWS), LinkRow::default);
    EntryForm {
        link: address::of_person(&id),
        id,
        name: person.name.clone(),
        say: text(&person.say),
        pronouns: text(&person.pronouns),
        bio: text(&person.bio),
        spoken,
        employers,
        links,
    }
}

/// An address.
#[derive(Deserialize)]
pub(crate) struct EmailForm {
    email: String,
}

/// `POST /me/prove`: a link goes there.
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    client: Client,
    Posted(you, form): Posted<EmailForm>,
) -> Result<Response, Fault> {
    you.needs(Role::Reader)?;
    let email = form.email.trim().to_lowercase();
    let sent = if is_mail_address(&email) {
        app.limits.mail(client, &email)?;
        let (community, at) = (app.community.clone(), app.at(""));
        app.desk(move |_| Ok(community.send_proof(&email, &at, Timestamp::now())?)).await
    } else {
        Err(Refusal::Address.into())
    };
    match sent {
        Ok(()) => Ok(page(&app, you, true, None).await?.into_response()),
        Err(fault) if fault.is_about_the_form() => {
            Ok(page(&app, you, false, Some(fault.words())).await?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

#[derive(Serialize)]
struct ProvePage {
    title: &'static str,
    email: String,
    link: String,
    q: String,
}

/// `/me/prove/<token>`: programs that look at links in mails only look; a button proves it.
pub(crate) async fn proof(
    State(app): State<Arc<App>>,
    you: You,
    Path(token): Path<String>,
) -> Result<Answer, Fault> {
    you.needs(Role::Reader)?;
    let asked = token.clone();
    let email = app.desk(move |desk| Ok(desk.claimed(&asked, Timestamp::now())?)).await?;
    let link = format!(
        "/me/prove/{}",
        percent_encoding::utf8_percent_encode(&token, percent_encoding::NON_ALPHANUMERIC)
    );
    let page = ProvePage { title: "Is this you?", email: one_line(&email), link, q: String::new() };
    app.pages.page("prove", &page, &you)
}

/// `POST /me/prove/<token>`
pub(crate) async fn prove(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    let account = you.account().ok_or(Refusal::NotSignedIn)?;
    app.limits.deed(account)?;
    let community = app.community.clone();
    app.desk(move |_| Ok(community.prove(account, &token, Timestamp::now())?)).await?;
    Ok(to("/me/page"))
}

/// `POST /me/disown`
pub(crate) async fn disown(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<EmailForm>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Disown { email: form.email }).await?;
    Ok(to("/me/page"))
}

/// `POST /me/page/<id>`
pub(crate) async fn describe(
    State(app): State<Arc<App>>,
    OfPerson(id): OfPerson,
    Posted(you, form): Posted<BTreeMap<String, String>>,
) -> Result<Response, Fault> {
    you.needs(Role::Reader)?;
    let (inner, asked) = (Arc::clone(&app), id.clone());
    let person = app.readers.ask(move |reader| {
        let circle = inner.everybody.of(reader)?;
        Ok(lorecast_desk::effective(&somebody(&circle, &asked)?.person))
    });
    let changes = changes(&person.await?, &form);
    if changes.is_empty() {
        return Ok(to("/me/page").into_response());
    }
    let said = app.describes(&you, id, changes, None).await;
    answered(&app, you, said).await
}

/// `POST /me/page/<id>/spoken`: a recording of the name.
pub(crate) async fn record(
    State(app): State<Arc<App>>,
    OfPerson(id): OfPerson,
    Upload { you, file }: Upload,
) -> Result<Response, Fault> {
    // Nothing is kept on the disk of who may not.
    let account = you.account().ok_or(Refusal::NotSignedIn)?;
    if app.community.look(|commons| commons.proved(account).next().is_none()) {
        return Err(Refusal::NotProved.into());
    }
    app.limits.description(account)?;
    let kept = app.desk(move |desk| Ok(desk.keep_recording(&file)?)).await;
    let said = match kept {
        Ok(digest) => app.describes(&you, id, vec![], Some(digest)).await,
        Err(fault) => Err(fault),
    };
    answered(&app, you, said).await
}

async fn answered(app: &Arc<App>, you: You, said: Result<(), Fault>) -> Result<Response, Fault> {
    match said {
        // The id may be another one by now: it is made of the name.
        Ok(()) => Ok(to("/me/page").into_response()),
        Err(fault) if fault.is_about_the_form() => {
            Ok(page(app, you, false, Some(fault.words())).await?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// `POST /entries/<number>/undo`
pub(crate) async fn undo(
    State(app): State<Arc<App>>,
    Number(what): Number,
    Posted(you, form): Posted<Why>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Undo { what, why: form.why }).await?;
    app.write_people().await;
    Ok(to("/log"))
}

impl App {
    /// Says something of somebody who proved to be them, and writes it down.
    async fn describes(
        self: &Arc<Self>,
        you: &You,
        person: PersonId,
        changes: Vec<String>,
        recording: Option<String>,
    ) -> Result<(), Fault> {
        let account = you.account().ok_or(Refusal::NotSignedIn)?;
        if recording.is_none() {
            self.limits.description(account)?;
        }
        let deed = Deed::Describe { person, changes, recording };
        let deed = self.sayable(account, deed).await?;
        self.does(you.acting, deed).await?;
        self.write_people().await;
        Ok(())
    }

    /// The same deed, when what it says can be written now: words that cannot be would wait for ever.
    pub(crate) async fn sayable(
        self: &Arc<Self>,
        account: lorecast_community::AccountId,
        deed: Deed,
    ) -> Result<Deed, Fault> {
        let by = lorecast_community::By::Account(account);
        let emails = self.community.look(|commons| {
            commons.judge(by, &deed, Timestamp::now())?;
            Ok::<_, Refusal>(commons.proved(account).map(str::to_owned).collect::<Vec<_>>())
        })?;
        self.desk(move |desk| {
            let Deed::Describe { person, changes, recording } = &deed else { return Ok(deed) };
            let read = changes.iter().map(|change| change.parse::<EntryChange>());
            let read = read.collect::<Result<Vec<_>, _>>().map_err(Fault::Person)?;
            let recording = recording.as_deref();
            desk.can_say(&OwnWord { person, emails: &emails, changes: &read, recording })?;
            Ok(deed)
        })
        .await
    }

    /// Writes what people said of themselves; what cannot be written now waits.
    pub(crate) async fn write_people(&self) {
        let community = self.community.clone();
        let written = self.desk(move |_| {
            community.write_people(Timestamp::now()).map_err(|error: DeskError| {
                tracing::warn!("what people said of themselves waits: {error}");
                Fault::Unsettled
            })
        });
        // It is kept, and written the next time.
        let _ = written.await;
    }
}

/// What of a form is another word than what is shown, each as people type it at the command line.
fn changes(person: &Person, form: &BTreeMap<String, String>) -> Vec<String> {
    let field =
        |name: &str| form.get(name).map(|text| text.replace("\r\n", "\n").trim().to_owned());
    let mut changes = Vec::new();
    let texts = [
        ("name", Some(&person.name)),
        ("say", person.say.as_ref()),
        ("pronouns", person.pronouns.as_ref()),
        ("bio", person.bio.as_ref()),
    ];
    for (key, shown) in texts {
        let shown = shown.map(|text| text.trim()).unwrap_or_default();
        changes.extend(field(key).filter(|text| text != shown).map(|text| format!("{key}={text}")));
    }
    if form.get("audio").is_some_and(|audio| audio == "none") {
        changes.push("audio=".to_owned());
    }
    changes.extend(employers(person, &field));
    changes.extend(links(person, &field));
    changes
}

fn employers(person: &Person, field: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    field("employer0")?;
    let row = |n: usize| {
        // What parts employers at the command line stands in the name of none.
        let name = field(&format!("employer{n}"))?.replace([';', '\n'], " ").replace("..", " ");
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let day = |what: &str| field(&format!("{what}{n}")).unwrap_or_default();
        let days = format!(" {}..{}", day("from"), day("until"));
        (!name.is_empty()).then(|| format!("{name}{}", if days == " .." { "" } else { &days }))
    };
    let rows: Vec<String> = (0..ROWS).filter_map(row).collect();
    let day = |day: Option<jiff::civil::Date>| day.map_or(String::new(), |day| day.to_string());
    let shown = person.employers.iter().map(|one| match (one.from, one.until) {
        (None, None) => one.employer.clone(),
        (from, until) => format!("{} {}..{}", one.employer, day(from), day(until)),
    });
    (rows != shown.collect::<Vec<_>>()).then(|| format!("employers={}", rows.join("; ")))
}

/// All links when one is another: a person's own replace what others say.
fn links(person: &Person, field: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    if field("title0").is_none() {
        return vec![];
    }
    let row = |n: usize| {
        let title = field(&format!("title{n}"))?.replace(['=', '\n'], " ");
        let url = field(&format!("url{n}")).unwrap_or_default();
        (!title.is_empty() && !url.is_empty()).then_some((title, url))
    };
    let rows: BTreeMap<String, String> = (0..ROWS).filter_map(row).collect();
    if rows == person.links {
        return vec![];
    }
    let gone = person.links.keys().filter(|title| !rows.contains_key(*title));
    let gone = gone.map(|title| format!("link:{title}="));
    rows.iter().map(|(title, url)| format!("link:{title}={url}")).chain(gone).collect()
}
