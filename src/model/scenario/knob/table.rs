//! The table of knobs, one row each. Rows marked `slider` are sliders, in the order shown.

use crate::model::scenario::range::{
    ACCEPTANCE, CONCURRENCY, CONTEXT, DRAFT, MICRO_BATCH, REQUEST, SPEED, USD, USD_PER_UNIT, UTILISATION, WAIT, WATTS,
    YEARS,
};

use crate::model::scenario::Scenario;
use crate::model::units::Unit;

use super::count::{Auto, Count, Octaves};
use super::kind::{Choice, Flag, KnobKind, Limit, Place, Read, Stops, Write};
use super::{Knob, assumed, list, setups, share, size, storage};

const TOKENS: [&str; 2] = ["token", "tokens"];

/// Returns a choice whose ticks are its labelled stops.
const fn choice(read: Read, write: Write, stops: Stops, place: Place) -> KnobKind {
    KnobKind::Choice(Choice { read, write, stops, place, ticks: None, words: None, quantity: None })
}

/// Returns a choice of words that have no order, and so no stops.
const fn listed(read: Read, write: Write, words: Stops) -> KnobKind {
    KnobKind::Choice(Choice {
        read,
        write,
        stops: list::none,
        place: list::nowhere,
        ticks: None,
        words: Some(words),
        quantity: None,
    })
}

const fn octaves(before: &'static [u64], first: u64, last: u64) -> Octaves {
    Octaves { before, first, last }
}

macro_rules! limit {
    ($range:ident, $absent:literal, $($field:ident).+) => {
        KnobKind::Limit(Limit { get: |s| s.$($field).+, set: |s, value| s.$($field).+ = value, range: $range, absent: $absent })
    };
}

macro_rules! count {
    ($range:ident, $field:ident, $nouns:expr, $stops:expr, $ticks:expr) => {
        KnobKind::Count(Count {
            get: |s| s.$field,
            set: |s, value| s.$field = value,
            auto: None,
            range: $range,
            nouns: $nouns,
            stops: $stops,
            ticks: $ticks,
        })
    };
}

macro_rules! knobs {
    ($($kind:ident $id:literal $label:literal $help:literal $works:expr;)*) => {
        &[$(Knob { id: $id, label: $label, help: $help, slider: knobs!(@ $kind), kind: $works }),*]
    };
    (@ slider) => { true };
    (@ typed) => { false };
}

/// All knobs, sliders first in the order shown.
pub const KNOBS: &[Knob] = knobs! {
    slider "model" "Model size" "the model: a name, a size such as 70b, 120b/12b for 12B active of 120B, or 40 GB read per token"
        KnobKind::Choice(Choice {
            read: size::read, write: size::write, stops: size::stops, place: size::place, ticks: Some(size::models), words: Some(size::models),
            quantity: Some((Unit::Parameters, "")),
        });
    slider "format" "Weight format" "how weights are stored: a format's name, best for each machine's own, or auto"
        choice(storage::read_format, storage::write_format, storage::stops_format, storage::place_format);
    slider "sparsity" "Active share" "share of the parameters that work on one token: 5% or 0.05; 100% is a dense model"
        KnobKind::Choice(Choice {
            read: share::read, write: share::write, stops: share::stops, place: share::place, ticks: None, words: None,
            quantity: Some((Unit::Share, " active")),
        });
    slider "concurrency" "Streams" "streams served at once"
        count!(CONCURRENCY, concurrency, ["stream", "streams"], octaves(&[], 1, 1024), &[1, 4, 16, 64, 256, 1024]);
    slider "context" "Context" "tokens in each stream's cache while it decodes; 32k is 32,768"
        count!(CONTEXT, context, TOKENS, octaves(&[0, 512], 1024, 1 << 20), &[0, 1024, 8192, 65536, 1 << 20]);
    typed "prompt" "Prompt" "tokens of one request's prompt, for the wait and the served rate, or auto: half of the context, at least 512"
        KnobKind::Count(Count {
            get: Scenario::prompt_tokens,
            set: |s, value| s.prompt = Some(value),
            auto: Some(Auto { is_set: |s| s.prompt.is_none(), set: |s| s.prompt = None, rule: "half of the context" }),
            range: REQUEST,
            nouns: TOKENS,
            stops: octaves(&[], 128, 1 << 20),
            ticks: &[],
        });
    typed "cached" "Cached prefix" "tokens before the prompt that are in the cache already, for the wait"
        count!(CONTEXT, cached, TOKENS, octaves(&[0], 1024, 1 << 20), &[]);
    typed "generate" "Answer" "tokens of one request's answer, for the served rate"
        count!(REQUEST, generate, TOKENS, octaves(&[], 16, 1 << 17), &[]);
    typed "micro-batch" "Micro-batch" "tokens of a prompt that are computed at once (llama.cpp: -ub), or none for the runtime's default"
        KnobKind::Limit(Limit {
            get: |s| s.micro_batch.map(|tokens| tokens as f64),
            set: |s, value| s.micro_batch = value.map(|tokens| tokens.round() as u64),
            range: MICRO_BATCH,
            absent: "the runtime's default",
        });
    typed "kv-format" "Cache format" "how the key-value cache is stored"
        choice(storage::read_kv, storage::write_kv, storage::stops_kv, storage::place_kv);
    typed "runtime" "Runtime" "the software that runs the model: a name, machine=name pairs, or auto"
        choice(storage::read_runtime, storage::write_runtime, storage::stops_runtime, storage::place_runtime);
    typed "what-if" "What if" "a machine assumed to be different: machine.part=value, a copy: new-id.like=machine, or none"
        listed(assumed::read, assumed::write, assumed::words);
    typed "machines" "Machines" "the machines that are compared, with commas between"
        listed(list::read_machines, list::write_machines, list::machines);
    typed "price-level" "Price level" "which price of the range found counts: low, typical or high"
        choice(list::read_level, list::write_level, list::stops_level, list::place_level);
    typed "price-as-of" "Prices as of" "date of the prices: 2026, 2026-06, 2026-06-15, or none for now"
        choice(list::read_as_of, list::write_as_of, list::none, list::nowhere);
    typed "price" "Own prices" "your own price of a machine, beside those already set: machine=usd, or none"
        listed(list::read_prices, list::write_prices, list::machines);
    typed "offload" "Offload" "weights in the host's memory where the device is too small: none, auto, experts or layers"
        listed(setups::read_offload, setups::write_offload, setups::offloads);
    typed "host" "Host" "the computer around cards: a name, or ram=64,gbs=89.6,cores=16,pcie=5, or none"
        listed(setups::read_host, setups::write_host, setups::hosts);
    typed "draft-method" "Drafts" "the way in which tokens are drafted: a name, or none"
        listed(setups::read_draft, setups::write_draft, setups::drafts);
    typed "task" "Task" "the text that is written, for the share of drafts that is accepted: code, prose or mixed"
        listed(setups::read_task, setups::write_task, setups::tasks);
    typed "draft" "Drafted tokens" "tokens drafted per step by speculative decoding, or none"
        limit!(DRAFT, "off", speculation.draft);
    typed "acceptance" "Acceptance" "share of drafted tokens that the model accepts: 70% or 0.7, or none"
        limit!(ACCEPTANCE, "as the catalog has it", speculation.acceptance);
    typed "budget" "Budget" "most that a machine may cost, US dollars, or none"
        limit!(USD, "no limit", limits.budget_usd);
    typed "max-watts" "Most power" "most power while generating, watts, or none"
        limit!(WATTS, "no limit", limits.max_watts);
    typed "min-tok-s" "Least speed" "least speed of one stream, tokens per second, or none"
        limit!(SPEED, "no limit", limits.min_tok_s);
    typed "max-ttft" "Longest wait" "longest wait for the first token, seconds, or none"
        limit!(WAIT, "no limit", limits.max_ttft_s);
    typed "portable" "Portable" "whether it must be a laptop: yes or no"
        KnobKind::Flag(Flag { get: |s| s.limits.portable, set: |s, value| s.limits.portable = value });
    typed "needs" "Needs" "what the software must be able to do, with commas between, or none"
        listed(list::read_needs, list::write_needs, list::capabilities);
    typed "any-availability" "Withdrawn too" "whether machines that are no longer sold may win: yes or no"
        KnobKind::Flag(Flag { get: |s| s.limits.any_availability, set: |s, value| s.limits.any_availability = value });
    typed "experimental" "Experimental" "whether software that is experimental or contested on a machine may win: yes or no"
        KnobKind::Flag(Flag { get: |s| s.limits.experimental, set: |s, value| s.limits.experimental = value });
    typed "host-price" "Host price" "price of the computer around a bare card, US dollars, or none"
        limit!(USD, "card only", host.usd);
    typed "host-idle-watts" "Host idle" "power of that computer at idle, watts, or none"
        limit!(WATTS, "card only", host.idle_watts);
    typed "host-load-watts" "Host load" "power of that computer while the card generates, watts, or none"
        limit!(WATTS, "card only", host.load_watts);
    typed "tariff" "Electricity" "price of electricity, US dollars per kWh, or none"
        limit!(USD_PER_UNIT, "as the catalog has it", economics.tariff_usd_kwh);
    typed "years" "Years of use" "years that the machine is used, or none"
        limit!(YEARS, "as the catalog has it", economics.years);
    typed "utilisation" "Utilisation" "share of the time that it generates: 25% or 0.25, or none"
        limit!(UTILISATION, "as the catalog has it", economics.utilisation);
    typed "cloud" "Rented instead" "the rented machine that buying is compared with, or none"
        listed(list::read_cloud, list::write_cloud, list::machines);
};
