// Excerpt of the example device's software: shows what requirement rq-diagnostic-fields names; not a complete program.
use std::collections::BTreeMap;

/// The list DF-4, complete. Patient, order and user have no field here.
pub const ALLOWED: &[&str] = &[
    "software-version",
    "library-version",
    "hours-of-operation",
    "battery-capacity-percent",
    "battery-cycles",
    "motor-turns-total",
    "last-self-test",
    "error-codes",
    "free-storage-percent",
    "wifi-signal-dbm",
];

/// Builds a diagnostic record: it takes the fields of the list out of the device
/// state, and not the state without forbidden fields. Values are numbers, since
/// free text could carry a name.
pub fn record(state: &BTreeMap<String, Vec<i64>>) -> BTreeMap<&'static str, Vec<i64>> {
    ALLOWED.iter().filter_map(|field| Some((*field, state.get(*field)?.clone()))).collect()
}
