//! Efficiencies: the shares of a machine's specification that software reaches, fitted from measurements.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Container, Date, Format};

/// The quantity of an efficiency row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Parameter {
    /// Share of the bandwidth reached while reading weights, `η_w`.
    WeightBandwidth,
    /// Factor on `η_w` by runtime and kernels; `class` is the format's class and the model's, as `nvfp4/moe`.
    WeightPath,
    /// Share of the bandwidth reached while reading the KV cache, `η_kv`.
    KvBandwidth,
    /// Seconds of overhead per layer and step, τ.
    LayerOverhead,
    /// Seconds of overhead per `MoE` layer and step, `τ_m`.
    MoeLayerOverhead,
    /// Seconds of overhead per linear-attention layer and step, `τ_l`.
    LinearLayerOverhead,
    /// Exponent γ of the number of tokens in the formula of the experts that a step touches.
    CoverageExponent,
    /// Share of `η_w` that is left when many streams share a step, φ; `class` is dense or moe.
    BatchBandwidth,
    /// Share of the prefill rate reached by batched decode, κ.
    BatchCompute,
    /// Seconds that each stream after the first adds per layer and step.
    StreamOverhead,
    /// Extra copies of its recurrent state that a runtime moves per step for each stream after the first.
    StateCopies,
    /// Share of the compute unit's rate reached by the matrices of a prefill, η.
    PrefillCompute,
    /// Factor on η by the kernels that multiply; `class` is the path of a [`Kernel`].
    PrefillPath,
    /// Factor on η by runtime and format; `class` is the format's class.
    PrefillFormat,
    /// Factor on η for the grouped matrices of experts, `f_e`.
    PrefillExperts,
    /// Tokens of a micro-batch at which dense matrices reach half their rate, `h_d`.
    PrefillDenseHalf,
    /// Tokens per expert at which grouped matrices reach half their rate, `h_e`.
    PrefillExpertHalf,
    /// Share of the dense FP16 rate reached by the scans of linear attention, `η_l`.
    PrefillLinear,
    /// Share of the dense FP16 rate reached by attention, `η_a`.
    PrefillAttention,
    /// Factor on `η_a` by the kind of attention; `class` is that of [`crate::model::facts::Model::attention_class`].
    PrefillAttentionKind,
    /// Seconds before the first micro-batch of a prefill runs, `t_0`.
    PrefillStart,
    /// Measured over predicted speed in decode of one stream. `class` is the number of sources of the family with the
    /// runtime (0, 1, or 2 for two and more) and the model's class, as `2/moe`.
    DecodeBand,
    /// Measured over predicted speed of all streams; `class` as for [`Parameter::DecodeBand`].
    AggregateBand,
    /// Measured over predicted speed of a prefill; `class` as for [`Parameter::DecodeBand`].
    PrefillBand,
}

impl Parameter {
    /// All parameters, in the order of their discriminants; the catalog must have each of them for any machine.
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

/// A vendor and its families of machines: a family without measurements is estimated from the other families of its
/// vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    /// Identifier, lower case.
    pub id: String,
    /// Prefixes of the names of its families.
    pub families: Vec<String>,
}

/// The unit of a machine that multiplies matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComputeUnit {
    /// Matrix units in 8-bit integers, at twice the dense FP16 rate.
    Int8,
    /// Matrix units in 16-bit floating point.
    Fp16,
    /// Matrix units in 8-bit floating point; a machine without them computes in 16 bits.
    Fp8,
    /// Matrix units in 4-bit floating point; a machine without them computes in 16 bits.
    Fp4,
}

/// The kernels that multiply weights of a class of formats on a family of machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kernel {
    /// Class of the formats.
    pub class: String,
    /// Container of the formats; `None` for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
    /// Prefix of the families' names; empty for any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// The compute unit that multiplies.
    pub unit: ComputeUnit,
    /// Name of the kernels, the `class` of [`Parameter::PrefillPath`].
    pub path: String,
}

/// One efficiency with its spread. An empty `vendor`, `family`, `runtime` or `class` matches any. Of the rows that
/// match, the most specific is used: family counts before vendor, vendor before runtime, runtime before class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EfficiencyRow {
    /// The quantity.
    pub parameter: Parameter,
    /// Vendor of machines; applies to its families that have no row of their own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub vendor: String,
    /// Family of machines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Runtime.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// Class of models (dense, moe) or of formats, or both, as the parameter defines it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Low end.
    pub low: f64,
    /// Typical value.
    pub typical: f64,
    /// High end.
    pub high: f64,
    /// Number of measurements that the values come from.
    #[serde(default)]
    pub rows: u32,
    /// Number of repositories and sites that the measurements come from.
    #[serde(default)]
    pub sources: u32,
}

impl EfficiencyRow {
    /// Returns the row's sort key: its parameter, then if it names a family, a vendor, a runtime and a class.
    fn place(&self) -> (Parameter, [bool; 4]) {
        (self.parameter, [&self.family, &self.vendor, &self.runtime, &self.class].map(|field| !field.is_empty()))
    }

    /// Returns the parameter, vendor, family, runtime and class of the row, which no other row shares.
    #[must_use]
    pub fn subject(&self) -> (Parameter, &str, &str, &str, &str) {
        (self.parameter, &self.vendor, &self.family, &self.runtime, &self.class)
    }
}

/// All efficiencies of one fit. Rows are sorted by [`Parameter`], and those of one parameter from general to specific.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Efficiency {
    /// Sources.
    pub source: Vec<String>,
    /// Date of the fit.
    pub date: Option<Date>,
    /// Vendors with their families.
    pub vendors: Vec<Vendor>,
    /// Kernels by class of formats and family; the first that matches is used.
    pub kernels: Vec<Kernel>,
    /// The rows, sorted.
    rows: Vec<EfficiencyRow>,
    #[serde(skip)]
    places: Places,
}

/// An index of the rows that match each pair of family and runtime. One estimate looks up twenty rows, and one key
/// press on a slider needs hundreds of estimates.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    /// Prefixes of family names, each with the index of its vendor.
    of_vendor: Vec<(String, usize)>,
    /// Number of vendors.
    vendors: usize,
    /// The families that rows name, sorted. Any other family matches only rows that name none.
    families: Vec<String>,
    /// The runtimes that rows name, sorted.
    runtimes: Vec<String>,
    /// Indices of the matching rows, by family, runtime and parameter.
    fitting: Vec<usize>,
    /// Offsets into `fitting`: the start for each family, runtime and parameter, and the end of the last.
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
        // First come the families that rows name, then each vendor for its other families, then all other families.
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

    /// Returns the index of a family's vendor.
    fn vendor(&self, family: &str) -> Option<usize> {
        self.of_vendor.iter().find(|(prefix, _)| family.starts_with(prefix.as_str())).map(|(_, at)| *at)
    }

    /// Returns the index of a pair of family and runtime.
    fn pair(&self, (family, runtime): (&str, &str)) -> usize {
        let place = |names: &[String], name: &str| names.binary_search_by(|known| known.as_str().cmp(name)).ok();
        let family = place(&self.families, family)
            .unwrap_or_else(|| self.families.len() + self.vendor(family).unwrap_or(self.vendors));
        let runtime = place(&self.runtimes, runtime).unwrap_or(self.runtimes.len());
        family * (self.runtimes.len() + 1) + runtime
    }

    /// Returns the indices of the rows of one parameter that match a pair, from general to specific.
    fn fitting(&self, parameter: Parameter, pair: usize) -> &[usize] {
        let at = pair * Parameter::ALL.len() + parameter as usize;
        let range = self.starts.get(at).zip(self.starts.get(at + 1));
        range.and_then(|(start, end)| self.fitting.get(*start..*end)).unwrap_or_default()
    }
}

/// Efficiencies as a file has them, with the rows in any order.
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

/// The closeness of the evidence behind an efficiency to the machine and the runtime that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Measurements on this family of machines with this runtime.
    Exact,
    /// Measurements on this family of machines with other runtimes.
    Family,
    /// Measurements on other families of its vendor.
    Vendor,
    /// Measurements on machines of all vendors.
    Global,
}

impl Level {
    /// Returns the level as a word.
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

/// The class by which an efficiency is looked up, beside machine and runtime: none, one word, or two as in `nvfp4/moe`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Class<'a>(pub &'a str, pub &'a str);

impl Class<'_> {
    fn is(self, text: &str) -> bool {
        let Class(one, two) = self;
        if two.is_empty() {
            return text == one;
        }
        // The lengths are compared first because they differ for most classes.
        text.len() == one.len() + 1 + two.len()
            && text.strip_prefix(one).and_then(|rest| rest.strip_prefix('/')) == Some(two)
    }
}

impl Efficiency {
    /// Returns efficiencies with the same vendors and kernels but with `rows`, in any order, and their source and date.
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

    /// Returns the kernels that multiply weights of a format on a family of machines.
    #[must_use]
    pub fn kernel(&self, family: &str, format: &Format) -> Option<&Kernel> {
        self.kernels.iter().find(|kernel| {
            kernel.class == format.class
                && kernel.container.is_none_or(|container| container == format.container)
                && family.starts_with(&kernel.family)
        })
    }

    /// Returns the kernels with the name `path`.
    #[must_use]
    pub fn kernel_named(&self, path: &str) -> Option<&Kernel> {
        self.kernels.iter().find(|kernel| kernel.path == path)
    }

    /// Returns the rows.
    #[must_use]
    pub fn rows(&self) -> &[EfficiencyRow] {
        &self.rows
    }

    /// Changes the rows, then sorts and indexes them again.
    pub fn edit(&mut self, change: impl FnOnce(&mut Vec<EfficiencyRow>)) {
        change(&mut self.rows);
        self.rows.sort_by_key(EfficiencyRow::place);
        self.places = Places::of(&self.rows, &self.vendors);
    }

    /// Returns the rows.
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

/// The efficiencies that apply to one family of machines with one runtime.
#[derive(Clone, Copy, Debug)]
pub struct EfficiencyOn<'e> {
    all: &'e Efficiency,
    pair: usize,
}

impl<'e> EfficiencyOn<'e> {
    /// Returns the most specific row that matches, with its level; `None` if none matches.
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
