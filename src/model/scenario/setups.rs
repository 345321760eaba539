//! Set-ups in a scenario: machines made of several devices, and the hosts of cards.

use std::borrow::Cow;

use super::{HostComputer, Scenario};
use crate::model::catalog::{Catalog, UnknownId};
use crate::model::estimate::setup::{Device, Setup};
use crate::model::facts::{Basis, Fact, HostSystem, Machine, NotASetup, SetupSpec, Split};

/// Memory bandwidth above which a host has more than two channels, GB/s.
const TWO_CHANNELS: f64 = 130.0;

/// Returns a machine's name in canonical form: `2xrtx-3090` for `rtx-3090+rtx-3090`.
///
/// # Errors
/// [`NotASetup`] if the name has the syntax of a set-up but is not valid.
pub fn canonical(name: &str) -> Result<String, NotASetup> {
    if SetupSpec::is_written(name) { Ok(name.parse::<SetupSpec>()?.to_string()) } else { Ok(name.to_owned()) }
}

impl Scenario {
    /// Returns the set-up that `id` names; `None` for a single machine.
    ///
    /// # Errors
    /// [`UnknownId`] if it is not a valid set-up, or if a device or its link is not known.
    pub fn setup(&self, catalog: &Catalog, id: &str) -> Result<Option<Setup>, UnknownId> {
        if self.what_if.contains_key(id) || !SetupSpec::is_written(id) {
            return Ok(None);
        }
        let spec: SetupSpec = id.parse().map_err(|fault: NotASetup| UnknownId {
            what: "set-up",
            id: fault.text.clone(),
            hint: format!(": {} at character {}", fault.sentence, fault.column),
        })?;
        if spec.is_single() {
            return Ok(None);
        }
        let device = |unit: &crate::model::facts::SetupUnit| {
            let machine = self.machine(catalog, &unit.machine)?.into_owned();
            Ok(Device { machine, count: f64::from(unit.count) })
        };
        let devices = spec.units.iter().map(device).collect::<Result<_, UnknownId>>()?;
        Setup::new(catalog, spec, devices).map(Some)
    }

    /// Returns the machine for a set-up or for a computer without a card; `None` if `id` names neither.
    pub(super) fn composed<'c>(&self, catalog: &'c Catalog, id: &str) -> Result<Option<Cow<'c, Machine>>, UnknownId> {
        if let Some(setup) = self.setup(catalog, id)? {
            return Ok(Some(Cow::Owned(setup.machine(setup.spec.split.unwrap_or(Split::Layer)))));
        }
        let number = |id: &str| catalog.assumption(id).map_or(0.0, |entry| entry.fact.value);
        let host = catalog.hosts.iter().find(|host| host.id == id);
        Ok(host.map(|host| Cow::Owned(host.machine(number("host_system_gib"), number("core_prefill_tflops")))))
    }
}

impl HostComputer {
    /// Returns true if the scenario states any of the host's memory, cores or slot, or names a host.
    #[must_use]
    pub fn has_memory(&self) -> bool {
        self.id.is_some() || self.ram_gb.or(self.ram_gbs).or(self.cores).or(self.pcie).is_some()
    }

    /// Returns the host with its memory: the catalog's, with the given numbers in place of its facts. If no host is
    /// named, it is the first of the catalog with the number of channels that the given bandwidth needs.
    ///
    /// # Errors
    /// [`UnknownId`] if the catalog has no such host.
    pub fn system<'c>(&self, catalog: &'c Catalog) -> Result<Cow<'c, HostSystem>, UnknownId> {
        let large = self.ram_gbs.is_some_and(|gbs| gbs > TWO_CHANNELS);
        let fits = |host: &&HostSystem| (host.bandwidth_gbs.value > TWO_CHANNELS) == large;
        let base = match &self.id {
            Some(id) => catalog.host(id)?,
            None => catalog.hosts.iter().find(fits).map_or_else(|| catalog.host(""), Ok)?,
        };
        if self.ram_gb.or(self.ram_gbs).or(self.cores).or(self.pcie).is_none() {
            return Ok(Cow::Borrowed(base));
        }
        let mut own = base.clone();
        let given = |fact: &mut Fact, value: Option<f64>| {
            if let Some(value) = value {
                *fact = Fact { basis: Basis::Setting, ..Fact::assumed(value, "your host") };
            }
        };
        given(&mut own.memory_gb, self.ram_gb);
        given(&mut own.bandwidth_gbs, self.ram_gbs);
        given(&mut own.cores, self.cores);
        if let Some(generation) = self.pcie {
            own.slot = format!("pcie{generation}-x16");
        }
        Ok(Cow::Owned(own))
    }
}
