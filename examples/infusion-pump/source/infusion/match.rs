// Excerpt of the example device's software: shows what requirements rq-patient-match and rq-drug-match name; not a complete program.
use crate::infusion::{Assignment, Label, Order, PatientId, Reason, Wristband};

/// A difference that the order page shows. The order does not start while a
/// function below returns one.
#[derive(Debug, PartialEq)]
pub enum Mismatch {
    Patient { scanned: PatientId, ordered: PatientId, assigned: PatientId },
    Drug,
    Concentration,
}

/// Compares wristband, order and the patient to whom the pump is assigned. A
/// user who has been shown the mismatch can scan anew or enter a reason, which
/// holds for this mismatch alone. A `PatientId` exists only with a sound check digit.
pub fn same_patient(
    band: &Wristband, order: &Order, pump: &Assignment, reason: Option<&Reason>,
) -> Result<(), Mismatch> {
    if band.patient == order.patient && order.patient == pump.patient {
        return Ok(());
    }
    let (scanned, ordered, assigned) = (band.patient, order.patient, pump.patient);
    let mismatch = Mismatch::Patient { scanned, ordered, assigned };
    match reason {
        Some(given) if given.about == mismatch => Ok(()),
        _ => Err(mismatch),
    }
}

/// Compares the scanned label with the order. Another label or another order
/// resolves a mismatch; a reason does not.
pub fn same_drug(label: &Label, order: &Order) -> Result<(), Mismatch> {
    if label.drug != order.drug {
        return Err(Mismatch::Drug);
    }
    if label.nanograms_per_ml != order.nanograms_per_ml {
        return Err(Mismatch::Concentration);
    }
    Ok(())
}
