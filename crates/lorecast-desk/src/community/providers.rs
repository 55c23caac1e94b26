//! Others who say who somebody is (OpenID Connect Core 1.0, the authorization code flow with PKCE, RFC 7636).
//!
//! A browser is given a key, and all that belongs to one errand follows from it: `state`, `nonce`, the verifier of PKCE, and the
//! proof that counts once. So nothing is kept here between the two steps, and no answer fits another browser, provider or errand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{
    AccountId, By, Deed, Digest, Door, Identity, Key, Refusal, is_mail_address,
};
use lorecast_fetch::{Client, Manners, Redirects};
use lorecast_model::{IdentityProvider, Show};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdTokenClaims,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdTokenVerifier, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, SignatureVerificationError, TokenResponse, http,
};
use thiserror::Error;
use url::Url;

use super::ways_in::{SESSION, role_of};
use super::{Community, Done, new_key};
use crate::{Desk, DeskError, Result};

/// What is known of a provider is asked for anew after that.
const KNOWN_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How old and how far ahead the clock of a provider may put what it says.
const FRESH: (i64, i64) = (10 * 60, 2 * 60);
/// How long somebody may take to say what they are called.
const WELCOME: SignedDuration = SignedDuration::from_mins(10);
/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// An answer of a provider, in bytes.
const LONGEST: u64 = 256 << 10;

/// Signatures that a public key checks (RFC 7518 section 3.1, RFC 8037). Those with the client's own secret are not among them.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The providers of a show.
pub struct Providers(Vec<Provider>);

struct Provider {
    name: String,
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    /// At this machine, where nothing has to be encrypted.
    here: bool,
    asks: Client,
    known: Mutex<Option<(Timestamp, Arc<CoreProviderMetadata>)>>,
}

/// A browser that comes back from a provider, and what it brings (RFC 6749 section 4.1.2, RFC 9207).
pub struct Returned<'a> {
    /// Which provider it was sent to, by its name.
    pub provider: &'a str,
    /// The key that it was given.
    pub key: &'a Key,
    /// The account that is signed in there.
    pub account: Option<AccountId>,
    /// Where the server is found.
    pub at: &'a str,
    /// Which errand it was.
    pub state: &'a str,
    /// What the show gets the rest for.
    pub code: &'a str,
    /// Who says so, when the provider tells.
    pub iss: Option<&'a str>,
}

/// What came of it.
#[derive(Debug)]
pub enum Back {
    /// Somebody whose account it is: a session was begun.
    Entered(Done),
    /// Somebody new, and the key of the link that opens an account.
    Welcome(Key),
    /// The account that was signed in is theirs from now on.
    Added,
}

/// What somebody went to a provider for.
#[derive(Clone, Copy)]
enum Errand {
    Enter,
    Add(AccountId),
}

/// The library's client of a provider that said where to ask.
type Configured = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A request that has no answer.
#[derive(Debug, Error)]
#[error("{0}")]
struct Unanswered(String);

impl Providers {
    /// Those that `show.yaml` names; `secret` reads the environment.
    ///
    /// # Errors
    /// When a secret is missing, or an address cannot be read.
    pub fn of(show: &Show, secret: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let all = &show.community.providers;
        let agent = concat!("lorecast/", env!("CARGO_PKG_VERSION"));
        all.iter().map(|one| Provider::new(one, agent, &secret)).collect::<Result<_>>().map(Self)
    }

    /// What they are called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|provider| provider.name.as_str())
    }

    /// What the provider with an address is called; the address when the show names it no more.
    pub fn name_of<'a>(&'a self, issuer: &'a str) -> &'a str {
        let known = self.0.iter().find(|provider| provider.issuer.as_str() == issuer);
        known.map_or(issuer, |provider| &provider.name)
    }

    /// Where to send a browser that has been given a key; to be known to an account as well, when one is signed in.
    /// `at` is where the server is found.
    ///
    /// # Errors
    /// When there is no such provider, or it does not answer.
    pub fn way_to(
        &self,
        name: &str,
        key: &Key,
        account: Option<AccountId>,
        at: &str,
        now: Timestamp,
    ) -> Result<Url> {
        let provider = self.get(name)?;
        let known = provider.known(now)?;
        let errand = account.map_or(Errand::Enter, Errand::Add);
        let (state, nonce) = (provider.state(key, errand), nonce(key));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier(key));
        let client = provider.client(&known, at)?;
        let request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state.as_str().to_owned()),
            move || nonce,
        );
        let scopes = ["email", "profile"].map(|scope| Scope::new(scope.to_owned()));
        let request = scopes.into_iter().fold(request, |request, scope| request.add_scope(scope));
        let request = request.set_pkce_challenge(challenge);
        let (url, _, _) = request.url();
        provider.is_fit(&url).map(|()| url).map_err(|why| provider.fault(why))
    }

    fn get(&self, name: &str) -> Result<&Provider> {
        let found = self.0.iter().find(|provider| provider.name.eq_ignore_ascii_case(name));
        found.ok_or_else(|| DeskError::NoProvider { name: name.to_owned() })
    }
}

impl Community {
    /// Receives a browser that comes back from a provider: signs in, or ties the account that is signed in. It asks the
    /// provider, and waits.
    ///
    /// # Errors
    /// When it proves nothing, the provider does not answer, or nothing can be kept.
    pub fn back_from(
        &self,
        providers: &Providers,
        returned: &Returned<'_>,
        session: &Key,
        now: Timestamp,
    ) -> Result<Back> {
        let (provider, key) = (providers.get(returned.provider)?, returned.key);
        let mut errands = returned.account.map(Errand::Add).into_iter().chain([Errand::Enter]);
        let errand = errands.find(|errand| provider.state(key, *errand).as_str() == returned.state);
        let errand = errand.ok_or_else(|| provider.unproven("another browser or errand"))?;
        let claims = provider.claims(returned, now)?;
        let issuer = provider.issuer.as_str().to_owned();
        let identity = Identity { issuer, subject: claims.subject().as_str().to_owned() };
        match errand {
            Errand::Add(account) => {
                self.does_now(By::Account(account), Deed::AddIdentity { identity }, now)?;
                Ok(Back::Added)
            }
            Errand::Enter => self.known_to(identity, key, verified_address(&claims), session, now),
        }
    }

    /// Signs somebody in whom a provider knows, or welcomes them.
    fn known_to(
        &self,
        identity: Identity,
        key: &Key,
        email: Option<String>,
        session: &Key,
        now: Timestamp,
    ) -> Result<Back> {
        let proof = key.digest_for("proof");
        let known = self.look(|commons| commons.tie(&identity).map(|(with, tie)| (with, tie.by)));
        if let Some((with, account)) = known {
            let (session, until) = (session.digest(), now + SESSION);
            let deed = Deed::EnterWith { account, with, proof, credential: None, session, until };
            return Ok(Back::Entered(self.does_now(By::Show, deed, now)?));
        }
        // Whose mailbox it is has to say so itself, signed in: a provider takes nobody's account over.
        if email.as_ref().is_some_and(|email| self.look(|commons| commons.has_address(email))) {
            return Err(Refusal::KnownAddress.into());
        }
        let role = role_of(Desk::open(&self.root, &crate::Silent)?.show()?.community.newcomers);
        let (link, door) = (new_key()?, Door::Identity { identity, proof, email, role });
        let deed = Deed::Link { key: link.digest(), door, until: now + WELCOME, then: None };
        self.does_now(By::Show, deed, now)?;
        Ok(Back::Welcome(link))
    }
}

impl Provider {
    fn new(
        told: &IdentityProvider,
        agent: &str,
        secret: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let name = told.name.clone();
        let wrong = |why: String| DeskError::Provider { name: told.name.clone(), why };
        let issuer =
            IssuerUrl::new(told.issuer.clone()).map_err(|error| wrong(error.to_string()))?;
        let secret = told.secret_from.as_ref().map(|variable| {
            let found = secret(variable).filter(|secret| !secret.is_empty());
            found.map(ClientSecret::new).ok_or_else(|| DeskError::NoSecret {
                name: told.name.clone(),
                variable: variable.clone(),
            })
        });
        let host = issuer.url().host_str().unwrap_or_default().to_owned();
        let asks = Client::new(Manners {
            agent: agent.to_owned(),
            patience: PATIENCE,
            // Named in `show.yaml`; where it leads is not.
            allowed: vec![host],
            packed: true,
            in_turn: false,
            redirects: Redirects::SameHost,
        });
        let (client, secret) = (ClientId::new(told.client.clone()), secret.transpose()?);
        let (here, known) = (told.is_here(), Mutex::default());
        Ok(Self { name, issuer, client, secret, here, asks, known })
    }

    /// What the provider says of itself (OpenID Connect Discovery 1.0), lately.
    fn known(&self, now: Timestamp) -> Result<Arc<CoreProviderMetadata>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some((since, known)) if now.duration_since(since) < KNOWN_FOR => Ok(known),
            _ => self.learn(now),
        }
    }

    fn learn(&self, now: Timestamp) -> Result<Arc<CoreProviderMetadata>> {
        let told =
            CoreProviderMetadata::discover(&self.issuer, &|request: HttpRequest| self.ask(request));
        let told = Arc::new(told.map_err(|error| self.fault(with_reason(&error)))?);
        let known = Some((now, Arc::clone(&told)));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(told)
    }

    /// What the provider says of whoever comes back.
    fn claims(&self, returned: &Returned<'_>, now: Timestamp) -> Result<CoreIdTokenClaims> {
        let key = returned.key;
        if returned.iss.is_some_and(|iss| iss != self.issuer.as_str()) {
            return Err(self.unproven("another provider says so"));
        }
        let known = self.known(now)?;
        let code = AuthorizationCode::new(returned.code.to_owned());
        let client = self.client(&known, returned.at)?;
        let request = client.exchange_code(code).map_err(|error| self.fault(error))?;
        let answer = request
            .set_pkce_verifier(verifier(key))
            .request(&|request: HttpRequest| self.ask(request))
            .map_err(|error| self.unproven(with_reason(&error)))?;
        let verified = match self.verified(&known, &answer, key, now) {
            // It may have made new keys meanwhile.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => self.verified(self.learn(now)?.as_ref(), &answer, key, now),
            other => other,
        };
        verified.map_err(|error| self.unproven(with_reason(&error)))
    }

    /// Checks an ID token (section 3.1.3.7): who signed it, for whom, for how long, and for which errand.
    fn verified(
        &self,
        known: &CoreProviderMetadata,
        answer: &CoreTokenResponse,
        key: &Key,
        now: Timestamp,
    ) -> std::result::Result<CoreIdTokenClaims, ClaimsVerificationError> {
        let other = |what: &str| ClaimsVerificationError::Other(what.to_owned());
        let token = answer.id_token().ok_or_else(|| other("there is no ID token"))?;
        let (client, keys) = (self.client.clone(), known.jwks().clone());
        let verifier = IdTokenVerifier::new_public_client(client, self.issuer.clone(), keys)
            .set_allowed_algs(SIGNATURES)
            .set_issue_time_verifier_fn(move |issued| {
                let age = now.as_second().saturating_sub(issued.timestamp());
                let fresh = (-FRESH.1..=FRESH.0).contains(&age);
                fresh.then_some(()).ok_or_else(|| format!("it is {age} seconds old"))
            });
        let claims = token.claims(&verifier, &nonce(key))?;
        if claims.authorized_party().is_some_and(|party| *party != self.client) {
            return Err(other("it is for another client"));
        }
        // Section 3.1.3.8: the access token belongs to it, though it is not used for anything.
        if let Some(expected) = claims.access_token_hash() {
            let by = (token.signing_alg(), token.signing_key(&verifier));
            let (Ok(algorithm), Ok(signer)) = by else { return Err(other("it has no key")) };
            let hash = AccessTokenHash::from_token(answer.access_token(), algorithm, signer);
            if hash.ok().as_ref() != Some(expected) {
                return Err(other("it belongs to another access token"));
            }
        }
        Ok(claims.clone())
    }

    fn client(&self, known: &CoreProviderMetadata, at: &str) -> Result<Configured> {
        let back = RedirectUrl::new(format!("{at}/sign-in/with/{}/back", self.name));
        // Basic is what a provider understands that says nothing of it (Discovery 1.0, section 3).
        let by = match known.token_endpoint_auth_methods_supported() {
            Some(ways) if !ways.contains(&CoreClientAuthMethod::ClientSecretBasic) => {
                AuthType::RequestBody
            }
            _ => AuthType::BasicAuth,
        };
        let (client, secret) = (self.client.clone(), self.secret.clone());
        let client = CoreClient::from_provider_metadata(known.clone(), client, secret);
        Ok(client.set_auth_type(by).set_redirect_uri(back.map_err(|error| self.fault(error))?))
    }

    /// What ties an answer to the browser that has the key, to this provider, and to an errand.
    fn state(&self, key: &Key, errand: Errand) -> Digest {
        match errand {
            Errand::Enter => key.digest_for(&format!("enter {}", self.issuer.as_str())),
            Errand::Add(account) => {
                key.digest_for(&format!("add to {account} {}", self.issuer.as_str()))
            }
        }
    }

    /// Sends a request of the library's: to public addresses and the one that is named, encrypted, without following on.
    fn ask(&self, request: HttpRequest) -> std::result::Result<HttpResponse, Unanswered> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string());
        let url = url.map_err(|error| Unanswered(error.to_string()))?;
        self.is_fit(&url)?;
        let texts = parts.headers.iter().map(|(name, value)| (name.as_str(), value.to_str()));
        let headers: Vec<(&str, &str)> =
            texts.filter_map(|(name, value)| Some((name, value.ok()?))).collect();
        let answer = self.asks.once(parts.method.as_str(), &url, &headers, &body, LONGEST);
        let answer = answer.map_err(|why| Unanswered(format!("{url} {why}")))?;
        if !answer.whole {
            return Err(Unanswered(format!("{url} answers with more than {LONGEST} bytes")));
        }
        let kind = answer.header("content-type").to_owned();
        let response = http::Response::builder().status(answer.status);
        let response = response.header(http::header::CONTENT_TYPE, kind).body(answer.body);
        response.map_err(|error| Unanswered(format!("{url} answers oddly: {error}")))
    }

    /// Nothing goes anywhere unencrypted but to this machine, when the provider is there.
    fn is_fit(&self, url: &Url) -> std::result::Result<(), Unanswered> {
        let here = self.here && url.host() == self.issuer.url().host();
        if url.scheme() == "https" || here && url.scheme() == "http" {
            return Ok(());
        }
        Err(Unanswered(format!("{url} is not encrypted")))
    }

    fn fault(&self, why: impl std::fmt::Display) -> DeskError {
        DeskError::Provider { name: self.name.clone(), why: why.to_string() }
    }

    /// The log has the reason; whoever tries is not told.
    fn unproven(&self, why: impl std::fmt::Display) -> DeskError {
        tracing::info!(provider = self.name, "what came back proves nothing: {why}");
        Refusal::Unproven.into()
    }
}

fn nonce(key: &Key) -> Nonce {
    Nonce::new(key.digest_for("nonce").as_str().to_owned())
}

/// 64 letters and digits (RFC 7636 section 4.1).
fn verifier(key: &Key) -> PkceCodeVerifier {
    PkceCodeVerifier::new(key.digest_for("pkce").as_str().to_owned())
}

/// A mail address that the provider says it has seen to be theirs, as accounts are known by it.
fn verified_address(claims: &CoreIdTokenClaims) -> Option<String> {
    let email = claims.email().filter(|_| claims.email_verified() == Some(true))?;
    Some(email.as_str().to_lowercase()).filter(|email| is_mail_address(email))
}

fn with_reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(reason) = source {
        text = format!("{text}: {reason}");
        source = reason.source();
    }
    text
}
