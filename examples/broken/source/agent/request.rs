// Excerpt of the example device's software: shows what requirement rq-remote-vocabulary names; not a complete program.
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// All that can be asked of a pump from afar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    Diagnosis,
    UpdateLookup,
}

impl Request {
    /// Reads a request: one CBOR number and nothing behind it.
    pub fn read(payload: &[u8]) -> Option<Request> {
        match payload {
            [0x01] => Some(Request::Diagnosis),
            [0x02] => Some(Request::UpdateLookup),
            _ => None, // discarded
        }
    }
}

const PER_HOUR: usize = 4;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// When the latest requests for diagnosis were answered.
#[derive(Default)]
pub struct Answered(VecDeque<Instant>);

impl Answered {
    /// Tells whether a request may be answered now, and notes that it is.
    pub fn admit(&mut self, request: Request, now: Instant) -> bool {
        if request != Request::Diagnosis {
            return true;
        }
        while self.0.front().is_some_and(|&at| now.duration_since(at) >= HOUR) {
            self.0.pop_front();
        }
        let free = self.0.len() < PER_HOUR;
        if free {
            self.0.push_back(now);
        }
        free
    }
}
