// Excerpt of the example device's software: shows what requirement rq-order-checks names; not a complete program.
use std::time::{Duration, SystemTime};

use crate::hl7::{Order, OrderNumbers};
use crate::library::Library;

const MAX_AGE: Duration = Duration::from_secs(10 * 60);
/// The clocks of two systems are never quite the same.
const MAX_AHEAD: Duration = Duration::from_secs(5);

/// Goes back to the sender in the acknowledgement (AE, with the text in ERR-8).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason { UnknownDrug, UnitDoesNotFit, OutOfRange, Repeated, TimeStamp }

pub fn check_order(
    order: &Order, library: &Library, seen: &mut OrderNumbers, now: SystemTime,
) -> Result<(), Reason> {
    match now.duration_since(order.sent) {
        Ok(age) if age <= MAX_AGE => {}
        Err(early) if early.duration() <= MAX_AHEAD => {}
        _ => return Err(Reason::TimeStamp),
    }
    let drug = library.drug(&order.drug).ok_or(Reason::UnknownDrug)?;
    let limits = drug.limits(order.dose.unit).ok_or(Reason::UnitDoesNotFit)?;
    // NaN lies in no range.
    if !limits.dose.contains(&order.dose.value) || !limits.volume.contains(&order.volume_ml) {
        return Err(Reason::OutOfRange);
    }
    // Last, so that a sender can correct an order and keep its number.
    if !seen.insert(order.number) {
        return Err(Reason::Repeated);
    }
    Ok(())
}
