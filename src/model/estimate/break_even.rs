//! The break-even point of owning: the price of a working computer against what each token saves, compared with renting
//! a machine and with paying for an API.
//!
//! Both sides count output tokens only. An owned machine still uses electricity, so owning never pays against a
//! provider whose price per token is below the cost of that electricity.

use super::case::EstimateInputs;
use super::figures::{BreakEven, Computer, Paid};
use super::formula::{BREAK_EVEN, BREAK_EVEN_HOURS, BREAK_EVEN_MONTHS, ENERGY_USD_PER_MTOK, RENT_PER_MTOK};
use super::labels;
use super::trace::Tape;

type Comparison<N> = Option<BreakEven<N>>;

/// Compares owning with renting and with an API, in this order; `speed` is the expected speed of all streams, tokens
/// per second.
pub(super) fn against<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    computer: &Computer<T::Num>,
    speed: Option<T::Num>,
) -> (Comparison<T::Num>, Comparison<T::Num>) {
    let Some(((price, watts), speed)) = computer.price.zip(computer.load_watts).zip(speed) else {
        return (None, None);
    };
    let economics = &case.economics;
    let tariff = tape.leaf(&labels::TARIFF, economics.tariff);
    let energy = tape.step(&ENERGY_USD_PER_MTOK, [watts, tariff, speed]);
    let rent = economics.rent.map(|(rent, rented)| {
        let rent = tape.leaf(&labels::RENT, rent);
        let rented = tape.leaf(&labels::RENTED_SPEED, rented);
        tape.step(&RENT_PER_MTOK, [rent, rented])
    });
    let api = economics.api.map(|usd| tape.leaf(&labels::API_PRICE, usd));
    let mut compare = |theirs| BreakEven { theirs, energy, paid: paid(tape, case, [price, theirs, energy], speed) };
    (rent.map(&mut compare), api.map(&mut compare))
}

fn paid<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    [price, theirs, energy]: [T::Num; 3],
    speed: T::Num,
) -> Option<Paid<T::Num>> {
    if tape.value(theirs) <= tape.value(energy) {
        return None;
    }
    let mtok = tape.step(&BREAK_EVEN, [price, theirs, energy]);
    let used = tape.leaf(&labels::UTILISATION, case.economics.utilisation);
    let years = tape.leaf(&labels::YEARS, case.economics.years);
    let months = tape.step(&BREAK_EVEN_MONTHS, [mtok, speed, used]);
    let hours_per_day = tape.step(&BREAK_EVEN_HOURS, [mtok, speed, years]);
    Some(Paid { mtok, months, hours_per_day })
}
