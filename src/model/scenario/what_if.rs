//! Assumptions about machines: values that replace the catalog's facts, and machines that do not exist, as copies of
//! one that does.
//!
//! Memory, price and power of linked boxes add up. Speed does not: each token passes through every box in turn. If
//! linked boxes were measured to be faster than one, `scaling` states by which factor.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::range::{BANDWIDTH, BOXES, MEMORY, OutOfRange, Range, SCALING, TFLOPS, USD, USD_PER_UNIT, WATTS};
use super::{Scenario, bounds};
use crate::model::catalog::{Catalog, UnknownId};
use crate::model::facts::{Basis, Fact, Machine, MachinePrice};
use crate::model::units::{Amount, Unit};

/// Length up to which a name fits a narrow column, in characters.
const SHORT: usize = 14;
/// The mark after the name of a machine with assumptions.
const MARK: char = '*';

/// Assumptions about one machine that replace the catalog's facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WhatIf {
    /// Id of the machine of which this one, which does not exist, is a copy.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
    /// Number of linked boxes of that machine.
    #[serde(deserialize_with = "bounds::boxes", skip_serializing_if = "Option::is_none")]
    pub count: Option<f64>,
    /// Measured speed of the linked boxes over that of one.
    #[serde(deserialize_with = "bounds::scaling", skip_serializing_if = "Option::is_none")]
    pub scaling: Option<f64>,
    /// Memory bandwidth, GB/s.
    #[serde(deserialize_with = "bounds::bandwidth", skip_serializing_if = "Option::is_none")]
    pub bandwidth_gbs: Option<f64>,
    /// Memory that model, cache and runtime can use, GiB.
    #[serde(deserialize_with = "bounds::memory", skip_serializing_if = "Option::is_none")]
    pub usable_gib: Option<f64>,
    /// Marketed memory, GB.
    #[serde(deserialize_with = "bounds::memory", skip_serializing_if = "Option::is_none")]
    pub memory_gb: Option<f64>,
    /// Dense FP16 rate, TFLOPS.
    #[serde(deserialize_with = "bounds::tflops", skip_serializing_if = "Option::is_none")]
    pub fp16_tflops: Option<f64>,
    /// Price, US dollars.
    #[serde(deserialize_with = "bounds::usd", skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<f64>,
    /// Rent, US dollars per hour.
    #[serde(deserialize_with = "bounds::usd_per_unit", skip_serializing_if = "Option::is_none")]
    pub rent_usd_per_hour: Option<f64>,
    /// Power while generating, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub load_w: Option<f64>,
    /// Power at idle, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub idle_w: Option<f64>,
}

/// A quantity of a machine for which a value can be assumed.
pub struct Part {
    /// Its name in files and on the command line, which states the unit.
    pub id: &'static str,
    /// Its label on the screen, with the unit.
    pub label: &'static str,
    /// The allowed range.
    pub range: Range,
    /// True if only copies have it.
    pub of_copies: bool,
    /// Returns the assumed value.
    pub get: fn(&WhatIf) -> Option<f64>,
    set: fn(&mut WhatIf, Option<f64>),
    /// Returns the machine's fact, in the unit of the name.
    pub fact: fn(&Machine) -> Option<&Fact>,
    put: fn(&mut Machine, Fact),
}

impl Part {
    /// Assumes a value, or removes the assumption.
    ///
    /// # Errors
    /// [`PartError`] if the value is not allowed.
    pub fn assume(&self, what_if: &mut WhatIf, value: Option<f64>) -> Result<(), PartError> {
        let value = value.map(|value| self.range.check(value)).transpose()?;
        if self.range.is_whole() && value.is_some_and(|value| value.fract() != 0.0) {
            return Err(PartError::NotWhole);
        }
        (self.set)(what_if, value);
        Ok(())
    }
}

macro_rules! parts {
    ($($kind:ident $field:ident $label:literal $range:ident $fact:expr, $put:expr;)*) => {
        /// All quantities that can be assumed, those of copies first.
        pub const PARTS: &[Part] = &[$(Part {
            id: stringify!($field),
            label: $label,
            range: $range,
            of_copies: parts!(@ $kind),
            get: |what_if| what_if.$field,
            set: |what_if, value| what_if.$field = value,
            fact: $fact,
            put: $put,
        }),*];
    };
    (@ copy) => { true };
    (@ any) => { false };
}

parts! {
    copy count "boxes linked" BOXES |_| None, |_, _| {};
    copy scaling "speed together, measured, of one" SCALING |_| None, |_, _| {};
    any bandwidth_gbs "bandwidth, GB/s" BANDWIDTH |m| Some(&m.bandwidth_gbs), |m, fact| m.bandwidth_gbs = fact;
    any usable_gib "usable memory, GiB" MEMORY |m| Some(&m.usable_gib), |m, fact| m.usable_gib = fact;
    any memory_gb "marketed memory, GB" MEMORY |m| Some(&m.memory_gb), |m, fact| m.memory_gb = fact;
    any fp16_tflops "dense FP16, TFLOPS" TFLOPS |m| m.inference_tflops.as_ref().or(m.fp16_tflops.as_ref()),
        |m, fact| { m.fp16_tflops = Some(fact); m.inference_tflops = None; };
    any price_usd "price, USD" USD |m| m.price.as_ref().map(|price| &price.usd),
        |m, usd| m.price = Some(MachinePrice { usd, kind: "your price".to_owned() });
    any rent_usd_per_hour "rent, USD per hour" USD_PER_UNIT |m| m.rent_usd_per_hour.as_ref(),
        |m, fact| m.rent_usd_per_hour = Some(fact);
    any load_w "power generating, W" WATTS |m| m.load_w.as_ref(), |m, fact| m.load_w = Some(fact);
    any idle_w "power at idle, W" WATTS |m| m.idle_w.as_ref(), |m, fact| m.idle_w = Some(fact);
}

/// The error for an unknown part or a value that is not allowed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PartError {
    /// No part has this name.
    #[error("a machine has no part `{id}`{hint}")]
    Unknown {
        /// The name, with control characters replaced.
        id: String,
        /// The most similar part, or the list of all.
        hint: String,
    },
    /// The value is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The number of boxes has a fraction.
    #[error("boxes are counted in whole numbers")]
    NotWhole,
}

/// Returns the part with the id `id`.
///
/// # Errors
/// [`PartError::Unknown`] with the most similar part.
pub fn part(id: &str) -> Result<&'static Part, PartError> {
    PARTS.iter().find(|part| part.id == id).ok_or_else(|| {
        let ids = || PARTS.iter().map(|part| part.id);
        let meant = crate::model::ron_file::nearest(id, ids()).map(|id| format!("; did you mean `{id}`?"));
        let all = || format!("; parts are like, {}", ids().collect::<Vec<_>>().join(", "));
        PartError::Unknown { id: crate::model::ron_file::visible(id), hint: meant.unwrap_or_else(all) }
    })
}

impl WhatIf {
    /// Returns true if it assumes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the number of linked boxes.
    #[must_use]
    pub fn boxes(&self) -> f64 {
        self.count.unwrap_or(1.0)
    }

    /// Returns the assumptions in a sentence; `None` if there are none. `like` names the machine that this one is a
    /// copy of.
    #[must_use]
    pub fn sentence(&self, like: &str) -> Option<String> {
        let assumed = PARTS.iter().filter(|part| !part.of_copies);
        let assumed: Vec<String> = assumed
            .filter_map(|part| Some(format!("{} {}", part.label, Amount::exact((part.get)(self)?, Unit::Count))))
            .collect();
        let assumed = (!assumed.is_empty()).then(|| assumed.join("; "));
        let Some(_) = &self.like else { return assumed.map(|assumed| format!("what if: {assumed}")) };
        let count = Amount::exact(self.boxes(), Unit::Count);
        let speed = match self.scaling {
            Some(scaling) => format!("speed is {} of one, as you set", Amount::exact(scaling, Unit::Factor)),
            None => "speed is that of one, as no measured scaling is set".to_owned(),
        };
        let rest = assumed.map_or(String::new(), |assumed| format!("; {assumed}"));
        Some(format!("does not exist: {count} of {like} linked; memory, price and power add, {speed}{rest}"))
    }

    /// Returns the machine with all assumptions applied.
    fn of(&self, machine: &Machine, id: &str) -> Machine {
        let mut other = machine.clone();
        if self.like.is_some() {
            self.link(&mut other, id);
        }
        for part in PARTS {
            if let Some(value) = (part.get)(self) {
                (part.put)(&mut other, Fact::assumed(value, "what if"));
            }
        }
        other.short = format!("{}{MARK}", first(&other.short, SHORT - 1));
        other
    }

    /// Turns the machine into linked boxes, under another id.
    fn link(&self, machine: &mut Machine, id: &str) {
        let (count, scaling) = (self.boxes(), self.scaling.unwrap_or(1.0));
        id.clone_into(&mut machine.id);
        machine.aliases.clear();
        machine.variants.clear();
        if count > 1.0 {
            let count = Amount::exact(count, Unit::Count);
            machine.name = format!("{count} x {}", machine.name);
            machine.short = format!("{count}x {}", machine.short);
        } else {
            machine.name = format!("copy of {}", machine.name);
            id.clone_into(&mut machine.short);
        }
        let memory = [&mut machine.memory_gb, &mut machine.usable_gib].into_iter();
        let power = [&mut machine.tdp_w, &mut machine.load_w, &mut machine.idle_w, &mut machine.gpu_cores];
        let power = power.into_iter().flatten();
        let price = machine.price.iter_mut().map(|price| &mut price.usd);
        memory.chain(power).chain(price).for_each(|fact| *fact = times(fact, count));
        let rates = [&mut machine.fp16_tflops, &mut machine.inference_tflops, &mut machine.fp8_tflops];
        let rates = rates.into_iter().chain([&mut machine.fp4_tflops, &mut machine.fp4_sparse_tflops]).flatten();
        if self.scaling.is_some() {
            let scaled =
                |fact: &Fact| Fact::assumed(fact.value * scaling, "speed of one times the scaling that is set");
            rates.chain([&mut machine.bandwidth_gbs]).for_each(|fact| *fact = scaled(fact));
        }
    }
}

/// Returns a fact multiplied by `count`. Its basis is at best derived, since no source states the product.
pub(crate) fn times(fact: &Fact, count: f64) -> Fact {
    if count.to_bits() == 1f64.to_bits() {
        return fact.clone();
    }
    let number = |value| Amount::exact(value, Unit::Count);
    Fact {
        value: fact.value * count,
        basis: fact.basis.max(Basis::Derived),
        low: fact.low.map(|low| low * count),
        high: fact.high.map(|high| high * count),
        note: format!("{} times {} of one", number(count), number(fact.value)),
        ..fact.clone()
    }
}

/// Returns the first `most` characters of `text`, without trailing spaces.
fn first(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    text[..end].trim_end()
}

impl Scenario {
    /// Returns a machine of the catalog with the scenario's assumptions, a set-up, or a copy that exists only in the
    /// scenario.
    ///
    /// # Errors
    /// [`UnknownId`] if neither the catalog nor the scenario has it.
    pub fn machine<'c>(&self, catalog: &'c Catalog, id: &str) -> Result<Cow<'c, Machine>, UnknownId> {
        let Some(what_if) = self.what_if.get(id) else {
            return match self.composed(catalog, id)? {
                Some(machine) => Ok(machine),
                None => catalog.machine(id).map(Cow::Borrowed),
            };
        };
        let original = catalog.machine(what_if.like.as_deref().unwrap_or(id))?;
        Ok(if what_if.is_empty() { Cow::Borrowed(original) } else { Cow::Owned(what_if.of(original, id)) })
    }

    /// Returns all machines of the catalog and all copies, with the scenario's assumptions.
    #[must_use]
    pub fn all_machines<'c>(&self, catalog: &'c Catalog) -> Vec<Cow<'c, Machine>> {
        let copies = self.what_if.iter().filter(|(_, what_if)| what_if.like.is_some()).map(|(id, _)| id);
        let ids = catalog.machines.iter().map(|machine| &machine.id).chain(copies);
        ids.filter_map(|id| self.machine(catalog, id).ok()).collect()
    }

    /// Returns the id of the machine whose prices and rents apply to `id`, and the number of them: the machine itself,
    /// or the one that it is a copy of.
    #[must_use]
    pub fn sold_as<'s>(&'s self, id: &'s str) -> (&'s str, f64) {
        match self.what_if.get(id).and_then(|what_if| Some((what_if.like.as_deref()?, what_if.boxes()))) {
            Some(original) => original,
            None => (id, 1.0),
        }
    }
}
