//! A certificate for this computer, made anew each time and signed by itself.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const BYTES: u8 = 0x04;
const OID: u8 = 0x06;
const UTF8: u8 = 0x0c;
const TIME: u8 = 0x17;

/// The certificate and its key, both DER.
pub struct Certificate {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

impl Certificate {
    /// Makes one for `localhost` and 127.0.0.1.
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).expect("a pair");

        let signing = der(SEQUENCE, &[&der(OID, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]])]);
        let name = der(OID, &[&[0x55, 0x04, 0x03]]);
        let name = der(SEQUENCE, &[&der(SET, &[&der(SEQUENCE, &[&name, &der(UTF8, &[b"localhost"])])])]);
        let times = der(SEQUENCE, &[&der(TIME, &[b"240101000000Z"]), &der(TIME, &[b"490101000000Z"])]);
        let curve = der(OID, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]]);
        let curve = der(SEQUENCE, &[&der(OID, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]]), &curve]);
        let public = der(SEQUENCE, &[&curve, &der(BITS, &[&[0], pair.public_key().as_ref()])]);
        let names = der(SEQUENCE, &[&der(0x82, &[b"localhost"]), &der(0x87, &[&[127, 0, 0, 1]])]);
        let names = der(SEQUENCE, &[&der(OID, &[&[0x55, 0x1d, 0x11]]), &der(BYTES, &[&names])]);
        let version = der(0xa0, &[&der(INTEGER, &[&[2]])]);
        let body = der(
            SEQUENCE,
            &[
                &version,
                &der(INTEGER, &[&[1]]),
                &signing,
                &name,
                &times,
                &name,
                &public,
                &der(0xa3, &[&der(SEQUENCE, &[&names])]),
            ],
        );
        let signature = pair.sign(&random, &body).expect("a signature");
        let certificate = der(SEQUENCE, &[&body, &signing, &der(BITS, &[&[0], signature.as_ref()])]);
        Self { certificate, key: key.as_ref().to_vec() }
    }

    /// As it stands in a file of trusted ones.
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.certificate);
        let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).expect("a short part").to_be_bytes();
    let length = match length {
        [0, short @ 0..=127] => vec![short],
        [0, long] => vec![0x81, long],
        [high, low] => vec![0x82, high, low],
    };
    [&[tag][..], &length, &content].concat()
}
