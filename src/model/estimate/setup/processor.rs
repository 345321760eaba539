//! Estimates in which a processor does all the work, and the bands that a set-up, a host or drafts widen.

use super::super::case::{Edges, EstimateInputs, Experts, Missing, Speculation};
use super::super::formula::ACCEPTED_TOKENS;
use super::super::trace::Sourced;
use super::Constants;
use crate::model::facts::{HostSystem, SetupParameter};
use crate::model::units::GB;

impl<'a> EstimateInputs<'a> {
    /// Returns the inputs for the processor of `host`: it reads at its share of the memory's bandwidth, or at the rate
    /// of its cores if that is lower. Its rate in prefill is fitted to measurements.
    pub(in super::super) fn on_processor(
        self,
        host: &'a HostSystem,
        constants: &Constants<'a>,
    ) -> Result<Self, Missing> {
        let mut reach = constants.typical(SetupParameter::RamReach, host.class.word(), 1.0)?;
        let core = constants.typical(SetupParameter::CoreRate, host.class.word(), GB)?;
        let cores = host.cores.value * core.value / self.bandwidth.value;
        if cores < reach.value {
            reach = Sourced { value: cores, ..core };
        }
        let one = Sourced { value: 1.0, ..reach };
        let band = constants.band("cpu")?;
        let experts = self.experts.map(|experts| Experts { efficiency: one, ..experts });
        Ok(Self {
            weight_efficiency: reach,
            kv_efficiency: reach,
            weight_path: one,
            prefill_efficiency: one,
            batch_efficiency: one,
            unit_rate: self.fp16_rate,
            unit_multiple: one,
            prefill_path: one,
            prefill_format: one,
            experts,
            decode_band: band,
            aggregate_band: band,
            ..self
        })
    }

    /// Returns the tokens that a stream gains per step; 1 without drafts.
    #[must_use]
    pub fn accepted_per_step(&self) -> f64 {
        let gained = |drafts: &Speculation<'_>| (ACCEPTED_TOKENS.eval)([drafts.acceptance.value, drafts.drafted.value]);
        self.speculation.as_ref().map_or(1.0, gained)
    }

    /// Returns the band of decode: the machine's, widened to the bands of the set-up, the host and the drafts in use.
    pub(in super::super) fn edges(&self, several: bool, on_host: bool) -> Edges<'a> {
        let own = if several { self.aggregate_band } else { self.decode_band };
        let bands = [
            self.setup.as_ref().map(|setup| setup.band),
            self.offload.as_ref().filter(|_| on_host).map(|offload| offload.band),
            self.speculation.as_ref().map(|speculation| speculation.band),
        ];
        bands.into_iter().flatten().fold(own, Edges::wider)
    }
}

impl Edges<'_> {
    /// Returns the outer edges of two bands.
    fn wider(self, other: Self) -> Self {
        Self {
            low: if other.low.value < self.low.value { other.low } else { self.low },
            high: if other.high.value > self.high.value { other.high } else { self.high },
        }
    }
}
