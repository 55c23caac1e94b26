//! Passkeys: somebody's device proves that it has a key whose public half the show knows (W3C Web Authentication, level 3).

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{AccountId, Acting, By, Deed, Digest, Key, Refusal, Role};
use lorecast_model::{PasskeysFrom, Show};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

use super::sealed::{keep, kept};
use super::ways_in::SESSION;
use super::{Community, Done};
use crate::Result;

/// How long somebody may take to find their device.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// What checks passkeys: they are good for one address alone.
pub struct Passkeys(Webauthn);

/// What a browser is asked, and what it keeps until it answers.
pub struct Question {
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` (section 5.1.3 and 5.1.4).
    pub options: String,
    /// Comes back with the answer. It is no secret from the browser, which cannot change it.
    pub kept: String,
}

/// What was asked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    Enter { state: DiscoverableAuthentication, proof: Digest },
    Add { account: AccountId, state: PasskeyRegistration },
}

impl Passkeys {
    /// For a server at an address; nothing where browsers know no passkeys: an address without a name (section 5.1.3), or a
    /// connection that anybody can read.
    pub fn at(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let host = url.domain()?;
        if url.scheme() != "https" && host != "localhost" {
            return None;
        }
        WebauthnBuilder::new(host, &url)
            .ok()?
            .timeout(PATIENCE.unsigned_abs())
            .build()
            .map(Self)
            .ok()
    }
}

/// The first role whose rights need a session that began with a passkey, by what `show.yaml` says.
pub fn passkeys_from(show: &Show) -> Option<Role> {
    show.community.passkeys.map(|from| match from {
        PasskeysFrom::Editor => Role::Editor,
        PasskeysFrom::Owner => Role::Owner,
    })
}

impl Community {
    /// Asks for any passkey of this show that a device has.
    ///
    /// # Errors
    /// When the show's seal cannot be made.
    pub async fn ask_for_passkey(&self, passkeys: &Passkeys, now: Timestamp) -> Result<Question> {
        let seal = self.seal(now).await?;
        let (asked, state) = passkeys.0.start_discoverable_authentication().map_err(unproven)?;
        let challenge = asked.public_key.challenge.as_slice().try_into();
        let proof = Key::new(challenge.map_err(|_| Refusal::Unproven)?).digest();
        Ok(Question {
            options: options(asked, |_| {})?,
            kept: keep(&seal, Step::Enter { state, proof }, now + PATIENCE)?,
        })
    }

    /// Begins a session with what a browser answered.
    ///
    /// # Errors
    /// When it proves nothing, or not any more, or the session cannot be kept.
    pub async fn enter_with_passkey(
        &self,
        passkeys: &Passkeys,
        step: &str,
        answer: &str,
        session: &Key,
        now: Timestamp,
    ) -> Result<Done> {
        let Step::Enter { state, proof } = kept(&self.seal(now).await?, step, now)? else {
            return Err(Refusal::Unproven.into());
        };
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(unproven)?;
        let (user, id) =
            passkeys.0.identify_discoverable_authentication(&answer).map_err(unproven)?;
        let id = BASE64URL_NOPAD.encode(id);
        let known = self.look(|commons| {
            commons.passkey(&id).map(|(with, known)| (with, known.by, known.credential.clone()))
        });
        let (with, account, credential) = known.ok_or_else(|| unproven("a key that nobody has"))?;
        if user != handle(account) {
            return Err(unproven("a key of somebody else"));
        }
        let mut passkey: Passkey = serde_json::from_str(&credential).map_err(unproven)?;
        let proven = passkeys
            .0
            .finish_discoverable_authentication_v2(&answer, state, &passkey)
            .map_err(unproven)?;
        let changed = passkey.update_credential(&proven) == Some(true);
        let credential = changed.then(|| written(&passkey)).transpose()?;
        let (session, until) = (session.digest(), now + SESSION);
        let deed = Deed::EnterWith { account, with, proof, credential, session, until };
        Ok(self.does(By::Show, deed, now).await?)
    }

    /// Asks a device of somebody for a new passkey.
    ///
    /// # Errors
    /// When the rules say no, or the show's seal cannot be made.
    pub async fn ask_for_new_passkey(
        &self,
        passkeys: &Passkeys,
        acting: Acting,
        now: Timestamp,
    ) -> Result<Question> {
        let account = acting.account().ok_or(Refusal::NotSignedIn)?;
        // Nobody has to find their device for nothing.
        self.look(|commons| commons.may_change_passkeys(acting))?;
        let seal = self.seal(now).await?;
        let (name, known) = self.look(|commons| {
            let known: Vec<String> =
                commons.passkeys_of(account).map(|(_, known)| known.id.clone()).collect();
            (commons.name(account).to_owned(), known)
        });
        let (asked, state) = passkeys
            .0
            .start_passkey_registration(handle(account), &name, &name, None)
            .map_err(unproven)?;
        let options = options(asked, |options| {
            // So that nobody has to type a name.
            options["authenticatorSelection"]["residentKey"] = "required".into();
            options["authenticatorSelection"]["requireResidentKey"] = true.into();
            // A device that has one already says so. What is kept stays short: the rules know them as well.
            options["excludeCredentials"] = known
                .iter()
                .map(|id| serde_json::json!({"type": "public-key", "id": id}))
                .collect();
        })?;
        Ok(Question { options, kept: keep(&seal, Step::Add { account, state }, now + PATIENCE)? })
    }

    /// Adds the passkey that a device made.
    ///
    /// # Errors
    /// When it answers another question, is known already, the rules say no, or it cannot be kept.
    pub async fn add_passkey(
        &self,
        passkeys: &Passkeys,
        acting: Acting,
        step: &str,
        answer: &str,
        title: String,
        now: Timestamp,
    ) -> Result<Done> {
        let step = kept(&self.seal(now).await?, step, now)?;
        let Step::Add { account: asked, state } = step else {
            return Err(Refusal::Unproven.into());
        };
        if Some(asked) != acting.account() {
            return Err(unproven("asked of somebody else"));
        }
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(unproven)?;
        let passkey = passkeys.0.finish_passkey_registration(&answer, &state).map_err(unproven)?;
        let (key, credential) = (BASE64URL_NOPAD.encode(passkey.cred_id()), written(&passkey)?);
        let deed = Deed::AddPasskey { key, credential, title };
        Ok(self.does(acting, deed, now).await?)
    }
}

/// What devices call an account: its number, which says nothing of whose it is.
fn handle(account: AccountId) -> Uuid {
    Uuid::from_u128(account.0.0.into())
}

/// What a browser is asked, as it reads it.
fn options(asked: impl Serialize, change: impl FnOnce(&mut Value)) -> Result<String> {
    let mut asked = serde_json::to_value(asked).map_err(unproven)?;
    let options = &mut asked["publicKey"];
    change(options);
    Ok(options.to_string())
}

fn written(passkey: &Passkey) -> Result<String> {
    serde_json::to_string(passkey).map_err(unproven)
}

/// The log has the reason; whoever tries is not told.
fn unproven(why: impl std::fmt::Display) -> crate::DeskError {
    tracing::info!("a passkey was refused: {why}");
    Refusal::Unproven.into()
}
