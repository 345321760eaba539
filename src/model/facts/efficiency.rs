//! Efficiencies: the shares of a machine's specification that software reaches, fitted from measurements.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Container, Date, Format};

/// The quantity of an efficiency row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Parameter {
    /// Share of the bandwidth reached while reading weights, `η_w`.
    WeightBandwidth,
    /// Factor on that share by runtime and kernels; `class` is the format's class and the model's, as `nvfp4/moe`.
    WeightPath,
    /// Share of the bandwidth reached while reading the KV cache, `η_kv`.
    KvBandwidth,
    /// Seconds of overhead per layer and step, τ.
    LayerOverhead,
    /// Seconds of overhead per `MoE` layer and step, `τ_m`.
    MoeLayerOverhead,
    /// Seconds of overhead per linear-attention layer and step, `τ_l`.
    LinearLayerOverhead,
    /// Exponent of the batch in expert coverage, γ.
    CoverageExponent,
    /// Share of `η_w` left when many streams share a step, φ; `class` is dense or moe.
    BatchBandwidth,
    /// Share of the prefill rate reached by batched decode, κ.
    BatchCompute,
    /// Seconds that each stream after the first adds per layer and step.
    StreamOverhead,
    /// Times that a runtime moves the recurrent state of each stream after the first, beside reading and writing it.
    StateCopies,
    /// Share of the unit's rate reached by the matrices of a prefill, η.
    PrefillCompute,
    /// Factor on it by the kernels that multiply; `class` is the name of a [`Kernel`].
    PrefillPath,
    /// Factor on it by runtime and format; `class` is the format's class.
    PrefillFormat,
    /// Factor on it for the grouped matrices of experts, `f_e`.
    PrefillExperts,
    /// Tokens of a micro-batch at which dense matrices reach half their rate, `h_d`.
    PrefillDenseHalf,
    /// Tokens per expert at which grouped matrices reach half their rate, `h_e`.
    PrefillExpertHalf,
    /// Share of the dense FP16 rate reached by the scans of linear attention, `η_l`.
    PrefillLinear,
    /// Share of the dense FP16 rate reached by attention, `η_a`.
    PrefillAttention,
    /// Factor on it by the kind of attention; `class` is that of [`crate::model::facts::Model::attention_class`].
    PrefillAttentionKind,
    /// Seconds before the first micro-batch of a prefill runs, `t_0`.
    PrefillStart,
    /// Measured over predicted, decode of one stream; `class` is the number of sources of the
    /// family with the runtime (0, 1, 2 and more) and the model's class, as `2/moe`.
    DecodeBand,
    /// Measured over predicted, all streams under load; `class` as for decode.
    AggregateBand,
    /// Measured over predicted, prefill; `class` as for decode.
    PrefillBand,
}

impl Parameter {
    /// All of them; the estimate needs each for any machine.
    pub const ALL: [Self; 24] = [
        Self::WeightBandwidth,
        Self::WeightPath,
        Self::KvBandwidth,
        Self::LayerOverhead,
        Self::MoeLayerOverhead,
        Self::LinearLayerOverhead,
        Self::CoverageExponent,
        Self::BatchBandwidth,
        Self::BatchCompute,
        Self::StreamOverhead,
        Self::StateCopies,
        Self::PrefillCompute,
        Self::PrefillPath,
        Self::PrefillFormat,
        Self::PrefillExperts,
        Self::PrefillDenseHalf,
        Self::PrefillExpertHalf,
        Self::PrefillLinear,
        Self::PrefillAttention,
        Self::PrefillAttentionKind,
        Self::PrefillStart,
        Self::DecodeBand,
        Self::AggregateBand,
        Self::PrefillBand,
    ];
}

/// The families of machines of one vendor: a family without measurements is estimated by those of its vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    /// Identifier, lower case.
    pub id: String,
    /// Beginnings of its families' names.
    pub families: Vec<String>,
}

/// The unit of a machine that multiplies matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComputeUnit {
    /// Matrix units in 8-bit integers, at twice the dense FP16 rate.
    Int8,
    /// Matrix units in 16-bit floating point.
    Fp16,
    /// Matrix units in 8-bit floating point; in 16 bits where the machine has none.
    Fp8,
    /// Matrix units in 4-bit floating point; in 16 bits where the machine has none.
    Fp4,
}

/// The kernels that multiply weights of a class of formats on a family of machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kernel {
    /// Class of formats.
    pub class: String,
    /// Container of the format; any where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
    /// Beginning of the families' names; any where left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// The unit that multiplies.
    pub unit: ComputeUnit,
    /// Name of the kernels, as [`Parameter::PrefillPath`] classes them.
    pub path: String,
}

/// One value with its spread. An empty `vendor`, `family`, `runtime` or `class` matches any; the most specific row wins,
/// family before vendor before runtime before class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EfficiencyRow {
    /// Its quantity.
    pub parameter: Parameter,
    /// Vendor of machines, for the families that have no row of their own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub vendor: String,
    /// Family of machines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Runtime.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// Class of models (dense, moe) or of formats, as the parameter needs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Low end.
    pub low: f64,
    /// Typical.
    pub typical: f64,
    /// High end.
    pub high: f64,
    /// Measurements behind it.
    #[serde(default)]
    pub rows: u32,
    /// Repositories and sites that they come from.
    #[serde(default)]
    pub sources: u32,
}

impl EfficiencyRow {
    /// Returns the order of the row among others: family counts before vendor, vendor before runtime, runtime before class.
    fn place(&self) -> (Parameter, [bool; 4]) {
        (self.parameter, [&self.family, &self.vendor, &self.runtime, &self.class].map(|field| !field.is_empty()))
    }

    /// Returns parameter, vendor, family, runtime and class: no two rows are about the same.
    #[must_use]
    pub fn subject(&self) -> (Parameter, &str, &str, &str, &str) {
        (self.parameter, &self.vendor, &self.family, &self.runtime, &self.class)
    }
}

/// All efficiency data, from one fit. Rows are sorted by [`Parameter`], those of one parameter from general to
/// specific.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Efficiency {
    /// Sources.
    pub source: Vec<String>,
    /// Date of the fit.
    pub date: Option<Date>,
    /// Vendors with their families.
    pub vendors: Vec<Vendor>,
    /// Kernels by format and family, the first that matches.
    pub kernels: Vec<Kernel>,
    /// The values.
    rows: Vec<EfficiencyRow>,
    #[serde(skip)]
    places: Places,
}

/// An index of the rows that fit each family and runtime: an estimate looks up twenty rows, and a key on a slider asks
/// for hundreds of estimates.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    /// Beginnings of family names with their vendor's place, and the vendors that rows name, in order.
    of_vendor: Vec<(String, usize)>,
    vendors: usize,
    /// The families and the runtimes that rows name, in order. All others are alike: what names none fits them.
    families: Vec<String>,
    runtimes: Vec<String>,
    /// Rows that fit, by family, runtime and parameter.
    fitting: Vec<usize>,
    /// Offsets into `fitting`: one start for each family, runtime and parameter, and the end of the last.
    starts: Vec<usize>,
}

impl Places {
    fn of(rows: &[EfficiencyRow], vendors: &[Vendor]) -> Self {
        let named = |field: fn(&EfficiencyRow) -> &String| {
            let names: BTreeSet<&String> = rows.iter().map(field).filter(|name| !name.is_empty()).collect();
            names.into_iter().cloned().collect::<Vec<_>>()
        };
        let (families, runtimes) = (named(|row| &row.family), named(|row| &row.runtime));
        let of_vendor: Vec<(String, usize)> = vendors
            .iter()
            .enumerate()
            .flat_map(|(at, vendor)| vendor.families.iter().map(move |family| (family.clone(), at)))
            .collect();
        let places =
            Self { of_vendor, vendors: vendors.len(), families, runtimes, fitting: Vec::new(), starts: vec![0] };
        let (mut fitting, mut starts) = (Vec::new(), vec![0]);
        let any_or = |wanted: &str, name: Option<&str>| wanted.is_empty() || name.is_some_and(|name| wanted == name);
        // First the families that rows name, then the vendors for all their other families, then all the rest.
        let own = places.families.iter().map(|family| (Some(family.as_str()), places.vendor(family)));
        let others = (0..vendors.len()).map(|vendor| (None, Some(vendor))).chain([(None, None)]);
        for (family, vendor) in own.chain(others) {
            let vendor = vendor.and_then(|at| vendors.get(at)).map(|vendor| vendor.id.as_str());
            for runtime in places.runtimes.iter().map(|name| Some(name.as_str())).chain([None]) {
                let fits = |row: &EfficiencyRow| {
                    any_or(&row.family, family) && any_or(&row.vendor, vendor) && any_or(&row.runtime, runtime)
                };
                let fits: Vec<usize> = (0..rows.len()).filter(|at| rows.get(*at).is_some_and(fits)).collect();
                for parameter in Parameter::ALL {
                    fitting
                        .extend(fits.iter().filter(|at| rows.get(**at).is_some_and(|row| row.parameter == parameter)));
                    starts.push(fitting.len());
                }
            }
        }
        Self { fitting, starts, ..places }
    }

    /// Returns the place of a family's vendor.
    fn vendor(&self, family: &str) -> Option<usize> {
        self.of_vendor.iter().find(|(prefix, _)| family.starts_with(prefix.as_str())).map(|(_, at)| *at)
    }

    /// Returns the place of a family with a runtime among the pairs.
    fn pair(&self, (family, runtime): (&str, &str)) -> usize {
        let place = |names: &[String], name: &str| names.binary_search_by(|known| known.as_str().cmp(name)).ok();
        let family = place(&self.families, family)
            .unwrap_or_else(|| self.families.len() + self.vendor(family).unwrap_or(self.vendors));
        let runtime = place(&self.runtimes, runtime).unwrap_or(self.runtimes.len());
        family * (self.runtimes.len() + 1) + runtime
    }

    /// Returns the indices of the rows of one parameter that fit a pair, from general to specific.
    fn fitting(&self, parameter: Parameter, pair: usize) -> &[usize] {
        let at = pair * Parameter::ALL.len() + parameter as usize;
        let range = self.starts.get(at).zip(self.starts.get(at + 1));
        range.and_then(|(start, end)| self.fitting.get(*start..*end)).unwrap_or_default()
    }
}

/// Efficiency data as it is written, in any order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Efficiency")]
struct Written {
    #[serde(default)]
    source: Vec<String>,
    #[serde(default)]
    date: Option<Date>,
    #[serde(default)]
    vendors: Vec<Vendor>,
    #[serde(default)]
    kernels: Vec<Kernel>,
    #[serde(default)]
    rows: Vec<EfficiencyRow>,
}

impl From<Written> for Efficiency {
    fn from(Written { source, date, vendors, kernels, rows }: Written) -> Self {
        Self { vendors, kernels, ..Self::default() }.with_rows(source, date, rows)
    }
}

/// The closeness of the evidence behind an efficiency to what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// From this family of machines with this runtime.
    Exact,
    /// From this family of machines.
    Family,
    /// From other families of its vendor.
    Vendor,
    /// From machines of all vendors.
    Global,
}

impl Level {
    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Exact => "exact",
            Level::Family => "family",
            Level::Vendor => "vendor",
            Level::Global => "global",
        }
    }
}

/// The class that an efficiency is looked up for beside machine and runtime: none, one word, or two as in `nvfp4/moe`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Class<'a>(pub &'a str, pub &'a str);

impl Class<'_> {
    fn is(self, text: &str) -> bool {
        let Class(one, two) = self;
        if two.is_empty() {
            return text == one;
        }
        // Most classes are told apart by their length alone.
        text.len() == one.len() + 1 + two.len()
            && text.strip_prefix(one).and_then(|rest| rest.strip_prefix('/')) == Some(two)
    }
}

impl Efficiency {
    /// Returns other data, from `rows` in any order, with the same vendors and kernels.
    #[must_use]
    pub fn with_rows(&self, source: Vec<String>, date: Option<Date>, mut rows: Vec<EfficiencyRow>) -> Self {
        rows.sort_by_key(EfficiencyRow::place);
        let places = Places::of(&rows, &self.vendors);
        Self { source, date, vendors: self.vendors.clone(), kernels: self.kernels.clone(), rows, places }
    }

    /// Returns the vendor of a family of machines.
    #[must_use]
    pub fn vendor(&self, family: &str) -> Option<&Vendor> {
        self.places.vendor(family).and_then(|at| self.vendors.get(at))
    }

    /// Returns the kernels that multiply with a format on a family of machines.
    #[must_use]
    pub fn kernel(&self, family: &str, format: &Format) -> Option<&Kernel> {
        self.kernels.iter().find(|kernel| {
            kernel.class == format.class
                && kernel.container.is_none_or(|container| container == format.container)
                && family.starts_with(&kernel.family)
        })
    }

    /// Returns the kernels of a name.
    #[must_use]
    pub fn kernel_named(&self, path: &str) -> Option<&Kernel> {
        self.kernels.iter().find(|kernel| kernel.path == path)
    }

    /// Returns the rows.
    #[must_use]
    pub fn rows(&self) -> &[EfficiencyRow] {
        &self.rows
    }

    /// Changes the rows, and sorts them afterwards.
    pub fn edit(&mut self, change: impl FnOnce(&mut Vec<EfficiencyRow>)) {
        change(&mut self.rows);
        self.rows.sort_by_key(EfficiencyRow::place);
        self.places = Places::of(&self.rows, &self.vendors);
    }

    /// Returns the rows and drops the rest.
    #[must_use]
    pub fn into_rows(self) -> Vec<EfficiencyRow> {
        self.rows
    }

    /// Returns the efficiencies that apply to a family of machines with a runtime.
    #[must_use]
    pub fn on(&self, place: (&str, &str)) -> EfficiencyOn<'_> {
        EfficiencyOn { all: self, pair: self.places.pair(place) }
    }
}

/// Efficiencies as they apply to one family of machines with one runtime.
#[derive(Clone, Copy, Debug)]
pub struct EfficiencyOn<'e> {
    all: &'e Efficiency,
    pair: usize,
}

impl<'e> EfficiencyOn<'e> {
    /// Returns the row that fits best, with its level: family counts before runtime, runtime before class.
    #[must_use]
    pub fn find(self, parameter: Parameter, class: Class<'_>) -> Option<(&'e EfficiencyRow, Level)> {
        let fitting = self.all.places.fitting(parameter, self.pair).iter().rev();
        let mut rows = fitting.filter_map(|at| self.all.rows.get(*at));
        let row = rows.find(|row| row.class.is_empty() || class.is(&row.class))?;
        let level = match (row.family.is_empty(), row.runtime.is_empty()) {
            (false, false) => Level::Exact,
            (false, true) => Level::Family,
            (true, _) if !row.vendor.is_empty() => Level::Vendor,
            (true, _) => Level::Global,
        };
        Some((row, level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parameters_stand_in_the_order_in_which_they_are_looked_up() {
        assert!(Parameter::ALL.iter().enumerate().all(|(at, parameter)| *parameter as usize == at));
    }
}
