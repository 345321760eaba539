//! Replaying measured set-ups: the estimates of their conditions.
//!
//! A measured set-up states its devices, the part in system memory and the drafting; the estimate of the same is
//! compared with it. For drafting the speed-up is compared, not the speed.

use super::replay::{Predicted, Skipped, free};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::{EstimateInputs, Evidence, Load, Subject};
use crate::model::estimate::estimate;
use crate::model::estimate::formula::ACCEPTED_TOKENS;
use crate::model::estimate::setup::{Device, Offload, OffloadKind, Setup};
use crate::model::estimate::trace::Sourced;
use crate::model::facts::{
    Fact, HostClass, HostSystem, Machine, Runtime, SetupConstant, SetupKind, SetupMeasurement, SetupSpec, Sources,
    Split, Task, Test,
};

/// Tokens in the cache if a source does not state them, as for a short question.
const UNSTATED_PROMPT: f64 = 512.0;
/// Generated tokens if a benchmark does not state them.
const UNSTATED_GENERATE: f64 = 128.0;
/// Tokens of prompt and answer if a benchmark of many streams does not state them.
const MANY_STREAMS_TOKENS: f64 = 1000.0;

/// Returns the test that a measurement belongs to, as tables name it.
#[must_use]
pub fn test(row: &SetupMeasurement) -> String {
    match row.test {
        Test::Decode => row.kind.word().to_owned(),
        Test::Prefill => format!("{} prefill", row.kind.word()),
        Test::Aggregate => format!("{} aggregate", row.kind.word()),
    }
}

/// Returns the estimate of a measured set-up, with `constants` instead of the catalog's.
///
/// # Errors
/// [`Skipped`] if it cannot or must not be compared.
pub fn predicted(catalog: &Catalog, constants: &[SetupConstant], row: &SetupMeasurement) -> Result<Predicted, Skipped> {
    if row.suspect {
        return Err(Skipped::Suspect);
    }
    let unknown = |_| Skipped::UnknownName;
    let model = catalog.model(&row.model).map_err(|_| Skipped::NoArchitecture)?;
    let format = catalog.format(&row.format).map_err(unknown)?;
    let kv_format = catalog.kv_format("kv-f16").map_err(unknown)?;
    let runtime = runtime(catalog, &row.runtime).ok_or(Skipped::UnknownName)?;
    let host = host(catalog, row)?;
    let (setup, machine) = machine(catalog, row, runtime, host.as_ref())?;
    let slot = host.as_ref().and_then(|host| catalog.link(&host.slot).ok());
    let offload = (row.kind == SetupKind::Offload || row.off.is_some()).then(|| {
        let (host, slot) = host.as_ref().zip(slot).ok_or(Skipped::UnstatedOffload)?;
        let given = Some(row.off.ok_or(Skipped::UnstatedOffload)?);
        let system_gib = Sourced::setting(0.0, "host");
        Ok(Offload { kind: OffloadKind::Auto, host, slot, system_gib, given })
    });
    let subject = Subject {
        machine: &machine,
        model,
        read_bytes: None,
        format,
        runtime,
        kv_format,
        setup: setup.as_ref().map(|(setup, split)| (setup, *split)),
        offload: offload.transpose()?,
        draft: (row.kind == SetupKind::Draft).then(|| catalog.draft("mtp").ok()).flatten(),
        engine: (row.runtime != runtime.id).then_some(row.runtime.as_str()),
        processor: host.as_ref().filter(|_| row.kind == SetupKind::Cpu),
        kernel: None,
    };
    let evidence = Evidence { efficiency: &catalog.efficiency, assumptions: &catalog.assumptions, setups: constants };
    let inputs = |load: &Load| {
        let mut inputs =
            EstimateInputs::new(&subject, load, free(), &evidence, true).map_err(|_| Skipped::UnknownName)?;
        inputs.usable.value = f64::MAX;
        if let Some(offload) = inputs.offload.as_mut() {
            offload.ram.value = f64::MAX;
        }
        if let Some(setup) = inputs.setup.as_mut() {
            setup.units = &[];
        }
        Ok(inputs)
    };
    let load = load(row);
    if row.kind == SetupKind::Draft { drafted(row, &load, inputs) } else { observed(row, &inputs(&load)?) }
}

/// Returns the estimated figure that corresponds to a measurement.
fn observed(row: &SetupMeasurement, inputs: &EstimateInputs<'_>) -> Result<Predicted, Skipped> {
    let numbers = estimate(inputs);
    let speeds = numbers.decode.speeds;
    let band = match row.test {
        Test::Decode => speeds.map(|speeds| speeds.each),
        Test::Prefill => numbers.prefill.map(|prefill| prefill.speed),
        Test::Aggregate => numbers.served.or(speeds.map(|speeds| speeds.aggregate)),
    };
    let band = band.ok_or(Skipped::UnknownName)?;
    Ok(Predicted { low: band.low, expected: band.expected, high: band.high })
}

/// Returns the measured speed without drafting times the estimated speed-up.
fn drafted<'a>(
    row: &SetupMeasurement,
    load: &Load,
    inputs: impl Fn(&Load) -> Result<EstimateInputs<'a>, Skipped>,
) -> Result<Predicted, Skipped> {
    let (baseline, drafted) = row.baseline_tok_s.zip(row.drafted).ok_or(Skipped::NoBaseline)?;
    let plain = inputs(load)?;
    let acceptance = row.accepted_per_step.map(|gained| acceptance(drafted, gained));
    let with = inputs(&Load { drafted, acceptance, ..*load })?;
    let (with, plain) = (observed(row, &with)?, observed(row, &plain)?);
    let scale = baseline / plain.expected;
    Ok(Predicted { low: with.low * scale, expected: with.expected * scale, high: with.high * scale })
}

/// Returns the acceptance rate of drafted tokens that gives `gained` tokens per step.
fn acceptance(drafted: f64, gained: f64) -> f64 {
    let (mut low, mut high) = (0.01, 0.99);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if (ACCEPTED_TOKENS.eval)([middle, drafted]) < gained {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

fn load(row: &SetupMeasurement) -> Load {
    let several = row.concurrency > 1.0;
    let unstated = if several { MANY_STREAMS_TOKENS } else { UNSTATED_PROMPT };
    let prompt = row.prompt.filter(|prompt| *prompt > 0.0).unwrap_or(unstated);
    let generate = if several { MANY_STREAMS_TOKENS } else { UNSTATED_GENERATE };
    Load {
        concurrency: row.concurrency,
        context: prompt + generate / 2.0,
        prompt,
        cached: 0.0,
        generate,
        drafted: 0.0,
        acceptance: None,
        task: Task::Mixed,
        micro_batch: None,
    }
}

/// Returns the runtime with this id, or the one whose id is part of the name of a fork.
fn runtime<'c>(catalog: &'c Catalog, name: &str) -> Option<&'c Runtime> {
    let name = name.to_lowercase();
    let exact = catalog.runtimes.iter().find(|runtime| runtime.id == name);
    exact.or_else(|| catalog.runtimes.iter().find(|runtime| name.contains(&runtime.id)))
}

/// Returns the host of the class that the row names, with the row's memory bandwidth and cores.
fn host(catalog: &Catalog, row: &SetupMeasurement) -> Result<Option<HostSystem>, Skipped> {
    let Some((class, gbs, cores)) = row.ram else { return Ok(None) };
    let like = catalog.hosts.iter().find(|host| host.class == class).ok_or(Skipped::UnknownName)?;
    let slot = if class == HostClass::OneChannel { "pcie3-x16" } else { like.slot.as_str() };
    Ok(Some(HostSystem {
        bandwidth_gbs: Fact::assumed(gbs, "measured set-up"),
        cores: Fact::assumed(cores, "measured set-up"),
        slot: slot.to_owned(),
        ..like.clone()
    }))
}

/// Returns the machine of a row: a set-up, a device of the catalog, a device known by its bandwidth only, or a
/// processor.
fn machine(
    catalog: &Catalog,
    row: &SetupMeasurement,
    runtime: &Runtime,
    host: Option<&HostSystem>,
) -> Result<(Option<(Setup, Split)>, Machine), Skipped> {
    let unknown = |_| Skipped::UnknownName;
    if row.kind == SetupKind::Cpu {
        let host = host.ok_or(Skipped::UnknownName)?;
        let core = catalog.assumption("core_prefill_tflops").map_or(0.0, |entry| entry.fact.value);
        return Ok((None, host.machine(0.0, core)));
    }
    if let Some(gbs) = row.device_gbs {
        let like = catalog.machine("rtx-3090").map_err(unknown)?;
        let bandwidth_gbs = Fact::assumed(gbs, "measured set-up");
        let rates = Machine { fp16_tflops: None, inference_tflops: None, ..like.clone() };
        return Ok((
            None,
            Machine { bandwidth_gbs, family: "unlisted".to_owned(), source: Sources::default(), ..rates },
        ));
    }
    if !SetupSpec::is_written(&row.machine) {
        return Ok((None, catalog.machine(&row.machine).map_err(unknown)?.clone()));
    }
    let spec: SetupSpec = row.machine.parse().map_err(|_| Skipped::UnknownName)?;
    let device = |unit: &crate::model::facts::SetupUnit| {
        let machine = catalog.machine(&unit.machine).map_err(unknown)?.clone();
        Ok(Device { machine, count: f64::from(unit.count) })
    };
    let devices = spec.units.iter().map(device).collect::<Result<_, Skipped>>()?;
    let setup = Setup::new(catalog, spec, devices).map_err(unknown)?;
    let split = setup.split_with(runtime);
    let machine = setup.machine(split);
    Ok((Some((setup, split)), machine))
}
