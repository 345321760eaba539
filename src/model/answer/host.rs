//! The host of a bare card: its share of price and power.
//!
//! The figures of a card include a host only if the scenario states one. Limits and the verdict always include one: the
//! scenario's, or the catalog's assumption.

use super::{Answer, AnswerError, Price, Shared, assumption, is_card};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::{HostPart, HostParts, Missing};
use crate::model::estimate::setup::{Offload, OffloadKind};
use crate::model::estimate::trace::Sourced;
use crate::model::estimate::verdict::{HostShare, Power, PriceRange};
use crate::model::facts::{Basis, Fact, HostSystem, Machine};
use crate::model::scenario::{HostComputer, Scenario};
use crate::model::units::{Amount, Unit};

/// Returns the host of a bare card: the scenario's numbers, then those of its named host, then the catalog's
/// assumptions.
pub(super) fn parts<'c>(catalog: &'c Catalog, host: &HostComputer) -> Result<HostParts<'c>, Missing> {
    let named = host.id.as_ref().and_then(|id| catalog.host(id).ok());
    let of = |fact: fn(&HostSystem) -> Option<&Fact>| named.and_then(|host| Some((fact(host)?, host.id.as_str())));
    let part = |value: Option<f64>, knob: &'static str, fact: Option<(&'c Fact, &'c str)>, assumed: &'static str| match (
        value, fact,
    ) {
        (Some(value), _) => Ok(HostPart { known: Sourced::setting(value, knob), stated: true }),
        (None, Some((fact, id))) => Ok(HostPart { known: Sourced::fact(fact, id, 1.0), stated: true }),
        (None, None) => assumption(catalog, assumed).map(|known| HostPart { known, stated: false }),
    };
    Ok(HostParts {
        usd: part(host.usd, "host-price", of(|host| host.price_usd.as_ref()), "host_price_usd")?,
        idle_watts: part(host.idle_watts, "host-idle-watts", of(|host| host.idle_w.as_ref()), "host_idle_w")?,
        load_watts: part(host.load_watts, "host-load-watts", of(|host| host.load_w.as_ref()), "host_load_w")?,
    })
}

/// Returns the host whose memory may take weights of `machine`; `None` if offload is off, or if the machine is a
/// complete computer, which has no second memory.
pub(super) fn memory<'c>(
    catalog: &'c Catalog,
    scenario: &Scenario,
    machine: &Machine,
) -> Result<Option<Shared<'c, HostSystem>>, AnswerError> {
    if scenario.offload == OffloadKind::None || !is_card(machine) {
        return Ok(None);
    }
    Ok(Some(Shared::from(scenario.host.system(catalog)?)))
}

/// Returns the host's memory as an input of the answer's estimate.
pub(super) fn offload<'a>(
    catalog: &'a Catalog,
    scenario: &Scenario,
    answer: &'a Answer<'_>,
) -> Result<Option<Offload<'a>>, Missing> {
    let Some(host) = &answer.memory_host else { return Ok(None) };
    let Ok(slot) = catalog.link(&host.slot) else { return Ok(None) };
    let system_gib = assumption(catalog, "host_system_gib")?;
    Ok(Some(Offload { kind: scenario.offload, host, slot, system_gib, given: None }))
}

fn share(part: HostPart<'_>) -> HostShare {
    HostShare { amount: part.known.value, assumed: part.known.basis == Basis::Assumed, cards: 1 }
}

/// Returns the price of the working computer: of the machine and its host.
///
/// The catalog has no price of a host for several cards. Unless the user states one, the range is from one host to one
/// host per card.
pub(super) fn computer_price(price: Option<&Price>, host: Option<HostParts<'_>>, cards: u32) -> Option<PriceRange> {
    let own = price?.range();
    let Some(part) = host.map(|host| host.usd) else { return Some(own) };
    let is_open = cards > 1 && part.known.basis != Basis::Setting && part.known.value > 0.0;
    let host = HostShare { cards: if is_open { cards } else { 1 }, ..share(part) };
    let (low, high) = if own.price_is_uncertain || !is_open { (own.low, own.high) } else { (own.usd, own.usd) };
    Some(PriceRange {
        usd: own.usd + host.amount,
        low: low + host.amount,
        high: high + host.most(),
        price_is_uncertain: own.price_is_uncertain || is_open,
        host: Some(host),
    })
}

/// Returns the power of the working computer while generating: of the machine and its host.
pub(super) fn computer_power(machine: &Machine, host: Option<HostParts<'_>>) -> Option<Power> {
    let own = machine.load_w.as_ref()?.value;
    let host = host.map(|host| share(host.load_watts));
    Some(Power { watts: own + host.map_or(0.0, |host| host.amount), host })
}

impl Answer<'_> {
    /// Returns the number of devices in the machine; 1 unless it is a set-up.
    #[must_use]
    pub fn devices(&self) -> u32 {
        self.setup.as_ref().map_or(1, |(setup, _)| setup.spec.devices())
    }

    /// Returns the price of the working computer with its range; `None` if the machine's price is not known.
    #[must_use]
    pub fn computer_price(&self) -> Option<PriceRange> {
        computer_price(self.price.as_ref(), self.host, self.devices())
    }

    /// Returns the price of the working computer, which limits count, over the marketed memory, USD per GB.
    #[must_use]
    pub fn computer_usd_per_gb(&self) -> Option<f64> {
        Some(self.computer_price()?.usd / self.machine.memory_gb.value)
    }

    /// Returns the power of the working computer while generating; `None` if the machine's power is not known.
    #[must_use]
    pub fn computer_power(&self) -> Option<Power> {
        computer_power(&self.machine, self.host)
    }

    /// Returns true if the price figures are those of a bare card, without a host.
    #[must_use]
    pub fn card_only(&self) -> bool {
        self.host.is_some_and(|host| !host.usd.stated)
    }

    /// Returns the remark about a bare card's figures; `None` for a complete computer.
    pub(super) fn host_remark(&self) -> Option<String> {
        let host = self.host?;
        let (usd, watts) = (host.usd.known.value, host.load_watts.known.value);
        let (usd, watts) = (Amount::exact(usd, Unit::Usd), Amount::exact(watts, Unit::Watts));
        let usd = match self.computer_price().and_then(|price| price.host).filter(|host| host.cards > 1) {
            Some(host) => format!(
                "{usd} to {} (no price of a host for {} cards is known; give yours with --set host-price=)",
                Amount::exact(host.most(), Unit::Usd),
                host.cards
            ),
            None => usd.to_string(),
        };
        Some(match (host.usd.stated, host.load_watts.stated) {
            (false, false) => format!(
                "price and power are the card's alone; limits count a host of {usd} and {watts} (assumed) as well"
            ),
            (true, false) => {
                format!("price is with a host of {usd}; power is the card's alone, limits count {watts} more")
            }
            (false, true) => {
                format!("power is with a host of {watts}; price is the card's alone, limits count {usd} more")
            }
            (true, true) => format!("price and power are with a host of {usd} and {watts}"),
        })
    }
}
