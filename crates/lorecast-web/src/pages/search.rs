//! Searching, in lore's query language.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lorecast_community::Interest;
use lorecast_desk::Page;
use lorecast_model::{Header, Order};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::atom;
use super::pager::{self, Pager};
use crate::address;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{self, one_line};
use crate::taking_part::FollowView;
use crate::who::You;

/// So many mails are on a page, as at lore.
const HITS: usize = 200;

/// The longest search that is read, in bytes.
const LONGEST: usize = 2000;

/// What the address may ask for: `q`, the page, the order, and `x=A` (as at lore) or `format=atom`.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    page: Option<String>,
    sort: Option<String>,
    x: Option<String>,
    format: Option<String>,
}

#[derive(Serialize)]
struct SearchPage {
    title: String,
    q: String,
    /// What is wrong with the search.
    wrong: Option<String>,
    /// Whether anything was searched for.
    asked: bool,
    relevance: bool,
    hits: Vec<HitLine>,
    pager: Pager,
    atom: String,
    /// The same search in the other order.
    other: String,
    follow: FollowView,
}

#[derive(Serialize)]
struct HitLine {
    subject: String,
    by: String,
    date: Moment,
    link: String,
}

/// `/search?q=…`
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    you: You,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Fault> {
    let Query(asked) = asked.map_err(Fault::query)?;
    let number = pager::number_in(asked.page.as_deref())?;
    let order = order(asked.sort.as_deref())?;
    if asked.q.len() > LONGEST {
        return Err(Fault::Wrong(format!("This search is longer than {LONGEST} bytes.")));
    }
    let (query, now, inner) = (asked.q.clone(), Timestamp::now(), Arc::clone(&app));
    if asked.is_feed()? {
        let feed = app.readers.ask(move |reader| {
            let page = Page { skip: 0, take: atom::MOST as u32 };
            let hits = reader.matches(&query, now, Order::Newest, page)?;
            atom::search_feed(&inner, reader, &query, &at(&query, Order::Newest, 1), &hits)
        });
        return feed.await.map(IntoResponse::into_response);
    }
    let page = app.readers.ask(move |reader| {
        let take = if query.trim().is_empty() { 0 } else { HITS as u32 + 1 };
        let found =
            reader.matches(&query, now, order, Page { skip: ((number - 1) * HITS) as u32, take });
        let (hits, wrong) = match found.map_err(Fault::from) {
            Ok(hits) => (hits, None),
            Err(Fault::Wrong(why)) => (vec![], Some(why)),
            Err(fault) => return Err(fault),
        };
        let status = wrong.as_ref().map(|why| Fault::Wrong(why.clone()).status());
        let follow = FollowView::of(
            &inner.community,
            &you,
            Interest::Search(query.trim().to_owned()),
            &at(&query, Order::Newest, 1),
        );
        let view = view(query, order, number, &hits, wrong, follow);
        Ok((status, inner.pages.page("search", &view, &you)?))
    });
    let (status, answer) = page.await?;
    let mut response = answer.into_response();
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

fn view(
    query: String,
    order: Order,
    number: usize,
    hits: &[Header],
    wrong: Option<String>,
    follow: FollowView,
) -> SearchPage {
    let other = match order {
        Order::Newest => Order::Relevance,
        Order::Relevance => Order::Newest,
    };
    let asked = !query.trim().is_empty();
    SearchPage {
        title: if asked { format!("{} · Search", one_line(&query)) } else { "Search".to_owned() },
        wrong: wrong.map(|why| one_line(&why)),
        asked,
        relevance: order == Order::Relevance,
        hits: hits.iter().take(HITS).map(line).collect(),
        pager: Pager::open(number, hits.len() > HITS, |n| at(&query, order, n)),
        atom: format!("{}&x=A", at(&query, Order::Newest, 1)),
        other: at(&query, other, 1),
        follow,
        q: query,
    }
}

fn line(header: &Header) -> HitLine {
    HitLine {
        subject: shown::subject(&header.subject),
        by: shown::sender(&header.from),
        date: header.date.into(),
        link: address::of_mail(&header.id),
    }
}

/// The address of a page of a search.
fn at(query: &str, order: Order, number: usize) -> String {
    let query = utf8_percent_encode(query, NON_ALPHANUMERIC);
    let sort = if order == Order::Relevance { "&sort=relevance" } else { "" };
    let page = if number > 1 { format!("&page={number}") } else { String::new() };
    format!("/search?q={query}{sort}{page}")
}

fn order(text: Option<&str>) -> Result<Order, Fault> {
    match text {
        None | Some("" | "newest") => Ok(Order::Newest),
        Some("relevance") => Ok(Order::Relevance),
        Some(_) => Err(Fault::Wrong("`sort` is `newest` or `relevance`.".to_owned())),
    }
}

impl Asked {
    fn is_feed(&self) -> Result<bool, Fault> {
        match (self.x.as_deref(), self.format.as_deref()) {
            (Some("A"), _) | (_, Some("atom")) => Ok(true),
            (None | Some(""), None | Some("" | "html")) => Ok(false),
            _ => Err(Fault::Wrong("A search is a page, or a feed with `x=A`.".to_owned())),
        }
    }
}
