// Excerpt of the example device's software: shows what requirement rq-update-verify-first names; not a complete program.
use std::io::{Error, Read, Seek, SeekFrom};

use crate::crypto::sha512;
use crate::update::{process, Header, Keys};

const MAX_BUNDLE: u64 = 1 << 30;

#[derive(Debug)]
pub enum Refusal { Privileged, Read(Error), Header, Product, Size, Signature }

/// Runs in a process of its own, without privileges and with the bundle open for
/// reading. The update manager parses the bundle only after it has ended with Ok.
/// The header has a fixed length; the signature covers it and all that follows.
pub fn verify_bundle<F: Read + Seek>(bundle: &mut F, keys: &Keys) -> Result<(), Refusal> {
    if process::is_privileged() {
        return Err(Refusal::Privileged);
    }
    let size = bundle.seek(SeekFrom::End(0)).map_err(Refusal::Read)?;
    bundle.rewind().map_err(Refusal::Read)?;
    let mut start = [0; Header::LENGTH];
    bundle.read_exact(&mut start).map_err(Refusal::Read)?;
    let header = Header::read(&start).ok_or(Refusal::Header)?;
    if header.product != "VP4" {
        return Err(Refusal::Product);
    }
    if size > MAX_BUNDLE || header.bundle_size != size {
        return Err(Refusal::Size);
    }
    // There is no key for a revoked one or an algorithm that is not on the list.
    let key = keys.find(header.algorithm, header.key).ok_or(Refusal::Signature)?;
    let digest = sha512(header.signed_part(), bundle).map_err(Refusal::Read)?;
    if !key.verify(&digest, &header.signature) {
        return Err(Refusal::Signature);
    }
    Ok(())
}
