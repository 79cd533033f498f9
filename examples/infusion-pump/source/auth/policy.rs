// Excerpt of the example device's software: shows what requirement rq-decision-point names; not a complete program.
use crate::audit;
use crate::auth::{Permission::{self, *}, Role, Session};

/// The rights of each role, part of the signed image. A new role does not
/// compile without a line here.
fn granted(role: Role) -> &'static [Permission] {
    match role {
        Role::Nurse => &[Program, StartStop, Acknowledge, ViewPatient],
        Role::Supervisor => {
            &[Program, StartStop, Acknowledge, ViewPatient, OverrideSoftLimit, ActivateLibrary]
        }
        Role::Emergency => &[Program, StartStop, Acknowledge],
        Role::Biomed => &[Calibrate, DeviceConfig, InstallUpdate, ReadLog, ExportLog, Erase],
        Role::ItAdmin => {
            &[NetworkConfig, AccountAdmin, SecurityConfig, InstallUpdate, ReadLog, ExportLog]
        }
        Role::FieldService => &[Calibrate, InstallUpdate, ReadLog, ServiceTest],
        Role::RemoteService => &[RemoteDiagnosis],
        Role::WardGateway => &[SendOrder, ReadStatus],
        Role::Dashboard => &[ReadStatus],
        Role::LibraryServer => &[DeliverLibrary],
    }
}

/// Answers every question for a right. What is not granted is refused, and a
/// session that has ended has no rights.
pub fn decide(session: &Session, wanted: Permission) -> bool {
    let allowed = session.is_open() && granted(session.role).contains(&wanted);
    audit::decision(session, wanted, allowed);
    allowed
}
