// Excerpt of the example device's software: shows what requirement rq-reader-fields names; not a complete program.
use crate::reader::Field;

const MAX_CODE: usize = 120;

/// Application identifiers of GS1 that the pump uses, each with the least and the
/// largest length of its value, and whether that has digits only.
const FORMATS: &[(&str, usize, usize, bool)] = &[
    ("01", 14, 14, true),   // GTIN of a drug
    ("10", 1, 20, false),   // batch
    ("17", 6, 6, true),     // expiry date
    ("8018", 18, 18, true), // number of the patient
];

/// Reads a code for the field that waits for one; without such a field every code
/// is dropped. The imager writes identifiers in brackets, so that a code needs no
/// separating control character: (01)09521234543213(10)A7.
pub fn parse(code: &str, waiting: Option<Field>) -> Option<Vec<(&str, &str)>> {
    let field = waiting?;
    if code.len() > MAX_CODE || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut elements = Vec::new();
    for element in code.strip_prefix('(')?.split('(') {
        let (identifier, value) = element.split_once(')')?;
        let (_, least, largest, digits) = FORMATS.iter().find(|format| format.0 == identifier)?;
        let fits = (*least..=*largest).contains(&value.len());
        if !fits || *digits && !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        elements.push((identifier, value));
    }
    elements.iter().any(|(identifier, _)| *identifier == field.identifier()).then_some(elements)
}
