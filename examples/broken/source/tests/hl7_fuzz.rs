// Excerpt of the example device's tests: shows what verification vf-fuzz-clinical names; not a complete program.
#![no_main]
use libfuzzer_sys::fuzz_target;
use vp4::hl7::validate::{check_order, Reason};
use vp4::hl7::{parse_order, OrderNumbers};
use vp4::library::Library;

fuzz_target!(|data: &[u8]| fuzz_message(data));

/// No input may crash or hang the parser. What it lets pass is an order of the
/// library's ranges that does not pass a second time.
fn fuzz_message(data: &[u8]) {
    let Some(order) = parse_order(data) else { return };
    let library = Library::reference();
    let now = order.sent; // or the corpus would be too old to get further
    let mut seen = OrderNumbers::default();
    if check_order(&order, &library, &mut seen, now).is_err() {
        return;
    }
    let limits = library.drug(&order.drug).and_then(|drug| drug.limits(order.dose.unit));
    let limits = limits.expect("an accepted order has a known drug and a unit that fits");
    assert!(limits.dose.contains(&order.dose.value));
    assert!(limits.volume.contains(&order.volume_ml));
    assert_eq!(check_order(&order, &library, &mut seen, now), Err(Reason::Repeated));
}
