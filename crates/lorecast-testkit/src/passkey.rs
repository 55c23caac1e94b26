//! A device with a passkey, in memory (W3C Web Authentication, level 3).

use std::fmt::Write as _;

use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Somebody is there, and the device knows who (section 6.1).
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// A device that says yes to everything. What it says of itself may be changed to lie.
pub struct Device {
    key: EcdsaKeyPair,
    /// By which the key is named.
    pub id: Vec<u8>,
    /// What the show calls the account.
    pub user: Vec<u8>,
    /// The page that asks, as the browser says.
    pub origin: String,
    /// For whom the key is.
    pub host: String,
    /// How often it signed; 0 for one that does not count.
    pub counter: u32,
    /// Whether it knows that it is its owner: by a finger, a face, a code.
    pub verified: bool,
}

impl Device {
    /// A device in the hands of somebody who looks at a page at `origin`, on `host`.
    ///
    /// # Panics
    /// When the system gives no random numbers.
    pub fn new(origin: &str, host: &str) -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        let made = made.expect("there are random numbers");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random);
        let key = key.expect("it was made just now");
        let id = Sha256::digest(key.public_key().as_ref()).to_vec();
        let (origin, host) = (origin.to_owned(), host.to_owned());
        Self { key, id, user: Vec::new(), origin, host, counter: 0, verified: true }
    }

    /// Makes the key that a page asks for, and keeps whose it is.
    ///
    /// # Panics
    /// When the question is none.
    pub fn creates(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        self.user = bytes(&options["user"]["id"]);
        let client = self.client("webauthn.create", &options);
        let point = self.key.public_key().as_ref();
        // A map of 5: EC2, ES256, P-256, x, y (RFC 9053 section 7.1).
        let start = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20].as_slice();
        let key = [start, &point[1..33], &[0x22, 0x58, 0x20], &point[33..65]].concat();
        let length = u16::try_from(self.id.len()).expect("ids are short").to_be_bytes();
        let mut data = self.data(WITH_KEY);
        data.extend([[0; 16].as_slice(), &length, &self.id, &key].concat());
        let length = u16::try_from(data.len()).expect("it is short").to_be_bytes();
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice();
        let object = [head, &length, &data].concat();
        let response = json!({
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "attestationObject": BASE64URL_NOPAD.encode(&object),
            "transports": ["internal"],
        });
        self.answer(&response)
    }

    /// Signs what a page asks.
    ///
    /// # Panics
    /// When the question is none.
    pub fn signs(&self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        let (client, data) = (self.client("webauthn.get", &options), self.data(0));
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed);
        let signature = signature.expect("there are random numbers");
        self.answer(&json!({
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "authenticatorData": BASE64URL_NOPAD.encode(&data),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "userHandle": BASE64URL_NOPAD.encode(&self.user),
        }))
    }

    fn answer(&self, response: &Value) -> String {
        let id = BASE64URL_NOPAD.encode(&self.id);
        let answer = json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
        });
        answer.to_string()
    }

    /// What the browser says of the page (section 5.8.1).
    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let mut text = String::from("{");
        let challenge = options["challenge"].as_str().expect("there is a challenge");
        for (name, value) in [("type", kind), ("challenge", challenge), ("origin", &self.origin)] {
            write!(text, "\"{name}\":\"{value}\",").expect("a string takes all");
        }
        text.push_str("\"crossOrigin\":false}");
        text.into_bytes()
    }

    /// What the device says of itself (section 6.1).
    fn data(&self, more: u8) -> Vec<u8> {
        let verified = if self.verified { VERIFIED } else { 0 };
        let host = Sha256::digest(&self.host);
        [host.as_slice(), &[PRESENT | verified | more], &self.counter.to_be_bytes()].concat()
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("it is a text");
    BASE64URL_NOPAD.decode(text.as_bytes()).expect("it is base64url")
}
