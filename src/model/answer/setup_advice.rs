//! Remarks on a set-up: where its weights are, the assumptions about link and host, and memory that pages or spills.

use super::{Answer, default_min_speed, is_card};
use crate::model::catalog::Catalog;
use crate::model::estimate::estimate;
use crate::model::estimate::figures::Band;
use crate::model::estimate::setup::OffloadKind;
use crate::model::estimate::verdict::PriceRange;
use crate::model::facts::{HostClass, HostSystem, SetupConstant, SetupParameter, Split};
use crate::model::scenario::{HostComputer, Scenario};
use crate::model::units::{Amount, Digits, GIB, Unit};

/// Share of a memory in use above which it counts as full: other programs could then make it page or spill.
const FULL: f64 = 0.97;

/// Returns remarks on the set-up of an answer, the most serious first.
pub(super) fn remarks(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(offloaded(answer));
    remarks.extend(prompt_over_the_slot(catalog, scenario, answer));
    remarks.extend(processor_alone(catalog, answer));
    remarks.extend(host_assumed(scenario, answer));
    if scenario.offload != OffloadKind::None && !is_card(&answer.machine) {
        remarks.push("nothing goes to another memory: the machine has one memory for all".to_owned());
    }
    remarks.extend(queued(answer));
    remarks.extend(shared_out(catalog, answer));
    remarks.extend(spill(answer));
    remarks
}

fn gib(bytes: f64) -> Amount {
    Amount::computed(bytes, Unit::MemoryBytes)
}

/// Returns a sentence on the users who wait; `None` if all run at once.
fn queued(answer: &Answer<'_>) -> Option<String> {
    let waiting = answer.waiting.filter(|waiting| waiting.waiting > 0.0)?;
    let count = |value| Amount::exact(value, Unit::Count);
    let rough = |value, unit| Amount::new(value, unit, Digits::Significant(2));
    let run = if waiting.running > 1.0 {
        format!("{} streams run", count(waiting.running))
    } else {
        "1 stream runs".to_owned()
    };
    let wait = count(waiting.waiting);
    let Some(times) = waiting.times else {
        return Some(format!("{run} at once and {wait} wait, for how long is not known, as its compute rate is not"));
    };
    Some(format!(
        "{run} at once and {wait} wait: first token after {} for half of the requests, {} for 95 of 100; a user's mean \
         rate is {}",
        rough(times.ttft_p50, Unit::Seconds),
        rough(times.ttft_p95, Unit::Seconds),
        rough(times.mean_rate, Unit::TokensPerSecond)
    ))
}

/// Returns sentences on the weights in the host's memory, and on the problems that they cause.
fn offloaded(answer: &Answer<'_>) -> Vec<String> {
    let Some((memory, host)) = answer.estimate.map(|estimate| estimate.memory).zip(answer.memory_host.as_ref()) else {
        return Vec::new();
    };
    let Some(plan) = memory.offload else { return Vec::new() };
    let mut said = Vec::new();
    let layers = Amount::exact(plan.layers, Unit::Count);
    let what = if plan.experts { format!("experts of {layers} layers") } else { format!("{layers} whole layers") };
    let needed = plan.host_bytes;
    said.push(format!("{what} lie in the host's memory: {} of {}", gib(needed), host.name));
    if !answer.runtime.weights_in_ram {
        said.push(format!("no measurement shows {} with weights in system memory", answer.runtime.name));
    }
    let most = answer.host_memory_bytes.unwrap_or(0.0);
    if needed > most {
        let gb = Amount::exact(libm::ceil((needed / GIB + 8.0) / 16.0) * 16.0, Unit::Count);
        said.push(format!(
            "the host's {} are too little, the weights would page from the disk at a few tokens per second; {gb} GB would do",
            gib(most)
        ));
    } else if needed > FULL * most {
        said.push(
            "the host's memory is full to the edge: with other programs running the weights page from the disk"
                .to_owned(),
        );
    } else if memory.weights > FULL * most {
        said.push(format!(
            "the file's {} are more than the host's free memory: where the runtime maps the file (mmap), its pages come \
             from the disk again and again; load it without",
            gib(memory.weights)
        ));
    }
    if !plan.experts && answer.model.moe.is_some() {
        said.push("whole layers take attention and caches to the processor: decode falls fast with context".to_owned());
    }
    said.extend(two_sockets(host));
    said
}

/// Returns the assumptions about a prefill with weights in the host's memory; `None` if there are none there.
fn prompt_over_the_slot(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    answer.estimate?.memory.offload?;
    let case = answer.case(catalog, scenario).ok()?;
    let tokens = Amount::exact(case.micro_batch.value, Unit::Count);
    Some(format!(
        "prefill is of micro-batches of {tokens} tokens and pinned memory: each reads the host's weights over the slot, so \
         larger ones are faster; pageable memory is 2 to 5 times slower"
    ))
}

/// Returns the problems of a computer that runs the model on its processor alone.
fn processor_alone(catalog: &Catalog, answer: &Answer<'_>) -> Vec<String> {
    let Some(host) = catalog.hosts.iter().find(|host| host.id == answer.machine.id) else { return Vec::new() };
    let memory = answer.estimate.map(|estimate| estimate.memory);
    let is_full = memory.is_some_and(|memory| memory.fits && memory.total > FULL * memory.usable);
    let full = is_full.then(|| {
        "the memory is full to the edge: with other programs running the weights page from the disk".to_owned()
    });
    full.into_iter().chain(two_sockets(host)).collect()
}

fn two_sockets(host: &HostSystem) -> Option<String> {
    (host.class == HostClass::TwoSockets)
        .then(|| "two sockets: without care for NUMA the speed is half or less".to_owned())
}

/// Returns the speed that offload would give, with its host, for a card that is too small while offload is off.
pub(super) fn offload_offer(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    let is_off = scenario.offload == OffloadKind::None && answer.refused.is_none();
    if !is_off || !is_card(&answer.machine) || !answer.runtime.weights_in_ram {
        return None;
    }
    let asked = Scenario { offload: OffloadKind::Auto, ..scenario.clone() };
    let given = scenario.host.has_memory();
    let hosts: Vec<HostComputer> = if given {
        vec![asked.host.clone()]
    } else {
        let named = |host: &HostSystem| HostComputer { id: Some(host.id.clone()), ..asked.host.clone() };
        catalog.hosts.iter().map(named).collect()
    };
    let with: Vec<WithHost> = hosts.into_iter().filter_map(|host| with_host(catalog, &asked, answer, host)).collect();
    let least = scenario.limits.min_tok_s.unwrap_or_else(|| default_min_speed(catalog));
    let speed = |with: &WithHost| with.each.map_or(0.0, |each| each.expected);
    let running = || with.iter().filter(|with| with.each.is_some());
    let cheapest = running().filter(|with| speed(with) >= least).min_by(|a, b| a.usd.total_cmp(&b.usd));
    let usual = scenario.host.system(catalog).ok()?;
    let is_usual = |with: &WithHost| given || with.host.id.as_ref() == Some(&usual.id);
    let largest = || with.iter().max_by(|a, b| a.memory_gb.total_cmp(&b.memory_gb));
    let best = cheapest
        .or_else(|| running().find(|with| is_usual(with)))
        .or_else(|| running().min_by(|a, b| a.usd.total_cmp(&b.usd)))
        .or_else(largest)?;
    let memory = Amount::exact(best.memory_gb, Unit::Count);
    let bytes = gib(best.bytes);
    let Some(each) = best.each else {
        return Some(format!(
            "with --offload auto {bytes} would lie in the computer's memory, more than {memory} GB ({})",
            best.name
        ));
    };
    let flag = best.host.id.as_ref().filter(|_| !is_usual(best)).map_or_else(String::new, |id| format!(" --host {id}"));
    let price = best.price.map_or_else(String::new, |price| format!("; {}", price.words()));
    let speed = Amount::new(each.expected, Unit::TokensPerSecond, each.digits());
    Some(format!(
        "with --offload auto{flag} it runs at {speed} per stream: {bytes} in {memory} GB of system memory ({}){price}",
        best.name
    ))
}

/// A card with a host whose memory takes the weights that do not fit the card.
struct WithHost {
    host: HostComputer,
    name: String,
    memory_gb: f64,
    /// Weights in the host's memory, bytes.
    bytes: f64,
    /// Expected speed of one stream; `None` if the memory of both is too small.
    each: Option<Band<f64>>,
    price: Option<PriceRange>,
    /// Price of the host, USD, by which hosts are compared.
    usd: f64,
}

fn with_host(catalog: &Catalog, asked: &Scenario, answer: &Answer<'_>, host: HostComputer) -> Option<WithHost> {
    let asked = Scenario { host: host.clone(), ..asked.clone() };
    let mut other = answer.clone();
    other.memory_host = Some(asked.host.system(catalog).ok()?.into());
    other.host = Some(super::host::parts(catalog, &asked.host).ok()?);
    let case = other.case(catalog, &asked).ok()?;
    let numbers = estimate(&case);
    let (plan, system) = (numbers.memory.offload?, other.memory_host.as_ref()?);
    Some(WithHost {
        host,
        name: system.name.clone(),
        memory_gb: system.memory_gb.value,
        bytes: plan.host_bytes,
        each: numbers.decode.speeds.map(|speeds| speeds.each),
        price: other.computer_price(),
        usd: other.host.map_or(f64::INFINITY, |parts| parts.usd.known.value),
    })
}

/// Returns the assumptions about the host, unless the scenario states all of it.
fn host_assumed(scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    let host = answer.memory_host.as_ref()?;
    let given = &scenario.host;
    if !given.has_memory() {
        let memory = Amount::exact(host.memory_gb.value, Unit::Count);
        return Some(format!("the host is assumed: {}, {memory} GB; name yours with --host", host.name));
    }
    (given.id.is_none() && (given.ram_gb.is_none() || given.ram_gbs.is_none() || given.cores.is_none())).then(|| {
        let cores = Amount::exact(host.cores.value, Unit::Count);
        let memory = Amount::exact(host.memory_gb.value, Unit::Count);
        let rate = Amount::exact(host.bandwidth_gbs.value, Unit::Count);
        format!("what is not given of the host is assumed: {memory} GB at {rate} GB/s, {cores} cores")
    })
}

/// Returns the split of the model over the devices, and the number of measurements behind it.
fn shared_out(catalog: &Catalog, answer: &Answer<'_>) -> Vec<String> {
    let Some((setup, split)) = &answer.setup else { return Vec::new() };
    let count = Amount::exact(setup.count(), Unit::Count);
    let named =
        if setup.spec.split.is_some() { "as named".to_owned() } else { format!("{}'s default", answer.runtime.name) };
    let layers = setup.layers_in_words(answer.model.layers);
    let mut said = vec![match split {
        Split::Layer => {
            format!(
                "split by layer ({named}): {count} devices share the layers ({layers}) over {}: memory adds, speed is that of one",
                setup.link.name
            )
        }
        Split::Pipeline => {
            format!(
                "split as a pipeline ({named}): {count} devices share the layers ({layers}) over {}, several batches under way",
                setup.link.name
            )
        }
        Split::Tensor => {
            format!("split by tensor ({named}): {count} devices share every layer over {}", setup.link.name)
        }
        Split::Replica => format!("replicas ({named}): {count} devices each hold the model: memory figures are of one"),
    }];
    said.extend(answer.other_split.as_ref().map(|other| other.words(answer)));
    let rows = |class: &str| {
        let band = SetupConstant::find(&catalog.setup_constants, SetupParameter::Band, class, &answer.runtime.id);
        band.map_or(0, |band| band.rows)
    };
    if rows(split.word()) < 10 {
        said.push(format!(
            "few measurements of {} set-ups stand behind the band: {}",
            split.word(),
            rows(split.word())
        ));
    }
    if !setup.is_even() {
        said.push("unequal devices: no measurement of this pair stands behind the band".to_owned());
    }
    said
}

/// Returns a warning for a full card, which on some systems spills over the bus without an error.
fn spill(answer: &Answer<'_>) -> Option<String> {
    let memory = answer.estimate.map(|estimate| estimate.memory)?;
    let here = memory.total - memory.offload.map_or(0.0, |plan| plan.host_bytes);
    let usable = memory.usable - answer.host_memory_bytes.unwrap_or(0.0);
    (memory.fits && memory.offload.is_none() && is_card(&answer.machine) && here > FULL * usable).then(|| {
        "the card is full to the edge: on Windows the driver spills over the bus, at a third of the speed and without an error"
            .to_owned()
    })
}
