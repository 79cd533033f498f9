// Excerpt of the example device's software: shows what requirement rq-record-code names; not a complete program.
use crate::history::{Content, Key, Record, Table, WriteError};

/// What the screen shows beside a record. Nothing is repaired in silence.
#[derive(Debug, PartialEq)]
pub enum State { Sound, Altered, Missing }

/// Infusion history and settings sets, in one sequence.
pub struct Store<T: Table> {
    pub key: Key, // of HMAC-SHA-256
    pub table: T,
    pub oldest: u64, // below it, records were removed after their time
    pub next: u64,
}

impl<T: Table> Store<T> {
    /// Writes a record or settings set under the next number. The code covers the
    /// number, so that records cannot change places.
    pub fn append(&mut self, content: Content) -> Result<u64, WriteError> {
        let number = self.next;
        let code = self.key.hmac(number, &content);
        self.table.write(Record { number, content, code })?;
        self.next += 1;
        Ok(number)
    }

    /// Gives the state of each number that was handed out, so that a gap shows
    /// wherever it is, at the end as well.
    pub fn check(&self) -> Vec<(u64, State)> {
        let state = |number| match self.table.read(number) {
            None => State::Missing,
            Some(r) if r.number == number && self.key.hmac_is(number, &r.content, &r.code) => State::Sound,
            Some(_) => State::Altered,
        };
        (self.oldest..self.next).map(|number| (number, state(number))).collect()
    }
}
