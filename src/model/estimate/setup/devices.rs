//! The devices of a set-up, and the single machine that they form.

use super::short_name;
use crate::model::catalog::{Catalog, UnknownId};
use crate::model::facts::{
    Availability, Basis, Date, Fact, Host, HostSystem, Link, Machine, MachineKind, MachinePrice, Offer, Runtime,
    SetupSpec, Sources, Split,
};
use crate::model::units::{Amount, Unit};

/// Devices of one kind in a set-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// One device of this kind.
    pub machine: Machine,
    /// Number of such devices.
    pub count: f64,
}

/// A set-up with its devices and the link between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The facts of the set-up.
    pub spec: SetupSpec,
    /// Its devices.
    pub devices: Vec<Device>,
    /// The link between them.
    pub link: Link,
}

impl Setup {
    /// Resolves a set-up of `devices`: looks up its link.
    ///
    /// # Errors
    /// [`UnknownId`] if the catalog lacks the link that is named, or has no usual link for the devices.
    pub fn new(catalog: &Catalog, spec: SetupSpec, devices: Vec<Device>) -> Result<Self, UnknownId> {
        let link = match &spec.link {
            Some(id) => catalog.link(id)?,
            None => usual_link(catalog, &devices)?,
        };
        Ok(Self { link: link.clone(), spec, devices })
    }

    /// Returns the number of devices.
    #[must_use]
    pub fn count(&self) -> f64 {
        self.devices.iter().map(|device| device.count).sum()
    }

    /// Returns true if all devices are of one kind.
    #[must_use]
    pub fn is_even(&self) -> bool {
        self.devices.len() == 1
    }

    /// Returns the whole layers that each device holds, device by device, of a model of `layers`: as its share of the memory,
    /// those left over where most of a layer is missing. The sum is `layers`.
    #[must_use]
    pub fn whole_layers(&self, layers: f64) -> Vec<f64> {
        let usable = |device: &Device| device.machine.usable_gib.value;
        let all: f64 = self.devices.iter().map(|device| device.count * usable(device)).sum();
        let exact: Vec<f64> = self
            .devices
            .iter()
            .flat_map(|device| std::iter::repeat_n(layers * usable(device) / all, device.count as usize))
            .collect();
        let mut whole: Vec<f64> = exact.iter().map(|share| share.floor()).collect();
        let left = (layers - whole.iter().sum::<f64>()).round().max(0.0) as usize;
        let mut order: Vec<usize> = (0..exact.len()).collect();
        let missing = |at: &usize| exact.get(*at).map_or(0.0, |share| share - share.floor());
        order.sort_by(|a, b| missing(b).total_cmp(&missing(a)));
        for at in order.into_iter().take(left) {
            if let Some(count) = whole.get_mut(at) {
                *count += 1.0;
            }
        }
        whole
    }

    /// Returns the whole layers of each device in words: `27 + 27 + 26`, or `4 x 20` where all are alike.
    #[must_use]
    pub fn layers_in_words(&self, layers: f64) -> String {
        let each = self.whole_layers(layers);
        let amount = |value: f64| Amount::exact(value, Unit::Count).to_string();
        let is_even = each.windows(2).all(|pair| pair[0].to_bits() == pair[1].to_bits());
        match each.first() {
            Some(first) if is_even && each.len() > 2 => format!("{} x {}", each.len(), amount(*first)),
            _ => each.into_iter().map(amount).collect::<Vec<_>>().join(" + "),
        }
    }

    /// Returns the split that the set-up names, else the runtime's first one. Unequal devices get the runtime's first
    /// split other than by tensors, if it has one.
    #[must_use]
    pub fn split_with(&self, runtime: &Runtime) -> Split {
        let own = || runtime.splits.first().copied().unwrap_or(Split::Layer);
        let by_layers = || runtime.splits.iter().copied().find(|split| *split != Split::Tensor).unwrap_or_else(own);
        self.spec.split.unwrap_or_else(|| if self.is_even() { own() } else { by_layers() })
    }

    /// Returns the set-up as one machine. Marketed memory and price add up; usable memory and power add up as far as
    /// the split uses them together. The bandwidth and the rate are those at which one token's weights are read and
    /// computed.
    #[must_use]
    pub fn machine(&self, split: Split) -> Machine {
        let Some(first) = self.devices.first() else { return blank_machine(self.link.date) };
        let of = |fact: fn(&Machine) -> Option<&Fact>| Members { devices: &self.devices, fact };
        let usable = of(|m| Some(&m.usable_gib));
        let together = |members: Members<'_>| match split {
            Split::Tensor => members.slowest_times_count(),
            Split::Layer | Split::Pipeline => members.by_share_of_memory(),
            Split::Replica => members.slowest(),
        };
        let usable_gib = match split {
            Split::Replica => usable.slowest(),
            Split::Tensor => usable.slowest_times_count(),
            Split::Layer | Split::Pipeline => usable.sum(),
        };
        let load = of(|m| m.load_w.as_ref());
        Machine {
            id: self.spec.to_string(),
            name: self.name(|machine| &machine.name),
            short: short_name::of_devices(&self.name(|machine| &machine.short)),
            aliases: Vec::new(),
            variants: Vec::new(),
            memory_gb: of(|m| Some(&m.memory_gb)).sum().unwrap_or_else(|| first.machine.memory_gb.clone()),
            bandwidth_gbs: together(of(|m| Some(&m.bandwidth_gbs)))
                .unwrap_or_else(|| first.machine.bandwidth_gbs.clone()),
            usable_gib: usable_gib.unwrap_or_else(|| first.machine.usable_gib.clone()),
            raised_gib: None,
            fp16_tflops: together(of(|m| m.fp16_tflops.as_ref())),
            inference_tflops: together(of(|m| m.inference_tflops.as_ref())),
            fp8_tflops: together(of(|m| m.fp8_tflops.as_ref())),
            fp4_tflops: together(of(|m| m.fp4_tflops.as_ref())),
            fp4_sparse_tflops: together(of(|m| m.fp4_sparse_tflops.as_ref())),
            tdp_w: of(|m| m.tdp_w.as_ref()).sum(),
            load_w: if split == Split::Layer { self.one_at_a_time() } else { load.sum() },
            load_metered: None,
            idle_w: of(|m| m.idle_w.as_ref()).sum(),
            gpu_cores: of(|m| m.gpu_cores.as_ref()).sum(),
            host: self.host(),
            price: of(|m| m.price.as_ref().map(|price| &price.usd))
                .sum()
                .map(|usd| MachinePrice { usd, kind: "sum of the devices".to_owned() }),
            rent_usd_per_hour: of(|m| m.rent_usd_per_hour.as_ref()).sum(),
            availability: self.availability(&first.machine),
            ..first.machine.clone()
        }
    }

    /// Returns the power of devices that take turns: one works while the others wait. If no idle power is known, the
    /// value is the sum of all devices under load, and the low end is one device's share of it.
    fn one_at_a_time(&self) -> Option<Fact> {
        let load = Members { devices: &self.devices, fact: |m| m.load_w.as_ref() };
        let idle = Members { devices: &self.devices, fact: |m| m.idle_w.as_ref() };
        let (load, count) = (load.sum()?, self.count());
        let Some(idle) = idle.sum() else {
            return Some(Fact {
                low: Some(load.low.unwrap_or(load.value) / count),
                high: load.high.or(Some(load.value)),
                note: "all at once; what devices draw while they wait is not known, low is nothing".to_owned(),
                ..load
            });
        };
        let at = |load: f64| idle.value + (load - idle.value).max(0.0) / count;
        Some(Fact {
            value: at(load.value),
            low: load.low.map(at),
            high: load.high.or(Some(load.value)),
            note: "one device works while the others wait; high is all at once".to_owned(),
            ..load
        })
    }

    /// Returns the availability of the device that is hardest to buy.
    fn availability(&self, first: &Machine) -> Availability {
        let offers = || self.devices.iter().map(|device| &device.machine.availability);
        let hard = offers()
            .find(|offer| offer.state == Offer::Withdrawn)
            .or_else(|| offers().find(|offer| offer.state != Offer::OnSale));
        hard.unwrap_or(&first.availability).clone()
    }

    /// Returns the host that the set-up needs: none if one of the devices is a computer, because the cards then use
    /// that one.
    fn host(&self) -> Host {
        let is = |host: Host| self.devices.iter().any(|device| device.machine.host == host);
        if is(Host::Rented) {
            Host::Rented
        } else if is(Host::Complete) {
            Host::Complete
        } else {
            Host::NeedsHost
        }
    }

    fn name(&self, of: fn(&Machine) -> &String) -> String {
        let one = |device: &Device| {
            let name = of(&device.machine);
            if device.count > 1.0 {
                format!("{}x {name}", Amount::exact(device.count, Unit::Count))
            } else {
                name.clone()
            }
        };
        self.devices.iter().map(one).collect::<Vec<_>>().join("+")
    }
}

/// Returns the usual link of the devices' families; if there are several, the slowest.
fn usual_link<'c>(catalog: &'c Catalog, devices: &[Device]) -> Result<&'c Link, UnknownId> {
    let of = |device: &Device| {
        let names =
            |link: &&Link| link.usual_for.iter().any(|family| device.machine.family.starts_with(family.as_str()));
        catalog.links.iter().find(names)
    };
    // A card beside a computer is in an enclosure of its own, so the link is that of the enclosure.
    let mixed = devices.iter().any(|device| device.machine.host == Host::NeedsHost)
        && devices.iter().any(|device| device.machine.host == Host::Complete);
    let beside =
        catalog.links.iter().find(|link| link.usual_for.iter().any(|family| family == "card beside a computer"));
    let slowest = devices.iter().filter_map(of).min_by(|a, b| a.gbs.value.total_cmp(&b.gbs.value));
    if mixed { beside.or(slowest) } else { slowest }.map_or_else(|| catalog.link(""), Ok)
}

/// One fact of every device of a set-up.
struct Members<'a> {
    devices: &'a [Device],
    fact: fn(&Machine) -> Option<&Fact>,
}

impl Members<'_> {
    /// Folds the values of the fact; `None` if a device lacks it. No source states the result, so its basis is at best
    /// derived.
    fn fold(&self, note: &str, fold: impl Fn(&mut dyn Iterator<Item = (&Device, f64)>) -> f64) -> Option<Fact> {
        let facts: Option<Vec<(&Device, &Fact)>> =
            self.devices.iter().map(|device| Some((device, (self.fact)(&device.machine)?))).collect();
        let facts = facts?;
        let of = |edge: &dyn Fn(&Fact) -> f64| fold(&mut facts.iter().map(|(device, fact)| (*device, edge(fact))));
        let basis = facts.iter().map(|(_, fact)| fact.basis).max().unwrap_or(Basis::Derived);
        let has = |edge: fn(&Fact) -> Option<f64>| facts.iter().any(|(_, fact)| edge(fact).is_some());
        let mut sources: Vec<String> = facts.iter().flat_map(|(_, fact)| fact.source.iter().cloned()).collect();
        sources.dedup();
        Some(Fact {
            value: of(&|fact| fact.value),
            basis: basis.max(Basis::Derived),
            low: has(|fact| fact.low).then(|| of(&|fact| fact.low.unwrap_or(fact.value))),
            high: has(|fact| fact.high).then(|| of(&|fact| fact.high.unwrap_or(fact.value))),
            source: Sources::from(sources),
            date: facts.iter().filter_map(|(_, fact)| fact.date).min(),
            note: note.to_owned(),
        })
    }

    fn sum(&self) -> Option<Fact> {
        self.fold("sum over the devices", |values| values.map(|(device, value)| device.count * value).sum())
    }

    fn slowest(&self) -> Option<Fact> {
        self.fold("the least of the devices", |values| values.map(|(_, value)| value).fold(f64::INFINITY, f64::min))
    }

    fn slowest_times_count(&self) -> Option<Fact> {
        let count: f64 = self.devices.iter().map(|device| device.count).sum();
        let note = "the least of the devices times their number: each has an equal slice";
        self.fold(note, |values| count * values.map(|(_, value)| value).fold(f64::INFINITY, f64::min))
    }

    /// Returns the rate of devices that work in turn, each on a share of the model in proportion to its memory.
    fn by_share_of_memory(&self) -> Option<Fact> {
        let memory = |device: &Device| device.count * device.machine.usable_gib.value;
        let whole: f64 = self.devices.iter().map(memory).sum();
        let note = if self.devices.len() == 1 {
            "one device after the other: the rate of one"
        } else {
            "one device after the other, each with layers as its memory allows"
        };
        self.fold(note, |values| whole / values.map(|(device, value)| memory(device) / value).sum::<f64>())
    }
}

impl HostSystem {
    /// Returns the computer as a machine without a card, whose processor reads the memory. `system_gib` is the memory
    /// that the operating system takes, in GiB, and `core_tflops` the prefill rate of one core, in TFLOPS.
    #[must_use]
    pub fn machine(&self, system_gib: f64, core_tflops: f64) -> Machine {
        let derived = |value: f64, fact: &Fact, note: &str| Fact {
            value,
            basis: fact.basis.max(Basis::Derived),
            low: None,
            high: None,
            note: note.to_owned(),
            ..fact.clone()
        };
        let memory = &self.memory_gb;
        let rate = derived(self.cores.value * core_tflops, &self.cores, "cores times what one reaches in a prefill");
        Machine {
            id: self.id.clone(),
            name: self.name.clone(),
            short: short_name::of_id(&self.id),
            kind: MachineKind::Desktop,
            family: "processor".to_owned(),
            source: Sources::clone(&self.source),
            date: self.date,
            memory_gb: memory.clone(),
            memory_type: "system memory".to_owned(),
            bandwidth_gbs: self.bandwidth_gbs.clone(),
            usable_gib: derived((memory.value - system_gib).max(0.1), memory, "less what the system takes"),
            fp16_tflops: Some(rate),
            load_w: self.load_w.clone(),
            idle_w: self.idle_w.clone(),
            host: Host::Complete,
            price: self.price_usd.clone().map(|usd| MachinePrice { usd, kind: "assumed".to_owned() }),
            ..blank_machine(self.date)
        }
    }
}

/// Returns a machine of which nothing is known.
fn blank_machine(date: Date) -> Machine {
    let none = || Fact::assumed(0.0, "");
    Machine {
        id: String::new(),
        name: String::new(),
        short: String::new(),
        mark: None,
        kind: MachineKind::Desktop,
        family: String::new(),
        aliases: Vec::new(),
        source: Sources::default(),
        date,
        memory_gb: none(),
        memory_type: String::new(),
        bandwidth_gbs: none(),
        usable_gib: none(),
        raised_gib: None,
        fp16_tflops: None,
        inference_tflops: None,
        fp8_tflops: None,
        fp4_tflops: None,
        fp4_sparse_tflops: None,
        tdp_w: None,
        load_w: None,
        load_metered: None,
        idle_w: None,
        gpu_cores: None,
        host: Host::Complete,
        price: None,
        rent_usd_per_hour: None,
        variants: Vec::new(),
        availability: Availability::default(),
    }
}
