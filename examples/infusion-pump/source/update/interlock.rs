// Excerpt of the example device's software: shows what requirement rq-update-interlock names; not a complete program.
use crate::auth::policy::decide;
use crate::auth::{Permission, Session};
use crate::update::{Mode, PumpState};

const LEAST_CHARGE_PERCENT: u8 = 50;

/// What the screen names as the hindrance.
#[derive(Debug, PartialEq)]
pub enum Hindrance {
    NotInStandby,
    SetInserted,
    Power,
    NotAtPump,
    NotAuthorised,
}

/// Asked when a person presses install, and again right before the first write.
/// The therapy controller refuses firmware by its own rules besides.
pub fn may_install(pump: &PumpState, session: &Session) -> Result<(), Hindrance> {
    if pump.mode != Mode::Standby {
        return Err(Hindrance::NotInStandby);
    }
    if pump.set_inserted {
        return Err(Hindrance::SetInserted);
    }
    if !pump.on_mains && pump.charge_percent <= LEAST_CHARGE_PERCENT {
        return Err(Hindrance::Power);
    }
    if !session.is_at_pump() {
        return Err(Hindrance::NotAtPump);
    }
    if !decide(session, Permission::InstallUpdate) {
        return Err(Hindrance::NotAuthorised);
    }
    Ok(())
}
