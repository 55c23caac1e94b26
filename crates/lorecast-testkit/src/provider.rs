//! A provider that says who somebody is: an OpenID Connect server on loopback with real keys, which lies as a test says.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit, Mac};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use rsa::pkcs1v15::SigningKey;
use rsa::rand_core::OsRng;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, sha2 as rsa_sha2};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::web::{Asked, Web, answer};

/// What the provider calls the show.
pub const CLIENT: &str = "the-show";

/// With what a provider signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// RSA, which all providers know.
    Rs256,
    /// ECDSA with P-256.
    Es256,
    /// A key that it does not publish, under the name of one that it does.
    Forged,
    /// Nothing at all.
    Nothing,
    /// The secret of the client, as if it were a key.
    Secret,
}

/// A running provider; it ends when it is dropped.
pub struct Provider {
    /// Its address.
    pub issuer: String,
    codes: Arc<Mutex<HashMap<String, Code>>>,
    told: Arc<Mutex<Vec<String>>>,
    web: Web,
}

/// What a code stands for.
struct Code {
    challenge: String,
    back: String,
    claims: Value,
    signs: Signs,
    /// Whether it may be used again: a careless provider.
    stays: bool,
}

/// The keys of one provider.
struct Keys {
    rsa: Option<RsaPrivateKey>,
    ec: EcdsaKeyPair,
    other: EcdsaKeyPair,
    /// What only the show and the provider know.
    secret: String,
    /// Where it says that its keys are.
    elsewhere: Option<String>,
}

impl Provider {
    /// A provider that publishes a key for `signs`, and shares a secret with the show.
    ///
    /// # Panics
    /// When loopback or random numbers are missing.
    pub fn start(signs: Signs, secret: &str) -> Self {
        Self::leading(signs, secret, None)
    }

    /// One that says that its keys are at another address.
    ///
    /// # Panics
    /// As [`Provider::start`].
    pub fn with_keys_at(address: &str, secret: &str) -> Self {
        Self::leading(Signs::Es256, secret, Some(address.to_owned()))
    }

    fn leading(signs: Signs, secret: &str, elsewhere: Option<String>) -> Self {
        let codes = Arc::<Mutex<HashMap<String, Code>>>::default();
        let rsa = (signs == Signs::Rs256)
            .then(|| RsaPrivateKey::new(&mut OsRng, 2048).expect("there are random numbers"));
        let told = Arc::<Mutex<Vec<String>>>::default();
        let (secret, ec, other) = (secret.to_owned(), ec_key(), ec_key());
        let keys = Keys { rsa, ec, other, secret, elsewhere };
        let (known, tokens) = (Arc::clone(&codes), Arc::clone(&told));
        let web = Web::start(move |asked, out| serve(asked, out, &keys, &known, &tokens));
        let issuer = web.url.trim_end_matches('/').to_owned();
        Self { issuer, codes, told, web }
    }

    /// Somebody signs in where a browser was sent (`sent`), and the provider tells `told` of them; a value of `null` is not told.
    /// Where the browser goes then: path and query.
    ///
    /// # Panics
    /// When a browser was not sent as it has to be.
    pub fn signs_in(&self, sent: &str, told: Value, signs: Signs) -> String {
        self.gives(sent, told, signs, false)
    }

    /// The same with a code that this provider takes again and again.
    ///
    /// # Panics
    /// As [`Provider::signs_in`].
    pub fn signs_in_carelessly(&self, sent: &str, told: Value) -> String {
        self.gives(sent, told, Signs::Es256, true)
    }

    /// What was asked of it, from the first.
    pub fn asked(&self) -> Vec<Asked> {
        self.web.asked()
    }

    /// The tokens that it handed out.
    ///
    /// # Panics
    /// When an answer panicked.
    pub fn told(&self) -> Vec<String> {
        self.told.lock().expect("nobody panics with it").clone()
    }

    fn gives(&self, sent: &str, told: Value, signs: Signs, stays: bool) -> String {
        let sent = Url::parse(sent).expect("a browser is sent somewhere");
        let fields: BTreeMap<String, String> = sent.query_pairs().into_owned().collect();
        assert_eq!(fields["client_id"], CLIENT);
        assert_eq!(fields["response_type"], "code");
        assert_eq!(fields["code_challenge_method"], "S256");
        assert!(fields["scope"].split(' ').any(|scope| scope == "openid"));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later").as_secs();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "somebody", "iat": now, "exp": now + 300,
            "nonce": fields["nonce"],
        });
        for (name, value) in told.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().expect("claims are an object").retain(|_, value| !value.is_null());
        let back = fields["redirect_uri"].clone();
        let mut codes = self.codes.lock().expect("nobody panics with it");
        let code = format!("code-{}", codes.len());
        let challenge = fields["code_challenge"].clone();
        codes.insert(code.clone(), Code { challenge, back: back.clone(), claims, signs, stays });
        let mut to = Url::parse(&back).expect("the way back is an address");
        let state = &fields["state"];
        to.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
        to.query_pairs_mut().append_pair("iss", &self.issuer);
        format!("{}?{}", to.path(), to.query().unwrap_or_default())
    }
}

fn ec_key() -> EcdsaKeyPair {
    let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let made = EcdsaKeyPair::generate_pkcs8(kind, &random).expect("there are random numbers");
    EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).expect("it was made just now")
}

fn serve(
    asked: &Asked,
    out: &mut dyn Write,
    keys: &Keys,
    codes: &Mutex<HashMap<String, Code>>,
    told: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let issuer = format!("http://{}", asked.field("host"));
    let (status, said) = match asked.path.as_str() {
        "/.well-known/openid-configuration" => ("200 OK", about(&issuer, keys)),
        "/keys" => ("200 OK", json!({ "keys": keys.published() })),
        "/token" => match token(asked, keys, codes) {
            Some(said) => {
                let tokens = ["access_token", "id_token"]
                    .map(|name| said[name].as_str().unwrap_or_default().to_owned());
                told.lock().expect("nobody panics with it").extend(tokens);
                ("200 OK", said)
            }
            None => ("400 Bad Request", json!({ "error": "invalid_grant" })),
        },
        _ => ("404 Not Found", json!({})),
    };
    answer(out, status, &["Content-Type: application/json"], said.to_string().as_bytes())
}

fn about(issuer: &str, keys: &Keys) -> Value {
    let own = format!("{issuer}/keys");
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": keys.elsewhere.as_ref().unwrap_or(&own),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

/// What a code stands for, for the client that shows its secret and knows what the challenge was made of.
fn token(asked: &Asked, keys: &Keys, codes: &Mutex<HashMap<String, Code>>) -> Option<Value> {
    let form: BTreeMap<String, String> =
        url::form_urlencoded::parse(&asked.body).into_owned().collect();
    // RFC 6749 section 2.3.1: both are encoded as fields of forms are.
    let secret: String = url::form_urlencoded::byte_serialize(keys.secret.as_bytes()).collect();
    let basic = format!("Basic {}", BASE64.encode(format!("{CLIENT}:{secret}").as_bytes()));
    if asked.method != "POST" || asked.field("authorization") != basic {
        return None;
    }
    let mut codes = codes.lock().expect("nobody panics with it");
    let name = form.get("code")?;
    let code = codes.get(name)?;
    let made = BASE64URL_NOPAD.encode(&Sha256::digest(form.get("code_verifier")?));
    if made != code.challenge || *form.get("redirect_uri")? != code.back {
        return None;
    }
    let token = keys.token(&code.claims, code.signs);
    if !code.stays {
        codes.remove(name);
    }
    Some(
        json!({ "access_token": "an-access-token-that-nobody-uses", "token_type": "Bearer", "id_token": token }),
    )
}

impl Keys {
    fn published(&self) -> Vec<Value> {
        let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let point = self.ec.public_key().as_ref();
        let ec = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "ec",
            "x": encode(&point[1..33]), "y": encode(&point[33..65]),
        });
        let rsa = self.rsa.as_ref().map(|key| {
            json!({
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "rsa",
                "n": encode(&key.n().to_bytes_be()), "e": encode(&key.e().to_bytes_be()),
            })
        });
        [ec].into_iter().chain(rsa).collect()
    }

    /// A signed token (RFC 7515 section 3.1).
    fn token(&self, claims: &Value, signs: Signs) -> String {
        let header = match signs {
            Signs::Rs256 => json!({ "alg": "RS256", "kid": "rsa" }),
            Signs::Es256 | Signs::Forged => json!({ "alg": "ES256", "kid": "ec" }),
            Signs::Nothing => json!({ "alg": "none" }),
            Signs::Secret => json!({ "alg": "HS256" }),
        };
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let text = format!("{}.{}", part(&header), part(claims));
        let by = |key: &EcdsaKeyPair| {
            let signature = key.sign(&SystemRandom::new(), text.as_bytes());
            signature.expect("there are random numbers").as_ref().to_vec()
        };
        let signature = match signs {
            Signs::Rs256 => {
                let key = self.rsa.clone().expect("the provider was started with such a key");
                SigningKey::<rsa_sha2::Sha256>::new(key).sign(text.as_bytes()).to_vec()
            }
            Signs::Es256 => by(&self.ec),
            Signs::Forged => by(&self.other),
            Signs::Nothing => Vec::new(),
            Signs::Secret => {
                let keyed = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes());
                let keyed = keyed.expect("HMAC takes keys of any length").chain_update(&text);
                keyed.finalize().into_bytes().to_vec()
            }
        };
        format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}
