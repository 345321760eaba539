//! The structure of the fit: its parameters, the factors of each, and the pull of each factor towards 1.
//!
//! Every parameter is a product of factors: for all machines, for a vendor, for a family, for a family with a runtime,
//! for a runtime with a class of formats. A factor without measurements stays at 1. A family without measurements
//! therefore has its vendor's value, and a vendor without any has the value of all machines.

use crate::model::estimate::case::EstimateInputs;
use crate::model::facts::{EfficiencyRow, Parameter};

use super::replay::{Kind, Replay};

/// The kind of a factor, by what it depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Term {
    /// One factor for all machines.
    Global,
    /// A factor per vendor.
    Vendor,
    /// A factor per family of machines.
    Family,
    /// A factor per family and runtime.
    FamilyRuntime,
    /// A factor per runtime.
    Runtime,
    /// A factor per runtime and class.
    RuntimeClass,
    /// A factor per class.
    Class,
}

/// The class that distinguishes the factors of a parameter.
#[derive(Clone, Copy, Debug)]
pub(super) enum ClassOf {
    /// No class.
    None,
    /// Class of the format and class of the model: `nvfp4/moe`.
    Kernels,
    /// Class of the format.
    Format,
    /// Kernels that multiply.
    Path,
    /// Class of the model: dense or moe.
    Model,
    /// Kind of attention.
    Attention,
}

/// A fitted parameter.
pub(super) struct Structure {
    pub parameter: Parameter,
    /// Value at which the fit starts; it is also the value without any measurements.
    pub start: f64,
    /// Factors of the parameter, each with the strength of its pull towards 1; 0 means no pull.
    pub terms: &'static [(Term, f64)],
    pub class: ClassOf,
    pub stage: Stage,
}

/// A stage of the fit: it fits its parameters to one kind of measurement while those of other stages are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Decode,
    Prefill,
    Batch,
}

impl Stage {
    pub const ALL: [Stage; 3] = [Stage::Decode, Stage::Prefill, Stage::Batch];
    /// The order of a fit. Decode is fitted again at the end, since the arithmetic of a decode step uses the rates of
    /// the other two stages.
    pub const ORDER: [Stage; 4] = [Stage::Decode, Stage::Prefill, Stage::Batch, Stage::Decode];

    /// Returns true if a kind of measurement belongs to the stage.
    pub fn holds(self, kind: Kind) -> bool {
        match self {
            Stage::Decode => kind == Kind::Decode,
            Stage::Prefill => kind == Kind::Prefill,
            Stage::Batch => matches!(kind, Kind::DecodePhase | Kind::EndToEnd | Kind::Window),
        }
    }

    /// Returns true if the stage fits this parameter.
    pub fn fits(self, parameter: Parameter) -> bool {
        STRUCTURE.iter().any(|structure| structure.parameter == parameter && structure.stage == self)
    }

    /// Returns the usual relative error of the stage's measurements.
    pub fn spread(self) -> f64 {
        match self {
            Stage::Decode => 0.08,
            Stage::Prefill => 0.2,
            Stage::Batch => 0.12,
        }
    }
}

use ClassOf::{Attention, Format, Kernels, Model, Path};
use Term::{Class, Family, FamilyRuntime, Global, Runtime, RuntimeClass, Vendor};

/// The terms of a parameter that depends on the machine and hardly on software.
const MACHINE: &[(Term, f64)] = &[(Global, 0.0), (Vendor, 1.0), (Family, 1.0)];

/// All fitted parameters. The starting values come from a first fit; the spread of a factor of strength 1 is 20 %.
pub(super) static STRUCTURE: &[Structure] = &[
    row(
        Parameter::WeightBandwidth,
        0.8,
        &[(Global, 0.0), (Vendor, 1.0), (Family, 1.0), (FamilyRuntime, 1.0)],
        ClassOf::None,
        Stage::Decode,
    ),
    row(Parameter::WeightPath, 1.0, &[(RuntimeClass, 0.5)], Kernels, Stage::Decode),
    row(Parameter::KvBandwidth, 0.5, MACHINE, ClassOf::None, Stage::Decode),
    row(
        Parameter::LayerOverhead,
        35e-6,
        &[(Global, 0.0), (Vendor, 1.0), (Family, 1.0), (FamilyRuntime, 1.0)],
        ClassOf::None,
        Stage::Decode,
    ),
    row(Parameter::MoeLayerOverhead, 45e-6, MACHINE, ClassOf::None, Stage::Decode),
    row(
        Parameter::LinearLayerOverhead,
        19e-6,
        &[(Global, 1.0), (Vendor, 1.0), (Family, 1.0)],
        ClassOf::None,
        Stage::Decode,
    ),
    row(
        Parameter::PrefillCompute,
        0.48,
        &[(Global, 0.0), (Vendor, 1.0), (Family, 1.0), (FamilyRuntime, 0.5)],
        ClassOf::None,
        Stage::Prefill,
    ),
    row(Parameter::PrefillPath, 1.0, &[(Class, 0.5)], Path, Stage::Prefill),
    row(Parameter::PrefillFormat, 1.0, &[(RuntimeClass, 1.0)], Format, Stage::Prefill),
    row(Parameter::PrefillExperts, 0.45, &[(Global, 0.3), (Runtime, 1.0)], ClassOf::None, Stage::Prefill),
    row(Parameter::PrefillDenseHalf, 50.0, &[(Global, 0.5)], ClassOf::None, Stage::Prefill),
    row(Parameter::PrefillExpertHalf, 2.0, &[(Global, 0.5)], ClassOf::None, Stage::Prefill),
    row(
        Parameter::PrefillLinear,
        0.0155,
        &[(Global, 0.3), (Vendor, 1.0), (Family, 1.0)],
        ClassOf::None,
        Stage::Prefill,
    ),
    row(
        Parameter::PrefillAttention,
        0.25,
        &[(Global, 0.0), (Vendor, 1.0), (Family, 1.0), (FamilyRuntime, 1.0)],
        ClassOf::None,
        Stage::Prefill,
    ),
    row(Parameter::PrefillAttentionKind, 1.0, &[(Class, 0.5), (RuntimeClass, 1.0)], Attention, Stage::Prefill),
    row(
        Parameter::PrefillStart,
        0.02,
        &[(Global, 0.5), (Runtime, 0.3), (FamilyRuntime, 1.0)],
        ClassOf::None,
        Stage::Prefill,
    ),
    row(Parameter::CoverageExponent, 0.74, &[(Global, 1.0)], ClassOf::None, Stage::Batch),
    row(Parameter::BatchBandwidth, 0.8, &[(RuntimeClass, 0.5)], Model, Stage::Batch),
    row(
        Parameter::BatchCompute,
        0.34,
        &[(Global, 1.0), (Runtime, 1.0), (FamilyRuntime, 0.5)],
        ClassOf::None,
        Stage::Batch,
    ),
    row(Parameter::StreamOverhead, 2e-6, &[(Global, 0.2), (Runtime, 0.5)], ClassOf::None, Stage::Batch),
    row(Parameter::StateCopies, 2.0, &[(RuntimeClass, 0.2)], ClassOf::None, Stage::Batch),
];

const fn row(
    parameter: Parameter,
    start: f64,
    terms: &'static [(Term, f64)],
    class: ClassOf,
    stage: Stage,
) -> Structure {
    Structure { parameter, start, terms, class, stage }
}

/// A factor, identified by its parameter, term, vendor, family, runtime and class.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Factor {
    pub parameter: Parameter,
    pub term: Term,
    pub vendor: String,
    pub family: String,
    pub runtime: String,
    pub class: String,
}

impl Structure {
    /// Returns the class of a replay for this parameter.
    fn class_of(&self, replay: &Replay<'_>) -> String {
        match self.class {
            ClassOf::None => String::new(),
            Kernels => format!("{}/{}", replay.format_class, replay.model.kind.class()),
            Format => replay.format_class.to_owned(),
            Path => replay.path.to_owned(),
            Model => replay.model.kind.class().to_owned(),
            Attention => replay.model.attention_class().to_owned(),
        }
    }

    /// Returns the parameter's value for a sum of factors' logarithms; the share of bandwidth in batches stays below 1.
    pub fn value(&self, sum: f64) -> f64 {
        let value = self.start * libm::exp(sum);
        if self.parameter == Parameter::BatchBandwidth { value.min(0.999) } else { value }
    }

    /// Returns the low and the high edge relative to the typical value, from the ratios of measured over predicted.
    ///
    /// For parameters that a speed is proportional to they are the 10th and the 90th percentile. For others they are 1,
    /// since single rows do not determine overheads.
    pub fn spread_of(&self, mut ratios: Vec<f64>) -> (f64, f64) {
        let proportional = matches!(self.parameter, Parameter::WeightBandwidth | Parameter::PrefillCompute);
        if !proportional || ratios.is_empty() {
            return (1.0, 1.0);
        }
        ratios.sort_by(f64::total_cmp);
        let at = |tenths: usize| ratios.get(ratios.len() * tenths / 10).copied().unwrap_or(1.0);
        (at(1).min(1.0), at(9).max(1.0))
    }

    /// Returns the factors that a replay depends on through this parameter, each with its strength.
    pub fn factors(&self, replay: &Replay<'_>) -> Vec<(Factor, f64)> {
        let class = self.class_of(replay);
        let (family, runtime) = (replay.machine.family.clone(), replay.row.runtime.clone());
        let none = String::new;
        let named = |term: Term, vendor: String, family: String, runtime: String, class: String| Factor {
            parameter: self.parameter,
            term,
            vendor,
            family,
            runtime,
            class,
        };
        let known = |term: &Term| *term != Vendor || !replay.vendor.is_empty();
        self.terms
            .iter()
            .filter(|(term, _)| known(term))
            .map(|(term, strength)| {
                let factor = match term {
                    Global => named(Global, none(), none(), none(), none()),
                    Vendor => named(Vendor, replay.vendor.to_owned(), none(), none(), none()),
                    Family => named(Family, none(), family.clone(), none(), none()),
                    FamilyRuntime => named(FamilyRuntime, none(), family.clone(), runtime.clone(), none()),
                    Runtime => named(Runtime, none(), none(), runtime.clone(), none()),
                    RuntimeClass => named(RuntimeClass, none(), none(), runtime.clone(), class.clone()),
                    Class => named(Class, none(), none(), none(), class.clone()),
                };
                (factor, *strength)
            })
            .collect()
    }

    /// Returns true if the parameter affects this case.
    pub fn matters(&self, case: &EstimateInputs<'_>) -> bool {
        match self.parameter {
            Parameter::MoeLayerOverhead
            | Parameter::CoverageExponent
            | Parameter::PrefillExperts
            | Parameter::PrefillExpertHalf => case.experts.is_some(),
            Parameter::LinearLayerOverhead | Parameter::StateCopies | Parameter::PrefillLinear => case.linear.is_some(),
            _ => true,
        }
    }
}

/// Returns the field of a case that a parameter sets.
pub(super) fn slot<'s>(case: &'s mut EstimateInputs<'_>, parameter: Parameter) -> Option<&'s mut f64> {
    let known = match parameter {
        Parameter::WeightBandwidth => &mut case.weight_efficiency,
        Parameter::WeightPath => &mut case.weight_path,
        Parameter::KvBandwidth => &mut case.kv_efficiency,
        Parameter::LayerOverhead => &mut case.layer_time,
        Parameter::MoeLayerOverhead => &mut case.experts.as_mut()?.overhead,
        Parameter::LinearLayerOverhead => &mut case.linear.as_mut()?.overhead,
        Parameter::StreamOverhead => &mut case.stream_time,
        Parameter::StateCopies => &mut case.linear.as_mut()?.state_copies,
        Parameter::CoverageExponent => &mut case.experts.as_mut()?.coverage,
        Parameter::BatchBandwidth => &mut case.batch_bandwidth,
        Parameter::BatchCompute => &mut case.batch_efficiency,
        Parameter::PrefillCompute => &mut case.prefill_efficiency,
        Parameter::PrefillPath => &mut case.prefill_path,
        Parameter::PrefillFormat => &mut case.prefill_format,
        Parameter::PrefillExperts => &mut case.experts.as_mut()?.efficiency,
        Parameter::PrefillDenseHalf => &mut case.dense_half,
        Parameter::PrefillExpertHalf => &mut case.experts.as_mut()?.half,
        Parameter::PrefillLinear => &mut case.linear.as_mut()?.efficiency,
        Parameter::PrefillAttention => &mut case.attention_efficiency,
        Parameter::PrefillAttentionKind => &mut case.attention_kind,
        Parameter::PrefillStart => &mut case.prefill_start,
        Parameter::DecodeBand | Parameter::AggregateBand | Parameter::PrefillBand => return None,
    };
    Some(&mut known.value)
}

/// Returns an efficiency row for all machines with this value.
pub(super) fn data_row(parameter: Parameter, value: f64) -> EfficiencyRow {
    EfficiencyRow {
        parameter,
        vendor: String::new(),
        family: String::new(),
        runtime: String::new(),
        class: String::new(),
        low: value,
        typical: value,
        high: value,
        rows: 0,
        sources: 0,
    }
}
