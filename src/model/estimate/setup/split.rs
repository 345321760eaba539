//! The split of a model over devices: streams per device, messages between devices, and memory lost to whole layers.
//!
//! Split by layers, a token crosses each boundary between devices once. Split by tensors, every layer ends in two sums
//! over all devices. A message takes a fixed time plus its bytes over the link's rate. Each replica serves a share of
//! the streams, and each stage of a pipeline works on a share of them at a time.

use super::super::case::{Edges, EstimateInputs, Missing, Subject};
use super::super::formula::{
    BOUNDARY_MESSAGES, CROSSED_STEP, DEVICE_ROOM, DEVICES_OVERHEAD, DEVICES_PREFILL, LAYER_WEIGHTS, MESSAGE_TIME,
    OF_DEVICES, PER_DEVICE, ROOM_SUM, SUM_MESSAGES, TENSOR_CACHE, TENSOR_PREFILL,
};
use super::super::labels;
use super::super::trace::{Plain, Sourced, Tape};
use super::super::weights::WeightBytes;
use super::{Constants, Device, Setup};
use crate::model::facts::{SetupParameter, Split};
use crate::model::units::{GB, GIB};

/// The inputs that a set-up adds to an estimate, in base units.
#[derive(Clone, Copy, Debug)]
pub struct SetupInputs<'a> {
    /// The split.
    pub split: Split,
    /// Number of devices.
    pub devices: Sourced<'a>,
    /// The devices.
    pub units: &'a [Device],
    /// Time of one message: a sum over all devices, or a transfer from one device to the next.
    pub message: Sourced<'a>,
    /// Rate of the link in one direction.
    pub link_rate: Sourced<'a>,
    /// Share of the rate that large messages reach.
    pub link_reach: Sourced<'a>,
    /// Exponent of the number of devices in the time of a prefill by layers.
    pub prefill_exponent: Sourced<'a>,
    /// Number of devices that keep a copy of each stream's cache: latents cannot be sliced by heads.
    pub cache_copies: Sourced<'a>,
    /// The band of an estimate of this kind of set-up.
    pub band: Edges<'a>,
}

impl<'a> SetupInputs<'a> {
    pub(in super::super) fn new(
        subject: &Subject<'a>,
        (setup, split): (&'a Setup, Split),
        constants: &Constants<'a>,
    ) -> Result<Self, Missing> {
        let class = setup.link.class.word();
        let message = if split == Split::Tensor { SetupParameter::AllReduce } else { SetupParameter::Boundary };
        let devices = Sourced::setting(setup.count(), "machines");
        let latent = split == Split::Tensor && subject.model.kv.mla.is_some();
        Ok(Self {
            split,
            devices,
            units: &setup.devices,
            message: constants.typical(message, class, 1.0)?,
            link_rate: Sourced::fact(&setup.link.gbs, &setup.link.id, GB),
            link_reach: constants.typical(SetupParameter::LinkReach, class, 1.0)?,
            prefill_exponent: constants.typical(SetupParameter::LayerPrefill, "", 1.0)?,
            band: constants.band(split.word())?,
            cache_copies: if latent { devices } else { Sourced { value: 1.0, ..devices } },
        })
    }

    fn shares_streams(&self) -> bool {
        matches!(self.split, Split::Replica | Split::Pipeline)
    }
}

/// Returns the number of streams that share a step: those of one replica or of one stage of a pipeline, else all.
pub(in super::super) fn batch<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, streams: T::Num) -> T::Num {
    let Some(setup) = case.setup.as_ref().filter(|setup| setup.shares_streams()) else { return streams };
    let devices = tape.leaf(&labels::DEVICES, setup.devices);
    tape.step(&PER_DEVICE, [streams, devices])
}

/// Returns the number of streams whose caches are in the same memory: those of one replica, else all.
pub(in super::super) fn resident_streams<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    streams: T::Num,
) -> T::Num {
    if case.setup.as_ref().is_some_and(|setup| setup.split == Split::Replica) {
        return batch(tape, case, streams);
    }
    streams
}

/// The messages of one token over the links of a set-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// Bytes over all links.
    pub bytes: f64,
    /// Time of the messages, seconds.
    pub seconds: f64,
}

/// Returns the messages of one token; `None` for a single device or for replicas. The bytes are computed as the time of
/// the same messages over a link of one byte per second that takes no fixed time per message.
#[must_use]
pub fn crossing(case: &EstimateInputs<'_>) -> Option<Crossing> {
    let setup = case.setup.filter(|setup| setup.split != Split::Replica)?;
    let known = |value: f64| Sourced { value, ..setup.link_rate };
    let plain = SetupInputs { message: known(0.0), link_rate: known(1.0), link_reach: known(1.0), ..setup };
    let bytes = crossed(&mut Plain, &EstimateInputs { setup: Some(plain), ..*case }, 0.0, 1.0);
    Some(Crossing { bytes, seconds: crossed(&mut Plain, case, 0.0, 1.0) })
}

/// Scales a number of one replica or stage of a pipeline to all of them.
pub(in super::super) fn of_all<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, one: T::Num) -> T::Num {
    let Some(setup) = case.setup.as_ref().filter(|setup| setup.shares_streams()) else { return one };
    let devices = tape.leaf(&labels::DEVICES, setup.devices);
    tape.step(&OF_DEVICES, [one, devices])
}

/// Scales the number of streams that fit one replica to all replicas.
pub(in super::super) fn of_replicas<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, one: T::Num) -> T::Num {
    let replicas = case.setup.as_ref().is_some_and(|setup| setup.split == Split::Replica);
    if replicas { of_all(tape, case, one) } else { one }
}

/// Returns the overhead of a step of `tokens` tokens with its messages.
pub(in super::super) fn crossed<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    overhead: T::Num,
    tokens: T::Num,
) -> T::Num {
    let Some(setup) = case.setup.as_ref().filter(|setup| setup.split != Split::Replica) else { return overhead };
    let message = message(tape, case, setup, tokens);
    let messages = match setup.split {
        Split::Tensor => {
            let layers = tape.leaf(&labels::LAYERS, case.layers);
            tape.step(&SUM_MESSAGES, [layers, message])
        }
        Split::Layer | Split::Pipeline | Split::Replica => {
            let devices = tape.leaf(&labels::DEVICES, setup.devices);
            tape.step(&BOUNDARY_MESSAGES, [devices, message])
        }
    };
    tape.step(&CROSSED_STEP, [overhead, messages])
}

fn message<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    setup: &SetupInputs<'a>,
    tokens: T::Num,
) -> T::Num {
    let inputs = [
        tape.leaf(&labels::MESSAGE_TIME, setup.message),
        tokens,
        tape.leaf(&labels::HIDDEN, case.hidden),
        tape.leaf(&labels::LINK_REACH, setup.link_reach),
        tape.leaf(&labels::LINK_RATE, setup.link_rate),
    ];
    tape.step(&MESSAGE_TIME, inputs)
}

/// Returns the time of the work on a prompt over the devices.
pub(in super::super) fn prefill<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    busy: T::Num,
    prompt: T::Num,
) -> T::Num {
    let Some(setup) = case.setup.as_ref() else { return busy };
    match setup.split {
        Split::Replica => busy,
        Split::Tensor => {
            let inputs = [
                busy,
                tape.leaf(&labels::LAYERS, case.layers),
                prompt,
                tape.leaf(&labels::HIDDEN, case.hidden),
                tape.leaf(&labels::LINK_REACH, setup.link_reach),
                tape.leaf(&labels::LINK_RATE, setup.link_rate),
            ];
            tape.step(&TENSOR_PREFILL, inputs)
        }
        Split::Layer | Split::Pipeline => {
            let devices = tape.leaf(&labels::DEVICES, setup.devices);
            let exponent = tape.leaf(&labels::PREFILL_EXPONENT, setup.prefill_exponent);
            tape.step(&DEVICES_PREFILL, [busy, devices, exponent])
        }
    }
}

/// Returns the runtime and activations of all devices that hold a part of the model.
pub(in super::super) fn overhead<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, one: T::Num) -> T::Num {
    let Some(setup) = case.setup.as_ref().filter(|setup| setup.split != Split::Replica) else { return one };
    let devices = tape.leaf(&labels::DEVICES, setup.devices);
    tape.step(&DEVICES_OVERHEAD, [one, devices])
}

/// Returns the cache of one stream, multiplied by the number of devices that keep a copy.
pub(in super::super) fn caches<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, each: T::Num) -> T::Num {
    let Some(setup) = case.setup.as_ref().filter(|setup| setup.cache_copies.value > 1.0) else { return each };
    let copies = tape.leaf(&labels::CACHE_COPIES, setup.cache_copies);
    tape.step(&TENSOR_CACHE, [each, copies])
}

/// Returns the usable memory. Split by layers, half a layer per device stays unused on average, because layers are
/// whole.
pub(in super::super) fn usable<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    overhead: T::Num,
) -> T::Num {
    let usable = tape.leaf(&labels::USABLE, case.usable);
    let by_layers = |setup: &&SetupInputs<'_>| matches!(setup.split, Split::Layer | Split::Pipeline);
    let Some(setup) = case.setup.as_ref().filter(by_layers) else { return usable };
    let layers = tape.leaf(&labels::LAYERS, case.layers);
    let layer = tape.step(&LAYER_WEIGHTS, [weights.resident, layers]);
    let mut sum: Option<T::Num> = None;
    for unit in setup.units {
        let count = tape.leaf(&labels::DEVICES, Sourced { value: unit.count, ..setup.devices });
        let usable = &unit.machine.usable_gib;
        let known = Sourced { basis: usable.basis, value: usable.value * GIB, ..case.usable };
        let one = tape.leaf(&labels::USABLE, known);
        let room = tape.step(&DEVICE_ROOM, [count, one, overhead, layer]);
        sum = Some(sum.map_or(room, |sum| tape.step(&ROOM_SUM, [sum, room])));
    }
    sum.unwrap_or(usable)
}
