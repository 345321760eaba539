//! Bytes of weights in memory, and bytes that a step reads.
//!
//! A step reads these once for any number of streams: attention, dense and shared matrices, routers, norms and
//! `lm_head` (the embedding matrix if tied). Of the experts it reads only those that a token of the step is routed to.
//! The embedding table is in memory, but a step reads only a few rows of it.

use super::case::{ClassBytes, EstimateInputs, Weights};
use super::formula::{CLASS_BYTES, EXPERTS_READ, EXPERTS_TOUCHED, IN_LAYERS, RESIDENT_WEIGHTS, WEIGHTS_READ};
use super::labels;
use super::trace::{Sourced, Tape};

/// Bytes of the weights.
#[derive(Clone, Copy, Debug)]
pub(super) struct WeightBytes<N> {
    /// All weights in memory.
    pub resident: N,
    /// All weights but the embedding table.
    pub all_read: N,
    /// Matrices that are neither experts nor `lm_head`, which each micro-batch of a prompt reads.
    pub dense_read: N,
    /// All experts; `None` if the model has none or the user gave the bytes.
    pub experts: Option<N>,
    /// `lm_head`; `None` if the user gave the bytes.
    pub head: Option<N>,
    /// Weights in layers, which a split or the host's memory takes layer by layer.
    pub in_layers: N,
    /// Bytes by tensor class, with all experts; `lm_head` is the embedding matrix if tied. `None` if the user gave the
    /// bytes.
    pub classes: Option<[N; 9]>,
}

const EXPERT_CLASS: usize = 4;
const HEAD_CLASS: usize = 7;
const EMBEDDING_CLASS: usize = 8;

/// Computes the bytes of the weights in memory.
pub(super) fn resident<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> WeightBytes<T::Num> {
    let zero = Sourced { value: 0.0, ..case.layers };
    match &case.weights {
        Weights::Given(bytes) => {
            let bytes = tape.leaf(&labels::READ_BYTES, *bytes);
            WeightBytes {
                resident: bytes,
                all_read: bytes,
                dense_read: bytes,
                experts: None,
                head: None,
                in_layers: bytes,
                classes: None,
            }
        }
        Weights::Classes(classes) => {
            let bytes: [T::Num; 9] = std::array::from_fn(|class| match classes[class] {
                ClassBytes::Exact(bytes) => tape.leaf(&labels::CLASS_BYTES[class], bytes),
                ClassBytes::Rule(params, bits) => {
                    let params = tape.leaf(&labels::CLASS_PARAMS[class], params);
                    let bits = tape.leaf(&labels::CLASS_BITS[class], bits);
                    tape.step(&CLASS_BYTES, [params, bits])
                }
                ClassBytes::None => tape.leaf(&labels::CLASS_BYTES[class], zero),
            });
            let resident = tape.step(&RESIDENT_WEIGHTS, bytes);
            let mut read = bytes;
            if matches!(classes[HEAD_CLASS], ClassBytes::None) {
                read[HEAD_CLASS] = read[EMBEDDING_CLASS];
            }
            let all_read = read_sum(tape, &read);
            let none = tape.leaf(&labels::CLASS_BYTES[EXPERT_CLASS], zero);
            let mut dense = read;
            (dense[EXPERT_CLASS], dense[HEAD_CLASS]) = (none, none);
            let dense_read = read_sum(tape, &dense);
            let experts = case.experts.as_ref().map(|_| read[EXPERT_CLASS]);
            let in_layers = tape.step(&IN_LAYERS, [resident, bytes[HEAD_CLASS], bytes[EMBEDDING_CLASS]]);
            let head = Some(read[HEAD_CLASS]);
            WeightBytes { resident, all_read, dense_read, experts, head, in_layers, classes: Some(read) }
        }
    }
}

/// Returns the bytes of weights that a step of `tokens` tokens reads.
pub(super) fn read<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    tokens: T::Num,
) -> T::Num {
    let (Some(mut classes), Some(experts)) = (weights.classes, experts_read(tape, case, weights, tokens)) else {
        return weights.all_read;
    };
    classes[EXPERT_CLASS] = experts;
    read_sum(tape, &classes)
}

/// Returns the bytes of experts that a step of `tokens` tokens reads; `None` if the model has none.
pub(super) fn experts_read<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    tokens: T::Num,
) -> Option<T::Num> {
    let (Some(classes), Some(experts)) = (weights.classes, &case.experts) else { return None };
    let total = tape.leaf(&labels::EXPERTS, experts.experts);
    let per_token = tape.leaf(&labels::PER_TOKEN, experts.per_token);
    // One token touches exactly k experts, whatever the exponent.
    let touched = if tape.value(tokens) <= 1.0 {
        per_token
    } else {
        let coverage = tape.leaf(&labels::COVERAGE, experts.coverage);
        tape.step(&EXPERTS_TOUCHED, [total, per_token, tokens, coverage])
    };
    Some(tape.step(&EXPERTS_READ, [classes[EXPERT_CLASS], touched, total]))
}

fn read_sum<'a, T: Tape<'a>>(tape: &mut T, classes: &[T::Num; 9]) -> T::Num {
    let [attention, linear, dense, shared, experts, router, norm, head, _] = *classes;
    tape.step(&WEIGHTS_READ, [attention, linear, dense, shared, experts, router, norm, head])
}
