//! The look-ups of a case: rates, bytes and efficiencies of one machine, model, format and runtime.

use super::{ClassBytes, Edges, Evidence, Experts, Linear, Load, Missing, Speculation, Subject, Weights};
use crate::model::estimate::setup::Constants;
use crate::model::estimate::trace::{Provenance, Sourced};
use crate::model::facts::{
    Basis, Class, ComputeUnit, EfficiencyOn, Fact, Level, Machine, Model, Parameter, PerClass, SetupParameter,
};

/// Returns the rate of the compute unit in TFLOPS; a machine without FP8 or FP4 units computes those formats in 16
/// bits.
pub(super) fn unit_rate(machine: &Machine, unit: ComputeUnit) -> Option<&Fact> {
    let half = machine.inference_tflops.as_ref().or(machine.fp16_tflops.as_ref());
    match unit {
        ComputeUnit::Int8 => half,
        ComputeUnit::Fp16 => machine.fp16_tflops.as_ref(),
        ComputeUnit::Fp8 => machine.fp8_tflops.as_ref().or(machine.fp16_tflops.as_ref()),
        ComputeUnit::Fp4 => machine.fp4_tflops.as_ref().or(machine.fp16_tflops.as_ref()),
    }
}

pub(super) fn model_number(model: &Model, value: f64) -> Sourced<'_> {
    Sourced { value, basis: model.basis, provenance: Provenance::Cited(model) }
}

pub(super) fn weights<'a>(subject: &Subject<'a>) -> Weights<'a> {
    let Subject { model, format, read_bytes, .. } = *subject;
    if let Some(bytes) = read_bytes {
        return Weights::Given(Sourced::setting(bytes, "model"));
    }
    let of_model = |value: f64| model_number(model, value);
    let bits = |value: f64| Sourced { value, basis: format.block_bits.basis, provenance: Provenance::Cited(format) };
    let exact = model.bytes_in(&format.id).map(PerClass::values);
    let (params, bits_per_class) = (model.params.values(), format.bits.values());
    Weights::Classes(std::array::from_fn(|class| match exact {
        Some(bytes) if bytes[class] > 0.0 => ClassBytes::Exact(of_model(bytes[class])),
        None if params[class] > 0.0 => ClassBytes::Rule(of_model(params[class]), bits(bits_per_class[class])),
        _ => ClassBytes::None,
    }))
}

/// The look-up of efficiencies and assumptions for one subject.
pub(super) struct EfficiencyLookup<'s, 'a> {
    pub subject: &'s Subject<'a>,
    pub evidence: &'s Evidence<'a>,
    pub efficiency: EfficiencyOn<'a>,
    pub class: &'static str,
}

impl<'a> EfficiencyLookup<'_, 'a> {
    pub fn row(
        &self,
        parameter: Parameter,
        class: Class<'_>,
    ) -> Result<(&'a crate::model::facts::EfficiencyRow, Level), Missing> {
        self.efficiency.find(parameter, class).ok_or(Missing::Efficiency(parameter))
    }

    pub fn known(&self, value: f64) -> Sourced<'a> {
        Sourced { value, basis: Basis::Measured, provenance: Provenance::Cited(self.evidence.efficiency) }
    }

    pub fn typical(&self, parameter: Parameter, class: Class<'_>) -> Result<Sourced<'a>, Missing> {
        self.row(parameter, class).map(|(row, _)| self.known(row.typical))
    }

    /// Returns the edges of `band` for this class of model. The band is narrower the more sources measured this machine
    /// family with this runtime; a machine whose bandwidth is assumed gets the widest band.
    pub fn edges(&self, band: Parameter, evidence: Parameter) -> Result<Edges<'a>, Missing> {
        let (behind, level) = self.row(evidence, Class::default())?;
        let bandwidth = &self.subject.machine.bandwidth_gbs;
        let assumed = bandwidth.basis == Basis::Assumed || bandwidth.source.is_empty();
        let sources = match behind.sources {
            _ if assumed || level != Level::Exact => "0",
            0 => "0",
            1 => "1",
            _ => "2",
        };
        let (row, _) = self.row(band, Class(sources, self.class))?;
        Ok(Edges { low: self.known(row.low), high: self.known(row.high) })
    }

    /// Returns the tokens of a micro-batch: the scenario's if set, else the runtime's default for a machine of this
    /// memory size.
    pub fn micro_batch(&self, load: &Load) -> Result<Sourced<'a>, Missing> {
        if let Some(tokens) = load.micro_batch {
            return Ok(Sourced::setting(tokens, "micro-batch"));
        }
        let Subject { machine, runtime, .. } = *self.subject;
        let of_size = runtime.micro_batch.iter().rev().find(|(gib, _)| machine.usable_gib.value >= *gib);
        match of_size {
            Some((_, tokens)) => {
                Ok(Sourced { value: *tokens, basis: Basis::Vendor, provenance: Provenance::Cited(runtime) })
            }
            None => self.assumption("prefill_chunk_tokens", 1.0),
        }
    }

    /// Returns the ratio of the unit's compute rate to the rate of [`unit_rate`]. It differs from 1 only for 8-bit
    /// integers, whose rate is derived from that of FP16.
    pub fn unit_multiple(&self, unit: ComputeUnit) -> Result<Sourced<'a>, Missing> {
        match unit {
            ComputeUnit::Int8 => self.assumption("int8_over_fp16", 1.0),
            ComputeUnit::Fp16 | ComputeUnit::Fp8 | ComputeUnit::Fp4 => Ok(self.known(1.0)),
        }
    }

    pub fn assumption(&self, id: &'static str, scale: f64) -> Result<Sourced<'a>, Missing> {
        let entry = self.evidence.assumptions.iter().find(|entry| entry.id == id).ok_or(Missing::Assumption(id))?;
        Ok(Sourced::fact(&entry.fact, &entry.id, scale))
    }

    pub fn speculation(&self, load: &Load, constants: &Constants<'a>) -> Result<Option<Speculation<'a>>, Missing> {
        if load.drafted <= 0.0 {
            return Ok(None);
        }
        let acceptance = match load.acceptance {
            Some(share) => Sourced::setting(share, "acceptance"),
            None => match self.subject.draft {
                Some(method) => Sourced::fact(method.acceptance(load.task), &method.id, 1.0),
                None => self.assumption("draft_acceptance_share", 1.0)?,
            },
        };
        let drafted = Sourced::setting(load.drafted, "draft");
        let draft_share = match self.subject.draft {
            Some(method) => Sourced::fact(&method.step_share, &method.id, 1.0),
            None => self.assumption("draft_step_share", 1.0)?,
        };
        let start = constants.typical(SetupParameter::DraftStart, self.class, 1.0)?;
        let weights = self.subject.draft.map(|method| Sourced::fact(&method.weight_share, &method.id, 1.0));
        let band = constants.band("draft")?;
        Ok(Some(Speculation { drafted, acceptance, draft_share, start, weights, band }))
    }

    pub fn experts(&self) -> Result<Option<Experts<'a>>, Missing> {
        let model = self.subject.model;
        let Some(moe) = model.moe else { return Ok(None) };
        Ok(Some(Experts {
            experts: model_number(model, moe.experts),
            per_token: model_number(model, moe.per_token),
            layers: model_number(model, moe.layers),
            active_params: model_number(model, model.active_expert_params()),
            efficiency: self.typical(Parameter::PrefillExperts, Class::default())?,
            half: self.typical(Parameter::PrefillExpertHalf, Class::default())?,
            coverage: self.typical(Parameter::CoverageExponent, Class::default())?,
            overhead: self.typical(Parameter::MoeLayerOverhead, Class::default())?,
        }))
    }

    pub fn linear(&self) -> Result<Option<Linear<'a>>, Missing> {
        let model = self.subject.model;
        let Some(state) = model.state else { return Ok(None) };
        Ok(Some(Linear {
            layers: model_number(model, state.layers),
            state: (model_number(model, state.state_elems), self.assumption("state_bytes_per_element", 1.0)?),
            conv: (model_number(model, state.conv_elems), self.assumption("conv_bytes_per_element", 1.0)?),
            overhead: self.typical(Parameter::LinearLayerOverhead, Class::default())?,
            efficiency: self.typical(Parameter::PrefillLinear, Class::default())?,
            state_copies: self.typical(Parameter::StateCopies, Class::default())?,
        }))
    }
}
