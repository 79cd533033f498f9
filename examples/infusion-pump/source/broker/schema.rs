// Excerpt of the example device's software: shows what requirement rq-broker-schema names; not a complete program.
use std::ops::RangeInclusive;

use crate::broker::policy;
use crate::broker::{Kind, Service};

/// One field of a message: unsigned, big-endian, of at most eight bytes.
pub struct Field {
    pub bytes: usize,
    pub range: RangeInclusive<u64>,
}

pub struct Decoded {
    pub kind: Kind,
    pub values: Vec<u64>,
}

/// Reads a message, or discards it. The kernel names the sender. A message is
/// its kind and the fields of that kind, each within its range, and no byte more.
pub fn decode(sender: Service, message: &[u8]) -> Option<Decoded> {
    let (&kind, mut rest) = message.split_first()?;
    let kind = Kind::from_byte(kind)?;
    if !policy::permits(sender, kind) {
        return None;
    }
    let mut values = Vec::with_capacity(kind.fields().len());
    for field in kind.fields() {
        let (bytes, tail) = rest.split_at_checked(field.bytes)?;
        let value = bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        if !field.range.contains(&value) {
            return None;
        }
        values.push(value);
        rest = tail;
    }
    rest.is_empty().then_some(Decoded { kind, values })
}
