//! The roofline: the machine's balance against the intensity of a decode step.
//!
//! A batch reads the weights once for all its streams, so its arithmetic grows with the streams while the bytes read
//! hardly do. At the crossover both take the same time. A batch of that size touches every expert, so it reads all
//! weights.

use super::case::EstimateInputs;
use super::figures::Roofline;
use super::formula::{BALANCE, CROSSOVER, INTENSITY, LARGE_BATCH_REACH, STEP_BYTES};
use super::trace::{Sourced, Tape};
use super::weights::WeightBytes;
use super::{decode, labels, prefill};

/// Returns the roofline of a step that reads these bytes of weights and caches; `None` if the compute rate is not
/// known.
pub(super) fn roofline<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (weights_read, cache_read): (T::Num, T::Num),
) -> Option<Roofline<T::Num>> {
    let rate = tape.leaf(&labels::FP16_RATE, case.fp16_rate?);
    let bandwidth = tape.leaf(&labels::BANDWIDTH, case.bandwidth);
    let balance = tape.step(&BALANCE, [rate, bandwidth]);
    let streams = tape.leaf(&labels::STREAMS, case.streams);
    let context = tape.leaf(&labels::CONTEXT, case.context);
    let tokens = decode::tokens(tape, case, streams);
    let matrices = decode::linear_flop(tape, case, tokens);
    let attention = decode::attention_flop(tape, case, (tokens, context));
    let bytes = tape.step(&STEP_BYTES, [weights_read, cache_read]);
    let intensity = tape.step(&INTENSITY, [matrices, attention, bytes]);
    let one = tape.leaf(&labels::STREAMS, Sourced { value: 1.0, ..case.streams });
    let alone = decode::reach(tape, case, one);
    let kept = tape.leaf(&labels::BATCH_BANDWIDTH, case.batch_bandwidth);
    let read_reached = tape.step(&LARGE_BATCH_REACH, [alone, kept]);
    let params = tape.leaf(&labels::ACTIVE_PARAMS, case.active_params);
    let reached = tape.leaf(&labels::BATCH_EFFICIENCY, case.batch_efficiency);
    let rate = prefill::rate(tape, case)?;
    let crossover = tape.step(&CROSSOVER, [weights.all_read, read_reached, bandwidth, params, reached, rate]);
    Some(Roofline { balance, intensity, crossover })
}
