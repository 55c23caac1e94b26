//! What somebody follows, and what is new of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use atom_syndication::{Entry, FixedDateTime, Link, Person, Text};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{
    AccountId, Begun, By, Commons, Deed, Following, Interest, Key, Notice, Refusal, Role,
};
use lorecast_desk::{Circle, Community, News, Reader, new_key};
use serde::{Deserialize, Serialize};

use super::story::Empty;
use super::to;
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::readers;
use crate::shown::{one_line, subject};
use crate::who::{Posted, You};

/// News that the page and the feed tell are no older.
const RECENT: SignedDuration = SignedDuration::from_hours(14 * 24);
/// So much is told, the newest.
const MOST: usize = 100;

/// The button that follows something, or gives it up.
#[derive(Serialize)]
pub(crate) struct FollowView {
    kind: &'static str,
    of: String,
    followed: bool,
    back: String,
}

impl FollowView {
    /// For somebody, on the page `back`.
    pub(crate) fn of(community: &Community, you: &You, what: Interest, back: &str) -> Self {
        community.look(|commons| Self::among(commons, you, what, back))
    }

    /// The same, for who looks at the community already.
    pub(crate) fn among(commons: &Commons, you: &You, what: Interest, back: &str) -> Self {
        let followed = you.account().is_some_and(|account| commons.follows(account, &what));
        let (kind, of) = (what.kind(), what.of().to_owned());
        Self { kind, of, followed, back: back.to_owned() }
    }
}

/// What is to be followed, and where to go on.
#[derive(Deserialize)]
pub(crate) struct FollowForm {
    kind: String,
    of: String,
    back: Option<String>,
}

impl FollowForm {
    fn interest(&self) -> Result<Interest, Fault> {
        let wrong = || Fault::Wrong("This cannot be followed.".to_owned());
        Interest::read(&self.kind, &self.of).ok_or_else(wrong)
    }

    fn back(&self) -> Redirect {
        to(self.back.as_deref().unwrap_or("/me/following"))
    }
}

/// `POST /follow`
pub(crate) async fn follow(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<FollowForm>,
) -> Result<Redirect, Fault> {
    you.needs(Role::Reader)?;
    let what = form.interest()?;
    let deed = app.knowing(what).await?;
    match app.does(you.acting, deed).await {
        // The button was pressed twice.
        Ok(_) | Err(Fault::Refused(Refusal::Settled(_))) => Ok(form.back()),
        Err(fault) => Err(fault),
    }
}

/// `POST /unfollow`
pub(crate) async fn unfollow(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<FollowForm>,
) -> Result<Redirect, Fault> {
    let what = form.interest()?;
    match app.does(you.acting, Deed::Unfollow { what }).await {
        Ok(_) | Err(Fault::Refused(Refusal::Settled(_))) => Ok(form.back()),
        Err(fault) => Err(fault),
    }
}

#[derive(Serialize)]
struct FollowingPage {
    title: &'static str,
    followed: Vec<FollowedLine>,
    news: Vec<NewsLine>,
    notice: &'static str,
    /// Where mail goes.
    address: Option<String>,
    has_feed: bool,
    /// The address of a feed that was just made.
    feed: Option<String>,
    wrong: Option<String>,
    q: String,
}

#[derive(Serialize)]
struct FollowedLine {
    kind: &'static str,
    of: String,
    title: String,
    link: String,
    since: Moment,
}

#[derive(Serialize)]
struct NewsLine {
    title: String,
    what: String,
    by: String,
    at: Moment,
    link: String,
}

/// `/me/following`
pub(crate) async fn following(State(app): State<Arc<App>>, you: You) -> Result<Answer, Fault> {
    page(&app, you, None, None).await
}

async fn page(
    app: &Arc<App>,
    you: You,
    feed: Option<Key>,
    wrong: Option<String>,
) -> Result<Answer, Fault> {
    let account = you.account().ok_or(Refusal::NotSignedIn)?;
    let (held, address) = app.community.look(|commons| {
        let held = commons.following(account).cloned().unwrap_or_default();
        (held, commons.address_of(account).map(one_line))
    });
    let (titles, news) = app.followed(&held).await?;
    let line = |(what, begun): (&Interest, &Begun)| FollowedLine {
        kind: what.kind(),
        of: what.of().to_owned(),
        title: titles.get(what).cloned().unwrap_or_else(|| subject(what.of())),
        link: address::of_interest(what),
        since: begun.at.into(),
    };
    let page = FollowingPage {
        title: "What you follow",
        followed: held.interests.iter().map(line).collect(),
        news: news.iter().take(MOST).map(|news| news_line(app, news)).collect(),
        notice: held.notice.word(),
        address,
        has_feed: held.has_feed(),
        feed: feed.map(|key| app.at(&format!("/following/{}/atom.xml", key.text()))),
        wrong,
        q: String::new(),
    };
    app.pages.page("following", &page, &you)
}

fn news_line(app: &App, news: &News) -> NewsLine {
    NewsLine {
        title: subject(&news.title),
        what: one_line(&news.in_words()),
        by: one_line(&news.by),
        at: news.at.into(),
        link: app.link(&address::of_news(news)),
    }
}

/// How somebody wants to be told.
#[derive(Deserialize)]
pub(crate) struct NotifyForm {
    notice: String,
}

/// `POST /me/following/notify`
pub(crate) async fn notify(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<NotifyForm>,
) -> Result<Response, Fault> {
    let found = Notice::ALL.into_iter().find(|notice| notice.word() == form.notice);
    let wrong = || Fault::Wrong("A mail comes never, daily or weekly.".to_owned());
    match app.does(you.acting, Deed::Notify { notice: found.ok_or_else(wrong)? }).await {
        Ok(_) => Ok(to("/me/following").into_response()),
        Err(fault) if fault.is_about_the_form() => {
            Ok(page(&app, you, None, Some(fault.words())).await?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// `POST /me/following/feed`: the address is shown once; an earlier one ends.
pub(crate) async fn make_feed(
    State(app): State<Arc<App>>,
    Posted(you, _): Posted<Empty>,
) -> Result<Answer, Fault> {
    let key = new_key()?;
    app.does(you.acting, Deed::MakeFeed { key: key.digest() }).await?;
    page(&app, you, Some(key), None).await
}

/// `/following/<key>/atom.xml`: whoever has the address reads it.
pub(crate) async fn feed(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
) -> Result<Answer, Fault> {
    let digest = Key::parse(&key).ok_or(Refusal::Link)?.digest();
    let held = app.community.look(|commons| {
        let account = commons.feed_of(&digest)?;
        commons.following(account).cloned()
    });
    let (_, news) = app.followed(&held.ok_or(Refusal::Link)?).await?;
    let entries = news.iter().take(MOST).map(|news| app.entry_of(news)).collect();
    let own = format!("/following/{key}/atom.xml");
    app.feed("What you follow", "/me/following", &own, entries)
}

/// `/unsubscribe/<key>`
pub(crate) async fn way_out(
    State(app): State<Arc<App>>,
    you: You,
    Path(key): Path<String>,
) -> Result<Answer, Fault> {
    let digest = Key::parse(&key).ok_or(Refusal::Link)?.digest();
    app.community.look(|commons| commons.way_out(&digest)).ok_or(Refusal::Link)?;
    ended(&app, &you, false)
}

/// `POST /unsubscribe/<key>`: of a mail program, which says nothing of where it comes from (RFC 8058 section 3.1); the key is
/// proof enough.
pub(crate) async fn unsubscribe(
    State(app): State<Arc<App>>,
    you: You,
    Path(key): Path<String>,
) -> Result<Answer, Fault> {
    let key = Key::parse(&key).ok_or(Refusal::Link)?.digest();
    app.does(By::Visitor.into(), Deed::Unsubscribe { key }).await?;
    ended(&app, &you, true)
}

#[derive(Serialize)]
struct UnsubscribePage {
    title: &'static str,
    done: bool,
    q: String,
}

fn ended(app: &App, you: &You, done: bool) -> Result<Answer, Fault> {
    let page = UnsubscribePage { title: "No more mails", done, q: String::new() };
    app.pages.page("unsubscribe", &page, you)
}

impl App {
    /// Following something from now on: what is so already is no news.
    pub(crate) async fn knowing(self: &Arc<Self>, what: Interest) -> Result<Deed, Fault> {
        let (app, asked) = (Arc::clone(self), what.clone());
        let known = self.readers.ask(move |reader| {
            let circle = app.everybody.of(reader)?;
            Ok(reader.newsroom(&circle)?.known(&asked, Timestamp::now())?)
        });
        match known.await {
            Ok(known) => Ok(Deed::Follow { what, known }),
            Err(Fault::Empty) => Ok(Deed::Follow { what, known: vec![] }),
            Err(fault) => Err(fault),
        }
    }

    /// What the things are called that somebody follows, and what was new of them lately, told or not.
    async fn followed(
        self: &Arc<Self>,
        held: &Following,
    ) -> Result<(BTreeMap<Interest, String>, Vec<News>), Fault> {
        if held.interests.is_empty() {
            return Ok(Default::default());
        }
        let (app, held) = (Arc::clone(self), held.untold());
        let asked = self.readers.ask(move |reader| {
            let circle = app.everybody.of(reader)?;
            let mut titles = BTreeMap::new();
            for what in held.interests.keys() {
                titles.extend(title(reader, &circle, what)?.map(|title| (what.clone(), title)));
            }
            let since = Timestamp::now() - RECENT;
            let mut news = reader.newsroom(&circle)?.unknown(&held, since)?;
            news.truncate(MOST);
            Ok((titles, news))
        });
        match asked.await {
            Err(Fault::Empty) => Ok(Default::default()),
            found => found,
        }
    }

    fn entry_of(&self, news: &News) -> Entry {
        let date = news.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Entry {
            id: format!("urn:lorecast:news:{}", news.key.as_str()),
            title: Text::plain(format!("{}: {}", subject(&news.title), one_line(&news.in_words()))),
            updated: date.parse::<FixedDateTime>().unwrap_or_default(),
            authors: vec![Person { name: author(&news.by), ..Person::default() }],
            links: vec![Link {
                rel: "alternate".to_owned(),
                href: self.at(&address::of_news(news)),
                ..Link::default()
            }],
            ..Entry::default()
        }
    }
}

/// Every entry has an author (RFC 4287 section 4.1.2).
fn author(by: &str) -> String {
    let name = one_line(by);
    if name.is_empty() { "the show".to_owned() } else { name }
}

/// What something is called; nothing when it is not held any more.
fn title(reader: &Reader, circle: &Circle, what: &Interest) -> Result<Option<String>, Fault> {
    Ok(match what {
        Interest::Thread(id) | Interest::Story(id) => {
            let found = reader.thread(id).map_err(Fault::from);
            readers::unless_missing(found)?.map(|view| subject(&view.thread.subject))
        }
        Interest::Series(id) => {
            let found = reader.standings(id)?;
            found.and_then(|(_, all)| Some(subject(&all.last()?.revision.title)))
        }
        Interest::Person(id) => {
            circle.get(id).map(|somebody| subject(&circle.portrait(somebody).name))
        }
        Interest::Search(text) => Some(subject(text)),
    })
}

/// What programs are told of somebody's following.
#[derive(Serialize)]
pub(crate) struct FollowingView {
    notice: Notice,
    follows: Vec<Interest>,
    news: Vec<NewsView>,
}

#[derive(Serialize)]
struct NewsView {
    key: String,
    at: Timestamp,
    what: String,
    title: String,
    by: String,
    url: String,
}

impl App {
    /// For programs: what an account follows, and what was new lately.
    pub(crate) async fn following_of(
        self: &Arc<Self>,
        account: AccountId,
    ) -> Result<FollowingView, Fault> {
        let held = self.community.look(|commons| commons.following(account).cloned());
        let held = held.unwrap_or_default();
        let (_, news) = self.followed(&held).await?;
        let view = |news: &News| NewsView {
            key: news.key.as_str().to_owned(),
            at: news.at,
            what: news.in_words(),
            title: news.title.clone(),
            by: news.by.clone(),
            url: self.at(&address::of_news(news)),
        };
        Ok(FollowingView {
            notice: held.notice,
            follows: held.interests.into_keys().collect(),
            news: news.iter().map(view).collect(),
        })
    }
}
