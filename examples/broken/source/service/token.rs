// Excerpt of the example device's software: shows what requirement rq-service-token names; not a complete program.
use std::time::{Duration, SystemTime};

use crate::crypto::PublicKey;
use crate::service::{Consent, SecondFactor, Serial, Technician, Token};

const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
const SIGNATURE: usize = 64; // Ed25519

#[derive(Debug, PartialEq)]
pub enum Refusal { Signature, Content, OtherPump, Time, SecondFactor, NoConsent }

/// Opens a service session for the technician whom the token names. Only the page
/// for it at the pump's screen makes a `Consent`, and it is used up here.
pub fn verify(
    token: &[u8], signer: &PublicKey, pump: Serial, now: SystemTime,
    second: &SecondFactor, consent: Option<Consent>,
) -> Result<Technician, Refusal> {
    let (body, signature) = token.split_last_chunk::<SIGNATURE>().ok_or(Refusal::Signature)?;
    if !signer.verify(body, signature) {
        return Err(Refusal::Signature);
    }
    let token = Token::parse(body).ok_or(Refusal::Content)?;
    if token.serial != pump {
        return Err(Refusal::OtherPump);
    }
    let validity = token.until.duration_since(token.from).map_err(|_| Refusal::Time)?;
    if validity > LONGEST || !(token.from..token.until).contains(&now) {
        return Err(Refusal::Time);
    }
    if !second.proves(&token.technician) {
        return Err(Refusal::SecondFactor);
    }
    consent.map(|_| token.technician).ok_or(Refusal::NoConsent)
}
