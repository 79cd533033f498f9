// Excerpt of the example device's software: shows what requirement rq-badge-auth names; not a complete program.
use std::time::Duration;

use crate::auth::{Account, Accounts, BadgeId, Pin, Reader, Refused, Role, SecondSecret, SecureElement};

/// A relayed exchange takes longer.
const EXCHANGE: Duration = Duration::from_millis(150);

/// Asks the badge for the code of a number that was never used before. The badge's
/// key is diversified in the secure element and does not leave it.
pub fn challenge(reader: &mut impl Reader, chip: &SecureElement) -> Result<BadgeId, Refused> {
    let fresh: [u8; 16] = chip.random().ok_or(Refused)?;
    let answer = reader.exchange(&fresh, EXCHANGE).ok_or(Refused)?;
    if !chip.badge_code_is(answer.badge, &fresh, &answer.code) {
        return Err(Refused);
    }
    Ok(answer.badge)
}

/// Logs in with badge and PIN, and where the role asks for it with a password or
/// token besides. `Pin` holds exactly six digits.
pub fn login<'a>(
    badge: BadgeId, pin: &Pin, besides: Option<&SecondSecret>, accounts: &'a Accounts,
) -> Result<&'a Account, Refused> {
    let account = accounts.of_badge(badge).ok_or(Refused)?;
    if !account.pin_is(pin) {
        return Err(Refused);
    }
    match account.role {
        Role::Nurse | Role::Supervisor => Ok(account),
        Role::Biomed | Role::ItAdmin | Role::FieldService => {
            besides.filter(|secret| account.secret_is(secret)).map(|_| account).ok_or(Refused)
        }
        _ => Err(Refused), // the other roles have no badge
    }
}
