//! Efficiencies: the shares of a machine's specification that software reaches, fitted from measurements.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Date;

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
    /// Share of the dense FP16 rate reached by batched decode, `η_c`.
    BatchCompute,
    /// Seconds that each stream after the first adds per layer and step.
    StreamOverhead,
    /// Times that a runtime moves the recurrent state of each stream after the first, beside reading and writing it.
    StateCopies,
    /// Share of the dense FP16 rate reached by prefill, `η_c`.
    PrefillCompute,
    /// Factor on it by runtime and model; `class` is dense, dense-hybrid, moe or moe-hybrid.
    PrefillKind,
    /// Factor on it by runtime and kernels; `class` is the format's class.
    PrefillPath,
    /// Prompt tokens at which prefill reaches half its rate; `class` is dense or moe.
    PrefillRolloff,
    /// Share of the dense FP16 rate reached by attention, `η_a`.
    PrefillAttention,
    /// Seconds before the first chunk of a prefill runs, `t_0`.
    PrefillStart,
    /// Measured over predicted, decode of one stream; `class` is the level of the evidence and the model's class, as
    /// `exact/moe`.
    DecodeBand,
    /// Measured over predicted, all streams under load; `class` as for decode.
    AggregateBand,
    /// Measured over predicted, prefill; `class` as for decode.
    PrefillBand,
}

impl Parameter {
    /// All of them; the estimate needs each for any machine.
    pub const ALL: [Self; 20] = [
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
        Self::PrefillKind,
        Self::PrefillPath,
        Self::PrefillRolloff,
        Self::PrefillAttention,
        Self::PrefillStart,
        Self::DecodeBand,
        Self::AggregateBand,
        Self::PrefillBand,
    ];
}

/// One value with its spread. An empty `family`, `runtime` or `class` matches any; the most specific row wins,
/// family before runtime before class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EfficiencyRow {
    /// Its quantity.
    pub parameter: Parameter,
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
}

impl EfficiencyRow {
    /// Returns the sort key of the row: family counts before runtime, runtime before class.
    fn place(&self) -> (Parameter, [bool; 3]) {
        (self.parameter, [&self.family, &self.runtime, &self.class].map(|field| !field.is_empty()))
    }

    /// Returns the parameter, family, runtime and class of the row, which no other row shares.
    #[must_use]
    pub fn subject(&self) -> (Parameter, &str, &str, &str) {
        (self.parameter, &self.family, &self.runtime, &self.class)
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
    /// The rows.
    rows: Vec<EfficiencyRow>,
    #[serde(skip)]
    places: Places,
}

/// An index of the rows that fit each family and runtime: an estimate looks up twenty rows, and a key on a slider asks
/// for hundreds of estimates.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    /// The families and the runtimes that rows name, sorted. Any other name fits only rows that leave the field empty.
    families: Vec<String>,
    runtimes: Vec<String>,
    /// Rows that fit, by family, runtime and parameter.
    fitting: Vec<usize>,
    /// Offsets into `fitting`: one start for each family, runtime and parameter, and the end of the last.
    starts: Vec<usize>,
}

impl Places {
    fn of(rows: &[EfficiencyRow]) -> Self {
        let named = |field: fn(&EfficiencyRow) -> &String| {
            let names: BTreeSet<&String> = rows.iter().map(field).filter(|name| !name.is_empty()).collect();
            names.into_iter().cloned().collect::<Vec<_>>()
        };
        let (families, runtimes) = (named(|row| &row.family), named(|row| &row.runtime));
        let (mut fitting, mut starts) = (Vec::new(), vec![0]);
        let any_or = |wanted: &str, name: Option<&String>| wanted.is_empty() || name.is_some_and(|name| wanted == name);
        for family in families.iter().map(Some).chain([None]) {
            for runtime in runtimes.iter().map(Some).chain([None]) {
                let fits = |row: &EfficiencyRow| any_or(&row.family, family) && any_or(&row.runtime, runtime);
                let fits: Vec<usize> = (0..rows.len()).filter(|at| rows.get(*at).is_some_and(fits)).collect();
                for parameter in Parameter::ALL {
                    fitting
                        .extend(fits.iter().filter(|at| rows.get(**at).is_some_and(|row| row.parameter == parameter)));
                    starts.push(fitting.len());
                }
            }
        }
        Self { families, runtimes, fitting, starts }
    }

    /// Returns the index of a family with a runtime among the pairs.
    fn pair(&self, (family, runtime): (&str, &str)) -> usize {
        let place = |names: &[String], name: &str| {
            names.binary_search_by(|known| known.as_str().cmp(name)).unwrap_or(names.len())
        };
        place(&self.families, family) * (self.runtimes.len() + 1) + place(&self.runtimes, runtime)
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
    rows: Vec<EfficiencyRow>,
}

impl From<Written> for Efficiency {
    fn from(Written { source, date, rows }: Written) -> Self {
        Self::new(source, date, rows)
    }
}

/// The closeness of the evidence behind an efficiency to the machine and runtime asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// From this family of machines with this runtime.
    Exact,
    /// From this family of machines.
    Family,
    /// From machines in general.
    Global,
}

impl Level {
    /// Returns the word for it, as the classes of bands name it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Exact => "exact",
            Level::Family => "family",
            Level::Global => "global",
        }
    }
}

/// The class by which an efficiency is looked up beside machine and runtime: empty, one word, or two as in `exact/moe`.
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
    /// Makes the data from `rows` in any order.
    #[must_use]
    pub fn new(source: Vec<String>, date: Option<Date>, mut rows: Vec<EfficiencyRow>) -> Self {
        rows.sort_by_key(EfficiencyRow::place);
        let places = Places::of(&rows);
        Self { source, date, rows, places }
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
        self.places = Places::of(&self.rows);
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
