//! Where people take part.
//!
//! | file | address |
//! |---|---|
//! | `week` | `/`, `/week/`: the rundown of the coming episode |
//! | `story` | `/stories/<message-id>/`: all about one story; voting, claiming, proposing |
//! | `suggest` | `/suggest`: a story that was missed |
//! | `proposal` | `/proposals/<number>/`: text as a diff; accepting, declining, saying something |
//! | `ways_in` | `/sign-in`, `/enter/<key>`, `/sign-out` |
//! | `asking` | `/enter/<key>/number`, `/enter/<key>/again`: links that were asked for in another browser, or are over |
//! | `passkeys`, `providers` | `/sign-in/passkey`, `/sign-in/with/<name>`: other ways in, and adding them to an account |
//! | `sessions` | `/me/sessions/…`: where one is signed in |
//! | `me` | `/me/`: one's own account |
//! | `accounts` | `/accounts/`: who takes part, and as what |
//! | `moderation` | `/log`, `/reports/`, `/entries/<number>/…`: what should not stand |
//! | `own_page` | `/me/page`: what somebody says of themselves, once they proved an address |
//! | `facts`, `told` | what mail and the notes say of stories |
//! | `following` | `/me/following`, `/following/<key>/atom.xml`, `/unsubscribe/<key>`: what somebody follows |
//! | `seen` | what a browser saw of the week the last time |
//! | `changes` | a text and what somebody made of it |

mod accounts;
mod asking;
mod changes;
mod facts;
mod following;
mod me;
mod moderation;
mod own_page;
mod passkeys;
mod proposal;
mod providers;
mod seen;
mod sessions;
mod story;
mod suggest;
mod told;
mod ways_in;
mod week;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::{get, post};
use jiff::Timestamp;
use lorecast_community::{Acting, Deed};
use lorecast_desk::Done;

use crate::app::App;
use crate::fault::Fault;
use crate::upload::LARGEST;

pub(crate) use following::FollowView;
pub(crate) use proposal::Number;
pub(crate) use story::{Empty, Talk, VotesView};
pub(crate) use suggest::message;
pub(crate) use week::home;

/// Where people take part.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/week/", get(week::week))
        .route("/stories/{id}/", get(story::story))
        .route("/stories/{id}/vote", post(story::vote))
        .route("/stories/{id}/claim", post(story::claim))
        .route("/stories/{id}/release", post(story::release))
        .route("/stories/{id}/propose", post(story::propose))
        .route("/suggest", get(suggest::form).post(suggest::suggest))
        .route("/proposals/{number}/", get(proposal::proposal))
        .route("/proposals/{number}/accept", post(proposal::accept))
        .route("/proposals/{number}/decline", post(proposal::decline))
        .route("/proposals/{number}/withdraw", post(proposal::withdraw))
        .route("/proposals/{number}/comment", post(proposal::comment))
        .route("/sign-in", get(ways_in::form).post(ways_in::send))
        .route("/enter/{key}", get(ways_in::door).post(ways_in::enter))
        .route("/enter/{key}/number", post(asking::number))
        .route("/enter/{key}/again", post(asking::again))
        .route("/sign-out", post(ways_in::leave))
        .route("/me/", get(me::me))
        .route("/me/name", post(me::rename))
        .route("/me/export.json", get(me::export))
        .route("/me/tokens", post(me::make_token))
        .route("/me/tokens/{number}/drop", post(me::drop_token))
        .route("/me/erase", post(me::erase))
        .route("/sign-in/passkey/ask", post(passkeys::ask))
        .route("/sign-in/passkey", post(passkeys::enter))
        .route("/sign-in/with/{name}", get(providers::go))
        .route("/sign-in/with/{name}/back", get(providers::back))
        .route("/me/passkeys/ask", post(passkeys::ask_for_new))
        .route("/me/passkeys", post(passkeys::add))
        .route("/me/passkeys/{number}/drop", post(passkeys::drop))
        .route("/me/with/{name}", get(providers::go_to_add))
        .route("/me/providers/{number}/drop", post(providers::drop))
        .route("/me/sessions/end", post(sessions::end_all))
        .route("/me/sessions/{number}/end", post(sessions::end))
        .route("/accounts/{number}/sign-out", post(sessions::end_theirs))
        .route("/accounts/", get(accounts::accounts))
        .route("/accounts/invite", post(accounts::invite))
        .route("/accounts/{number}/role", post(accounts::role))
        .route("/accounts/{number}/ban", post(accounts::ban))
        .route("/accounts/{number}/unban", post(accounts::unban))
        .route("/log", get(moderation::log))
        .route("/reports/", get(moderation::reports))
        .route("/reports/{number}/dismiss", post(moderation::dismiss))
        .route("/entries/{number}/report", post(moderation::report))
        .route("/entries/{number}/hide", post(moderation::hide))
        .route("/entries/{number}/unhide", post(moderation::unhide))
        .route("/me/page", get(own_page::own_page))
        .route("/me/page/{id}", post(own_page::describe))
        .route(
            "/me/page/{id}/spoken",
            post(own_page::record).layer(DefaultBodyLimit::max(LARGEST + (64 << 10))),
        )
        .route("/me/prove", post(own_page::send))
        .route("/me/prove/{token}", get(own_page::proof).post(own_page::prove))
        .route("/me/disown", post(own_page::disown))
        .route("/entries/{number}/undo", post(own_page::undo))
        .route("/follow", post(following::follow))
        .route("/unfollow", post(following::unfollow))
        .route("/me/following", get(following::following))
        .route("/me/following/notify", post(following::notify))
        .route("/me/following/feed", post(following::make_feed))
        .route("/following/{key}/atom.xml", get(following::feed))
        .route("/unsubscribe/{key}", get(following::way_out).post(following::unsubscribe))
}

impl App {
    /// Does something for somebody, when they do not do too much at once.
    pub(crate) async fn does(&self, acting: Acting, deed: Deed) -> Result<Done, Fault> {
        if let Some(account) = acting.account() {
            self.limits.deed(account)?;
        }
        Ok(self.community.does(acting, deed, Timestamp::now()).await?)
    }
}

/// To a page of ours; a form may name it as `back`.
pub(crate) fn to(page: &str) -> Redirect {
    // Browsers leave control characters out, and read `\` as `/`.
    let odd = |c: char| c.is_control() || c == '\\';
    let ours = page.starts_with('/') && !page.starts_with("//") && !page.contains(odd);
    Redirect::to(if ours { page } else { "/" })
}
