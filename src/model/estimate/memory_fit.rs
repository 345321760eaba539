//! The memory of a case: what it needs, whether that fits, and the streams and context that would fit.
//!
//! The memory needed is the weights, one cache and state per stream, the runtime and activations. It is compared with
//! the usable GiB of the machine, never with the marketed "GB".

use super::case::EstimateInputs;
use super::figures::Memory;
use super::formula::{
    CACHE_ROOM, DRAFT_BYTES, KV_RESIDENT, MAX_CONTEXT, MAX_STREAMS, MEMORY_FREE, MEMORY_NEEDED, MEMORY_OVERHEAD,
    PAGED_TOKENS, STATE_RESIDENT, WITH_DRAFT,
};
use super::setup::{offload, split};
use super::trace::{Sourced, Tape};
use super::weights::WeightBytes;
use super::{kv_cache, labels};

/// Computes the memory figures of the case.
pub(super) fn memory<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
) -> Memory<T::Num> {
    let zero = Sourced { value: 0.0, ..case.layers };
    let Needed { kv_each, kv, state_each, state, overhead, total, usable, streams } = needed(tape, case, weights);
    let page = tape.leaf(&labels::PAGE, case.page);
    let none = tape.leaf(&labels::STATE_ELEMS, zero);
    let missing = tape.value(total) - tape.value(usable);
    let offload = offload::plan(tape, case, weights);
    let usable = offload::together(tape, case, usable);
    let free = tape.step(&MEMORY_FREE, [usable, total]);
    let room = tape.step(&CACHE_ROOM, [usable, weights.resident, overhead]);
    let room = offload::device_room(tape, case, weights, (room, overhead));
    let per_stream = tape.value(kv_each) + state_each.map_or(0.0, |each| tape.value(each));
    let max_streams = (per_stream > 0.0).then(|| {
        let one = tape.step(&MAX_STREAMS, [room, kv_each, state_each.unwrap_or(none)]);
        split::of_replicas(tape, case, one)
    });
    let max_context = max_context(tape, case, (room, state), (streams, page));
    let fits = match &offload {
        Some(plan) => offload::has_room(tape, case, plan, missing),
        None => missing <= 0.0,
    };
    let weights = weights.resident;
    Memory { weights, kv, state, overhead, total, usable, free, fits, max_streams, max_context, offload }
}

/// Bytes that a case needs, and bytes that the device offers.
pub(super) struct Needed<N> {
    /// Cache of one stream.
    pub kv_each: N,
    /// Caches of all streams in one memory.
    pub kv: N,
    /// State of one stream; `None` if the model has none.
    pub state_each: Option<N>,
    /// States of all streams in one memory; `None` if the model has none.
    pub state: Option<N>,
    /// Runtime, activations and draft weights.
    pub overhead: N,
    /// Sum of weights, caches, states and overhead.
    pub total: N,
    /// Memory that the device offers.
    pub usable: N,
    /// Streams in one memory.
    pub streams: N,
}

/// Computes the bytes that all streams need.
pub(super) fn needed<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
) -> Needed<T::Num> {
    let zero = Sourced { value: 0.0, ..case.layers };
    let streams = tape.leaf(&labels::STREAMS, case.streams);
    let streams = split::resident_streams(tape, case, streams);
    let context = tape.leaf(&labels::CONTEXT, case.context);
    let page = tape.leaf(&labels::PAGE, case.page);
    let reserved = tape.step(&PAGED_TOKENS, [context, page]);
    let kv_each = kv_cache::cache(tape, case, reserved);
    let kv_each = split::caches(tape, case, kv_each);
    let kv = tape.step(&KV_RESIDENT, [streams, kv_each]);
    let state_each = kv_cache::state(tape, case);
    let state = state_each.map(|each| tape.step(&STATE_RESIDENT, [streams, each]));
    let none = tape.leaf(&labels::STATE_ELEMS, zero);
    let one = overhead(tape, case, weights);
    let overhead = split::overhead(tape, case, one);
    let total = tape.step(&MEMORY_NEEDED, [weights.resident, kv, state.unwrap_or(none), overhead]);
    let usable = split::usable(tape, case, weights, one);
    Needed { kv_each, kv, state_each, state, overhead, total, usable, streams }
}

fn overhead<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, weights: &WeightBytes<T::Num>) -> T::Num {
    let inputs = [
        tape.leaf(&labels::RUNTIME_BYTES, case.runtime_bytes),
        tape.leaf(&labels::ACTIVATION_TOKENS, case.activation_tokens),
        tape.leaf(&labels::HIDDEN, case.hidden),
        tape.leaf(&labels::ACTIVATION_WIDTH, case.activation_width),
    ];
    let overhead = tape.step(&MEMORY_OVERHEAD, inputs);
    let Some(share) = case.speculation.as_ref().and_then(|speculation| speculation.weights) else { return overhead };
    let share = tape.leaf(&labels::DRAFT_WEIGHTS, share);
    let draft = tape.step(&DRAFT_BYTES, [weights.all_read, share]);
    tape.step(&WITH_DRAFT, [overhead, draft])
}

fn max_context<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    (room, state): (T::Num, Option<T::Num>),
    (streams, page): (T::Num, T::Num),
) -> T::Num {
    let zero = Sourced { value: 0.0, ..case.layers };
    let room = state.map_or(room, |state| tape.step(&MEMORY_FREE, [room, state]));
    let (elems, width) = case.window.as_ref().map_or((zero, zero), |window| (window.elems, window.tokens));
    let inputs = [
        room,
        streams,
        tape.leaf(&labels::KV_ELEMS, case.kv_elems),
        tape.leaf(&labels::WINDOW_ELEMS, elems),
        tape.leaf(&labels::WINDOW, width),
        tape.leaf(&labels::KV_BITS, case.kv_bits),
        tape.leaf(&labels::LONGEST, case.longest),
        page,
    ];
    tape.step(&MAX_CONTEXT, inputs)
}
