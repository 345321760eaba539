//! Costs and power: of the machine as sold, and of the working computer.
//!
//! A bare card needs a host. The figures of the machine include the host only if the user states it. The figures of the
//! working computer always include it, so no card passes a limit by leaving out its host.

use super::break_even;
use super::case::{EstimateInputs, HostPart};
use super::figures::{Bill, BreakEven, Computer, Cost};
use super::formula::{
    BILL, BILL_IDLE, BILL_LOAD, ENERGY, IDLE_WITH_HOST, KWH_PER_MTOK, LOAD_WITH_HOST, PRICE_WITH_HOST, USD_PER_GB,
    USD_PER_GBS, USD_PER_MTOK, USD_PER_USABLE_GIB,
};
use super::labels;
use super::trace::{Formula, Input, Sourced, Tape};

/// Costs and power of one estimate.
pub(super) struct Money<N> {
    pub load_watts: Option<N>,
    pub idle_watts: Option<N>,
    pub joules_per_token: Option<N>,
    pub cost: Option<Cost<N>>,
    pub kwh_per_mtok: Option<N>,
    pub computer: Computer<N>,
    pub bill: Option<Bill<N>>,
    pub rent: Option<BreakEven<N>>,
    pub api: Option<BreakEven<N>>,
}

/// Computes costs and power; `speed` is the expected speed of all streams, tokens per second.
pub(super) fn money<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, speed: Option<T::Num>) -> Money<T::Num> {
    let economics = &case.economics;
    let host = economics.host;
    let (usd, idle, load) = (host.map(|h| h.usd), host.map(|h| h.idle_watts), host.map(|h| h.load_watts));
    let price = both(tape, (economics.price, &labels::PRICE), (usd, &labels::HOST_PRICE), &PRICE_WITH_HOST);
    let load = both(tape, (case.load_watts, &labels::LOAD_WATTS), (load, &labels::HOST_LOAD_WATTS), &LOAD_WITH_HOST);
    let idle = both(tape, (case.idle_watts, &labels::IDLE_WATTS), (idle, &labels::HOST_IDLE_WATTS), &IDLE_WITH_HOST);
    let shown = |both: Option<Both<T::Num>>| both.map(|both| both.shown);
    let whole = |both: Option<Both<T::Num>>| both.map(|both| both.whole);
    let joules_per_token = shown(load).zip(speed).map(|(watts, speed)| tape.step(&ENERGY, [watts, speed]));
    let cost = shown(price).map(|price| cost(tape, case, price, shown(load).zip(speed)));
    let computer = Computer { price: whole(price), load_watts: whole(load), idle_watts: whole(idle) };
    let (rent, api) = break_even::against(tape, case, &computer, speed);
    Money {
        load_watts: shown(load),
        idle_watts: shown(idle),
        joules_per_token,
        cost,
        kwh_per_mtok: joules_per_token.map(|joules| tape.step(&KWH_PER_MTOK, [joules])),
        computer,
        bill: bill(tape, case, &computer),
        rent,
        api,
    }
}

/// A number of the machine as its figures show it (`shown`), and of the working computer (`whole`).
#[derive(Clone, Copy)]
struct Both<N> {
    shown: N,
    whole: N,
}

fn both<'a, T: Tape<'a>>(
    tape: &mut T,
    (own, own_input): (Option<Sourced<'a>>, &'static Input),
    (host, host_input): (Option<HostPart<'a>>, &'static Input),
    sum: &'static Formula<2>,
) -> Option<Both<T::Num>> {
    let own = tape.leaf(own_input, own?);
    let Some(host) = host else { return Some(Both { shown: own, whole: own }) };
    let around = tape.leaf(host_input, host.known);
    let whole = tape.step(sum, [own, around]);
    Some(Both { shown: if host.stated { whole } else { own }, whole })
}

fn cost<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    price: T::Num,
    load: Option<(T::Num, T::Num)>,
) -> Cost<T::Num> {
    let economics = &case.economics;
    let memory = tape.leaf(&labels::MARKETED_GB, case.marketed_gb);
    let usd_per_gb = tape.step(&USD_PER_GB, [price, memory]);
    let usd_per_mtok = load.map(|(watts, speed)| {
        let years = tape.leaf(&labels::YEARS, economics.years);
        let used = tape.leaf(&labels::UTILISATION, economics.utilisation);
        let tariff = tape.leaf(&labels::TARIFF, economics.tariff);
        tape.step(&USD_PER_MTOK, [price, years, used, watts, tariff, speed])
    });
    let usable = tape.leaf(&labels::USABLE, case.usable);
    let usd_per_usable_gib = tape.step(&USD_PER_USABLE_GIB, [price, usable]);
    let bandwidth = tape.leaf(&labels::BANDWIDTH, case.bandwidth);
    let usd_per_gbs = tape.step(&USD_PER_GBS, [price, bandwidth]);
    Cost { price, usd_per_gb, usd_per_usable_gib, usd_per_gbs, usd_per_mtok }
}

/// Returns the yearly electricity of the working computer; `None` if its power is not known.
fn bill<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, computer: &Computer<T::Num>) -> Option<Bill<T::Num>> {
    let load = computer.load_watts?;
    let used = tape.leaf(&labels::UTILISATION, case.economics.utilisation);
    let tariff = tape.leaf(&labels::TARIFF, case.economics.tariff);
    let load = tape.step(&BILL_LOAD, [load, used, tariff]);
    let idle = computer.idle_watts.map(|idle| tape.step(&BILL_IDLE, [idle, used, tariff]));
    let total = idle.map(|idle| tape.step(&BILL, [load, idle]));
    Some(Bill { load, idle, total })
}
