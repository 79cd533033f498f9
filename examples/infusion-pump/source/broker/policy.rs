// Excerpt of the example device's software: shows what requirement rq-broker-schema names; not a complete program.
use crate::broker::{Kind, Service};

/// What each service may send to the broker. A service without a line sends
/// nothing: the FHIR service, the log exporter and the remote service agent only
/// receive, so no message of theirs reaches the infusion or alarm manager.
pub const ALLOWED: &[(Service, &[Kind])] = &[
    (Service::Hl7, &[Kind::Order]),
    (Service::Fetch, &[Kind::LibraryArrived, Kind::BundleArrived]),
    (Service::Infusion, &[Kind::Status, Kind::AlarmMessage, Kind::Diagnostics]),
    (Service::Audit, &[Kind::AuditRecords]),
];

pub fn permits(sender: Service, kind: Kind) -> bool {
    ALLOWED.iter().any(|(service, kinds)| *service == sender && kinds.contains(&kind))
}
