// Excerpt of the example device's software: shows what requirement rq-audit-chain names; not a complete program.
use std::time::{Duration, Instant};

use crate::audit::{sha256, Digest, Seal, SecureElement, SignError, VerifyingKey};

const MOST_RECORDS: u64 = 256;
/// A timer calls `seal` every 30 seconds, so no record waits for 15 minutes.
const LONGEST: Duration = Duration::from_secs(14 * 60);

/// The end of the chain. `seal` is called after each `add` and by the timer.
pub struct Chain { pub head: Digest, pub count: u64, pub sealed: u64, pub sealed_at: Instant }

impl Chain {
    pub fn add(&mut self, record: &[u8]) {
        self.head = link(&self.head, record);
        self.count += 1;
    }

    /// Signs head and count when it is time.
    pub fn seal(&mut self, chip: &SecureElement, now: Instant) -> Result<Option<Seal>, SignError> {
        let waiting = self.count - self.sealed;
        if waiting == 0 || waiting < MOST_RECORDS && now.duration_since(self.sealed_at) < LONGEST {
            return Ok(None);
        }
        let seal = chip.sign(self.count, &self.head)?;
        (self.sealed, self.sealed_at) = (self.count, now);
        Ok(Some(seal))
    }
}

/// The verifier's half: the first `seal.count` records, unchanged and complete,
/// lead from the start to the head that was signed.
pub fn verify(start: &Digest, records: &[Vec<u8>], seal: &Seal, key: &VerifyingKey) -> bool {
    let Some(sealed) = usize::try_from(seal.count).ok().and_then(|n| records.get(..n)) else {
        return false;
    };
    let head = sealed.iter().fold(*start, |head, record| link(&head, record));
    key.verify(seal.count, &head, seal)
}

fn link(head: &Digest, record: &[u8]) -> Digest {
    sha256(&[head.as_slice(), record].concat())
}
