//! Weights in system memory: the part that does not fit the device goes to the host, experts first.
//!
//! In decode the processor reads its part at the share of the memory's bandwidth that such hosts reach, or at the rate
//! of its cores if that is lower. In prefill the weights stream to the device once per micro-batch. A host without
//! enough memory is refused: paging to disk would be too slow for a useful speed.

use super::super::case::{Edges, EstimateInputs, Missing};
use super::super::formula::{
    CACHE_ROOM, CORES_RATE, EXPERT_LAYER, EXPERTS_OFF, HOST_BYTES, HOST_COMPUTE, HOST_FLOP, HOST_PREFILL, HOST_READ,
    HOST_SHARE, HOST_STEP, IN_TURN, LAYER_BYTES, LAYERS_OFF, LEFT_ON_DEVICE, MEMORY_MISSING, OFFLOAD_CEILING, RAM_RATE,
    SOFT_ROOFLINE, STREAM_TIME, TOGETHER,
};
use super::super::trace::{Sourced, Tape};
use super::super::weights::{self, WeightBytes};
use super::super::{labels, memory_fit};
use super::Constants;
use crate::model::facts::{HostSystem, Link, OffloadedPart, SetupParameter};
use crate::model::units::{GB, GIB};

/// The parts of a model that may go to system memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum OffloadKind {
    /// Nothing.
    #[default]
    None,
    /// Experts if the model has them and moving them is enough, else whole layers.
    Auto,
    /// Experts alone.
    Experts,
    /// Whole layers with their caches.
    Layers,
}

impl OffloadKind {
    /// All kinds, in the order shown.
    pub const ALL: [Self; 4] = [Self::None, Self::Auto, Self::Experts, Self::Layers];

    /// Returns the name of the kind.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Auto => "auto",
            Self::Experts => "experts",
            Self::Layers => "layers",
        }
    }
}

/// A host whose memory may take weights.
#[derive(Clone, Copy, Debug)]
pub struct Offload<'a> {
    /// The parts of the model that may go to the host.
    pub kind: OffloadKind,
    /// The host.
    pub host: &'a HostSystem,
    /// The slot of the card.
    pub slot: &'a Link,
    /// Memory that the operating system takes, GiB.
    pub system_gib: Sourced<'a>,
    /// The part on the host, if a measurement states it; otherwise the estimate chooses it.
    pub given: Option<OffloadedPart>,
}

/// The inputs that a host adds to an estimate, in base units.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the input of the same name")]
pub struct OffloadInputs<'a> {
    pub kind: OffloadKind,
    /// The number of layers on the host and true if only their experts are there, if a measurement states them.
    pub given: Option<(Sourced<'a>, bool)>,
    pub ram: Sourced<'a>,
    pub ram_rate: Sourced<'a>,
    pub ram_reach: Sourced<'a>,
    pub cores: Sourced<'a>,
    pub core_rate: Sourced<'a>,
    pub core_compute: Sourced<'a>,
    pub host_layer: Sourced<'a>,
    pub slot_rate: Sourced<'a>,
    pub stream_reach: Sourced<'a>,
    /// The band of an estimate in which the host reads weights.
    pub band: Edges<'a>,
}

impl<'a> OffloadInputs<'a> {
    pub(in super::super) fn new(offload: &Offload<'a>, constants: &Constants<'a>) -> Result<Self, Missing> {
        let Offload { kind, host, slot, system_gib, given } = *offload;
        let class = host.class.word();
        let memory = Sourced::fact(&host.memory_gb, &host.id, GIB);
        Ok(Self {
            kind,
            given: given.map(|part| match part {
                OffloadedPart::Experts(layers) => (Sourced { value: layers, ..memory }, true),
                OffloadedPart::Layers(layers) => (Sourced { value: layers, ..memory }, false),
            }),
            ram: Sourced { value: (memory.value - system_gib.value * GIB).max(0.0), ..memory },
            ram_rate: Sourced::fact(&host.bandwidth_gbs, &host.id, GB),
            ram_reach: constants.typical(SetupParameter::RamReach, class, 1.0)?,
            cores: Sourced::fact(&host.cores, &host.id, 1.0),
            core_rate: constants.typical(SetupParameter::CoreRate, class, GB)?,
            core_compute: constants.typical(SetupParameter::CoreCompute, class, 1e12)?,
            host_layer: constants.typical(SetupParameter::HostLayer, class, 1.0)?,
            slot_rate: Sourced::fact(&slot.gbs, &slot.id, GB),
            stream_reach: constants.typical(SetupParameter::StreamReach, slot.class.word(), 1.0)?,
            band: constants.band("offload")?,
        })
    }
}

/// The part of a model in system memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offloaded<N> {
    /// Number of layers that are there, either whole or with their experts only.
    pub layers: N,
    /// Bytes there: weights, and the caches of whole layers.
    pub host_bytes: N,
    /// True if only experts are there.
    pub experts: bool,
}

/// Returns the part that goes to the host so that the rest fits the device; `None` if none has to or none may.
pub(in super::super) fn plan<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
) -> Option<Offloaded<T::Num>> {
    let offload = case.offload.as_ref()?;
    let needed = memory_fit::needed(tape, case, weights);
    if let Some((layers, experts)) = offload.given {
        return given(tape, case, weights, (layers, experts, needed.kv));
    }
    let missing = tape.step(&MEMORY_MISSING, [needed.total, needed.usable]);
    if tape.value(missing) <= 0.0 {
        return None;
    }
    let experts = experts_off(tape, case, weights, missing);
    match (offload.kind, experts) {
        (OffloadKind::None, _) | (OffloadKind::Experts, None) => None,
        (OffloadKind::Experts, Some((plan, _))) | (OffloadKind::Auto, Some((plan, true))) => Some(plan),
        (OffloadKind::Auto | OffloadKind::Layers, _) => Some(layers_off(tape, case, weights, &needed, missing)),
    }
}

/// Returns the part that a measurement states to be on the host.
fn given<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (layers, experts, caches): (Sourced<'a>, bool, T::Num),
) -> Option<Offloaded<T::Num>> {
    if layers.value <= 0.0 {
        return None;
    }
    let each = if experts {
        let all = tape.leaf(&labels::MOE_LAYERS, case.experts.as_ref()?.layers);
        tape.step(&EXPERT_LAYER, [weights.experts?, all])
    } else {
        let all = tape.leaf(&labels::LAYERS, case.layers);
        tape.step(&LAYER_BYTES, [weights.in_layers, caches, all])
    };
    let layers = tape.leaf(&labels::HOST_LAYERS, layers);
    let host_bytes = tape.step(&HOST_BYTES, [layers, each]);
    Some(Offloaded { layers, host_bytes, experts })
}

/// Returns the experts of as few layers as make room, and true if they make enough; `None` if the model has no experts.
fn experts_off<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    missing: T::Num,
) -> Option<(Offloaded<T::Num>, bool)> {
    let layers = tape.leaf(&labels::MOE_LAYERS, case.experts.as_ref()?.layers);
    let bytes = weights.experts?;
    let each = tape.step(&EXPERT_LAYER, [bytes, layers]);
    let off = tape.step(&EXPERTS_OFF, [missing, each, layers]);
    let host_bytes = tape.step(&HOST_BYTES, [off, each]);
    let enough = tape.value(host_bytes) >= tape.value(missing);
    Some((Offloaded { layers: off, host_bytes, experts: true }, enough))
}

/// Returns as few whole layers as make room; their caches go with them.
fn layers_off<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    needed: &memory_fit::Needed<T::Num>,
    missing: T::Num,
) -> Offloaded<T::Num> {
    let layers = tape.leaf(&labels::LAYERS, case.layers);
    let each = tape.step(&LAYER_BYTES, [weights.in_layers, needed.kv, layers]);
    let off = tape.step(&LAYERS_OFF, [missing, each, layers]);
    let host_bytes = tape.step(&HOST_BYTES, [off, each]);
    Offloaded { layers: off, host_bytes, experts: false }
}

/// Returns the usable memory of device and host together; that of the device if nothing may go to the host.
pub(in super::super) fn together<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, usable: T::Num) -> T::Num {
    let Some(offload) = case.offload.as_ref().filter(|offload| offload.kind != OffloadKind::None) else {
        return usable;
    };
    let ram = tape.leaf(&labels::HOST_MEMORY, offload.ram);
    tape.step(&TOGETHER, [usable, ram])
}

/// Returns the room for caches, which is on the device alone if only experts may go to the host.
pub(in super::super) fn device_room<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (room, overhead): (T::Num, T::Num),
) -> T::Num {
    let experts = case.offload.as_ref().filter(|offload| offload.kind == OffloadKind::Experts).and(weights.experts);
    let Some(experts) = experts else { return room };
    let usable = tape.leaf(&labels::USABLE, case.usable);
    let others = tape.step(&LEFT_ON_DEVICE, [weights.resident, experts]);
    let here = tape.step(&CACHE_ROOM, [usable, others, overhead]);
    tape.smaller(room, here)
}

/// Returns true if the host has room for the part and the device has room for the rest.
pub(in super::super) fn has_room<'a, T: Tape<'a>>(
    tape: &T,
    case: &EstimateInputs<'a>,
    plan: &Offloaded<T::Num>,
    missing: f64,
) -> bool {
    let host = tape.value(plan.host_bytes);
    case.offload.as_ref().is_some_and(|offload| host <= offload.ram.value) && host >= missing
}

/// The host's part of a decode step.
pub(in super::super) struct HostPart<N> {
    /// Bytes that the host reads per step.
    pub read: N,
    /// Bytes that are left to the device.
    pub left: N,
    /// Time on the host, seconds.
    pub time: N,
}

/// Computes the host's part of a step of `tokens` tokens; `None` if the host reads nothing.
pub(in super::super) fn host_part<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (weights_read, tokens): (T::Num, T::Num),
) -> Option<HostPart<T::Num>> {
    let offload = case.offload.as_ref()?;
    let plan = plan(tape, case, weights)?;
    let (part, layers) = if plan.experts {
        let experts = case.experts.as_ref()?;
        (weights::experts_read(tape, case, weights, tokens)?, tape.leaf(&labels::MOE_LAYERS, experts.layers))
    } else {
        (weights_read, tape.leaf(&labels::LAYERS, case.layers))
    };
    let read = tape.step(&HOST_READ, [part, plan.layers, layers]);
    let left = tape.step(&LEFT_ON_DEVICE, [weights_read, read]);
    let rate = ram_rate(tape, offload);
    let share = tape.step(&HOST_SHARE, [read, weights_read]);
    let flop = super::super::decode::linear_flop(tape, case, tokens);
    let flop = tape.step(&HOST_FLOP, [flop, share]);
    let cores = tape.leaf(&labels::CORES, offload.cores);
    let compute = tape.leaf(&labels::CORE_COMPUTE, offload.core_compute);
    let compute = tape.step(&HOST_COMPUTE, [flop, cores, compute]);
    let reading = tape.step(&STREAM_TIME, [read, rate]);
    let work = tape.step(&SOFT_ROOFLINE, [reading, compute]);
    let each = tape.leaf(&labels::HOST_LAYER_TIME, offload.host_layer);
    let time = tape.step(&HOST_STEP, [work, plan.layers, each]);
    Some(HostPart { read, left, time })
}

/// Returns the rate at which the processor reads weights: that of the memory, or of its cores if that is lower.
fn ram_rate<'a, T: Tape<'a>>(tape: &mut T, offload: &OffloadInputs<'a>) -> T::Num {
    let rate = tape.leaf(&labels::HOST_RATE, offload.ram_rate);
    let reach = tape.leaf(&labels::RAM_REACH, offload.ram_reach);
    let memory = tape.step(&RAM_RATE, [reach, rate]);
    let cores = tape.leaf(&labels::CORES, offload.cores);
    let each = tape.leaf(&labels::CORE_RATE, offload.core_rate);
    let cores = tape.step(&CORES_RATE, [cores, each]);
    tape.smaller(memory, cores)
}

/// Returns the ceiling if the host reads a part: both memories at their specified bandwidth, one after the other.
pub(in super::super) fn ceiling<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    host_read: Option<T::Num>,
    (bandwidth, bytes): (T::Num, T::Num),
) -> Option<T::Num> {
    let (offload, host_read) = (case.offload.as_ref()?, host_read?);
    let rate = tape.leaf(&labels::HOST_RATE, offload.ram_rate);
    Some(tape.step(&OFFLOAD_CEILING, [bytes, host_read, bandwidth, rate]))
}

/// Returns the time of the work on a prompt: the host's weights stream to the device once per micro-batch, or the
/// processor multiplies by them if that is faster, as for a short prompt.
pub(in super::super) fn prefill<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (busy, prompt, micro_batches): (T::Num, T::Num, T::Num),
) -> T::Num {
    let Some(offload) = case.offload.as_ref() else { return busy };
    let Some(plan) = plan(tape, case, weights) else { return busy };
    let reach = tape.leaf(&labels::STREAM_REACH, offload.stream_reach);
    let slot = tape.leaf(&labels::SLOT_RATE, offload.slot_rate);
    let streamed = tape.step(&HOST_PREFILL, [micro_batches, plan.host_bytes, reach, slot, busy]);
    let Some(host) = host_part(tape, case, weights, (weights.all_read, prompt)) else { return streamed };
    let there = tape.step(&IN_TURN, [busy, host.time]);
    tape.smaller(streamed, there)
}
