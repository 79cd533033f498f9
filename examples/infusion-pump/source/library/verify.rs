// Excerpt of the example device's software: shows what requirement rq-library-signature names; not a complete program.
use crate::crypto::PublicKey;
use crate::library::Library;

const MAX_FILE: usize = 8 << 20;
const SIGNATURE: usize = 64; // Ed25519

#[derive(Debug, PartialEq)]
pub enum Refusal {
    TooLarge,
    Signature,
    Content,
    NotNewer { offered: u64, active: u64 },
}

/// Reads a drug library. The last 64 bytes of the file are the pharmacy's
/// signature over all bytes before them; nothing of those is looked at until it
/// has proven true.
pub fn verify_then_parse(file: &[u8], pharmacy: &PublicKey, active: u64) -> Result<Library, Refusal> {
    if file.len() > MAX_FILE {
        return Err(Refusal::TooLarge);
    }
    let (content, signature) = file.split_last_chunk::<SIGNATURE>().ok_or(Refusal::Signature)?;
    if !pharmacy.verify(content, signature) {
        return Err(Refusal::Signature);
    }
    let library = Library::parse(content).ok_or(Refusal::Content)?;
    if library.version <= active {
        return Err(Refusal::NotNewer { offered: library.version, active });
    }
    Ok(library)
}
